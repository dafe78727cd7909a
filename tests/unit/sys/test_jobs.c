/*
 * The promise of jobs.h: every job is answered exactly once, whatever becomes of the runner.
 */
#include <poll.h>
#include <sys/socket.h>

#include "script_rig.h"
#include "sys/runner_wire.h"

static const struct runner_options usual;

START_TEST(a_dead_runner_answers_everything_once)
{
	struct rig *g = rig_open(&usual);
	pid_t orphan[2];

	rig_script(g, "hold", "echo $$ >$D/$1; exec sleep 1000");
	rig_run(g, PORT_JOB_CHECK, 0, 3600 * SECOND_US, "hold", "check");
	for (int i = 0; i < 5; i++)
		rig_run(g, PORT_JOB_NOTIFY, 4, 3600 * SECOND_US, "hold", "notify");
	orphan[0] = rig_await_pid(g, "check");
	orphan[1] = rig_await_pid(g, "notify");
	ck_assert(jobs_alive(g->jobs));
	int kept = dup(g->runner.fd);		/* as the keeper has it */
	ck_assert_int_eq(kill(g->runner.pid, SIGKILL), 0);
	rig_await(g, 6);
	for (uint32_t id = 1; id <= 6; id++)
		rig_expect(g, id, VR_CHECK_CANNOT_RUN, EPIPE);
	ck_assert_str_eq(rig_answer(g, 1)->detail, "the script runner has died");
	ck_assert(!jobs_alive(g->jobs));
	ck_assert_uint_eq(jobs_outstanding(g->jobs), 0);

	/* It is said once, and later jobs are answered too. */
	rig_check(g, "/usr/bin/true", SECOND_US);
	rig_await(g, 7);
	rig_expect(g, 7, VR_CHECK_CANNOT_RUN, EPIPE);
	ck_assert_uint_eq(g->errors_logged, 1);
	ck_assert_ptr_nonnull(strstr(g->last_error, "is gone"));
	/* Nor does the loop go round and round about it. */
	ck_assert_int_eq(poll(&(struct pollfd){ .fd = jobs_fd(g->jobs), .events = POLLIN }, 1, 0),
			 0);
	close(kept);
	ck_assert_int_eq(kill(orphan[0], SIGKILL), 0);
	ck_assert_int_eq(kill(orphan[1], SIGKILL), 0);
	rig_close(g);
}
END_TEST

START_TEST(results_that_were_sent_before_death_count)
{
	struct rig *g = rig_open(&usual);
	struct pollfd p = { .fd = jobs_fd(g->jobs), .events = POLLIN };

	rig_check(g, "/usr/bin/true", 60 * SECOND_US);
	ck_assert_int_eq(poll(&p, 1, RIG_PATIENCE_MS), 1);
	ck_assert_int_eq(kill(g->runner.pid, SIGSTOP), 0);
	rig_check(g, "/usr/bin/true", 60 * SECOND_US);
	ck_assert_int_eq(kill(g->runner.pid, SIGKILL), 0);
	rig_await(g, 2);
	rig_expect(g, 1, VR_CHECK_GOOD, 0);
	rig_expect(g, 2, VR_CHECK_CANNOT_RUN, EPIPE);
	rig_close(g);
}
END_TEST

/* The keeper holds the socket for the next engine: the loop must not spin on what was buried. */
START_TEST(a_dead_runner_is_silent_though_its_socket_is_held_elsewhere)
{
	struct rig *g = rig_open(&usual);
	struct pollfd p = { .fd = jobs_fd(g->jobs), .events = POLLIN };
	int held = dup(g->runner.fd);

	ck_assert_int_ge(held, 0);
	ck_assert_int_eq(kill(g->runner.pid, SIGKILL), 0);
	ck_assert_int_eq(poll(&p, 1, RIG_PATIENCE_MS), 1);
	jobs_readable(g->jobs);
	ck_assert(!jobs_alive(g->jobs));
	ck_assert_int_eq(poll(&p, 1, 0), 0);
	close(held);
	rig_close(g);
}
END_TEST

START_TEST(a_new_runner_takes_over)
{
	struct rig *g = rig_open(&usual);
	int fd = jobs_fd(g->jobs);

	ck_assert_int_eq(kill(g->runner.pid, SIGKILL), 0);
	rig_check(g, "/usr/bin/true", 60 * SECOND_US);
	rig_await(g, 1);
	ck_assert(!jobs_alive(g->jobs));
	ck_assert_int_eq(runner_spawn(&g->runner, &usual), 0);
	rig_allow(g, NULL);
	ck_assert_int_eq(jobs_restart(g->jobs, g->runner.fd), 0);
	ck_assert(jobs_alive(g->jobs));
	ck_assert_int_eq(jobs_fd(g->jobs), fd);
	rig_check(g, "/usr/bin/true", 60 * SECOND_US);
	rig_await(g, 2);
	rig_expect(g, 2, VR_CHECK_GOOD, 0);
	rig_close(g);
}
END_TEST

