/* The cursor and the output buffer stay inside, whatever is asked of them. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"

START_TEST(reads_are_in_network_order)
{
	const uint8_t b[] = { 1, 2, 3, 4, 5, 6, 7, 0xff, 0xfe };
	struct cursor c = cur_over(b, sizeof(b));
	uint8_t two[2];

	ck_assert_uint_eq(cur_u8(&c), 1);
	ck_assert_uint_eq(cur_be16(&c), 0x0203);
	ck_assert_uint_eq(cur_be32(&c), 0x04050607);
	ck_assert_uint_eq(cur_left(&c), 2);
	cur_bytes(&c, two, 2);
	ck_assert_uint_eq(two[1], 0xfe);
	ck_assert(cur_ok(&c));
	ck_assert_uint_eq(cur_left(&c), 0);
}
END_TEST

START_TEST(a_read_past_the_end_gives_zero_and_stays_bad)
{
	const uint8_t b[] = { 1, 2, 3 };

	for (size_t len = 0; len <= sizeof(b); len++) {
		struct cursor c = cur_over(b, len);

		ck_assert_uint_eq(cur_be32(&c), 0);
		ck_assert(!cur_ok(&c));
		ck_assert_uint_eq(cur_left(&c), 0);
		ck_assert_uint_eq(cur_u8(&c), 0);
		cur_skip(&c, 0);
		ck_assert(!cur_ok(&c));
	}
}
END_TEST

START_TEST(short_bytes_are_zeroed)
{
	const uint8_t b[] = { 1, 2, 3 };
	struct cursor c = cur_over(b, sizeof(b));
	uint8_t four[4] = { 9, 9, 9, 9 };

	cur_bytes(&c, four, 4);
	ck_assert(!cur_ok(&c));
	for (size_t i = 0; i < 4; i++)
		ck_assert_uint_eq(four[i], 0);
}
END_TEST

START_TEST(skipping_is_checked)
{
	const uint8_t b[] = { 1, 2, 3 };
	struct cursor c = cur_over(b, sizeof(b));

	cur_skip(&c, 2);
	ck_assert_uint_eq(cur_u8(&c), 3);
	ck_assert(cur_ok(&c));
	cur_skip(&c, SIZE_MAX);
	ck_assert(!cur_ok(&c));
}
END_TEST

START_TEST(nothing_can_be_read_from_nothing)
{
	struct cursor c = cur_over(NULL, 0);

	ck_assert_uint_eq(cur_left(&c), 0);
	cur_bytes(&c, NULL, 0);
	ck_assert(cur_ok(&c));
	ck_assert_uint_eq(cur_u8(&c), 0);
	ck_assert(!cur_ok(&c));
}
END_TEST

START_TEST(what_is_written_can_be_read)
{
	uint8_t b[10];
	struct outbuf o = out_over(b, sizeof(b));
	struct cursor c;

	out_u8(&o, 0xab);
	out_be16(&o, 0xcdef);
	out_be32(&o, 0x01234567);
	out_bytes(&o, "xyz", 3);
	ck_assert(out_ok(&o));
	ck_assert_uint_eq(out_len(&o), 10);
	c = cur_over(b, out_len(&o));
	ck_assert_uint_eq(cur_u8(&c), 0xab);
	ck_assert_uint_eq(cur_be16(&c), 0xcdef);
	ck_assert_uint_eq(cur_be32(&c), 0x01234567);
	ck_assert_int_eq(memcmp(c.at, "xyz", 3), 0);
}
END_TEST

START_TEST(a_write_past_the_end_is_dropped)
{
	uint8_t b[4] = { 9, 9, 9, 9 };
	struct outbuf o = out_over(b, 3);

	out_be16(&o, 0x0102);
	out_be16(&o, 0x0304);
	ck_assert(!out_ok(&o));
	ck_assert_uint_le(out_len(&o), 3);
	out_u8(&o, 5);
	ck_assert(!out_ok(&o));
	ck_assert_uint_eq(b[0], 1);
	ck_assert_uint_eq(b[1], 2);
	ck_assert_uint_eq(b[3], 9);
}
END_TEST

START_TEST(numbers_of_variable_length)
{
	const int64_t v[] = { 0, 1, -1, 63, -64, 64, 127, 128, 16383, INT32_MIN, INT64_MAX,
			      INT64_MIN };
	uint8_t b[256];
	struct outbuf o = out_over(b, sizeof(b));
	struct cursor c;

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		out_svar(&o, v[i]);
		out_var(&o, (uint64_t)v[i]);
	}
	ck_assert(out_ok(&o));
	c = cur_over(b, out_len(&o));
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		ck_assert_int_eq(cur_svar(&c), v[i]);
		ck_assert_uint_eq(cur_var(&c), (uint64_t)v[i]);
	}
	ck_assert(cur_ok(&c));
	ck_assert_uint_eq(cur_left(&c), 0);
	o = out_over(b, sizeof(b));
	out_svar(&o, -64);
	ck_assert_uint_eq(out_len(&o), 1);
	out_var(&o, UINT64_MAX);
	ck_assert_uint_eq(out_len(&o), 1 + CUR_VAR_MAX);
}
END_TEST

START_TEST(a_number_that_is_cut_or_too_long_is_bad)
{
	const uint8_t cut[] = { 0x80, 0x80 };
	uint8_t large[11];
	struct cursor c = cur_over(cut, sizeof(cut));

	ck_assert_uint_eq(cur_var(&c), 0);
	ck_assert(!cur_ok(&c));
	memset(large, 0x80, sizeof(large));
	large[9] = 2;			/* bit 64 */
	c = cur_over(large, sizeof(large));
	ck_assert_uint_eq(cur_var(&c), 0);
	ck_assert(!cur_ok(&c));
	ck_assert_uint_eq(cur_left(&c), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("base/cursor");
	TCase *t = tcase_create("cursor");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_test(t, reads_are_in_network_order);
	tcase_add_test(t, a_read_past_the_end_gives_zero_and_stays_bad);
	tcase_add_test(t, short_bytes_are_zeroed);
	tcase_add_test(t, skipping_is_checked);
	tcase_add_test(t, nothing_can_be_read_from_nothing);
	tcase_add_test(t, what_is_written_can_be_read);
	tcase_add_test(t, a_write_past_the_end_is_dropped);
	tcase_add_test(t, numbers_of_variable_length);
	tcase_add_test(t, a_number_that_is_cut_or_too_long_is_bad);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
