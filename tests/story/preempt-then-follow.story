# C discards the adverts of the lower B, then A comes and leads; A dies. C's line tells that no master was heard: the
# lower one was long ago, before A.

node a b c
  interface eth0
  instance VI_1 vrid 51
  address 192.0.2.100/24
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 200
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 80
node c
  interface eth0 192.0.2.3
  instance VI_1 priority 100

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
>   10.000 a  notify BACKUP 200
>   10.687 a  (VI_1) received lower priority (80) advert from 192.0.2.2 - discarding
at 11 start c
>   11.000 c  - 192.0.2.100/24 dev eth0
>   11.000 c  (VI_1) Entering BACKUP STATE (init): the daemon started
>   11.000 c  notify BACKUP 100
>   11.687 c  (VI_1) received lower priority (80) advert from 192.0.2.2 - discarding
>   13.218 a  (VI_1) Entering MASTER STATE: only lower priorities were heard
>   13.218 a  first advert, priority 200
>   13.218 a  + 192.0.2.100/24 dev eth0
>   13.218 a  announce x5
>   13.218 a  notify MASTER 200
>   13.218 b  (VI_1) Master received advert from 192.0.2.1 with higher priority 200, ours 80
>   13.218 b  advert at once, priority 80
>   13.218 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.1 with priority 200, ours is 80)
>   13.218 b  announce no more
>   13.218 b  - 192.0.2.100/24 dev eth0
>   13.218 b  notify BACKUP 80
>   13.218 c  (VI_1) master set to 192.0.2.1 with priority 200
>   18.218 a  announce x5
at 20 crash a
wait 5
>   22.828 c  (VI_1) Entering MASTER STATE: no master was heard for 3.60 s, the last was 192.0.2.1 with priority 200
>   22.828 c  first advert, priority 100
>   22.828 c  + 192.0.2.100/24 dev eth0
>   22.828 c  announce x5
>   22.828 c  notify MASTER 100
>   22.828 b  (VI_1) master set to 192.0.2.3 with priority 100
show
>   25.000 a  does not run, holds 0 addresses
>   25.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.3 with 100, waits until 28.515
>   25.000 c  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
