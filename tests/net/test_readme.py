"""README.md's ten minutes, typed to the letter on two hosts that have nothing of Holdfast yet.

Whoever reads a page types what stands in its blocks.  So does this test: it reads the section, finds
each block of commands and the sentence before it, which says on which host, and types it there.  The
test adds only what the page takes for granted: two hosts, eth0, HAProxy on port 5672.
"""
import json
import re
import time
from dataclasses import dataclass

import pytest

from lab import HERE, PYTHON, ROOT, wait_for
from pairlab import longest_gap
from wire import Capture

pytestmark = [pytest.mark.ours, pytest.mark.story]

README = ROOT / "README.md"
SECTION = "## A running pair in ten minutes"
SOURCES = "Makefile README.md src include man etc scripts tests/sim"
BUILT = "build/obj build/tobj/sim build/holdfastd build/holdfastctl"
HOME = "/root/holdfast"
CONFIG = "/etc/holdfast/holdfast.conf"
ADDRESS = {"a": "192.0.2.11", "b": "192.0.2.12"}
VIP, PORT = "192.0.2.10", 5672
MASTER_DOWN_A = 3 + (256 - 100) / 256       # seconds
SKEW_B = (256 - 90) / 256
PROXY = """
global
    daemon
    maxconn 500
defaults
    mode tcp
    timeout connect 1s
    timeout client 5s
    timeout server 5s
listen front
    bind *:5672
    server here 127.0.0.1:15672
"""


@dataclass
class Block:
    """Commands of the page, and on which hosts they are typed."""
    step: int
    hosts: str
    lines: list


def blocks(text):
    """The blocks of commands of README's section, in order."""
    section = text.split(SECTION)[1].split("\n## ")[0]
    found, step, before, inside = [], 0, "", None
    for line in section.splitlines():
        if line.strip() == "```":
            if inside is not None:
                found.append(Block(step, hosts_of(before), inside))
                before = ""
            inside = [] if inside is None else None
        elif inside is not None:
            inside.append(line.strip())
        else:
            if re.match(r"\d+\. ", line):
                step, before = int(line.split(".")[0]), ""
            before += f" {line.strip()}"
    return found


def hosts_of(sentence):
    """The last "On ..." before a block says where it is typed."""
    where = re.findall(r"\bOn (both hosts|`a`|`b`),", sentence)
    assert where, f"a block of README.md does not say on which host: {sentence}"
    return {"both hosts": "ab", "`a`": "a", "`b`": "b"}[where[-1]]


class Reader:
    """Somebody with a terminal on each host, and the page."""

    def __init__(self, lab):
        self.page = blocks(README.read_text())
        self.hosts = dict(zip("ab", lab.build({name: [f"{address}/24"]
                                               for name, address in ADDRESS.items()})))
        client = lab.host("client", "192.0.2.20/24")
        self.wire = Capture(client)
        self.watching = {}
        for name, host in self.hosts.items():
            self.furnish(name, host)
        self.client = client.popen(PYTHON, HERE / "tools" / "client.py", VIP, PORT, 0.05, 0.25,
                                   name="client")

    def furnish(self, name, host):
        """What the page takes for granted: the sources, and a proxy.  Objects that are built already
        come with the sources, and save make their time."""
        host.sh(f"mkdir {HOME} && cd {ROOT} && cp -a --parents {SOURCES} {BUILT} {HOME}",
                timeout=300)
        host.write("/etc/haproxy/haproxy.cfg", PROXY)
        host.popen(PYTHON, HERE / "tools" / "tcpd.py", f"127.0.0.1:15672:{name}",
                   name="server").expect("^ready")
        host.run("service", "haproxy", "start")

    def type(self, name, line):
        """What the command answered; one that goes on until it is interrupted gets its terminal."""
        host = self.hosts[name]
        if line == "holdfastctl watch":
            self.watching[name] = host.popen("holdfastctl", "watch", name="watch")
            return None
        return host.sh(f"cd {HOME} && {line}", timeout=300)

    def step(self, number):
        """Type the blocks of a step, one at each call of next(); yields answers by (host, line)."""
        for block in [block for block in self.page if block.step == number]:
            yield {(name, line): self.type(name, line) for line in block.lines
                   for name in block.hosts}

    def whole_step(self, number):
        said = {}
        for answers in self.step(number):
            said.update(answers)
        assert said, f"README.md has no step {number}"
        return said

    def holders(self):
        return [name for name, host in self.hosts.items() if host.has(VIP)]

    def wait_holder(self, name, timeout):
        wait_for(lambda: self.holders() == [name], timeout, f"{VIP} to be on {name} alone")

    def answers(self):
        return [json.loads(line) for line in self.client.log().splitlines() if line.endswith("}")]

    def wait_served(self, name):
        """Until the client is served by that host, from now on."""
        now = time.time()
        wait_for(lambda: any(row.get("from") == name and row["t"] > now
                             for row in self.answers()), 10, f"{name} to serve the client")


