/*
 * The engine's life: what it asks of the world, in which order, from the start to the stop.
 */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"

#define START (1000 * SECOND)
#define DOWN INT64_C(3609375)		/* Master_Down_Interval of priority 100, 1 s */

static void become_master(struct fake *f)
{
	fake_start(f);
	fake_until(f, START + DOWN);
	ck_assert_int_eq(fake_state(f, 0), VR_MASTER);
	fake_forget(f);
}

START_TEST(nothing_happens_before_all_facts_are_known)
{
	struct fake f;

	fake_new(&f, box_new());
	fake_link(&f, 2, "eth0", true);
	fake_addr(&f, 2, "192.0.2.1/24", 0);
	ck_assert_int_eq(f.wake_us, VR_NEVER);
	fake_quiet(&f);
	ck_assert_int_eq(fake_state(&f, 0), VR_INIT);
	fake_sync(&f);
	/* Heard first, then the leftovers of a predecessor are taken off. */
	fake_expect(&f, "join slot 0 #2 224.0.0.18", "- 192.0.2.100/24 #2", NULL);
	ck_assert_int_eq(fake_state(&f, 0), VR_BACKUP);
	ck_assert_int_eq(f.wake_us, START + DOWN);
	fake_free(&f);
}
END_TEST

START_TEST(a_takeover_goes_out_in_order)
{
	struct box *b = box_new();
	struct fake f;

	box_vip(b, 0, "192.0.2.101/24");
	box_notify(b, 0, CFG_NOTIFY_MASTER, "/bin/master");
	fake_new(&f, b);
	fake_start(&f);
	fake_forget(&f);
	fake_until(&f, START + DOWN);
	fake_expect(&f, "send slot 0 from 192.0.2.1 vrid 51 priority 100",
		    "+ 192.0.2.100/24 #2", "+ 192.0.2.101/24 #2",
		    "announce 192.0.2.100 #2 x5 owner 51", "announce 192.0.2.101 #2 x5 owner 51",
		    "notify lane 52 7:8 300s /bin/master arg", NULL);
	ck_assert_int_eq(f.wake_us, START + DOWN + SECOND);
	ck_assert_uint_eq(fake_logged(&f, "(VI_1) Entering MASTER STATE: no master was heard"), 1);
	fake_until(&f, START + DOWN + 5 * SECOND);
	ck_assert_uint_eq(fake_count(&f, "send slot 0"), 5);
	ck_assert_uint_eq(fake_count(&f, "announce 192.0.2.100"), 1);	/* the second burst */
	ck_assert_uint_eq(f.n_calls, 7);
	fake_free(&f);
}
END_TEST

/* Many that are due at once are one batch: all adverts, all addresses, all announcements. */
START_TEST(many_instances_take_over_in_one_batch)
{
	struct box *b = box_new();
	struct fake f;

	box_inst(b, 52, 0);
	box_vip(b, 1, "192.0.2.200/24");
	fake_new(&f, b);
	fake_start(&f);
	fake_forget(&f);
	fake_until(&f, START + DOWN);
	fake_expect(&f, "send slot 0 from 192.0.2.1 vrid 51 priority 100",
		    "send slot 0 from 192.0.2.1 vrid 52 priority 100", "+ 192.0.2.100/24 #2",
		    "+ 192.0.2.200/24 #2", "announce 192.0.2.100 #2 x5 owner 51",
		    "announce 192.0.2.200 #2 x5 owner 52", NULL);
	fake_free(&f);
}
END_TEST

START_TEST(a_master_yields)
{
	struct box *b = box_new();
	struct fake f;

	fake_new(&f, b);
	become_master(&f);
	fake_hear(&f, b, 0, 0, 200, "192.0.2.9");
	fake_expect(&f, "send slot 0 from 192.0.2.1 vrid 51 priority 100",
		    "announce no more owner 51", "- 192.0.2.100/24 #2", NULL);
	ck_assert_int_eq(fake_state(&f, 0), VR_BACKUP);
	ck_assert_int_eq(f.wake_us, f.now_us + DOWN);
	fake_free(&f);
}
END_TEST

