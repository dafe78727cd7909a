"""The journal of a real daemon, and whether the replay of it says what the daemon said."""
import json
import re

import pytest

from lab import wait_for
from peers import HOLDFASTCTL, Holdfast, config, instance
from wire import Injector, ip_v2, ip_v3

pytestmark = pytest.mark.ours

VIP = "10.0.0.100"
RIVAL = "10.0.0.66"
PASSWORD = "geheim77"
STRANGER = "fremd123"
JOURNAL = "/var/lib/journal"
STAMP = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} (.*)$")
SUPPRESSED = re.compile(r" \(\d+ similar lines suppressed\)$")
# Told at most once in ten seconds by the log and by `watch`.
STORMS = {"master", "lower-priority", "priority-zero", "reject", "addresses-differ", "interval-differs",
          "conflict", "address-failed", "address-lost"}
ENVELOPE = {"ok", "version", "pid", "started", "monotonic_us", "suppressed", "time"}


def told(line):
    """A line of the log that comes from the core's traces."""
    return re.match(r"\(VI_|VRRP_Script\(|Script `", line)


def core_lines(log):
    lines = (m.group(1) for m in map(STAMP.match, log.splitlines()) if m)
    return [SUPPRESSED.sub("", line) for line in lines if told(line)]


def is_subsequence(some, all_of):
    rest = iter(all_of)
    return all(any(line == other for other in rest) for line in some)


class Kept(Holdfast):
    """A daemon that logs in detail and keeps a journal."""

    def argv(self):
        return super().argv() + ["-D", f"--journal={JOURNAL}"]

    def replay(self, *options, status=0):
        done = self.host.run(HOLDFASTCTL, "replay", *options, JOURNAL, check=False)
        assert done.returncode == status, (done.returncode, done.stdout[-3000:], done.stderr)
        return done.stdout

    def events(self):
        """What the replay says, without what it says about itself; and that sum."""
        rows = [json.loads(line) for line in self.replay("--json").splitlines()]
        return [row for row in rows if "event" in row], rows[-1]["summary"]


def text_of(priority=100, extra=(), vips=(f"{VIP}/24",), **defs):
    check = 'vrrp_script chk {\n    script "/bin/sh -c \'exit $(cat /run/verdict)\'"\n' \
            '    interval 1\n}\n'
    return config(instance(priority=priority, password=PASSWORD, vips=vips, extra=extra),
                  extra=["script_user root", *(f"{k} {v}" for k, v in defs.items())], before=check)


def forget_no_lines(daemon, events):
    """Every line that the log has is the replay's, octet by octet and in order; the log lacks only
    what it limits."""
    logged = core_lines(daemon.log())
    replayed = [event["text"] for event in events]
    assert is_subsequence(logged, replayed), (logged, replayed)
    always = [event["text"] for event in events if event["event"] not in STORMS]
    assert is_subsequence(always, logged), (logged, always)


def same_events(watched, events):
    """Every event of `watch --json` is one of the replay's, member by member."""
    def bare(event):
        return {k: v for k, v in event.items() if k not in ENVELOPE}
    assert is_subsequence([bare(row) for row in watched], [bare(row) for row in events])


@pytest.fixture
def pair(lab):
    a, b = lab.build({"a": ["10.0.0.5/24"], "b": [f"{RIVAL}/24"]})
    a.sh("mkdir -p /var/lib; echo 0 > /run/verdict")
    return a, b


