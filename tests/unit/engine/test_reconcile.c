/*
 * What should be there against what is there: each way in which an address can be wrong, and what
 * is asked of the kernel then.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "fake.h"

#define VIP "192.0.2.100/24"

static void rest(struct fake *f)
{
	f->now_us += SECOND / 2;
	fake_forget(f);
}

static void become(struct fake *f, struct box *b, bool master)
{
	fake_new(f, b);
	fake_start(f);
	if (master) {
		f->now_us = f->wake_us;
		f->up.wake(f->up.ctx);
	}
	fake_answer(f, 0);
	rest(f);
}

/* The kernel tells of the address. */
static void tell(struct fake *f, uint8_t proto, uint32_t lease, const char *label)
{
	struct port_addr a = { .ifindex = 2, .proto = proto, .lease_s = lease };

	ck_assert(ip_parse_prefix(VIP, &a.prefix));
	snprintf(a.label, sizeof(a.label), "%s", label);
	f->up.addr(f->up.ctx, &a);
}

START_TEST(what_is_right_is_left_alone)
{
	struct fake f;

	become(&f, box_new(), true);
	tell(&f, PORT_IFA_PROTO, 0, "eth0");
	tell(&f, PORT_IFA_PROTO, 0, "");
	fake_quiet(&f);
	fake_free(&f);
}
END_TEST

START_TEST(another_label_makes_it_anew)
{
	struct fake f;

	become(&f, box_new(), true);
	tell(&f, PORT_IFA_PROTO, 0, "eth0:x");
	fake_expect(&f, "- " VIP " #2", "+ " VIP " #2", "announce 192.0.2.100 #2 x5 owner 51",
		    NULL);
	fake_answer(&f, 0);
	rest(&f);
	tell(&f, PORT_IFA_PROTO, 0, "eth0:x");	/* the kernel will not have it otherwise */
	ck_assert_int_eq(fake_find(&f, "- "), -1);
	fake_forget(&f);
	tell(&f, PORT_IFA_PROTO, 0, "eth0");
	tell(&f, PORT_IFA_PROTO, 0, "eth0:x");	/* but somebody else can, again */
	fake_expect(&f, "- " VIP " #2", "+ " VIP " #2", "announce 192.0.2.100 #2 x5 owner 51",
		    NULL);
	fake_free(&f);
}
END_TEST

/* Another program's request came between our two, or the kernel will not have it otherwise. */
START_TEST(what_stays_wrong_is_made_anew_a_few_times)
{
	struct fake f;

	become(&f, box_new(), true);
	for (int i = 0; i < 10; i++) {
		fake_forget(&f);
		tell(&f, PORT_IFA_PROTO, 0, "eth0:x");
		ck_assert_int_eq(fake_count(&f, "- " VIP " #2"), i < 3);
		if (i < 3)
			fake_answer(&f, 0);
		fake_forget(&f);
		tell(&f, PORT_IFA_PROTO, 0, "eth0:x");
		ck_assert_int_eq(fake_count(&f, "- " VIP " #2"), 0);	/* too soon */
		fake_until(&f, f.now_us + SECOND);
	}
	tell(&f, PORT_IFA_PROTO, 0, "eth0");
	tell(&f, PORT_IFA_PROTO, 0, "eth0:x");
	ck_assert_int_eq(fake_count(&f, "- " VIP " #2"), 1);
	fake_free(&f);
}
END_TEST