START_TEST(a_stop_leaves_in_good_order)
{
	struct box *b = box_new();
	struct fake f;

	box_notify(b, 0, CFG_NOTIFY_STOP, "/bin/stop");
	fake_new(&f, b);
	become_master(&f);
	ck_assert(eng_idle(f.engine));
	eng_stop(f.engine);
	fake_expect(&f, "send slot 0 from 192.0.2.1 vrid 51 priority 0",
		    "announce no more owner 51", "- 192.0.2.100/24 #2",
		    "notify lane 52 7:8 300s /bin/stop arg", NULL);
	ck_assert_int_eq(f.wake_us, VR_NEVER);
	ck_assert(!eng_idle(f.engine));
	fake_answer(&f, 0);
	ck_assert(eng_idle(f.engine));
	/* Nothing wakes it any more. */
	eng_stop(f.engine);
	fake_link(&f, 2, "eth0", false);
	fake_link(&f, 2, "eth0", true);
	fake_hear(&f, b, 0, 0, 1, "192.0.2.9");
	fake_quiet(&f);
	ck_assert_int_eq(f.wake_us, VR_NEVER);
	ck_assert_int_eq(fake_state(&f, 0), VR_INIT);
	fake_free(&f);
}
END_TEST

START_TEST(a_stop_before_the_start_starts_nothing)
{
	struct fake f;

	fake_new(&f, box_new());
	eng_stop(f.engine);
	ck_assert(eng_idle(f.engine));
	fake_start(&f);
	ck_assert_int_eq(fake_state(&f, 0), VR_INIT);
	ck_assert_int_eq(fake_find(&f, "send"), -1);
	fake_free(&f);
}
END_TEST

struct hooked {
	unsigned int started, idle;
};

static void on_started(void *ctx)
{
	((struct hooked *)ctx)->started++;
}

static void on_idle(void *ctx)
{
	((struct hooked *)ctx)->idle++;
}

START_TEST(the_process_is_told_of_the_start_and_of_the_end)
{
	struct hooked hooked = { 0 };
	struct box *b = box_new();
	struct fake f;

	box_vip(b, 0, "192.0.2.101/24");
	fake_new(&f, b);
	eng_hook(f.engine, &(struct eng_hooks){
		.ctx = &hooked, .started = on_started, .idle = on_idle,
	});
	fake_start(&f);
	ck_assert_uint_eq(hooked.started, 1);
	fake_until(&f, START + DOWN);
	fake_sync(&f);				/* a later re-read is no start */
	ck_assert_uint_eq(hooked.started, 1);
	ck_assert_uint_eq(hooked.idle, 0);
	eng_stop(f.engine);
	ck_assert_uint_eq(hooked.idle, 0);
	fake_answer(&f, 0);
	ck_assert_uint_eq(hooked.idle, 1);
	fake_free(&f);
}
END_TEST

/* ---- answers to address operations ---- */

static struct eng_vip_view vip(const struct fake *f)
{
	struct eng_vip_view v;

	eng_vip_look(f->engine, 0, 0, &v);
	return v;
}

START_TEST(addresses_are_held_when_the_kernel_says_so)
{
	struct fake f;

	fake_new(&f, box_new());
	fake_start(&f);
	ck_assert(!vip(&f).held && !vip(&f).pending);
	f.now_us = f.wake_us;
	f.up.wake(f.up.ctx);
	ck_assert(!vip(&f).held && vip(&f).pending);
	ck_assert(!eng_idle(f.engine));
	fake_answer(&f, 0);
	ck_assert(vip(&f).held && !vip(&f).pending);
	ck_assert_int_eq(vip(&f).error, 0);
	fake_free(&f);
}
END_TEST

START_TEST(a_refused_address_is_told)
{
	struct fake f;

	fake_new(&f, box_new());
	fake_start(&f);
	f.now_us = f.wake_us;
	f.up.wake(f.up.ctx);
	fake_answer(&f, EPERM);
	ck_assert(!vip(&f).held && !vip(&f).pending);
	ck_assert_int_eq(vip(&f).error, EPERM);
	ck_assert_uint_eq(fake_logged(&f, "cannot add 192.0.2.100/24 on eth0"), 1);
	fake_free(&f);
}
END_TEST

