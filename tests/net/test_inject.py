"""System calls that fail: no descriptor, no process, no room, a kernel that refuses.

Of each must be true: what failed is said, in the log or in `status`; an address that is held stays;
the election goes on; when the want is over, everything is as before.
"""
import re
import time

import pytest

from faultlab import Faulty
from lab import holds_for, wait_for
from peers import HOLDFASTCTL, HOLDFASTD, config, instance
from wire import Capture

pytestmark = pytest.mark.ours

VIP, SECOND = "10.0.0.100", "10.0.0.101"
WORDS = {"EMFILE": "Too many open files", "EAGAIN": "Resource temporarily unavailable",
         "ENOSPC": "No space left on device", "ENOBUFS": "No buffer space available",
         "EPERM": "Operation not permitted", "EINVAL": "Invalid argument", "ENOMEM": "Cannot allocate memory",
         "EADDRNOTAVAIL": "Cannot assign requested address", "ENETDOWN": "Network is down",
         "ENODEV": "No such device", "ENFILE": "Too many open files in system", "EIO": "Input/output error"}


def text_of(**options):
    return config(instance(interval=0.1, vips=(f"{VIP}/24", f"{SECOND}/24"), **options), version=3)


class Node:
    """One host that is master at 0.1 s, and a listener."""

    def __init__(self, lab):
        self.lab = lab
        self.host, self.listener = lab.build({"a": ["10.0.0.5/24"], "b": ["10.0.0.9/24"]})
        self.wire = Capture(self.listener)
        self.daemon = None

    def start(self, text=None, options=()):
        self.daemon = Faulty(self.host, text or text_of())
        self.daemon.options = options
        self.faults = self.daemon.faults
        self.daemon.start()
        return self

    def master(self, *vips):
        self.daemon.wait_state("MASTER")
        wait_for(lambda: all(self.host.has(vip) for vip in vips or (VIP, SECOND)), 5, "the addresses")
        self.mark = self.daemon.proc.mark()
        return self

    def expect(self, pattern, timeout=10):
        return self.daemon.expect(pattern, timeout, self.mark)

    def serves(self):
        """It holds its addresses and advertises, and has never left MASTER."""
        mark = self.wire.mark()
        self.wire.wait_adverts(3, since=mark)
        assert self.host.has(VIP) and self.host.has(SECOND)
        assert self.daemon.states()[-1] == "MASTER" and self.wire.adverts(priority=0, since=mark) == []

    def ends_well(self):
        assert self.daemon.stop() == 0
        assert not self.host.has(VIP) and not self.host.has(SECOND)
        assert "Sanitizer" not in self.daemon.log()


@pytest.fixture
def node(lab):
    return Node(lab)


@pytest.fixture
def master(lab):
    return Node(lab).start().master()


# ---- the kernel refuses addresses --------------------------------------------------------------

@pytest.mark.parametrize("error", ["ENOBUFS", "EPERM", "EINVAL"])
def test_one_address_is_refused(lab, error):
    """The other one is held, the election goes on, and the refused one comes as soon as it can."""
    node = Node(lab)
    node.daemon = Faulty(node.host, text_of())
    node.daemon.faults.fail("newaddr", error, address=SECOND)
    node.daemon.start()
    node.faults = node.daemon.faults
    node.master(VIP)
    node.daemon.expect(rf"cannot add {SECOND}/24.*: {WORDS[error]}")
    row = next(row for row in node.daemon.status().instance()["addresses"] if SECOND in row["address"])
    assert not row["held"] and WORDS[error] in row["error"]
    mark = node.wire.mark()
    node.wire.wait_adverts(5, since=mark)
    assert node.daemon.states() == ["BACKUP", "MASTER"] and node.host.has(VIP)
    node.faults.mend()
    wait_for(lambda: node.host.has(SECOND), 10, "the refused address")
    node.ends_well()


def test_a_deletion_is_refused(master):
    """A BACKUP that cannot let go says so, and lets go as soon as it can."""
    master.faults.fail("deladdr", "ENOBUFS", address=SECOND)
    rival = Faulty(master.listener, text_of(priority=200)).start()
    master.daemon.wait_state("BACKUP")
    master.expect(rf"cannot delete {SECOND}/24.*: {WORDS['ENOBUFS']}")
    assert not master.host.has(VIP)
    master.faults.mend()
    wait_for(lambda: not master.host.has(SECOND), 10, "the address to be gone")
    rival.stop()
    master.daemon.wait_state("MASTER")
    master.ends_well()