def test_a_day_in_the_life_of_a_daemon(pair):
    a, b = pair
    track = ["track_script {", "    chk weight -30", "}"]
    daemon = Kept(a, text_of(extra=track)).start().wait_state("MASTER")
    watch = a.popen(HOLDFASTCTL, "--control", daemon.socket, "watch", "--json", name="watch")
    watch.expect('"watching": *true')
    wire = Injector(b)

    def send(**changes):
        packet = ip_v2(**{"source": RIVAL, "addresses": [VIP], "password": PASSWORD, "vrid": 51,
                          "priority": 50, **changes})
        wire.send(wire.frame(packet))

    for changes in ({"password": STRANGER}, {"ttl": 64}, {"interval": 3}, {"chksum": 1}, {"vrid": 9},
                    {"password": ""}, {"ipcount": 7}, {"addresses": [VIP, "10.0.0.7"]}, {}):
        send(**changes)
    wait_for(lambda: sum(daemon.status().rejects().values()) >= 7, 5, "the packets to be judged")
    rival = Holdfast(b, config(instance(priority=200, password=PASSWORD))).start()
    daemon.wait_state("BACKUP")                          # somebody better
    rival.stop()
    daemon.wait_state("MASTER")                          # who leaves
    daemon.configure(text_of(priority=120, vips=(f"{VIP}/24", "10.0.0.101/24")))
    daemon.reload()
    daemon.expect("Reload complete")
    wait_for(lambda: a.has("10.0.0.101"), 5, "the second address")
    daemon.configure(text_of(extra=track, priority=120))
    mark = daemon.proc.mark()
    daemon.reload()
    daemon.expect("Reload complete", since=mark)
    a.write("/run/verdict", "3\n")
    daemon.expect(r"VRRP_Script\(chk\) failed \(exited with status 3\)")
    a.ip("addr", "del", f"{VIP}/24", "dev", "eth0")      # somebody takes it away
    daemon.expect("was removed by another program")
    wait_for(lambda: a.has(VIP), 5, "the address to be back")
    a.cut()
    daemon.wait_state("FAULT")
    a.mend()
    daemon.wait_state("MASTER")
    assert daemon.stop() == 0

    events, summary = daemon.events()
    watched = [json.loads(line) for line in watch.log().splitlines() if '"event"' in line]
    forget_no_lines(daemon, events)
    same_events(watched, events)
    kinds = {event["event"] for event in events}
    assert {"state", "reject", "check", "fault-on", "fault-off", "adopted", "priority",
            "address-lost"} <= kinds
    assert {event["reason"] for event in events if event["event"] == "reject"} >= {
        "auth-failed", "ttl", "interval", "checksum", "auth-type"}
    assert summary["differences"] == summary["gaps"] == summary["damaged"] == 0
    assert summary["proven"] > 20 and summary["lines"] == len(events)
    times = [event["time"] for event in events]
    assert times == sorted(times)

    assert a.run("stat", "-c", "%a %s", JOURNAL).stdout.strip() == f"600 {1 << 20}"
    for secret in (PASSWORD, STRANGER, PASSWORD[1:], STRANGER[:5]):
        assert a.run("grep", "-c", secret, JOURNAL, check=False).stdout.strip() == "0"


def test_instance_and_from_choose_lines(pair):
    a, _ = pair
    text = config(instance(), instance("VI_2", vrid=52, vips=["10.0.0.102/24"]))
    daemon = Kept(a, text).start().wait_state("MASTER").wait_state("MASTER", name="VI_2")
    daemon.stop()
    whole = [line for line in daemon.replay().splitlines() if " -- " not in line and line[0] != "-"]
    of_two = [line for line in daemon.replay("--instance", "VI_2").splitlines() if "(VI_" in line]
    assert of_two == [line for line in whole if "(VI_2)" in line] and of_two
    last = whole[-1][:23]
    late = [line for line in daemon.replay("--from", last).splitlines() if "(VI_" in line]
    assert late == [line for line in whole if line[:23] >= last]
    assert daemon.replay("--from", "2999-01-01").count("(VI_") == 0
    daemon.replay("--instance", "VI_3", status=4)
    daemon.replay("--from", "noon", status=64)


