# preempt_delay 10: A comes while B is master. The delay begins with the first lower advert that A hears;
# until it ends, A follows B. Then B's adverts are discarded, and A's timer, started by the last one that
# was followed, runs out: about 10 s + Master_Down_Interval after the start in all.

node a b
  interface eth0
  instance VI_1 vrid 51
  address 192.0.2.100/24
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 100 preempt_delay 10
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 80

at 0 start b
>    0.000 b  - 192.0.2.100/24 dev eth0
>    0.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 b  notify BACKUP 80
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
wait 20
>   10.687 a  (VI_1) start preempt delay (10.000 s)
>   10.687 a  (VI_1) master set to 192.0.2.2 with priority 80
>   20.687 a  (VI_1) received lower priority (80) advert from 192.0.2.2 - discarding
>   23.296 a  (VI_1) Entering MASTER STATE: only lower priorities were heard
>   23.296 a  first advert, priority 100
>   23.296 a  + 192.0.2.100/24 dev eth0
>   23.296 a  announce x5
>   23.296 a  notify MASTER 100
>   23.297 b  (VI_1) Master received advert from 192.0.2.1 with higher priority 100, ours 80
>   23.297 b  advert at once, priority 80
>   23.297 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.1 with priority 100, ours is 80)
>   23.297 b  announce no more
>   23.297 b  - 192.0.2.100/24 dev eth0
>   23.297 b  notify BACKUP 80
>   28.296 a  announce x5
show
>   30.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   30.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 32.984
