# An owner holds an address, another program puts the same one beside it, with another length; the engine
# is replaced, and took its own address for the other's: it never took it off.
# Rule 'addresses', seed 33927.
seed 33927
segment lan 100 300
segment aux 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
iface n1 eth1 aux 10.1.0.1/24
config n1 1
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 0.300
	timeout 1.000
	rise 3
	fall 2
	weight 10
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 2
	priority 255
	advert_int 1.00
	max_advert_int 5.00
	authentication {
		auth_type PASS
		auth_pass s3cret
	}
	preempt_delay 2.0
	garp_master_delay 1.0
	garp_master_repeat 5
	garp_master_refresh 60
	garp_master_refresh_repeat 1
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.1.51.102/32 dev eth1
	}
	virtual_ipaddress_excluded {
		10.1.0.101/24 dev eth1
	}
	track_script {
		chk_0 weight 0
	}
	notify /bin/told
}
.
host n2
iface n2 eth0 lan 10.0.0.2/24
iface n2 eth1 aux 10.1.0.2/24
at 380.752973 start n1 1
at 466.034066 vip-foreign n1 2 1
at 473.031262 kill-within n1 70309 2
at 474.299312 script n1 chk_0 signal
quiet 480.000000
end 600.000000
