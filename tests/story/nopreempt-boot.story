# nopreempt at boot: A has the higher priority but finds a master, and follows it. Only when that
# master is silent does A take over; B then comes back, is lower, and follows.

node a b
  interface eth0
  instance VI_1 vrid 51 nopreempt
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
>   10.687 a  (VI_1) master set to 192.0.2.2 with priority 80
at 20 show
>   20.000 a  (VI_1) is BACKUP with priority 100, follows 192.0.2.2 with 80, waits until 23.296
>   20.000 b  (VI_1) is MASTER with priority 80, holds 192.0.2.100/24
at 21 crash b
>   24.296 a  (VI_1) Entering MASTER STATE: no master was heard for 3.60 s, the last was 192.0.2.2 with priority 80
>   24.296 a  first advert, priority 100
>   24.296 a  + 192.0.2.100/24 dev eth0
>   24.296 a  announce x5
>   24.296 a  notify MASTER 100
>   29.296 a  announce x5
at 30 start b
>   30.000 b  - 192.0.2.100/24 dev eth0
>   30.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>   30.000 b  notify BACKUP 80
wait 10
>   30.297 b  (VI_1) master set to 192.0.2.1 with priority 100
show
>   40.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   40.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 42.984
