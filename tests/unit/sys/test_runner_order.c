/*
 * Who runs when, with real processes: lanes, what is left out of them, what is told of them, and
 * what becomes of everything when the daemon goes.
 */
#include "script_rig.h"

static const struct runner_options usual;
static const struct runner_options quick = { .kill_after_us = SECOND_US / 4 };

/* ---- order --------------------------------------------------------------------------------- */

START_TEST(a_lane_runs_one_at_a_time_and_in_order)
{
	struct rig *g = rig_open(&usual);
	char text[512], expected[512] = "";

	rig_script(g, "step", "mkdir $D/busy || exit 9\n"
			      "test $(($1 % 3)) = 0 && sleep 0.05\n"
			      "echo $1 >>$D/order; rmdir $D/busy");
	for (int i = 1; i <= 20; i++) {
		char number[16];

		snprintf(number, sizeof(number), "%d", i);
		rig_run(g, PORT_JOB_NOTIFY, 77, 60 * SECOND_US, "step", number);
		snprintf(expected + strlen(expected), 16, "%d\n", i);
	}
	rig_await(g, 20);
	for (uint32_t i = 1; i <= 20; i++)
		rig_expect(g, i, VR_CHECK_GOOD, 0);
	ck_assert_str_eq(rig_read(g, "order", text, sizeof(text)), expected);
	rig_close(g);
}
END_TEST

START_TEST(a_slow_lane_holds_nobody_else)
{
	struct rig *g = rig_open(&usual);
	uint32_t slow, same, other, none;

	rig_script(g, "slow", "while ! test -e $D/go; do sleep 0.02; done");
	slow = rig_run(g, PORT_JOB_NOTIFY, 1, 60 * SECOND_US, "slow", NULL);
	same = rig_run(g, PORT_JOB_NOTIFY, 1, 60 * SECOND_US, "/usr/bin/true", NULL);
	other = rig_run(g, PORT_JOB_NOTIFY, 257, 60 * SECOND_US, "/usr/bin/true", NULL);
	none = rig_run(g, PORT_JOB_CHECK, 0, 60 * SECOND_US, "/usr/bin/true", NULL);
	rig_await(g, 2);
	rig_expect(g, other, VR_CHECK_GOOD, 0);
	rig_expect(g, none, VR_CHECK_GOOD, 0);
	rig_write(g, "go", 0644, "");
	rig_await(g, 4);
	rig_expect(g, slow, VR_CHECK_GOOD, 0);
	rig_expect(g, same, VR_CHECK_GOOD, 0);
	ck_assert_uint_eq(g->v[3].r.id, same);
	rig_close(g);
}
END_TEST

START_TEST(a_full_lane_drops_its_oldest)
{
	struct runner_options four = { .lane_depth = 4 };
	struct rig *g = rig_open(&four);

	rig_script(g, "first", "while ! test -e $D/go; do sleep 0.02; done");
	rig_run(g, PORT_JOB_NOTIFY, 1, 60 * SECOND_US, "first", NULL);
	for (int i = 0; i < 6; i++)
		rig_run(g, PORT_JOB_NOTIFY, 1, 60 * SECOND_US, "/usr/bin/true", NULL);
	rig_await(g, 2);
	rig_expect(g, 2, VR_CHECK_CANNOT_RUN, ECANCELED);
	rig_expect(g, 3, VR_CHECK_CANNOT_RUN, ECANCELED);
	ck_assert_ptr_nonnull(strstr(rig_answer(g, 2)->detail, "superseded"));
	rig_write(g, "go", 0644, "");
	rig_await(g, 7);
	for (uint32_t i = 4; i <= 7; i++)
		rig_expect(g, i, VR_CHECK_GOOD, 0);
	rig_close(g);
}
END_TEST

START_TEST(the_number_of_processes_is_bounded)
{
	struct runner_options two = { .max_running = 2 };
	struct rig *g = rig_open(&two);
	uint32_t late, waiting;

	rig_script(g, "hold", "echo >$D/held$1; while ! test -e $D/go; do sleep 0.02; done");
	rig_run(g, PORT_JOB_CHECK, 0, 60 * SECOND_US, "hold", "1");
	rig_run(g, PORT_JOB_CHECK, 0, 60 * SECOND_US, "hold", "2");
	rig_await_file(g, "held1");
	rig_await_file(g, "held2");
	late = rig_check(g, "/usr/bin/true", 60 * SECOND_US);
	waiting = rig_run(g, PORT_JOB_NOTIFY, 0, 60 * SECOND_US, "/usr/bin/true", NULL);
	rig_await(g, 1);
	rig_expect(g, late, VR_CHECK_CANNOT_RUN, EAGAIN);
	rig_write(g, "go", 0644, "");
	rig_await(g, 4);
	rig_expect(g, waiting, VR_CHECK_GOOD, 0);
	rig_close(g);
}
END_TEST

