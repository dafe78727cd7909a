# Equal priorities, one is master already: an equal priority is not lower, so the backup follows it, whoever has
# the higher address. It takes over only when the master is silent.

node a b
  interface eth0
  instance VI_1 vrid 51
  address 192.0.2.100/24
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 100
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 100

at 0 start a
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 100
>    3.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.609 a  first advert, priority 100
>    3.609 a  + 192.0.2.100/24 dev eth0
>    3.609 a  announce x5
>    3.609 a  notify MASTER 100
at 5 start b
>    5.000 b  - 192.0.2.100/24 dev eth0
>    5.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>    5.000 b  notify BACKUP 100
>    5.609 b  (VI_1) master set to 192.0.2.1 with priority 100
>    8.609 a  announce x5
at 15 show
>   15.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   15.000 b  (VI_1) is BACKUP with priority 100, follows 192.0.2.1 with 100, waits until 18.218
at 16 crash a
wait 10
>   19.218 b  (VI_1) Entering MASTER STATE: no master was heard for 3.60 s, the last was 192.0.2.1 with priority 100
>   19.218 b  first advert, priority 100
>   19.218 b  + 192.0.2.100/24 dev eth0
>   19.218 b  announce x5
>   19.218 b  notify MASTER 100
>   24.218 b  announce x5
show
>   26.000 a  does not run, holds 0 addresses
>   26.000 b  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
