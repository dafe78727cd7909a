# A check of weight 0 that has not answered yet: the instance waits in FAULT and tells no script. A good first
# word makes it backup. On B the first word is bad: now the FAULT is told.

node a b
  interface eth0
  check chk_proxy rise 3 fall 3
  instance VI_1 vrid 51
  address 192.0.2.100/24
  track check chk_proxy
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 100
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 80

at 0 start a b
>    0.000 a  (VI_1) waits for the first answer of script chk_proxy
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Waiting (init): a tracked script has not answered yet
>    0.000 b  (VI_1) waits for the first answer of script chk_proxy
>    0.000 b  - 192.0.2.100/24 dev eth0
>    0.000 b  (VI_1) Waiting (init): a tracked script has not answered yet
show
>    0.000 a  (VI_1) is INIT with priority 100, check-pending
>    0.000 b  (VI_1) is INIT with priority 80, check-pending
# The first word counts at once, whatever rise and fall say.
at 2 check a chk_proxy good
>    2.000 a  VRRP_Script(chk_proxy) succeeded
>    2.000 a  (VI_1) no longer waits for a script
>    2.000 a  (VI_1) Entering BACKUP STATE (init): its tracked scripts have answered
>    2.000 a  notify BACKUP 100
at 3 check b chk_proxy bad 1
>    3.000 b  VRRP_Script(chk_proxy) failed (exited with status 1)
>    3.000 b  (VI_1) no longer waits for a script
>    3.000 b  (VI_1) entering FAULT state due to script chk_proxy
>    3.000 b  (VI_1) Entering FAULT STATE (init): the host became unfit
>    3.000 b  notify FAULT 80
wait 5
>    5.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    5.609 a  first advert, priority 100
>    5.609 a  + 192.0.2.100/24 dev eth0
>    5.609 a  announce x5
>    5.609 a  notify MASTER 100
show
>    8.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>    8.000 b  (VI_1) is FAULT with priority 80, check-failed; refused: not-running 3
# B's check needs three good results in a row, and one bad one in between begins the count anew.
at 10 check b chk_proxy good times 2
>   10.000 b  Script `chk_proxy` now returning 0; it still counts as failed
>   10.609 a  announce x5
at 11 check b chk_proxy bad 1
>   11.000 b  Script `chk_proxy` now returning 1; it still counts as failed
at 12 check b chk_proxy good times 2
>   12.000 b  Script `chk_proxy` now returning 0; it still counts as failed
at 13 check b chk_proxy good
>   13.000 b  VRRP_Script(chk_proxy) succeeded
>   13.000 b  (VI_1) no longer: a tracked script has failed
>   13.000 b  (VI_1) Entering BACKUP STATE: the last fault is gone
>   13.000 b  notify BACKUP 80
wait 3
>   13.609 b  (VI_1) master set to 192.0.2.1 with priority 100
show
>   16.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   16.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 19.296; refused: not-running 8
