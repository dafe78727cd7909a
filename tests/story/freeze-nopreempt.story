# nopreempt: the master's process stands still for 10 s and B takes over. When A runs again it leaves the address to B,
# although its priority is higher: it was silent. Priority 0 makes B announce again: while A stood still its kernel went on
# answering for the address.

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
at 10 freeze a
>   13.296 b  (VI_1) Entering MASTER STATE: no master was heard for 3.68 s, the last was 192.0.2.1 with priority 100
>   13.296 b  first advert, priority 80
>   13.296 b  + 192.0.2.100/24 dev eth0
>   13.296 b  announce x5
>   13.296 b  notify MASTER 80
>   18.296 b  announce x5
at 20 thaw a
>   20.000 a  (VI_1) late by 9.39 s: listening before anything is said
>   20.000 a  announce no more
>   20.000 a  (VI_1) 192.0.2.2 with priority 80 took over while this host stood still
>   20.000 a  sends priority 0
>   20.000 a  (VI_1) Entering BACKUP STATE: this host stood still, and another took over
>   20.000 a  announce no more
>   20.000 a  - 192.0.2.100/24 dev eth0
>   20.000 a  notify BACKUP 100
wait 5
>   20.000 b  (VI_1) received priority 0 advertisement from 192.0.2.1: it leaves
>   20.000 b  advert at once, priority 80
>   20.000 b  announce x5
show
>   25.000 a  (VI_1) is BACKUP with priority 100, follows 192.0.2.2 with 80, waits until 27.609
>   25.000 b  (VI_1) is MASTER with priority 80, holds 192.0.2.100/24
