# A check keeps its verdict over a reload when its definition is the same, even when rise and fall are not
# reached yet; the weight may change meanwhile.

node a
  interface eth0 192.0.2.1
  check chk fall 3
  instance VI_1 vrid 51 priority 100
  address 192.0.2.100/24
  track check chk weight 10

at 0 start a
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 100
at 0.1 check a chk good
>    0.100 a  VRRP_Script(chk) succeeded
>    0.100 a  (VI_1) Changing effective priority from 100 to 110: a check changed its verdict (check chk)
>    3.570 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.570 a  first advert, priority 110
>    3.570 a  + 192.0.2.100/24 dev eth0
>    3.570 a  announce x5
>    3.570 a  notify MASTER 110
at 5 check a chk bad 1
>    5.000 a  Script `chk` now returning 1; it still counts as good
at 6 reload a
  instance VI_1
  no tracks
  track check chk weight 20
>    6.000 a  (VI_1) keeps state MASTER over the reload
>    6.000 a  (VI_1) Changing effective priority from 110 to 120: a new configuration was loaded
>    6.570 a  advertises priority 120
at 7 check a chk bad 1
at 8 check a chk bad 1
>    8.000 a  VRRP_Script(chk) failed (exited with status 1)
>    8.000 a  (VI_1) Changing effective priority from 120 to 100: a check changed its verdict (check chk)
