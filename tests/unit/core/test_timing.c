/*
 * The timer arithmetic against numbers worked out by hand from RFC 3768 section 6.1 and RFC 9568
 * section 6.1.
 */
#include <check.h>
#include <stdlib.h>

#include "core/timing.h"

/* Skew_Time = (256 - Priority) / 256 seconds, whatever the interval. */
START_TEST(skew_of_version_2)
{
	ck_assert_int_eq(tim_skew_us(2, 100, 1000000), 609375);
	ck_assert_int_eq(tim_skew_us(2, 100, 40000000), 609375);
	ck_assert_int_eq(tim_skew_us(2, 80, 1000000), 687500);
	ck_assert_int_eq(tim_skew_us(2, 102, 1000000), 601562);
	ck_assert_int_eq(tim_skew_us(2, 128, 1000000), 500000);
	ck_assert_int_eq(tim_skew_us(2, 255, 1000000), 3906);
	ck_assert_int_eq(tim_skew_us(2, 1, 1000000), 996093);
}
END_TEST

/* Skew_Time = (256 - Priority) * Active_Adver_Interval / 256. */
START_TEST(skew_of_version_3)
{
	ck_assert_int_eq(tim_skew_us(3, 100, 1000000), 609375);
	ck_assert_int_eq(tim_skew_us(3, 80, 10000), 6875);
	ck_assert_int_eq(tim_skew_us(3, 80, 4000000), 2750000);
	ck_assert_int_eq(tim_skew_us(3, 255, 10000), 39);
	ck_assert_int_eq(tim_skew_us(3, 1, 40950000), 40790039);
}
END_TEST

/* Master_Down_Interval = 3 * Advertisement_Interval + Skew_Time. */
START_TEST(down_interval)
{
	ck_assert_int_eq(tim_down_us(2, 100, 1000000, 3), 3609375);
	ck_assert_int_eq(tim_down_us(2, 80, 5000000, 3), 15687500);
	ck_assert_int_eq(tim_down_us(3, 100, 1000000, 3), 3609375);
	ck_assert_int_eq(tim_down_us(3, 80, 10000, 3), 36875);
	ck_assert_int_eq(tim_down_us(3, 1, 40950000, 3), 163640039);
	ck_assert_int_eq(tim_down_us(2, 100, 1000000, 1), 1609375);
	ck_assert_int_eq(tim_down_us(2, 100, 255000000, 100), 25500609375);
}
END_TEST

/* The higher priority always ends first, and never before the last missing advert. */
START_TEST(priorities_end_in_their_order)
{
	for (uint8_t version = 2; version <= 3; version++)
		for (int64_t interval = 10000; interval <= 40950000; interval *= 5)
			for (int p = 1; p < 255; p++) {
				int64_t low = tim_down_us(version, (uint8_t)p, interval, 3);
				int64_t high = tim_down_us(version, (uint8_t)(p + 1), interval, 3);

				ck_assert_int_lt(high, low);
				ck_assert_int_gt(high, 3 * interval);
			}
}
END_TEST

START_TEST(what_the_wire_can_say)
{
	ck_assert_int_eq(tim_wire_interval_us(2, 1000000), 1000000);
	ck_assert_int_eq(tim_wire_interval_us(2, 1499999), 1000000);
	ck_assert_int_eq(tim_wire_interval_us(2, 1500000), 2000000);
	ck_assert_int_eq(tim_wire_interval_us(2, 10000), 1000000);
	ck_assert_int_eq(tim_wire_interval_us(2, 1000000000), 255000000);
	ck_assert_int_eq(tim_wire_interval_us(3, 10000), 10000);
	ck_assert_int_eq(tim_wire_interval_us(3, 0), 10000);
	ck_assert_int_eq(tim_wire_interval_us(3, 14999), 10000);
	ck_assert_int_eq(tim_wire_interval_us(3, 15000), 20000);
	ck_assert_int_eq(tim_wire_interval_us(3, 1000000000), 40950000);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("core/timing");
	TCase *t = tcase_create("timing");
	SRunner *r = srunner_create(s);

	tcase_add_test(t, skew_of_version_2);
	tcase_add_test(t, skew_of_version_3);
	tcase_add_test(t, down_interval);
	tcase_add_test(t, priorities_end_in_their_order);
	tcase_add_test(t, what_the_wire_can_say);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
