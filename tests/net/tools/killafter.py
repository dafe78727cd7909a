"""Kills a program at the moment at which a run of another one has ended.

usage: killafter.py RUN TARGET, both as the kernel names processes (15 octets)

It does nothing but look, so that it acts at once on a machine that is busy.
"""
import os
import signal
import sys
import time


def named(name):
    """Living processes of that name."""
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as stat:
                text = stat.read()
        except OSError:
            continue
        if text[text.index("(") + 1:text.rindex(")")] == name and text.rpartition(")")[2][1] not in "ZX":
            found.append(int(entry))
    return found


def main():
    run, target = sys.argv[1:]
    for wanted in (True, False):            # begun, and ended
        while bool(named(run)) != wanted:
            time.sleep(0.01)
    for pid in named(target):
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
