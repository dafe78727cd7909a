# VRRPv3: the backup learns the interval of its master. A advertises every 0.5 s; B's own 2 s count for nothing
# while it follows A: (3 + (256 - 80) / 256) * 0.5 s = 1.843 s. As master B uses its own again, and so does
# A, which is a backup then: 3.687 * 2 s and 3.609 * 2 s.

node a b
  interface eth0
  instance VI_1 vrid 51 version 3
  address 192.0.2.100/24
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 100 advert_int 0.5 nopreempt
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 80 advert_int 2

at 0 start a b
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 100
>    0.000 b  - 192.0.2.100/24 dev eth0
>    0.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 b  notify BACKUP 80
>    1.804 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    1.804 a  first advert, priority 100
>    1.804 a  + 192.0.2.100/24 dev eth0
>    1.804 a  announce x5
>    1.804 a  notify MASTER 100
>    1.804 b  (VI_1) advertisement interval mismatch: 192.0.2.1 advertises every 500 ms, ours is 2000 ms
>    1.804 b  (VI_1) master set to 192.0.2.1 with priority 100
>    6.804 a  announce x5
at 10 show
>   10.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   10.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 11.648
at 10 crash a
>   11.648 b  (VI_1) Entering MASTER STATE: no master was heard for 1.84 s, the last was 192.0.2.1 with priority 100
>   11.648 b  first advert, priority 80
>   11.648 b  + 192.0.2.100/24 dev eth0
>   11.648 b  announce x5
>   11.648 b  notify MASTER 80
at 13 show b
>   13.000 b  (VI_1) is MASTER with priority 80, holds 192.0.2.100/24
>   16.648 b  announce x5
at 20 start a
>   20.000 a  - 192.0.2.100/24 dev eth0
>   20.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>   20.000 a  notify BACKUP 100
>   21.648 a  (VI_1) advertisement interval mismatch: 192.0.2.2 advertises every 2000 ms, ours is 500 ms
>   21.648 a  (VI_1) master set to 192.0.2.2 with priority 80
at 25 show a
>   25.000 a  (VI_1) is BACKUP with priority 100, follows 192.0.2.2 with 80, waits until 30.867
# After a fault the interval is A's own: 3.609 * 0.5 s.
at 30 link a eth0 down
>   30.000 a  (VI_1) fault: the interface is down or has no carrier (eth0)
>   30.000 a  (VI_1) Entering FAULT STATE: the host became unfit
>   30.000 a  notify FAULT 100
at 31 link a eth0 up
>   31.000 a  (VI_1) no longer: the interface is down or has no carrier
>   31.000 a  (VI_1) Entering BACKUP STATE: the last fault is gone
>   31.000 a  notify BACKUP 100
show a
>   31.000 a  (VI_1) is BACKUP with priority 100, waits until 32.804
wait 10
>   31.648 a  (VI_1) advertisement interval mismatch: 192.0.2.2 advertises every 2000 ms, ours is 500 ms
>   31.648 a  (VI_1) master set to 192.0.2.2 with priority 80
show
>   41.000 a  (VI_1) is BACKUP with priority 100, follows 192.0.2.2 with 80, waits until 46.867
>   41.000 b  (VI_1) is MASTER with priority 80, holds 192.0.2.100/24
