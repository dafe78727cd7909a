#!/usr/bin/python3
"""Thousands of reloads: does anything grow?

usage: reloads.py [COUNT]

Two files in turn, which differ in an address, a priority and an instance.  Prints the proportional
set size and the open descriptors of all processes of the daemon after a tenth, and at the end.
"""
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "net"))

from control import Control  # noqa: E402
from edits import SCRIPT, Editor  # noqa: E402
from flood import descriptors, longest, pss, raw_queue  # noqa: E402
from lab import Lab  # noqa: E402
from peers import Holdfast  # noqa: E402
from wire import Capture  # noqa: E402

MASTER, WITNESS = "10.0.0.5", 11


def figures(daemon):
    """After the new spare has been prepared."""
    time.sleep(1.5)
    pids = daemon.outer_pids()
    return pss(pids), descriptors(pids), len(pids), raw_queue(daemon.host)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with Lab() as lab:
        host, foe = lab.build({"a": [f"{MASTER}/24"], "b": ["10.0.0.6/24"]})
        host.write("/etc/holdfast/chk.sh", SCRIPT, "0755")
        editor = Editor(1)
        files = [editor.text(200)]
        for edit in (editor.add, editor.drop, editor.prefer):
            edit()
        files.append(editor.text(200))
        daemon = Holdfast(host, files[0]).start().wait_state("MASTER", name="W_1")
        wire = Capture(foe, mac=host.mac())
        control = Control(daemon)
        began, refused, first = time.monotonic(), 0, None
        path = Path(f"/proc/{host.pid}/root{daemon.path}")
        for n in range(count):
            if n == count // 10:
                first = figures(daemon)
            path.write_text(files[n % 2])
            refused += not control.ask("reload")["ok"]
        took = time.monotonic() - began
        last = figures(daemon)
        times = [f.time for f in wire.adverts(sender=MASTER, vrid=WITNESS)]
        print(f"{count} reloads in {took:.0f} s, {refused} refused; the longest gap between a "
              f"witness's adverts {longest(times, took) * 1000:.0f} ms of 100")
        for name, row in (("after a tenth", first), ("at the end", last)):
            print(f"{name:14} PSS {row[0]} KiB, {row[1]} descriptors, {row[2]} processes, "
                  f"{row[3]} octets in raw sockets")


if __name__ == "__main__":
    main()
