# A master whose address the kernel refused once stayed one without it.
# Rule 'addresses', seed 6.
seed 6
segment lan 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
host n2
iface n2 eth0 lan 10.0.0.2/24
host n3
iface n3 eth0 lan 10.0.0.3/24
config n3 1
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 0.300
	rise 3
	fall 1
	weight -2
}
vrrp_instance V65 {
	state BACKUP
	interface eth0
	virtual_router_id 65
	version 3
	priority 74
	advert_int 1.00
	garp_master_delay 1.0
	garp_master_repeat 1
	garp_lower_prio_delay 0.0
	garp_master_refresh 60
	garp_master_refresh_repeat 1
	virtual_ipaddress {
		10.0.0.114/24 dev eth0
		10.0.0.115/24 dev eth0
	}
	track_script {
		chk_0
	}
	notify /bin/told
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 3
	priority 44
	advert_int 1.00
	garp_master_delay 5.0
	garp_master_repeat 2
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
	}
	track_script {
		chk_0 weight -30
	}
	notify /bin/told
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 2
	priority 90
	advert_int 2.00
	authentication {
		auth_type PASS
		auth_pass s3cret
	}
	nopreempt
	garp_master_delay 1.0
	garp_master_repeat 2
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.0.0.101/24 dev eth0
	}
	notify /bin/told
}
.
at 340.450875 ops-forget n3 500 1843064
at 340.470472 start n3 1
quiet 480.000000
end 600.000000
