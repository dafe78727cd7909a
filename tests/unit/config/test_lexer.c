/*
 * Lines, comments, quotes, braces, words and filters: what keepalived does to a line before a
 * keyword.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "config/line.h"
#include "lexrig.h"

static const struct lexrig plain = { .config_id = "main" };

START_TEST(nothing_gives_nothing)
{
	expect("", "", "");
	expect("\n\n \t\r\n", "", "");
	expect("# only\n! comments", "", "");
}
END_TEST

START_TEST(comments_end_a_line_anywhere)
{
	expect("a b # c\n", "a b\n", "");
	expect("a b#c\n", "a b\n", "");
	expect("a b!c\n", "a b\n", "");
	expect("a \"b # c\" d # e\n", "a 'b # c' d\n", "");
	expect("a \"b ! c\" d ! e\n", "a 'b ! c' d\n", "");
	expect("a 'b # c'\n", "a 'b\n", "");
	expect("# a \"b\n", "", "");
	expect("a # \" b\nc\n", "a\nc\n", "");
}
END_TEST

START_TEST(escaped_comment_marks_are_text)
{
	expect("a b\\#c d\\!e # f\n", "a b#c d!e\n", "");
	expect("a \"b\\#c\"\n", "a 'b\\#c'\n", "");
	expect("a b\\c \\\n", "a b\\c \\\n", "");
	expect("$X=1\na\\#b${X}c { d\\#e\n", "a#b1c\n{\nd#e\n", "");
	expect("$X=a\\#b\n$X c\n", "a#b c\n", "");
}
END_TEST

START_TEST(line_ends_do_not_matter)
{
	expect("a b\r\nc d\r\n", "a b\nc d\n", "");
	expect("a b\nc d", "a b\nc d\n", "");
	expect("a\tb\fc\vd\re\n", "a b c d e\n", "");
	expect("a {\r\n b\r\n}\r\n", "a\n{\nb\n}\n", "");
}
END_TEST

START_TEST(braces_split_wherever_they_stand)
{
	static const char *const same[] = {
		"a b {\n c d\n e\n}\n", "a b { c d\n e }\n", "a b\n{\nc d\n\n\ne\n}\n",
		"a b{c d\ne}",
		"a b {c d # x\n e} ! y\n", "   a   b   {   c   d   \n   e   }   ",
	};

	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		expect(same[i], "a b\n{\nc d\ne\n}\n", "");
	expect("a { b } c } { {}\n", "a\n{\nb\n}\nc\n}\n{\n{\n}\n", "");
	expect("a \"{ b }\" c\n", "a '{ b }' c\n", "");
	expect("a { b \"}\" } c\n", "a\n{\nb '}'\n}\nc\n", "");
}
END_TEST

START_TEST(double_quotes_make_one_word)
{
	expect("a \"b c\" d\n", "a 'b c' d\n", "");
	expect("a \"\" b\n", "a '' b\n", "");
	expect("ab\"c d\"e\n", "ab 'c d' e\n", "");
	expect("\"a b\"\"c\"\n", "'a b' 'c'\n", "");
	expect("a \" b \"\n", "a ' b '\n", "");
	expect("a 'b c'\n", "a 'b c'\n", "");
	expect("a \"b\\\" c\n", "a 'b\\' c\n", "");
}
END_TEST

START_TEST(an_open_quote_is_an_error_and_cuts_the_line)
{
	expect("a \"b c\nd\n", "a\nd\n", "1:3 warning\n");
	expect("a \"b\" c \"d # e\n", "a 'b' c\n", "1:9 warning\n");
	expect("\"a\n", "", "1:1 warning\n");
	expect("a { b \"c }\nd\n", "a\n{\nb\nd\n", "1:7 warning\n");
}
END_TEST

START_TEST(octets_above_ascii_pass)
{
	expect("a \xe4\xb8\xbb\xe5\xa4\x87 # \xe4\xb8\xbb\n", "a \xe4\xb8\xbb\xe5\xa4\x87\n", "");
	expect("# \xd6\xf7\xb1\xb8\na \xd6\xf7\xb1\xb8 \xff\x80\n",
		"a \xd6\xf7\xb1\xb8 \xff\x80\n", "");
	expect("a \"\xe3\x80\x80\xef\xbd\x9b\"\n", "a '\xe3\x80\x80\xef\xbd\x9b'\n", "");
}
END_TEST

START_TEST(look_alikes_are_told)
{
	expect("a\xe3\x80\x80""b\n", "a\xe3\x80\x80""b\n", "1:2 warning\n");
	expect("a b \xef\xbd\x9b\nc\n", "a b \xef\xbd\x9b\nc\n", "1:5 warning\n");
	expect("a\xc2\xa0""b\n", "a\xc2\xa0""b\n", "1:2 warning\n");
	expect("a \xe2\x80\x9cx\xe2\x80\x9d\n", "a \xe2\x80\x9cx\xe2\x80\x9d\n", "1:3 warning\n");
	expect("a \xd6\xf7\xa1\xa1""b\n", "a \xd6\xf7\xa1\xa1""b\n", "1:5 warning\n");
	expect("a \xb1\xb8\xa3\xfb\n", "a \xb1\xb8\xa3\xfb\n", "1:5 warning\n");
	expect("a // b {\nc d // {\n//e\nf\n", "a\nc d\nf\n", "1:3 warning\n");
	expect("a //b\na \"//\" // b\n", "a //b\na '//'\n", "2:8 warning\n");
	expect("a //\xe5\xae\x9a\n", "a\n", "1:3 warning\n");
	expect("a b//c http://d\n", "a b//c http://d\n", "");
}
END_TEST

START_TEST(encodings_are_noticed)
{
	const char utf16[] = "\xff\xfe""a\0\n\0";
	struct lexed l;

	expect("\xef\xbb\xbf""a b\n", "a b\n", "1:1 note\n");
	expect_places(&plain, "\xef\xbb\xbf""a b\n", "1:1=a 1:3=b\n");
	/* Columns are those of an editor. */
	expect_places(&plain, "\xe5\xae\x9a\xc3\xa9 a \xb6\xa8 b\n",
		      "1:1=\xe5\xae\x9a\xc3\xa9 1:4=a 1:6=\xb6\xa8 1:9=b\n");
	expect("a b\rc d\r", "a b c d\n", "1:1 warning\n");
	l = lex_all(&plain, utf16, sizeof(utf16) - 1);
	ck_assert_str_eq(l.words, "");
	ck_assert_str_eq(l.diags, "1:1 warning\n");
	lexed_free(&l);
}
END_TEST

