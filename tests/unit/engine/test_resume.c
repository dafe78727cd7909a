/*
 * An engine that goes on for one that was killed, and what is to be found in the record for that.
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

/* The kernel is read; OURS: the address is still there. */
static void read_kernel(struct fake *f, bool ours)
{
	fake_link(f, 2, "eth0", true);
	fake_addr(f, 2, "192.0.2.1/24", 0);
	if (ours)
		fake_addr(f, 2, "192.0.2.100/24", PORT_IFA_PROTO);
	fake_sync(f);
}

START_TEST(a_master_goes_on)
{
	struct box *b = box_new();
	struct fake f, g;

	box_notify(b, 0, CFG_NOTIFY_MASTER, "/bin/master");
	fake_new(&f, b);
	become_master(&f);
	fake_until(&f, START + DOWN + 2500000);
	b = box_new();
	box_notify(b, 0, CFG_NOTIFY_MASTER, "/bin/master");
	ck_assert_ptr_null(fake_resume(&g, &f, b));
	fake_expect(&g, "join slot 0 #2 224.0.0.18",
		    "send slot 0 from 192.0.2.1 vrid 51 priority 100", NULL);
	ck_assert_int_eq(fake_state(&g, 0), VR_MASTER);
	ck_assert(g.wake_us <= g.now_us + SECOND);
	read_kernel(&g, true);
	fake_expect(&g, "+ 192.0.2.100/24 #2", "announce 192.0.2.100 #2 x5 owner 51", NULL);
	ck_assert_uint_eq(fake_logged(&g, "(VI_1) goes on in state MASTER with another"), 1);
	ck_assert_uint_eq(fake_logged(&g, "Entering"), 0);
	fake_answer(&g, 0);
	/* From here on it is a daemon like any other. */
	fake_unaddr(&g, 2, "192.0.2.100/24");
	fake_expect(&g, "+ 192.0.2.100/24 #2", "announce 192.0.2.100 #2 x5 owner 51", NULL);
	fake_free(&f);
	fake_free(&g);
}
END_TEST

/* Facts of the record count until the kernel has been read; then those of the kernel do. */
START_TEST(what_has_changed_meanwhile_is_found)
{
	struct fake f, g;

	fake_new(&f, box_new());
	become_master(&f);
	ck_assert_ptr_null(fake_resume(&g, &f, box_new()));
	fake_forget(&g);
	fake_link(&g, 2, "eth0", false);
	fake_addr(&g, 2, "192.0.2.1/24", 0);
	ck_assert_int_eq(fake_state(&g, 0), VR_MASTER);
	fake_sync(&g);
	ck_assert_int_eq(fake_state(&g, 0), VR_FAULT);
	ck_assert_int_ge(fake_find(&g, "- 192.0.2.100/24 #2"), 0);
	ck_assert_int_eq(fake_find(&g, "+ 192.0.2.100/24 #2"), -1);
	fake_free(&f);
	fake_free(&g);
}
END_TEST

START_TEST(a_backup_waits_and_gives_up_what_it_may_have)
{
	struct box *b = box_new();
	struct fake f, g;

	fake_new(&f, b);
	fake_start(&f);
	fake_until(&f, START + 3 * SECOND);
	ck_assert_ptr_null(fake_resume(&g, &f, box_new()));
	fake_expect(&g, "join slot 0 #2 224.0.0.18", NULL);
	ck_assert_int_eq(fake_state(&g, 0), VR_BACKUP);
	ck_assert_int_eq(g.wake_us, g.now_us + DOWN);
	read_kernel(&g, true);
	fake_expect(&g, "- 192.0.2.100/24 #2", NULL);
	fake_free(&f);
	fake_free(&g);
}
END_TEST

/* Of an address that no configuration names the record says nothing. */
START_TEST(what_nobody_knows_is_removed)
{
	struct fake f, g;

	fake_new(&f, box_new());
	become_master(&f);
	ck_assert_ptr_null(fake_resume(&g, &f, box_new()));
	fake_forget(&g);
	fake_link(&g, 2, "eth0", true);
	fake_addr(&g, 2, "192.0.2.1/24", 0);
	fake_addr(&g, 2, "192.0.2.77/24", PORT_IFA_PROTO);
	fake_sync(&g);
	ck_assert_int_ge(fake_find(&g, "- 192.0.2.77/24 #2"), 0);
	fake_free(&f);
	fake_free(&g);
}
END_TEST

