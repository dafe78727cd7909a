"""Every event at every state of every process: it ends within its bound, and leaves no address.

A case brings one daemon into a state and lets something happen.  After a stop: the exit status is
the right one, no address and no process is left.  Otherwise: one engine, one owner, which serves.
The cases run side by side, each in a lab of its own.
"""
import concurrent.futures
import contextlib
import os
import signal
import time
from pathlib import Path

import pytest

from faultlab import Faulty
from lab import Lab, wait_for
from peers import HOLDFASTCTL, config, instance
from test_crash import ENGINE, SPARE, VIP, spare_of

pytestmark = pytest.mark.ours
# Without a lease an address stays until somebody takes it off.
TEXT = config(instance(interval=0.1), version=3, extra=["vip_lease 0"])
OTHER = config(instance(interval=0.1, priority=77), version=3, extra=["vip_lease 0"])
RUNNER, LOADER = "holdfast-runner", "holdfast:load"
AT_ONCE = 12
STOP_MOST, REPLACE_MOST = 30, 25
TERM, KILL, STOP = signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP


class Case:
    """A master with its spare, and what may be done to it."""

    def __init__(self, lab):
        self.host = lab.host("a", "10.0.0.5/24")
        self.daemon = Faulty(self.host, TEXT)
        self.faults = self.daemon.faults

    def start(self):
        self.daemon.start().wait_state("MASTER", 20)
        wait_for(lambda: self.host.has(VIP), 5, "the address")
        spare_of(self.host)
        self.settled()
        return self

    def pids(self, name):
        """As the machine numbers them, without a program that would have to be started for it."""
        found = []
        for pid in self.daemon.outer_pids():
            with contextlib.suppress(OSError):
                if Path(f"/proc/{pid}/comm").read_text().strip() == name:
                    found.append(pid)
        return found

    @staticmethod
    def kill(pids, number=KILL):
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def settled(self):
        """The spare sleeps in poll: it is ready."""
        def asleep():
            with contextlib.suppress(OSError):
                return any("poll" in Path(f"/proc/{pid}/wchan").read_text()
                           for pid in self.pids(SPARE))
        wait_for(asleep, 10, "a ready spare")

    # states

    def hang(self, name):
        self.kill(wait_for(lambda: self.pids(name), 5, name), STOP)

    def no_new_engine(self):
        """There is no spare, and none can be made."""
        self.faults.fail("fork", "EAGAIN")
        self.kill(self.pids(SPARE))
        wait_for(lambda: not self.pids(SPARE), 5, "the spare to be gone")
        self.daemon.expect("cannot start an engine: Resource temporarily unavailable")

    def making(self, count=1):
        """There is no spare, and the next COUNT hang while they are made."""
        self.faults.fail("epoll", "STOP", left=count)
        old = self.pids(SPARE)
        self.kill(old)
        wait_for(lambda: self.faults.hits("epoll") and self.pids(SPARE) not in ([], old), 10,
                 "a spare that is being made")

    def kill_engine(self):
        old = self.pids(ENGINE)
        self.kill(old)
        wait_for(lambda: self.pids(ENGINE) != old, 5, "the engine to be gone")

    def resting(self):
        while "are released" not in self.daemon.log():
            self.settled()
            self.kill_engine()
        self.daemon.expect("The engine rests", 20)

    def loading(self):
        """A load whose process stops before it has said what it has read."""
        self.faults.fail("memfd", "STOP", skip=1, left=1)       # the keeper's own passes
        self.daemon.configure(TEXT)
        self.daemon.reload()
        wait_for(lambda: self.faults.hits("memfd") and self.pids(LOADER), 10, "a loader")

    def upgrade(self, *words):
        return self.host.popen("/usr/bin/env", *self.ctl(), "upgrade", *words, name="upgrade")

    def ctl(self):
        return (HOLDFASTCTL, "--control", self.daemon.socket)

    # outcomes

    def stop(self, *status):
        self.daemon.proc.send(TERM)
        got = self.daemon.proc.wait(STOP_MOST)
        self.gone(got, status or (0,))

    def gone(self, got, status):
        assert got in status, f"status {got}"
        assert not self.host.has(VIP), "the address is left"
        wait_for(lambda: not [row for row in self.host.processes()
                              if row[2].startswith("holdfast")], 5, "no process to be left")
        assert not self.host.exists(self.daemon.socket)

    def serves(self):
        """One engine, one owner; and a later stop leaves nothing."""
        def well():
            return len(self.pids(ENGINE)) == 1 == len(self.pids(SPARE)) and \
                self.host.has(VIP) and self.daemon.state() == "MASTER"
        wait_for(well, REPLACE_MOST, "one engine, its spare, and the address", step=0.1)
        self.stop()


CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


# ---- SIGTERM ----

@case
def stop_when_it_serves(c):
    c.start().stop()


@case
def stop_when_the_engine_hangs(c):
    c.start().hang(ENGINE)
    c.stop()


@case
def stop_when_the_engine_hangs_and_no_other_can_be_made(c):
    c.start().no_new_engine()
    c.hang(ENGINE)
    c.stop(1)
    c.daemon.expect("the keeper has taken 1 off itself")


@case
def stop_when_the_engine_is_dead_and_no_other_can_be_made(c):
    c.start().no_new_engine()
    c.kill_engine()
    c.stop(1)


@case
def stop_when_the_engine_is_dead_and_another_is_being_made(c):
    c.start().making()
    c.kill_engine()
    c.stop()


@case
def stop_when_the_engine_hangs_and_the_spare_is_being_made(c):
    c.start().making()
    c.hang(ENGINE)
    c.stop()


@case
def stop_when_engine_and_spare_hang(c):
    c.start().hang(SPARE)
    c.hang(ENGINE)
    c.stop(0, 1)


@case
def stop_when_the_engine_rests(c):
    c.start().resting()
    c.stop()


@case
def stop_before_the_first_engine_is_ready(c):
    c.faults.fail("epoll", "STOP", skip=1)
    c.daemon.start()
    wait_for(lambda: c.faults.hits("epoll"), 10, "an engine that hangs")
    c.stop()


@case
def stop_when_the_spare_is_being_made(c):
    c.start().making()
    c.stop()
    assert "does not stop" not in c.daemon.log()


@case
def stop_when_the_spare_hangs(c):
    c.start().hang(SPARE)
    c.stop()
    assert "does not stop" not in c.daemon.log()


@case
def stop_when_the_runner_hangs(c):
    c.start().hang(RUNNER)
    c.stop()


@case
def stop_when_the_runner_is_dead(c):
    c.start()
    c.kill(c.pids(RUNNER))
    c.stop()


@case
def stop_when_the_loader_hangs(c):
    c.start().loading()
    c.stop()
    assert "does not stop" not in c.daemon.log()


@case
def stop_when_an_engine_hangs_with_a_reload(c):
    c.start().hang(ENGINE)
    c.daemon.configure(OTHER)
    c.daemon.reload()
    c.daemon.expect("Reloading")
    wait_for(lambda: not c.pids(LOADER), 10, "the file to be read")
    c.stop()


@case
def stop_when_the_new_binarys_engine_is_being_made(c):
    c.start().faults.fail("epoll", "STOP", skip=1, left=1)      # the keeper's own passes
    c.upgrade()
    c.daemon.expect("takes over")
    wait_for(lambda: c.faults.hits("epoll"), 10, "an engine that hangs")
    c.stop()


@case
def stop_twice(c):
    c.start().hang(ENGINE)
    c.daemon.proc.send(TERM)
    c.daemon.expect("Stopping")
    c.stop()


# ---- death and hang, while it serves ----

@case
def the_engine_dies(c):
    c.start().kill_engine()
    c.serves()


@case
def the_engine_dies_when_the_spare_is_being_made(c):
    c.start().making()
    c.kill_engine()
    c.serves()


@case
def the_engine_hangs(c):
    c.start().hang(ENGINE)
    c.daemon.expect("has not answered for 5 s: it is ended", 15)
    c.serves()


@case
def the_spare_dies(c):
    c.start()
    c.kill(c.pids(SPARE))
    c.serves()


@case
def the_spare_hangs(c):
    c.start()
    pid = c.pids(SPARE)[0]
    c.hang(SPARE)
    c.daemon.expect(r"Engine, PID \d+, has not answered for 5 s: it is ended", 15)
    wait_for(lambda: c.pids(SPARE) not in ([], [pid]), 10, "another spare")
    c.serves()


@case
def engine_and_spare_die_together(c):
    c.start()
    c.kill([*c.pids(SPARE), *c.pids(ENGINE)])
    c.serves()


@case
def the_runner_dies(c):
    c.start()
    c.kill(c.pids(RUNNER))
    c.daemon.expect(r"Script runner, PID \d+, begins")
    c.serves()


@case
def the_runner_hangs(c):
    c.start().hang(RUNNER)
    c.daemon.expect(r"Script runner, PID \d+, has not answered for 5 s: it is ended", 15)
    c.daemon.expect(r"Script runner, PID \d+, begins")
    c.serves()


