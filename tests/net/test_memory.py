"""A process that may have only so much memory does its work, or says that it cannot."""
import subprocess

import pytest

from peers import HOLDFASTCTL, config, instance

pytestmark = pytest.mark.ours

STEP = 24 << 10
NO_LINKER = 127         # ld.so could not map the libraries


def limited(limit, *argv):
    return subprocess.run(["prlimit", f"--as={limit}", "--", *argv], capture_output=True, text=True, timeout=60)


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pair")
    paths = [folder / "a.conf", folder / "b.conf"]
    for path, priority in zip(paths, (100, 90)):
        path.write_text(config(instance(priority=priority, vips=("192.0.2.100/24",))))
    return [str(path) for path in paths]


def test_simulate_ends_with_a_sentence(pair):
    """From too little for the libraries to enough: never by a signal, never half a table."""
    whole = subprocess.run([HOLDFASTCTL, "simulate", *pair], capture_output=True, text=True, timeout=60)
    limit = 2 << 20
    while limited(limit, HOLDFASTCTL, "--help").returncode:
        limit += STEP
    tried = 0
    while True:
        had = limited(limit, HOLDFASTCTL, "simulate", *pair)
        if had.returncode == whole.returncode:
            break
        if had.returncode != NO_LINKER:
            assert had.returncode == 2, f"{limit}: status {had.returncode}\n{had.stderr}"
            assert "memory" in had.stderr, f"{limit}: {had.stderr}"
            assert not had.stdout, f"{limit}: {had.stdout}"
            tried += 1
        limit += STEP
        assert limit < 1 << 30, "it never has enough"
    assert had.stdout == whole.stdout
    assert tried, "nothing was refused"