/* What goes before all has been read, or is told twice, or is not told again when all is read from
 * the beginning. */
START_TEST(what_went_meanwhile_is_not_removed)
{
	struct fake f, g;

	fake_new(&f, box_new());
	become_master(&f);
	ck_assert_ptr_null(fake_resume(&g, &f, box_new()));
	fake_forget(&g);
	fake_addr(&g, 2, "192.0.2.79/24", PORT_IFA_PROTO);
	g.up.resync(g.up.ctx);
	fake_link(&g, 2, "eth0", true);
	fake_addr(&g, 2, "192.0.2.1/24", 0);
	fake_addr(&g, 2, "192.0.2.77/24", PORT_IFA_PROTO);
	fake_addr(&g, 2, "192.0.2.77/24", PORT_IFA_PROTO);
	fake_addr(&g, 2, "192.0.2.78/24", PORT_IFA_PROTO);
	fake_unaddr(&g, 2, "192.0.2.78/24");
	fake_sync(&g);
	ck_assert_uint_eq(fake_count(&g, "- 192.0.2.77/24 #2"), 1);
	ck_assert_uint_eq(fake_count(&g, "- 192.0.2.78/24 #2"), 0);
	ck_assert_uint_eq(fake_count(&g, "- 192.0.2.79/24 #2"), 0);
	ck_assert_uint_eq(fake_logged(&g, "removing"), 1);
	fake_free(&f);
	fake_free(&g);
}
END_TEST

static struct box *checked(void)
{
	struct box *b = box_new();

	box_check(b, "probe", 5, 0, 0);
	return b;
}

START_TEST(checks_keep_their_verdict_and_run_at_once)
{
	struct fake f, g;

	fake_new(&f, checked());
	fake_start(&f);
	fake_end(&f, VR_CHECK_GOOD, 0);
	fake_until(&f, START + DOWN + SECOND);
	ck_assert_int_eq(fake_state(&f, 0), VR_MASTER);
	ck_assert_ptr_null(fake_resume(&g, &f, checked()));
	ck_assert_int_eq(fake_state(&g, 0), VR_MASTER);
	ck_assert_uint_eq(g.n_jobs, 1);
	/* The run that the other one had begun is none of ours. */
	fake_end_id(&g, f.jobs[0].id, VR_CHECK_EXIT, 1);
	read_kernel(&g, true);
	ck_assert_int_eq(fake_state(&g, 0), VR_MASTER);
	fake_end(&g, VR_CHECK_EXIT, 1);
	ck_assert_int_eq(fake_state(&g, 0), VR_FAULT);
	fake_free(&f);
	fake_free(&g);
}
END_TEST

/* A change of master is on record before anything is done for it. */
START_TEST(mastership_is_written_before_it_is_carried_out)
{
	struct fake f, g;

	fake_new(&f, box_new());
	fake_start(&f);
	ck_assert_uint_gt(f.n_records, 0);
	fake_until(&f, START + 3 * SECOND);
	unsigned int before = f.n_records;
	fake_until(&f, START + DOWN);
	ck_assert_uint_gt(f.n_records, before);
	before = f.n_records;
	fake_until(&f, START + DOWN + 60 * SECOND);
	ck_assert_uint_eq(f.n_records, before);		/* nothing but adverts */
	ck_assert_int_eq(f.past.served_us, START + DOWN + 61 * SECOND);
	ck_assert_ptr_null(fake_resume(&g, &f, box_new()));
	fake_free(&f);
	fake_free(&g);
}
END_TEST

START_TEST(who_left_in_good_order_has_no_successor)
{
	struct box *b = box_new();
	struct fake f, g;

	fake_new(&f, box_new());
	become_master(&f);
	eng_stop(f.engine);
	ck_assert_str_eq(fake_resume(&g, &f, b), "its writer had left in good order");
	fake_new(&g, b);
	fake_free(&f);
	fake_free(&g);
}
END_TEST

