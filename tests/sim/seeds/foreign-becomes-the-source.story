# A reload no longer names an address that another program has put there: now it is the host's own, and
# both instances on the interface speak from it. The rule let a reload touch neighbours never.
# Rule 'reload', seed 37195.
seed 37195
segment lan 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
config n1 0
global_defs {
	vrrp_garp_interval 0.010
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 170
	advert_int 1.00
	garp_master_delay 5.0
	garp_master_repeat 2
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
		10.0.51.101/32 dev eth0 no_track
		10.0.0.102/24 dev eth0
	}
	notify /bin/told
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 2
	priority 97
	advert_int 1.00
	max_advert_int 5.00
	authentication {
		auth_type PASS
		auth_pass s3cret
	}
	garp_master_delay 5.0
	garp_master_repeat 5
	garp_lower_prio_delay 0.1
	garp_lower_prio_repeat 3
	garp_master_refresh 10
	garp_master_refresh_repeat 1
	virtual_ipaddress {
		10.0.58.107/32 dev eth0
	}
}
.
config n1 2
global_defs {
	vrrp_garp_interval 0.010
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 133
	advert_int 1.00
	garp_master_delay 5.0
	garp_master_repeat 2
	virtual_ipaddress {
		10.0.0.102/24 dev eth0
		10.0.51.101/32 dev eth0 no_track
	}
	notify /bin/told
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 2
	priority 97
	advert_int 1.00
	max_advert_int 5.00
	authentication {
		auth_type PASS
		auth_pass s3cret
	}
	garp_master_delay 5.0
	garp_master_repeat 5
	garp_lower_prio_delay 0.1
	garp_lower_prio_repeat 3
	garp_master_refresh 10
	garp_master_refresh_repeat 1
	virtual_ipaddress {
		10.0.58.107/32 dev eth0
	}
}
.
host n2
iface n2 eth0 lan 10.0.0.2/24
at 253.220387 start n1 0
at 266.922239 link-down n1 eth0
at 266.924339 link-up n1 eth0
at 266.942260 link-down n1 eth0
at 266.988962 link-up n1 eth0
at 268.160878 vip-foreign n1 0 0
at 293.358019 address-delete n1 eth0
at 304.080819 reload n1 2
quiet 480.000000
end 600.000000
