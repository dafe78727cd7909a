# A host whose own address came after a virtual one of its subnet had no source for ever.
# Rule 'facts', seed 208.
seed 208
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
config n4 0
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 0.300
	timeout 0.200
	rise 1
	fall 3
	weight 0
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 70
	advert_int 1.50
	garp_master_delay 1.0
	garp_master_repeat 5
	garp_lower_prio_delay 0.1
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
		10.0.0.101/24 dev eth0
	}
	track_interface {
		eth1 weight 50
	}
}
vrrp_instance V58 {
	state BACKUP
	interface eth1
	virtual_router_id 58
	version 2
	priority 245
	advert_int 2.00
	down_timer_adverts 5
	garp_master_delay 5.0
	garp_master_repeat 5
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
		10.0.0.109/24 dev eth0
	}
	virtual_ipaddress_excluded {
		10.1.58.108/32 dev eth1
	}
}
vrrp_instance V65 {
	state BACKUP
	interface eth0
	virtual_router_id 65
	version 3
	priority 255
	advert_int 2.00
	garp_master_delay 5.0
	garp_master_repeat 5
	virtual_ipaddress {
		10.0.65.114/32 dev eth0
	}
	track_script {
		chk_0 weight 5
	}
	notify /bin/told
}
.
host n5
iface n5 eth0 lan 10.0.0.5/24
iface n5 eth1 aux 10.1.0.5/24
at 0.254178 start n4 0
at 262.694809 link-delete n4 eth0
at 310.761879 link-create n4 eth0 537761
quiet 480.000000
end 600.000000
