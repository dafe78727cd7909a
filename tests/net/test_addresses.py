"""Virtual addresses that stand on another interface than their instance, and those that are not ours."""
import json

import pytest

from lab import wait_for
from test_crash import engine_of
from peers import Holdfast, Keepalived, config, instance

VIP = "10.0.0.100"
FAR = "10.1.0.100"
FAST = dict(interval=0.1)


def status_of(daemon, name="VI_1"):
    """The exit status of `holdfastctl status NAME`."""
    return daemon.ctl("status", name).returncode


# ---- an address on another interface ----

def with_eth1(lab, host, address):
    host.plug(lab.bridge("aux"), "eth1", address)


def down(host):
    host.ip("link", "set", "eth1", "down")


def cut(host):
    host.cut("eth1")


def gone(host):
    host.ip("link", "delete", "eth1")


@pytest.mark.parametrize("excluded", [False, True], ids=["advertised", "excluded"])
@pytest.mark.parametrize("fail", [down, cut, gone])
def test_interface_of_an_address_is_lost(lab, ours, fail, excluded):
    a, b = lab.build({"a": ["10.0.0.5/24"], "b": ["10.0.0.6/24"]})
    for number, host in enumerate((a, b), 1):
        with_eth1(lab, host, f"10.1.0.{number}/24")
    far = f"{FAR}/24 dev eth1"
    parts = dict(vips=[f"{VIP}/24"], extra=["virtual_ipaddress_excluded {", far, "}"]) \
        if excluded else dict(vips=[f"{VIP}/24", far])
    first = ours(a, config(instance(priority=150, **FAST, **parts), version=3)).start()
    first.wait_state("MASTER")
    wait_for(lambda: a.has(FAR, "eth1"), 5, "the far address")
    second = ours(b, config(instance(priority=100, **FAST, **parts), version=3)).start()
    second.wait_state("BACKUP")
    fail(a)
    first.wait_state("FAULT")
    second.wait_state("MASTER")
    wait_for(lambda: b.has(FAR, "eth1") and b.has(VIP), 5, "the peer's addresses")
    wait_for(lambda: not a.has(VIP), 5, "the address to be gone")
    assert ("address-interface", "eth1") in first.status().fault_subjects()
    assert status_of(first) == 2
    first.expect(r"fault: the interface of an address .* \(eth1\)")


def test_interface_of_an_address_comes_later(lab, ours):
    host = lab.build({"a": ["10.0.0.5/24"]})[0]
    daemon = ours(host, config(instance(**FAST, vips=[f"{VIP}/24", f"{FAR}/24 dev eth1"]),
                               version=3)).start()
    daemon.wait_state("FAULT")
    assert daemon.status().faults() == {"address-interface"}
    with_eth1(lab, host, "10.1.0.1/24")
    daemon.wait_state("MASTER")
    wait_for(lambda: host.has(FAR, "eth1"), 5, "the far address")
    wait_for(lambda: status_of(daemon) == 0, 5, "status 0")


def test_no_track_forgives_the_interface(lab, ours):
    host = lab.build({"a": ["10.0.0.5/24"]})[0]
    with_eth1(lab, host, "10.1.0.1/24")
    daemon = ours(host, config(instance(**FAST, vips=[f"{VIP}/24", f"{FAR}/24 dev eth1 no_track"]),
                               version=3)).start()
    daemon.wait_state("MASTER")
    wait_for(lambda: host.has(FAR, "eth1"), 5, "the far address")
    gone(host)
    wait_for(lambda: daemon.status().held() == [f"{VIP}/24"], 5, "the far address to be missed")
    assert daemon.status().state() == "MASTER"
    assert status_of(daemon) == 0


def test_a_master_of_nothing_is_not_well(lab, ours):
    host = lab.build({"a": ["10.0.0.5/24"]})[0]
    daemon = ours(host, config(instance(**FAST, vips=[f"{FAR}/24 dev eth1 no_track"]),
                               version=3)).start()
    daemon.wait_state("MASTER")
    assert daemon.status().held() == []
    assert status_of(daemon) == 5
    assert daemon.ctl("status").returncode == 5


