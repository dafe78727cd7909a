# A reload while everything was read again took every interface for missing.
# Rule 'reload', seed 9.
seed 9
segment lan 100 300
segment aux 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
iface n1 eth1 aux 10.1.0.1/24
host n2
iface n2 eth0 lan 10.0.0.2/24
iface n2 eth1 aux 10.1.0.2/24
config n2 3
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 3.000
	rise 1
	fall 1
	weight 0
	init_fail
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 2
	priority 255
	advert_int 2.00
	preempt_delay 2.0
	garp_master_delay 0.0
	garp_master_repeat 5
	garp_lower_prio_delay 0.0
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
		10.1.58.108/32 dev eth1
	}
	track_interface {
		eth1 weight 50
	}
	track_script {
		chk_0 weight 0
	}
}
vrrp_instance V51 {
	state BACKUP
	interface eth1
	virtual_router_id 51
	version 2
	priority 32
	advert_int 3.00
	authentication {
		auth_type PASS
		auth_pass s3cret
	}
	garp_master_delay 0.1
	garp_master_repeat 1
	garp_lower_prio_repeat 3
	virtual_ipaddress {
		10.1.51.100/32 dev eth1
		10.1.0.101/24 dev eth1
	}
	track_interface {
		eth0 weight 0
	}
	track_script {
		chk_0 weight 0
	}
}
.
at 280.458168 start n2 3
at 298.799360 notices-lost n2
at 298.799766 link-delete n2 eth1
at 298.812252 notices-back n2
at 298.812685 reload n2 3
quiet 480.000000
end 600.000000
