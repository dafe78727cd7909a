# Only the adverts since the last fault count when it is said how long no master was heard: A hears B, loses its
# link, and B dies meanwhile.

node a b
  interface eth0
  instance VI_1 vrid 51
  address 192.0.2.100/24
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 80
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 100

at 0 start a b
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 80
>    0.000 b  - 192.0.2.100/24 dev eth0
>    0.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 b  notify BACKUP 100
>    3.609 b  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.609 b  first advert, priority 100
>    3.609 b  + 192.0.2.100/24 dev eth0
>    3.609 b  announce x5
>    3.609 b  notify MASTER 100
>    3.609 a  (VI_1) master set to 192.0.2.2 with priority 100
>    8.609 b  announce x5
at 10 link a eth0 down
>   10.000 a  (VI_1) fault: the interface is down or has no carrier (eth0)
>   10.000 a  (VI_1) Entering FAULT STATE: the host became unfit
>   10.000 a  notify FAULT 80
at 11 crash b
at 20 link a eth0 up
>   20.000 a  (VI_1) no longer: the interface is down or has no carrier
>   20.000 a  (VI_1) Entering BACKUP STATE: the last fault is gone
>   20.000 a  notify BACKUP 80
wait 5
>   23.687 a  (VI_1) Entering MASTER STATE: no master was heard at all
>   23.687 a  first advert, priority 80
>   23.687 a  + 192.0.2.100/24 dev eth0
>   23.687 a  announce x5
>   23.687 a  notify MASTER 80
