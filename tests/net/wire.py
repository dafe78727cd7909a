"""Frames: capture on a host's interface with time stamps, decoding by scapy, and injection.

Scapy decodes what the daemon under test encodes, and encodes what it must refuse, so the tests
never trust our own codec.
"""
import ctypes
import logging
import os
import select
import socket
import struct
import threading
from dataclasses import dataclass

from lab import LabError, wait_for

logging.getLogger("scapy").setLevel(logging.ERROR)
from scapy.layers.inet import IP, in4_chksum, checksum  # noqa: E402  (scapy talks while it loads)
from scapy.layers.l2 import ARP, Ether  # noqa: E402
from scapy.layers.vrrp import VRRP, VRRPv3  # noqa: E402

CLONE_NEWNET = 0x40000000
ETH_P_ALL = 3
SO_TIMESTAMPNS = 35
SO_ATTACH_FILTER = 26
PACKET_OUTGOING = 4
VRRP_GROUP = "224.0.0.18"
VRRP_MAC = "01:00:5e:00:00:12"
IPPROTO_VRRP = 112

libc = ctypes.CDLL(None, use_errno=True)


def only_from(sock, mac):
    """Let the kernel drop what another MAC sends: Python cannot keep up with a flood."""
    low = int.from_bytes(bytes.fromhex(mac.replace(":", ""))[2:], "big")
    steps = [(0x20, 0, 0, 8), (0x15, 0, 1, low), (0x06, 0, 0, 0xffffffff), (0x06, 0, 0, 0)]
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    buffer = ctypes.create_string_buffer(code)
    sock.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER,
                    struct.pack("HL", len(steps), ctypes.addressof(buffer)))


def packet_socket(host, interface):
    """A raw socket on an interface of the host, usable from here."""
    result = []

    def work():
        try:
            with open(f"/proc/{host.pid}/ns/net", "rb") as namespace:
                if libc.setns(namespace.fileno(), CLONE_NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), "setns")
            sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
            sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
            sock.bind((interface, ETH_P_ALL))
            result.append(sock)
        except OSError as error:
            result.append(error)

    thread = threading.Thread(target=work)    # setns() moves one thread, and this one ends here
    thread.start()
    thread.join()
    if isinstance(result[0], OSError):
        raise LabError(f"packet socket on {host.name} {interface}: {result[0]}")
    return result[0]


@dataclass
class Frame:
    """One frame: seconds since the epoch by the kernel's clock, and its bytes."""
    time: float
    outgoing: bool
    raw: bytes

    @property
    def ether(self):
        return Ether(self.raw)

    @property
    def source(self):
        """The sender's MAC address."""
        return self.raw[6:12].hex(":")

    def is_vrrp(self):
        return (self.raw[12:14] == b"\x08\x00" and len(self.raw) > 34
                and self.raw[23] == IPPROTO_VRRP)

    def is_arp(self):
        return self.raw[12:14] == b"\x08\x06"

    @property
    def payload(self):
        """The VRRP message as bytes, by the IP header's own lengths."""
        start = 14 + (self.raw[14] & 15) * 4
        return self.raw[start:14 + struct.unpack("!H", self.raw[16:18])[0]]

    @property
    def sender(self):
        return socket.inet_ntoa(self.raw[26:30])

    @property
    def vrid(self):
        return self.payload[1]

    @property
    def priority(self):
        return self.payload[2]

    def garp_for(self, address):
        """An ARP packet in which sender and target are both this address."""
        packed = socket.inet_aton(address)
        return self.is_arp() and self.raw[28:32] == packed and self.raw[38:42] == packed


