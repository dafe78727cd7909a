# An engine that came so late that a peer of the highest priority could have been about to take over
# listened first, as it must; a peer of a low priority then took over. The rule was wrong.
# Rule 'resumed-late', seed 8464.
seed 8464
segment lan 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
host n2
iface n2 eth0 lan 10.0.0.2/24
config n2 0
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 2.000
	rise 3
	fall 1
	weight 0
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 2
	priority 90
	advert_int 1.00
	preempt_delay 8.0
	garp_master_delay 5.0
	garp_master_repeat 5
	garp_lower_prio_delay 0.1
	garp_master_refresh 10
	garp_master_refresh_repeat 2
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
	}
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 3
	priority 93
	advert_int 0.50
	nopreempt
	garp_master_delay 0.1
	garp_master_repeat 5
	garp_lower_prio_repeat 3
	garp_master_refresh 10
	garp_master_refresh_repeat 2
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
		10.0.58.108/32 dev eth0
	}
	virtual_ipaddress_excluded {
		10.0.58.109/32 dev eth0
	}
	track_script {
		chk_0
	}
	notify /bin/told
}
.
host n3
iface n3 eth0 lan 10.0.0.3/24
config n3 0
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 1.000
	timeout 0.200
	rise 3
	fall 1
	weight 10
}
vrrp_script chk_1 {
	script "/bin/chk_1"
	interval 0.500
	timeout 2.000
	rise 1
	fall 1
	weight -253
	init_fail
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 2
	priority 216
	advert_int 1.00
	preempt_delay 8.0
	garp_master_delay 5.0
	garp_master_repeat 5
	garp_lower_prio_delay 0.1
	garp_master_refresh 10
	garp_master_refresh_repeat 2
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
	}
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 3
	priority 93
	advert_int 0.50
	garp_master_delay 0.1
	garp_master_repeat 5
	garp_lower_prio_repeat 3
	garp_master_refresh 10
	garp_master_refresh_repeat 2
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
		10.0.58.108/32 dev eth0
	}
	virtual_ipaddress_excluded {
		10.0.58.109/32 dev eth0
	}
	track_script {
		chk_0
	}
	notify /bin/told
}
.
at 0.222306 start n3 0
at 2.450980 start n2 0
at 31.871293 link-down n3 eth0
at 31.892734 link-up n3 eth0
at 74.755797 kill n3 1898026
quiet 480.000000
end 600.000000
