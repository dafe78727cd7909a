# Priority 255 owns the address: it is master at once, at the start and when a fault ends, without waiting.
# The one who was master meanwhile yields to the first advert.

node a b
  interface eth0
  instance VI_1 vrid 51
  address 192.0.2.100/24
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 255
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 100

at 0 start a b
>    0.000 a  (VI_1) Entering MASTER STATE (init): priority 255 owns the addresses
>    0.000 a  first advert, priority 255
>    0.000 a  + 192.0.2.100/24 dev eth0
>    0.000 a  announce x5
>    0.000 a  notify MASTER 255
>    0.000 b  - 192.0.2.100/24 dev eth0
>    0.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 b  notify BACKUP 100
>    0.000 b  (VI_1) master set to 192.0.2.1 with priority 255
>    5.000 a  announce x5
at 5 stop a
>    5.000 a  (VI_1) Stopped in state MASTER: the daemon stops
>    5.000 a  notify STOP 255
>    5.000 a  sends priority 0
>    5.000 a  announce no more
>    5.000 a  - 192.0.2.100/24 dev eth0
>    5.000 b  (VI_1) received priority 0 advertisement from 192.0.2.1: it leaves
>    5.609 b  (VI_1) Entering MASTER STATE: the master said that it leaves (192.0.2.1)
>    5.609 b  first advert, priority 100
>    5.609 b  + 192.0.2.100/24 dev eth0
>    5.609 b  announce x5
>    5.609 b  notify MASTER 100
at 10 start a
>   10.000 a  (VI_1) Entering MASTER STATE (init): priority 255 owns the addresses
>   10.000 a  first advert, priority 255
>   10.000 a  + 192.0.2.100/24 dev eth0
>   10.000 a  announce x5
>   10.000 a  notify MASTER 255
>   10.000 b  (VI_1) Master received advert from 192.0.2.1 with higher priority 255, ours 100
>   10.000 b  advert at once, priority 100
>   10.000 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.1 with priority 255, ours is 100)
>   10.000 b  announce no more
>   10.000 b  - 192.0.2.100/24 dev eth0
>   10.000 b  notify BACKUP 100
>   10.000 a  (VI_1) Received advert from 192.0.2.2 with lower priority 100, ours 255, forcing new election
>   10.000 a  announce x5
>   10.000 a  notify RX_LOWER 255
>   15.000 a  announce x5
at 20 link a eth0 down
>   20.000 a  (VI_1) fault: the interface is down or has no carrier (eth0)
>   20.000 a  (VI_1) Entering FAULT STATE: the host became unfit
>   20.000 a  notify FAULT 255
>   20.000 a  announce no more
>   20.000 a  - 192.0.2.100/24 dev eth0
>   23.609 b  (VI_1) Entering MASTER STATE: no master was heard for 3.60 s, the last was 192.0.2.1 with priority 255
>   23.609 b  first advert, priority 100
>   23.609 b  + 192.0.2.100/24 dev eth0
>   23.609 b  announce x5
>   23.609 b  notify MASTER 100
>   28.609 b  announce x5
at 30 link a eth0 up
>   30.000 a  (VI_1) no longer: the interface is down or has no carrier
>   30.000 a  (VI_1) Entering MASTER STATE: priority 255 owns the addresses
>   30.000 a  first advert, priority 255
>   30.000 a  + 192.0.2.100/24 dev eth0
>   30.000 a  announce x5
>   30.000 a  notify MASTER 255
wait 2
>   30.000 b  (VI_1) Master received advert from 192.0.2.1 with higher priority 255, ours 100
>   30.000 b  advert at once, priority 100
>   30.000 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.1 with priority 255, ours is 100)
>   30.000 b  announce no more
>   30.000 b  - 192.0.2.100/24 dev eth0
>   30.000 b  notify BACKUP 100
>   30.000 a  (VI_1) Received advert from 192.0.2.2 with lower priority 100, ours 255, forcing new election
>   30.000 a  announce x5
>   30.000 a  notify RX_LOWER 255
show
>   32.000 a  (VI_1) is MASTER with priority 255, holds 192.0.2.100/24
>   32.000 b  (VI_1) is BACKUP with priority 100, follows 192.0.2.1 with 255, waits until 34.609
