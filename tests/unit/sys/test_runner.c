/*
 * The runner with real processes: what a script gets, what is refused, and how it ends.
 */
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include "script_rig.h"

static const struct runner_options usual;
static const struct runner_options quick = { .kill_after_us = SECOND_US / 4 };

/* ---- results ------------------------------------------------------------------------------- */

START_TEST(exit_status_and_signals_are_told_apart)
{
	struct rig *g = rig_open(&usual);
	uint32_t good, three, shell, killed;

	rig_script(g, "three", "exit 3");
	rig_script(g, "shell", "exit 127");
	rig_script(g, "killed", "kill -USR1 $$");
	good = rig_check(g, "/usr/bin/true", 60 * SECOND_US);
	three = rig_check(g, "three", 60 * SECOND_US);
	shell = rig_check(g, "shell", 60 * SECOND_US);
	killed = rig_check(g, "killed", 60 * SECOND_US);
	rig_await(g, 4);
	rig_expect(g, good, VR_CHECK_GOOD, 0);
	rig_expect(g, three, VR_CHECK_EXIT, 3);
	rig_expect(g, shell, VR_CHECK_EXIT, 127);
	rig_expect(g, killed, VR_CHECK_SIGNAL, SIGUSR1);
	ck_assert_int_gt(rig_answer(g, good)->r.took_us, 0);
	rig_close(g);
}
END_TEST

START_TEST(a_name_without_slash_is_searched)
{
	struct rig *g = rig_open(&usual);
	const char *argv[] = { "sh", "-c", "exit $(($# + 40))", "x", "a b", "", "c", NULL };
	const char *missing[] = { "hf-no-such-program", NULL };
	uint32_t found, lost;

	found = rig_run_job(g, (struct port_job){ .argv = argv, .timeout_us = 60 * SECOND_US });
	lost = rig_run_job(g, (struct port_job){ .argv = missing, .timeout_us = 60 * SECOND_US });
	rig_await(g, 2);
	rig_expect(g, found, VR_CHECK_EXIT, 43);
	rig_expect(g, lost, VR_CHECK_CANNOT_RUN, ENOENT);
	ck_assert_ptr_nonnull(strstr(rig_answer(g, lost)->detail, "'hf-no-such-program'"));
	rig_close(g);
}
END_TEST

START_TEST(what_cannot_run_names_the_component)
{
	static const struct {
		const char *path;	/* in the rig's directory */
		uint32_t uid;
		int error;
		const char *component, *reason;
	} cases[] = {
		{ "missing", 0, ENOENT, "/missing'", "does not exist" },
		{ "nodir/x", 0, ENOENT, "/nodir'", "does not exist" },
		{ "plain/x", 0, ENOTDIR, "/plain'", "not a directory" },
		{ "plain", 0, EACCES, "/plain'", "not executable (mode 0644)" },
		{ "dir", 0, EACCES, "/dir'", "is a directory" },
		{ "lost", 0, ENOENT, "interpreter '/nonexistent/sh'", "'/nonexistent' does not" },
		{ "windows", 0, ENOENT, "its interpreter '/bin/sh?'", "Windows line ends" },
		{ "headless", 0, ENOEXEC, "/nohead'", "does not begin with '#!'" },
		{ "garbage", 0, ENOEXEC, "/garbage'", "is neither a program for this host's" },
		{ "foreign", 0, ENOEXEC, "/foreign'", "is neither a program for this host's" },
		{ "empty", 0, ENOEXEC, "/empty'", "is empty" },
		{ "closed/x", 1234, EACCES, "/closed'", "cannot be entered by user 1234" },
		{ "rootonly", 1234, EACCES, "/rootonly'", "not executable by user 1234" },
	};
	struct rig *g = rig_open(&usual);
	uint32_t id[sizeof(cases) / sizeof(*cases)];
	char path[128], text[160];

	rig_write(g, "plain", 0644, "#!/bin/sh\n");
	ck_assert_int_eq(mkdir(rig_path(g, "dir", path), 0755), 0);
	ck_assert_int_eq(mkdir(rig_path(g, "closed", path), 0700), 0);
	rig_write(g, "closed/x", 0755, "#!/bin/sh\n");
	rig_write(g, "lost", 0755, "#!/nonexistent/sh\n");
	rig_write(g, "windows", 0755, "#!/bin/sh\r\nexit 0\r\n");
	rig_write(g, "nohead", 0755, "exit 0\n");
	snprintf(text, sizeof(text), "#!%s\n", rig_path(g, "nohead", path));
	rig_write(g, "headless", 0755, text);
	rig_write(g, "garbage", 0755, "\001\002touch /\xff\n");
	rig_write(g, "foreign", 0755, "\177ELF\2\1\1");	/* and no more: of no processor */
	rig_write(g, "empty", 0755, "");
	rig_write(g, "rootonly", 0700, "#!/bin/sh\n");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *argv[] = { rig_path(g, cases[i].path, path), NULL };

		id[i] = rig_run_job(g, (struct port_job){
			.argv = argv, .uid = cases[i].uid, .gid = cases[i].uid,
			.timeout_us = 60 * SECOND_US });
	}
	rig_await(g, sizeof(cases) / sizeof(*cases));
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *detail = rig_answer(g, id[i])->detail;

		rig_expect(g, id[i], VR_CHECK_CANNOT_RUN, cases[i].error);
		ck_assert_msg(strstr(detail, cases[i].component), "%s: %s", cases[i].path, detail);
		ck_assert_msg(strstr(detail, cases[i].reason), "%s: %s", cases[i].path, detail);
	}
	rig_close(g);
}
END_TEST

