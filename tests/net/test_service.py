"""The daemon as a service of a host: command line, init script, installed files, control socket."""
import json
import os
import re
import signal
import stat

import pytest

from conftest import PROVE
from lab import holds_for, wait_for
from pairlab import SEEDS, add_system_user, build_tree, install_tree
from peers import HOLDFASTCTL, HOLDFASTD, KEEPALIVED, config, instance
from wire import Capture

VIP = "10.0.0.100"
TEXT = config(instance(interval=0.1), version=3)
DAEMON = KEEPALIVED if PROVE else HOLDFASTD


@pytest.fixture
def host(lab):
    return lab.host("a", "10.0.0.5/24")


class TestConfigTest:
    """-t says what keepalived's says: 0 clean, 5 runs but has errors, 4 cannot run."""

    def run(self, host, text, *options):
        host.write("/etc/test.conf", text)
        return host.run(DAEMON, "-t", "-f", "/etc/test.conf", *options, check=False)

    def test_clean(self, host):
        done = self.run(host, TEXT)
        assert done.returncode == 0, done.stderr

    def test_unknown_word(self, host):
        done = self.run(host, TEXT.replace("advert_int", "advert_itn"))
        assert done.returncode == 5
        assert "advert_itn" in done.stderr

    @pytest.mark.ours
    def test_missing_file(self, host):
        assert host.run(DAEMON, "-t", "-f", "/etc/none.conf", check=False).returncode == 4

    @pytest.mark.ours
    def test_every_mistake_is_told_with_file_line_and_column(self, host):
        text = TEXT.replace("advert_int", "advert_itn").replace("priority 100", "priority 1000")
        done = self.run(host, text)
        assert done.returncode in (4, 5)
        for word in ("advert_itn", "1000"):
            line = next(n for n, row in enumerate(text.splitlines(), 1) if word in row)
            assert re.search(rf"/etc/test\.conf:{line}:\d+: ", done.stderr), done.stderr
        assert "advert_int" in done.stderr, "the nearest known word"

    @pytest.mark.ours
    def test_it_touches_nothing(self, host):
        before = host.addresses(), host.run("find", "/run", "/etc/holdfast", check=False).stdout
        self.run(host, TEXT)
        assert (host.addresses(), host.run("find", "/run", "/etc/holdfast",
                                           check=False).stdout) == before

    @pytest.mark.ours
    @pytest.mark.parametrize("name", ["node-a.conf", "node-b.conf"])
    def test_the_tutorials_files_are_clean(self, host, name):
        host.copy_in(SEEDS / "check_haproxy.sh", "/etc/keepalived/check_haproxy.sh", "0755")
        host.copy_in(SEEDS / name, "/etc/keepalived/keepalived.conf")
        done = host.run(DAEMON, "-t", "-f", "/etc/keepalived/keepalived.conf", check=False)
        assert done.returncode == 0, done.stderr

    @pytest.mark.ours
    def test_keepalived_reads_a_dump_without_a_complaint(self, host):
        host.write("/etc/ours.conf", TEXT)
        dump = host.run(HOLDFASTD, "-f", "/etc/ours.conf", "--dump-config").stdout
        host.write("/etc/dump.conf", dump)
        done = host.run(KEEPALIVED, "-t", "-f", "/etc/dump.conf", check=False)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr + dump

    @pytest.mark.ours
    @pytest.mark.parametrize("dialect", ["keepalived", "native"])
    def test_dump_loads_to_the_same(self, host, dialect):
        host.copy_in(SEEDS / "check_haproxy.sh", "/etc/keepalived/check_haproxy.sh", "0755")
        first = host.run(HOLDFASTD, "-f", str(SEEDS / "node-a.conf"), f"--dump-config={dialect}",
                         "--with-secrets").stdout
        suffix = "conf" if dialect == "keepalived" else "cfg"
        host.write(f"/etc/again.{suffix}", first)
        again = host.run(HOLDFASTD, "-f", f"/etc/again.{suffix}", f"--dump-config={dialect}",
                         "--with-secrets").stdout
        assert first == again and "192.168.16.130" in first


