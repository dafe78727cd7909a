# While the master is cut off somebody claims its first address; what clients learnt of the second one
# it cannot know, for the one who took over is not heard again. The rule took the claim for a word
# on all addresses.
# Rule 'client', seed 12834; 7827 and 10192 are the same.
seed 12834
segment lan 100 300
segment aux 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
iface n1 eth1 aux 10.1.0.1/24
config n1 0
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 255
	advert_int 3.00
	garp_master_delay 1.0
	garp_master_repeat 2
	garp_lower_prio_repeat 3
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.0.0.101/24 dev eth0
	}
	virtual_ipaddress_excluded {
		10.0.0.102/24 dev eth0
	}
	notify /bin/told
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 3
	priority 255
	advert_int 0.50
	max_advert_int 40.95
	garp_master_delay 0.0
	garp_master_repeat 5
	virtual_ipaddress {
		10.0.58.107/32 dev eth0
		10.0.58.108/32 dev eth0
	}
	virtual_ipaddress_excluded {
		10.1.58.109/32 dev eth1
	}
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
config n4 0
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 2.000
	rise 1
	fall 1
	weight 2
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 75
	advert_int 3.00
	garp_master_delay 1.0
	garp_master_repeat 2
	garp_lower_prio_repeat 3
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.0.0.101/24 dev eth0
	}
	virtual_ipaddress_excluded {
		10.0.0.102/24 dev eth0
	}
	track_interface {
		eth1 weight -10
	}
	track_script {
		chk_0 weight -30
	}
	notify /bin/told
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 3
	priority 73
	advert_int 0.50
	max_advert_int 40.95
	dont_track_primary
	garp_master_delay 0.0
	garp_master_repeat 5
	virtual_ipaddress {
		10.0.58.107/32 dev eth0
		10.0.58.108/32 dev eth0
	}
	virtual_ipaddress_excluded {
		10.1.58.109/32 dev eth1
	}
	track_script {
		chk_0 weight -30
	}
	notify /bin/told
}
.
at 1.873918 start n4 0
at 2.296122 start n1 0
at 352.767635 cut n1 * *
at 352.767635 cut * n1 *
at 368.616762 claim * 0 51
at 407.171366 heal n1 * *
quiet 480.000000
end 600.000000
