# A stop in each state: INIT is reached, whatever held is given up, and STOP is told.

node a b c
  interface eth0
  check chk
  instance VI_1 vrid 51
  address 192.0.2.100/24
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 100
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 80
node c
  interface eth0 192.0.2.3
  instance VI_1 priority 60
  track check chk

at 0 start a b c
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 100
>    0.000 b  - 192.0.2.100/24 dev eth0
>    0.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 b  notify BACKUP 80
>    0.000 c  (VI_1) waits for the first answer of script chk
>    0.000 c  - 192.0.2.100/24 dev eth0
>    0.000 c  (VI_1) Waiting (init): a tracked script has not answered yet
>    3.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.609 a  first advert, priority 100
>    3.609 a  + 192.0.2.100/24 dev eth0
>    3.609 a  announce x5
>    3.609 a  notify MASTER 100
>    3.609 b  (VI_1) master set to 192.0.2.1 with priority 100
# In FAULT (waiting for its check), as a backup, as a master.
at 5 stop c
>    5.000 c  (VI_1) Stopped in state INIT: the daemon stops
>    5.000 c  notify STOP 60
at 6 stop b
>    6.000 b  (VI_1) Stopped in state BACKUP: the daemon stops
>    6.000 b  notify STOP 80
at 7 stop a
>    7.000 a  (VI_1) Stopped in state MASTER: the daemon stops
>    7.000 a  notify STOP 100
>    7.000 a  sends priority 0
>    7.000 a  announce no more
>    7.000 a  - 192.0.2.100/24 dev eth0
show
>    7.000 a  (VI_1) is INIT with priority 100
>    7.000 b  (VI_1) is INIT with priority 80
>    7.000 c  (VI_1) is INIT with priority 60, check-pending; refused: not-running 2
# Stopped is stopped: nothing wakes it.
at 8 link a eth0 down
at 9 link a eth0 up
at 10 forge a from 192.0.2.9 priority 1
at 10 stop a
wait 20
show a
>   30.000 a  (VI_1) is INIT with priority 100
