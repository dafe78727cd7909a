# Somebody forges one advert of priority 255 with the longest interval that VRRPv3 can say, 40.95 s. It is believed for
# 10 s at most: A has the addresses again after (3 + 156 / 256) * 10 s = 36.1 s, not after 147. Where the limit is
# configured, it is that one; and never less than the own interval.

node a
  interface eth0 192.0.2.1
  instance VI_1 vrid 51 version 3 priority 100
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
at 10 forge a from 192.0.2.9 priority 255 advert_int 40.95
>   10.000 a  (VI_1) advertisement interval mismatch: 192.0.2.9 advertises every 40950 ms, ours is 1000 ms; no more than 10000 ms are waited for (max_advert_int)
>   10.000 a  (VI_1) Master received advert from 192.0.2.9 with higher priority 255, ours 100
>   10.000 a  advert at once, priority 100
>   10.000 a  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.9 with priority 255, ours is 100)
>   10.000 a  announce no more
>   10.000 a  - 192.0.2.100/24 dev eth0
>   10.000 a  notify BACKUP 100
show a
>   10.000 a  (VI_1) is BACKUP with priority 100, follows 192.0.2.9 with 255, waits until 46.093
wait 40
>   46.093 a  (VI_1) Entering MASTER STATE: no master was heard for 36.09 s, the last was 192.0.2.9 with priority 255
>   46.093 a  first advert, priority 100
>   46.093 a  + 192.0.2.100/24 dev eth0
>   46.093 a  announce x5
>   46.093 a  notify MASTER 100
>   51.093 a  announce x5
at 60 reload a
  instance VI_1 max_advert_int 2
>   60.000 a  (VI_1) keeps state MASTER over the reload
at 70 forge a from 192.0.2.9 priority 255 advert_int 40.95
>   70.000 a  (VI_1) advertisement interval mismatch: 192.0.2.9 advertises every 40950 ms, ours is 1000 ms; no more than 2000 ms are waited for (max_advert_int)
>   70.000 a  (VI_1) Master received advert from 192.0.2.9 with higher priority 255, ours 100
>   70.000 a  advert at once, priority 100
>   70.000 a  (VI_1) Entering BACKUP STATE: a master of higher priority was heard (192.0.2.9 with priority 255, ours is 100)
>   70.000 a  announce no more
>   70.000 a  - 192.0.2.100/24 dev eth0
>   70.000 a  notify BACKUP 100
show a
>   70.000 a  (VI_1) is BACKUP with priority 100, follows 192.0.2.9 with 255, waits until 77.218
at 70.5 reload a
  instance VI_1 max_advert_int 1.5
>   70.500 a  (VI_1) keeps state BACKUP over the reload
show a
>   70.500 a  (VI_1) is BACKUP with priority 100, follows 192.0.2.9 with 255, waits until 75.914
wait 10
>   75.914 a  (VI_1) Entering MASTER STATE: no master was heard for 5.91 s, the last was 192.0.2.9 with priority 255
>   75.914 a  first advert, priority 100
>   75.914 a  + 192.0.2.100/24 dev eth0
>   75.914 a  announce x5
>   75.914 a  notify MASTER 100
