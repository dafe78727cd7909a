"""Tracked scripts and notify scripts, as processes of a host."""
import signal
import time

import pytest

from conftest import PROVE
from lab import holds_for, wait_for
from peers import config, instance
from wire import Capture

VIP = "10.0.0.100"
MISSED = 0.5        # seconds: a cut of that length is no short loss of link, with adverts of 0.1 s


def script_block(name="chk", path="/etc/keepalived/chk.sh", interval=1, *lines):
    body = "".join(f"    {line}\n" for line in (f'script "{path}"', f"interval {interval}", *lines))
    return f"vrrp_script {name} {{\n{body}}}\n"


TRACK = ["track_script {", "    chk", "}"]
# A script whose verdict is a file's first line: its exit status.
VERDICT = "#!/bin/sh\nread status < /run/verdict\nexit $status\n"


class Checked:
    """One host whose daemon runs a script; `say(n)` makes it exit with n from now on."""

    def __init__(self, lab, kind, *lines, verdict=0, script=VERDICT, priority=100, extra=()):
        self.host, self.listener = lab.build({"a": ["10.0.0.5/24"], "b": ["10.0.0.9/24"]})
        self.wire = Capture(self.listener)
        self.host.write("/etc/keepalived/chk.sh", script, "0755")
        self.say(verdict)
        text = config(instance(priority=priority, interval=0.1, extra=[*TRACK, *extra]), version=3,
                      extra=["script_user root"],
                      before=script_block("chk", "/etc/keepalived/chk.sh", 1, *lines))
        self.daemon = kind(self.host, text).start()

    def say(self, status):
        self.host.write("/run/verdict", f"{status}\n")

    def wait_priority(self, priority, since=0):
        self.wire.wait_adverts(1, priority=priority, since=since)
        if not PROVE:
            status = self.daemon.status()
            row = status.instance()
            assert status.priority() == priority
            assert row["base_priority"] + sum(part[2] for part in status.parts()) == priority


@pytest.mark.parametrize("weight,good,bad", [(20, 120, 100), (-30, 100, 70)])
def test_weight_is_added_and_taken(lab, ours, weight, good, bad):
    checked = Checked(lab, ours, f"weight {weight}")
    checked.wait_priority(good)
    mark = checked.wire.mark()
    checked.say(7)
    checked.wait_priority(bad, mark)
    if not PROVE:
        row = checked.daemon.status().check("chk")
        assert (row["verdict"], row["result"], row["code"]) == ("failed", "exit", 7)
        assert row["took_ms"] is not None and row["age_s"] < 3
    mark = checked.wire.mark()
    checked.say(0)
    checked.wait_priority(good, mark)
    assert checked.daemon.state() == "MASTER" and checked.host.has(VIP)


def test_reverse_turns_the_weight_round(lab, ours):
    checked = Checked(lab, ours, "weight 20 reverse", verdict=1)
    mark = checked.wire.mark()
    checked.wait_priority(100, mark)
    mark = checked.wire.mark()
    checked.say(0)
    checked.wait_priority(80, mark)


def test_a_script_without_weight_is_a_fault(lab, ours):
    checked = Checked(lab, ours)
    checked.daemon.wait_state("MASTER")
    checked.say(1)
    checked.daemon.wait_state("FAULT")
    wait_for(lambda: not checked.host.has(VIP), 5, "the address to be gone")
    if not PROVE:
        assert checked.daemon.status().fault_subjects() == {("check-failed", "chk")}
    checked.say(0)
    checked.daemon.wait_state("MASTER")


def test_fall_and_rise_are_counted(lab, ours):
    checked = Checked(lab, ours, "fall 3", "rise 2",
                      script=VERDICT.replace("exit", "echo x >> /run/runs\nexit"))
    checked.daemon.wait_state("MASTER")

    def runs():
        return checked.host.read("/run/runs").count("x")
    checked.say(1)
    start = runs()
    wait_for(lambda: runs() >= start + 2, 5, "two bad runs")
    assert checked.daemon.state() == "MASTER"
    checked.daemon.wait_state("FAULT", 5)
    assert start + 2 <= runs() <= start + 4
    checked.say(0)
    start = runs()
    checked.daemon.wait_state("MASTER", 6)
    assert runs() >= start + 2