/* Waits behind "first" in lane 1 until the file "go" is there; SAY is what it writes. */
static uint32_t notify(struct rig *g, const char *say, enum port_job_rank rank, uint32_t change)
{
	char path[128];
	const char *argv[] = { rig_path(g, "say", path), say, NULL };

	return rig_run_job(g, (struct port_job){
		.kind = PORT_JOB_NOTIFY, .lane = 1, .argv = argv, .rank = rank, .change = change,
		.timeout_us = 3600 * SECOND_US });
}

/* A lane that is held. */
static struct rig *held_lane(const struct runner_options *o)
{
	struct rig *g = rig_open(o);

	rig_script(g, "say", "echo $1 >>$D/said");
	rig_script(g, "first", "echo first >>$D/said; echo $$ >$D/pid; trap 'exit 0' TERM\n"
			       "while ! test -e $D/go; do sleep 0.02; done");
	rig_run(g, PORT_JOB_NOTIFY, 1, 3600 * SECOND_US, "first", NULL);
	rig_await_pid(g, "pid");
	return g;
}

START_TEST(what_waits_is_overtaken_by_a_newer_state)
{
	struct runner_options o = { .overtake_us = SECOND_US / 10 };
	struct rig *g = held_lane(&o);
	uint32_t backup[2], lower[2], fault[2];
	char text[128];

	backup[0] = notify(g, "backup", PORT_JOB_STATE, 1);
	backup[1] = notify(g, "any-backup", PORT_JOB_STATE, 1);
	lower[0] = notify(g, "lower", PORT_JOB_EVENT, 2);
	lower[1] = notify(g, "lower", PORT_JOB_EVENT, 3);
	notify(g, "stop", PORT_JOB_LAST, 3);
	rig_sleep_ms(200);
	fault[0] = notify(g, "fault", PORT_JOB_STATE, 4);
	fault[1] = notify(g, "any-fault", PORT_JOB_STATE, 4);
	rig_await(g, 3);
	rig_expect(g, backup[0], VR_CHECK_CANNOT_RUN, ECANCELED);
	rig_expect(g, backup[1], VR_CHECK_CANNOT_RUN, ECANCELED);
	rig_expect(g, lower[0], VR_CHECK_CANNOT_RUN, ECANCELED);
	ck_assert_ptr_nonnull(strstr(rig_answer(g, backup[0])->detail, "overtaken"));
	rig_write(g, "go", 0644, "");
	rig_await(g, 8);
	rig_expect(g, fault[0], VR_CHECK_GOOD, 0);
	rig_expect(g, fault[1], VR_CHECK_GOOD, 0);
	ck_assert_str_eq(rig_read(g, "said", text, sizeof(text)),
			 "first\nlower\nstop\nfault\nany-fault\n");
	rig_close(g);
}
END_TEST

/* A lane that moves tells each state. */
START_TEST(what_has_just_come_is_not_overtaken)
{
	struct runner_options o = { .overtake_us = 3600 * SECOND_US };
	struct rig *g = held_lane(&o);
	char text[128];

	notify(g, "backup", PORT_JOB_STATE, 1);
	notify(g, "master", PORT_JOB_STATE, 2);
	notify(g, "fault", PORT_JOB_STATE, 3);
	rig_write(g, "go", 0644, "");
	rig_await(g, 4);
	ck_assert_str_eq(rig_read(g, "said", text, sizeof(text)),
			 "first\nbackup\nmaster\nfault\n");
	rig_close(g);
}
END_TEST

/* The lane is told to be held, and so many to wait in it. */
static void await_wait(struct rig *g, uint32_t waiting)
{
	int64_t end = rig_now_us() + RIG_PATIENCE_MS * 1000;

	while (!g->wait.script || g->wait.waiting != waiting) {
		struct pollfd p = { .fd = jobs_fd(g->jobs), .events = POLLIN };

		ck_assert_msg(rig_now_us() < end, "told %zu times, %u wait", g->n_waits,
			      g->wait.waiting);
		if (poll(&p, 1, 100) > 0)
			jobs_readable(g->jobs);
	}
}

