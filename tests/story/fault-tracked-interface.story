# A tracked interface of weight 0 goes down: fault. With a weight it is only a matter of priority. With reverse
# it must be down.

node a
  interface eth0 192.0.2.1
  interface eth1
  interface eth2
  interface eth3
  instance VI_1 vrid 51 priority 100
  address 192.0.2.100/24
  track interface eth1
  track interface eth2 weight -20
  track interface eth3 reverse

at 0 link a eth3 down
at 0 start a
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 100
>    3.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.609 a  first advert, priority 100
>    3.609 a  + 192.0.2.100/24 dev eth0
>    3.609 a  announce x5
>    3.609 a  notify MASTER 100
at 5 link a eth2 down
>    5.000 a  (VI_1) Changing effective priority from 100 to 80: an interface changed (interface eth2)
>    5.609 a  advertises priority 80
at 6 link a eth1 down
>    6.000 a  (VI_1) fault: a tracked interface is down (eth1)
>    6.000 a  (VI_1) Entering FAULT STATE: the host became unfit
>    6.000 a  notify FAULT 80
>    6.000 a  sends priority 0
>    6.000 a  announce no more
>    6.000 a  - 192.0.2.100/24 dev eth0
at 7 link a eth1 up
>    7.000 a  (VI_1) no longer: a tracked interface is down
>    7.000 a  (VI_1) Entering BACKUP STATE: the last fault is gone
>    7.000 a  notify BACKUP 80
>   10.687 a  (VI_1) Entering MASTER STATE: no master was heard at all
>   10.687 a  first advert, priority 80
>   10.687 a  + 192.0.2.100/24 dev eth0
>   10.687 a  announce x5
>   10.687 a  notify MASTER 80
at 12 gone a eth1
>   12.000 a  (VI_1) fault: a tracked interface is down (eth1)
>   12.000 a  (VI_1) Entering FAULT STATE: the host became unfit
>   12.000 a  notify FAULT 80
>   12.000 a  sends priority 0
>   12.000 a  announce no more
>   12.000 a  - 192.0.2.100/24 dev eth0
at 13 back a eth1
>   13.000 a  (VI_1) no longer: a tracked interface is down
>   13.000 a  (VI_1) Entering BACKUP STATE: the last fault is gone
>   13.000 a  notify BACKUP 80
>   16.687 a  (VI_1) Entering MASTER STATE: no master was heard at all
>   16.687 a  first advert, priority 80
>   16.687 a  + 192.0.2.100/24 dev eth0
>   16.687 a  announce x5
>   16.687 a  notify MASTER 80
at 18 link a eth3 up
>   18.000 a  (VI_1) fault: a tracked interface is down (eth3)
>   18.000 a  (VI_1) Entering FAULT STATE: the host became unfit
>   18.000 a  notify FAULT 80
>   18.000 a  sends priority 0
>   18.000 a  announce no more
>   18.000 a  - 192.0.2.100/24 dev eth0
at 19 show
>   19.000 a  (VI_1) is FAULT with priority 80, tracked-interface
at 20 link a eth3 down
>   20.000 a  (VI_1) no longer: a tracked interface is down
>   20.000 a  (VI_1) Entering BACKUP STATE: the last fault is gone
>   20.000 a  notify BACKUP 80
