"""Who may do what: the processes' rights, and who may steer the daemon."""
import os
import signal

import pytest

from lab import wait_for
from pairlab import add_system_user
from peers import HOLDFASTCTL, config, instance

TEXT = config(instance(interval=0.1), version=3)

pytestmark = pytest.mark.ours


@pytest.fixture
def host(lab):
    host = lab.host("a", "10.0.0.5/24")
    add_system_user(host)
    return host


@pytest.fixture
def daemon(host, ours):
    return ours(host, TEXT).start().wait_state("MASTER")


def as_member(host, *words):
    """A user who may connect, but is not root."""
    return host.run("setpriv", "--reuid", "nobody", "--regid", "holdfast", "--clear-groups",
                    *words, check=False)


class TestSteering:
    def test_a_reader_is_told_why_not_and_nothing_changes(self, daemon, host):
        done = as_member(host, HOLDFASTCTL, "--control", daemon.socket, "reload")
        assert done.returncode == 1
        assert "'reload' is for root and for the user who started the daemon only" in done.stderr
        daemon.expect(r"'reload' was refused to user \d+, process \d+")
        assert daemon.status().document["daemon"]["reloads"] == 0

    def test_every_steering_hand_is_in_the_log(self, daemon):
        assert daemon.ctl("reload").returncode == 0
        daemon.expect(r"'reload' was asked for by user 0, process \d+")
        wait_for(lambda: daemon.status().document["daemon"]["reloads"] == 1, what="the reload")


HOARDER = """
import socket, sys, time
kept = []
try:
    for _ in range(1024):
        kept.append(socket.socket(socket.AF_UNIX))
        kept[-1].connect(sys.argv[1])
except OSError as error:
    print(error)
print("full", flush=True)
while True:                     # those that were sent away come back
    for i, one in enumerate(kept):
        try:
            if one.recv(1, socket.MSG_DONTWAIT | socket.MSG_PEEK):
                continue
        except BlockingIOError:
            continue
        except OSError:
            pass
        one.close()
        kept[i] = socket.socket(socket.AF_UNIX)
        kept[i].connect(sys.argv[1])
"""

FLOODER = """
import socket, sys
print("full", flush=True)
while True:                     # the queue of the socket is full at any time
    one = socket.socket(socket.AF_UNIX)
    one.setblocking(False)
    try:
        one.connect(sys.argv[1])
    except BlockingIOError:
        pass
    one.close()
"""


class TestCrowd:
    """One user of the group cannot keep root or other users from an answer."""

    @pytest.mark.parametrize("crowd", [HOARDER, FLOODER], ids=["hoarders", "flooders"])
    def test_root_and_others_are_answered(self, daemon, host, crowd):
        foes = [host.popen("setpriv", "--reuid", "nobody", "--regid", "holdfast", "--clear-groups",
                           "python3", "-c", crowd, daemon.socket, name=f"foe{n}")
                for n in range(4)]
        for foe in foes:
            foe.expect("full", 30)
        for _ in range(10):
            assert daemon.ctl("status", "VI_1").returncode == 0
            done = host.run("setpriv", "--reuid", "daemon", "--regid", "holdfast",
                            "--clear-groups", HOLDFASTCTL, "--control", daemon.socket, "status",
                            "VI_1", check=False)
            assert done.returncode == 0, done.stderr
        assert daemon.ctl("reload").returncode == 0
        assert daemon.states() == ["BACKUP", "MASTER"], "nor does it cost an address"


def status_of(pid):
    """/proc/PID/status as a dictionary."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as f:
        return dict(line.rstrip("\n").split(":\t", 1) for line in f if ":\t" in line)


def named(daemon, name):
    """The daemon's process of that name, as the outer PID."""
    def found():
        for pid in daemon.outer_pids():
            try:
                if status_of(pid)["Name"] == name:
                    return pid
            except (FileNotFoundError, ProcessLookupError):
                continue
        return None
    return wait_for(found, what=f"a process {name}")


NET_ADMIN, NET_RAW, SETUID = 1 << 12, 1 << 13, 1 << 7


