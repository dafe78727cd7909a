# A re-read begins when a master that listens is due, and nothing is left to tell of: that is
# a mere note, and no time to ask for its words. The rule was wrong.
# Rule 'no-advert', seed 4744; 866, 4292, 6651, 20329 and 22703 are the same.
seed 4744
segment lan 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
config n1 0
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 2.000
	rise 3
	fall 3
	weight 0
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 255
	advert_int 1.00
	garp_master_delay 0.1
	garp_master_repeat 1
	garp_lower_prio_repeat 1
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
		10.0.0.101/24 dev eth0
	}
	virtual_ipaddress_excluded {
		10.0.51.102/32 dev eth0
	}
	track_script {
		chk_0 weight -30
	}
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 3
	priority 174
	advert_int 0.10
	preempt_delay 0.5
	mcast_src_ip 10.0.0.1
	garp_master_delay 5.0
	garp_master_repeat 2
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
host n2
iface n2 eth0 lan 10.0.0.2/24
host n3
iface n3 eth0 lan 10.0.0.3/24
config n3 0
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 243
	advert_int 1.00
	garp_master_delay 0.1
	garp_master_repeat 1
	garp_lower_prio_repeat 1
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
		10.0.0.101/24 dev eth0
	}
	virtual_ipaddress_excluded {
		10.0.51.102/32 dev eth0
	}
	notify /bin/told
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 3
	priority 77
	advert_int 0.10
	preempt_delay 0.5
	garp_master_delay 5.0
	garp_master_repeat 2
	virtual_ipaddress {
		10.0.58.107/32 dev eth0
		10.0.0.108/24 dev eth0
		10.0.58.109/32 dev eth0
	}
	notify /bin/told
}
.
at 0.213368 start n3 0
at 2.760532 start n1 0
at 12.983382 pause n1
at 25.299833 resume n1
at 83.262750 lag n1 289722
at 103.060677 notices-lost n1
at 103.062951 link-delete n1 eth0
at 103.089666 notices-back n1
quiet 480.000000
end 600.000000
