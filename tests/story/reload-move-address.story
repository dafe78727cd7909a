# An address moves from one instance of the master to another: it is taken off before it is added, so it stands there
# in the end, and announced by its new instance.

node a
  interface eth0 192.0.2.1
  instance VI_1 vrid 51 priority 100
  address 192.0.2.100/24
  address 192.0.2.101/24
  instance VI_2 vrid 52 priority 100
  address 192.0.2.200/24

at 0 start a
>    0.000 a  VI_1 - 192.0.2.100/24 dev eth0
>    0.000 a  VI_1 - 192.0.2.101/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  VI_1 notify BACKUP 100
>    0.000 a  VI_2 - 192.0.2.200/24 dev eth0
>    0.000 a  (VI_2) Entering BACKUP STATE (init): the daemon started
>    0.000 a  VI_2 notify BACKUP 100
>    3.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.609 a  VI_1 first advert, priority 100
>    3.609 a  VI_1 + 192.0.2.100/24 dev eth0
>    3.609 a  VI_1 + 192.0.2.101/24 dev eth0
>    3.609 a  VI_1 announce x5
>    3.609 a  VI_1 notify MASTER 100
>    3.609 a  (VI_2) Entering MASTER STATE: no master was heard at all
>    3.609 a  VI_2 first advert, priority 100
>    3.609 a  VI_2 + 192.0.2.200/24 dev eth0
>    3.609 a  VI_2 announce x5
>    3.609 a  VI_2 notify MASTER 100
>    8.609 a  VI_1 announce x5
>    8.609 a  VI_2 announce x5
at 10 reload a
  instance VI_1
  no address 192.0.2.101/24
  instance VI_2
  address 192.0.2.101/24
>   10.000 a  (VI_1) keeps state MASTER over the reload
>   10.000 a  VI_1 - 192.0.2.101/24 dev eth0
>   10.000 a  VI_1 announce no more
>   10.000 a  (VI_2) keeps state MASTER over the reload
>   10.000 a  VI_2 + 192.0.2.101/24 dev eth0
>   10.000 a  VI_2 announce x5
show
>   10.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   10.000 a  (VI_2) is MASTER with priority 100, holds 192.0.2.200/24, 192.0.2.101/24
>   15.000 a  VI_2 announce x5
# Back again: here the instance that loses it stands behind the one that gets it.
at 20 reload a
  instance VI_2
  no address 192.0.2.101/24
  instance VI_1
  address 192.0.2.101/24
>   20.000 a  (VI_1) keeps state MASTER over the reload
>   20.000 a  (VI_2) keeps state MASTER over the reload
>   20.000 a  VI_2 - 192.0.2.101/24 dev eth0
>   20.000 a  VI_2 announce no more
>   20.000 a  VI_1 + 192.0.2.101/24 dev eth0
>   20.000 a  VI_1 announce x5
show
>   20.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24, 192.0.2.101/24
>   20.000 a  (VI_2) is MASTER with priority 100, holds 192.0.2.200/24