def test_notices_of_the_kernel_are_lost(master):
    master.faults.fail("netlink_read", "ENOBUFS", left=3)
    master.host.ip("addr", "add", "10.9.9.9/32", "dev", "lo")
    master.expect("notices|re-?read|read again|overrun")
    master.faults.mend()
    master.host.ip("addr", "del", f"{VIP}/24", "dev", "eth0")
    wait_for(lambda: master.host.has(VIP), 5, "the address to be put back")
    master.serves()


# ---- adverts cannot be sent --------------------------------------------------------------------

@pytest.mark.parametrize("error", ["ENETDOWN", "ENOBUFS"])
def test_adverts_cannot_be_sent(master, error):
    master.faults.fail("sendmmsg", error)
    master.expect(rf"advert.*: {WORDS[error]}")
    wait_for(lambda: master.faults.hits("sendmmsg") > 5, 5, "it to go on trying")
    assert master.daemon.state() == "MASTER" and master.host.has(VIP)
    master.faults.mend()
    master.serves()
    assert len(re.findall(WORDS[error], master.daemon.log())) <= 3


# ---- no descriptors, no processes, while it runs -------------------------------------------------

def cpu_s(host, names=("holdfastd", "holdfast:engine", "holdfast:spare")):
    """Seconds of processor that the daemon's processes have had."""
    ticks = 0
    for pid in [pid for name in names for pid in host.pids(name)]:
        fields = host.read(f"/proc/{pid}/stat").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / 100


def test_no_descriptor_for_a_client(master):
    """Clients wait, and the loop does not spin on the one that it cannot take."""
    master.faults.fail("accept", "EMFILE")
    before = cpu_s(master.host)
    client = master.host.popen(HOLDFASTCTL, "--control", master.daemon.socket, "status", name="status")
    master.expect(rf"control.*{WORDS['EMFILE']}")
    time.sleep(1)
    assert cpu_s(master.host) - before < 0.5
    master.serves()
    master.faults.mend()
    assert client.wait(15) in (0, 1, 2, 3)
    wait_for(lambda: master.daemon.state() == "MASTER", 10, "an answer")
    master.ends_well()


RELOADS = [("open", "EMFILE"), ("open", "ENFILE"), ("open", "ENOMEM"), ("fork", "EAGAIN"), ("memfd", "EMFILE"),
           ("socketpair", "EMFILE")]


@pytest.mark.parametrize("calls", [RELOADS], ids=["all"])
def test_a_reload_that_cannot_be_done(lab, calls):
    """Nothing is changed by it, `status` says so, and the next one is as good as ever."""
    node = Node(lab)
    node.host.write("/etc/holdfast/parts/one.conf", instance(interval=0.1, vips=(f"{VIP}/24", f"{SECOND}/24")))
    node.start(config("include parts/*.conf\n", version=3)).master()
    for call, error in calls:
        node.faults.fail(call, error)
        mark = node.daemon.proc.mark()
        done = node.daemon.ctl("reload")
        assert done.returncode != 0, (call, done.stdout)
        node.daemon.expect("Reload refused, the running configuration stays: .", since=mark)
        assert "refused" in node.daemon.ctl("status").stdout, call
        node.faults.mend()
        node.serves()
    assert node.daemon.ctl("reload").returncode == 0
    assert "refused" not in node.daemon.ctl("status").stdout
    assert node.daemon.states() == ["BACKUP", "MASTER"]
    node.ends_well()


def test_no_process_for_a_script(lab):
    """A check that cannot run has failed and says why; the instance goes on with its weight."""
    node = Node(lab)
    check = 'vrrp_script chk {\n    script "/bin/true"\n    interval 1\n    weight -10\n}\n'
    node.start(config(instance(interval=0.1, vips=(f"{VIP}/24", f"{SECOND}/24"),
                               extra=["track_script {", "    chk", "}"]),
                      extra=["script_user root"], before=check, version=3)).master()
    wait_for(lambda: node.daemon.status().check("chk")["verdict"] == "good", 5, "the check to be good")
    node.faults.fail("fork", "EAGAIN")
    node.expect(rf"chk.*{WORDS['EAGAIN']}")
    assert "chk: no process could be started for it" in node.daemon.ctl("status").stdout
    node.serves()
    node.faults.mend()
    wait_for(lambda: node.daemon.status().check("chk")["verdict"] == "good", 5, "the check to be good")
    node.ends_well()


def test_no_script_runner(master):
    """Its death is told, and that no other can be made; no loop goes round and round about it."""
    master.faults.fail("fork", "EAGAIN")
    master.host.kill(master.host.pids("holdfast-runner"))
    master.expect("script runner is gone: scripts cannot run")
    before = cpu_s(master.host)
    master.serves()
    time.sleep(1)
    assert cpu_s(master.host) - before < 0.5
    assert master.daemon.state() == "MASTER"
    master.faults.mend()
    wait_for(lambda: master.host.pids("holdfast-runner"), 15, "another runner")
    master.ends_well()


