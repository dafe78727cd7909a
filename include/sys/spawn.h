/*
 * A child process that has only what it was given.
 *
 * A descriptor that a child keeps by accident holds a socket open after its owner's death, and then
 * nobody notices the death. So a child names what it wants, and everything else is closed.
 *
 * Another thread may hold any lock of the C library at the moment of a fork, and the child would
 * wait for it for ever. So between fork and exec only system calls are made.
 */
#ifndef SYS_SPAWN_H
#define SYS_SPAWN_H

#include <stddef.h>
#include <sys/types.h>

#define SPW_FIRST_FD 3			/* the number of the first descriptor that crosses */
#define SPW_NO_EXEC 127			/* the exit status when the program could not be executed */

/*
 * The file that this process runs, for spw_exec(): close-on-exec, the caller's. Opened early, it
 * stays the same program when another one takes its place on the disk. -1: errno is set.
 */
int spw_self(void);

/*
 * Closes all descriptors from FIRST on, whatever the kernel knows, by system calls alone.
 */
void spw_close_from(int first);

/*
 * Starts the program in the file behind EXE with ARGV and this process's environment. It finds the
 * N descriptors of FDS renumbered from SPW_FIRST_FD on (no descriptor where FDS has -1), beside 0
 * to 2, and no others. Every signal is blocked until it calls spw_settle(). Returns the pid, or -1
 * with errno.
 */
pid_t spw_exec(int exe, char *const *argv, const int *fds, size_t n);

/*
 * In a program that spw_exec() has started, when it has chosen what signals do: none is blocked any
 * more, and NAME, of at most 15 octets, is what ps shows.
 */
void spw_settle(const char *name);

#endif