/* What could not be taken off is still there. */
START_TEST(an_address_that_cannot_be_deleted_is_still_held)
{
	struct fake f;

	fake_new(&f, box_new());
	become_master(&f);
	eng_stop(f.engine);
	fake_answer(&f, EPERM);
	ck_assert(vip(&f).held);
	ck_assert_int_eq(vip(&f).error, EPERM);
	fake_free(&f);
}
END_TEST

/* Added and deleted before the first answer: it is the last one that counts. */
START_TEST(answers_come_in_order)
{
	struct box *b = box_new();
	struct fake f;

	fake_new(&f, b);
	fake_start(&f);
	f.now_us = f.wake_us;
	f.up.wake(f.up.ctx);
	fake_hear(&f, b, 0, 0, 200, "192.0.2.9");
	ck_assert_uint_eq(f.n_ops, 2);
	fake_answer(&f, 0);
	ck_assert(!vip(&f).held && !vip(&f).pending);
	ck_assert(eng_idle(f.engine));
	fake_free(&f);
}
END_TEST

/* Operations on an interface that does not exist are not tried and do not stay open. */
START_TEST(an_interface_that_is_gone_takes_its_addresses_with_it)
{
	struct box *b = box_new();
	struct fake f;

	box_iface(b, "eth1");
	box_vip(b, 0, "198.51.100.1/24");
	b->vips[0][1].iface = 1;
	b->vips[0][1].flags |= VR_VIP_NO_TRACK;
	fake_new(&f, b);
	fake_start(&f);
	ck_assert(eng_idle(f.engine));
	ck_assert_int_eq(fake_find(&f, "198.51.100.1"), -1);
	fake_until(&f, START + DOWN);
	ck_assert_int_ge(fake_find(&f, "+ 192.0.2.100"), 0);
	ck_assert_int_eq(fake_find(&f, "198.51.100.1"), -1);
	ck_assert_uint_eq(fake_logged(&f, "cannot add 198.51.100.1/24 on eth1: No such device"), 1);
	eng_stop(f.engine);
	fake_answer(&f, 0);
	ck_assert(eng_idle(f.engine));
	fake_free(&f);
}
END_TEST

START_TEST(an_address_that_another_program_takes_is_put_back)
{
	struct fake f;

	fake_new(&f, box_new());
	become_master(&f);
	fake_unaddr(&f, 2, "192.0.2.100/24");
	ck_assert(!vip(&f).held && vip(&f).pending);
	fake_expect(&f, "+ 192.0.2.100/24 #2", "announce 192.0.2.100 #2 x5 owner 51", NULL);
	fake_answer(&f, 0);
	ck_assert(vip(&f).held);
	/* Not ours: another prefix length, another interface, another address. */
	fake_unaddr(&f, 2, "192.0.2.100/32");
	fake_unaddr(&f, 3, "192.0.2.100/24");
	fake_unaddr(&f, 2, "192.0.2.99/24");
	fake_quiet(&f);
	fake_free(&f);
}
END_TEST

START_TEST(our_own_delete_is_not_a_loss)
{
	struct box *b = box_new();
	struct fake f;

	fake_new(&f, b);
	become_master(&f);
	fake_hear(&f, b, 0, 0, 200, "192.0.2.9");
	fake_forget(&f);
	fake_unaddr(&f, 2, "192.0.2.100/24");	/* the notice may come first */
	fake_answer(&f, 0);
	fake_unaddr(&f, 2, "192.0.2.100/24");
	fake_quiet(&f);
	fake_free(&f);
}
END_TEST

