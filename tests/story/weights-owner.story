# An owner's priority is never changed by weights; a check of weight 0 concerns it as everybody.

node a
  interface eth0 192.0.2.1
  check weighted
  check needed
  instance VI_1 vrid 51 priority 255
  address 192.0.2.100/24
  track check weighted weight -100
  track check needed

at 0 start a
>    0.000 a  (VI_1) waits for the first answer of script needed
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Waiting (init): a tracked script has not answered yet
at 0.1 check a needed good
>    0.100 a  VRRP_Script(needed) succeeded
>    0.100 a  (VI_1) no longer waits for a script
>    0.100 a  (VI_1) Entering MASTER STATE (init): priority 255 owns the addresses
>    0.100 a  first advert, priority 255
>    0.100 a  + 192.0.2.100/24 dev eth0
>    0.100 a  announce x5
>    0.100 a  notify MASTER 255
at 1 check a weighted bad 1
>    1.000 a  VRRP_Script(weighted) failed (exited with status 1)
at 2 check a needed bad 1
>    2.000 a  VRRP_Script(needed) failed (exited with status 1)
>    2.000 a  (VI_1) entering FAULT state due to script needed
>    2.000 a  (VI_1) Entering FAULT STATE: the host became unfit
>    2.000 a  notify FAULT 255
>    2.000 a  sends priority 0
>    2.000 a  announce no more
>    2.000 a  - 192.0.2.100/24 dev eth0
show
>    2.000 a  (VI_1) is FAULT with priority 255, check-failed
