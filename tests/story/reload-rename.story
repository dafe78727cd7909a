# The instance gets another name, and another one stands before it in the file. Interface and VRID are the same, so
# it is the same instance: the address stays.

node a
  interface eth0 192.0.2.1
  instance VI_1 vrid 51 priority 100
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
at 10 reload a
  instance VI_1 named VI_old vrid 51
  instance VI_2 vrid 52
  address 192.0.2.200/24
>   10.000 a  (VI_old) keeps state MASTER over the reload
>   10.000 a  (VI_2) Entering BACKUP STATE (init): a new configuration was loaded
>   10.000 a  VI_2 notify BACKUP 100
wait 5
>   13.609 a  (VI_2) Entering MASTER STATE: no master was heard at all
>   13.609 a  VI_2 first advert, priority 100
>   13.609 a  VI_2 + 192.0.2.200/24 dev eth0
>   13.609 a  VI_2 announce x5
>   13.609 a  VI_2 notify MASTER 100
show
>   15.000 a  (VI_old) is MASTER with priority 100, holds 192.0.2.100/24
>   15.000 a  (VI_2) is MASTER with priority 100, holds 192.0.2.200/24
