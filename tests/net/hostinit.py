"""PID 1 of a test host.

A test host is a process that lives in its own PID, network, mount, UTS and IPC namespace.  This
program makes the namespaces, prepares the file system, and then does what an init must do: it reaps
orphans, so that a zombie seen in a host is the fault of the program under test.  It also answers
at /dev/log, because a daemon that was started by `service` logs there.

The lab holds the other end of our standard input.  When the lab goes away, however it died, we read
end of file and leave, and the kernel ends every process of the host and drops its network and
mounts.  One byte on standard input detaches the host from the lab (`make demo KEEP=1`).

usage: hostinit.py SPEC, where SPEC is JSON: name, scratch (an empty directory for our tmpfs),
overlay (directories that the host may change without changing the machine's), keep (paths that must
stay visible although a mount of the host hides them), files (path to text, made at the start).
"""
import ctypes
import json
import os
import selectors
import signal
import socket
import sys

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWPID, CLONE_NEWNET = 0x20000000, 0x40000000
MS_NOSUID, MS_BIND, MS_REC, MS_PRIVATE = 0x2, 0x1000, 0x4000, 0x40000
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")

libc = ctypes.CDLL(None, use_errno=True)


def check(result, what):
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")


def unshare(flags):
    check(libc.unshare(flags), "unshare")


def mount(source, target, kind, flags=0, data=""):
    check(libc.mount(source.encode(), target.encode(), kind.encode(), flags, data.encode()),
          f"mount {kind or 'bind'} on {target}")


def overlay_trees(scratch, trees):
    """Let the host write below each tree; the machine's own files stay as they are."""
    mount("hf-scratch", scratch, "tmpfs", 0, "mode=0755")
    for tree in trees:
        name = tree.strip("/").replace("/", "-")
        upper, work = f"{scratch}/{name}.upper", f"{scratch}/{name}.work"
        os.mkdir(upper)
        os.chmod(upper, os.stat(tree).st_mode & 0o7777)
        os.mkdir(work)
        mount("hf-overlay", tree, "overlay", 0,
              f"lowerdir={tree},upperdir={upper},workdir={work}")


def private_dev():
    """A /dev with the usual few nodes, where /dev/log is the host's own."""
    held = {name: os.open(f"/dev/{name}", os.O_PATH) for name in DEVICES}
    mount("hf-dev", "/dev", "tmpfs", MS_NOSUID, "mode=0755")
    for name, fd in held.items():
        os.close(os.open(f"/dev/{name}", os.O_CREAT | os.O_WRONLY, 0o666))
        mount(f"/proc/self/fd/{fd}", f"/dev/{name}", "", MS_BIND)
        os.close(fd)
    os.mkdir("/dev/pts")
    mount("devpts", "/dev/pts", "devpts", 0, "newinstance,ptmxmode=0666")
    os.symlink("pts/ptmx", "/dev/ptmx")
    os.mkdir("/dev/shm")
    mount("hf-shm", "/dev/shm", "tmpfs", 0, "mode=1777")
    for name, target in (("fd", ""), ("stdin", "/0"), ("stdout", "/1"), ("stderr", "/2")):
        os.symlink(f"/proc/self/fd{target}", f"/dev/{name}")


def private_tmp_and_run():
    mount("hf-run", "/run", "tmpfs", MS_NOSUID, "mode=0755")
    mount("hf-tmp", "/tmp", "tmpfs", MS_NOSUID, "mode=1777")
    os.makedirs("/run/lock", exist_ok=True)


def hold(paths):
    """Handles on directories that a mount is about to hide."""
    return [(path, os.open(path, os.O_PATH)) for path in paths]


def bring_back(held):
    """Bind the held directories to where they were."""
    for path, fd in held:
        os.makedirs(path, exist_ok=True)
        mount(f"/proc/self/fd/{fd}", path, "", MS_BIND | MS_REC)
        os.close(fd)


def write_files(files):
    for path, text in files.items():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)


def prepare(spec):
    unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC)
    mount("none", "/", "", MS_REC | MS_PRIVATE)
    mount("proc", "/proc", "proc")
    mount("sysfs", "/sys", "sysfs")
    check(libc.sethostname(spec["name"].encode(), len(spec["name"].encode())), "sethostname")
    hidden = tuple(f"{tree}/" for tree in [*spec["overlay"], "/tmp", "/run"])
    held = hold(path for path in spec["keep"] if path.startswith(hidden))
    overlay_trees(spec["scratch"], spec["overlay"])
    private_dev()
    private_tmp_and_run()
    bring_back(held)
    write_files(spec["files"])


def log_socket():
    log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    log.bind("/dev/log")
    os.chmod("/dev/log", 0o666)
    return log


def reap(record):
    """Collect every orphan, and write down who it was and how it ended."""
    while True:
        try:
            dead = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if dead is None:
            return
        with open(f"/proc/{dead.si_pid}/comm", encoding="utf-8", errors="replace") as comm:
            name = comm.read().strip()
        how = "exit" if dead.si_code == os.CLD_EXITED else "signal"
        record.write(f"{dead.si_pid} {name} {how} {dead.si_status}\n")
        os.waitpid(dead.si_pid, 0)


def serve(log, record, syslog):
    """The loop of an init: orphans, log lines, and the lab's wish."""
    wake_out, wake_in = os.pipe()
    os.set_blocking(wake_in, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake_in)
    watch = selectors.DefaultSelector()
    for fd in (0, wake_out, log):
        watch.register(fd, selectors.EVENT_READ)
    reap(record)
    while True:
        for key, _ in watch.select():
            if key.fileobj is log:
                syslog.write(log.recv(65536).rstrip(b"\0\n") + b"\n")
            elif key.fileobj == wake_out:
                os.read(wake_out, 4096)
                reap(record)
            elif os.read(0, 1) == b"":
                return
            else:
                watch.unregister(0)


def first_process(spec):
    os.umask(0o022)                 # a host's files are those of a host, whatever the caller's mask
    prepare(spec)
    log = log_socket()
    with open("/run/hf-reaped", "w", buffering=1, encoding="utf-8") as record, \
            open("/run/hf-syslog", "wb", buffering=0) as syslog:
        os.write(1, b"ready\n")
        null = os.open("/dev/null", os.O_WRONLY)
        os.dup2(null, 1)
        serve(log, record, syslog)


def say_why(work, *args):
    """What the machine does not permit is a sentence for the lab to pass on."""
    try:
        work(*args)
    except OSError as error:
        os.write(2, f"{error.strerror}\n".encode())
        os._exit(1)


def main():
    spec = json.loads(sys.argv[1])
    say_why(unshare, CLONE_NEWPID)
    pid = os.fork()
    if pid == 0:
        os.setsid()
        say_why(first_process, spec)
        os._exit(0)
    os.write(1, f"{pid}\n".encode())
    for fd in range(3):
        os.close(fd)
    os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
