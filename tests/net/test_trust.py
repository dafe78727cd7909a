"""Who may put another program into the daemon's place, and what with: everything else is a no."""
import functools
import os
import re
import socket
import struct

import pytest

from lab import PYTHON, ROOT, wait_for
from pairlab import add_system_user
from peers import HOLDFASTCTL, HOLDFASTD, config, instance
from test_crash import ENGINE, VIP, engine_of, spare_of

pytestmark = pytest.mark.ours
IMPOSTOR = ROOT / "build" / "tests" / "impostor"
MESSAGE = struct.Struct("=HHIQ456s")
VERSION = 1
USER = 12345
NOBODY = ("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups")


def kind(name):
    """The number of a message, as the header counts them."""
    text = (ROOT / "include" / "sys" / "keepwire.h").read_text()
    text = re.sub(r"/\*.*?\*/", "", text[text.index("enum kpw_kind {"):], flags=re.S)
    names = re.findall(r"KPW_\w+", text[:text.index("}")])
    return names.index(name)


def message(name, text=b"", version=VERSION):
    return MESSAGE.pack(version, kind(name), 0, 0, text)


class Upgrades:
    """The upgrade socket by hand."""

    def __init__(self, daemon):
        self.path = re.sub(r"\.sock$", "", daemon.socket) + ".upgrade"
        self.outer = f"/proc/{daemon.host.pid}/root{self.path}"

    def connect(self):
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.settimeout(30)
        sock.connect(self.outer)
        return sock

    def ask(self, data, fds=()):
        """(kind, text) of the answer, or None when there is none."""
        with self.connect() as sock:
            socket.send_fds(sock, [data], list(fds))
            return self.answer(sock)

    @staticmethod
    def answer(sock):
        data = b""
        while len(data) < MESSAGE.size:
            try:
                more = sock.recv(MESSAGE.size - len(data))
            except ConnectionResetError:
                more = b""
            if not more:
                return None
            data += more
        fields = MESSAGE.unpack(data)
        return fields[1], fields[4].split(b"\0")[0].decode()


@pytest.fixture
def host(lab):
    host = lab.host("a", "10.0.0.5/24")
    add_system_user(host)
    return host


@pytest.fixture
def daemon(host, ours):
    daemon = ours(host, config(instance(interval=0.1), version=3)).start().wait_state("MASTER")
    spare_of(host)
    return daemon


def changes_nothing(test):
    """Afterwards the daemon must be the same one, engine and all; and be upgraded when root wants it."""
    @functools.wraps(test)
    def wrapper(daemon, **rest):
        host, keeper, engine = daemon.host, daemon.proc.inner_pid, engine_of(daemon.host)
        test(daemon=daemon, **rest)
        assert engine_of(host) == engine and daemon.state() == "MASTER" and host.has(VIP)
        done = daemon.ctl("upgrade")
        assert (done.returncode, done.stderr) == (0, "")
        assert daemon.proc.inner_pid == keeper and engine_of(host) != engine
    return wrapper


def refused(daemon, binary, why):
    done = daemon.ctl("upgrade", binary)
    assert done.returncode == 1, (binary, done.stdout)
    assert re.search(why, done.stderr), done.stderr


def install(host, *options, source=HOLDFASTD):
    host.run("install", *options, source, "/opt/new")


# what is offered

@changes_nothing
def test_nothing_that_the_daemon_holds_is_a_program(daemon, host):
    """The record, which the engine writes, among them: none of the keeper's or the engine's descriptors."""
    tried = 0
    for pid in (daemon.proc.inner_pid, engine_of(host)):
        for number in host.run("ls", f"/proc/{pid}/fd").stdout.split():
            path = f"/proc/{pid}/fd/{number}"
            target = host.run("readlink", path, check=False).stdout.strip()
            if target.startswith(("/dev/", "pipe:")) or target == HOLDFASTD:
                continue        # a pipe may have a reader to wait for; our own program is one
            done = daemon.ctl("upgrade", path)
            assert done.returncode == 1, (path, target)
            if target.startswith("/memfd:"):
                tried += 1
                assert "it has no name" in done.stderr
    assert tried >= 2


@pytest.mark.parametrize("options,why", [
    (("-o", str(USER), "-m", "0755"), f"it belongs to user {USER}, not to root"),
    (("-g", str(USER), "-m", "0775"), "others than its owner can write it"),
    (("-m", "0757"), "others than its owner can write it"),
    (("-m", "4755"), "setuid"),
])
@changes_nothing
def test_a_file_that_others_have_a_hand_in(daemon, host, options, why):
    install(host, *options)
    refused(daemon, "/opt/new", why)


