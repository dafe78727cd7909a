# The interval of the master changes: its next advert comes in the new rhythm. VRRPv2 wants equal intervals, so B
# refuses A's adverts until it is changed as well, here in time.

node a b
  interface eth0
  instance VI_1 vrid 51 advert_int 4
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
>   12.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>   12.609 a  first advert, priority 100
>   12.609 a  + 192.0.2.100/24 dev eth0
>   12.609 a  announce x5
>   12.609 a  notify MASTER 100
>   12.609 b  (VI_1) master set to 192.0.2.1 with priority 100
>   17.609 a  announce x5
at 19 reload a
  instance VI_1 advert_int 1
>   19.000 a  (VI_1) keeps state MASTER over the reload
>   19.000 a  advert at once, priority 100
>   19.000 b  (VI_1) dropped an advert from 192.0.2.1: advertisement interval mismatch
at 21.5 reload b
  instance VI_1 advert_int 1
>   21.500 b  (VI_1) keeps state BACKUP over the reload
wait 5
show
>   26.500 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   26.500 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 29.687; refused: interval 3
