/*
 * When tracked scripts run: at once, in their rhythm, never twice at a time.
 */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"

#define START (1000 * SECOND)

/* "chk" every 5 s with weight 2. */
static void started(struct fake *f)
{
	struct box *b = box_new();

	box_check(b, "chk", 5, 0, 2);
	fake_new(f, b);
	fake_start(f);
}

static struct eng_check_view check_view(const struct fake *f)
{
	struct eng_check_view v;

	eng_check_look(f->engine, 0, &v);
	return v;
}

static bool verdict(const struct fake *f, bool *known)
{
	struct vr_check_view v;

	vr_check_look(eng_node(f->engine), 0, &v);
	*known = v.known;
	return v.good;
}

START_TEST(a_check_runs_at_once)
{
	struct fake f;
	bool known;

	started(&f);
	ck_assert_uint_eq(f.n_jobs, 1);
	ck_assert_str_eq(f.jobs[0].text, "check lane 0 7:8 5s /bin/chk now");
	ck_assert(check_view(&f).running);
	ck_assert_int_eq(check_view(&f).started_us, START);
	ck_assert_int_eq(check_view(&f).ended_us, VR_NEVER);
	verdict(&f, &known);
	ck_assert(!known);
	f.now_us += 1000;
	fake_end(&f, VR_CHECK_GOOD, 0);
	ck_assert(verdict(&f, &known) && known);
	ck_assert(!check_view(&f).running);
	ck_assert_int_eq(check_view(&f).ended_us, START + 1000);
	ck_assert_int_eq(check_view(&f).took_us, 1234);
	fake_free(&f);
}
END_TEST

START_TEST(no_check_runs_before_the_start)
{
	struct box *b = box_new();
	struct fake f;

	box_check(b, "chk", 5, 0, 2);
	fake_new(&f, b);
	fake_link(&f, 2, "eth0", true);
	ck_assert_uint_eq(f.n_jobs, 0);
	ck_assert_int_eq(f.wake_us, VR_NEVER);
	fake_free(&f);
}
END_TEST

/* The rhythm is that of the start, however long a run takes. */
START_TEST(a_check_runs_in_its_rhythm)
{
	struct fake f;

	started(&f);
	for (int i = 0; i < 4; i++) {
		ck_assert_uint_eq(f.n_jobs, 1);
		ck_assert_int_eq(check_view(&f).started_us, START + i * 5 * SECOND);
		fake_until(&f, f.now_us + i * SECOND);
		fake_end(&f, VR_CHECK_GOOD, 0);
		fake_until(&f, START + (i + 1) * 5 * SECOND - 1);
		ck_assert_uint_eq(f.n_jobs, 0);
		fake_until(&f, START + (i + 1) * 5 * SECOND);
	}
	fake_free(&f);
}
END_TEST

START_TEST(a_slow_run_is_never_doubled)
{
	struct fake f;

	started(&f);
	fake_until(&f, START + 23 * SECOND);		/* four runs are skipped */
	ck_assert_uint_eq(f.n_jobs, 1);
	ck_assert_uint_eq(fake_logged(&f, "Track script chk is already running, expect idle - "
					  "skipping run"), 1);
	fake_end(&f, VR_CHECK_TIMEOUT, 0);
	ck_assert_uint_eq(f.n_jobs, 0);			/* not made up for */
	fake_until(&f, START + 25 * SECOND);
	ck_assert_uint_eq(f.n_jobs, 1);
	ck_assert_uint_eq(fake_count(&f, "/bin/chk now"), 2);
	fake_free(&f);
}
END_TEST

/* The process stood still for a while: one run, and the rhythm from now on. */
START_TEST(missed_runs_are_not_made_up_for)
{
	struct fake f;

	started(&f);
	fake_end(&f, VR_CHECK_GOOD, 0);
	f.now_us = START + 17 * SECOND;
	f.up.wake(f.up.ctx);
	ck_assert_uint_eq(f.n_jobs, 1);
	fake_end(&f, VR_CHECK_GOOD, 0);
	fake_until(&f, START + 22 * SECOND - 1);
	ck_assert_uint_eq(f.n_jobs, 0);
	fake_until(&f, START + 22 * SECOND);
	ck_assert_uint_eq(f.n_jobs, 1);
	fake_free(&f);
}
END_TEST

