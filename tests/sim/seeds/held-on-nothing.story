# An address counted as held on an interface that is gone.
# Rule 'held', seed 110892.
seed 110892
segment lan 100 300
segment aux 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
iface n1 eth1 aux 10.1.0.1/24
config n1 1
global_defs {
	vrrp_garp_interval 0.100
}
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 2.000
	rise 2
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
	garp_master_delay 1.0
	garp_master_repeat 5
	garp_lower_prio_delay 0.0
	garp_lower_prio_repeat 3
	virtual_ipaddress {
		10.1.51.100/32 dev eth1
	}
	virtual_ipaddress_excluded {
		10.0.51.101/32 dev eth0
	}
	track_interface {
		eth1 weight 0
	}
	track_script {
		chk_0 weight 0 reverse
	}
	notify /bin/told
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 2
	priority 97
	advert_int 2.00
	authentication {
		auth_type PASS
		auth_pass s3cret
	}
	preempt_delay 1.5
	garp_master_delay 0.0
	garp_master_repeat 1
	garp_lower_prio_repeat 1
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
		10.0.58.127/32 dev eth0
	}
	track_interface {
		eth1 weight 50
	}
}
vrrp_instance V65 {
	state BACKUP
	interface eth1
	virtual_router_id 65
	version 3
	priority 94
	advert_int 1.00
	nopreempt
	garp_master_delay 1.0
	garp_master_repeat 1
	garp_lower_prio_delay 2.0
	virtual_ipaddress {
		10.1.0.114/24 dev eth1
		10.0.0.115/24 dev eth0
		10.1.65.116/32 dev eth1
	}
	track_script {
		chk_0
	}
}
.
host n2
iface n2 eth0 lan 10.0.0.2/24
iface n2 eth1 aux 10.1.0.2/24
host n3
iface n3 eth0 lan 10.0.0.3/24
iface n3 eth1 aux 10.1.0.3/24
at 179.600849 start n1 1
at 472.806261 link-delete n1 eth0
at 472.806617 reload n1 1
quiet 480.000000
end 600.000000
