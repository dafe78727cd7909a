# One advertised address becomes an excluded one: it stays where it is.

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
  instance VI_1
  address 192.0.2.101/24
>   10.000 a  (VI_1) keeps state MASTER over the reload
>   10.000 a  + 192.0.2.101/24 dev eth0
>   10.000 a  announce x5
>   15.000 a  announce x5
at 20 reload a
  instance VI_1
  no address 192.0.2.101/24
  address 192.0.2.101/24 excluded
>   20.000 a  (VI_1) keeps state MASTER over the reload
show
>   20.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24, 192.0.2.101/24
>   20.000 b  does not run, holds 0 addresses
