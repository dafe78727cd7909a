# Another VRID is another virtual router: the old one is left with priority 0, the new one begins as a backup. Two
# hosts that are changed one after the other do not hear each other in between.

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
at 10 reload a
  instance VI_1 vrid 61
>   10.000 a  (VI_1) Stopped in state MASTER: a new configuration was loaded
>   10.000 a  sends priority 0
>   10.000 a  announce no more
>   10.000 a  - 192.0.2.100/24 dev eth0
>   10.000 a  notify DELETED 100
>   10.000 a  (VI_1) Entering BACKUP STATE (init): a new configuration was loaded
>   10.000 a  notify BACKUP 100
>   10.000 b  (VI_1) received priority 0 advertisement from 192.0.2.1: it leaves
>   10.687 b  (VI_1) Entering MASTER STATE: the master said that it leaves (192.0.2.1)
>   10.687 b  first advert, priority 80
>   10.687 b  + 192.0.2.100/24 dev eth0
>   10.687 b  announce x5
>   10.687 b  notify MASTER 80
at 12 show
>   12.000 a  (VI_1) is BACKUP with priority 100, waits until 13.609
>   12.000 a  packets for nobody: vrid 2
>   12.000 b  (VI_1) is MASTER with priority 80, holds 192.0.2.100/24
>   13.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>   13.609 a  first advert, priority 100
>   13.609 a  + 192.0.2.100/24 dev eth0
>   13.609 a  announce x5
>   13.609 a  notify MASTER 100
>   15.687 b  announce x5
>   18.609 a  announce x5
at 20 reload b
  instance VI_1 vrid 61
>   20.000 b  (VI_1) Stopped in state MASTER: a new configuration was loaded
>   20.000 b  sends priority 0
>   20.000 b  announce no more
>   20.000 b  - 192.0.2.100/24 dev eth0
>   20.000 b  notify DELETED 80
>   20.000 b  (VI_1) Entering BACKUP STATE (init): a new configuration was loaded
>   20.000 b  notify BACKUP 80
wait 5
>   20.609 b  (VI_1) master set to 192.0.2.1 with priority 100
show
>   25.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   25.000 a  packets for nobody: vrid 11
>   25.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 28.296
>   25.000 b  packets for nobody: vrid 7
