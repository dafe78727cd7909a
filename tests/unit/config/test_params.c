/* Parameters: definition, use, many lines, the predefined ones, and what must not explode. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "lexrig.h"

static const struct lexrig plain = { .config_id = "main" };

START_TEST(a_reference_ends_at_a_brace_or_a_separator)
{
	expect("$A=1\na $A b\na ${A}b\na $A,($A)\na $A\n", "a 1 b\na 1b\na 1,(1)\na 1\n", "");
	expect("$A=1\na $A; $A. $A/ \"$A\" $AB $A$A\n", "a $A; $A. $A/ '$A' $AB $A1\n", "");
	expect("$A=1\na \"${A} $A b\"\n", "a '1 1 b'\n", "");
	expect("$A=1\na $$A\n", "a $1\n", "");
}
END_TEST

START_TEST(what_is_unknown_stays)
{
	expect("a $B $ $1 $PATH \"${B}\"\n", "a $B $ $1 $PATH '${B}'\n", "");
	expect("a ${B}\nc {{ d }} e {\n", "a ${B}\nc {{ d }} e\n{\n", "");
	expect("$1=2\n$ A=3\n$A =4\n", "$1=2\n$ A=3\n$A =4\n", "");
}
END_TEST

START_TEST(values_are_taken_at_the_time_of_use)
{
	expect("$A=x${B}\n$B=1\na ${A}\n$B=2\na ${A}\n", "a x1\na x2\n", "");
	expect("$A=1\n$A=\na [${A}]\n", "a []\n", "");
	expect("$A=   1 2  # c\na $A\n", "a 1 2\n", "");
	expect("$_x9=1\na ${_x9}\n", "a 1\n", "");
	expect("$N=2\n$A${N}=two\n$A2 x\n", "two x\n", "");
}
END_TEST

START_TEST(values_may_hold_any_syntax)
{
	expect("$A=b { c }\na $A\n", "a b\n{\nc\n}\n", "");
	expect("$A=@main\n$B=@other\n$A x\n$B y\n", "x\n", "");
	expect("$A=\"b c\"\na $A\n", "a 'b c'\n", "");
	expect("$D=$E=5\n$D\na $E\n", "a 5\n", "");
	expect("a { $A=b }\n$A\n", "a\n{\nb\n}\n", "");
}
END_TEST

START_TEST(many_lines_follow_the_line_of_their_user)
{
	expect("$A= \\\n b c \\\n d { \\\n e \\\n }\n$A\nz\n", "b c\nd\n{\ne\n}\nz\n", "");
	expect("$A= \\\n b \\\n c\na $A\n", "a b\nc\n", "");
	expect("$A=b \\\nc\na ${A}\n", "a b\nc\n", "");
	expect("$A= \\\n \\\n b \\\n \\\n c\n$A\n", "b\nc\n", "");
	expect("$A= \\\n b${I} \\\n @other c \\\n @main d \\\n$I=2 \\\n b${I}\n$I=1\n$A\n",
		"b1\nd\nb2\n", "");
	expect("$B= \\\n c \\\n d\n$A= \\\n b \\\n $B \\\n e\n$A\n", "b\nc\nd\ne\n", "");
}
END_TEST

START_TEST(a_definition_ends_at_an_empty_line)
{
	expect("$A= \\\n b \\\n\n c\n$A\n", "c\nb\n", "1:1 warning\n");
	expect("$A= \\\n b \\\n# c\n d\n$A\n", "d\nb\n", "1:1 warning\n");
	expect("$A= \\\n b \\\n", "", "1:1 warning\n");
	expect("$A= \\", "", "1:1 warning\n");
	expect("$A= \\\n b \\\n", "", "1:1 warning\n");
}
END_TEST

START_TEST(many_lines_fit_only_at_the_end)
{
	expect("$A= \\\n b \\\n c\na $A d\n", "a $A d\n", "4:3 warning\n");
	expect("$A= \\\n b \\\n c\na { $A }\n", "a\n{\n$A\n}\n", "4:5 warning\n");
	expect("$A= \\\n b\na $A d\n", "a b d\n", "");
}
END_TEST

START_TEST(predefined_ones_tell_of_the_host)
{
	expect("a ${_INSTANCE} $_INSTANCE\n", "a main main\n", "");
	expect("a ${_ENV SET} [${_ENV UNSET}] ${_ENV  SET }\n",
	       "a from the environment [] from the environment\n", "");
	expect("a b${_HASH}c${_BANG}d # e\n", "a b#c!d\n", "");
	expect("a ${_RANDOM} ${_RANDOM 10} ${_RANDOM 10 19} ${_RANDOM 7 3}\n",
		"a 16384 16389 15 7\n", "");
	expect("$_INSTANCE=mine\na ${_INSTANCE}\n", "a mine\n", "");
	expect("a \"${_INSTANCE x} ${INSTANCE}\"\n", "a '${_INSTANCE x} ${INSTANCE}'\n", "");
}
END_TEST

START_TEST(the_directory_is_that_of_the_file)
{
	const struct lexrig_file files[] = {
		{ .path = "/etc/k/d/b.conf", .text = "b ${_PWD}\n" }, { .path = NULL },
	};
	const struct lexrig rig = { .files = files, .name = "/etc/k/a.conf" };
	const struct lexrig root = { .name = "/a.conf" };
	const struct lexrig relative = { .name = "x/a.conf" };

	expect("a ${_PWD}\n", "a /cwd\n", "");
	expect_files(&rig, "a ${_PWD}\ninclude d/b.conf\na ${_PWD}\n",
		     "a /etc/k\nb /etc/k/d\na /etc/k\n", "");
	expect_files(&root, "a ${_PWD}\n", "a /\n", "");
	expect_files(&relative, "a ${_PWD}\n", "a /cwd/x\n", "");
}
END_TEST

START_TEST(places_point_at_what_was_typed)
{
	expect_places(&plain, "$A=xx\na ${A} b\n", "2:1=a 2:3=xx 2:8=b\n");
	expect_places(&plain, "$A=b { c\na ${A} }\n", "2:1=a 2:3=b\n2:3={\n2:3=c\n2:8=}\n");
	expect_places(&plain, "$A= \\\n b c \\\n  d\na $A\n", "4:1=a 2:2=b 2:4=c\n3:3=d\n");
	expect_places(&plain, "$I=1\n$A= \\\n b \\\n c${I}d e\n$A\n", "3:2=b\n4:2=c1d 4:9=e\n");
}
END_TEST

START_TEST(a_parameter_that_refers_to_itself_ends)
{
	expect("$A=${A}\na ${A}\nb\n", "b\n", "2:1 warning\n");
	expect("$A=x${A}y\nb \"${A}\"\nc\n", NULL, "2:4 warning\n");
	expect("$A=${B}\n$B=${A}\na ${A}\nb\n", "b\n", "3:1 warning\n");
	expect("$A= \\\n x \\\n $A\n$A\nb\n", NULL, "3:2 warning\n");
}
END_TEST

START_TEST(a_value_that_does_not_fit_stays_out)
{
	char text[2000] = "$A=", *p = text + 3;
	struct lexed l;

	memset(p, 'x', 600);
	strcpy(p + 600, "\na ${A} \"${A}\" b\n");
	l = lex_all(&plain, text, strlen(text));
	ck_assert_ptr_nonnull(strstr(l.words, "x '${A}' b\n"));
	ck_assert_str_eq(l.diags, "2:9 warning\n");
	lexed_free(&l);
}
END_TEST

START_TEST(doubling_values_end_in_time)
{
	char text[1000] = "";
	struct lexed l;

	for (char c = 'A'; c < 'Z'; c++) {
		char line[] = { '$', c, '=', '$', '{', (char)(c + 1), '}', '$', '{',
			(char)(c + 1), '}',
				'\n', '\0' };

		strcat(text, line);
	}
	strcat(text, "$Z=\n~SEQ(i, 1, 1000000) a ${A}\n");
	l = lex_all(&plain, text, strlen(text));
	ck_assert_ptr_nonnull(strstr(l.texts, "does one refer to itself"));
	lexed_free(&l);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("config/params");
	TCase *t = tcase_create("params");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 120);
	tcase_add_test(t, a_reference_ends_at_a_brace_or_a_separator);
	tcase_add_test(t, what_is_unknown_stays);
	tcase_add_test(t, values_are_taken_at_the_time_of_use);
	tcase_add_test(t, values_may_hold_any_syntax);
	tcase_add_test(t, many_lines_follow_the_line_of_their_user);
	tcase_add_test(t, a_definition_ends_at_an_empty_line);
	tcase_add_test(t, many_lines_fit_only_at_the_end);
	tcase_add_test(t, predefined_ones_tell_of_the_host);
	tcase_add_test(t, the_directory_is_that_of_the_file);
	tcase_add_test(t, places_point_at_what_was_typed);
	tcase_add_test(t, a_parameter_that_refers_to_itself_ends);
	tcase_add_test(t, a_value_that_does_not_fit_stays_out);
	tcase_add_test(t, doubling_values_end_in_time);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
