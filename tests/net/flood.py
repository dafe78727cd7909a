"""A pair under a flood of junk on protocol 112, and what it did to them."""
import json
import os
import re
import time
from pathlib import Path

from lab import ROOT
from peers import config, instance
from wire import Capture

JUNK = ROOT / "build" / "tests" / "junk"
ALL = ("vrid", "checksum", "auth", "fragment", "giant")
MASTER, BACKUP = "10.0.0.1", "10.0.0.2"
TICK = os.sysconf("SC_CLK_TCK")


def pss(pids):
    """KiB of proportional set size."""
    return sum(int(re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(),
                             re.M).group(1)) for pid in pids)


def cpu(pids):
    """Seconds of processor time."""
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(f[11]) + int(f[12]) for f in fields) / TICK


def descriptors(pids):
    return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in pids)


def raw_queue(host):
    """Octets that wait in the host's raw sockets."""
    rows = host.read("/proc/net/raw").splitlines()[1:]
    return sum(int(row.split()[4].split(":")[1], 16) for row in rows)


def longest(times, seconds):
    """The longest time between two adverts; all of it when there was none."""
    return max((later - earlier for earlier, later in zip(times, times[1:])), default=seconds)


class Flooded:
    """Two daemons of one kind, a sender of junk, and a listener to the master's adverts."""

    def __init__(self, lab, kind, interval=1, version=2, adverts=3):
        """ADVERTS: so many are missed before the backup takes over."""
        self.a, self.b, self.foe = lab.build({"a": [f"{MASTER}/24"], "b": [f"{BACKUP}/24"],
                                              "foe": ["10.0.0.9/24"]})
        password = "root123" if version == 2 else None
        self.da, self.db = (
            kind(host, config(instance(priority=priority, interval=interval, password=password,
                                       extra=[f"down_timer_adverts {adverts}"]),
                              version=version)).start()
            for host, priority in ((self.a, 200), (self.b, 100)))
        self.da.wait_state("MASTER", 15)
        self.db.wait_state("BACKUP", 15)
        self.wire = Capture(self.foe, mac=self.a.mac())
        self.wire.wait_adverts(2, sender=MASTER)

    def flood(self, rate, seconds, kinds=ALL):
        """Send junk, and return what was measured meanwhile."""
        pids = [daemon.outer_pids() for daemon in (self.da, self.db)]
        before = [(cpu(p), pss(p), descriptors(p)) for p in pids]
        logs = [len(daemon.log()) for daemon in (self.da, self.db)]
        states = [daemon.states() for daemon in (self.da, self.db)]
        mark = self.wire.mark()
        junk = self.foe.popen(JUNK, "eth0", rate, seconds, 51, *kinds, name="junk")
        junk.wait(seconds + 30)
        sent = json.loads(junk.log())
        time.sleep(0.2)
        after = [(cpu(p), pss(p), descriptors(p)) for p in pids]
        times = [frame.time for frame in self.wire.adverts(sender=MASTER, since=mark)]
        return {
            "rate": sent["sent"] / sent["seconds"],
            "seconds": sent["seconds"],
            "gap": longest(times, sent["seconds"]),
            "cpu": [(x[0] - y[0]) / sent["seconds"] for x, y in zip(after, before)],
            "pss": [x[1] - y[1] for x, y in zip(after, before)],
            "descriptors": [x[2] - y[2] for x, y in zip(after, before)],
            "lines": [daemon.log()[start:].count("\n")
                      for daemon, start in zip((self.da, self.db), logs)],
            "changes": [len(daemon.states()) - len(old)
                        for daemon, old in zip((self.da, self.db), states)],
            "queue": [raw_queue(host) for host in (self.a, self.b)],
        }
