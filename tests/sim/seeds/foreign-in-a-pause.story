# A daemon stands still while its addresses are taken away and another program puts one there. When a
# reload wakes it, it renews what it held before it can know. The rule gave it no time after a pause.
# Rule 'own-address', seed 25747.
seed 25747
segment lan 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
host n2
iface n2 eth0 lan 10.0.0.2/24
config n2 1
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 157
	advert_int 1.00
	down_timer_adverts 4
	garp_master_delay 0.1
	garp_master_repeat 5
	garp_master_refresh 1
	garp_master_refresh_repeat 1
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
		10.0.0.102/24 dev eth0
	}
	virtual_ipaddress_excluded {
		10.0.51.101/32 dev eth0 no_track
	}
}
.
config n2 3
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 157
	advert_int 1.00
	down_timer_adverts 4
	garp_master_delay 0.1
	garp_master_repeat 5
	garp_master_refresh 1
	garp_master_refresh_repeat 1
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
		10.0.0.102/24 dev eth0
	}
	virtual_ipaddress_excluded {
		10.0.51.101/32 dev eth0 no_track
	}
}
.
at 76.999237 start n2 1
at 164.536480 pause n2
at 166.887356 vip-delete n2 -1
at 169.033950 vip-foreign n2 1 0
at 191.825012 reload n2 3
quiet 480.000000
end 600.000000