/* The next job is asked for while an answer is delivered, as the engine does. */
static void run_next(void *ctx, const struct port_job_result *r)
{
	struct rig *g = ctx;

	rig_answered(g, r);
	if (r->id < 20)
		rig_check(g, "/usr/bin/true", 60 * SECOND_US);
}

START_TEST(an_answer_may_ask_for_the_next_job)
{
	struct rig *g = rig_open(&usual);

	g->events.job_done = run_next;
	rig_check(g, "/usr/bin/true", 60 * SECOND_US);
	rig_await(g, 10);
	ck_assert_int_eq(kill(g->runner.pid, SIGKILL), 0);
	rig_await(g, 20);
	for (uint32_t id = 1; id <= 20; id++)
		rig_answer(g, id);
	rig_close(g);
}
END_TEST

START_TEST(an_impossible_command_line_is_refused)
{
	struct rig *g = rig_open(&usual);
	char *long_word = malloc(WIRE_JOB_MAX);
	const char *many[WIRE_ARGC_MAX + 2], *none[] = { NULL }, *empty[] = { "", NULL };
	const char *large[] = { "/usr/bin/true", long_word, NULL };
	const char *plain[] = { "/usr/bin/true", NULL };

	ck_assert_ptr_nonnull(long_word);
	memset(long_word, 'x', WIRE_JOB_MAX - 1);
	long_word[WIRE_JOB_MAX - 1] = '\0';
	for (int i = 0; i <= WIRE_ARGC_MAX; i++)
		many[i] = "x";
	many[WIRE_ARGC_MAX + 1] = NULL;
	rig_run_unasked(g, (struct port_job){ .argv = large, .timeout_us = SECOND_US });
	rig_run_unasked(g, (struct port_job){ .argv = many, .timeout_us = SECOND_US });
	rig_run_unasked(g, (struct port_job){ .argv = none, .timeout_us = SECOND_US });
	rig_run_unasked(g, (struct port_job){ .argv = empty, .timeout_us = SECOND_US });
	rig_run_unasked(g, (struct port_job){ .argv = plain, .uid = UINT32_MAX,
					      .timeout_us = SECOND_US });
	rig_await(g, 5);
	rig_expect(g, 1, VR_CHECK_CANNOT_RUN, E2BIG);
	rig_expect(g, 2, VR_CHECK_CANNOT_RUN, E2BIG);
	rig_expect(g, 3, VR_CHECK_CANNOT_RUN, EINVAL);
	rig_expect(g, 4, VR_CHECK_CANNOT_RUN, EINVAL);
	rig_expect(g, 5, VR_CHECK_CANNOT_RUN, EINVAL);
	free(long_word);
	rig_close(g);
}
END_TEST

START_TEST(a_burst_is_neither_lost_nor_doubled)
{
	enum { BURST = 500 };
	struct rig *g = rig_open(&usual);

	for (uint32_t i = 0; i < BURST; i++)
		rig_run(g, PORT_JOB_NOTIFY, 1 + i % 100, 3600 * SECOND_US, "/usr/bin/true", NULL);
	rig_await(g, BURST);
	for (uint32_t id = 1; id <= BURST; id++)
		rig_expect(g, id, VR_CHECK_GOOD, 0);
	ck_assert_uint_eq(jobs_outstanding(g->jobs), 0);
	rig_close(g);
}
END_TEST

/* A runner that does not read: what does not fit is refused from the loop, and nothing blocks. */
START_TEST(a_stalled_runner_does_not_block)
{
	enum { MANY = 7000 };
	struct rig *g = rig_open(&usual);
	char *word = malloc(8000);
	const char *argv[] = { "/usr/bin/true", word, NULL };
	size_t refused = 0;

	ck_assert_ptr_nonnull(word);
	memset(word, 'x', 7999);
	word[7999] = '\0';
	ck_assert_int_eq(kill(g->runner.pid, SIGSTOP), 0);
	for (int i = 0; i < MANY; i++)
		rig_run_job(g, (struct port_job){ .argv = argv, .kind = PORT_JOB_NOTIFY, .lane = 1,
						  .timeout_us = 60 * SECOND_US });
	ck_assert_uint_eq(g->n, 0);
	jobs_readable(g->jobs);
	refused = g->n;
	ck_assert_uint_gt(refused, 0);
	ck_assert_uint_lt(refused, MANY);
	ck_assert_int_eq(kill(g->runner.pid, SIGCONT), 0);
	rig_await(g, MANY);
	for (size_t i = 0; i < refused; i++)
		ck_assert_int_eq(g->v[i].r.code, EAGAIN);
	free(word);
	rig_close(g);
}
END_TEST