@pytest.mark.ours
def test_a_script_that_hangs_is_ended_with_all_it_started(lab, ours):
    """Children that ignore TERM included, which keepalived 2.2.7 leaves running."""
    hanging = ("#!/bin/sh\ntrap '' TERM\n[ -e /run/hang ] || exit 0\n"
               "sleep 1000 &\nsleep 1000\nsleep 1000\n")
    checked = Checked(lab, ours, "timeout 1", "weight 10", script=hanging)
    checked.wait_priority(110)
    mark = checked.wire.mark()
    checked.host.write("/run/hang", "")
    checked.wait_priority(100, mark)
    row = checked.daemon.status().check("chk")
    assert (row["verdict"], row["result"]) == ("failed", "timeout")
    checked.host.run("rm", "/run/hang")
    wait_for(lambda: checked.host.pids("sleep") == [], 10, "the sleeps to be killed")
    mark = checked.wire.mark()
    checked.wait_priority(110, mark)
    assert checked.host.zombies() == []


@pytest.mark.ours
@pytest.mark.parametrize("path,setup,named", [
    ("/etc/keepalived/none.sh", "true", "/etc/keepalived/none.sh"),
    ("/srv-none/dir/chk.sh", "true", "/srv-none"),
    ("/etc/keepalived/plain.sh", "touch /etc/keepalived/plain.sh", "/etc/keepalived/plain.sh"),
])
def test_a_script_that_cannot_run_has_failed(lab, ours, path, setup, named):
    """keepalived counts it as a success; here it fails, and the part of the path is named."""
    host = lab.host("a", "10.0.0.5/24")
    host.sh(f"mkdir -p /etc/keepalived; {setup}")
    text = config(instance(interval=0.1, extra=TRACK), version=3, extra=["script_user root"],
                  before=script_block("chk", path, 1, "weight -30"))
    daemon = ours(host, text).start()
    row = wait_for(lambda: (daemon.state() == "MASTER" and daemon.status().check("chk")["verdict"]
                            == "failed" and daemon.status().check("chk")), 10, "the verdict")
    assert row["result"] == "cannot-run"
    assert named in row["detail"]
    assert daemon.status().priority() == 70
    wait_for(lambda: named in daemon.log(), 10, "the line that names it")


@pytest.mark.ours
@pytest.mark.parametrize("where", [["-n", "-l"], []], ids=["foreground", "background"])
def test_a_relative_script_is_meant_from_the_directory_of_the_start(lab, ours, where):
    """At the start, when the file is read again, and after an upgrade."""
    host = lab.host("a", "10.0.0.5/24")
    host.write("/etc/hf/scripts/chk.sh", "#!/bin/sh\nexit 0\n", "0755")
    text = config(instance(interval=0.1, extra=TRACK), version=3, extra=["script_user root"],
                  before=script_block("chk", "scripts/chk.sh", 1))
    daemon = ours(host, text)
    argv = " ".join([*daemon.argv()[:1], *where, *daemon.argv()[3:]])
    assert host.sh(f"cd /etc/hf && {argv} -t").returncode == 0
    host.popen("sh", "-c", f"cd /etc/hf && exec {argv}")

    def runs(name):
        return (daemon.state() == "MASTER" and daemon.status().check(name)["verdict"] == "good" and
                daemon.status().check(name)["script"] == "/etc/hf/scripts/chk.sh")
    wait_for(lambda: runs("chk"), 20, "the check to be good")
    daemon.configure(text.replace("chk {", "again {").replace("chk\n", "again\n"))
    assert daemon.ctl("reload").returncode == 0
    wait_for(lambda: runs("again"), 20, "the check to be good")
    assert daemon.ctl("upgrade").returncode == 0
    daemon.configure(text)
    assert daemon.ctl("reload").returncode == 0
    wait_for(lambda: runs("chk"), 20, "the check to be good")
    host.run("kill", host.read(daemon.pidfile).strip())
    wait_for(lambda: host.pids("holdfastd") == [], 20, "the end")


STEAL = "#!/bin/sh\nid -u > /run/stolen\n"


@pytest.mark.ours
@pytest.mark.parametrize("before", ["true",                             # not there when it is read
                                    "printf '%s' '#!/bin/sh' > {0}"])   # there, not executable
