"""From what the witnesses wrote down to the figures of one run, and from these to a verdict.

All times are seconds since the epoch by one machine's clock.  An owner is a host that answers ARP
for the address, asked every millisecond; a silence is the time between two questions that reached
an owner and were answered, less what the machine took from the client, when nobody was asking.
"""
import re
import statistics
from dataclasses import dataclass, field

MS = 1000.0
PERIOD = 0.001
COUNTS = ("lost", "changes")
BLINK = 0.005    # an owner that missed this little was the machine's noise, when we ask who settled


@dataclass
class Records:
    """What was seen on one stage."""
    questions: list      # (time, number)
    answers: list        # (time at which the question reached the host, the host's letter)
    answered: set        # numbers of questions
    owners: list         # (time asked, {letters of the hosts that answered for the address})
    adverts: list        # (time, sender, priority)
    arps: list           # (time, letter): announcements of the address


def rows(text, width):
    """The complete lines of a witness, as words."""
    lines = text.rpartition("\n")[0].splitlines()
    return [words for words in map(str.split, lines) if len(words) >= width]


def read_records(ask, refer, hear, letters, vip):
    """letters: {MAC: letter}."""
    adverts, arps = [], []
    for when, kind, *words in rows(hear, 4):
        if kind == "advert":
            adverts.append((float(when), words[0], int(words[2])))
        elif words[0] == vip:
            arps.append((float(when), letters.get(words[1], "?")))
    asked = [(float(t), letter, int(number)) for t, letter, number in rows(ask, 3)]
    return Records([(t, number) for t, letter, number in asked if letter == "?"],
                   [(t, letter) for t, letter, _ in asked if letter != "?"],
                   {number for _, letter, number in asked if letter != "?"},
                   [(float(t), {letters.get(mac, "?") for mac in macs})
                    for t, *macs in rows(refer, 1)], adverts, arps)


def gaps(times, since, until):
    """(from, to) of the times without an event, from the last event before since."""
    before = [t for t in times if t <= since][-1:] or [since]
    marks = before + [t for t in times if since < t < until] + [until]
    return list(zip(marks, marks[1:]))


def longest_gap(times, since, until):
    return max(later - earlier for earlier, later in gaps(times, since, until))


def silence(records, since, until):
    """The longest time without an answer, less the time in which nobody asked."""
    times = [t for t, _ in records.questions]
    pauses = [(t + PERIOD, later) for t, later in zip(times, times[1:]) if later - t > 2 * PERIOD]

    def asked(earlier, later):
        return later - earlier - sum(max(0, min(to, later) - max(begin, earlier))
                                     for begin, to in pauses)
    return max(asked(*gap) for gap in gaps([t for t, _ in records.answers], since, until))


def lost(records, since, until):
    """Questions that were never answered; the last 0.2 s are left out, for those may be under way."""
    return sum(number not in records.answered for t, number in records.questions
               if since <= t < until - 0.2)


def longest_advert_gap(times, since, until):
    """The same between two adverts: the time that runs when the window ends is not a gap yet."""
    inside = [t for t in times if since < t < until]
    return longest_gap(times, since, inside[-1] if inside else until)


def time_of(owners, since, until, test):
    """Seconds in which the set of owners passed the test."""
    inside = [row for row in owners if since <= row[0] < until]
    return sum(later[0] - row[0] for row, later in zip(inside, inside[1:]) if test(row[1]))


def spells(owners, since, until):
    """[(from, to, number of owners)], the machine's blinks left out."""
    found = []
    inside = [row for row in owners if since <= row[0] < until]
    for row, later in zip(inside, inside[1:]):
        if found and found[-1][2] == len(row[1]):
            found[-1][1] = later[0]
        else:
            found.append([row[0], later[0], len(row[1])])
    return [spell for spell in found if spell[1] - spell[0] >= BLINK]


def settled(owners, since, until):
    """Seconds until one host alone was the owner for good; None when it never came to that."""
    spell = spells(owners, since, until)
    if not spell or spell[-1][2] != 1:
        return None
    wrong = [to for _, to, number in spell if number != 1]
    return wrong[-1] - since if wrong else 0.0


def announced(records, since, until):
    """Seconds until the last owner announced the address; None if it did not."""
    last = next((seen for t, seen in reversed(records.owners) if t < until and len(seen) == 1), set())
    times = [t for t, letter in records.arps if letter in last and since <= t < until]
    return times[0] - since if times else None


def measure(records, fault, mended, until, changes):
    """The figures of one run: a dictionary of numbers, None where a thing never happened."""
    return {
        "silence": silence(records, fault, until),
        "lost": lost(records, fault, until),
        "nobody": time_of(records.owners, fault, until, lambda seen: not seen),
        "two": time_of(records.owners, fault, until, lambda seen: len(seen) > 1),
        "settled": settled(records.owners, mended, until),
        "announced": announced(records, mended, until),
        "gap": longest_advert_gap([t for t, _, priority in records.adverts if priority], fault,
                                  until),
        "changes": changes,
    }


@dataclass
class Summary:
    """Several runs of one row for one daemon."""
    runs: list = field(default_factory=list)
    errors: list = field(default_factory=list)

    def values(self, key):
        return [run[key] for run in self.runs]

    def median(self, key):
        """None when a run has no value: never is worse than any time."""
        values = self.values(key)
        return statistics.median(values) if values and None not in values else None

    def worst(self, key):
        values = self.values(key)
        return max(values) if values and None not in values else None


@dataclass
class Target:
    """What a row must reach.  Times are judged by the median, for the machine's noise is in each;
    counts and the one owner by the worst run."""
    silence: float = None
    two: float = None
    settled: float = None
    announced: float = None
    gap: float = None
    lost: int = None
    changes: int = None

    def bounds(self):
        return [(key, bound) for key, bound in vars(self).items() if bound is not None]

    def words(self):
        return ", ".join(f"{key} <= {bound}" if key in COUNTS else f"{key} <= {bound * MS:g} ms"
                         for key, bound in self.bounds())

    def misses(self, summary):
        """What was not reached, in words."""
        missed = list(summary.errors)
        for key, bound in self.bounds() if summary.runs else ():
            value = summary.worst(key) if key in COUNTS else summary.median(key)
            if value is None or value > bound:
                missed.append(key)
        if summary.runs and None in summary.values("settled"):
            missed.append("no single owner in the end")
        return missed


def shown(summary, key, scale, digits):
    """"median (worst)", or one number where they are the same."""
    median, worst = summary.median(key), summary.worst(key)
    if median is None:
        return "never" if summary.runs else "-"
    texts = [f"{value * scale:.{digits}f}" for value in (median, worst)]
    return texts[0] if texts[0] == texts[1] else f"{texts[0]} ({texts[1]})"


def slug(text):
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
