"""What is shipped beside the programs: the check script, and the install script's care."""
import re
import signal

import pytest

import debs
from lab import ROOT, wait_for

pytestmark = pytest.mark.ours

CHECK = ROOT / "scripts" / "check_proxy.sh"
INSTALL = ROOT / "scripts" / "install"
PROXY = """
global
    daemon
defaults
    mode tcp
    timeout connect 1s
    timeout client 1s
    timeout server 1s
listen front
    bind 10.0.0.5:5666
    bind 127.0.0.1:5667
"""
CONF = "/etc/haproxy/haproxy.cfg"


@pytest.fixture
def host(lab):
    made = lab.host("a", "10.0.0.5/24")
    made.write(CONF, PROXY)
    return made


def check(host, *words):
    return host.run(CHECK, *words, check=False)


class TestCheckProxy:
    def test_a_proxy_that_answers(self, host):
        host.run("haproxy", "-f", CONF)
        before = host.pids("haproxy")
        for where in ("5667", "127.0.0.1:5667", "10.0.0.5:5666"):
            done = check(host, "haproxy", where, CONF)
            assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert host.pids("haproxy") == before

    def test_one_that_is_down_is_started_from_its_file(self, host):
        done = check(host, "haproxy", "5667", CONF)
        assert done.returncode == 0, done.stderr
        assert "starting it" in done.stderr and host.pids("haproxy")
        assert "haproxy is not running; starting it" in host.syslog()

    def test_one_that_is_down_is_started_as_a_service(self, host):
        done = check(host, "haproxy", "5667")
        assert done.returncode == 0, done.stderr
        assert host.pids("haproxy")

    def test_one_that_cannot_start_has_failed(self, host):
        host.write(CONF, PROXY + "    nonsense\n")
        done = check(host, "-w", "1", "haproxy", "5667", CONF)
        assert done.returncode == 1
        assert "does not answer on 127.0.0.1 port 5667 after 1 s" in done.stderr

    def test_one_that_listens_elsewhere_is_left_alone(self, host):
        host.run("haproxy", "-f", CONF)
        before = host.pids("haproxy")
        done = check(host, "haproxy", "5668", CONF)
        assert done.returncode == 1
        assert "is running but does not answer" in done.stderr
        assert host.pids("haproxy") == before

    def test_a_zombie_is_not_running(self, host):
        """A dead proxy that its parent has not waited for."""
        host.popen("/usr/bin/python3", "-c",
                   "import os, time\n"
                   "if os.fork() == 0:\n"
                   "    open('/proc/self/comm', 'w').write('haproxy')\n"
                   "    os._exit(0)\n"
                   "print('forked', flush=True)\n"
                   "time.sleep(1000)\n", name="parent").expect("^forked")
        assert check(host, "haproxy", "5667", CONF).returncode == 0

    @pytest.mark.parametrize("words", [
        (), ("haproxy",), ("haproxy", "http"), ("haproxy", "5666;id"), ("../haproxy", "5666"),
        ("haproxy", "$(id):5666"), ("-w", "x", "haproxy", "5666"), ("sshd", "22", "/etc/x"),
        ("haproxy", "1", "2", "3")])
    def test_a_wrong_call_says_how(self, host, words):
        done = check(host, *words)
        assert done.returncode == 2 and "usage:" in done.stderr


def built_on(host):
    """A build directory with everything, and no Holdfast yet."""
    host.sh(f"mkdir /run/build && cp {ROOT}/build/holdfastd {ROOT}/build/holdfastctl /run/build"
            f" && cp {ROOT}/man/holdfast.conf.5.in /run/build/holdfast.conf.5")
    return host


def install(host, *words, **env):
    settings = [f"{name}={value}" for name, value in {"B": "/run/build", **env}.items()]
    return host.run("env", *settings, INSTALL, *words, check=False, timeout=debs.SLOW)


