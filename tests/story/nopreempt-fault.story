# nopreempt after a fault: A loses its link, B takes over; when the link is back A stays backup although
# its priority is higher. It takes over when B stops.

node a b
  interface eth0
  instance VI_1 vrid 51 nopreempt
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
at 10 link a eth0 down
>   10.000 a  (VI_1) fault: the interface is down or has no carrier (eth0)
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
at 20 link a eth0 up
>   20.000 a  (VI_1) no longer: the interface is down or has no carrier
>   20.000 a  (VI_1) Entering BACKUP STATE: the last fault is gone
>   20.000 a  notify BACKUP 100
>   20.297 a  (VI_1) master set to 192.0.2.2 with priority 80
at 30 show
>   30.000 a  (VI_1) is BACKUP with priority 100, follows 192.0.2.2 with 80, waits until 32.906
>   30.000 b  (VI_1) is MASTER with priority 80, holds 192.0.2.100/24
at 31 stop b
>   31.000 b  (VI_1) Stopped in state MASTER: the daemon stops
>   31.000 b  notify STOP 80
>   31.000 b  sends priority 0
>   31.000 b  announce no more
>   31.000 b  - 192.0.2.100/24 dev eth0
wait 5
>   31.000 a  (VI_1) received priority 0 advertisement from 192.0.2.2: it leaves
>   31.609 a  (VI_1) Entering MASTER STATE: the master said that it leaves (192.0.2.2)
>   31.609 a  first advert, priority 100
>   31.609 a  + 192.0.2.100/24 dev eth0
>   31.609 a  announce x5
>   31.609 a  notify MASTER 100
show
>   36.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   36.000 b  (VI_1) is INIT with priority 80
