# The interface is not there when the daemon starts; it comes later, and its address later still.

node a
  interface eth0
  instance VI_1 vrid 51 priority 100
  address 192.0.2.100/24

at 0 gone a eth0
at 1 start a
>    1.000 a  (VI_1) fault: the interface does not exist (eth0)
>    1.000 a  - 192.0.2.100/24 dev eth0
>    1.000 a  (VI_1) Entering FAULT STATE (init): the host became unfit
>    1.000 a  notify FAULT 100
at 2 back a eth0
>    2.000 a  (VI_1) no longer: the interface does not exist
>    2.000 a  (VI_1) fault: the interface has no address to send adverts from (eth0)
at 3 addr a eth0 192.0.2.1
>    3.000 a  (VI_1) no longer: the interface has no address to send adverts from
>    3.000 a  (VI_1) Entering BACKUP STATE: the last fault is gone
>    3.000 a  notify BACKUP 100
wait 5
>    6.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    6.609 a  first advert, priority 100
>    6.609 a  + 192.0.2.100/24 dev eth0
>    6.609 a  announce x5
>    6.609 a  notify MASTER 100
show
>    8.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
