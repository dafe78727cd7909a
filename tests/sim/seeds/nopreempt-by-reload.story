# A reload that brought nopreempt let the adverts count that were discarded before it.
# Rule 'nopreempt', seed 1259.
seed 1259
segment lan 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
host n2
iface n2 eth0 lan 10.0.0.2/24
config n2 0
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 1.000
	rise 1
	fall 1
	weight 0
}
vrrp_script chk_1 {
	script "/bin/chk_1"
	interval 0.500
	rise 2
	fall 2
	weight 0
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 2
	priority 90
	advert_int 3.00
	garp_master_delay 5.0
	garp_master_repeat 2
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
		10.0.51.101/32 dev eth0
	}
	track_script {
		chk_0
		chk_1
	}
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 3
	priority 96
	advert_int 1.00
	nopreempt
	dont_track_primary
	garp_master_delay 0.1
	garp_master_repeat 5
	garp_lower_prio_repeat 1
	virtual_ipaddress {
		10.0.58.107/32 dev eth0
		10.0.0.108/24 dev eth0
	}
	notify /bin/told
}
.
host n3
iface n3 eth0 lan 10.0.0.3/24
host n4
iface n4 eth0 lan 10.0.0.4/24
host n5
iface n5 eth0 lan 10.0.0.5/24
config n5 1
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 2
	priority 126
	advert_int 3.00
	mcast_src_ip 10.0.0.5
	garp_master_delay 5.0
	garp_master_repeat 2
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
		10.0.51.101/32 dev eth0
	}
}
.
config n5 2
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 2
	priority 126
	advert_int 3.00
	nopreempt
	mcast_src_ip 10.0.0.5
	garp_master_delay 5.0
	garp_master_repeat 2
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
		10.0.51.101/32 dev eth0
	}
}
.
at 2.321453 start n2 0
at 347.130860 start n5 1
at 355.324907 reload n5 2
quiet 480.000000
end 600.000000
