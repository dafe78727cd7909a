/*
 * A reload: what did not change keeps everything, what changed changes at once, and sockets, checks
 * and confirmed addresses outlive it.
 */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"

#define START (1000 * SECOND)
#define DOWN INT64_C(3609375)

static void master(struct fake *f, struct box *b)
{
	fake_new(f, b);
	fake_start(f);
	fake_until(f, START + DOWN);
	ck_assert_int_eq(fake_state(f, 0), VR_MASTER);
	fake_forget(f);
}

static bool held(const struct fake *f, uint16_t inst, uint16_t vip)
{
	struct eng_vip_view v;

	eng_vip_look(f->engine, inst, vip, &v);
	ck_assert(!v.pending);
	return v.held;
}

START_TEST(nothing_changed_nothing_happens)
{
	struct fake f;

	master(&f, box_new());
	int64_t wake_us = f.wake_us;
	struct box *b = box_new();
	ck_assert(eng_reload(f.engine, &b->cfg));
	fake_quiet(&f);
	ck_assert_int_eq(f.wake_us, wake_us);
	ck_assert_ptr_eq(eng_cfg(f.engine), &b->cfg);
	ck_assert_uint_eq(eng_reloads(f.engine), 1);
	ck_assert_int_eq(fake_state(&f, 0), VR_MASTER);
	ck_assert(held(&f, 0, 0));
	/* 300 times: the epoch goes round. */
	for (int i = 0; i < 300; i++) {
		ck_assert(eng_reload(f.engine, &box_new()->cfg));
		fake_quiet(&f);
		f.now_us += SECOND;
		fake_unaddr(&f, 2, "192.0.2.100/24");
		ck_assert_uint_eq(f.n_ops, 1);
		ck_assert_uint_ne(f.ops[0] >> 24, 0);	/* epoch 0 is nobody's */
		fake_answer(&f, 0);
		f.n_lines = 0;
		fake_forget(&f);
	}
	eng_stop(f.engine);
	fake_expect(&f, "send slot 0 from 192.0.2.1 vrid 51 priority 0",
		    "announce no more owner 51", "- 192.0.2.100/24 #2", NULL);
	fake_answer(&f, 0);
	ck_assert(!held(&f, 0, 0));
	fake_free(&f);
}
END_TEST

START_TEST(before_the_start_it_only_changes_the_configuration)
{
	struct box *b = box_new();
	struct fake f;

	fake_new(&f, box_new());
	b->insts[0].vrid = 77;
	ck_assert(eng_reload(f.engine, &b->cfg));
	fake_quiet(&f);
	ck_assert_int_eq(fake_state(&f, 0), VR_INIT);
	fake_start(&f);
	fake_until(&f, START + DOWN);
	ck_assert_int_ge(fake_find(&f, "vrid 77 priority 100"), 0);
	ck_assert_int_eq(fake_find(&f, "vrid 51"), -1);
	fake_free(&f);
}
END_TEST

START_TEST(after_the_stop_it_starts_nothing)
{
	struct fake f;

	master(&f, box_new());
	eng_stop(f.engine);
	fake_answer(&f, 0);
	fake_forget(&f);
	ck_assert(eng_reload(f.engine, &box_new()->cfg));
	fake_quiet(&f);
	ck_assert_int_eq(f.wake_us, VR_NEVER);
	ck_assert_int_eq(fake_state(&f, 0), VR_INIT);
	fake_free(&f);
}
END_TEST

/* Another order of interfaces and instances in the file; the slots of the sockets stay. */
START_TEST(places_in_the_file_do_not_matter)
{
	struct box *b = box_new(), *swapped = box_new();
	struct fake f;

	box_iface(b, "eth1");
	box_inst(b, 52, 1);
	box_vip(b, 1, "198.51.100.1/24");
	swapped->ifaces[0].name = "eth1";
	box_iface(swapped, "eth0");
	swapped->insts[0].vrid = 52;
	swapped->vips[0][0] = b->vips[1][0];
	swapped->vips[0][0].iface = 0;
	box_inst(swapped, 51, 1);
	box_vip(swapped, 1, "192.0.2.100/24");
	fake_new(&f, b);
	fake_link(&f, 3, "eth1", true);
	fake_addr(&f, 3, "198.51.100.9/24", 0);
	fake_start(&f);
	fake_until(&f, START + DOWN);
	fake_forget(&f);
	ck_assert(eng_reload(f.engine, &swapped->cfg));
	fake_quiet(&f);
	ck_assert(held(&f, 0, 0) && held(&f, 1, 0));
	/* A packet of the old slot 1 (eth1) is the new instance 0's. */
	fake_hear(&f, swapped, 0, 1, 200, "198.51.100.10");
	ck_assert_int_eq(fake_state(&f, 0), VR_BACKUP);
	ck_assert_int_eq(fake_state(&f, 1), VR_MASTER);
	ck_assert_int_eq(fake_find(&f, "- 198.51.100.1/24 #3"), 2);
	fake_free(&f);
}
END_TEST

