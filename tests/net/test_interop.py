"""Beside Debian's keepalived, on either side.

Every test runs twice: our daemon as the one that leads and keepalived as the one that follows, and
the other way round.  Where one of them must not be told apart from the other, it is not.
"""
import pytest

from lab import holds_for, wait_for
from peers import Holdfast, Keepalived, config, instance
from wire import Capture, Injector, ip_v3

VIP = "10.0.0.100"
HIGH, LOW = 200, 50
INTERVAL = {2: 1, 3: 0.1}


def skew(version, priority):
    return (256 - priority) / 256 * (1 if version == 2 else INTERVAL[3])


def master_down(version, priority):
    return 3 * INTERVAL[version] + skew(version, priority)


class Match:
    """Two hosts and a listener; `first` and `second` are classes of daemons."""

    def __init__(self, lab, first, second, version, addresses=("10.0.0.1", "10.0.0.2")):
        self.version = version
        self.hosts = lab.build({"a": [f"{addresses[0]}/24"], "b": [f"{addresses[1]}/24"],
                                "c": ["10.0.0.9/24"]})
        self.a, self.b, self.c = self.hosts
        self.addresses = addresses
        self.wire = Capture(self.c)
        self.first, self.second = first, second
        self.bridge = lab.bridge()

    def text(self, priority, **options):
        password = "root123" if self.version == 2 else None
        return config(instance(priority=priority, interval=INTERVAL[self.version],
                               password=password, **options), version=self.version)

    def start_a(self, priority=HIGH, **options):
        self.daemon_a = self.first(self.a, self.text(priority, **options)).start()
        return self.daemon_a

    def start_b(self, priority=LOW, **options):
        self.daemon_b = self.second(self.b, self.text(priority, **options)).start()
        return self.daemon_b

    def both(self):
        """The high one leads, the low one follows."""
        self.start_a().wait_state("MASTER", 15)
        self.start_b().wait_state("BACKUP", 15)
        holds_for(lambda: not self.b.has(VIP), INTERVAL[self.version], "a backup has no address")

    def first_from(self, which, since=0, **more):
        return self.wire.wait_adverts(1, 15, since, sender=self.addresses[which], **more)[0]

    def part(self, apart):
        """Cut the two off from each other; the cables keep their carrier."""
        for name in ("a", "b"):
            self.bridge.host.run("bridge", "link", "set", "dev", f"{name}-eth0", "isolated",
                                 "on" if apart else "off")


@pytest.fixture(params=["ours-leads", "keepalived-leads"])
def kinds(request, ours):
    return (ours, Keepalived) if request.param == "ours-leads" else (Keepalived, ours)


@pytest.fixture(params=[2, 3], ids=["v2", "v3"])
def match(request, lab, kinds):
    return Match(lab, *kinds, request.param)


def test_takeover_and_preemption(match):
    """The master dies without a word, the other takes over, the first returns and preempts."""
    match.both()
    mark = match.wire.mark()
    match.daemon_a.kill()
    first = match.first_from(1, mark)
    last = match.wire.adverts(sender=match.addresses[0])[-1]
    assert master_down(match.version, LOW) * 0.98 < first.time - last.time \
        < master_down(match.version, LOW) + 0.3
    match.daemon_b.wait_state("MASTER")
    match.wire.wait_garps(VIP, 5, since=mark, mac=match.b.mac())
    assert match.b.has(VIP)

    mark = match.wire.mark()
    match.daemon_a.start().wait_state("MASTER", 15)
    match.daemon_b.wait_state("BACKUP")
    wait_for(lambda: match.a.has(VIP) and not match.b.has(VIP), 5, "the address to be back")
    match.wire.wait_garps(VIP, 5, since=mark, mac=match.a.mac())
    assert match.wire.adverts(priority=0, since=mark) == []


def test_priority_zero(match):
    """The master leaves in good order: the other waits for its skew time only."""
    match.both()
    mark = match.wire.mark()
    match.daemon_a.stop()
    leaving = match.first_from(0, mark, priority=0)
    first = match.first_from(1, mark)
    assert skew(match.version, LOW) * 0.95 < first.time - leaving.time \
        < skew(match.version, LOW) + 0.2
    assert first.time - leaving.time < master_down(match.version, LOW) - INTERVAL[match.version]
    match.daemon_b.wait_state("MASTER")
    wait_for(lambda: match.b.has(VIP) and not match.a.has(VIP), 5, "the address to move")


