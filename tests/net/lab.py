"""A lab: hosts on bridges, made of namespaces, that leaves nothing behind.

    with Lab() as lab:
        a = lab.host("a", "192.168.16.128/24")
        b = lab.host("b", "192.168.16.129/24")
        a.run("ping", "-c1", "192.168.16.129")

Every namespace is anonymous and held by one process (see hostinit.py), so there are no names that
two runs could share, and all of it goes when the lab closes its pipes, even by being killed.
"""
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PYTHON = "/usr/bin/python3"
OVERLAY = ("/etc", "/usr", "/var", "/opt", "/root", "/srv")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# Where binaries lie that HF_DAEMON and HF_CTL name, if not in the tree.
ELSEWHERE = {os.path.dirname(os.path.abspath(os.environ[name])) for name in ("HF_DAEMON", "HF_CTL")
             if name in os.environ}
SPEED = float(os.environ.get("HF_PATIENCE", "1"))


# Programs in the hosts begin with it; whoever started the tests may have another.
os.umask(0o022)


class LabError(Exception):
    """The lab itself could not do what it was asked."""


class NoHostError(LabError):
    """The machine does not permit what a host is made of."""


def wait_for(predicate, timeout=10.0, what="condition", step=0.01):
    """Wait until predicate() is true and return its value; AssertionError after timeout seconds.

    It is asked each step, and less often if asking takes long: asking has a fifth of the time at most, for it is the
    daemons of all the tests that need the processor."""
    deadline = time.monotonic() + timeout * SPEED
    while True:
        asked = time.monotonic()
        value = predicate()
        if value:
            return value
        now = time.monotonic()
        if now > deadline:
            raise AssertionError(f"{what}: not within {timeout * SPEED:g} s")
        time.sleep(max(step, min(4 * (now - asked), 0.2)))


def holds_for(predicate, seconds, what="condition", step=0.01):
    """Assert that predicate() stays true for so long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert predicate(), f"{what}: did not hold for {seconds:g} s"
        time.sleep(step)


def children_of(pid):
    """Processes whose parent is pid, as the machine's own PID namespace numbers them."""
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            stat = Path("/proc", entry, "stat").read_text()
        except OSError:
            continue
        if int(stat.rpartition(")")[2].split()[1]) == pid:
            found.append(int(entry))
    return found


class Proc:
    """A program that runs in a host.  Its output goes to a file that `log` reads."""

    def __init__(self, host, argv, name, env=None, stdin=None):
        self.host = host
        self.name = name
        self.path = host.lab.dir / f"{host.name}-{name}-{host.lab.serial()}.log"
        with open(self.path, "wb") as out:
            self.popen = subprocess.Popen(host.enter() + [str(a) for a in argv], stdout=out,
                                          stderr=subprocess.STDOUT, start_new_session=True,
                                          stdin=stdin or subprocess.DEVNULL,
                                          env=env or host.environ())
        host.procs.append(self)
        self._pid = None

    @property
    def pid(self):
        """The program's own pid in the machine's numbering (nsenter is its parent)."""
        if self._pid is None:
            self._pid = wait_for(self._find, 5, f"{self.name} to start")[0]
        return self._pid

    def _find(self):
        """The program's pid in a list; 0 when it has ended before anybody asked."""
        return children_of(self.popen.pid) or (None if self.alive() else [0])

    @property
    def inner_pid(self):
        """The program's pid in its host's numbering."""
        text = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"^NSpid:.*\s(\d+)$", text, re.M).group(1))

    def alive(self):
        return self.popen.poll() is None

    def send(self, number):
        if self.alive() and self.pid:
            os.kill(self.pid, number)

    def wait(self, timeout=10.0):
        """The exit status; negative for a signal."""
        wait_for(lambda: not self.alive(), timeout, f"{self.name} on {self.host.name} to end")
        return self.popen.returncode

    def wait_stopped(self, timeout=10.0):
        """The same for a program that was stopped before: nsenter stops with it."""
        def ended():
            self.popen.send_signal(signal.SIGCONT)
            return not self.alive()
        wait_for(ended, timeout, f"{self.name} on {self.host.name} to end")

    def stop(self, number=signal.SIGTERM, timeout=10.0):
        self.send(number)
        return self.wait(timeout)

    def log(self):
        return self.path.read_text(errors="replace")

    def mark(self):
        """A place in the log, for `expect(..., since=mark)`."""
        return len(self.log())

    def expect(self, pattern, timeout=10.0, since=0):
        """Wait for a line that matches pattern; return the match."""
        def found():
            return re.search(pattern, self.log()[since:], re.M)
        try:
            return wait_for(found, timeout, f"{self.name} on {self.host.name} to log /{pattern}/")
        except AssertionError as error:
            raise AssertionError(f"{error}; its log:\n{self.log()[-4000:]}") from None


