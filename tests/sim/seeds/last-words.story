# The loser's last announcement was the last that clients heard: the winner's answer was left out.
# Rule 'client', seed 7164.
seed 7164
segment lan 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
config n1 3
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 1.000
	rise 1
	fall 1
	weight 2
}
vrrp_script chk_1 {
	script "/bin/chk_1"
	interval 3.000
	rise 1
	fall 3
	weight -253
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 100
	advert_int 1.00
	nopreempt
	garp_master_delay 0.0
	garp_master_repeat 1
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
		10.0.51.101/32 dev eth0
	}
	track_script {
		chk_0 weight 5
		chk_1
	}
	notify /bin/told
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 2
	priority 247
	advert_int 3.00
	down_timer_adverts 5
	authentication {
		auth_type PASS
		auth_pass s3cret
	}
	garp_master_delay 5.0
	garp_master_repeat 5
	garp_lower_prio_delay 0.0
	garp_lower_prio_repeat 3
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
	}
	track_script {
		chk_0 weight -30
		chk_1 weight -30
	}
	notify /bin/told
}
vrrp_instance V65 {
	state BACKUP
	interface eth0
	virtual_router_id 65
	version 3
	priority 94
	advert_int 1.00
	garp_master_delay 0.0
	garp_master_repeat 1
	garp_lower_prio_repeat 1
	virtual_ipaddress {
		10.0.65.114/32 dev eth0
		10.0.0.115/24 dev eth0
	}
	track_script {
		chk_0
		chk_1
	}
	notify /bin/told
}
.
host n2
iface n2 eth0 lan 10.0.0.2/24
host n3
iface n3 eth0 lan 10.0.0.3/24
config n3 2
vrrp_instance V65 {
	state BACKUP
	interface eth0
	virtual_router_id 65
	version 3
	priority 74
	advert_int 1.00
	nopreempt
	mcast_src_ip 10.0.0.3
	garp_master_delay 0.0
	garp_master_repeat 1
	garp_lower_prio_repeat 1
	virtual_ipaddress {
		10.0.65.114/32 dev eth0
		10.0.0.115/24 dev eth0
	}
	notify /bin/told
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 2
	priority 139
	advert_int 3.00
	down_timer_adverts 5
	authentication {
		auth_type PASS
		auth_pass s3cret
	}
	garp_master_delay 5.0
	garp_master_repeat 5
	garp_lower_prio_delay 0.0
	garp_lower_prio_repeat 3
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
	}
	notify /bin/told
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 227
	advert_int 1.00
	nopreempt
	garp_master_delay 0.0
	garp_master_repeat 1
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
		10.0.51.101/32 dev eth0
		10.0.51.120/32 dev eth0
	}
	notify /bin/told
}
.
host n4
iface n4 eth0 lan 10.0.0.4/24
at 339.079769 start n3 2
at 457.239253 start n1 3
at 476.250399 notices-lost n3
at 476.250677 link-delete n3 eth0
at 478.250399 link-create n3 eth0 1000
quiet 480.000000
end 600.000000
