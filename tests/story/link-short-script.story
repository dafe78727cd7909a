# A script fails and is good again half a second later: A said priority 0, so this is no short loss of the link. Nor is
# it one when the script fails first and the link is lost after it. A tracked interface that is its own is its own link;
# another one is not: that can be said.

node a b
  interface eth0
  interface eth1
  check ok
  instance VI_1 vrid 51
  address 192.0.2.100/24
node a
  interface eth0 192.0.2.1
  instance VI_1 priority 100
  track check ok
  track interface eth0
  track interface eth1
node b
  interface eth0 192.0.2.2
  instance VI_1 priority 80

at 0 start a b
>    0.000 a  (VI_1) waits for the first answer of script ok
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  (VI_1) Waiting (init): a tracked script has not answered yet
>    0.000 b  - 192.0.2.100/24 dev eth0
>    0.000 b  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 b  notify BACKUP 80
check a ok good
>    0.000 a  VRRP_Script(ok) succeeded
>    0.000 a  (VI_1) no longer waits for a script
>    0.000 a  (VI_1) Entering BACKUP STATE (init): its tracked scripts have answered
>    0.000 a  notify BACKUP 100
>    3.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.609 a  first advert, priority 100
>    3.609 a  + 192.0.2.100/24 dev eth0
>    3.609 a  announce x5
>    3.609 a  notify MASTER 100
>    3.609 b  (VI_1) master set to 192.0.2.1 with priority 100
>    8.609 a  announce x5
at 10.3 check a ok bad 1
>   10.300 a  VRRP_Script(ok) failed (exited with status 1)
>   10.300 a  (VI_1) entering FAULT state due to script ok
>   10.300 a  (VI_1) Entering FAULT STATE: the host became unfit
>   10.300 a  notify FAULT 100
>   10.300 a  sends priority 0
>   10.300 a  announce no more
>   10.300 a  - 192.0.2.100/24 dev eth0
>   10.300 b  (VI_1) received priority 0 advertisement from 192.0.2.1: it leaves
at 10.4 link a eth0 down
>   10.400 a  (VI_1) fault: the interface is down or has no carrier (eth0)
>   10.400 a  (VI_1) fault: a tracked interface is down (eth0)
at 10.6 check a ok good
>   10.600 a  VRRP_Script(ok) succeeded
>   10.600 a  (VI_1) no longer: a tracked script has failed
at 10.8 link a eth0 up
>   10.800 a  (VI_1) no longer: the interface is down or has no carrier
>   10.800 a  (VI_1) no longer: a tracked interface is down
>   10.800 a  (VI_1) Entering BACKUP STATE: the last fault is gone
>   10.800 a  notify BACKUP 100
wait 9
>   10.987 b  (VI_1) Entering MASTER STATE: the master said that it leaves (192.0.2.1)
>   10.987 b  first advert, priority 80
>   10.987 b  + 192.0.2.100/24 dev eth0
>   10.987 b  announce x5
>   10.987 b  notify MASTER 80
>   10.987 a  (VI_1) received lower priority (80) advert from 192.0.2.2 - discarding
>   14.409 a  (VI_1) Entering MASTER STATE: only lower priorities were heard
>   14.409 a  first advert, priority 100
>   14.409 a  + 192.0.2.100/24 dev eth0
>   14.409 a  announce x5
>   14.409 a  notify MASTER 100
>   14.409 b  (VI_1) Master received advert from 192.0.2.1 with higher priority 100, ours 80
>   14.409 b  advert at once, priority 80
>   14.409 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.1 with priority 100, ours is 80)
>   14.409 b  announce no more
>   14.409 b  - 192.0.2.100/24 dev eth0
>   14.409 b  notify BACKUP 80
>   19.409 a  announce x5
at 20.3 link a eth0 down
>   20.300 a  (VI_1) fault: the interface is down or has no carrier (eth0)
>   20.300 a  (VI_1) fault: a tracked interface is down (eth0)
>   20.300 a  (VI_1) Entering FAULT STATE: the host became unfit
>   20.300 a  notify FAULT 100
>   20.300 a  announce no more
>   20.300 a  - 192.0.2.100/24 dev eth0
at 20.8 link a eth0 up
>   20.800 a  (VI_1) no longer: the interface is down or has no carrier
>   20.800 a  (VI_1) no longer: a tracked interface is down
>   20.800 a  (VI_1) Entering MASTER STATE: its link is back before a peer can have taken over
>   20.800 a  first advert, priority 100
>   20.800 a  + 192.0.2.100/24 dev eth0
>   20.800 a  announce x5
>   20.800 a  notify MASTER 100
wait 9
>   25.800 a  announce x5
at 30.3 link a eth1 down
>   30.300 a  (VI_1) fault: a tracked interface is down (eth1)
>   30.300 a  (VI_1) Entering FAULT STATE: the host became unfit
>   30.300 a  notify FAULT 100
>   30.300 a  sends priority 0
>   30.300 a  announce no more
>   30.300 a  - 192.0.2.100/24 dev eth0
>   30.300 b  (VI_1) received priority 0 advertisement from 192.0.2.1: it leaves
at 30.8 link a eth1 up
>   30.800 a  (VI_1) no longer: a tracked interface is down
>   30.800 a  (VI_1) Entering BACKUP STATE: the last fault is gone
>   30.800 a  notify BACKUP 100
wait 9
>   30.987 b  (VI_1) Entering MASTER STATE: the master said that it leaves (192.0.2.1)
>   30.987 b  first advert, priority 80
>   30.987 b  + 192.0.2.100/24 dev eth0
>   30.987 b  announce x5
>   30.987 b  notify MASTER 80
>   30.987 a  (VI_1) received lower priority (80) advert from 192.0.2.2 - discarding
>   34.409 a  (VI_1) Entering MASTER STATE: only lower priorities were heard
>   34.409 a  first advert, priority 100
>   34.409 a  + 192.0.2.100/24 dev eth0
>   34.409 a  announce x5
>   34.409 a  notify MASTER 100
>   34.409 b  (VI_1) Master received advert from 192.0.2.1 with higher priority 100, ours 80
>   34.409 b  advert at once, priority 80
>   34.409 b  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.1 with priority 100, ours is 80)
>   34.409 b  announce no more
>   34.409 b  - 192.0.2.100/24 dev eth0
>   34.409 b  notify BACKUP 80
>   39.409 a  announce x5
show
>   39.800 a  (VI_1) is MASTER with priority 100, holds 192.0.2.100/24
>   39.800 b  (VI_1) is BACKUP with priority 80, follows 192.0.2.1 with 100, waits until 43.096
