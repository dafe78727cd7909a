# A refusal that was answered after a reload was forgotten.
# Rule 'addresses', seed 510.
seed 510
segment lan 100 300
segment aux 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
iface n1 eth1 aux 10.1.0.1/24
config n1 0
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 1.000
	timeout 0.200
	rise 1
	fall 1
	weight 0
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 100
	advert_int 1.00
	down_timer_adverts 4
	garp_master_delay 5.0
	garp_master_repeat 5
	garp_lower_prio_delay 0.1
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
		10.1.0.101/24 dev eth1
	}
	track_script {
		chk_0 weight -30
	}
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 2
	priority 117
	advert_int 3.00
	authentication {
		auth_type PASS
		auth_pass s3cret
	}
	nopreempt
	mcast_src_ip 10.0.0.1
	garp_master_delay 1.0
	garp_master_repeat 5
	garp_lower_prio_delay 2.0
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
	}
	virtual_ipaddress_excluded {
		10.0.0.108/24 dev eth0
		10.0.58.109/32 dev eth0
	}
	track_interface {
		eth1 weight -60
	}
	track_script {
		chk_0 weight -30
	}
}
vrrp_instance V65 {
	state BACKUP
	interface eth0
	virtual_router_id 65
	version 3
	priority 47
	advert_int 0.30
	nopreempt
	garp_master_delay 1.0
	garp_master_repeat 5
	virtual_ipaddress {
		10.0.0.114/24 dev eth0
		10.0.65.115/32 dev eth0
		10.0.0.116/24 dev eth0
	}
	track_interface {
		eth1 weight 10
	}
	track_script {
		chk_0
	}
	notify /bin/told
}
.
config n1 1
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 1.000
	timeout 0.200
	rise 1
	fall 1
	weight 0
}
vrrp_instance V65 {
	state BACKUP
	interface eth0
	virtual_router_id 65
	version 3
	priority 47
	advert_int 0.30
	nopreempt
	garp_master_delay 1.0
	garp_master_repeat 5
	virtual_ipaddress {
		10.0.0.114/24 dev eth0
		10.0.65.115/32 dev eth0
		10.0.0.116/24 dev eth0
	}
	track_interface {
		eth1 weight 0
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
	version 2
	priority 23
	advert_int 3.00
	authentication {
		auth_type PASS
		auth_pass s3cret
	}
	nopreempt
	mcast_src_ip 10.0.0.1
	garp_master_delay 1.0
	garp_master_repeat 5
	garp_lower_prio_delay 2.0
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
	}
	virtual_ipaddress_excluded {
		10.0.0.108/24 dev eth0
		10.0.58.109/32 dev eth0
	}
	track_interface {
		eth1 weight -60
	}
	track_script {
		chk_0 weight -30
	}
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 100
	advert_int 1.00
	down_timer_adverts 4
	garp_master_delay 5.0
	garp_master_repeat 5
	garp_lower_prio_delay 0.1
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
		10.1.0.101/24 dev eth1
	}
	track_script {
		chk_0 weight -30
	}
}
.
host n2
iface n2 eth0 lan 10.0.0.2/24
iface n2 eth1 aux 10.1.0.2/24
at 409.103092 ops-forget n1 500 2135902
at 417.570481 start n1 0
at 419.186874 reload n1 1
quiet 480.000000
end 600.000000
