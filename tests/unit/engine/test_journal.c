/*
 * What the daemon told, the replay tells again, octet by octet: after a wrap, after a gap, after a
 * reload, whatever the events were.
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "jrig.h"

/* ---- stories ---- */

static void live_a_life(struct rig *r, struct box *b, struct box *edited)
{
	fake_start(&r->f);
	pass(r, 10 * SECOND);			/* MASTER */
	fake_hear(&r->f, b, 0, 0, 50, "192.0.2.9");
	fake_hear(&r->f, b, 0, 0, 200, "192.0.2.9");	/* BACKUP */
	pass(r, SECOND);
	fake_hear(&r->f, b, 0, 0, 0, "192.0.2.9");
	pass(r, 5 * SECOND);
	fake_link(&r->f, 2, "eth0", false);		/* FAULT */
	pass(r, SECOND);
	fake_link(&r->f, 2, "eth0", true);
	pass(r, 5 * SECOND);
	ck_assert(eng_reload(r->f.engine, &edited->cfg));
	pass(r, 5 * SECOND);
	fake_end(&r->f, VR_CHECK_EXIT, 3);
	pass(r, 5 * SECOND);
	eng_stop(r->f.engine);
	fake_answer(&r->f, 0);
}

START_TEST(a_life_is_told_again)
{
	struct box *b = box_new(), *edited = box_new();
	struct rig r;

	edited->insts[0].priority = 120;
	box_vip(edited, 0, "192.0.2.101/24");
	box_check(edited, "probe", 2, 0, -30);
	rig_new(&r, b, JRN_SIZE_USUAL);
	live_a_life(&r, b, edited);
	replays_wholly(&r);
	ck_assert_uint_gt(r.result.traces, 12);
	ck_assert_uint_eq(r.configs, 2);
	ck_assert_uint_eq(count(&r.again, "keeps state MASTER over the reload"), 1);
	ck_assert_uint_eq(count(&r.again, "VRRP_Script(probe) failed (exited with status 3)"), 1);
	ck_assert_str_eq(r.notes.s,
			 "0 begin: holdfastd 1.2.3, 1 instance: the journal begins here\n");
	ck_assert_uint_eq(jrn_lost(r.j), 0);
	ck_assert_uint_eq(r.m.pushes, r.result.events + 1);	/* once a step, and at the start */
	rig_free(&r);
}
END_TEST

START_TEST(nothing_but_the_start_is_a_journal)
{
	struct rig r;

	rig_new(&r, box_new(), SMALL);
	replay(&r);
	ck_assert_uint_eq(r.result.events, 0);
	ck_assert_str_eq(r.again.s, "");
	rig_free(&r);
}
END_TEST

/* The ring has turned many times: what it still holds is the end of what was told. */
START_TEST(after_many_turns_the_last_hours_are_left)
{
	struct box *b = box_new();
	struct rig r;

	rig_new(&r, b, SMALL);
	fake_start(&r.f);
	for (int i = 0; i < 3000; i++) {
		fake_hear(&r.f, b, 0, 0, i % 40 < 20 ? 200 : 50, "192.0.2.9");
		pass(&r, SECOND);
	}
	replay(&r);
	ck_assert_uint_gt(r.result.traces, 20);
	ck_assert_uint_lt(r.again.len, r.told.len / 2);
	ck_assert(ends_with(&r.told, &r.again));
	ck_assert_uint_eq(r.result.differences + r.result.damaged + r.result.gaps, 0);
	/* The second segment's checkpoint is the first one's node: no new beginning. */
	ck_assert_uint_eq(count(&r.notes, "begin: "), 1);
	rig_free(&r);
}
END_TEST

