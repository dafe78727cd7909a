/*
 * Forking with a clean table of descriptors.
 *
 * The descriptors are first moved out of the way of their new numbers, then into place: whatever
 * order they had, none overwrites another.
 */
#include "sys/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FIRST SPW_FIRST_FD
#define FDS_MAX 16

/* FD at a number of END or more, in the child. */
static int lift(int fd, int end)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, end);

	if (high < 0)
		_exit(EXIT_FAILURE);
	return high;
}

/* In the child: into place with FLAGS of dup3(); what is not in FDS stays until the caller closes
 * it. */
static void move_fds(int *fds, size_t n, int flags)
{
	int end = FIRST + (int)n;

	for (size_t i = 0; i < n; i++)
		if (fds[i] >= 0)
			fds[i] = lift(fds[i], end);
	for (size_t i = 0; i < n; i++) {
		int to = FIRST + (int)i;

		if (fds[i] < 0) {
			close(to);
			continue;
		}
		if (dup3(fds[i], to, flags) < 0)
			_exit(EXIT_FAILURE);
		fds[i] = to;
	}
}

/* ---- another program ---- */

/* Without /proc: by the name that it was started with, as long as that leads to it. */
int spw_self(void)
{
	const char *name = (const char *)getauxval(AT_EXECFN);
	int fd = open("/proc/self/exe", O_PATH | O_CLOEXEC);

	return fd < 0 && name ? open(name, O_PATH | O_CLOEXEC) : fd;
}

/* In the child. */
static _Noreturn void execute(int exe, char *const *argv, int *fds, size_t n)
{
	int end = FIRST + (int)n;
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	exe = lift(exe, end);
	move_fds(fds, n, 0);
	if (dup3(exe, end, O_CLOEXEC) < 0 && errno != EINVAL)	/* EINVAL: it is there */
		_exit(EXIT_FAILURE);
	close_range((unsigned int)end + 1, ~0u, 0);
	syscall(SYS_execveat, end, "", argv, environ, AT_EMPTY_PATH);
	_exit(SPW_NO_EXEC);
}

pid_t spw_exec(int exe, char *const *argv, const int *fds, size_t n)
{
	int copy[FDS_MAX];
	pid_t pid;

	if (n > FDS_MAX) {
		errno = E2BIG;
		return -1;
	}
	for (size_t i = 0; i < n; i++)
		copy[i] = fds[i];
	pid = fork();
	if (pid == 0)
		execute(exe, argv, copy, n);
	return pid;
}

void spw_settle(const char *name)
{
	sigset_t none;

	prctl(PR_SET_NAME, name, 0, 0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* ---- the caller's own way ---- */

pid_t spw_fork(int *fds, size_t n, const char *name)
{
	sigset_t none;
	pid_t pid = fork();

	if (pid)
		return pid;
	move_fds(fds, n, O_CLOEXEC);
	close_range((unsigned int)FIRST + (unsigned int)n, ~0u, 0);
	prctl(PR_SET_NAME, name, 0, 0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	return 0;
}