class TestCommandLine:
    def test_version_and_help(self, host):
        done = host.run(DAEMON, "--version")
        assert re.search(r"\d+\.\d+", done.stderr + done.stdout)
        done = host.run(DAEMON, "--help")
        assert "--use-file" in done.stderr + done.stdout

    @pytest.mark.ours
    def test_under_keepaliveds_name_tools_find_what_they_look_for(self, host):
        """Each call is one of a tool's, and is read as that tool reads it."""
        host.run("ln", "-sfn", HOLDFASTD, "/usr/sbin/keepalived")
        for word in ("--version", "-v"):
            done = host.run("keepalived", word)
            first = done.stderr.splitlines()[0]
            assert done.stdout == ""
            assert re.fullmatch(r"Keepalived v2\.2\.8 \(\d\d/\d\d,\d{4}\)", first)
            assert re.search(r"[kK]eepalived v(.*) ", first).group(1) == "2.2.8"        # a playbook
            assert [int(n) for n in first.split()[1].lstrip("v").split(".")] >= [2, 0, 3]   # Neutron
            assert "--enable-json" in done.stderr                       # an exporter
            assert "Holdfast v" in done.stderr
        done = host.run("keepalived", "--help")
        assert done.stdout == "" and done.stderr.startswith("Usage: keepalived ")
        assert host.run("keepalived", "--signum", "JSON").stdout == "36\n"
        host.write("/root/.ansible/tmp/source", TEXT)                   # any name
        for words in (["--config-test", "-f"], ["-t", "-f"], ["-t", "-i", "pod-1", "-f"],
                      ["-t", "--log-facility=1", "--use-file"], ["-P", "-D", "-t", "-f"]):
            done = host.run("keepalived", *words, "/root/.ansible/tmp/source", check=False)
            assert done.returncode == 0, (words, done.stderr)

    @pytest.mark.parametrize("word,number", [("STOP", 15), ("RELOAD", 1), ("DATA", 10),
                                             ("STATS", 12), ("JSON", 36)])
    def test_signal_numbers(self, host, word, number):
        assert host.run(DAEMON, f"--signum={word}").stdout.strip() == str(number)

    def test_unknown_option(self, host):
        assert host.run(DAEMON, "--no-such-option", check=False).returncode == 1

    def test_keepaliveds_options_are_accepted(self, host):
        """All of them at once, with which distributions and people start it."""
        host.write("/etc/a.conf", TEXT)
        words = ["-n", "-l", "-D", "-D", "-P", "-f", "/etc/a.conf", "-p", "/run/a.pid", "-r",
                 "/run/v.pid", "-c", "/run/c.pid", "-b", "/run/b.pid", "-d", "-R", "-m", "-S", "1",
                 "-a", "-u", "0177", "--no-mem-check", "--ignore-sigint", "-i", "node1", "-G", "-X"]
        if PROVE:                   # words of later releases
            words = [w for w in words if w not in ("--ignore-sigint", "--no-mem-check")]
        daemon = host.popen(DAEMON, *words, *([] if PROVE else ["--control", "/run/a.sock"]),
                            name="daemon")
        wait_for(lambda: host.has(VIP), 10, "the address")
        assert daemon.stop() == 0
        assert not host.has(VIP)

    def test_short_options_in_one_word(self, host):
        host.write("/etc/a.conf", TEXT)
        more = [] if PROVE else ["--control", "/run/a.sock"]
        daemon = host.popen(DAEMON, "-nlDP", "-f/etc/a.conf", "-p/run/a.pid", *more, name="daemon")
        wait_for(lambda: host.has(VIP), 10, "the address")
        assert host.read("/run/a.pid").strip() == str(daemon.inner_pid)
        assert daemon.stop() == 0

    def test_a_second_start_is_refused(self, host):
        host.write("/etc/a.conf", TEXT)
        words = ["-n", "-l", "-P", "-f", "/etc/a.conf", "-p", "/run/a.pid"]
        more = [] if PROVE else ["--control", "/run/a.sock"]
        first = host.popen(DAEMON, *words, *more, name="daemon")
        wait_for(lambda: host.has(VIP), 10, "the address")
        pid = host.read("/run/a.pid")
        second = host.popen(DAEMON, *words, *more, name="second")
        assert second.wait(5) == (0 if PROVE else 1)
        assert "daemon is already running" in second.log()
        assert first.alive() and host.has(VIP)
        assert host.read("/run/a.pid") == pid

    @pytest.mark.ours
    def test_a_stale_pid_file_does_not_matter(self, host):
        """Its number lives again as somebody else: keepalived 2.2.7 refuses to start."""
        host.write("/etc/a.conf", TEXT)
        host.write("/run/a.pid", "1\n")
        host.popen(DAEMON, "-n", "-l", "-f", "/etc/a.conf", "-p", "/run/a.pid", "--control",
                   "/run/a.sock", name="daemon")
        wait_for(lambda: host.has(VIP), 10, "the address")

    def test_into_the_background(self, host):
        """Without -n: the caller gets its prompt back, the log goes to syslog."""
        host.write("/etc/a.conf", TEXT)
        more = [] if PROVE else ["--control", "/run/a.sock"]
        host.run(DAEMON, "-D", "-P", "-f", "/etc/a.conf", "-p", "/run/a.pid", *more)
        wait_for(lambda: host.has(VIP), 10, "the address")
        # The log has a thread of its own: the line may come after the address.
        wait_for(lambda: "(VI_1) Entering MASTER STATE" in host.syslog(), 10, "the line")
        pid = int(host.read("/run/a.pid"))
        host.kill(pid, signal.SIGTERM)
        wait_for(lambda: [row for row in host.processes() if row[0] != 1] == [], 5, "an empty host")
        assert not host.has(VIP) and host.zombies() == []


