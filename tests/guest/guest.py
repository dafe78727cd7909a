#!/usr/bin/python3
"""Runs a test script on Debian's own kernel, in QEMU: for what the kernel of the machine that tests may lack.

usage: guest.py SCRIPT

The guest has no disk and no network card. Its file system is a cpio archive that is made here: busybox, ip, our programs
with the libraries that they need, the kernel modules of MODULES, and SCRIPT. What the script prints comes back over a
serial line, and its exit status. Kernel and archive are kept in build/guest.
"""
import os
import pathlib
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
KEPT = ROOT / "build/guest"
KERNEL = "linux-image-cloud-amd64"
MODULES = ["veth", "dummy", "bonding", "8021q", "macvlan", "vrf", "bridge"]
PROGRAMS = {"/usr/sbin/holdfastd": ROOT / "build/holdfastd", "/usr/bin/holdfastctl": ROOT / "build/holdfastctl",
            "/usr/sbin/ip": pathlib.Path(shutil.which("ip") or "/bin/ip"), "/bin/busybox": pathlib.Path("/bin/busybox")}
LIMIT = 600         # seconds
INIT = """#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /run /tmp /etc /var /usr/bin
/bin/busybox --install -s /bin
export PATH=/usr/sbin:/usr/bin:/bin HOME=/ LC_ALL=C
mount -t proc p /proc; mount -t sysfs s /sys; mount -t devtmpfs d /dev; mount -t tmpfs r /run; mount -t tmpfs t /tmp
ln -s /run /var/run
stty -F /dev/ttyS1 raw -echo
exec >/dev/ttyS1 2>&1 </dev/null
for module in /modules/*; do insmod "$module" || echo "cannot load $module"; done
/usr/sbin/ip link set lo up
sh /script
echo "guest: status $?"
sync
reboot -f
"""


def run(*argv, **how):
    return subprocess.run([str(a) for a in argv], check=True, text=True, stdout=subprocess.PIPE, **how).stdout


def kernel():
    """The folder of an unpacked kernel package: Debian's newest, fetched once."""
    made = sorted(KEPT.glob("linux-image-*/boot/vmlinuz-*"))
    if made:
        return made[-1].parent.parent
    name = re.search(r"Depends: (linux-image-\S+)", run("apt-cache", "depends", KERNEL)).group(1)
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=KEPT) as folder:
        subprocess.run(["apt-get", "-qq", "download", name], cwd=folder, check=True, stderr=subprocess.DEVNULL)
        package, = pathlib.Path(folder).glob("*.deb")
        unpacked = pathlib.Path(folder) / name
        run("dpkg-deb", "-x", package, unpacked)
        unpacked.rename(KEPT / name)
    return KEPT / name


def modules(folder):
    """The files of MODULES, each behind those that it needs."""
    files = {p.stem.replace("-", "_"): p for p in folder.glob("lib/modules/**/*.ko")}
    ordered = []

    def add(name):
        if name not in files:
            sys.exit(f"guest: {folder.name} has no module {name}")
        needs = re.search(rb"\0depends=([^\0]*)\0", files[name].read_bytes()).group(1).decode()
        for need in filter(None, needs.split(",")):
            add(need.replace("-", "_"))
        if files[name] not in ordered:
            ordered.append(files[name])
    for name in MODULES:
        add(name)
    return ordered


def libraries(program):
    """{path in the guest: file} of a program's libraries and its loader."""
    said = subprocess.run(["ldd", str(program)], text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return {path: pathlib.Path(path) for path in re.findall(r"(/\S+) \(0x", said)}


class Archive:
    """A cpio archive as the kernel unpacks it ("newc")."""

    def __init__(self):
        self.parts, self.made, self.number = [], set(), 0

    def entry(self, name, mode, data=b""):
        self.number += 1
        fields = [self.number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0]
        head = b"070701" + b"".join(b"%08x" % f for f in fields) + name.encode() + b"\0"
        self.parts += [head, b"\0" * (-len(head) % 4), data, b"\0" * (-len(data) % 4)]

    def add(self, path, data, mode=0o755):
        parts = path.strip("/").split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            if folder not in self.made:
                self.made.add(folder)
                self.entry(folder, stat.S_IFDIR | 0o755)
        self.entry("/".join(parts), stat.S_IFREG | mode, data)

    def bytes(self):
        self.entry("TRAILER!!!", 0)
        return b"".join(self.parts)


def archive(folder, script):
    files = dict(PROGRAMS)
    for program in PROGRAMS.values():
        files.update(libraries(program))
    made = Archive()
    for path, source in files.items():
        made.add(path, source.read_bytes())
    for number, module in enumerate(modules(folder)):
        made.add(f"/modules/{number:03}-{module.name}", module.read_bytes())
    made.add("/script", pathlib.Path(script).read_bytes())
    made.add("/init", INIT.encode())
    return made.bytes()


def boot(folder, initramfs):
    """What the guest wrote to its second serial line; the first is the kernel's console."""
    image, = folder.glob("boot/vmlinuz-*")
    with tempfile.TemporaryDirectory(prefix="hf-guest-") as work:
        console, out = f"{work}/console", f"{work}/out"
        pathlib.Path(work, "initramfs").write_bytes(initramfs)
        argv = ["qemu-system-x86_64", "-accel", "kvm", "-accel", "tcg", "-cpu", "max", "-m", "768", "-nodefaults",
                "-no-user-config", "-display", "none", "-no-reboot", "-kernel", str(image), "-initrd", f"{work}/initramfs",
                "-append", "console=ttyS0 quiet panic=-1 mitigations=off tsc=reliable no_timer_check",
                "-serial", f"file:{console}", "-serial", f"file:{out}"]
        try:
            subprocess.run(argv, stdin=subprocess.DEVNULL, timeout=LIMIT, check=True)
        except (OSError, subprocess.SubprocessError) as error:
            print(f"guest: {error}")
        said = pathlib.Path(out).read_text(errors="replace") if os.path.exists(out) else ""
        if "guest: status" not in said and os.path.exists(console):
            print(pathlib.Path(console).read_text(errors="replace")[-4000:])
        return said


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = kernel()
    said = boot(folder, archive(folder, sys.argv[1]))
    body, _, status = said.rpartition("guest: status ")
    print(body.strip())
    return int(status.strip() or 125) if body or status else 125


if __name__ == "__main__":
    sys.exit(main())
