"""A file system that never answers: what touches it waits in the kernel and cannot be killed.

usage: deadfs.py DIRECTORY <>/dev/fuse

Speaks just enough FUSE by hand to be mounted; prints "ready" then. When it ends, whoever waits is
let go with an error.
"""
import ctypes
import os
import struct
import sys

INIT = 26
MAJOR, MINOR = 7, 31


def mount(fd, directory):
    libc = ctypes.CDLL(None, use_errno=True)
    options = f"fd={fd},rootmode=40000,user_id=0,group_id=0,allow_other"
    if libc.mount(b"deadfs", directory.encode(), b"fuse", 0, options.encode()) != 0:
        raise OSError(ctypes.get_errno(), "mount")


def main():
    fd = 0
    mount(fd, sys.argv[1])
    request = os.read(fd, 1 << 17)
    _, opcode, unique = struct.unpack_from("IIQ", request)
    assert opcode == INIT
    body = struct.pack("IIIIHHIIHHI", MAJOR, MINOR, 0, 0, 16, 12, 4096, 1, 32, 0, 0).ljust(64, b"\0")
    os.write(fd, struct.pack("IiQ", 16 + len(body), 0, unique) + body)
    print("ready", flush=True)
    while True:                      # taken, so that no signal ends the wait, and never answered
        os.read(fd, 1 << 17)


if __name__ == "__main__":
    main()
