"""Virtual addresses that stand on another interface than their instance, and those that are not ours."""
import pytest

from lab import wait_for
from peers import config, instance

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
