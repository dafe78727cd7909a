"""holdfastctl as people and scripts call it, with and without a daemon."""
import json
import re
import signal

import pytest

from lab import PYTHON, wait_for
from peers import HOLDFASTCTL, HOLDFASTD, config, instance

TEXT = config(instance(interval=0.1), version=3)
CONF = "/etc/holdfast/holdfast.conf"
JOURNAL = "/var/lib/holdfast/journal"

pytestmark = pytest.mark.ours

# words, exit status without a daemon, with one
CALLS = (
    (("status",), 3, 0),
    (("status", "VI_1"), 3, 0),
    (("status", "VI_2"), 3, 4),
    (("reload",), 3, 0),
    (("version",), 0, 0),
    (("--json", "version"), 0, 0),
    (("upgrade",), 3, 0),
    (("lint", CONF), 0, 0),
    (("replay", JOURNAL), 2, 0),
    (("simulate", CONF), 1, 1),
    (("help",), 0, 0),
)
STRAY = (
    ("status", "VI_1", "a", "b"), ("watch", "x"), ("reload", "x"), ("version", "x"),
    ("upgrade", HOLDFASTD, "x"), ("lint",), ("replay",), ("replay", JOURNAL, "x"), ("simulate",),
    ("help", "status", "x"), ("--version", "x"), (), ("status", ""),
)
OPTION = ("status", "watch", "reload", "version", "upgrade", "lint", "replay", "simulate", "help")


@pytest.fixture
def host(lab):
    host = lab.host("a", "10.0.0.5/24")
    host.write(CONF, TEXT)
    return host


@pytest.fixture
def daemon(host):
    host.run("mkdir", "-p", "/var/lib/holdfast")
    running = host.popen(HOLDFASTD, "-n", "-l", "--journal", JOURNAL, name="holdfastd")
    wait_for(lambda: ctl(host, "status", "VI_1").returncode == 0, 15, "a master")
    return running


def ctl(host, *words):
    return host.run(HOLDFASTCTL, *words, check=False)


# Runs many command lines; what costs most is to enter a host.
MANY = """
import json, subprocess, sys
ctl, lines = json.loads(sys.argv[1])
done = [subprocess.run([ctl, *words], capture_output=True, text=True) for words in lines]
json.dump([(one.returncode, one.stdout, one.stderr) for one in done], sys.stdout)
"""


def many(host, lines):
    words = json.dumps([str(HOLDFASTCTL), [[str(word) for word in line] for line in lines]])
    return zip(lines, json.loads(host.run(PYTHON, "-c", MANY, words, timeout=120).stdout))


def check_wrong_words(host):
    for words, (status, out, err) in many(host, STRAY):
        assert (status, out) == (64, ""), (words, err)
        assert err.startswith("holdfastctl: ") and "--help" in err, words
    for words, (status, out, err) in many(host, [(verb, "--jsn") for verb in OPTION]):
        assert (status, out) == (64, ""), words
        assert "there is no option '--jsn' (did you mean '--json'?)" in err, words


def check_statuses(host, column):
    for call, (status, _, err) in zip(CALLS, (done for _, done in
                                              many(host, [call[0] for call in CALLS]))):
        assert status == call[column], (call, err)


class TestStatuses:
    def test_without_a_daemon(self, host):
        check_wrong_words(host)
        check_statuses(host, 1)
        done = ctl(host, "version")
        assert done.stdout == ctl(host, "--version").stdout + "holdfastd does not run\n"
        assert done.stderr == ""
        assert json.loads(ctl(host, "version", "--json").stdout)["daemon_version"] is None
        done = ctl(host, "--daemon", "blue", "version")
        assert done.returncode == 3, "a certain one was asked for"
        assert done.stdout == ctl(host, "--version").stdout

    def test_with_a_daemon(self, host, daemon):
        check_wrong_words(host)
        check_statuses(host, 2)
        version = ctl(host, "--version").stdout.split()[1]
        assert ctl(host, "version").stdout == f"holdfastctl {version}\nholdfastd {version}\n"
        answer = json.loads(ctl(host, "version", "--json").stdout)
        assert answer["daemon_version"] == answer["holdfastctl_version"] == version

    def test_a_stray_word_starts_no_daemon(self, host):
        for words in (("foo",), ("-n", "foo"), ("-t", CONF)):
            done = host.run(HOLDFASTD, *words, check=False)
            assert done.returncode == 1, words
            assert f"'{words[-1]}' belongs to no option" in done.stderr
        host.run("ln", "-sf", HOLDFASTD, "/usr/sbin/keepalived")
        done = host.run("/usr/sbin/keepalived", "-t", "-f", CONF, "foo", check=False)
        assert "foo" not in done.stderr, "keepalived goes on"


