/* include: which files, in which order, and how bad it is when one is missing. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lexrig.h"

static const struct lexrig_file files[] = {
	{ .path = "a.conf", .text = "a\n" },
	{ .path = "b.conf", .text = "b { c" },
	{ .path = "d/1.conf", .text = "d1\ninclude 2.conf\n" },
	{ .path = "d/2.conf", .text = "d2\n" },
	{ .path = "d/run.sh", .text = "script\n", .executable = true },
	{ .path = "secret", .result = SRC_UNREADABLE },
	{ .path = "dir", .result = SRC_NOT_A_FILE },
	{ .path = "self", .text = "s\ninclude self\nt\n" },
	{ .path = "ping", .text = "p\ninclude pong\n" },
	{ .path = "pong", .text = "q\ninclude ping\n" },
	{ .path = "check", .text = "include_check\ninclude nosuch\n" },
	{ .path = "define", .text = "$P=5\n" },
	{ .path = "bom", .text = "\xef\xbb\xbf""e\n" },
	{ .path = "open", .text = "$M= \\\n x \\\n" },
	{ .path = NULL },
};

static const struct lexrig rig = { .files = files, .config_id = "main" };
static const struct lexrig strict = { .files = files, .config_id = "main", .strict = true };

START_TEST(a_file_stands_where_it_is_included)
{
	expect_files(&rig, "x\ninclude a.conf\ny\n", "x\na\ny\n", "");
	expect_files(&rig, "x { include b.conf\n} }\n", "x\n{\nb\n{\nc\n}\n}\n", "");
	expect_files(&rig, "include define\nx ${P}\n", "x 5\n", "");
	expect_files(&rig, "@main include a.conf\n@other include b.conf\n", "a\n", "");
	expect_files(&rig, "$F=a\ninclude ${F}.conf\n", "a\n", "");
	expect_files(&rig, "~SEQ(i, 1, 2) include a.conf\n", "a\na\n", "");
	expect_files(&rig, "include bom\n", "e\n", "bom:1:1 note\n");
}
END_TEST

START_TEST(patterns_match_in_order)
{
	expect_files(&rig, "include *.conf\n", "a\nb\n{\nc\n", "");
	expect_files(&rig, "include [b]*.conf\n", "b\n{\nc\n", "");
	expect_files(&rig, "include {b,a}.conf\n", "b\n{\nc\na\n", "");
	expect_files(&rig, "include {a,d/{2,?}}.conf\n", "a\nd2\nd1\nd2\nd2\n", "");
	expect_files(&rig, "include nosuch*\n", "", "1:9 note\n");
}
END_TEST

START_TEST(names_are_relative_to_the_file)
{
	expect_files(&rig, "include d/1.conf\ninclude a.conf\n", "d1\nd2\na\n", "");
}
END_TEST

START_TEST(places_name_the_file)
{
	struct lexed l = lex_all(&rig, "x\ninclude d/1.conf\n y\n", 23);

	ck_assert_str_eq(l.places, "1:1=x\nd/1.conf:1:1=d1\nd/2.conf:1:1=d2\n3:2=y\n");
	ck_assert_str_eq(l.files, "main.conf d/1.conf d/2.conf ");
	ck_assert(!l.include_failed);
	lexed_free(&l);
}
END_TEST

START_TEST(other_words_are_no_includes)
{
	expect_files(&rig, "include\nincludes a.conf\nINCLUDE a.conf\nx include a.conf\n",
		     "include\nincludes a.conf\nINCLUDE a.conf\nx include a.conf\n", "");
}
END_TEST

START_TEST(what_cannot_be_read_is_told)
{
	expect_files(&rig, "include nosuch\nx\n", "x\n", "1:9 warning\n");
	expect_files(&rig, "include \"a.conf\"\nx\n", "x\n", "1:9 warning\n");
	expect_files(&rig, "include secret\nx\n", "x\n", "1:9 warning\n");
	expect_files(&rig, "include dir\nx\n", "x\n", "1:9 warning\n");
	expect_files(&rig, "include d/*\nx\n", "d1\nd2\nd2\nx\n", "1:9 warning\n");
	expect_files(&rig, "include {a,z}.conf\nx\n", "a\nx\n", "1:9 note\n");
}
END_TEST

START_TEST(each_keyword_has_its_own_checks)
{
	/*
	 * The pattern, and which of includer, m, w, b, a refuse to start: as keepalived 2.2.7 does.
	 */
	static const struct {
		const char *pattern, *fatal;
	} cases[] = {
		{ "a.conf", "" }, { "nosuch", "mwa" }, { "nosuch*", "wa" }, { "{a,z}.conf", "ba" },
		{ "{y,z}.conf", "ba" }, { "dir", "rmwba" }, { "secret", "rmwba" },
		{ "d/run.sh", "rmwba" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (const char *key = "rmwba"; *key; key++) {
			bool fatal = strchr(cases[i].fatal, *key) != NULL;
			char text[100];
			struct lexed l;

			snprintf(text, sizeof(text), "include%c %s\n", *key, cases[i].pattern);
			l = lex_all(&rig, text, strlen(text));
			ck_assert_msg(l.include_failed == fatal, "%s", text);
			ck_assert_msg((strstr(l.diags, "fatal") != NULL) == fatal, "%s", text);
			lexed_free(&l);
		}
	}
}
END_TEST

