/*
 * A master's addresses when somebody else takes them away: put back at once, within a budget that
 * bears storms of wipes and ends a fight that cannot be won.
 */
#include <check.h>
#include <stdlib.h>

#include "rig.h"

#define MS INT64_C(1000)
#define GAP (5 * MS)
#define SAVED 400		/* repairs at once, ... */
#define EACH (SECOND / 2)	/* ... and one more in each such time */
#define QUIET (30 * SECOND)

static int64_t master(struct rig_node *n, struct rig *rig)
{
	rig_node_new(n, &rig->vr, 3);
	rig_iface(n, 0, 0, "192.0.2.1");
	rig_step(n, 0, (struct vr_event){ .type = VR_EV_START });
	int64_t at = vr_deadline(n->node);
	rig_step(n, at, (struct vr_event){ .type = VR_EV_WAKE });
	ck_assert_int_eq(rig_look(n, 0).state, VR_MASTER);
	return at + SECOND / 10;
}

static void lose(struct rig_node *n, int64_t at, uint16_t vip)
{
	rig_step(n, at, (struct vr_event){ .type = VR_EV_LOST, .lost = { .vip = vip } });
}

/* Wakes the node until UNTIL; returns how many addresses it has put back. */
static size_t run(struct rig_node *n, int64_t until)
{
	size_t added = 0;

	while (vr_deadline(n->node) <= until) {
		rig_step(n, vr_deadline(n->node), (struct vr_event){ .type = VR_EV_WAKE });
		added += rig_count(n, VR_ACT_ADDR_ADD);
	}
	return added;
}

START_TEST(it_is_put_back_at_once_and_announced)
{
	struct rig rig;
	struct rig_node n;

	rig_plain(&rig);
	int64_t at = master(&n, &rig);
	lose(&n, at, 0);
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ADDR_ADD), 1);
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ANNOUNCE), 1);
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ADVERT), 0);
	ck_assert_uint_eq(rig_count(&n, VR_ACT_NOTIFY), 0);
	ck_assert_int_eq(rig_look(&n, 0).state, VR_MASTER);
	rig_node_free(&n);
}
END_TEST

START_TEST(what_is_taken_in_the_next_moment_waits_for_its_end)
{
	struct rig rig;
	struct rig_node n;

	rig_plain(&rig);
	int64_t at = master(&n, &rig);
	lose(&n, at, 0);
	lose(&n, at + MS, 0);
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ADDR_ADD), 0);
	ck_assert_int_eq(vr_deadline(n.node), at + GAP);
	ck_assert_uint_eq(run(&n, at + GAP), 1);
	rig_node_free(&n);
}
END_TEST

static void is_taken(struct rig_node *n, bool wanted)
{
	struct vr_inst_view v = rig_look(n, 0);

	ck_assert_int_eq(v.state, wanted ? VR_FAULT : VR_MASTER);
	ck_assert_uint_eq(v.faults, wanted ? 1u << VR_FAULT_ADDR_TAKEN : 0);
}

/* Whoever takes it at every sight of it gets a fault; after a quiet time the host tries again. */
START_TEST(a_fight_that_cannot_be_won_is_given_up)
{
	struct rig rig;
	struct rig_node n;

	rig_plain(&rig);
	int64_t at = master(&n, &rig);
	int64_t began = at;
	size_t repairs = 0;

	while (rig_look(&n, 0).state == VR_MASTER) {
		lose(&n, at, 0);
		repairs += rig_count(&n, VR_ACT_ADDR_ADD);
		at += GAP;
	}
	ck_assert_uint_eq(repairs, SAVED + (size_t)((at - began) / EACH));
	is_taken(&n, true);
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ADVERT), 1);		/* priority 0 */
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ADDR_DEL), 1);
	run(&n, at - GAP + QUIET - 1);
	is_taken(&n, true);
	run(&n, at - GAP + QUIET);
	ck_assert_int_eq(rig_look(&n, 0).state, VR_BACKUP);
	run(&n, at + QUIET + 4 * SECOND);
	is_taken(&n, false);
	lose(&n, at + QUIET + 4 * SECOND, 0);
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ADDR_ADD), 1);
	is_taken(&n, false);
	rig_node_free(&n);
}
END_TEST

