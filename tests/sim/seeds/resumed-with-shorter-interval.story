# A reload had made the interval shorter, the record was older: its successor spoke where it should
# have listened. Rule 'spoke-first', seed 1277.
seed 1277
segment lan 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
config n1 0
global_defs {
	vrrp_garp_interval 0.100
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 26
	advert_int 3.00
	garp_master_delay 0.1
	garp_master_repeat 2
	garp_lower_prio_delay 0.1
	garp_master_refresh 10
	garp_master_refresh_repeat 2
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
		10.0.0.101/24 dev eth0
	}
	notify /bin/told
}
.
config n1 3
global_defs {
	vrrp_garp_interval 0.100
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 26
	advert_int 0.10
	preempt_delay 1.5
	garp_master_delay 0.1
	garp_master_repeat 2
	garp_lower_prio_delay 0.1
	garp_master_refresh 10
	garp_master_refresh_repeat 2
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
		10.0.0.101/24 dev eth0
	}
	notify /bin/told
}
.
host n2
iface n2 eth0 lan 10.0.0.2/24
at 1.715875 start n1 0
at 72.359520 reload n1 3
at 75.017623 kill n1 288431
quiet 480.000000
end 600.000000

