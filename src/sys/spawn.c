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
#include <sys/prctl.h>
#include <unistd.h>

#define FIRST 3

static void move_fds(int *fds, size_t n)
{
	int end = FIRST + (int)n;

	for (size_t i = 0; i < n; i++) {
		if (fds[i] < 0)
			continue;
		fds[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, end);
		if (fds[i] < 0)
			_exit(EXIT_FAILURE);
	}
	for (size_t i = 0; i < n; i++) {
		int to = FIRST + (int)i;

		if (fds[i] < 0) {
			close(to);
			continue;
		}
		if (dup3(fds[i], to, O_CLOEXEC) < 0)
			_exit(EXIT_FAILURE);
		fds[i] = to;
	}
	close_range((unsigned int)end, ~0u, 0);
}

pid_t spw_fork(int *fds, size_t n, const char *name)
{
	sigset_t none;
	pid_t pid = fork();

	if (pid)
		return pid;
	move_fds(fds, n);
	prctl(PR_SET_NAME, name, 0, 0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	return 0;
}