def test_script_security_judges_what_comes_later(lab, ours, before):
    """In a user's directory nothing runs as root, whatever was there when the file was read."""
    host = lab.host("a", "10.0.0.5/24")
    path = "/etc/hf/his/chk.sh"
    host.sh("mkdir -p /etc/hf/his; chown 1234:1234 /etc/hf/his; " + before.format(path))
    daemon = ours(host, config(instance(interval=0.1, extra=[*TRACK, f'notify_master "{path}"']),
                               version=3, extra=["script_user root", "enable_script_security"],
                               before=script_block("chk", path, 1, "weight -30"))).start()
    daemon.wait_state("MASTER")
    host.write(path, STEAL, "0755")
    host.run("chown", "1234:1234", path)
    wait_for(lambda: daemon.status().check("chk")["result"] == "cannot-run", 10, "the verdict")
    holds_for(lambda: not host.exists("/run/stolen"), 2.5, "nothing of the user's was run")
    assert "belongs to user 1234" in daemon.status().check("chk")["detail"]
    assert "Unsafe permissions: '/etc/hf/his' belongs to user 1234" in daemon.log()


@pytest.mark.ours
def test_script_security_judges_before_each_run(lab, ours):
    """A directory that is given away while the daemon runs."""
    host = lab.host("a", "10.0.0.5/24")
    path = "/etc/hf/app/chk.sh"
    host.write(path, "#!/bin/sh\nexit 0\n", "0755")
    daemon = ours(host, config(instance(interval=0.1, extra=TRACK), version=3,
                               extra=["script_user root", "enable_script_security"],
                               before=script_block("chk", path, 1, "weight -30"))).start()
    daemon.wait_state("MASTER")
    wait_for(lambda: daemon.status().check("chk")["verdict"] == "good", 10, "a good run")
    host.run("chown", "1234:1234", "/etc/hf/app")
    wait_for(lambda: daemon.status().check("chk")["result"] == "cannot-run", 10, "the refusal")
    assert "Unsafe permissions: '/etc/hf/app' belongs to user 1234" in daemon.log()
    host.run("chown", "0:0", "/etc/hf/app")
    wait_for(lambda: daemon.status().check("chk")["verdict"] == "good", 10, "a good run again")


@pytest.mark.ours
def test_a_script_of_a_user_is_a_warning(lab, ours):
    """Without enable_script_security it runs, as with keepalived; nobody can say that it was not
    told."""
    host = lab.host("a", "10.0.0.5/24")
    path = "/etc/hf/his/chk.sh"
    host.write(path, "#!/bin/sh\nexit 0\n", "0755")
    host.run("chown", "-R", "1234:1234", "/etc/hf/his")
    daemon = ours(host, config(instance(interval=0.1, extra=TRACK), version=3,
                               extra=["script_user root"],
                               before=script_block("chk", path, 1, "weight -30")))
    test = host.run(*daemon.argv(), "-t", check=False)
    assert test.returncode == 5
    assert "warning: Unsafe permissions: '/etc/hf/his' belongs to user 1234" in test.stderr
    daemon.start().wait_state("MASTER")
    assert "warning: Unsafe permissions: '/etc/hf/his' belongs to user 1234" in daemon.log()
    wait_for(lambda: daemon.status().check("chk")["verdict"] == "good", 10, "a good run")


def test_script_runs_as_its_user_without_a_shell(lab, ours):
    host = lab.host("a", "10.0.0.5/24")
    # id is a program and $HOME stays as it is: no shell looks at the words.
    host.write("/etc/keepalived/who.sh",
               '#!/bin/sh\nexec > /run/who/out\nid -un\nid -gn\nprintf "%s\\n" "$@"\n', "0755")
    host.sh("mkdir /run/who && chown nobody /run/who")
    text = config(instance(interval=0.1, extra=TRACK), version=3, before=script_block(
        "chk", "/etc/keepalived/who.sh one 'two three' $HOME", 1, "user nobody nogroup"))
    ours(host, text).start()
    wait_for(lambda: host.exists("/run/who/out")
             and host.read("/run/who/out").splitlines()
             == ["nobody", "nogroup", "one", "two three", "$HOME"], 10, "the script's words")


@pytest.mark.ours
@pytest.mark.parametrize("security", [[], ["enable_script_security"]])
def test_a_script_without_a_head_is_run_by_the_shell(lab, ours, security):
    """By /bin/sh, as execvp(3) does and keepalived's system(3): a check and a notify script."""
    host = lab.host("a", "10.0.0.5/24")
    host.write("/etc/keepalived/chk.sh", '[ "$1" = "a b" ] && echo good >> /run/ran\n', "0755")
    host.write("/etc/keepalived/say.sh", 'echo "$1" >> /run/ran\n', "0755")
    daemon = ours(host, config(instance(interval=0.1, extra=[
        *TRACK, 'notify_master "/etc/keepalived/say.sh mastered"']), version=3,
        extra=["script_user root", *security],
        before=script_block("chk", "/etc/keepalived/chk.sh 'a b'", 1, "timeout 30")))
    test = host.run(*daemon.argv(), "-t", check=False)
    assert test.returncode == 0 and ": clean: " in test.stderr
    daemon.start().wait_state("MASTER", 60)
    wait_for(lambda: "mastered" in host.read("/run/ran"), 60, "the notice")
    assert "good" in host.read("/run/ran") and daemon.status().check("chk")["verdict"] == "good"