/* The notices of the kernel may come before its answer. */
START_TEST(an_address_that_is_taken_while_it_is_added_is_put_back)
{
	struct fake f;

	fake_new(&f, box_new());
	fake_start(&f);
	f.now_us = f.wake_us;
	f.up.wake(f.up.ctx);
	fake_forget(&f);
	fake_addr(&f, 2, "192.0.2.100/24", PORT_IFA_PROTO);
	fake_unaddr(&f, 2, "192.0.2.100/24");
	fake_quiet(&f);
	fake_answer(&f, 0);
	ck_assert_int_eq(fake_find(&f, "+ 192.0.2.100/24 #2"), 0);
	fake_free(&f);
}
END_TEST

/* The notice of an earlier deletion of ours comes when the next addition is under way. */
START_TEST(the_notice_of_an_older_operation_is_no_loss)
{
	struct box *b = box_new();
	struct fake f;

	fake_new(&f, b);
	become_master(&f);
	fake_hear(&f, b, 0, 0, 200, "192.0.2.9");
	f.now_us = f.wake_us;
	f.up.wake(f.up.ctx);
	ck_assert_uint_eq(f.n_ops, 2);			/* not answered yet */
	fake_forget(&f);
	fake_unaddr(&f, 2, "192.0.2.100/24");
	fake_answer(&f, 0);
	ck_assert_int_eq(fake_find(&f, "+ "), -1);
	ck_assert(vip(&f).held);
	fake_free(&f);
}
END_TEST

START_TEST(an_address_that_is_taken_while_notices_are_lost_is_put_back)
{
	struct fake f;

	fake_new(&f, box_new());
	become_master(&f);
	f.up.resync(f.up.ctx);
	fake_link(&f, 2, "eth0", true);
	fake_addr(&f, 2, "192.0.2.1/24", 0);
	fake_quiet(&f);
	fake_sync(&f);
	fake_expect(&f, "+ 192.0.2.100/24 #2", "announce 192.0.2.100 #2 x5 owner 51", NULL);
	fake_free(&f);
}
END_TEST

/* The notices about an operation under way were lost: nobody knows, so it is done again. */
START_TEST(what_may_not_have_been_done_is_done_again)
{
	struct fake f;

	fake_new(&f, box_new());
	fake_start(&f);
	f.now_us = f.wake_us;
	f.up.wake(f.up.ctx);
	f.up.resync(f.up.ctx);
	fake_link(&f, 2, "eth0", true);
	fake_addr(&f, 2, "192.0.2.1/24", 0);
	fake_sync(&f);
	fake_forget(&f);
	fake_answer(&f, 0);
	fake_quiet(&f);
	fake_until(&f, f.now_us + SECOND);
	ck_assert_uint_eq(fake_count(&f, "+ 192.0.2.100/24 #2"), 1);
	fake_until(&f, f.now_us + 2 * SECOND);
	ck_assert_uint_eq(fake_count(&f, "+ 192.0.2.100/24 #2"), 1);
	fake_free(&f);
}
END_TEST

START_TEST(what_the_kernel_refuses_is_tried_again)
{
	struct fake f;

	fake_new(&f, box_new());
	fake_start(&f);
	f.now_us = f.wake_us;
	f.up.wake(f.up.ctx);
	fake_forget(&f);
	for (int i = 1; i <= 3; i++) {
		fake_answer(&f, EPERM);
		f.now_us = START + DOWN + i * SECOND;
		f.up.wake(f.up.ctx);
		ck_assert_uint_eq(fake_count(&f, "+ 192.0.2.100/24 #2"), (size_t)i);
	}
	ck_assert_uint_eq(fake_logged(&f, "cannot add 192.0.2.100/24"), 1);
	ck_assert_int_eq(fake_find(&f, "announce"), -1);
	fake_answer(&f, 0);
	ck_assert_uint_eq(fake_count(&f, "announce 192.0.2.100 #2 x5"), 1);
	fake_forget(&f);
	fake_until(&f, f.now_us + SECOND);
	ck_assert_int_eq(fake_find(&f, "+ "), -1);
	fake_free(&f);
}
END_TEST

/* ---- adverts ---- */

