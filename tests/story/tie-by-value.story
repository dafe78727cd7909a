# The addresses 192.0.2.10 and 192.0.2.9: the tie is broken by value, not by text.

node a b
  interface eth0
  instance VI_1 priority 100
  address 192.0.2.100/24
node a
  interface eth0 192.0.2.10
node b
  interface eth0 192.0.2.9

at 0 start a b
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 100
>    0.000 b  - 192.0.2.100/24 dev eth0
>    0.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 b  notify BACKUP 100
wait 5
>    3.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.609 a  first advert, priority 100
>    3.609 a  + 192.0.2.100/24 dev eth0
>    3.609 a  announce x5
>    3.609 a  notify MASTER 100
>    3.609 b  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.609 b  first advert, priority 100
>    3.609 b  + 192.0.2.100/24 dev eth0
>    3.609 b  announce x5
>    3.609 b  notify MASTER 100
>    3.609 b  (VI_1) Master received advert from 192.0.2.10 with same priority 100 but higher IP address than ours
>    3.609 b  advert at once, priority 100
>    3.609 b  (VI_1) Entering BACKUP STATE: a master of equal priority and higher address was heard (192.0.2.10 with priority 100, ours is 100)
>    3.609 b  announce no more
>    3.609 b  - 192.0.2.100/24 dev eth0
>    3.609 b  notify BACKUP 100
>    3.609 a  (VI_1) Received advert from 192.0.2.9 with same priority 100 but lower IP address than ours, forcing new election
>    3.609 a  advert at once, priority 100
>    3.609 a  announce x5
>    3.609 a  notify RX_LOWER 100
>    3.709 a  announce x5
show
>    5.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>    5.000 b  (VI_1) is BACKUP with priority 100, follows 192.0.2.10 with 100, waits until 8.218
