# A fault is told to the scripts once. The instance waits for its check in silence; the link goes down, which is
# told; it comes back, and the first word is bad: still the same FAULT, nothing to tell.

node a
  interface eth0 192.0.2.1
  check chk
  instance VI_1 vrid 51 priority 100
  address 192.0.2.100/24
  track check chk

at 0 start a
>    0.000 a  (VI_1) waits for the first answer of script chk
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Waiting (init): a tracked script has not answered yet
at 1 link a eth0 down
>    1.000 a  (VI_1) fault: the interface is down or has no carrier (eth0)
>    1.000 a  (VI_1) Entering FAULT STATE (init): the host became unfit
>    1.000 a  notify FAULT 100
at 2 link a eth0 up
>    2.000 a  (VI_1) no longer: the interface is down or has no carrier
at 3 check a chk bad 1
>    3.000 a  VRRP_Script(chk) failed (exited with status 1)
>    3.000 a  (VI_1) no longer waits for a script
>    3.000 a  (VI_1) entering FAULT state due to script chk
# The command changes, and the first word of the new one is bad as well.
at 4 reload a
  check chk command other
>    4.000 a  (VI_1) keeps state FAULT over the reload
>    4.000 a  (VI_1) waits for the first answer of script chk
>    4.000 a  (VI_1) no longer: a tracked script has failed
at 5 check a chk bad 1
>    5.000 a  VRRP_Script(chk) failed (exited with status 1)
>    5.000 a  (VI_1) no longer waits for a script
>    5.000 a  (VI_1) entering FAULT state due to script chk
at 6 check a chk good
>    6.000 a  VRRP_Script(chk) succeeded
>    6.000 a  (VI_1) no longer: a tracked script has failed
>    6.000 a  (VI_1) Entering BACKUP STATE: the last fault is gone
>    6.000 a  notify BACKUP 100