class TestInstallScript:
    @pytest.fixture
    def built(self, host):
        return built_on(host)

    def test_what_a_person_wrote_stays(self, built):
        for path in ("/etc/holdfast/holdfast.conf", "/etc/default/holdfast"):
            built.write(path, "# mine\n")
        assert install(built).returncode == 0
        assert built.read("/etc/holdfast/holdfast.conf") == "# mine\n"
        assert built.read("/etc/default/holdfast") == "# mine\n"
        assert "192.0.2.10" in built.read("/usr/share/doc/holdfast/examples/holdfast.conf")

    @pytest.mark.parametrize("before", ["nothing", "the group", "the user"])
    def test_the_user_and_the_group_are_made(self, built, before):
        built.sh("userdel holdfast; groupdel holdfast", check=False)
        if before == "the group":
            built.run("groupadd", "--system", "holdfast")
        if before == "the user":
            built.run("useradd", "--system", "--user-group", "holdfast")
        assert install(built).returncode == 0
        assert built.run("id", "-gn", "holdfast").stdout == "holdfast\n"

    def test_another_prefix_is_written_into_the_files(self, built):
        assert install(built, PREFIX="/usr/local").returncode == 0
        assert install(built, "compat", PREFIX="/usr/local").returncode == 0
        for name in ("holdfast", "keepalived"):
            daemon = f"/usr/local/sbin/{'holdfastd' if name == 'holdfast' else name}"
            assert f"\nDAEMON={daemon}\n" in built.read(f"/etc/init.d/{name}")
            assert f"\nExecStart={daemon} " in built.read(f"/lib/systemd/system/{name}.service")
            assert "/usr/sbin/holdfast" not in built.read(f"/lib/systemd/system/{name}.service")
        assert '"/usr/local/libexec/holdfast/check_proxy.sh ' in built.read("/etc/holdfast/holdfast.conf")

    def test_whatever_the_umask_is_others_may_read(self, built):
        built.sh(f"umask 077; B=/run/build {INSTALL}")
        private = built.run("find", "/usr/sbin/holdfastd", "/usr/sbin/holdfastctl",
                            "/usr/libexec/holdfast", "/usr/share/doc/holdfast", "/etc/holdfast",
                            "/etc/init.d/holdfast", "/lib/systemd/system/holdfast.service",
                            "/usr/share/man/man8/holdfastd.8", "/var/lib/holdfast",
                            "!", "-perm", "-004").stdout
        assert private == "/etc/holdfast/holdfast.conf\n"

    def test_without_the_packages_for_tests(self, built):
        """On a host that has only what `scripts/deps build` names, all that is installed is built."""
        gone = ["check", "clang", "libclang-rt-14-dev", "python3-scapy", "python3-pytest",
                "python3-pytest-xdist", "man-db", "haproxy", "keepalived", "nftables", "tcpdump"]
        build = built.sh(f"sed -n \"s/^build='\\(.*\\)'/\\1/p\" {ROOT}/scripts/deps").stdout.split()
        assert "gcc" in build and not set(gone) & set(build)
        debs.dpkg(built, "--force-depends", "--purge", *gone)
        assert not built.exists("/usr/include/check.h") and not built.exists("/usr/bin/clang")
        built.sh("mkdir /root/src && cd " + str(ROOT) + " && cp -a --parents Makefile src include man"
                 " etc scripts tests/sim build/obj build/tobj/sim /root/src", timeout=debs.SLOW)
        # What is not of src/ alone is compiled again, and one of what is.
        built.sh("cd /root/src && rm -r build/tobj build/obj/main/command_sim* build/obj/main/cli.o &&"
                 " make && make install", timeout=600)
        assert built.run("holdfastd", "-t", check=False).returncode in (0, 5)


