/* Characters are counted as an editor does, and nothing is cut inside one. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

START_TEST(characters_are_counted)
{
	static const struct {
		const char *text;
		size_t n;
	} table[] = {
		{ "", 0 }, { "abc", 3 }, { "\xc3\xa9t\xc3\xa9", 3 },
		{ "\xe5\xae\x9a\xe4\xb9\x89", 2 },
		{ "\xf0\x9f\x98\x80!", 2 },
		{ "\xb6\xa8", 2 },			/* GBK: octets */
		{ "\xc0\xaf", 2 }, { "\xed\xa0\x80", 3 },	/* overlong, surrogate */
		{ "a\xe5\xae", 3 },			/* cut off */
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		ck_assert_uint_eq(utf8_count(table[i].text, strlen(table[i].text)), table[i].n);
}
END_TEST

START_TEST(a_cut_is_between_characters)
{
	const char *text = "ab\xe5\xae\x9a\xf0\x9f\x98\x80";
	static const size_t cuts[] = { 0, 1, 2, 2, 2, 5, 5, 5, 5, 9, 9, 9 };

	for (size_t max = 0; max < sizeof(cuts) / sizeof(cuts[0]); max++)
		ck_assert_uint_eq(utf8_cut(text, max), cuts[max]);
	ck_assert_uint_eq(utf8_cut("\xb6\xa8\xb6\xa8\xb6\xa8", 3), 3);
	ck_assert_uint_eq(utf8_cut("\xe5\xae\x9a", 2), 0);
}
END_TEST

START_TEST(what_is_no_text_is_replaced)
{
	char text[] = "a\x1b\x7f\xe5\xae\x9a\xe5\xae'\xc3";

	utf8_clean(text);
	ck_assert_str_eq(text, "a?" "?\xe5\xae\x9a?" "?'?");
	utf8_clean(NULL);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("base/utf8");
	TCase *t = tcase_create("utf8");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_test(t, characters_are_counted);
	tcase_add_test(t, a_cut_is_between_characters);
	tcase_add_test(t, what_is_no_text_is_replaced);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
