# VRRPv3 with an interval of 10 ms: Master_Down_Interval of B is (3 + (256 - 80) / 256) * 10 ms = 36.9 ms, its
# Skew_Time 6.9 ms.

node a b
  interface eth0
  instance VI_1 vrid 51 version 3 advert_int 0.01 garp_master_delay 0
  address 192.0.2.100/24
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 100
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 80

at 0 start a b
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 100
>    0.000 b  - 192.0.2.100/24 dev eth0
>    0.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 b  notify BACKUP 80
>    0.036 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    0.036 a  first advert, priority 100
>    0.036 a  + 192.0.2.100/24 dev eth0
>    0.036 a  announce x5
>    0.036 a  notify MASTER 100
>    0.036 b  (VI_1) master set to 192.0.2.1 with priority 100
at 1 crash a
>    1.033 b  (VI_1) Entering MASTER STATE: no master was heard for 0.03 s, the last was 192.0.2.1 with priority 100
>    1.033 b  first advert, priority 80
>    1.033 b  + 192.0.2.100/24 dev eth0
>    1.033 b  announce x5
>    1.033 b  notify MASTER 80
at 2 start a
>    2.000 a  - 192.0.2.100/24 dev eth0
>    2.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    2.000 a  notify BACKUP 100
>    2.003 a  (VI_1) received lower priority (80) advert from 192.0.2.2 - discarding
>    2.036 a  (VI_1) Entering MASTER STATE: only lower priorities were heard
>    2.036 a  first advert, priority 100
>    2.036 a  + 192.0.2.100/24 dev eth0
>    2.036 a  announce x5
>    2.036 a  notify MASTER 100
>    2.036 b  (VI_1) Master received advert from 192.0.2.1 with higher priority 100, ours 80
>    2.036 b  advert at once, priority 80
>    2.036 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.1 with priority 100, ours is 80)
>    2.036 b  announce no more
>    2.036 b  - 192.0.2.100/24 dev eth0
>    2.036 b  notify BACKUP 80
at 3 stop a
>    3.000 a  (VI_1) Stopped in state MASTER: the daemon stops
>    3.000 a  notify STOP 100
>    3.000 a  sends priority 0
>    3.000 a  announce no more
>    3.000 a  - 192.0.2.100/24 dev eth0
wait 1
>    3.000 b  (VI_1) received priority 0 advertisement from 192.0.2.1: it leaves
>    3.006 b  (VI_1) Entering MASTER STATE: the master said that it leaves (192.0.2.1)
>    3.006 b  first advert, priority 80
>    3.006 b  + 192.0.2.100/24 dev eth0
>    3.006 b  announce x5
>    3.006 b  notify MASTER 80
show
>    4.000 a  (VI_1) is INIT with priority 100
>    4.000 b  (VI_1) is MASTER with priority 80, holds 192.0.2.100/24
