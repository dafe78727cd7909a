/*
 * The PID file: information for others.
 *
 * Anybody can read it, so anybody can lock it for reading: such a lock counts for nothing, and that
 * there is one daemon is the promise of sys/lockfile.h. A write lock can only come from who may
 * write the file: another daemon, ours or keepalived, that was given the same file. It is refused.
 */
#ifndef SYS_PIDFILE_H
#define SYS_PIDFILE_H

#include <stddef.h>
#include <sys/types.h>

struct pidf;

/*
 * Creates and writes PATH (0644). On failure returns NULL with errno set; EAGAIN: another daemon
 * has it, its PID is in *HOLDER (0: unknown). WHY is one sentence. After daemonizing.
 */
struct pidf *pidf_new(const char *path, pid_t *holder, char *why, size_t why_size);

/* Before an exec in place, which keeps the lock: its descriptor. It stays P's. */
int pidf_fd(const struct pidf *p);

/* After it: takes FD over. NULL: no memory. */
struct pidf *pidf_over(const char *path, int fd);

/* Removes the file if it is still ours. NULL is allowed. */
void pidf_free(struct pidf *p);

#endif
