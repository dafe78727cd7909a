# Adverts that a master refuses, for longer than two intervals: there may be two masters, and the peer and the reason
# are told once, until 30 s after the last of them (three intervals of the peer, where it is slower). One packet is no conflict.
# Neither is our own advert that comes back, but one with our address and another priority is.

node a
  interface eth0 192.0.2.1
  instance VI_1 vrid 51 pass secret
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
at 10 forge a from 192.0.2.9 pass other
>   10.000 a  (VI_1) received an invalid passwd from 192.0.2.9!
at 10.5 forge a from 192.0.2.9 pass other
wait 40
at 60 forge a from 192.0.2.2 count 5 every 1 pass other
wait 40
>   63.000 a  (VI_1) conflict: 192.0.2.2 advertises, too, and is not believed, so there may be two masters: its password differs from ours
>   94.000 a  (VI_1) no conflict any more: nothing heard of 192.0.2.2
at 110 forge a from 192.0.2.3 count 5 every 1 version 3
>  110.000 a  (VI_1) dropped an advert from 192.0.2.3: wrong VRRP version
wait 40
>  113.000 a  (VI_1) conflict: 192.0.2.3 advertises, too, and is not believed, so there may be two masters: wrong VRRP version
>  144.000 a  (VI_1) no conflict any more: nothing heard of 192.0.2.3
at 160 forge a from 192.0.2.4 ttl 64 count 5 every 1
>  160.000 a  (VI_1) dropped an advert from 192.0.2.4: invalid TTL/HL (must be 255)
wait 40
>  163.000 a  (VI_1) conflict: 192.0.2.4 advertises, too, and is not believed, so there may be two masters: invalid TTL/HL (must be 255)
>  194.000 a  (VI_1) no conflict any more: nothing heard of 192.0.2.4
at 210 forge a from 192.0.2.5 bad_checksum count 5 every 1
>  210.000 a  (VI_1) dropped an advert from 192.0.2.5: wrong checksum
wait 40
>  213.000 a  (VI_1) conflict: 192.0.2.5 advertises, too, and is not believed, so there may be two masters: wrong checksum
>  244.000 a  (VI_1) no conflict any more: nothing heard of 192.0.2.5
at 260 forge a from 192.0.2.6 count 4 every 20 advert_int 20
>  260.000 a  (VI_1) dropped an advert from 192.0.2.6: advertisement interval mismatch
wait 100
>  280.000 a  (VI_1) conflict: 192.0.2.6 advertises, too, and is not believed, so there may be two masters: advertisement interval mismatch
>  380.000 a  (VI_1) no conflict any more: nothing heard of 192.0.2.6
at 430 forge a from 192.0.2.1 count 5 every 1 priority 100
>  430.000 a  (VI_1) dropped an advert from 192.0.2.1: it carries our own source address
wait 40
at 480 forge a from 192.0.2.1 count 5 every 1 priority 90
wait 40
>  483.000 a  (VI_1) conflict: 192.0.2.1 advertises, too, and is not believed, so there may be two masters: it carries our own source address
>  514.000 a  (VI_1) no conflict any more: nothing heard of 192.0.2.1
show
>  520.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24; refused: ttl 5, version 5, checksum 5, auth-failed 7, interval 4, own-address 10
