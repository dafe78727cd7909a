"""The tutorial's pair, as a lab: two HAProxy hosts, three brokers, a client.

    client          192.168.16.10 --+
    node-a  192.168.16.128 (eth0) --+-- front bridge, 192.168.16.130 is the service
    node-b  192.168.16.129 (eth0) --+
    node-a, node-b (eth1) --- back bridge --- brokers, 10.77.0.10

The five files of the tutorial (seeds/ha-pair) are used byte for byte.  They expect the brokers at
192.168.16.128:5672 to 5674, the first node's own address; each node sends connections to these on
to the brokers' host by a path of its own, so that a broker lives on when a node's front cable is
cut.
"""
import json
import os
import re
import subprocess
from pathlib import Path

from lab import HERE, LabError, PYTHON, wait_for
from wire import Capture

SEEDS = HERE / "seeds" / "ha-pair"
VIP, PORT = "192.168.16.130", 5666
ADDRESS = {"node-a": "192.168.16.128", "node-b": "192.168.16.129"}
PROXY_CONF = "/opt/haproxy-1.7.8/haproxy.cfg"
MAIN_CONF = "/etc/keepalived/keepalived.conf"
CHECK = "/etc/keepalived/check_haproxy.sh"
CHECK_COMM = "check_haproxy.s"      # 15 octets, as the kernel names it
BROKERS = {5672: "rabbit1", 5673: "rabbit2", 5674: "rabbit3"}
SERVICE_LOG = "/run/hf-service.log"

BROKER_PATH = """
table ip hf-brokers {
    chain out {
        type nat hook output priority -100;
        ip daddr 192.168.16.128 tcp dport 5672-5674 dnat to 10.77.0.10
    }
    chain post {
        type nat hook postrouting priority 100;
        oifname "eth1" masquerade
    }
}
"""

# `service` as it is, and a note of what it was asked and how it ended: the proof that the tracked
# script's last command came to its end.
SERVICE_WITNESS = f"""#!/bin/sh
/usr/sbin/service.real "$@"
status=$?
echo "$* -> $status" >> {SERVICE_LOG}
exit $status
"""

# The tutorial's maxconn needs this many open files.  Root may raise its limit nearly everywhere;
# where it may not, HAProxy gets a smaller maxconn on its command line, and the file stays as it is.
PROXY_FILES = 20501
PROXY_MODEST = """#!/bin/sh
exec /usr/lib/hf-real/haproxy -n 4000 "$@"
"""


def may_open_files(host, number):
    return host.sh(f"ulimit -Hn {number}", check=False).returncode == 0


def install_tree(host, tree):
    """Copy what `make install DESTDIR=tree` made into the host, where it may write."""
    homes = {"etc": "/etc", "usr": "/usr", "var": "/var", "opt": "/opt",
             "lib": "/usr/lib", "bin": "/usr/bin", "sbin": "/usr/sbin"}
    for entry in sorted(os.listdir(tree)):
        if entry not in homes:
            raise LabError(f"make install wrote to /{entry}, which a test host does not give away")
        host.run("cp", "-a", f"{tree}/{entry}/.", f"{homes[entry]}/")


def add_system_user(host, name="holdfast"):
    """The user and group that a package's install script would have made."""
    if host.run("getent", "passwd", name, check=False).returncode != 0:
        host.run("useradd", "--system", "--user-group", "--no-create-home", "--shell",
                 "/usr/sbin/nologin", name)