@pytest.mark.ours
class TestRelativePaths:
    """In the background the directory is "/": a path means what it meant where it was given."""

    def test_they_hold_for_reloads_and_upgrades(self, host):
        host.write("/srv/ha/vrrp/one.conf", instance(interval=0.1))
        host.write("/srv/ha/a.conf", config(version=3) + "include vrrp/*.conf\n")
        host.sh(f"mkdir /srv/ha/run; cd /srv/ha && exec {HOLDFASTD} -G -f a.conf -p run/a.pid "
                "--control=run/a.sock -grun/log --journal run/journal")
        wait_for(lambda: host.has(VIP), 10, "the address")
        pid = int(host.read("/srv/ha/run/a.pid"))
        ctl = [HOLDFASTCTL, "--control", "/srv/ha/run/a.sock"]
        for number, how in enumerate((["kill", "-HUP", pid], [*ctl, "reload"],
                                      [*ctl, "upgrade"], [*ctl, "reload"]), 1):
            vips = [VIP] + [f"10.0.0.{100 + n}" for n in range(1, number + 1)]
            host.write("/srv/ha/vrrp/one.conf", instance(interval=0.1, vips=vips))
            host.run(*how)
            if "upgrade" not in how:
                wait_for(lambda vip=vips[-1]: host.has(vip), 10, vips[-1])
        assert "Reload complete" in host.read("/srv/ha/run/log")
        assert host.exists("/srv/ha/run/journal")
        assert int(host.read("/srv/ha/run/a.pid")) == pid
        host.kill(pid, signal.SIGTERM)
        wait_for(lambda: not host.exists("/srv/ha/run/a.pid"), 10, "the end")
        assert not host.exists("/srv/ha/run/a.sock") and not host.exists("/srv/ha/run/a.lock")

    def test_holdfastctl_finds_a_relative_socket_and_program(self, host):
        host.write("/srv/ha/a.conf", TEXT)
        host.sh(f"cp {HOLDFASTD} /srv/ha/new; cd /srv/ha && exec {HOLDFASTD} -G -f a.conf "
                "-p a.pid --control a.sock")
        done = host.sh(f"cd /srv/ha && {HOLDFASTCTL} --control a.sock upgrade ./new", check=False)
        assert done.returncode == 0, done.stderr
        pid = int(host.read("/srv/ha/a.pid"))
        assert host.run("readlink", f"/proc/{pid}/exe").stdout.strip() == "/srv/ha/new"
        host.kill(pid, signal.SIGTERM)

    def test_a_directory_that_is_gone_is_a_sentence(self, host):
        done = host.sh("mkdir /srv/gone && cd /srv/gone && rmdir /srv/gone && "
                       f"exec {HOLDFASTD} -f a.conf", check=False)
        assert done.returncode == 1
        assert "'a.conf' cannot be found from this directory" in done.stderr


