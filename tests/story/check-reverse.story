# reverse, weight 0: the check must fail for the instance to be fit.

node a
  interface eth0 192.0.2.1
  check maintenance
  instance VI_1 vrid 51 priority 100
  address 192.0.2.100/24
  track check maintenance reverse

at 0 start a
>    0.000 a  (VI_1) waits for the first answer of script maintenance
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Waiting (init): a tracked script has not answered yet
at 1 check a maintenance bad 1
>    1.000 a  VRRP_Script(maintenance) failed (exited with status 1)
>    1.000 a  (VI_1) no longer waits for a script
>    1.000 a  (VI_1) Entering BACKUP STATE (init): its tracked scripts have answered
>    1.000 a  notify BACKUP 100
>    4.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    4.609 a  first advert, priority 100
>    4.609 a  + 192.0.2.100/24 dev eth0
>    4.609 a  announce x5
>    4.609 a  notify MASTER 100
at 5 check a maintenance good
>    5.000 a  VRRP_Script(maintenance) succeeded
>    5.000 a  (VI_1) entering FAULT state due to script maintenance
>    5.000 a  (VI_1) Entering FAULT STATE: the host became unfit
>    5.000 a  notify FAULT 100
>    5.000 a  sends priority 0
>    5.000 a  announce no more
>    5.000 a  - 192.0.2.100/24 dev eth0
at 6 check a maintenance bad 1
>    6.000 a  VRRP_Script(maintenance) failed (exited with status 1)
>    6.000 a  (VI_1) no longer: a tracked script has failed
>    6.000 a  (VI_1) Entering BACKUP STATE: the last fault is gone
>    6.000 a  notify BACKUP 100
wait 1
show
>    7.000 a  (VI_1) is BACKUP with priority 100, waits until 9.609
