"""A dump in keepalived's dialect is read by keepalived without a complaint, and by us as what it was."""
import re
from pathlib import Path

import pytest

from pairlab import SEEDS
from peers import HOLDFASTD, KEEPALIVED, config, instance

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
# keepalived asks who runs scripts, and whether they exist, of the host and not of the text.
HOST = "global_defs {\n    script_user root\n    enable_script_security\n}\n"

# What 2.2.7 says of the configuration, in whatever words it stands: an instance without addresses,
# fractions of a second for scripts, a word of 2.4, escapes that it decodes twice.
MEANT = re.compile(r"No VIP specified|'0\.5'|'v3_checksum_as_v2'|escapes|missing terminating|"
                   r"true %s$|^ 'a b' it's|^$")

pytestmark = pytest.mark.ours


@pytest.fixture
def host(lab):
    return lab.host("a", "10.0.0.5/24")


def dumps():
    for path in sorted(GOLDEN.glob("*.dump")):
        text = path.read_text()
        if " = " not in text:
            yield path.name, text


def with_true(text):
    """Scripts, and users, that this host does not have, become what it has."""
    text = re.sub(r'^(\s*(?:script|notify\w*)) "[^"\s]+([^"]*)".*$', r'\1 "/usr/bin/true\2"', text,
                  flags=re.M)
    text = re.sub(r"^(\s*(?:script_user|user)) .*$", r"\1 root", text, flags=re.M)
    return text


def interfaces(text):
    names = re.findall(r"^\tinterface (\S+)$| dev (\S+)", text, flags=re.M)
    found = {name for pair in names for name in pair if name}
    for block in re.findall(r"track_interface \{\n(.*?)\n\t\}", text, flags=re.S):
        found |= {line.split()[0] for line in block.splitlines()}
    return {name.strip('"') for name in found}


def judge(host, text):
    """What keepalived says of TEXT, "" when it is clean."""
    host.write("/etc/dump.conf", HOST + with_true(text))
    done = host.run(KEEPALIVED, "-t", "-f", "/etc/dump.conf", check=False)
    lines = (done.stdout + done.stderr).splitlines()
    said = "\n".join(line for line in lines if not MEANT.search(line))
    return said or ("" if lines or done.returncode == 0 else f"status {done.returncode}")


def add_interfaces(host, texts):
    wanted = set().union(*(interfaces(text) for text in texts)) - {"eth0", "lo"}
    for number, name in enumerate(sorted(wanted)):
        host.ip("link", "add", name, "type", "bridge")
        host.ip("link", "set", name, "up")
        host.ip("address", "add", f"10.9.{number}.5/24", "dev", name)


def test_keepalived_has_nothing_to_say_of_our_dumps(host):
    files = list(dumps())
    assert len(files) > 30
    add_interfaces(host, [text for _, text in files])
    said = {name: words for name, text in files if (words := judge(host, text))}
    assert not said, "\n".join(f"{name}: {words}" for name, words in said.items())


@pytest.mark.parametrize("name", ["node-a.conf", "node-b.conf"])
def test_nor_of_those_of_the_seeds(host, name):
    text = host.run(HOLDFASTD, "-f", str(SEEDS / name), "--dump-config=keepalived",
                    "--with-secrets").stdout
    add_interfaces(host, [text])
    assert judge(host, text) == ""


def test_our_own_words_are_comments_to_keepalived_and_words_to_us(host):
    text = config(instance(extra=["vip_lease 7", "max_advert_int 3"]), version=3)
    host.write("/etc/ours.conf", text)
    first = host.run(HOLDFASTD, "-f", "/etc/ours.conf", "--dump-config=keepalived").stdout
    assert "#holdfast: vip_lease 7\n" in first and "#holdfast: max_advert_int 3\n" in first
    assert judge(host, first) == ""
    host.write("/etc/ours.conf", first)
    assert host.run(HOLDFASTD, "-f", "/etc/ours.conf", "--dump-config=keepalived").stdout == first
