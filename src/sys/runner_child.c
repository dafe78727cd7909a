/*
 * What happens between fork and exec, and once before the first fork.
 *
 * fork, not vfork: execve() of a file on a dead network file system does not return, and the
 * runner must go on with the other scripts meanwhile. All that every script needs alike
 * (descriptors, signals, scheduling) is set in the runner once and inherited, so a child has
 * little left to do. A child that fails says why itself: it has the script's rights, so it sees
 * what the kernel saw.
 */
#include "sys/runner_child.h"

#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sys/limits.h"
#include "sys/spawn.h"
#include "sys/users.h"

enum { JOBS_FD = 3, KEEPER_FD, FIRST_FREE_FD };

/* What the child has in hand. */
struct start {
	const struct port_job *job;
	struct user_ids who;
	const char *path;		/* where a name without a slash is searched */
	char **environment;
	int failures;
};

/* What is closed in a place that is filled next must not be what fills another one. */
static int lift(int fd)
{
	return fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, FIRST_FREE_FD);
}

/* 0, 1 and 2 on /dev/null, the sockets at 3 and 4, nothing else. */
static bool settle_descriptors(struct child_sockets *sockets)
{
	int null = lift(open("/dev/null", O_RDWR | O_CLOEXEC));
	int jobs = lift(sockets->jobs), keeper = lift(sockets->keeper);

	if (null < 0 || jobs < 0 || keeper < 0)
		return false;
	for (int fd = 0; fd < JOBS_FD; fd++)
		if (dup2(null, fd) < 0)
			return false;
	if (dup3(jobs, JOBS_FD, O_CLOEXEC) < 0 || dup3(keeper, KEEPER_FD, O_CLOEXEC) < 0)
		return false;
	*sockets = (struct child_sockets){ .jobs = JOBS_FD, .keeper = KEEPER_FD };
	spw_close_from(FIRST_FREE_FD);
	return true;
}

static void block_signals(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
}

/*
 * The bounding set stays: a script of root gets all rights back by execve(), as it has with
 * keepalived. The ambient set goes: a script of another user gets none. Where a right is not there
 * to be dropped, nothing is lost.
 */
static void drop_network_rights(void)
{
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (capng_get_caps_process() < 0)
		return;
	capng_updatev(CAPNG_DROP, CAPNG_EFFECTIVE | CAPNG_PERMITTED | CAPNG_INHERITABLE,
		      CAP_NET_ADMIN, CAP_NET_RAW, -1);
	capng_apply(CAPNG_SELECT_CAPS);
}

bool child_prepare_runner(struct child_sockets *sockets)
{
	prctl(PR_SET_NAME, "holdfast-runner");
	setsid();
	block_signals();
	lim_restore();
	drop_network_rights();
	return chdir("/") == 0 && settle_descriptors(sockets);
}

static _Noreturn void fail(const char *detail, int error, int failures)
{
	struct child_failure f = { .pid = getpid(), .error = error };
	ssize_t written;

	snprintf(f.detail, sizeof(f.detail), "%s", detail);
	do
		written = write(failures, &f, sizeof(f));
	while (written < 0 && errno == EINTR);
	_exit(CHILD_FAILED);
}

/* Groups, then the group, then the user: each step needs the rights that the next one gives up. */
static void become(const struct user_ids *who, int failures)
{
	gid_t groups[USERS_GROUPS_MAX];
	size_t n = users_groups(who, groups, USERS_GROUPS_MAX);
	char detail[WIRE_DETAIL_MAX];
	bool same = who->uid == geteuid() && who->gid == getegid();
	int error;

	if ((setgroups(n, groups) == 0 || (same && errno == EPERM)) &&
	    setresgid(who->gid, who->gid, who->gid) == 0 &&
	    setresuid(who->uid, who->uid, who->uid) == 0)
		return;
	error = errno;
	snprintf(detail, sizeof(detail), "the runner may not become user %u, group %u: %s",
		 who->uid, who->gid, strerror(error));
	fail(detail, error, failures);
}

