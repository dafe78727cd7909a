"""System calls that fail on request, in every process of one daemon: see tools/fault.c."""
import errno
import mmap
import os
import socket
import struct

from lab import ROOT
from peers import Holdfast

LIBRARY = os.environ.get("HF_FAULT_LIBRARY", str(ROOT / "build" / "tests" / "fault.so"))
# The order is that of enum call in tools/fault.c.
CALLS = ("fork", "socket", "socketpair", "open", "accept", "pipe", "memfd", "eventfd", "timerfd", "epoll",
         "signalfd", "sendmmsg", "sendmsg", "pwrite", "fallocate", "join", "bind", "dup", "thread",
         "newaddr", "deladdr", "netlink_read")
RULE = struct.Struct("=iiiiI12x")


class Faults:
    """The table that the library reads."""

    def __init__(self, lab, name):
        self.path = lab.dir / f"{name}.faults"
        self.path.write_bytes(bytes(RULE.size * len(CALLS)))
        with open(self.path, "r+b") as f:
            self.map = mmap.mmap(f.fileno(), RULE.size * len(CALLS))
        lab.closers.append(self.map.close)

    def fail(self, call, error, left=-1, skip=0, address=None):
        """From now on LEFT calls fail (-1: all), after SKIP that pass. ERROR "STOP": the process that
        calls stops itself instead, as by SIGSTOP."""
        number = -1 if error == "STOP" else getattr(errno, error)
        at = socket.inet_aton(address) if address else bytes(4)
        RULE.pack_into(self.map, CALLS.index(call) * RULE.size, number, skip, left, 0,
                       struct.unpack("=I", at)[0])

    def hits(self, call):
        return RULE.unpack_from(self.map, CALLS.index(call) * RULE.size)[3]

    def mend(self):
        self.map[:] = bytes(len(self.map))


class Faulty(Holdfast):
    """A daemon whose system calls fail as its table says."""
    options = ()

    def __init__(self, host, text=None, path=None, tag=""):
        super().__init__(host, text, path, tag)
        self.faults = Faults(host.lab, f"{host.name}{tag}-{host.lab.serial()}")

    def argv(self):
        return ["env", f"LD_PRELOAD={LIBRARY}", f"HF_FAULTS={self.faults.path}", *super().argv(),
                *self.options]
