# Everything is read again when a socket is to be tried again: until that was over the engine was woken
# for it without a pause, and did nothing.
# Rule 'spins', seed 7437.
seed 7437
segment lan 100 300
host n1
iface n1 eth0 lan 10.0.0.1/24
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
	}
}
.
at 1.000000 join-fail n1 13
at 2.000000 start n1 0
at 9.817500 notices-lost n1
at 9.917500 address-delete n1 eth0
at 10.017500 notices-back n1
at 20.000000 address-add n1 eth0
at 20.500000 join-fail n1 0
quiet 30.000000
end 120.000000
