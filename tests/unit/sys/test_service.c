/*
 * What makes a process a service: the PID file, the way into the background, systemd's protocol,
 * and rights.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/capability.h>

#include "sys/daemonize.h"
#include "sys/pidfile.h"
#include "sys/limits.h"
#include "sys/priv.h"
#include "unit/sys/lab.h"

struct place {
	char dir[64], file[96], why[256];
};

static void make_place(struct place *p)
{
	strcpy(p->dir, "/tmp/holdfast-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(p->dir));
	snprintf(p->file, sizeof(p->file), "%s/pid", p->dir);
}

static void remove_place(const struct place *p)
{
	ck_assert_int_eq(rmdir(p->dir), 0);
}

static long read_number(const char *path)
{
	long n = -1;
	FILE *f = fopen(path, "r");

	if (f) {
		if (fscanf(f, "%ld", &n) != 1)
			n = -1;
		fclose(f);
	}
	return n;
}

/* Waits for the child's word on the pipe. */
static void await(int fd)
{
	char c;

	ck_assert_int_eq(read(fd, &c, 1), 1);
}

/* ---- the PID file -------------------------------------------------------------------------- */

START_TEST(a_pid_file_holds_the_number_and_goes_away)
{
	struct place p;
	struct pidf *pid;
	pid_t holder;

	make_place(&p);
	pid = pidf_new(p.file, &holder, p.why, sizeof(p.why));
	ck_assert_msg(pid, "%s", p.why);
	ck_assert_int_eq(read_number(p.file), getpid());
	pidf_free(pid);
	ck_assert_int_eq(access(p.file, F_OK), -1);
	remove_place(&p);
}
END_TEST

START_TEST(a_stale_file_does_not_block)
{
	struct place p;
	struct pidf *pid;
	pid_t holder;
	FILE *f;

	make_place(&p);
	f = fopen(p.file, "w");
	fprintf(f, "%ld and much more text that must go\n", (long)getppid());
	fclose(f);
	pid = pidf_new(p.file, &holder, p.why, sizeof(p.why));
	ck_assert_msg(pid, "%s", p.why);
	ck_assert_int_eq(read_number(p.file), getpid());
	pidf_free(pid);
	remove_place(&p);
}
END_TEST

START_TEST(a_second_daemon_is_told_who_runs)
{
	struct place p;
	struct pidf *pid;
	pid_t holder = 0, child;
	int ready[2], go[2];

	make_place(&p);
	ck_assert_int_eq(pipe(ready) | pipe(go), 0);
	child = fork();
	if (!child) {
		pid = pidf_new(p.file, &holder, p.why, sizeof(p.why));
		if (write(ready[1], "x", 1) == 1 && read(go[0], &holder, 1) == 1)
			pidf_free(pid);
		_exit(0);
	}
	await(ready[0]);
	ck_assert_ptr_null(pidf_new(p.file, &holder, p.why, sizeof(p.why)));
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_int_eq(holder, child);
	ck_assert_ptr_nonnull(strstr(p.why, "daemon is already running"));
	ck_assert_int_eq(read_number(p.file), child);
	ck_assert_int_eq(write(go[1], "x", 1), 1);
	waitpid(child, NULL, 0);
	pid = pidf_new(p.file, &holder, p.why, sizeof(p.why));
	ck_assert_ptr_nonnull(pid);
	pidf_free(pid);
	remove_place(&p);
}
END_TEST

/* Whoever may read the file may lock it for reading, for ever. */
START_TEST(a_readers_lock_does_not_block)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	struct place p;
	struct pidf *pid;
	pid_t holder;
	int fd;

	make_place(&p);
	fd = open(p.file, O_RDONLY | O_CREAT | O_CLOEXEC, 0644);
	ck_assert_int_eq(fcntl(fd, F_OFD_SETLK, &lock), 0);
	pid = pidf_new(p.file, &holder, p.why, sizeof(p.why));
	ck_assert_msg(pid, "%s", p.why);
	ck_assert_int_eq(read_number(p.file), getpid());
	pidf_free(pid);
	close(fd);
	remove_place(&p);
}
END_TEST

START_TEST(an_impossible_pid_file_is_one_sentence)
{
	struct place p;
	pid_t holder;

	make_place(&p);
	ck_assert_ptr_null(pidf_new("/nonexistent/pid", &holder, p.why, sizeof(p.why)));
	ck_assert_str_eq(p.why, "cannot write the PID file /nonexistent/pid: "
				"No such file or directory");
	ck_assert_int_eq(symlink("/etc/passwd", p.file), 0);
	ck_assert_ptr_null(pidf_new(p.file, &holder, p.why, sizeof(p.why)));
	ck_assert_int_eq(errno, ELOOP);
	unlink(p.file);
	remove_place(&p);
}
END_TEST

/* ---- the background ------------------------------------------------------------------------ */