@pytest.fixture
def brisk(lab, kinds):
    """A match by version 3, where the version is not the point."""
    return Match(lab, *kinds, 3)


def test_a_newcomer_of_higher_priority_preempts(brisk):
    """The low one leads first; the other kind arrives with a higher priority."""
    match = brisk
    match.start_b(LOW).wait_state("MASTER", 15)
    mark = match.wire.mark()
    match.start_a(HIGH)
    first = match.first_from(0, mark)
    match.daemon_b.wait_state("BACKUP")
    match.daemon_a.wait_state("MASTER")
    wait_for(lambda: match.a.has(VIP) and not match.b.has(VIP), 5, "the address to move")
    late = [f for f in match.wire.adverts(sender=match.addresses[1]) if f.time > first.time + 0.1]
    assert late == []


def test_nopreempt_follows_a_lower_master(brisk):
    match = brisk
    match.start_b(LOW).wait_state("MASTER", 15)
    mark = match.wire.mark()
    match.start_a(HIGH, extra=["nopreempt"]).wait_state("BACKUP", 10)
    holds_for(lambda: not match.a.has(VIP), 2 * master_down(match.version, HIGH), "nopreempt")
    assert match.wire.adverts(sender=match.addresses[0], since=mark) == []


@pytest.mark.parametrize("addresses", [("10.0.0.2", "10.0.0.1"), ("10.0.0.9", "10.0.0.10")],
                         ids=["leader-higher", "follower-higher-as-a-number"])
def test_equal_priority_is_won_by_the_higher_address(lab, kinds, addresses):
    """Both are masters while the switch keeps them apart; joined again, one of them gives way."""
    match = Match(lab, *kinds, 3, addresses)
    match.c.ip("addr", "flush", "dev", "eth0", "scope", "global")
    match.part(True)
    match.start_a(100)
    match.start_b(100)
    match.daemon_a.wait_state("MASTER")
    match.daemon_b.wait_state("MASTER")
    match.part(False)
    higher = 0 if addresses == ("10.0.0.2", "10.0.0.1") else 1
    winner, loser = ((match.daemon_a, match.daemon_b) if higher == 0
                     else (match.daemon_b, match.daemon_a))
    loser.wait_state("BACKUP")
    wait_for(lambda: not loser.host.has(VIP), 5, "the loser to give the address up")
    holds_for(lambda: winner.host.has(VIP) and winner.state() == "MASTER", 0.5, "the winner stays")


def test_lower_priority_gives_way_after_a_partition(brisk):
    match = brisk
    match.part(True)
    match.start_a(HIGH).wait_state("MASTER", 15)
    match.start_b(LOW).wait_state("MASTER", 15)
    match.wire.wait_garps(VIP, 10, mac=match.a.mac())     # both bursts of the beginning
    mark = match.wire.mark()
    match.part(False)
    match.daemon_b.wait_state("BACKUP")
    wait_for(lambda: not match.b.has(VIP), 5, "the loser to give the address up")
    if match.second is Holdfast:
        # Our last advert makes sure that the winner knows of us, and tells everybody where it is.
        match.wire.wait_garps(VIP, 1, since=mark, mac=match.a.mac())
    holds_for(lambda: match.a.has(VIP) and match.daemon_a.state() == "MASTER", 0.5, "A stays")


def test_a_master_that_hears_a_lower_one_announces_again(lab, ours):
    """Whoever talked to the other one must be told again where the address is."""
    host, other = lab.build({"a": ["10.0.0.1/24"], "b": ["10.0.0.2/24"]})
    wire = Capture(other)
    daemon = ours(host, config(instance(priority=HIGH, interval=0.1), version=3)).start()
    daemon.wait_state("MASTER")
    wire.wait_garps(VIP, 10, mac=host.mac())      # both bursts of the beginning
    mark = wire.mark()
    injector = Injector(other)
    injector.send(injector.frame(ip_v3("10.0.0.2", [VIP], vrid=51, priority=LOW, interval=10)))
    wire.wait_garps(VIP, 5, since=mark, mac=host.mac())
    assert daemon.state() == "MASTER" and host.has(VIP)
    wire.wait_adverts(1, sender="10.0.0.1", since=mark)


