/*
 * Notify scripts: which ones, with which arguments, in which order and lane.
 */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"

#define START (1000 * SECOND)
#define DOWN INT64_C(3609375)

/* Every slot of VI_1 has a script of its own. */
static struct box *all_slots(void)
{
	static const char *const paths[CFG_N_NOTIFY] = {
		[CFG_NOTIFY_MASTER] = "/n/master", [CFG_NOTIFY_BACKUP] = "/n/backup",
		[CFG_NOTIFY_FAULT] = "/n/fault", [CFG_NOTIFY_STOP] = "/n/stop",
		[CFG_NOTIFY_DELETED] = "/n/deleted", [CFG_NOTIFY_RX_LOWER_PRI] = "/n/lower",
		[CFG_NOTIFY_GENERIC] = "/n/any",
	};
	struct box *b = box_new();

	for (int slot = 0; slot < CFG_N_NOTIFY; slot++)
		box_notify(b, 0, (enum cfg_notify_slot)slot, paths[slot]);
	return b;
}

/* The jobs since the last time, one after the other, without what all have in common. */
static void jobs_are(struct fake *f, const char *first, const char *second)
{
	static const char common[] = "notify lane 52 7:8 300s ";
	const char *expected[] = { first, second };
	size_t n = (first != NULL) + (second != NULL);

	ck_assert_uint_eq(f->n_jobs, n);
	for (size_t i = 0; i < n; i++) {
		ck_assert_int_eq(strncmp(f->jobs[i].text, common, strlen(common)), 0);
		ck_assert_str_eq(f->jobs[i].text + strlen(common), expected[i]);
	}
	f->n_jobs = 0;
}

START_TEST(each_state_has_its_script_and_the_generic_one_follows)
{
	struct box *b = all_slots();
	struct fake f;

	fake_new(&f, b);
	fake_start(&f);
	jobs_are(&f, "/n/backup arg", "/n/any arg INSTANCE VI_1 BACKUP 100");
	fake_until(&f, START + DOWN);
	jobs_are(&f, "/n/master arg", "/n/any arg INSTANCE VI_1 MASTER 100");
	fake_hear(&f, b, 0, 0, 50, "192.0.2.9");
	jobs_are(&f, "/n/lower arg", NULL);
	fake_link(&f, 2, "eth0", false);
	jobs_are(&f, "/n/fault arg", "/n/any arg INSTANCE VI_1 FAULT 100");
	fake_until(&f, f.now_us + DOWN);
	fake_link(&f, 2, "eth0", true);
	jobs_are(&f, "/n/backup arg", "/n/any arg INSTANCE VI_1 BACKUP 100");
	eng_stop(f.engine);
	jobs_are(&f, "/n/stop arg", "/n/any arg INSTANCE VI_1 STOP 100");
	fake_free(&f);
}
END_TEST

START_TEST(scripts_that_are_not_configured_are_not_run)
{
	struct box *b = box_new();
	struct fake f;

	box_notify(b, 0, CFG_NOTIFY_MASTER, "/n/master");
	fake_new(&f, b);
	fake_start(&f);
	jobs_are(&f, NULL, NULL);
	fake_until(&f, START + DOWN);
	jobs_are(&f, "/n/master arg", NULL);
	eng_stop(f.engine);
	jobs_are(&f, NULL, NULL);
	fake_free(&f);
}
END_TEST

START_TEST(scripts_that_the_host_refused_are_not_run)
{
	struct box *b = all_slots();
	struct fake f;

	b->cfg_insts[0].notify[CFG_NOTIFY_BACKUP].refused = "unsafe";
	b->cfg_insts[0].notify[CFG_NOTIFY_GENERIC].refused = "unsafe";
	fake_new(&f, b);
	fake_start(&f);
	jobs_are(&f, NULL, NULL);
	fake_until(&f, START + DOWN);
	jobs_are(&f, "/n/master arg", NULL);
	fake_free(&f);
}
END_TEST

