# What others say is answered, but at one rate. Priority 0 in masses: an advert out of turn each tenth of a second, and one
# after the last. Adverts of a lower rank: 200 frames are announced a second in the long run, and a thousand at once;
# here an answer is 300 frames (3 addresses, 50 times, and again after 5 s). A claim is answered for its address only.

node a
  interface eth0 192.0.2.1
  instance VI_1 vrid 51 priority 100 garp_lower_prio_repeat 50
  address 192.0.2.100/24
  address 192.0.2.101/24
  address 192.0.2.102/24

at 0 start a
>    0.000 a  - 192.0.2.100/24 dev eth0
>    0.000 a  - 192.0.2.101/24 dev eth0
>    0.000 a  - 192.0.2.102/24 dev eth0
>    0.000 a  (VI_1) Entering BACKUP STATE (init): the daemon started
>    0.000 a  notify BACKUP 100
>    3.609 a  (VI_1) Entering MASTER STATE: no master was heard at all
>    3.609 a  first advert, priority 100
>    3.609 a  + 192.0.2.100/24 dev eth0
>    3.609 a  + 192.0.2.101/24 dev eth0
>    3.609 a  + 192.0.2.102/24 dev eth0
>    3.609 a  announce x5
>    3.609 a  notify MASTER 100
>    8.609 a  announce x5
at 10 forge a from 192.0.2.9 count 21 every 0.012 priority 0
>   10.000 a  (VI_1) received priority 0 advertisement from 192.0.2.9: it leaves
>   10.000 a  advert at once, priority 100
>   10.000 a  announce x50
wait 1
>   10.100 a  announce x50
>   10.200 a  announce x50
>   10.300 a  announce x50
>   15.300 a  announce x50
at 20 forge a from 192.0.2.9 count 15 every 1 priority 50
>   20.000 a  (VI_1) Received advert from 192.0.2.9 with lower priority 50, ours 100, forcing new election
>   20.000 a  advert at once, priority 100
>   20.000 a  announce x50
>   20.000 a  notify RX_LOWER 100
wait 30
>   21.000 a  advert at once, priority 100
>   21.000 a  announce x50
>   22.000 a  advert at once, priority 100
>   22.000 a  announce x50
>   23.000 a  (VI_1) conflict: 192.0.2.9 goes on advertising, as if it did not hear us
>   23.000 a  advert at once, priority 100
>   23.000 a  announce x50
>   24.000 a  advert at once, priority 100
>   24.000 a  announce x50
>   25.000 a  advert at once, priority 100
>   25.000 a  announce x50
>   26.000 a  advert at once, priority 100
>   26.000 a  announce x50
>   27.000 a  advert at once, priority 100
>   27.000 a  announce x50
>   28.000 a  advert at once, priority 100
>   28.000 a  announce x50
>   29.000 a  advert at once, priority 100
>   29.000 a  announce x50
>   30.000 a  advert at once, priority 100
>   30.000 a  announce x50
>   30.000 a  notify RX_LOWER 100
>   31.000 a  advert at once, priority 100
>   31.500 a  announce x50
>   32.000 a  advert at once, priority 100
>   33.000 a  advert at once, priority 100
>   33.000 a  announce x50
>   34.000 a  advert at once, priority 100
>   34.500 a  announce x50
>   39.500 a  announce x50
at 60 claim a 192.0.2.101
>   60.000 a  announce 192.0.2.101 x50
>   60.000 a  (VI_1) conflict: another station (02:00:5e:10:00:66) claims 192.0.2.101
at 60.3 claim a 192.0.2.102
at 60.9 claim a 192.0.2.101
wait 5
>   61.000 a  announce 192.0.2.101 x50
>   61.000 a  announce 192.0.2.102 x50
