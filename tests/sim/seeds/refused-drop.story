# A deletion that a reload asked for and the kernel refused was forgotten.
# Rule 'stray', seed 298.
seed 298
segment lan 100 300
segment aux 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
iface n1 eth1 aux 10.1.0.1/24
config n1 0
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 1.000
	rise 1
	fall 1
	weight -253
}
vrrp_script chk_1 {
	script "/bin/chk_1"
	interval 0.500
	timeout 2.000
	rise 3
	fall 1
	weight 0
}
vrrp_instance V51 {
	state BACKUP
	interface eth1
	virtual_router_id 51
	version 2
	priority 100
	advert_int 1.00
	nopreempt
	garp_master_delay 5.0
	garp_master_repeat 5
	virtual_ipaddress {
		10.1.51.100/32 dev eth1
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
	priority 7
	advert_int 1.00
	garp_master_delay 0.0
	garp_master_repeat 5
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
	}
	track_script {
		chk_0
		chk_1 weight 0
	}
	notify /bin/told
}
.
config n1 1
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 1.000
	rise 1
	fall 1
	weight -253
}
vrrp_script chk_1 {
	script "/bin/chk_1"
	interval 0.500
	timeout 2.000
	rise 3
	fall 1
	weight 0
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 2
	priority 7
	advert_int 1.00
	garp_master_delay 0.0
	garp_master_repeat 5
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
	}
	track_script {
		chk_0
		chk_1 weight 0
	}
	notify /bin/told
}
.
host n2
iface n2 eth0 lan 10.0.0.2/24
iface n2 eth1 aux 10.1.0.2/24
host n3
iface n3 eth0 lan 10.0.0.3/24
iface n3 eth1 aux 10.1.0.3/24
host n4
iface n4 eth0 lan 10.0.0.4/24
iface n4 eth1 aux 10.1.0.4/24
host n5
iface n5 eth0 lan 10.0.0.5/24
iface n5 eth1 aux 10.1.0.5/24
at 2.535438 start n1 0
at 55.938587 ops-fail n1 1000 1
at 55.938625 reload n1 1
quiet 480.000000
end 600.000000