START_TEST(packets_find_their_instance_by_slot)
{
	struct box *b = box_new();
	struct fake f;

	box_iface(b, "eth1");
	box_inst(b, 51, 1);
	box_vip(b, 1, "198.51.100.1/24");
	fake_new(&f, b);
	fake_link(&f, 3, "eth1", true);
	fake_addr(&f, 3, "198.51.100.9/24", 0);
	fake_start(&f);
	fake_until(&f, START + DOWN);
	ck_assert_int_eq(fake_state(&f, 0), VR_MASTER);
	ck_assert_int_eq(fake_state(&f, 1), VR_MASTER);
	fake_hear(&f, b, 1, 1, 200, "198.51.100.10");
	ck_assert_int_eq(fake_state(&f, 0), VR_MASTER);
	ck_assert_int_eq(fake_state(&f, 1), VR_BACKUP);
	/* A slot that was never given. */
	fake_hear(&f, b, 0, 17, 200, "192.0.2.9");
	ck_assert_int_eq(fake_state(&f, 0), VR_MASTER);
	fake_free(&f);
}
END_TEST

START_TEST(send_errors_are_counted_and_told_once_in_a_while)
{
	struct fake f;
	struct eng_inst_view v;

	fake_new(&f, box_new());
	become_master(&f);
	f.send_error = ENETUNREACH;
	fake_until(&f, f.now_us + 4 * SECOND + 1);
	eng_inst_look(f.engine, 0, &v);
	ck_assert_uint_eq(v.send_errors, 4);
	ck_assert_int_eq(v.send_errno, ENETUNREACH);
	ck_assert_uint_eq(fake_logged(&f, "eth0: cannot send an advertisement"), 1);
	fake_free(&f);
}
END_TEST

/* The port has no memory to queue an operation: its outcome counts as an answer does. */
START_TEST(what_is_done_at_once_is_answered_after_the_step)
{
	struct fake f;
	struct eng_vip_view v;

	fake_new(&f, box_new());
	f.no_queue = true;
	f.addr_error = EPERM;
	fake_start(&f);
	fake_until(&f, START + DOWN);
	ck_assert_int_eq(fake_state(&f, 0), VR_MASTER);
	eng_vip_look(f.engine, 0, 0, &v);
	ck_assert(!v.held);
	ck_assert_int_eq(v.error, EPERM);
	f.addr_error = 0;
	fake_forget(&f);
	fake_until(&f, f.now_us + SECOND);		/* tried again */
	eng_vip_look(f.engine, 0, 0, &v);
	ck_assert(v.held && !v.error);
	ck_assert_int_eq(fake_count(&f, "+ 192.0.2.100/24 #2"), 1);
	eng_stop(f.engine);
	ck_assert_int_ge(fake_find(&f, "- 192.0.2.100/24 #2"), 0);
	eng_vip_look(f.engine, 0, 0, &v);
	ck_assert(!v.held);
	ck_assert_uint_eq(f.n_ops, 0);
	fake_free(&f);
}
END_TEST

#define MANY 70

/* More instances at once than fit one batch, with short adverts or with the longest. */
static void many_adverts(uint16_t n_advertised, unsigned int batches)
{
	static struct vr_inst_conf insts[MANY];
	static struct vr_vip vips[255];
	static struct cfg_inst cfg_insts[MANY];
	struct box *b = box_new();
	struct fake f;

	for (int v = 0; v < 255; v++)
		vips[v] = b->vips[0][0];
	for (uint8_t i = 0; i < MANY; i++) {
		insts[i] = b->insts[0];
		insts[i].vrid = 1 + i;
		insts[i].vips = vips;
		insts[i].n_vips = 1;			/* few calls, but long adverts */
		insts[i].n_advertised = n_advertised;
	}
	b->cfg.vr.insts = insts;
	b->cfg.insts = cfg_insts;
	b->cfg.vr.n_insts = MANY;
	fake_new(&f, b);
	fake_start(&f);
	fake_forget(&f);
	fake_until(&f, START + DOWN);
	ck_assert_uint_eq(fake_count(&f, "send slot 0"), MANY);
	ck_assert_uint_eq(fake_count(&f, "+ 192.0.2.100/24"), MANY);
	ck_assert_uint_eq(f.batches, batches);
	fake_free(&f);
}

