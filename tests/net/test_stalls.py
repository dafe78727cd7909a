"""What stops for a moment must not move the address, nor keep it: links, interfaces, processes."""
import json
import signal
import time

import pytest

from conftest import PROVE
from lab import HERE, PYTHON, wait_for
from peers import HOLDFASTCTL, config, instance
from wire import Capture

VIP, PORT = "10.0.0.100", 7
A, B = "10.0.0.1", "10.0.0.2"


class Pair:
    """Two nodes, the first preferred, and a client that asks for the address all the time."""

    def __init__(self, lab, kind, interval=1, **options):
        self.lab = lab
        options["interval"] = interval
        self.a, self.b, self.client = lab.build({"a": [f"{A}/24"], "b": [f"{B}/24"],
                                                 "c": ["10.0.0.9/24"]})
        self.wire = Capture(self.client)
        for host in (self.a, self.b):
            host.popen(PYTHON, HERE / "tools" / "udpecho.py", VIP, PORT).expect("^ready")
        self.first = kind(self.a, config(instance(priority=100, **options), version=3)).start()
        self.second = kind(self.b, config(instance(priority=80, **options), version=3)).start()
        self.first.wait_state("MASTER", 15)
        self.second.wait_state("BACKUP", 15)
        wait_for(lambda: self.a.has(VIP), 5, "the address")
        self.wire.wait_adverts(2, sender=A)     # the grace of a new master is over

    def ask(self, seconds):
        asker = self.client.popen(PYTHON, HERE / "tools" / "udpclient.py", VIP, PORT, "0.002",
                                  seconds)
        asker.expect("^ready")
        time.sleep(0.5)
        return asker

    def silence(self, asker):
        """The longest one, in seconds."""
        assert asker.wait(30) == 0
        found = json.loads(asker.log().splitlines()[-1])
        print(f"longest silence {found['silence'] * 1000:.0f} ms")
        return found["silence"]


@pytest.fixture
def pair(lab, ours):
    return Pair(lab, ours)


@pytest.fixture
def quick(lab, ours):
    return Pair(lab, ours, interval=0.3)


@pytest.mark.ours
def test_short_loss_of_link(pair):
    asker, log = pair.ask(2.5), len(pair.second.log())
    pair.a.cut()
    time.sleep(0.5)
    pair.a.mend()
    assert pair.silence(asker) < 1.5, "far less than a takeover, 3.6 s"
    assert pair.second.states(since=log) == []
    assert pair.first.states()[-2:] == ["FAULT", "MASTER"]


@pytest.mark.ours
def test_interface_deleted_for_a_second(pair):
    asker, log, mark = pair.ask(3.5), len(pair.second.log()), pair.wire.mark()
    pair.a.ip("link", "del", "eth0")
    time.sleep(1)
    pair.a.plug(pair.lab.bridge(), "eth0", f"{A}/24")
    assert pair.silence(asker) < 2.2, "far less than a takeover, 3.6 s"
    assert pair.second.states(since=log) == []
    pair.wire.wait_garps(VIP, 1, since=mark, mac=pair.a.mac())


def freeze(daemon):
    """Every process of the daemon stands still."""
    daemon.host.kill(daemon.all_pids()[::-1], signal.SIGSTOP)


def thaw(daemon):
    daemon.host.kill(daemon.all_pids(), signal.SIGCONT)


def test_master_stands_still(quick):
    """The backup takes over; when the first one runs again it listens, and then takes it back."""
    freeze(quick.first)
    quick.second.wait_state("MASTER", 10)
    quick.wire.wait_adverts(3, 10, sender=B)
    mark, thawed = quick.wire.mark(), time.time()
    thaw(quick.first)
    quick.second.wait_state("BACKUP", 10)
    wait_for(lambda: not quick.b.has(VIP), 5, "one holder")
    quick.wire.wait_garps(VIP, 1, since=mark, mac=quick.a.mac())
    quick.first.wait_state("MASTER")
    frames = quick.wire.wait_adverts(2, since=mark, sender=A)
    if not PROVE:
        quick.first.expect(r"late by \d+\.\d+ s: listening")
    print(f"first advert of A {frames[0].time - thawed:.3f} s after it ran again")


@pytest.mark.ours
def test_nopreempt_leaves_it_to_whoever_took_over(lab, ours):
    pair = Pair(lab, ours, interval=0.3, extra=["nopreempt"])
    freeze(pair.first)
    pair.second.wait_state("MASTER", 10)
    pair.wire.wait_adverts(2, 10, sender=B)
    mark = pair.wire.mark()
    thaw(pair.first)
    pair.first.wait_state("BACKUP", 10)
    wait_for(lambda: not pair.a.has(VIP), 5, "one holder")
    pair.wire.wait_adverts(2, since=mark, sender=B)
    assert {f.priority for f in pair.wire.adverts(since=mark, sender=A)} <= {0}
    pair.wire.wait_garps(VIP, 1, since=mark, mac=pair.b.mac())
    assert pair.second.state() == "MASTER"


@pytest.mark.ours
def test_another_host_with_the_address_is_reported(lab, ours):
    """Somebody types the address on a host that knows nothing of VRRP, and speaks from it."""
    pair = Pair(lab, ours, interval=0.3)
    watch = pair.a.popen(HOLDFASTCTL, "--control", pair.first.socket, "watch")
    watch.expect("watching", 5)
    foreign = lab.host("foreign", "10.0.0.77/24")
    assert pair.first.ctl("status").returncode == 0
    assert pair.first.status().instance()["conflict"] is None
    mark = pair.wire.mark()
    foreign.ip("addr", "add", f"{VIP}/24", "dev", "eth0")
    foreign.run(PYTHON, "-c", "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM);"
                f"s.bind(('{VIP}', 0)); s.sendto(b'x', ('10.0.0.9', 9))")
    found = wait_for(lambda: pair.first.status().instance()["conflict"], 5, "the conflict")
    assert (found["claims"], found["mac"], found["signs"]) == (VIP, foreign.mac(), ["claim"])
    watch.expect(f"conflict.*{foreign.mac()}.*{VIP}", 5)
    pair.wire.wait_garps(VIP, 1, since=mark, mac=pair.a.mac())
    assert pair.first.ctl("status").returncode == 5
    answer = pair.first.ctl("status", "VI_1")
    assert answer.returncode == 5 and foreign.mac() in answer.stdout
    assert pair.first.state() == "MASTER" and pair.a.has(VIP)
    assert pair.second.status().instance()["conflict"] is None, "a backup claims nothing"
