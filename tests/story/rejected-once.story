# A third host has the wrong password and goes on sending. The line about it stands once, although good adverts of
# the master come in between; a new master, or a new state, has it told again.

node a b
  interface eth0
  instance VI_1 vrid 51 pass root123
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
at 5 forge b from 192.0.2.9 count 30 every 1 pass wrong priority 50
>    5.000 b  (VI_1) received an invalid passwd from 192.0.2.9!
>    8.609 a  announce x5
at 20 stop a
>   20.000 a  (VI_1) Stopped in state MASTER: the daemon stops
>   20.000 a  notify STOP 100
>   20.000 a  sends priority 0
>   20.000 a  announce no more
>   20.000 a  - 192.0.2.100/24 dev eth0
wait 20
>   20.000 b  (VI_1) received priority 0 advertisement from 192.0.2.1: it leaves
>   20.687 b  (VI_1) Entering MASTER STATE: the master said that it leaves (192.0.2.1)
>   20.687 b  first advert, priority 80
>   20.687 b  + 192.0.2.100/24 dev eth0
>   20.687 b  announce x5
>   20.687 b  notify MASTER 80
>   21.000 b  (VI_1) received an invalid passwd from 192.0.2.9!
>   24.000 b  (VI_1) conflict: 192.0.2.9 advertises, too, and is not believed, so there may be two masters: its password differs from ours
>   25.687 b  announce x5
show
>   40.000 a  (VI_1) is INIT with priority 100
>   40.000 b  (VI_1) is MASTER with priority 80, holds 192.0.2.100/24; refused: auth-failed 30
