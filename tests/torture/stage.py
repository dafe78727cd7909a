"""The stage of `make torture`: a pair, a client, a referee, and what they saw.

    a  10.0.0.1, priority 100 --+
    b  10.0.0.2, priority 80 ---+-- bridge, 10.0.0.100 is the service: a UDP echo on a and b
    client   10.0.0.10 ---------+   asks the echo every millisecond; adverts are heard at its port
    referee  10.0.0.11 ---------+   asks by ARP every millisecond who has the address
"""
import contextlib
import os
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "net"))

from figures import measure, read_records, rows  # noqa: E402
from lab import ROOT, Lab, LabError, wait_for  # noqa: E402
from pairlab import add_system_user  # noqa: E402
from peers import KINDS, block, config, instance  # noqa: E402

WITNESS = os.environ.get("HF_WITNESS", str(ROOT / "build" / "tests" / "witness"))
VIP, PORT, VRID = "10.0.0.100", 7007, 51
HOSTS = {"a": ["10.0.0.1/24"], "b": ["10.0.0.2/24"], "client": ["10.0.0.10/24"],
         "referee": ["10.0.0.11/24"]}
HIGH, LOW = 100, 80


class Stage:
    """One pair of one kind of daemon, a as master and b as backup."""

    def __init__(self, lab, kind, interval=1, version=2, many=0):
        """many: so many more addresses, which the adverts do not name."""
        self.lab, self.kind = lab, kind
        self.others = [f"10.9.{n // 250}.{n % 250 + 1}/32" for n in range(many)]
        self.interval, self.version = interval, version
        self.a, self.b, self.client, self.referee = lab.build(HOSTS)
        self.letters = {host.mac(): host.name[0] for host in (self.a, self.b)}
        for host in (self.a, self.b):
            if kind == "holdfast":
                add_system_user(host)
            host.popen(WITNESS, "echo", PORT, host.name)
        self.master = KINDS[kind](self.a, self.text(HIGH)).start()
        self.backup = KINDS[kind](self.b, self.text(LOW)).start()
        self.witnesses = {}
        self.fault = self.mended = None

    def text(self, priority, vips=(VIP,), vrid=VRID):
        others = block("virtual_ipaddress_excluded", self.others) if self.others else ()
        return config(instance(priority=priority, interval=self.interval, vrid=vrid, extra=others,
                               vips=[f"{vip}/24" for vip in vips]), version=self.version)

    def witness(self, host, mode, *args):
        self.witnesses[mode] = host.popen(WITNESS, mode, *args, name=mode)

    def ready(self):
        """Wait until a owns the address and b knows it, then begin to watch."""
        self.master.wait_state("MASTER", 20)
        self.backup.wait_state("BACKUP", 20)
        wait_for(lambda: len(self.a.addresses()) >= len(self.others) + 2, 10, "the addresses")
        self.witness(self.client, "hear", "eth0")
        self.witness(self.client, "ask", VIP, PORT)
        self.witness(self.referee, "refer", "eth0", "10.0.0.11", VIP)
        time.sleep(1.5 * max(self.interval, 0.5))
        return self

    def strike(self, act, window):
        """Do act(self), watch for window seconds, and return (figures, records)."""
        mark = self.backup.proc.mark()
        before = time.time()
        self.fault = self.mended = None
        act(self)
        self.fault = self.fault or before
        self.mended = self.mended or self.fault
        time.sleep(max(0, self.fault + window - time.time()))
        until = time.time()
        records = self.end()
        return measure(records, self.fault, self.mended, until,
                       len(self.backup.states(since=mark))), records

    def now(self, kind="fault"):
        """The fault (or its mending) happens in this moment."""
        setattr(self, kind, time.time())

    def end(self):
        """Stop the witnesses and read what they wrote."""
        for proc in self.witnesses.values():
            if not proc.alive():
                raise LabError(f"the witness {proc.name} ended: {proc.log()[-300:]}")
            proc.stop()
        texts = {mode: proc.log() for mode, proc in self.witnesses.items()}
        if not rows(texts["ask"], 3):
            raise LabError("the service never answered")
        return read_records(texts["ask"], texts["refer"], texts["hear"], self.letters, VIP)

    # the daemon's processes, as a stranger to its code finds them

    @staticmethod
    def family(daemon):
        """{pid in the machine's numbering: name} of its processes, the first one first."""
        found = {}
        for pid in daemon.outer_pids():
            with contextlib.suppress(OSError):         # the loader of a reload comes and goes
                found[pid] = Path(f"/proc/{pid}/comm").read_text().strip()
        return found

    def first(self):
        """The process whose pid stands in the pid file: keepalived's parent, our keeper."""
        return self.master.outer_pids()[0]

    def worker(self, daemon=None):
        """The process that sends adverts: keepalived's child, our engine."""
        if self.kind == "keepalived":
            return (daemon or self.master).outer_pids()[1]
        return self.named("engine", daemon)[0]

    def named(self, role, daemon=None):
        """Our processes of that role: engine, spare, runner."""
        return [pid for pid, name in self.family(daemon or self.master).items() if role in name]

    def pause(self):
        self.paused = self.master.outer_pids()
        self.now()
        for pid in self.paused:
            os.kill(pid, signal.SIGSTOP)

    def resume(self):
        self.now("mended")
        for pid in self.paused:
            os.kill(pid, signal.SIGCONT)
        self.master.proc.popen.send_signal(signal.SIGCONT)
