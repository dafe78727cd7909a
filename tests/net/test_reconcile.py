"""The kernel is reconciled, not assumed: what others do to our addresses is undone at once.

By hand: HF_WIPES=100 pytest -s tests/net/test_reconcile.py -k wiped  prints the longest gaps.
"""
import json
import os
import re
import signal
import time

import pytest

from lab import wait_for
from peers import Holdfast, config, instance
from wire import Capture

pytestmark = pytest.mark.ours

VIPS = ("10.0.0.100/24", "10.0.0.101/32")
WIPES = int(os.environ.get("HF_WIPES", "3"))


class Presence:
    """When an address was on the host and when not, by the kernel's notices and their times."""

    def __init__(self, host):
        self.host = host
        self.proc = host.popen("ip", "-ts", "-4", "monitor", "address", name="presence")
        self.marks = 0
        wait_for(lambda: self._mark() in self.proc.log(), 5, "ip monitor to listen", step=0.05)

    def _mark(self):
        """A change of our own: everything before it has been told when it is told."""
        self.marks += 1
        self.host.ip("addr", "add", f"127.9.{self.marks >> 8}.{self.marks & 255}/32", "dev", "lo")
        return f"127.9.{self.marks >> 8}.{self.marks & 255}/"

    def gaps(self, address):
        """Seconds of each absence that has ended."""
        mark = self._mark()
        wait_for(lambda: mark in self.proc.log(), 5, "ip monitor to catch up")
        pattern = rf"^\[(\S+T)?(\d+):(\d+):([\d.]+)\] (Deleted )?.* inet {re.escape(address)} "
        gone, found = None, []
        for line in re.finditer(pattern, self.proc.log(), re.M):
            at = int(line[2]) * 3600 + int(line[3]) * 60 + float(line[4])
            if line[5]:
                gone = at if gone is None else gone
            elif gone is not None:
                found.append(at - gone)
                gone = None
        assert gone is None, f"{address} is still away"
        return found


def lease(host, address):
    """Seconds that the kernel still has for it; None: for ever."""
    shown = json.loads(host.ip("-j", "-4", "addr", "show", "dev", "eth0").stdout)
    life = next(a["valid_life_time"] for a in shown[0]["addr_info"] if a["local"] == address)
    return None if life == 2 ** 32 - 1 else life


class Pair:
    """A master with two addresses, a backup, and somebody who listens."""

    def __init__(self, lab, **options):
        self.a, self.b, self.c = lab.build({"a": ["10.0.0.5/24"], "b": ["10.0.0.6/24"],
                                            "c": ["10.0.0.9/24"]})
        self.wire = Capture(self.c)
        options = {"vips": VIPS, **options}
        self.master = Holdfast(self.a, config(instance(priority=255, **options))).start()
        self.backup = Holdfast(self.b, config(instance(priority=100, **options))).start()
        self.master.wait_state("MASTER")
        self.backup.wait_state("BACKUP")
        wait_for(self.whole, 5, "the addresses")
        self.presence = Presence(self.a)
        self.since = {daemon: len(daemon.log()) for daemon in (self.master, self.backup)}

    def whole(self):
        return set(VIPS) <= set(self.a.addresses())

    def calm(self):
        """Nobody has changed his state."""
        for daemon, since in self.since.items():
            assert daemon.states(since=since) == [], daemon.log()[since:]
        assert not self.b.has("10.0.0.100")


@pytest.fixture
def pair(lab):
    return Pair(lab)


def test_deleted_address_is_back_and_announced(pair):
    mark = pair.wire.mark()
    pair.a.ip("addr", "del", VIPS[0], "dev", "eth0")
    wait_for(lambda: any(f.garp_for("10.0.0.100") for f in pair.wire.frames[mark:]), 5, "a GARP")
    wait_for(pair.whole, 5, "the address to be back")
    gaps = pair.presence.gaps(VIPS[0])
    print(f"\nback after {max(gaps) * 1000:.1f} ms")
    assert len(gaps) == 1 and gaps[0] < 0.2
    time.sleep(1.5)
    pair.calm()
    assert pair.master.status().held() == list(VIPS)


# What a network manager does that deletes whatever it has not put there itself, and what a person
# does who thinks that nobody needs these addresses.
FOREIGN = "".join(f"ip addr del {vip} dev eth0; " for vip in VIPS)
WAYS = {
    "one by one": FOREIGN,
    "flushed": "ip -4 addr flush dev eth0 to 10.0.0.96/28",
}


@pytest.mark.parametrize("way", WAYS)
def test_wiped_again_and_again(pair, way):
    for _ in range(WIPES):
        pair.a.sh(WAYS[way])
        time.sleep(0.05)
    wait_for(pair.whole, 5, "the addresses to be back")
    gaps = [gap for vip in VIPS for gap in pair.presence.gaps(vip)]
    print(f"\n{way}: {len(gaps)} gaps in {WIPES} wipes, the longest {max(gaps) * 1000:.1f} ms")
    assert len(gaps) >= WIPES and max(gaps) < 0.2
    pair.calm()


