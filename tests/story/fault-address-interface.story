# An interface that carries an address of the instance goes: fault, and the peer takes over; an excluded address
# counts as well. One with no_track does not.

node a b
  interface eth0
  interface eth1
  interface eth2
  interface eth3
  instance VI_1 vrid 51
  address 192.0.2.100/24
  address 192.0.2.101/24 dev eth1
  address 192.0.2.102/24 dev eth2 excluded
  address 192.0.2.103/24 dev eth3 no_track
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 150
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 100

at 0 start a b
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  - 192.0.2.101/24 dev eth1
>    0.000 a  - 192.0.2.103/24 dev eth3
>    0.000 a  - 192.0.2.102/24 dev eth2
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 150
>    0.000 b  - 192.0.2.100/24 dev eth0
>    0.000 b  - 192.0.2.101/24 dev eth1
>    0.000 b  - 192.0.2.103/24 dev eth3
>    0.000 b  - 192.0.2.102/24 dev eth2
>    0.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 b  notify BACKUP 100
>    3.414 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.414 a  first advert, priority 150
>    3.414 a  + 192.0.2.100/24 dev eth0
>    3.414 a  + 192.0.2.101/24 dev eth1
>    3.414 a  + 192.0.2.103/24 dev eth3
>    3.414 a  + 192.0.2.102/24 dev eth2
>    3.414 a  announce x5
>    3.414 a  notify MASTER 150
>    3.414 b  (VI_1) master set to 192.0.2.1 with priority 150
at 5 link a eth1 down
>    5.000 a  (VI_1) fault: the interface of an address is missing, or is down or has no carrier (eth1)
>    5.000 a  (VI_1) Entering FAULT STATE: the host became unfit
>    5.000 a  notify FAULT 150
>    5.000 a  sends priority 0
>    5.000 a  announce no more
>    5.000 a  - 192.0.2.100/24 dev eth0
>    5.000 a  - 192.0.2.101/24 dev eth1
>    5.000 a  - 192.0.2.103/24 dev eth3
>    5.000 a  - 192.0.2.102/24 dev eth2
>    5.000 b  (VI_1) received priority 0 advertisement from 192.0.2.1: it leaves
>    5.609 b  (VI_1) Entering MASTER STATE: the master said that it leaves (192.0.2.1)
>    5.609 b  first advert, priority 100
>    5.609 b  + 192.0.2.100/24 dev eth0
>    5.609 b  + 192.0.2.101/24 dev eth1
>    5.609 b  + 192.0.2.103/24 dev eth3
>    5.609 b  + 192.0.2.102/24 dev eth2
>    5.609 b  announce x5
>    5.609 b  notify MASTER 100
at 8 link a eth1 up
>    8.000 a  (VI_1) no longer: the interface of an address is missing, or is down or has no carrier
>    8.000 a  (VI_1) Entering BACKUP STATE: the last fault is gone
>    8.000 a  notify BACKUP 150
>    8.609 a  (VI_1) received lower priority (100) advert from 192.0.2.2 - discarding
>   10.609 b  announce x5
>   11.414 a  (VI_1) Entering MASTER STATE: only lower priorities were heard
>   11.414 a  first advert, priority 150
>   11.414 a  + 192.0.2.100/24 dev eth0
>   11.414 a  + 192.0.2.101/24 dev eth1
>   11.414 a  + 192.0.2.103/24 dev eth3
>   11.414 a  + 192.0.2.102/24 dev eth2
>   11.414 a  announce x5
>   11.414 a  notify MASTER 150
>   11.414 b  (VI_1) Master received advert from 192.0.2.1 with higher priority 150, ours 100
>   11.414 b  advert at once, priority 100
>   11.414 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.1 with priority 150, ours is 100)
>   11.414 b  announce no more
>   11.414 b  - 192.0.2.100/24 dev eth0
>   11.414 b  - 192.0.2.101/24 dev eth1
>   11.414 b  - 192.0.2.103/24 dev eth3
>   11.414 b  - 192.0.2.102/24 dev eth2
>   11.414 b  notify BACKUP 100
at 13 gone a eth2
>   13.000 a  (VI_1) fault: the interface of an address is missing, or is down or has no carrier (eth2)
>   13.000 a  (VI_1) Entering FAULT STATE: the host became unfit
>   13.000 a  notify FAULT 150
>   13.000 a  sends priority 0
>   13.000 a  announce no more
>   13.000 a  - 192.0.2.100/24 dev eth0
>   13.000 a  - 192.0.2.101/24 dev eth1
>   13.000 a  - 192.0.2.103/24 dev eth3
>   13.000 a  - 192.0.2.102/24 dev eth2
>   13.000 b  (VI_1) received priority 0 advertisement from 192.0.2.1: it leaves
>   13.609 b  (VI_1) Entering MASTER STATE: the master said that it leaves (192.0.2.1)
>   13.609 b  first advert, priority 100
>   13.609 b  + 192.0.2.100/24 dev eth0
>   13.609 b  + 192.0.2.101/24 dev eth1
>   13.609 b  + 192.0.2.103/24 dev eth3
>   13.609 b  + 192.0.2.102/24 dev eth2
>   13.609 b  announce x5
>   13.609 b  notify MASTER 100
at 15 back a eth2
>   15.000 a  (VI_1) no longer: the interface of an address is missing, or is down or has no carrier
>   15.000 a  (VI_1) Entering BACKUP STATE: the last fault is gone
>   15.000 a  notify BACKUP 150
>   15.609 a  (VI_1) received lower priority (100) advert from 192.0.2.2 - discarding
>   18.414 a  (VI_1) Entering MASTER STATE: only lower priorities were heard
>   18.414 a  first advert, priority 150
>   18.414 a  + 192.0.2.100/24 dev eth0
>   18.414 a  + 192.0.2.101/24 dev eth1
>   18.414 a  + 192.0.2.103/24 dev eth3
>   18.414 a  + 192.0.2.102/24 dev eth2
>   18.414 a  announce x5
>   18.414 a  notify MASTER 150
>   18.414 b  (VI_1) Master received advert from 192.0.2.1 with higher priority 150, ours 100
>   18.414 b  advert at once, priority 100
>   18.414 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.1 with priority 150, ours is 100)
>   18.414 b  announce no more
>   18.414 b  - 192.0.2.100/24 dev eth0
>   18.414 b  - 192.0.2.101/24 dev eth1
>   18.414 b  - 192.0.2.103/24 dev eth3
>   18.414 b  - 192.0.2.102/24 dev eth2
>   18.414 b  notify BACKUP 100
at 20 link a eth3 down
at 21 show
>   21.000 a  (VI_1) is MASTER with priority 150, holds 192.0.2.100/24, 192.0.2.101/24, 192.0.2.103/24, 192.0.2.102/24; refused: not-running 5
>   21.000 b  (VI_1) is BACKUP with priority 100, follows 192.0.2.1 with 150, waits until 24.023
