/*
 * The lock of a daemon: one at a time, private, and a way to what a dead one has left.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <seccomp.h>

#include "sys/lockfile.h"

struct place {
	char dir[64], file[96], why[256];
	pid_t holder;
	int fd;				/* the lock that a child closes */
};

static void make_place(struct place *p)
{
	*p = (struct place){ .dir = "/tmp/holdfast-test-XXXXXX" };
	ck_assert_ptr_nonnull(mkdtemp(p->dir));
	snprintf(p->file, sizeof(p->file), "%s/lock", p->dir);
}

static int take(struct place *p)
{
	return lck_take(p->file, &p->holder, p->why, sizeof(p->why));
}

/* A child that ends with us; the parent goes on when it has done WORK. */
static pid_t child(struct place *p, void (*work)(struct place *p))
{
	int ready[2];
	char c;

	ck_assert_int_eq(pipe(ready), 0);
	pid_t pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		work(p);
		if (write(ready[1], "x", 1) == 1)
			for (;;)
				pause();
		_exit(1);
	}
	ck_assert_int_eq(read(ready[0], &c, 1), 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void work_take(struct place *p)
{
	if (take(p) < 0)
		_exit(1);
}

static void work_mark(struct place *p)
{
	if (lck_mark(p->file))
		_exit(1);
}

static void work_lock_first(struct place *p)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_len = 1 };

	if (fcntl(open(p->file, O_RDONLY), F_SETLK, &lock))
		_exit(1);
}

static void work_close(struct place *p)
{
	close(p->fd);
}

START_TEST(it_is_private_and_goes_away)
{
	struct place p;
	struct stat st;

	make_place(&p);
	int fd = take(&p);
	ck_assert_msg(fd >= 0, "%s", p.why);
	ck_assert_int_eq(stat(p.file, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	ck_assert(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	lck_release(fd, p.file);
	ck_assert_int_eq(rmdir(p.dir), 0);
}
END_TEST

START_TEST(a_second_is_told_who_has_it)
{
	struct place p;

	make_place(&p);
	pid_t first = child(&p, work_take);
	ck_assert_int_eq(take(&p), -1);
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_int_eq(p.holder, first);
	ck_assert_ptr_nonnull(strstr(p.why, "daemon is already running: process"));
	end(first);
	int fd = take(&p);		/* what a dead one left does not block */
	ck_assert_msg(fd >= 0, "%s", p.why);
	lck_release(fd, p.file);
	ck_assert_int_eq(rmdir(p.dir), 0);
}
END_TEST

START_TEST(a_child_that_closes_it_does_not_keep_it)
{
	struct place p;

	make_place(&p);
	p.fd = take(&p);
	pid_t heir = child(&p, work_close);
	close(p.fd);
	int fd = take(&p);
	ck_assert_msg(fd >= 0, "%s", p.why);
	lck_release(fd, p.file);
	end(heir);
	ck_assert_int_eq(rmdir(p.dir), 0);
}
END_TEST

static void no_pidfd(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	ck_assert_int_eq(seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(pidfd_open), 0),
			 0);
	ck_assert_int_eq(seccomp_load(filter), 0);
	seccomp_release(filter);
}

START_TEST(what_a_dead_keeper_left_is_ended)
{
	struct place p;
	int status;

	make_place(&p);
	if (_i)				/* as on Linux before 5.3 */
		no_pidfd();
	int fd = take(&p);
	ck_assert_int_eq(lck_end_orphans(fd), 0);
	pid_t engines[2] = { child(&p, work_mark), child(&p, work_mark) };
	kill(engines[0], SIGSTOP);
	ck_assert_int_eq(lck_end_orphans(fd), 2);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(waitpid(engines[i], &status, 0), engines[i]);
		ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	}
	lck_release(fd, p.file);
	ck_assert_int_eq(rmdir(p.dir), 0);
}
END_TEST

/* All that an engine can do with its descriptor is to have a read lock where no engine has one. */
START_TEST(an_engine_cannot_take_the_keepers_place)
{
	struct place p;
	int status;

	make_place(&p);
	int fd = take(&p);
	close(fd);
	pid_t engine = child(&p, work_lock_first);
	fd = take(&p);
	ck_assert_msg(fd >= 0, "%s", p.why);
	ck_assert_int_eq(waitpid(engine, &status, 0), engine);
	ck_assert(WIFSIGNALED(status));
	lck_release(fd, p.file);
	ck_assert_int_eq(rmdir(p.dir), 0);
}
END_TEST

START_TEST(what_is_not_ours_is_refused)
{
	struct place p;

	make_place(&p);
	ck_assert_int_eq(symlink("/etc/passwd", p.file), 0);
	ck_assert_int_eq(take(&p), -1);
	unlink(p.file);
	ck_assert_int_eq(mkfifo(p.file, 0600), 0);
	ck_assert_int_eq(take(&p), -1);
	ck_assert_ptr_nonnull(strstr(p.why, "remove it"));
	unlink(p.file);
	close(open(p.file, O_CREAT | O_WRONLY, 0644));	/* others may have a lock on it */
	ck_assert_int_eq(take(&p), -1);
	ck_assert_ptr_nonnull(strstr(p.why, "mode 0600"));
	unlink(p.file);
	ck_assert_int_eq(rmdir(p.dir), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("lockfile");
	TCase *c = tcase_create("lockfile");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, it_is_private_and_goes_away);
	tcase_add_test(c, a_second_is_told_who_has_it);
	tcase_add_test(c, a_child_that_closes_it_does_not_keep_it);
	tcase_add_loop_test(c, what_a_dead_keeper_left_is_ended, 0, 2);
	tcase_add_test(c, an_engine_cannot_take_the_keepers_place);
	tcase_add_test(c, what_is_not_ours_is_refused);
	suite_add_tcase(s, c);

	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed != 0;
}
