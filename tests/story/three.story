# Three hosts, one after the other: each time the next in priority takes over, and the others follow it.

node a b c
  interface eth0
  instance VI_1 vrid 51
  address 192.0.2.100/24
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 100
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 90
node c
  interface eth0 192.0.2.3
  instance VI_1 priority 80

at 0 start a b c
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 100
>    0.000 b  - 192.0.2.100/24 dev eth0
>    0.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 b  notify BACKUP 90
>    0.000 c  - 192.0.2.100/24 dev eth0
>    0.000 c  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 c  notify BACKUP 80
>    3.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.609 a  first advert, priority 100
>    3.609 a  + 192.0.2.100/24 dev eth0
>    3.609 a  announce x5
>    3.609 a  notify MASTER 100
>    3.609 b  (VI_1) master set to 192.0.2.1 with priority 100
>    3.609 c  (VI_1) master set to 192.0.2.1 with priority 100
>    8.609 a  announce x5
# In good order: both backups wait for their Skew_Time, B's is the shorter one.
at 10 stop a
>   10.000 a  (VI_1) Stopped in state MASTER: the daemon stops
>   10.000 a  notify STOP 100
>   10.000 a  sends priority 0
>   10.000 a  announce no more
>   10.000 a  - 192.0.2.100/24 dev eth0
>   10.000 b  (VI_1) received priority 0 advertisement from 192.0.2.1: it leaves
>   10.000 c  (VI_1) received priority 0 advertisement from 192.0.2.1: it leaves
>   10.648 b  (VI_1) Entering MASTER STATE: the master said that it leaves (192.0.2.1)
>   10.648 b  first advert, priority 90
>   10.648 b  + 192.0.2.100/24 dev eth0
>   10.648 b  announce x5
>   10.648 b  notify MASTER 90
>   10.648 c  (VI_1) master set to 192.0.2.2 with priority 90
>   15.648 b  announce x5
# Without a word.
at 20 crash b
>   23.336 c  (VI_1) Entering MASTER STATE: no master was heard for 3.68 s, the last was 192.0.2.2 with priority 90
>   23.336 c  first advert, priority 80
>   23.336 c  + 192.0.2.100/24 dev eth0
>   23.336 c  announce x5
>   23.336 c  notify MASTER 80
>   28.336 c  announce x5
at 30 start a b
>   30.000 a  - 192.0.2.100/24 dev eth0
>   30.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>   30.000 a  notify BACKUP 100
>   30.000 b  - 192.0.2.100/24 dev eth0
>   30.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>   30.000 b  notify BACKUP 90
wait 10
>   30.336 a  (VI_1) received lower priority (80) advert from 192.0.2.3 - discarding
>   30.336 b  (VI_1) received lower priority (80) advert from 192.0.2.3 - discarding
>   33.609 a  (VI_1) Entering MASTER STATE: only lower priorities were heard
>   33.609 a  first advert, priority 100
>   33.609 a  + 192.0.2.100/24 dev eth0
>   33.609 a  announce x5
>   33.609 a  notify MASTER 100
>   33.609 b  (VI_1) master set to 192.0.2.1 with priority 100
>   33.609 c  (VI_1) Master received advert from 192.0.2.1 with higher priority 100, ours 80
>   33.609 c  advert at once, priority 80
>   33.609 c  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.1 with priority 100, ours is 80)
>   33.609 c  announce no more
>   33.609 c  - 192.0.2.100/24 dev eth0
>   33.609 c  notify BACKUP 80
>   38.609 a  announce x5
show
>   40.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   40.000 b  (VI_1) is BACKUP with priority 90, follows 192.0.2.1 with 100, waits until 43.257
>   40.000 c  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 43.296
