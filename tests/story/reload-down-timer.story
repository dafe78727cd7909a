# down_timer_adverts of a backup goes from 9 to 1, just when two adverts of the master were lost. Counted from the last
# one that was heard, at 20.218, its timer would be past; it begins with the reload instead, and the next advert of
# the master comes in time.

node a b
  interface eth0
  instance VI_1 vrid 51 advert_int 5
  address 192.0.2.100/24
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 200
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 80 down_timer_adverts 9

at 0 start a b
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 200
>    0.000 b  - 192.0.2.100/24 dev eth0
>    0.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 b  notify BACKUP 80
>   15.218 a  (VI_1) Entering MASTER STATE: no master was heard at all
>   15.218 a  first advert, priority 200
>   15.218 a  + 192.0.2.100/24 dev eth0
>   15.218 a  announce x5
>   15.218 a  notify MASTER 200
>   15.218 b  (VI_1) master set to 192.0.2.1 with priority 200
>   20.218 a  announce x5
at 24 cut a b
at 33 heal
at 34 show b
>   34.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 200, waits until 65.906
at 34 reload b
  instance VI_1 down_timer_adverts 1
>   34.000 b  (VI_1) keeps state BACKUP over the reload
show b
>   34.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 200, waits until 39.687
wait 10
show
>   44.000 a  (VI_1) is MASTER with priority 200, holds 192.0.2.100/24
>   44.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 200, waits until 45.906
