"""A new binary takes the place of a running daemon, and nobody notices."""
import json
import pathlib

import pytest

from lab import wait_for
from peers import HOLDFASTCTL, HOLDFASTD, Holdfast, config, instance
from test_crash import ENGINE, SPARE, VIP, engine_of, spare_of
from test_faults import Monitor
from wire import Capture

pytestmark = pytest.mark.ours
UPGRADES = 5
UNIT = pathlib.Path(__file__).resolve().parents[2] / "etc" / "holdfast.service"


class Pair:
    """A master at 0.1 s, its backup, and a listener."""

    def __init__(self, lab):
        self.a, self.b, c = lab.build({"a": ["10.0.0.5/24"], "b": ["10.0.0.6/24"],
                                       "c": ["10.0.0.9/24"]})
        self.wire = Capture(c)
        self.master = Holdfast(self.a, config(instance(interval=0.1, priority=200), version=3))
        self.master.start().wait_state("MASTER")
        self.backup = Holdfast(self.b, config(instance(interval=0.1), version=3)).start()
        self.backup.wait_state("BACKUP")
        spare_of(self.a)

    def upgrade(self, *binary):
        return self.master.ctl("upgrade", *binary)


@pytest.fixture
def pair(lab):
    return Pair(lab)


def test_upgrades_are_not_seen(pair):
    keeper = pair.master.proc.inner_pid
    watch = pair.a.popen(HOLDFASTCTL, "--control", pair.master.socket, "watch")
    watch.expect("watching")
    monitor = Monitor(pair.a)
    for _ in range(UPGRADES):
        before, mark = engine_of(pair.a), pair.wire.mark()
        done = pair.upgrade()
        assert (done.returncode, done.stdout) == (0, "The daemon has been upgraded.\n")
        assert engine_of(pair.a) != before
        pair.wire.wait_adverts(2, since=mark)
        spare_of(pair.a)
    assert pair.master.proc.inner_pid == keeper
    assert pair.master.status().document["pid"] == keeper
    assert pair.master.states() == ["BACKUP", "MASTER"] and pair.backup.states() == ["BACKUP"]
    assert pair.wire.adverts(sender="10.0.0.6") == pair.wire.adverts(priority=0) == []
    assert not any("Deleted" in line for line in monitor.changes())
    assert len(pair.a.pids(ENGINE)) == len(pair.a.pids(SPARE)) == 1
    # who watched still watches, and the daemon stops and reloads as ever
    pair.master.reload()
    pair.master.expect("Reload complete")
    assert pair.master.stop() == 0
    watch.expect(r"VI_1.*Stopped", 5)
    assert not pair.a.has(VIP) and pair.a.zombies() == []
    assert not pair.a.exists(pair.master.pidfile) and not pair.a.exists(pair.master.socket)


def test_what_runs_already_is_left_alone_if_that_is_asked_for(pair):
    """The same file, or a new one of the same content; another program is taken."""
    pair.a.copy_in(HOLDFASTD, "/opt/same", "0755")
    before, mark = engine_of(pair.a), pair.master.proc.mark()
    for binary in ([], ["/opt/same"]):
        done = pair.upgrade("--if-changed", *binary)
        assert (done.returncode, done.stdout) == \
            (0, "The daemon runs this program already: nothing is to be done.\n")
        assert json.loads(pair.upgrade("--if-changed", "--json", *binary).stdout)["upgraded"] is False
    assert engine_of(pair.a) == before and "Upgrad" not in pair.master.log()[mark:]
    pair.a.sh("cp /opt/same /opt/other && chmod 755 /opt/other && echo >> /opt/other")
    done = pair.upgrade("--if-changed", "/opt/other")
    assert (done.returncode, done.stdout) == (0, "The daemon has been upgraded.\n")
    assert engine_of(pair.a) != before
    assert pair.upgrade("/opt/other").stdout == "The daemon has been upgraded.\n"
    assert pair.master.ctl("status", "--if-changed").returncode == 64


