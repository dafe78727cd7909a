/*
 * The PID file, and the promise that there is one daemon to it.
 *
 * The lock on the file counts, not its content: a file that a dead daemon left does not block. The
 * lock belongs to the process (fcntl), so no child holds it by accident: take it after daemonizing.
 */
#ifndef SYS_PIDFILE_H
#define SYS_PIDFILE_H

#include <stddef.h>
#include <sys/types.h>

struct pidf;

/*
 * Creates, locks and writes PATH. On failure returns NULL with errno set; EAGAIN: another process
 * holds it, its PID is in *HOLDER (0: unknown). WHY is one sentence.
 */
struct pidf *pidf_new(const char *path, pid_t *holder, char *why, size_t why_size);

/* Before an exec in place, which keeps the lock: its descriptor. It stays P's. */
int pidf_fd(const struct pidf *p);

/* After it: takes FD over. NULL: no memory. */
struct pidf *pidf_over(const char *path, int fd);

/* Removes the file and the lock. NULL is allowed. */
void pidf_free(struct pidf *p);

#endif
