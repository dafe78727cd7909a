"""What goes out on the wire, field by field, with scapy as the judge."""
import struct

import pytest

from lab import Lab
from peers import config, instance
from wire import (ARP, Capture, IP, VRRP, VRRPv3, VRRP_GROUP, VRRP_MAC, auth_words,
                  checksum_is_right)

VIPS = ["10.0.0.100/24", "10.0.0.101/32", "10.9.9.9/32"]
BARE = [vip.split("/")[0] for vip in VIPS]
PASSWORD = "root123"


class Sending:
    """A master of three addresses, and a second host that listens."""

    def __init__(self, daemon, version):
        self.lab = Lab()
        self.host, self.listener = self.lab.build({"a": ["10.0.0.5/24", "10.0.0.7/24"],
                                                   "b": ["10.0.0.9/24"]})
        self.wire = Capture(self.listener)
        text = config(instance(vrid=51, priority=123, interval=1 if version == 2 else 0.25,
                               vips=VIPS, password=PASSWORD if version == 2 else None),
                      version=version, extra=["vrrp_garp_master_delay 1"])
        self.daemon = daemon(self.host, text).start()
        self.advert = self.wire.wait_adverts(2)[1]
        self.mac = self.host.mac()


@pytest.fixture(scope="module", params=[2, 3])
def sending(request, ours):
    made = Sending(ours, request.param)
    made.version = request.param
    yield made
    made.lab.close()


@pytest.fixture
def advert(sending):
    return sending.advert


def layer(sending):
    return sending.advert.ether[VRRP if sending.version == 2 else VRRPv3]


class TestEthernet:
    def test_destination_is_the_groups(self, advert):
        assert advert.ether.dst == VRRP_MAC

    def test_source_is_the_interfaces(self, sending):
        assert sending.advert.ether.src == sending.mac


class TestIp:
    def test_destination(self, advert):
        assert advert.ether[IP].dst == VRRP_GROUP

    def test_source_is_the_primary_address(self, advert):
        assert advert.ether[IP].src == "10.0.0.5"

    def test_ttl(self, advert):
        assert advert.ether[IP].ttl == 255

    def test_tos_is_network_control(self, advert):
        assert advert.ether[IP].tos == 0xC0

    def test_protocol(self, advert):
        assert advert.ether[IP].proto == 112

    def test_header_checksum(self, advert):
        sent = advert.ether[IP]
        again = IP(bytes(sent))
        del again.chksum
        assert IP(bytes(again)).chksum == sent.chksum

    def test_no_options_and_no_fragment(self, advert):
        sent = advert.ether[IP]
        assert sent.ihl == 5 and sent.frag == 0 and not sent.flags.MF

    def test_total_length(self, sending):
        message = 8 + 4 * len(VIPS) + (8 if sending.version == 2 else 0)
        assert sending.advert.ether[IP].len == 20 + message
        assert len(sending.advert.raw) == 14 + 20 + message


class TestVrrp:
    def test_version_and_type(self, sending):
        assert layer(sending).version == sending.version
        assert layer(sending).type == 1

    def test_vrid(self, sending):
        assert layer(sending).vrid == 51

    def test_priority(self, sending):
        assert layer(sending).priority == 123

    def test_count_and_addresses(self, sending):
        assert layer(sending).ipcount == len(VIPS)
        assert layer(sending).addrlist == BARE

    def test_checksum(self, advert):
        assert checksum_is_right(advert)

    def test_interval_in_the_versions_own_unit(self, sending):
        assert layer(sending).adv == (1 if sending.version == 2 else 25)

    def test_reserved_bits_are_zero(self, sending):
        if sending.version == 3:
            assert layer(sending).res == 0
        else:
            assert layer(sending).authtype == 1     # the same octet in version 2

    def test_authentication_data(self, sending):
        end = 8 + 4 * len(VIPS)
        if sending.version == 2:
            assert (layer(sending).auth1, layer(sending).auth2) == auth_words(PASSWORD)
            assert sending.advert.payload[end:] == b"root123\0"
        else:
            assert sending.advert.payload[end:] == b""

    def test_interval_is_kept(self, sending):
        frames = sending.wire.wait_adverts(4, timeout=20)
        gaps = [later.time - sooner.time for sooner, later in zip(frames, frames[1:])]
        assert sorted(gaps)[len(gaps) // 2] == pytest.approx(1 if sending.version == 2 else 0.25,
                                                             rel=0.05)