START_TEST(a_reload_at_any_place_of_the_ring)
{
	struct rig r;
	int64_t at = 0;

	rig_new(&r, box_new(), SMALL);
	fake_start(&r.f);
	for (int i = 0; i < 300; i++) {
		struct box *b = box_new();

		if (i % 3 == 0)
			box_vip(b, 0, "192.0.2.107/24");
		if (i % 5 == 0)
			box_inst(b, (uint8_t)(60 + i % 7), 0);
		b->insts[0].name = i % 4 ? "VI_1" : "another name";
		ck_assert(eng_reload(r.f.engine, &b->cfg));
		at += 1 + i % 11;
		pass(&r, at % 7 * SECOND);
		fake_hear(&r.f, b, 0, 0, (uint8_t)(i * 7), "192.0.2.9");
		replay(&r);
		ck_assert_msg(ends_with(&r.told, &r.again), "reload %d", i);
		ck_assert_uint_eq(r.result.differences + r.result.damaged + r.result.gaps, 0);
	}
	rig_free(&r);
}
END_TEST

START_TEST(a_reload_before_the_start)
{
	struct box *b = box_new();
	struct rig r;

	rig_new(&r, box_new(), SMALL);
	b->insts[0].name = "other";
	ck_assert(eng_reload(r.f.engine, &b->cfg));
	fake_start(&r.f);
	pass(&r, 10 * SECOND);
	replays_wholly(&r);
	ck_assert_uint_gt(count(&r.again, "(other) Entering MASTER STATE"), 0);
	rig_free(&r);
}
END_TEST

START_TEST(two_lives_in_one_ring)
{
	struct box *b = box_new();
	struct rig r;

	rig_new(&r, b, JRN_SIZE_USUAL);
	fake_start(&r.f);
	pass(&r, 10 * SECOND);
	shut(&r);
	boot(&r, box_new(), 3600);
	fake_start(&r.f);
	pass(&r, 10 * SECOND);
	replays_wholly(&r);
	ck_assert_uint_eq(count(&r.notes, "the journal begins here"), 2);
	ck_assert_uint_eq(count(&r.again, "Entering MASTER STATE"), 2);
	rig_free(&r);
}
END_TEST

static int64_t wall_set_forward(void *ctx)
{
	return ((struct fake *)ctx)->now_us + INT64_C(1795205459000000) + 3600 * SECOND;
}

START_TEST(a_wall_clock_that_jumps)
{
	struct box *b = box_new();
	struct rig r;

	rig_new(&r, b, JRN_SIZE_USUAL);
	fake_start(&r.f);
	replay(&r);
	ck_assert_int_eq(r.wall_us, r.f.now_us + INT64_C(1795205459000000));
	r.f.port.wall_us = wall_set_forward;
	pass(&r, 10 * SECOND);
	fake_hear(&r.f, b, 0, 0, 200, "192.0.2.9");
	replays_wholly(&r);
	ck_assert_int_eq(r.wall_us, wall_set_forward(&r.f));
	rig_free(&r);
}
END_TEST

/* ---- what is lost ---- */

START_TEST(a_gap_is_told_and_the_telling_goes_on)
{
	struct box *b = box_new();
	struct text before;
	struct rig r;

	rig_new(&r, b, JRN_SIZE_USUAL);
	fake_start(&r.f);
	pass(&r, 10 * SECOND);
	text_new(&before);
	strcpy(before.s, r.told.s);
	r.m.refuse = EAGAIN;
	fake_hear(&r.f, b, 0, 0, 200, "192.0.2.9");
	ck_assert_uint_eq(fake_logged(&r.f, "journal: events come faster"), 1);
	pass(&r, 10 * SECOND);
	r.m.refuse = 0;
	ck_assert_uint_gt(jrn_lost(r.j), 5);
	r.told.len = 0;
	fake_hear(&r.f, b, 0, 0, 201, "192.0.2.9");
	pass(&r, 5 * SECOND);
	replay(&r);
	ck_assert_uint_eq(r.result.gaps, 1);
	ck_assert_uint_eq(r.result.lost, jrn_lost(r.j));
	ck_assert_uint_eq(r.result.differences + r.result.damaged, 0);
	ck_assert_uint_eq(strncmp(r.again.s, before.s, strlen(before.s)), 0);
	ck_assert(ends_with(&r.again, &r.told));
	ck_assert_uint_eq(r.again.len, strlen(before.s) + r.told.len);
	ck_assert_uint_eq(count(&r.notes, "gap: "), 1);
	ck_assert_uint_eq(count(&r.notes, "the journal goes on here"), 1);
	free(before.s);
	rig_free(&r);
}
END_TEST

