# Authentication: one host has a password and the other has none.

node a b
  interface eth0
  instance VI_1 vrid 51
  address 192.0.2.100/24
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 100 pass root123
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 80

# Neither accepts the other: both are master. Each says why, once in each state.
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
>    3.609 b  (VI_1) dropped an advert from 192.0.2.1: authentication type differs from ours
>    3.687 b  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.687 b  first advert, priority 80
>    3.687 b  + 192.0.2.100/24 dev eth0
>    3.687 b  announce x5
>    3.687 b  notify MASTER 80
>    3.687 a  (VI_1) dropped an advert from 192.0.2.2: authentication type differs from ours
>    4.609 b  (VI_1) dropped an advert from 192.0.2.1: authentication type differs from ours
>    6.687 a  (VI_1) conflict: 192.0.2.2 advertises, too, and is not believed, so there may be two masters: authentication type differs from ours
>    7.609 b  (VI_1) conflict: 192.0.2.1 advertises, too, and is not believed, so there may be two masters: authentication type differs from ours
>    8.609 a  announce x5
>    8.687 b  announce x5
at 20 show
>   20.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24; refused: auth-type 17
>   20.000 b  (VI_1) is MASTER with priority 80, holds 192.0.2.100/24; refused: auth-type 17
# The mistake is mended.
at 20 reload b
  instance VI_1 pass root123
>   20.000 b  (VI_1) keeps state MASTER over the reload
wait 5
>   20.609 b  (VI_1) Master received advert from 192.0.2.1 with higher priority 100, ours 80
>   20.609 b  advert at once, priority 80
>   20.609 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.1 with priority 100, ours is 80)
>   20.609 b  announce no more
>   20.609 b  - 192.0.2.100/24 dev eth0
>   20.609 b  notify BACKUP 80
>   20.609 a  (VI_1) Received advert from 192.0.2.2 with lower priority 80, ours 100, forcing new election
>   20.609 a  advert at once, priority 100
>   20.609 a  announce x5
>   20.609 a  notify RX_LOWER 100
show
>   25.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24; refused: auth-type 17
>   25.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 28.297; refused: auth-type 17