START_TEST(a_nul_drops_its_line)
{
	const char text[] = "a\nb\0c\nd\n";
	struct lexed l = lex_all(&plain, text, sizeof(text) - 1);

	ck_assert_str_eq(l.words, "a\nd\n");
	ck_assert_str_eq(l.diags, "2:1 warning\n");
	lexed_free(&l);
}
END_TEST

START_TEST(long_lines_are_dropped)
{
	for (size_t len = LINE_CAP - 1; len <= LINE_CAP + 2; len++) {
		char text[2 * LINE_CAP];
		struct lexed l;

		memset(text, 'x', len);
		text[1] = ' ';
		memcpy(text + len, "\nz\n", 4);
		l = lex_all(&plain, text, len + 3);
		ck_assert_int_eq(l.words[0] == 'x', len <= LINE_CAP);
		ck_assert_str_eq(l.words + strlen(l.words) - 2, "z\n");
		ck_assert_str_eq(l.diags, len <= LINE_CAP ? "" : "1:1 warning\n");
		lexed_free(&l);
	}
}
END_TEST

START_TEST(full_lines_end_well)
{
	static const char ends[] = "{}\"\\#!$~@";

	for (const char *end = ends; *end; end++) {
		char text[LINE_CAP];
		struct lexed l;

		memset(text, 'x', sizeof(text));
		text[sizeof(text) - 1] = *end;
		l = lex_all(&plain, text, sizeof(text));
		ck_assert_int_eq(l.words[0], 'x');
		lexed_free(&l);
	}
}
END_TEST

START_TEST(places_are_those_of_the_text)
{
	expect_places(&plain, "a  b\n\tc \"d e\" f {\n} g\n",
		      "1:1=a 1:4=b\n2:2=c 2:4='d e' 2:10=f\n2:12={\n3:1=}\n3:3=g\n");
	expect_places(&plain, "a \\#b c\n", "1:1=a 1:4=#b 1:7=c\n");
}
END_TEST

START_TEST(lines_for_one_host_are_filtered)
{
	expect("@main a b\n@other c d\n", "a b\n", "");
	expect("@^main a b\n@^other c d\n", "c d\n", "");
	expect("@mai a\n@mainx b\n@Main c\n@ d\n", "", "");
	expect("@main\n@^other\n@main   \n", "", "");
	expect("  @main { @other b\n@main }\n", "{\n}\n", "");
	expect("a { @main b }\n", "a\n{\nb\n}\n", "");
	expect("a @main\n", "a @main\n", "");
	expect("@main @other a\n", "@other a\n", "");
}
END_TEST

START_TEST(the_host_s_name_is_the_default_identity)
{
	const struct lexrig rig = { .config_id = NULL };

	expect_files(&rig, "@node1 a\n@node1.example b\n@main c\n", "a\n", "");
}
END_TEST

START_TEST(a_filtered_definition_goes_with_all_its_lines)
{
	expect("@other $X= \\\n a \\\n b\nc\n", "c\n", "");
	expect("@main $X= \\\n a \\\n b\n$X\n", "a\nb\n", "");
	expect("@main $X=1\n@other $X=2\n$X\n", "1\n", "");
}
END_TEST

START_TEST(diagnoses_carry_no_control_octets)
{
	struct lexed l = lex_all(&plain, "include \033]2J\n", 13);

	ck_assert_ptr_null(strchr(l.texts, '\033'));
	ck_assert_ptr_nonnull(strstr(l.texts, "?]2J"));
	lexed_free(&l);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("config/lexer");
	TCase *t = tcase_create("lexer");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 120);
	tcase_add_test(t, nothing_gives_nothing);
	tcase_add_test(t, comments_end_a_line_anywhere);
	tcase_add_test(t, escaped_comment_marks_are_text);
	tcase_add_test(t, line_ends_do_not_matter);
	tcase_add_test(t, braces_split_wherever_they_stand);
	tcase_add_test(t, double_quotes_make_one_word);
	tcase_add_test(t, an_open_quote_is_an_error_and_cuts_the_line);
	tcase_add_test(t, octets_above_ascii_pass);
	tcase_add_test(t, look_alikes_are_told);
	tcase_add_test(t, encodings_are_noticed);
	tcase_add_test(t, a_nul_drops_its_line);
	tcase_add_test(t, long_lines_are_dropped);
	tcase_add_test(t, full_lines_end_well);
	tcase_add_test(t, places_are_those_of_the_text);
	tcase_add_test(t, lines_for_one_host_are_filtered);
	tcase_add_test(t, the_host_s_name_is_the_default_identity);
	tcase_add_test(t, a_filtered_definition_goes_with_all_its_lines);
	tcase_add_test(t, diagnoses_carry_no_control_octets);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
