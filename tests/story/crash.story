# The master's machine dies: nothing is said, and the backup waits for all of Master_Down_Interval.
#
# A becomes master at 3.609 and advertises every second, for the last time at 9.609; B hears that and
# takes over 3 + (256 - 80) / 256 s = 3.687 s later.

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
at 10 crash a
wait 10
>   13.296 b  (VI_1) Entering MASTER STATE: no master was heard for 3.68 s, the last was 192.0.2.1 with priority 100
>   13.296 b  first advert, priority 80
>   13.296 b  + 192.0.2.100/24 dev eth0
>   13.296 b  announce x5
>   13.296 b  notify MASTER 80
>   18.296 b  announce x5
show
>   20.000 a  does not run, holds 0 addresses
>   20.000 b  (VI_1) is MASTER with priority 80, holds 192.0.2.100/24
