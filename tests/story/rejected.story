# What is wrong with an advert is told once and counted always; it changes no state and moves no timer. The
# forged ones say priority 255, so a single one that were accepted would end A's mastership.

node a b
  interface eth0
  instance VI_1 vrid 51 pass root123
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
at 10 forge a from 192.0.2.9 priority 255 pass wrong
>   10.000 a  (VI_1) received an invalid passwd from 192.0.2.9!
at 10 forge a from 192.0.2.9 priority 255 pass wrong
at 10.1 forge a from 192.0.2.9 priority 255 version 3
>   10.100 a  (VI_1) dropped an advert from 192.0.2.9: wrong VRRP version
at 10.2 forge a from 192.0.2.9 priority 255 advert_int 2
>   10.200 a  (VI_1) dropped an advert from 192.0.2.9: advertisement interval mismatch
at 10.3 forge a from 192.0.2.9 ttl 254 priority 255
>   10.300 a  (VI_1) dropped an advert from 192.0.2.9: invalid TTL/HL (must be 255)
at 10.4 forge a from 192.0.2.9 bad_checksum priority 255
>   10.400 a  (VI_1) dropped an advert from 192.0.2.9: wrong checksum
at 10.5 forge a from 192.0.2.9 cut_to 19 priority 255
>   10.500 a  (VI_1) dropped an advert from 192.0.2.9: shorter than its own count says
at 10.6 forge a from 192.0.2.9 to 192.0.2.1 priority 255
>   10.600 a  (VI_1) dropped an advert from 192.0.2.9: not sent to our multicast group
# Our own address: our advert came back, or somebody has it.
at 10.7 forge a from 192.0.2.1 priority 255
>   10.700 a  (VI_1) dropped an advert from 192.0.2.1: it carries our own source address
# Not ours at all.
at 10.8 forge a from 192.0.2.9 priority 255 vrid 52
at 11 show a
>   11.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24; refused: ttl 1, truncated 1, version 1, checksum 1, auth-failed 2, interval 1, own-address 1, not-group 1
>   11.000 a  packets for nobody: vrid 1
# The backup: its timer runs as if they had not come.
at 12 crash a
at 13 forge b from 192.0.2.1 every 0.1 count 20 priority 100 pass wrong
>   13.000 b  (VI_1) received an invalid passwd from 192.0.2.1!
at 14 forge b from 192.0.2.1 cut_to 5 priority 100
>   14.000 b  (VI_1) dropped an advert from 192.0.2.1: shorter than its own count says
wait 5
>   15.296 b  (VI_1) Entering MASTER STATE: no master was heard for 3.68 s, the last was 192.0.2.1 with priority 100
>   15.296 b  first advert, priority 80
>   15.296 b  + 192.0.2.100/24 dev eth0
>   15.296 b  announce x5
>   15.296 b  notify MASTER 80
show b
>   19.000 b  (VI_1) is MASTER with priority 80, holds 192.0.2.100/24; refused: truncated 1, auth-failed 20
