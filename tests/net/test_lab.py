"""The lab itself: what it makes works, and nothing of it stays."""
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lab import HERE, Lab, LabError, children_of, wait_for
from wire import Capture, Injector, ip_v2


def namespaces():
    """Every network namespace that some process is in."""
    found = set()
    for entry in os.listdir("/proc"):
        try:
            found.add(os.readlink(f"/proc/{entry}/ns/net"))
        except OSError:
            continue
    return found


def machine():
    """What a lab must leave as it was."""
    return {"links": sorted(os.listdir("/sys/class/net")), "namespaces": namespaces(),
            "mounts": Path("/proc/self/mounts").read_text(),
            "addresses": subprocess.run(["ip", "-o", "addr"], capture_output=True).stdout}


def untouched(before):
    """Other labs may run beside this one: only what they cannot cause is compared exactly."""
    now = machine()
    return all(now[key] == before[key] for key in ("links", "mounts", "addresses"))


def alive(pid):
    return os.path.exists(f"/proc/{pid}")


def test_hosts_hear_each_other(lab):
    a, b = lab.build({"a": ["10.0.0.1/24"], "b": ["10.0.0.2/24"]})
    capture = Capture(b)
    Injector(a).send(Injector(a).frame(ip_v2("10.0.0.1", ["10.0.0.100"])))
    frame = capture.wait_adverts(sender="10.0.0.1")[0]
    assert frame.source == a.mac()
    assert frame.vrid == 1 and frame.priority == 100


def test_a_host_is_alone(lab):
    a, b = lab.build({"a": ["10.0.0.1/24"], "b": ["10.0.0.2/24"]})
    sleeper = b.popen("sleep", "100")
    assert sleeper.inner_pid in b.pids("sleep")
    assert a.pids("sleep") == []
    a.write("/etc/keepalived/only-here", "x")
    a.write("/run/only-here", "x")
    a.write("/usr/sbin/only-here", "x")
    for path in ("/etc/keepalived/only-here", "/run/only-here", "/usr/sbin/only-here"):
        assert not b.exists(path) and not os.path.exists(path)
    assert a.run("hostname").stdout.strip() == "a"
    a.run("logger", "-t", "who", "said it")
    wait_for(lambda: "who: said it" in a.syslog(), what="a line in the host's log")
    assert "said it" not in b.syslog()


def test_init_reaps_and_tells(lab):
    host = lab.host("a")
    host.sh("sleep 0.1 & sleep 1000 &")
    wait_for(lambda: ("sleep", "exit", 0) in host.reaped(), what="the short sleep to be reaped")
    host.kill(host.pids("sleep"), signal.SIGTERM)
    wait_for(lambda: ("sleep", "signal", 15) in host.reaped(), what="the long sleep to be reaped")
    assert host.zombies() == []


def test_carrier_can_be_lost(lab):
    host = lab.host("a")
    wait_for(lambda: "LOWER_UP" in host.ip("link", "show", "eth0").stdout, what="carrier")
    host.cut()
    wait_for(lambda: "NO-CARRIER" in host.ip("link", "show", "eth0").stdout, what="no carrier")
    host.mend()
    wait_for(lambda: "LOWER_UP" in host.ip("link", "show", "eth0").stdout, what="carrier again")


def test_two_labs_side_by_side():
    with Lab() as one, Lab() as two:
        first, second = one.host("a", "10.0.0.1/24"), two.host("a", "10.0.0.1/24")
        capture = Capture(second)
        Injector(first).send(Injector(first).frame(ip_v2("10.0.0.1", ["10.0.0.100"])))
        time.sleep(0.2)
        assert capture.adverts() == []


def test_a_broken_host_says_why(lab):
    with pytest.raises(LabError, match="status 2"):
        lab.host("a").run("ls", "/no/such/file")


def test_nothing_stays_after_a_failure():
    before = machine()
    with pytest.raises(KeyboardInterrupt):
        with Lab() as lab:
            host = lab.host("a", "10.0.0.1/24")
            sleeper = host.popen("sleep", "1000")
            pids = [host.pid, sleeper.pid, lab.hosts["sw-br0"].pid]
            namespace = os.readlink(f"/proc/{host.pid}/ns/net")
            raise KeyboardInterrupt
    assert not any(map(alive, pids))
    assert namespace not in namespaces()
    assert not lab.dir.exists()
    assert untouched(before)


def test_a_stopped_program_does_not_hold_the_lab():
    with Lab() as lab:
        host = lab.host("a")
        sleeper = host.popen("sleep", "1000")
        sleeper.send(signal.SIGSTOP)
        wait_for(lambda: " T" in Path(f"/proc/{sleeper.popen.pid}/stat").read_text(), 5, "a stop")
        began, pid = time.monotonic(), host.pid
    assert time.monotonic() - began < 5
    assert not alive(pid)


def test_nothing_stays_of_a_killed_lab():
    before = machine()
    script = ("from lab import Lab; lab = Lab(); host = lab.host('a', '10.0.0.1/24');"
              "host.popen('sleep', '1000').pid; print(host.pid, lab.dir, flush=True); input()")
    child = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, text=True, env={**os.environ,
                                                                     "PYTHONPATH": str(HERE)})
    pid, directory = child.stdout.readline().split()
    assert alive(pid)
    child.kill()
    child.wait()
    child.stdin.close()
    child.stdout.close()
    wait_for(lambda: not alive(pid), what="the killed lab's host to end")
    wait_for(lambda: untouched(before), what="the machine to be as it was")
    subprocess.run(["rm", "-r", directory], check=True)    # who is killed cannot remove files


def test_a_detached_lab_stays_until_it_is_removed():
    lab = Lab()
    host = lab.host("a", "10.0.0.1/24")
    lab.detach()
    assert host.init.poll() is None
    assert host.addresses() == ["10.0.0.1/24"]
    assert children_of(host.init.pid) == [host.pid]
    Lab.remove(lab.dir)
    host.init.wait(10)
    assert not lab.dir.exists()
