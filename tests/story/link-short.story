# The link of the master is lost for half a second. Nobody can have taken over, so it goes on at once and says so.
# A short loss of the interface, or of its only address, is the same. The last one is too long for A to be sure that no
# peer, however eager, has taken over: it begins as backup.

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
at 10.3 link a eth0 down
>   10.300 a  (VI_1) fault: the interface is down or has no carrier (eth0)
>   10.300 a  (VI_1) Entering FAULT STATE: the host became unfit
>   10.300 a  notify FAULT 100
>   10.300 a  announce no more
>   10.300 a  - 192.0.2.100/24 dev eth0
at 10.8 link a eth0 up
>   10.800 a  (VI_1) no longer: the interface is down or has no carrier
>   10.800 a  (VI_1) Entering MASTER STATE: its link is back before a peer can have taken over
>   10.800 a  first advert, priority 100
>   10.800 a  + 192.0.2.100/24 dev eth0
>   10.800 a  announce x5
>   10.800 a  notify MASTER 100
wait 9.2
>   15.800 a  announce x5
show
>   20.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   20.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 23.487
at 20.0 gone a eth0
>   20.000 a  (VI_1) fault: the interface is down or has no carrier (eth0)
>   20.000 a  (VI_1) Entering FAULT STATE: the host became unfit
>   20.000 a  notify FAULT 100
>   20.000 a  announce no more
>   20.000 a  - 192.0.2.100/24 dev eth0
>   20.000 a  (VI_1) fault: the interface has no address to send adverts from (eth0)
>   20.000 a  (VI_1) fault: the interface does not exist (eth0)
>   20.000 a  (VI_1) no longer: the interface is down or has no carrier
>   20.000 a  (VI_1) no longer: the interface has no address to send adverts from
at 21.0 back a eth0
>   21.000 a  (VI_1) no longer: the interface does not exist
>   21.000 a  (VI_1) Entering MASTER STATE: its link is back before a peer can have taken over
>   21.000 a  first advert, priority 100
>   21.000 a  + 192.0.2.100/24 dev eth0
>   21.000 a  announce x5
>   21.000 a  notify MASTER 100
wait 9
>   26.000 a  announce x5
at 30.1 addr a eth0 none
>   30.100 a  (VI_1) fault: the interface has no address to send adverts from (eth0)
>   30.100 a  (VI_1) Entering FAULT STATE: the host became unfit
>   30.100 a  notify FAULT 100
>   30.100 a  announce no more
>   30.100 a  - 192.0.2.100/24 dev eth0
at 31.9 addr a eth0 192.0.2.1
>   31.900 a  (VI_1) no longer: the interface has no address to send adverts from
>   31.900 a  (VI_1) Entering MASTER STATE: its link is back before a peer can have taken over
>   31.900 a  first advert, priority 100
>   31.900 a  + 192.0.2.100/24 dev eth0
>   31.900 a  announce x5
>   31.900 a  notify MASTER 100
wait 9
>   36.900 a  announce x5
show
>   40.900 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   40.900 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 43.587
at 41.5 link a eth0 down
>   41.500 a  (VI_1) fault: the interface is down or has no carrier (eth0)
>   41.500 a  (VI_1) Entering FAULT STATE: the host became unfit
>   41.500 a  notify FAULT 100
>   41.500 a  announce no more
>   41.500 a  - 192.0.2.100/24 dev eth0
at 44.2 link a eth0 up
>   44.200 a  (VI_1) no longer: the interface is down or has no carrier
>   44.200 a  (VI_1) Entering BACKUP STATE: the last fault is gone
>   44.200 a  notify BACKUP 100
wait 1
>   44.587 b  (VI_1) Entering MASTER STATE: no master was heard for 3.68 s, the last was 192.0.2.1 with priority 100
>   44.587 b  first advert, priority 80
>   44.587 b  + 192.0.2.100/24 dev eth0
>   44.587 b  announce x5
>   44.587 b  notify MASTER 80
>   44.587 a  (VI_1) received lower priority (80) advert from 192.0.2.2 - discarding
show
>   45.200 a  (VI_1) is BACKUP with priority 100, waits until 47.809
>   45.200 b  (VI_1) is MASTER with priority 80, holds 192.0.2.100/24
