# Weights: each thing that is tracked adds to the base priority of 100.
#
#               good    bad
#   weight 10    +10      0
#   weight -20     0    -20
#   reverse      the sign is turned: weight 10 is -10 while good, weight -20 is +20 while bad
#
# A check counts for nothing before its first word; an interface is up or down from the start.

node a
  interface eth0 192.0.2.1
  interface eth1
  interface eth2
  check plus
  check minus
  check rplus
  check rminus
  instance VI_1 vrid 51 priority 100
  address 192.0.2.100/24
  track check plus weight 10
  track check minus weight -20
  track check rplus weight 3 reverse
  track check rminus weight -5 reverse
  track interface eth1 weight 40
  track interface eth2 weight -60 reverse

# eth1 is up: 100 + 40.
at 0 start a
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 140
show
>    0.000 a  (VI_1) is BACKUP with priority 140, waits until 3.453
at 1 check a plus good
>    1.000 a  VRRP_Script(plus) succeeded
>    1.000 a  (VI_1) Changing effective priority from 140 to 150: a check changed its verdict (check plus)
at 1 check a minus good
>    1.000 a  VRRP_Script(minus) succeeded
at 1 check a rplus good
>    1.000 a  VRRP_Script(rplus) succeeded
>    1.000 a  (VI_1) Changing effective priority from 150 to 147: a check changed its verdict (check rplus)
at 1 check a rminus good
>    1.000 a  VRRP_Script(rminus) succeeded
# 100 + 40 + 10 - 3
show
>    1.000 a  (VI_1) is BACKUP with priority 147, waits until 3.425
at 2 check a plus bad 1
>    2.000 a  VRRP_Script(plus) failed (exited with status 1)
>    2.000 a  (VI_1) Changing effective priority from 147 to 137: a check changed its verdict (check plus)
at 2 check a minus bad 1
>    2.000 a  VRRP_Script(minus) failed (exited with status 1)
>    2.000 a  (VI_1) Changing effective priority from 137 to 117: a check changed its verdict (check minus)
at 2 check a rplus bad 1
>    2.000 a  VRRP_Script(rplus) failed (exited with status 1)
>    2.000 a  (VI_1) Changing effective priority from 117 to 120: a check changed its verdict (check rplus)
at 2 check a rminus bad 1
>    2.000 a  VRRP_Script(rminus) failed (exited with status 1)
>    2.000 a  (VI_1) Changing effective priority from 120 to 125: a check changed its verdict (check rminus)
# 100 + 40 - 20 + 5
show
>    2.000 a  (VI_1) is BACKUP with priority 125, waits until 3.511
at 3 link a eth1 down
>    3.000 a  (VI_1) Changing effective priority from 125 to 85: an interface changed (interface eth1)
at 3 link a eth2 down
>    3.000 a  (VI_1) Changing effective priority from 85 to 145: an interface changed (interface eth2)
# 100 - 20 + 5 + 60
show
>    3.000 a  (VI_1) is BACKUP with priority 145, waits until 3.433
