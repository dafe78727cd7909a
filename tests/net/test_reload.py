"""Reloads by difference: what a file does not change is not touched.

HF_EDITS=500 makes the long run; HF_SEED repeats one.
"""
import os

import pytest

from edits import INTERVAL, SCRIPT, WITNESSES, Editor
from lab import Lab, holds_for, wait_for
from wire import Capture

pytestmark = [pytest.mark.ours, pytest.mark.story]

EDITS = int(os.environ.get("HF_EDITS", "40"))
SEED = int(os.environ.get("HF_SEED", "4"))
MASTER = "10.0.0.5"
DOWN = 3 * INTERVAL             # a backup's patience, its skew time left out


class Edited:
    """A master whose file changes, a backup whose file does not, and who watches both."""

    def __init__(self, lab, kind):
        self.a, self.b, foe = lab.build({"a": [f"{MASTER}/24"], "b": ["10.0.0.6/24"],
                                         "c": ["10.0.0.7/24"]})
        for host in (self.a, self.b):
            host.write("/etc/holdfast/chk.sh", SCRIPT, "0755")
        self.wire = Capture(foe)
        self.editor = Editor(SEED)
        self.da = kind(self.a, self.editor.text(200)).start()
        self.db = kind(self.b, self.editor.text(100)).start()
        for name in WITNESSES:
            self.da.wait_state("MASTER", name=name)
            self.db.wait_state("BACKUP", name=name)
        self.settled()
        self.mark = self.wire.mark()
        self.since = {name: self.da.status().since(name) for name in WITNESSES}
        self.refused = 0

    def settled(self):
        """The second burst of announcements is over."""
        holds_for(lambda: all(self.a.has(f"10.0.{vrid}.1") for vrid in WITNESSES.values()), 1.3)

    def reload(self, text):
        """True when it was taken."""
        self.da.configure(text)
        return self.da.ctl("reload").returncode == 0

    def gaps(self, name):
        times = [f.time for f in self.wire.adverts(sender=MASTER, vrid=WITNESSES[name],
                                                   since=self.mark)]
        return [later - earlier for earlier, later in zip(times, times[1:])]


@pytest.fixture(scope="module")
def edited(ours):
    with Lab() as lab:
        yield Edited(lab, ours)


def test_random_edits_under_traffic(edited):
    for _ in range(EDITS):
        before = edited.editor.copy()
        edited.editor.edit()
        text = edited.editor.text(200)
        if edited.editor.dice.random() < 0.2:
            assert not edited.reload(edited.editor.broken(text))
            edited.refused += 1
            assert edited.da.status().daemon["reload_refused"]["error"]
            edited.editor.guests = before.guests
            continue
        assert edited.reload(text)
        status = edited.da.status()
        assert status.daemon["reload_refused"] is None
        names = {row["name"] for row in status.document["instances"]}
        assert names == {guest.name for guest in edited.editor.guests.values()} | set(WITNESSES)
    assert edited.refused or EDITS < 20


def test_the_witnesses_missed_no_deadline(edited):
    for name, vrid in WITNESSES.items():
        gaps = edited.gaps(name)
        assert max(gaps) < DOWN, f"{name} was silent"
        # who is late may be on time again for the next, and still there are no more than there is time for
        assert len(gaps) <= sum(gaps) / INTERVAL + 2, f"{name} spoke too often"
        assert not edited.wire.adverts(sender=MASTER, vrid=vrid, priority=0)
        assert edited.db.states(name) == ["BACKUP"]
        assert edited.da.status().since(name) == edited.since[name]


def test_nor_were_they_announced_again(edited):
    for vrid in WITNESSES.values():
        for n in (1, 2):
            assert not edited.wire.garps(f"10.0.{vrid}.{n}", since=edited.mark)


def test_the_guests_are_what_the_last_file_says(edited):
    def right():
        have = {a for a in edited.a.addresses() if a.startswith("10.1.")}
        status = edited.da.status()
        return have == {vip for guest in edited.editor.guests.values() for vip in guest.vips
                        if status.state(guest.name) == "MASTER"}
    assert edited.reload(edited.editor.text(200))
    wait_for(right, 10, "the addresses of the last file")


