"""How the daemon's processes begin: each is an execution of its own, and none can hang unseen."""
import os
import re
import signal

import pytest

from faultlab import Faulty
from lab import wait_for
from pairlab import add_system_user
from peers import HOLDFASTD, Holdfast, config, instance
from test_crash import ENGINE, SPARE, engine_of, spare_of

pytestmark = pytest.mark.ours
TEXT = config(instance(interval=0.1), version=3)
STARTS = 8
UNPRIVILEGED = ("--reuid", "nobody", "--regid", "nogroup", "--clear-groups")
RIGHTS = "+net_admin,+net_raw"
# The one who reads the time zone first gets no end of it; everybody behind it gets another file.
SLOW_ZONE = """rm -f /etc/localtime
mkfifo /etc/localtime
exec 3> /etc/localtime
echo taken
cp /usr/share/zoneinfo/UTC /etc/localtime.new && mv /etc/localtime.new /etc/localtime
exec sleep 1000
"""


def own_files(daemon):
    daemon.host.run("install", "-d", "-o", "nobody", "/run/box")
    daemon.pidfile, daemon.socket = "/run/box/pid", "/run/box/sock"


def test_a_log_thread_that_holds_the_time_zone_holds_up_no_start(lab, ours):
    """As a user without root: libcap-ng wrote to syslog, and waited for a lock without an owner."""
    host = lab.host("a", "10.0.0.5/24")
    add_system_user(host)
    for _ in range(STARTS):
        zone = host.popen("sh", "-c", SLOW_ZONE, name="zone")
        wait_for(lambda: host.sh("test -p /etc/localtime", check=False).returncode == 0, 5, "a fifo")
        daemon = ours(host, TEXT)
        own_files(daemon)
        env = {k: v for k, v in host.environ().items() if k != "TZ"}
        daemon.proc = host.popen("setpriv", *UNPRIVILEGED, "--inh-caps", f"-all,{RIGHTS}",
                                 "--ambient-caps", f"-all,{RIGHTS}", *daemon.argv(),
                                 name=daemon.kind, env=env)
        daemon.wait_state("MASTER", 30)
        zone.expect("^taken")
        assert daemon.log() == ""           # its log's thread still waits
        zone.stop(signal.SIGKILL)
        daemon.expect("Startup complete")
        assert "is not ready" not in daemon.log()
        assert daemon.stop() == 0


@pytest.fixture
def faulty(lab):
    return Faulty(lab.host("a", "10.0.0.5/24"), TEXT)


NOT_READY = r"Engine, PID (\d+), is not ready after {} s: it is ended"


def test_a_first_engine_that_is_never_ready_is_ended_and_tried_again(faulty):
    faulty.faults.fail("epoll", "STOP", skip=1, left=1)         # the keeper's own passes
    faulty.start()
    gone = faulty.expect(NOT_READY.format(5), 10)[1]
    faulty.expect(rf"Engine, PID {gone}, died of signal 9 .* before it began")
    faulty.wait_state("MASTER")
    assert spare_of(faulty.host)


def test_a_start_whose_engines_are_never_ready_fails_with_a_sentence(faulty):
    faulty.faults.fail("epoll", "STOP", skip=1)
    done = faulty.host.run(*[word for word in faulty.argv() if word not in ("-n", "-l")], check=False)
    assert done.returncode == 1
    assert re.search(NOT_READY.format(10), done.stderr)
    wait_for(lambda: not faulty.host.pids(SPARE) and not faulty.host.exists(faulty.pidfile), 5,
             "nothing to be left")


def test_a_spare_that_is_never_ready_is_replaced(faulty):
    faulty.start().wait_state("MASTER")
    first = spare_of(faulty.host)
    faulty.faults.fail("epoll", "STOP", left=1)
    faulty.host.kill(first)
    hung = int(faulty.expect(NOT_READY.format(5), 15)[1])
    ready = wait_for(lambda: [pid for pid in faulty.host.pids(SPARE) if pid not in (first, hung)],
                     10, "another spare")[0]
    assert faulty.states() == ["BACKUP", "MASTER"]
    faulty.host.kill(engine_of(faulty.host))
    wait_for(lambda: faulty.host.pids(ENGINE) == [ready], 5, "the spare to be the engine")


