"""A thousand readers at once, and readers that never read: adverts stay on time."""
import json
import selectors
import socket
import time

import pytest

from control import open_socket, read_line, request
from flood import descriptors, longest, pss
from lab import wait_for
from peers import config, instance
from wire import Capture

pytestmark = pytest.mark.ours

MASTER, INTERVAL = "10.0.0.5", 0.1
N = 1000


class Asked:
    """A master of many instances whose status is long, and a listener."""

    def __init__(self, lab, kind, instances=10):
        self.host, foe = lab.build({"a": [f"{MASTER}/24"], "b": ["10.0.0.6/24"]})
        text = config(*(instance(f"VI_{n}", vrid=n, interval=INTERVAL, vips=[f"10.2.{n}.1/32"])
                        for n in range(1, instances + 1)), version=3)
        self.daemon = kind(self.host, text).start()
        self.daemon.wait_state("MASTER")
        self.wire = Capture(foe, mac=self.host.mac())
        self.wire.wait_adverts(2, vrid=1)
        self.mark = self.wire.mark()
        self.began = time.monotonic()

    def on_time(self):
        """No advert was so late that a backup would have taken over."""
        times = [f.time for f in self.wire.adverts(vrid=1, since=self.mark)]
        assert longest(times, time.monotonic() - self.began) < 3 * INTERVAL
        assert self.daemon.states() == ["BACKUP", "MASTER"]


def answers(sockets):
    """What each says until the end of a line, or of the connection."""
    said = {sock: b"" for sock in sockets}
    with selectors.DefaultSelector() as ready:
        for sock in sockets:
            sock.setblocking(False)
            ready.register(sock, selectors.EVENT_READ)
        while ready.get_map():
            events = ready.select(30)
            assert events, f"{len(ready.get_map())} readers wait for ever"
            for key, _ in events:
                more = key.fileobj.recv(1 << 16)
                said[key.fileobj] += more
                if not more or more.endswith(b"\n"):
                    ready.unregister(key.fileobj)
    return list(said.values())


def test_a_thousand_readers_at_once(lab, ours):
    asked = Asked(lab, ours)
    pids = asked.daemon.outer_pids()
    before = descriptors(pids)
    sockets = [open_socket(asked.daemon) for _ in range(N)]
    for sock in sockets:
        sock.sendall(request("status"))
    rows = [json.loads(row) for row in answers(sockets)]
    assert all(row["ok"] or row["reason"] == "busy" for row in rows)
    assert sum(row["ok"] for row in rows) >= N * 9 // 10
    for sock in sockets:
        sock.close()
    wait_for(lambda: descriptors(pids) <= before, 10, "the descriptors to be closed")
    asked.on_time()


def test_more_than_there_is_room_for_are_told_so(lab, ours):
    asked = Asked(lab, ours)
    sockets = [open_socket(asked.daemon) for _ in range(1100)]
    wait_for(lambda: asked.daemon.ctl("status").returncode == 3, 5, "the room to be full")
    said = asked.daemon.ctl("status", "VI_1")
    assert said.returncode == 3 and "too many clients" in said.stderr
    for sock in sockets:
        sock.close()
    wait_for(lambda: asked.daemon.ctl("status", "VI_1").returncode == 0, 5, "room again")
    asked.on_time()


def test_readers_that_never_read_and_requests_that_never_end(lab, ours):
    asked = Asked(lab, ours)
    pids = asked.daemon.outer_pids()
    before = pss(pids)
    gluttons = [open_socket(asked.daemon) for _ in range(200)]
    halves = [open_socket(asked.daemon) for _ in range(200)]
    for sock in gluttons:
        sock.setblocking(False)
        try:
            while True:
                sock.send(request("status") * 100)
        except BlockingIOError:
            pass
    for sock in halves:
        sock.send(request("status")[:-5])
    for _ in range(10):
        with open_socket(asked.daemon) as sock:
            sock.sendall(request("status"))
            assert json.loads(read_line(sock))["ok"]
    assert pss(pids) - before < 80 * 1024
    for sock in halves:
        sock.send(request("status")[-5:])
        sock.setblocking(True)
        assert json.loads(read_line(sock))["ok"]
    for sock in gluttons + halves:
        sock.shutdown(socket.SHUT_RDWR)
        sock.close()
    asked.on_time()


def test_memory_goes_back_when_the_readers_have_gone(lab, ours):
    asked = Asked(lab, ours, instances=100)
    pids = asked.daemon.outer_pids()
    before = pss(pids)
    sockets = [open_socket(asked.daemon) for _ in range(300)]
    for sock in sockets:
        sock.sendall(request("status"))
    octets = sum(map(len, answers(sockets)))
    assert octets > 5 << 20
    for sock in sockets:
        sock.close()
    wait_for(lambda: pss(pids) - before < octets / 1024 / 4, 10, "the memory to be given back")
    asked.on_time()