@pytest.mark.ours
def test_words_of_a_shell_are_warned_of_once(lab, ours):
    """With the place and what to write instead; what stands for it runs, and is not warned of."""
    host = lab.host("a", "10.0.0.5/24")
    cure = "\"/bin/sh -c '...'\""
    for line, what, column in (("/bin/true || exit 1", "||", 23), ("cd /tmp", "cd", 13),
                               ("A=1 /bin/true", "A=1", 13), ("~/x.sh", "~/x.sh", 13)):
        daemon = ours(host, config(instance(interval=0.1, extra=TRACK), version=3,
                                   extra=["script_user root"], before=script_block("chk", line)))
        test = host.run(*daemon.argv(), "-t", check=False)
        told = [text for text in test.stderr.splitlines() if ": warning: " in text]
        assert test.returncode == 5 and len(told) == 1, told
        assert f":{column}: warning: '{what}' " in told[0]
        assert cure in told[0] or "/usr/bin/env" in told[0]
    daemon = ours(host, config(instance(interval=0.1, extra=TRACK), version=3,
                               extra=["script_user root"],
                               before=script_block("chk", "/bin/sh -c '/bin/true || exit 1'")))
    assert host.run(*daemon.argv(), "-t", check=False).returncode == 0


WAITS = '#!/bin/sh\nwhile [ ! -e /run/answer ]; do sleep 0.05; done\nread status < /run/answer\nexit $status\n'


@pytest.mark.ours
@pytest.mark.parametrize("how", ["start", "reload"])
@pytest.mark.parametrize("verdict,state", [(0, "MASTER"), (1, "FAULT")])
def test_a_start_with_a_script_is_no_fault(lab, ours, how, verdict, state):
    """What watches the log for FAULT must not wake anybody; and the address waits all the same."""
    host = lab.host("a", "10.0.0.5/24")
    host.write("/etc/keepalived/chk.sh", WAITS, "0755")
    host.write("/etc/keepalived/say.sh", '#!/bin/sh\necho "$@" >> /run/said\n', "0755")
    first = config(instance("VI_0", vrid=9, interval=0.1, vips=["10.0.0.99/24"]), version=3,
                   extra=["script_user root"])
    text = config(instance("VI_0", vrid=9, interval=0.1, vips=["10.0.0.99/24"]),
                  instance(interval=0.1, extra=[*TRACK, *NOTIFY]), version=3,
                  extra=["script_user root"],
                  before=script_block("chk", "/etc/keepalived/chk.sh", 1, "timeout 60"))
    daemon = ours(host, text if how == "start" else first).start()
    daemon.wait_state("MASTER", 60, "VI_0")
    if how == "reload":
        daemon.configure(text)
        daemon.reload()
    daemon.expect(r"\(VI_1\) Waiting \(init\): a tracked script has not answered yet", 60)
    row = daemon.status().instance()
    assert row["state"] == "INIT" and daemon.status().fault_subjects() == {("check-pending", "chk")}
    holds_for(lambda: not host.has(VIP) and daemon.status().instance()["state"] == "INIT", 1.5,
              "it waits longer than Master_Down_Interval")
    assert "FAULT" not in daemon.log().upper().replace("DEFAULT", "") and said(host) == []
    host.write("/run/answer.new", f"{verdict}\n")
    host.run("mv", "/run/answer.new", "/run/answer")
    daemon.wait_state(state, 60)
    wait_for(lambda: len(said(host)) >= (2 if verdict else 4), 60, "the notices")
    if verdict:
        assert daemon.states() == ["FAULT", "FAULT"] and said(host)[0] == "fault"
        assert "(VI_1) Entering FAULT STATE (init): the host became unfit" in daemon.log()
        assert daemon.status().fault_subjects() == {("check-failed", "chk")}
    else:
        assert daemon.states() == ["BACKUP", "MASTER"] and "fault" not in said(host)
        assert "(VI_1) Entering BACKUP STATE (init): its tracked scripts have" in daemon.log()


