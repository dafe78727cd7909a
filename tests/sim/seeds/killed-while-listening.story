# An engine that came late listened, and was killed before it had listened to the end; so its successor
# listened, too, and a peer took over. The rule saw only that the second one came in time.
# Rule 'resumed-late', seed 16056.
seed 16056
segment lan 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
config n1 0
global_defs {
	vrrp_garp_interval 0.100
}
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 0.500
	timeout 0.200
	rise 2
	fall 3
	weight 0
}
vrrp_script chk_1 {
	script "/bin/chk_1"
	interval 1.000
	timeout 2.000
	rise 3
	fall 1
	weight -253
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 119
	advert_int 0.25
	garp_master_delay 0.0
	garp_master_repeat 1
	garp_lower_prio_delay 0.1
	garp_master_refresh 60
	garp_master_refresh_repeat 1
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.0.0.101/24 dev eth0
	}
	track_script {
		chk_0 weight 5
		chk_1
	}
	notify /bin/told
}
.
host n2
iface n2 eth0 lan 10.0.0.2/24
config n2 1
global_defs {
	vrrp_garp_interval 0.100
}
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 0.500
	rise 1
	fall 2
	weight 0
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 90
	advert_int 0.25
	garp_master_delay 0.0
	garp_master_repeat 1
	garp_lower_prio_delay 0.1
	garp_master_refresh 60
	garp_master_refresh_repeat 1
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.0.0.101/24 dev eth0
	}
	track_script {
		chk_0 weight -30
	}
}
.
at 1.861180 start n1 0
at 15.220049 start n2 1
at 15.975663 address-delete n1 eth0
at 33.685243 address-add n1 eth0
at 42.176346 kill-within n1 578998 4
at 43.241281 kill n1 15212
quiet 480.000000
end 600.000000
