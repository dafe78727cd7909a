# A master kept by dont_track_primary announced into a dead link and never again.
# Rule 'client', seed 3668.
seed 3668
segment lan 100 300
segment aux 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
iface n1 eth1 aux 10.1.0.1/24
config n1 1
global_defs {
	vrrp_garp_interval 0.100
}
vrrp_instance V65 {
	state BACKUP
	interface eth0
	virtual_router_id 65
	version 3
	priority 94
	advert_int 3.00
	nopreempt
	garp_master_delay 5.0
	garp_master_repeat 5
	garp_master_refresh 60
	garp_master_refresh_repeat 2
	virtual_ipaddress {
		10.0.65.114/32 dev eth0
	}
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 2
	priority 97
	advert_int 1.00
	down_timer_adverts 2
	dont_track_primary
	garp_master_delay 0.1
	garp_master_repeat 5
	garp_lower_prio_delay 0.0
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
		10.0.58.108/32 dev eth0
		10.0.58.109/32 dev eth0
	}
	notify /bin/told
}
vrrp_instance V51 {
	state BACKUP
	interface eth1
	virtual_router_id 51
	version 3
	priority 100
	advert_int 0.50
	garp_master_delay 5.0
	garp_master_repeat 5
	garp_lower_prio_delay 0.0
	virtual_ipaddress {
		10.1.0.100/24 dev eth1
	}
	virtual_ipaddress_excluded {
		10.0.0.101/24 dev eth0
	}
}
.
host n2
iface n2 eth0 lan 10.0.0.2/24
iface n2 eth1 aux 10.1.0.2/24
at 289.152443 link-down n1 eth0
at 337.140325 start n1 1
at 471.290300 link-up n1 eth0
quiet 480.000000
end 600.000000