# ---- an address of the configuration that is not ours ----

OWN = "10.0.0.5"


class Adopting(Holdfast):
    """The daemon under test as it is under keepalived's name."""

    def argv(self):
        return super().argv() + ["--adopt-leftovers"]


def text(*vips, **options):
    return config(instance(**{**FAST, **options}, vips=list(vips) or [f"{VIP}/24"]), version=3)


def lasting(host, address, interface="eth0"):
    """The address stands there as the host itself has put it: without a lease and our tag."""
    done = host.run("ip", "-d", "addr", "show", "dev", interface).stdout
    lines = done.splitlines()
    at = next((i for i, line in enumerate(lines) if f" {address}/" in line), None)
    return at is not None and "valid_lft forever" in lines[at + 1] and "dynamic" not in lines[at]


def refuses(daemon, *addresses):
    daemon.wait_state("FAULT")
    assert daemon.status().faults() >= {"address-foreign"}
    assert {name for fault, name in daemon.status().fault_subjects()
            if fault == "address-foreign"} == set(addresses)
    daemon.expect(r"fault: an address of the configuration stands on this host.*take it off")


@pytest.mark.parametrize("kind", [Holdfast, Adopting], ids=["plain", "adopting"])
def test_own_address_as_virtual_one(lab, ours, kind):
    """Its primary address, that the kernel would take all others of the subnet along with."""
    host = lab.build({"a": [f"{OWN}/24", "10.0.0.7/24"]})[0]
    daemon = kind(host, text(f"{OWN}/24")).start()
    refuses(daemon, f"{OWN}/24")
    checked = host.run(*daemon.argv()[:1], "-t", "-f", daemon.path, check=False)
    assert checked.returncode == 5
    assert "priority 255 shares the host's own address" in checked.stderr
    daemon.stop()
    assert lasting(host, OWN) and lasting(host, "10.0.0.7")


def test_address_put_there_before_goes_again(lab, ours):
    host = lab.build({"a": [f"{OWN}/24"]})[0]
    host.ip("addr", "add", f"{VIP}/24", "dev", "eth0")
    daemon = ours(host, text()).start()
    refuses(daemon, f"{VIP}/24")
    assert lasting(host, VIP)
    host.ip("addr", "del", f"{VIP}/24", "dev", "eth0")
    daemon.wait_state("MASTER")
    wait_for(lambda: host.has(VIP), 5, "the address")
    daemon.stop()
    assert not host.has(VIP)


def test_other_length_or_interface(lab, ours):
    host = lab.build({"a": [f"{OWN}/24"]})[0]
    with_eth1(lab, host, "10.1.0.1/24")
    daemon = ours(host, text(f"{VIP}/24")).start()
    daemon.wait_state("MASTER")
    daemon.stop()
    for place in ((f"{VIP}/32", "eth0"), (f"{VIP}/24", "eth1")):
        host.ip("addr", "add", place[0], "dev", place[1])
        daemon.start()
        refuses(daemon, f"{VIP}/24")
        daemon.stop()
        assert lasting(host, VIP, place[1])
        host.ip("addr", "del", place[0], "dev", place[1])
    # a real server's: nobody asks there
    host.ip("addr", "add", f"{VIP}/32", "dev", "lo")
    daemon.start()
    daemon.wait_state("MASTER")
    daemon.stop()
    assert lasting(host, VIP, "lo")


def test_owner_shares_the_host_s_address(lab, ours):
    host = lab.build({"a": [f"{OWN}/24", "10.0.0.7/24"]})[0]
    daemon = ours(host, text(f"{OWN}/24", priority=255)).start()
    daemon.wait_state("MASTER")
    assert status_of(daemon) == 0
    assert daemon.status().held() == [f"{OWN}/24"]
    daemon.configure(text(f"{OWN}/24", priority=100))
    daemon.reload()
    refuses(daemon, f"{OWN}/24")
    daemon.configure(text(f"{OWN}/24", priority=255))
    daemon.reload()
    daemon.wait_state("MASTER")
    assert lasting(host, OWN)
    daemon.configure(text(f"{VIP}/24", priority=255))
    daemon.reload()
    wait_for(lambda: host.has(VIP), 5, "the new address")
    daemon.stop()
    assert lasting(host, OWN) and lasting(host, "10.0.0.7")