def test_no_process_for_a_spare(master):
    """The engine dies and the spare goes on, though no other one can be made for now."""
    master.faults.fail("fork", "EAGAIN")
    engine = master.host.pids("holdfast:engine")[0]
    master.host.kill(engine)
    master.expect(rf"cannot start an engine: {WORDS['EAGAIN']}")
    master.serves()
    time.sleep(2)
    assert len(re.findall("cannot start an engine", master.daemon.log())) <= 4
    master.faults.mend()
    wait_for(lambda: master.host.pids("holdfast:spare"), 5, "a spare")
    assert master.daemon.states() == ["BACKUP", "MASTER"]
    master.ends_well()


# ---- no room -------------------------------------------------------------------------------------

def test_no_room_for_the_journal(lab):
    """It runs without one, and says so."""
    node = Node(lab)
    node.host.sh("mkdir -p /mnt && mount -t tmpfs -o size=64k none /mnt")
    node.start(options=("--journal=/mnt/journal",)).master()
    node.daemon.expect(rf"no journal is kept: .*{WORDS['ENOSPC']}")
    assert node.host.run("stat", "-c", "%s", "/mnt/journal").stdout.strip() == "0"
    node.serves()
    node.ends_well()


@pytest.mark.parametrize("error", ["ENOSPC"])
def test_no_more_room_for_the_journal(lab, error):
    node = Node(lab).start(options=("--journal=/var/lib/journal",)).master()
    node.faults.fail("pwrite", error)
    node.host.cut()
    node.daemon.wait_state("FAULT")
    node.host.mend()
    node.expect(rf"journal.*: {WORDS[error]}")
    node.master().serves()
    node.ends_well()


def test_no_room_for_the_log(lab):
    """What could not be written is counted and told where there is room again."""
    node = Node(lab)
    node.host.sh("mkdir -p /mnt && mount -t tmpfs -o size=16k none /mnt && "
                 "head -c 16384 /dev/zero > /mnt/fill || true")
    node.start(options=("-g/mnt/log",)).master()
    node.serves()
    node.daemon.expect(rf"the log file cannot be written: {WORDS['ENOSPC']}")
    node.host.run("rm", "/mnt/fill")
    node.host.cut()
    node.daemon.wait_state("FAULT")
    wait_for(lambda: "FAULT" in node.host.read("/mnt/log"), 5, "the log to go on")
    assert re.search(r"[0-9]+ log lines were lost: the log file could not be", node.host.read("/mnt/log"))
    node.host.mend()
    node.master().ends_well()


@pytest.mark.parametrize("argv", [
    f"{HOLDFASTD} -f /etc/holdfast/holdfast.conf --dump-config",
    f"{HOLDFASTD} -f /etc/holdfast/holdfast.conf --dump-config=native --with-secrets",
    f"{HOLDFASTCTL} --control /run/holdfast.sock status",
    f"{HOLDFASTCTL} --control /run/holdfast.sock status --json",
    f"{HOLDFASTCTL} lint /etc/holdfast/holdfast.conf",
    f"{HOLDFASTCTL} lint --json /etc/holdfast/holdfast.conf",
    f"{HOLDFASTCTL} simulate --fail test:down@5 /etc/holdfast/holdfast.conf",
], ids=["dump", "dump-native", "status", "status-json", "lint", "lint-json", "simulate"])
def test_no_room_for_an_answer(full, argv):
    """A text that is cut must not look like a whole one."""
    done = full.host.sh(f"{argv} > /dev/full", check=False)
    assert done.returncode != 0
    assert re.search("(cannot|could not) be written", done.stderr), done.stderr


@pytest.fixture(scope="module")
def full(shared_lab):
    return Node(shared_lab).start().master()


# ---- an interface that cannot be heard -------------------------------------------------------------

@pytest.mark.parametrize("error", ["ENOBUFS"])
def test_the_group_cannot_be_joined(lab, error):
    """A fault by name, and it is over as soon as it can be joined."""
    node = Node(lab)
    node.daemon = Faulty(node.host, text_of())
    node.faults = node.daemon.faults
    node.faults.fail("join", error)
    node.daemon.start()
    node.daemon.wait_state("FAULT")
    node.daemon.expect(rf"eth0: cannot open a VRRP socket: {WORDS[error]}")
    node.faults.mend()
    node.master().serves()
    node.ends_well()
