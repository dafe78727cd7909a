"""Random edits of a configuration, one after the other, and what must not be disturbed by them.

The witnesses are instances that no edit touches; they stand at the beginning, in the middle and at
the end of the file, on the same interface as those that come and go.
"""
import copy
import random

from peers import block, config, instance

WITNESSES = {"W_1": 11, "W_2": 12, "W_3": 13}
GUESTS = range(101, 109)                # VRIDs
INTERVAL = 0.3
SCRIPT = '#!/bin/sh\nexit 0\n'


def witness(name, priority):
    vrid = WITNESSES[name]
    return instance(name, vrid=vrid, priority=priority, interval=INTERVAL,
                    vips=[f"10.0.{vrid}.1/32", f"10.0.{vrid}.2/32"])


class Guest:
    """One instance as the edits see it."""

    def __init__(self, vrid):
        self.vrid = vrid
        self.name = f"G_{vrid}"
        self.priority = 150
        self.interval = 0.1
        self.vips = [f"10.1.{vrid}.{n}/32" for n in range(1, 4)]
        self.weight = None
        self.extra = []

    def text(self):
        track = [] if self.weight is None else ["track_script {", f"    chk weight {self.weight}",
                                                "}"]
        return instance(self.name, vrid=self.vrid, priority=self.priority, interval=self.interval,
                        vips=self.vips, extra=[*self.extra, *track])


class Editor:
    """A file that changes."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.guests = {vrid: Guest(vrid) for vrid in list(GUESTS)[:4]}
        self.check = 1.0

    def text(self, priority):
        guests = [self.guests[vrid].text() for vrid in self.order()]
        half = len(guests) // 2
        script = "\n".join(block("vrrp_script chk", ['script "/etc/holdfast/chk.sh"',
                                                     f"interval {self.check}"])) + "\n"
        return config(witness("W_1", priority), *guests[:half], witness("W_2", priority),
                      *guests[half:], witness("W_3", priority), version=3, before=script,
                      extra=["script_user root"])

    def order(self):
        vrids = sorted(self.guests)
        random.Random(self.dice.random()).shuffle(vrids)
        return vrids

    def edit(self):
        """One to three changes; returns their names."""
        names = self.dice.choices(list(EDITS), k=self.dice.randrange(1, 4))
        for name in names:
            EDITS[name](self)
        return names

    def any(self):
        return self.guests[self.dice.choice(sorted(self.guests))] if self.guests else Guest(199)

    # the edits

    def add(self):
        free = [vrid for vrid in GUESTS if vrid not in self.guests]
        if free:
            vrid = self.dice.choice(free)
            self.guests[vrid] = Guest(vrid)

    def remove(self):
        if self.guests:
            del self.guests[self.dice.choice(sorted(self.guests))]

    def rename(self):
        self.any().name = f"G_{self.dice.randrange(10**6)}"

    def prefer(self):
        self.any().priority = self.dice.randrange(1, 255)

    def pace(self):
        self.any().interval = self.dice.choice((0.1, 0.2, 0.5, 1))

    def address(self):
        guest = self.any()
        new = f"10.1.{guest.vrid}.{self.dice.randrange(4, 250)}/32"
        if new not in guest.vips:
            guest.vips.insert(self.dice.randrange(len(guest.vips) + 1), new)

    def drop(self):
        guest = self.any()
        if len(guest.vips) > 1:
            guest.vips.pop(self.dice.randrange(len(guest.vips)))

    def track(self):
        self.any().weight = self.dice.choice((None, 0, 10, -20))

    def rhythm(self):
        self.check = self.dice.choice((0.5, 1.0, 2.0))

    def habits(self):
        self.any().extra = self.dice.choice(([], ["nopreempt"], ["preempt_delay 1"],
                                             ["garp_master_refresh 1"], ["down_timer_adverts 5"]))

    def broken(self, text):
        """A text that nobody may put to work, for a witness would be lost by it."""
        return self.dice.choice((
            lambda: text[:self.dice.randrange(len(text) - 60)].rsplit("{", 1)[0] + "{\n",
            lambda: text.replace("virtual_router_id 12\n", "virtual_router_id 1200\n"),
            lambda: text.replace("10.0.13.2/32", "10.0.13.2222/32"),
            lambda: text.replace("vrrp_instance W_", "vrrp_instanze W_"),
            lambda: text.replace("interface eth0", "interface eht0", 1),
            lambda: text.replace("10.0.12.1/32", "10.0.12.1/32 dev eht0"),
            lambda: "# nothing\n",
            lambda: ""))()

    def copy(self):
        return copy.deepcopy(self)


EDITS = {name: getattr(Editor, name) for name in
         ("add", "remove", "rename", "prefer", "pace", "address", "drop", "track", "rhythm",
          "habits")}
