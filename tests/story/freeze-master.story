# The master's process stands still for 10 s (SIGSTOP, a suspended machine). B takes over. When A runs again it is
# still master by its own state, but it listens before it says anything: adverts of B wait in its socket. A moment
# later it takes the address back as by any preemption: two masters for less than an interval.

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
>    8.609 a  announce x5
at 10 freeze a
>   13.296 b  (VI_1) Entering MASTER STATE: no master was heard for 3.68 s, the last was 192.0.2.1 with priority 100
>   13.296 b  first advert, priority 80
>   13.296 b  + 192.0.2.100/24 dev eth0
>   13.296 b  announce x5
>   13.296 b  notify MASTER 80
>   18.296 b  announce x5
at 20 thaw a
>   20.000 a  (VI_1) late by 9.39 s: listening before anything is said
>   20.000 a  announce no more
>   20.000 a  (VI_1) Received advert from 192.0.2.2 with lower priority 80, ours 100, forcing new election
wait 5
>   20.100 a  announce x5
>   20.100 a  notify RX_LOWER 100
>   20.100 b  (VI_1) Master received advert from 192.0.2.1 with higher priority 100, ours 80
>   20.100 b  advert at once, priority 80
>   20.100 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.1 with priority 100, ours is 80)
>   20.100 b  announce no more
>   20.100 b  - 192.0.2.100/24 dev eth0
>   20.100 b  notify BACKUP 80
>   20.200 a  announce x5
show
>   25.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   25.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 27.787
