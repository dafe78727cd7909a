"""What a process inherits: from whoever starts the daemon, and from the daemon."""
import itertools
import os
import signal

import pytest

from lab import wait_for
from peers import HOLDFASTCTL, HOLDFASTD, block, config, instance
from test_crash import SPARE, engine_of, spare_of
from test_rights import named

pytestmark = pytest.mark.ours
TEXT = config(instance(interval=0.1), version=3)
CLOSED = [which for n in (1, 2, 3) for which in itertools.combinations((0, 1, 2), n)]
SOFT = 321


@pytest.fixture
def host(lab):
    return lab.host("a", "10.0.0.5/24")


def closing(which):
    return " ".join(f"{fd}{'<' if fd == 0 else '>'}&-" for fd in which)


class TestClosedDescriptors:
    @pytest.mark.parametrize("which", CLOSED, ids=lambda which: "".join(map(str, which)))
    def test_it_starts_into_the_background(self, host, ours, which):
        daemon = ours(host, TEXT)
        command = " ".join(str(word) for word in daemon.argv() if word not in ("-n", "-l"))
        assert host.sh(f"exec {command} {closing(which)}", check=False).returncode == 0
        wait_for(lambda: daemon.state() == "MASTER", 10, "a master")
        keeper, spare = int(host.read(daemon.pidfile)), spare_of(host)
        # no file of ours has come to stand where somebody would write a message
        for pid in (keeper, spare, engine_of(host)):
            for fd in which:
                assert host.run("readlink", f"/proc/{pid}/fd/{fd}").stdout == "/dev/null\n"
        engine = engine_of(host)
        host.kill(engine)
        wait_for(lambda: host.pids(SPARE) not in ([], [spare]), 10, "the next spare")
        assert daemon.state() == "MASTER"
        assert daemon.ctl("upgrade").returncode == 0
        host.kill(keeper, signal.SIGTERM)
        wait_for(lambda: not host.exists(daemon.pidfile), 10, "the end")
        assert not host.has("10.0.0.100")

    def test_it_starts_in_the_foreground(self, host, ours):
        daemon = ours(host, TEXT)
        command = " ".join(str(word) for word in daemon.argv() if word != "-l")
        daemon.proc = host.popen("sh", "-c", f"exec {command} {closing((0, 1, 2))}")
        daemon.wait_state("MASTER")
        spare_of(host)
        assert daemon.stop() == 0

    def test_what_cannot_be_said_is_an_error_as_ever(self, host, ours):
        daemon = ours(host, TEXT).start().wait_state("MASTER")
        command = f"{HOLDFASTCTL} --control {daemon.socket} status"
        assert host.sh(f"exec {command} >&-", check=False).returncode == 74
        assert host.sh(f"exec {command} <&- 2>&-", check=False).returncode == 0
        assert host.sh(f"exec {HOLDFASTD} --version <&- 2>&-", check=False).returncode == 0


# Limits, signals, scheduling, mask and the rest, one line each.
LOOK = """#!/bin/sh
{
    ulimit -Sn
    ulimit -Hn
    umask
    cat /proc/self/limits | grep -v 'open files'
    grep -E '^Sig(Blk|Ign)' /proc/self/status
    cut -d' ' -f18,19,40,41 /proc/self/stat
    cat /proc/self/oom_score_adj /proc/self/timerslack_ns
    ls /proc/$$/fd
} > /run/look.new 2>&1
mv /run/look.new /run/look
"""


class TestScripts:
    @staticmethod
    def look(host, daemon):
        """What the next run of the script finds."""
        host.run("rm", "-f", "/run/look")
        wait_for(lambda: host.exists("/run/look"), 10, "a run of the script")
        return host.read("/run/look").splitlines()

    def test_they_inherit_the_same_from_every_runner(self, host, ours):
        host.write("/opt/look", LOOK, "0755")
        check = "\n".join(block("vrrp_script look", ["script /opt/look", "interval 1", "user root"])) + "\n"
        tracks = instance(interval=0.1, extra=["track_script {", "    look", "}"])
        daemon = ours(host, config(tracks, version=3, before=check))
        command = " ".join(map(str, daemon.argv()))
        daemon.proc = host.popen("sh", "-c", f"trap '' USR2; ulimit -Sn {SOFT}; exec {command}")
        daemon.wait_state("MASTER")
        first = self.look(host, daemon)
        assert first[0] == str(SOFT) and int(first[1]) > SOFT and first[2] == "0022"
        assert [line.split()[1] for line in first if line.startswith("Sig")] == ["0" * 16] * 2
        # the daemon itself has more
        limits = host.read(f"/proc/{daemon.proc.inner_pid}/limits")
        assert f"Max open files            {first[1]}" in limits
        for upgrade in (False, True):
            if upgrade:
                assert daemon.ctl("upgrade").returncode == 0
                assert self.look(host, daemon) == first
            mark = daemon.proc.mark()
            os.kill(named(daemon, "holdfast-runner"), signal.SIGKILL)
            daemon.expect(r"Script runner, PID \d+, begins", since=mark)
            self.look(host, daemon)             # it may have begun under the old one
            assert self.look(host, daemon) == first
