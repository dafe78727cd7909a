# A check of weight 0 fails on the master: after three bad results in a row (fall 3) it gives up with
# priority 0, and B takes over after Skew_Time. Two good results in a row (rise 2) make it fit again.

node a b
  interface eth0
  check chk_proxy rise 2 fall 3
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
at 0.1 check a chk_proxy good
>    0.100 a  VRRP_Script(chk_proxy) succeeded
>    0.100 a  (VI_1) no longer waits for a script
>    0.100 a  (VI_1) Entering BACKUP STATE (init): its tracked scripts have answered
>    0.100 a  notify BACKUP 100
at 0.1 check b chk_proxy good
>    0.100 b  VRRP_Script(chk_proxy) succeeded
>    0.100 b  (VI_1) no longer waits for a script
>    0.100 b  (VI_1) Entering BACKUP STATE (init): its tracked scripts have answered
>    0.100 b  notify BACKUP 80
>    3.709 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.709 a  first advert, priority 100
>    3.709 a  + 192.0.2.100/24 dev eth0
>    3.709 a  announce x5
>    3.709 a  notify MASTER 100
>    3.709 b  (VI_1) master set to 192.0.2.1 with priority 100
>    8.709 a  announce x5
at 10 check a chk_proxy bad 1 times 2
>   10.000 a  Script `chk_proxy` now returning 1; it still counts as good
at 11 check a chk_proxy good
>   11.000 a  Script `chk_proxy` now returning 0; it still counts as good
at 12 check a chk_proxy bad 1 times 2
>   12.000 a  Script `chk_proxy` now returning 1; it still counts as good
at 13 check a chk_proxy bad 1
>   13.000 a  VRRP_Script(chk_proxy) failed (exited with status 1)
>   13.000 a  (VI_1) entering FAULT state due to script chk_proxy
>   13.000 a  (VI_1) Entering FAULT STATE: the host became unfit
>   13.000 a  notify FAULT 100
>   13.000 a  sends priority 0
>   13.000 a  announce no more
>   13.000 a  - 192.0.2.100/24 dev eth0
>   13.000 b  (VI_1) received priority 0 advertisement from 192.0.2.1: it leaves
>   13.687 b  (VI_1) Entering MASTER STATE: the master said that it leaves (192.0.2.1)
>   13.687 b  first advert, priority 80
>   13.687 b  + 192.0.2.100/24 dev eth0
>   13.687 b  announce x5
>   13.687 b  notify MASTER 80
>   18.687 b  announce x5
at 20 check a chk_proxy good
>   20.000 a  Script `chk_proxy` now returning 0; it still counts as failed
at 21 check a chk_proxy good
>   21.000 a  VRRP_Script(chk_proxy) succeeded
>   21.000 a  (VI_1) no longer: a tracked script has failed
>   21.000 a  (VI_1) Entering BACKUP STATE: the last fault is gone
>   21.000 a  notify BACKUP 100
wait 6
>   21.687 a  (VI_1) received lower priority (80) advert from 192.0.2.2 - discarding
>   24.609 a  (VI_1) Entering MASTER STATE: only lower priorities were heard
>   24.609 a  first advert, priority 100
>   24.609 a  + 192.0.2.100/24 dev eth0
>   24.609 a  announce x5
>   24.609 a  notify MASTER 100
>   24.609 b  (VI_1) Master received advert from 192.0.2.1 with higher priority 100, ours 80
>   24.609 b  advert at once, priority 80
>   24.609 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.1 with priority 100, ours is 80)
>   24.609 b  announce no more
>   24.609 b  - 192.0.2.100/24 dev eth0
>   24.609 b  notify BACKUP 80
show
>   27.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24; refused: not-running 8
>   27.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 30.296