@case
def the_loader_dies(c):
    c.start().loading()
    c.kill(c.pids(LOADER))
    c.daemon.expect("Reload refused.*has died")
    c.serves()


@case
def no_engine_can_release(c):
    """Three deaths, and then none can be made: the keeper takes the address off, and rests."""
    c.start()
    while "are released" not in c.daemon.log():
        c.faults.mend()
        c.settled()
        c.kill_engine()
        c.settled()
        c.kill_engine()
        c.settled()
        c.faults.fail("fork", "EAGAIN")
        c.kill([*c.pids(SPARE), *c.pids(ENGINE)])
        time.sleep(1)
    c.daemon.expect("the keeper has taken 1 off itself", 20)
    assert not c.host.has(VIP)
    c.daemon.expect("The engine rests")
    c.faults.mend()
    c.serves()


# ---- SIGHUP ----

@case
def reload_when_the_engine_hangs(c):
    c.start().hang(ENGINE)
    c.daemon.configure(OTHER)
    c.daemon.reload()
    c.daemon.expect("Reload refused.*the engine has died of it, or with it", 20)
    c.serves()


@case
def reload_when_the_engine_is_dead_and_another_is_being_made(c):
    c.start().making()
    c.kill_engine()
    c.daemon.configure(OTHER)
    c.daemon.reload()
    c.daemon.expect("Reload complete")
    wait_for(lambda: c.daemon.state() == "MASTER", REPLACE_MOST, "a master")
    assert c.daemon.status().instance()["base_priority"] == 77
    c.serves()


@case
def reload_when_the_spare_hangs(c):
    c.start().hang(SPARE)
    c.daemon.configure(OTHER)
    assert c.daemon.ctl("reload").returncode == 0
    c.serves()


@case
def reload_when_the_engine_rests(c):
    c.start().resting()
    c.daemon.configure(OTHER)
    c.daemon.reload()
    c.daemon.expect("Reload complete")
    c.serves()


@case
def reload_when_a_load_is_under_way(c):
    c.start().loading()
    c.daemon.configure(OTHER)
    c.daemon.reload()
    c.kill(c.pids(LOADER), signal.SIGCONT)
    wait_for(lambda: c.daemon.log().count("Reload complete") == 2, 15, "both reloads")
    assert c.daemon.status().instance()["base_priority"] == 77
    c.serves()


# ---- upgrade ----

@case
def upgrade_when_the_spare_is_being_made(c):
    c.start().making()
    c.faults.mend()
    c.upgrade()
    c.daemon.expect("Upgraded to", 20)
    c.serves()


@case
def upgrade_whose_engine_is_never_ready(c):
    c.start().faults.fail("epoll", "STOP", skip=1, left=1)
    c.upgrade()
    c.daemon.expect("Upgrade refused.*the new engine ended before it began", 20)
    c.serves()


@case
def upgrade_whose_engine_dies(c):
    c.start().faults.fail("epoll", "STOP", skip=1, left=1)
    c.upgrade()
    wait_for(lambda: c.faults.hits("epoll"), 10, "an engine that hangs")
    c.kill(c.pids(SPARE))
    c.daemon.expect("Upgrade refused.*the new engine ended before it began", 20)
    c.serves()


@case
def the_engine_dies_in_an_upgrade(c):
    c.start().faults.fail("epoll", "STOP", skip=1, left=1)
    c.upgrade()
    wait_for(lambda: c.faults.hits("epoll"), 10, "an engine that hangs")
    c.kill_engine()
    c.serves()


@case
def the_engine_hangs_in_an_upgrade(c):
    c.start().faults.fail("epoll", "STOP", skip=1, left=1)
    c.upgrade()
    wait_for(lambda: c.faults.hits("epoll"), 10, "an engine that hangs")
    c.hang(ENGINE)
    c.serves()


def run(function):
    """None, or what went wrong."""
    try:
        with Lab() as lab:
            made = Case(lab)
            try:
                function(made)
            except BaseException as error:
                log = made.daemon.log() if made.daemon.proc else ""
                return f"{type(error).__name__}: {error}\n{log[-4000:]}"
    except BaseException as error:  # noqa: BLE001
        return f"{type(error).__name__}: {error}"
    return None


@pytest.fixture(scope="module")
def outcomes(request):
    """The outcome of each case that has been asked for; all run side by side."""
    wanted = {item.callspec.params["name"] for item in request.session.items
              if item.module is request.module}
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        yield {name: pool.submit(run, CASES[name]) for name in sorted(wanted)}


@pytest.mark.parametrize("name", CASES)
def test_case(outcomes, name):
    failed = outcomes[name].result()
    assert failed is None, failed
