# The primary address goes away: there is nothing to send from, so the master cannot even say that it leaves.
# mcast_src_ip is an address to send from, whatever the interface has; so B is not concerned by the same loss.

node a b
  interface eth0
  instance VI_1 vrid 51
  address 192.0.2.100/24
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 100
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 80 mcast_src_ip 192.0.2.22

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
>    8.609 a  announce x5
at 10 addr a eth0 none
>   10.000 a  (VI_1) fault: the interface has no address to send adverts from (eth0)
>   10.000 a  (VI_1) Entering FAULT STATE: the host became unfit
>   10.000 a  notify FAULT 100
>   10.000 a  announce no more
>   10.000 a  - 192.0.2.100/24 dev eth0
>   13.296 b  (VI_1) Entering MASTER STATE: no master was heard for 3.68 s, the last was 192.0.2.1 with priority 100
>   13.296 b  first advert, priority 80
>   13.296 b  + 192.0.2.100/24 dev eth0
>   13.296 b  announce x5
>   13.296 b  notify MASTER 80
>   18.296 b  announce x5
at 20 addr b eth0 none
at 21 show
>   21.000 a  (VI_1) is FAULT with priority 100, no-source-address; refused: not-running 8
>   21.000 b  (VI_1) is MASTER with priority 80, holds 192.0.2.100/24
at 22 addr a eth0 192.0.2.7
>   22.000 a  (VI_1) no longer: the interface has no address to send adverts from
>   22.000 a  (VI_1) Entering BACKUP STATE: the last fault is gone
>   22.000 a  notify BACKUP 100
wait 5
>   22.297 a  (VI_1) received lower priority (80) advert from 192.0.2.22 - discarding
>   25.609 a  (VI_1) Entering MASTER STATE: only lower priorities were heard
>   25.609 a  first advert, priority 100
>   25.609 a  + 192.0.2.100/24 dev eth0
>   25.609 a  announce x5
>   25.609 a  notify MASTER 100
>   25.609 b  (VI_1) Master received advert from 192.0.2.7 with higher priority 100, ours 80
>   25.609 b  advert at once, priority 80
>   25.609 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.7 with priority 100, ours is 80)
>   25.609 b  announce no more
>   25.609 b  - 192.0.2.100/24 dev eth0
>   25.609 b  notify BACKUP 80
show
>   27.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24; refused: not-running 9
>   27.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.7 with 100, waits until 30.296