@changes_nothing
def test_an_acl_that_lets_a_user_write(daemon, host):
    install(host, "-m", "0755")
    # struct posix_acl_xattr_header and its entries: tag, rights, id
    entries = [(1, 7, 2**32 - 1), (2, 7, USER), (4, 5, 2**32 - 1), (16, 7, 2**32 - 1), (32, 5, 2**32 - 1)]
    acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *e) for e in entries)
    host.run(PYTHON, "-c", f"import os; os.setxattr('/opt/new', 'system.posix_acl_access', {acl!r})")
    refused(daemon, "/opt/new", "access control list")


@changes_nothing
def test_a_users_chain_of_scripts(daemon, host):
    for i in range(5):
        host.write(f"/var/chain/{i}", f"#!/var/chain/{i + 1}\n", "0755")
    host.write("/var/chain/5", "#!/bin/sh\ntouch /root/was-root\n", "0755")
    refused(daemon, "/var/chain/0", "not an ELF program")
    host.run("chown", "-R", str(USER), "/var/chain")
    refused(daemon, "/var/chain/0", f"belongs to user {USER}")
    assert not host.exists("/root/was-root")


@changes_nothing
def test_the_deleted_program_of_a_users_process(daemon, host):
    host.run("install", "-o", str(USER), "-m", "0755", "/bin/sleep", "/var/tmp/holdfastd")
    proc = host.popen("setpriv", "--reuid", USER, "--clear-groups", "/var/tmp/holdfastd", "600")
    exe = f"/proc/{proc.inner_pid}/exe"
    wait_for(lambda: host.run("readlink", exe).stdout == "/var/tmp/holdfastd\n", 10, "the user's program")
    host.run("rm", "/var/tmp/holdfastd")
    refused(daemon, exe, f"belongs to user {USER}")
    # root's own, as gone
    host.run("install", "-m", "0755", HOLDFASTD, "/opt/gone")
    root = host.popen(PYTHON, "-c", "import os,time; f = open('/opt/gone'); os.unlink('/opt/gone'); "
                      "print('open', flush=True); time.sleep(600)")
    root.expect("open")
    fds = host.run("ls", "-l", f"/proc/{root.inner_pid}/fd").stdout
    number = re.search(r"(\d+) -> /opt/gone \(deleted\)", fds).group(1)
    refused(daemon, f"/proc/{root.inner_pid}/fd/{number}", "it has no name")


@changes_nothing
def test_a_file_that_is_being_written(daemon, host):
    install(host, "-m", "0755")
    writer = host.popen(PYTHON, "-c", "import time; f = open('/opt/new', 'r+'); print('open', flush=True); "
                        "time.sleep(600)")
    writer.expect("open")
    refused(daemon, "/opt/new", "it cannot be executed: Text file busy")
    writer.stop()


@changes_nothing
def test_what_is_not_a_program_on_a_disk(daemon, host):
    for path, why in (("/proc/self/maps", "made up by the kernel"), ("/etc", "not a regular file"),
                      ("/dev/null", "not a regular file")):
        refused(daemon, path, why)
    host.run("install", "-m", "0755", HOLDFASTD, "/tmp/new")       # nosuid, as a user's stick is
    refused(daemon, "/tmp/new", "mounted nosuid")


def test_the_file_that_was_proven_is_the_one_that_is_executed(daemon, host):
    """Swapped at its path after it was opened: nobody looks at the path again."""
    install(host, "-m", "0755")
    host.run("install", "-m", "0755", "/bin/false", "/opt/other")
    fd = os.open(f"/proc/{host.pid}/root/opt/new", os.O_RDONLY)
    host.sh("mv /opt/new /opt/kept && mv /opt/other /opt/new")
    upgraded, _ = Upgrades(daemon).ask(message("KPW_UPGRADE", b"/opt/new"), [fd])
    os.close(fd)
    assert upgraded == kind("KPW_UPGRADED")
    assert daemon.state() == "MASTER"


# what the prover could do

@changes_nothing
def test_the_prover_has_no_rights(daemon, host):
    """A program of root's that tries what it can, and spoils its copy of the record."""
    install(host, "-m", "0755", source=IMPOSTOR)
    uid = host.run("id", "-u", "holdfast").stdout.strip()
    gid = host.run("id", "-g", "holdfast").stdout.strip()
    refused(daemon, "/opt/new", f"uid {uid} gid {gid} can: end")
    # the living record is whole: the spare goes on with it
    engine = engine_of(host)
    host.kill(spare_of(host))
    refused(daemon, "/opt/new", f"uid {uid} gid {gid} can: end")
    assert engine_of(host) == engine


