"""What scripts find in their environment: that which the daemon was started with, less some names,
and for whom."""
import re

import pytest

from lab import wait_for
from peers import config, instance
from test_crash import ENGINE, SPARE, spare_of

pytestmark = pytest.mark.ours
SECRET = "s3cret-of-docker"
RUNNER = "holdfast-runner"
OURS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# as docker -e, EnvironmentFile= and a shell's own
GIVEN = {"PATH": "/opt/tools:" + OURS, "LANG": "C.UTF-8", "TZ": "UTC", "DB_PASSWORD": SECRET,
         "https_proxy": "http://proxy:3128", "EMPTY": "", "LINES_OF": "one\ntwo", "ODD.NAME": "x",
         "LATIN": "\udce4", "TMPDIR": "/run/tmp"}
USUAL = {"HOME": "/root", "USER": "root", "LOGNAME": "root", "SHELL": "/bin/bash"}
KEPT_BACK = {
    "HOME": "/home/admin", "USER": "admin", "LOGNAME": "admin", "SHELL": "/bin/evil",
    "LD_BIND_NOT": "1", "GLIBC_TUNABLES": "glibc.malloc.check=0", "MALLOC_ARENA_MAX": "2",
    "GCONV_PATH": "/x", "LOCPATH": "/x", "IFS": "x", "ENV": "/x", "BASH_ENV": "/x",
    "SHELLOPTS": "x", "BASHOPTS": "x", "PS4": "x", "BASH_FUNC_ls%%": "() { echo x; }",
    "CDPATH": "/x", "PERL5LIB": "/x", "PERL5OPT": "-w", "PYTHONPATH": "/x", "PYTHONSTARTUP": "/x",
    "RUBYLIB": "/x", "RUBYOPT": "-w", "NODE_OPTIONS": "-x", "NOTIFY_SOCKET": "/run/none",
    "LISTEN_PID": "1", "LISTEN_FDS": "1", "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1",
    "JOURNAL_STREAM": "8:1", "PWD": "/home/admin", "OLDPWD": "/x", "SHLVL": "3", "_": "/x",
    "HOLDFAST_TAKE_OVER": "no"}

# Each run leaves its environment behind, whole or not at all.
LEAVE = '#!/bin/sh\ncp /proc/$$/environ "/run/env/$1.new" && mv "/run/env/$1.new" "/run/env/$1"\n'


def text(*lines, user="", check="check"):
    extra = [f'notify "/etc/keepalived/leave.sh notify" {user}', "track_script {", "    chk", "}"]
    before = ('vrrp_script chk {\n    script "/etc/keepalived/leave.sh ' + check + '"\n'
              "    interval 1\n    timeout 60\n" + (f"    user {user}\n" if user else "") + "}\n")
    return config(instance(interval=0.1, extra=extra), version=3,
                  extra=["script_user root", *lines], before=before)


class Started:
    """A daemon with that environment, and what its scripts have found."""

    def __init__(self, lab, ours, body, env=None):
        self.host = lab.host("a", "10.0.0.5/24")
        self.host.write("/etc/keepalived/leave.sh", LEAVE, "0755")
        self.host.sh("mkdir -m 1777 /run/env")
        self.daemon = ours(self.host, body)
        given = {**self.host.environ(), **KEPT_BACK, **(env or GIVEN)}
        self.daemon.proc = self.host.popen(*self.daemon.argv(), name="holdfast", env=given)
        self.daemon.wait_state("MASTER", 60)

    def found(self, name="check"):
        path = f"/run/env/{name}"
        wait_for(lambda: self.host.exists(path), 60, f"{name} to have run")
        out = self.host.run("cat", path).stdout
        return dict(item.split("=", 1) for item in out.split("\0") if item)

    def anew(self, name="check"):
        self.host.run("rm", "-f", f"/run/env/{name}")
        return self.found(name)


def without_tools(found):
    """Sanitizers and coverage have variables of their own."""
    return {k: v for k, v in found.items()
            if not k.endswith("SAN_OPTIONS") and not k.startswith("GCOV_")}


def seen(given):
    """The files of the lab are read with what is no UTF-8 replaced."""
    return {k: v.replace("\udce4", "\ufffd") for k, v in given.items()}


def test_scripts_get_what_the_daemon_was_started_with(lab, ours):
    node = Started(lab, ours, text())
    for name in ("check", "notify"):
        assert without_tools(node.found(name)) == seen({**GIVEN, **USUAL})


