/*
 * What was found wrong in a file, for whoever has asked: the worst of it, and how many more.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/mistakes.h"

static void add(struct diag_list *l, enum diag_severity severity, uint32_t line)
{
	const struct diag_pos pos = { .file = "/etc/a.conf", .line = line, .col = 2 };

	diag_add(l, &pos, severity, severity == DIAG_ERROR ? "priority" : NULL, "text %u", line);
}

static json_int_t number(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

static char *print(const json_t *answer, size_t told)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	ck_assert_uint_eq(mst_print(answer, to), told);
	fclose(to);
	return text;
}

START_TEST(a_mistake_has_its_place_and_the_nearest_word)
{
	struct diag_list l;

	diag_init(&l);
	add(&l, DIAG_NOTE, 1);
	add(&l, DIAG_WARNING, 2);
	add(&l, DIAG_ERROR, 3);
	add(&l, DIAG_MISTAKE, 4);
	json_t *m = mst_members(&l);
	ck_assert_int_eq(number(m, "errors"), 1);
	ck_assert_int_eq(number(m, "warnings"), 2);
	ck_assert_uint_eq(json_array_size(json_object_get(m, "mistakes")), 3);
	char *text = print(m, 3);
	ck_assert_str_eq(text, "/etc/a.conf:2:2: warning: text 2\n"
			 "/etc/a.conf:3:2: error: text 3 (did you mean 'priority'?)\n"
			 "/etc/a.conf:4:2: warning: text 4\n");
	free(text);
	json_decref(m);
	diag_free(&l);
}
END_TEST

START_TEST(of_many_the_worst_are_told)
{
	struct diag_list l;

	diag_init(&l);
	for (uint32_t i = 1; i <= 100; i++)
		add(&l, i % 10 ? DIAG_WARNING : DIAG_ERROR, i);
	json_t *m = mst_members(&l);
	json_t *list = json_object_get(m, "mistakes");
	ck_assert_uint_eq(json_array_size(list), MST_MOST);
	size_t errors = 0;
	json_int_t last = 0;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);

		ck_assert_int_gt(number(one, "line"), last);	/* in the order of the text */
		last = number(one, "line");
		errors += last % 10 == 0;
	}
	ck_assert_uint_eq(errors, 10);
	char *text = print(m, 100);
	ck_assert_ptr_nonnull(strstr(text, "\nand 80 more: holdfastd -t tells all\n"));
	free(text);
	json_decref(m);
	diag_free(&l);
}
END_TEST

START_TEST(too_many_of_the_worst_are_counted)
{
	struct diag_list l;

	diag_init(&l);
	for (uint32_t i = 1; i <= 1200; i++)
		add(&l, i == 1200 ? DIAG_FATAL : DIAG_ERROR, i);
	json_t *m = mst_members(&l);
	json_t *list = json_object_get(m, "mistakes");
	ck_assert_uint_eq(json_array_size(list), MST_MOST);
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(list, MST_MOST - 1),
							   "severity")), "fatal");
	ck_assert_int_eq(number(m, "errors") + number(m, "warnings"), 1200);
	json_decref(m);
	diag_free(&l);
}
END_TEST

/* Two that differ at their ends must not look equal. */
START_TEST(a_long_sentence_is_whole)
{
	char sentence[2001] = "", *text;
	json_t *m;

	for (int i = 0; i < 1000; i++)
		strcat(sentence, "\xc3\xa4");
	m = json_pack("{s:[{s:s, s:s, s:s}]}", "mistakes", "file", "a", "severity", "error", "text",
		      sentence);
	text = print(m, 0);
	ck_assert_uint_eq(strlen(text), strlen("a: error: \n") + 2000);
	ck_assert_ptr_nonnull(strstr(text, sentence));
	free(text);
	json_decref(m);
}
END_TEST

/* Of an older daemon, and of one that was made to say anything. */
START_TEST(a_foreign_answer_is_printed_clean)
{
	static const char *const answers[] = {
		"{}", "{\"mistakes\": 7}", "{\"mistakes\": [], \"errors\": \"x\"}",
		"{\"mistakes\": [7, null, {}, {\"text\": 3}]}",
		"{\"mistakes\": [{\"file\": \"a\\u001b[2J\", \"text\": \"x\\n\\u0007y\"}]}",
	};

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		json_t *a = json_loads(answers[i], 0, NULL);
		ck_assert_ptr_nonnull(a);
		char *text = print(a, 0);
		for (const char *c = text; *c; c++)
			ck_assert(*c == '\n' || (*c >= ' ' && *c < 127));
		if (i < 3)
			ck_assert_str_eq(text, "");
		free(text);
		json_decref(a);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mistakes");
	TCase *c = tcase_create("mistakes");

	tcase_add_test(c, a_mistake_has_its_place_and_the_nearest_word);
	tcase_add_test(c, of_many_the_worst_are_told);
	tcase_add_test(c, too_many_of_the_worst_are_counted);
	tcase_add_test(c, a_foreign_answer_is_printed_clean);
	tcase_add_test(c, a_long_sentence_is_whole);
	suite_add_tcase(s, c);

	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed != 0;
}
