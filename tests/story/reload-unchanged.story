# A reload with nothing changed: no address moves, no script is told, no timer starts anew. Neither on the master
# nor on the backup.

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
at 10 show
>   10.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   10.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 13.296
at 10 reload a
>   10.000 a  (VI_1) keeps state MASTER over the reload
at 10 reload b
>   10.000 b  (VI_1) keeps state BACKUP over the reload
show
>   10.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   10.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 13.296
wait 5
show
>   15.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   15.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 18.296
