# The master stands still for 10 s; C, of higher priority, has come meanwhile. A yields as soon as it hears C.

node c
  interface eth0 192.0.2.3
  instance VI_1 vrid 51 priority 120
  address 192.0.2.100/24
node a b
  interface eth0
  instance VI_1 vrid 51
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
>    3.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.609 a  first advert, priority 100
>    3.609 a  + 192.0.2.100/24 dev eth0
>    3.609 a  announce x5
>    3.609 a  notify MASTER 100
>    3.609 b  (VI_1) master set to 192.0.2.1 with priority 100
>    8.609 a  announce x5
at 10 freeze a
at 11 start c
>   11.000 c  - 192.0.2.100/24 dev eth0
>   11.000 c  (VI_1) Entering BACKUP STATE (init): the daemon started
>   11.000 c  notify BACKUP 120
>   13.296 b  (VI_1) Entering MASTER STATE: no master was heard for 3.68 s, the last was 192.0.2.1 with priority 100
>   13.296 b  first advert, priority 80
>   13.296 b  + 192.0.2.100/24 dev eth0
>   13.296 b  announce x5
>   13.296 b  notify MASTER 80
>   13.297 c  (VI_1) received lower priority (80) advert from 192.0.2.2 - discarding
>   14.531 c  (VI_1) Entering MASTER STATE: only lower priorities were heard
>   14.531 c  first advert, priority 120
>   14.531 c  + 192.0.2.100/24 dev eth0
>   14.531 c  announce x5
>   14.531 c  notify MASTER 120
>   14.531 b  (VI_1) Master received advert from 192.0.2.3 with higher priority 120, ours 80
>   14.531 b  advert at once, priority 80
>   14.531 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.3 with priority 120, ours is 80)
>   14.531 b  announce no more
>   14.531 b  - 192.0.2.100/24 dev eth0
>   14.531 b  notify BACKUP 80
>   19.531 c  announce x5
at 20 thaw a
>   20.000 a  (VI_1) late by 9.39 s: listening before anything is said
>   20.000 a  announce no more
>   20.000 a  (VI_1) Received advert from 192.0.2.2 with lower priority 80, ours 100, forcing new election
>   20.000 a  (VI_1) Master received advert from 192.0.2.3 with higher priority 120, ours 100
>   20.000 a  advert at once, priority 100
>   20.000 a  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.3 with priority 120, ours is 100)
>   20.000 a  announce no more
>   20.000 a  - 192.0.2.100/24 dev eth0
>   20.000 a  notify BACKUP 100
>   20.000 a  (VI_1) received lower priority (80) advert from 192.0.2.2 - discarding
wait 5
>   20.000 c  (VI_1) Received advert from 192.0.2.1 with lower priority 100, ours 120, forcing new election
>   20.000 c  advert at once, priority 120
>   20.000 c  announce x5
>   20.000 c  notify RX_LOWER 120
show
>   25.000 c  (VI_1) is MASTER with priority 120, holds 192.0.2.100/24
>   25.000 a  (VI_1) is BACKUP with priority 100, follows 192.0.2.3 with 120, waits until 27.609
>   25.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.3 with 120, waits until 27.687
