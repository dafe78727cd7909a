# VRRPv3, two masters that advertise at different intervals: 192.0.2.7 of priority 200 each 1.2 s, 192.0.2.6 of
# priority 150 each 0.2 s. A backup reckons with the interval of whoever spoke last (RFC 9568 6.4.2), but the winner is still
# its master, and nobody takes over before the winner's next advert is overdue: 1.2 * 1.25 = 1.5 s after its last one.

node a
  interface eth0 192.0.2.1
  instance VI_1 vrid 51 version 3 priority 100
  address 192.0.2.100/24

at 0 start a
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 100
# The loser's last words come right after an advert of the winner: nobody takes over before the winner speaks again.
at 1 forge a from 192.0.2.7 priority 200 advert_int 1.2
>    1.000 a  (VI_1) advertisement interval mismatch: 192.0.2.7 advertises every 1200 ms, ours is 1000 ms
>    1.000 a  (VI_1) master set to 192.0.2.7 with priority 200
at 1.01 forge a from 192.0.2.6 priority 150 advert_int 0.2
show
>    1.010 a  (VI_1) is BACKUP with priority 100, follows 192.0.2.7 with 200, waits until 2.500
at 2.2 forge a from 192.0.2.7 priority 200 advert_int 1.2
show
>    2.200 a  (VI_1) is BACKUP with priority 100, follows 192.0.2.7 with 200, waits until 6.531
# Both go silent: 3 * 0.2 + 0.122 = 0.722 s after the last advert of the loser, for the winner's is overdue by then.
at 3.2 forge a from 192.0.2.6 priority 150 advert_int 0.2
show
>    3.200 a  (VI_1) is BACKUP with priority 100, follows 192.0.2.7 with 200, waits until 3.921
wait 2
>    3.921 a  (VI_1) Entering MASTER STATE: no master was heard for 0.72 s, the last was 192.0.2.7 with priority 200
>    3.921 a  first advert, priority 100
>    3.921 a  + 192.0.2.100/24 dev eth0
>    3.921 a  announce x5
>    3.921 a  notify MASTER 100