def test_appears_while_master(lab, ours):
    """Who adds the master's own address elsewhere by hand does not cost the service; when a better
    one has taken over, this host is no longer fit."""
    a, b = lab.build({"a": [f"{OWN}/24"], "b": ["10.0.0.6/24"]})
    with_eth1(lab, a, "10.1.0.1/24")
    daemon = ours(a, text()).start()
    daemon.wait_state("MASTER")
    wait_for(lambda: a.has(VIP), 5, "the address")
    a.ip("addr", "add", f"{VIP}/24", "dev", "eth1")
    a.ip("addr", "replace", f"{VIP}/24", "dev", "eth0")
    daemon.expect("changed by another program")
    assert daemon.state() == "MASTER"
    peer = ours(b, text(priority=200)).start()
    peer.wait_state("MASTER")
    refuses(daemon, f"{VIP}/24")
    assert not a.has(VIP) and lasting(a, VIP, "eth1")
    a.ip("addr", "del", f"{VIP}/24", "dev", "eth1")
    daemon.wait_state("BACKUP")
    a.ip("addr", "add", f"{VIP}/24", "dev", "eth0")
    refuses(daemon, f"{VIP}/24")


def test_engine_that_goes_on_leaves_it_alone(lab, ours):
    host = lab.build({"a": [f"{OWN}/24"]})[0]
    host.ip("addr", "add", f"{VIP}/24", "dev", "eth0")
    daemon = ours(host, text()).start()
    refuses(daemon, f"{VIP}/24")
    dead = engine_of(host)
    host.kill(dead)
    daemon.expect(rf"Engine, PID {dead}, died of signal 9")
    wait_for(lambda: engine_of(host) != dead, 5, "another engine")
    wait_for(lambda: daemon.state() == "FAULT", 5, "FAULT")
    assert lasting(host, VIP)
    daemon.stop()
    assert lasting(host, VIP)


def test_ipv6_address_of_the_host(lab, ours):
    host = lab.build({"a": [f"{OWN}/24"]})[0]
    own = wait_for(lambda: host.run("ip", "-6", "-o", "addr", "show", "dev", "eth0", "scope",
                                    "link").stdout.split()[3:4], 5, "a link-local address")[0]
    far = "2001:db8::100/64"
    excluded = ["virtual_ipaddress_excluded {", own, far, "}"]
    daemon = Adopting(host, text(extra=excluded)).start()
    refuses(daemon, own)
    assert host.run("ip", "-6", "addr", "show", "dev", "eth0").stdout.count(own) == 1
    daemon.configure(text(extra=["virtual_ipaddress_excluded {", far, "}"]))
    daemon.reload()
    daemon.wait_state("MASTER")


@pytest.mark.parametrize("length", [24, 32])
def test_leftovers_of_a_killed_keepalived(lab, ours, length):
    host = lab.build({"a": [f"{OWN}/24"]})[0]
    vip = f"{VIP}/{length}"
    other = Keepalived(host, config(instance(vips=[vip]), version=2)).start()
    other.wait_state("MASTER")
    wait_for(lambda: host.has(VIP), 5, "keepalived's address")
    other.kill()
    assert host.has(VIP)
    plain = ours(host, text(vip)).start()
    refuses(plain, vip)
    plain.stop()
    assert host.has(VIP)
    checked = host.run(*plain.argv()[:1], "-t", "-f", plain.path, check=False)
    assert checked.returncode == 5 and "--adopt-leftovers takes it over" in checked.stderr
    heir = Adopting(host, text(vip)).start()
    heir.wait_state("MASTER")
    heir.expect("looks like what a keepalived that was killed leaves behind")
    assert "FAULT" not in heir.states()
    wait_for(lambda: status_of(heir) == 0, 5, "the address to be held")
    heir.stop()
    assert not host.has(VIP) and lasting(host, OWN)


