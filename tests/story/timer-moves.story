# A change of priority moves a running Master_Down_Timer by the difference in Skew_Time: from
# (256 - 80) / 256 s = 0.687 s to (256 - 180) / 256 s = 0.296 s and back.
#
# The last advert of A is heard at 9.218, so B's timer ends at 12.906, and with the higher priority at 12.515. When the
# priority rises again at 12.7, that end is past: B takes over at once.

node a b
  interface eth0
  check boost
  instance VI_1 vrid 51
  address 192.0.2.100/24
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 200
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 80
  track check boost weight 100

at 0 start a b
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 200
>    0.000 b  - 192.0.2.100/24 dev eth0
>    0.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 b  notify BACKUP 80
at 0.1 check b boost bad 1
>    0.100 b  VRRP_Script(boost) failed (exited with status 1)
>    3.218 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.218 a  first advert, priority 200
>    3.218 a  + 192.0.2.100/24 dev eth0
>    3.218 a  announce x5
>    3.218 a  notify MASTER 200
>    3.218 b  (VI_1) master set to 192.0.2.1 with priority 200
>    8.218 a  announce x5
at 10 crash a
show b
>   10.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 200, waits until 12.906
at 11 check b boost good
>   11.000 b  VRRP_Script(boost) succeeded
>   11.000 b  (VI_1) Changing effective priority from 80 to 180: a check changed its verdict (check boost)
show b
>   11.000 b  (VI_1) is BACKUP with priority 180, follows 192.0.2.1 with 200, waits until 12.515
at 12 check b boost bad 1
>   12.000 b  VRRP_Script(boost) failed (exited with status 1)
>   12.000 b  (VI_1) Changing effective priority from 180 to 80: a check changed its verdict (check boost)
show b
>   12.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 200, waits until 12.906
at 12.7 check b boost good
>   12.700 b  VRRP_Script(boost) succeeded
>   12.700 b  (VI_1) Changing effective priority from 80 to 180: a check changed its verdict (check boost)
>   12.700 b  (VI_1) Entering MASTER STATE: no master was heard for 3.48 s, the last was 192.0.2.1 with priority 200
>   12.700 b  first advert, priority 180
>   12.700 b  + 192.0.2.100/24 dev eth0
>   12.700 b  announce x5
>   12.700 b  notify MASTER 180
wait 1
show
>   13.700 a  does not run, holds 0 addresses
>   13.700 b  (VI_1) is MASTER with priority 180, holds 192.0.2.100/24
