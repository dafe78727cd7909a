"""Several daemons on one host: keys, locks, and how holdfastctl finds the right one."""
import json
import re
import signal
import uuid

import pytest

from lab import wait_for
from pairlab import add_system_user
from peers import HOLDFASTCTL, HOLDFASTD, config, instance

TEXT = config(instance(interval=0.1), version=3)
VIP = "10.0.0.100"

pytestmark = pytest.mark.ours


@pytest.fixture
def host(lab):
    return lab.host("a", "10.0.0.5/24")


def add_router(host, name):
    """A network namespace as Neutron makes it, with an interface that an instance can use."""
    host.run("ip", "netns", "add", name)
    inside = ["ip", "netns", "exec", name]
    host.run(*inside, "ip", "link", "add", "eth0", "type", "veth", "peer", "name", "far")
    host.run(*inside, "ip", "link", "set", "far", "up")
    host.run(*inside, "ip", "link", "set", "eth0", "up")
    host.run(*inside, "ip", "addr", "add", "10.0.0.7/24", "dev", "eth0")
    return inside


class Router:
    """One router of Neutron's L3 agent, its keepalived started with the agent's command line."""

    def __init__(self, host):
        self.host = host
        self.uuid = str(uuid.uuid4())
        self.inside = add_router(host, f"qrouter-{self.uuid}")
        self.base = f"/var/lib/neutron/ha_confs/{self.uuid}"
        host.write(f"{self.base}/keepalived.conf", TEXT.rstrip("\n"))

    def start(self):
        return self.host.run(*self.inside, "env", f"PROCESS_TAG=keepalived-{self.uuid}",
                             "keepalived", "-P", "-f", f"{self.base}/keepalived.conf",
                             "-p", f"{self.base}.pid.keepalived",
                             "-r", f"{self.base}.pid.keepalived-vrrp", "-D", check=False)

    def pid(self):
        return int(self.host.read(f"{self.base}.pid.keepalived"))

    def ctl(self, *words):
        return self.host.run(*self.inside, HOLDFASTCTL, *words, check=False)

    def wait_master(self):
        wait_for(lambda: self.ctl("status", "VI_1").returncode == 0, 15, "a master")
        return self


@pytest.fixture
def routers(host):
    host.run("ln", "-sf", HOLDFASTD, "/usr/sbin/keepalived")
    pair = [Router(host), Router(host)]
    for router in pair:
        done = router.start()
        assert done.returncode == 0, done.stderr
    yield [router.wait_master() for router in pair]
    for router in pair:
        host.kill(router.pid(), signal.SIGTERM)


class TestNeutron:
    def test_one_daemon_a_router(self, host, routers):
        first, second = routers
        assert first.pid() != second.pid()
        assert first.uuid in host.read(f"/proc/{first.pid()}/cmdline")
        for router in routers:
            answer = json.loads(router.ctl("status", "--json").stdout)
            assert answer["pid"] == router.pid(), "each namespace asks its own"

    def test_a_second_start_for_the_same_router_is_refused_by_name(self, host, routers):
        router = routers[0]
        done = router.start()
        assert done.returncode != 0
        assert re.search(rf"process {router.pid()}\b", done.stderr), done.stderr
        assert router.uuid.replace("-", "\\x2d") in done.stderr, "the key"
        assert router.ctl("status", "VI_1").returncode == 0

    def test_from_elsewhere_the_command_for_each_is_listed(self, host, routers):
        done = host.run(HOLDFASTCTL, "status", check=False)
        assert done.returncode == 3
        assert "no daemon runs in this network namespace" in done.stderr
        commands = re.findall(r"^  (holdfastctl --daemon '.*' status)\t# process (\d+)",
                              done.stderr, re.M)
        assert {int(pid) for _, pid in commands} == {router.pid() for router in routers}
        for command, pid in commands:
            answer = json.loads(host.sh(command.replace("holdfastctl", str(HOLDFASTCTL), 1)
                                        + " --json").stdout)
            assert answer["pid"] == int(pid)
            by_pid = host.run(HOLDFASTCTL, "--daemon", pid, "status", "--json")
            assert json.loads(by_pid.stdout)["pid"] == int(pid)

    def test_one_that_was_killed_is_no_choice_and_can_start_again(self, host, routers):
        first, second = routers
        host.kill(host.run("pgrep", "-f", first.uuid).stdout.split(), signal.SIGKILL)
        done = host.run(HOLDFASTCTL, "status", check=False)
        assert f"# process {second.pid()}" in done.stderr and first.uuid not in done.stderr
        assert first.start().returncode == 0
        first.wait_master()


