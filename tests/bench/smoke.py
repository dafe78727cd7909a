#!/usr/bin/python3
"""The first figures: ours beside Debian's keepalived, in one sitting on the same bridge.

usage: smoke.py [--runs N] [--only holdfast|keepalived]

Printed, never judged: this machine's noise is in every number, so compare the two columns, whose
runs take turns, and not one column with another day's.  Frames are stamped by the kernel at the
client's port.
"""
import argparse
import json
import os
import re
import select
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "net"))

from lab import HERE, Lab, PYTHON  # noqa: E402
from peers import HOLDFASTD, KEEPALIVED, KINDS, config, instance  # noqa: E402
from wire import Capture  # noqa: E402

VIP, PORT = "10.0.0.100", 7007
A, B = "10.0.0.1", "10.0.0.2"
HIGH, LOW = 100, 80
MS = 1000.0

# (key, what it is, unit, digits)
FIGURES = [
    ("excess-v2", "takeover beyond Master_Down_Interval, v2, advert_int 1 s", "ms", 2),
    ("excess-v3", "takeover beyond Active_Down_Interval, v3, advert_int 10 ms", "ms", 2),
    ("garp", "first gratuitous ARP after the new master's first advert", "ms", 2),
    ("silence", "client's silence, orderly stop, advert_int 1 s, 100/80", "ms", 0),
    ("gone", "orderly stop of a master, all its processes gone", "ms", 1),
    ("pss", "memory of an idle node, PSS of all its processes", "KiB", 0),
    ("pss-pair", "memory of an idle pair", "KiB", 0),
    ("processes", "processes of a node", "", 0),
]


def text(version, priority):
    interval = 1 if version == 2 else 0.01
    return config(instance(priority=priority, interval=interval,
                           password="root123" if version == 2 else None), version=version)


def pss(pids):
    """KiB of proportional set size."""
    total = 0
    for pid in pids:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += int(re.search(r"^Pss:\s+(\d+) kB", rollup, re.M).group(1))
    return total


def wait_gone(pids, order):
    """Call order(), and return the seconds until every process has ended."""
    handles = [os.pidfd_open(pid) for pid in pids]
    began = time.monotonic()
    order()
    for handle in handles:
        if not select.select([handle], [], [], 30)[0]:
            raise AssertionError("a process did not end within 30 s")
        os.close(handle)
    return time.monotonic() - began


class Bench:
    """One kind of daemon on two hosts, and what was measured."""

    def __init__(self, lab, kind):
        self.kind = KINDS[kind]
        self.a, self.b, self.c = lab.build({"a": [f"{A}/24"], "b": [f"{B}/24"],
                                            "c": ["10.0.0.9/24"]})
        self.wire = Capture(self.c)
        self.found = {key: [] for key, *_ in FIGURES}
        for host in (self.a, self.b):
            echo = host.popen(PYTHON, HERE / "tools" / "udpecho.py", VIP, PORT, name="echo")
            echo.expect("^ready")

    def note(self, key, value):
        self.found[key].append(value)

    def pair(self, version):
        self.da = self.kind(self.a, text(version, HIGH)).start()
        self.db = self.kind(self.b, text(version, LOW)).start()
        self.da.wait_state("MASTER", 15)
        self.db.wait_state("BACKUP", 15)
        mark = self.wire.mark()
        self.wire.wait_adverts(2, since=mark, sender=A)

    def memory(self):
        """After the second burst of announcements, when nothing is due but the next advert."""
        time.sleep(1.2)
        nodes = [pss(daemon.outer_pids()) for daemon in (self.da, self.db)]
        self.note("pss", statistics.mean(nodes))
        self.note("pss-pair", sum(nodes))
        self.note("processes", len(self.da.outer_pids()))

    def orderly_stop(self):
        """The master is asked to stop while the client asks every millisecond."""
        client = self.c.popen(PYTHON, HERE / "tools" / "udpclient.py", VIP, PORT, 0.001, 3,
                              name="client")
        client.expect("^ready")
        time.sleep(1)
        gone = wait_gone(self.da.outer_pids(), lambda: self.da.proc.send(signal.SIGTERM))
        self.note("gone", gone * MS)
        client.wait(10)
        answer = json.loads(client.log().splitlines()[-1])
        self.note("silence", answer["silence"] * MS)
        self.da.proc.wait(10)

    def takeover(self, version):
        """The master dies without a word."""
        mark = self.wire.mark()
        self.da.kill()
        self.db.wait_state("MASTER", 15)
        first = self.wire.wait_adverts(1, since=mark, sender=B)[0]
        garp = self.wire.wait_garps(VIP, 1, since=mark, mac=self.b.mac())[0]
        last = self.wire.adverts(sender=A)[-1]
        unit = 1.0 if version == 2 else 0.01
        down = 3 * unit + (256 - LOW) / 256 * unit
        self.note(f"excess-v{version}", (first.time - last.time - down) * MS)
        self.note("garp", (garp.time - first.time) * MS)

    def end(self):
        for daemon in (self.da, self.db):
            if daemon.proc.alive():
                daemon.kill()
        for host in (self.a, self.b):
            if host.has(VIP):
                host.ip("addr", "del", f"{VIP}/24", "dev", "eth0")

    def run(self):
        self.pair(2)
        self.memory()
        self.orderly_stop()
        self.end()
        for version in (2, 3):
            self.pair(version)
            self.takeover(version)
            self.end()


def measure(kinds, runs):
    """Everything of every kind, the kinds taking turns."""
    found = {}
    for number in range(runs):
        for kind in kinds:
            print(f"  {kind}: run {number + 1} of {runs}", file=sys.stderr, flush=True)
            with Lab() as lab:
                bench = Bench(lab, kind)
                bench.run()
            for key, values in bench.found.items():
                found.setdefault(kind, {}).setdefault(key, []).extend(values)
    return found


def show(results):
    width = max(len(what) for _, what, *_ in FIGURES)
    print(f"\n{'':{width}}" + "".join(f"  {kind:>24}" for kind in results))
    for key, what, unit, digits in FIGURES:
        cells = []
        for found in results.values():
            values = found[key]
            middle, most = statistics.median(values), max(values)
            spread = f"(max {most:.{digits}f})" if len(set(values)) > 1 else ""
            cells.append(f"{middle:.{digits}f} {unit} {spread}".strip())
        print(f"{what:{width}}" + "".join(f"  {cell:>24}" for cell in cells))


def version_of(kind):
    path = KEEPALIVED if kind == "keepalived" else HOLDFASTD
    out = subprocess.run([path, "--version"], capture_output=True, text=True)
    return (out.stderr + out.stdout).splitlines()[0]


def main():
    parser = argparse.ArgumentParser(description="first figures, beside keepalived")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", choices=sorted(KINDS))
    args = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("smoke.py: makes network namespaces, so it must run as root")
    kinds = [args.only] if args.only else ["holdfast", "keepalived"]
    began = time.monotonic()
    results = measure(kinds, args.runs)
    print(f"\nMedians of {args.runs} runs on {os.cpu_count()} cores, Linux {os.uname().release}, "
          f"load {os.getloadavg()[0]:.1f}; {time.monotonic() - began:.0f} s")
    for kind in kinds:
        print(f"  {kind}: {version_of(kind)}")
    show(results)


if __name__ == "__main__":
    main()
