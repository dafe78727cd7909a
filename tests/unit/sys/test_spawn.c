/*
 * A child that has what it was given and nothing else, and that is the program it was to be.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <seccomp.h>

#include "sys/spawn.h"

static int open_program(const char *path)
{
	int fd = open(path, O_PATH | O_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	return fd;
}

/* Runs SCRIPT with FDS; what it says. Descriptor 3 is where it says it. */
static void run(const char *script, const int *fds, size_t n, int out, char *said, size_t size)
{
	char *const argv[] = { (char *)"sh", (char *)"-c", (char *)script, NULL };
	int exe = open_program("/bin/sh"), status;
	pid_t pid = spw_exec(exe, argv, fds, n);

	ck_assert_int_gt(pid, 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(status == 0, "status %x", (unsigned int)status);
	ssize_t len = read(out, said, size - 1);
	ck_assert_int_ge(len, 0);
	said[len] = '\0';
	close(exe);
}

static void expect_those_that_were_given(void)
{
	int ends[2], other[2], stray = dup(STDERR_FILENO);
	char said[400];

	ck_assert(!pipe2(ends, O_CLOEXEC) && !pipe2(other, O_CLOEXEC));
	/* the second's place is where the first is, and the third is none */
	const int fds[] = { ends[1], other[0], -1, other[1] };
	run("for i in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do "
	    "[ -e /proc/$$/fd/$i ] && s=$s$i; done; echo through >&6; read t <&4; echo $s $t >&3",
	    fds, 4, ends[0], said, sizeof(said));
	ck_assert_str_eq(said, "012346 through\n");
	close(stray);
}

START_TEST(its_descriptors_are_those_that_were_given)
{
	expect_those_that_were_given();
}
END_TEST

/* This process's calls of CALL fail from now on, and those of its children. */
static void refuse(int call, int error)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	ck_assert_int_eq(seccomp_rule_add(filter, SCMP_ACT_ERRNO((unsigned int)error), call, 0), 0);
	ck_assert_int_eq(seccomp_load(filter), 0);
	seccomp_release(filter);
}

START_TEST(an_old_kernel_closes_them_by_the_list)
{
	struct rlimit limit;
	int ends[2];
	char said[80];

	refuse(SCMP_SYS(close_range), _i == 0 ? ENOSYS : EPERM);
	ck_assert_int_eq(fcntl(STDERR_FILENO, F_DUPFD, 900), 900);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = 64;		/* what is open is beyond it now */
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	ck_assert(!pipe2(ends, O_CLOEXEC));
	run("[ -e /proc/$$/fd/900 ] && s=' still there'; echo closed$s >&3", &ends[1], 1, ends[0],
	    said, sizeof(said));
	ck_assert_str_eq(said, "closed\n");
	expect_those_that_were_given();
}
END_TEST

START_TEST(without_a_list_they_are_closed_one_by_one)
{
	refuse(SCMP_SYS(close_range), ENOSYS);
	refuse(SCMP_SYS(getdents64), ENOSYS);
	expect_those_that_were_given();
}
END_TEST

START_TEST(each_order_of_numbers_is_kept)
{
	char said[80];
	int ends[2];

	ck_assert(!pipe2(ends, 0));
	/* such that places and numbers cross */
	int high = fcntl(ends[1], F_DUPFD, 4), low = open("/dev/null", O_RDWR);
	const int fds[] = { high, low, high };
	run("echo a >&3; echo b >&4; echo c >&5", fds, 3, ends[0], said, sizeof(said));
	ck_assert_str_eq(said, "a\nc\n");
}
END_TEST

START_TEST(no_signal_reaches_it_before_it_wants_them)
{
	char said[400];
	int ends[2];

	ck_assert(!pipe2(ends, O_CLOEXEC));
	run("kill -TERM $$; kill -INT $$; echo alive >&3", &ends[1], 1, ends[0], said,
	    sizeof(said));
	ck_assert_str_eq(said, "alive\n");
}
END_TEST

START_TEST(settling_lets_signals_through)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		sigset_t all;

		sigfillset(&all);
		sigprocmask(SIG_SETMASK, &all, NULL);
		raise(SIGUSR1);
		spw_settle("settled");
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGUSR1);
}
END_TEST

START_TEST(what_cannot_be_executed_ends_with_its_own_status)
{
	char *const argv[] = { (char *)"x", NULL };
	int exe = open_program("/etc/passwd"), status;
	pid_t pid = spw_exec(exe, argv, NULL, 0);

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), SPW_NO_EXEC);
	close(exe);
}
END_TEST

START_TEST(our_own_file_is_found)
{
	char link[64], path[400] = "", own[400] = "";
	int fd = spw_self();

	ck_assert_int_ge(fd, 0);
	ck_assert(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ck_assert_int_gt(readlink(link, path, sizeof(path) - 1), 0);
	ck_assert_int_gt(readlink("/proc/self/exe", own, sizeof(own) - 1), 0);
	ck_assert_str_eq(path, own);
	close(fd);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("spawn");
	TCase *tc = tcase_create("spawn");

	tcase_add_test(tc, its_descriptors_are_those_that_were_given);
	tcase_add_loop_test(tc, an_old_kernel_closes_them_by_the_list, 0, 2);
	tcase_add_test(tc, without_a_list_they_are_closed_one_by_one);
	tcase_add_test(tc, each_order_of_numbers_is_kept);
	tcase_add_test(tc, no_signal_reaches_it_before_it_wants_them);
	tcase_add_test(tc, settling_lets_signals_through);
	tcase_add_test(tc, what_cannot_be_executed_ends_with_its_own_status);
	tcase_add_test(tc, our_own_file_is_found);
	suite_add_tcase(s, tc);
	SRunner *sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	int failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