/* What the kernel keeps and gives back; it is told whole, or not at all. */
START_TEST(another_peer_broadcast_or_flag_makes_it_anew)
{
	const struct port_addr right = {
		.ifindex = 2, .proto = PORT_IFA_PROTO, .label = "eth0",
	};
	struct fake f;

	for (int way = 0; way < 5; way++) {
		struct port_addr a = right;

		become(&f, box_new(), true);
		ck_assert(ip_parse_prefix(VIP, &a.prefix));
		a.peer = a.prefix.addr;
		f.up.addr(f.up.ctx, &a);
		fake_quiet(&f);
		if (way == 1)
			ck_assert(ip_parse("192.0.2.255", &a.broadcast));
		if (way == 2)
			ck_assert(ip_parse("192.0.2.77", &a.peer));
		if (way == 3)
			a.flags = VR_VIP_NOPREFIXROUTE;
		if (way == 4)
			a.peer.family = IP_NONE;
		f.up.addr(f.up.ctx, &a);
		ck_assert_int_eq(fake_count(&f, "- " VIP " #2"), way > 0 && way < 4);
		ck_assert_int_eq(fake_count(&f, "+ " VIP " #2"), way > 0 && way < 4);
		fake_free(&f);
	}
}
END_TEST

/* A master that stood still does nothing before it has listened, but it does not forget it. */
START_TEST(who_listens_makes_it_anew_later)
{
	struct fake f;

	become(&f, box_new(), true);
	f.now_us += 20 * SECOND;
	tell(&f, PORT_IFA_PROTO, 0, "eth0:x");
	ck_assert_int_eq(fake_find(&f, "- "), -1);
	fake_until(&f, f.now_us + SECOND);
	ck_assert_int_eq(fake_find(&f, "- "), -1);
	fake_forget(&f);
	tell(&f, PORT_IFA_PROTO, 0, "eth0:x");
	fake_expect(&f, "- " VIP " #2", "+ " VIP " #2", "announce 192.0.2.100 #2 x5 owner 51",
		    NULL);
	fake_free(&f);
}
END_TEST

START_TEST(a_lost_tag_is_written_again_where_tags_are_known)
{
	struct fake f;

	become(&f, box_new(), true);
	tell(&f, 0, 0, "");
	fake_quiet(&f);			/* a kernel before 5.18 tells none */
	tell(&f, PORT_IFA_PROTO, 0, "");
	tell(&f, 0, 0, "");
	fake_expect(&f, "+ " VIP " #2", NULL);
	fake_free(&f);
}
END_TEST

