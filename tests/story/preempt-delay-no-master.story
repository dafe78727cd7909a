# preempt_delay is about taking over from a living master. With no master at all there is no more delay than
# Master_Down_Interval; and a master that leaves during the delay is followed after Skew_Time.

node a b
  interface eth0
  instance VI_1 vrid 51
  address 192.0.2.100/24
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 100 preempt_delay 60
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 80

at 0 start a
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 100
>    3.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.609 a  first advert, priority 100
>    3.609 a  + 192.0.2.100/24 dev eth0
>    3.609 a  announce x5
>    3.609 a  notify MASTER 100
at 5 stop a
>    5.000 a  (VI_1) Stopped in state MASTER: the daemon stops
>    5.000 a  notify STOP 100
>    5.000 a  sends priority 0
>    5.000 a  announce no more
>    5.000 a  - 192.0.2.100/24 dev eth0
at 6 start b
>    6.000 b  - 192.0.2.100/24 dev eth0
>    6.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>    6.000 b  notify BACKUP 80
>    9.687 b  (VI_1) Entering MASTER STATE: no master was heard at all
>    9.687 b  first advert, priority 80
>    9.687 b  + 192.0.2.100/24 dev eth0
>    9.687 b  announce x5
>    9.687 b  notify MASTER 80
at 12 start a
>   12.000 a  - 192.0.2.100/24 dev eth0
>   12.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>   12.000 a  notify BACKUP 100
>   12.687 a  (VI_1) start preempt delay (60.000 s)
>   12.687 a  (VI_1) master set to 192.0.2.2 with priority 80
>   14.687 b  announce x5
at 20 stop b
>   20.000 b  (VI_1) Stopped in state MASTER: the daemon stops
>   20.000 b  notify STOP 80
>   20.000 b  sends priority 0
>   20.000 b  announce no more
>   20.000 b  - 192.0.2.100/24 dev eth0
wait 5
>   20.000 a  (VI_1) received priority 0 advertisement from 192.0.2.2: it leaves
>   20.609 a  (VI_1) Entering MASTER STATE: the master said that it leaves (192.0.2.2)
>   20.609 a  first advert, priority 100
>   20.609 a  + 192.0.2.100/24 dev eth0
>   20.609 a  announce x5
>   20.609 a  notify MASTER 100
show
>   25.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   25.000 b  (VI_1) is INIT with priority 80
