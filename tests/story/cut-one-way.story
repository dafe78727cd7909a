# A one-way cut: B does not hear A, but A hears B. B takes over, A answers each of its adverts, B cannot hear that.
# There are two masters as long as the cut lasts. A asserts itself with announcements, so clients reach A.

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
at 17 show
>   17.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   17.000 b  (VI_1) is MASTER with priority 80, holds 192.0.2.100/24
at 17 heal
wait 3
>   17.297 a  advert at once, priority 100
>   17.297 a  announce x5
>   17.297 b  (VI_1) Master received advert from 192.0.2.1 with higher priority 100, ours 80
>   17.297 b  advert at once, priority 80
>   17.297 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.1 with priority 100, ours is 80)
>   17.297 b  announce no more
>   17.297 b  - 192.0.2.100/24 dev eth0
>   17.297 b  notify BACKUP 80
>   17.397 a  announce x5
show
>   20.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   20.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 22.984
