#!/usr/bin/python3
"""Junk on protocol 112, ours beside Debian's keepalived, one after the other on the same machine.

usage: flood.py [RATE [SECONDS [KIND...]]]

Printed, never judged.  CPU is that of all processes of a daemon, master and backup; softirq time
that the kernel books on them by chance is in it.
"""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "net"))

from flood import ALL, Flooded  # noqa: E402
from lab import Lab  # noqa: E402
from peers import KINDS  # noqa: E402


def pair(values, form):
    return " / ".join(format(value, form) for value in values)


def main():
    rate = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 60
    kinds = sys.argv[3:] or ALL
    print(f"{rate} a second for {seconds:g} s: {' '.join(kinds)}")
    print(f"{'':12}{'sent/s':>9}{'longest gap':>13}{'CPU % m/b':>15}{'PSS KiB m/b':>14}"
          f"{'lines m/b':>12}{'changes':>9}{'queue':>8}")
    for name in ("holdfast", "keepalived"):
        with Lab() as lab:
            row = Flooded(lab, KINDS[name]).flood(rate, seconds, kinds)
        print(f"{name:12}{row['rate']:9.0f}{row['gap']:11.3f} s"
              f"{pair([100 * c for c in row['cpu']], '.1f'):>15}{pair(row['pss'], '+d'):>14}"
              f"{pair(row['lines'], 'd'):>12}{pair(row['changes'], 'd'):>9}"
              f"{pair(row['queue'], 'd'):>8}", flush=True)


if __name__ == "__main__":
    main()
