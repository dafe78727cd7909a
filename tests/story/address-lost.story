# Another program takes the address of the master away: it is put back at once and announced again, nothing else happens.
# What is taken within 5 ms of that waits for their end. An address with no_track comes back after a second. A backup has
# nothing to lose.

node a b
  interface eth0
  instance VI_1 vrid 51
  address 192.0.2.100/24
  address 192.0.2.101/24
  address 192.0.2.102/24 no_track
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 100
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 80

at 0 start a b
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  - 192.0.2.101/24 dev eth0
>    0.000 a  - 192.0.2.102/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 100
>    0.000 b  - 192.0.2.100/24 dev eth0
>    0.000 b  - 192.0.2.101/24 dev eth0
>    0.000 b  - 192.0.2.102/24 dev eth0
>    0.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 b  notify BACKUP 80
>    3.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.609 a  first advert, priority 100
>    3.609 a  + 192.0.2.100/24 dev eth0
>    3.609 a  + 192.0.2.101/24 dev eth0
>    3.609 a  + 192.0.2.102/24 dev eth0
>    3.609 a  announce x5
>    3.609 a  notify MASTER 100
>    3.609 b  (VI_1) master set to 192.0.2.1 with priority 100
>    8.609 a  announce x5
at 10 lost a 192.0.2.100/24
>   10.000 a  (VI_1) 192.0.2.100/24 on eth0 was removed by another program: putting it back
>   10.000 a  + 192.0.2.100/24 dev eth0
>   10.000 a  announce x5
at 10.001 lost a 192.0.2.100/24
>   10.001 a  (VI_1) 192.0.2.100/24 on eth0 was removed by another program: putting it back
at 10.002 lost a 192.0.2.101/24
>   10.002 a  (VI_1) 192.0.2.101/24 on eth0 was removed by another program: putting it back
>   10.005 a  + 192.0.2.100/24 dev eth0
>   10.005 a  + 192.0.2.101/24 dev eth0
>   10.005 a  announce x5
at 12 lost a 192.0.2.102/24
>   12.000 a  (VI_1) 192.0.2.102/24 on eth0 was removed by another program: putting it back
show
>   12.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24, 192.0.2.101/24
>   12.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 15.296
wait 1
>   13.000 a  + 192.0.2.102/24 dev eth0
>   13.000 a  announce x5
show
>   13.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24, 192.0.2.101/24, 192.0.2.102/24
>   13.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 16.296
# Taken away just before the mastership ends: nothing is put back afterwards.
at 13 lost a 192.0.2.100/24
>   13.000 a  (VI_1) 192.0.2.100/24 on eth0 was removed by another program: putting it back
>   13.000 a  + 192.0.2.100/24 dev eth0
>   13.000 a  announce x5
at 13.001 lost a 192.0.2.100/24
>   13.001 a  (VI_1) 192.0.2.100/24 on eth0 was removed by another program: putting it back
at 13.002 stop a
>   13.002 a  (VI_1) Stopped in state MASTER: the daemon stops
>   13.002 a  notify STOP 100
>   13.002 a  sends priority 0
>   13.002 a  announce no more
>   13.002 a  - 192.0.2.100/24 dev eth0
>   13.002 a  - 192.0.2.101/24 dev eth0
>   13.002 a  - 192.0.2.102/24 dev eth0
wait 3
>   13.002 b  (VI_1) received priority 0 advertisement from 192.0.2.1: it leaves
>   13.689 b  (VI_1) Entering MASTER STATE: the master said that it leaves (192.0.2.1)
>   13.689 b  first advert, priority 80
>   13.689 b  + 192.0.2.100/24 dev eth0
>   13.689 b  + 192.0.2.101/24 dev eth0
>   13.689 b  + 192.0.2.102/24 dev eth0
>   13.689 b  announce x5
>   13.689 b  notify MASTER 80
show
>   16.002 a  (VI_1) is INIT with priority 100
>   16.002 b  (VI_1) is MASTER with priority 80, holds 192.0.2.100/24, 192.0.2.101/24, 192.0.2.102/24