@pytest.mark.parametrize("how,trace", [("broadcast 10.0.0.255", "brd 10.0.0.255"), ("noprefixroute", "noprefixroute")])
def test_how_an_address_stands_is_put_right(pair, how, trace):
    """Somebody makes it anew with what we did not ask for, in one batch, so that it is hardly away."""
    def shown():
        return pair.a.ip("addr", "show", "dev", "eth0", "to", "10.0.0.100").stdout
    mark = pair.master.proc.mark()
    for _ in range(5):          # it may be back before the second line: then there is one already
        pair.a.run("ip", "-force", "-batch", "-", check=False, stdin=(
            f"addr del 10.0.0.100/24 dev eth0\naddr add 10.0.0.100/24 dev eth0 {how}\n"))
    wait_for(lambda: "10.0.0.100" in shown() and trace not in shown(), 30, "the address as it was")
    wait_for(pair.whole, 30, "the addresses")
    assert "10.0.0.100/24" in pair.master.log()[mark:]
    pair.calm()


def test_changed_address_is_put_right(pair):
    """Somebody makes it anew, or without our tag; a label cannot be replaced, a tag can."""
    tagged = "ip -d addr show dev eth0 to 10.0.0.100 | grep -c 'proto 112\\|proto 0x70'"
    pair.a.run("ip", "-force", "-batch", "-", check=False, stdin=(
        "addr del 10.0.0.100/24 dev eth0\naddr add 10.0.0.100/24 dev eth0 label eth0:x\n") * 5)
    wait_for(lambda: "eth0:x" not in pair.a.ip("addr", "show", "dev", "eth0").stdout, 5, "no label")
    wait_for(pair.whole, 5, "the address")
    knows = pair.a.sh(tagged, check=False).stdout.strip() != "0"
    pair.a.ip("addr", "change", "10.0.0.101/32", "dev", "eth0")
    wait_for(lambda: lease(pair.a, "10.0.0.101") is not None, 5, "a lease")
    assert not knows or pair.a.sh(tagged).stdout.strip() == "1"
    pair.calm()


def test_what_a_backup_must_not_have(pair):
    """It is somebody else's: it stays, and the instance is unfit until it has gone. One with our tag would go."""
    pair.b.ip("addr", "add", "10.0.0.101/32", "dev", "eth0")
    pair.backup.wait_state("FAULT")
    pair.backup.expect(r"fault: an address of the configuration stands on this host.*10\.0\.0\.101/32")
    assert pair.b.has("10.0.0.101")
    pair.b.ip("addr", "del", "10.0.0.101/32", "dev", "eth0")
    pair.backup.wait_state("BACKUP")
    assert pair.master.state() == "MASTER" and not pair.b.has("10.0.0.100")


# ---- leases ----

class Alone:
    def __init__(self, lab, extra=(), vips=VIPS):
        self.host = lab.host("a", "10.0.0.5/24")
        self.daemon = Holdfast(self.host, config(instance(vips=vips, priority=255),
                                                     extra=extra)).start()
        self.daemon.wait_state("MASTER")
        wait_for(lambda: self.host.has("10.0.0.100"), 5, "the address")

    def left(self):
        return lease(self.host, "10.0.0.100")


def test_a_dead_host_loses_its_addresses(lab):
    alone = Alone(lab)
    assert alone.daemon.log().count("removed by another") == 0
    alone.daemon.kill()
    assert alone.host.has("10.0.0.100")
    since = time.monotonic()
    wait_for(lambda: alone.host.addresses() == ["10.0.0.5/24"], 10, "the leases to end")
    print(f"\ngone {time.monotonic() - since:.1f} s after SIGKILL of all")


def test_a_lease_is_renewed_without_a_word(lab):
    alone = Alone(lab)
    presence, since = Presence(alone.host), alone.daemon.log()
    low = min(alone.left() for _ in range(20) if not time.sleep(0.1))
    assert 3 <= low <= 5
    assert presence.gaps(VIPS[0]) == [] and alone.daemon.log() == since


def test_a_stall_that_is_longer_than_the_lease(lab):
    alone = Alone(lab, ["vip_lease 2"])
    family = alone.daemon.all_pids()
    alone.host.kill(family, signal.SIGSTOP)
    wait_for(lambda: not alone.host.has("10.0.0.100"), 10, "the lease to end")
    alone.host.kill(family, signal.SIGCONT)
    wait_for(lambda: alone.host.has("10.0.0.100"), 10, "the address to be back")


def test_no_lease_wanted(lab):
    alone = Alone(lab, ["vip_lease 0"])
    assert alone.left() is None
    alone.daemon.kill()
    time.sleep(1)
    assert alone.host.has("10.0.0.100")


def test_reload_changes_the_lease(lab):
    alone = Alone(lab)
    for words, lease in (["vip_lease 0"], None), (["vip_lease 10"], 10):
        alone.daemon.configure(config(instance(vips=VIPS, priority=255), extra=words))
        alone.daemon.reload()
        wait_for(lambda: alone.left() in (lease, lease and lease - 1), 5, f"a lease of {lease} s")
