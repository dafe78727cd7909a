/*
 * A child process that has only what it was given.
 *
 * A descriptor that a child keeps by accident holds a socket open after its owner's death, and then
 * nobody notices the death. So a child names what it wants, and everything else is closed.
 */
#ifndef SYS_SPAWN_H
#define SYS_SPAWN_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Forks. In the child (which gets 0) the N descriptors of FDS are renumbered from 3 on, in place
 * (those that are -1 stay so), and all others above 2 are closed; no signal is blocked; NAME, of at
 * most 15 octets, is what ps shows. Threads and the caller's loop do not exist there: it must not
 * touch them. The parent gets the child's pid, or -1 with errno.
 */
pid_t spw_fork(int *fds, size_t n, const char *name);

#endif