def test_many_groups_on_one_interface(lab, ours):
    """Each instance hears its peer, though the kernel joins only 20 groups for a socket."""
    a, b = lab.build({"a": [f"{OWN}/24"], "b": ["10.0.0.6/24"]})

    def file(priority):
        return config(*(instance(name=f"VI_{i}", vrid=i, priority=priority, interval=0.5,
                                 vips=[f"10.0.0.{100 + i}/24"], extra=[f"mcast_dst_ip 224.0.1.{i}"])
                        for i in range(1, 31)), version=3)

    first = ours(a, file(150)).start()
    for i in range(1, 31):
        first.wait_state("MASTER", 30, f"VI_{i}")
    second = ours(b, file(100)).start()
    for i in range(1, 31):
        second.wait_state("BACKUP", 30, f"VI_{i}")
    wait_for(lambda: all(second.status().counter("adverts_received", f"VI_{i}") > 5
                         for i in range(1, 31)), 60, "each to hear its master", step=0.5)
    assert {second.status().state(f"VI_{i}") for i in range(1, 31)} == {"BACKUP"}


# ---- a reload changes how an address stands ----

def facts(host, address):
    """What the kernel says of ADDRESS on eth0; None: it is not there."""
    return next((a for link in json.loads(host.ip("-j", "addr", "show", "dev", "eth0").stdout)
                 for a in link.get("addr_info", []) if a["local"] == address), None)


SIX = "2001:db8::100"


@pytest.mark.parametrize("address,was,now,right", [
    (VIP, "", "noprefixroute", lambda a: a.get("noprefixroute")),
    (VIP, "noprefixroute", "", lambda a: not a.get("noprefixroute")),
    (VIP, "", "label eth0:vip", lambda a: a["label"] == "eth0:vip"),
    (VIP, "label eth0:vip", "", lambda a: a["label"] == "eth0"),
    (VIP, "", "brd 10.0.0.255", lambda a: a.get("broadcast") == "10.0.0.255"),
    (VIP, "brd 10.0.0.255", "brd 10.0.0.127", lambda a: a.get("broadcast") == "10.0.0.127"),
    (VIP, "", "scope link", lambda a: a["scope"] == "link"),
    (VIP, "", "preferred_lft 0", lambda a: a.get("deprecated")),
    (VIP, "preferred_lft 0", "", lambda a: not a.get("deprecated")),
    (SIX, "-nodad", "-nodad noprefixroute", lambda a: a.get("noprefixroute")),
    (SIX, "-nodad noprefixroute", "-nodad", lambda a: not a.get("noprefixroute")),
    (SIX, "-nodad", "-nodad home", lambda a: a.get("home")),
    (SIX, "-nodad", "-nodad preferred_lft 0", lambda a: a.get("deprecated")),
])
def test_reload_changes_how_an_address_stands(lab, ours, address, was, now, right):
    host = lab.build({"a": ["10.0.0.5/24"]})[0]
    # one subnet of the kernel's has one scope
    length = 64 if address == SIX else 32 if "scope" in now else 24

    def text_with(words):
        return config(instance(**FAST, vips=[f"{VIP}/24" if address == SIX else f"{VIP}/{length} {words}"],
                               extra=["virtual_ipaddress_excluded {", f"{SIX}/{length} {words}", "}"]
                               if address == SIX else []), version=3)

    daemon = ours(host, text_with(was)).start()
    daemon.wait_state("MASTER")
    wait_for(lambda: facts(host, address), 10, "the address")
    assert not right(facts(host, address))
    daemon.configure(text_with(now))
    daemon.reload()
    wait_for(lambda: facts(host, address) and right(facts(host, address)), 10, "the new attributes")
    assert daemon.status().state() == "MASTER"
    wait_for(lambda: status_of(daemon) == 0, 10, "everything to be held")
