/*
 * Limits, saved once and put back where something is executed.
 *
 * Of all that the daemon changes in itself only these would reach a script: the soft limit of
 * descriptors, ignored signals, the signal mask, real-time scheduling (which a fork resets) and the
 * mask of -u. Core size, memory locks, oom_score_adj and timer slack are left as they were found.
 */
#include "sys/limits.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define USUAL_MASK 022
#define STARVED_FILES 32		/* a dynamic linker opens a few */
#define STARVED_SECONDS 10
#define LAST_WORDS (1024 * 1024)	/* octets of what a C library says of a process that dies */

static bool known;			/* what was found */
static rlim_t found;

void lim_fill_standard(void)
{
	/* in the order of the numbers: open() gives the lowest that is free */
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			return;		/* no /dev: nothing that could be done */
}

void lim_raise(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	if (!known)
		found = limit.rlim_cur;
	known = true;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

uint64_t lim_found(void)
{
	struct rlimit limit;

	if (known)
		return found;
	return getrlimit(RLIMIT_NOFILE, &limit) ? 0 : limit.rlim_cur;
}

void lim_was(uint64_t open_files)
{
	found = (rlim_t)open_files;
	known = true;
}

static void restore_files(void)
{
	struct rlimit limit;

	if (!known || getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = found < limit.rlim_max ? found : limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

void lim_restore(void)
{
	struct sigaction usual = { .sa_handler = SIG_DFL };
	struct sched_param plain = { 0 };

	restore_files();
	for (int signo = 1; signo <= SIGRTMAX; signo++)
		sigaction(signo, &usual, NULL);	/* KILL, STOP and glibc's own refuse */
	sched_setscheduler(0, SCHED_OTHER, &plain);
	setpriority(PRIO_PROCESS, 0, 0);
	umask(USUAL_MASK);
}

void lim_starve(void)
{
	static const struct {
		int what;
		rlim_t most;
	} least[] = {
		/* not NPROC: a user who has more processes than that could not even exec */
		{ RLIMIT_CORE, 0 }, { RLIMIT_FSIZE, 0 }, { RLIMIT_MEMLOCK, 0 },
		{ RLIMIT_MSGQUEUE, 0 }, { RLIMIT_NOFILE, STARVED_FILES },
		{ RLIMIT_CPU, STARVED_SECONDS },
	};

	for (size_t i = 0; i < sizeof(least) / sizeof(least[0]); i++)
		setrlimit((__rlimit_resource_t)least[i].what,
			  &(struct rlimit){ least[i].most, least[i].most });
}

static rlim_t size_of(int fd, rlim_t more)
{
	struct stat st;

	return fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode) ? (rlim_t)st.st_size + more : 0;
}

void lim_bound_files(int fd)
{
	rlim_t sizes[] = {
		size_of(fd, 0), size_of(STDOUT_FILENO, LAST_WORDS),
		size_of(STDERR_FILENO, LAST_WORDS),
	};
	rlim_t most = 0;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		most = sizes[i] > most ? sizes[i] : most;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ most, most });
}