class TestKeys:
    def start(self, host, *words, name="daemon", inside=()):
        return host.popen(*inside, HOLDFASTD, "-n", "-l", *words, name=name)

    def files(self, host):
        return sorted(host.run("ls", "/run/holdfast", check=False).stdout.split())

    def test_the_default_key(self, host):
        host.write("/etc/a.conf", TEXT)
        daemon = self.start(host, "-f", "/etc/a.conf")
        wait_for(lambda: host.has(VIP), 10, "the address")
        assert self.files(host) == [f"default.{end}" for end in ("json", "lock", "sock", "upgrade")]
        assert host.run("stat", "-c", "%a %U", "/run/holdfast/default.lock").stdout == "600 root\n"
        assert host.run("stat", "-c", "%a %U", "/run/holdfast").stdout == "755 root\n"
        assert host.run(HOLDFASTCTL, "status", "VI_1").returncode == 0
        assert host.read("/run/holdfast.pid").strip() == str(daemon.inner_pid)
        second = self.start(host, "-f", "/etc/a.conf", "-p", "/var/run/holdfast.pid", name="two")
        assert second.wait(10) == 1
        assert f"process {daemon.inner_pid} holds" in second.log()
        assert "daemon 'default'" in second.log()
        assert daemon.stop() == 0
        assert self.files(host) == []

    def test_the_instance_keyword(self, host):
        inside = add_router(host, "blue")
        host.write("/etc/a.conf", "instance left\n" + TEXT)
        host.write("/etc/b.conf", "instance right\n" + TEXT)
        one = self.start(host, "-f", "/etc/a.conf", name="one")
        two = self.start(host, "-f", "/etc/b.conf", name="two", inside=inside)
        for daemon, key in ((one, "left"), (two, "right")):
            daemon.expect(rf"This daemon is '{key}'")
            wait_for(lambda key=key: host.run(HOLDFASTCTL, "--daemon", key, "status", "VI_1",
                                              check=False).returncode == 0, 15, key)
            assert host.read(f"/run/holdfast/{key}.pid").strip() == str(daemon.inner_pid)
        third = self.start(host, "-f", "/etc/a.conf", "-p", "/run/other.pid", name="three")
        assert third.wait(10) == 1
        assert f"process {one.inner_pid} holds /run/holdfast/left.lock" in third.log()
        # a reload does not rename it, and says so
        host.write("/etc/a.conf", "instance middle\n" + TEXT)
        assert host.run(HOLDFASTCTL, "--daemon", "left", "reload").returncode == 0
        one.expect(r"'instance' needs a restart: this daemon is 'left' until then")
        # nor does an upgrade
        assert host.run(HOLDFASTCTL, "--daemon", "left", "upgrade", HOLDFASTD).returncode == 0
        wait_for(lambda: host.run(HOLDFASTCTL, "--daemon", "left", "status", "VI_1",
                                  check=False).returncode == 0, 15, "the upgraded one")
        assert self.start(host, "-f", "/etc/b.conf", name="four").wait(10) == 1
        assert one.stop() == 0 and two.stop() == 0
        assert self.files(host) == []

    def test_the_namespace_option(self, host):
        for name in ("red", "green"):
            add_router(host, name)
        host.write("/etc/a.conf", TEXT)
        daemons = [self.start(host, "-f", "/etc/a.conf", "-s", name, name=name)
                   for name in ("red", "green")]
        for name in ("red", "green"):
            wait_for(lambda name=name: host.run("ip", "netns", "exec", name, HOLDFASTCTL, "status",
                                                "VI_1", check=False).returncode == 0, 15, name)
        assert [daemon.stop() for daemon in daemons] == [0, 0]

    def test_two_in_one_namespace_must_be_named(self, host):
        host.write("/etc/a.conf", TEXT)
        other = config(instance("VI_2", vrid=52, vips=["10.0.0.101"], interval=0.1), version=3)
        host.write("/etc/b.conf", other)
        self.start(host, "-f", "/etc/a.conf", name="one")
        self.start(host, "-f", "/etc/b.conf", "-p", "/run/b.pid", name="two")
        wait_for(lambda: host.has(VIP) and host.has("10.0.0.101"), 15, "both addresses")
        done = host.run(HOLDFASTCTL, "status", check=False)
        assert done.returncode == 3
        assert "2 daemons run in this network namespace; say which:" in done.stderr
        assert "holdfastctl --daemon 'run-b.pid' status" in done.stderr
        assert host.run(HOLDFASTCTL, "--daemon", "run-b.pid", "status", "VI_2").returncode == 0

    def test_a_directory_that_others_may_write_is_refused(self, host):
        host.write("/etc/a.conf", TEXT)
        host.sh("mkdir -m 0777 /run/holdfast")
        daemon = self.start(host, "-f", "/etc/a.conf")
        assert daemon.wait(10) == 1
        assert "/run/holdfast is not a directory of root's" in daemon.log()


