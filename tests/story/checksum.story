# VRRPv3 over IPv4 is summed in two ways, and both are accepted. Which one is sent is learnt from the master that is
# followed, never from a loser. A rival that goes on, as if it did not hear us, with the usual form brings that back.

node a
  interface eth0 192.0.2.1
  instance VI_1 vrid 51 version 3 priority 100
  address 192.0.2.100/24

at 0 start a
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 100
# A lower priority is discarded: nothing is learnt.
at 1 forge a from 192.0.2.6 priority 50 checksum message
>    1.000 a  (VI_1) received lower priority (50) advert from 192.0.2.6 - discarding
# This one is followed.
at 2 forge a from 192.0.2.7 priority 200 checksum message
>    2.000 a  (VI_1) adverts are summed as those of 192.0.2.7 are: the message alone (RFC 9568)
>    2.000 a  (VI_1) master set to 192.0.2.7 with priority 200
wait 9
>    5.609 a  (VI_1) Entering MASTER STATE: no master was heard for 3.60 s, the last was 192.0.2.7 with priority 200
>    5.609 a  first advert, priority 100
>    5.609 a  + 192.0.2.100/24 dev eth0
>    5.609 a  announce x5
>    5.609 a  notify MASTER 100
>   10.609 a  announce x5
# As a master: a loser teaches nothing, in either form, but for one that goes on with the pseudo-header.
at 11 forge a from 192.0.2.6 priority 50
>   11.000 a  (VI_1) Received advert from 192.0.2.6 with lower priority 50, ours 100, forcing new election
>   11.000 a  advert at once, priority 100
>   11.000 a  announce x5
>   11.000 a  notify RX_LOWER 100
wait 5
>   16.000 a  announce x5
at 17 forge a from 192.0.2.6 count 5 every 1 priority 50
>   17.000 a  advert at once, priority 100
>   17.000 a  announce x5
wait 6
>   18.000 a  advert at once, priority 100
>   18.000 a  announce x5
>   19.000 a  advert at once, priority 100
>   19.000 a  announce x5
>   20.000 a  (VI_1) conflict: 192.0.2.6 goes on advertising, as if it did not hear us
>   20.000 a  (VI_1) adverts are summed as those of 192.0.2.6 are: with the pseudo-header (RFC 5798)
>   20.000 a  advert at once, priority 100
>   20.000 a  announce x5
>   21.000 a  advert at once, priority 100
>   21.000 a  announce x5
>   21.000 a  notify RX_LOWER 100
at 24 forge a from 192.0.2.6 count 5 every 1 priority 50 checksum message
>   24.000 a  advert at once, priority 100
>   24.000 a  announce x5
wait 6
>   25.000 a  advert at once, priority 100
>   25.000 a  announce x5
>   26.000 a  advert at once, priority 100
>   26.000 a  announce x5
>   27.000 a  advert at once, priority 100
>   27.000 a  announce x5
>   28.000 a  advert at once, priority 100
>   28.000 a  announce x5
# A better master is followed: its form is used for the last words already.
at 31 forge a from 192.0.2.7 priority 200 checksum message
>   31.000 a  (VI_1) Master received advert from 192.0.2.7 with higher priority 200, ours 100
>   31.000 a  (VI_1) adverts are summed as those of 192.0.2.7 are: the message alone (RFC 9568)
>   31.000 a  advert at once, priority 100
>   31.000 a  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.7 with priority 200, ours is 100)
>   31.000 a  announce no more
>   31.000 a  - 192.0.2.100/24 dev eth0
>   31.000 a  notify BACKUP 100
wait 1
