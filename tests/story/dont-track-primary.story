# dont_track_primary: a link that is down is no fault, so the master stays master alone; B is master as well, and
# when the link is back one of them is left. That the interface does not exist remains a fault.

node a b
  interface eth0
  instance VI_1 vrid 51
  address 192.0.2.100/24
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 100 dont_track_primary
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
>    8.609 a  announce x5
at 10 link a eth0 down
>   13.296 b  (VI_1) Entering MASTER STATE: no master was heard for 3.68 s, the last was 192.0.2.1 with priority 100
>   13.296 b  first advert, priority 80
>   13.296 b  + 192.0.2.100/24 dev eth0
>   13.296 b  announce x5
>   13.296 b  notify MASTER 80
>   18.296 b  announce x5
at 20 link a eth0 up
>   20.297 a  (VI_1) Received advert from 192.0.2.2 with lower priority 80, ours 100, forcing new election
>   20.297 a  advert at once, priority 100
>   20.297 a  announce x5
>   20.297 a  notify RX_LOWER 100
>   20.297 b  (VI_1) Master received advert from 192.0.2.1 with higher priority 100, ours 80
>   20.297 b  advert at once, priority 80
>   20.297 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.1 with priority 100, ours is 80)
>   20.297 b  announce no more
>   20.297 b  - 192.0.2.100/24 dev eth0
>   20.297 b  notify BACKUP 80
>   20.397 a  announce x5
>   25.397 a  announce x5
at 30 gone a eth0
>   30.000 a  (VI_1) fault: the interface has no address to send adverts from (eth0)
>   30.000 a  (VI_1) Entering FAULT STATE: the host became unfit
>   30.000 a  notify FAULT 100
>   30.000 a  announce no more
>   30.000 a  - 192.0.2.100/24 dev eth0
>   30.000 a  (VI_1) fault: the interface does not exist (eth0)
>   30.000 a  (VI_1) no longer: the interface has no address to send adverts from
>   32.984 b  (VI_1) Entering MASTER STATE: no master was heard for 3.68 s, the last was 192.0.2.1 with priority 100
>   32.984 b  first advert, priority 80
>   32.984 b  + 192.0.2.100/24 dev eth0
>   32.984 b  announce x5
>   32.984 b  notify MASTER 80
at 35 show
>   35.000 a  (VI_1) is FAULT with priority 100, interface-missing
>   35.000 b  (VI_1) is MASTER with priority 80, holds 192.0.2.100/24
