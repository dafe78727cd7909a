/*
 * A program that is known by a descriptor, not by a path.
 *
 * Whatever stands at a path may change between a look and the execution. A descriptor stays the
 * same file, so what was judged is what is executed. Only what nobody but root can have written is
 * trusted: trust needs every question answered, and a question that the kernel does not answer is
 * a no.
 */
#ifndef SYS_PROGRAM_H
#define SYS_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

#define PRG_WHY_MAX 160

/*
 * True: FD is open for reading a regular file that has a name, that belongs to root (or to this
 * process's effective user), that its owner alone can write by mode and by access control list,
 * that lends nobody's rights (setuid, setgid), and that is an ELF program. No file of procfs or
 * sysfs, and none of a file system that a user may have mounted or serve (nosuid, FUSE), unless our
 * own program is on it. False: WHY is a sentence without its subject. Asks the file system, so it
 * may block: for a process that may be ended.
 */
bool prg_trusted(int fd, char why[static PRG_WHY_MAX]);

/* Whether A and B, open for reading, are the same file or have the same content. It may block. */
bool prg_same(int a, int b);

/* Executes it; returns only on failure, a positive errno. */
int prg_execute(int fd, char *const *argv, char *const *env);

#endif
