# An engine that was killed between what it knew of a lost interface and what it had told: its
# successor believed that the sockets were open. Rule 'two-masters', seed 215.
seed 215
segment lan 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
config n1 0
global_defs {
	vrrp_garp_interval 0.100
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 100
	advert_int 0.10
	nopreempt
	garp_master_delay 1.0
	garp_master_repeat 5
	garp_master_refresh 1
	garp_master_refresh_repeat 1
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
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
	garp_master_delay 0.0
	garp_master_repeat 2
	garp_lower_prio_delay 0.0
	virtual_ipaddress {
		10.0.58.107/32 dev eth0
	}
	notify /bin/told
}
.
host n2
iface n2 eth0 lan 10.0.0.2/24
host n3
iface n3 eth0 lan 10.0.0.3/24
config n3 0
global_defs {
	vrrp_garp_interval 0.100
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 80
	advert_int 0.10
	nopreempt
	garp_master_delay 1.0
	garp_master_repeat 5
	garp_master_refresh 1
	garp_master_refresh_repeat 1
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
	}
	notify /bin/told
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 3
	priority 227
	advert_int 1.00
	dont_track_primary
	garp_master_delay 0.0
	garp_master_repeat 2
	garp_lower_prio_delay 0.0
	virtual_ipaddress {
		10.0.58.107/32 dev eth0
	}
	notify /bin/told
}
.
config n3 1
global_defs {
	vrrp_garp_interval 0.100
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 20
	advert_int 0.10
	nopreempt
	garp_master_delay 1.0
	garp_master_repeat 5
	garp_master_refresh 1
	garp_master_refresh_repeat 1
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
	}
	notify /bin/told
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 3
	priority 227
	advert_int 1.00
	dont_track_primary
	garp_master_delay 0.0
	garp_master_repeat 2
	garp_lower_prio_delay 0.0
	virtual_ipaddress {
		10.0.58.107/32 dev eth0
	}
}
.
host n4
iface n4 eth0 lan 10.0.0.4/24
config n4 0
global_defs {
	vrrp_garp_interval 0.100
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 3
	priority 255
	advert_int 1.00
	mcast_src_ip 10.0.0.4
	garp_master_delay 0.0
	garp_master_repeat 2
	garp_lower_prio_delay 0.0
	virtual_ipaddress {
		10.0.58.107/32 dev eth0
	}
	notify /bin/told
}
.
at 0.092782 start n4 0
at 0.458547 start n1 0
at 2.848533 start n3 0
at 60.820166 kill-within n3 12767 6
at 60.820166 link-down n3 eth0
at 60.829606 link-up n3 eth0
at 97.725488 reload n3 1
at 98.184782 stop n4
at 99.285735 notices-lost n3
at 99.285907 link-delete n3 eth0
at 99.293972 notices-back n3
at 101.285735 link-create n3 eth0 1000
quiet 480.000000
end 600.000000

