# Three hosts with different intervals changed hands for ever after the last words of a loser.
# Rule 'restless', seed 4858.
seed 4858
segment lan 100 300
segment aux 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
iface n1 eth1 aux 10.1.0.1/24
config n1 0
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 1.000
	timeout 1.000
	rise 1
	fall 1
	weight 30
}
vrrp_script chk_1 {
	script "/bin/chk_1"
	interval 3.000
	rise 1
	fall 1
	weight 0
	init_fail
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 100
	advert_int 0.10
	preempt_delay 2.0
	garp_master_delay 1.0
	garp_master_repeat 2
	garp_lower_prio_delay 0.1
	garp_lower_prio_repeat 3
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
	}
	track_interface {
		eth1 weight 10
	}
	track_script {
		chk_1
	}
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 2
	priority 97
	advert_int 1.00
	authentication {
		auth_type PASS
		auth_pass s3cret
	}
	garp_master_delay 1.0
	garp_master_repeat 5
	garp_lower_prio_repeat 1
	garp_master_refresh 10
	garp_master_refresh_repeat 1
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
	}
	virtual_ipaddress_excluded {
		10.1.0.108/24 dev eth1
	}
	track_script {
		chk_0 weight 0
		chk_1 weight 5
	}
	notify /bin/told
}
.
host n2
iface n2 eth0 lan 10.0.0.2/24
iface n2 eth1 aux 10.1.0.2/24
host n3
iface n3 eth0 lan 10.0.0.3/24
iface n3 eth1 aux 10.1.0.3/24
config n3 0
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 0.300
	rise 2
	fall 2
	weight 0
}
vrrp_script chk_1 {
	script "/bin/chk_1"
	interval 2.000
	timeout 0.200
	rise 2
	fall 1
	weight -60
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 80
	advert_int 0.10
	preempt_delay 2.0
	dont_track_primary
	garp_master_delay 1.0
	garp_master_repeat 2
	garp_lower_prio_delay 0.1
	garp_lower_prio_repeat 3
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
	}
	track_interface {
		eth1 weight 10
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
	priority 77
	advert_int 1.00
	authentication {
		auth_type PASS
		auth_pass s3cret
	}
	garp_master_delay 1.0
	garp_master_repeat 5
	garp_lower_prio_repeat 1
	garp_master_refresh 10
	garp_master_refresh_repeat 1
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
	}
	virtual_ipaddress_excluded {
		10.1.0.108/24 dev eth1
	}
	track_interface {
		eth1 weight 0
	}
	track_script {
		chk_0
		chk_1 weight 5
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
	fall 1
	weight 10
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 117
	advert_int 0.10
	preempt_delay 2.0
	garp_master_delay 1.0
	garp_master_repeat 2
	garp_lower_prio_delay 0.1
	garp_lower_prio_repeat 3
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
	}
	track_interface {
		eth1 weight 50
	}
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 2
	priority 226
	advert_int 1.00
	authentication {
		auth_type PASS
		auth_pass s3cret
	}
	garp_master_delay 1.0
	garp_master_repeat 5
	garp_lower_prio_repeat 1
	garp_master_refresh 10
	garp_master_refresh_repeat 1
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
	}
	virtual_ipaddress_excluded {
		10.1.0.108/24 dev eth1
	}
	track_script {
		chk_0 weight 0
	}
}
.
config n4 1
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 1.000
	rise 2
	fall 1
	weight 10
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 2
	priority 226
	advert_int 1.00
	authentication {
		auth_type PASS
		auth_pass s3cret
	}
	garp_master_delay 1.0
	garp_master_repeat 5
	garp_lower_prio_repeat 1
	garp_master_refresh 10
	garp_master_refresh_repeat 1
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
	}
	virtual_ipaddress_excluded {
		10.1.0.108/24 dev eth1
	}
	track_script {
		chk_0 weight 0
	}
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 117
	advert_int 1.50
	preempt_delay 2.0
	garp_master_delay 1.0
	garp_master_repeat 2
	garp_lower_prio_delay 0.1
	garp_lower_prio_repeat 3
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
	}
	track_interface {
		eth1 weight 50
	}
}
.
host n5
iface n5 eth0 lan 10.0.0.5/24
iface n5 eth1 aux 10.1.0.5/24
config n5 0
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 1.000
	timeout 1.000
	rise 1
	fall 2
	weight 0
}
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 60
	advert_int 0.10
	preempt_delay 2.0
	garp_master_delay 1.0
	garp_master_repeat 2
	garp_lower_prio_delay 0.1
	garp_lower_prio_repeat 3
	virtual_ipaddress {
		10.0.51.100/32 dev eth0
	}
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 2
	priority 57
	advert_int 1.00
	authentication {
		auth_type PASS
		auth_pass s3cret
	}
	garp_master_delay 1.0
	garp_master_repeat 5
	garp_lower_prio_repeat 1
	garp_master_refresh 10
	garp_master_refresh_repeat 1
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
	}
	virtual_ipaddress_excluded {
		10.1.0.108/24 dev eth1
	}
	track_interface {
		eth1 weight -60
	}
	notify /bin/told
}
.
at 0.595916 start n5 0
at 1.270755 start n1 0
at 1.775761 start n4 0
at 371.383710 reload n4 1
at 375.139826 start n3 0
quiet 480.000000
end 600.000000