class TestProcesses:
    def test_the_engine_has_two_rights_and_no_other(self, daemon, host):
        uid = int(host.run("id", "-u", "holdfast").stdout)
        gid = int(host.run("id", "-g", "holdfast").stdout)
        for name in ("holdfast:engine", "holdfast:spare"):
            status = status_of(named(daemon, name))
            assert {int(n) for n in status["Uid"].split()} == {uid}
            assert {int(n) for n in status["Gid"].split()} == {gid}
            assert status["Groups"].split() == []
            assert int(status["CapEff"], 16) == int(status["CapPrm"], 16) == NET_ADMIN | NET_RAW
            for rest in ("CapInh", "CapBnd", "CapAmb"):
                assert int(status[rest], 16) == 0, rest
            assert status["NoNewPrivs"] == "1"
            assert status["Seccomp"] == "2"

    def test_the_runner_has_none_over_the_network(self, daemon):
        status = status_of(named(daemon, "holdfast-runner"))
        for rights in ("CapEff", "CapPrm", "CapInh", "CapAmb"):
            assert int(status[rights], 16) & (NET_ADMIN | NET_RAW) == 0, rights
        assert int(status["CapEff"], 16) & SETUID

    def test_without_the_user_it_stays_root_and_says_so(self, lab, ours):
        host = lab.host("b", "10.0.0.6/24")
        host.run("userdel", "holdfast", check=False)
        daemon = ours(host, TEXT).start().wait_state("MASTER")
        daemon.expect(r"user 'holdfast' is not known on this host: the engine stays root")
        status = status_of(named(daemon, "holdfast:engine"))
        assert int(status["CapEff"], 16) == NET_ADMIN | NET_RAW
        assert status["Seccomp"] == "2"


def boxed(ours, host, *capabilities):
    """The daemon as a container starts it: root with these capabilities and no other."""
    daemon = ours(host, TEXT)
    keep = ",".join(f"+{word}" for word in capabilities)
    daemon.proc = host.popen("setpriv", "--bounding-set", f"-all,{keep}", "--inh-caps", "-all",
                             *daemon.argv(), name=daemon.kind)
    return daemon


class TestContainer:
    def test_two_capabilities_are_enough(self, host, ours):
        daemon = boxed(ours, host, "net_admin", "net_raw")
        daemon.wait_state("MASTER")
        assert host.has("10.0.0.100")
        for name, effect in (("SETUID", "scripts and the engine run as the daemon's own user"),
                             ("CHOWN", "the control socket is for the daemon's own user only"),
                             ("SYS_NICE", "adverts may be late on a busy host")):
            daemon.expect(f"capability CAP_{name} is missing: {effect}")
        assert "CAP_NET" not in daemon.log()
        status = status_of(named(daemon, "holdfast:engine"))
        assert int(status["CapEff"], 16) == NET_ADMIN | NET_RAW
        assert status["Seccomp"] == "2"
        assert daemon.ctl("reload").returncode == 0
        daemon.stop()
        assert not host.has("10.0.0.100")

    def test_a_user_without_root_is_enough(self, host, ours):
        host.run("install", "-d", "-o", "nobody", "/run/box")
        user = ("--reuid", "nobody", "--regid", "nogroup", "--clear-groups")
        daemon = ours(host, TEXT)
        daemon.pidfile, daemon.socket = "/run/box/pid", "/run/box/sock"
        keep = "+net_admin,+net_raw"
        daemon.proc = host.popen("setpriv", *user, "--inh-caps", f"-all,{keep}",
                                 "--ambient-caps", f"-all,{keep}", *daemon.argv(),
                                 name=daemon.kind)
        daemon.wait_state("MASTER")
        assert host.has("10.0.0.100")
        assert host.run("setpriv", *user, HOLDFASTCTL, "--control", daemon.socket,
                        "reload").returncode == 0

    def test_without_net_admin_the_log_says_what_cannot_be_done(self, host, ours):
        daemon = boxed(ours, host, "net_raw")
        daemon.expect("capability CAP_NET_ADMIN is missing: cannot add or delete virtual addresses")

    def test_without_net_raw_it_does_not_start_and_says_why(self, host, ours):
        daemon = boxed(ours, host, "net_admin")
        daemon.expect("capability CAP_NET_RAW is missing: cannot send or receive adverts")
        assert daemon.proc.wait() != 0


SCRIPT = 'vrrp_script chk {\n    script "/bin/true"\n    interval 1\n}\n'


class TestRunner:
    def test_a_dead_runner_is_replaced_and_costs_nothing(self, host, ours):
        tracks = instance(interval=0.1, extra=["track_script {", "    chk", "}"])
        daemon = ours(host, config(tracks, version=3, before=SCRIPT)).start()
        daemon.wait_state("MASTER")
        began = len(daemon.states())
        for _ in range(2):
            mark = daemon.proc.mark()
            old = named(daemon, "holdfast-runner")
            os.kill(old, signal.SIGKILL)
            daemon.expect(r"Script runner, PID \d+, died of signal 9", since=mark)
            daemon.expect(r"Script runner, PID \d+, begins", since=mark)
            assert named(daemon, "holdfast-runner") != old
        again = daemon.status().daemon["uptime_s"] + 1
        wait_for(lambda: daemon.status().daemon["uptime_s"] > again and
                 daemon.status().check("chk")["age_s"] < 1, what="a run of the new runner")
        assert daemon.status().check("chk")["result"] == "good"
        assert len(daemon.states()) == began
        assert daemon.state() == "MASTER"
        assert daemon.ctl("reload").returncode == 0