/* Runs a daemon that writes what it sees to FILE and says STATUS; returns the front's status. */
static int launch(const char *file, int status)
{
	pid_t front = fork();
	int result;

	if (!front) {
		int fd = dmz_background();
		FILE *f = fopen(file, "w");
		char directory[64];

		fprintf(f, "%d %d %d %s\n", (int)getpid(), (int)getsid(0), fd >= 0,
			getcwd(directory, sizeof(directory)));
		fclose(f);
		if (status >= 0)
			dmz_ready(fd, status);
		if (!status) {
			struct stat null, out;

			stat("/dev/null", &null);
			fstat(STDERR_FILENO, &out);
			f = fopen(file, "a");
			fprintf(f, "%d\n", null.st_rdev == out.st_rdev);
			fclose(f);
		}
		_exit(0);
	}
	ck_assert_int_eq(waitpid(front, &result, 0), front);
	ck_assert(WIFEXITED(result));
	return WEXITSTATUS(result);
}

START_TEST(the_command_ends_when_the_daemon_runs)
{
	struct place p;
	int pid, sid, has_fd, is_null = 0;
	char directory[64];
	FILE *f;

	make_place(&p);
	ck_assert_int_eq(launch(p.file, 0), 0);
	for (int i = 0; i < 1000 && !is_null; i++) {
		f = fopen(p.file, "r");
		ck_assert_int_ge(fscanf(f, "%d %d %d %63s %d", &pid, &sid, &has_fd, directory,
					&is_null), 4);
		fclose(f);
		usleep(10000);
	}
	ck_assert_int_eq(is_null, 1);
	ck_assert_int_eq(has_fd, 1);
	ck_assert_str_eq(directory, "/");
	ck_assert_int_ne(sid, getsid(0));
	ck_assert_int_ne(pid, sid);		/* it can get no terminal */
	unlink(p.file);
	remove_place(&p);
}
END_TEST

START_TEST(the_command_has_the_daemons_status)
{
	struct place p;

	make_place(&p);
	ck_assert_int_eq(launch(p.file, 4), 4);
	ck_assert_int_eq(launch(p.file, -1), 1);	/* ends without a word */
	unlink(p.file);
	remove_place(&p);
}
END_TEST

/* ---- systemd ------------------------------------------------------------------------------- */

static const char *heard(int fd, char *buf, size_t size)
{
	ssize_t n = recv(fd, buf, size - 1, MSG_DONTWAIT);

	buf[n > 0 ? n : 0] = '\0';
	return buf;
}

static void talk(int fd)
{
	struct sdn s;
	char buf[256];
	long long at;
	int64_t before = loop_now_us();

	sdn_open(&s);
	ck_assert_ptr_null(getenv("NOTIFY_SOCKET"));
	sdn_ready(&s);
	ck_assert_str_eq(heard(fd, buf, sizeof(buf)), "READY=1");
	sdn_reloading(&s);
	ck_assert_int_eq(sscanf(heard(fd, buf, sizeof(buf)), "RELOADING=1\nMONOTONIC_USEC=%lld",
				&at), 1);
	ck_assert(at >= before && at <= loop_now_us());
	sdn_status(&s, "MASTER of 3");
	ck_assert_str_eq(heard(fd, buf, sizeof(buf)), "STATUS=MASTER of 3");
	sdn_stopping(&s);
	ck_assert_str_eq(heard(fd, buf, sizeof(buf)), "STOPPING=1");
	sdn_close(&s);
	sdn_ready(&s);
	ck_assert_str_eq(heard(fd, buf, sizeof(buf)), "");
}

START_TEST(systemd_is_told_by_path_and_by_abstract_name)
{
	struct place p;
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	char name[128];
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	make_place(&p);
	snprintf(a.sun_path, sizeof(a.sun_path), "%s", p.file);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	setenv("NOTIFY_SOCKET", p.file, 1);
	talk(fd);
	close(fd);
	unlink(p.file);

	fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	snprintf(name, sizeof(name), "@holdfast-test-%d", (int)getpid());
	memset(&a, 0, sizeof(a));
	a.sun_family = AF_UNIX;
	memcpy(a.sun_path + 1, name + 1, strlen(name) - 1);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&a,
			      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))),
			 0);
	setenv("NOTIFY_SOCKET", name, 1);
	talk(fd);
	close(fd);
	remove_place(&p);
}
END_TEST

START_TEST(without_systemd_nothing_happens)
{
	struct sdn s;

	unsetenv("NOTIFY_SOCKET");
	sdn_open(&s);
	ck_assert_int_eq(s.fd, -1);
	sdn_ready(&s);
	sdn_close(&s);
	setenv("NOTIFY_SOCKET", "relative", 1);
	sdn_open(&s);
	ck_assert_int_eq(s.fd, -1);
}
END_TEST

/* ---- rights -------------------------------------------------------------------------------- */

struct lines {
	char text[4][LOG_LINE_MAX];
	int n;
};

static void keep_line(void *ctx, enum log_level level, const char *text)
{
	struct lines *l = ctx;

	(void)level;
	if (l->n < 4)
		snprintf(l->text[l->n], LOG_LINE_MAX, "%s", text);
	l->n++;
}

