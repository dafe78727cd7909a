# In the guest: two hosts, joined by a bond of two cables and a VLAN on it, and a dummy interface on one of them. The
# daemon on each kind of link: as master, when a cable, the link below or the interface itself is lost, and back.
passed=0 failed=0
ip() { /usr/sbin/ip "$@"; }	# busybox's shell prefers its own
ok() {
	if "$@"; then echo "$*"; passed=$((passed + 1)); return; fi
	failed=$((failed + 1))
	echo "NOT SO: $*"
	ctl a status; ctl b status
	tail -n 30 /tmp/a.log
	echo "$passed passed, $failed failed"
	exit 1
}

now() { cut -d. -f1 /proc/uptime; }
soon() {
	until=$(($(now) + 60))
	until "$@"; do
		[ "$(now)" -lt $until ] || return 1
		sleep 0.2
	done
}

ctl() { ip netns exec "$1" holdfastctl --control "/run/$1.sock" "$2" $3; }
state() { ctl "$1" status "$2" >/dev/null 2>&1; [ $? = "$3" ]; }		# 0 MASTER, 1 BACKUP, 2 FAULT
master() { state "$1" "$2" 0; }
backup() { state "$1" "$2" 1; }
fault() { state "$1" "$2" 2; }
has() { ip -n "$1" -4 addr show dev "$2" 2>/dev/null | grep -q "inet $3/"; }
lacks() { ! has "$@"; }
took_over() { grep -c 'Entering MASTER' "/tmp/$1.log"; }

instance() {
	echo "vrrp_instance $1 { interface $2
virtual_router_id $3
priority $4
advert_int 1
virtual_ipaddress { $5/24 } }"
}

vlan() {
	ip -n "$1" link add link bond0 name bond0.7 type vlan id 7
	ip -n "$1" addr add "10.7.0.$2/24" dev bond0.7
	ip -n "$1" link set bond0.7 up
}

# One switch: a cable that is pulled at one host leaves the other one its carrier.
switch() {
	ip -n switch link add br0 type bridge stp_state 0 mcast_snooping 0
	ip -n switch link set br0 up
	for port in a-c0 a-c1 b-c0 b-c1; do
		ip -n switch link add $port type veth peer name ${port#*-} netns ${port%-*}
		ip -n switch link set $port master br0
		ip -n switch link set $port up
	done
}
pull() { ip -n switch link set "$1-$2" down; }
plug() { ip -n switch link set "$1-$2" up; }

host() {
	ip -n "$1" link set lo up
	ip -n "$1" link add bond0 type bond mode active-backup miimon 50
	for cable in c0 c1; do ip -n "$1" link set $cable master bond0; ip -n "$1" link set $cable up; done
	ip -n "$1" link set bond0 up
	ip -n "$1" addr add "10.8.0.$2/24" dev bond0
	vlan "$1" "$2"
	ip -n "$1" link add dummy0 type dummy
	ip -n "$1" addr add "10.9.0.$2/24" dev dummy0
	ip -n "$1" link set dummy0 up
}

start() {
	{
		echo "global_defs { router_id $1 }"
		instance VLAN bond0.7 7 "$2" 10.7.0.100
		instance BOND bond0 8 "$2" 10.8.0.100
		instance DUMMY dummy0 9 "$2" 10.9.0.100
	} >"/etc/$1.conf"
	ip netns exec "$1" holdfastd -n -l -f "/etc/$1.conf" -p "/run/$1.pid" --control "/run/$1.sock" >"/tmp/$1.log" 2>&1 &
}

uname -r
for name in a b switch; do ip netns add $name; done
switch
host a 1; host b 2

start a 100
for name in VLAN BOND DUMMY; do ok soon master a $name; done
ok soon has a bond0.7 10.7.0.100
ok soon has a bond0 10.8.0.100
ok soon has a dummy0 10.9.0.100
start b 90
ok soon backup b VLAN
ok soon backup b BOND
ok soon master b DUMMY		# nobody else is on that link

# one of the two cables: nobody notices
before=$(took_over b)
pull a c0
sleep 6
ok master a VLAN
ok master a BOND
ok [ "$(took_over b)" = "$before" ]

# both: the bond has no carrier, nor has the VLAN on it
pull a c1
ok soon fault a VLAN
ok soon fault a BOND
ok soon lacks a bond0.7 10.7.0.100
ok soon master b VLAN
ok soon master b BOND
ok master a DUMMY
plug a c0; plug a c1
ok soon master a VLAN
ok soon master a BOND
ok soon backup b VLAN
ok soon backup b BOND

# the VLAN's interface is deleted, and made again
ip -n a link del bond0.7
ok soon fault a VLAN
ok soon master b VLAN
ok master a BOND
vlan a 1
ok soon master a VLAN
ok soon has a bond0.7 10.7.0.100
ok soon backup b VLAN

# the interface below the VLAN is switched off
ip -n a link set bond0 down
ok soon fault a VLAN
ok soon fault a BOND
ip -n a link set bond0 up
ip -n a link set bond0.7 up
ok soon master a VLAN
ok soon master a BOND

ip -n a link set dummy0 down
ok soon fault a DUMMY
ip -n a link set dummy0 up
ok soon master a DUMMY
ok soon has a dummy0 10.9.0.100

kill "$(cat /run/a.pid)"
ok soon [ ! -e /run/a.sock ]
for on in "bond0.7 10.7" "bond0 10.8" "dummy0 10.9"; do ok soon lacks a ${on% *} ${on#* }.0.100; done
ok soon master b VLAN
echo "$passed passed, $failed failed"
