# The effective priority stays within 1 and 254: 255 is the owner's word, and 0 means leaving.

node a
  interface eth0 192.0.2.1
  check up
  check down
  instance VI_1 vrid 51 priority 100
  address 192.0.2.100/24
  track check up weight 200
  track check down weight -200

at 0 start a
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 100
at 1 check a up good
>    1.000 a  VRRP_Script(up) succeeded
>    1.000 a  (VI_1) Changing effective priority from 100 to 254: a check changed its verdict (check up)
at 2 check a down bad 1
>    2.000 a  VRRP_Script(down) failed (exited with status 1)
>    2.000 a  (VI_1) Changing effective priority from 254 to 100: a check changed its verdict (check down)
at 3 check a up bad 1
>    3.000 a  VRRP_Script(up) failed (exited with status 1)
>    3.000 a  (VI_1) Changing effective priority from 100 to 1: a check changed its verdict (check up)
wait 1
>    3.996 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.996 a  first advert, priority 1
>    3.996 a  + 192.0.2.100/24 dev eth0
>    3.996 a  announce x5
>    3.996 a  notify MASTER 1
show
>    4.000 a  (VI_1) is MASTER with priority 1, holds 192.0.2.100/24
