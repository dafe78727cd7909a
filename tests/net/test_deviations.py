"""What docs/differences.md says of RFC 3768 and RFC 9568, shown with real packets.

Each packet comes from a rival of higher priority: a master that accepts it becomes BACKUP, and is
MASTER again when nothing more comes.
"""
import errno

import pytest
from scapy.layers.inet import fragment
from scapy.utils import checksum

from lab import wait_for
from peers import config, instance
from wire import IP, Capture, Injector, checksum_is_right, ip_v2, ip_v3

OURS, RIVAL, VIP = "10.0.0.5", "10.0.0.66", "10.0.0.100"
MANY = [f"10.1.0.{i}" for i in range(1, 40)]


def right_v2(addresses=(VIP,), **changes):
    return ip_v2(RIVAL, addresses, vrid=51, priority=200, **changes)


def right_v3(addresses=(VIP,), **changes):
    return ip_v3(RIVAL, addresses, vrid=51, priority=200, interval=10, **changes)


def message_alone(packet):
    """The same VRRPv3 packet, as RFC 9568 section 5.2.8 sums it."""
    whole = bytearray(bytes(packet))
    whole[26:28] = b"\0\0"
    whole[26:28] = checksum(bytes(whole[20:])).to_bytes(2, "big")
    return IP(bytes(whole))


def sums_message_alone(frame):
    return checksum(frame.payload) == 0


class Scene:
    """A host under test, and a rival that can send anything."""

    def __init__(self, lab, kind, version, extra=()):
        self.host, rival = lab.build({"a": [f"{OURS}/24"], "b": [f"{RIVAL}/24"]})
        self.rival = rival
        self.wire = Capture(rival)
        self.injector = Injector(rival)
        interval = 1 if version == 2 else 0.1
        text = config(instance(interval=interval, extra=extra), version=version)
        self.daemon = kind(self.host, text).start()
        self.master()

    def master(self):
        self.daemon.wait_state("MASTER", 15)
        wait_for(lambda: self.host.has(VIP), 5, "the address")

    def send(self, *packets):
        for packet in packets:
            self.injector.send(self.injector.frame(packet))

    def believed(self, *packets):
        """The packets make it yield to the rival."""
        mark = len(self.daemon.log())
        self.send(*packets)
        self.daemon.expect(rf"Entering BACKUP STATE.*{RIVAL}", 10, mark)
        self.daemon.expect(r"Entering MASTER STATE", 15, mark)
        self.master()

    def takes_over_from(self, packet):
        """It follows this one, and then becomes MASTER again: an advert after that."""
        self.believed(packet)
        return self.wire.wait_adverts(1, 10, self.wire.mark(), sender=OURS)[0]


@pytest.fixture(params=[(2, right_v2), (3, right_v3)], ids=["v2", "v3"])
def either(request, lab, ours):
    version, right = request.param
    scene = Scene(lab, ours, version)
    scene.right = right
    return scene


def test_options_and_reassembled_fragments_count(either):
    packet = either.right()
    packet.options = [b"\x01\x01\x01\x00"]
    either.believed(packet)
    whole = either.right(addresses=[VIP] + MANY)
    parts = fragment(IP(bytes(whole)), fragsize=64)
    assert len(parts) > 1
    either.believed(*parts)


def test_accept_mode(either):
    """A master that is no owner takes what is sent to the address: it refuses, where nobody listens."""
    said = either.rival.run("/usr/bin/python3", "-c", "import socket; s = socket.socket();"
                            f"s.settimeout(20); print(s.connect_ex(('{VIP}', 9)))").stdout
    assert int(said) == errno.ECONNREFUSED


@pytest.mark.ours
def test_v2_addresses_that_differ_and_none_at_all(lab, ours):
    """RFC 3768 section 7.1 drops the first; Debian's keepalived does so, too."""
    scene = Scene(lab, ours, 2)
    scene.believed(right_v2(addresses=["10.0.0.101", "10.0.0.102"]))
    assert scene.daemon.status().instance()["counters"]["addresses_differ"] == 1
    scene.believed(right_v2(addresses=[]))
    assert scene.daemon.status().instance()["counters"]["addresses_differ"] == 2


@pytest.mark.ours
def test_the_checksum_is_learnt_from_the_master_that_is_followed(lab, ours):
    scene = Scene(lab, ours, 3)
    assert checksum_is_right(scene.wire.wait_adverts(1, 10, sender=OURS)[0])
    assert scene.daemon.status().instance()["checksum"] == "pseudo-header"
    loser = message_alone(ip_v3(RIVAL, [VIP], vrid=51, priority=50, interval=10))
    mark = scene.wire.mark()
    for _ in range(5):
        scene.send(loser)
    assert all(map(checksum_is_right, scene.wire.wait_adverts(5, 10, mark, sender=OURS)))
    assert scene.daemon.status().instance()["counters"]["lower_priority_received"] == 5

    assert sums_message_alone(scene.takes_over_from(message_alone(right_v3())))
    assert scene.daemon.status().instance()["checksum"] == "message"
    shown = " ".join(scene.daemon.ctl("status", "VI_1").stdout.split())
    assert "checksum without pseudo-header" in shown
    assert checksum_is_right(scene.takes_over_from(right_v3()))


@pytest.mark.ours
@pytest.mark.parametrize("word, alone", [("v3_checksum_as_v2", True),
                                         ("v3_checksum_as_v2 off", False)])
def test_a_checksum_that_is_written_wins(lab, ours, word, alone):
    scene = Scene(lab, ours, 3, extra=[word])
    other = right_v3() if alone else message_alone(right_v3())
    is_right = sums_message_alone if alone else checksum_is_right
    assert is_right(scene.wire.wait_adverts(1, 10, sender=OURS)[0])
    assert is_right(scene.takes_over_from(other))
