# A reload removes an instance: as at a stop, but DELETED is told. The other instance is not concerned.

node a b
  interface eth0
  instance VI_1 vrid 51
  address 192.0.2.100/24
  instance VI_2 vrid 52
  address 192.0.2.200/24
node a
  interface eth0 192.0.2.1
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 80
  instance VI_2 priority 80

at 0 start a b
>    0.000 a  VI_1 - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  VI_1 notify BACKUP 100
>    0.000 a  VI_2 - 192.0.2.200/24 dev eth0
>    0.000 a  (VI_2) Entering BACKUP STATE (init): the daemon started
>    0.000 a  VI_2 notify BACKUP 100
>    0.000 b  VI_1 - 192.0.2.100/24 dev eth0
>    0.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 b  VI_1 notify BACKUP 80
>    0.000 b  VI_2 - 192.0.2.200/24 dev eth0
>    0.000 b  (VI_2) Entering BACKUP STATE (init): the daemon started
>    0.000 b  VI_2 notify BACKUP 80
>    3.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.609 a  VI_1 first advert, priority 100
>    3.609 a  VI_1 + 192.0.2.100/24 dev eth0
>    3.609 a  VI_1 announce x5
>    3.609 a  VI_1 notify MASTER 100
>    3.609 a  (VI_2) Entering MASTER STATE: no master was heard at all
>    3.609 a  VI_2 first advert, priority 100
>    3.609 a  VI_2 + 192.0.2.200/24 dev eth0
>    3.609 a  VI_2 announce x5
>    3.609 a  VI_2 notify MASTER 100
>    3.609 b  (VI_1) master set to 192.0.2.1 with priority 100
>    3.609 b  (VI_2) master set to 192.0.2.1 with priority 100
>    8.609 a  VI_1 announce x5
>    8.609 a  VI_2 announce x5
at 10 reload a
  no instance VI_1
>   10.000 a  (VI_1) Stopped in state MASTER: a new configuration was loaded
>   10.000 a  VI_1 sends priority 0
>   10.000 a  VI_1 announce no more
>   10.000 a  VI_1 - 192.0.2.100/24 dev eth0
>   10.000 a  VI_1 notify DELETED 100
>   10.000 a  (VI_2) keeps state MASTER over the reload
>   10.000 b  (VI_1) received priority 0 advertisement from 192.0.2.1: it leaves
>   10.687 b  (VI_1) Entering MASTER STATE: the master said that it leaves (192.0.2.1)
>   10.687 b  VI_1 first advert, priority 80
>   10.687 b  VI_1 + 192.0.2.100/24 dev eth0
>   10.687 b  VI_1 announce x5
>   10.687 b  VI_1 notify MASTER 80
at 12 reload b
  no instance VI_2
>   12.000 b  (VI_2) Stopped in state BACKUP: a new configuration was loaded
>   12.000 b  VI_2 notify DELETED 80
>   12.000 b  (VI_1) keeps state MASTER over the reload
wait 5
>   15.687 b  announce x5
show
>   17.000 a  (VI_2) is MASTER with priority 100, holds 192.0.2.200/24
>   17.000 a  packets for nobody: vrid 7
>   17.000 b  (VI_1) is MASTER with priority 80, holds 192.0.2.100/24
>   17.000 b  packets for nobody: vrid 5
