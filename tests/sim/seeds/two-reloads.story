# A deletion under way was forgotten over two reloads.
# Rule 'stray', seed 15061.
seed 15061
segment lan 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
config n1 0
global_defs {
	vrrp_garp_interval 0.010
}
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 3.000
	timeout 0.200
	rise 3
	fall 1
	weight 60
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 79
	advert_int 0.30
	nopreempt
	garp_master_delay 0.1
	garp_master_repeat 1
	garp_lower_prio_delay 0.0
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.0.0.101/24 dev eth0
	}
	track_script {
		chk_0
	}
	notify /bin/told
}
.
config n1 1
global_defs {
	vrrp_garp_interval 0.010
}
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 3.000
	timeout 0.200
	rise 3
	fall 1
	weight 60
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 79
	advert_int 0.30
	nopreempt
	garp_master_delay 0.1
	garp_master_repeat 1
	garp_lower_prio_delay 0.0
	virtual_ipaddress {
		10.0.0.101/24 dev eth0
	}
	track_script {
		chk_0
	}
	notify /bin/told
}
.
host n2
iface n2 eth0 lan 10.0.0.2/24
config n2 2
global_defs {
	vrrp_garp_interval 0.010
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 240
	advert_int 0.30
	garp_master_delay 0.1
	garp_master_repeat 1
	garp_lower_prio_delay 0.0
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.0.0.101/24 dev eth0
	}
	notify /bin/told
}
.
at 91.522994 start n1 0
at 140.942759 pause n1
at 145.255282 start n2 2
at 156.158116 ops-fail n1 300 1
at 156.197545 reload n1 0
at 156.197857 reload n1 1
quiet 480.000000
end 600.000000