def test_the_units_reload_is_both(pair):
    """What `systemctl reload` runs: another configuration, then the program as it is now on the disk."""
    lines = [line.split("=", 1)[1].split() for line in UNIT.read_text().splitlines()
             if line.startswith("ExecReload=")]
    pair.master.configure(config(instance(interval=0.1, priority=190), version=3))
    before, mark = engine_of(pair.a), pair.wire.mark()
    for line in lines:
        assert line[:3] == ["/usr/sbin/holdfastctl", "--daemon", "$MAINPID"]
        assert pair.master.ctl(*line[3:]).returncode == 0  # by --control here
    assert engine_of(pair.a) == before          # the program has not changed
    assert pair.wire.wait_adverts(1, priority=190, since=mark)
    assert pair.master.states() == ["BACKUP", "MASTER"] and pair.backup.states() == ["BACKUP"]


@pytest.mark.parametrize("binary,mode,why", [
    ("/bin/true", "0755", "it does not say that it can take over"),
    ("/bin/echo", "0755", "--prove"),
    ("/bin/true", "0644", "it cannot be executed: Permission denied"),
    ("/bin/true", "0777", "others than its owner can write it"),
    ("/etc/passwd", "0755", "it is not an ELF program"),
])
def test_a_binary_that_cannot_is_refused(pair, binary, mode, why):
    pair.a.copy_in(binary, "/opt/new", mode)
    engine, mark = engine_of(pair.a), pair.wire.mark()
    done = pair.upgrade("/opt/new")
    assert done.returncode == 1 and why in done.stderr
    pair.master.expect(f"Upgrade refused, the running daemon goes on: /opt/new: .*{why}")
    pair.wire.wait_adverts(3, since=mark)
    assert engine_of(pair.a) == engine and pair.backup.states() == ["BACKUP"]
    assert pair.upgrade().returncode == 0


def test_a_binary_that_is_not_there_is_the_operators_mistake(pair):
    done = pair.upgrade("/opt/new")
    assert done.returncode == 1
    assert done.stderr == "holdfastctl: cannot open /opt/new: No such file or directory\n"


def test_a_newer_file_at_our_path_is_taken(pair):
    """What a package does: a new file, renamed over the one that runs."""
    pair.a.copy_in(HOLDFASTD, "/opt/holdfastd", "0755")
    assert pair.upgrade("/opt/holdfastd").returncode == 0
    keeper = pair.master.proc.inner_pid
    exe = f"/proc/{keeper}/exe"
    assert pair.a.run("readlink", exe).stdout == "/opt/holdfastd\n"
    assert pair.a.read(f"/proc/{keeper}/comm") == "holdfastd\n"
    pair.a.copy_in(HOLDFASTD, "/opt/holdfastd.new", "0755")
    pair.a.run("mv", "/opt/holdfastd.new", "/opt/holdfastd")
    assert pair.a.run("readlink", exe).stdout == "/opt/holdfastd (deleted)\n"
    assert pair.upgrade().returncode == 0
    assert pair.a.run("readlink", exe).stdout == "/opt/holdfastd\n"
    assert pair.backup.states() == ["BACKUP"]


def test_an_upgrade_is_for_root(pair):
    done = pair.a.run("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups",
                      HOLDFASTCTL, "--control", pair.master.socket, "upgrade", check=False)
    assert done.returncode == 3 and pair.master.ctl("status", "VI_1").returncode == 0


def test_a_crash_after_an_upgrade_is_as_before(pair):
    assert pair.upgrade().returncode == 0
    spare, mark = spare_of(pair.a), pair.wire.mark()
    pair.a.kill(engine_of(pair.a))
    pair.wire.wait_adverts(4, since=mark)
    wait_for(lambda: pair.a.pids(ENGINE) == [spare], 5, "the spare to be the engine")
    status = json.loads(pair.master.ctl("status", "--json", check=True).stdout)
    assert status["instances"][0]["state"] == "MASTER"
    assert pair.backup.states() == ["BACKUP"]
