"""Scripts that misbehave in every way at once: other checks and the adverts are not delayed."""
import re
import time

import pytest

from flood import longest
from lab import HERE, PYTHON, wait_for
from peers import config, instance
from test_scripts import script_block
from wire import Capture

pytestmark = pytest.mark.ours

MASTER, INTERVAL, BEAT = "10.0.0.5", 0.1, 0.5
DEAD, HOME = "/mnt/dead", "/etc/holdfast/late"
SCRIPTS = {
    "hang": "sleep 1000",
    "stubborn": "trap '' TERM\nsleep 1001 & sleep 1001 & wait; sleep 1001",
    "forker": "for i in $(seq 100); do sleep 1002 & done\nwait",
    "leaver": "for i in $(seq 20); do setsid sleep 1003 & done\nsleep 1003",
    "flood": "while :; do echo 0123456789012345678901234567890123456789; done\n",
    "gone": f"cat {DEAD}/file",                     # uninterruptible, once DEAD is mounted
    "late": "sleep 1004",                           # its own file will be on a dead file system
}


class Stuck:
    """A master with all of them, and one check that works."""

    def __init__(self, lab, kind):
        self.host, foe = lab.build({"a": [f"{MASTER}/24"], "b": ["10.0.0.6/24"]})
        self.host.sh(f"mkdir -p {DEAD} {HOME}")
        for name, body in SCRIPTS.items():
            self.host.write(self.path(name), f"#!/bin/sh\n[ -e /run/evil ] || exit 0\n{body}\n",
                            "0755")
        self.host.write("/etc/holdfast/beat", "#!/bin/sh\ndate +%s.%N >> /run/beats\n", "0755")
        checks = "".join(script_block(name, self.path(name), 1, "timeout 1", "weight 1")
                         for name in SCRIPTS)
        checks += script_block("beat", "/etc/holdfast/beat", BEAT, "weight 1")
        track = ["track_script {", *(f"    {name}" for name in (*SCRIPTS, "beat")), "}"]
        self.daemon = kind(self.host, config(instance(interval=INTERVAL, extra=track), version=3,
                                             extra=["script_user root"], before=checks)).start()
        self.daemon.wait_state("MASTER")
        self.verdicts("good")
        self.wire = Capture(foe, mac=self.host.mac())
        self.wire.wait_adverts(2)

    @staticmethod
    def path(name):
        return f"{HOME}/late" if name == "late" else f"/etc/holdfast/{name}"

    def verdicts(self, want):
        def right():
            status = self.daemon.status()
            return all(status.check(name)["verdict"] == want for name in SCRIPTS)
        wait_for(right, 20, f"every verdict to be {want}")

    def dead(self, directory):
        with open("/dev/fuse", "r+b", buffering=0) as fuse:
            proc = self.host.popen(PYTHON, HERE / "tools" / "deadfs.py", directory, name="deadfs",
                                   stdin=fuse)
        self.host.lab.closers.append(proc.popen.kill)
        proc.expect("^ready")
        return proc

    def uninterruptible(self):
        return [row for row in self.host.processes() if row[1].startswith("D")]

    def beats(self):
        return [float(line) for line in self.host.read("/run/beats").split()]


@pytest.fixture
def stuck(lab, ours):
    return Stuck(lab, ours)


def test_nobody_else_is_delayed(stuck):
    dead = [stuck.dead(DEAD), stuck.dead(HOME)]
    mark, began = stuck.wire.mark(), time.time()
    stuck.host.write("/run/evil", "")
    stuck.verdicts("failed")
    wait_for(lambda: len(stuck.uninterruptible()) >= 2, 10, "scripts that cannot be killed")
    wait_for(lambda: re.search("previous run is still being killed",
                               stuck.daemon.status().check("gone")["detail"] or ""), 10, "its word")
    time.sleep(5)               # who waits for a dead file system waits for all of it
    took = time.time() - began
    times = [f.time for f in stuck.wire.adverts(since=mark)]
    assert longest(times, took) < took / 2 and len(times) > 10
    beats = [beat for beat in stuck.beats() if beat >= began]
    assert longest(beats, took) < took / 2 and len(beats) > 2
    assert stuck.daemon.states() == ["BACKUP", "MASTER"]
    stuck.host.run("rm", "/run/evil")
    for proc in dead:
        proc.stop(9)
    stuck.host.sh(f"umount -l {DEAD}; umount -l {HOME}")
    stuck.verdicts("good")
    wait_for(lambda: not stuck.uninterruptible() and not stuck.host.zombies(0), 10, "none left")


def test_a_stop_does_not_wait_for_what_cannot_be_killed(stuck):
    dead = stuck.dead(DEAD)
    stuck.host.write("/run/evil", "")
    wait_for(stuck.uninterruptible, 10, "a script that cannot be killed")
    mark = stuck.wire.mark()
    assert stuck.daemon.stop(15) == 0
    assert len(stuck.wire.wait_adverts(1, priority=0, since=mark)) == 1
    assert not stuck.host.has("10.0.0.100")
    dead.stop(9)