START_TEST(another_configuration_is_refused)
{
	struct box *b = box_new(), *c = box_new();
	struct fake f, g;

	fake_new(&f, box_new());
	become_master(&f);
	box_vip(b, 0, "192.0.2.101/24");
	ck_assert_str_eq(fake_resume(&g, &f, b), "it is for another configuration");
	box_inst(c, 52, 0);
	ck_assert_str_eq(fake_resume(&g, &f, c), "it is for another configuration");
	cfg_free(&b->cfg);
	cfg_free(&c->cfg);
	fake_free(&f);
}
END_TEST

/* An upgrade with a new file: the old one first, then a reload, before the kernel is read. */
START_TEST(a_new_configuration_follows_as_a_reload)
{
	struct box *b = box_new();
	struct fake f, g;

	fake_new(&f, box_new());
	become_master(&f);
	ck_assert_ptr_null(fake_resume(&g, &f, box_new()));
	fake_forget(&g);
	box_vip(b, 0, "192.0.2.101/24");
	ck_assert(eng_reload(g.engine, &b->cfg));
	fake_expect(&g, "+ 192.0.2.101/24 #2", "announce 192.0.2.100 #2 x5 owner 51",
		    "announce 192.0.2.101 #2 x5 owner 51", NULL);
	read_kernel(&g, true);
	fake_expect(&g, "+ 192.0.2.100/24 #2", "+ 192.0.2.101/24 #2",
		    "announce 192.0.2.100 #2 x5 owner 51", "announce 192.0.2.101 #2 x5 owner 51",
		    NULL);
	ck_assert_int_eq(fake_state(&g, 0), VR_MASTER);
	fake_free(&f);
	fake_free(&g);
}
END_TEST

/* Killed again before it had read the kernel: nothing has got lost on the way. */
/* It stood still, and a reload finds it so; it listens, but not to the end, for it hears a lower
 * rank. Its successor must know. */
START_TEST(who_listened_over_a_reload_has_listened)
{
	struct box *b = box_new();
	struct fake f, g;

	fake_new(&f, box_new());
	become_master(&f);
	f.now_us += 20 * SECOND;
	ck_assert(eng_reload(f.engine, &b->cfg));
	fake_hear(&f, b, 0, 0, 50, "192.0.2.9");
	fake_until(&f, f.now_us + SECOND / 5);
	ck_assert_uint_eq(fake_count(&f, "send slot 0"), 1);
	ck_assert_ptr_null(fake_resume(&g, &f, box_new()));
	ck_assert_uint_eq(fake_count(&g, "send slot 0"), 1);
	fake_free(&f);
	fake_free(&g);
}
END_TEST

START_TEST(twice_in_a_row)
{
	struct fake f, g, h;

	fake_new(&f, box_new());
	become_master(&f);
	ck_assert_ptr_null(fake_resume(&g, &f, box_new()));
	ck_assert_ptr_null(fake_resume(&h, &g, box_new()));
	fake_expect(&h, "join slot 0 #2 224.0.0.18",
		    "send slot 0 from 192.0.2.1 vrid 51 priority 100", NULL);
	read_kernel(&h, false);
	fake_expect(&h, "+ 192.0.2.100/24 #2", "announce 192.0.2.100 #2 x5 owner 51", NULL);
	fake_free(&f);
	fake_free(&g);
	fake_free(&h);
}
END_TEST

/* The socket could not be had at once: that is no reason to give the address up. */
START_TEST(a_socket_that_comes_late)
{
	struct fake f, g;

	fake_new(&f, box_new());
	become_master(&f);
	f.join_error = EAGAIN;
	ck_assert_ptr_null(fake_resume(&g, &f, box_new()));
	ck_assert_int_eq(fake_state(&g, 0), VR_MASTER);
	fake_forget(&g);
	g.join_error = 0;
	read_kernel(&g, true);
	ck_assert_int_eq(fake_find(&g, "join slot 0 #2"), 0);
	ck_assert_int_eq(fake_state(&g, 0), VR_MASTER);
	fake_free(&f);
	fake_free(&g);
}
END_TEST

static struct box *tracking(void)
{
	struct box *b = box_new();
	uint16_t other = box_iface(b, "eth1");

	b->track_ifaces[0][0] = (struct vr_ref){ .index = other };
	b->insts[0].track_ifaces = b->track_ifaces[0];
	b->insts[0].n_track_ifaces = 1;
	return b;
}

/* Two facts have changed: one would free the instance, the other holds it. Nobody is told that it
 * was fit for the moment between them. */