@pytest.mark.ours
def test_init_fail_waits_for_rise(lab, ours):
    """keepalived 2.2.7 lets the first good result pass."""
    checked = Checked(lab, ours, "init_fail", "rise 3",
                      script=VERDICT.replace("exit", "echo x >> /run/runs\nexit"))
    assert checked.daemon.wait_state("FAULT").status().faults() == {"check-failed"}
    checked.daemon.wait_state("MASTER")
    assert checked.host.read("/run/runs").count("x") >= 3


NOTIFY = ['notify_master "/etc/keepalived/say.sh master"',
          'notify_backup "/etc/keepalived/say.sh backup"',
          'notify_fault "/etc/keepalived/say.sh fault"',
          'notify_stop "/etc/keepalived/say.sh stop"',
          'notify "/etc/keepalived/say.sh generic"']


@pytest.fixture
def notified(lab, ours):
    host = lab.host("a", "10.0.0.5/24")
    host.write("/etc/keepalived/say.sh", '#!/bin/sh\necho "$@" >> /run/said\nsleep 0.05\n', "0755")
    daemon = ours(host, config(instance(interval=0.1, extra=NOTIFY), version=3,
                               extra=["script_user root"])).start()
    daemon.wait_state("MASTER")
    return host, daemon


def said(host):
    return host.read("/run/said").splitlines() if host.exists("/run/said") else []


def test_notify_has_keepaliveds_arguments(notified):
    host, daemon = notified
    wait_for(lambda: len(said(host)) >= 4, 5, "four notices")
    assert sorted(said(host)) == sorted(["backup", "generic INSTANCE VI_1 BACKUP 100", "master",
                                         "generic INSTANCE VI_1 MASTER 100"])
    host.cut()
    wait_for(lambda: len(said(host)) >= 6, 5, "two more")
    assert sorted(said(host)[4:]) == ["fault", "generic INSTANCE VI_1 FAULT 100"]
    time.sleep(MISSED)
    host.mend()
    daemon.wait_state("MASTER")
    wait_for(lambda: len(said(host)) >= 10, 5, "four more")
    assert daemon.stop() == 0
    wait_for(lambda: sorted(said(host)[10:]) == ["generic INSTANCE VI_1 STOP 100", "stop"], 5,
             "the last words")
    assert host.zombies() == []


@pytest.mark.ours
def test_notify_comes_in_order_one_at_a_time(notified):
    """However quickly the state changes, scripts of one instance never overtake each other."""
    host, daemon = notified
    host.write("/etc/keepalived/say.sh",
               '#!/bin/sh\n[ -e /run/busy ] && echo OVERLAP >> /run/said\ntouch /run/busy\n'
               'sleep 0.2\necho "$@" >> /run/said\nrm /run/busy\n', "0755")
    wait_for(lambda: len(said(host)) == 4, 5, "the first four")
    host.cut()
    daemon.wait_state("FAULT")
    time.sleep(MISSED)
    host.mend()
    daemon.wait_state("MASTER")
    wait_for(lambda: len(said(host)) == 10, 10, "six more")
    assert said(host) == ["backup", "generic INSTANCE VI_1 BACKUP 100",
                          "master", "generic INSTANCE VI_1 MASTER 100",
                          "fault", "generic INSTANCE VI_1 FAULT 100",
                          "backup", "generic INSTANCE VI_1 BACKUP 100",
                          "master", "generic INSTANCE VI_1 MASTER 100"]


STAY = "#!/bin/sh\necho stay >> /run/said\nexec sleep 1000\n"


def lose_link_for_good(host, daemon):
    host.cut()
    daemon.wait_state("FAULT")
    time.sleep(MISSED)


