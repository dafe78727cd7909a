# An address on an interface that was made again waited for a late answer.
# Rule 'addresses', seed 24012.
seed 24012
segment lan 100 300
segment aux 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
iface n1 eth1 aux 10.1.0.1/24
config n1 3
global_defs {
	vrrp_garp_interval 0.100
}
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 0.300
	rise 3
	fall 1
	weight 2
	init_fail
}
vrrp_script chk_1 {
	script "/bin/chk_1"
	interval 3.000
	rise 1
	fall 2
	weight 30
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 2
	priority 100
	advert_int 1.00
	garp_master_delay 5.0
	garp_master_repeat 5
	garp_lower_prio_delay 0.0
	garp_master_refresh 60
	garp_master_refresh_repeat 2
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.1.51.101/32 dev eth1
	}
	track_interface {
		eth1 weight -60
	}
	track_script {
		chk_0
	}
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 2
	priority 97
	advert_int 1.00
	nopreempt
	garp_master_delay 0.1
	garp_master_repeat 1
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
		10.0.0.108/24 dev eth0
		10.0.0.109/24 dev eth0
	}
	track_script {
		chk_0 weight 0
	}
}
.
host n2
iface n2 eth0 lan 10.0.0.2/24
iface n2 eth1 aux 10.1.0.2/24
at 291.505112 start n1 3
at 323.414742 ops-forget n1 500 2927593
at 323.415146 link-delete n1 eth1
at 323.439752 ops-forget n1 0 0
at 323.555719 link-create n1 eth1 0
quiet 480.000000
end 600.000000
