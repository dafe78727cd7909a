/*
 * Limits, saved once and put back where something is executed.
 *
 * Of all that the daemon changes in itself only these would reach a script: the soft limit of
 * descriptors, ignored signals, the signal mask, the mask of -u, and real-time scheduling, whose
 * timer slack of 0 stays although a fork resets the policy. Core size, memory locks and
 * oom_score_adj are left as they were found.
 */
#include "sys/limits.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define USUAL_MASK 022
#define STARVED_FILES 32		/* a dynamic linker opens a few */
#define STARVED_SECONDS 10
#define LAST_WORDS (1024 * 1024)	/* octets of what a C library says of a process that dies */

static bool known;			/* what was found */
static struct lim found;

void lim_fill_standard(void)
{
	/* in the order of the numbers: open() gives the lowest that is free */
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			return;		/* no /dev: nothing that could be done */
}

static struct lim look(void)
{
	struct rlimit limit = { 0 };
	int slack = prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0);

	getrlimit(RLIMIT_NOFILE, &limit);
	return (struct lim){ limit.rlim_cur, slack > 0 ? (uint64_t)slack : 0 };
}

void lim_raise(void)
{
	struct rlimit limit;

	found = lim_found();
	known = true;
	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

struct lim lim_found(void)
{
	return known ? found : look();
}

void lim_was(const struct lim *its)
{
	found = *its;
	known = true;
}

static void restore_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = found.open_files < limit.rlim_max ? found.open_files : limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* By the kernel's own call: sigaction(2) of the C library refuses the two signals that it keeps for
 * itself (32 and 33), and some parents ignore them. All octets 0 is SIG_DFL on every machine. */
static void usual_signals(void)
{
	static const unsigned char usual[64];	/* the kernel's struct sigaction is smaller */

	for (int signo = 1; signo < _NSIG; signo++)
		syscall(SYS_rt_sigaction, signo, usual, NULL, (size_t)_NSIG / 8);
}

void lim_restore(void)
{
	struct sched_param plain = { 0 };

	if (known)
		restore_files();
	usual_signals();
	sched_setscheduler(0, SCHED_OTHER, &plain);
	setpriority(PRIO_PROCESS, 0, 0);
	if (known)			/* a real-time parent's is 0 */
		prctl(PR_SET_TIMERSLACK, found.timer_slack, 0, 0, 0);
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
