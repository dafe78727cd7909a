# The owner's own address comes back after another program's in the same subnet: that one is the primary
# address then. The simulated world started the host afresh with the other order.
# Rule 'afresh', seed 34786.
seed 34786
segment lan 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
host n2
iface n2 eth0 lan 10.0.0.2/24
config n2 0
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 0.300
	timeout 1.000
	rise 1
	fall 3
	weight 0
}
vrrp_script chk_1 {
	script "/bin/chk_1"
	interval 0.500
	rise 1
	fall 3
	weight 60
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 255
	advert_int 0.10
	max_advert_int 40.95
	garp_master_delay 1.0
	garp_master_repeat 5
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.0.51.101/32 dev eth0
	}
	virtual_ipaddress_excluded {
		10.0.51.102/32 dev eth0
	}
	track_script {
		chk_0 weight 0
	}
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 3
	priority 93
	advert_int 0.10
	nopreempt
	garp_master_delay 0.1
	garp_master_repeat 5
	garp_lower_prio_delay 0.1
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
		10.0.0.109/24 dev eth0
	}
	virtual_ipaddress_excluded {
		10.0.58.108/32 dev eth0
	}
	track_script {
		chk_0
		chk_1
	}
	notify /bin/told
}
vrrp_instance V65 {
	state BACKUP
	interface eth0
	virtual_router_id 65
	version 3
	priority 96
	advert_int 0.30
	garp_master_delay 5.0
	garp_master_repeat 5
	garp_lower_prio_delay 0.1
	virtual_ipaddress {
		10.0.0.114/24 dev eth0
		10.0.65.115/32 dev eth0
	}
	track_script {
		chk_0 weight -30
	}
}
.
host n3
iface n3 eth0 lan 10.0.0.3/24
host n4
iface n4 eth0 lan 10.0.0.4/24
at 1.062947 start n2 0
at 391.921501 address-delete n2 eth0
at 436.004127 vip-foreign n2 2 0
at 449.329497 address-add n2 eth0
quiet 480.000000
end 600.000000