@pytest.mark.ours
class TestReload:
    """The verb's own answer is the outcome, and has each mistake with its place."""

    @pytest.fixture
    def daemon(self, host, ours):
        return ours(host, TEXT).start().wait_state("MASTER")

    def line_of(self, text, word):
        return next(n for n, row in enumerate(text.splitlines(), 1) if word in row)

    def test_a_clean_file(self, daemon):
        done = daemon.ctl("reload")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == "The configuration has been read again.\n"

    def test_two_mistakes_are_told_although_it_is_put_to_work(self, daemon):
        text = TEXT.replace("priority 100", "prority 100").replace("advert_int", "advert_itn")
        daemon.configure(text)
        done = daemon.ctl("reload")
        assert done.returncode == 0
        assert "but not all of it runs as written" in done.stdout
        for word, meant in (("prority", "priority"), ("advert_itn", "advert_int")):
            pattern = rf"^{daemon.path}:{self.line_of(text, word)}:\d+: warning: .*'{word}'.*'{meant}'"
            assert re.search(pattern, done.stderr, re.M), done.stderr
        answer = json.loads(daemon.ctl("reload", "--json").stdout)
        assert answer["ok"] and answer["reloaded"]
        assert (answer["errors"], answer["warnings"]) == (0, 2)
        assert [m["line"] for m in answer["mistakes"] if m["severity"] == "warning"] == \
            sorted(self.line_of(text, word) for word in ("prority", "advert_itn"))

    def test_a_fatal_one_is_refused_with_its_line(self, daemon, host):
        text = TEXT.replace("interface eth0", "interfcae eth0")
        daemon.configure(text)
        line = self.line_of(text, "interfcae")
        done = daemon.ctl("reload")
        assert done.returncode == 1 and done.stdout == ""
        assert re.search(rf"^{daemon.path}:{line}:\d+: warning: .*'interface'", done.stderr, re.M), \
            done.stderr
        assert done.stderr.splitlines()[-1].startswith("holdfastctl: ")
        daemon.expect("Reload refused, the running configuration stays")
        assert host.has(VIP)
        done = daemon.ctl("reload", "--json")
        answer = json.loads(done.stdout)
        assert done.returncode == 1 and not answer["ok"] and answer["reason"] == "refused"
        assert answer["errors"] >= 1 and line in [m["line"] for m in answer["mistakes"]]

    def test_one_that_loses_an_address_is_refused_with_the_mistake(self, host, ours):
        two = config(instance(interval=0.1, vips=[VIP, "10.0.0.101"]), version=3)
        daemon = ours(host, two).start().wait_state("MASTER")
        text = two.replace("10.0.0.101", "10.0.0.1O1")
        daemon.configure(text)
        done = daemon.ctl("reload")
        assert done.returncode == 1 and "10.0.0.101 of VI_1 would be lost" in done.stderr
        assert re.search(rf"^{daemon.path}:{self.line_of(text, '10.0.0.1O1')}:\d+: warning: ",
                         done.stderr, re.M), done.stderr
        assert host.has("10.0.0.101")

    def test_of_a_thousand_the_first_are_told(self, daemon):
        daemon.configure(TEXT + "nonsense\n" * 1200)
        done = daemon.ctl("reload")
        assert len(done.stderr.splitlines()) < 30
        assert re.search(r"^and \d+ more: holdfastd -t tells all$", done.stderr, re.M)

    def test_one_that_takes_long_has_its_answer_in_the_end(self, daemon, host):
        """Longer than a question's usual patience: whoever reads is stopped for so long."""
        host.kill(daemon.proc.inner_pid, signal.SIGSTOP)
        asking = host.popen(HOLDFASTCTL, "--control", daemon.socket, "reload", name="asking")
        holds_for(asking.alive, 7, "the question")
        host.kill(daemon.proc.inner_pid, signal.SIGCONT)
        assert asking.wait(30) == 0
        assert "has been read again" in asking.log()


