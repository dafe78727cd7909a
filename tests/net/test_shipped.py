"""What is shipped beside the programs: the check script, and the install script's care."""
import shutil
import signal

import pytest

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


class TestInstallScript:
    """On a host where Debian's keepalived is installed."""

    def install(self, host, *words, **env):
        settings = [f"{name}={value}" for name, value in env.items()]
        return host.run("env", *settings, INSTALL, *words, check=False)

    @pytest.fixture
    def built(self, host):
        """A build directory with everything, and no Holdfast yet."""
        assert shutil.which("keepalived") == "/usr/sbin/keepalived"
        host.sh(f"mkdir /run/build && cp {ROOT}/build/holdfastd {ROOT}/build/holdfastctl /run/build"
                f" && cp {ROOT}/man/holdfast.conf.5.in /run/build/holdfast.conf.5")
        return host

    def test_a_real_keepalived_stays(self, built):
        before = built.run("md5sum", "/usr/sbin/keepalived", "/etc/init.d/keepalived").stdout
        assert self.install(built, B="/run/build").returncode == 0
        done = self.install(built, "compat", B="/run/build")
        assert done.returncode == 1
        assert "/usr/sbin/keepalived is a real keepalived's, of the package keepalived" in done.stderr
        assert built.run("md5sum", "/usr/sbin/keepalived", "/etc/init.d/keepalived").stdout == before

    def test_force_moves_it_aside(self, built):
        assert self.install(built, B="/run/build").returncode == 0
        done = self.install(built, "compat", B="/run/build", FORCE=1)
        assert done.returncode == 0, done.stderr
        assert "Keepalived v2" in built.run("/usr/sbin/keepalived.before-holdfast", "-v").stderr
        assert "Holdfast" in built.run("keepalived", "-v").stdout
        assert built.read("/etc/default/keepalived").startswith("# Options to pass")
        for path in ("/etc/init.d/keepalived", "/lib/systemd/system/keepalived.service"):
            text = built.read(path)
            assert "Made by Holdfast" in text
            assert "/usr/sbin/keepalived" in text and "/usr/sbin/holdfastd" not in text
            assert "/etc/keepalived/keepalived.conf" in text and "/etc/holdfast/" not in text
        # Once more, and without force: it is ours now.
        assert self.install(built, "compat", B="/run/build").returncode == 0
        assert built.exists("/usr/sbin/keepalived.before-holdfast")

    def test_what_a_person_wrote_stays(self, built):
        for path in ("/etc/holdfast/holdfast.conf", "/etc/default/holdfast"):
            built.write(path, "# mine\n")
        assert self.install(built, B="/run/build").returncode == 0
        assert built.read("/etc/holdfast/holdfast.conf") == "# mine\n"
        assert built.read("/etc/default/holdfast") == "# mine\n"
        assert "192.0.2.130" in built.read("/usr/share/doc/holdfast/examples/holdfast.conf")

    def test_the_group_is_made(self, built):
        built.run("groupdel", "holdfast", check=False)
        assert self.install(built, B="/run/build").returncode == 0
        assert built.run("getent", "group", "holdfast").stdout
        assert built.run("id", "-gn", "holdfast").stdout == "holdfast\n"

    def test_another_prefix_is_written_into_the_files(self, built):
        assert self.install(built, B="/run/build", PREFIX="/usr/local").returncode == 0
        assert self.install(built, "compat", B="/run/build", PREFIX="/usr/local",
                            FORCE=1).returncode == 0
        for name in ("holdfast", "keepalived"):
            daemon = f"/usr/local/sbin/{'holdfastd' if name == 'holdfast' else name}"
            assert f"\nDAEMON={daemon}\n" in built.read(f"/etc/init.d/{name}")
            assert f"\nExecStart={daemon} " in built.read(f"/lib/systemd/system/{name}.service")
        assert '"/usr/local/libexec/holdfast/check_proxy.sh ' in built.read("/etc/holdfast/holdfast.conf")


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
        served.write("/etc/holdfast/holdfast.conf", more.replace("101/24", "101/x"))
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

    def test_words_and_statuses(self, served):
        assert served.run("service", "holdfast", "dance", check=False).returncode == 2
        assert served.run("service", "holdfast", "try-restart").returncode == 0
        served.run("rm", "/etc/holdfast/holdfast.conf")
        assert served.run("service", "holdfast", "start", check=False).returncode == 6
        served.run("rm", "/usr/sbin/holdfastd")
        served.write("/etc/holdfast/holdfast.conf", "")
        assert served.run("service", "holdfast", "start", check=False).returncode == 5