@pytest.mark.ours
def test_unequal_address_lists_are_told_and_not_fatal(lab, ours):
    """keepalived 2.2.7 drops such adverts and becomes a second master; we follow, and say so."""
    match = Match(lab, Keepalived, ours, 3)
    match.start_a(HIGH, vips=["10.0.0.100/24", "10.0.0.101/24"]).wait_state("MASTER")
    match.start_b(LOW).wait_state("BACKUP")
    holds_for(lambda: match.daemon_b.state() == "BACKUP", 3 * master_down(3, LOW), "follows")
    assert match.wire.adverts(sender=match.addresses[1]) == []
    status = match.daemon_b.status()
    assert status.counter("addresses_differ") > 3
    assert status.counter("adverts_received") >= status.counter("addresses_differ")
    told = [line for line in match.daemon_b.log().splitlines() if "differs from ours" in line]
    assert len(told) == 1, "told once, not at every advert"
    assert match.addresses[0] in told[0]


@pytest.mark.ours
def test_status_knows_the_master(lab, ours):
    match = Match(lab, Keepalived, ours, 3)
    match.both()
    row = match.daemon_b.status().instance()
    assert row["master"]["address"] == match.addresses[0]
    assert row["master"]["self"] is False
    assert row["master"]["priority"] == HIGH
    assert row["master"]["last_advert_age_s"] < 1
    assert row["master"]["advert_interval_s"] == pytest.approx(0.1)
    match.daemon_a.kill()
    match.daemon_b.wait_state("MASTER")
    row = match.daemon_b.status().instance()
    assert row["master"]["address"] == match.addresses[1]
    assert row["master"]["self"] is True


def test_interval_is_learnt_from_a_v3_master(lab, kinds):
    """RFC 9568 6.4.2: a backup counts by its master's interval, not by its own."""
    match = Match(lab, *kinds, 3)
    match.daemon_a = match.first(match.a, config(instance(priority=HIGH, interval=0.5),
                                                 version=3)).start()
    match.daemon_a.wait_state("MASTER", 15)
    match.start_b(LOW)
    holds_for(lambda: not match.b.has(VIP), 2, "the backup waits for the master's interval")
    mark = match.wire.mark()
    match.daemon_a.kill()
    last = match.wire.adverts(sender=match.addresses[0])[-1]
    first = match.first_from(1, mark)
    expected = 3 * 0.5 + (256 - LOW) / 256 * 0.5
    assert expected * 0.98 < first.time - last.time < expected + 0.3


def test_two_instances_of_each(lab, kinds):
    """Each is master of one and backup of the other, the usual way to share load."""
    match = Match(lab, *kinds, 3)
    one = dict(name="VI_1", vrid=51, vips=["10.0.0.100/24"], interval=0.1)
    two = dict(name="VI_2", vrid=52, vips=["10.0.0.200/24"], interval=0.1)
    daemon_a = match.first(match.a, config(instance(priority=HIGH, **one),
                                           instance(priority=LOW, **two), version=3)).start()
    daemon_b = match.second(match.b, config(instance(priority=LOW, **one),
                                            instance(priority=HIGH, **two), version=3)).start()
    daemon_a.wait_state("MASTER", name="VI_1")
    daemon_b.wait_state("MASTER", name="VI_2")
    daemon_a.wait_state("BACKUP", name="VI_2")
    daemon_b.wait_state("BACKUP", name="VI_1")
    wait_for(lambda: match.a.addresses()[1:] == ["10.0.0.100/24"], 5, "A's one address")
    wait_for(lambda: match.b.addresses()[1:] == ["10.0.0.200/24"], 5, "B's one address")
    daemon_a.stop()
    wait_for(lambda: match.b.has("10.0.0.100") and match.b.has("10.0.0.200"), 5, "B to have both")
