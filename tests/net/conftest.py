"""Fixtures of the network tests.

HF_PROVE=keepalived puts Debian's keepalived in the place of the daemon under test: it shows that a
test's expectation is what the world does, and not only what we do.  Tests that ask our own control
socket are left out then.
"""
import atexit
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))


def for_everybody(name, program):
    """Other users run the programs, too. Where they must not even look at the tree, or at what was built under a
    strict umask, there are copies for the session."""
    path = Path(os.environ.get(name, ROOT / "build" / program)).absolute()
    if name in os.environ or not path.exists() or all(p.stat().st_mode & 1 for p in (path, *path.parents)):
        return
    copies = tempfile.TemporaryDirectory(prefix="hf-programs-")
    atexit.register(copies.cleanup)
    os.chmod(copies.name, 0o755)
    os.environ[name] = shutil.copy(path, copies.name)
    os.chmod(os.environ[name], 0o755)


ROOT = Path(__file__).resolve().parent.parent.parent
for_everybody("HF_DAEMON", "holdfastd")
for_everybody("HF_CTL", "holdfastctl")

from lab import Lab  # noqa: E402
from peers import HOLDFASTCTL, HOLDFASTD, Holdfast, Keepalived  # noqa: E402

PROVE = os.environ.get("HF_PROVE") == "keepalived"


def pytest_configure(config):
    config.addinivalue_line("markers", "ours: asks what only the daemon under test can answer")
    config.addinivalue_line("markers", "story: the module's tests are chapters, in order")
    signal.signal(signal.SIGTERM, signal.default_int_handler)   # end as by ^C: labs are taken down


def shares(item):
    """Whether the item shares something with others of its module, so that one worker must run them in order."""
    definitions = item._fixtureinfo.name2fixturedefs.values()
    return item.get_closest_marker("story") or any(
        made[-1].scope == "module" for made in definitions)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """With --dist loadgroup: modules that share a lab stay together and come first, for they take longest; each other
    test goes to whichever worker is free."""
    for item in items:
        if shares(item):
            item.add_marker(pytest.mark.xdist_group(Path(item.fspath).stem))
    items.sort(key=lambda item: not item.get_closest_marker("xdist_group"))
    if PROVE:
        kept = [item for item in items if not item.get_closest_marker("ours")]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


def pytest_sessionstart(session):
    if os.geteuid() != 0:
        pytest.exit("the network tests make namespaces and must run as root", 3)
    missing = [path for path in (HOLDFASTD, HOLDFASTCTL) if not os.access(path, os.X_OK)]
    if missing and not PROVE:
        pytest.exit(f"not built: {', '.join(missing)}", 3)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.failed:
        item.module.broken_chapter = item.name
        for fixture in ("lab", "shared_lab"):
            lab = item.funcargs.get(fixture)
            if lab is not None:
                report.sections += [(title, text[-6000:]) for title, text in lab.logs()]


def pytest_runtest_setup(item):
    """A chapter makes no sense when one before it failed."""
    broken = getattr(item.module, "broken_chapter", None)
    if broken and item.get_closest_marker("story"):
        pytest.fail(f"the story ended in {broken}", pytrace=False)


@pytest.fixture
def lab():
    with Lab() as made:
        yield made


@pytest.fixture(scope="module")
def shared_lab():
    with Lab() as made:
        yield made


@pytest.fixture(scope="session")
def ours():
    """The class of the daemon under test."""
    return Keepalived if PROVE else Holdfast
