# A master that held an address beside another program's steps down; before it looks again, a tenth of a
# second later, a reload comes, and looks at once. The rule let a reload find nothing.
# Rule 'reload', seed 53812.
seed 53812
segment lan 100 300
segment aux 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
iface n1 eth1 aux 10.1.0.1/24
config n1 0
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 3.000
	rise 1
	fall 1
	weight -253
	init_fail
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 2
	priority 100
	advert_int 1.00
	max_advert_int 40.95
	garp_master_delay 5.0
	garp_master_repeat 2
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.0.0.101/24 dev eth0
		10.0.51.102/32 dev eth0
	}
	track_interface {
		eth1 weight 0
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
	priority 97
	advert_int 1.00
	dont_track_primary
	garp_master_delay 0.0
	garp_master_repeat 5
	garp_lower_prio_delay 2.0
	garp_master_refresh 1
	garp_master_refresh_repeat 1
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
	}
	track_interface {
		eth1 weight 0
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
	priority 94
	advert_int 1.00
	max_advert_int 2.50
	dont_track_primary
	garp_master_delay 5.0
	garp_master_repeat 2
	virtual_ipaddress {
		10.0.0.114/24 dev eth0
		10.1.65.115/32 dev eth1
	}
	track_script {
		chk_0
	}
	notify /bin/told
}
.
config n1 3
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 3.000
	rise 1
	fall 1
	weight -253
	init_fail
}
vrrp_instance V65 {
	state BACKUP
	interface eth0
	virtual_router_id 65
	version 3
	priority 94
	advert_int 0.50
	max_advert_int 2.50
	dont_track_primary
	garp_master_delay 5.0
	garp_master_repeat 2
	virtual_ipaddress {
		10.0.0.114/24 dev eth0
		10.1.65.115/32 dev eth1
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
	priority 97
	advert_int 1.00
	dont_track_primary
	garp_master_delay 0.0
	garp_master_repeat 5
	garp_lower_prio_delay 2.0
	garp_master_refresh 1
	garp_master_refresh_repeat 1
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
	}
	track_interface {
		eth1 weight 0
	}
	track_script {
		chk_0
	}
	notify /bin/told
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 2
	priority 100
	advert_int 1.00
	max_advert_int 40.95
	garp_master_delay 5.0
	garp_master_repeat 2
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.0.0.101/24 dev eth0
		10.0.51.102/32 dev eth0
	}
	track_interface {
		eth1 weight 0
	}
	track_script {
		chk_0
	}
	notify /bin/told
}
.
host n2
iface n2 eth0 lan 10.0.0.2/24
iface n2 eth1 aux 10.1.0.2/24
config n2 0
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 1.000
	rise 3
	fall 1
	weight -2
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 2
	priority 201
	advert_int 1.00
	max_advert_int 40.95
	mcast_src_ip 10.0.0.2
	garp_master_delay 5.0
	garp_master_repeat 2
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.0.0.101/24 dev eth0
		10.0.51.102/32 dev eth0
	}
	notify /bin/told
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 3
	priority 169
	advert_int 1.00
	garp_master_delay 0.0
	garp_master_repeat 5
	garp_lower_prio_delay 2.0
	garp_master_refresh 1
	garp_master_refresh_repeat 1
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
	}
}
vrrp_instance V65 {
	state BACKUP
	interface eth0
	virtual_router_id 65
	version 3
	priority 96
	advert_int 1.00
	max_advert_int 2.50
	garp_master_delay 5.0
	garp_master_repeat 2
	virtual_ipaddress {
		10.0.0.114/24 dev eth0
		10.1.65.115/32 dev eth1
	}
	track_script {
		chk_0
	}
}
.
at 2.407524 start n2 0
at 2.750240 start n1 0
at 3.322109 link-down n2 eth0
at 8.139571 link-up n2 eth0
at 10.172808 vip-foreign n1 0 1
at 11.409514 reload n1 3
quiet 480.000000
end 600.000000
