"""Processes that die: the engine, the keeper, both; and what the network sees of it."""
import signal

import pytest

from lab import HERE, PYTHON, Lab, wait_for
from peers import HOLDFASTCTL, Holdfast, Keepalived, config, instance
from test_faults import Monitor
from wire import Capture

VIP = "10.0.0.100"
ENGINE, SPARE, RUNNER = "holdfast:engine", "holdfast:spare", "holdfastd"

pytestmark = pytest.mark.ours


def engine_of(host):
    """The pid of the living engine; a dead one may stay for some milliseconds."""
    def alone():
        pids = host.pids(ENGINE)
        return pids if len(pids) == 1 else None
    return wait_for(alone, 5, "one engine")[0]


def spare_of(host):
    """The pid of the one that waits."""
    return wait_for(lambda: host.pids(SPARE), 5, "a spare engine")[0]


class Node:
    """One host that is master at 0.1 s, and a listener."""

    def __init__(self, lab, kind):
        self.host, self.listener = lab.build({"a": ["10.0.0.5/24"], "b": ["10.0.0.9/24"]})
        self.wire = Capture(self.listener)
        self.daemon = kind(self.host, config(instance(interval=0.1), version=3)).start()
        self.daemon.wait_state("MASTER")
        wait_for(lambda: self.host.has(VIP), 5, "the address")
        self.spare()

    def engine(self):
        return engine_of(self.host)

    def spare(self):
        return spare_of(self.host)

    def kill_engine(self, number=signal.SIGKILL):
        """Kill it; the pid of the next one, which may be there before the dead one has gone."""
        dead = self.engine()
        self.host.kill(dead, number)
        return wait_for(lambda: [pid for pid in self.host.pids(ENGINE) if pid != dead], 5,
                        "another engine")[0]


@pytest.fixture
def node(lab, ours):
    return Node(lab, ours)


@pytest.mark.parametrize("number,name", [(signal.SIGKILL, "Killed"), (signal.SIGABRT, "Aborted"),
                                         (signal.SIGSEGV, "Segmentation fault")])
def test_a_dead_engine_is_replaced_by_the_spare(node, number, name):
    first, spare, dead = node.daemon.proc.inner_pid, node.spare(), node.engine()
    assert node.kill_engine(number) == spare
    node.daemon.expect(rf"Engine, PID {dead}, died of signal {int(number)} \({name}")
    mark = node.wire.mark()
    node.wire.wait_adverts(3, since=mark)
    assert node.daemon.state() == "MASTER" and node.host.has(VIP)
    assert node.daemon.states() == ["BACKUP", "MASTER"]      # it went on; it did not begin anew
    assert node.spare() not in (spare, dead)
    assert node.daemon.status().document["pid"] == first
    assert node.daemon.stop() == 0
    assert not node.host.has(VIP) and node.host.zombies() == []


def test_signals_to_the_engine_change_nothing(node):
    """`killall -TERM` and a terminal's ^C reach everybody; the keeper alone answers."""
    engine = node.engine()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2):
        node.host.kill([engine, node.spare()], number)
    mark = node.wire.mark()
    node.wire.wait_adverts(3, since=mark)
    assert node.engine() == engine and node.wire.adverts(priority=0) == []


def test_three_deaths_release_the_address_and_rest(node):
    mark = node.wire.mark()
    for _ in range(2):
        node.kill_engine()
        node.spare()
    node.host.kill(node.engine())
    node.daemon.expect(r"The engine has died 3 times in 10 s: the addresses are released")
    node.daemon.expect(r"The engine rests for 5 s")
    wait_for(lambda: not node.host.has(VIP), 5, "the address to be gone")
    assert node.host.pids(ENGINE) == []
    node.wire.wait_adverts(1, priority=0, since=mark)
    node.daemon.expect(r"The engine begins again", 15)
    node.daemon.wait_state("MASTER")


def test_a_stop_while_the_engine_rests(node):
    for _ in range(2):
        node.kill_engine()
        node.spare()
    node.host.kill(node.engine())
    node.daemon.expect(r"The engine rests")
    assert node.daemon.stop() == 0
    assert not node.host.has(VIP)


def test_a_stop_kills_an_engine_that_hangs_and_releases(node):
    mark = node.wire.mark()
    node.host.kill(node.engine(), signal.SIGSTOP)
    assert node.daemon.stop(30) == 0
    node.wire.wait_adverts(1, priority=0, since=mark)
    assert not node.host.has(VIP)


