"""Floods of junk on protocol 112: adverts on time, bounded work, flat memory, a few lines."""
import pytest

from flood import ALL, JUNK, MASTER, Flooded, raw_queue
from lab import Lab, wait_for
from peers import instance, config

RATE = 60_000
MIX = ("vrid",) * 5 + ALL         # enough of it foreign on a slow machine, too

pytestmark = pytest.mark.xdist_group("test_flood")      # one flood at a time


@pytest.fixture(scope="module")
def pair(ours):
    with Lab() as lab:
        yield Flooded(lab, ours)


@pytest.mark.ours
def test_a_flood_of_everything(pair):
    """keepalived 2.2.7 loses the address here: its own adverts stop."""
    before = pair.da.status().rejects()
    row = pair.flood(RATE, 3, MIX)
    assert row["rate"] > 5_000, "this machine cannot make a flood"
    assert row["changes"] == [0, 0]
    assert row["gap"] < 2.5
    assert max(row["cpu"]) < 0.35
    assert max(row["pss"]) < 1024 and max(row["descriptors"]) <= 0
    assert max(row["lines"]) <= 8
    after = pair.da.status().rejects()
    for word in ("vrid", "checksum", "auth-failed", "length"):
        assert after[word] > before[word], word
    pair.da.expect("eth0: flooded with VRRP packets that no instance here wants")
    wait_for(lambda: raw_queue(pair.a) == 0, 5, "the socket to be empty")


@pytest.mark.ours
def test_it_is_over_and_everything_is_counted_again(pair):
    pair.da.expect("eth0: the flood of foreign VRRP packets is over")
    row = pair.da.status().document["interfaces"][0]
    assert row["name"] == "eth0" and row["flooded"] is False
    before = pair.da.status().rejects()["vrid"]
    pair.foe.run(JUNK, "eth0", 500, 0.5, 51, "vrid")
    wait_for(lambda: pair.da.status().rejects()["vrid"] - before >= 192, 5, "each to be counted")


@pytest.mark.ours
def test_a_reload_in_the_flood_hears_its_new_neighbours(pair):
    """A new instance with another master alive must not become a second one."""
    fresh = config(instance(priority=200, password="root123"),
                   instance("VI_2", vrid=60, priority=150, interval=0.1,
                            vips=["10.0.0.60/24"], extra=["version 3"]))
    pair.da.configure(fresh)
    pair.da.reload()
    pair.da.wait_state("MASTER", name="VI_2")
    flood = pair.foe.popen(JUNK, "eth0", 30_000, 2, 51, "ttl", "version", name="junk")
    wait_for(lambda: pair.db.status().document["interfaces"][0]["flooded"], 5, "the flood")
    pair.db.configure(fresh.replace("priority 200", "priority 100").replace("150", "50"))
    pair.db.reload()
    pair.db.wait_state("BACKUP", name="VI_2")
    flood.wait(20)
    assert pair.db.states("VI_2") == ["BACKUP"] and pair.da.states("VI_2")[-1] == "MASTER"
    assert pair.da.states() == ["BACKUP", "MASTER"] and pair.db.states() == ["BACKUP"]


@pytest.mark.ours
def test_an_engine_that_dies_in_the_flood_is_not_missed(lab, ours):
    """Its successor finds a full socket and a filter that somebody else has made.  It speaks within milliseconds; the
    backup waits for three seconds, for a busy machine may keep any process from running for longer than that."""
    pair = Flooded(lab, ours, interval=0.1, version=3, adverts=30)
    engine = pair.a.pids("holdfast:engine")
    wait_for(lambda: pair.a.pids("holdfast:spare"), 30, "the spare")
    junk = pair.foe.popen(JUNK, "eth0", RATE, 3, 51, *MIX, name="junk")
    pair.da.expect("eth0: flooded")
    mark = pair.wire.mark()
    pair.a.kill(engine)
    wait_for(lambda: pair.a.pids("holdfast:engine") not in ([], engine), 30, "another engine")
    junk.wait(60)
    pair.wire.wait_adverts(10, sender=MASTER, since=mark, timeout=30)
    assert pair.db.states() == ["BACKUP"]
    assert not pair.wire.adverts(sender=MASTER, priority=0)
    assert pair.da.state() == "MASTER"
