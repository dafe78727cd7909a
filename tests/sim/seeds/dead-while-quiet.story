# A host is dead when all is quiet: the checker asked its freed configuration for an interval.
# Rule 'died', seed 83909.
seed 83909
segment lan 100 300
segment aux 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
iface n1 eth1 aux 10.1.0.1/24
config n1 2
global_defs {
	vrrp_garp_interval 0.001
}
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 3.000
	timeout 1.000
	rise 3
	fall 3
	weight -60
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 3
	priority 97
	advert_int 0.50
	nopreempt
	garp_master_delay 0.0
	garp_master_repeat 1
	garp_lower_prio_delay 0.1
	garp_master_refresh 1
	garp_master_refresh_repeat 2
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
	}
	track_interface {
		eth1 weight 10
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
config n3 3
global_defs {
	vrrp_garp_interval 0.001
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 3
	priority 77
	advert_int 0.50
	mcast_src_ip 10.0.0.3
	garp_master_delay 0.0
	garp_master_repeat 1
	garp_lower_prio_delay 0.1
	garp_master_refresh 1
	garp_master_refresh_repeat 2
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
	}
	track_interface {
		eth1 weight -60
	}
	notify /bin/told
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 17
	advert_int 0.25
	nopreempt
	garp_master_delay 0.0
	garp_master_repeat 2
	garp_lower_prio_delay 0.1
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
	}
	notify /bin/told
}
.
at 156.108615 start n3 3
at 190.887703 start n1 2
at 471.584104 kill-within n1 17086979 8
quiet 480.000000
end 600.000000
