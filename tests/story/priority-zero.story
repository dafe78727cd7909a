# Somebody else says that he leaves (priority 0). The backup cannot know whether it was the master: its timer
# becomes Skew_Time (0.687 s), and the next advert of the real master sets it right again, unless the skew is
# over before. The master answers at once.

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

# The master's next advert comes at 9.609, before the skew is over.
at 9.1 forge b from 192.0.2.9 count 3 every 0.01 priority 0
>    9.100 b  (VI_1) received priority 0 advertisement from 192.0.2.9: it leaves
at 9.2 show b
>    9.200 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.9 with 0, waits until 9.807
>    9.609 b  (VI_1) master set to 192.0.2.1 with priority 100
at 10 forge a from 192.0.2.9 priority 0
>   10.000 a  (VI_1) received priority 0 advertisement from 192.0.2.9: it leaves
>   10.000 a  advert at once, priority 100
>   10.000 a  announce x5
at 10.1 show
>   10.100 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   10.100 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 13.687
# The master's next advert would come at 13.000, after the skew is over: B takes over, and A puts that right.
at 12.1 forge b from 192.0.2.9 priority 0
>   12.100 b  (VI_1) received priority 0 advertisement from 192.0.2.9: it leaves
wait 5
>   12.787 b  (VI_1) Entering MASTER STATE: the master said that it leaves (192.0.2.9)
>   12.787 b  first advert, priority 80
>   12.787 b  + 192.0.2.100/24 dev eth0
>   12.787 b  announce x5
>   12.787 b  notify MASTER 80
>   12.787 a  (VI_1) Received advert from 192.0.2.2 with lower priority 80, ours 100, forcing new election
>   12.787 a  advert at once, priority 100
>   12.787 a  announce x5
>   12.787 a  notify RX_LOWER 100
>   12.787 b  (VI_1) Master received advert from 192.0.2.1 with higher priority 100, ours 80
>   12.787 b  advert at once, priority 80
>   12.787 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.1 with priority 100, ours is 80)
>   12.787 b  announce no more
>   12.787 b  - 192.0.2.100/24 dev eth0
>   12.787 b  notify BACKUP 80
>   12.887 a  announce x5
show
>   17.100 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   17.100 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 20.475
