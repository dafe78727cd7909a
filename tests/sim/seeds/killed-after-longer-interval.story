# A reload makes the interval longer, and the engine is killed before its next advert: peers still
# reckoned with the shorter one, its successor with the longer, and spoke when a peer could have taken over.
# Rule 'spoke-first', seed 34680.
seed 34680
segment lan 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
config n1 0
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 2.000
	timeout 2.000
	rise 1
	fall 3
	weight 0
}
vrrp_script chk_1 {
	script "/bin/chk_1"
	interval 2.000
	rise 2
	fall 3
	weight -253
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 222
	advert_int 1.00
	garp_master_delay 5.0
	garp_master_repeat 1
	garp_lower_prio_delay 0.1
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
		10.0.51.101/32 dev eth0
	}
	track_script {
		chk_0 weight 0
	}
	notify /bin/told
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 3
	priority 86
	advert_int 0.05
	dont_track_primary
	garp_master_delay 0.1
	garp_master_repeat 2
	garp_master_refresh 10
	garp_master_refresh_repeat 2
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
		10.0.0.108/24 dev eth0
	}
	track_script {
		chk_0
		chk_1
	}
	notify /bin/told
}
.
config n1 1
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 2.000
	timeout 2.000
	rise 1
	fall 3
	weight 0
}
vrrp_script chk_1 {
	script "/bin/chk_1"
	interval 2.000
	rise 2
	fall 3
	weight -253
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 222
	advert_int 0.50
	garp_master_delay 5.0
	garp_master_repeat 1
	garp_lower_prio_delay 0.1
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
		10.0.51.101/32 dev eth0
	}
	track_script {
		chk_0 weight 0
	}
	notify /bin/told
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 3
	priority 254
	advert_int 0.20
	dont_track_primary
	garp_master_delay 0.1
	garp_master_repeat 2
	garp_master_refresh 10
	garp_master_refresh_repeat 2
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
		10.0.0.108/24 dev eth0
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
at 1.189022 start n1 0
at 166.794044 reload n1 1
at 166.794276 kill n1 260036
quiet 480.000000
end 600.000000
