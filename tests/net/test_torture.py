"""The short form of `make torture`: the rows that matter, with bounds for a noisy machine.

The whole table, and keepalived beside it, is tests/torture; docs/promises.md says what each row
promises.  VRRPv3 at 0.1 s, so that a takeover takes 0.37 s.
"""
import re
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "torture"))

import faults  # noqa: E402
from stage import ROOT, Stage  # noqa: E402

pytestmark = pytest.mark.ours
NOISY = 0.3


def make_stage(lab):
    return Stage(lab, "holdfast", interval=0.1, version=3)


@pytest.fixture
def stage(lab):
    return make_stage(lab).ready()


@pytest.fixture(scope="module")
def lasting(shared_lab):
    """A pair that several faults share, for none of them may change anything.  One death of the
    engine only: the third within 10 s is another promise."""
    return make_stage(shared_lab)


@pytest.mark.parametrize("fault", [
    faults.delete_address, faults.kill_worker, faults.kill_helpers, faults.upgrade,
    faults.reload_more, faults.reload_refused])
def test_nobody_notices(lasting, fault):
    figures, _ = lasting.ready().strike(fault, 1)
    assert figures["changes"] == 0
    assert figures["silence"] < NOISY and figures["nobody"] < NOISY
    assert figures["two"] < NOISY and figures["gap"] < NOISY
    assert figures["settled"] is not None


def test_an_orderly_stop_hands_over(stage):
    figures, _ = stage.strike(faults.stop, 1.5)
    assert figures["changes"] == 1
    assert figures["silence"] < 0.07 + NOISY and figures["two"] < NOISY
    assert figures["settled"] < 0.07 + NOISY


def test_who_was_paused_listens_first(stage):
    def short_pause(stage):
        stage.pause()
        time.sleep(1.5)
        stage.resume()
    figures, _ = stage.strike(short_pause, 3)
    assert figures["settled"] is not None and figures["settled"] < 0.1 + NOISY


def test_the_promises_name_what_exists():
    """A row or a file that docs/promises.md names and nobody runs would be a promise on paper."""
    text = (ROOT / "docs" / "promises.md").read_text()
    shown = re.findall(r"^\|.*\|$", text, re.M)
    rows = {fault.key for fault in faults.FAULTS}
    named = {word for line in shown for word in re.findall(r"`([a-z-]+)`", line)}
    files = set(re.findall(r"test_\w+\.py", text))
    assert rows - named - {"nothing", "worker-many"} == set(), "rows that promise nothing"
    assert [f for f in files if not (ROOT / "tests" / "net" / f).exists()] == []
    assert named - rows - {"make", "status"} == set(), "rows that nobody runs"