class TestCompat:
    """Beside Debian's keepalived, whose package is a real one."""
    NAMES = ("/usr/sbin/keepalived", "/etc/init.d/keepalived", "/lib/systemd/system/keepalived.service")
    ASIDE = ("/usr/sbin/keepalived.debian", "/etc/init.d/keepalived.dpkg-bak",
             "/lib/systemd/system/keepalived.service.debian")

    @pytest.fixture
    def built(self, host):
        return built_on(host)

    def sums(self, host, paths):
        return [line.split()[0] for line in host.run("md5sum", *paths).stdout.splitlines()]

    def is_ours(self, host):
        return (host.run("readlink", self.NAMES[0]).stdout == "holdfastd\n"
                and all("Made by Holdfast" in host.read(path) for path in self.NAMES[1:]))

    def both(self, host):
        for words in ((), ("compat",)):
            done = install(host, *words)
            assert done.returncode == 0, done.stderr
        return host

    def test_debians_package_stays_beside_it(self, built):
        real = self.sums(built, self.NAMES)
        self.both(built)
        assert self.is_ours(built)
        assert self.sums(built, self.ASIDE) == real
        assert debs.dpkg(built, "--verify", "keepalived").stdout == ""
        for path in self.NAMES[1:]:
            text = built.read(path)
            assert "/usr/sbin/keepalived" in text and "/usr/sbin/holdfastd" not in text
            assert "/etc/keepalived/keepalived.conf" in text and "/etc/holdfast/" not in text
        assert built.read("/etc/default/keepalived").startswith("# Options to pass")
        self.both(built)                        # once more changes nothing
        assert self.is_ours(built) and self.sums(built, self.ASIDE) == real

    def test_an_upgrade_of_debians_package_leaves_ours_alone(self, built, lab):
        self.both(built)
        deb = debs.make(lab.dir, "keepalived", version="1:99.0-1")
        debs.dpkg(built, "--force-confnew", "-i", deb)
        assert self.is_ours(built)
        assert built.run("dpkg-query", "-W", "-f", "${Version}", "keepalived").stdout == "1:99.0-1"
        assert built.exists(self.ASIDE[0]) and built.exists(self.ASIDE[1])

    def test_a_package_that_comes_later_goes_beside_it(self, built, lab):
        real = self.sums(built, self.NAMES)
        deb = debs.make(lab.dir, "keepalived")
        debs.dpkg(built, "--purge", "keepalived")
        self.both(built)
        assert debs.dpkg(built, "-i", deb).returncode == 0     # and no question about our files
        assert self.is_ours(built) and self.sums(built, self.ASIDE) == real

    def test_uninstall_gives_the_names_back(self, built):
        real = self.sums(built, self.NAMES)
        self.both(built)
        built.write("/etc/keepalived/keepalived.conf", "# mine\n")
        done = install(built, "uninstall")
        assert done.returncode == 0, done.stderr
        assert self.sums(built, self.NAMES) == real
        assert not any(built.exists(path) for path in self.ASIDE)
        assert "keepalived" not in built.run("dpkg-divert", "--list").stdout
        assert debs.dpkg(built, "--verify", "keepalived").stdout == ""
        assert built.exists("/etc/rc2.d/S01keepalived")         # Debian's, as it was
        assert built.read("/etc/keepalived/keepalived.conf") == "# mine\n"
        assert built.exists("/etc/holdfast/holdfast.conf")
        assert not built.exists("/usr/sbin/holdfastd")
        assert install(built, "uninstall").returncode == 0      # nothing is there any more

    def test_uninstall_after_the_package_has_gone(self, built):
        self.both(built)
        debs.dpkg(built, "--purge", "keepalived")
        assert self.is_ours(built)
        done = install(built, "uninstall")
        assert done.returncode == 0, done.stderr
        assert not any(built.exists(path) for path in (*self.NAMES, *self.ASIDE))
        assert built.run("sh", "-c", "ls /etc/rc?.d/*keepalived", check=False).stdout == ""

    def test_the_running_one_is_replaced_and_stopped_by_uninstall(self, built):
        conf = ("vrrp_instance V {\n interface eth0\n virtual_router_id 7\n advert_int 0.1\n"
                " virtual_ipaddress {\n 10.0.0.100/24\n }\n}\n")
        built.write("/etc/keepalived/keepalived.conf", "global_defs {\n vrrp_version 3\n}\n" + conf)
        built.run("service", "keepalived", "start")
        wait_for(lambda: built.has("10.0.0.100"), 20, "Debian's keepalived to hold the address")
        self.both(built)
        built.run("service", "keepalived", "restart")
        wait_for(lambda: built.run("holdfastctl", "status", "V", check=False).returncode == 0, 20,
                 "ours to be master")
        exe = built.run("readlink", f"/proc/{built.read('/run/keepalived.pid').strip()}/exe").stdout
        assert exe == "/usr/sbin/holdfastd\n"
        assert install(built, "uninstall").returncode == 0
        assert not built.has("10.0.0.100") and not built.exists("/run/keepalived.pid")
        built.run("service", "keepalived", "start")             # Debian's again
        wait_for(lambda: built.has("10.0.0.100"), 20, "Debian's keepalived to hold the address")

    def test_one_of_no_package_stays_unless_forced(self, built, lab):
        debs.dpkg(built, "--purge", "keepalived")
        built.write("/usr/sbin/keepalived", "#!/bin/sh\necho by hand\n", "0755")
        assert install(built).returncode == 0
        done = install(built, "compat")
        assert done.returncode == 1
        assert "/usr/sbin/keepalived is a keepalived's that no package owns" in done.stderr
        assert built.run("keepalived").stdout == "by hand\n"
        assert not built.exists("/etc/init.d/keepalived")
        assert install(built, "compat", FORCE=1).returncode == 0
        assert built.run("/usr/sbin/keepalived.before-holdfast").stdout == "by hand\n"
        assert self.is_ours(built)
        assert install(built, "uninstall").returncode == 0
        assert built.run("keepalived").stdout == "by hand\n"


