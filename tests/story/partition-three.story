# Three hosts; the network splits into A alone and B with C. B takes over on its side, C follows B. After
# healing A is the only master, and C follows A.

node a b c
  interface eth0
  instance VI_1 vrid 51
  address 192.0.2.100/24
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 100
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 90
node c
  interface eth0 192.0.2.3
  instance VI_1 priority 80

at 0 start a b c
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 100
>    0.000 b  - 192.0.2.100/24 dev eth0
>    0.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 b  notify BACKUP 90
>    0.000 c  - 192.0.2.100/24 dev eth0
>    0.000 c  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 c  notify BACKUP 80
>    3.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.609 a  first advert, priority 100
>    3.609 a  + 192.0.2.100/24 dev eth0
>    3.609 a  announce x5
>    3.609 a  notify MASTER 100
>    3.609 b  (VI_1) master set to 192.0.2.1 with priority 100
>    3.609 c  (VI_1) master set to 192.0.2.1 with priority 100
>    8.609 a  announce x5
at 10 split a b
at 10 split a c
>   13.257 b  (VI_1) Entering MASTER STATE: no master was heard for 3.64 s, the last was 192.0.2.1 with priority 100
>   13.257 b  first advert, priority 90
>   13.257 b  + 192.0.2.100/24 dev eth0
>   13.257 b  announce x5
>   13.257 b  notify MASTER 90
>   13.258 c  (VI_1) master set to 192.0.2.2 with priority 90
>   18.257 b  announce x5
at 20 show
>   20.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   20.000 b  (VI_1) is MASTER with priority 90, holds 192.0.2.100/24
>   20.000 c  (VI_1) is BACKUP with priority 80, follows 192.0.2.2 with 90, waits until 22.945
at 20.5 heal
wait 3
>   20.609 b  (VI_1) Master received advert from 192.0.2.1 with higher priority 100, ours 90
>   20.609 b  advert at once, priority 90
>   20.609 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.1 with priority 100, ours is 90)
>   20.609 b  announce no more
>   20.609 b  - 192.0.2.100/24 dev eth0
>   20.609 b  notify BACKUP 90
>   20.609 c  (VI_1) master set to 192.0.2.1 with priority 100
>   20.609 a  (VI_1) Received advert from 192.0.2.2 with lower priority 90, ours 100, forcing new election
>   20.609 a  advert at once, priority 100
>   20.609 a  announce x5
>   20.609 a  notify RX_LOWER 100
show
>   23.500 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   23.500 b  (VI_1) is BACKUP with priority 90, follows 192.0.2.1 with 100, waits until 26.258
>   23.500 c  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 26.297
