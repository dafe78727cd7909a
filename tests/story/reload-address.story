# A reload adds an address on the master and takes one away: only these two are touched, and what is new is
# announced, at once and again after garp_master_delay. On the backup nothing is touched.

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
at 10 reload b
  instance VI_1
  address 192.0.2.101/24
>   10.000 b  (VI_1) keeps state BACKUP over the reload
>   10.609 b  (VI_1) the address list of 192.0.2.1 differs from ours: it advertises 1, ours has 2
at 11 reload a
  instance VI_1
  address 192.0.2.101/24
>   11.000 a  (VI_1) keeps state MASTER over the reload
>   11.000 a  + 192.0.2.101/24 dev eth0
>   11.000 a  announce x5
>   16.000 a  announce x5
at 20 reload a
  instance VI_1
  no address 192.0.2.100/24
>   20.000 a  (VI_1) keeps state MASTER over the reload
>   20.000 a  - 192.0.2.100/24 dev eth0
>   20.000 a  announce no more
wait 6
show
>   26.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.101/24
>   26.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 29.296
