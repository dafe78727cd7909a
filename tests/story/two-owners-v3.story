# Two owners by VRRPv3 (RFC 9568, erratum 8298): both are configured with 255, which is a mistake, but it must be seen and
# it must end. The one with the lower primary address yields and follows; when the other leaves it returns.

node a b
  interface eth0
  instance VI_1 vrid 51 version 3
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
>    0.000 b  (VI_1) Received advert from 192.0.2.1 with same priority 255 but lower IP address than ours, forcing new election
>    0.000 b  advert at once, priority 255
>    0.000 b  announce x5
>    0.000 b  notify RX_LOWER 255
>    0.000 a  (VI_1) Master received advert from 192.0.2.2 with same priority 255 but higher IP address than ours
>    0.000 a  advert at once, priority 255
>    0.000 a  (VI_1) Entering BACKUP STATE: a master of equal priority and higher address was heard (192.0.2.2 with priority 255, ours is 255)
>    0.000 a  announce no more
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  notify BACKUP 255
>    0.100 b  announce x5
at 5 show
>    5.000 a  (VI_1) is BACKUP with priority 255, follows 192.0.2.2 with 255, waits until 7.004
>    5.000 b  (VI_1) is MASTER with priority 255, holds 192.0.2.100/24
>    5.100 b  announce x5
at 6 stop b
>    6.000 b  (VI_1) Stopped in state MASTER: the daemon stops
>    6.000 b  notify STOP 255
>    6.000 b  sends priority 0
>    6.000 b  announce no more
>    6.000 b  - 192.0.2.100/24 dev eth0
wait 2
>    6.000 a  (VI_1) received priority 0 advertisement from 192.0.2.2: it leaves
>    6.004 a  (VI_1) Entering MASTER STATE: the master said that it leaves (192.0.2.2)
>    6.004 a  first advert, priority 255
>    6.004 a  + 192.0.2.100/24 dev eth0
>    6.004 a  announce x5
>    6.004 a  notify MASTER 255
show
>    8.000 a  (VI_1) is MASTER with priority 255, holds 192.0.2.100/24
>    8.000 b  (VI_1) is INIT with priority 255
