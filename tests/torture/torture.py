#!/usr/bin/python3
"""`make torture`: the fault matrix on a real pair, beside Debian's keepalived in the same run.

usage: torture.py [--runs N] [--rows KEY,KEY...|all-rows] [--only KIND] [--out FILE] [--evidence DIR]

Both pairs stand at the same time, each on a bridge of its own, so that the machine's noise falls on
both.  Exit status 0 when Holdfast met every target.
"""
import argparse
import json
import platform
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from stage import KINDS, ROOT, Lab, Stage  # noqa: E402
from faults import FAULTS  # noqa: E402
from figures import MS, Summary, shown  # noqa: E402

COLUMNS = [  # figure, heading, factor, digits, width
    ("silence", "silence ms", MS, 1, 17), ("lost", "lost", 1, 0, 13), ("nobody", "no owner s", 1, 3, 14),
    ("two", "two owners s", 1, 3, 14), ("settled", "settled s", 1, 3, 14),
    ("announced", "announced s", 1, 3, 14), ("gap", "adverts' gap s", 1, 3, 15),
    ("changes", "changes", 1, 0, 9),
]


def evidence(folder, fault, stage, figures, records):
    """What a finding needs: both logs, and what was on the wire around the fault."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"{fault.title}: {json.dumps(figures)}", f"fault at {stage.fault:.6f}, mended at "
             f"{stage.mended:.6f}; times below are seconds after the fault", "", "on the wire:"]
    wire = [(t, f"advert of {sender}, priority {priority}")
            for t, sender, priority in records.adverts]
    wire += [(t, f"announcement by {letter}") for t, letter in records.arps]
    answers = records.answers
    wire += [(t, f"the client had no answer for {(later - t) * MS:.1f} ms; then {letter} answers")
             for (t, _), (later, letter) in zip(answers, answers[1:]) if later - t > 0.01]
    lines += [f"  {t - stage.fault:+9.4f} {what}" for t, what in sorted(wire)[:2000]]
    for name, daemon in (("a", stage.master), ("b", stage.backup)):
        lines += ["", f"log of {name}:", daemon.log()]
    (folder / f"{fault.key}-{stage.kind}.txt").write_text("\n".join(lines), errors="replace")


def one_run(fault, kind, summary, folder):
    """Errors of the stage count as a miss, and the matrix goes on."""
    try:
        with Lab() as lab:
            stage = Stage(lab, kind, fault.interval, fault.version, fault.many).ready()
            figures, records = stage.strike(fault.act, fault.window)
            summary.runs.append(figures)
            evidence(folder, fault, stage, figures, records)
    except Exception as error:                 # pylint: disable=broad-except
        summary.errors.append(f"{type(error).__name__}: {str(error).splitlines()[0]}")


def run_row(fault, kinds, runs, folder):
    summaries = {kind: Summary() for kind in kinds if fault.only in (None, kind)}
    for _ in range(runs):
        pairs = [threading.Thread(target=one_run, args=(fault, kind, summary, folder))
                 for kind, summary in summaries.items()]
        for pair in pairs:
            pair.start()
        for pair in pairs:
            pair.join()
    return summaries


def print_row(fault, summaries):
    print(f"\n{fault.title}\n    target: {fault.target.words()}")
    for kind, summary in summaries.items():
        cells = [f"{shown(summary, key, scale, digits):>{width}}"
                 for key, _, scale, digits, width in COLUMNS]
        missed = fault.target.misses(summary)
        verdict = f"NOT MET: {', '.join(missed)}" if missed else "met"
        print(f"    {kind:<10}{''.join(cells)}  {verdict}", flush=True)


def print_head(runs):
    print(f"Medians of {runs} runs (the worst in brackets); Linux {platform.release()}; the client "
          "and the referee ask every millisecond.\nA master of priority 100 and a backup of 80, "
          "advert_int 1 s and VRRPv2 where nothing else is said.\n")
    print(" " * 14 + "".join(f"{heading:>{width}}" for _, heading, _, _, width in COLUMNS))


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--rows", default="")
    parser.add_argument("--only", choices=sorted(KINDS))
    parser.add_argument("--out", type=Path)
    parser.add_argument("--evidence", type=Path, default=ROOT / "build" / "torture")
    args = parser.parse_args()
    wanted = args.rows.split(",") if args.rows else []
    known = {fault.key for fault in FAULTS} | {"all-rows"}
    if set(wanted) - known:
        parser.error(f"no row {', '.join(set(wanted) - known)}; there are {', '.join(known)}")
    args.faults = [fault for fault in FAULTS if fault.key in wanted or "all-rows" in wanted
                   or not (wanted or fault.extra)]
    args.kinds = [args.only] if args.only else ["holdfast", "keepalived"]
    return args


def main():
    args = arguments()
    print_head(args.runs)
    report, missed = [], 0
    for fault in args.faults:
        summaries = run_row(fault, args.kinds, args.runs, args.evidence)
        print_row(fault, summaries)
        ours = summaries.get("holdfast")
        missed += bool(ours and fault.target.misses(ours))
        report.append({"row": fault.key, "title": fault.title, "target": vars(fault.target),
                       "daemons": {kind: vars(s) | {"missed": fault.target.misses(s)}
                                   for kind, s in summaries.items()}})
    print(f"\n{len(args.faults) - missed} passed, {missed} failed")
    if args.out:
        args.out.write_text(json.dumps(report, indent=1))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