@pytest.mark.ours
class TestControl:
    @pytest.fixture
    def daemon(self, host, ours):
        add_system_user(host)
        daemon = ours(host, TEXT).start()
        return daemon.wait_state("MASTER")

    def test_socket_is_for_the_group(self, daemon, host):
        mode, owner = host.run("stat", "-c", "%a %G", daemon.socket).stdout.split()
        assert (mode, owner) == ("660", "holdfast")

    def test_strangers_are_refused(self, daemon, host):
        done = host.run("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups",
                        HOLDFASTCTL, "--control", daemon.socket, "status", check=False)
        assert done.returncode == 3
        assert done.stdout == ""

    def test_members_are_answered(self, daemon, host):
        done = host.run("setpriv", "--reuid", "nobody", "--regid", "holdfast", "--clear-groups",
                        HOLDFASTCTL, "--control", daemon.socket, "status", "VI_1", check=False)
        assert done.returncode == 0
        assert "MASTER" in done.stdout

    def test_unknown_instance(self, daemon):
        done = daemon.ctl("status", "VI_2")
        assert done.returncode not in (0, 1, 2, 3)
        assert "VI_2" in done.stderr and "VI_1" in done.stderr

    def test_one_line_of_json_with_all_it_promises(self, daemon):
        row = daemon.status().instance()
        assert row["interface"] == "eth0" and row["vrid"] == 51 and row["version"] == 3
        assert row["state"] == "MASTER" and row["cause"] and row["why"]
        assert row["base_priority"] == row["effective_priority"] == 100
        assert [a["address"] for a in row["addresses"]] == [f"{VIP}/24"]
        assert daemon.status().document["pid"] in daemon.all_pids()

    def test_a_crowd_of_readers_gets_whole_answers(self, daemon, host):
        ask = f"{HOLDFASTCTL} --control {daemon.socket} status --json"
        done = host.sh(f"for i in $(seq 40); do {ask} > /run/answer.$i & done; wait; "
                       "cat /run/answer.*")
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        assert len(answers) == 40
        assert {answer["instances"][0]["state"] for answer in answers} == {"MASTER"}

    def test_secrets_are_nowhere(self, lab, ours):
        host = lab.host("b", "10.0.0.6/24")
        daemon = ours(host, config(instance(password="s3cr3tpw"))).start()
        daemon.wait_state("BACKUP", 10)
        shown = [daemon.log(), daemon.ctl("status").stdout, daemon.ctl("status", "--json").stdout,
                 host.run(HOLDFASTD, "-f", daemon.path, "--dump-config").stdout]
        assert not any("s3cr3tpw" in text for text in shown)


@pytest.mark.ours
class TestInstall:
    @pytest.fixture
    def tree(self, lab):
        return build_tree(lab, "install")

    @pytest.fixture
    def compat(self, lab):
        return build_tree(lab, "install-compat")

    def files(self, tree):
        return {str(path.relative_to(tree)): path for path in tree.rglob("*") if not path.is_dir()}

    def test_layout(self, tree):
        files = self.files(tree)
        for path in ("usr/sbin/holdfastd", "etc/init.d/holdfast", "etc/default/holdfast"):
            assert path in files
        names = {os.path.basename(path) for path in files}
        for name in ("holdfastctl", "holdfast.service", "holdfast.conf", "check_proxy.sh"):
            assert name in names
        for page in ("holdfastd.8", "holdfastctl.8", "holdfast.conf.5"):
            assert page in names or f"{page}.gz" in names
        assert not any("keepalived" in path for path in files)

    def test_modes(self, tree):
        for path, file in self.files(tree).items():
            mode = stat.S_IMODE(file.lstat().st_mode)
            program = path.endswith((".sh", "holdfastd", "holdfastctl")) or "init.d" in path
            secret = path == "etc/holdfast/holdfast.conf"
            wanted = 0o755 if program else 0o640 if secret else 0o644
            assert file.is_symlink() or mode == wanted, path

    def test_compat_adds_keepaliveds_names(self, compat):
        files = self.files(compat)
        for path in ("usr/sbin/keepalived", "etc/init.d/keepalived", "usr/sbin/holdfastd"):
            assert path in files

    def test_the_sample_is_clean(self, tree, host):
        install_tree(host, tree)
        done = host.run("holdfastd", "-t", check=False)
        assert done.returncode == 0, done.stderr


