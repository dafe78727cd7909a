# VRRPv3, an orderly stop: Skew_Time is a part of the master's interval, here of 4 s: 2.75 s.

node a b
  interface eth0
  instance VI_1 vrid 51 version 3 advert_int 4
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
>   14.437 a  (VI_1) Entering MASTER STATE: no master was heard at all
>   14.437 a  first advert, priority 100
>   14.437 a  + 192.0.2.100/24 dev eth0
>   14.437 a  announce x5
>   14.437 a  notify MASTER 100
>   14.437 b  (VI_1) master set to 192.0.2.1 with priority 100
>   19.437 a  announce x5
at 20 stop a
>   20.000 a  (VI_1) Stopped in state MASTER: the daemon stops
>   20.000 a  notify STOP 100
>   20.000 a  sends priority 0
>   20.000 a  announce no more
>   20.000 a  - 192.0.2.100/24 dev eth0
wait 5
>   20.000 b  (VI_1) received priority 0 advertisement from 192.0.2.1: it leaves
>   22.750 b  (VI_1) Entering MASTER STATE: the master said that it leaves (192.0.2.1)
>   22.750 b  first advert, priority 80
>   22.750 b  + 192.0.2.100/24 dev eth0
>   22.750 b  announce x5
>   22.750 b  notify MASTER 80
