# A rival that left with priority 0 was the last that clients had heard of.
# Rule 'client', seed 5515.
seed 5515
segment lan 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
config n1 1
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 2.000
	rise 2
	fall 1
	weight -253
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 2
	priority 100
	advert_int 1.00
	preempt_delay 1.5
	garp_master_delay 5.0
	garp_master_repeat 5
	garp_lower_prio_delay 0.1
	garp_lower_prio_repeat 3
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
	}
	notify /bin/told
}
.
host n2
iface n2 eth0 lan 10.0.0.2/24
host n3
iface n3 eth0 lan 10.0.0.3/24
config n3 0
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 1.000
	timeout 2.000
	rise 1
	fall 2
	weight 0
}
vrrp_script chk_1 {
	script "/bin/chk_1"
	interval 2.000
	rise 3
	fall 2
	weight 0
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 2
	priority 80
	advert_int 1.00
	nopreempt
	garp_master_delay 5.0
	garp_master_repeat 5
	garp_lower_prio_delay 0.1
	garp_lower_prio_repeat 3
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
	}
	track_script {
		chk_0
		chk_1
	}
	notify /bin/told
}
.
host n4
iface n4 eth0 lan 10.0.0.4/24
at 371.990027 start n1 1
at 386.110000 cut n3 * lan
at 386.110000 cut * n3 lan
at 401.341080 start n3 0
at 432.283402 script n3 chk_0 cannot-run
at 433.108625 heal n3 * lan
quiet 480.000000
end 600.000000