@pytest.mark.ours
@pytest.mark.parametrize("name,target", [("holdfast", "install"), ("keepalived", "install-compat")])
class TestInitScript:
    """`service NAME ...`, by our own name and by the name that tutorials print."""

    @pytest.fixture
    def served(self, lab, host, name, target):
        add_system_user(host)
        host.run("rm", "-rf", "/etc/keepalived", "/etc/init.d/keepalived", "/usr/sbin/keepalived")
        install_tree(host, build_tree(lab, target))
        host.write(f"/etc/{name}/{name}.conf", TEXT)
        return host

    def service(self, host, name, action, check=True):
        return host.run("service", name, action, check=check)

    def lasting(self, host):
        """All but the spare engine, which is made anew when the configuration is."""
        return {row[0] for row in host.processes() if row[2] != "holdfast:spare"}

    def test_life(self, served, name, target):
        host = served
        wire = Capture(host)
        assert self.service(host, name, "status", check=False).returncode == 3
        self.service(host, name, "start")
        wait_for(lambda: host.has(VIP), 10, "the address")
        assert self.service(host, name, "status").returncode == 0
        self.service(host, name, "start")                    # again: nothing happens
        assert host.run("holdfastctl", "status", "VI_1").returncode == 0
        first = self.lasting(host)

        self.service(host, name, "reload")
        wait_for(lambda: json.loads(host.run("holdfastctl", "status", "--json").stdout)
                 ["daemon"]["reloads"] == 1, 5, "a reload")
        assert self.lasting(host) == first
        assert wire.adverts(priority=0) == []

        mark = wire.mark()
        self.service(host, name, "restart")
        wire.wait_adverts(1, priority=0, since=mark)
        wait_for(lambda: host.has(VIP), 10, "the address again")

        mark = wire.mark()
        self.service(host, name, "stop")
        wire.wait_adverts(1, priority=0, since=mark)
        wait_for(lambda: [row for row in host.processes() if row[0] != 1] == [], 5, "an empty host")
        assert not host.has(VIP) and host.zombies() == []
        assert self.service(host, name, "status", check=False).returncode == 3
        assert self.service(host, name, "stop").returncode == 0

    def test_a_broken_file_is_told_at_the_start(self, served, name, target):
        host = served
        host.write(f"/etc/{name}/{name}.conf", "vrrp_instance VI_1 {\n")
        self.service(host, name, "start", check=False)
        wait_for(lambda: [row for row in host.processes() if row[0] != 1] == [], 5, "an empty host")
        assert not host.has(VIP)

    def test_killed_daemon_is_not_running(self, served, name, target):
        host = served
        self.service(host, name, "start")
        wait_for(lambda: host.has(VIP), 10, "the address")
        host.kill([row[0] for row in host.processes() if row[0] != 1], signal.SIGKILL)
        # A killed process still runs until the kernel has come round to it.
        wait_for(lambda: [row for row in host.processes() if row[0] != 1] == [], 5, "an empty host")
        assert self.service(host, name, "status", check=False).returncode in (1, 3)
        self.service(host, name, "start")
        wait_for(lambda: host.run("holdfastctl", "status", "VI_1", check=False).returncode == 0, 10,
                 "a new daemon")
