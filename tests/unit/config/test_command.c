/* Commands: two readings, quotes, escapes, and what cannot be run. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/lexer.h"
#include "lexrig.h"

#define EXTRA_MAX 2

struct taken {
	char text[1000];	/* "<argv0> <argv1> | extra extra" */
	char diags[1000];
	size_t col;		/* of the first extra word */
};

/* Reads the line "script TEXT". */
static struct taken take(const char *text)
{
	const struct lexrig rig = { .config_id = "main" };
	struct source source = lexrig_source(&rig);
	struct cfg_options options = { .config_id = "main", .source = &source };
	struct arena *arena = arena_new();
	struct lex_word extra[EXTRA_MAX];
	struct taken out = { .text = "" };
	struct diag_list diags;
	struct lex_item item;
	const char **argv;
	struct lexer *l;
	char line[600];
	size_t n;

	diag_init(&diags);
	snprintf(line, sizeof(line), "script %s\n", text);
	l = lex_open(arena, "f", line, strlen(line), &options, &diags);
	lex_next(l, &item);
	ck_assert_int_eq(item.kind, LEX_WORDS);
	n = lex_command(l, &item, &argv, extra, EXTRA_MAX);
	ck_assert_uint_le(n, EXTRA_MAX);
	for (size_t i = 0; argv && argv[i]; i++)
		sprintf(out.text + strlen(out.text), "<%s>", argv[i]);
	for (size_t i = 0; i < n; i++)
		sprintf(out.text + strlen(out.text), " %s", extra[i].text);
	out.col = n ? extra[0].pos.col : 0;
	for (size_t i = 0; i < diags.n; i++)
		sprintf(out.diags + strlen(out.diags), "%u %s\n", (unsigned int)diags.v[i].col,
			diag_severity_word(diags.v[i].severity));
	lex_close(l);
	diag_free(&diags);
	arena_free(arena);
	return out;
}

/* They stay arguments; of the first one there is a warning at its place. */
START_TEST(words_of_a_shell_are_arguments)
{
	static const struct {
		const char *text, *argv, *diags;
	} cases[] = {
		{ "\"/x $y | z && > w\"", "</x><$y><|><z><&&><>><w>", "12 warning\n" },
		{ "/x\" y z\"'  | w'", "</x><y><z><|><w>", "19 warning\n" },
		{ "'/x a\\|b'", "</x><a|b>", "" },
		{ "'/x \"a|b\"'", "</x><a|b>", "" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct taken t = take(cases[i].text);

		ck_assert_str_eq(t.text, cases[i].argv);
		ck_assert_str_eq(t.diags, cases[i].diags);
	}
}
END_TEST

START_TEST(commands_are_split_into_argv)
{
	static const char *const cases[][2] = {
		{ "/x", "</x>" },
		{ "\"/x\"", "</x>" },
		{ "\"/x a b\"", "</x><a><b>" },
		{ "'/x a  b'", "</x><a><b>" },
		{ "\"/x 'b c' d\"", "</x><b c><d>" },
		{ "'/x \"b c\" d'", "</x><b c><d>" },
		{ "\"/x a'b c'd ''\"", "</x><ab cd><>" },
		{ "\"/x y\"\" z\"", "</x><y><z>" },
		{ "/\"x y\"", "</x><y>" },
		{ "\"</dev/tcp/1.2.3.4/80\"", "<</dev/tcp/1.2.3.4/80>" },
		{ "\"/x {y}\"", "</x><{y}>" },
		{ "\"/x\ty\"", "</x><y>" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct taken t = take(cases[i][0]);

		ck_assert_str_eq(t.text, cases[i][1]);
		ck_assert_str_eq(t.diags, "");
	}
}
END_TEST

START_TEST(escapes_belong_to_the_second_reading)
{
	static const char *const cases[][2] = {
		{ "\"/x a\\ b\"", "</x><a b>" },
		{ "/x\\ y", "</x y>" },
		{ "\"/x \\x41\\102\\t.\\n\"", "</x><AB\t.\n>" },
		{ "\"/x \\a\\b\\E\\f\\r\\v\"", "</x><\a\b\033\f\r\v>" },
		{ "\"/x a\\cAb \\c?\"", "</x><a\001b><\037>" },
		{ "\"/x \\x4g \\xg \\x414 \\18\"", "</x><\004g><xg><A4><\0018>" },
		{ "\"/x \\q\\\\ \\'\"", "</x><q\\><'>" },
		{ "\"/x \\\"b c\\\"\"", "</x><\"b><c\">" },
		{ "\"/x 'a\\'b'\"", "</x><a'b>" },
		{ "\"/x \\377\"", "</x><\377>" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct taken t = take(cases[i][0]);

		ck_assert_str_eq(t.text, cases[i][1]);
		ck_assert_str_eq(t.diags, "");
	}
}
END_TEST

START_TEST(user_and_group_follow)
{
	struct taken t = take("\"/x a\" nobody 'some group'");

	ck_assert_str_eq(t.text, "</x><a> nobody some group");
	ck_assert_uint_eq(t.col, 15);
	ck_assert_str_eq(t.diags, "");
}
END_TEST

START_TEST(words_too_many_are_told)
{
	struct taken t = take("/x a b c d");

	ck_assert_str_eq(t.text, "</x> a b");
	ck_assert_str_eq(t.diags, "15 warning\n");
}
END_TEST

START_TEST(what_cannot_be_run_is_an_error)
{
	static const char *const cases[][2] = {
		{ "\"/x 'a\"", "8 warning\n" }, { "\"\"", "8 warning\n" },
		{ "\"  \"", "8 warning\n" },
		{ "\"'' a\"", "8 warning\n" }, { "\"/x \\400\"", "8 warning\n" },
		{ "\"/x \\0\"", "8 warning\n" },
		{ "\"/x \\x0\"", "8 warning\n" }, { "/x\\", "8 warning\n" },
		{ "\"/x \\c@\"", "8 warning\n" },
		{ "", "1 warning\n" }, { "'/x", "8 warning\n" }, { "/x 'user", "11 warning\n" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct taken t = take(cases[i][0]);

		ck_assert_msg(strcmp(t.diags, cases[i][1]) == 0, "%s: %s", cases[i][0], t.diags);
		ck_assert_str_eq(t.text, i + 1 < sizeof(cases) / sizeof(cases[0]) ? "" : "</x>");
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("config/command");
	TCase *t = tcase_create("command");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 120);
	tcase_add_test(t, words_of_a_shell_are_arguments);
	tcase_add_test(t, commands_are_split_into_argv);
	tcase_add_test(t, escapes_belong_to_the_second_reading);
	tcase_add_test(t, user_and_group_follow);
	tcase_add_test(t, words_too_many_are_told);
	tcase_add_test(t, what_cannot_be_run_is_an_error);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