class Host:
    """One machine of the lab."""

    def __init__(self, lab, name, files=None):
        self.lab = lab
        self.name = name
        self.procs = []
        self.ports = {}
        scratch = lab.dir / f"{name}.scratch"
        scratch.mkdir()
        spec = {"name": name, "scratch": str(scratch), "overlay": OVERLAY,
                "keep": [str(ROOT), str(lab.dir), *ELSEWHERE], "files": files or {}}
        self.errors = lab.dir / f"{name}-init.log"
        with open(self.errors, "wb") as errors:
            self.init = subprocess.Popen([PYTHON, "-S", "-E", str(HERE / "hostinit.py"),
                                          json.dumps(spec)], stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, stderr=errors,
                                         start_new_session=True)
        self.pid = None

    def await_ready(self):
        with self.init.stdout as out:
            lines = [out.readline().decode().strip() for _ in range(2)]
        if "ready" not in lines:
            raise NoHostError(f"host {self.name} did not start: {self.errors.read_text().strip()}")
        self.pid = int(next(line for line in lines if line.isdigit()))
        self.sysctl("net/ipv6/conf/all/accept_dad", 0)
        self.sysctl("net/ipv6/conf/default/accept_dad", 0)
        self.run("ip", "link", "set", "lo", "up")

    # programs

    def environ(self):
        env = {"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8", "TZ": "UTC"}
        env.update({k: v for k, v in os.environ.items()
                    if k.endswith("SAN_OPTIONS") or k.startswith("GCOV_")})
        return env

    def enter(self):
        return ["nsenter", "-t", str(self.pid), "-m", "-u", "-i", "-n", "-p", "--"]

    def run(self, *argv, check=True, timeout=30, stdin=None, env=None):
        """Run to the end; the result has returncode, stdout and stderr as text.

        Output goes through files, not pipes: a daemon that was started here may keep them open.
        """
        with tempfile.TemporaryFile("w+", errors="replace") as out, \
                tempfile.TemporaryFile("w+", errors="replace") as err:
            given = {"input": stdin, "text": isinstance(stdin, str)}
            if stdin is None:
                given = {"stdin": subprocess.DEVNULL}
            done = subprocess.run(self.enter() + [str(a) for a in argv], stdout=out, stderr=err,
                                  timeout=timeout, env=env or self.environ(), **given)
            out.seek(0)
            err.seek(0)
            done.stdout, done.stderr = out.read(), err.read()
        if check and done.returncode != 0:
            raise LabError(f"{self.name}: {' '.join(map(str, argv))}: status {done.returncode}: "
                           f"{done.stderr.strip()} {done.stdout.strip()}")
        return done

    def sh(self, script, check=True, timeout=30):
        return self.run("sh", "-c", script, check=check, timeout=timeout)

    def popen(self, *argv, name=None, env=None, stdin=None):
        return Proc(self, argv, name or Path(str(argv[0])).name, env, stdin)

    def processes(self):
        """(pid, state, name, command line) of every process of the host, its own numbering."""
        out = self.run("ps", "-e", "-o", "pid=,stat=,comm=,args=").stdout
        rows = [line.split(None, 3) for line in out.splitlines()]
        return [(int(r[0]), r[1], r[2], r[3] if len(r) > 3 else "") for r in rows
                if r[2] != "ps"]

    def pids(self, name):
        """Living processes of that name."""
        return [pid for pid, state, comm, _ in self.processes()
                if comm == name and not state.startswith("Z")]

    def zombies(self, patience=10):
        """The processes that nobody has collected after that time; every death is one for a moment."""
        deadline = time.monotonic() + patience * SPEED
        while left := [row for row in self.processes() if row[1].startswith("Z")]:
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        return left

    def kill(self, pids, number=signal.SIGKILL):
        """Signal processes by their pid in this host."""
        pids = pids if isinstance(pids, (list, tuple)) else [pids]
        if pids:
            self.run("kill", f"-{int(number)}", *pids, check=False)

    def reaped(self):
        """Orphans that PID 1 collected: (name, "exit" or "signal", number)."""
        rows = [line.split() for line in self.read("/run/hf-reaped").splitlines()]
        return [(" ".join(r[1:-2]), r[-2], int(r[-1])) for r in rows]

    def syslog(self):
        return self.read("/run/hf-syslog")

    # files

    def write(self, path, text, mode="0644"):
        """text: str or bytes.  Replaces the file at once, for a script may be running from it."""
        script = (f"mkdir -p '{os.path.dirname(path)}' && cat > '{path}.new' && "
                  f"chmod {mode} '{path}.new' && mv '{path}.new' '{path}'")
        self.run("sh", "-c", script, stdin=text)

    def copy_in(self, source, path, mode="0644"):
        """A byte-exact copy of one of the project's files."""
        self.run("install", "-D", "-m", mode, source, path)

    def read(self, path):
        return self.run("cat", path).stdout

    def exists(self, path):
        return self.run("test", "-e", path, check=False).returncode == 0

    def sysctl(self, path, value):
        self.run("sh", "-c", f"echo {value} > /proc/sys/{path}")

    # the network

    def ip(self, *argv, check=True):
        return self.run("ip", *argv, check=check)

    def plug(self, bridge, interface="eth0", *addresses, mac=None):
        """A cable from interface to the bridge, with addresses."""
        bridge.connect(self, interface, mac)
        self.ports[interface] = bridge
        for address in addresses:
            self.ip("addr", "add", address, "dev", interface)
        self.ip("link", "set", interface, "up")

    def cut(self, interface="eth0"):
        """Pull the cable: the interface stays up but loses its carrier."""
        self.ports[interface].port(self, interface, "down")

    def mend(self, interface="eth0"):
        self.ports[interface].port(self, interface, "up")

    def addresses(self, interface="eth0"):
        """IPv4 addresses of the interface as "a.b.c.d/len", in the kernel's order."""
        done = self.run("ip", "-j", "-4", "addr", "show", "dev", interface, check=False)
        if done.returncode != 0:
            return []
        return [f"{a['local']}/{a['prefixlen']}" for link in json.loads(done.stdout)
                for a in link.get("addr_info", [])]

    def has(self, address, interface="eth0"):
        return any(a.split("/")[0] == address for a in self.addresses(interface))

    def mac(self, interface="eth0"):
        out = self.run("ip", "-j", "link", "show", "dev", interface).stdout
        return json.loads(out)[0]["address"]