START_TEST(addresses_are_changed_and_nothing_else)
{
	struct box *b = box_new(), *more = box_new();
	struct fake f;

	box_vip(b, 0, "192.0.2.101/24");
	more->vips[0][0].prefix.addr.b[3] = 101;	/* .100 goes, .102 comes */
	box_vip(more, 0, "192.0.2.102/24");
	master(&f, b);
	ck_assert(eng_reload(f.engine, &more->cfg));
	fake_expect(&f, "announce no more owner 51", "- 192.0.2.100/24 #2", "+ 192.0.2.102/24 #2",
		    "announce 192.0.2.101 #2 x5 owner 51", "announce 192.0.2.102 #2 x5 owner 51",
		    NULL);
	ck_assert(!eng_idle(f.engine));
	fake_answer(&f, 0);
	ck_assert(eng_idle(f.engine));
	ck_assert(held(&f, 0, 0) && held(&f, 0, 1));
	fake_free(&f);
}
END_TEST

START_TEST(another_instance_s_addresses_keep_their_place)
{
	struct box *b = box_new(), *more = box_new();
	struct eng_vip_view v;
	struct fake f;

	box_inst(b, 52, 0);
	box_vip(b, 1, "192.0.2.200/24");
	box_vip(more, 0, "192.0.2.101/24");
	box_inst(more, 52, 0);
	box_vip(more, 1, "192.0.2.200/24");
	master(&f, b);
	ck_assert(eng_reload(f.engine, &more->cfg));
	eng_vip_look(f.engine, 0, 1, &v);
	ck_assert(v.pending && !v.held);
	ck_assert(held(&f, 1, 0));
	fake_answer(&f, 0);
	ck_assert(held(&f, 0, 0) && held(&f, 0, 1) && held(&f, 1, 0));
	fake_free(&f);
}
END_TEST

/* The answer to an operation may come after a reload. */
START_TEST(an_operation_under_way_is_not_forgotten)
{
	struct fake f;

	fake_new(&f, box_new());
	fake_start(&f);
	f.now_us = f.wake_us;
	f.up.wake(f.up.ctx);
	ck_assert_uint_eq(f.n_ops, 1);
	ck_assert(eng_reload(f.engine, &box_new()->cfg));
	ck_assert(!eng_idle(f.engine));
	fake_answer(&f, 0);
	ck_assert(eng_idle(f.engine));
	ck_assert(held(&f, 0, 0));
	/* Now that it is known to be held, its loss is noticed. */
	fake_forget(&f);
	fake_unaddr(&f, 2, "192.0.2.100/24");
	ck_assert_int_eq(fake_find(&f, "+ 192.0.2.100/24 #2"), 0);
	fake_free(&f);
}
END_TEST

/* It cannot be known whether that operation was done: it is done again. */
START_TEST(an_operation_that_was_under_way_is_repeated)
{
	struct fake f;

	fake_new(&f, box_new());
	fake_start(&f);
	f.now_us = f.wake_us;
	f.up.wake(f.up.ctx);
	ck_assert(eng_reload(f.engine, &box_new()->cfg));
	fake_answer(&f, EPERM);			/* to the old token */
	fake_forget(&f);
	fake_until(&f, f.now_us + SECOND);
	ck_assert_uint_eq(fake_count(&f, "+ 192.0.2.100/24 #2"), 1);
	fake_until(&f, f.now_us + SECOND);
	ck_assert_uint_eq(fake_count(&f, "+ 192.0.2.100/24 #2"), 1);
	ck_assert(held(&f, 0, 0));
	fake_free(&f);
}
END_TEST

/* No instance knows an address any more that a reload gave up; yet it must go. */
START_TEST(a_deletion_that_a_reload_asked_for_is_repeated)
{
	struct box *b = box_new();
	struct fake f;

	box_vip(b, 0, "192.0.2.101/24");
	master(&f, b);
	ck_assert(eng_reload(f.engine, &box_new()->cfg));
	ck_assert_int_ge(fake_find(&f, "- 192.0.2.101/24 #2"), 0);
	fake_answer(&f, EPERM);
	fake_forget(&f);
	fake_until(&f, f.now_us + 2 * SECOND);
	ck_assert_uint_eq(fake_count(&f, "- 192.0.2.101/24 #2"), 1);
	fake_until(&f, f.now_us + 5 * SECOND);
	ck_assert_uint_eq(fake_count(&f, "- 192.0.2.101/24 #2"), 1);
	ck_assert(eng_idle(f.engine));
	fake_free(&f);
}
END_TEST

