/* Requests: what is understood, and how everything else is refused. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/request.h"

static bool parse(const char *line, struct req *r, char *why)
{
	return req_parse(line, strlen(line), r, why);
}

START_TEST(a_request_is_read)
{
	char why[REQ_WHY_MAX];
	struct req r;

	ck_assert(parse("{\"verb\":\"status\",\"instance\":\"VI_1\"}\n", &r, why));
	ck_assert_str_eq(r.verb, "status");
	ck_assert_str_eq(r.instance, "VI_1");
	req_free(&r);
	ck_assert_ptr_null(r.verb);

	ck_assert(parse(" {\"verb\": \"watch\"} ", &r, why));
	ck_assert_str_eq(r.verb, "watch");
	ck_assert_ptr_null(r.instance);
	req_free(&r);
}
END_TEST

START_TEST(what_is_no_request_is_refused_with_a_sentence)
{
	static const char *const cases[][2] = {
		{ "", "the request is not one line of JSON (column 0)" },
		{ "status", "the request is not one line of JSON (column 6)" },
		{ "{\"verb\":\"status\"", NULL },
		{ "{\"verb\":\"status\"} {}", NULL },
		{ "[]", "the request is not a JSON object" },
		{ "[\"verb\"]", "the request is not a JSON object" },
		{ "{}", "the request has no verb" },
		{ "{\"instance\":\"VI_1\"}", "the request has no verb" },
		{ "{\"verb\":1}", "the member 'verb' of the request is not a string" },
		{ "{\"verb\":null}", "the member 'verb' of the request is not a string" },
		{ "{\"verb\":\"status\",\"instance\":[]}",
		  "the member 'instance' of the request is not a string" },
		{ "{\"verb\":\"status\",\"force\":\"yes\"}",
		  "the request has an unknown member 'force'" },
		{ "{\"verb\":\"status\",\"\\u001b[2J\":\"yes\"}",
		  "the request has an unknown member '?[2J'" },
		{ "{\"verb\":\"status\",\"verb\":\"reload\"}", NULL },
		{ "{\"verb\":\"sta\\u0000tus\"}", NULL },
		{ "{\"verb\":\"\xff\"}", NULL },
	};
	char why[REQ_WHY_MAX];
	struct req r;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		why[0] = '\0';
		ck_assert_msg(!parse(cases[i][0], &r, why), "case %zu", i);
		ck_assert_msg(strlen(why) > 20, "case %zu: '%s'", i, why);
		if (cases[i][1])
			ck_assert_str_eq(why, cases[i][1]);
		ck_assert_ptr_null(r.root);
	}
}
END_TEST

START_TEST(length_and_depth_are_bounded)
{
	static char line[REQ_LINE_MAX + 2];
	char why[REQ_WHY_MAX];
	struct req r;

	memset(line, ' ', sizeof(line));
	memcpy(line, "{\"verb\":\"status\"}", 17);
	ck_assert(req_parse(line, REQ_LINE_MAX, &r, why));
	req_free(&r);
	ck_assert(!req_parse(line, REQ_LINE_MAX + 1, &r, why));
	ck_assert_str_eq(why, "the request is longer than 65536 octets");

	memset(line, '[', sizeof(line));
	ck_assert(!req_parse(line, REQ_LINE_MAX, &r, why));
	ck_assert_str_eq(why, "the request is nested deeper than 8");

	/* Brackets in a string are text, also behind an escaped quote. */
	ck_assert(parse("{\"verb\":\"\\\"[[[[[[[[[[[[\"}", &r, why));
	ck_assert_str_eq(r.verb, "\"[[[[[[[[[[[[");
	req_free(&r);
}
END_TEST

START_TEST(the_octets_need_no_terminator)
{
	char *exact = malloc(17);
	char why[REQ_WHY_MAX];
	struct req r;

	memcpy(exact, "{\"verb\":\"status\"}", 17);
	ck_assert(req_parse(exact, 17, &r, why));
	req_free(&r);
	free(exact);
}
END_TEST

START_TEST(what_is_written_is_understood)
{
	static const char *const names[] = { NULL, "VI_1", "a \"b\" \\ \n {[", "\xc4\xda" };
	char why[REQ_WHY_MAX];
	struct req r;

	for (enum req_verb_id v = 0; v < REQ_N_VERBS; v++) {
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			char *line = req_line(v, names[i]);

			ck_assert_ptr_nonnull(line);
			ck_assert_ptr_eq(strchr(line, '\n'), line + strlen(line) - 1);
			ck_assert(parse(line, &r, why));
			ck_assert_uint_eq(req_verb_find(r.verb), v);
			ck_assert((r.instance == NULL) == (names[i] == NULL));
			if (names[i] && i < 3)
				ck_assert_str_eq(r.instance, names[i]);
			req_free(&r);
			free(line);
		}
	}
}
END_TEST

START_TEST(the_table_of_verbs_is_whole)
{
	for (enum req_verb_id v = 0; v < REQ_N_VERBS; v++) {
		ck_assert_str_eq(req_verb_names[v], req_verbs[v].name);
		ck_assert_uint_eq(req_verb_find(req_verbs[v].name), v);
	}
	ck_assert_ptr_null(req_verb_names[REQ_N_VERBS]);
	ck_assert_uint_eq(req_verb_find("stop"), REQ_N_VERBS);
	ck_assert_uint_eq(req_verb_find(""), REQ_N_VERBS);
	ck_assert(req_verbs[REQ_RELOAD].steers);
	ck_assert(!req_verbs[REQ_STATUS].steers);
	ck_assert(!req_verbs[REQ_WATCH].steers);
	ck_assert(!req_verbs[REQ_VERSION_OF].steers);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ctl/request");
	TCase *t = tcase_create("request");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_test(t, a_request_is_read);
	tcase_add_test(t, what_is_no_request_is_refused_with_a_sentence);
	tcase_add_test(t, length_and_depth_are_bounded);
	tcase_add_test(t, the_octets_need_no_terminator);
	tcase_add_test(t, what_is_written_is_understood);
	tcase_add_test(t, the_table_of_verbs_is_whole);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
