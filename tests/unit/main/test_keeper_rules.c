/*
 * Every pair of phase and event: a stop ends, and nothing that waits waits for ever.
 */
#include <check.h>
#include <stdbool.h>
#include <stdlib.h>

#include "main/keeper_rules.h"

static bool ends_engine(enum kpr_event e)
{
	return e >= KPR_EV_LEFT && e <= KPR_EV_DIED_AGAIN;
}

static bool is_end(struct kpr_rule r)
{
	return r.act == KPR_DO_END || r.act == KPR_DO_END_FAILED;
}

static bool stops(enum kpr_phase phase)
{
	return phase == KPR_STOPPING || phase == KPR_STOPPING_ALONE;
}

/* An engine comes of it, now or when one can be had. */
static bool wants(struct kpr_rule r)
{
	return r.act == KPR_DO_REPLACE || r.act == KPR_DO_ANEW || r.act == KPR_DO_GO_ON;
}

START_TEST(a_stop_is_heard_in_every_phase)
{
	enum kpr_phase phase = (enum kpr_phase)_i;
	struct kpr_rule with = kpr_rule(phase, KPR_EV_STOP);
	struct kpr_rule alone = kpr_rule(phase, KPR_EV_STOP_ALONE);

	ck_assert(stops(with.next) && stops(alone.next));
	ck_assert(with.act == KPR_DO_TELL_STOP || stops(phase));
	ck_assert(alone.act == KPR_DO_RELEASE || phase == KPR_STOPPING_ALONE);
}
END_TEST

/* Each engine is bounded by its deadline, and the wait for one by NONE: so this many end it. */
START_TEST(a_stop_ends_after_two_engines_at_most)
{
	for (int e = 0; e < KPR_N_EVENTS; e++) {
		struct kpr_rule first = kpr_rule(KPR_STOPPING, (enum kpr_event)e);
		struct kpr_rule second = kpr_rule(KPR_STOPPING_ALONE, (enum kpr_event)e);

		ck_assert(stops(first.next));
		ck_assert_int_eq(second.next, KPR_STOPPING_ALONE);
		if (ends_engine((enum kpr_event)e)) {
			ck_assert(is_end(first) ||
				  (first.next == KPR_STOPPING_ALONE && wants(first)));
			ck_assert(is_end(second));
		}
	}
	ck_assert(is_end(kpr_rule(KPR_STOPPING_ALONE, KPR_EV_NONE)));
	ck_assert(is_end(kpr_rule(KPR_STOPPING, KPR_EV_NONE)));
}
END_TEST

/* Only who has left in good order ends with success. */
START_TEST(success_is_an_orderly_end)
{
	for (int p = 0; p < KPR_N_PHASES; p++)
		for (int e = 0; e < KPR_N_EVENTS; e++) {
			struct kpr_rule r = kpr_rule((enum kpr_phase)p, (enum kpr_event)e);

			if (r.act == KPR_DO_END)
				ck_assert(e == KPR_EV_ENDED && stops((enum kpr_phase)p));
			if (r.act == KPR_DO_REST)
				ck_assert_int_eq(e, KPR_EV_ENDED);
		}
}
END_TEST

START_TEST(no_death_is_passed_over)
{
	enum kpr_phase phase = (enum kpr_phase)_i;

	if (phase == KPR_RESTING)	/* there is none */
		return;
	for (int e = KPR_EV_LEFT; e <= KPR_EV_NONE; e++) {
		struct kpr_rule r = kpr_rule(phase, (enum kpr_event)e);

		ck_assert_msg(r.act != KPR_DO_NOTHING, "phase %d, event %d", _i, e);
		ck_assert((r.next != KPR_TAKING_OVER && r.next != KPR_STARTING) ||
			  phase == KPR_STARTING);
	}
}
END_TEST

START_TEST(a_lost_spare_is_replaced_unless_the_engine_is_leaving)
{
	enum kpr_phase phase = (enum kpr_phase)_i;

	for (int e = KPR_EV_SPARE_ENDED; e <= KPR_EV_SPARE_LATE; e++) {
		struct kpr_rule r = kpr_rule(phase, (enum kpr_event)e);

		if (phase != KPR_STOPPING)
			ck_assert(r.act == KPR_DO_TRY_AGAIN || r.act == KPR_DO_STAY ||
				  (phase == KPR_STARTING && is_end(r)));
	}
	/* who waits for an engine takes the one that is ready */
	if (phase != KPR_STOPPING && phase != KPR_RESTING && phase != KPR_TAKING_OVER)
		ck_assert_int_eq(kpr_rule(phase, KPR_EV_READY).act, KPR_DO_PROMOTE);
}
END_TEST

/* The rest's timer is set by whatever leads there, and only it leads out, or a stop. */
START_TEST(a_rest_is_begun_with_its_timer_and_ended_by_it)
{
	for (int p = 0; p < KPR_N_PHASES; p++)
		for (int e = 0; e < KPR_N_EVENTS; e++) {
			struct kpr_rule r = kpr_rule((enum kpr_phase)p, (enum kpr_event)e);
			bool rest = r.act == KPR_DO_REST || r.act == KPR_DO_CLEAR_AND_REST;

			if (p != KPR_RESTING)
				ck_assert_int_eq(r.next == KPR_RESTING, rest);
		}
	ck_assert_int_eq(kpr_rule(KPR_RESTING, KPR_EV_RESTED).act, KPR_DO_ANEW);
}
END_TEST

START_TEST(three_deaths_release_and_what_cannot_be_released_is_cleared)
{
	ck_assert_int_eq(kpr_rule(KPR_KEEPING, KPR_EV_DIED_AGAIN).next, KPR_RELEASING);
	ck_assert_int_eq(kpr_rule(KPR_RELEASING, KPR_EV_DIED).next, KPR_RELEASING_ANEW);
	ck_assert_int_eq(kpr_rule(KPR_RELEASING_ANEW, KPR_EV_DIED).act, KPR_DO_CLEAR_AND_REST);
	ck_assert_int_eq(kpr_rule(KPR_RELEASING, KPR_EV_NONE).act, KPR_DO_CLEAR_AND_REST);
	ck_assert_int_eq(kpr_rule(KPR_KEEPING, KPR_EV_NONE).act, KPR_DO_CLEAR);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("keeper_rules");
	TCase *tc = tcase_create("rules");

	tcase_add_loop_test(tc, a_stop_is_heard_in_every_phase, 0, KPR_N_PHASES);
	tcase_add_test(tc, a_stop_ends_after_two_engines_at_most);
	tcase_add_test(tc, success_is_an_orderly_end);
	tcase_add_loop_test(tc, no_death_is_passed_over, 0, KPR_N_PHASES);
	tcase_add_loop_test(tc, a_lost_spare_is_replaced_unless_the_engine_is_leaving, 0,
			    KPR_N_PHASES);
	tcase_add_test(tc, a_rest_is_begun_with_its_timer_and_ended_by_it);
	tcase_add_test(tc, three_deaths_release_and_what_cannot_be_released_is_cleared);
	suite_add_tcase(s, tc);
	SRunner *sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	int failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
