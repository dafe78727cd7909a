# A reload changes priorities. The backup becomes the higher one: it takes over when its timer, which
# is not started anew by adverts of a lower priority any more, runs out. The timer moved with the new skew.

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
at 10 reload b
  instance VI_1 priority 120
>   10.000 b  (VI_1) keeps state BACKUP over the reload
>   10.000 b  (VI_1) Changing effective priority from 80 to 120: a new configuration was loaded
show
>   10.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   10.000 b  (VI_1) is BACKUP with priority 120, follows 192.0.2.1 with 100, waits until 13.140
>   10.609 b  (VI_1) received lower priority (100) advert from 192.0.2.1 - discarding
>   13.140 b  (VI_1) Entering MASTER STATE: only lower priorities were heard
>   13.140 b  first advert, priority 120
>   13.140 b  + 192.0.2.100/24 dev eth0
>   13.140 b  announce x5
>   13.140 b  notify MASTER 120
>   13.140 a  (VI_1) Master received advert from 192.0.2.2 with higher priority 120, ours 100
>   13.140 a  advert at once, priority 100
>   13.140 a  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.2 with priority 120, ours is 100)
>   13.140 a  announce no more
>   13.140 a  - 192.0.2.100/24 dev eth0
>   13.140 a  notify BACKUP 100
>   18.140 b  announce x5
at 20 reload b
  instance VI_1 priority 50
>   20.000 b  (VI_1) keeps state MASTER over the reload
>   20.000 b  (VI_1) Changing effective priority from 120 to 50: a new configuration was loaded
wait 10
>   20.140 b  advertises priority 50
>   20.140 a  (VI_1) received lower priority (50) advert from 192.0.2.2 - discarding
>   22.750 a  (VI_1) Entering MASTER STATE: only lower priorities were heard
>   22.750 a  first advert, priority 100
>   22.750 a  + 192.0.2.100/24 dev eth0
>   22.750 a  announce x5
>   22.750 a  notify MASTER 100
>   22.750 b  (VI_1) Master received advert from 192.0.2.1 with higher priority 100, ours 50
>   22.750 b  advert at once, priority 50
>   22.750 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.1 with priority 100, ours is 50)
>   22.750 b  announce no more
>   22.750 b  - 192.0.2.100/24 dev eth0
>   22.750 b  notify BACKUP 50
>   27.750 a  announce x5
show
>   30.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   30.000 b  (VI_1) is BACKUP with priority 50, follows 192.0.2.1 with 100, waits until 33.554
