"""What happens to a host, and what the daemon makes of it: faults by name, and the way back."""
import signal
import time

import pytest

from conftest import PROVE
from lab import holds_for, wait_for
from peers import HOLDFASTCTL, Keepalived, config, instance
from wire import Capture

VIP = "10.0.0.100"
FAST = dict(interval=0.1)


class Alone:
    """One host, one instance of VRRPv3 at 0.1 s, and a listener."""

    def __init__(self, lab, kind, *addresses, **options):
        self.lab = lab
        self.host, self.listener = lab.build({"a": addresses or ["10.0.0.5/24"],
                                              "b": ["10.0.0.9/24"]})
        self.wire = Capture(self.listener)
        self.daemon = kind(self.host, config(instance(**{**FAST, **options}), version=3)).start()

    def master(self):
        self.daemon.wait_state("MASTER")
        wait_for(lambda: self.host.has(VIP), 5, "the address")
        return self

    def fault(self, *words):
        """Wait for FAULT with exactly these reasons; the address must be gone."""
        self.daemon.wait_state("FAULT")
        wait_for(lambda: not self.host.has(VIP), 5, "the address to be gone")
        if not PROVE:
            assert self.daemon.status().faults() == set(words)

    def fit(self):
        self.master()
        if not PROVE:
            assert self.daemon.status().faults() == set()
            assert self.daemon.status().held() == [f"{VIP}/24"]
        mark = self.wire.mark()
        self.wire.wait_adverts(2, since=mark)


def leader(host):
    """A keepalived of priority 200 that has become master."""
    daemon = Keepalived(host, config(instance(priority=200, **FAST), version=3)).start()
    return daemon.wait_state("MASTER")


@pytest.fixture
def alone(lab, ours):
    return Alone(lab, ours).master()


class Monitor:
    """Every change of addresses on the host, by the kernel's word; that the lease of one which is
    there was renewed is none."""

    def __init__(self, host):
        self.host = host
        self.marks = 0
        self.proc = host.popen("ip", "-4", "monitor", "address", name="monitor")
        wait_for(self._listens, 5, "ip monitor to listen", step=0.05)
        self.before = set(host.addresses())

    def _listens(self):
        self._mark()
        return "127.7.7.7" in self.proc.log()

    def _mark(self):
        """A change of our own, so that everything before it has been told when it is told."""
        self.marks += 1
        self.host.ip("addr", "add", f"127.7.7.7/{self.marks}", "dev", "lo")
        return f"127.7.7.7/{self.marks} "

    def changes(self):
        """What has changed until now, our marks left out."""
        mark = self._mark()
        wait_for(lambda: mark in self.proc.log(), 5, "ip monitor to catch up")
        present, found = set(self.before), []
        for line in self.proc.log().splitlines():
            if "inet " not in line or "127.7.7.7/" in line:
                continue
            address = line.split("inet ")[1].split()[0]
            if "Deleted" in line:
                present.discard(address)
            elif address in present and "dynamic" in line:
                continue
            else:
                present.add(address)
            found.append(line)
        return found


def test_carrier_lost(alone):
    alone.host.cut()
    alone.fault("interface-down")
    alone.host.mend()
    alone.fit()


def test_interface_set_down(alone):
    alone.host.ip("link", "set", "eth0", "down")
    alone.fault("interface-down")
    alone.host.ip("link", "set", "eth0", "up")
    alone.fit()


def test_carrier_missing_at_the_start(lab, ours):
    host = lab.host("a", "10.0.0.5/24")
    host.cut()
    daemon = ours(host, config(instance(**FAST), version=3)).start()
    daemon.wait_state("FAULT")
    host.mend()
    daemon.wait_state("MASTER")


@pytest.mark.ours
def test_interface_deleted_and_made_again(alone):
    """keepalived 2.2.7 needs dynamic_interfaces for this."""
    alone.host.ip("link", "del", "eth0")
    alone.fault("interface-missing")
    mark = alone.wire.mark()
    alone.host.plug(alone.lab.bridge(), "eth0", "10.0.0.5/24")
    alone.fit()
    alone.wire.wait_garps(VIP, 5, since=mark, mac=alone.host.mac())