class Capture:
    """Collects frames in a thread until closed.  `frames` is in order of arrival."""

    def __init__(self, host, interface="eth0", mac=None):
        """mac: take only what this one sends."""
        self.sock = packet_socket(host, interface)
        if mac:
            only_from(self.sock, mac)
        self.frames = []
        self._stop, self._stopper = os.pipe()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()
        host.lab.closers.append(self.close)

    def _work(self):
        while True:
            ready, _, _ = select.select([self.sock, self._stop], [], [])
            if self._stop in ready:
                return
            try:
                data, control, _, address = self.sock.recvmsg(65536, 256)
            except OSError:                    # the interface went down; it may return
                continue
            stamp = next((d for level, kind, d in control
                          if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS), None)
            if stamp is not None:
                seconds, nanoseconds = struct.unpack("qq", stamp[:16])
                self.frames.append(Frame(seconds + nanoseconds / 1e9,
                                         address[2] == PACKET_OUTGOING, data))

    def close(self):
        if self._thread.is_alive():
            os.write(self._stopper, b".")
            self._thread.join()
            self.sock.close()
            os.close(self._stop)
            os.close(self._stopper)

    def mark(self):
        return len(self.frames)

    def select(self, test, since=0):
        return [frame for frame in self.frames[since:] if test(frame)]

    def adverts(self, sender=None, vrid=None, priority=None, since=0):
        """VRRP frames of that sender (an IP address), VRID and priority."""
        return self.select(lambda f: f.is_vrrp()
                           and (sender is None or f.sender == sender)
                           and (vrid is None or f.vrid == vrid)
                           and (priority is None or f.priority == priority), since)

    def garps(self, address, mac=None, since=0):
        return self.select(lambda f: f.garp_for(address) and mac in (None, f.source), since)

    def wait_adverts(self, count=1, timeout=10, since=0, **which):
        wait_for(lambda: len(self.adverts(since=since, **which)) >= count, timeout,
                 f"{count} advert(s) with {which}")
        return self.adverts(since=since, **which)

    def wait_garps(self, address, count=1, timeout=10, since=0, mac=None):
        wait_for(lambda: len(self.garps(address, mac, since)) >= count, timeout,
                 f"{count} gratuitous ARP(s) for {address}")
        return self.garps(address, mac, since)


class Injector:
    """Sends frames into the bridge from an interface of a host."""

    def __init__(self, host, interface="eth0"):
        self.sock = packet_socket(host, interface)
        self.mac = host.mac(interface)
        host.lab.closers.append(self.sock.close)

    def send(self, raw):
        self.sock.send(bytes(raw))

    def frame(self, ip):
        """Wrap an IP packet (scapy or bytes) for the VRRP group."""
        return bytes(Ether(src=self.mac, dst=VRRP_MAC, type=0x0800)) + bytes(ip)


def auth_words(password):
    """A PASS password as scapy's two 32-bit fields."""
    return struct.unpack("!II", password.encode()[:8].ljust(8, b"\0"))


def ip_v2(source, addresses, password="", vrid=1, priority=100, interval=1, ttl=255, auth_type=None,
          **fields):
    """A VRRPv2 advertisement; fields overrides any field of scapy's VRRP layer."""
    auth1, auth2 = auth_words(password)
    layer = VRRP(vrid=vrid, priority=priority, adv=interval, addrlist=list(addresses),
                 authtype=(1 if password else 0) if auth_type is None else auth_type,
                 auth1=auth1, auth2=auth2)
    for name, value in fields.items():
        setattr(layer, name, value)
    return IP(src=source, dst=VRRP_GROUP, ttl=ttl, tos=0xC0, proto=IPPROTO_VRRP) / layer


def ip_v3(source, addresses, vrid=1, priority=100, interval=100, ttl=255, **fields):
    """A VRRPv3 advertisement; the interval is in centiseconds."""
    layer = VRRPv3(vrid=vrid, priority=priority, adv=interval, addrlist=list(addresses))
    for name, value in fields.items():
        setattr(layer, name, value)
    return IP(src=source, dst=VRRP_GROUP, ttl=ttl, tos=0xC0, proto=IPPROTO_VRRP) / layer


def raw_ip(source, payload, ttl=255, length=None):
    """An IP packet for the group with any bytes as its VRRP message."""
    packet = IP(src=source, dst=VRRP_GROUP, ttl=ttl, tos=0xC0, proto=IPPROTO_VRRP, len=length)
    if length is None:
        packet.len = 20 + len(payload)
    return bytes(packet) + bytes(payload)


def fix_v2_checksum(message):
    """The same message with a right VRRPv2 checksum, as far as it reaches."""
    if len(message) < 8:
        return message
    zeroed = message[:6] + b"\0\0" + message[8:]
    return message[:6] + struct.pack("!H", checksum(zeroed)) + message[8:]


def checksum_is_right(frame):
    """Scapy's opinion of an advertisement's checksum; v3 includes the pseudo header."""
    message = frame.payload
    zeroed = message[:6] + b"\0\0" + message[8:]
    if message[0] >> 4 == 2:
        expected = checksum(zeroed)
    else:
        expected = in4_chksum(IPPROTO_VRRP, frame.ether[IP], zeroed)
    return struct.unpack("!H", message[6:8])[0] == expected


__all__ = ["ARP", "Capture", "Ether", "Frame", "IP", "Injector", "VRRP", "VRRPv3", "VRRP_GROUP",
           "VRRP_MAC", "auth_words", "checksum_is_right", "fix_v2_checksum", "ip_v2", "ip_v3",
           "packet_socket", "raw_ip"]