static bool fails(const struct lexrig *r, const char *text, const char *diags)
{
	struct lexed l = lex_all(r, text, strlen(text));
	bool failed = l.include_failed;

	ck_assert_str_eq(l.diags, diags);
	lexed_free(&l);
	return failed;
}

START_TEST(include_check_sets_the_checks)
{
	ck_assert(fails(&rig, "include_check\ninclude nosuch\n", "2:9 fatal\n"));
	ck_assert(fails(&rig, "include_check match\ninclude nosuch\n", "2:9 fatal\n"));
	ck_assert(!fails(&rig, "include_check read\ninclude nosuch\n", "2:9 warning\n"));
	ck_assert(fails(&rig, "include_check readable\ninclude secret\n", "2:9 fatal\n"));
	ck_assert(fails(&rig, "include_check wildcard_match\ninclude nosuch*\n", "2:9 fatal\n"));
	ck_assert(fails(&rig, "include_check +brace_match\ninclude {a,z}.conf\n", "2:9 fatal\n"));
	ck_assert(!fails(&rig,
		"include_check\ninclude_check -match -wildcard_match\ninclude nosuch\n",
			 "3:9 warning\n"));
	ck_assert(!fails(&rig, "include_check\ninclude_check read\ninclude nosuch\n",
		"3:9 warning\n"));
	ck_assert(!fails(&rig, "include_check -read\ninclude secret\n", "2:9 warning\n"));
	ck_assert(!fails(&rig, "include_check mach\ninclude a.conf\n", "1:15 warning\n"));
	ck_assert(fails(&strict, "include nosuch\n", "1:9 fatal\n"));
}
END_TEST

START_TEST(a_file_cannot_change_the_checks_of_its_includer)
{
	ck_assert(fails(&rig, "include check\n", "check:2:9 fatal\n"));
	ck_assert(!fails(&rig, "include_check read\ninclude define\ninclude nosuch\n",
		"3:9 warning\n"));
	ck_assert(fails(&rig, "include check\ninclude nosuch\n", "check:2:9 fatal\n2:9 warning\n"));
}
END_TEST

START_TEST(an_include_line_is_an_item_too)
{
	expect_files(&rig, "g { include_check +match }\n", "g\n{\ninclude_check +match\n}\n", "");
}
END_TEST

START_TEST(circles_are_broken)
{
	expect_files(&rig, "include self\nx\n", "s\nt\nx\n", "self:2:9 warning\n");
	expect_files(&rig, "include ping\nx\n", "p\nq\nx\n", "pong:2:9 warning\n");
}
END_TEST

#define CHAIN 50

START_TEST(nesting_is_bounded)
{
	struct lexrig_file chain[CHAIN + 1] = { 0 };
	char text[CHAIN][20], path[CHAIN][20];
	const struct lexrig deep = { .files = chain, .config_id = "main" };
	struct lexed l;

	for (int i = 0; i < CHAIN; i++) {
		snprintf(path[i], sizeof(path[i]), "%d", i);
		snprintf(text[i], sizeof(text[i]), "include %d\ny\n", i + 1);
		chain[i] = (struct lexrig_file){ .path = path[i], .text = text[i] };
	}
	l = lex_all(&deep, "include 0\nz\n", 12);
	ck_assert_str_eq(l.words + strlen(l.words) - 4, "y\nz\n");
	ck_assert_ptr_nonnull(strstr(l.texts, "too deep"));
	lexed_free(&l);
}
END_TEST

START_TEST(braces_are_bounded)
{
	char text[400] = "include ";

	for (int i = 0; i < 60; i++)
		strcat(text, "{a,b}");
	strcat(text, "\nx\n");
	expect_files(&rig, text, "x\n", "1:9 warning\n");
	expect_files(&rig, "include {a\ninclude a,b}\ninclude {}\ninclude {a.conf}\n", "",
		     "1:9 warning\n2:9 warning\n3:9 warning\n4:9 warning\n");
}
END_TEST

START_TEST(many_files_are_bounded)
{
	struct lexed l = lex_all(&rig, "~SEQ(i, 1, 2000) include a.conf\n", 32);

	ck_assert_ptr_nonnull(strstr(l.texts, "too many files"));
	lexed_free(&l);
}
END_TEST

START_TEST(a_definition_does_not_reach_over_the_end_of_its_file)
{
	expect_files(&rig, "include open\ny\n$M\n", "y\nx\n", "open:1:1 warning\n");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("config/include");
	TCase *t = tcase_create("include");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 120);
	tcase_add_test(t, a_file_stands_where_it_is_included);
	tcase_add_test(t, patterns_match_in_order);
	tcase_add_test(t, names_are_relative_to_the_file);
	tcase_add_test(t, places_name_the_file);
	tcase_add_test(t, other_words_are_no_includes);
	tcase_add_test(t, what_cannot_be_read_is_told);
	tcase_add_test(t, each_keyword_has_its_own_checks);
	tcase_add_test(t, include_check_sets_the_checks);
	tcase_add_test(t, a_file_cannot_change_the_checks_of_its_includer);
	tcase_add_test(t, an_include_line_is_an_item_too);
	tcase_add_test(t, circles_are_broken);
	tcase_add_test(t, nesting_is_bounded);
	tcase_add_test(t, braces_are_bounded);
	tcase_add_test(t, many_files_are_bounded);
	tcase_add_test(t, a_definition_does_not_reach_over_the_end_of_its_file);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
