# The host gets an address that its owner lacked, with another length, and it becomes the source: the
# owner put its own on before it knew, took it for shared when it was there, and never took it off.
# Rule 'kept-address', seed 23468.
seed 23468
segment lan 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
config n1 1
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 3.000
	rise 3
	fall 3
	weight -20
}
vrrp_script chk_1 {
	script "/bin/chk_1"
	interval 1.000
	rise 1
	fall 1
	weight 0
	init_fail
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 2
	priority 255
	advert_int 3.00
	authentication {
		auth_type PASS
		auth_pass s3cret
	}
	preempt_delay 1.5
	garp_master_delay 0.1
	garp_master_repeat 2
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.0.51.101/32 dev eth0
	}
	track_script {
		chk_0
	}
}
.
host n2
iface n2 eth0 lan 10.0.0.2/24
at 55.053013 start n1 1
at 178.359418 address-delete n1 eth0
at 199.599639 vip-foreign n1 0 1
at 200.884057 vip-foreign-gone n1
quiet 480.000000
end 600.000000
