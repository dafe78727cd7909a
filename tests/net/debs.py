"""Debian packages made again from what this machine has installed, and a repository of them.

A host of the lab has no way to Debian's mirrors; but dpkg has kept everything of a package except
its wrapping: its files, its maintainer scripts, its list of configuration files.  So a real package
is installed, upgraded and purged by the real dpkg and apt, with nothing played.
"""
import hashlib
import shutil
import subprocess
from pathlib import Path

SLOW = 300          # seconds: dpkg reads all that it knows, and its scripts are many
INFO = Path("/var/lib/dpkg/info")
SCRIPTS = ("preinst", "postinst", "prerm", "postrm", "conffiles", "triggers")
FIELDS = "Package Version Architecture Maintainer Depends Pre-Depends Description"


def control(package, version=None):
    """The package's fields, of which dpkg-query is asked at once."""
    form = "".join(f"{field}: ${{{field}}}\n" for field in FIELDS.split())
    text = subprocess.run(["dpkg-query", "-W", "-f", form, package], check=True, text=True,
                          capture_output=True).stdout
    lines = [line for line in text.splitlines() if not line.endswith(": ")]
    if version:
        lines = [f"Version: {version}" if line.startswith("Version:") else line for line in lines]
    return "\n".join(lines) + "\n"


def make(directory, package, version=None):
    """A .deb of the installed package in the directory, perhaps under another version."""
    root = Path(directory) / f"{package}.root"
    (root / "DEBIAN").mkdir(parents=True)
    for row in (INFO / f"{package}.list").read_text().splitlines():
        path = Path(row)
        if path.is_dir() or not (path.is_symlink() or path.exists()):   # not all installs have all
            continue
        target = root / row[1:]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target, follow_symlinks=False)
    for name in SCRIPTS:
        if (INFO / f"{package}.{name}").exists():
            shutil.copy2(INFO / f"{package}.{name}", root / "DEBIAN" / name)
    (root / "DEBIAN" / "control").write_text(control(package, version))
    subprocess.run(["chmod", "-R", "go=rX", root], check=True)
    deb = Path(directory) / f"{package}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "--build", root, deb],
                   check=True, capture_output=True)
    shutil.rmtree(root)
    return deb


def repository(host, directory, *packages):
    """Give the host a repository of these packages and no other."""
    rows = []
    for package in packages:
        data = make(directory, package).read_bytes()
        rows.append(f"{control(package)}Filename: ./{package}.deb\nSize: {len(data)}\n"
                    f"SHA256: {hashlib.sha256(data).hexdigest()}\n")
    (Path(directory) / "Packages").write_text("\n".join(rows))
    # A user of apt's own reads it.
    host.sh(f"mkdir -m 755 /opt/repo && cd {directory} && install -m 644 Packages *.deb /opt/repo && "
            "rm -rf /etc/apt/sources.list.d /var/lib/apt/lists")
    host.write("/etc/apt/sources.list", "deb [trusted=yes] file:/opt/repo ./\n")


def dpkg(host, *words):
    """dpkg in a host, which writes no index of the manual pages each time."""
    host.run("rm", "-f", "/var/lib/man-db/auto-update")
    return host.run("dpkg", *words, timeout=SLOW)