static void count(void *ctx, const struct port_job_result *r)
{
	struct rig *g = ctx;

	ck_assert_int_eq(r->result, VR_CHECK_CANNOT_RUN);
	g->n++;
}

/* However many are asked for: notify scripts leave room for checks, beyond that none is taken, and
 * all that were are answered. */
START_TEST(no_number_of_jobs_is_too_many)
{
	enum { MOST = 65536 };
	struct rig *g = rig_open(&usual);
	const char *argv[] = { "/usr/bin/true", NULL };
	struct port_job job = { .argv = argv, .kind = PORT_JOB_NOTIFY, .lane = 1,
				.timeout_us = 60 * SECOND_US };
	uint32_t taken = 0;

	g->events.job_done = count;
	ck_assert_int_eq(kill(g->runner.pid, SIGKILL), 0);
	for (job.id = 1; job.id <= MOST; job.id++)
		taken += jobs_run(g->jobs, &job);
	ck_assert_uint_eq(taken, MOST / 2);
	job.kind = PORT_JOB_CHECK;
	for (; job.id <= 3 * MOST; job.id++)
		taken += jobs_run(g->jobs, &job);
	ck_assert_uint_eq(taken, MOST);
	for (int i = 0; i < MOST && jobs_outstanding(g->jobs); i++)
		jobs_readable(g->jobs);
	ck_assert_uint_eq(g->n, taken);
	ck_assert(jobs_run(g->jobs, &job));
	rig_close(g);
}
END_TEST

/* Noise in the place of jobs, as from an engine that is not itself any more. */
START_TEST(noise_does_not_disturb_the_runner)
{
	struct rig *g = calloc(1, sizeof(*g));
	const char *argv[] = { "/usr/bin/true", "x", NULL };
	struct port_job job = { .id = 9, .argv = argv, .timeout_us = 60 * SECOND_US };
	char good[WIRE_JOB_MAX], bad[WIRE_JOB_MAX + 4096];
	size_t len = wire_put_job(good, &job);
	unsigned seed = 1;

	ck_assert_ptr_nonnull(g);
	rig_open_with(g, &usual);
	for (int round = 0; round < 20000; round++) {
		size_t n = (size_t)rand_r(&seed) % sizeof(bad);

		if (round % 2) {
			for (size_t i = 0; i < n; i++)
				bad[i] = (char)rand_r(&seed);
		} else {
			/* A good one, cut, or with another length or count. */
			n = (size_t)rand_r(&seed) % (len + 1);
			memcpy(bad, good, len);
			if (n == len)
				bad[24 + rand_r(&seed) % 8] ^= (char)(1 + rand_r(&seed) % 255);
		}
		if (n)
			send(g->runner.fd, bad, n, MSG_NOSIGNAL);
	}
	/* it may not yet have read all of it, and then there is no room */
	do {
		rig_sleep_ms(50);
		rig_check(g, "/usr/bin/true", 3600 * SECOND_US);
		rig_await(g, g->next_id);
	} while (rig_answer(g, g->next_id)->r.code == EAGAIN);
	rig_expect(g, g->next_id, VR_CHECK_GOOD, 0);
	rig_close(g);
}
END_TEST

/* The number by which the runner's end PAIR is to answer the next job. */
static uint32_t asked_for(int pair)
{
	const char *argv[WIRE_ARGC_MAX + 1];
	char message[WIRE_JOB_MAX];
	struct port_job job;
	ssize_t n = recv(pair, message, sizeof(message), 0);

	ck_assert_int_gt(n, 0);
	ck_assert(wire_get_job(message, (size_t)n, &job, argv));
	return job.id;
}

static void ends_badly(void *ctx, const struct port_job_result *r)
{
	uint32_t *answered = ctx;

	ck_assert_int_eq(r->result, VR_CHECK_EXIT);
	*answered = r->id;
}

/* The runner stays, the engine does not: the next one asks by the same number for something else,
 * and first hears of what the last one wanted to know. */
