# An unfit instance whose address could not be deleted forgot it at a reload that no longer named it.
# Rule 'stray', seed 5064.
seed 5064
segment lan 100 300
segment aux 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
iface n1 eth1 aux 10.1.0.1/24
host n2
iface n2 eth0 lan 10.0.0.2/24
iface n2 eth1 aux 10.1.0.2/24
config n2 1
global_defs {
	vrrp_garp_interval 0.010
}
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 0.500
	rise 3
	fall 1
	weight 10
	init_fail
}
vrrp_instance V51 {
	state BACKUP
	interface eth1
	virtual_router_id 51
	version 3
	priority 90
	advert_int 0.25
	nopreempt
	garp_master_delay 0.0
	garp_master_repeat 1
	garp_master_refresh 60
	garp_master_refresh_repeat 2
	virtual_ipaddress {
		10.1.0.100/24 dev eth1
		10.1.51.101/32 dev eth1
		10.1.0.102/24 dev eth1
	}
	track_interface {
		eth0 weight 0
	}
	track_script {
		chk_0
	}
	notify /bin/told
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 3
	priority 93
	advert_int 0.50
	nopreempt
	garp_master_delay 5.0
	garp_master_repeat 5
	garp_lower_prio_delay 2.0
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
		10.0.58.108/32 dev eth0
		10.0.0.109/24 dev eth0
	}
	notify /bin/told
}
.
config n2 3
global_defs {
	vrrp_garp_interval 0.010
}
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 0.500
	rise 1
	fall 2
	weight 30
}
vrrp_instance V51 {
	state BACKUP
	interface eth1
	virtual_router_id 51
	version 3
	priority 90
	advert_int 0.25
	nopreempt
	garp_master_delay 0.0
	garp_master_repeat 1
	garp_master_refresh 60
	garp_master_refresh_repeat 2
	virtual_ipaddress {
		10.1.0.102/24 dev eth1
		10.1.51.101/32 dev eth1
	}
	track_interface {
		eth0 weight 0
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
	garp_master_delay 5.0
	garp_master_repeat 5
	garp_lower_prio_delay 2.0
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
		10.0.58.108/32 dev eth0
		10.0.0.109/24 dev eth0
	}
	notify /bin/told
}
.
at 270.325419 start n2 1
at 305.784022 ops-fail n2 1000 1
at 311.176157 link-down n2 eth0
at 344.710890 reload n2 3
quiet 480.000000
end 600.000000