def test_without_its_keeper_the_engine_leaves_in_good_order(node):
    mark = node.wire.mark()
    node.host.kill(node.daemon.proc.inner_pid)
    node.wire.wait_adverts(1, priority=0, since=mark)
    wait_for(lambda: not node.host.has(VIP), 5, "the address to be gone")
    wait_for(lambda: [row for row in node.host.processes() if row[0] != 1] == [], 5,
             "an empty host")


def test_a_reload_is_what_the_next_engine_runs(node):
    node.daemon.configure(config(instance(interval=0.1, priority=77), version=3))
    before = node.spare()
    node.daemon.reload()
    node.daemon.expect("Reload complete")
    wait_for(lambda: node.host.pids(SPARE) not in ([], [before]), 5, "a new spare")
    node.kill_engine()
    node.daemon.wait_state("MASTER")
    assert node.daemon.status().instance()["base_priority"] == 77


def kill_under_a_backup(lab, peer, interval, rounds=1):
    """Kill a master's engine; what the backup, the kernel and the wire have seen of it."""
    a, b, c = lab.build({"a": ["10.0.0.5/24"], "b": ["10.0.0.6/24"], "c": ["10.0.0.9/24"]})
    wire = Capture(c)
    text = config(instance(interval=interval, priority=200), version=3)
    master = Holdfast(a, text).start().wait_state("MASTER", 20)
    backup = peer(b, config(instance(interval=interval), version=3)).start()
    backup.wait_state("BACKUP", 20)
    spare_of(a)
    monitor = Monitor(a)
    began = len(backup.states())
    for _ in range(rounds):
        dead, spare = engine_of(a), spare_of(a)
        a.kill(dead)
        wait_for(lambda alive=spare: a.pids(ENGINE) == [alive], 5, "the spare to be the engine")
        mark = wire.mark()
        wire.wait_adverts(3, since=mark, timeout=20)
    foreign = wire.adverts(sender="10.0.0.6")
    removed = [line for line in monitor.changes() if "Deleted" in line]
    assert a.has(VIP) and master.proc.alive()
    return backup.states()[began:], foreign, removed


@pytest.mark.parametrize("peer", [Keepalived, Holdfast])
def test_a_backup_does_not_notice_the_death(lab, peer):
    assert kill_under_a_backup(lab, peer, 1) == ([], [], [])


def test_a_backup_does_not_notice_the_death_at_ten_milliseconds():
    """Its timer ends after 31 ms. A busy machine may sleep that long, and then it is right to take
    over; so one of three tries is enough."""
    for _ in range(3):
        with Lab() as lab:
            seen = kill_under_a_backup(lab, Holdfast, 0.01)
        if seen == ([], [], []):
            break
    assert seen == ([], [], [])


class Dead:
    """A directory that never answers; see tools/deadfs.py."""
    PATH = "/mnt/dead"

    def __init__(self, host):
        self.host = host
        host.sh(f"mkdir -p {self.PATH}")
        with open("/dev/fuse", "r+b", buffering=0) as fuse:
            self.proc = host.popen(PYTHON, HERE / "tools" / "deadfs.py", self.PATH, name="deadfs", stdin=fuse)
        host.lab.closers.append(self.proc.popen.kill)
        self.proc.expect("^ready")

    def let_go(self):
        self.proc.stop(9)
        self.host.sh(f"umount -l {self.PATH}")


def test_a_reload_that_the_last_engine_wanted_is_no_answer_to_the_next_ones_client(node):
    """The first reload hangs, and its engine dies; who asks the next engine meanwhile asks for another file."""
    dead = Dead(node.host)
    good = config(instance(interval=0.1, priority=77), version=3)
    node.daemon.configure(f"include {dead.PATH}/more.conf\n")          # and no instance: it is refused
    first = node.host.popen(HOLDFASTCTL, "--control", node.daemon.socket, "reload")
    wait_for(lambda: node.host.pids("holdfast:load"), 20, "a loader")
    node.kill_engine()
    wait_for(lambda: first.wait(20) != 0, 20, "the end of the first client")
    wait_for(lambda: node.daemon.ctl("status").returncode == 0, 20, "the next engine")
    node.daemon.configure(good)
    mark = node.daemon.proc.mark()
    second = node.host.popen(HOLDFASTCTL, "--control", node.daemon.socket, "reload")
    node.daemon.proc.expect("'reload' was asked for by", 20, since=mark)
    node.daemon.proc.expect("The configuration is still being read after 10 s", 30)
    dead.let_go()
    assert second.wait(60) == 0, second.log()
    assert node.daemon.status().instance()["base_priority"] == 77