# As `printf ... | nc -N -U SOCKET`: says all, ends its side, and prints what it is told.
NC = """
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect("/run/holdfast/default.sock")
s.sendall(sys.argv[1].encode())
s.shutdown(socket.SHUT_WR)
while text := s.recv(65536):
    sys.stdout.write(text.decode())
    sys.stdout.flush()
"""


class TestStatus:
    def test_an_instance_that_was_left_out_is_missed(self, host, daemon):
        wrong = instance("VI_2", vrid=52, vips=["10.0.0.101"]).replace("interface", "interfaec", 1)
        host.write(CONF, config(instance(interval=0.1), wrong, version=3))
        assert ctl(host, "reload").returncode == 0
        done = ctl(host, "status")
        errors = json.loads(ctl(host, "status", "--json").stdout)["daemon"]["config_errors"]
        assert errors > 0
        assert re.search(rf"The configuration has {errors} errors?, and what has\s+one is\s+left out",
                         done.stdout)
        done = ctl(host, "status", "VI_2")
        assert done.returncode == 4
        assert "the configuration has errors, and what has one is left out" in done.stderr
        host.write(CONF, TEXT)
        assert ctl(host, "reload").returncode == 0
        assert "error" not in ctl(host, "status").stdout
        assert ctl(host, "status", "VI_2").stderr == \
            "holdfastctl: there is no instance 'VI_2' (did you mean 'VI_1'?)\n"


# Runs words on a terminal of so many columns, and prints what they print.
TERMINAL = """
import fcntl, os, pty, struct, sys, termios
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 25, int(sys.argv[1]), 0, 0))
    os.execvp(sys.argv[2], sys.argv[2:])
text = b""
try:
    while part := os.read(fd, 65536):
        text += part
except OSError:
    pass
sys.stdout.write(text.decode().replace("\\r\\n", "\\n"))
"""


class TestTerminal:
    def show(self, host, columns, *words, **env):
        return host.run(PYTHON, "-c", TERMINAL, str(columns), HOLDFASTCTL, *words,
                        env={**host.environ(), "TERM": "xterm", **env}).stdout

    def widest(self, text):
        return max(len(line) for line in re.sub("\033\\[[0-9]*m", "", text).splitlines())

    def test_lines_fit_whatever_the_terminal(self, host, daemon):
        name = "an-instance-of-a-very-long-name-that-does-not-fit-anywhere"
        host.write(CONF, config(instance(interval=0.1),
                                instance(name, vrid=52, vips=["10.0.0.101"]), version=3))
        assert ctl(host, "reload").returncode == 0
        for columns in (20, 40, 80, 132):
            for words in (("status",), ("status", name)):
                assert self.widest(self.show(host, columns, *words)) <= columns, (columns, words)
        assert self.widest(self.show(host, 40, "status", COLUMNS="60")) in range(41, 61)
        assert self.widest(ctl(host, "status").stdout) <= 80, "no terminal"
        rows = [line for line in self.show(host, 132, "status").splitlines() if name in line]
        assert len(rows) == 1 and "10.0.0.101" in rows[0], "one line where there is room"

    def test_colours(self, host, daemon):
        green = "\033[32mMASTER\033[0m"
        assert green in self.show(host, 80, "status")
        assert green in self.show(host, 80, "status", NO_COLOR="")
        for env in ({"NO_COLOR": "1"}, {"NO_COLOR": "0"}, {"TERM": "dumb"}):
            assert "\033" not in self.show(host, 80, "status", **env)
        assert "\033" not in ctl(host, "status").stdout


