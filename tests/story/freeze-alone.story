# The master's process stands still, and the backup is stopped meanwhile: A hears it come and go, speaks again and
# announces. An address that was taken away while it stood still comes back then, not before. The second time nobody is
# heard, and it is stopped while it listens.

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
at 10 freeze a
>   13.296 b  (VI_1) Entering MASTER STATE: no master was heard for 3.68 s, the last was 192.0.2.1 with priority 100
>   13.296 b  first advert, priority 80
>   13.296 b  + 192.0.2.100/24 dev eth0
>   13.296 b  announce x5
>   13.296 b  notify MASTER 80
>   18.296 b  announce x5
at 20 stop b
>   20.000 b  (VI_1) Stopped in state MASTER: the daemon stops
>   20.000 b  notify STOP 80
>   20.000 b  sends priority 0
>   20.000 b  announce no more
>   20.000 b  - 192.0.2.100/24 dev eth0
at 21 thaw a
>   21.000 a  (VI_1) late by 10.39 s: listening before anything is said
>   21.000 a  announce no more
>   21.000 a  (VI_1) Received advert from 192.0.2.2 with lower priority 80, ours 100, forcing new election
>   21.000 a  (VI_1) received priority 0 advertisement from 192.0.2.2: it leaves
at 21.05 lost a 192.0.2.100/24
>   21.050 a  (VI_1) 192.0.2.100/24 on eth0 was removed by another program: putting it back
wait 10
>   21.100 a  + 192.0.2.100/24 dev eth0
>   21.100 a  announce x5
>   21.100 a  notify RX_LOWER 100
>   26.100 a  announce x5
show
>   31.050 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   31.050 b  (VI_1) is INIT with priority 80
at 40 freeze a
at 50 thaw a
>   50.000 a  (VI_1) late by 9.90 s: listening before anything is said
>   50.000 a  announce no more
at 50.5 stop a
>   50.500 a  (VI_1) Stopped in state MASTER: the daemon stops
>   50.500 a  notify STOP 100
>   50.500 a  sends priority 0
>   50.500 a  announce no more
>   50.500 a  - 192.0.2.100/24 dev eth0
