"""Packets that must be refused: counted under their reason, and nothing else happens.

The victim is a master whose rival would win, were it believed: every packet here says priority 200
against its 100.  Each module-wide siege begins with the proof that a right packet is believed.
"""
import random
import threading

import pytest

from conftest import PROVE
from lab import Lab, holds_for, wait_for
from peers import config, instance
from wire import (Capture, IP, Injector, VRRP_GROUP, fix_v2_checksum, ip_v2, ip_v3, raw_ip)

VICTIM, RIVAL, VIP = "10.0.0.5", "10.0.0.66", "10.0.0.100"
PASSWORD = "root123"
MTU_PAYLOAD = 1480
MANY = [f"10.1.{i >> 8}.{i & 255}" for i in range(255)]
BATCH = 40
# Both sieges serve the whole module, the one that `siege` asks for included.
pytestmark = pytest.mark.xdist_group("test_hostile")


def right_v2(**changes):
    return ip_v2(**{"source": RIVAL, "addresses": [VIP], "password": PASSWORD, "vrid": 51,
                    "priority": 200, **changes})


def right_v3(**changes):
    return ip_v3(**{"source": RIVAL, "addresses": [VIP], "vrid": 51, "priority": 200,
                    "interval": 10, **changes})


class Siege:
    """A victim, a rival that can send anything, and the books."""

    def __init__(self, kind, version):
        self.version = version
        self.lab = Lab()
        self.host, rival = self.lab.build({"a": [f"{VICTIM}/24"], "b": [f"{RIVAL}/24"]})
        self.wire = Capture(rival)
        self.injector = Injector(rival)
        # The kernel drops packets that seem to come from us; here they must reach the daemon.
        self.host.sysctl("net/ipv4/conf/eth0/accept_local", 1)
        self.host.sysctl("net/ipv4/conf/all/rp_filter", 0)
        self.host.sysctl("net/ipv4/conf/eth0/rp_filter", 0)
        one = (instance(password=PASSWORD) if version == 2 else instance(interval=0.1))
        self.daemon = kind(self.host, config(one, version=version)).start()
        self.right = right_v2 if version == 2 else right_v3

    def master(self):
        self.daemon.wait_state("MASTER", 15)
        wait_for(lambda: self.host.has(VIP), 5, "the address")
        return self

    def send(self, packet):
        self.injector.send(self.injector.frame(packet))

    def refused(self, packets, seen=None):
        """Send, and return what was counted: {reason: number}.  seen: how many reach the daemon."""
        seen = len(packets) if seen is None else seen
        pids = self.daemon.all_pids()
        before = self.books()
        for packet in packets:
            self.send(packet)
        after = wait_for(lambda: self._all_counted(before, seen), 10, f"{seen} to be counted")
        assert self.daemon.all_pids() == pids, "a process of the daemon was lost"
        assert self.host.has(VIP)
        return {word: number - before["rejects"].get(word, 0)
                for word, number in after["rejects"].items()
                if number != before["rejects"].get(word, 0)}

    def books(self):
        if PROVE:
            return {"rejects": {}, "kept": (self.daemon.states(),)}
        status = self.daemon.status()
        return {"rejects": status.rejects(),
                "kept": (status.state(), status.since(), status.counter("adverts_received"),
                         status.instance()["master"]["address"])}

    def _all_counted(self, before, number):
        if PROVE:
            holds_for(lambda: self.books() == before, 0.1, "the victim")
            return before
        after = self.books()
        grown = sum(after["rejects"].values()) - sum(before["rejects"].values())
        assert after["kept"] == before["kept"], "a packet was believed"
        assert grown <= number, "a packet was counted twice"
        return after if grown == number else None

    def expect(self, reason, *packets):
        counted = self.refused(packets)
        if not PROVE:
            assert counted == {reason: len(packets)}


@pytest.fixture(scope="module")
def v2(ours):
    siege = Siege(ours, 2).master()
    yield siege
    siege.lab.close()