START_TEST(bad_news_come_first)
{
	struct fake f, g;

	fake_new(&f, tracking());
	fake_link(&f, 2, "eth0", false);
	fake_link(&f, 3, "eth1", true);
	fake_addr(&f, 2, "192.0.2.1/24", 0);
	fake_sync(&f);
	ck_assert_int_eq(fake_state(&f, 0), VR_FAULT);
	ck_assert_ptr_null(fake_resume(&g, &f, tracking()));
	fake_link(&g, 2, "eth0", true);
	fake_link(&g, 3, "eth1", false);
	fake_addr(&g, 2, "192.0.2.1/24", 0);
	fake_sync(&g);
	ck_assert_int_eq(fake_state(&g, 0), VR_FAULT);
	ck_assert_uint_eq(fake_logged(&g, "Entering"), 0);
	fake_free(&f);
	fake_free(&g);
}
END_TEST

START_TEST(what_status_shows_goes_on)
{
	struct fake f, g;
	struct eng_inst_view a, b;
	int64_t at_us;

	fake_new(&f, box_new());
	become_master(&f);
	eng_reload_refused(f.engine, "line 3 is bad");
	f.now_us += 1000;
	fake_unlink(&f, 2, "eth0");		/* something that is recorded */
	ck_assert_ptr_null(fake_resume(&g, &f, box_new()));
	ck_assert_int_eq(eng_started_us(g.engine), START);
	ck_assert_str_eq(eng_refusal(g.engine, &at_us), "line 3 is bad");
	ck_assert_int_eq(at_us, f.now_us - 1000);
	eng_inst_look(f.engine, 0, &a);
	eng_inst_look(g.engine, 0, &b);
	ck_assert_uint_gt(strlen(a.why), 10);
	ck_assert_str_eq(a.why, b.why);
	fake_free(&f);
	fake_free(&g);
}
END_TEST

/* Every record that is cut short is refused; one with a damaged octet is refused, or runs. */
START_TEST(damage_never_breaks_an_engine)
{
	struct fake f, g;
	struct fake *bad = malloc(sizeof(*bad));

	ck_assert_ptr_nonnull(bad);
	fake_new(&f, checked());
	fake_start(&f);
	fake_end(&f, VR_CHECK_GOOD, 0);
	fake_until(&f, START + DOWN + SECOND);
	for (size_t i = 0; i < 2 * f.past.len; i++) {
		struct box *b = checked();

		*bad = f;
		bad->past.data = bad->record;
		if (i < f.past.len)
			bad->past.len = i;
		else
			bad->record[i - f.past.len] ^= (uint8_t)(1 + i % 255);
		const char *why = fake_resume(&g, bad, b);
		ck_assert(why || i >= f.past.len);
		if (why) {
			cfg_free(&b->cfg);
			continue;
		}
		read_kernel(&g, true);
		fake_until(&g, g.now_us + 10 * SECOND);
		eng_stop(g.engine);
		fake_free(&g);
	}
	fake_free(&f);
	free(bad);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("engine/resume");
	TCase *t = tcase_create("resume");
	SRunner *r;
	int failed;

	tcase_set_timeout(t, 60);
	tcase_add_test(t, a_master_goes_on);
	tcase_add_test(t, what_has_changed_meanwhile_is_found);
	tcase_add_test(t, a_backup_waits_and_gives_up_what_it_may_have);
	tcase_add_test(t, what_nobody_knows_is_removed);
	tcase_add_test(t, what_went_meanwhile_is_not_removed);
	tcase_add_test(t, checks_keep_their_verdict_and_run_at_once);
	tcase_add_test(t, mastership_is_written_before_it_is_carried_out);
	tcase_add_test(t, who_left_in_good_order_has_no_successor);
	tcase_add_test(t, another_configuration_is_refused);
	tcase_add_test(t, a_new_configuration_follows_as_a_reload);
	tcase_add_test(t, who_listened_over_a_reload_has_listened);
	tcase_add_test(t, twice_in_a_row);
	tcase_add_test(t, a_socket_that_comes_late);
	tcase_add_test(t, bad_news_come_first);
	tcase_add_test(t, what_status_shows_goes_on);
	tcase_add_test(t, damage_never_breaks_an_engine);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