START_TEST(a_batch_that_is_full_is_sent)
{
	many_adverts(1, 2);		/* 64 adverts a batch */
	many_adverts(255, 6);		/* 12 of 1036 octets fit into 16 KiB beside PKT_MAX */
}
END_TEST

/* ---- looking in ---- */

struct heard {
	char last[512];
	unsigned int n;
};

static void on_trace(void *ctx, const struct vr_config *conf, const struct vr_trace *trace,
		     const char *text)
{
	struct heard *h = ctx;

	(void)conf;
	(void)trace;
	h->n++;
	strncpy(h->last, text, sizeof(h->last) - 1);
}

START_TEST(a_listener_hears_what_the_log_hears)
{
	struct heard heard = { .n = 0 };
	struct eng_listener listener = { &heard, on_trace };
	struct eng_inst_view v;
	struct fake f;

	fake_new(&f, box_new());
	eng_listen(f.engine, &listener);
	fake_start(&f);
	ck_assert_str_eq(heard.last, "(VI_1) Entering BACKUP STATE (init): the daemon started");
	ck_assert_uint_eq(heard.n, f.n_lines);
	eng_inst_look(f.engine, 0, &v);
	ck_assert_str_eq(v.why, heard.last);
	fake_free(&f);
}
END_TEST

START_TEST(the_clocks_can_be_read)
{
	struct fake f;

	fake_new(&f, box_new());
	ck_assert_int_eq(eng_started_us(f.engine), START);
	f.now_us += 5;
	ck_assert_int_eq(eng_now_us(f.engine), START + 5);
	ck_assert_int_eq(eng_wall_us(f.engine) - eng_now_us(f.engine), INT64_C(1795205459000000));
	ck_assert_int_eq(eng_ifindex(f.engine, 0), 0);
	fake_start(&f);
	ck_assert_int_eq(eng_ifindex(f.engine, 0), 2);
	fake_free(&f);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("engine/engine");
	TCase *t = tcase_create("engine");
	SRunner *r = srunner_create(s);

	tcase_add_test(t, nothing_happens_before_all_facts_are_known);
	tcase_add_test(t, a_takeover_goes_out_in_order);
	tcase_add_test(t, many_instances_take_over_in_one_batch);
	tcase_add_test(t, a_master_yields);
	tcase_add_test(t, a_stop_leaves_in_good_order);
	tcase_add_test(t, a_stop_before_the_start_starts_nothing);
	tcase_add_test(t, the_process_is_told_of_the_start_and_of_the_end);
	tcase_add_test(t, addresses_are_held_when_the_kernel_says_so);
	tcase_add_test(t, a_refused_address_is_told);
	tcase_add_test(t, an_address_that_cannot_be_deleted_is_still_held);
	tcase_add_test(t, answers_come_in_order);
	tcase_add_test(t, an_interface_that_is_gone_takes_its_addresses_with_it);
	tcase_add_test(t, an_address_that_another_program_takes_is_put_back);
	tcase_add_test(t, our_own_delete_is_not_a_loss);
	tcase_add_test(t, an_address_that_is_taken_while_it_is_added_is_put_back);
	tcase_add_test(t, the_notice_of_an_older_operation_is_no_loss);
	tcase_add_test(t, an_address_that_is_taken_while_notices_are_lost_is_put_back);
	tcase_add_test(t, what_may_not_have_been_done_is_done_again);
	tcase_add_test(t, what_the_kernel_refuses_is_tried_again);
	tcase_add_test(t, packets_find_their_instance_by_slot);
	tcase_add_test(t, send_errors_are_counted_and_told_once_in_a_while);
	tcase_add_test(t, what_is_done_at_once_is_answered_after_the_step);
	tcase_add_test(t, a_batch_that_is_full_is_sent);
	tcase_add_test(t, a_listener_hears_what_the_log_hears);
	tcase_add_test(t, the_clocks_can_be_read);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
