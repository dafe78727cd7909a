# How a check can end, and that a new way of failing is told once.

node a
  interface eth0 192.0.2.1
  check chk fall 2
  instance VI_1 vrid 51 priority 100
  address 192.0.2.100/24
  track check chk weight 5

at 0 start a
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 100
at 1 check a chk good
>    1.000 a  VRRP_Script(chk) succeeded
>    1.000 a  (VI_1) Changing effective priority from 100 to 105: a check changed its verdict (check chk)
at 2 check a chk bad 2
>    2.000 a  Script `chk` now returning 2; it still counts as good
at 3 check a chk bad 2
>    3.000 a  VRRP_Script(chk) failed (exited with status 2)
>    3.000 a  (VI_1) Changing effective priority from 105 to 100: a check changed its verdict (check chk)
>    3.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.609 a  first advert, priority 100
>    3.609 a  + 192.0.2.100/24 dev eth0
>    3.609 a  announce x5
>    3.609 a  notify MASTER 100
at 4 check a chk bad 2
at 4.5 check a chk bad 3
>    4.500 a  Script `chk` now returning 3; it still counts as failed
at 5 check a chk signal 15
>    5.000 a  Script `chk` failed (due to signal 15); it still counts as failed
at 6 check a chk timeout
>    6.000 a  Script `chk` timed_out; it still counts as failed
at 7 check a chk cannot_run 2
>    7.000 a  Script `chk` failed (cannot run: No such file or directory); it still counts as failed
at 8 check a chk good
>    8.000 a  VRRP_Script(chk) succeeded
>    8.000 a  (VI_1) Changing effective priority from 100 to 105: a check changed its verdict (check chk)
