"""The faults of `make torture`, one function each, and the table of what each row must reach.

A fault happens to host a, the master, unless it says otherwise.  stage.now() marks its moment, and
stage.now("mended") the moment in which the cause is gone.
"""
import os
import signal
import time
from dataclasses import dataclass
from typing import Callable

from figures import Target
from lab import LabError, wait_for
from peers import HOLDFASTD
from stage import HIGH, HOSTS, LOW, VIP
from wire import ARP, Ether, Injector

NOISE = 0.010                # no silence: the row without a fault shows 2 ms, rarely 5
SKEW = 0.6875                # of a backup of priority 80 at advert_int 1 s
TAKEOVER = 3 + SKEW
LEASE = 6                    # a dead host loses the address: vip_lease is 5 s, the kernel rounds up


def nothing(stage):
    stage.now()


def kill_worker(stage):
    pid = stage.worker()
    stage.now()
    os.kill(pid, signal.SIGKILL)


def kill_backups_worker(stage):
    pid = stage.worker(stage.backup)
    stage.now()
    os.kill(pid, signal.SIGKILL)


def kill_worker_and_spare(stage):
    """The worst moment: what was prepared to go on dies as well."""
    pids = [stage.worker(), *stage.named("spare")]
    stage.now()
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def kill_helpers(stage):
    pids = stage.named("spare") + stage.named("runner")
    stage.now()
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def kill_worker_again_and_again(stage):
    """Whoever goes on is killed too, four times, half a second apart."""
    stage.now()
    for _ in range(4):
        pid = wait_for(lambda: stage.named("engine"), 10, "a working process")[0]
        os.kill(pid, signal.SIGKILL)
        stage.now("mended")
        time.sleep(0.5)


def hang_worker(stage):
    """It lives, and does nothing any more: nobody is told."""
    pid = stage.worker()
    stage.now()
    os.kill(pid, signal.SIGSTOP)


def kill_first(stage):
    pid = stage.first()
    stage.now()
    os.kill(pid, signal.SIGKILL)


def kill_all(stage):
    """As by the kernel's killer at its worst: none may see another die."""
    pids = stage.master.outer_pids()
    stage.now()
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for pid in pids[::-1]:
            os.kill(pid, number)


def kill_all_and_start(stage):
    """What an administrator or a supervisor does next."""
    kill_all(stage)
    stage.master.proc.wait_stopped()
    stage.now("mended")
    stage.master.start()


def delete_address(stage):
    stage.now()
    stage.a.ip("addr", "del", f"{VIP}/24", "dev", "eth0")


def flush_addresses(stage):
    """What restarting the host's networking does: everything goes, the host's own comes back."""
    stage.now()
    stage.a.sh(f"ip addr flush dev eth0; ip addr add {HOSTS['a'][0]} dev eth0")


def cut_link(stage):
    stage.now()
    stage.a.cut()
    time.sleep(0.5)
    stage.now("mended")
    stage.a.mend()


def link_down(stage):
    stage.now()
    stage.a.ip("link", "set", "eth0", "down")
    time.sleep(0.5)
    stage.now("mended")
    stage.a.ip("link", "set", "eth0", "up")


def delete_interface(stage):
    mac = stage.a.mac()
    stage.now()
    stage.a.ip("link", "del", "eth0")
    time.sleep(1)
    stage.now("mended")
    stage.a.plug(stage.lab.bridge(), "eth0", *HOSTS["a"], mac=mac)


def pause(stage):
    stage.pause()
    time.sleep(6)
    stage.resume()


def reload_more(stage):
    """On both hosts, as a person does it."""
    stage.backup.configure(stage.text(LOW, (VIP, "10.0.0.101")))
    stage.master.configure(stage.text(HIGH, (VIP, "10.0.0.101")))
    stage.now()
    stage.master.reload()
    stage.backup.reload()


def reload_and_kill(stage):
    """Whoever goes on must know what the reload brought."""
    reload_more(stage)
    wait_for(lambda: stage.a.has("10.0.0.101"), 10, "the added address")
    kill_worker(stage)
    time.sleep(3)
    if not stage.a.has("10.0.0.101"):
        raise LabError("the added address is lost")


def reload_refused(stage):
    """One mistake in the master's file; keepalived runs what is left of it."""
    stage.master.configure(stage.text(HIGH, vrid=4711))
    stage.now()
    stage.master.reload()


def stop(stage):
    stage.now()
    stage.master.proc.send(signal.SIGTERM)


def ask_for_upgrade(stage):
    done = stage.master.ctl("upgrade", HOLDFASTD)
    if done.returncode != 0:
        said = (done.stderr + done.stdout).strip().splitlines() or ["no word"]
        raise LabError(f"holdfastctl upgrade: {said[0]}")


def upgrade(stage):
    """keepalived knows only the restart, as its package does it."""
    stage.now()
    if stage.kind == "keepalived":
        stage.master.stop()
        stage.master.start()
    else:
        ask_for_upgrade(stage)


def upgrades(stage):
    stage.now()
    for _ in range(100):
        ask_for_upgrade(stage)


