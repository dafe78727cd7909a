# Damped, it is to tell its state at the very time when it becomes master: it told that it was backup,
# and for ten seconds no more.
# Rule 'notify-storm', seed 4288.
seed 4288
segment lan 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
host n2
iface n2 eth0 lan 10.0.0.2/24
config n2 0
vrrp_script chk_0 {
	script "/bin/chk_0"
	interval 0.500
	timeout 2.000
	rise 1
	fall 3
	weight 0
	init_fail
}
vrrp_script chk_1 {
	script "/bin/chk_1"
	interval 1.000
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
	priority 90
	advert_int 0.02
	preempt_delay 2.0
	mcast_src_ip 10.0.0.2
	garp_master_delay 0.1
	garp_master_repeat 2
	garp_master_refresh 60
	garp_master_refresh_repeat 2
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.0.0.101/24 dev eth0
		10.0.51.102/32 dev eth0
	}
	track_script {
		chk_0
		chk_1 weight -30 reverse
	}
	notify /bin/told
}
.
at 106.629085 start n2 0
at 112.784642 link-down n2 eth0
at 322.545609 link-up n2 eth0
at 322.690077 forge n2 51 255 0
at 322.890077 forge n2 51 255 0
at 323.090077 forge n2 51 255 0
at 323.290077 forge n2 51 255 0
at 323.490077 forge n2 51 255 0
at 333.490077 forge n2 51 255 0
quiet 480.000000
end 600.000000
