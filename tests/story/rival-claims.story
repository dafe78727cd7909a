# Somebody types the virtual address on a third host: A announces again, at most once a second and once more after the
# last claim, and tells the conflict once. It is over when nothing was heard for half a minute. A backup, a master that
# has just become one, and one that listens after a stall, say nothing.

node a b
  interface eth0
  instance VI_1 vrid 51
  address 192.0.2.100/24
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 100
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 80

at 0 start a b
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 100
>    0.000 b  - 192.0.2.100/24 dev eth0
>    0.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 b  notify BACKUP 80
>    3.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.609 a  first advert, priority 100
>    3.609 a  + 192.0.2.100/24 dev eth0
>    3.609 a  announce x5
>    3.609 a  notify MASTER 100
>    3.609 b  (VI_1) master set to 192.0.2.1 with priority 100
at 3.62 claim a 192.0.2.100
>    3.620 a  announce 192.0.2.100 x5
>    4.620 a  announce 192.0.2.100 x5
at 5 claim b 192.0.2.100
>    8.609 a  announce x5
at 10.0 claim a 192.0.2.100
>   10.000 a  announce 192.0.2.100 x5
>   10.000 a  (VI_1) conflict: another station (02:00:5e:10:00:66) claims 192.0.2.100
at 10.2 claim a 192.0.2.100
at 10.4 claim a 192.0.2.100
>   11.000 a  announce 192.0.2.100 x5
at 15.0 claim a 192.0.2.100
>   15.000 a  announce 192.0.2.100 x5
wait 40
>   16.000 a  announce 192.0.2.100 x5
>   45.000 a  (VI_1) no conflict any more: nothing heard of 192.0.2.100 (02:00:5e:10:00:66)
at 60 freeze a
>   63.296 b  (VI_1) Entering MASTER STATE: no master was heard for 3.68 s, the last was 192.0.2.1 with priority 100
>   63.296 b  first advert, priority 80
>   63.296 b  + 192.0.2.100/24 dev eth0
>   63.296 b  announce x5
>   63.296 b  notify MASTER 80
at 66 thaw a
>   66.000 a  (VI_1) late by 5.39 s: listening before anything is said
>   66.000 a  announce no more
>   66.000 a  (VI_1) Received advert from 192.0.2.2 with lower priority 80, ours 100, forcing new election
claim a 192.0.2.100
wait 5
>   66.100 a  announce x5
>   66.100 a  notify RX_LOWER 100
>   66.100 b  (VI_1) Master received advert from 192.0.2.1 with higher priority 100, ours 80
>   66.100 b  advert at once, priority 80
>   66.100 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.1 with priority 100, ours is 80)
>   66.100 b  announce no more
>   66.100 b  - 192.0.2.100/24 dev eth0
>   66.100 b  notify BACKUP 80
>   66.200 a  announce x5
>   71.200 a  announce x5
# A claim, and an advert that was refused a moment ago: that one is named at once, too.
at 110 forge a from 192.0.2.9 version 3
>  110.000 a  (VI_1) dropped an advert from 192.0.2.9: wrong VRRP version
at 110 claim a 192.0.2.100
>  110.000 a  announce 192.0.2.100 x5
>  110.000 a  (VI_1) conflict: another station (02:00:5e:10:00:66) claims 192.0.2.100
>  110.000 a  (VI_1) conflict: 192.0.2.9 advertises, too, and is not believed, so there may be two masters: wrong VRRP version
wait 1
>  111.000 a  announce 192.0.2.100 x5