class TestDeps:
    """scripts/deps with the real apt, dpkg and packages, from a repository of the host's own."""
    DEPS = ROOT / "scripts" / "deps"
    BOOT = "find /etc/rc[2345S].d /etc/systemd/system -type l ! -path '/etc/rc*/K*'"
    PEERS = ("keepalived", "haproxy")

    @pytest.fixture
    def fresh(self, lab, host):
        """A host without the two packages that bring a service."""
        debs.repository(host, lab.dir, *self.PEERS)
        debs.dpkg(host, "--purge", *self.PEERS)
        host.run("rm", "-f", "/usr/sbin/policy-rc.d")
        return host

    def at_boot(self, host):
        return sorted(host.sh(self.BOOT).stdout.split())

    def test_what_is_new_is_neither_started_nor_enabled(self, fresh):
        before = self.at_boot(fresh)
        assert fresh.run(self.DEPS, "build").stdout == ""       # which needs neither
        assert not fresh.exists("/usr/sbin/keepalived")
        done = fresh.run(self.DEPS, "tests", check=False)
        assert done.returncode == 2 and done.stderr.startswith("usage: scripts/deps")
        done = fresh.run("setpriv", "--reuid", "nobody", "--clear-groups", "sh", "-s",
                         stdin=self.DEPS.read_text(), check=False)
        assert done.returncode == 1 and "not root; please install: haproxy keepalived" in done.stderr
        done = fresh.run(self.DEPS, timeout=debs.SLOW)
        assert sorted(done.stdout.split(":")[1].split()) == sorted(self.PEERS)
        for name in self.PEERS:
            assert fresh.run("dpkg-query", "-W", "-f", "${db:Status-Status}", name).stdout == "installed"
        assert self.at_boot(fresh) == before
        assert not [row for row in fresh.processes() if row[2] in self.PEERS]
        assert not fresh.exists("/usr/sbin/policy-rc.d")
        for name in self.PEERS:
            assert fresh.run("deb-systemd-helper", "was-enabled", f"{name}.service",
                             check=False).returncode == 1       # nor will an upgrade enable it
        assert fresh.run(self.DEPS).stdout == ""                # and once more: nothing to do

    def test_what_is_enabled_stays_so(self, fresh, lab):
        fresh.run("apt-get", "-qq", "update", timeout=debs.SLOW)
        fresh.sh("printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d")
        fresh.sh("DEBIAN_FRONTEND=noninteractive apt-get -qq install -y haproxy", timeout=debs.SLOW)
        before = self.at_boot(fresh)
        assert any("haproxy" in link for link in before)
        fresh.run(self.DEPS, timeout=debs.SLOW)
        assert self.at_boot(fresh) == before
        assert fresh.exists("/usr/sbin/policy-rc.d")            # this one is the administrator's