/* execve() takes no const for historical reasons only. */
static void exec_argv(const char *file, const char *const *argv, const struct start *s)
{
	execve(file, (char *const *)(uintptr_t)argv, s->environment);
}

/* As execvp(3), but never for octets that a shell would only stumble over. */
static void exec_file(const char *file, const struct start *s)
{
	const char *argv[WIRE_ARGC_MAX + 2] = { SPATH_SHELL, file };

	exec_argv(file, s->job->argv, s);
	if (errno != ENOEXEC)
		return;
	if (spath_is_for_shell(file)) {
		for (size_t i = 1; s->job->argv[i] && i < WIRE_ARGC_MAX; i++)
			argv[i + 1] = s->job->argv[i];
		exec_argv(SPATH_SHELL, argv, s);
	}
	errno = ENOEXEC;
}

/* execve(), with a search of the script's PATH for a name without a slash. Returns on failure
 * only. */
static void execute(const struct start *s)
{
	const char *dir = s->path, *name = s->job->argv[0];
	char path[PATH_MAX];
	int error = ENOENT;

	if (strchr(name, '/')) {
		exec_file(name, s);
		return;
	}
	while (*dir) {
		int len = (int)strcspn(dir, ":");

		if (snprintf(path, sizeof(path), "%.*s/%s", len, dir, name) < PATH_MAX) {
			exec_file(path, s);
			if (errno != ENOENT && errno != ENOTDIR && error == ENOENT)
				error = errno;
		}
		dir += len + (dir[len] == ':');
	}
	errno = error;
}

static _Noreturn void explain(const struct start *s, int error)
{
	char detail[WIRE_DETAIL_MAX];
	struct spath_answer a;

	spath_judge(s->job->argv, &s->who, s->path, &a);
	if (a.runs && error == ENOEXEC)
		snprintf(detail, sizeof(detail), "'%.200s' is neither a program for this host's "
			 "processor nor a text", s->job->argv[0]);
	else if (a.runs)
		snprintf(detail, sizeof(detail), "'%.200s': %s", s->job->argv[0], strerror(error));
	else
		snprintf(detail, sizeof(detail), "%s", a.why);
	fail(detail, error, s->failures);
}

/*
 * What was safe when the configuration was read may have changed since, and what was not there may
 * be there now. Only what has been judged to its end is executed.
 */
static _Noreturn void execute_if_safe(const struct start *s)
{
	struct spath_answer a;

	spath_judge(s->job->argv, &s->who, s->path, &a);
	if (!a.safe)
		fail(a.unsafe, EPERM, s->failures);
	if (!a.runs)
		fail(a.why, EACCES, s->failures);
	exec_file(a.file, s);
	explain(s, errno);
}

/* The runner has the daemon's own user. */
static char **environment_of(const struct rjob *j, const struct senv *environment, int failures)
{
	bool all = j->terms.environment_all || j->job.uid == geteuid();
	char **v = senv_make(environment, j->terms.account, all);

	if (!v)
		fail("there is no memory for its environment", ENOMEM, failures);
	return v;
}

pid_t child_start(const struct rjob *j, const struct senv *environment, int failures,
		  const struct child_sockets *sockets)
{
	const struct port_job *job = &j->job;
	struct start s = {
		.job = job, .path = environment->path, .failures = failures,
		.who = { .uid = job->uid, .gid = job->gid, .groups = job->groups },
	};
	pid_t pid = fork();
	sigset_t none;

	if (pid > 0)
		setpgid(pid, pid);	/* also done by the child; whoever is first */
	if (pid != 0)
		return pid;
	setpgid(0, 0);
	close(sockets->jobs);
	close(sockets->keeper);
	s.environment = environment_of(j, environment, failures);
	become(&s.who, failures);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (j->terms.guarded && spath_privileged(&s.who))
		execute_if_safe(&s);
	execute(&s);
	explain(&s, errno);
}