class Pair:
    """Both nodes, ready to be started.  tree: what `make install-compat` made, or None to run
    Debian's keepalived instead of the daemon under test."""

    def __init__(self, lab, tree=None):
        self.lab = lab
        self.tree = tree
        self.a, self.b, self.client = lab.build({"node-a": [f"{ADDRESS['node-a']}/24"],
                                                 "node-b": [f"{ADDRESS['node-b']}/24"],
                                                 "client": ["192.168.16.10/24"]}, "front")
        self.brokers = lab.host("brokers", "10.77.0.10/24", bridge="back")
        self.nodes = {"node-a": self.a, "node-b": self.b}
        back = lab.bridge("back")
        for number, (name, host) in enumerate(self.nodes.items(), 1):
            host.plug(back, "eth1", f"10.77.0.{number}/24")
            host.run("nft", "-f", "-", stdin=BROKER_PATH)
            self._files(name, host)
        specs = [f"10.77.0.10:{port}:{name}" for port, name in BROKERS.items()]
        self.servers = self.brokers.popen(PYTHON, HERE / "tools" / "tcpd.py", *specs,
                                          name="brokers")
        self.servers.expect("^ready")
        self.wire = Capture(self.client)
        self.asker = None
        self.monitors = {}

    def _files(self, name, host):
        letter = name[-1]
        host.run("rm", "-rf", "/etc/keepalived")
        host.copy_in(SEEDS / f"node-{letter}.conf", MAIN_CONF)
        host.copy_in(SEEDS / "check_haproxy.sh", CHECK, "0755")
        host.copy_in(SEEDS / f"haproxy.node-{letter}.cfg", PROXY_CONF)
        if self.tree:
            add_system_user(host)
            install_tree(host, self.tree)
        if not may_open_files(host, PROXY_FILES):
            host.sh("mkdir /usr/lib/hf-real && mv /usr/sbin/haproxy /usr/lib/hf-real/haproxy")
            host.write("/usr/sbin/haproxy", PROXY_MODEST, "0755")
        host.sh("mv /usr/sbin/service /usr/sbin/service.real")
        host.write("/usr/sbin/service", SERVICE_WITNESS, "0755")

    # what a person would type

    def start_proxy(self, host):
        host.run("haproxy", "-f", PROXY_CONF)

    def service(self, host, action):
        return host.run("service", "keepalived", action)

    def kill_checked_proxy(self, host):
        """Kill HAProxy when a run of the tutorial's script has just ended, and return the program that
        does so.  The script looks twice, two seconds apart, and takes a proxy that dies between its
        looks for one that cannot be started."""
        return host.popen(PYTHON, HERE / "tools" / "killafter.py", CHECK_COMM, "haproxy",
                          name="killer")

    def kill_proxy(self, host):
        host.kill(host.pids("haproxy"))

    def break_proxy(self, host):
        """HAProxy dies and its file is away, so that no script can start it."""
        host.sh(f"mv {PROXY_CONF} {PROXY_CONF}.away")
        self.kill_proxy(host)

    def repair_proxy(self, host):
        host.sh(f"mv {PROXY_CONF}.away {PROXY_CONF}")
        self.start_proxy(host)

    def start_client(self, period=0.05, timeout=0.5):
        self.asker = self.client.popen(PYTHON, HERE / "tools" / "client.py", VIP, PORT, period,
                                       timeout, name="client")
        return self.asker

    def watch_addresses(self):
        """Note every change of the nodes' addresses, by the kernel's own word."""
        for name, host in self.nodes.items():
            self.monitors[name] = host.popen("ip", "-ts", "-4", "monitor", "address",
                                             name="ip-monitor")

    # what a person would look at

    def holders(self):
        return [name for name, host in self.nodes.items() if host.has(VIP)]

    def wait_holder(self, name, timeout):
        wait_for(lambda: self.holders() == [name], timeout, f"{VIP} to be on {name} alone")

    def daemons(self, host):
        """Living processes of the failover daemon (argv[0] tells, whatever its name)."""
        return [row for row in host.processes() if not row[1].startswith("Z")
                and re.match(r"\S*/?(keepalived|holdfast)\S*(\s|$)", row[3])
                and "check_haproxy" not in row[3] and "service" not in row[3]]

    def answers(self):
        """What the client has seen so far: a list of its lines."""
        lines = self.asker.log().splitlines()
        return [json.loads(line) for line in lines if line.endswith("}")]

    def service_calls(self, host):
        """What `service` was asked, and how it ended: ["keepalived stop -> 0", ...]."""
        return host.read(SERVICE_LOG).splitlines() if host.exists(SERVICE_LOG) else []


def served(answers):
    """The time at which each good answer came."""
    return [row["t"] + row["took"] for row in answers if "from" in row]


def longest_gap(answers, since=None, until=None):
    """The longest time between two good answers."""
    times = [t for t in served(answers) if (since is None or t >= since)
             and (until is None or t <= until)]
    return max((later - earlier for earlier, later in zip(times, times[1:])), default=0.0)


def build_tree(lab, target="install-compat"):
    """Run the project's own install into a directory of the lab."""
    tree = Path(lab.dir) / "tree"
    if not tree.exists():
        env = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL")}
        done = subprocess.run(["make", "-s", "-C", str(HERE.parent.parent), target,
                               f"DESTDIR={tree}"], text=True, capture_output=True, env=env)
        if done.returncode != 0:
            raise LabError(f"make {target}: {done.stdout}{done.stderr}")
    return tree
