# An address that was taken while notices were lost was never missed.
# Rule 'addresses', seed 5.
seed 5
segment lan 100 300
segment aux 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
iface n1 eth1 aux 10.1.0.1/24
config n1 3
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 0.300
	rise 3
	fall 1
	weight 0
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 100
	advert_int 0.10
	garp_master_delay 5.0
	garp_master_repeat 5
	garp_lower_prio_delay 2.0
	garp_lower_prio_repeat 3
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
		10.0.51.101/32 dev eth0
		10.0.51.102/32 dev eth0
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
at 319.364487 start n1 3
at 334.397650 notices-lost n1
at 335.799205 vip-delete * -1
quiet 480.000000
end 600.000000
