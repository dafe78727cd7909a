/* Diagnoses: collected, sorted, bounded, printable; and the nearest word. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"

static void add(struct diag_list *l, const char *file, uint32_t line, uint32_t col,
	const char *text)
{
	struct diag_pos pos = { file, line, col };

	diag_add(l, &pos, DIAG_ERROR, NULL, "%s", text);
}

START_TEST(the_worst_decides)
{
	struct diag_pos pos = { "f", 1, 1 };
	struct diag_list l;

	diag_init(&l);
	ck_assert_int_eq(diag_worst(&l), -1);
	diag_add(&l, &pos, DIAG_WARNING, NULL, "w");
	diag_add(&l, &pos, DIAG_NOTE, NULL, "n");
	ck_assert_int_eq(diag_worst(&l), DIAG_WARNING);
	diag_add(&l, &pos, DIAG_FATAL, NULL, "f");
	diag_add(&l, &pos, DIAG_ERROR, NULL, "e");
	ck_assert_int_eq(diag_worst(&l), DIAG_FATAL);
	diag_free(&l);
	ck_assert_int_eq(diag_worst(&l), -1);
	ck_assert_uint_eq(l.n, 0);
}
END_TEST

START_TEST(sorting_is_by_place_and_stable)
{
	static const char *const expected[] = { "b1", "b2a", "b2b", "b2c", "b9", "a1", "a5" };
	struct diag_list l;

	diag_init(&l);
	add(&l, "b", 9, 1, "b9");
	add(&l, "a", 5, 1, "a5");
	add(&l, "b", 2, 7, "b2b");
	add(&l, "b", 2, 7, "b2c");
	add(&l, "b", 2, 1, "b2a");
	add(&l, "a", 1, 1, "a1");
	add(&l, "b", 1, 99, "b1");
	diag_sort(&l);
	for (size_t i = 0; i < l.n; i++)
		ck_assert_str_eq(l.v[i].text, expected[i]);
	diag_free(&l);
	diag_sort(&l);
}
END_TEST

START_TEST(too_many_are_counted)
{
	struct diag_list l;
	char lost[80];

	diag_init(&l);
	for (int i = 0; i < DIAG_MAX; i++)
		add(&l, "f", 1, 1, "x");
	ck_assert_ptr_null(diag_lost(&l, lost, sizeof(lost)));
	for (int i = 0; i < 7; i++)
		add(&l, "f", 1, 1, "x");
	ck_assert_uint_eq(l.n, DIAG_MAX);
	ck_assert_uint_eq(l.dropped, 7);
	ck_assert_str_eq(diag_lost(&l, lost, sizeof(lost)), "and 7 more");
	diag_free(&l);
}
END_TEST

START_TEST(a_worse_one_is_kept_in_a_full_list)
{
	struct diag_pos pos = { "f", 1, 1 };
	struct diag_list l;

	diag_init(&l);
	for (int i = 0; i < DIAG_MAX + 1; i++)
		diag_add(&l, &pos, DIAG_WARNING, NULL, "w");
	diag_add(&l, &pos, DIAG_ERROR, NULL, "first");
	diag_add(&l, &pos, DIAG_ERROR, NULL, "second");
	ck_assert_int_eq(diag_worst(&l), DIAG_ERROR);
	ck_assert_uint_eq(l.n, DIAG_MAX);
	ck_assert_uint_eq(l.dropped, 3);
	ck_assert_str_eq(l.v[DIAG_MAX - 1].text, "first");
	diag_add(&l, &pos, DIAG_FATAL, NULL, "end");
	ck_assert_int_eq(diag_worst(&l), DIAG_FATAL);
	ck_assert_str_eq(l.v[DIAG_MAX - 1].text, "end");
	diag_free(&l);
}
END_TEST

static void expect_text(const struct diag_pos *pos, const char *hint, const char *expected)
{
	struct diag_list l;
	char buf[100];

	diag_init(&l);
	diag_add(&l, pos, DIAG_ERROR, hint, "no %s", "good");
	ck_assert_uint_eq(diag_text(&l.v[0], buf, sizeof(buf)), strlen(expected));
	ck_assert_str_eq(buf, expected);
	ck_assert_uint_eq(diag_text(&l.v[0], buf, 8), strlen(expected));
	ck_assert_uint_eq(strlen(buf), 7);
	diag_free(&l);
}

START_TEST(texts_leave_out_what_is_unknown)
{
	expect_text(&(struct diag_pos){ "f.conf", 3, 9 }, NULL, "f.conf:3:9: error: no good");
	expect_text(&(struct diag_pos){ "f.conf", 3, 0 },
		"x", "f.conf:3: error: no good (did you mean 'x'?)");
	expect_text(&(struct diag_pos){ "f.conf", 0, 4 }, NULL, "f.conf: error: no good");
	expect_text(&(struct diag_pos){ NULL, 0, 0 }, NULL, "error: no good");
}
END_TEST

START_TEST(control_octets_never_get_through)
{
	struct diag_pos pos = { "f\033.conf", 1, 1 };
	struct diag_list l;
	char buf[100];

	diag_init(&l);
	diag_add(&l, &pos, DIAG_NOTE, "a\rb", "\x7f%s", "x\ny");
	diag_text(&l.v[0], buf, sizeof(buf));
	ck_assert_str_eq(buf, "f?.conf:1:1: note: ?x?y (did you mean 'a?b'?)");
	diag_free(&l);
}
END_TEST

START_TEST(a_long_text_is_cut)
{
	struct diag_pos pos = { "f", 1, 1 };
	struct diag_list l;

	diag_init(&l);
	diag_add(&l, &pos, DIAG_NOTE, NULL, "%05000d", 1);
	ck_assert_uint_lt(strlen(l.v[0].text), 600);
	diag_free(&l);
}
END_TEST

START_TEST(nothing_is_cut_inside_a_character)
{
	struct diag_pos pos = { "f", 1, 1 };
	struct diag_list l;

	diag_init(&l);
	diag_add(&l, &pos, DIAG_NOTE, NULL, "'%.4s' %s", "\xe5\xae\x9a\xe5\xae\x9a", "\xb6");
	ck_assert_str_eq(l.v[0].text, "'\xe5\xae\x9a?' ?");
	diag_free(&l);
}
END_TEST

START_TEST(a_consequence_goes_on_with_its_cause)
{
	struct diag_pos cause = { "f", 2, 9 }, line = { "f", 2, 1 }, other = { "f", 3, 1 };
	struct diag_list l;

	diag_init(&l);
	diag_add(&l, &cause, DIAG_MISTAKE, "x", "'y' is unknown");
	ck_assert(!diag_extend(&l, &other, DIAG_ERROR, ", so 'z' is not run"));
	ck_assert_int_eq(diag_worst(&l), DIAG_MISTAKE);
	ck_assert(diag_extend(&l, &line, DIAG_ERROR, ", so '%s' is not run", "z"));
	ck_assert_str_eq(l.v[0].text, "'y' is unknown, so 'z' is not run");
	ck_assert_int_eq(l.v[0].severity, DIAG_ERROR);
	ck_assert_int_eq(diag_worst(&l), DIAG_ERROR);
	ck_assert(diag_extend(&l, &line, DIAG_NOTE, "."));
	ck_assert_int_eq(l.v[0].severity, DIAG_ERROR);
	diag_free(&l);
}
END_TEST

START_TEST(what_is_about_the_file_stands_last)
{
	struct diag_pos whole = { "f", 0, 0 }, line = { "f", 7, 1 };
	struct diag_list l;

	diag_init(&l);
	diag_add(&l, &whole, DIAG_FATAL, NULL, "nothing can be run");
	diag_add(&l, &line, DIAG_ERROR, NULL, "no good");
	diag_sort(&l);
	ck_assert_str_eq(l.v[0].text, "no good");
	diag_free(&l);
}
END_TEST

START_TEST(severities_have_words)
{
	ck_assert_str_eq(diag_severity_word(DIAG_NOTE), "note");
	ck_assert_str_eq(diag_severity_word(DIAG_WARNING), "warning");
	ck_assert_str_eq(diag_severity_word(DIAG_MISTAKE), "warning");
	ck_assert_str_eq(diag_severity_word(DIAG_ERROR), "error");
	ck_assert_str_eq(diag_severity_word(DIAG_FATAL), "fatal");
}
END_TEST

START_TEST(the_nearest_word_is_found)
{
	static const char *const words[] = { "priority", "interface", "state", "weight", "fall",
		"up", NULL };
	static const struct {
		const char *word, *nearest;
	} cases[] = {
		{ "prioity", "priority" }, { "priortiy", "priority" }, { "pirority", "priority" },
		{ "Interface", "interface" }, { "interfaces", "interface" }, { "stat", "state" },
		{ "tsate", "state" }, { "wieght", "weight" }, { "fal", "fall" }, { "pu", "up" },
		{ "xxinterfac", "interface" }, { "priority", "priority" },
		{ "xxxinterfac", NULL }, { "stxxe", NULL }, { "nothing", NULL }, { "", NULL },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		NULL },
	};
	static const char *const none[] = { NULL };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *got = word_nearest(cases[i].word, words);

		ck_assert_msg((got ? got : "")[0] == (cases[i].nearest ? cases[i].nearest : "")[0],
			      "'%s': got '%s'", cases[i].word, got ? got : "nothing");
		if (got)
			ck_assert_str_eq(got, cases[i].nearest);
	}
	ck_assert_ptr_null(word_nearest("x", none));
}
END_TEST

START_TEST(the_nearer_and_then_the_first_word_wins)
{
	static const char *const words[] = { "track_file", "track_bfd", "track_script",
		"track_scripz", NULL };

	ck_assert_str_eq(word_nearest("track_scrip", words), "track_script");
	ck_assert_str_eq(word_nearest("track_scripz", words), "track_scripz");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("base/diag");
	TCase *t = tcase_create("diag");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_test(t, the_worst_decides);
	tcase_add_test(t, sorting_is_by_place_and_stable);
	tcase_add_test(t, too_many_are_counted);
	tcase_add_test(t, a_worse_one_is_kept_in_a_full_list);
	tcase_add_test(t, texts_leave_out_what_is_unknown);
	tcase_add_test(t, control_octets_never_get_through);
	tcase_add_test(t, a_long_text_is_cut);
	tcase_add_test(t, nothing_is_cut_inside_a_character);
	tcase_add_test(t, a_consequence_goes_on_with_its_cause);
	tcase_add_test(t, what_is_about_the_file_stands_last);
	tcase_add_test(t, severities_have_words);
	tcase_add_test(t, the_nearest_word_is_found);
	tcase_add_test(t, the_nearer_and_then_the_first_word_wins);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