START_TEST(an_answer_to_another_engine_is_nobody_s)
{
	const char *argv[] = { "/usr/bin/true", NULL };
	struct port_job job = { .id = 7, .argv = argv, .timeout_us = SECOND_US };
	struct port_job_result good = { .result = VR_CHECK_GOOD };
	struct port_job_result bad = { .result = VR_CHECK_EXIT };
	uint32_t answered = 0;
	struct port_events events = { .ctx = &answered, .job_done = ends_badly };
	char message[WIRE_RESULT_MAX];
	int pair[2], again;

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, pair), 0);
	again = dup(pair[0]);
	struct jobs *first = jobs_open(pair[0], &events, &log_null);
	ck_assert(first && jobs_run(first, &job));
	good.id = asked_for(pair[1]);
	jobs_close(first);
	rig_sleep_ms(1);
	struct jobs *second = jobs_open(again, &events, &log_null);
	ck_assert(second && jobs_run(second, &job));
	bad.id = asked_for(pair[1]);
	ck_assert_int_gt(send(pair[1], message, wire_put_result(message, &good), 0), 0);
	ck_assert_int_gt(send(pair[1], message, wire_put_result(message, &bad), 0), 0);
	jobs_readable(second);
	ck_assert_uint_eq(answered, 7);
	ck_assert_uint_eq(jobs_outstanding(second), 0);
	jobs_close(second);
	close(pair[1]);
}
END_TEST

/* The other way round: a runner that answers nonsense, twice, or for jobs that never were. */
START_TEST(nonsense_from_the_runner_is_ignored)
{
	struct rig *g = calloc(1, sizeof(*g));
	struct port_job_result good = { .result = VR_CHECK_EXIT, .code = 4, .detail = "as told" };
	struct port_job_result alien = { .result = VR_CHECK_GOOD };
	const char *argv[] = { "/usr/bin/true", NULL };
	char message[WIRE_RESULT_MAX];
	size_t len;
	int pair[2];

	ck_assert_ptr_nonnull(g);
	rig_dir(g);
	g->runner.pid = fork();
	if (g->runner.pid == 0)
		for (;;)
			pause();
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, pair), 0);
	g->runner.fd = pair[0];
	g->events = (struct port_events){ .ctx = g, .job_done = rig_answered,
					.waiting = rig_waited };
	g->log = (struct log){ .ctx = g, .line = rig_logged, .level = LOG_LVL_DEBUG };
	g->jobs = jobs_open(g->runner.fd, &g->events, &g->log);
	rig_run_unasked(g, (struct port_job){ .argv = argv, .timeout_us = SECOND_US });
	good.id = asked_for(pair[1]);
	alien.id = good.id + 1;
	ck_assert_int_eq(send(pair[1], "nonsense", 8, 0), 8);
	len = wire_put_result(message, &alien);
	ck_assert_int_eq(send(pair[1], message, len, 0), len);
	len = wire_put_result(message, &good);
	ck_assert_int_eq(send(pair[1], message, len - 1, 0), len - 1);
	ck_assert_int_eq(send(pair[1], message, len, 0), len);
	ck_assert_int_eq(send(pair[1], message, len, 0), len);
	rig_await(g, 1);
	jobs_readable(g->jobs);
	ck_assert_uint_eq(g->n, 1);
	rig_expect(g, 1, VR_CHECK_EXIT, 4);
	ck_assert_str_eq(g->v[0].detail, "as told");
	close(pair[1]);
	jobs_readable(g->jobs);
	ck_assert(!jobs_alive(g->jobs));
	ck_assert_int_eq(kill(g->runner.pid, SIGKILL), 0);
	rig_close(g);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("jobs");
	TCase *t = tcase_create("jobs");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 240);
	tcase_add_test(t, a_dead_runner_answers_everything_once);
	tcase_add_test(t, results_that_were_sent_before_death_count);
	tcase_add_test(t, a_dead_runner_is_silent_though_its_socket_is_held_elsewhere);
	tcase_add_test(t, a_new_runner_takes_over);
	tcase_add_test(t, an_answer_may_ask_for_the_next_job);
	tcase_add_test(t, an_impossible_command_line_is_refused);
	tcase_add_test(t, a_burst_is_neither_lost_nor_doubled);
	tcase_add_test(t, a_stalled_runner_does_not_block);
	tcase_add_test(t, no_number_of_jobs_is_too_many);
	tcase_add_test(t, noise_does_not_disturb_the_runner);
	tcase_add_test(t, an_answer_to_another_engine_is_nobody_s);
	tcase_add_test(t, nonsense_from_the_runner_is_ignored);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