/* As execvp(3) does it: the words reach it, and so do names without a slash and guarded ones. */
START_TEST(a_text_without_a_head_is_run_by_the_shell)
{
	struct rig *g = rig_open(&usual);
	char path[128];
	const char *argv[] = { rig_path(g, "nohead", path), "a b", "", "-c", NULL };
	const struct port_job job = { .argv = argv, .timeout_us = 60 * SECOND_US };
	uint32_t open, guarded;

	rig_write(g, "nohead", 0755, "[ \"$1\" = 'a b' ] && exit $(($# + 40))\n");
	open = rig_run_job(g, job);
	rig_await(g, 1);
	rig_expect(g, open, VR_CHECK_EXIT, 43);
	g->allowed[0].terms.guarded = true;
	rig_allow(g, NULL);
	guarded = rig_run_unasked(g, job);
	rig_await(g, 2);
	/* /tmp is sticky, and the file root's */
	rig_expect(g, guarded, VR_CHECK_EXIT, 43);
	rig_close(g);
}
END_TEST

/* A directory of user 1234's. */
static void make_user_dir(const struct rig *g, const char *name)
{
	char path[128];

	ck_assert_int_eq(mkdir(rig_path(g, name, path), 0755), 0);
	ck_assert_int_eq(chown(path, 1234, 1234), 0);
}

static uint32_t run_as(struct rig *g, const char *name, uint32_t uid, uint32_t gid)
{
	char path[128];
	const char *argv[] = { rig_path(g, name, path), NULL };

	return rig_run_job(g, (struct port_job){
		.argv = argv, .uid = uid, .gid = gid, .timeout_us = 60 * SECOND_US });
}

