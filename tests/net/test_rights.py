"""Who may do what: the processes' rights, and who may steer the daemon."""
import pytest

from lab import wait_for
from pairlab import add_system_user
from peers import HOLDFASTCTL, config, instance

TEXT = config(instance(interval=0.1), version=3)

pytestmark = pytest.mark.ours


@pytest.fixture
def host(lab):
    host = lab.host("a", "10.0.0.5/24")
    add_system_user(host)
    return host


@pytest.fixture
def daemon(host, ours):
    return ours(host, TEXT).start().wait_state("MASTER")


def as_member(host, *words):
    """A user who may connect, but is not root."""
    return host.run("setpriv", "--reuid", "nobody", "--regid", "holdfast", "--clear-groups",
                    *words, check=False)


class TestSteering:
    def test_a_reader_is_told_why_not_and_nothing_changes(self, daemon, host):
        done = as_member(host, HOLDFASTCTL, "--control", daemon.socket, "reload")
        assert done.returncode == 1
        assert "'reload' is for root and for the user who started the daemon only" in done.stderr
        daemon.expect(r"'reload' was refused to user \d+, process \d+")
        assert daemon.status().document["daemon"]["reloads"] == 0

    def test_every_steering_hand_is_in_the_log(self, daemon):
        assert daemon.ctl("reload").returncode == 0
        daemon.expect(r"'reload' was asked for by user 0, process \d+")
        wait_for(lambda: daemon.status().document["daemon"]["reloads"] == 1, what="the reload")
