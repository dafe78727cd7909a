# A reload brings a check of weight 0 that has not answered yet. The instance keeps its state until the first word:
# an edit must not be an outage. B's first word is bad, A's is good.

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
  check chk_proxy
  instance VI_1
  track check chk_proxy
>   10.000 a  (VI_1) keeps state MASTER over the reload
at 10 reload b
  check chk_proxy
  instance VI_1
  track check chk_proxy
>   10.000 b  (VI_1) keeps state BACKUP over the reload
show
>   10.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   10.000 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 13.296
at 10.5 check a chk_proxy good
>   10.500 a  VRRP_Script(chk_proxy) succeeded
at 10.5 check b chk_proxy bad 1
>   10.500 b  VRRP_Script(chk_proxy) failed (exited with status 1)
>   10.500 b  (VI_1) entering FAULT state due to script chk_proxy
>   10.500 b  (VI_1) Entering FAULT STATE: the host became unfit
>   10.500 b  notify FAULT 80
# The script's command changes: what the old one said is forgotten, the state is kept.
at 15 reload a
  check chk_proxy command other
>   15.000 a  (VI_1) keeps state MASTER over the reload
at 15 reload b
  check chk_proxy command other
>   15.000 b  (VI_1) keeps state FAULT over the reload
>   15.000 b  (VI_1) waits for the first answer of script chk_proxy
>   15.000 b  (VI_1) no longer: a tracked script has failed
show
>   15.000 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   15.000 b  (VI_1) is FAULT with priority 80, check-pending; refused: not-running 5
at 15.5 check a chk_proxy bad 1
>   15.500 a  VRRP_Script(chk_proxy) failed (exited with status 1)
>   15.500 a  (VI_1) entering FAULT state due to script chk_proxy
>   15.500 a  (VI_1) Entering FAULT STATE: the host became unfit
>   15.500 a  notify FAULT 100
>   15.500 a  sends priority 0
>   15.500 a  announce no more
>   15.500 a  - 192.0.2.100/24 dev eth0
at 15.5 check b chk_proxy good
>   15.500 b  VRRP_Script(chk_proxy) succeeded
>   15.500 b  (VI_1) no longer waits for a script
>   15.500 b  (VI_1) Entering BACKUP STATE: the last fault is gone
>   15.500 b  notify BACKUP 80
wait 5
>   15.500 b  (VI_1) received priority 0 advertisement from 192.0.2.1: it leaves
>   16.187 b  (VI_1) Entering MASTER STATE: the master said that it leaves (192.0.2.1)
>   16.187 b  first advert, priority 80
>   16.187 b  + 192.0.2.100/24 dev eth0
>   16.187 b  announce x5
>   16.187 b  notify MASTER 80
show
>   20.500 a  (VI_1) is FAULT with priority 100, check-failed; refused: not-running 5
>   20.500 b  (VI_1) is MASTER with priority 80, holds 192.0.2.100/24; refused: not-running 5
>   21.187 b  announce x5

# Until the first word a fault of another kind is one as always; when it ends, the check has to be waited for.
at 25 reload b
  check chk_more
  instance VI_1
  track check chk_more
>   25.000 b  (VI_1) keeps state MASTER over the reload
at 26 link b eth0 down
>   26.000 b  (VI_1) fault: the interface is down or has no carrier (eth0)
>   26.000 b  (VI_1) waits for the first answer of script chk_more
>   26.000 b  (VI_1) Entering FAULT STATE: the host became unfit
>   26.000 b  notify FAULT 80
>   26.000 b  sends priority 0
>   26.000 b  announce no more
>   26.000 b  - 192.0.2.100/24 dev eth0
at 27 link b eth0 up
>   27.000 b  (VI_1) no longer: the interface is down or has no carrier
at 28 check b chk_more good
>   28.000 b  VRRP_Script(chk_more) succeeded
>   28.000 b  (VI_1) no longer waits for a script
>   28.000 b  (VI_1) Entering BACKUP STATE: the last fault is gone
>   28.000 b  notify BACKUP 80
wait 5
>   31.687 b  (VI_1) Entering MASTER STATE: no master was heard at all
>   31.687 b  first advert, priority 80
>   31.687 b  + 192.0.2.100/24 dev eth0
>   31.687 b  announce x5
>   31.687 b  notify MASTER 80
