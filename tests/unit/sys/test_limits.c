/*
 * What is found, raised, put back and taken away; each in a process of its own.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/limits.h"

static void in_a_child(bool (*fn)(void))
{
	int status;
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0)
		_exit(fn() ? 0 : 1);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}

static rlim_t files(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	return limit.rlim_cur;
}

static bool soft(rlim_t n)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = n;
	return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

/* ---- descriptors 0 to 2 ---- */

static bool fill_three(void)
{
	char octet;

	for (int fd = 0; fd < 3; fd++)
		close(fd);
	lim_fill_standard();
	int next = open("/dev/null", O_RDONLY);
	/* what was closed goes on failing, but no file has its number */
	return next > 2 && read(0, &octet, 1) < 0 && errno == EBADF &&
	       write(1, "x", 1) < 0 && errno == EBADF && write(2, "x", 1) < 0 && errno == EBADF;
}

static bool fill_the_middle(void)
{
	close(1);
	lim_fill_standard();
	return fcntl(1, F_GETFD) >= 0 && fcntl(2, F_GETFD) >= 0;
}

static bool leave_alone(void)
{
	struct stat before, after;

	fstat(1, &before);
	lim_fill_standard();
	fstat(1, &after);
	return before.st_ino == after.st_ino && before.st_dev == after.st_dev;
}

START_TEST(the_first_three_are_filled)
{
	in_a_child(fill_three);
	in_a_child(fill_the_middle);
	in_a_child(leave_alone);
}
END_TEST

/* ---- raised and put back ---- */

static bool raise_and_restore(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	if (!soft(100) || lim_found().open_files != 100)
		return false;
	lim_raise();
	lim_raise();			/* what is raised already is not what was found */
	if (files() != limit.rlim_max || lim_found().open_files != 100)
		return false;
	lim_restore();
	return files() == 100;
}

static bool nothing_raised(void)
{
	if (!soft(77))
		return false;
	lim_restore();
	return files() == 77;
}

/* After an upgrade the new binary finds what the old one had raised. */
static bool told_by_another(void)
{
	lim_was(&(struct lim){ 99, 50000 });
	lim_raise();
	if (files() == 99 || lim_found().open_files != 99)
		return false;
	lim_restore();
	return files() == 99;
}

/* The child of a real-time process, as a runner that takes another one's place is. */
static bool slack_of_a_child(void)
{
	struct sched_param least = { .sched_priority = 1 };
	int usual = prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0), status = 1;

	lim_raise();
	if (sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &least))
		return false;
	pid_t pid = fork();
	if (pid == 0) {
		lim_restore();
		_exit(prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0) == usual ? 0 : 1);
	}
	return waitpid(pid, &status, 0) == pid && status == 0;
}

START_TEST(what_was_found_is_put_back)
{
	in_a_child(raise_and_restore);
	in_a_child(nothing_raised);
	in_a_child(told_by_another);
	in_a_child(slack_of_a_child);
}
END_TEST

/* Ignores a signal that the C library keeps for itself, as a parent of ours may have done. */
static void ignore_by_the_kernel(int signo)
{
	/* handler, flags and mask, in whatever order: only the first word is set */
	void *ignored[8] = { (void *)SIG_IGN };

	ck_assert_int_eq(syscall(SYS_rt_sigaction, signo, ignored, NULL, (size_t)_NSIG / 8), 0);
}

/* The signals that this process ignores, a bit each, by the kernel's account. */
static unsigned long long ignored_signals(void)
{
	char line[256];
	unsigned long long set = ~0ULL;
	FILE *status = fopen("/proc/self/status", "re");

	while (status && fgets(line, sizeof(line), status))
		if (sscanf(line, "SigIgn: %llx", &set) == 1)
			break;
	if (status)
		fclose(status);
	return set;
}

static bool restore_every_signal(void)
{
	for (int signo = 1; signo < _NSIG; signo++)
		if (signo != SIGKILL && signo != SIGSTOP)
			ignore_by_the_kernel(signo);
	if (ignored_signals() != ~(1ULL << (SIGKILL - 1) | 1ULL << (SIGSTOP - 1)))
		return false;
	lim_restore();
	return ignored_signals() == 0;
}

static bool restore_the_rest(void)
{
	struct sched_param least = { .sched_priority = 1 };
	struct sigaction now;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGUSR2, SIG_IGN);
	umask(077);
	sched_setscheduler(0, SCHED_RR, &least);
	lim_restore();
	sigaction(SIGPIPE, NULL, &now);
	if (now.sa_handler != SIG_DFL)
		return false;
	sigaction(SIGUSR2, NULL, &now);
	return now.sa_handler == SIG_DFL && umask(0) == 022 &&
	       sched_getscheduler(0) == SCHED_OTHER;
}

START_TEST(signals_scheduling_and_mask_are_the_usual)
{
	in_a_child(restore_the_rest);
	in_a_child(restore_every_signal);
}
END_TEST

/* ---- taken away ---- */

static int temporary(void)
{
	return open("/var/tmp", O_TMPFILE | O_RDWR, 0600);
}

static bool starve(void)
{
	int fd = temporary(), last = -1;

	signal(SIGXFSZ, SIG_IGN);
	lim_starve();
	if (fd < 0 || write(fd, "x", 1) >= 0 || errno != EFBIG)
		return false;
	for (int i = 0; i < 1000; i++) {
		int next = dup(fd);

		if (next < 0)
			return errno == EMFILE && last < 64;
		last = next;
	}
	return false;
}

static bool bound(void)
{
	int journal = temporary(), other = temporary();

	dup2(open("/dev/null", O_WRONLY), 1);
	dup2(1, 2);
	if (journal < 0 || ftruncate(journal, 4096) < 0)
		return false;
	lim_bound_files(journal);
	struct rlimit more = { 1 << 20, 1 << 20 };
	return pwrite(journal, "x", 1, 4095) == 1 && pwrite(journal, "x", 1, 4096) < 0 &&
	       errno == EFBIG && ftruncate(journal, 4097) < 0 && errno == EFBIG &&
	       pwrite(other, "x", 1, 4096) < 0 && (geteuid() == 0 ||
						    setrlimit(RLIMIT_FSIZE, &more) < 0);
}

static bool without_a_journal(void)
{
	int other = temporary();

	dup2(open("/dev/null", O_WRONLY), 1);
	dup2(1, 2);
	lim_bound_files(-1);
	return write(other, "x", 1) < 0 && errno == EFBIG && write(1, "x", 1) == 1;
}

/* A log that standard error goes to: last words fit, and not for ever. */
static bool last_words(void)
{
	int log = temporary();

	dup2(log, 2);
	if (ftruncate(2, 10000) < 0)
		return false;
	lim_bound_files(-1);
	return pwrite(2, "x", 1, 10000) == 1 && pwrite(2, "x", 1, 10 << 20) < 0 && errno == EFBIG;
}

START_TEST(files_do_not_grow)
{
	in_a_child(starve);
	in_a_child(bound);
	in_a_child(without_a_journal);
	in_a_child(last_words);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("limits");
	TCase *t = tcase_create("limits");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_test(t, the_first_three_are_filled);
	tcase_add_test(t, what_was_found_is_put_back);
	tcase_add_test(t, signals_scheduling_and_mask_are_the_usual);
	tcase_add_test(t, files_do_not_grow);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
