# A and B do not hear each other, C hears both. B takes over beside A; C follows the one that it heard last.

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
at 10 split a b
wait 6
>   13.257 b  (VI_1) Entering MASTER STATE: no master was heard for 3.64 s, the last was 192.0.2.1 with priority 100
>   13.257 b  first advert, priority 90
>   13.257 b  + 192.0.2.100/24 dev eth0
>   13.257 b  announce x5
>   13.257 b  notify MASTER 90
show
>   16.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   16.000 b  (VI_1) is MASTER with priority 90, holds 192.0.2.100/24
>   16.000 c  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 19.296