class TestInitScriptAlone:
    """What the service tests do not reach: it must not trust a PID file."""

    @pytest.fixture
    def served(self, host):
        host.copy_in(ROOT / "etc" / "init.d" / "holdfast", "/etc/init.d/holdfast", "0755")
        for program in ("holdfastd", "holdfastctl"):
            host.copy_in(ROOT / "build" / program, f"/usr/sbin/{program}", "0755")
        host.write("/etc/holdfast/holdfast.conf", "vrrp_instance V {\n interface eth0\n"
                   " virtual_router_id 7\n virtual_ipaddress {\n 10.0.0.100/24\n }\n}\n")
        return host

    def test_another_process_is_not_the_daemon(self, served):
        other = served.popen("sleep", "1000", name="other")
        served.write("/run/holdfast.pid", f"{other.inner_pid}\n")
        assert served.run("service", "holdfast", "status", check=False).returncode == 1
        assert served.run("service", "holdfast", "stop").returncode == 0
        assert other.alive()
        served.run("service", "holdfast", "start")
        assert served.run("service", "holdfast", "status").returncode == 0
        served.run("service", "holdfast", "stop")
        assert other.alive() and served.pids("holdfastd") == []

    @pytest.mark.parametrize("text", ["", "\n", "x\n", "-1\n", "$(touch /run/evil)\n", "1 2\n"])
    def test_a_strange_pid_file(self, served, text):
        served.write("/run/holdfast.pid", text)
        assert served.run("service", "holdfast", "status", check=False).returncode == 1
        assert not served.exists("/run/evil")

    def test_a_hanging_daemon_is_killed(self, served):
        served.write("/etc/default/holdfast", "STOP_SECONDS=1\n")
        served.run("service", "holdfast", "start")
        served.kill(int(served.read("/run/holdfast.pid")), signal.SIGSTOP)
        assert served.run("service", "holdfast", "stop").returncode == 0
        assert served.pids("holdfastd") == []

    def test_a_bad_file_is_refused_at_the_reload(self, served):
        assert served.run("service", "holdfast", "reload", check=False).returncode == 7
        served.run("service", "holdfast", "start")
        served.write("/etc/holdfast/holdfast.conf", "vrrp_instance V {\n")
        done = served.run("service", "holdfast", "reload", check=False)
        assert done.returncode == 6 and "holdfast.conf:1:" in done.stderr
        assert served.run("service", "holdfast", "status").returncode == 0
        served.run("service", "holdfast", "stop")

    def test_a_reload_says_what_the_daemon_says(self, served):
        """The file can be run, and -t says so; but the daemon does not give its address up for it."""
        served.run("service", "holdfast", "start")
        good = served.read("/etc/holdfast/holdfast.conf")
        more = good.replace("10.0.0.100/24", "10.0.0.100/24\n 10.0.0.101/24")
        served.write("/etc/holdfast/holdfast.conf", more)
        assert served.run("service", "holdfast", "reload").stderr == ""
        served.write("/etc/holdfast/holdfast.conf", more.replace("10.0.0.101", "10.0.0.1O1"))
        assert served.run("holdfastd", "-t", check=False).returncode == 5
        done = served.run("service", "holdfast", "reload", check=False)
        assert done.returncode == 6
        assert "/etc/holdfast/holdfast.conf:6:" in done.stderr and "would be lost" in done.stderr
        # one with a mistake that costs nothing is taken over, and the mistake is told
        served.write("/etc/holdfast/holdfast.conf", more.replace("interface", "prority 7\n interface"))
        done = served.run("service", "holdfast", "reload")
        assert "/etc/holdfast/holdfast.conf:2:" in done.stderr and "'priority'" in done.stderr
        served.run("service", "holdfast", "stop")

    @pytest.mark.parametrize("word", ["restart", "try-restart"])
    def test_a_bad_file_stops_nothing(self, served, word):
        served.run("service", "holdfast", "start")
        pid = served.read("/run/holdfast.pid")
        served.write("/etc/holdfast/holdfast.conf", "vrrp_instance V {\n")
        done = served.run("service", "holdfast", word, check=False)
        assert done.returncode == 6 and "holdfast.conf:1:" in done.stderr
        assert served.run("service", "holdfast", "status").returncode == 0
        assert served.read("/run/holdfast.pid") == pid
        served.run("service", "holdfast", "stop")

    def test_with_control_it_is_reloaded_all_the_same(self, served):
        served.write("/etc/default/holdfast", "DAEMON_ARGS='--control /run/a.sock'\n")
        served.run("service", "holdfast", "start")
        good = served.read("/etc/holdfast/holdfast.conf")
        served.write("/etc/holdfast/holdfast.conf", good.replace("10.0.0.100", "10.0.0.101"))
        assert served.run("service", "holdfast", "reload").returncode == 0
        wait_for(lambda: "10.0.0.101" in served.run("holdfastctl", "--control", "/run/a.sock",
                                                    "status", "V", check=False).stdout, 10,
                 "the new address")
        served.run("service", "holdfast", "stop")

    def service(self, host, *words, who=()):
        return host.run(*who, "/etc/init.d/holdfast", *words, check=False)

    def test_words_and_statuses(self, served):
        """Those of the Linux Standard Base, for each word, running and not."""
        nobody = ("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups")

        def of(*words, who=()):
            return self.service(served, *words, who=who).returncode

        assert [of("dance"), of(), of("start", "now")] == [2, 2, 2]
        assert [of("status"), of("stop"), of("try-restart"), of("reload"), of("force-reload")] == \
            [3, 0, 0, 7, 7]
        changing = ("start", "stop", "restart", "try-restart", "reload", "force-reload")
        assert [of(word, who=nobody) for word in changing] == [4] * 6
        assert [of("start"), of("start"), of("status"), of("status", who=nobody)] == [0, 0, 0, 0]
        assert [of("reload"), of("restart"), of("try-restart")] == [0, 0, 0]
        served.run("chmod", "600", "/run/holdfast.pid")
        assert [of("status", who=nobody), of("status")] == [4, 0]
        assert [of("stop"), of("stop"), of("status")] == [0, 0, 3]
        served.write("/run/holdfast.pid", "1\n")                # somebody else's by now
        assert [of("status"), of("stop"), of("status")] == [1, 0, 3]
        served.write("/etc/holdfast/holdfast.conf", "vrrp_instance V {\n")
        assert [of("start"), of("restart"), of("status")] == [6, 6, 3]
        served.run("rm", "/etc/holdfast/holdfast.conf")
        assert [of("start"), of("restart"), of("status")] == [6, 6, 3]
        served.write("/etc/holdfast/holdfast.conf", "")
        served.run("rm", "/usr/sbin/holdfastd")
        assert [of("start"), of("restart"), of("stop"), of("status")] == [5, 5, 0, 3]

    def test_no_stop_leaves_a_pid_file(self, served):
        for end in ("stop", "killed", "hangs"):
            self.service(served, "start")
            pids = [row[0] for row in served.processes() if row[2].startswith("holdfast")]
            if end == "killed":
                served.kill(pids)
                wait_for(lambda: not served.pids("holdfastd"), 10, "the end")
                assert self.service(served, "status").returncode == 1
            if end == "hangs":
                served.write("/etc/default/holdfast", "STOP_SECONDS=1\n")
                served.kill(int(served.read("/run/holdfast.pid")), signal.SIGSTOP)
            assert self.service(served, "stop").returncode == 0
            assert not served.exists("/run/holdfast.pid"), end

    def test_a_message_has_a_line_of_its_own(self, served):
        served.write("/etc/holdfast/holdfast.conf", "vrrp_instance V {\n")
        for word in ("start", "restart"):
            said = served.sh(f"/etc/init.d/holdfast {word} 2>&1", check=False).stdout.splitlines()
            assert re.fullmatch(r"(Starting|Testing the configuration of):? ?holdfast.* ?failed!",
                                said[0]), said
            assert any(line.startswith("/etc/holdfast/holdfast.conf:1:") for line in said[1:]), said
        served.run("rm", "/etc/holdfast/holdfast.conf")
        said = served.sh("/etc/init.d/holdfast start 2>&1", check=False).stdout.splitlines()
        assert said[1] == "there is no /etc/holdfast/holdfast.conf"

    def test_the_journals_directory_is_made(self, served):
        served.run("rm", "-rf", "/var/lib/holdfast")
        text = served.read("/etc/holdfast/holdfast.conf")
        served.write("/etc/holdfast/holdfast.conf",
                     "global_defs {\n journal /var/lib/holdfast/journal\n}\n" + text)
        served.sh("umask 077; /etc/init.d/holdfast start")
        wait_for(lambda: served.exists("/var/lib/holdfast/journal"), 10, "the journal")
        assert served.run("stat", "-c", "%a %U", "/var/lib/holdfast",
                          "/var/lib/holdfast/journal").stdout == "755 root\n600 root\n"
        assert "keeping a journal" in served.syslog().lower()
        self.service(served, "stop")
        assert "\nStateDirectory=holdfast\n" in (ROOT / "etc" / "holdfast.service").read_text()
