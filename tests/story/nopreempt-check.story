# nopreempt with a check: the priority of the master falls below that of the backup and recovers.
#
# B has nopreempt: it follows the lower master, so a failed check with a weight moves nothing. When A leaves,
# B takes over; A comes back healthy and higher, and has nopreempt as well: nothing moves back.

node a b
  interface eth0
  check chk_proxy
  instance VI_1 nopreempt
  address 192.0.2.100/24
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 100
  track check chk_proxy weight -30
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
at 0.1 check a chk_proxy good
>    0.100 a  VRRP_Script(chk_proxy) succeeded
>    3.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.609 a  first advert, priority 100
>    3.609 a  + 192.0.2.100/24 dev eth0
>    3.609 a  announce x5
>    3.609 a  notify MASTER 100
>    3.609 b  (VI_1) master set to 192.0.2.1 with priority 100
>    8.609 a  announce x5
at 10 check a chk_proxy bad 1
>   10.000 a  VRRP_Script(chk_proxy) failed (exited with status 1)
>   10.000 a  (VI_1) Changing effective priority from 100 to 70: a check changed its verdict (check chk_proxy)
>   10.609 a  advertises priority 70
at 20 show
>   20.000 a  (VI_1) is MASTER with priority 70, holds 192.0.2.100/24
>   20.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 70, waits until 23.296
at 20 stop a
>   20.000 a  (VI_1) Stopped in state MASTER: the daemon stops
>   20.000 a  notify STOP 70
>   20.000 a  sends priority 0
>   20.000 a  announce no more
>   20.000 a  - 192.0.2.100/24 dev eth0
>   20.000 b  (VI_1) received priority 0 advertisement from 192.0.2.1: it leaves
>   20.687 b  (VI_1) Entering MASTER STATE: the master said that it leaves (192.0.2.1)
>   20.687 b  first advert, priority 80
>   20.687 b  + 192.0.2.100/24 dev eth0
>   20.687 b  announce x5
>   20.687 b  notify MASTER 80
>   25.687 b  announce x5
at 30 start a
>   30.000 a  - 192.0.2.100/24 dev eth0
>   30.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>   30.000 a  notify BACKUP 100
at 30.1 check a chk_proxy good
>   30.100 a  VRRP_Script(chk_proxy) succeeded
wait 10
>   30.687 a  (VI_1) master set to 192.0.2.2 with priority 80
show
>   40.100 a  (VI_1) is BACKUP with priority 100, follows 192.0.2.2 with 80, waits until 43.297
>   40.100 b  (VI_1) is MASTER with priority 80, holds 192.0.2.100/24