@pytest.fixture(scope="module")
def reader(shared_lab):
    return Reader(shared_lab)


def test_the_page_has_its_steps(reader):
    assert sorted({block.step for block in reader.page}) == [1, 2, 3, 4]
    assert all(block.lines for block in reader.page)


def test_step_1_builds_and_installs(reader):
    said = reader.whole_step(1)
    assert said["a", "scripts/deps build"].stdout == ""     # a host that has what is needed
    for host in reader.hosts.values():
        assert host.run("which", "holdfastctl").stdout == "/usr/sbin/holdfastctl\n"
        assert host.run("stat", "-c", "%a %U", CONFIG).stdout == "640 root\n"


def test_step_2_makes_two_clean_files(reader):
    said = reader.whole_step(2)
    for name in "ab":
        assert ": clean: 1 instance, 1 check" in said[name, "holdfastd -t"].stderr
    texts = {name: host.read(CONFIG).splitlines() for name, host in reader.hosts.items()}
    differ = [pair for pair in zip(texts["a"], texts["b"]) if pair[0] != pair[1]]
    assert [[row.strip() for row in pair] for pair in differ] == \
        [["router_id a", "router_id b"], ["priority 100", "priority 90"]]
    assert "changeme" not in "".join(texts["a"])
    assert len(texts["a"]) == len(texts["b"])


def test_step_3_starts_the_pair(reader):
    said = reader.whole_step(3)
    for name in "ab":
        assert "web" in said[name, "holdfastctl status"].stdout
    reader.wait_holder("a", 15)
    reader.wait_served("a")
    for host in reader.hosts.values():
        assert host.exists("/etc/rc2.d/S01holdfast")
        link = "/etc/systemd/system/multi-user.target.wants/holdfast.service"
        assert host.run("readlink", link).stdout == "/lib/systemd/system/holdfast.service\n"
    states = [host.run("holdfastctl", "status", "web", check=False).returncode
              for host in reader.hosts.values()]
    assert states == [0, 1]                                 # MASTER, BACKUP


def test_step_4_moves_the_address_and_back(reader):
    steps = reader.step(4)
    next(steps)
    time_of_stop = time.time()
    next(steps)
    reader.wait_holder("b", 10)
    left = reader.wire.wait_adverts(1, sender=ADDRESS["a"], priority=0)[0]
    first = reader.wire.wait_adverts(1, sender=ADDRESS["b"], since=reader.wire.frames.index(left))[0]
    assert first.time - left.time < 1 + SKEW_B              # "within a second", and a busy machine
    reader.wait_served("b")
    assert longest_gap(reader.answers(), since=time_of_stop - 1) < 3
    reader.watching["b"].expect(r"web.*MASTER")
    time_of_start = time.time()
    next(steps)
    reader.wait_holder("a", 20)
    back = reader.wire.wait_adverts(1, sender=ADDRESS["a"],
                                    since=reader.wire.frames.index(first))[0]
    assert back.time - time_of_start > MASTER_DOWN_A * 0.9
    reader.wait_served("a")
    assert next(steps, None) is None                        # the page has nothing more to type


def test_a_dead_proxy_moves_the_address(reader):
    """What the section promises in its first sentence."""
    host = reader.hosts["a"]
    host.sh("mv /etc/haproxy/haproxy.cfg /etc/haproxy/away")
    host.kill(host.pids("haproxy"))
    reader.wait_holder("b", 40)
    reader.wait_served("b")


def test_uninstall_leaves_the_configuration(reader):
    host = reader.hosts["b"]
    before = host.read(CONFIG)
    assert "make uninstall" in README.read_text().split(SECTION)[1]
    reader.type("b", "make uninstall")
    assert host.read(CONFIG) == before
    left = host.run("find", "/etc", "/usr", "/var", "-name", "*holdfast*").stdout.split()
    assert sorted(left) == ["/etc/default/holdfast", "/etc/holdfast", CONFIG]
    assert host.pids("holdfastd") == []
