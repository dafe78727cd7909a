"""`make demo`: its story comes true on a busy machine, and where it cannot run it says why."""
import os
import re
import subprocess
import sys

import pytest

from lab import PYTHON, ROOT

pytestmark = pytest.mark.ours

DEMO = ROOT / "scripts" / "demo"
SPIN = "while True: pass"


def told(output, words):
    """The moments of the lines of the story that say so."""
    return [float(line.split()[0]) for line in output.splitlines() if words in line]


@pytest.fixture
def busy():
    """More work than processors, for as long as the test lasts; not so much for other tests' daemons."""
    loops = [subprocess.Popen(["nice", "-n", "10", sys.executable, "-S", "-c", SPIN])
             for _ in range(2 * os.cpu_count())]
    yield
    for loop in loops:
        loop.kill()
        loop.wait()


def test_the_story_comes_true_on_a_busy_machine(busy):
    done = subprocess.run([DEMO], text=True, capture_output=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    # Changes only: each address is renewed every second, and that is no news.
    assert len(told(done.stdout, "node-a takes")) == 2
    assert len(told(done.stdout, "node-b takes")) == 1
    assert len(told(done.stdout, "node-b gives 192.168.16.130 up")) == 1
    assert len(told(done.stdout, "node-a: HAProxy is dead")) >= 2
    assert re.search(r"requests in \d+ s: \d+ answered", done.stdout)


class TestWhereItCannotRun:
    """One sentence and a cure, and nothing of Python's."""

    def ends(self, host, *words):
        done = host.run(*words, PYTHON, "-B", DEMO, check=False, timeout=120)
        assert done.returncode == 2, done.stdout + done.stderr
        assert "Traceback" not in done.stderr and "File \"" not in done.stderr
        assert len(done.stderr.splitlines()) <= 4
        return done.stderr

    @pytest.fixture
    def host(self, lab):
        return lab.host("a", "10.0.0.5/24")

    def test_without_the_right_to_make_namespaces(self, host):
        said = self.ends(host, "setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin")
        assert "did not start: unshare: Operation not permitted" in said
        assert "docker run --privileged" in said

    def test_in_a_chroot(self, host):
        host.sh("mkdir /opt/root && cd /opt/root && ln -s usr/bin usr/sbin usr/lib usr/lib64 . && "
                f"mkdir -p usr etc proc dev tmp run var opt root srv .{ROOT} && "
                "for d in usr etc proc dev tmp var; do mount --bind /$d $d; done && "
                f"mkdir -p .{ROOT} && mount --bind {ROOT} .{ROOT}")
        said = self.ends(host, "chroot", "/opt/root")
        assert "did not start: mount" in said and "no chroot" in said

    def test_as_a_user(self, host):
        done = host.run("setpriv", "--reuid", "nobody", "--clear-groups", PYTHON, "-B", "-",
                        stdin=DEMO.read_text().replace("Path(__file__)", f"Path('{DEMO}')"),
                        check=False)
        assert "must run as root" in done.stderr and "Traceback" not in done.stderr
