"""Runs a program whose processes cannot confine themselves: usage: unconfined.py PROGRAM [ARGUMENT]...

The leak sanitizer looks at a process from a thread that traces it, which our engines forbid.  So the calls by which
they do so fail (the seccomp list), or do nothing and say that they did (the rest).
"""
import ctypes
import errno
import os
import sys

ALLOW, ERRNO, EQUAL, NO_NEW_PRIVILEGES = 0x7FFF0000, 0x00050000, 4, 3
PR_SET_DUMPABLE, PR_SET_SECCOMP = 4, 22


class Compare(ctypes.Structure):
    _fields_ = [("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]


def main():
    lib = ctypes.CDLL("libseccomp.so.2")
    lib.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(lib.seccomp_init(ctypes.c_uint32(ALLOW)))

    def answer(call, error, *first):
        compare = (Compare * 1)(*[Compare(0, EQUAL, value, 0) for value in first])
        number = lib.seccomp_syscall_resolve_name(call)
        assert lib.seccomp_rule_add_array(context, ctypes.c_uint32(ERRNO | error), number, len(first), compare) == 0

    lib.seccomp_attr_set(context, NO_NEW_PRIVILEGES, ctypes.c_uint32(0))
    answer(b"seccomp", errno.EPERM)
    answer(b"prctl", errno.EPERM, PR_SET_SECCOMP)
    answer(b"prctl", 0, PR_SET_DUMPABLE)
    answer(b"capset", 0)
    assert lib.seccomp_load(context) == 0
    os.execv(sys.argv[1], sys.argv[1:])


main()