def test_an_equal_file_says_nothing(edited):
    edited.settled()
    mark, log = edited.wire.mark(), edited.da.proc.mark()
    for _ in range(10):
        edited.da.ctl("reload", check=True)
    lines = edited.da.log()[log:]
    assert "Entering" not in lines and "DELETED" not in lines
    frames = edited.wire.select(lambda f: f.is_arp() and f.source == edited.a.mac(), mark)
    own = {f"10.1.{g.vrid}.{n}" for g in edited.editor.guests.values() for n in range(256)
           if "garp_master_refresh 1" not in g.extra}
    assert not [f for f in frames if ".".join(str(o) for o in f.raw[28:32]) in own]
    assert not edited.wire.adverts(sender=MASTER, priority=0, since=mark)


def test_a_text_that_is_cut_short_takes_nothing_away(edited):
    """As an editor or a full disk leaves it; the witness at the end would be gone."""
    text = edited.editor.text(200)
    held = edited.a.addresses()
    assert not edited.reload(text[:text.rindex("virtual_ipaddress")] + "virtual_ipaddress {\n")
    assert "would be lost" in edited.da.status().daemon["reload_refused"]["error"]
    assert edited.a.addresses() == held
    assert edited.reload(text)
    assert edited.da.status().daemon["reload_refused"] is None


@pytest.mark.parametrize("wrong", ["interface eht0", "dev eht0",
                                   "track_interface {\n        eht0\n    }"])
def test_an_interface_that_is_not_there_takes_nothing_away(edited, wrong):
    """A slip in a name, of an instance that is master; the same name in a new instance may wait."""
    text = edited.editor.text(200)
    name = "eth0"
    if wrong.startswith("interface"):
        slip = text.replace(f"interface {name}", wrong, 1)
    elif wrong.startswith("dev"):
        slip = text.replace("10.0.11.1/32", f"10.0.11.1/32 {wrong}", 1)
    else:
        slip = text.replace(f"interface {name}", f"interface {name}\n    {wrong}", 1)
    assert slip != text
    held, since = edited.a.addresses(), edited.da.status().since("W_1")
    assert not edited.reload(slip)
    assert "the interface 'eht0', which does not exist" in \
        edited.da.status().daemon["reload_refused"]["error"]
    assert edited.a.addresses() == held
    assert edited.da.status().since("W_1") == since
    assert edited.reload(text)
    assert edited.da.status().daemon["reload_refused"] is None


def test_a_list_that_came_out_empty_takes_nothing_away(edited):
    """As a template leaves it."""
    text = edited.editor.text(200)
    held = edited.a.addresses()
    empty = "\n".join(line for line in text.splitlines() if "10.0.11." not in line) + "\n"
    assert not edited.reload(empty)
    assert "W_1" in edited.da.status().daemon["reload_refused"]["error"]
    assert edited.a.addresses() == held
    assert edited.reload(text)


def test_a_script_that_cannot_be_run_takes_nothing_away(edited):
    """Its failure would be a fault of the instance at once."""
    text = edited.editor.text(200)
    held, since = edited.a.addresses(), edited.da.status().since("W_1")
    gone = 'vrrp_script gone {\n    script "/etc/holdfast/gone.sh"\n}\n'
    slip = text.replace("vrrp_instance W_1", gone + "vrrp_instance W_1", 1)
    slip = slip.replace("interface eth0",
                        "interface eth0\n    track_script {\n        gone\n    }", 1)
    assert not edited.reload(slip)
    assert "the script 'gone', which cannot be run" in \
        edited.da.status().daemon["reload_refused"]["error"]
    assert edited.a.addresses() == held
    edited.a.write("/etc/holdfast/gone.sh", SCRIPT, "0755")
    assert edited.reload(slip)
    assert edited.da.status().since("W_1") == since
    assert edited.reload(text)
