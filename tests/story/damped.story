# Forged adverts of priority 255 that promise an interval of 10 ms: A yields to each, and has waited for long enough 36 ms
# later. Ten changes of state are told; then A is damped: scripts and log hear of a change once in ten seconds, an
# interval below its own is not reckoned with, and priority 0 is no invitation. It yields at once, and takes over when
# nobody was heard for 3.609 s. It is over when nothing has changed for 30 s, and the last state has been told.

node a
  interface eth0 192.0.2.1
  instance VI_1 vrid 51 version 3 priority 100 garp_master_delay 0
  address 192.0.2.100/24

at 0 start a
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 100
>    3.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.609 a  first advert, priority 100
>    3.609 a  + 192.0.2.100/24 dev eth0
>    3.609 a  announce x5
>    3.609 a  notify MASTER 100
at 10 forge a from 192.0.2.9 count 40 every 0.05 priority 255 advert_int 0.01
>   10.000 a  (VI_1) advertisement interval mismatch: 192.0.2.9 advertises every 10 ms, ours is 1000 ms
>   10.000 a  (VI_1) Master received advert from 192.0.2.9 with higher priority 255, ours 100
>   10.000 a  advert at once, priority 100
>   10.000 a  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.9 with priority 255, ours is 100)
>   10.000 a  announce no more
>   10.000 a  - 192.0.2.100/24 dev eth0
>   10.000 a  notify BACKUP 100
wait 4
>   10.036 a  (VI_1) Entering MASTER STATE: no master was heard for 0.03 s, the last was 192.0.2.9 with priority 255
>   10.036 a  first advert, priority 100
>   10.036 a  + 192.0.2.100/24 dev eth0
>   10.036 a  announce x5
>   10.036 a  notify MASTER 100
>   10.050 a  (VI_1) advertisement interval mismatch: 192.0.2.9 advertises every 10 ms, ours is 1000 ms
>   10.050 a  (VI_1) Master received advert from 192.0.2.9 with higher priority 255, ours 100
>   10.050 a  advert at once, priority 100
>   10.050 a  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.9 with priority 255, ours is 100)
>   10.050 a  announce no more
>   10.050 a  - 192.0.2.100/24 dev eth0
>   10.050 a  notify BACKUP 100
>   10.086 a  (VI_1) Entering MASTER STATE: no master was heard for 0.03 s, the last was 192.0.2.9 with priority 255
>   10.086 a  first advert, priority 100
>   10.086 a  + 192.0.2.100/24 dev eth0
>   10.086 a  announce x5
>   10.086 a  notify MASTER 100
>   10.100 a  (VI_1) advertisement interval mismatch: 192.0.2.9 advertises every 10 ms, ours is 1000 ms
>   10.100 a  (VI_1) Master received advert from 192.0.2.9 with higher priority 255, ours 100
>   10.100 a  advert at once, priority 100
>   10.100 a  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.9 with priority 255, ours is 100)
>   10.100 a  announce no more
>   10.100 a  - 192.0.2.100/24 dev eth0
>   10.100 a  notify BACKUP 100
>   10.136 a  (VI_1) Entering MASTER STATE: no master was heard for 0.03 s, the last was 192.0.2.9 with priority 255
>   10.136 a  first advert, priority 100
>   10.136 a  + 192.0.2.100/24 dev eth0
>   10.136 a  announce x5
>   10.136 a  notify MASTER 100
>   10.150 a  (VI_1) advertisement interval mismatch: 192.0.2.9 advertises every 10 ms, ours is 1000 ms
>   10.150 a  (VI_1) Master received advert from 192.0.2.9 with higher priority 255, ours 100
>   10.150 a  advert at once, priority 100
>   10.150 a  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.9 with priority 255, ours is 100)
>   10.150 a  announce no more
>   10.150 a  - 192.0.2.100/24 dev eth0
>   10.150 a  notify BACKUP 100
>   10.186 a  (VI_1) Entering MASTER STATE: no master was heard for 0.03 s, the last was 192.0.2.9 with priority 255
>   10.186 a  first advert, priority 100
>   10.186 a  + 192.0.2.100/24 dev eth0
>   10.186 a  announce x5
>   10.186 a  notify MASTER 100
>   10.200 a  (VI_1) advertisement interval mismatch: 192.0.2.9 advertises every 10 ms, ours is 1000 ms
>   10.200 a  (VI_1) Master received advert from 192.0.2.9 with higher priority 255, ours 100
>   10.200 a  advert at once, priority 100
>   10.200 a  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.9 with priority 255, ours is 100)
>   10.200 a  announce no more
>   10.200 a  - 192.0.2.100/24 dev eth0
>   10.200 a  notify BACKUP 100
>   10.236 a  (VI_1) Entering MASTER STATE: no master was heard for 0.03 s, the last was 192.0.2.9 with priority 255
>   10.236 a  first advert, priority 100
>   10.236 a  + 192.0.2.100/24 dev eth0
>   10.236 a  announce x5
>   10.236 a  notify MASTER 100
>   10.250 a  (VI_1) advertisement interval mismatch: 192.0.2.9 advertises every 10 ms, ours is 1000 ms
>   10.250 a  (VI_1) Master received advert from 192.0.2.9 with higher priority 255, ours 100
>   10.250 a  advert at once, priority 100
>   10.250 a  (VI_1) more than 10 changes of state in 30 s: damped, until there was none for as long; changes are told once in 10 s, and a lower master is left alone
>   10.250 a  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.9 with priority 255, ours is 100)
>   10.250 a  announce no more
>   10.250 a  - 192.0.2.100/24 dev eth0
>   10.300 a  (VI_1) advertisement interval mismatch: 192.0.2.9 advertises every 10 ms, ours is 1000 ms
>   15.559 a  (VI_1) Entering MASTER STATE: no master was heard for 3.60 s, the last was 192.0.2.9 with priority 255
>   15.559 a  first advert, priority 100
>   15.559 a  + 192.0.2.100/24 dev eth0
>   15.559 a  announce x1
at 17 forge a from 192.0.2.9 priority 255 advert_int 0.01
>   17.000 a  (VI_1) advertisement interval mismatch: 192.0.2.9 advertises every 10 ms, ours is 1000 ms
>   17.000 a  (VI_1) Master received advert from 192.0.2.9 with higher priority 255, ours 100
>   17.000 a  advert at once, priority 100
>   17.000 a  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.9 with priority 255, ours is 100)
>   17.000 a  announce no more
>   17.000 a  - 192.0.2.100/24 dev eth0
at 17.1 forge a from 192.0.2.9 priority 0
>   17.100 a  (VI_1) received priority 0 advertisement from 192.0.2.9: it leaves
show a
>   17.100 a  (VI_1) is BACKUP with priority 100, follows 192.0.2.9 with 255, waits until 20.609
wait 4
>   20.250 a  (VI_1) is in state BACKUP; damped: 3 changes of state were not told
>   20.250 a  notify BACKUP 100
>   20.609 a  (VI_1) Entering MASTER STATE: no master was heard for 3.50 s, the last was 192.0.2.9 with priority 255
>   20.609 a  first advert, priority 100
>   20.609 a  + 192.0.2.100/24 dev eth0
>   20.609 a  announce x1
at 22 forge a from 192.0.2.9 priority 255 advert_int 0.01
>   22.000 a  (VI_1) advertisement interval mismatch: 192.0.2.9 advertises every 10 ms, ours is 1000 ms
>   22.000 a  (VI_1) Master received advert from 192.0.2.9 with higher priority 255, ours 100
>   22.000 a  advert at once, priority 100
>   22.000 a  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.9 with priority 255, ours is 100)
>   22.000 a  announce no more
>   22.000 a  - 192.0.2.100/24 dev eth0
wait 1
at 23 forge a from 192.0.2.8 count 40 every 1 priority 50
>   23.000 a  (VI_1) master set to 192.0.2.8 with priority 50
wait 25
>   30.250 a  (VI_1) is in state BACKUP; damped: 5 changes of state were not told
>   30.250 a  notify BACKUP 100
show a
>   48.000 a  (VI_1) is BACKUP with priority 100, follows 192.0.2.8 with 50, waits until 51.609
>   52.000 a  (VI_1) no longer damped: 5 changes of state in 41 s, of which 5 were not told
>   53.000 a  (VI_1) received lower priority (50) advert from 192.0.2.8 - discarding
>   55.609 a  (VI_1) Entering MASTER STATE: only lower priorities were heard
>   55.609 a  first advert, priority 100
>   55.609 a  + 192.0.2.100/24 dev eth0
>   55.609 a  announce x5
>   55.609 a  notify MASTER 100
>   56.000 a  (VI_1) Received advert from 192.0.2.8 with lower priority 50, ours 100, forcing new election
>   56.000 a  advert at once, priority 100
>   56.000 a  announce x5
>   56.000 a  notify RX_LOWER 100
>   57.000 a  advert at once, priority 100
>   57.000 a  announce x5
>   58.000 a  advert at once, priority 100
>   58.000 a  announce x5
>   59.000 a  (VI_1) conflict: 192.0.2.8 goes on advertising, as if it did not hear us
>   59.000 a  advert at once, priority 100
>   59.000 a  announce x5
>   60.000 a  advert at once, priority 100
>   60.000 a  announce x5
>   61.000 a  advert at once, priority 100
>   61.000 a  announce x5
>   62.000 a  advert at once, priority 100
>   62.000 a  announce x5
>   67.000 a  announce x5
at 70 show a
>   70.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
