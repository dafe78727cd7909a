# A reload found that its master was late. When it had listened and spoken that was not written down:
# its successor listened again.
# Rule 'resumed-silent', seed 20801.
seed 20801
segment lan 100 300
segment aux 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
iface n1 eth1 aux 10.1.0.1/24
host n2
iface n2 eth0 lan 10.0.0.2/24
iface n2 eth1 aux 10.1.0.2/24
config n2 0
vrrp_instance V51 {
	state BACKUP
	interface eth1
	virtual_router_id 51
	version 3
	priority 90
	advert_int 0.25
	down_timer_adverts 2
	preempt_delay 2.0
	garp_master_delay 0.0
	garp_master_repeat 2
	garp_lower_prio_delay 2.0
	garp_lower_prio_repeat 1
	virtual_ipaddress {
		10.1.51.100/32 dev eth1
		10.1.0.101/24 dev eth1
	}
}
.
host n3
iface n3 eth0 lan 10.0.0.3/24
iface n3 eth1 aux 10.1.0.3/24
config n3 0
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 3.000
	rise 3
	fall 2
	weight 10
	init_fail
}
vrrp_instance V51 {
	state BACKUP
	interface eth1
	virtual_router_id 51
	version 3
	priority 80
	advert_int 0.25
	down_timer_adverts 2
	preempt_delay 2.0
	garp_master_delay 0.0
	garp_master_repeat 2
	garp_lower_prio_delay 2.0
	garp_lower_prio_repeat 1
	virtual_ipaddress {
		10.1.51.100/32 dev eth1
		10.1.0.101/24 dev eth1
	}
	track_interface {
		eth0 weight 0
	}
	notify /bin/told
}
.
host n4
iface n4 eth0 lan 10.0.0.4/24
iface n4 eth1 aux 10.1.0.4/24
config n4 0
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 1.000
	rise 2
	fall 3
	weight 0
}
vrrp_instance V51 {
	state BACKUP
	interface eth1
	virtual_router_id 51
	version 3
	priority 151
	advert_int 0.25
	down_timer_adverts 2
	preempt_delay 2.0
	garp_master_delay 0.0
	garp_master_repeat 2
	garp_lower_prio_delay 2.0
	garp_lower_prio_repeat 1
	virtual_ipaddress {
		10.1.51.100/32 dev eth1
		10.1.0.101/24 dev eth1
	}
	track_script {
		chk_0
	}
}
.
config n4 3
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 1.000
	rise 2
	fall 3
	weight 0
}
vrrp_instance V51 {
	state BACKUP
	interface eth1
	virtual_router_id 51
	version 3
	priority 120
	advert_int 0.25
	down_timer_adverts 2
	preempt_delay 2.0
	garp_master_delay 0.0
	garp_master_repeat 2
	garp_lower_prio_delay 2.0
	garp_lower_prio_repeat 1
	virtual_ipaddress {
		10.1.51.100/32 dev eth1
		10.1.0.101/24 dev eth1
	}
	track_script {
		chk_0
	}
}
.
at 1.704359 start n2 0
at 2.067271 start n4 0
at 2.302077 start n3 0
at 57.815256 upgrade n4 3
at 416.678485 kill n4 348634
at 446.514390 delay n4 n3 aux 456121 69893
at 456.805496 pause n4
at 457.266737 reload n4 3
at 457.506872 upgrade n4 0
quiet 480.000000
end 600.000000