START_TEST(the_priority_is_the_effective_one)
{
	struct box *b = all_slots();
	struct fake f;

	box_check(b, "chk", 5, 0, 25);
	fake_new(&f, b);
	fake_start(&f);
	f.n_jobs = 0;
	fake_end_id(&f, f.jobs[2].id, VR_CHECK_GOOD, 0);
	fake_until(&f, START + DOWN);
	jobs_are(&f, "/n/master arg", "/n/any arg INSTANCE VI_1 MASTER 125");
	fake_free(&f);
}
END_TEST

START_TEST(a_waiting_instance_tells_nobody)
{
	struct box *b = all_slots();
	struct fake f;

	box_check(b, "chk", 5, 0, 0);
	fake_new(&f, b);
	fake_start(&f);
	ck_assert_uint_eq(f.n_jobs, 1);			/* the check alone */
	fake_end(&f, VR_CHECK_EXIT, 1);
	jobs_are(&f, "/n/fault arg", "/n/any arg INSTANCE VI_1 FAULT 100");
	fake_free(&f);
}
END_TEST

START_TEST(each_instance_has_its_lane)
{
	struct box *b = box_new();
	struct fake f;

	box_iface(b, "eth1");
	box_inst(b, 52, 0);
	box_inst(b, 51, 1);
	for (uint16_t i = 0; i < 3; i++)
		box_notify(b, i, CFG_NOTIFY_BACKUP, "/n/backup");
	fake_new(&f, b);
	fake_link(&f, 3, "eth1", true);
	fake_addr(&f, 3, "198.51.100.1/24", 0);
	fake_start(&f);
	ck_assert_uint_eq(f.n_jobs, 3);
	ck_assert_str_eq(f.jobs[0].text, "notify lane 52 7:8 300s /n/backup arg");
	ck_assert_str_eq(f.jobs[1].text, "notify lane 53 7:8 300s /n/backup arg");
	ck_assert_str_eq(f.jobs[2].text, "notify lane 564 7:8 300s /n/backup arg");
	ck_assert_uint_ne(f.jobs[0].id, f.jobs[1].id);
	fake_free(&f);
}
END_TEST

/* ---- an instance that a reload removes ---- */

/* A configuration without VI_1 but with something else. */
static struct box *another(void)
{
	struct box *b = box_new();

	b->insts[0].vrid = 99;
	return b;
}

START_TEST(a_removed_instance_is_told_as_deleted)
{
	struct fake f;

	fake_new(&f, all_slots());
	fake_start(&f);
	fake_until(&f, START + DOWN);
	f.n_jobs = 0;
	ck_assert(eng_reload(f.engine, &another()->cfg));
	jobs_are(&f, "/n/deleted arg", "/n/any arg INSTANCE VI_1 DELETED 100");
	fake_free(&f);
}
END_TEST

START_TEST(without_notify_deleted_it_is_told_as_fault)
{
	struct box *b = all_slots();
	struct fake f;

	b->cfg_insts[0].notify[CFG_NOTIFY_DELETED].argv = NULL;
	fake_new(&f, b);
	fake_start(&f);
	f.n_jobs = 0;
	ck_assert(eng_reload(f.engine, &another()->cfg));
	jobs_are(&f, "/n/fault arg", "/n/any arg INSTANCE VI_1 FAULT 100");
	fake_free(&f);
}
END_TEST

START_TEST(what_was_in_fault_already_is_not_told_again)
{
	struct box *b = all_slots();
	struct fake f;

	b->cfg_insts[0].notify[CFG_NOTIFY_DELETED].argv = NULL;
	fake_new(&f, b);
	fake_start(&f);
	fake_link(&f, 2, "eth0", false);
	f.n_jobs = 0;
	ck_assert(eng_reload(f.engine, &another()->cfg));
	jobs_are(&f, NULL, NULL);
	fake_free(&f);
}
END_TEST

START_TEST(a_reload_without_change_tells_nobody)
{
	struct fake f;

	fake_new(&f, all_slots());
	fake_start(&f);
	f.n_jobs = 0;
	ck_assert(eng_reload(f.engine, &all_slots()->cfg));
	jobs_are(&f, NULL, NULL);
	fake_free(&f);
}
END_TEST

/* ---- what may be left out ---- */

