# An engine learns that its interface is gone and is killed in the middle of that; a reload comes before its
# successor has read the kernel, and tells what was known. The rule let it tell nothing.
# Rule 'reload', seed 56945.
seed 56945
segment lan 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
host n2
iface n2 eth0 lan 10.0.0.2/24
config n2 1
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 1.000
	rise 2
	fall 1
	weight 60
	init_fail
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 2
	priority 90
	advert_int 2.00
	down_timer_adverts 4
	garp_master_delay 5.0
	garp_master_repeat 2
	garp_lower_prio_delay 2.0
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.0.0.101/24 dev eth0
	}
	track_script {
		chk_0
	}
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 2
	priority 24
	advert_int 3.00
	nopreempt
	mcast_src_ip 10.0.0.2
	garp_master_delay 5.0
	garp_master_repeat 2
	garp_lower_prio_delay 0.1
	garp_master_refresh 60
	garp_master_refresh_repeat 2
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
	}
	track_script {
		chk_0
	}
	notify /bin/told
}
vrrp_instance V65 {
	state BACKUP
	interface eth0
	virtual_router_id 65
	version 3
	priority 96
	advert_int 0.50
	down_timer_adverts 5
	nopreempt
	garp_master_delay 5.0
	garp_master_repeat 1
	garp_master_refresh 60
	garp_master_refresh_repeat 1
	virtual_ipaddress {
		10.0.0.114/24 dev eth0
		10.0.65.115/32 dev eth0 no_track
		10.0.0.116/24 dev eth0
	}
	track_script {
		chk_0
	}
	notify /bin/told
}
.
config n2 2
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 1.000
	rise 1
	fall 2
	weight 0
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 2
	priority 90
	advert_int 2.00
	down_timer_adverts 4
	garp_master_delay 5.0
	garp_master_repeat 2
	garp_lower_prio_delay 2.0
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.0.0.101/24 dev eth0
	}
	track_script {
		chk_0
	}
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 2
	priority 255
	advert_int 3.00
	mcast_src_ip 10.0.0.2
	garp_master_delay 5.0
	garp_master_repeat 2
	garp_lower_prio_delay 0.1
	garp_master_refresh 60
	garp_master_refresh_repeat 2
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
	}
	track_script {
		chk_0
	}
	notify /bin/told
}
vrrp_instance V65 {
	state BACKUP
	interface eth0
	virtual_router_id 65
	version 3
	priority 96
	advert_int 0.50
	down_timer_adverts 5
	nopreempt
	garp_master_delay 5.0
	garp_master_repeat 1
	garp_master_refresh 60
	garp_master_refresh_repeat 1
	virtual_ipaddress {
		10.0.0.116/24 dev eth0
		10.0.65.115/32 dev eth0 no_track
	}
	track_script {
		chk_0
	}
	notify /bin/told
}
.
at 283.682780 start n2 1
at 389.086483 reload n2 2
at 391.812082 kill-within n2 17474 2
at 391.812646 notices-lost n2
at 391.814227 link-delete n2 eth0
at 391.859078 notices-back n2
at 391.861842 reload n2 2
quiet 480.000000
end 600.000000
