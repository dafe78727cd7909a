# A thousand adverts of lower priority in a second. The master's answers are bounded: at most one for each tenth of its
# interval, and one line tells it.

node a
  interface eth0 192.0.2.1
  instance VI_1 vrid 51 priority 100 advert_int 1
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
>    8.609 a  announce x5
at 10 forge a from 192.0.2.9 count 1000 every 0.001 priority 50
>   10.000 a  (VI_1) Received advert from 192.0.2.9 with lower priority 50, ours 100, forcing new election
>   10.000 a  advert at once, priority 100
>   10.000 a  announce x5
>   10.000 a  notify RX_LOWER 100
wait 10
>   10.100 a  advert at once, priority 100
>   10.100 a  announce x5
>   10.200 a  advert at once, priority 100
>   10.200 a  announce x5
>   10.300 a  advert at once, priority 100
>   10.300 a  announce x5
>   10.400 a  advert at once, priority 100
>   10.400 a  announce x5
>   10.500 a  advert at once, priority 100
>   10.500 a  announce x5
>   10.600 a  advert at once, priority 100
>   10.600 a  announce x5
>   10.700 a  advert at once, priority 100
>   10.700 a  announce x5
>   10.800 a  advert at once, priority 100
>   10.800 a  announce x5
>   10.900 a  advert at once, priority 100
>   10.900 a  announce x5
>   11.000 a  announce x5
>   16.000 a  announce x5
show
>   20.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
