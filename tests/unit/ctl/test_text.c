/* Text that somebody else wrote: through JSON unharmed, to a terminal harmless. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/text.h"

#define FIELDS(table) (sizeof(table) / sizeof((table)[0]))

START_TEST(utf8_is_told_from_other_octets)
{
	static const struct {
		const char *text;
		bool good;
	} cases[] = {
		{ "", true },
		{ "VI_1", true },
		{ "\xe5\x85\xa7\xe9\x83\xa8", true },
		{ "\xf0\x9f\x98\x80", true },
		{ "\xf4\x8f\xbf\xbf", true },
		{ "\x80", false },			/* a tail without a head */
		{ "\xc3", false },			/* a head without a tail */
		{ "\xe5\x85", false },
		{ "\xc0\xaf", false },			/* overlong */
		{ "\xe0\x80\x80", false },
		{ "\xf0\x80\x80\x80", false },
		{ "\xed\xa0\x80", false },		/* a surrogate */
		{ "\xf4\x90\x80\x80", false },		/* beyond U+10FFFF */
		{ "\xf5\x80\x80\x80", false },
		{ "\xff", false },
		{ "\xc4\xda\xb2\xbf", false },		/* GBK */
	};

	for (size_t i = 0; i < FIELDS(cases); i++)
		ck_assert_msg(txt_is_utf8(cases[i].text) == cases[i].good, "case %zu", i);
}
END_TEST

START_TEST(foreign_octets_become_latin1_and_stay_different)
{
	json_t *a = txt_json("\xc4\xda");
	json_t *b = txt_json("\xc4\xdb");
	json_t *good = txt_json("\xe5\x85\xa7");
	json_t *none = txt_json(NULL);

	ck_assert_str_eq(json_string_value(a), "\xc3\x84\xc3\x9a");
	ck_assert_str_ne(json_string_value(a), json_string_value(b));
	ck_assert_str_eq(json_string_value(good), "\xe5\x85\xa7");
	ck_assert(json_is_null(none));
	json_decref(a);
	json_decref(b);
	json_decref(good);
	json_decref(none);
}
END_TEST

START_TEST(control_characters_do_not_reach_the_terminal)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "plain", "plain" },
		{ "a\033[31mb", "a?[31mb" },
		{ "a\nb\tc\r\x7f", "a?b?c??" },
		{ "\xc2\x9b" "31m", "?31m" },			/* C1 CSI */
		{ "\xe2\x80\xae" "evil", "?evil" },		/* right to left override */
		{ "\xe2\x81\xa6x\xe2\x81\xa9", "?x?" },		/* isolates */
		{ "\xe2\x80\xa8", "?" },			/* line separator */
		{ "\xff\xfe", "??" },
		{ "\xe5\x85\xa7", "\xe5\x85\xa7" },
	};
	char buf[64];

	for (size_t i = 0; i < FIELDS(cases); i++)
		ck_assert_str_eq(txt_clean(cases[i].in, buf, sizeof(buf)), cases[i].out);
}
END_TEST

START_TEST(cleaning_cuts_between_characters)
{
	char buf[8];

	ck_assert_str_eq(txt_clean("\xe5\x85\xa7\xe9\x83\xa8\xe7\xb6\xb2", buf, 8),
			 "\xe5\x85\xa7\xe9\x83\xa8");
	ck_assert_str_eq(txt_clean("abcdefghij", buf, 8), "abcdefg");
	ck_assert_str_eq(txt_clean("abc", buf, 1), "");
	ck_assert_str_eq(txt_clean("", buf, 8), "");
}
END_TEST

START_TEST(width_counts_columns)
{
	ck_assert_uint_eq(txt_width("VI_1", 4), 4);
	ck_assert_uint_eq(txt_width("\xe5\x85\xa7\xe9\x83\xa8", 6), 4);
	ck_assert_uint_eq(txt_width("\xc3\xa4", 2), 1);
	ck_assert_uint_eq(txt_width("\xc4", 1), 1);
	ck_assert_uint_eq(txt_width("", 0), 0);
	ck_assert_uint_eq(txt_width("a\xcc\x88", 3), 1);	/* a and a combining diaeresis */
}
END_TEST

START_TEST(what_fits_ends_between_characters)
{
	const char *name = "a\xcc\x88\xe5\x85\xa7z";	/* 1, 0, 2 and 1 columns */

	ck_assert_uint_eq(txt_fit(name, 7, 0), 0);
	ck_assert_uint_eq(txt_fit(name, 7, 1), 3);
	ck_assert_uint_eq(txt_fit(name, 7, 2), 3);
	ck_assert_uint_eq(txt_fit(name, 7, 3), 6);
	ck_assert_uint_eq(txt_fit(name, 7, 9), 7);
	ck_assert_uint_eq(txt_fit(name, 6, 9), 6);
}
END_TEST

START_TEST(columns_are_filled_by_width)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "ab", "ab    |" }, { "\xe5\x85\xa7", "\xe5\x85\xa7    |" },
		{ "\xc3\xa4", "\xc3\xa4     |" }, { "\033[2J", "?[2J  |" },
		{ "longer than that", "longer than that|" }, { "", "      |" },
	};

	for (size_t i = 0; i < FIELDS(cases); i++) {
		char buf[64] = "";
		FILE *to = fmemopen(buf, sizeof(buf), "w");

		txt_put(to, cases[i].in, 6);
		fputc('|', to);
		fclose(to);
		ck_assert_str_eq(buf, cases[i].out);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ctl/text");
	TCase *t = tcase_create("text");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_test(t, utf8_is_told_from_other_octets);
	tcase_add_test(t, foreign_octets_become_latin1_and_stay_different);
	tcase_add_test(t, control_characters_do_not_reach_the_terminal);
	tcase_add_test(t, cleaning_cuts_between_characters);
	tcase_add_test(t, width_counts_columns);
	tcase_add_test(t, what_fits_ends_between_characters);
	tcase_add_test(t, columns_are_filled_by_width);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