def test_without_the_engines_user_it_is_nobody(host, ours):
    host.run("userdel", "holdfast")
    daemon = ours(host, config(instance(interval=0.1), version=3)).start().wait_state("MASTER")
    install(host, "-m", "0755", source=IMPOSTOR)
    refused(daemon, "/opt/new", "uid 65534 gid 65534 can: end")
    assert daemon.ctl("upgrade").returncode == 0


# who asks

@changes_nothing
def test_a_user_cannot_ask(daemon, host):
    upgrades = Upgrades(daemon)
    assert host.run("stat", "-c", "%a %u", upgrades.path).stdout == "600 0\n"
    done = host.run(*NOBODY, HOLDFASTCTL, "--control", daemon.socket, "upgrade", check=False)
    assert done.returncode == 3 and "you may not use it" in done.stderr
    host.run("chmod", "666", upgrades.path)         # and if it could, the kernel says who it is
    done = host.run(*NOBODY, HOLDFASTCTL, "--control", daemon.socket, "upgrade", check=False)
    assert done.returncode == 1 and "'upgrade' is for root only" in done.stderr
    daemon.expect(r"'upgrade' was refused to user \d+, process \d+")
    host.run("chmod", "600", upgrades.path)


@changes_nothing
def test_who_has_asked_is_in_the_log(daemon):
    assert daemon.ctl("upgrade", "/etc/passwd").returncode == 1
    daemon.expect(r"'upgrade' was asked for by user 0, process \d+")


@changes_nothing
def test_no_connection_of_the_engine_is_asked(daemon, host):
    """The control socket has no such verb, whoever asks."""
    done = host.run(PYTHON, "-c", "import socket\n"
                    "s = socket.socket(socket.AF_UNIX)\n"
                    f"s.connect('{daemon.socket}')\n"
                    "s.sendall(b'{\"verb\": \"upgrade\", \"binary\": \"/proc/self/fd/4\"}\\n')\n"
                    "print(s.recv(4096).decode())")
    assert '"ok":false' in done.stdout.replace(" ", "")


def channel_of(daemon, name):
    """The engine's end of its channel, taken out of it as a debugger would."""
    for pid in daemon.outer_pids():
        with open(f"/proc/{pid}/comm", encoding="utf-8") as f:
            if f.read().strip() != name:
                continue
        pidfd = os.pidfd_open(pid)
        libc = __import__("ctypes").CDLL(None, use_errno=True)
        for number in sorted(map(int, os.listdir(f"/proc/{pid}/fd")), reverse=True):
            if not os.readlink(f"/proc/{pid}/fd/{number}").startswith("socket:"):
                continue
            fd = libc.syscall(438, pidfd, number, 0)            # pidfd_getfd
            os.close(pidfd)
            return socket.socket(fileno=fd)
    raise AssertionError(f"no process {name}")


@pytest.mark.parametrize("name,fds", [("KPW_UPGRADE", 0), ("KPW_UPGRADE", 1), ("KPW_LOADED", 1),
                                      ("KPW_UPGRADED", 0), ("KPW_GO", 0)])
def test_an_engine_that_was_taken_over_can_name_no_program(daemon, host, name, fds):
    """Its word for it is none: who says so is ended, and the next engine goes on."""
    keeper, engine = daemon.proc.inner_pid, engine_of(host)
    channel = channel_of(daemon, ENGINE)
    program = os.open(HOLDFASTD, os.O_RDONLY)
    socket.send_fds(channel, [message(name, b"/proc/self/fd/4")], [program] * fds)
    os.close(program)
    daemon.expect(f"Engine, PID {engine}, says what makes no sense: it is ended")
    wait_for(lambda: host.pids(ENGINE) not in ([], [engine]), 10, "another engine")
    channel.close()
    assert daemon.proc.inner_pid == keeper and "Upgrading to" not in daemon.log()
    assert daemon.states() == ["BACKUP", "MASTER"] and host.has(VIP)


# what comes over the socket

@changes_nothing
def test_garbage_is_answered_or_closed(daemon):
    upgrades = Upgrades(daemon)
    good = message("KPW_UPGRADE", b"x")
    for data in (b"x", good[:-1], message("KPW_UPGRADE", b"x", version=2), message("KPW_GO"),
                 message("KPW_REFUSED"), message("KPW_UPGRADE", b"x" * 456), os.urandom(MESSAGE.size),
                 b"\xff" * 100000):
        answer = upgrades.ask(data)
        assert answer is None or answer[0] == kind("KPW_REFUSED"), (data[:20], answer)


