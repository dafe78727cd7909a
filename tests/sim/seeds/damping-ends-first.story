# The end of damping brings a backup's timer forward, into the past: it fires in the same step, not in the next.
# Rule 'too-late', seed 2624 (an order of the two that was tried).
seed 2624
segment lan 100 300
segment aux 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
iface n1 eth1 aux 10.1.0.1/24
config n1 2
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 3.000
	rise 3
	fall 1
	weight 0
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 100
	advert_int 2.00
	mcast_src_ip 10.0.0.1
	garp_master_delay 0.1
	garp_master_repeat 1
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.0.51.101/32 dev eth0
	}
	virtual_ipaddress_excluded {
		10.0.0.102/24 dev eth0
	}
	track_interface {
		eth1 weight -60
	}
	track_script {
		chk_0 weight -30
	}
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 2
	priority 97
	advert_int 3.00
	max_advert_int 2.50
	preempt_delay 0.5
	garp_master_delay 1.0
	garp_master_repeat 5
	virtual_ipaddress {
		10.0.58.107/32 dev eth0
		10.0.58.108/32 dev eth0
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
	version 2
	priority 57
	advert_int 1.00
	authentication {
		auth_type PASS
		auth_pass s3cret
	}
	garp_master_delay 5.0
	garp_master_repeat 2
	garp_lower_prio_delay 2.0
	garp_master_refresh 10
	garp_master_refresh_repeat 2
	virtual_ipaddress {
		10.0.0.114/24 dev eth0
		10.0.0.116/24 dev eth0
	}
	virtual_ipaddress_excluded {
		10.0.0.115/24 dev eth0
	}
	track_interface {
		eth1 weight 0
	}
	track_script {
		chk_0 weight 5
	}
}
.
host n2
iface n2 eth0 lan 10.0.0.2/24
iface n2 eth1 aux 10.1.0.2/24
config n2 1
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 2.000
	rise 1
	fall 2
	weight 60
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 250
	advert_int 0.10
	garp_master_delay 0.1
	garp_master_repeat 1
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.0.51.101/32 dev eth0
	}
	virtual_ipaddress_excluded {
		10.0.0.102/24 dev eth0
	}
	track_interface {
		eth1 weight -60
	}
	track_script {
		chk_0
	}
	notify /bin/told
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 2
	priority 190
	advert_int 3.00
	max_advert_int 2.50
	nopreempt
	garp_master_delay 1.0
	garp_master_repeat 5
	virtual_ipaddress {
		10.0.58.107/32 dev eth0
		10.0.58.108/32 dev eth0
		10.0.58.127/32 dev eth0
	}
	track_interface {
		eth1 weight -60
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
	version 2
	priority 96
	advert_int 1.00
	authentication {
		auth_type PASS
		auth_pass s3cret
	}
	mcast_src_ip 10.0.0.2
	garp_master_delay 5.0
	garp_master_repeat 2
	garp_lower_prio_delay 2.0
	garp_master_refresh 10
	garp_master_refresh_repeat 2
	virtual_ipaddress {
		10.0.0.114/24 dev eth0
		10.0.0.116/24 dev eth0
	}
	virtual_ipaddress_excluded {
		10.0.0.115/24 dev eth0
	}
	track_interface {
		eth1 weight 0
	}
	track_script {
		chk_0
	}
	notify /bin/told
}
.
config n2 2
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 2.000
	rise 1
	fall 2
	weight 60
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 250
	advert_int 2.00
	garp_master_delay 0.1
	garp_master_repeat 1
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.0.51.101/32 dev eth0
	}
	virtual_ipaddress_excluded {
		10.0.0.102/24 dev eth0
	}
	track_interface {
		eth1 weight -60
	}
	track_script {
		chk_0
	}
	notify /bin/told
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 2
	priority 93
	advert_int 3.00
	max_advert_int 2.50
	nopreempt
	garp_master_delay 1.0
	garp_master_repeat 5
	virtual_ipaddress {
		10.0.58.107/32 dev eth0
		10.0.58.108/32 dev eth0
	}
	track_interface {
		eth1 weight 20
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
	version 2
	priority 96
	advert_int 1.00
	authentication {
		auth_type PASS
		auth_pass s3cret
	}
	preempt_delay 1.5
	mcast_src_ip 10.0.0.2
	garp_master_delay 5.0
	garp_master_repeat 2
	garp_lower_prio_delay 2.0
	garp_master_refresh 10
	garp_master_refresh_repeat 2
	virtual_ipaddress {
		10.0.0.114/24 dev eth0
		10.0.0.116/24 dev eth0
	}
	virtual_ipaddress_excluded {
		10.0.0.115/24 dev eth0
	}
	track_interface {
		eth1 weight 0
	}
	track_script {
		chk_0
	}
	notify /bin/told
}
.
at 296.898732 start n2 2
at 300.222980 start n1 2
at 323.196881 loss * n1 lan 702
at 344.668443 reload n2 1
quiet 480.000000
end 600.000000