START_TEST(a_result_counts_once)
{
	struct fake f;
	bool known;

	started(&f);
	uint32_t id = f.jobs[0].id;
	fake_end(&f, VR_CHECK_GOOD, 0);
	fake_end_id(&f, id, VR_CHECK_EXIT, 1);		/* the same again, and nobody's */
	fake_end_id(&f, id + 0x10000, VR_CHECK_EXIT, 1);
	fake_end_id(&f, 3, VR_CHECK_EXIT, 1);
	fake_end_id(&f, 0, VR_CHECK_EXIT, 1);
	ck_assert(verdict(&f, &known));
	ck_assert_int_eq(fake_state(&f, 0), VR_BACKUP);
	fake_free(&f);
}
END_TEST

START_TEST(why_a_check_cannot_run_is_kept_and_told_once)
{
	struct fake f;
	struct port_job_result result = {
		.result = VR_CHECK_CANNOT_RUN, .code = ENOENT, .detail = "/bin/chk\ndoes not exist",
	};

	started(&f);
	for (int i = 0; i < 3; i++) {
		result.id = f.jobs[0].id;
		f.n_jobs = 0;
		f.up.job_done(f.up.ctx, &result);
		ck_assert_str_eq(check_view(&f).detail, "/bin/chk?does not exist");
		fake_until(&f, f.now_us + 5 * SECOND);
	}
	ck_assert_uint_eq(fake_logged(&f, "VRRP_Script(chk) cannot run: /bin/chk?does not"), 1);
	fake_end(&f, VR_CHECK_GOOD, 0);
	ck_assert_ptr_null(check_view(&f).detail);
	fake_free(&f);
}
END_TEST

START_TEST(what_the_host_refused_is_not_run_and_has_failed)
{
	struct box *b = box_new();
	struct fake f;
	bool known;

	box_check(b, "chk", 5, 0, 0);
	b->cfg_checks[0].command.refused = "user 'nobody-here' is not known on this host";
	fake_new(&f, b);
	fake_start(&f);
	ck_assert_uint_eq(f.n_jobs, 0);
	ck_assert(!verdict(&f, &known) && known);
	ck_assert_str_eq(check_view(&f).detail, "user 'nobody-here' is not known on this host");
	ck_assert_int_eq(fake_state(&f, 0), VR_FAULT);
	fake_free(&f);
}
END_TEST

/* Too many scripts wait already: it has failed, rather than be waited for. */
START_TEST(a_check_that_is_not_taken_has_failed)
{
	struct fake f;
	bool known;

	started(&f);
	fake_end(&f, VR_CHECK_GOOD, 0);
	f.jobs_full = true;
	fake_until(&f, f.now_us + 5 * SECOND);
	ck_assert(!check_view(&f).running);
	ck_assert_str_eq(check_view(&f).detail, "too many scripts are waiting");
	ck_assert(!verdict(&f, &known) && known);
	f.jobs_full = false;
	fake_until(&f, f.now_us + 5 * SECOND);
	fake_end(&f, VR_CHECK_GOOD, 0);
	ck_assert(verdict(&f, &known));
	fake_free(&f);
}
END_TEST

