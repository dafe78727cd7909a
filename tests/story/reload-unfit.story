# A reload adds an instance that is unfit, and later mends it by naming another interface.

node a
  interface eth0 192.0.2.1
  interface eth1
  interface eth2 198.51.100.1
  instance VI_1 vrid 51 priority 100
  address 192.0.2.100/24

at 0 start a
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 100
>    3.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.609 a  first advert, priority 100
>    3.609 a  + 192.0.2.100/24 dev eth0
>    3.609 a  announce x5
>    3.609 a  notify MASTER 100
>    8.609 a  announce x5
at 10 reload a
  instance VI_2 vrid 52 priority 100 interface eth1
  address 198.51.100.100/24 dev eth2
>   10.000 a  (VI_1) keeps state MASTER over the reload
>   10.000 a  (VI_2) fault: the interface has no address to send adverts from (eth1)
>   10.000 a  (VI_2) Entering FAULT STATE (init): the host became unfit
>   10.000 a  VI_2 notify FAULT 100
show
>   10.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   10.000 a  (VI_2) is FAULT with priority 100, no-source-address
at 15 reload a
  instance VI_2 interface eth2
>   15.000 a  (VI_2) Stopped in state FAULT: a new configuration was loaded
>   15.000 a  VI_2 notify DELETED 100
>   15.000 a  (VI_1) keeps state MASTER over the reload
>   15.000 a  (VI_2) Entering BACKUP STATE (init): a new configuration was loaded
>   15.000 a  VI_2 notify BACKUP 100
wait 5
>   18.609 a  (VI_2) Entering MASTER STATE: no master was heard at all
>   18.609 a  VI_2 first advert, priority 100
>   18.609 a  VI_2 + 198.51.100.100/24 dev eth2
>   18.609 a  VI_2 announce x5
>   18.609 a  VI_2 notify MASTER 100
show
>   20.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   20.000 a  (VI_2) is MASTER with priority 100, holds 198.51.100.100/24
