"""The daemons that the tests start: Debian's keepalived and the one under test.

Both take the same configuration text and answer the same questions, so that a test can put either
on either side, and the harness is proven on keepalived itself.
"""
import json
import os
import re
import signal

from lab import LabError, ROOT, children_of, wait_for
from status import Status

HOLDFASTD = os.environ.get("HF_DAEMON", str(ROOT / "build" / "holdfastd"))
HOLDFASTCTL = os.environ.get("HF_CTL", str(ROOT / "build" / "holdfastctl"))
KEEPALIVED = "/usr/sbin/keepalived"
IN_CONFLICT = 5
EXIT_OF_STATE = {"MASTER": 0, "BACKUP": 1, "FAULT": 2}


def block(name, lines):
    return [f"{name} {{"] + [f"    {line}" for line in lines] + ["}"]


def instance(name="VI_1", state="BACKUP", vrid=51, priority=100, interval=1,
             vips=("10.0.0.100/24",), password=None, interface="eth0", extra=()):
    """The text of one vrrp_instance."""
    body = [f"state {state}", f"interface {interface}", f"virtual_router_id {vrid}",
            f"priority {priority}", f"advert_int {interval:g}"]
    if password:
        body += block("authentication", ["auth_type PASS", f"auth_pass {password}"])
    body += block("virtual_ipaddress", vips)
    return "\n".join(block(f"vrrp_instance {name}", body + list(extra))) + "\n"


def config(*instances, version=2, extra=(), before=""):
    """A whole file: global_defs, then anything before the instances, then the instances."""
    defs = ["router_id test", f"vrrp_version {version}", "vrrp_garp_master_delay 1", *extra]
    return "\n".join(block("global_defs", defs)) + "\n" + before + "".join(instances)


class Daemon:
    """What the tests ask of either daemon."""
    kind = ""

    def __init__(self, host, text=None, path=None):
        self.host = host
        self.path = path or f"/etc/keepalived/{self.kind}.conf"
        if text is not None:
            host.write(self.path, text)
        self.proc = None

    def argv(self):
        raise NotImplementedError

    def start(self):
        self.proc = self.host.popen(*self.argv(), name=self.kind)
        return self

    def configure(self, text):
        self.host.write(self.path, text)

    def reload(self):
        self.proc.send(signal.SIGHUP)

    def log(self):
        return self.proc.log()

    def expect(self, pattern, timeout=10, since=0):
        return self.proc.expect(pattern, timeout, since)

    def states(self, name="VI_1", since=0):
        """The states that the log says the instance entered, in order."""
        pattern = rf"\({re.escape(name)}\) [Ee]ntering (\w+) (?:STATE|state)"
        return re.findall(pattern, self.log()[since:])

    def state(self, name="VI_1"):
        raise NotImplementedError

    def wait_state(self, state, timeout=10, name="VI_1"):
        def reached():
            assert self.proc.alive(), f"{self.kind} ended with {self.proc.popen.returncode}"
            return self.state(name) == state
        try:
            wait_for(reached, timeout, f"{name} on {self.host.name} ({self.kind}) to be {state}")
        except AssertionError as error:
            raise AssertionError(f"{error}; it is {self.state(name)}") from None
        return self

    def stop(self, timeout=10):
        """An orderly stop."""
        self.proc.send(signal.SIGTERM)
        return self.proc.wait(timeout)

    def kill(self):
        """Every process of the daemon at once, as by loss of power: none may see another die."""
        family = self.all_pids()[::-1]
        self.host.kill(family, signal.SIGSTOP)
        self.host.kill(family, signal.SIGKILL)
        self.proc.wait_stopped()

    def outer_pids(self):
        """The same processes as all_pids(), as the machine numbers them."""
        family = [self.proc.pid]
        for pid in family:
            family += children_of(pid)
        return family

    def all_pids(self):
        """The daemon's processes: its first one and what descends from it."""
        rows = self.host.run("ps", "-e", "-o", "pid=,ppid=").stdout.split()
        parents = list(zip(map(int, rows[0::2]), map(int, rows[1::2])))
        family = {self.proc.inner_pid}
        while True:
            more = {pid for pid, parent in parents if parent in family} - family
            if not more:
                return sorted(family)
            family |= more


class Keepalived(Daemon):
    """Debian's keepalived, in the foreground, its log captured."""
    kind = "keepalived"

    def argv(self):
        return [KEEPALIVED, "-n", "-l", "-D", "-P", "-f", self.path]

    def state(self, name="VI_1"):
        states = self.states(name)
        return states[-1] if states else None


class Holdfast(Daemon):
    """The daemon under test."""
    kind = "holdfastd"

    def __init__(self, host, text=None, path=None, tag=""):
        super().__init__(host, text, path or f"/etc/holdfast/holdfast{tag}.conf")
        self.pidfile = f"/run/holdfastd{tag}.pid"
        self.socket = f"/run/holdfast{tag}.sock"

    def argv(self):
        return [HOLDFASTD, "-n", "-l", "-f", self.path, "-p", self.pidfile,
                "--control", self.socket]

    def ctl_argv(self, *argv):
        return [HOLDFASTCTL, "--control", self.socket, *argv]

    def ctl(self, *argv, check=False):
        return self.host.run(*self.ctl_argv(*argv), check=check)

    def status(self):
        """The answer of `status --json`."""
        done = self.ctl("status", "--json")
        if done.returncode not in (0, IN_CONFLICT):
            raise LabError(f"status: {done.returncode}: {done.stderr.strip()}")
        return Status(json.loads(done.stdout))

    def state(self, name="VI_1"):
        code = self.ctl("status", name).returncode
        if code == IN_CONFLICT:
            return "MASTER"
        return {number: state for state, number in EXIT_OF_STATE.items()}.get(code)


KINDS = {"keepalived": Keepalived, "holdfast": Holdfast}