START_TEST(one_every_second_is_borne_for_ever)
{
	struct rig rig;
	struct rig_node n;

	rig_plain(&rig);
	int64_t at = master(&n, &rig);
	for (int i = 0; i < 10 * SAVED; i++) {
		run(&n, at);
		lose(&n, at, 0);
		ck_assert_uint_eq(rig_count(&n, VR_ACT_ADDR_ADD), 1);
		at += SECOND;
	}
	is_taken(&n, false);
	rig_node_free(&n);
}
END_TEST

/* A hundred wipes of ten rounds, as ip addr flush can make them, in ten seconds. */
START_TEST(a_storm_of_wipes_is_borne)
{
	struct rig rig;
	struct rig_node n;

	rig_plain(&rig);
	int64_t at = master(&n, &rig);
	for (int wipe = 0; wipe < 100; wipe++) {
		for (int look = 0; look < 10; look++)
			lose(&n, at + look * MS / 2, 0);
		run(&n, at + 100 * MS);
		at += 100 * MS;
	}
	is_taken(&n, false);
	rig_node_free(&n);
}
END_TEST

/* no_track: its loss does not concern the election, and nobody is in a hurry about it. */
START_TEST(an_untracked_one_comes_back_without_haste)
{
	struct rig rig;
	struct rig_node n;

	rig_plain(&rig);
	rig.vips[0][0].flags = VR_VIP_NO_TRACK;
	int64_t at = master(&n, &rig);
	for (int i = 0; i < 3 * SAVED; i++) {
		lose(&n, at, 0);
		ck_assert_uint_eq(rig_count(&n, VR_ACT_ADDR_ADD), 0);
	}
	ck_assert_uint_eq(run(&n, at + SECOND), 1);
	is_taken(&n, false);
	rig_node_free(&n);
}
END_TEST

/* A master that stood still listens first; what is taken away before or meanwhile is put back when
 * it speaks again, once. */
START_TEST(who_listens_puts_nothing_back_until_it_speaks)
{
	struct rig rig;
	struct rig_node n;

	rig_plain(&rig);
	rig.insts[0].n_vips = 2;
	rig.insts[0].garp_delay_us = 0;
	rig.vips[0][1] = rig.vips[0][0];
	rig.vips[0][1].prefix.addr = rig_addr("192.0.2.101");
	int64_t at = master(&n, &rig);
	lose(&n, at, 0);
	lose(&n, at + MS, 0);			/* waits for GAP to end */
	at += 20 * SECOND;
	lose(&n, at, 1);
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ADDR_ADD), 0);
	ck_assert_int_eq(vr_deadline(n.node), at + SECOND);
	rig_step(&n, at + SECOND, (struct vr_event){ .type = VR_EV_WAKE });
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ADVERT), 1);
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ADDR_ADD), 2);
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ANNOUNCE), 1);
	ck_assert_uint_eq(run(&n, at + 3 * SECOND), 0);
	rig_node_free(&n);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("core/keep");
	TCase *t = tcase_create("keep");
	SRunner *r = srunner_create(s);

	tcase_add_test(t, it_is_put_back_at_once_and_announced);
	tcase_add_test(t, what_is_taken_in_the_next_moment_waits_for_its_end);
	tcase_add_test(t, a_fight_that_cannot_be_won_is_given_up);
	tcase_add_test(t, one_every_second_is_borne_for_ever);
	tcase_add_test(t, a_storm_of_wipes_is_borne);
	tcase_add_test(t, an_untracked_one_comes_back_without_haste);
	tcase_add_test(t, who_listens_puts_nothing_back_until_it_speaks);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