@pytest.fixture(scope="module")
def v3(ours):
    siege = Siege(ours, 3).master()
    yield siege
    siege.lab.close()


@pytest.fixture(params=["v2", "v3"])
def siege(request):
    return request.getfixturevalue(request.param)


def test_a_right_packet_is_believed(siege):
    siege.send(siege.right())
    siege.daemon.wait_state("BACKUP", 5)
    siege.master()


def test_password(v2):
    v2.expect("auth-failed", right_v2(password="root124"), right_v2(password="root"),
              right_v2(password="root1234"), right_v2(password="", auth_type=1))


def test_authentication_type(v2):
    v2.expect("auth-type", right_v2(password=""), right_v2(auth_type=2), right_v2(auth_type=255))


def test_ttl(siege):
    siege.expect("ttl", *(siege.right(ttl=ttl) for ttl in (1, 64, 254)))


def test_checksum(siege):
    good = siege.right()
    number = int.from_bytes(bytes(good)[26:28], "big")
    siege.expect("checksum", *(siege.right(chksum=wrong) for wrong in
                               (0, 0xffff, number ^ 1, number ^ 0x8000, number + 1 & 0xffff)))


def test_every_flipped_bit_of_the_message_is_noticed(siege):
    """The checksum covers all of it, its own field included."""
    packet = bytearray(bytes(siege.right()))
    flipped = []
    for bit in range(8 * 20, 8 * len(packet)):
        copy = bytearray(packet)
        copy[bit // 8] ^= 0x80 >> bit % 8
        flipped.append(bytes(copy))
    for start in range(0, len(flipped), BATCH):
        siege.refused(flipped[start:start + BATCH])


def test_v2_interval(v2):
    v2.expect("interval", *(right_v2(interval=seconds) for seconds in (0, 2, 100, 255)))


def test_version(siege):
    other = right_v3(interval=100) if siege.version == 2 else right_v2()
    packets = [other] + [siege.right(version=number) for number in (0, 1, 4, 15)]
    siege.expect("version", *packets)


def test_type(siege):
    siege.expect("type", *(siege.right(type=number) for number in (0, 2, 15)))


def test_vrid(siege):
    siege.expect("vrid", *(siege.right(vrid=number) for number in (0, 1, 50, 52, 255)))


def test_count_promises_more(siege):
    siege.expect("truncated", *(siege.right(ipcount=number) for number in (5, 100, 255)))


def test_count_promises_less(siege):
    addresses = [VIP] + MANY[:7]
    siege.expect("length", *(siege.right(addresses=addresses, ipcount=number)
                             for number in (1, 2, 4)))


def test_count_zero(v3):
    """Erratum 8299.  Version 2 does not forbid it."""
    v3.expect("count-zero", right_v3(addresses=[]))


@pytest.mark.ours
def test_our_own_address_as_its_source(siege):
    """keepalived 2.2.7 believes its own echo and steps down."""
    siege.expect("own-address", siege.right(source=VICTIM))


def test_ip_options_are_stepped_over(siege):
    """A header of 24 octets: the message begins behind it, and is judged there."""
    packet = siege.right(chksum=0xdead)
    packet.options = [b"\x01\x01\x01\x00"]
    siege.expect("checksum", IP(bytes(packet)))


def cuts(siege):
    """One valid message of 255 addresses, cut or padded to every length of interest."""
    whole = bytes(siege.right(addresses=MANY))[20:]
    lengths = set(range(0, 65)) | set(range(65, MTU_PAYLOAD, 37)) | {
        len(whole) - 1, len(whole) + 1, len(whole) + 4, MTU_PAYLOAD - 1, MTU_PAYLOAD}
    lengths.discard(len(whole))
    return whole, [(whole + bytes(MTU_PAYLOAD))[:length] for length in sorted(lengths)]


def test_every_length(siege):
    """Truncated 0..64 octets, and samples up to the MTU; the checksum is as good as it can be."""
    whole, messages = cuts(siege)
    if siege.version == 2:
        messages = [fix_v2_checksum(message) for message in messages]
    shorter = [raw_ip(RIVAL, m) for m in messages if len(m) < len(whole)]
    longer = [raw_ip(RIVAL, m) for m in messages if len(m) > len(whole)]
    for start in range(0, len(shorter), BATCH):
        siege.expect("truncated", *shorter[start:start + BATCH])
    siege.expect("length", *longer)


def test_lengths_that_lie(siege):
    """A frame shorter than its IP header says never leaves the kernel; what is more is padding."""
    packet = bytes(siege.right(chksum=0xdead))
    assert siege.refused([packet[:-3], packet[:21]], seen=0) == {}
    siege.expect("checksum", packet + bytes(16))


def test_garbage(siege):
    dice = random.Random(siege.version)
    sizes = (8, 12, 16, 20, 24, 36, 100, 300)
    start = len(siege.daemon.log())
    sent = 0
    for _ in range(10):
        batch = [raw_ip(RIVAL, dice.randbytes(dice.choice(sizes))) for _ in range(BATCH)]
        sent += sum(siege.refused(batch).values())
    if not PROVE:
        assert sent == 10 * BATCH
        lines = siege.daemon.log()[start:].count("\n")
        assert lines < sent / 4, "one line of log a packet: the network can fill the disk"


def test_garbage_behind_a_right_head(siege):
    """Every octet after the VRID is random: the parsers of all fields meet all values."""
    dice = random.Random(40 + siege.version)
    head = bytes([siege.version << 4 | 1, 51])
    for _ in range(5):
        batch = [raw_ip(RIVAL, head + dice.randbytes(dice.randrange(60))) for _ in range(BATCH)]
        siege.refused(batch)


def test_unicast_is_no_advertisement(siege):
    """Sent to our address and not to the group: whatever the daemon makes of it, it stays."""
    packet = siege.right()
    packet.dst = VICTIM
    frame = bytearray(siege.injector.frame(packet))
    frame[0:6] = bytes.fromhex(siege.host.mac().replace(":", ""))
    before = siege.books()["kept"]
    siege.injector.send(frame)
    holds_for(lambda: siege.books()["kept"] == before and siege.host.has(VIP), 0.3, "the victim")


def test_the_victim_is_as_it_was(siege):
    """Last: after all of it the master still says what it said, and can still be convinced."""
    frame = siege.wire.wait_adverts(1, sender=VICTIM, since=siege.wire.mark())[0]
    assert frame.priority == 100 and frame.payload[4:8] != b""
    assert frame.ether[IP].dst == VRRP_GROUP
    siege.send(siege.right())
    siege.daemon.wait_state("BACKUP", 5)


class Herald(threading.Thread):
    """Sends one packet again and again: the master that a backup follows."""

    def __init__(self, siege, packet, period):
        super().__init__(daemon=True)
        self.siege, self.packet, self.period = siege, packet, period
        self.over = threading.Event()
        self.start()

    def run(self):
        while not self.over.wait(self.period):
            self.siege.send(self.packet)

    def stop(self):
        self.over.set()
        self.join()


@pytest.mark.parametrize("version", [2, 3])
def test_a_forged_farewell_moves_nothing(ours, version):
    """Priority 0 is the shortest way to make two masters: only the right one is believed."""
    siege = Siege(ours, version)
    with siege.lab:
        herald = Herald(siege, siege.right(), 0.05)
        siege.daemon.wait_state("BACKUP", 10)
        forged = [siege.right(priority=0, **wrong) for wrong in
                  ({"ttl": 254}, {"chksum": 0x1234}, {"type": 2}, {"vrid": 52}, {"ipcount": 7})]
        if version == 2:
            forged += [siege.right(priority=0, password="guess"),
                       siege.right(priority=0, interval=3)]
        for packet in forged:
            siege.send(packet)
        holds_for(lambda: not siege.host.has(VIP), 1.0 if version == 2 else 0.4, "the backup waits")
        assert siege.daemon.state() == "BACKUP"
        herald.stop()
        siege.send(siege.right(priority=0))
        siege.master()