def conflict(stage):
    """Somebody else's machine comes up with the address, says so, and stays for 2 s."""
    rogue = stage.lab.host("rogue", "10.0.0.66/24")
    mac = rogue.mac()
    wire = Injector(rogue)
    rogue.ip("addr", "add", f"{VIP}/32", "dev", "eth0")
    stage.now()
    stage.now("mended")
    wire.send(Ether(src=mac, dst="ff:ff:ff:ff:ff:ff")
              / ARP(op=1, hwsrc=mac, psrc=VIP, hwdst="00:00:00:00:00:00", pdst=VIP))
    time.sleep(2)
    rogue.ip("link", "set", "eth0", "down")


def one_way(stage):
    """The backup hears no advert of the master for 6 s; everything else passes."""
    switch = stage.lab.bridge().host
    stage.now()
    switch.run("nft", "add table bridge cut; add chain bridge cut f { type filter hook forward "
               "priority 0; }; add rule bridge cut f iifname a-eth0 oifname b-eth0 ip protocol vrrp "
               "drop")
    time.sleep(6)
    stage.now("mended")
    switch.run("nft", "delete table bridge cut")


@dataclass
class Fault:
    """A row of the table."""
    key: str
    title: str
    act: Callable
    target: Target
    window: float = 5          # seconds from the fault to the end of the watch
    interval: float = 1
    version: int = 2
    many: int = 0              # more addresses
    only: str = None           # the one kind of daemon that this can happen to
    extra: bool = False        # runs when asked for


BLINK = 0.005                # the referee asks every millisecond
HANG = 5 + 1 + 1.05          # the keeper's patience, its question's interval, an advert
# Nobody may notice: neither the client, nor the backup, nor who listens to adverts.
UNNOTICED = Target(silence=NOISE, two=BLINK, gap=1.2, lost=0, changes=0)
UNNOTICED_FAST = Target(silence=NOISE, two=BLINK, gap=0.036, lost=0, changes=0)
FAST = dict(interval=0.01, version=3)

FAULTS = [
    Fault("nothing", "nothing (the machine's noise)", nothing, UNNOTICED),
    Fault("worker", "SIGKILL of the working process", kill_worker, UNNOTICED),
    Fault("worker-fast", "the same, VRRPv3, advert_int 10 ms", kill_worker, UNNOTICED_FAST, **FAST),
    Fault("worker-many", "the same, with 1,000 more addresses", kill_worker, UNNOTICED, many=1000,
          extra=True),
    Fault("backup", "SIGKILL of the backup's working process", kill_backups_worker, UNNOTICED),
    Fault("both", "SIGKILL of the working process and its spare", kill_worker_and_spare, UNNOTICED,
          only="holdfast"),
    Fault("helpers", "SIGKILL of spare and runner", kill_helpers, UNNOTICED, only="holdfast"),
    Fault("again", "SIGKILL of the working process, 4 times in 2 s", kill_worker_again_and_again,
          Target(silence=TAKEOVER + 0.05, two=BLINK), only="holdfast", window=12),
    Fault("all", "SIGKILL of all processes", kill_all,
          Target(silence=TAKEOVER + 0.05, settled=LEASE), window=LEASE + 3),
    Fault("all-start", "SIGKILL of all processes, started again", kill_all_and_start,
          Target(silence=TAKEOVER + 0.05), window=12),
    Fault("hang", "the working process hangs for good", hang_worker,
          Target(silence=TAKEOVER + 0.05, settled=HANG), window=HANG + 3),
    Fault("first", "SIGKILL of the first process (keeper, parent)", kill_first,
          Target(silence=SKEW + 0.05, two=BLINK, settled=SKEW + 0.05)),
    Fault("address", "address deleted by another program", delete_address,
          Target(silence=0.010, two=BLINK, gap=1.2, changes=0)),
    Fault("flush", "all addresses flushed, the host's own put back", flush_addresses,
          Target(silence=0.2, two=BLINK, gap=1.2, changes=0)),
    Fault("cut", "link lost for 0.5 s (switch side)", cut_link, Target(silence=0.6, two=BLINK)),
    Fault("down", "link set down for 0.5 s (host side)", link_down,
          Target(silence=0.6, two=BLINK)),
    Fault("interface", "interface deleted, made again after 1 s", delete_interface,
          Target(silence=1.2, two=BLINK), window=8),
    Fault("pause", "paused 6 s, resumed", pause, Target(settled=1.05, announced=1.05), window=12),
    Fault("reload", "reload that adds an address", reload_more, UNNOTICED),
    Fault("reload-kill", "the same, then SIGKILL of the working process", reload_and_kill,
          UNNOTICED),
    Fault("refused", "rejected reload", reload_refused, UNNOTICED),
    Fault("stop", "orderly stop", stop,
          Target(silence=SKEW + 0.05, two=BLINK, settled=SKEW + 0.05, changes=1)),
    Fault("upgrade", "upgrade (keepalived: restart)", upgrade, UNNOTICED),
    Fault("upgrades", "100 upgrades, VRRPv3, advert_int 100 ms", upgrades,
          Target(silence=NOISE, two=BLINK, gap=0.3, lost=0, changes=0), interval=0.1, version=3,
          only="holdfast", extra=True),
    Fault("conflict", "another machine announces the address, stays 2 s", conflict,
          Target(silence=0.1, gap=1.2, changes=0)),
    Fault("one-way", "the backup hears no advert for 6 s", one_way,
          Target(settled=1.05, announced=1.05), window=12),
]
