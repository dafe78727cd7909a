# The proxy of the master fails: its priority falls by 30, below that of the backup, which then discards its
# adverts and takes over when Master_Down_Interval is over. The proxy recovers, and the address moves back.

node a b
  interface eth0
  check chk_haproxy fall 2 rise 2
  instance VI_1 vrid 51
  address 192.0.2.100/24
  track check chk_haproxy weight -30
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
at 0.1 check a chk_haproxy good
>    0.100 a  VRRP_Script(chk_haproxy) succeeded
at 0.1 check b chk_haproxy good
>    0.100 b  VRRP_Script(chk_haproxy) succeeded
>    3.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.609 a  first advert, priority 100
>    3.609 a  + 192.0.2.100/24 dev eth0
>    3.609 a  announce x5
>    3.609 a  notify MASTER 100
>    3.609 b  (VI_1) master set to 192.0.2.1 with priority 100
>    8.609 a  announce x5
at 10 check a chk_haproxy bad 1
>   10.000 a  Script `chk_haproxy` now returning 1; it still counts as good
at 12 check a chk_haproxy bad 1
>   12.000 a  VRRP_Script(chk_haproxy) failed (exited with status 1)
>   12.000 a  (VI_1) Changing effective priority from 100 to 70: a check changed its verdict (check chk_haproxy)
>   12.609 a  advertises priority 70
>   12.609 b  (VI_1) received lower priority (70) advert from 192.0.2.1 - discarding
>   15.296 b  (VI_1) Entering MASTER STATE: only lower priorities were heard
>   15.296 b  first advert, priority 80
>   15.296 b  + 192.0.2.100/24 dev eth0
>   15.296 b  announce x5
>   15.296 b  notify MASTER 80
>   15.297 a  (VI_1) Master received advert from 192.0.2.2 with higher priority 80, ours 70
>   15.297 a  advert at once, priority 70
>   15.297 a  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.2 with priority 80, ours is 70)
>   15.297 a  announce no more
>   15.297 a  - 192.0.2.100/24 dev eth0
>   15.297 a  notify BACKUP 70
at 20 check a chk_haproxy good
>   20.000 a  Script `chk_haproxy` now returning 0; it still counts as failed
>   20.296 b  announce x5
at 22 check a chk_haproxy good
>   22.000 a  VRRP_Script(chk_haproxy) succeeded
>   22.000 a  (VI_1) Changing effective priority from 70 to 100: a check changed its verdict (check chk_haproxy)
wait 8
>   22.297 a  (VI_1) received lower priority (80) advert from 192.0.2.2 - discarding
>   24.906 a  (VI_1) Entering MASTER STATE: only lower priorities were heard
>   24.906 a  first advert, priority 100
>   24.906 a  + 192.0.2.100/24 dev eth0
>   24.906 a  announce x5
>   24.906 a  notify MASTER 100
>   24.906 b  (VI_1) Master received advert from 192.0.2.1 with higher priority 100, ours 80
>   24.906 b  advert at once, priority 80
>   24.906 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.1 with priority 100, ours is 80)
>   24.906 b  announce no more
>   24.906 b  - 192.0.2.100/24 dev eth0
>   24.906 b  notify BACKUP 80
>   29.906 a  announce x5
show
>   30.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   30.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 33.594