/* All of them came in the moment before the lane was held for long. */
START_TEST(what_is_overtaken_is_not_run_when_the_lane_is_free)
{
	struct runner_options o = { .overtake_us = SECOND_US, .tell_us = SECOND_US / 10 };
	struct rig *g = held_lane(&o);
	char text[128];

	notify(g, "backup", PORT_JOB_STATE, 1);
	notify(g, "master", PORT_JOB_STATE, 2);
	await_wait(g, 2);		/* it has both, */
	rig_sleep_ms(1100);		/* and has had them for so long */
	rig_write(g, "go", 0644, "");
	rig_await(g, 3);
	ck_assert_str_eq(rig_read(g, "said", text, sizeof(text)), "first\nmaster\n");
	rig_close(g);
}
END_TEST

START_TEST(what_must_run_is_never_dropped)
{
	struct runner_options o = { .lane_depth = 2, .overtake_us = 1 };
	struct rig *g = held_lane(&o);
	uint32_t state;

	for (uint32_t i = 0; i < 4; i++)
		notify(g, "stop", PORT_JOB_LAST, i);
	state = notify(g, "master", PORT_JOB_STATE, 9);
	rig_await(g, 1);
	rig_expect(g, state, VR_CHECK_CANNOT_RUN, ECANCELED);	/* beyond the depth */
	rig_write(g, "go", 0644, "");
	rig_await(g, 6);
	for (uint32_t id = 2; id <= 5; id++)
		rig_expect(g, id, VR_CHECK_GOOD, 0);
	rig_close(g);
}
END_TEST

START_TEST(a_lane_that_is_held_is_told)
{
	struct runner_options o = { .tell_us = SECOND_US / 10 };
	struct rig *g = held_lane(&o);
	char path[128];

	await_wait(g, 0);
	ck_assert_uint_eq(g->wait.lane, 1);
	ck_assert_str_eq(g->wait.script, rig_path(g, "first", path));
	ck_assert_int_ge(g->wait.running_us, SECOND_US / 10);
	notify(g, "fault", PORT_JOB_STATE, 4);
	notify(g, "any", PORT_JOB_STATE, 4);
	await_wait(g, 2);
	rig_write(g, "go", 0644, "");
	rig_await(g, 3);
	/* On a busy host the others hold it for that long as well. */
	ck_assert_uint_gt(g->n_overs, 0);
	ck_assert_uint_eq(g->over.waiting, 2);
	ck_assert_uint_eq(g->over.lane, 1);
	rig_close(g);
}
END_TEST

START_TEST(a_notify_script_that_fails_is_named)
{
	struct rig *g = rig_open(&quick);
	char path[128];

	rig_script(g, "three", "exit 3");
	rig_script(g, "slow", "exec sleep 1000");
	rig_run(g, PORT_JOB_NOTIFY, 1, 60 * SECOND_US, "three", NULL);
	rig_run(g, PORT_JOB_NOTIFY, 1, SECOND_US / 10, "slow", NULL);
	rig_await(g, 2);
	rig_expect(g, 1, VR_CHECK_EXIT, 3);
	rig_expect(g, 2, VR_CHECK_TIMEOUT, 0);
	ck_assert_str_eq(rig_answer(g, 1)->detail, rig_path(g, "three", path));
	ck_assert_str_eq(rig_answer(g, 2)->detail, rig_path(g, "slow", path));
	rig_close(g);
}
END_TEST

/* ---- the end ------------------------------------------------------------------------------- */

START_TEST(after_the_engine_notify_scripts_are_still_run)
{
	struct rig *g = rig_open(&usual);
	char text[64];
	pid_t runner = g->runner.pid;

	/* until the runner has closed its socket, its first descriptor, to the engine */
	rig_script(g, "check", "echo >$D/began\n"
			       "while test -e /proc/$PPID/fd/3; do sleep 0.02; done\n"
			       "echo >$D/check-finished");
	rig_script(g, "never", "echo >$D/never-ran");
	rig_script(g, "notify", "sleep 0.1; echo $1 >>$D/order");
	rig_run(g, PORT_JOB_CHECK, 8, 60 * SECOND_US, "check", NULL);
	rig_run(g, PORT_JOB_CHECK, 8, 60 * SECOND_US, "never", NULL);
	rig_run(g, PORT_JOB_NOTIFY, 9, 60 * SECOND_US, "notify", "BACKUP");
	rig_run(g, PORT_JOB_NOTIFY, 9, 60 * SECOND_US, "notify", "FAULT");
	rig_run(g, PORT_JOB_NOTIFY, 9, 60 * SECOND_US, "notify", "STOP");
	rig_await_file(g, "began");
	jobs_close(g->jobs);
	ck_assert_int_eq(rig_wait_runner(g), 0);
	ck_assert(!rig_alive(runner));
	ck_assert(rig_exists(g, "check-finished"));
	ck_assert(!rig_exists(g, "never-ran"));
	ck_assert_str_eq(rig_read(g, "order", text, sizeof(text)), "BACKUP\nFAULT\nSTOP\n");
	rig_forget(g);
}
END_TEST

