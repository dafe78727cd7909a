/* Generators: sequences, lists, nesting, and mistakes in their heads. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "lexrig.h"

static const struct lexrig plain = { .config_id = "main" };

START_TEST(sequences_count)
{
	expect("~SEQ(i, 1, 3) a$i ${i}\n", "a1 1\na2 2\na3 3\n", "");
	expect("~SEQ(i, 3) ${i}\n", "1\n2\n3\n", "");
	expect("~SEQ(i, -2) ${i}\n", "-1\n-2\n", "");
	expect("~SEQ(i, 3, 1) ${i}\n", "3\n2\n1\n", "");
	expect("~SEQ(i, 0, 2, 5) ${i}\n", "0\n2\n4\n", "");
	expect("~SEQ(i, 5, -2, 0) ${i}\n", "5\n3\n1\n", "");
	expect("~SEQ(i, 0x10, 0x12) ${i}\n~SEQ(j, 010, 011) ${j}\n", "16\n17\n18\n8\n9\n", "");
	expect("~SEQ(i, 4, 4) ${i}\n", "4\n", "");
	expect("  ~SEQ  ( i ,1 , 2 )${i}\n", "1\n2\n", "");
	expect("~SEQx(i, 9, 11) ${i}\n", "9\na\nb\n", "");
	expect("~SEQ(i, 2147483646, 2147483648) ${i}\n", "2147483646\n2147483647\n2147483648\n",
		"");
}
END_TEST

START_TEST(lists_assign)
{
	expect("~LST(i, a, b,c) x${i}\n", "xa\nxb\nxc\n", "");
	expect("~LST(i, a,) x${i}\n", "xa\nx\n", "");
	expect("~LST({i,j}, {1,2},{3,4}) ${i}.${j}\n", "1.2\n3.4\n", "");
	expect("~LST({ i , j }, { 1 , 2 } , {3}) ${i}.${j}\n", "1.2\n3.\n", "");
	expect("~LST({i,j}, 1, 2) ${i}.${j}\n", "1.\n2.\n", "");
}
END_TEST

START_TEST(parameters_may_stand_in_the_head)
{
	expect("$N=2\n~SEQ(i, $N, ${N}) x${i}\n", "x2\n", "");
	expect("$L=a,b\n~LST(i, $L) x${i}\n", "xa\nxb\n", "");
	expect("$G=~SEQ(i, 1, 2)\n$G x${i}\n", "x1\nx2\n", "");
	expect("$i=9\n~SEQ(i, 1, 2) x${i}\nx${i}\n", "x1\nx2\nx2\n", "");
}
END_TEST

START_TEST(generators_nest)
{
	expect("~SEQ(i, 1, 2) ~LST(j, a, b) ${i}${j}\n", "1a\n1b\n2a\n2b\n", "");
	expect("$B= \\\n x${i} { \\\n y \\\n }\n~SEQ(i, 1, 2) $B\nz\n",
	       "x1\n{\ny\n}\nx2\n{\ny\n}\nz\n", "");
	expect("~SEQ(i, 1, 2) a { b${i} }\n", "a\n{\nb1\n}\na\n{\nb2\n}\n", "");
	expect("a { ~SEQ(i, 1, 2) b${i} }\n", "a\n{\nb1\n}\nb2\n}\n", "");
	expect("~SEQ(i, 1, 2) @main a${i}\n~SEQ(i, 1, 2) @other b\n", "a1\na2\n", "");
}
END_TEST

START_TEST(mistakes_in_the_head_drop_the_line)
{
	static const char *const heads[] = {
		"~SEQ(i, 1, 2", "~SEQ()", "~SEQ(i)", "~SEQ(1, 2)", "~SEQ(i, a)", "~SEQ(i, 1, 0, 2)",
		"~SEQ(i, 1, -1, 2)", "~SEQ(i, 5, 1, 1)", "~SEQ(i, 1, 2, 3, 4)", "~SEQ(i, 1x)",
		"~SEQ(i, )",
		"~SEQ(i, 99999999999999999999)", "~SEQ(i, -5000000000, 1)", "~SEQ({i}, 1)",
		"~SEQ(i j, 1)",
		"~SEQx(i, -1, 2)", "~LST(i)", "~LST()", "~LST(i, a b)", "~LST(i, {a,b})",
		"~LST({i,j}, {1,2,3})",
		"~LST({i,j, 1)", "~LST({i,}, 1)", "~LST(i, {a)", "~LST(i, {a}b)", "~LST(i, a}b)",
		"~LST({a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q}, 1)",
	};

	for (size_t k = 0; k < sizeof(heads) / sizeof(heads[0]); k++) {
		char text[200] = " ";

		strcat(text, heads[k]);
		strcat(text, " x\ny\n");
		expect(text, "y\n", "1:2 warning\n");
	}
}
END_TEST

START_TEST(what_is_no_generator_is_a_word)
{
	expect("~FOO(a) b\n~SEQ a\n~ b\na ~SEQ(i, 1, 2)\n",
		"~FOO(a) b\n~SEQ a\n~ b\na ~SEQ(i, 1, 2)\n", "");
}
END_TEST

START_TEST(places_are_those_of_the_generated_line)
{
	expect_places(&plain, "~SEQ(i, 1, 2) a ${i}b\n", "1:15=a 1:17=1b\n1:15=a 1:17=2b\n");
}
END_TEST

START_TEST(endless_sequences_end)
{
	static const char *const bombs[] = {
		"~SEQ(i, 1, 4000000000) a\n",
		"~SEQ(i, 1, 4000000000) ~SEQ(j, 1, 4000000000) $A=1\n",
		"~SEQ(i, 1, 4000000000) @other a\n",
		"$A= \\\n ${A} \\\n b\n~SEQ(i, 1, 4000000000) $A\n",
	};

	for (size_t k = 0; k < sizeof(bombs) / sizeof(bombs[0]); k++) {
		struct lexed l = lex_all(&plain, bombs[k], strlen(bombs[k]));

		ck_assert_ptr_nonnull(strstr(l.diags, "fatal\n"));
		ck_assert_ptr_nonnull(strstr(l.texts, "expand to too much text"));
		lexed_free(&l);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("config/gen");
	TCase *t = tcase_create("gen");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 120);
	tcase_add_test(t, sequences_count);
	tcase_add_test(t, lists_assign);
	tcase_add_test(t, parameters_may_stand_in_the_head);
	tcase_add_test(t, generators_nest);
	tcase_add_test(t, mistakes_in_the_head_drop_the_line);
	tcase_add_test(t, what_is_no_generator_is_a_word);
	tcase_add_test(t, places_are_those_of_the_generated_line);
	tcase_add_test(t, endless_sequences_end);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