LOCKER = """
import fcntl, os, struct, sys, time
fd = os.open(sys.argv[1], os.O_RDONLY)
print("ready", flush=True)
# OFD locks end with the file, not with the process
fcntl.fcntl(fd, 38, struct.pack("hhqqi4x", fcntl.F_RDLCK, 0, 0, 0, 0))
print("locked", flush=True)
time.sleep(3600)
"""


class TestLock:
    def test_a_reader_of_the_pid_file_who_waits_for_its_lock_is_in_nobodys_way(self, host):
        """Any user can wait for a read lock; at a crash it is granted."""
        host.write("/etc/a.conf", TEXT)
        words = ["-n", "-l", "-f", "/etc/a.conf"]
        first = host.popen(HOLDFASTD, *words, name="first")
        wait_for(lambda: host.has(VIP), 10, "the address")
        lurker = host.popen("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups",
                            "python3", "-c", LOCKER, "/run/holdfast.pid", name="lurker")
        lurker.expect("ready")
        denied = host.run("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups",
                          "cat", "/run/holdfast/default.lock", check=False)
        assert denied.returncode != 0, "the lock file is for nobody else"
        host.kill(host.run("pgrep", "-f", "/etc/a.conf").stdout.split(), signal.SIGKILL)
        lurker.expect("locked")
        first.wait_stopped()
        second = host.popen(HOLDFASTD, *words, name="second")
        second.expect("Entering MASTER STATE")
        assert second.stop() == 0

    def test_a_stopped_engine_of_a_dead_keeper_does_not_block_a_start(self, host):
        add_system_user(host)
        host.write("/etc/a.conf", TEXT)
        words = ["-n", "-l", "-f", "/etc/a.conf"]
        first = host.popen(HOLDFASTD, *words, name="first")
        wait_for(lambda: host.has(VIP), 10, "the address")
        engine = wait_for(lambda: host.pids("holdfast:engine"), 10, "the engine")
        wait_for(lambda: host.pids("holdfast:spare"), 10, "a spare")
        host.kill(engine, signal.SIGSTOP)
        host.kill(first.inner_pid, signal.SIGKILL)
        first.wait_stopped()
        second = host.popen(HOLDFASTD, *words, name="second")
        second.expect("1 process that a dead daemon left behind did not leave: killed")
        wait_for(lambda: host.run(HOLDFASTCTL, "status", "VI_1", check=False).returncode == 0, 15,
                 "the second daemon as master")
        assert engine[0] not in host.pids("holdfast:engine"), "it must never wake up again"
        assert second.stop() == 0

    def test_a_pid_file_belongs_to_one_daemon(self, host):
        """Two with different keys and the same -p: the second would take the first's number away."""
        host.write("/etc/a.conf", "instance left\n" + TEXT)
        host.write("/etc/b.conf", "instance right\n" + TEXT)
        first = host.popen(HOLDFASTD, "-n", "-l", "-f", "/etc/a.conf", "-p", "/run/x.pid")
        wait_for(lambda: host.has(VIP), 10, "the address")
        second = host.popen(HOLDFASTD, "-n", "-l", "-f", "/etc/b.conf", "-p", "/run/x.pid")
        assert second.wait(10) == 1
        assert f"daemon is already running: process {first.inner_pid} holds /run/x.pid" in \
            second.log()
        assert host.read("/run/x.pid").strip() == str(first.inner_pid)

    @pytest.mark.parametrize("how", ["ln -s /etc/passwd", "mkfifo", "install -m 0644 /dev/null"])
    def test_a_lock_file_that_is_not_ours_is_refused_in_words(self, host, how):
        host.write("/etc/a.conf", TEXT)
        host.sh(f"mkdir /run/holdfast; {how} /run/holdfast/default.lock")
        daemon = host.popen(HOLDFASTD, "-n", "-l", "-f", "/etc/a.conf", name="daemon")
        assert daemon.wait(10) == 1
        assert "/run/holdfast/default.lock" in daemon.log()