/* It was not there when the configuration was read: judged is what is there now. */
/* Of whom it is a secret. */
START_TEST(another_user_gets_the_environment_by_permission)
{
	static const char *const own[] = { "HOME=/nowhere", "USER=nobody", NULL };
	const char *argv[] = { "sh", "-c", "[ \"$SECRET\" = 1 ] || exit 1; exit 0", NULL };
	const char *home[] = { "sh", "-c", "[ $HOME$USER = /nowherenobody ]", NULL };
	struct port_job job = { .argv = argv, .uid = 65534, .gid = 65534,
				.timeout_us = 60 * SECOND_US };
	uint32_t without, with, account, taken_back;
	struct rig *g = calloc(1, sizeof(*g));

	ck_assert_ptr_nonnull(g);
	ck_assert_int_eq(setenv("SECRET", "1", 1), 0);
	rig_open_with(g, &usual);
	without = rig_run_job(g, job);
	rig_await(g, 1);
	rig_expect(g, without, VR_CHECK_EXIT, 1);

	g->allowed[0].terms = g->terms = (struct rset_terms){ .environment_all = true,
							      .account = own };
	job.argv = home;
	account = rig_run_job(g, job);
	rig_await(g, 2);		/* the set before no longer counts */
	job.argv = argv;
	with = rig_run_unasked(g, job);
	rig_await(g, 3);
	rig_expect(g, with, VR_CHECK_GOOD, 0);
	rig_expect(g, account, VR_CHECK_GOOD, 0);

	g->allowed[0].terms.environment_all = false;
	rig_allow(g, NULL);
	taken_back = rig_run_unasked(g, job);
	rig_await(g, 4);
	rig_expect(g, taken_back, VR_CHECK_EXIT, 1);
	rig_close(g);
}
END_TEST

START_TEST(a_guarded_script_is_judged_before_each_run)
{
	struct rig *g = rig_open(&usual);
	uint32_t id[8];
	char path[128];
	size_t n = 0;

	g->terms.guarded = true;
	make_user_dir(g, "his");
	id[n++] = run_as(g, "his/x", 0, 0);
	id[n++] = run_as(g, "good", 0, 0);
	rig_await(g, n);
	rig_expect(g, id[0], VR_CHECK_CANNOT_RUN, EPERM);
	rig_expect(g, id[1], VR_CHECK_CANNOT_RUN, EACCES);
	ck_assert_ptr_nonnull(strstr(rig_answer(g, id[1])->detail, "/good' does not exist"));

	rig_script(g, "his/x", "touch $D/stolen-$(id -u)");
	ck_assert_int_eq(chown(rig_path(g, "his/x", path), 1234, 1234), 0);
	rig_script(g, "good", "touch $D/ran");
	id[n++] = run_as(g, "his/x", 0, 0);
	id[n++] = run_as(g, "good", 0, 0);
	rig_await(g, n);
	rig_expect(g, id[2], VR_CHECK_CANNOT_RUN, EPERM);
	ck_assert_ptr_nonnull(strstr(rig_answer(g, id[2])->detail, "Unsafe permissions: "));
	ck_assert_ptr_nonnull(strstr(rig_answer(g, id[2])->detail, "/his' belongs to user 1234"));
	rig_expect(g, id[3], VR_CHECK_GOOD, 0);
	ck_assert(rig_exists(g, "ran"));

	/* From one run to the next. */
	ck_assert_int_eq(chmod(rig_path(g, "good", path), 0777), 0);
	id[n++] = run_as(g, "good", 0, 0);
	id[n++] = run_as(g, "his/x", 1234, 0);
	rig_await(g, n);
	rig_expect(g, id[4], VR_CHECK_CANNOT_RUN, EPERM);
	rig_expect(g, id[5], VR_CHECK_CANNOT_RUN, EPERM);
	ck_assert(!rig_exists(g, "stolen-0"));

	/* As that user it is nobody's business. */
	id[n++] = run_as(g, "his/x", 1234, 1234);
	rig_await(g, n);
	rig_expect(g, id[6], VR_CHECK_EXIT, 1);	/* it may not write there */
	rig_close(g);
}
END_TEST