/* A script that does not end holds what waits for the end of the daemon no longer than HURRY_US. */
START_TEST(a_stop_runs_what_must_run)
{
	struct runner_options o = {
		.hurry_us = 5 * SECOND_US, .kill_after_us = SECOND_US / 4, .overtake_us = 1 << 30,
	};
	struct rig *g = held_lane(&o);
	char text[128];
	pid_t hang;

	rig_script(g, "hang", "trap '' TERM; echo hang >>$D/said; echo $$ >$D/hang-pid\n"
			      "while :; do sleep 0.1; done");
	notify(g, "backup", PORT_JOB_STATE, 1);
	notify(g, "master", PORT_JOB_STATE, 2);
	rig_run(g, PORT_JOB_NOTIFY, 1, 3600 * SECOND_US, "hang", NULL);
	notify(g, "stop", PORT_JOB_LAST, 3);
	notify(g, "any-stop", PORT_JOB_LAST, 3);
	jobs_close(g->jobs);
	rig_write(g, "go", 0644, "");
	hang = rig_await_pid(g, "hang-pid");
	ck_assert_int_eq(rig_wait_runner(g), 0);
	ck_assert(!rig_alive(hang));
	/* "hang" is of state 0, so "master" is not the last one. */
	ck_assert_str_eq(rig_read(g, "said", text, sizeof(text)),
			 "first\nhang\nstop\nany-stop\n");
	rig_forget(g);
}
END_TEST

/* The engine leaves answers unread: its last jobs count all the same. */
START_TEST(unread_answers_do_not_lose_the_last_jobs)
{
	struct rig *g = rig_open(&usual);
	struct pollfd p = { .fd = jobs_fd(g->jobs), .events = POLLIN };

	rig_script(g, "stop", "echo >$D/stopped");
	rig_check(g, "/usr/bin/true", 60 * SECOND_US);
	ck_assert_int_eq(poll(&p, 1, RIG_PATIENCE_MS), 1);
	ck_assert_int_eq(kill(g->runner.pid, SIGSTOP), 0);
	rig_run(g, PORT_JOB_NOTIFY, 1, 60 * SECOND_US, "stop", NULL);
	jobs_close(g->jobs);
	ck_assert_int_eq(kill(g->runner.pid, SIGCONT), 0);
	ck_assert_int_eq(rig_wait_runner(g), 0);
	ck_assert(rig_exists(g, "stopped"));
	rig_forget(g);
}
END_TEST

START_TEST(the_runner_does_not_outlive_its_limit)
{
	struct runner_options brief = {
		.kill_after_us = SECOND_US / 2, .drain_us = 2 * SECOND_US, .hurry_us = SECOND_US,
	};
	struct rig *g = rig_open(&brief);
	int64_t closed;
	pid_t deaf;

	rig_script(g, "deaf", "trap '' TERM; echo $$ >$D/pid; while :; do sleep 0.1; done");
	rig_run(g, PORT_JOB_NOTIFY, 1, 3600 * SECOND_US, "deaf", NULL);
	rig_run(g, PORT_JOB_NOTIFY, 1, 3600 * SECOND_US, "deaf", NULL);
	deaf = rig_await_pid(g, "pid");
	closed = rig_now_us();
	jobs_close(g->jobs);
	ck_assert_int_eq(rig_wait_runner(g), 0);
	ck_assert_int_ge(rig_now_us() - closed, 2 * SECOND_US);
	rig_await_death(deaf);
	rig_forget(g);
}
END_TEST

START_TEST(term_does_not_end_the_runner)
{
	struct rig *g = rig_open(&usual);

	rig_check(g, "/usr/bin/true", 60 * SECOND_US);
	rig_await(g, 1);
	for (int signo = 1; signo < 16; signo++)
		if (signo == SIGTERM || signo == SIGINT || signo == SIGHUP)
			ck_assert_int_eq(kill(g->runner.pid, signo), 0);
	rig_check(g, "/usr/bin/true", 60 * SECOND_US);
	rig_await(g, 2);
	rig_expect(g, 2, VR_CHECK_GOOD, 0);
	rig_close(g);
}
END_TEST

