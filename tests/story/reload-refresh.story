# garp_master_refresh appears and disappears with a reload, in the middle of a mastership.

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
  instance VI_1 garp_master_refresh 3
>   10.000 a  (VI_1) keeps state MASTER over the reload
>   13.000 a  announce x1
>   16.000 a  announce x1
>   19.000 a  announce x1
at 20 reload a
  instance VI_1 garp_master_refresh 0
>   20.000 a  (VI_1) keeps state MASTER over the reload
wait 10
