# The same addresses in another order, and one that is held but not advertised: the lists do not differ.

node a
  interface eth0 192.0.2.1
  instance VI_1 vrid 51 priority 100
  address 192.0.2.100/24
  address 192.0.2.101/24
  address 192.0.2.102/24 excluded
node b
  interface eth0 192.0.2.2
  instance VI_1 vrid 51 priority 80
  address 192.0.2.101/24
  address 192.0.2.100/24

at 0 start a b
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  - 192.0.2.101/24 dev eth0
>    0.000 a  - 192.0.2.102/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 100
>    0.000 b  - 192.0.2.101/24 dev eth0
>    0.000 b  - 192.0.2.100/24 dev eth0
>    0.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 b  notify BACKUP 80
wait 5
>    3.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.609 a  first advert, priority 100
>    3.609 a  + 192.0.2.100/24 dev eth0
>    3.609 a  + 192.0.2.101/24 dev eth0
>    3.609 a  + 192.0.2.102/24 dev eth0
>    3.609 a  announce x5
>    3.609 a  notify MASTER 100
>    3.609 b  (VI_1) master set to 192.0.2.1 with priority 100
show
>    5.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24, 192.0.2.101/24, 192.0.2.102/24
>    5.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 8.296
