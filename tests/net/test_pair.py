"""The tutorial's pair, on its own five files with not a byte changed.

One story in order, as a person would live it; every test is a chapter and needs the one before.
"""
import hashlib
import time

import pytest

from conftest import PROVE
from lab import wait_for
from pairlab import ADDRESS, BROKERS, CHECK_COMM, MAIN_CONF, Pair, SEEDS, VIP, build_tree, longest_gap, served

pytestmark = pytest.mark.story

# The tutorial's files by their SHA-256: nobody may "repair" them.
DIGESTS = {
    "check_haproxy.sh": "05263e02e57ef3c417f5feea986a73e29db8814cf1dee99521937789edbf130f",
    "haproxy.node-a.cfg": "3544fb8e5239a42b6f6f78a0514d1efa41f5f1c02394d8dc0c2210820273ded2",
    "haproxy.node-b.cfg": "5df69e7009279033db253181df0c9460ccfc58468d378db2fba32d82cced40ab",
    "node-a.conf": "59c12d89760573d1c39b37ee72def6d9927821ef8ee87f64cb4b1518e665f774",
    "node-b.conf": "1451c2cc86dda4f959f161e0fb220fac70c6f6d365e4922b6897118cd2b8c07b",
}
MASTER_DOWN_A = 3 + (256 - 102) / 256       # seconds, with the good script's weight of 2
SKEW_B = (256 - 82) / 256


@pytest.fixture(scope="module")
def pair(shared_lab):
    return Pair(shared_lab, None if PROVE else build_tree(shared_lab))


def holder_by_wire(pair, since=0):
    """Who sent the last advert."""
    adverts = pair.wire.adverts(vrid=1, since=since)
    return {v: k for k, v in ADDRESS.items()}[adverts[-1].sender] if adverts else None


def test_files_are_the_tutorials():
    assert {p.name: hashlib.sha256(p.read_bytes()).hexdigest()
            for p in SEEDS.iterdir()} == DIGESTS


def test_a_owns_the_address(pair):
    for host in (pair.a, pair.b):
        pair.start_proxy(host)
        pair.service(host, "start")
    pair.wait_holder("node-a", 15)
    pair.wire.wait_garps(VIP, 5, mac=pair.a.mac())
    adverts = pair.wire.wait_adverts(2, sender=ADDRESS["node-a"], priority=102)
    assert adverts[0].payload[-8:] == b"root123\0"
    assert not pair.b.has(VIP)


def test_client_reaches_every_broker(pair):
    pair.start_client()
    wait_for(lambda: {row.get("from") for row in pair.answers()} == set(BROKERS.values()), 10,
             "answers of all three brokers")


def test_script_restarts_a_killed_proxy(pair):
    start = pair.wire.mark()
    pair.kill_checked_proxy(pair.a).wait(30)
    died = time.time()
    wait_for(lambda: pair.a.pids("haproxy"), 15, "the script to start HAProxy again")
    wait_for(lambda: served(pair.answers())[-1] > died + 1, 10, "answers again")
    assert pair.holders() == ["node-a"]
    assert {frame.sender for frame in pair.wire.adverts(since=start)} == {ADDRESS["node-a"]}
    assert pair.wire.adverts(priority=0, since=start) == []


def test_unstartable_proxy_moves_the_address(pair):
    start = pair.wire.mark()
    pair.break_proxy(pair.a)
    leaving = pair.wire.wait_adverts(1, 25, since=start, sender=ADDRESS["node-a"], priority=0)[0]
    pair.wait_holder("node-b", 10)
    first = pair.wire.wait_adverts(1, since=start, sender=ADDRESS["node-b"])[0]
    assert SKEW_B * 0.95 < first.time - leaving.time < SKEW_B + 0.5
    assert pair.wire.adverts(since=pair.wire.frames.index(leaving) + 1,
                             sender=ADDRESS["node-a"]) == []
    pair.wire.wait_garps(VIP, 5, since=start, mac=pair.b.mac())


def test_a_stopped_in_good_order(pair):
    wait_for(lambda: pair.daemons(pair.a) == [], 10, "A's daemon to be gone")
    wait_for(lambda: pair.a.pids(CHECK_COMM) == [], 10, "the script to end")
    assert not pair.a.has(VIP)
    assert pair.a.zombies() == []
    left = pair.a.sh("ls /run/*.pid /var/run/*.pid 2>/dev/null", check=False).stdout
    assert "keepalived" not in left and "holdfast" not in left


@pytest.mark.ours
def test_the_script_lived_to_its_end(pair):
    """keepalived 2.2.7 fails this one: its shutdown kills the script that asked for it."""
    assert "keepalived stop -> 0" in pair.service_calls(pair.a)
    ends = [row for row in pair.a.reaped() if row[0].startswith(("check_haproxy", "service"))]
    assert not any(how == "signal" for _, how, _ in ends)


def test_client_is_served_by_b(pair):
    now = time.time()
    wait_for(lambda: served(pair.answers())[-1] > now + 1, 10, "answers through B")
    gap = longest_gap(pair.answers(), since=now - 30)
    # The proxy is dead until the script has looked, waited its two seconds and stopped the daemon.
    assert gap < 5 + 2 + SKEW_B + 3


def test_a_comes_back_and_preempts(pair):
    start, now = pair.wire.mark(), time.time()
    pair.repair_proxy(pair.a)
    pair.service(pair.a, "start")
    pair.wait_holder("node-a", 15)
    first = pair.wire.wait_adverts(1, since=start, sender=ADDRESS["node-a"])[0]
    assert first.time - now > MASTER_DOWN_A * 0.9
    wait_for(lambda: served(pair.answers())[-1] > first.time + 1, 10, "answers through A")
    assert longest_gap(pair.answers(), since=first.time - 1) < 1.5
    assert holder_by_wire(pair) == "node-a"


def test_orderly_end(pair):
    start = pair.wire.mark()
    pair.service(pair.b, "stop")
    pair.service(pair.a, "stop")
    pair.wire.wait_adverts(1, since=start, sender=ADDRESS["node-a"], priority=0)
    for host in pair.nodes.values():
        wait_for(lambda host=host: pair.daemons(host) == [], 10, "the daemons to be gone")
        assert not host.has(VIP)
        assert host.zombies() == []
        assert host.read(MAIN_CONF) == (SEEDS / f"{host.name}.conf").read_text()