@changes_nothing
def test_wrong_descriptors(daemon):
    upgrades, good = Upgrades(daemon), message("KPW_UPGRADE", b"x")
    program, folder = os.open(HOLDFASTD, os.O_RDONLY), os.open("/", os.O_RDONLY)
    path, writable = os.open(HOLDFASTD, os.O_PATH), os.memfd_create("x")
    pipe, pair = os.pipe(), socket.socketpair()
    os.write(writable, open(HOLDFASTD, "rb").read())
    for fds, why in (([program, program], "no request"), ([program] * 200, "no request"),
                     ([folder], "not a regular file"), ([pipe[0]], "not a regular file"),
                     ([pair[0].fileno()], "opened for writing"), ([path], "without the right to read"),
                     ([writable], "opened for writing")):
        answer = upgrades.ask(good, fds)
        assert answer[0] == kind("KPW_REFUSED") and why in answer[1], (fds, answer)
    for fd in (program, folder, path, writable, *pipe):
        os.close(fd)
    # nothing is kept
    held = os.listdir(f"/proc/{daemon.proc.pid}/fd")
    for _ in range(20):
        program = os.open("/etc/passwd", os.O_RDONLY)
        upgrades.ask(good, [program, program])
        os.close(program)
    assert len(os.listdir(f"/proc/{daemon.proc.pid}/fd")) <= len(held)


@changes_nothing
def test_silent_connections_keep_nobody_out(daemon):
    upgrades = Upgrades(daemon)
    held = len(os.listdir(f"/proc/{daemon.proc.pid}/fd"))
    silent = [upgrades.connect() for _ in range(100)]
    answer = upgrades.ask(message("KPW_UPGRADE", b"x" * 456))
    assert answer[0] == kind("KPW_REFUSED")
    refused(daemon, "/etc/passwd", "not an ELF program")
    assert len(os.listdir(f"/proc/{daemon.proc.pid}/fd")) <= held + 8
    assert all(upgrades.answer(sock) is None for sock in silent)       # each is closed in the end
    assert len(os.listdir(f"/proc/{daemon.proc.pid}/fd")) <= held


def test_who_hangs_up_meanwhile_changes_nothing(daemon, host):
    keeper, engine = daemon.proc.inner_pid, engine_of(host)
    with Upgrades(daemon).connect() as sock:
        sock.sendall(message("KPW_UPGRADE"))
    daemon.expect("Upgraded to Holdfast", 30)
    wait_for(lambda: host.pids(ENGINE) not in ([], [engine]), 10, "another engine")
    assert daemon.proc.inner_pid == keeper and daemon.ctl("upgrade").returncode == 0


@changes_nothing
def test_one_at_a_time(daemon, host):
    """A second one is told so; the first one is answered all the same."""
    install(host, "-m", "0755", source=IMPOSTOR)
    upgrades = Upgrades(daemon)
    with upgrades.connect() as first:
        program = os.open(f"/proc/{host.pid}/root/opt/new", os.O_RDONLY)
        socket.send_fds(first, [message("KPW_UPGRADE", b"one")], [program])
        second = upgrades.ask(message("KPW_UPGRADE", b"two"), [program])
        os.close(program)
        one = upgrades.answer(first)
        assert one[0] == kind("KPW_REFUSED") and one[1].startswith("one: ")
        # the second may come when the first is over already
        assert second[1] == "another upgrade is under way" or second[1].startswith("two: ")


def test_the_socket_goes_with_the_daemon(daemon, host):
    upgrades = Upgrades(daemon)
    assert daemon.ctl("upgrade").returncode == 0 and host.exists(upgrades.path)
    assert daemon.stop() == 0
    assert not host.exists(upgrades.path)
    done = daemon.ctl("upgrade")
    assert done.returncode == 3 and "is holdfastd running?" in done.stderr


def test_without_the_socket_it_runs(host, ours):
    """An address is worth more than an upgrade."""
    daemon = ours(host, config(instance(interval=0.1), version=3))
    host.write(re.sub(r"\.sock$", "", daemon.socket) + ".upgrade", "somebody's\n")
    daemon.start().wait_state("MASTER")
    daemon.expect("there can be no upgrade: .*upgrade is there and is not a socket")
    assert daemon.stop() == 0