START_TEST(a_guarded_name_is_run_where_it_was_found)
{
	const char *argv[] = { "hf-named", NULL };
	struct rig *g = calloc(1, sizeof(*g));
	uint32_t id[2];

	ck_assert_ptr_nonnull(g);
	ck_assert_int_eq(unshare(CLONE_NEWNS), 0);
	ck_assert_int_eq(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	ck_assert_int_eq(mount("none", "/usr/local", "tmpfs", 0, "mode=0755"), 0);
	ck_assert_int_eq(mkdir("/usr/local/bin", 0755), 0);
	ck_assert_int_eq(symlink("/usr/bin/true", "/usr/local/bin/hf-named"), 0);
	rig_open_with(g, &usual);
	g->terms.guarded = true;
	id[0] = rig_run_job(g, (struct port_job){ .argv = argv, .timeout_us = 60 * SECOND_US });
	rig_await(g, 1);
	ck_assert_int_eq(chmod("/usr/local/bin", 0777), 0);
	id[1] = rig_run_job(g, (struct port_job){ .argv = argv, .timeout_us = 60 * SECOND_US });
	rig_await(g, 2);
	rig_expect(g, id[0], VR_CHECK_GOOD, 0);
	rig_expect(g, id[1], VR_CHECK_CANNOT_RUN, EPERM);
	ck_assert_ptr_nonnull(strstr(rig_answer(g, id[1])->detail, "'/usr/local/bin' can be"));
	ck_assert_int_eq(umount("/usr/local"), 0);
	rig_close(g);
}
END_TEST

/* ---- what a script gets -------------------------------------------------------------------- */

/* The line of /proc/PID/status that begins with KEY, without the key and white space after it. */
static const char *status_line(const char *text, const char *key, char *buf, size_t size)
{
	const char *at = strstr(text, key);

	ck_assert_msg(at, "no %s in:\n%s", key, text);
	at += strlen(key);
	at += strspn(at, ":\t ");
	snprintf(buf, size, "%.*s", (int)strcspn(at, "\n"), at);
	for (size_t n = strlen(buf); n && buf[n - 1] == ' '; n--)
		buf[n - 1] = '\0';
	return buf;
}

static void expect_status(const char *text, const char *key, const char *value)
{
	char line[256];

	ck_assert_str_eq(status_line(text, key, line, sizeof(line)), value);
}

START_TEST(a_script_starts_from_a_clean_state)
{
	struct rig *g = calloc(1, sizeof(*g));
	char text[8192], links[256], bounding[64], ignored[64];
	sigset_t some;
	uint32_t id;
	int leak;

	/* What must not reach the script, but for SECRET. */
	ck_assert_ptr_nonnull(g);
	ck_assert_int_eq(clearenv(), 0);
	ck_assert_int_eq(setenv("SECRET", "1", 1), 0);
	ck_assert_int_eq(setenv("PYTHONPATH", "/x", 1), 0);
	ck_assert_ptr_ne(signal(SIGPIPE, SIG_IGN), SIG_ERR);
	sigemptyset(&some);
	sigaddset(&some, SIGUSR2);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &some, NULL), 0);
	ck_assert_int_eq(setpriority(PRIO_PROCESS, 0, 7), 0);
	umask(077);
	leak = open("/etc/passwd", O_RDONLY);
	ck_assert_int_eq(dup2(leak, 77), 77);
	rig_open_with(g, &usual);

	rig_script(g, "look",
		   "cp /proc/$$/environ $D/environ\n"
		   "mkdir $D/fd; cp -P /proc/$$/fd/* $D/fd; cp -P /proc/$$/cwd $D/cwd\n"
		   "readlink $D/fd/* $D/cwd >$D/links; umask >$D/umask\n"
		   "exec cp /proc/self/status $D/status");
	id = rig_check(g, "look", 60 * SECOND_US);
	rig_await(g, 1);
	rig_expect(g, id, VR_CHECK_GOOD, 0);

	rig_read(g, "environ", text, sizeof(text));
	ck_assert_str_eq(text, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
	ck_assert_str_eq(text + strlen(text) + 1, "LANG=C");
	ck_assert_str_eq(text + strlen(text) + 8, "SECRET=1");
	ck_assert_str_eq(text + strlen(text) + 17, "");
	/* 10 is the script itself, as Debian's sh opens it. */
	snprintf(links, sizeof(links), "/dev/null\n/dev/null\n%s/look\n/dev/null\n/\n", g->dir);
	ck_assert_str_eq(rig_read(g, "links", text, sizeof(text)), links);
	ck_assert_str_eq(rig_read(g, "umask", text, sizeof(text)), "0022\n");
	rig_read(g, "status", text, sizeof(text));
	expect_status(text, "Uid", "0\t0\t0\t0");
	expect_status(text, "Groups", "");
	expect_status(text, "SigBlk", "0000000000000000");
	/* Signals 32 and 33 are glibc's own: it lets nobody change them, whoever ignored them. */
	status_line(text, "SigIgn", ignored, sizeof(ignored));
	ck_assert_uint_eq(strtoull(ignored, NULL, 16) & ~UINT64_C(0x180000000), 0);
	expect_status(text, "CapEff", status_line(text, "CapBnd", bounding, sizeof(bounding)));
	rig_close(g);
}
END_TEST