START_TEST(a_gap_in_a_reload)
{
	struct box *b = box_new();
	struct rig r;

	rig_new(&r, b, JRN_SIZE_USUAL);
	fake_start(&r.f);
	pass(&r, 10 * SECOND);
	r.m.refuse = EAGAIN;
	b = box_new();
	ck_assert(eng_reload(r.f.engine, &b->cfg));
	r.m.refuse = 0;
	r.told.len = 0;
	r.told.s[0] = '\0';
	fake_hear(&r.f, b, 0, 0, 201, "192.0.2.9");
	pass(&r, 5 * SECOND);
	replay(&r);
	ck_assert(ends_with(&r.again, &r.told));
	ck_assert_uint_gt(r.told.len, 0);
	ck_assert_uint_eq(r.result.gaps, 1);
	ck_assert_uint_eq(r.result.differences + r.result.damaged, 0);
	rig_free(&r);
}
END_TEST

START_TEST(a_sink_that_fails_ends_it)
{
	struct box *b = box_new();
	struct rig r;

	rig_new(&r, b, JRN_SIZE_USUAL);
	fake_start(&r.f);
	r.m.refuse = EIO;
	fake_hear(&r.f, b, 0, 0, 50, "192.0.2.9");
	r.m.refuse = 0;
	size_t puts = r.m.puts;
	ck_assert(!jrn_alive(r.j));
	fake_hear(&r.f, b, 0, 0, 50, "192.0.2.9");
	ck_assert(eng_reload(r.f.engine, &box_new()->cfg));
	pass(&r, 10 * SECOND);
	ck_assert_uint_eq(r.m.puts, puts);
	replay(&r);
	ck_assert_uint_eq(r.result.damaged + r.result.differences, 0);
	rig_free(&r);
}
END_TEST

START_TEST(a_file_too_small_for_the_configuration)
{
	struct box *b = box_new();
	char *name = malloc(40000);
	struct rig r;

	memset(name, 'x', 39999);
	name[39999] = '\0';
	b->insts[0].name = arena_str(b->cfg.arena, name);
	free(name);
	rig_new(&r, b, SMALL);
	ck_assert(!jrn_alive(r.j));
	ck_assert_uint_eq(fake_logged(&r.f, "journal: is too small for this configuration, which "
				      "wants 315 KiB; it ends here"), 1);
	fake_start(&r.f);
	pass(&r, 10 * SECOND);
	ck_assert(!replay_of(&r, r.m.size));
	ck_assert_str_eq(r.result.why, "offset 32: nothing has been written into it");
	rig_free(&r);
}
END_TEST

/* ---- anything ---- */

struct dice {
	uint64_t state;
};

static uint32_t roll(struct dice *d, uint32_t n)
{
	d->state = d->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(d->state >> 33) % n;
}

static struct dice dice_new(void)
{
	const char *given = getenv("HOLDFAST_SEED");
	struct dice d = { given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL) * 2654435761u };

	fprintf(stderr, "HOLDFAST_SEED=%llu\n", (unsigned long long)d.state);
	return d;
}

static struct box *any_box(struct dice *d)
{
	struct box *b = box_new();

