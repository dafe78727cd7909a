# A resumed master that listened spoke earlier than planned, because it heard a lower rank, but put
# its addresses back at the time that was planned before.
# Rule 'addresses', seed 6599.
seed 6599
segment lan 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
config n1 0
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 255
	advert_int 0.02
	down_timer_adverts 2
	garp_master_delay 0.0
	garp_master_repeat 2
	garp_lower_prio_delay 2.0
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.0.51.101/32 dev eth0
	}
	notify /bin/told
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 2
	priority 97
	advert_int 3.00
	authentication {
		auth_type PASS
		auth_pass s3cret
	}
	garp_master_delay 5.0
	garp_master_repeat 5
	garp_lower_prio_delay 2.0
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
		10.0.0.108/24 dev eth0
	}
}
.
host n2
iface n2 eth0 lan 10.0.0.2/24
config n2 0
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 242
	advert_int 0.02
	down_timer_adverts 2
	garp_master_delay 0.0
	garp_master_repeat 2
	garp_lower_prio_delay 2.0
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.0.51.101/32 dev eth0
	}
	notify /bin/told
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 2
	priority 93
	advert_int 3.00
	authentication {
		auth_type PASS
		auth_pass s3cret
	}
	garp_master_delay 5.0
	garp_master_repeat 5
	garp_lower_prio_delay 2.0
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
		10.0.0.108/24 dev eth0
	}
	notify /bin/told
}
.
at 0.750433 start n1 0
at 2.189720 start n2 0
at 95.137751 kill-within n1 14335333 5
quiet 480.000000
end 600.000000