START_TEST(a_deletion_is_not_repeated_when_the_address_is_wanted_again)
{
	struct box *b = box_new(), *again = box_new();
	struct fake f;

	box_vip(b, 0, "192.0.2.101/24");
	box_vip(again, 0, "192.0.2.101/24");
	master(&f, b);
	ck_assert(eng_reload(f.engine, &box_new()->cfg));
	fake_answer(&f, EPERM);
	ck_assert(eng_reload(f.engine, &again->cfg));
	fake_answer(&f, 0);
	fake_forget(&f);
	fake_until(&f, f.now_us + 5 * SECOND);
	ck_assert_int_eq(fake_find(&f, "- "), -1);
	ck_assert(held(&f, 0, 1));
	fake_free(&f);
}
END_TEST

START_TEST(a_removed_instance_leaves_before_its_socket_is_closed)
{
	struct box *b = box_new();
	struct fake f;

	box_iface(b, "eth1");
	box_inst(b, 52, 1);
	box_vip(b, 1, "198.51.100.1/24");
	fake_new(&f, b);
	fake_link(&f, 3, "eth1", true);
	fake_addr(&f, 3, "198.51.100.9/24", 0);
	fake_start(&f);
	fake_until(&f, START + DOWN);
	fake_forget(&f);
	ck_assert(eng_reload(f.engine, &box_new()->cfg));
	fake_expect(&f, "send slot 1 from 198.51.100.9 vrid 52 priority 0",
		    "announce no more owner 564", "- 198.51.100.1/24 #3", "leave slot 1", NULL);
	fake_answer(&f, 0);
	ck_assert(eng_idle(f.engine));
	/* And back again. */
	b = box_new();
	box_iface(b, "eth1");
	box_inst(b, 52, 1);
	ck_assert(eng_reload(f.engine, &b->cfg));
	fake_expect(&f, "join slot 1 #3 224.0.0.18", NULL);
	ck_assert_int_eq(fake_state(&f, 1), VR_BACKUP);
	fake_free(&f);
}
END_TEST

START_TEST(a_new_group_is_joined_beside_the_old_one)
{
	struct box *b = box_new();
	const uint8_t octets[4] = { 224, 0, 0, 200 };
	struct fake f;

	master(&f, box_new());
	box_inst(b, 52, 0)->group = ip_v4(octets);
	ck_assert(eng_reload(f.engine, &b->cfg));
	ck_assert_int_ge(fake_find(&f, "join slot 0 #2 224.0.0.200"), 0);
	ck_assert_int_eq(fake_find(&f, "leave"), -1);
	ck_assert_int_eq(fake_state(&f, 0), VR_MASTER);
	fake_free(&f);
}
END_TEST

/* ---- checks ---- */

static struct box *with_check(uint64_t identity)
{
	struct box *b = box_new();

	box_check(b, "chk", 5, 0, 0);
	b->checks[0].identity = identity;
	return b;
}

START_TEST(a_check_keeps_verdict_and_rhythm)
{
	struct fake f;

	fake_new(&f, with_check(1));
	fake_start(&f);
	fake_end(&f, VR_CHECK_GOOD, 0);
	fake_until(&f, START + 2 * SECOND);
	ck_assert(eng_reload(f.engine, &with_check(1)->cfg));
	ck_assert_uint_eq(f.n_jobs, 0);
	ck_assert_int_eq(fake_state(&f, 0), VR_BACKUP);
	fake_until(&f, START + 5 * SECOND - 1);
	ck_assert_uint_eq(f.n_jobs, 0);
	fake_until(&f, START + 5 * SECOND);
	ck_assert_uint_eq(f.n_jobs, 1);
	fake_free(&f);
}
END_TEST

START_TEST(a_run_under_way_goes_on_and_is_not_doubled)
{
	struct box *b = box_new();
	struct fake f;

	fake_new(&f, with_check(1));
	fake_start(&f);
	ck_assert_uint_eq(f.n_jobs, 1);
	/* The check is the second one in the new file. */
	box_check(b, "first", 60, 0, 1);
	box_check(b, "chk", 5, 0, 0);
	ck_assert(eng_reload(f.engine, &b->cfg));
	ck_assert_uint_eq(f.n_jobs, 2);
	ck_assert_str_eq(f.jobs[1].text, "check lane 0 7:8 60s /bin/first now");
	fake_end(&f, VR_CHECK_GOOD, 0);			/* that of before the reload */
	struct vr_check_view v;
	vr_check_look(eng_node(f.engine), 1, &v);
	ck_assert(v.known && v.good);
	vr_check_look(eng_node(f.engine), 0, &v);
	ck_assert(!v.known);
	ck_assert_int_eq(fake_state(&f, 0), VR_BACKUP);
	fake_free(&f);
}
END_TEST