	if (roll(d, 2))
		box_iface(b, "eth1");
	if (roll(d, 2))
		box_inst(b, (uint8_t)(52 + roll(d, 2)), (uint16_t)roll(d, b->cfg.vr.n_ifaces));
	for (uint16_t i = 0; i < b->cfg.vr.n_insts; i++) {
		struct vr_inst_conf *ic = &b->insts[i];

		if (roll(d, 2))
			box_vip(b, i, roll(d, 2) ? "192.0.2.107/24" : "192.0.2.108/32");
		ic->version = (uint8_t)(2 + roll(d, 2));
		ic->priority = (uint8_t)(1 + roll(d, 255));
		ic->preempt = roll(d, 2);
		ic->preempt_delay_us = roll(d, 2) * 3 * SECOND;
		ic->garp_refresh_us = roll(d, 3) * SECOND;
		if (roll(d, 3) == 0)
			box_check(b, i ? "one" : "two", 2, i, (int16_t)(roll(d, 3) * 40 - 40));
	}
	return b;
}

static void do_anything(struct rig *r, struct dice *d, const struct box **running)
{
	struct box *b;

	switch (roll(d, 12)) {
	case 0:
		fake_link(&r->f, 2 + (int)roll(d, 2), "eth0", roll(d, 4));
		break;
	case 1:
		fake_link(&r->f, 9, "eth1", roll(d, 4));
		break;
	case 2:
		fake_addr(&r->f, 9, "192.0.2.2/24", 0);
		break;
	case 3:
		fake_unaddr(&r->f, 2, roll(d, 2) ? "192.0.2.100/24" : "192.0.2.1/24");
		break;
	case 4:
		fake_addr(&r->f, 2, "192.0.2.1/24", 0);
		break;
	case 5:
		if (r->f.n_jobs)
			fake_end(&r->f, roll(d, 3) ? VR_CHECK_GOOD : VR_CHECK_TIMEOUT, 0);
		break;
	case 6:
		b = any_box(d);
		ck_assert(eng_reload(r->f.engine, &b->cfg));
		*running = b;
		break;
	case 7:
		fake_answer(&r->f, roll(d, 4) ? 0 : EBUSY);
		break;
	case 8:
		pass(r, roll(d, 4000) * 1000);
		break;
	default:
		fake_hear(&r->f, *running, (uint16_t)roll(d, (*running)->cfg.vr.n_insts), 0,
			  (uint8_t)roll(d, 256), roll(d, 2) ? "192.0.2.9" : "192.0.2.0");
		break;
	}
}

START_TEST(whatever_happens_is_told_again)
{
	struct dice d = dice_new();

	for (int life = 0; life < 20; life++) {
		struct box *b = any_box(&d);
		const struct box *running = b;
		struct rig r;

		rig_new(&r, b, life % 2 ? SMALL : JRN_SIZE_USUAL);
		fake_start(&r.f);
		for (int i = 0; i < 800; i++) {
			do_anything(&r, &d, &running);
			pass(&r, roll(&d, 300000));
			while (r.f.n_jobs > FAKE_JOBS / 2)
				fake_end(&r.f, VR_CHECK_GOOD, 0);
		}
		replay(&r);
		ck_assert_msg(r.result.differences + r.result.damaged + r.result.gaps == 0, "%s",
			      r.notes.s);
		ck_assert(ends_with(&r.told, &r.again));
		if (life % 2 == 0)
			ck_assert_str_eq(r.again.s, r.told.s);
		ck_assert_uint_gt(r.result.proven, 100);
		rig_free(&r);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("engine/journal");
	TCase *t = tcase_create("journal");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 240);
	tcase_add_test(t, a_life_is_told_again);
	tcase_add_test(t, nothing_but_the_start_is_a_journal);
	tcase_add_test(t, after_many_turns_the_last_hours_are_left);
	tcase_add_test(t, a_reload_at_any_place_of_the_ring);
	tcase_add_test(t, a_reload_before_the_start);
	tcase_add_test(t, two_lives_in_one_ring);
	tcase_add_test(t, a_wall_clock_that_jumps);
	tcase_add_test(t, a_gap_is_told_and_the_telling_goes_on);
	tcase_add_test(t, a_gap_in_a_reload);
	tcase_add_test(t, a_sink_that_fails_ends_it);
	tcase_add_test(t, a_file_too_small_for_the_configuration);
	tcase_add_test(t, whatever_happens_is_told_again);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