class TestGratuitousArp:
    @pytest.fixture
    def frames(self, sending):
        return {address: sending.wire.wait_garps(address, 10) for address in BARE}

    def test_form(self, sending, frames):
        for address, sent in frames.items():
            for frame in sent:
                arp = frame.ether[ARP]
                assert frame.ether.dst == "ff:ff:ff:ff:ff:ff"
                assert frame.ether.src == arp.hwsrc == sending.mac
                assert arp.op == 1 and arp.hwtype == 1 and arp.ptype == 0x0800
                assert arp.hwlen == 6 and arp.plen == 4
                assert arp.psrc == arp.pdst == address
                assert arp.hwdst in ("ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00")

    def test_five_at_once_and_five_after_the_delay(self, frames):
        for sent in frames.values():
            assert len(sent) == 10
            assert sent[4].time - sent[0].time < 0.2
            assert sent[9].time - sent[5].time < 0.2
            assert 0.9 < sent[5].time - sent[0].time < 1.5

    def test_first_follows_the_first_advert(self, sending, frames):
        advert = sending.wire.adverts()[0]
        assert all(0 <= sent[0].time - advert.time < 0.1 for sent in frames.values())


class TestPriorityZero:
    def test_said_once_on_leaving(self, sending):
        """Last: it ends the daemon."""
        mark = sending.wire.mark()
        sending.daemon.stop()
        frames = sending.wire.wait_adverts(1, priority=0, since=mark)
        assert len(frames) == 1
        assert checksum_is_right(frames[0])
        body = frames[0].payload
        assert body[0] == sending.advert.payload[0] and body[1] == 51
        assert struct.unpack("!B", body[3:4])[0] == len(VIPS)
        assert sending.wire.adverts(since=sending.wire.frames.index(frames[0]) + 1) == []


def test_source_can_be_configured(lab, ours):
    a, b = lab.build({"a": ["10.0.0.5/24", "10.0.0.7/24"], "b": ["10.0.0.9/24"]})
    wire = Capture(b)
    ours(a, config(instance(interval=0.1, extra=["mcast_src_ip 10.0.0.7"]), version=3)).start()
    assert wire.wait_adverts(1)[0].ether[IP].src == "10.0.0.7"


def test_address_options_reach_the_kernel(lab, ours):
    """What stands behind an address in the file stands behind it on the interface."""
    host = lab.host("a", "10.0.0.5/24")
    host.ip("link", "add", "br7", "type", "bridge")
    host.ip("link", "set", "br7", "up")
    vips = ["10.0.0.100/24 brd 10.0.0.255 label eth0:vip", "10.0.0.101/32 scope link",
            "10.7.0.1/24 dev br7"]
    extra = ["virtual_ipaddress_excluded {", "    10.0.0.102/32", "}"]
    wire = Capture(host)
    daemon = ours(host, config(instance(interval=0.1, vips=vips, extra=extra), version=3)).start()
    daemon.wait_state("MASTER")
    frame = wire.wait_adverts(1)[0]
    assert frame.ether[VRRPv3].addrlist == ["10.0.0.100", "10.0.0.101", "10.7.0.1"]
    wire.wait_garps("10.0.0.102", 5)
    text = host.ip("-4", "addr", "show", "dev", "eth0").stdout
    # "dynamic": it has a lifetime, that of vip_lease.
    assert "inet 10.0.0.100/24 brd 10.0.0.255 scope global secondary dynamic eth0:vip" in text
    assert "inet 10.0.0.101/32 scope link dynamic eth0" in text
    assert "inet 10.0.0.102/32 scope global dynamic eth0" in text
    assert host.addresses("br7") == ["10.7.0.1/24"]