static void ranks_are(struct fake *f, enum port_job_rank rank, size_t n)
{
	static uint32_t before;

	ck_assert_uint_eq(f->n_jobs, n);
	for (size_t i = 0; i < n; i++) {
		ck_assert_int_eq(f->jobs[i].rank, rank);
		ck_assert_uint_eq(f->jobs[i].change, f->jobs[0].change);
		ck_assert_uint_ne(f->jobs[i].change, before);
	}
	before = f->jobs[0].change;
	f->n_jobs = 0;
}

START_TEST(states_may_be_overtaken_and_ends_may_not)
{
	struct box *b = all_slots();
	struct fake f;

	fake_new(&f, b);
	fake_start(&f);
	ranks_are(&f, PORT_JOB_STATE, 2);
	fake_until(&f, START + DOWN);
	ranks_are(&f, PORT_JOB_STATE, 2);
	fake_hear(&f, b, 0, 0, 50, "192.0.2.9");
	ranks_are(&f, PORT_JOB_EVENT, 1);
	fake_link(&f, 2, "eth0", false);
	ranks_are(&f, PORT_JOB_STATE, 2);
	eng_stop(f.engine);
	ranks_are(&f, PORT_JOB_LAST, 2);
	fake_free(&f);
	fake_new(&f, all_slots());
	fake_start(&f);
	f.n_jobs = 0;
	ck_assert(eng_reload(f.engine, &another()->cfg));
	ranks_are(&f, PORT_JOB_LAST, 2);
	fake_free(&f);
}
END_TEST

START_TEST(what_was_overtaken_is_counted_and_no_failure)
{
	struct fake f;
	struct eng_inst_view v;

	fake_new(&f, all_slots());
	fake_start(&f);
	fake_end(&f, VR_CHECK_CANNOT_RUN, ECANCELED);
	fake_end(&f, VR_CHECK_CANNOT_RUN, ENOENT);
	eng_inst_look(f.engine, 0, &v);
	ck_assert_uint_eq(v.notify_overtaken, 1);
	ck_assert_uint_eq(v.notify_failed, 1);
	fake_free(&f);
}
END_TEST

START_TEST(a_script_that_holds_others_back_is_said)
{
	struct port_wait wait = { .script = "/n/back\nup", .running_us = 3 * SECOND };
	struct fake f;
	struct eng_inst_view v;

	fake_new(&f, all_slots());
	fake_start(&f);
	wait.lane = f.jobs[0].lane;
	f.up.waiting(f.up.ctx, &wait);
	eng_inst_look(f.engine, 0, &v);
	ck_assert_str_eq(v.notify_script, "/n/back?up");
	ck_assert_int_eq(v.notify_us, 3 * SECOND);
	ck_assert_uint_eq(fake_logged(&f, "has not ended"), 0);
	wait.waiting = 2;
	for (int i = 0; i < 5; i++)
		f.up.waiting(f.up.ctx, &wait);
	ck_assert_uint_eq(fake_logged(&f, "(VI_1) notify script /n/back?up has not ended for 3 s, "
				      "2 more wait for it"), 1);
	ck_assert_uint_eq(fake_logged(&f, "has not ended"), 1);
	eng_inst_look(f.engine, 0, &v);
	ck_assert_uint_eq(v.notify_waiting, 2);
	/* A lane of nobody, then its end. */
	f.up.waiting(f.up.ctx, &(struct port_wait){ .lane = 77777, .script = "/x" });
	wait.script = NULL;
	f.up.waiting(f.up.ctx, &wait);
	eng_inst_look(f.engine, 0, &v);
	ck_assert_str_eq(v.notify_script, "");
	ck_assert_uint_eq(v.notify_waiting, 0);
	/* A runner that has died says nothing of an end. */
	wait.script = "/n/backup";
	f.up.waiting(f.up.ctx, &wait);
	fake_until(&f, f.now_us + 20 * SECOND);
	eng_inst_look(f.engine, 0, &v);
	ck_assert_str_eq(v.notify_script, "");
	fake_free(&f);
}
END_TEST

/* ---- how they end ---- */

