/*
 * A process inside the engine's sandbox tries what somebody who has taken it over would try.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/loop.h"
#include "sys/sandbox.h"

/* The wait status of a confined process that does FN; exit status 0: FN said true. */
static int confined(bool (*fn)(void))
{
	int status;
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		if (sbx_enter())
			_exit(99);
		_exit(fn() ? 0 : 1);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(!WIFEXITED(status) || WEXITSTATUS(status) != 99, "no seccomp here");
	return status;
}

static bool is_refused(long result)
{
	return result < 0 && errno == EPERM;
}

/* ---- refused ---- */

static bool open_some(void)
{
	struct stat st;

	return is_refused(open("/etc/passwd", O_RDONLY)) &&
	       is_refused(open("/dev/null", O_RDWR)) &&
	       is_refused(open("/tmp/hf-sandbox", O_CREAT | O_WRONLY, 0600)) &&
	       is_refused(syscall(SYS_openat2, AT_FDCWD, "/", NULL, 0)) &&
	       is_refused(stat("/etc/passwd", &st)) && is_refused(unlink("/tmp/hf-sandbox")) &&
	       is_refused(memfd_create("x", 0)) && is_refused(mkdir("/tmp/hf-sandbox", 0700));
}

static bool socket_some(void)
{
	return is_refused(socket(AF_INET, SOCK_STREAM, 0)) &&
	       is_refused(socket(AF_INET, SOCK_DGRAM, 0)) &&
	       is_refused(socket(AF_INET, SOCK_RAW, 112)) &&
	       is_refused(socket(AF_INET6, SOCK_STREAM, 0)) &&
	       is_refused(socket(AF_UNIX, SOCK_STREAM, 0)) &&
	       is_refused(socket(AF_NETLINK, SOCK_RAW, 0)) &&
	       is_refused(socket(AF_PACKET, SOCK_RAW, 112)) &&
	       is_refused(socket(AF_VSOCK, SOCK_STREAM, 0)) &&
	       is_refused(connect(0, NULL, 0)) && is_refused(listen(0, 1)) &&
	       is_refused(socketpair(AF_UNIX, SOCK_STREAM, 0, (int[2]){ 0 }));
}

static bool make_code(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page != MAP_FAILED && is_refused(mprotect(page, 4096, PROT_READ | PROT_EXEC)) &&
	       mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
		    -1, 0) == MAP_FAILED && errno == EPERM;
}

static bool make_process(void)
{
	return is_refused(syscall(SYS_fork)) && is_refused(syscall(SYS_vfork)) &&
	       is_refused(syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL));
}

static bool touch_others(void)
{
	return is_refused(kill(getppid(), 0)) && is_refused(kill(1, 0)) &&
	       is_refused(syscall(SYS_tgkill, getppid(), getppid(), 0)) &&
	       is_refused(syscall(SYS_pidfd_open, getppid(), 0)) &&
	       is_refused(ioctl(0, TIOCSTI, "x")) && is_refused(prctl(PR_SET_DUMPABLE, 1));
}

START_TEST(what_is_not_needed_is_refused)
{
	ck_assert_int_eq(confined(open_some), 0);
	ck_assert_int_eq(confined(socket_some), 0);
	ck_assert_int_eq(confined(make_code), 0);
	ck_assert_int_eq(confined(make_process), 0);
	ck_assert_int_eq(confined(touch_others), 0);
}
END_TEST

/* ---- deadly ---- */

static bool do_exec(void)
{
	char *argv[] = { (char[]){ "true" }, NULL };

	execve("/bin/true", argv, argv + 1);
	return true;
}

static bool do_execveat(void)
{
	syscall(SYS_execveat, 0, "", NULL, NULL, AT_EMPTY_PATH);
	return true;
}

static bool do_ptrace(void)
{
	ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
	return true;
}

static bool do_read_memory(void)
{
	process_vm_readv(getppid(), NULL, 0, NULL, 0, 0);
	return true;
}

static bool do_setns(void)
{
	setns(0, 0);
	return true;
}

static bool do_unshare(void)
{
	unshare(CLONE_NEWUSER);
	return true;
}

static bool do_bpf(void)
{
	syscall(SYS_bpf, 0, NULL, 0);
	return true;
}

static bool do_uring(void)
{
	syscall(SYS_io_uring_setup, 1, NULL);
	return true;
}

START_TEST(what_only_an_intruder_does_ends_the_process)
{
	static bool (*const tries[])(void) = {
		do_exec, do_execveat, do_ptrace, do_read_memory, do_setns, do_unshare, do_bpf,
		do_uring,
	};

	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		int status = confined(tries[i]);

		ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS,
			      "try %zu: status %#x", i, status);
	}
}
END_TEST

/* ---- allowed ---- */

static void *add_one(void *number)
{
	(*(int *)number)++;
	return NULL;
}

static bool run_thread(void)
{
	pthread_t thread;
	int number = 0;

	return pthread_create(&thread, NULL, add_one, &number) == 0 &&
	       pthread_join(thread, NULL) == 0 && number == 1;
}

static bool use_memory(void)
{
	char *large = malloc(64 << 20);
	bool good = large;

	if (large)
		memset(large, 1, 64 << 20);
	large = realloc(large, 128 << 20);
	good = good && large;
	free(large);
	return good;
}

static bool look_at_open_files(void)
{
	struct stat st;
	int n;

	return fstat(STDERR_FILENO, &st) == 0 && dup(STDERR_FILENO) >= 0 &&
	       (ioctl(STDIN_FILENO, FIONREAD, &n) == 0 || errno != EPERM) && loop_now_us() > 0;
}

START_TEST(what_is_needed_goes_on)
{
	ck_assert_int_eq(confined(run_thread), 0);
	ck_assert_int_eq(confined(use_memory), 0);
	ck_assert_int_eq(confined(look_at_open_files), 0);
}
END_TEST

static bool give_up(void)
{
	abort();
}

START_TEST(an_assertion_still_ends_it)
{
	int status = confined(give_up);

	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("sandbox");
	TCase *t = tcase_create("sandbox");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_test(t, what_is_not_needed_is_refused);
	tcase_add_test(t, what_only_an_intruder_does_ends_the_process);
	tcase_add_test(t, what_is_needed_goes_on);
	tcase_add_test(t, an_assertion_still_ends_it);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
