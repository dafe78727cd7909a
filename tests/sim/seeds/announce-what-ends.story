# A reload that brought an address and made the instance unfit went on announcing it.
# Rule 'announced-late', seed 1005.
seed 1005
segment lan 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
config n1 0
global_defs {
	vrrp_garp_interval 0.010
}
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 0.300
	rise 1
	fall 1
	weight 0
	init_fail
}
vrrp_script chk_1 {
	script "/bin/chk_1"
	interval 1.000
	timeout 2.000
	rise 3
	fall 1
	weight 30
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 2
	priority 32
	advert_int 1.00
	garp_master_delay 1.0
	garp_master_repeat 1
	garp_lower_prio_delay 0.0
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.0.51.101/32 dev eth0
	}
	track_script {
		chk_1
	}
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 3
	priority 97
	advert_int 1.00
	garp_master_delay 0.1
	garp_master_repeat 5
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
	}
	track_script {
		chk_0
		chk_1
	}
}
.
config n1 3
global_defs {
	vrrp_garp_interval 0.010
}
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 1.000
	rise 1
	fall 1
	weight 0
	init_fail
}
vrrp_script chk_1 {
	script "/bin/chk_1"
	interval 1.000
	timeout 2.000
	rise 3
	fall 1
	weight 30
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 2
	priority 32
	advert_int 1.00
	preempt_delay 1.5
	garp_master_delay 1.0
	garp_master_repeat 1
	garp_lower_prio_delay 0.0
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.0.51.101/32 dev eth0
	}
	track_script {
		chk_1
	}
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 3
	priority 97
	advert_int 1.00
	garp_master_delay 0.1
	garp_master_repeat 5
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
		10.0.58.127/32 dev eth0
	}
	track_script {
		chk_0
		chk_1
	}
}
.
host n2
iface n2 eth0 lan 10.0.0.2/24
at 1.215663 start n1 0
at 343.895449 reload n1 3
quiet 480.000000
end 600.000000