/*
 * "service keepalived stop" from inside a check: the script ends the daemon, waits until it is
 * gone, and goes on. ENGINE is a process of its own that dies of TERM as the daemon exits.
 */
START_TEST(a_check_may_stop_the_daemon_and_finish)
{
	struct rig *g = calloc(1, sizeof(*g));
	pid_t engine, runner;
	int status;

	ck_assert_ptr_nonnull(g);
	rig_dir(g);
	rig_script(g, "stop", "engine=$1; kill -TERM $engine\n"
			      "while test -e /proc/$engine/cmdline -a -n \"$(tr -d '\\0' "
			      "</proc/$engine/cmdline)\"; do sleep 0.02; done\n"
			      "sleep 0.2; echo >$D/finished");
	engine = fork();
	ck_assert_int_ge(engine, 0);
	if (engine == 0) {
		const char *argv[3] = { NULL };
		char path[128], self[16], pid[32];
		struct jobs *jobs;

		signal(SIGTERM, SIG_DFL);	/* Check has its own idea */
		snprintf(self, sizeof(self), "%d", (int)getpid());
		argv[0] = rig_path(g, "stop", path);
		argv[1] = self;
		if (runner_spawn(&g->runner, &usual))
			_exit(2);
		rig_allow(g, &(struct port_job){ .argv = argv });
		snprintf(pid, sizeof(pid), "%d\n", (int)g->runner.pid);
		rig_write(g, "runner", 0644, pid);
		jobs = jobs_open(g->runner.fd, &g->events, &log_null);
		jobs_run(jobs, &(struct port_job){
			.id = 1, .argv = argv, .timeout_us = 60 * SECOND_US });
		for (;;)
			pause();
	}
	runner = rig_await_pid(g, "runner");
	ck_assert_int_eq(waitpid(engine, &status, 0), engine);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	rig_await_file(g, "finished");
	rig_await_death(runner);
	rig_forget(g);
}
END_TEST

START_TEST(nothing_is_left_behind)
{
	struct rig *g = rig_open(&quick);
	char path[64], text[256];
	FILE *f;

	rig_script(g, "hang", "sleep 1000");
	for (int i = 0; i < 50; i++)
		rig_check(g, i % 2 ? "/usr/bin/true" : "/usr/bin/false", 60 * SECOND_US);
	rig_check(g, "hang", SECOND_US / 5);
	rig_await(g, 51);
	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)g->runner.pid,
		 (int)g->runner.pid);
	for (int64_t end = rig_now_us() + RIG_PATIENCE_MS * 1000;; rig_sleep_ms(5)) {
		f = fopen(path, "r");
		ck_assert_ptr_nonnull(f);
		text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
		fclose(f);
		if (!text[0])
			break;
		ck_assert_msg(rig_now_us() < end, "children: %s", text);
	}
	rig_close(g);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("runner_order");
	TCase *t = tcase_create("order");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 240);
	tcase_add_test(t, a_lane_runs_one_at_a_time_and_in_order);
	tcase_add_test(t, a_slow_lane_holds_nobody_else);
	tcase_add_test(t, a_full_lane_drops_its_oldest);
	tcase_add_test(t, what_waits_is_overtaken_by_a_newer_state);
	tcase_add_test(t, what_has_just_come_is_not_overtaken);
	tcase_add_test(t, what_is_overtaken_is_not_run_when_the_lane_is_free);
	tcase_add_test(t, what_must_run_is_never_dropped);
	tcase_add_test(t, a_lane_that_is_held_is_told);
	tcase_add_test(t, a_notify_script_that_fails_is_named);
	tcase_add_test(t, a_stop_runs_what_must_run);
	tcase_add_test(t, the_number_of_processes_is_bounded);
	tcase_add_test(t, after_the_engine_notify_scripts_are_still_run);
	tcase_add_test(t, unread_answers_do_not_lose_the_last_jobs);
	tcase_add_test(t, the_runner_does_not_outlive_its_limit);
	tcase_add_test(t, term_does_not_end_the_runner);
	tcase_add_test(t, a_check_may_stop_the_daemon_and_finish);
	tcase_add_test(t, nothing_is_left_behind);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
