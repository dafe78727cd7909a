"""Under systemd, whose part tools/manager.py plays: what it keeps, and what it is told."""
import signal

import pytest

from lab import HERE, PYTHON, wait_for
from peers import HOLDFASTD, Holdfast, config, instance
from test_crash import ENGINE, VIP, engine_of, spare_of
from test_faults import Monitor
from wire import Capture

pytestmark = pytest.mark.ours


# A restart takes a fifth of a second, and on a busy machine it may take long: the backup waits for 20 s.
PATIENT = ["down_timer_adverts 20"]


class Service(Holdfast):
    """The daemon as a service of the manager."""

    def argv(self):
        return [PYTHON, HERE / "tools" / "manager.py", "/run/notify", HOLDFASTD, "-n", "-l", "-f",
                self.path, "-p", self.pidfile, "--control", self.socket]

    def main_pid(self):
        return int(self.host.read(self.pidfile))

    def kill_all(self):
        """Every process at once, so that none can leave in good order."""
        family = [pid for pid, _, comm, _ in self.host.processes() if comm.startswith("holdfast")]
        self.host.kill(family, signal.SIGSTOP)
        self.host.kill(family)


class Pair:
    """A master that is a service, its backup, and a listener."""

    def __init__(self, lab, extra=()):
        self.a, self.b, c = lab.build({"a": ["10.0.0.5/24"], "b": ["10.0.0.6/24"], "c": ["10.0.0.9/24"]})
        self.wire = Capture(c)
        self.service = Service(self.a, config(instance(priority=200, extra=extra), version=3)).start()
        wait_for(lambda: self.service.state() == "MASTER", 60, "a master")
        self.backup = Holdfast(self.b, config(instance(extra=extra), version=3)).start().wait_state("BACKUP", 60)
        spare_of(self.a)


@pytest.fixture
def pair(lab):
    return Pair(lab)


def test_it_is_ready_and_stores_what_must_outlive_it(pair):
    pair.service.expect("^READY=1")
    pair.service.expect("^stored record")
    pair.service.expect("^stored config")
    pair.service.expect("^stored vrrp-")
    pair.service.expect("^WATCHDOG=1")


def test_a_restart_after_the_death_of_everything_is_a_resume(lab):
    pair = Pair(lab, PATIENT)
    monitor = Monitor(pair.a)
    mark = pair.service.proc.mark()
    began = len(pair.backup.states())
    pair.service.kill_all()
    pair.service.expect("^started .* config record vrrp", 20, since=mark)
    pair.service.expect("Going on with what systemd has kept", 20, since=mark)
    pair.service.expect("Reload complete", 60, since=mark)      # the file as it is now
    wire = pair.wire.mark()
    pair.wire.wait_adverts(2, since=wire, sender="10.0.0.5", timeout=30)
    assert pair.service.states(since=mark) == [] and pair.backup.states()[began:] == []
    assert not any("Deleted" in line for line in monitor.changes())
    assert pair.service.status().state() == "MASTER"
    # and once more, with what the second life has stored
    spare_of(pair.a)
    mark = pair.service.proc.mark()
    pair.service.kill_all()
    pair.service.expect("Going on with what systemd has kept", 20, since=mark)
    wire = pair.wire.mark()
    pair.wire.wait_adverts(2, since=wire, sender="10.0.0.5", timeout=30)
    assert pair.backup.states()[began:] == [] and pair.a.has(VIP)


def test_after_the_keepers_death_alone_nothing_is_left_to_go_on_with(pair):
    mark, wire = pair.service.proc.mark(), pair.wire.mark()
    pair.a.kill(pair.service.main_pid())
    pair.wire.wait_adverts(1, priority=0, since=wire)
    pair.service.expect("What systemd has kept is not used", since=mark)
    wait_for(lambda: pair.service.state() == "MASTER", 20, "a master again")


def test_an_engine_that_hangs_is_replaced(pair):
    mark, engine = pair.service.proc.mark(), engine_of(pair.a)
    pair.a.kill(engine, signal.SIGSTOP)
    pair.service.expect(f"Engine, PID {engine}, has not answered for 5 s: it is ended", 20, mark)
    wait_for(lambda: pair.a.pids(ENGINE) not in ([], [engine]), 5, "another engine")
    wait_for(lambda: pair.service.state() == "MASTER", 20, "a master again")
    assert len(pair.service.proc.log()[mark:].split("started ")) == 1       # systemd did nothing
