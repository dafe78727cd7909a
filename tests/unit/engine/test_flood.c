/*
 * Floods, seen from the engine: the world is always told which VRIDs are ours, and what the world
 * repeats is a line a minute of each kind and instance.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"

#define START (1000 * SECOND)
#define DOWN INT64_C(3609375)
#define MINUTE (60 * SECOND)

static bool hears(const struct fake *f, uint16_t slot, uint8_t vrid)
{
	return f->heard[slot].words[vrid / 32] >> vrid % 32 & 1;
}

static unsigned int heard(const struct fake *f, uint16_t slot)
{
	unsigned int n = 0;

	for (int vrid = 0; vrid < 256; vrid++)
		n += hears(f, slot, (uint8_t)vrid);
	return n;
}

static void master(struct fake *f, struct box *b)
{
	fake_new(f, b);
	fake_start(f);
	fake_until(f, START + DOWN);
	ck_assert_int_eq(fake_state(f, 0), VR_MASTER);
	fake_forget(f);
}

/* ---- which VRIDs are ours ---- */

START_TEST(the_sockets_know_the_vrids)
{
	struct box *b = box_new();
	struct fake f;

	box_inst(b, 255, 0);
	box_iface(b, "eth1");
	box_inst(b, 7, 1);
	fake_new(&f, b);
	fake_link(&f, 3, "eth1", true);
	fake_start(&f);
	ck_assert_uint_eq(heard(&f, 0), 2);
	ck_assert(hears(&f, 0, 51) && hears(&f, 0, 255) && hears(&f, 1, 7));
	ck_assert_uint_eq(heard(&f, 1), 1);
	fake_free(&f);
}
END_TEST

START_TEST(a_reload_brings_them_up_to_date)
{
	struct box *b = box_new();
	struct fake f;

	master(&f, box_new());
	box_inst(b, 52, 0);
	ck_assert(eng_reload(f.engine, &b->cfg));
	ck_assert(hears(&f, 0, 51) && hears(&f, 0, 52));
	b = box_new();
	b->insts[0].vrid = 60;
	ck_assert(eng_reload(f.engine, &b->cfg));
	ck_assert(hears(&f, 0, 60));
	ck_assert_uint_eq(heard(&f, 0), 1);
	fake_free(&f);
}
END_TEST

START_TEST(a_socket_made_anew_is_told_anew)
{
	struct fake f;

	master(&f, box_new());
	fake_unlink(&f, 2, "eth0");
	memset(f.heard, 0, sizeof(f.heard));
	fake_link(&f, 9, "eth0", true);
	ck_assert(hears(&f, 0, 51));
	fake_free(&f);
}
END_TEST

START_TEST(a_reload_during_a_re_read_is_told_as_well)
{
	struct box *b = box_new();
	struct fake f;

	master(&f, box_new());
	f.up.resync(f.up.ctx);
	box_inst(b, 52, 0);
	ck_assert(eng_reload(f.engine, &b->cfg));
	ck_assert(hears(&f, 0, 51) && hears(&f, 0, 52));
	fake_free(&f);
}
END_TEST

/* ---- what is said ---- */

START_TEST(a_flood_is_said_once_a_minute)
{
	struct fake f;

	master(&f, box_new());
	for (int i = 0; i < 10; i++) {
		f.up.flood(f.up.ctx, 0, IP_V4, true);
		ck_assert(eng_flooded(f.engine, 0));
		f.up.flood(f.up.ctx, 0, IP_V4, false);
		ck_assert(!eng_flooded(f.engine, 0));
		f.now_us += 4 * SECOND;
	}
	ck_assert_uint_eq(fake_logged(&f, "eth0: flooded with VRRP packets"), 1);
	ck_assert_uint_eq(fake_logged(&f, "eth0: the flood of foreign VRRP packets is over"), 1);
	f.now_us += MINUTE;
	f.up.flood(f.up.ctx, 0, IP_V4, true);
	ck_assert_uint_eq(fake_logged(&f, "(9 similar lines suppressed)"), 1);
	fake_unlink(&f, 2, "eth0");
	ck_assert(!eng_flooded(f.engine, 0));
	fake_free(&f);
}
END_TEST

static void steal(struct fake *f, const char *prefix)
{
	fake_unaddr(f, 2, prefix);
	fake_answer(f, 0);
}

START_TEST(each_instance_has_its_own_line_a_minute)
{
	struct box *b = box_new();
	struct fake f;

	box_inst(b, 52, 0);
	box_vip(b, 1, "192.0.2.101/24");
	master(&f, b);
	for (int i = 0; i < 20; i++) {
		steal(&f, "192.0.2.100/24");
		fake_until(&f, f.now_us + 2 * SECOND);
	}
	steal(&f, "192.0.2.101/24");
	ck_assert_uint_eq(fake_logged(&f, "192.0.2.100/24 on eth0 was removed"), 1);
	ck_assert_uint_eq(fake_logged(&f, "192.0.2.101/24 on eth0 was removed"), 1);
	fake_until(&f, START + DOWN + MINUTE + SECOND);
	steal(&f, "192.0.2.100/24");
	ck_assert_uint_eq(fake_logged(&f, "removed by another program: putting it back "
				      "(19 similar lines suppressed)"), 1);
	fake_free(&f);
}
END_TEST

START_TEST(one_reason_for_refusing_does_not_hide_another)
{
	struct box *wrong = box_new();
	struct fake f;

	master(&f, box_new());
	wrong->insts[0].adver_int_us = 2 * SECOND;
	for (int i = 0; i < 50; i++)
		fake_hear(&f, wrong, 0, 0, 200, "192.0.2.2");
	wrong->insts[0].auth_type = VR_AUTH_PASS;
	for (int i = 0; i < 50; i++)
		fake_hear(&f, wrong, 0, 0, 200, "192.0.2.2");
	ck_assert_uint_eq(fake_logged(&f, "dropped an advert from 192.0.2.2"), 2);
	ck_assert_int_eq(fake_state(&f, 0), VR_MASTER);
	arena_free(wrong->cfg.arena);
	fake_free(&f);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("engine/flood");
	TCase *t = tcase_create("flood");
	SRunner *r = srunner_create(s);

	tcase_add_test(t, the_sockets_know_the_vrids);
	tcase_add_test(t, a_reload_brings_them_up_to_date);
	tcase_add_test(t, a_socket_made_anew_is_told_anew);
	tcase_add_test(t, a_reload_during_a_re_read_is_told_as_well);
	tcase_add_test(t, a_flood_is_said_once_a_minute);
	tcase_add_test(t, each_instance_has_its_own_line_a_minute);
	tcase_add_test(t, one_reason_for_refusing_does_not_hide_another);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
