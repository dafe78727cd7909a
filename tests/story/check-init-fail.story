# init_fail: the check counts as failed until rise good results have come; so the FAULT is told at once, and a
# first good result is not enough.

node a
  interface eth0 192.0.2.1
  check chk_proxy rise 2 init_fail
  check chk_bonus rise 2 init_fail
  instance VI_1 vrid 51 priority 100
  address 192.0.2.100/24
  track check chk_proxy
  track check chk_bonus weight 10

at 0 start a
>    0.000 a  (VI_1) entering FAULT state due to script chk_proxy
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering FAULT STATE (init): the host became unfit
>    0.000 a  notify FAULT 100
show
>    0.000 a  (VI_1) is FAULT with priority 100, check-failed
at 1 check a chk_proxy good
>    1.000 a  Script `chk_proxy` now returning 0; it still counts as failed
at 1 check a chk_bonus good
>    1.000 a  Script `chk_bonus` now returning 0; it still counts as failed
show
>    1.000 a  (VI_1) is FAULT with priority 100, check-failed
at 2 check a chk_proxy good
>    2.000 a  VRRP_Script(chk_proxy) succeeded
>    2.000 a  (VI_1) no longer: a tracked script has failed
>    2.000 a  (VI_1) Entering BACKUP STATE: the last fault is gone
>    2.000 a  notify BACKUP 100
at 2 check a chk_bonus good
>    2.000 a  VRRP_Script(chk_bonus) succeeded
>    2.000 a  (VI_1) Changing effective priority from 100 to 110: a check changed its verdict (check chk_bonus)
show
>    2.000 a  (VI_1) is BACKUP with priority 110, waits until 5.570
