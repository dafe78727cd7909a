# The host stands still when its address was taken off; another program puts it there, all leases end, and the
# engine is killed. The next one has seen no tag, and took the address for its own: the record says now that
# the kernel has tags. Rule 'own-address', seed 94125.
seed 94125
segment lan 100 300
segment aux 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
iface n1 eth1 aux 10.1.0.1/24
config n1 0
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 0.300
	timeout 0.200
	rise 3
	fall 1
	weight -60
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 2
	priority 100
	advert_int 3.00
	max_advert_int 40.95
	authentication {
		auth_type PASS
		auth_pass s3cret
	}
	garp_master_delay 5.0
	garp_master_repeat 2
	garp_lower_prio_repeat 1
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
	}
	track_interface {
		eth1 weight 10
	}
	notify /bin/told
}
vrrp_instance V58 {
	state BACKUP
	interface eth1
	virtual_router_id 58
	version 2
	priority 199
	advert_int 1.00
	max_advert_int 40.95
	nopreempt
	garp_master_delay 0.0
	garp_master_repeat 1
	virtual_ipaddress {
		10.1.0.107/24 dev eth1
		10.1.58.108/32 dev eth1
		10.1.58.109/32 dev eth1
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
at 136.234553 start n1 0
at 150.528753 link-down n1 eth0
at 150.577517 pause n1
at 151.174066 vip-foreign n1 0 0
at 158.945637 kill n1 5431913
quiet 480.000000
end 600.000000
