# The address lists differ. Followed all the same (an edit on one host must not make two masters), but told once by
# the backup, and once more when the state changes.

node a b
  interface eth0
  instance VI_1 vrid 51
  address 192.0.2.100/24
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 100
  address 192.0.2.101/24
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 80

at 0 start a b
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  - 192.0.2.101/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 100
>    0.000 b  - 192.0.2.100/24 dev eth0
>    0.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 b  notify BACKUP 80
>    3.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.609 a  first advert, priority 100
>    3.609 a  + 192.0.2.100/24 dev eth0
>    3.609 a  + 192.0.2.101/24 dev eth0
>    3.609 a  announce x5
>    3.609 a  notify MASTER 100
>    3.609 b  (VI_1) the address list of 192.0.2.1 differs from ours: it advertises 2, ours has 1
>    3.609 b  (VI_1) master set to 192.0.2.1 with priority 100
>    8.609 a  announce x5
at 10 stop b
>   10.000 b  (VI_1) Stopped in state BACKUP: the daemon stops
>   10.000 b  notify STOP 80
at 11 start b
>   11.000 b  - 192.0.2.100/24 dev eth0
>   11.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>   11.000 b  notify BACKUP 80
wait 5
>   11.609 b  (VI_1) the address list of 192.0.2.1 differs from ours: it advertises 2, ours has 1
>   11.609 b  (VI_1) master set to 192.0.2.1 with priority 100
show
>   16.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24, 192.0.2.101/24
>   16.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 19.296
