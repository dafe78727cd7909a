/*
 * A node that goes on where another process ended: nothing has happened, as far as anybody else can
 * see, and what nobody can know is asked for again.
 */
#include <check.h>
#include <stdlib.h>

#include "core/save.h"
#include "rig.h"

#define DOWN INT64_C(3609375)		/* Master_Down_Interval of priority 100, 1 s */
#define MASTERED (DOWN + SECOND)	/* it has advertised twice by then */

static void begin(struct rig_node *n, const struct rig *rig)
{
	rig_node_new(n, &rig->vr, 1);
	rig_iface(n, 0, 0, "192.0.2.1");
	rig_step(n, 0, (struct vr_event){ .type = VR_EV_START });
}

static void wake(struct rig_node *n, int64_t at_us)
{
	rig_step(n, at_us, (struct vr_event){ .type = VR_EV_WAKE });
}

static void hear(struct rig_node *n, const struct rig *rig, int64_t at_us, uint8_t priority)
{
	uint8_t bytes[RIG_PACKET_MAX];
	struct ip_addr src = rig_addr("192.0.2.9");
	size_t len = rig_advert(bytes, &rig->insts[0], priority, &src);

	rig_step(n, at_us, (struct vr_event){
		.type = VR_EV_PACKET, .packet = { .family = IP_V4, .data = bytes, .len = len },
	});
}

static void master(struct rig_node *n, const struct rig *rig)
{
	begin(n, rig);
	wake(n, DOWN);
	wake(n, MASTERED);
	ck_assert_int_eq(rig_look(n, 0).state, VR_MASTER);
}

/* Another process, with what the first one knew at its end. */
static void resume(struct rig_node *n, const struct rig *rig, int64_t served_us, int64_t now_us)
{
	uint8_t bytes[4096];
	struct outbuf o = out_over(bytes, sizeof(bytes));
	struct cursor c;

	vr_save(n->node, &o);
	ck_assert(out_ok(&o));
	rig_node_free(n);
	rig_node_new(n, &rig->vr, 2);
	c = cur_over(bytes, out_len(&o));
	ck_assert(vr_load(n->node, &c, now_us));
	rig_step(n, now_us, (struct vr_event){
		.type = VR_EV_RESUME, .resume = { .served_us = served_us },
	});
}

START_TEST(a_master_goes_on_and_says_so_at_once)
{
	struct rig rig;
	struct rig_node n;

	rig_plain(&rig);
	master(&n, &rig);
	resume(&n, &rig, MASTERED + 500000, MASTERED + 507000);
	ck_assert_int_eq(rig_look(&n, 0).state, VR_MASTER);
	ck_assert_int_eq(rig_look(&n, 0).since_us, DOWN);
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ADVERT), 1);
	ck_assert_uint_eq(n.actions.v[rig_count(&n, VR_ACT_TRACE)].advert.priority, 100);
	/* No script, no address: nothing but the advert and one line. */
	ck_assert_uint_eq(n.actions.n, 2);
	ck_assert_int_eq(n.actions.v[0].trace.kind, VR_TR_RESUMED);
	ck_assert_int_eq(n.actions.v[0].trace.a, VR_MASTER);
	ck_assert_int_eq(n.actions.v[0].trace.c, 7);
	ck_assert(vr_deadline(n.node) <= MASTERED + 507000 + SECOND);
	rig_node_free(&n);
}
END_TEST

START_TEST(its_addresses_are_asked_for_again_and_announced_once)
{
	struct rig rig;
	struct rig_node n;

	rig_plain(&rig);
	master(&n, &rig);
	resume(&n, &rig, MASTERED, MASTERED + 5000);
	rig_step(&n, MASTERED + 6000, (struct vr_event){ .type = VR_EV_ASSERT });
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ADDR_ADD), 1);
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ADDR_DEL), 0);
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ANNOUNCE), 1);
	ck_assert_uint_eq(n.actions.n, 2);
	rig_node_free(&n);
}
END_TEST

/* So late that a peer may have taken over: it listens, and what it asks for comes when it speaks
 * again, which is soon once a peer of lower rank was heard. */
START_TEST(what_it_lacks_comes_as_soon_as_it_speaks)
{
	struct rig rig;
	struct rig_node n;
	int64_t at = MASTERED + 10 * SECOND;

	rig_plain(&rig);
	rig.insts[0].garp_delay_us = 0;
	master(&n, &rig);
	resume(&n, &rig, MASTERED + 500000, at);
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ADVERT), 0);
	rig_step(&n, at + 6000, (struct vr_event){ .type = VR_EV_ASSERT });
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ADDR_ADD), 0);
	hear(&n, &rig, at + 10000, 50);
	ck_assert_int_eq(vr_deadline(n.node), at + 10000 + SECOND / 10);
	wake(&n, vr_deadline(n.node));
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ADVERT), 1);
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ADDR_ADD), 1);
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ANNOUNCE), 1);
	rig_node_free(&n);
}
END_TEST