def test_the_ring_turns_under_a_flood(pair):
    """More than it holds, faster than a disk may be: what is left is proven, gaps are told."""
    a, b = pair
    text = config(instance(interval=1), version=3, extra=["journal_size 64"])
    daemon = Kept(a, text).start().wait_state("MASTER")
    wire = Injector(b)
    for number in range(4000):
        packet = ip_v3(source=RIVAL, addresses=[VIP], vrid=51, priority=200 + number // 500 % 2)
        wire.send(wire.frame(packet))
    wait_for(lambda: daemon.status().counter("adverts_received") >= 2000, 20, "the flood")
    daemon.wait_state("MASTER", 15)
    daemon.stop()
    events, summary = daemon.events()
    replayed = [event["text"] for event in events]
    assert summary["differences"] == summary["damaged"] == 0
    assert 100 < summary["events"] < 2500, "the ring holds a part of the flood"
    assert core_lines(daemon.log())[-1] == replayed[-1]
    assert a.run("stat", "-c", "%s", JOURNAL).stdout.strip() == "65536"


def test_a_daemon_that_was_killed_has_left_its_last_words(pair):
    a, _ = pair
    daemon = Kept(a, text_of()).start().wait_state("MASTER")
    a.cut()
    daemon.wait_state("FAULT")
    first = core_lines(daemon.log())
    wait_for(lambda: "FAULT" in daemon.replay(), 5, "the journal to be written")
    daemon.kill()
    a.mend()
    daemon.start().wait_state("MASTER")
    daemon.stop()
    events, summary = daemon.events()
    assert [event["text"] for event in events] == first + core_lines(daemon.log())
    assert summary["differences"] == summary["damaged"] == 0
    assert daemon.replay().count("the journal begins here") == 2


@pytest.mark.parametrize("prepare,sentence", [
    (f"echo precious > /root/other; ln -s /root/other {JOURNAL}", "is a symbolic link"),
    (f"echo precious > {JOURNAL}", "holds something else already"),
    (f"mkfifo {JOURNAL}", "is not a regular file"),
    (f"touch {JOURNAL}; chown nobody {JOURNAL}", "belongs to somebody else"),
    ("rm -rf /var/lib; mkdir /var/lib; mount -t tmpfs -o size=64k none /var/lib",
     "cannot have its 1024 KiB: No space left on device"),
    ("rm -rf /var/lib", "No such file or directory"),
])
def test_without_a_file_the_daemon_runs(pair, prepare, sentence):
    a, _ = pair
    a.sh(prepare)
    daemon = Kept(a, text_of()).start().wait_state("MASTER")
    daemon.expect("no journal is kept: the journal /var/lib/journal .*" + re.escape(sentence))
    daemon.stop()
    for place in ("/root/other", JOURNAL):
        if "precious" in prepare and a.run("test", "-f", place, check=False).returncode == 0:
            assert a.read(place) == "precious\n"


def test_a_disk_that_is_cut_short_kills_nobody(pair):
    """`: > JOURNAL`: a mapped file would be a SIGBUS."""
    a, _ = pair
    daemon = Kept(a, config(instance(interval=0.1), version=3)).start().wait_state("MASTER")
    pids = daemon.all_pids()
    a.sh(f": > {JOURNAL}")
    sent = daemon.status().counter("adverts_sent")
    wait_for(lambda: daemon.status().counter("adverts_sent") > sent + 10, 10, "adverts to go on")
    assert daemon.all_pids() == pids
    assert daemon.stop() == 0
    daemon.replay(status=2)


def test_the_word_in_the_file(pair):
    """`journal` in global_defs; a reload cannot change it, and says so."""
    a, _ = pair
    extra = [f"journal {JOURNAL}", "journal_size 128"]
    daemon = Holdfast(a, config(instance(), extra=extra)).start().wait_state("MASTER")
    daemon.expect(f"Keeping a journal in {JOURNAL}")
    assert a.run("stat", "-c", "%a %s", JOURNAL).stdout.strip() == f"600 {128 << 10}"
    daemon.configure(config(instance(), extra=["journal /var/lib/another"]))
    daemon.reload()
    daemon.expect(f"the journal stays in {JOURNAL}, 128 KiB: a change of it needs a restart")
    assert not a.exists("/var/lib/another")
    daemon.stop()