START_TEST(a_script_leads_its_own_group_at_normal_priority)
{
	struct rig *g = rig_open(&usual);
	char text[64], cls[8];
	int pid, pgid, nice;

	rig_script(g, "look", "echo $$ $(ps -o pgid=,ni=,cls= -p $$) >$D/ps");
	rig_check(g, "look", 60 * SECOND_US);
	rig_await(g, 1);
	rig_read(g, "ps", text, sizeof(text));
	ck_assert_int_eq(sscanf(text, "%d %d %d %7s", &pid, &pgid, &nice, cls), 4);
	ck_assert_int_eq(pid, pgid);
	ck_assert_int_eq(nice, 0);
	ck_assert_str_eq(cls, "TS");
	rig_close(g);
}
END_TEST

START_TEST(a_script_of_a_user_has_no_rights_and_no_groups)
{
	struct rig *g = rig_open(&usual);
	char text[8192], path[128];
	const char *argv[] = { rig_path(g, "look", path), NULL };
	char drop[128];

	rig_script(g, "look", "exec cp /proc/self/status $D/drop/status");
	ck_assert_int_eq(mkdir(rig_path(g, "drop", drop), 0777), 0);
	ck_assert_int_eq(chmod(drop, 0777), 0);
	rig_run_job(g, (struct port_job){
		.argv = argv, .uid = 4321, .gid = 8765, .timeout_us = 60 * SECOND_US });
	rig_await(g, 1);
	rig_expect(g, 1, VR_CHECK_GOOD, 0);
	rig_read(g, "drop/status", text, sizeof(text));
	expect_status(text, "Uid", "4321\t4321\t4321\t4321");
	expect_status(text, "Gid", "8765\t8765\t8765\t8765");
	expect_status(text, "Groups", "");
	expect_status(text, "CapPrm", "0000000000000000");
	expect_status(text, "CapEff", "0000000000000000");
	expect_status(text, "CapAmb", "0000000000000000");
	rig_close(g);
}
END_TEST

/* Puts text in the place of a file of /etc, for this test's process and its children alone. */
static void replace_in_etc(const struct rig *g, const char *name, const char *text)
{
	char path[128], target[64];

	rig_write(g, name, 0644, text);
	snprintf(target, sizeof(target), "/etc/%s", name);
	ck_assert_int_eq(mount(rig_path(g, name, path), target, NULL, MS_BIND, NULL), 0);
}