/* The predecessor made the second burst long ago, the record is older than that. */
START_TEST(what_was_done_is_not_done_again)
{
	struct rig rig;
	struct rig_node n;

	rig_plain(&rig);
	rig.insts[0].garp_delay_us = 5 * SECOND;
	rig.insts[0].garp_refresh_us = 60 * SECOND;
	master(&n, &rig);
	resume(&n, &rig, 1000 * SECOND, 1000 * SECOND + 5000);
	wake(&n, 1000 * SECOND + 6000);
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ANNOUNCE), 0);
	for (int64_t at = 1; at < 100; at++) {
		wake(&n, 1000 * SECOND + at * SECOND + 6000);
		ck_assert_uint_eq(rig_count(&n, VR_ACT_ANNOUNCE), at == 60);
	}
	rig_node_free(&n);
}
END_TEST

START_TEST(a_backup_waits_anew)
{
	struct rig rig;
	struct rig_node n;
	int64_t at = 2 * SECOND;

	rig_plain(&rig);
	begin(&n, &rig);
	hear(&n, &rig, SECOND, 200);
	hear(&n, &rig, SECOND + 1, 0);	/* it leaves: Skew_Time runs, since who knows when */
	resume(&n, &rig, at, at + 5000);
	ck_assert_int_eq(rig_look(&n, 0).state, VR_BACKUP);
	ck_assert_uint_eq(n.actions.n, 1);
	ck_assert_int_eq(vr_deadline(n.node), at + 5000 + DOWN);
	rig_step(&n, at + 6000, (struct vr_event){ .type = VR_EV_ASSERT });
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ADDR_DEL), 1);
	ck_assert_uint_eq(n.actions.n, 1);
	rig_node_free(&n);
}
END_TEST

START_TEST(an_unfit_one_stays_so_and_is_freed_by_its_facts)
{
	struct rig rig;
	struct rig_node n;
	struct vr_event down = {
		.type = VR_EV_LINK, .link = { .exists = true, .rx_ready = true },
	};

	rig_plain(&rig);
	master(&n, &rig);
	rig_step(&n, MASTERED, down);
	resume(&n, &rig, MASTERED, MASTERED + 5000);
	ck_assert_int_eq(rig_look(&n, 0).state, VR_FAULT);
	ck_assert_uint_eq(rig_look(&n, 0).faults, 1u << VR_FAULT_IF_DOWN);
	ck_assert_uint_eq(n.actions.n, 1);
	rig_step(&n, MASTERED + 6000, (struct vr_event){ .type = VR_EV_ASSERT });
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ADDR_DEL), 1);
	down.link.up = true;
	rig_step(&n, MASTERED + 7000, down);
	ck_assert_int_ne(rig_look(&n, 0).state, VR_FAULT);
	rig_node_free(&n);
}
END_TEST

/* An address that moved from one instance to the other: the one who gives it up speaks first. */
START_TEST(all_is_given_up_before_anything_is_taken)
{
	struct rig rig;
	struct rig_node n;

	rig_plain(&rig);
	rig.insts[1] = rig.insts[0];
	rig.insts[1].vrid = 52;
	rig.insts[1].priority = 1;
	rig.vr.n_insts = 2;
	begin(&n, &rig);
	wake(&n, DOWN);
	ck_assert_int_eq(rig_look(&n, 0).state, VR_MASTER);
	ck_assert_int_eq(rig_look(&n, 1).state, VR_BACKUP);
	resume(&n, &rig, DOWN, DOWN + 5000);
	rig_step(&n, DOWN + 6000, (struct vr_event){ .type = VR_EV_ASSERT });
	ck_assert_int_eq(n.actions.v[0].type, VR_ACT_ADDR_DEL);
	ck_assert_int_eq(n.actions.v[1].type, VR_ACT_ADDR_ADD);
	rig_node_free(&n);
}
END_TEST

START_TEST(who_has_left_does_not_go_on)
{
	struct rig rig;
	struct rig_node n;

	rig_plain(&rig);
	master(&n, &rig);
	rig_step(&n, MASTERED, (struct vr_event){ .type = VR_EV_STOP });
	resume(&n, &rig, MASTERED, MASTERED + 5000);
	ck_assert(!vr_started(n.node));
	ck_assert_uint_eq(n.actions.n, 0);
	rig_step(&n, MASTERED + 6000, (struct vr_event){ .type = VR_EV_ASSERT });
	ck_assert_uint_eq(n.actions.n, 0);
	rig_node_free(&n);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("core/resume");
	TCase *t = tcase_create("resume");
	SRunner *r;
	int failed;

	tcase_add_test(t, a_master_goes_on_and_says_so_at_once);
	tcase_add_test(t, its_addresses_are_asked_for_again_and_announced_once);
	tcase_add_test(t, what_it_lacks_comes_as_soon_as_it_speaks);
	tcase_add_test(t, what_was_done_is_not_done_again);
	tcase_add_test(t, a_backup_waits_anew);
	tcase_add_test(t, an_unfit_one_stays_so_and_is_freed_by_its_facts);
	tcase_add_test(t, all_is_given_up_before_anything_is_taken);
	tcase_add_test(t, who_has_left_does_not_go_on);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