START_TEST(a_changed_check_runs_at_once_and_its_old_run_is_nobody_s)
{
	struct fake f;
	struct vr_check_view v;

	fake_new(&f, with_check(1));
	fake_start(&f);
	fake_end(&f, VR_CHECK_GOOD, 0);
	fake_until(&f, START + 5 * SECOND);
	ck_assert_uint_eq(f.n_jobs, 1);
	ck_assert(eng_reload(f.engine, &with_check(2)->cfg));
	ck_assert_uint_eq(f.n_jobs, 2);
	fake_end(&f, VR_CHECK_EXIT, 1);			/* the old command */
	vr_check_look(eng_node(f.engine), 0, &v);
	ck_assert(!v.known);
	ck_assert_int_eq(fake_state(&f, 0), VR_MASTER);
	fake_end(&f, VR_CHECK_EXIT, 1);
	ck_assert_int_eq(fake_state(&f, 0), VR_FAULT);
	fake_free(&f);
}
END_TEST

START_TEST(a_removed_check_is_forgotten)
{
	struct fake f;

	fake_new(&f, with_check(1));
	fake_start(&f);
	ck_assert_int_eq(fake_state(&f, 0), VR_FAULT);		/* waits for its word */
	ck_assert(eng_reload(f.engine, &box_new()->cfg));
	ck_assert_int_eq(fake_state(&f, 0), VR_BACKUP);
	fake_end(&f, VR_CHECK_EXIT, 1);
	ck_assert_int_eq(fake_state(&f, 0), VR_BACKUP);
	fake_until(&f, START + 60 * SECOND);
	ck_assert_uint_eq(f.n_jobs, 0);
	fake_free(&f);
}
END_TEST

/* ---- what is remembered of reloads ---- */

START_TEST(a_refused_reload_is_remembered_until_a_good_one)
{
	struct fake f;
	int64_t at_us = 0;

	fake_new(&f, box_new());
	ck_assert_ptr_null(eng_refusal(f.engine, &at_us));
	f.now_us += 7;
	eng_reload_refused(f.engine, "line 3: no such word");
	ck_assert_str_eq(eng_refusal(f.engine, &at_us), "line 3: no such word");
	ck_assert_int_eq(at_us, START + 7);
	ck_assert_uint_eq(eng_reloads(f.engine), 0);
	ck_assert(eng_reload(f.engine, &box_new()->cfg));
	ck_assert_ptr_null(eng_refusal(f.engine, &at_us));
	eng_reload_refused(f.engine, "again");
	eng_reload_refused(f.engine, NULL);
	ck_assert_ptr_null(eng_refusal(f.engine, &at_us));
	fake_free(&f);
}
END_TEST

START_TEST(counts_of_an_instance_outlive_it)
{
	struct box *b = box_new();
	struct eng_inst_view v;
	struct fake f;

	master(&f, box_new());
	f.send_error = ENETUNREACH;
	fake_until(&f, f.now_us + SECOND);
	f.send_error = 0;
	b->insts[0].name = "another name";
	ck_assert(eng_reload(f.engine, &b->cfg));
	eng_inst_look(f.engine, 0, &v);
	ck_assert_uint_eq(v.send_errors, 1);
	ck_assert_str_eq(v.why, "(VI_1) Entering MASTER STATE: no master was heard at all");
	fake_free(&f);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("engine/reload");
	TCase *t = tcase_create("reload");
	SRunner *r = srunner_create(s);

	tcase_add_test(t, nothing_changed_nothing_happens);
	tcase_add_test(t, before_the_start_it_only_changes_the_configuration);
	tcase_add_test(t, after_the_stop_it_starts_nothing);
	tcase_add_test(t, places_in_the_file_do_not_matter);
	tcase_add_test(t, addresses_are_changed_and_nothing_else);
	tcase_add_test(t, another_instance_s_addresses_keep_their_place);
	tcase_add_test(t, an_operation_under_way_is_not_forgotten);
	tcase_add_test(t, an_operation_that_was_under_way_is_repeated);
	tcase_add_test(t, a_deletion_that_a_reload_asked_for_is_repeated);
	tcase_add_test(t, a_deletion_is_not_repeated_when_the_address_is_wanted_again);
	tcase_add_test(t, a_removed_instance_leaves_before_its_socket_is_closed);
	tcase_add_test(t, a_new_group_is_joined_beside_the_old_one);
	tcase_add_test(t, a_check_keeps_verdict_and_rhythm);
	tcase_add_test(t, a_run_under_way_goes_on_and_is_not_doubled);
	tcase_add_test(t, a_changed_check_runs_at_once_and_its_old_run_is_nobody_s);
	tcase_add_test(t, a_removed_check_is_forgotten);
	tcase_add_test(t, a_refused_reload_is_remembered_until_a_good_one);
	tcase_add_test(t, counts_of_an_instance_outlive_it);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
