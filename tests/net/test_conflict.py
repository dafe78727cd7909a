"""Two masters that hear each other and do not believe it: each names the other, and the reason."""
import pytest

from lab import wait_for
from peers import Holdfast, Keepalived, config, instance
from wire import Capture

A, B, VIP = "10.0.0.1", "10.0.0.2", "10.0.0.100"
SECRETS = ("seekrit1", "seekrit2")


def text(priority=100, password=None, version=2, interval=1, **more):
    return config(instance(priority=priority, password=password, interval=interval, **more),
                  version=version)


@pytest.fixture
def hosts(lab):
    return lab.build({"a": [f"{A}/24"], "b": [f"{B}/24"]})


def conflict_of(daemon, reason):
    """The peer that is not believed, in `status`, when it is there. Its ARP may have been first."""
    def rejected():
        conflict = daemon.status().instance()["conflict"]
        return conflict and conflict["rejected"]
    found = wait_for(rejected, 20, "the conflict")
    assert found["reason"] == reason
    assert "reject" in daemon.status().instance()["conflict"]["signs"]
    return found


CASES = {
    "auth-failed": (dict(password=SECRETS[0]), dict(password=SECRETS[1])),
    "auth-type": (dict(password=SECRETS[0]), {}),
    "version": (dict(version=2), dict(version=3)),
    "interval": (dict(interval=1), dict(interval=2)),
}


@pytest.mark.ours
@pytest.mark.parametrize("reason", CASES)
def test_a_peer_that_is_not_believed_is_named(hosts, ours, reason):
    """Beside Debian's keepalived, of another password, version or interval."""
    mine, its = CASES[reason]
    ours_on, other_on = hosts
    us = ours(ours_on, text(**mine)).start().wait_state("MASTER", 15)
    watch = ours_on.popen(*us.ctl_argv("watch"))
    watch.expect("watching", 5)
    peer = Keepalived(other_on, text(priority=90, **its)).start().wait_state("MASTER", 20)
    found = conflict_of(us, reason)
    assert found["source"] == B
    said = us.ctl("status", "VI_1")
    assert said.returncode == 5
    assert B in said.stdout and found["sentence"] in " ".join(said.stdout.split())
    us.expect(rf"conflict: {B} advertises, too, and is not believed", 5)
    watch.expect(rf"conflict: {B} advertises, too", 5)
    everything = said.stdout + us.log() + watch.log() + us.ctl("status", "--json").stdout
    assert not [secret for secret in SECRETS if secret in everything]
    assert len([line for line in us.log().splitlines() if "advertises, too" in line]) == 1

    peer.stop()
    us.expect("no conflict any more", 60)
    assert us.ctl("status").returncode == 0


@pytest.mark.ours
def test_of_two_v2_owners_neither_gives_way(hosts, ours):
    """RFC 3768 7.1: an owner discards; each names the other as the second one."""
    a, b = hosts
    wire = Capture(a)
    first = ours(a, text(priority=255)).start().wait_state("MASTER", 15)
    second = ours(b, text(priority=255)).start().wait_state("MASTER", 15)
    for daemon, other in ((first, B), (second, A)):
        assert conflict_of(daemon, "second-owner")["source"] == other
        assert daemon.ctl("status").returncode == 5
    assert a.has(VIP) and b.has(VIP)
    assert {frame.priority for frame in wire.adverts()} == {255}

    mark = wire.mark()
    second.stop()
    leaving = wire.wait_adverts(1, 10, mark, sender=B, priority=0)[0]
    def later():
        return [f.time for f in wire.adverts(sender=A) if f.time > leaving.time]
    wait_for(later, 10, "the next advert")
    before = [f.time for f in wire.adverts(sender=A) if f.time < leaving.time][-1]
    assert later()[0] - before > 0.5, "an owner does not answer priority 0"
    assert first.state() == "MASTER"


@pytest.mark.ours
def test_a_v2_owner_says_nothing_to_a_loser(hosts, ours):
    """What the loser says is no reason to speak out of turn; the address is announced again."""
    a, b = hosts
    wire = Capture(a)
    loser = Keepalived(b, text(priority=90)).start().wait_state("MASTER", 15)
    mark = wire.mark()
    owner = ours(a, text(priority=255)).start().wait_state("MASTER", 15)
    loser.wait_state("BACKUP", 10)
    wire.wait_adverts(3, 10, mark, sender=A)
    times = [f.time for f in wire.adverts(sender=A, since=mark)]
    assert min(y - x for x, y in zip(times, times[1:])) > 0.5
    assert owner.status().instance()["conflict"] is None
