# A damped engine has a change to tell, and is killed; the next one tells it when it goes on, for it is
# time. The rule let a successor tell nothing.
# Rule 'resumed-notify', seed 50220.
seed 50220
segment lan 100 300
segment aux 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
iface n1 eth1 aux 10.1.0.1/24
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
config n5 0
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 2.000
	rise 2
	fall 3
	weight 0
}
vrrp_script chk_1 {
	script "/bin/chk_1"
	interval 0.500
	rise 1
	fall 2
	weight 0
	init_fail
}
vrrp_instance V51 {
	state BACKUP
	interface eth1
	virtual_router_id 51
	version 3
	priority 60
	advert_int 1.00
	garp_master_delay 0.1
	garp_master_repeat 2
	virtual_ipaddress {
		10.1.0.100/24 dev eth1
	}
	track_interface {
		eth0 weight 0
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
	priority 193
	advert_int 0.50
	max_advert_int 5.00
	nopreempt
	garp_master_delay 5.0
	garp_master_repeat 5
	virtual_ipaddress {
		10.0.58.107/32 dev eth0
		10.0.0.108/24 dev eth0
		10.0.0.109/24 dev eth0
	}
	track_script {
		chk_0 weight 0
		chk_1 weight 5
	}
	notify /bin/told
}
vrrp_instance V65 {
	state BACKUP
	interface eth1
	virtual_router_id 65
	version 2
	priority 54
	advert_int 1.00
	authentication {
		auth_type PASS
		auth_pass s3cret
	}
	preempt_delay 2.0
	garp_master_delay 1.0
	garp_master_repeat 2
	virtual_ipaddress {
		10.1.65.114/32 dev eth1
	}
	notify /bin/told
}
.
at 0.809324 start n5 0
at 213.959427 forge * 58 255 1
at 214.034922 forge * 58 255 1
at 214.110417 forge * 58 255 1
at 214.185912 forge * 58 255 1
at 214.261407 forge * 58 255 1
at 214.336902 forge * 58 255 1
at 214.350280 kill n5 11760480
quiet 480.000000
end 600.000000
