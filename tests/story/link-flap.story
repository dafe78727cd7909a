# The link of the master flaps ten times a second. Each time it is backup anew for Master_Down_Interval, so it never
# claims the address on a link that does not hold; B takes over once and keeps it until the link holds.

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
at 10.0 link a eth0 down
>   10.000 a  (VI_1) fault: the interface is down or has no carrier (eth0)
>   10.000 a  (VI_1) Entering FAULT STATE: the host became unfit
>   10.000 a  notify FAULT 100
>   10.000 a  announce no more
>   10.000 a  - 192.0.2.100/24 dev eth0
at 10.05 link a eth0 up
>   10.050 a  (VI_1) no longer: the interface is down or has no carrier
>   10.050 a  (VI_1) Entering MASTER STATE: its link is back before a peer can have taken over
>   10.050 a  first advert, priority 100
>   10.050 a  + 192.0.2.100/24 dev eth0
>   10.050 a  announce x5
>   10.050 a  notify MASTER 100
at 10.1 link a eth0 down
>   10.100 a  (VI_1) fault: the interface is down or has no carrier (eth0)
>   10.100 a  (VI_1) Entering FAULT STATE: the host became unfit
>   10.100 a  notify FAULT 100
>   10.100 a  announce no more
>   10.100 a  - 192.0.2.100/24 dev eth0
at 10.15 link a eth0 up
>   10.150 a  (VI_1) no longer: the interface is down or has no carrier
>   10.150 a  (VI_1) Entering BACKUP STATE: the last fault is gone
>   10.150 a  notify BACKUP 100
at 10.2 link a eth0 down
>   10.200 a  (VI_1) fault: the interface is down or has no carrier (eth0)
>   10.200 a  (VI_1) Entering FAULT STATE: the host became unfit
>   10.200 a  notify FAULT 100
at 10.25 link a eth0 up
>   10.250 a  (VI_1) no longer: the interface is down or has no carrier
>   10.250 a  (VI_1) Entering BACKUP STATE: the last fault is gone
>   10.250 a  notify BACKUP 100
at 10.3 link a eth0 down
>   10.300 a  (VI_1) fault: the interface is down or has no carrier (eth0)
>   10.300 a  (VI_1) Entering FAULT STATE: the host became unfit
>   10.300 a  notify FAULT 100
at 10.35 link a eth0 up
>   10.350 a  (VI_1) no longer: the interface is down or has no carrier
>   10.350 a  (VI_1) Entering BACKUP STATE: the last fault is gone
>   10.350 a  notify BACKUP 100
at 10.4 link a eth0 down
>   10.400 a  (VI_1) fault: the interface is down or has no carrier (eth0)
>   10.400 a  (VI_1) Entering FAULT STATE: the host became unfit
>   10.400 a  notify FAULT 100
at 10.45 link a eth0 up
>   10.450 a  (VI_1) no longer: the interface is down or has no carrier
>   10.450 a  (VI_1) Entering BACKUP STATE: the last fault is gone
>   10.450 a  notify BACKUP 100
wait 10
>   13.737 b  (VI_1) Entering MASTER STATE: no master was heard for 3.68 s, the last was 192.0.2.1 with priority 100
>   13.737 b  first advert, priority 80
>   13.737 b  + 192.0.2.100/24 dev eth0
>   13.737 b  announce x5
>   13.737 b  notify MASTER 80
>   13.737 a  (VI_1) received lower priority (80) advert from 192.0.2.2 - discarding
>   14.059 a  (VI_1) Entering MASTER STATE: only lower priorities were heard
>   14.059 a  first advert, priority 100
>   14.059 a  + 192.0.2.100/24 dev eth0
>   14.059 a  announce x5
>   14.059 a  notify MASTER 100
>   14.059 b  (VI_1) Master received advert from 192.0.2.1 with higher priority 100, ours 80
>   14.059 b  advert at once, priority 80
>   14.059 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.1 with priority 100, ours is 80)
>   14.059 b  announce no more
>   14.059 b  - 192.0.2.100/24 dev eth0
>   14.059 b  notify BACKUP 80
>   19.059 a  announce x5
show
>   20.450 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   20.450 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 23.746
