# preempt_delay starts anew: B's priority rises above A's during the delay, which ends it; when it falls again
# the whole delay begins again. A and B differ by a check of B's.

node a b
  interface eth0
  check boost
  instance VI_1
  address 192.0.2.100/24
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 100 preempt_delay 5
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 80
  track check boost weight 50

at 0 start b
>    0.000 b  - 192.0.2.100/24 dev eth0
>    0.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 b  notify BACKUP 80
at 0.1 check b boost bad 1
>    0.100 b  VRRP_Script(boost) failed (exited with status 1)
>    3.687 b  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.687 b  first advert, priority 80
>    3.687 b  + 192.0.2.100/24 dev eth0
>    3.687 b  announce x5
>    3.687 b  notify MASTER 80
>    8.687 b  announce x5
at 10 start a
>   10.000 a  - 192.0.2.100/24 dev eth0
>   10.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>   10.000 a  notify BACKUP 100
>   10.687 a  (VI_1) start preempt delay (5.000 s)
>   10.687 a  (VI_1) master set to 192.0.2.2 with priority 80
at 13 check b boost good
>   13.000 b  VRRP_Script(boost) succeeded
>   13.000 b  (VI_1) Changing effective priority from 80 to 130: a check changed its verdict (check boost)
>   13.687 b  advertises priority 130
at 20 check b boost bad 1
>   20.000 b  VRRP_Script(boost) failed (exited with status 1)
>   20.000 b  (VI_1) Changing effective priority from 130 to 80: a check changed its verdict (check boost)
>   20.687 b  advertises priority 80
>   20.687 a  (VI_1) start preempt delay (5.000 s)
# A fault during the delay: back from it, the whole delay begins again.
at 22 link a eth0 down
>   22.000 a  (VI_1) fault: the interface is down or has no carrier (eth0)
>   22.000 a  (VI_1) Entering FAULT STATE: the host became unfit
>   22.000 a  notify FAULT 100
at 22.1 link a eth0 up
>   22.100 a  (VI_1) no longer: the interface is down or has no carrier
>   22.100 a  (VI_1) Entering BACKUP STATE: the last fault is gone
>   22.100 a  notify BACKUP 100
wait 15
>   22.687 a  (VI_1) start preempt delay (5.000 s)
>   22.687 a  (VI_1) master set to 192.0.2.2 with priority 80
>   27.687 a  (VI_1) received lower priority (80) advert from 192.0.2.2 - discarding
>   30.296 a  (VI_1) Entering MASTER STATE: only lower priorities were heard
>   30.296 a  first advert, priority 100
>   30.296 a  + 192.0.2.100/24 dev eth0
>   30.296 a  announce x5
>   30.296 a  notify MASTER 100
>   30.297 b  (VI_1) Master received advert from 192.0.2.1 with higher priority 100, ours 80
>   30.297 b  advert at once, priority 80
>   30.297 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.1 with priority 100, ours is 80)
>   30.297 b  announce no more
>   30.297 b  - 192.0.2.100/24 dev eth0
>   30.297 b  notify BACKUP 80
>   35.296 a  announce x5
show
>   37.100 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   37.100 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 39.984
