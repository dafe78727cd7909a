"""No process of the daemon has lost a block of memory when it ends: the whole of it under the sanitizers."""
import subprocess

import pytest

from lab import HERE, PYTHON, ROOT, wait_for
from peers import Holdfast, config, instance
from test_crash import ENGINE, engine_of, spare_of

pytestmark = pytest.mark.ours

SANITIZED = ROOT / "build" / "san" / "holdfastd"
OPTIONS = {"ASAN_OPTIONS": "detect_leaks=1:abort_on_error=0:exitcode=99"}
CHECK = 'vrrp_script chk {\n    script "/bin/true"\n    interval 1\n}\n'


def text(priority):
    extra = ["track_script {", "    chk", "}", "notify_master /bin/true"]
    return config(instance(interval=0.1, priority=priority, extra=extra), version=3, before=CHECK,
                  extra=["script_user root"])


class Sanitized(Holdfast):
    def argv(self):
        return [PYTHON, HERE / "tools" / "unconfined.py", SANITIZED, *super().argv()[1:]]

    def start(self):
        self.proc = self.host.popen(*self.argv(), name=self.kind, env={**self.host.environ(), **OPTIONS})
        return self


@pytest.fixture
def daemon(lab):
    subprocess.run(["make", "-C", ROOT, "SAN=1", "build/san/holdfastd"], check=True, capture_output=True)
    daemon = Sanitized(lab.host("a", "10.0.0.5/24"), text(100)).start()
    daemon.wait_state("MASTER", 60)
    spare_of(daemon.host)
    return daemon


@pytest.mark.parametrize("upgraded", [False, True])
def test_nothing_is_lost(daemon, upgraded):
    """Questions, reloads of all kinds, the death of an engine, an upgrade, and a stop."""
    daemon.ctl("status")
    daemon.configure(text(90))
    assert daemon.ctl("reload").returncode == 0
    daemon.configure("nothing that can be run\n")
    assert daemon.ctl("reload").returncode == 1
    daemon.configure(text(80))
    if upgraded:
        done = daemon.ctl("upgrade", str(SANITIZED))
        assert done.returncode == 0, done.stderr
    dead = engine_of(daemon.host)
    spare_of(daemon.host)
    daemon.host.kill(dead)
    wait_for(lambda: [pid for pid in daemon.host.pids(ENGINE) if pid != dead], 20, "another engine")
    daemon.wait_state("MASTER", 30)
    assert daemon.stop(60) == 0, daemon.log()
    assert "Sanitizer" not in daemon.log() and "ended with status" not in daemon.log()