START_TEST(missing_rights_are_named)
{
	struct lines l = { .n = 0 };
	struct log log = { &l, keep_line, LOG_LVL_INFO };

	ck_assert_uint_eq(prv_report(&log), 0);
	ck_assert_int_eq(l.n, 0);
	ck_assert_int_eq(setuid(65534), 0);
	ck_assert_uint_eq(prv_report(&log), 2);
	ck_assert_int_eq(l.n, 6);
	ck_assert_ptr_nonnull(strstr(l.text[0], "CAP_NET_ADMIN is missing"));
	ck_assert_ptr_nonnull(strstr(l.text[1], "CAP_NET_RAW is missing"));
	ck_assert_ptr_nonnull(strstr(l.text[2], "CAP_SETUID is missing: scripts and the engine"));
}
END_TEST

static unsigned long long status_bits(const char *name)
{
	unsigned long long bits = 0;
	char line[128];
	FILE *f = fopen("/proc/self/status", "r");

	while (fgets(line, sizeof(line), f)) {
		if (!strncmp(line, name, strlen(name)))
			bits = strtoull(line + strlen(name) + 1, NULL, 16);
	}
	fclose(f);
	return bits;
}

START_TEST(only_the_two_rights_are_kept)
{
	const unsigned long long two = 1ull << CAP_NET_ADMIN | 1ull << CAP_NET_RAW;
	int fd;

	lab_namespace();
	ck_assert_int_eq(prv_drop(NULL), 0);
	ck_assert_uint_eq(status_bits("CapEff:"), two);
	ck_assert_uint_eq(status_bits("CapPrm:"), two);
	ck_assert_uint_eq(status_bits("CapInh:"), 0);
	ck_assert_uint_eq(status_bits("CapBnd:"), 0);
	ck_assert_int_eq(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
	ck_assert_int_eq(unshare(CLONE_NEWNET), -1);
	fd = socket(AF_INET, SOCK_RAW, 112);
	ck_assert_int_ge(fd, 0);
	close(fd);
}
END_TEST

START_TEST(the_two_rights_outlive_the_change_of_user)
{
	const unsigned long long two = 1ull << CAP_NET_ADMIN | 1ull << CAP_NET_RAW;
	const struct user_ids who = { .uid = 65534, .gid = 65533 };
	uid_t uid[3];
	gid_t gid[3];

	lab_namespace();
	ck_assert_int_eq(prv_drop(&who), 0);
	ck_assert_int_eq(getresuid(&uid[0], &uid[1], &uid[2]), 0);
	ck_assert_int_eq(getresgid(&gid[0], &gid[1], &gid[2]), 0);
	for (int i = 0; i < 3; i++) {
		ck_assert_uint_eq(uid[i], 65534);
		ck_assert_uint_eq(gid[i], 65533);
	}
	ck_assert_int_eq(getgroups(0, NULL), 0);
	ck_assert_uint_eq(status_bits("CapEff:"), two);
	ck_assert_uint_eq(status_bits("CapPrm:"), two);
	ck_assert_uint_eq(status_bits("CapInh:"), 0);
	ck_assert_uint_eq(status_bits("CapBnd:"), 0);
	ck_assert_uint_eq(status_bits("CapAmb:"), 0);
	ck_assert_int_eq(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
	ck_assert_int_eq(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
	ck_assert_int_eq(setuid(0), -1);
	ck_assert_int_ge(socket(AF_INET, SOCK_RAW, 112), 0);
}
END_TEST

START_TEST(a_thread_gives_up_everything)
{
	lab_namespace();
	ck_assert_int_eq(prv_drop_all(), 0);
	ck_assert_uint_eq(status_bits("CapEff:"), 0);
	ck_assert_uint_eq(status_bits("CapPrm:"), 0);
	ck_assert_int_eq(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
}
END_TEST

START_TEST(the_limit_of_descriptors_is_raised)
{
	struct rlimit limit = { .rlim_cur = 64, .rlim_max = 512 };

	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	lim_raise();
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	ck_assert_uint_eq(limit.rlim_cur, 512);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("service");
	TCase *c = tcase_create("service");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, a_pid_file_holds_the_number_and_goes_away);
	tcase_add_test(c, a_stale_file_does_not_block);
	tcase_add_test(c, a_second_daemon_is_told_who_runs);
	tcase_add_test(c, a_readers_lock_does_not_block);
	tcase_add_test(c, an_impossible_pid_file_is_one_sentence);
	tcase_add_test(c, the_command_ends_when_the_daemon_runs);
	tcase_add_test(c, the_command_has_the_daemons_status);
	tcase_add_test(c, systemd_is_told_by_path_and_by_abstract_name);
	tcase_add_test(c, without_systemd_nothing_happens);
	tcase_add_test(c, missing_rights_are_named);
	tcase_add_test(c, only_the_two_rights_are_kept);
	tcase_add_test(c, the_two_rights_outlive_the_change_of_user);
	tcase_add_test(c, a_thread_gives_up_everything);
	tcase_add_test(c, the_limit_of_descriptors_is_raised);
	suite_add_tcase(s, c);
	return s;
}

int main(void)
{
	SRunner *r = srunner_create(suite());
	int failed;

	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed != 0;
}
