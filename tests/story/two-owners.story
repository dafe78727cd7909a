# Two owners by VRRPv2: both are configured with 255, which is a mistake. An owner discards what others advertise
# (RFC 3768 7.1), so neither gives way; but each names the other, as a conflict, until it was quiet for half a minute. A
# priority 0 is not answered by an owner, either.

node a b
  interface eth0
  instance VI_1 vrid 51
  address 192.0.2.100/24
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 255
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 255

at 0 start a b
>    0.000 a  (VI_1) Entering MASTER STATE (init): priority 255 owns the addresses
>    0.000 a  first advert, priority 255
>    0.000 a  + 192.0.2.100/24 dev eth0
>    0.000 a  announce x5
>    0.000 a  notify MASTER 255
>    0.000 b  (VI_1) Entering MASTER STATE (init): priority 255 owns the addresses
>    0.000 b  first advert, priority 255
>    0.000 b  + 192.0.2.100/24 dev eth0
>    0.000 b  announce x5
>    0.000 b  notify MASTER 255
>    0.000 b  (VI_1) dropped an advert from 192.0.2.1: it has priority 255, as we have, and of two such owners neither gives way
>    0.000 a  (VI_1) dropped an advert from 192.0.2.2: it has priority 255, as we have, and of two such owners neither gives way
>    3.000 b  (VI_1) conflict: 192.0.2.1 advertises, too, and is not believed, so there may be two masters: it has priority 255, as we have, and of two such owners neither gives way
>    3.000 a  (VI_1) conflict: 192.0.2.2 advertises, too, and is not believed, so there may be two masters: it has priority 255, as we have, and of two such owners neither gives way
>    5.000 a  announce x5
>    5.000 b  announce x5
at 5 show
>    5.000 a  (VI_1) is MASTER with priority 255, holds 192.0.2.100/24; refused: second-owner 5
>    5.000 b  (VI_1) is MASTER with priority 255, holds 192.0.2.100/24; refused: second-owner 5
at 6 stop b
>    6.000 b  (VI_1) Stopped in state MASTER: the daemon stops
>    6.000 b  notify STOP 255
>    6.000 b  sends priority 0
>    6.000 b  announce no more
>    6.000 b  - 192.0.2.100/24 dev eth0
wait 40
>    6.000 a  (VI_1) received priority 0 advertisement from 192.0.2.2: it leaves
>    6.000 a  announce x5
>   11.000 a  announce x5
>   36.000 a  (VI_1) no conflict any more: nothing heard of 192.0.2.2
show
>   46.000 a  (VI_1) is MASTER with priority 255, holds 192.0.2.100/24; refused: second-owner 7
>   46.000 b  (VI_1) is INIT with priority 255; refused: second-owner 6