/* Too short, too long, or none where there should be one. */
START_TEST(a_wrong_lease_is_written_again)
{
	static const struct {
		uint32_t wanted, found;
		bool right;
	} cases[] = {
		{ 0, 0, true }, { 0, 9, false }, { 6, 0, false }, { 6, 6, true }, { 6, 3, true },
		{ 6, 2, false }, { 6, 7, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct box *b = box_new();
		struct fake f;

		b->cfg_insts[0].lease_s = cases[i].wanted;
		become(&f, b, true);
		tell(&f, PORT_IFA_PROTO, cases[i].found, "");
		ck_assert_uint_eq(fake_count(&f, "+ " VIP " #2"), !cases[i].right);
		ck_assert_int_eq(fake_find(&f, "announce"), -1);
		fake_free(&f);
	}
}
END_TEST

START_TEST(what_a_backup_must_not_have_goes)
{
	struct fake f;

	become(&f, box_new(), false);
	tell(&f, PORT_IFA_PROTO, 0, "");
	fake_expect(&f, "- " VIP " #2", NULL);
	ck_assert_uint_eq(fake_logged(&f, "while this host is not master"), 1);
	fake_free(&f);
}
END_TEST

START_TEST(what_is_somebody_elses_stays_and_is_said)
{
	struct fake f;

	become(&f, box_new(), false);
	tell(&f, 0, 0, "");
	fake_quiet(&f);
	ck_assert_uint_eq(fake_logged(&f, "was not put there by us"), 1);
	fake_free(&f);
}
END_TEST

/* Notices of what was under way a moment ago come late. */
START_TEST(a_late_notice_is_no_intruder)
{
	struct fake f;

	become(&f, box_new(), false);
	f.now_us -= SECOND / 2;
	tell(&f, PORT_IFA_PROTO, 0, "");
	fake_quiet(&f);
	fake_until(&f, f.now_us + SECOND);
	ck_assert_uint_eq(f.rereads, 1);	/* to be sure */
	fake_free(&f);
}
END_TEST

/* Two instances name it; the one that has it is not robbed by the other. */
START_TEST(what_another_instance_holds_is_no_intruder)
{
	struct box *b = box_new();
	struct fake f;

	box_inst(b, 52, 0)->priority = 10;
	box_vip(b, 1, VIP);
	become(&f, b, false);
	fake_until(&f, f.now_us + 3500000);
	fake_answer(&f, 0);
	rest(&f);
	tell(&f, PORT_IFA_PROTO, 0, "");
	ck_assert_int_eq(fake_find(&f, "- "), -1);
	fake_free(&f);
}
END_TEST

START_TEST(everything_is_read_again_now_and_then)
{
	struct fake f;
	int64_t began;

	become(&f, box_new(), true);
	began = f.now_us;
	fake_until(&f, began + 29 * SECOND);
	ck_assert_uint_eq(f.rereads, 0);
	fake_until(&f, began + 41 * SECOND);
	ck_assert_uint_eq(f.rereads, 1);
	fake_until(&f, began + 82 * SECOND);
	ck_assert_uint_eq(f.rereads, 2);
	fake_free(&f);
}
END_TEST

/* No notice said so: the reading does. */
START_TEST(what_no_notice_told_is_found)
{
	struct fake f;

	become(&f, box_new(), true);
	f.up.resync(f.up.ctx);
	fake_link(&f, 2, "eth0", true);
	fake_addr(&f, 2, "192.0.2.1/24", 0);
	fake_sync(&f);
	fake_expect(&f, "+ " VIP " #2", "announce 192.0.2.100 #2 x5 owner 51", NULL);
	fake_free(&f);
}
END_TEST

/* A lease of 10 s: five rounds in that time, without announcements, and none as backup. */
START_TEST(leases_are_renewed_by_the_master_only)
{
	struct box *b = box_new();
	struct fake f;

	b->cfg_insts[0].lease_s = 10;
	become(&f, b, true);
	for (int i = 0; i < 100; i++) {
		fake_until(&f, f.now_us + SECOND / 10);
		fake_answer(&f, 0);
	}
	ck_assert_uint_ge(fake_count(&f, "+ " VIP " #2"), 4);
	ck_assert_uint_le(fake_count(&f, "+ " VIP " #2"), 6);
	fake_hear(&f, b, 0, 0, 200, "192.0.2.9");
	fake_answer(&f, 0);
	fake_forget(&f);
	fake_until(&f, f.now_us + 3 * SECOND);
	ck_assert_int_eq(fake_find(&f, "+ "), -1);
	fake_free(&f);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("engine/reconcile");
	TCase *t = tcase_create("reconcile");
	SRunner *r = srunner_create(s);

	tcase_add_test(t, what_is_right_is_left_alone);
	tcase_add_test(t, another_label_makes_it_anew);
	tcase_add_test(t, what_stays_wrong_is_made_anew_a_few_times);
	tcase_add_test(t, another_peer_broadcast_or_flag_makes_it_anew);
	tcase_add_test(t, who_listens_makes_it_anew_later);
	tcase_add_test(t, a_lost_tag_is_written_again_where_tags_are_known);
	tcase_add_test(t, a_wrong_lease_is_written_again);
	tcase_add_test(t, what_a_backup_must_not_have_goes);
	tcase_add_test(t, what_is_somebody_elses_stays_and_is_said);
	tcase_add_test(t, a_late_notice_is_no_intruder);
	tcase_add_test(t, what_another_instance_holds_is_no_intruder);
	tcase_add_test(t, everything_is_read_again_now_and_then);
	tcase_add_test(t, what_no_notice_told_is_found);
	tcase_add_test(t, leases_are_renewed_by_the_master_only);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
