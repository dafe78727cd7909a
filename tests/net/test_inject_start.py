"""Each system call of a start fails once: the daemon ends with a sentence, or runs and serves.

Nothing else is allowed: no death by a signal, no waiting for ever, no silence about what is missing.
"""
import re
import time

import pytest

from faultlab import Faulty
from lab import wait_for
from peers import Holdfast, config, instance

pytestmark = pytest.mark.ours

VIP = "10.0.0.100"
TEXT = config(instance(interval=0.1, vips=(f"{VIP}/24",)), version=3)
SAYS = re.compile(r"cannot|Too many open files|ended with|memory", re.I)
# Calls whose failure costs nothing, so that nothing need be said: libevent has other ways.
BORNE = {"epoll", "pipe"}


@pytest.fixture(scope="module")
def host(shared_lab):
    return shared_lab.host("a", "10.0.0.5/24")


def settled(daemon, hit):
    """It has ended, or it serves and has its spare (or was hit while it made it)."""
    if not daemon.proc.alive():
        return True
    log = daemon.log()
    return "Startup complete" in log and (hit() and SAYS.search(log) or
                                          daemon.host.pids("holdfast:spare"))


def outcome(daemon, hit, what):
    daemon.start()
    wait_for(lambda: settled(daemon, hit), 15, f"a start or an end after {what}")
    if not daemon.proc.alive():
        status = daemon.proc.wait()
        assert status > 0, f"{what}: status {status}\n{daemon.log()}"
        assert SAYS.search(daemon.log()), f"{what}: status {status} without a word\n{daemon.log()}"
        return False
    return True


@pytest.mark.parametrize("call", ["socket", "fork", "socketpair", "pipe", "memfd", "eventfd", "timerfd", "epoll",
                                  "signalfd", "bind", "dup", "thread"])
def test_one_call_fails(host, call):
    for skip in range(60):
        daemon = Faulty(host, TEXT)
        daemon.faults.fail(call, "EAGAIN" if call in ("fork", "thread") else "EMFILE", left=1, skip=skip)
        def hit():
            return daemon.faults.hits(call)
        what = f"{call} number {skip}"
        try:
            if outcome(daemon, hit, what):
                if hit() and call in BORNE:
                    daemon.wait_state("MASTER")
                elif hit():             # the spare's last words may be on their way
                    wait_for(lambda: SAYS.search(daemon.log()), 5, f"a word about {what}")
                assert daemon.stop() == 0, what
            assert not host.has(VIP), what
        finally:
            if daemon.proc.alive():
                daemon.kill()
        if not hit():
            assert skip > 0, f"{call} is never called"
            return
    pytest.fail(f"{call}: no end of it")


class Limited(Holdfast):
    """With so few descriptors."""
    limit = 0

    def argv(self):
        return ["prlimit", f"--nofile={self.limit}:{self.limit}", "--", *super().argv()]


def test_few_descriptors(host):
    """From none to enough: below it an end with a sentence, then a fault by name, then a master."""
    served = []
    for limit in (5, 8, 11, 14, 16, 18, 21, 24, 28, 34, 44):
        daemon = Limited(host, TEXT)
        daemon.limit = limit
        if outcome(daemon, lambda: True, f"{limit} descriptors"):
            wait_for(lambda: daemon.states()[-1:] == ["MASTER"] or SAYS.search(daemon.log()), 10, "a word")
            served += daemon.states()[-1:]
            assert daemon.stop() == 0
        assert not host.has(VIP)
    assert "MASTER" in served