START_TEST(a_script_whose_time_is_over_is_named)
{
	struct fake f;

	fake_new(&f, all_slots());
	fake_start(&f);
	f.up.job_done(f.up.ctx, &(struct port_job_result){
		.id = f.jobs[0].id, .result = VR_CHECK_TIMEOUT, .took_us = 300 * SECOND,
		.detail = "/n/backup" });
	f.up.job_done(f.up.ctx, &(struct port_job_result){
		.id = f.jobs[1].id, .result = VR_CHECK_EXIT, .code = 3, .detail = "/n/any" });
	ck_assert_uint_eq(fake_logged(&f, "(VI_1) notify script /n/backup has not ended in 300 s: "
				      "it is ended"), 1);
	ck_assert_uint_eq(fake_logged(&f, "(VI_1) notify script /n/any failed: exit 3"), 1);
	fake_free(&f);
}
END_TEST

START_TEST(a_script_that_fails_is_counted_for_its_instance)
{
	struct box *b = box_new();
	struct fake f;
	struct eng_inst_view v;

	box_inst(b, 52, 0);
	box_notify(b, 1, CFG_NOTIFY_BACKUP, "/n/backup");
	fake_new(&f, b);
	fake_start(&f);
	uint32_t id = f.jobs[0].id;
	fake_end(&f, VR_CHECK_EXIT, 3);
	eng_inst_look(f.engine, 1, &v);
	ck_assert_uint_eq(v.notify_failed, 1);
	ck_assert_uint_eq(fake_logged(&f, "(VI_2) notify script failed: exit 3"), 1);
	fake_end_id(&f, id, VR_CHECK_GOOD, 0);
	eng_inst_look(f.engine, 1, &v);
	ck_assert_uint_eq(v.notify_failed, 1);
	eng_inst_look(f.engine, 0, &v);
	ck_assert_uint_eq(v.notify_failed, 0);
	fake_free(&f);
}
END_TEST

START_TEST(a_script_that_is_not_taken_is_counted_and_said)
{
	struct fake f;
	struct eng_inst_view v;
	struct box *b = box_new();

	box_notify(b, 0, CFG_NOTIFY_BACKUP, "/n/backup");
	fake_new(&f, b);
	f.jobs_full = true;
	fake_start(&f);
	eng_inst_look(f.engine, 0, &v);
	ck_assert_uint_eq(v.notify_failed, 1);
	ck_assert_uint_eq(fake_logged(&f, "too many scripts are waiting"), 1);
	fake_free(&f);
}
END_TEST

/* Its number in the file may be another one's now. */
START_TEST(a_script_of_a_former_configuration_is_nobody_s)
{
	struct fake f;
	struct eng_inst_view v;

	fake_new(&f, all_slots());
	fake_start(&f);
	ck_assert(eng_reload(f.engine, &all_slots()->cfg));
	fake_end(&f, VR_CHECK_EXIT, 3);
	eng_inst_look(f.engine, 0, &v);
	ck_assert_uint_eq(v.notify_failed, 0);
	ck_assert_uint_eq(fake_logged(&f, "(a former configuration) notify script failed"), 1);
	fake_free(&f);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("engine/notify");
	TCase *t = tcase_create("notify");
	SRunner *r = srunner_create(s);

	tcase_add_test(t, each_state_has_its_script_and_the_generic_one_follows);
	tcase_add_test(t, scripts_that_are_not_configured_are_not_run);
	tcase_add_test(t, scripts_that_the_host_refused_are_not_run);
	tcase_add_test(t, the_priority_is_the_effective_one);
	tcase_add_test(t, a_waiting_instance_tells_nobody);
	tcase_add_test(t, each_instance_has_its_lane);
	tcase_add_test(t, a_removed_instance_is_told_as_deleted);
	tcase_add_test(t, without_notify_deleted_it_is_told_as_fault);
	tcase_add_test(t, what_was_in_fault_already_is_not_told_again);
	tcase_add_test(t, a_reload_without_change_tells_nobody);
	tcase_add_test(t, states_may_be_overtaken_and_ends_may_not);
	tcase_add_test(t, what_was_overtaken_is_counted_and_no_failure);
	tcase_add_test(t, a_script_that_holds_others_back_is_said);
	tcase_add_test(t, a_script_whose_time_is_over_is_named);
	tcase_add_test(t, a_script_that_fails_is_counted_for_its_instance);
	tcase_add_test(t, a_script_that_is_not_taken_is_counted_and_said);
	tcase_add_test(t, a_script_of_a_former_configuration_is_nobody_s);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