/* The runner has died under it: that is no verdict, unless no other one comes. */
START_TEST(a_run_that_is_lost_is_repeated)
{
	struct port_job_result lost = { .result = VR_CHECK_CANNOT_RUN, .code = EPIPE,
					.detail = "the script runner has died" };
	struct fake f;
	bool known;

	started(&f);
	fake_end(&f, VR_CHECK_GOOD, 0);
	for (int i = 0; i < 3; i++) {
		f.n_jobs = 0;
		fake_until(&f, f.now_us + 5 * SECOND);
		ck_assert_uint_eq(f.n_jobs, 1);
		lost.id = f.jobs[0].id;
		f.n_jobs = 0;
		f.up.job_done(f.up.ctx, &lost);
		ck_assert(verdict(&f, &known) && known);
		ck_assert(!check_view(&f).running);
		fake_until(&f, f.now_us + SECOND);
		ck_assert_uint_eq(f.n_jobs, 1);
		fake_end(&f, VR_CHECK_GOOD, 0);
	}
	for (int i = 0; i < 6; i++) {
		ck_assert(verdict(&f, &known));
		f.n_jobs = 0;
		fake_until(&f, f.now_us + 5 * SECOND);
		lost.id = f.jobs[0].id;
		f.up.job_done(f.up.ctx, &lost);
	}
	ck_assert(!verdict(&f, &known));
	fake_free(&f);
}
END_TEST

START_TEST(no_check_runs_after_the_stop)
{
	struct fake f;

	started(&f);
	eng_stop(f.engine);
	size_t n_lines = f.n_lines;
	fake_end(&f, VR_CHECK_GOOD, 0);
	ck_assert_uint_eq(f.n_lines, n_lines);		/* nor does a result count */
	ck_assert_int_eq(f.wake_us, VR_NEVER);
	f.now_us += 60 * SECOND;
	f.up.wake(f.up.ctx);
	ck_assert_uint_eq(f.n_jobs, 0);
	ck_assert_int_eq(f.wake_us, VR_NEVER);
	fake_free(&f);
}
END_TEST

/* 0 means "no run": the fake port asserts that it never comes, here where it could. */
START_TEST(the_number_of_a_run_is_never_0)
{
	struct fake f;

	started(&f);
	fake_end(&f, VR_CHECK_GOOD, 0);
	for (int i = 0; i < 127; i++) {
		struct box *b = box_new();

		box_check(b, "chk", 5, 0, 2);
		ck_assert(eng_reload(f.engine, &b->cfg));
		f.n_lines = 0;
	}
	for (int i = 0; i < 300; i++) {
		fake_until(&f, f.now_us + 5 * SECOND);
		fake_end(&f, VR_CHECK_GOOD, 0);
		f.n_lines = f.n_calls = 0;
	}
	fake_free(&f);
}
END_TEST

/* The tutorial's story: a script of weight 2 fails, and the priority follows. */
START_TEST(the_verdict_reaches_the_election)
{
	struct fake f;
	struct vr_inst_view v;

	started(&f);
	fake_end(&f, VR_CHECK_GOOD, 0);
	vr_inst_look(eng_node(f.engine), 0, &v);
	ck_assert_uint_eq(v.effective_priority, 102);
	fake_until(&f, START + 5 * SECOND);
	fake_end(&f, VR_CHECK_EXIT, 1);
	vr_inst_look(eng_node(f.engine), 0, &v);
	ck_assert_uint_eq(v.effective_priority, 100);
	fake_free(&f);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("engine/check");
	TCase *t = tcase_create("check");
	SRunner *r = srunner_create(s);

	tcase_add_test(t, a_check_runs_at_once);
	tcase_add_test(t, no_check_runs_before_the_start);
	tcase_add_test(t, a_check_runs_in_its_rhythm);
	tcase_add_test(t, a_slow_run_is_never_doubled);
	tcase_add_test(t, missed_runs_are_not_made_up_for);
	tcase_add_test(t, a_result_counts_once);
	tcase_add_test(t, why_a_check_cannot_run_is_kept_and_told_once);
	tcase_add_test(t, what_the_host_refused_is_not_run_and_has_failed);
	tcase_add_test(t, a_check_that_is_not_taken_has_failed);
	tcase_add_test(t, a_run_that_is_lost_is_repeated);
	tcase_add_test(t, no_check_runs_after_the_stop);
	tcase_add_test(t, the_number_of_a_run_is_never_0);
	tcase_add_test(t, the_verdict_reaches_the_election);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
