/*
 * The lock of a daemon, apart from its PID file.
 *
 * One file of mode 0600: who may not write it cannot open it, so nobody else can lock it. The
 * keeper has a write lock on it (F_OFD_SETLK: it belongs to the open file and survives an exec in
 * place; children close the descriptor). Each engine has a read lock behind it (F_SETLK: it belongs
 * to the process and ends with it), so that the next daemon finds the engines that a dead keeper
 * has left behind, by the kernel's word and not by a number in a file.
 */
#ifndef SYS_LOCKFILE_H
#define SYS_LOCKFILE_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Creates and locks PATH and writes our PID into it. Returns a close-on-exec descriptor that holds
 * the lock, or -1 with errno and one sentence in WHY. EAGAIN: another process has it, and still has
 * it after a second of waiting; its PID is in *HOLDER (0: unknown).
 */
int lck_take(const char *path, pid_t *holder, char *why, size_t why_size);

/* In an engine, with the rights of the keeper. Returns 0 or a positive errno. */
int lck_mark(const char *path);

/*
 * With the lock FD: ends what a dead keeper has left. An engine leaves by itself when its keeper
 * ends, and has a second for it; one that does not is killed. Blocks for two seconds at most.
 * Returns how many were killed; -1 when one is left that cannot be (of another PID namespace).
 */
int lck_end_orphans(int fd);

/* Removes the file if it is still the one that FD holds, and the lock. FD -1 is allowed. */
void lck_release(int fd, const char *path);

#endif
