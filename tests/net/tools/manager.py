"""Plays systemd's part for one service: its notify socket, its store of descriptors, its restart.

    manager.py SOCKET COMMAND...

Prints a line for each thing that happens.  When the service ends otherwise than with status 0, it
is started again with what it has stored.
"""
import array
import os
import socket
import subprocess
import sys

FIRST = 3


def say(*words):
    print(*words, flush=True)


class Manager:
    def __init__(self, path, argv):
        self.path, self.argv = path, argv
        self.store = []                 # (name, descriptor)
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(path)
        self.notify.settimeout(0.02)

    def start(self):
        """Descriptors from 3 on, and whose they are, as sd_listen_fds(3) says."""
        pairs = list(self.store)
        spare = [os.dup(fd) for _, fd in pairs]
        env = {**os.environ, "NOTIFY_SOCKET": self.path, "WATCHDOG_USEC": "2000000"}
        if pairs:
            env |= {"LISTEN_FDS": str(len(pairs)),
                    "LISTEN_FDNAMES": ":".join(name for name, _ in pairs)}

        def arrange():
            high = [os.dup2(fd, 200 + i) for i, fd in enumerate(spare)]
            for i, fd in enumerate(high):
                os.dup2(fd, FIRST + i, inheritable=True)
            os.closerange(FIRST + len(high), 4096)
        script = 'export LISTEN_PID=$$; exec "$@"'
        self.proc = subprocess.Popen(["sh", "-c", script, "service", *self.argv], env=env,
                                     close_fds=False, preexec_fn=arrange)
        for fd in spare:
            os.close(fd)
        say("started", self.proc.pid, *sorted(name.split("-")[0] for name, _ in pairs))

    def take(self, text, fds):
        fields = dict(line.split("=", 1) for line in text.splitlines())
        name = fields.get("FDNAME", "stored")
        if "FDSTORE" in fields:
            self.store += [(name, fd) for fd in fds]
            say("stored", name)
        elif "FDSTOREREMOVE" in fields:
            for pair in [pair for pair in self.store if pair[0] == name]:
                self.store.remove(pair)
                os.close(pair[1])
            say("removed", name)
        else:
            say(" ".join(f"{key}={value}" for key, value in fields.items()
                         if key != "MONOTONIC_USEC"))

    def run(self):
        self.start()
        while True:
            try:
                fds = array.array("i")
                data, ancillary, _, _ = self.notify.recvmsg(4096, socket.CMSG_SPACE(4 * 16))
                for level, kind, what in ancillary:
                    if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                        fds.frombytes(what[:len(what) - len(what) % fds.itemsize])
                self.take(data.decode(), list(fds))
            except TimeoutError:
                if self.proc.poll() is None:
                    continue
                say("ended", self.proc.returncode)
                if self.proc.returncode == 0:
                    return
                self.start()


Manager(sys.argv[1], sys.argv[2:]).run()
