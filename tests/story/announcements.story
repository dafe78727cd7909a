# Announcements: five at once, five more after garp_master_delay, then one every garp_master_refresh. A second burst
# that is still to come is dropped with mastership.

node a b
  interface eth0
  instance VI_1 vrid 51
  address 192.0.2.100/24
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 100 garp_master_delay 2 garp_master_refresh 3 garp_master_refresh_repeat 2
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 80 garp_master_repeat 1 garp_master_delay 10

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
>    5.609 a  announce x5
>    8.609 a  announce x2
>   11.609 a  announce x2
>   14.609 a  announce x2
at 15 stop a
>   15.000 a  (VI_1) Stopped in state MASTER: the daemon stops
>   15.000 a  notify STOP 100
>   15.000 a  sends priority 0
>   15.000 a  announce no more
>   15.000 a  - 192.0.2.100/24 dev eth0
>   15.000 b  (VI_1) received priority 0 advertisement from 192.0.2.1: it leaves
>   15.687 b  (VI_1) Entering MASTER STATE: the master said that it leaves (192.0.2.1)
>   15.687 b  first advert, priority 80
>   15.687 b  + 192.0.2.100/24 dev eth0
>   15.687 b  announce x1
>   15.687 b  notify MASTER 80
at 20 start a
>   20.000 a  - 192.0.2.100/24 dev eth0
>   20.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>   20.000 a  notify BACKUP 100
wait 15
>   20.687 a  (VI_1) received lower priority (80) advert from 192.0.2.2 - discarding
>   23.609 a  (VI_1) Entering MASTER STATE: only lower priorities were heard
>   23.609 a  first advert, priority 100
>   23.609 a  + 192.0.2.100/24 dev eth0
>   23.609 a  announce x5
>   23.609 a  notify MASTER 100
>   23.609 b  (VI_1) Master received advert from 192.0.2.1 with higher priority 100, ours 80
>   23.609 b  advert at once, priority 80
>   23.609 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.1 with priority 100, ours is 80)
>   23.609 b  announce no more
>   23.609 b  - 192.0.2.100/24 dev eth0
>   23.609 b  notify BACKUP 80
>   25.609 a  announce x5
>   28.609 a  announce x2
>   31.609 a  announce x2
>   34.609 a  announce x2
