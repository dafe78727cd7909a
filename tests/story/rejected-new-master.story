# A host with a wrong password keeps sending. C tells it once for each master that it follows: what is wrong may be
# another thing now.

node a b c
  interface eth0
  instance VI_1 vrid 51 pass root123
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
at 5 forge c from 192.0.2.9 count 20 every 1 pass wrong priority 50
>    5.000 c  (VI_1) received an invalid passwd from 192.0.2.9!
>    8.609 a  announce x5
at 10 stop a
>   10.000 a  (VI_1) Stopped in state MASTER: the daemon stops
>   10.000 a  notify STOP 100
>   10.000 a  sends priority 0
>   10.000 a  announce no more
>   10.000 a  - 192.0.2.100/24 dev eth0
wait 10
>   10.000 b  (VI_1) received priority 0 advertisement from 192.0.2.1: it leaves
>   10.000 c  (VI_1) received priority 0 advertisement from 192.0.2.1: it leaves
>   10.648 b  (VI_1) Entering MASTER STATE: the master said that it leaves (192.0.2.1)
>   10.648 b  first advert, priority 90
>   10.648 b  + 192.0.2.100/24 dev eth0
>   10.648 b  announce x5
>   10.648 b  notify MASTER 90
>   10.648 c  (VI_1) master set to 192.0.2.2 with priority 90
>   11.000 c  (VI_1) received an invalid passwd from 192.0.2.9!
>   15.648 b  announce x5
show c
>   20.000 c  (VI_1) is BACKUP with priority 80, follows 192.0.2.2 with 90, waits until 23.336; refused: auth-failed 16
