# A backup with nopreempt took over although it heard a master, whom another one outranked.
# Rule 'nopreempt', seed 470.
seed 470
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
	priority 149
	advert_int 1.00
	nopreempt
	garp_master_delay 1.0
	garp_master_repeat 2
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.1.0.101/24 dev eth1
		10.0.51.102/32 dev eth0
	}
	notify /bin/told
}
.
config n1 1
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 149
	advert_int 0.70
	nopreempt
	garp_master_delay 1.0
	garp_master_repeat 2
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.1.0.101/24 dev eth1
		10.0.51.102/32 dev eth0
		10.0.51.120/32 dev eth0
	}
	notify /bin/told
}
.
host n2
iface n2 eth0 lan 10.0.0.2/24
iface n2 eth1 aux 10.1.0.2/24
config n2 0
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 90
	advert_int 1.00
	nopreempt
	dont_track_primary
	garp_master_delay 1.0
	garp_master_repeat 2
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.1.0.101/24 dev eth1
		10.0.51.102/32 dev eth0
	}
	notify /bin/told
}
.
host n3
iface n3 eth0 lan 10.0.0.3/24
iface n3 eth1 aux 10.1.0.3/24
config n3 1
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 216
	advert_int 1.00
	nopreempt
	garp_master_delay 1.0
	garp_master_repeat 2
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.1.0.101/24 dev eth1
		10.0.51.102/32 dev eth0
		10.0.51.120/32 dev eth0
	}
	notify /bin/told
}
.
host n4
iface n4 eth0 lan 10.0.0.4/24
iface n4 eth1 aux 10.1.0.4/24
host n5
iface n5 eth0 lan 10.0.0.5/24
iface n5 eth1 aux 10.1.0.5/24
at 2.643761 start n2 0
at 2.776857 start n1 0
at 253.063883 start n3 1
at 253.064557 reload n1 1
at 330.890865 reload n1 0
at 350.049452 loss * * lan 748
quiet 480.000000
end 600.000000