class Bridge:
    """A switch in a network namespace of its own: no spanning tree, no snooping."""

    def __init__(self, lab, name):
        self.name = name
        self.host = lab.bare_host(f"sw-{name}")

    def await_ready(self):
        self.host.await_ready()
        self.host.ip("link", "add", "br0", "type", "bridge", "stp_state", "0", "forward_delay", "0",
                     "mcast_snooping", "0")
        self.host.sysctl("net/ipv6/conf/all/disable_ipv6", 1)
        self.host.sysctl("net/ipv6/conf/default/disable_ipv6", 1)
        self.host.ip("link", "set", "br0", "up")

    @staticmethod
    def port_name(host, interface):
        return f"{host.name}-{interface}"[:15]

    def connect(self, host, interface, mac=None):
        port = self.port_name(host, interface)
        extra = ["address", mac] if mac else []
        # Only the network namespace is entered, so that the pid is the machine's numbering.
        subprocess.run(["nsenter", "-t", str(self.host.pid), "-n", "ip", "link", "add", port,
                        "type", "veth", "peer", "name", interface, *extra, "netns", str(host.pid)],
                       check=True)
        self.host.ip("link", "set", port, "master", "br0", "up")

    def port(self, host, interface, wish):
        self.host.ip("link", "set", self.port_name(host, interface), wish)


