# B does not hear A and takes over: both advertise. A asserts itself again and again; after two intervals this is no
# election any more but a conflict. When B hears A again it yields, and half a minute later the conflict is over.

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
at 10 cut a b
wait 12
>   13.296 b  (VI_1) Entering MASTER STATE: no master was heard for 3.68 s, the last was 192.0.2.1 with priority 100
>   13.296 b  first advert, priority 80
>   13.296 b  + 192.0.2.100/24 dev eth0
>   13.296 b  announce x5
>   13.296 b  notify MASTER 80
>   13.297 a  (VI_1) Received advert from 192.0.2.2 with lower priority 80, ours 100, forcing new election
>   13.297 a  advert at once, priority 100
>   13.297 a  announce x5
>   13.297 a  notify RX_LOWER 100
>   14.297 a  advert at once, priority 100
>   14.297 a  announce x5
>   15.297 a  advert at once, priority 100
>   15.297 a  announce x5
>   16.297 a  (VI_1) conflict: 192.0.2.2 goes on advertising, as if it did not hear us
>   16.297 a  advert at once, priority 100
>   16.297 a  announce x5
>   17.297 a  advert at once, priority 100
>   17.297 a  announce x5
>   18.296 b  announce x5
>   18.297 a  advert at once, priority 100
>   18.297 a  announce x5
>   19.297 a  advert at once, priority 100
>   19.297 a  announce x5
>   20.297 a  advert at once, priority 100
>   20.297 a  announce x5
>   21.297 a  advert at once, priority 100
>   21.297 a  announce x5
heal
wait 40
>   22.297 a  advert at once, priority 100
>   22.297 a  announce x5
>   22.297 b  (VI_1) Master received advert from 192.0.2.1 with higher priority 100, ours 80
>   22.297 b  advert at once, priority 80
>   22.297 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.1 with priority 100, ours is 80)
>   22.297 b  announce no more
>   22.297 b  - 192.0.2.100/24 dev eth0
>   22.297 b  notify BACKUP 80
>   22.397 a  announce x5
>   27.397 a  announce x5
>   52.297 a  (VI_1) no conflict any more: nothing heard of 192.0.2.2
