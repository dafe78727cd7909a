# An address with no_track whose interface is down is no fault of its instance, and one without it is.
# Rule 'facts'.
seed 1
segment lan 100 300
segment aux 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
iface n1 eth1 aux 10.1.0.1/24
config n1 0
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 100
	advert_int 1.00
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
		10.1.0.101/24 dev eth1 no_track
	}
}
vrrp_instance V58 {
	state BACKUP
	interface eth0
	virtual_router_id 58
	version 3
	priority 100
	advert_int 1.00
	virtual_ipaddress {
		10.0.0.107/24 dev eth0
		10.1.0.108/24 dev eth1
	}
}
.
at 1.000000 start n1 0
at 20.000000 link-down n1 eth1
quiet 30.000000
end 120.000000