@pytest.mark.ours
def test_interface_missing_at_the_start(lab, ours):
    host = lab.bare_host("a")
    bridge = lab.bridge()
    host.await_ready()
    daemon = ours(host, config(instance(**FAST), version=3)).start()
    daemon.wait_state("FAULT")
    assert daemon.status().faults() == {"interface-missing"}
    host.plug(bridge, "eth0", "10.0.0.5/24")
    daemon.wait_state("MASTER")


@pytest.mark.ours
def test_interface_renamed_away_and_back(alone):
    alone.host.sh("ip link set eth0 down; ip link set eth0 name eth9; ip link set eth9 up")
    alone.daemon.wait_state("FAULT")
    assert alone.daemon.status().faults() == {"interface-missing"}
    wait_for(lambda: not alone.host.has(VIP, "eth9"), 5, "the address to be gone from eth9")
    alone.host.sh("ip link set eth9 down; ip link set eth9 name eth0; ip link set eth0 up")
    alone.fit()


def test_source_address_lost(alone):
    alone.host.ip("addr", "del", "10.0.0.5/24", "dev", "eth0")
    alone.fault("no-source-address")
    alone.host.ip("addr", "add", "10.0.0.5/24", "dev", "eth0")
    alone.fit()


def test_another_address_takes_the_sources_place(lab, ours):
    alone = Alone(lab, ours, "10.0.0.5/24", "10.8.0.5/24").master()
    mark = alone.wire.mark()
    alone.host.ip("addr", "del", "10.0.0.5/24", "dev", "eth0")
    alone.wire.wait_adverts(2, sender="10.8.0.5", since=mark)
    alone.daemon.wait_state("MASTER")


def test_storm_of_link_changes_ends_where_it_should(alone):
    for _ in range(20):
        alone.host.cut()
        alone.host.mend()
    alone.fit()
    for _ in range(20):
        alone.host.mend()
        alone.host.cut()
    alone.fault("interface-down")


def test_backup_with_a_fault_does_not_take_over(lab, ours):
    a, b = lab.build({"a": ["10.0.0.1/24"], "b": ["10.0.0.2/24"]})
    other = leader(a)
    daemon = ours(b, config(instance(priority=50, **FAST), version=3)).start()
    daemon.wait_state("BACKUP")
    b.cut()
    daemon.wait_state("FAULT")
    other.kill()
    holds_for(lambda: not b.has(VIP), 1, "a host without a carrier has no address")
    b.mend()
    daemon.wait_state("MASTER")
    wait_for(lambda: b.has(VIP), 5, "the address")


class TestLeftOver:
    """A predecessor was killed and its address stands."""

    @pytest.fixture
    def orphan(self, alone):
        alone.daemon.kill()
        assert alone.host.has(VIP), "nobody took it away"
        return alone

    def test_a_backup_removes_it(self, orphan):
        leader(orphan.listener)
        orphan.daemon.start().wait_state("BACKUP")
        wait_for(lambda: not orphan.host.has(VIP), 3, "the left-over address to be gone")
        holds_for(lambda: orphan.daemon.state() == "BACKUP", 0.5, "stays backup")

    def test_a_master_has_it_once(self, orphan):
        orphan.daemon.start().wait_state("MASTER")
        wait_for(lambda: orphan.host.addresses() == ["10.0.0.5/24", f"{VIP}/24"], 5, "one address")
        if not PROVE:
            assert orphan.daemon.status().held() == [f"{VIP}/24"]

    def test_it_is_never_the_source(self, orphan):
        """The host's own address comes late; a left-over must not be mistaken for one."""
        orphan.host.sh("echo 1 > /proc/sys/net/ipv4/conf/eth0/promote_secondaries; "
                       "ip addr del 10.0.0.5/24 dev eth0")
        assert orphan.host.addresses() == [f"{VIP}/24"]
        mark = orphan.wire.mark()
        orphan.daemon.start().wait_state("FAULT")
        orphan.host.ip("addr", "add", "10.0.0.5/24", "dev", "eth0")
        orphan.daemon.wait_state("MASTER")
        frames = orphan.wire.wait_adverts(2, since=mark)
        assert {frame.sender for frame in frames} == {"10.0.0.5"}