class TestHalfClosed:
    """A client that has said all and ended its side waits for the answer."""

    def ask(self, host, text):
        return json.loads(host.run("timeout", "60", PYTHON, "-c", NC, text).stdout)

    def test_every_verb_answers(self, host, daemon):
        for end in ("\n", ""):
            assert self.ask(host, f'{{"verb":"version"}}{end}')["daemon_version"]
            assert self.ask(host, f'{{"verb":"status"}}{end}')["instances"][0]["name"] == "VI_1"
            assert self.ask(host, f'{{"verb":"reload"}}{end}')["reloaded"] is True
        host.write(CONF, "vrrp_instance")
        answer = self.ask(host, '{"verb":"reload"}')
        assert answer["ok"] is False and answer["reason"] == "refused"

    def test_a_watcher_goes_on_and_an_upgrade_keeps_it(self, host, daemon):
        watcher = host.popen(PYTHON, "-c", NC, '{"verb":"watch"}', name="nc")
        watcher.expect('"watching":true')
        host.run("ip", "link", "set", "eth0", "down")
        watcher.expect('"event":"state".*"to":"FAULT"')
        assert ctl(host, "upgrade").returncode == 0
        host.run("ip", "link", "set", "eth0", "up")
        watcher.expect('"event":"state".*"to":"MASTER"', timeout=20)
        daemon.stop()
        assert watcher.wait() == 0, "its connection ends with the daemon"


class TestWatch:
    def test_a_daemon_that_is_started_again_is_watched_again(self, host, daemon):
        watch = host.popen(HOLDFASTCTL, "watch", name="watch")
        watch.expect("watching holdfastd, pid")
        assert daemon.stop() == 0
        watch.expect("VI_1.*Stopped")
        watch.expect("the daemon has closed the connection; waiting for it to come back")
        mark = watch.mark()
        again = host.popen(HOLDFASTD, "-n", "-l", name="holdfastd")
        watch.expect(rf"watching holdfastd, pid {again.inner_pid}\n", since=mark)
        watch.expect("VI_1.*Entering MASTER STATE", timeout=20, since=mark)
        assert watch.stop(signal.SIGINT) == -signal.SIGINT, "until it is interrupted"

    @pytest.mark.parametrize("pipe", ("", "trap '' PIPE; "))
    def test_a_reader_that_leaves_ends_it_without_a_word(self, host, daemon, pipe):
        """Also where SIGPIPE is ignored, as in a unit of systemd."""
        for words in ("watch", "--json watch", "status", "status VI_1", "--help"):
            done = host.run("timeout", "60", "bash", "-c",
                            f"{pipe}{HOLDFASTCTL} {words} | head -1", timeout=90, check=False)
            assert (done.returncode, done.stderr) == (0, ""), words
            assert done.stdout.count("\n") == 1, words

    def test_a_question_while_it_fails_over(self, lab, host, daemon):
        """Each question has an answer of one moment: the state and who is master agree."""
        asker = host.popen(PYTHON, "-c", ASKER, HOLDFASTCTL, name="asker")
        rival = lab.host("b", "10.0.0.6/24")
        rival.write(CONF, config(instance(interval=0.1, priority=200), version=3))
        for _ in range(5):
            mark = asker.mark()
            other = rival.popen(HOLDFASTD, "-n", "-l", name="rival")
            asker.expect("BACKUP", timeout=30, since=mark)
            mark = asker.mark()
            assert other.stop() == 0
            asker.expect("MASTER", timeout=30, since=mark)
        assert asker.alive(), asker.log()
        asker.send(signal.SIGTERM)
        asker.wait()
        assert "Traceback" not in asker.log(), asker.log()


# Asks as fast as it can; ends with a traceback when an answer contradicts itself.
ASKER = """
import json, subprocess, sys
while True:
    done = subprocess.run([sys.argv[1], "--json", "--timeout", "60", "status", "VI_1"],
                          capture_output=True, text=True)
    row = json.loads(done.stdout)["instances"][0]
    assert done.returncode in {"MASTER": (0, 5), "BACKUP": (1,)}[row["state"]], done
    assert not row["master"] or row["master"]["self"] is (row["state"] == "MASTER"), done
    print(row["state"], flush=True)
"""
