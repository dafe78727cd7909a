# An engine that goes on hears of an address that moves up, and then of its interface that goes,
# before it has read all: it took the address for one that somebody left behind.
# Rule 'resumed-gap', seed 3224.
seed 3224
segment lan 100 300
segment aux 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
iface n1 eth1 aux 10.1.0.1/24
config n1 3
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 2.000
	rise 1
	fall 1
	weight 10
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 2
	priority 100
	advert_int 1.00
	authentication {
		auth_type PASS
		auth_pass s3cret
	}
	nopreempt
	garp_master_delay 1.0
	garp_master_repeat 1
	garp_lower_prio_delay 0.1
	virtual_ipaddress {
		10.1.0.100/24 dev eth1 no_track
		10.0.0.101/24 dev eth0
	}
	track_interface {
		eth1 weight -60
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
	advert_int 0.70
	nopreempt
	garp_master_delay 1.0
	garp_master_repeat 5
	garp_lower_prio_delay 2.0
	garp_lower_prio_repeat 3
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
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
at 310.806045 start n1 3
at 318.208528 upgrade n1 0
at 318.208657 address-delete n1 eth1
at 318.209568 link-delete n1 eth1
quiet 480.000000
end 600.000000
