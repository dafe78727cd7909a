# The tutorial's pair starts: A has priority 100, B has 80, each adds 2 while its proxy answers.
#
# Nobody is master yet, so both wait for Master_Down_Interval = 3 * 1 s + Skew_Time. With the
# check's 2 points the skew of A is (256 - 102) / 256 s = 0.602 s, that of B (256 - 82) / 256 s = 0.680 s:
# A is first, and B follows it.

node a b
  interface eth0
  check chk_haproxy
  instance VI_1 vrid 1 pass root123
  address 192.168.16.130/32
  track check chk_haproxy weight 2
node a
  interface eth0 192.168.16.128
  instance VI_1 priority 100
node b
  interface eth0 192.168.16.129
  instance VI_1 priority 80

at 0 start a b
>    0.000 a  - 192.168.16.130/32 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 100
>    0.000 b  - 192.168.16.130/32 dev eth0
>    0.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 b  notify BACKUP 80
at 0.05 check a chk_haproxy good
>    0.050 a  VRRP_Script(chk_haproxy) succeeded
>    0.050 a  (VI_1) Changing effective priority from 100 to 102: a check changed its verdict (check chk_haproxy)
at 0.06 check b chk_haproxy good
>    0.060 b  VRRP_Script(chk_haproxy) succeeded
>    0.060 b  (VI_1) Changing effective priority from 80 to 82: a check changed its verdict (check chk_haproxy)
wait 10
>    3.601 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.601 a  first advert, priority 102
>    3.601 a  + 192.168.16.130/32 dev eth0
>    3.601 a  announce x5
>    3.601 a  notify MASTER 102
>    3.601 b  (VI_1) master set to 192.168.16.128 with priority 102
>    8.601 a  announce x5
show
>   10.060 a  (VI_1) is MASTER with priority 102, holds 192.168.16.130/32
>   10.060 b  (VI_1) is BACKUP with priority 82, follows 192.168.16.128 with 102, waits until 13.281