class Lab:
    """Hosts and bridges with one life."""

    def __init__(self, keep=False):
        self.dir = Path(tempfile.mkdtemp(prefix="hf-lab-"))
        self.keep = keep
        self.hosts = {}
        self.bridges = {}
        self.closers = []
        self._serial = 0
        self._lock = threading.Lock()

    def serial(self):
        with self._lock:
            self._serial += 1
            return self._serial

    def bare_host(self, name, files=None):
        host = Host(self, name, files)
        self.hosts[name] = host
        return host

    def bridge(self, name="br0"):
        if name not in self.bridges:
            self.bridges[name] = Bridge(self, name)
            self.bridges[name].await_ready()
        return self.bridges[name]

    def host(self, name, *addresses, bridge="br0", mac=None, files=None):
        """A host whose eth0 is on the bridge."""
        return self.build({name: addresses}, bridge, mac, files)[0]

    def build(self, hosts, bridge="br0", mac=None, files=None):
        """Several hosts at once: {name: addresses}."""
        made = [self.bare_host(name, files) for name in hosts]
        switch = self.bridge(bridge)
        for host in made:
            host.await_ready()
            host.plug(switch, "eth0", *hosts[host.name], mac=mac)
        return made

    def logs(self):
        """Everything that the lab's programs said, for a failed test's report."""
        parts = []
        for host in self.hosts.values():
            for proc in host.procs:
                parts.append((f"{proc.name} on {host.name}", proc.log()))
            if host.pid and not host.name.startswith("sw-"):
                try:
                    parts.append((f"syslog of {host.name}", host.syslog()))
                except (LabError, subprocess.SubprocessError):
                    continue
        return [(title, text) for title, text in parts if text]

    def close(self):
        for closer in reversed(self.closers):
            closer()
        self.closers.clear()
        for host in self.hosts.values():
            host.init.stdin.close()
            for proc in host.procs:         # one that is stopped would never collect its program
                if proc.alive():
                    proc.popen.send_signal(signal.SIGCONT)
        for host in self.hosts.values():
            self._end(host)
        shutil.rmtree(self.dir, ignore_errors=True)

    @staticmethod
    def _end(host):
        try:
            host.init.wait(5)
        except subprocess.TimeoutExpired:
            if host.pid:
                os.kill(host.pid, signal.SIGKILL)
            host.init.wait(10)
        if host.init.stdout:
            host.init.stdout.close()
        for proc in host.procs:
            try:
                proc.wait_stopped()
            except AssertionError:
                proc.popen.kill()
                proc.popen.wait()

    def detach(self):
        """Leave the lab standing; returns the command line that removes it."""
        for closer in reversed(self.closers):
            closer()
        self.closers.clear()
        pids = {}
        for name, host in self.hosts.items():
            host.init.stdin.write(b"k")
            host.init.stdin.close()
            pids[name] = host.pid
        (self.dir / "hosts.json").write_text(json.dumps(pids))

    @staticmethod
    def remove(directory):
        """Remove a lab that `detach` left."""
        directory = Path(directory).resolve()
        pids = json.loads((directory / "hosts.json").read_text())
        for pid in pids.values():
            try:
                line = Path(f"/proc/{pid}/cmdline").read_text()
            except OSError:
                continue
            if str(directory) in line and "hostinit.py" in line:
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(directory, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