class TestReload:
    def test_unchanged_file_keeps_everything(self, alone):
        monitor = Monitor(alone.host)
        mark, since = alone.wire.mark(), time.time()
        before = None if PROVE else alone.daemon.status()
        log = len(alone.daemon.log())
        for _ in range(3):
            alone.daemon.reload()
            time.sleep(0.3)
        assert alone.daemon.states(since=log) == []
        assert monitor.changes() == []
        assert alone.wire.adverts(priority=0, since=mark) == []
        frames = alone.wire.wait_adverts(int((time.time() - since) / 0.1) - 3, since=mark)
        assert max(b.time - a.time for a, b in zip(frames, frames[1:])) < 0.3
        if not PROVE:
            after = alone.daemon.status()
            assert after.since() == before.since() and after.state() == "MASTER"
            assert after.daemon["reloads"] == before.daemon["reloads"] + 3
            assert after.counter("adverts_sent") > before.counter("adverts_sent")
            assert after.counter("became_master") == 1

    def test_backup_stays_backup(self, lab, ours):
        a, b = lab.build({"a": ["10.0.0.1/24"], "b": ["10.0.0.2/24"]})
        leader(a)
        daemon = ours(b, config(instance(priority=50, **FAST), version=3)).start()
        daemon.wait_state("BACKUP")
        wire, monitor = Capture(b), Monitor(b)
        log = len(daemon.log())
        daemon.reload()
        holds_for(lambda: daemon.state() == "BACKUP", 1, "stays backup")
        assert daemon.states(since=log) == [] and monitor.changes() == []
        assert wire.adverts(sender="10.0.0.2") == []

    def test_an_added_address_is_the_only_change(self, alone):
        monitor, mark = Monitor(alone.host), alone.wire.mark()
        alone.daemon.configure(config(instance(vips=[f"{VIP}/24", "10.0.0.101/24"], **FAST),
                                      version=3))
        alone.daemon.reload()
        wait_for(lambda: alone.host.has("10.0.0.101"), 5, "the added address")
        assert [("Deleted" in line, line.split("inet ")[1].split()[0])
                for line in monitor.changes()] == [(False, "10.0.0.101/24")]
        alone.wire.wait_garps("10.0.0.101", 1, since=mark)
        wait_for(lambda: len(alone.wire.adverts()[-1].payload) == 16, 5, "adverts of two addresses")
        assert alone.wire.adverts(priority=0, since=mark) == []
        assert alone.daemon.state() == "MASTER"

    def test_a_removed_address_is_the_only_change(self, lab, ours):
        alone = Alone(lab, ours, vips=[f"{VIP}/24", "10.0.0.101/24"]).master()
        monitor = Monitor(alone.host)
        alone.daemon.configure(config(instance(**FAST), version=3))
        alone.daemon.reload()
        wait_for(lambda: not alone.host.has("10.0.0.101"), 5, "the removed address to be gone")
        assert [("Deleted" in line, line.split("inet ")[1].split()[0])
                for line in monitor.changes()] == [(True, "10.0.0.101/24")]
        assert alone.daemon.state() == "MASTER"

    def test_a_removed_instance_leaves_in_good_order(self, lab, ours):
        alone = Alone(lab, ours).master()
        other = instance("VI_2", vrid=52, vips=["10.0.0.200/24"], **FAST)
        alone.daemon.configure(config(instance(**FAST), other, version=3))
        alone.daemon.reload()
        wait_for(lambda: alone.host.has("10.0.0.200"), 5, "the new instance's address")
        mark = alone.wire.mark()
        alone.daemon.configure(config(other, version=3))
        alone.daemon.reload()
        alone.wire.wait_adverts(1, vrid=51, priority=0, since=mark)
        wait_for(lambda: not alone.host.has(VIP), 5, "the removed instance's address to be gone")
        assert alone.host.has("10.0.0.200")
        assert alone.wire.adverts(vrid=52, priority=0) == []

    def test_priority_takes_effect(self, alone):
        mark = alone.wire.mark()
        alone.daemon.configure(config(instance(priority=33, **FAST), version=3))
        alone.daemon.reload()
        alone.wire.wait_adverts(1, priority=33, since=mark)
        assert alone.daemon.state() == "MASTER" and alone.host.has(VIP)

    @pytest.mark.ours
    @pytest.mark.parametrize("bad", ["removed", "out-of-range"])
    def test_a_refused_reload_changes_nothing(self, alone, bad):
        monitor, mark = Monitor(alone.host), alone.wire.mark()
        before = alone.daemon.status()
        good = alone.host.read(alone.daemon.path)
        if bad == "removed":
            alone.host.run("rm", alone.daemon.path)
        else:
            alone.daemon.configure(good.replace("virtual_router_id 51", "virtual_router_id 4711"))
        alone.daemon.reload()
        refused = wait_for(lambda: alone.daemon.status().daemon["reload_refused"], 5, "the refusal")
        assert refused["error"]
        after = alone.daemon.status()
        assert after.since() == before.since() and after.state() == "MASTER"
        assert after.daemon["reloads"] == before.daemon["reloads"]
        assert monitor.changes() == []
        alone.wire.wait_adverts(3, since=mark)
        alone.daemon.configure(good)
        alone.daemon.reload()
        wait_for(lambda: alone.daemon.status().daemon["reload_refused"] is None, 5, "a good reload")
        assert alone.daemon.status().since() == before.since()


