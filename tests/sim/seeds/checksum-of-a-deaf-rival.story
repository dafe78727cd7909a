# What was learnt of the checksum is dropped when a rival that does not hear us goes on with the usual one.
# Rule 'checksum'.
seed 1
segment lan 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
config n1 0
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 200
	advert_int 1.00
	v3_checksum_as_v2
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
	}
}
.
host n2
iface n2 eth0 lan 10.0.0.2/24
config n2 0
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 100
	advert_int 1.00
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
	}
}
.
host n3
iface n3 eth0 lan 10.0.0.3/24
config n3 0
vrrp_instance V51 {
	state BACKUP
	interface eth0
	virtual_router_id 51
	version 3
	priority 50
	advert_int 1.00
	v3_checksum_as_v2 off
	virtual_ipaddress {
		10.0.0.100/24 dev eth0
	}
}
.
at 1.000000 start n1 0
at 1.000000 start n2 0
at 1.000000 start n3 0
at 20.000000 crash n1
at 40.000000 cut n2 n3 lan
at 60.000000 heal n2 n3 lan
quiet 90.000000
end 180.000000