def places(daemon, name):
    """Where code, heap and stack of the process of that name lie."""
    for pid in daemon.outer_pids():
        try:
            with open(f"/proc/{pid}/comm", encoding="utf-8") as f:
                if f.read().strip() != name:
                    continue
            with open(f"/proc/{pid}/maps", encoding="utf-8") as f:
                lines = f.read().splitlines()
        except FileNotFoundError:
            continue
        return {line.split()[-1].rpartition("/")[2]: line.split("-")[0] for line in reversed(lines)
                if line.split()[-1].endswith(("holdfastd", "libc.so.6", "[heap]", "[stack]"))}
    return None


def test_no_two_engines_have_the_same_layout(lab, ours):
    daemon = ours(lab.host("a", "10.0.0.5/24"), TEXT).start().wait_state("MASTER")
    spare_of(daemon.host)
    seen = [places(daemon, "holdfastd"), places(daemon, ENGINE)]
    for _ in range(2):
        seen.append(places(daemon, SPARE))
        engine, spare = engine_of(daemon.host), spare_of(daemon.host)
        daemon.host.kill(engine)
        wait_for(lambda: daemon.host.pids(ENGINE) == [spare], 5, "the spare to be the engine")  # noqa: B023
        wait_for(lambda: daemon.host.pids(SPARE) not in ([], [spare]), 5, "a spare")  # noqa: B023
    for part in ("holdfastd", "libc.so.6", "[heap]", "[stack]"):
        assert len({at[part] for at in seen}) == len(seen), part


def test_an_old_keeper_starts_no_program_that_took_its_files_place(lab):
    host = lab.host("a", "10.0.0.5/24")
    host.run("install", "-m", "0755", HOLDFASTD, "/opt/holdfastd")
    daemon = Holdfast(host, TEXT)
    daemon.argv = lambda: ["/opt/holdfastd", *Holdfast.argv(daemon)[1:]]
    daemon.start().wait_state("MASTER")
    host.sh("cp /bin/false /opt/new && mv /opt/new /opt/holdfastd")
    for _ in range(2):
        engine, spare = engine_of(host), spare_of(host)
        host.kill(engine)
        wait_for(lambda: host.pids(ENGINE) == [spare], 5, "the spare to be the engine")  # noqa: B023
        wait_for(lambda: host.pids(SPARE) not in ([], [spare]), 5, "a new spare")  # noqa: B023
    assert daemon.states() == ["BACKUP", "MASTER"]
    for pid in daemon.outer_pids():
        with open(f"/proc/{pid}/cmdline", "rb") as f:
            assert f.read().split(b"\0")[:2] == [b"/opt/holdfastd", b"-n"]
        assert os.readlink(f"/proc/{pid}/exe").endswith("/opt/holdfastd (deleted)")


def test_a_reload_and_a_new_runner_work_from_a_program_that_is_gone(lab):
    host = lab.host("a", "10.0.0.5/24")
    host.run("install", "-m", "0755", HOLDFASTD, "/opt/holdfastd")
    daemon = Holdfast(host, TEXT)
    daemon.argv = lambda: ["/opt/holdfastd", *Holdfast.argv(daemon)[1:]]
    daemon.start().wait_state("MASTER")
    host.run("rm", "/opt/holdfastd")
    host.kill(wait_for(lambda: host.pids("holdfast-runner"), 5, "a runner"))
    daemon.expect(r"Script runner, PID \d+, begins")
    daemon.configure(config(instance(interval=0.1, priority=77), version=3))
    assert daemon.ctl("reload").returncode == 0
    assert daemon.status().instance()["base_priority"] == 77


def test_nothing_in_the_environment_or_at_a_descriptor_makes_an_engine(lab, ours):
    """What a keeper would give its child, from somebody else: an ordinary start, or none."""
    host = lab.host("a", "10.0.0.5/24")
    daemon = ours(host, TEXT)
    script = ("import os, sys; fd = os.memfd_create('holdfast-role', 0); os.dup2(fd, 3); "
              "os.execvp(sys.argv[1], sys.argv[1:])")
    daemon.proc = host.popen("/usr/bin/python3", "-c", script, *daemon.argv(), name=daemon.kind)
    daemon.wait_state("MASTER")
    assert daemon.stop() == 0