class TestStop:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_master_leaves_in_good_order(self, alone, number):
        mark = alone.wire.mark()
        alone.daemon.proc.send(number)
        assert alone.daemon.proc.wait(5) == 0
        assert len(alone.wire.wait_adverts(1, priority=0, since=mark)) == 1
        assert not alone.host.has(VIP)
        if not PROVE:
            assert not alone.host.exists(alone.daemon.pidfile)
            assert not alone.host.exists(alone.daemon.socket)
        assert alone.host.zombies() == []
        assert [row[2] for row in alone.host.processes() if row[0] != 1] == []

    def test_backup_leaves_without_a_word(self, lab, ours):
        a, b = lab.build({"a": ["10.0.0.1/24"], "b": ["10.0.0.2/24"]})
        wire = Capture(a)
        leader(a)
        daemon = ours(b, config(instance(priority=50, **FAST), version=3)).start()
        daemon.wait_state("BACKUP")
        assert daemon.stop() == 0
        time.sleep(0.2)
        assert wire.adverts(sender="10.0.0.2") == []

    @pytest.mark.ours
    def test_no_process_outlives_the_first_one(self, alone):
        """The keeper is killed: whatever it started ends, and a new start finds a clean house."""
        family = alone.daemon.all_pids()
        alone.host.kill(family[:1], signal.SIGKILL)
        alone.daemon.proc.wait(5)
        wait_for(lambda: not any(row[0] in family for row in alone.host.processes()
                                 if not row[1].startswith("Z")), 5, "the family to end")
        alone.daemon.start()
        alone.fit()


@pytest.mark.ours
def test_status_of_a_dead_daemon_is_an_error(alone):
    alone.daemon.kill()
    for words in ("status", "status VI_1", "status --json", "status VI_1 --json"):
        done = alone.daemon.ctl(*words.split())
        assert done.returncode == 3
        assert "MASTER" not in done.stdout
        assert done.stderr.strip()


@pytest.mark.ours
def test_watch_tells_of_the_stop(alone):
    watch = alone.host.popen(HOLDFASTCTL, "--control", alone.daemon.socket, "watch")
    watch.expect(r"watching", 5)
    alone.daemon.stop()
    watch.expect(r"VI_1.*Stopped", 5)


@pytest.mark.ours
def test_watch_tells_of_a_change_as_it_happens(alone):
    watch = alone.host.popen(HOLDFASTCTL, "--control", alone.daemon.socket, "watch")
    watch.expect(r"watching", 5)
    alone.host.cut()
    watch.expect(r"VI_1.*FAULT", 5)
    alone.host.mend()
    watch.expect(r"VI_1.*MASTER", 5)