START_TEST(supplementary_groups_come_when_asked_for)
{
	struct rig *g = calloc(1, sizeof(*g));
	char text[8192], path[128], drop[128];
	const char *argv[] = { path, NULL };

	ck_assert_ptr_nonnull(g);
	ck_assert_int_eq(unshare(CLONE_NEWNS), 0);
	ck_assert_int_eq(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	rig_open_with(g, &usual);
	replace_in_etc(g, "passwd", "hftest:x:4321:8765::/:/bin/sh\n");
	replace_in_etc(g, "group", "one:x:9001:hftest\ntwo:x:9002:other\nthree:x:9003:a,hftest\n");
	rig_script(g, "look", "exec cp /proc/self/status $D/drop/status");
	rig_path(g, "look", path);
	ck_assert_int_eq(mkdir(rig_path(g, "drop", drop), 0777), 0);
	ck_assert_int_eq(chmod(drop, 0777), 0);
	rig_run_job(g, (struct port_job){ .argv = argv, .uid = 4321, .gid = 8765, .groups = true,
					  .timeout_us = 60 * SECOND_US });
	rig_await(g, 1);
	rig_expect(g, 1, VR_CHECK_GOOD, 0);
	rig_read(g, "drop/status", text, sizeof(text));
	expect_status(text, "Gid", "8765\t8765\t8765\t8765");
	expect_status(text, "Groups", "9001 9003");
	rig_close(g);
}
END_TEST

START_TEST(the_runner_has_no_right_over_the_network)
{
	const unsigned long long network = 1ull << 12 | 1ull << 13;	/* NET_ADMIN, NET_RAW */
	struct rig *g = rig_open(&usual);
	char path[64], text[8192], line[64];
	FILE *f;

	rig_check(g, "/usr/bin/true", 60 * SECOND_US);
	rig_await(g, 1);	/* so it has prepared itself */
	snprintf(path, sizeof(path), "/proc/%d/status", (int)g->runner.pid);
	f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	expect_status(text, "Name", "holdfast-runner");
	ck_assert(!(strtoull(status_line(text, "CapEff", line, 64), NULL, 16) & network));
	ck_assert(!(strtoull(status_line(text, "CapPrm", line, 64), NULL, 16) & network));
	ck_assert_uint_eq(strtoull(status_line(text, "CapBnd", line, 64), NULL, 16) & network,
			  network);
	rig_close(g);
}
END_TEST

/* ---- time ---------------------------------------------------------------------------------- */

START_TEST(a_timeout_is_told_at_once_and_ends_the_group)
{
	struct rig *g = rig_open(&quick);
	pid_t leader, member;
	uint32_t id;

	rig_script(g, "hang", "sh -c 'echo $$ >'$D'/member; exec sleep 1000' &\n"
			      "echo $$ >$D/leader; wait");
	id = rig_check(g, "hang", 2 * SECOND_US);
	leader = rig_await_pid(g, "leader");
	member = rig_await_pid(g, "member");
	rig_await(g, 1);
	rig_expect(g, id, VR_CHECK_TIMEOUT, 0);
	ck_assert_int_ge(rig_answer(g, id)->r.took_us, 2 * SECOND_US);
	rig_await_death(leader);
	rig_await_death(member);
	rig_close(g);
}
END_TEST

START_TEST(who_ignores_term_gets_kill)
{
	struct rig *g = rig_open(&quick);
	pid_t leader, member;
	int64_t told;

	/* The leader goes at TERM; its child stays and must not be forgotten. */
	rig_script(g, "deaf", "sh -c 'trap \"\" TERM; echo $$ >'$D'/member; while :; do sleep 1;"
			      " done' &\necho $$ >$D/leader; wait");
	rig_check(g, "deaf", SECOND_US);
	leader = rig_await_pid(g, "leader");
	member = rig_await_pid(g, "member");
	rig_await(g, 1);
	told = rig_now_us();
	rig_expect(g, 1, VR_CHECK_TIMEOUT, 0);
	rig_await_death(leader);
	rig_await_death(member);
	ck_assert_int_ge(rig_now_us() - told, quick.kill_after_us - SECOND_US / 10);
	rig_close(g);
}
END_TEST

START_TEST(a_check_that_is_being_killed_is_not_started_again)
{
	struct runner_options slow = { .kill_after_us = 3600 * SECOND_US };
	struct rig *g = rig_open(&slow);
	uint32_t again, other, in_lane, other_lane;
	pid_t first, second;

	rig_script(g, "deaf", "trap '' TERM; echo $$ >$D/pid$1; while :; do sleep 0.1; done");
	rig_run(g, PORT_JOB_CHECK, 0, SECOND_US, "deaf", "0");
	rig_run(g, PORT_JOB_CHECK, 5, SECOND_US, "deaf", "5");
	first = rig_await_pid(g, "pid0");
	second = rig_await_pid(g, "pid5");
	rig_await(g, 2);
	again = rig_run(g, PORT_JOB_CHECK, 0, SECOND_US, "deaf", "0");
	in_lane = rig_run(g, PORT_JOB_CHECK, 5, SECOND_US, "/usr/bin/true", NULL);
	other = rig_run(g, PORT_JOB_CHECK, 0, 60 * SECOND_US, "/usr/bin/true", NULL);
	other_lane = rig_run(g, PORT_JOB_CHECK, 6, 60 * SECOND_US, "/usr/bin/true", NULL);
	rig_await(g, 6);
	rig_expect(g, again, VR_CHECK_CANNOT_RUN, EBUSY);
	rig_expect(g, in_lane, VR_CHECK_CANNOT_RUN, EBUSY);
	ck_assert_str_eq(rig_answer(g, again)->detail, "the previous run is still being killed");
	rig_expect(g, other, VR_CHECK_GOOD, 0);
	rig_expect(g, other_lane, VR_CHECK_GOOD, 0);

	kill(first, SIGKILL);
	kill(second, SIGKILL);
	/* Its child may live a moment longer; then the check runs again. */
	do {
		rig_sleep_ms(20);
		again = rig_run(g, PORT_JOB_CHECK, 0, SECOND_US, "deaf", "0");
		rig_await(g, again);
	} while (rig_answer(g, again)->r.code == EBUSY && again < 1000);
	rig_expect(g, again, VR_CHECK_TIMEOUT, 0);
	kill(rig_await_pid(g, "pid0"), SIGKILL);
	rig_close(g);
}
END_TEST

START_TEST(a_stopped_script_is_killed_at_its_deadline)
{
	struct rig *g = rig_open(&quick);
	pid_t pid;

	rig_script(g, "stopped", "echo $$ >$D/pid; kill -STOP $$");
	rig_run(g, PORT_JOB_NOTIFY, 3, SECOND_US, "stopped", NULL);
	rig_run(g, PORT_JOB_NOTIFY, 3, 60 * SECOND_US, "/usr/bin/true", NULL);
	pid = rig_await_pid(g, "pid");
	rig_await(g, 2);
	rig_expect(g, 1, VR_CHECK_TIMEOUT, 0);
	rig_expect(g, 2, VR_CHECK_GOOD, 0);
	ck_assert(!rig_alive(pid));	/* the lane waited for it */
	rig_close(g);
}
END_TEST

START_TEST(daemons_that_a_script_starts_live_on)
{
	struct rig *g = rig_open(&quick);
	pid_t daemon;

	rig_script(g, "start", "sh -c 'echo $$ >'$D'/pid; exec sleep 1000' & "
			       "while ! test -s $D/pid; do sleep 0.01; done");
	rig_check(g, "start", 60 * SECOND_US);
	rig_await(g, 1);
	rig_expect(g, 1, VR_CHECK_GOOD, 0);
	daemon = rig_await_pid(g, "pid");
	rig_sleep_ms(600);	/* more than kill_after_us */
	ck_assert(rig_alive(daemon));
	kill(daemon, SIGKILL);
	rig_close(g);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("runner");
	TCase *t = tcase_create("runner");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 240);
	tcase_add_test(t, exit_status_and_signals_are_told_apart);
	tcase_add_test(t, a_name_without_slash_is_searched);
	tcase_add_test(t, what_cannot_run_names_the_component);
	tcase_add_test(t, a_text_without_a_head_is_run_by_the_shell);
	tcase_add_test(t, another_user_gets_the_environment_by_permission);
	tcase_add_test(t, a_guarded_script_is_judged_before_each_run);
	tcase_add_test(t, a_guarded_name_is_run_where_it_was_found);
	tcase_add_test(t, a_script_starts_from_a_clean_state);
	tcase_add_test(t, a_script_leads_its_own_group_at_normal_priority);
	tcase_add_test(t, a_script_of_a_user_has_no_rights_and_no_groups);
	tcase_add_test(t, supplementary_groups_come_when_asked_for);
	tcase_add_test(t, the_runner_has_no_right_over_the_network);
	tcase_add_test(t, a_timeout_is_told_at_once_and_ends_the_group);
	tcase_add_test(t, who_ignores_term_gets_kill);
	tcase_add_test(t, a_check_that_is_being_killed_is_not_started_again);
	tcase_add_test(t, a_stopped_script_is_killed_at_its_deadline);
	tcase_add_test(t, daemons_that_a_script_starts_live_on);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
