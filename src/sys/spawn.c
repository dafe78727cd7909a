/*
 * Starting a program with a clean table of descriptors.
 *
 * The descriptors are first moved out of the way of their new numbers, then into place: whatever
 * order they had, none overwrites another.
 */
#include "sys/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FIRST SPW_FIRST_FD
#define FDS_MAX 16
#define LISTING 2048			/* octets of a directory's list, read at once */
#define NUMBERS_MOST (1 << 20)		/* tried one by one: a limit may be a thousand million */

/* One entry of getdents64(), whose name is a number. */
struct entry {
	uint64_t ino;
	int64_t next;
	uint16_t len;
	uint8_t type;
	char name[];
};

/* ---- closing what was not given ---- */

/* -1: it is no number. */
static int number_of(const char *name)
{
	int fd = 0;

	if (!*name)
		return -1;
	for (; *name; name++) {
		if (*name < '0' || *name > '9')
			return -1;
		fd = fd * 10 + (*name - '0');
	}
	return fd;
}

/* False: the list cannot be read. */
static bool close_listed(int first)
{
	alignas(struct entry) char list[LISTING];
	int dir = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long n;

	if (dir < 0)
		return false;
	while ((n = syscall(SYS_getdents64, dir, list, sizeof(list))) > 0) {
		const struct entry *e;

		for (long at = 0; at < n; at += e->len) {
			e = (const struct entry *)(list + at);
			int fd = number_of(e->name);
			if (fd >= first && fd != dir)
				close(fd);
		}
	}
	close(dir);
	return n == 0;
}

static void close_each(int first)
{
	struct rlimit limit = { .rlim_cur = NUMBERS_MOST };

	getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur > NUMBERS_MOST)
		limit.rlim_cur = NUMBERS_MOST;
	for (int fd = first; fd < (int)limit.rlim_cur; fd++)
		close(fd);
}

/* Linux before 5.9 has no close_range(), and some containers refuse what they do not know. */
void spw_close_from(int first)
{
	if (syscall(SYS_close_range, (unsigned int)first, ~0u, 0) && !close_listed(first))
		close_each(first);
}

/* ---- moving what was given ---- */

/* FD at a number of END or more, in the child. */
static int lift(int fd, int end)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, end);

	if (high < 0)
		_exit(EXIT_FAILURE);
	return high;
}

/* In the child: into place; what is not in FDS stays until it is closed. */
static void move_fds(int *fds, size_t n)
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
		if (dup2(fds[i], to) < 0)
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
	move_fds(fds, n);
	if (dup3(exe, end, O_CLOEXEC) < 0 && errno != EINVAL)	/* EINVAL: it is there */
		_exit(EXIT_FAILURE);
	spw_close_from(end + 1);
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