def test_it_survives_an_upgrade_and_a_dead_runner(lab, ours):
    node = Started(lab, ours, text())
    assert node.daemon.ctl("upgrade").returncode == 0
    assert without_tools(node.anew()) == seen({**GIVEN, **USUAL})
    mark = node.daemon.proc.mark()
    node.host.kill(node.host.pids(RUNNER))
    node.daemon.expect(r"Script runner, PID \d+, begins", 60, since=mark)
    assert without_tools(node.anew()) == seen({**GIVEN, **USUAL})
    mark = node.daemon.proc.mark()
    node.daemon.reload()
    node.daemon.expect("Reload complete", 60, since=mark)
    assert without_tools(node.anew()) == seen({**GIVEN, **USUAL})


def test_another_user_gets_it_by_permission_alone(lab, ours):
    """And as soon as a reload says so, and no longer than one does."""
    node = Started(lab, ours, text(user="nobody"))
    account = node.host.run("getent", "passwd", "nobody").stdout.strip().split(":")
    usual = {"HOME": account[5], "SHELL": account[6], "USER": "nobody", "LOGNAME": "nobody",
             "PATH": GIVEN["PATH"]}
    for name in ("check", "notify"):
        assert node.found(name) == {**usual, "LANG": "C"}
    for word, more in (("all", GIVEN), ("own", {"LANG": "C"})):
        mark = node.daemon.proc.mark()
        node.daemon.configure(text(f"script_environment {word}", user="nobody", check=word))
        node.daemon.reload()
        node.daemon.expect("Reload complete", 60, since=mark)
        node.found(word)
        assert without_tools(node.anew(word)) == seen({**usual, **more})


def test_a_number_without_an_account_has_no_name(lab, ours):
    node = Started(lab, ours, text(user="54321 54321"))
    assert node.found() == {"HOME": "/", "LANG": "C", "PATH": GIVEN["PATH"]}


def test_nothing_of_it_is_shown(lab, ours):
    node = Started(lab, ours, text("script_environment all"))
    node.host.write("/etc/keepalived/leave.sh", "#!/nowhere/sh\n", "0755")
    wait_for(lambda: node.daemon.status().check("chk")["verdict"] == "failed", 60, "the verdict")
    node.daemon.stop()
    dump = node.host.run(*node.daemon.argv(), "--dump-config=native", "--with-secrets", check=False)
    assert 'script_environment = "all"' in dump.stdout
    shown = node.daemon.log() + dump.stdout + dump.stderr
    assert SECRET not in shown and "/opt/tools" not in shown and "DB_PASSWORD" not in shown


def test_the_processes_that_read_packets_do_not_hold_it(lab, ours):
    """One that a packet takes over has no password to send; those it comes from still have it."""
    node = Started(lab, ours, text())
    spare_of(node.host)
    for name, holds in ((ENGINE, False), (SPARE, False), (RUNNER, True)):
        pid, = node.host.pids(name)
        held = node.host.run("cat", f"/proc/{pid}/environ").stdout
        assert (SECRET in held) == holds, name


def test_a_name_is_searched_in_the_path_that_scripts_have(lab, ours):
    host_text = text().replace('"/etc/keepalived/leave.sh check"', '"leave-in-opt check"')
    host = lab.host("b", "10.0.0.6/24")
    host.write("/opt/tools/leave-in-opt", LEAVE, "0755")
    host.write("/etc/keepalived/leave.sh", LEAVE, "0755")
    host.sh("mkdir -m 1777 /run/env")
    daemon = ours(host, host_text)
    daemon.proc = host.popen(*daemon.argv(), name="holdfast", env={**host.environ(), **GIVEN})
    daemon.wait_state("MASTER", 60)
    assert daemon.status().check("chk")["verdict"] == "good"


def test_too_much_is_left_out_and_counted(lab, ours):
    """In a namespace of Kubernetes each service has seven variables in each container."""
    many = {f"SVC_{i:05}": "tcp://10.0.0.1:8080" for i in range(30000)}
    node = Started(lab, ours, text(), {**GIVEN, **many})
    found = node.found()
    tools = len(node.host.environ()) - len(without_tools(node.host.environ()))
    left = re.search(r"(\d+) variables of the environment are not handed on to scripts",
                     node.daemon.log())
    given = len(GIVEN) + len(USUAL) + len(many) + tools
    assert 10000 < len(found) < given and len(found) + int(left.group(1)) == given
    assert found["DB_PASSWORD"] == SECRET


def test_an_empty_environment(lab, ours):
    node = Started.__new__(Started)
    node.host = lab.host("a", "10.0.0.5/24")
    node.host.write("/etc/keepalived/leave.sh", LEAVE, "0755")
    node.host.sh("mkdir -m 1777 /run/env")
    node.daemon = ours(node.host, text())
    node.daemon.proc = node.host.popen("env", "-i", *node.daemon.argv(), name="holdfast")
    wait_for(lambda: node.host.exists("/run/env/check"), 60, "the script")
    assert node.found() == {**USUAL, "LANG": "C", "PATH": OURS}
