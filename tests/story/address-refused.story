# The kernel refuses the address (errno 13, permission denied): told once, tried again every second, and the election goes on.

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

at 0 refuse a 13
at 0 start a b
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 100
>    0.000 b  - 192.0.2.100/24 dev eth0
>    0.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 b  notify BACKUP 80
>    0.000 a  (VI_1) cannot delete 192.0.2.100/24 on eth0: Permission denied
>    1.000 a  - 192.0.2.100/24 dev eth0
>    2.000 a  - 192.0.2.100/24 dev eth0
>    3.000 a  - 192.0.2.100/24 dev eth0
>    3.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.609 a  first advert, priority 100
>    3.609 a  + 192.0.2.100/24 dev eth0
>    3.609 a  announce x5
>    3.609 a  notify MASTER 100
>    3.609 a  (VI_1) cannot add 192.0.2.100/24 on eth0: Permission denied
>    3.609 b  (VI_1) master set to 192.0.2.1 with priority 100
>    4.609 a  + 192.0.2.100/24 dev eth0
>    5.609 a  + 192.0.2.100/24 dev eth0
at 6.5 refuse a 0
>    6.609 a  + 192.0.2.100/24 dev eth0
>    6.609 a  announce x5
>    8.609 a  announce x5
at 9 refuse a 13
at 10 stop a
>   10.000 a  (VI_1) Stopped in state MASTER: the daemon stops
>   10.000 a  notify STOP 100
>   10.000 a  sends priority 0
>   10.000 a  announce no more
>   10.000 a  - 192.0.2.100/24 dev eth0
>   10.000 a  (VI_1) cannot delete 192.0.2.100/24 on eth0: Permission denied
wait 2
>   10.000 b  (VI_1) received priority 0 advertisement from 192.0.2.1: it leaves
>   10.687 b  (VI_1) Entering MASTER STATE: the master said that it leaves (192.0.2.1)
>   10.687 b  first advert, priority 80
>   10.687 b  + 192.0.2.100/24 dev eth0
>   10.687 b  announce x5
>   10.687 b  notify MASTER 80
