# Four faults at once. Each is told when it comes and when it goes; the instance is fit when the last
# one is gone, whichever that is.

node a
  interface eth0 192.0.2.1
  interface eth1
  check chk
  instance VI_1 vrid 51 priority 100
  address 192.0.2.100/24
  track interface eth1
  track check chk

at 0 start a
>    0.000 a  (VI_1) waits for the first answer of script chk
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Waiting (init): a tracked script has not answered yet
at 0.1 check a chk good
>    0.100 a  VRRP_Script(chk) succeeded
>    0.100 a  (VI_1) no longer waits for a script
>    0.100 a  (VI_1) Entering BACKUP STATE (init): its tracked scripts have answered
>    0.100 a  notify BACKUP 100
>    3.709 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.709 a  first advert, priority 100
>    3.709 a  + 192.0.2.100/24 dev eth0
>    3.709 a  announce x5
>    3.709 a  notify MASTER 100
at 5 link a eth0 down
>    5.000 a  (VI_1) fault: the interface is down or has no carrier (eth0)
>    5.000 a  (VI_1) Entering FAULT STATE: the host became unfit
>    5.000 a  notify FAULT 100
>    5.000 a  announce no more
>    5.000 a  - 192.0.2.100/24 dev eth0
at 6 check a chk bad 1
>    6.000 a  VRRP_Script(chk) failed (exited with status 1)
>    6.000 a  (VI_1) entering FAULT state due to script chk
at 7 link a eth1 down
>    7.000 a  (VI_1) fault: a tracked interface is down (eth1)
at 8 addr a eth0 none
>    8.000 a  (VI_1) fault: the interface has no address to send adverts from (eth0)
at 9 show
>    9.000 a  (VI_1) is FAULT with priority 100, interface-down, no-source-address, tracked-interface, check-failed
at 10 check a chk good
>   10.000 a  VRRP_Script(chk) succeeded
>   10.000 a  (VI_1) no longer: a tracked script has failed
at 11 addr a eth0 192.0.2.1
>   11.000 a  (VI_1) no longer: the interface has no address to send adverts from
at 12 link a eth0 up
>   12.000 a  (VI_1) no longer: the interface is down or has no carrier
at 13 show
>   13.000 a  (VI_1) is FAULT with priority 100, tracked-interface
at 14 link a eth1 up
>   14.000 a  (VI_1) no longer: a tracked interface is down
>   14.000 a  (VI_1) Entering BACKUP STATE: the last fault is gone
>   14.000 a  notify BACKUP 100
>   17.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>   17.609 a  first advert, priority 100
>   17.609 a  + 192.0.2.100/24 dev eth0
>   17.609 a  announce x5
>   17.609 a  notify MASTER 100
# The same, in another order.
at 20 link a eth1 down
>   20.000 a  (VI_1) fault: a tracked interface is down (eth1)
>   20.000 a  (VI_1) Entering FAULT STATE: the host became unfit
>   20.000 a  notify FAULT 100
>   20.000 a  sends priority 0
>   20.000 a  announce no more
>   20.000 a  - 192.0.2.100/24 dev eth0
at 21 addr a eth0 none
>   21.000 a  (VI_1) fault: the interface has no address to send adverts from (eth0)
at 22 check a chk bad 1
>   22.000 a  VRRP_Script(chk) failed (exited with status 1)
>   22.000 a  (VI_1) entering FAULT state due to script chk
at 23 link a eth1 up
>   23.000 a  (VI_1) no longer: a tracked interface is down
at 24 addr a eth0 192.0.2.1
>   24.000 a  (VI_1) no longer: the interface has no address to send adverts from
at 25 check a chk good
>   25.000 a  VRRP_Script(chk) succeeded
>   25.000 a  (VI_1) no longer: a tracked script has failed
>   25.000 a  (VI_1) Entering BACKUP STATE: the last fault is gone
>   25.000 a  notify BACKUP 100
wait 5
>   28.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>   28.609 a  first advert, priority 100
>   28.609 a  + 192.0.2.100/24 dev eth0
>   28.609 a  announce x5
>   28.609 a  notify MASTER 100
show
>   30.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
