# A host of higher priority comes later: it discards the adverts of the lower one, so its timer runs on
# and it takes over. The loser yields without priority 0, and takes its address off. It speaks once more before that; the
# one who preempts expects this and does not answer.

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
wait 10
>   10.687 a  (VI_1) received lower priority (80) advert from 192.0.2.2 - discarding
>   13.609 a  (VI_1) Entering MASTER STATE: only lower priorities were heard
>   13.609 a  first advert, priority 100
>   13.609 a  + 192.0.2.100/24 dev eth0
>   13.609 a  announce x5
>   13.609 a  notify MASTER 100
>   13.609 b  (VI_1) Master received advert from 192.0.2.1 with higher priority 100, ours 80
>   13.609 b  advert at once, priority 80
>   13.609 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.1 with priority 100, ours is 80)
>   13.609 b  announce no more
>   13.609 b  - 192.0.2.100/24 dev eth0
>   13.609 b  notify BACKUP 80
>   18.609 a  announce x5
show
>   20.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   20.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 23.296