@pytest.mark.ours
def test_a_script_that_stays_is_named_and_does_not_hold_the_last_words(lab, ours):
    """What waits behind it is shown, comes down to the last state, and runs when the daemon ends."""
    host = lab.host("a", "10.0.0.5/24")
    host.write("/etc/keepalived/say.sh", '#!/bin/sh\necho "$@" >> /run/said\n', "0755")
    host.write("/etc/keepalived/stay.sh", STAY, "0755")
    lines = [line.replace("say.sh master", "stay.sh") for line in NOTIFY[:4]]
    daemon = ours(host, config(instance(interval=0.1, extra=lines), version=3,
                               extra=["script_user root"])).start()
    daemon.wait_state("MASTER")
    wait_for(lambda: said(host) == ["backup", "stay"], 10, "the script that stays")
    lose_link_for_good(host, daemon)
    host.mend()
    daemon.wait_state("MASTER")
    lose_link_for_good(host, daemon)
    held = wait_for(lambda: (daemon.status().instance()["notify"] or {}).get("waiting") == 1 and
                    daemon.status().instance()["notify"], 20, "one to be left that waits")
    assert held["script"] == "/etc/keepalived/stay.sh" and held["running_s"] > 1
    assert daemon.status().counter("notify_overtaken") == 3       # fault, backup, stay
    assert daemon.status().counter("notify_failed") == 0
    daemon.expect(r"\(VI_1\) notify script /etc/keepalived/stay.sh has not ended for \d+ s, "
                  r"\d more wait for it")
    assert "1 more wait" in daemon.ctl("status", "VI_1").stdout
    assert daemon.stop() == 0
    wait_for(lambda: said(host) == ["backup", "stay", "fault", "stop"], 60, "the last words")
    wait_for(lambda: [row for row in host.processes() if row[0] != 1] == [], 60, "an empty host")


@pytest.mark.ours
def test_the_last_words_outlive_every_process(lab, ours):
    """The runner alone is left, and does what it was told to."""
    host = lab.host("a", "10.0.0.5/24")
    host.write("/etc/keepalived/say.sh",
               '#!/bin/sh\nsleep 1\necho "$@" >> /run/said\n', "0755")
    daemon = ours(host, config(instance(interval=0.1, extra=NOTIFY[3:]), version=3,
                               extra=["script_user root"])).start()
    daemon.wait_state("MASTER")
    assert daemon.stop() == 0
    assert host.pids("holdfast-runner") and not host.pids("holdfastd")
    host.kill(host.pids("holdfast-runner"), signal.SIGTERM)     # as systemd's KillMode=mixed does
    wait_for(lambda: said(host)[-2:] == ["stop", "generic INSTANCE VI_1 STOP 100"], 30,
             "the last words")
    wait_for(lambda: [row for row in host.processes() if row[0] != 1] == [], 30, "an empty host")


def test_a_script_may_stop_the_daemon(lab, ours):
    """The tutorial's way, in small: the script asks for the stop, lives on and says so."""
    host, other = lab.build({"a": ["10.0.0.5/24"], "b": ["10.0.0.9/24"]})
    wire = Capture(other)
    host.write("/etc/keepalived/chk.sh",
               "#!/bin/sh\n[ -e /run/enough ] || exit 0\nkill $(cat /run/victim)\nsleep 0.5\n"
               "echo lived > /run/lived\n", "0755")
    daemon = ours(host, config(instance(interval=0.1, extra=TRACK), version=3,
                               extra=["script_user root"], before=script_block(
                                   "chk", "/etc/keepalived/chk.sh", 1, "timeout 60"))).start()
    daemon.wait_state("MASTER", 60)
    host.write("/run/victim", str(daemon.proc.inner_pid))
    host.write("/run/enough", "")
    assert daemon.proc.wait(60) == 0
    assert len(wire.wait_adverts(1, priority=0)) == 1
    assert not host.has(VIP)
    if not PROVE:                   # keepalived 2.2.7 kills the script
        wait_for(lambda: host.exists("/run/lived"), 60, "the script to say that it lives")
    wait_for(lambda: [row for row in host.processes() if row[0] != 1] == [], 5, "an empty host")


def test_tracked_interface(lab, ours):
    """Weight on another interface, and a fault without one."""
    host, listener = lab.build({"a": ["10.0.0.5/24"], "b": ["10.0.0.9/24"]})
    host.plug(lab.bridge("other"), "eth1")
    host.plug(lab.bridge("other"), "eth2")
    wire = Capture(listener)
    track = ["track_interface {", "    eth1 weight 40", "    eth2", "}"]
    daemon = ours(host, config(instance(interval=0.1, extra=track), version=3)).start()
    wire.wait_adverts(1, priority=140)
    mark = wire.mark()
    host.cut("eth1")
    wire.wait_adverts(1, priority=100, since=mark)
    assert daemon.state() == "MASTER"
    host.cut("eth2")
    daemon.wait_state("FAULT")
    if not PROVE:
        assert daemon.status().fault_subjects() == {("tracked-interface", "eth2")}
    host.mend("eth2")
    host.mend("eth1")
    daemon.wait_state("MASTER")
    holds_for(lambda: host.has(VIP), 0.3, "the address")
