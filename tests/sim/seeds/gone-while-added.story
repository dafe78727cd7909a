# An address that went with its interface while it was put back counted as held.
# Rule 'held', seed 5343.
seed 5343
segment lan 100 300
segment aux 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
iface n1 eth1 aux 10.1.0.1/24
host n2
iface n2 eth0 lan 10.0.0.2/24
iface n2 eth1 aux 10.1.0.2/24
config n2 0
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 0.500
	timeout 2.000
	rise 1
	fall 3
	weight 2
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 90
	advert_int 0.50
	nopreempt
	garp_master_delay 5.0
	garp_master_repeat 2
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
	}
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 2
	priority 209
	advert_int 1.00
	authentication {
		auth_type PASS
		auth_pass s3cret
	}
	preempt_delay 8.0
	garp_master_delay 0.0
	garp_master_repeat 2
	virtual_ipaddress {
		10.1.0.107/24 dev eth1
		10.0.0.108/24 dev eth0
	}
	virtual_ipaddress_excluded {
		10.1.58.109/32 dev eth1
	}
	track_interface {
		eth1 weight 50
	}
	track_script {
		chk_0
	}
	notify /bin/told
}
vrrp_instance V65 {
	state BACKUP
	interface eth0
	virtual_router_id 65
	version 3
	priority 168
	advert_int 0.70
	down_timer_adverts 2
	preempt_delay 2.0
	garp_master_delay 0.0
	garp_master_repeat 5
	garp_lower_prio_delay 0.0
	garp_lower_prio_repeat 3
	garp_master_refresh 10
	garp_master_refresh_repeat 1
	virtual_ipaddress {
		10.1.65.114/32 dev eth1
	}
	track_interface {
		eth1 weight -10
	}
	track_script {
		chk_0
	}
	notify /bin/told
}
.
at 2.124534 start n2 0
at 476.646249 link-delete n2 eth1
quiet 480.000000
end 600.000000
