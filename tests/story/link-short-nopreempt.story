# nopreempt with the lower priority: A took over when B was gone, B is back and waits. A short loss of A's link moves
# nothing; a long one gives the address to B, which keeps it.

node a b
  interface eth0
  instance VI_1 vrid 51 nopreempt
  address 192.0.2.100/24
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 80
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 100

at 0 start a
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 80
>    3.687 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.687 a  first advert, priority 80
>    3.687 a  + 192.0.2.100/24 dev eth0
>    3.687 a  announce x5
>    3.687 a  notify MASTER 80
at 5 start b
>    5.000 b  - 192.0.2.100/24 dev eth0
>    5.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>    5.000 b  notify BACKUP 100
>    5.687 b  (VI_1) master set to 192.0.2.1 with priority 80
>    8.687 a  announce x5
at 10.3 link a eth0 down
>   10.300 a  (VI_1) fault: the interface is down or has no carrier (eth0)
>   10.300 a  (VI_1) Entering FAULT STATE: the host became unfit
>   10.300 a  notify FAULT 80
>   10.300 a  announce no more
>   10.300 a  - 192.0.2.100/24 dev eth0
at 12.2 link a eth0 up
>   12.200 a  (VI_1) no longer: the interface is down or has no carrier
>   12.200 a  (VI_1) Entering MASTER STATE: its link is back before a peer can have taken over
>   12.200 a  first advert, priority 80
>   12.200 a  + 192.0.2.100/24 dev eth0
>   12.200 a  announce x5
>   12.200 a  notify MASTER 80
wait 7.4
>   17.200 a  announce x5
show
>   19.600 a  (VI_1) is MASTER with priority 80, holds 192.0.2.100/24
>   19.600 b  (VI_1) is BACKUP with priority 100, follows 192.0.2.1 with 80, waits until 22.809
at 20.3 link a eth0 down
>   20.300 a  (VI_1) fault: the interface is down or has no carrier (eth0)
>   20.300 a  (VI_1) Entering FAULT STATE: the host became unfit
>   20.300 a  notify FAULT 80
>   20.300 a  announce no more
>   20.300 a  - 192.0.2.100/24 dev eth0
>   23.809 b  (VI_1) Entering MASTER STATE: no master was heard for 3.60 s, the last was 192.0.2.1 with priority 80
>   23.809 b  first advert, priority 100
>   23.809 b  + 192.0.2.100/24 dev eth0
>   23.809 b  announce x5
>   23.809 b  notify MASTER 100
at 25 link a eth0 up
>   25.000 a  (VI_1) no longer: the interface is down or has no carrier
>   25.000 a  (VI_1) Entering BACKUP STATE: the last fault is gone
>   25.000 a  notify BACKUP 80
wait 5
>   25.809 a  (VI_1) master set to 192.0.2.2 with priority 100
>   28.809 b  announce x5
show
>   30.000 a  (VI_1) is BACKUP with priority 80, follows 192.0.2.2 with 100, waits until 33.497
>   30.000 b  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
