# A lower advert is answered with the announcements that are meant for it: two at once, two more after 3 s. The second
# burst of the takeover that was still to come gives way to them.

node a
  interface eth0 192.0.2.1
  instance VI_1 vrid 51 priority 100 garp_lower_prio_repeat 2 garp_lower_prio_delay 3
  address 192.0.2.100/24

at 0 start a
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 100
>    3.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.609 a  first advert, priority 100
>    3.609 a  + 192.0.2.100/24 dev eth0
>    3.609 a  announce x5
>    3.609 a  notify MASTER 100
at 5 forge a from 192.0.2.9 priority 50
>    5.000 a  (VI_1) Received advert from 192.0.2.9 with lower priority 50, ours 100, forcing new election
>    5.000 a  advert at once, priority 100
>    5.000 a  announce x2
>    5.000 a  notify RX_LOWER 100
wait 8
>    8.000 a  announce x2
# None at all, not even one at once.
at 15 reload a
  instance VI_1 garp_lower_prio_repeat 0 garp_lower_prio_delay 0
>   15.000 a  (VI_1) keeps state MASTER over the reload
at 16 forge a from 192.0.2.9 priority 50
>   16.000 a  advert at once, priority 100
>   16.000 a  notify RX_LOWER 100
wait 8
