#!/bin/sh
# usage: check_proxy.sh [-w SECONDS] NAME [ADDRESS:]PORT [CONFIG]
#
# A tracked script for a proxy beside Holdfast. Exit status 0: it answers on its port. A proxy
# that runs and does not answer has failed; one that does not run is started and gets SECONDS (3)
# to answer.
#
#   NAME      the proxy's program, and its service where no CONFIG is given: haproxy, nginx, ...
#   ADDRESS   where it listens: 127.0.0.1 unless given; IPv6 in brackets
#   CONFIG    start `haproxy -f CONFIG` (or `nginx -c CONFIG`) instead of the service
#
# Give the vrrp_script a timeout longer than SECONDS, for example
#   script "/usr/libexec/holdfast/check_proxy.sh haproxy 5666"
#   interval 2
#   timeout 10
set -u

usage() {
	echo "usage: ${0##*/} [-w SECONDS] NAME [ADDRESS:]PORT [CONFIG]" >&2
	[ $# = 0 ] || echo "${0##*/}: $*" >&2
	exit 2
}

say() {
	echo "$*" >&2
	logger -t "${0##*/}" -p daemon.warning -- "$*" 2>/dev/null
}

# True when a connection to the port is taken within two seconds.
answers() {
	if command -v bash >/dev/null 2>&1; then
		# shellcheck disable=SC2016
		timeout 2 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$address" "$port" 2>/dev/null
	elif command -v nc >/dev/null 2>&1; then
		nc -z -w 2 "$address" "$port" >/dev/null 2>&1
	else
		[ -n "$(ss -Hltn "sport = :$port" 2>/dev/null)" ]
	fi
}

# By the kernel's name of a process, which has 15 letters at most.
running() {
	comm_name=$(printf '%.15s' "$name")
	for comm in /proc/[0-9]*/comm; do
		found=""
		read -r found 2>/dev/null <"$comm"
		[ "$found" = "$comm_name" ] || continue
		read -r status 2>/dev/null <"${comm%comm}stat" || continue
		case ${status##*) } in [ZX]*) ;; *) return 0 ;; esac
	done
	return 1
}

start() {
	if [ -z "$config" ]; then
		if command -v service >/dev/null 2>&1; then
			service "$name" restart
		else
			systemctl restart "$name"
		fi
		return
	fi
	case $name in
	haproxy) haproxy -D -f "$config" ;;
	nginx) nginx -c "$config" ;;
	esac
}

seconds=3
while getopts w: option; do
	case $option in
	w) seconds=$OPTARG ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# = 2 ] || [ $# = 3 ] || usage
name=$1 port=${2##*:} address=127.0.0.1 config=${3:-}
case $2 in *:*) address=${2%:*} address=${address#[} address=${address%]} ;; esac
case $seconds in '' | *[!0-9]* | ????*) usage "SECONDS is a whole number" ;; esac
case $name in '' | -* | *[!A-Za-z0-9_.@-]*) usage "'$name' is no name of a service" ;; esac
case $port in '' | *[!0-9]* | ??????*) usage "'$port' is no port" ;; esac
case $address in '' | *[!A-Za-z0-9.:%-]*) usage "'$address' is no address" ;; esac
case $name,$config in
*, | haproxy,* | nginx,*) ;;
*) usage "CONFIG is for haproxy and nginx only" ;;
esac

answers && exit 0
if running; then
	say "$name is running but does not answer on $address port $port"
	exit 1
fi
say "$name is not running; starting it"
start >/dev/null 2>&1 </dev/null
tenths=$((seconds * 10))
until answers; do
	if [ $tenths -le 0 ]; then
		say "$name does not answer on $address port $port after $seconds s"
		exit 1
	fi
	tenths=$((tenths - 1))
	sleep 0.1
done
