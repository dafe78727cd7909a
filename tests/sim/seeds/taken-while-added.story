# An address that was taken before the answer to its addition was read was never missed.
# Rule 'addresses', seed 534.
seed 534
segment lan 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
host n2
iface n2 eth0 lan 10.0.0.2/24
config n2 1
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 1.000
	rise 1
	fall 1
	weight 10
}
vrrp_script chk_1 {
	script "/bin/chk_1"
	interval 0.300
	timeout 1.000
	rise 1
	fall 1
	weight 60
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 2
	priority 255
	advert_int 3.00
	garp_master_delay 0.1
	garp_master_repeat 5
	garp_lower_prio_delay 0.0
	garp_lower_prio_repeat 1
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
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
	version 2
	priority 93
	advert_int 1.00
	nopreempt
	garp_master_delay 5.0
	garp_master_repeat 5
	garp_master_refresh 60
	garp_master_refresh_repeat 2
	virtual_ipaddress {
		10.0.58.107/32 dev eth0
		10.0.58.108/32 dev eth0
		10.0.0.109/24 dev eth0
	}
	track_script {
		chk_1
	}
	notify /bin/told
}
.
at 284.937327 start n2 1
at 291.759591 link-down n2 eth0
at 294.843140 link-up n2 eth0
at 298.264673 link-down n2 eth0
at 298.276400 link-up n2 eth0
at 298.277132 link-down n2 eth0
at 298.586287 link-up n2 eth0
at 298.692489 link-down n2 eth0
at 301.342633 script n2 chk_1 hang
at 323.842555 lag n2 994500
at 339.941476 link-delete n2 eth0
at 340.194205 link-create n2 eth0 4158
at 344.629799 ops-forget n2 500 2736306
at 344.629875 vip-delete * 1
at 344.631259 vip-delete * 1
quiet 480.000000
end 600.000000
