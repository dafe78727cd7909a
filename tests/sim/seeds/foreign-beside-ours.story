# Another program adds an address that we hold, with another length: ours stays, and the master with it.
# Started afresh, it would be unfit. The rule was wrong.
# Rule 'afresh', seed 20447.
seed 20447
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
	interval 1.000
	rise 1
	fall 2
	weight 0
}
vrrp_instance V51 {
	state BACKUP
	interface eth1
	virtual_router_id 51
	version 3
	priority 33
	advert_int 0.25
	nopreempt
	garp_master_delay 0.0
	garp_master_repeat 5
	virtual_ipaddress {
		10.1.51.100/32 dev eth1
		10.1.0.101/24 dev eth1
		10.0.0.102/24 dev eth0 no_track
	}
	track_script {
		chk_0
	}
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 3
	priority 73
	advert_int 0.50
	garp_master_delay 5.0
	garp_master_repeat 5
	garp_lower_prio_delay 0.1
	garp_lower_prio_repeat 1
	virtual_ipaddress {
		10.0.58.107/32 dev eth0
		10.0.0.108/24 dev eth0
		10.0.58.109/32 dev eth0
	}
	track_script {
		chk_0
	}
}
.
at 0.155254 start n4 0
at 346.639218 vip-foreign n4 0 1
quiet 480.000000
end 600.000000
