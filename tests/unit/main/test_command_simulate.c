/* `holdfastctl simulate` on real files: what it prints, what it draws, and its statuses. */
#include <check.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ctl/text.h"
#include "main/command.h"
#include "main/command_simulate.h"

#define TEXT_MAX 65536
#define WORDS_MAX 16

#define NODE(id, priority, weight) \
	"global_defs {\n    router_id " id "\n}\n" \
	"vrrp_script chk {\n    script \"/bin/true\"\n    interval 2\n    weight " weight "\n}\n" \
	"vrrp_instance web {\n    interface eth0\n    virtual_router_id 7\n" \
	"    priority " priority "\n    track_script {\n        chk\n    }\n" \
	"    virtual_ipaddress {\n        192.0.2.1/24\n    }\n}\n"

static char dir[64];
static char out[TEXT_MAX], err[TEXT_MAX], drawn[TEXT_MAX];

static void put(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

static void make_place(void)
{
	snprintf(dir, sizeof(dir), "/tmp/holdfast-simulate-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chdir(dir), 0);
	put("a.conf", NODE("alpha", "100", "-30"));
	put("b.conf", NODE("beta", "80", "-30"));
}

static void remove_place(void)
{
	static const char *const names[] = { "a.conf", "b.conf", "c.conf", "out.svg" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(names[i]);
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(rmdir(dir), 0);
}

static void take(FILE *f, char *text)
{
	rewind(f);
	text[fread(text, 1, TEXT_MAX - 1, f)] = '\0';
	fclose(f);
}

/* holdfastctl with the words of LINE, in a process of its own; fills out and err. */
static int run(const char *line)
{
	FILE *to = tmpfile(), *bad = tmpfile();
	pid_t pid = fork();
	int status;

	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		char *copy = strdup(line), name[] = "holdfastctl";
		char *argv[WORDS_MAX + 1] = { name };
		int argc = 1;

		unsetenv("COLUMNS");
		dup2(fileno(to), STDOUT_FILENO);
		dup2(fileno(bad), STDERR_FILENO);
		for (char *w = strtok(copy, " "); w && argc < WORDS_MAX; w = strtok(NULL, " "))
			argv[argc++] = w;
		status = cmd_main(argc, argv);
		free(copy);
		_exit(status);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	take(to, out);
	take(bad, err);
	return WEXITSTATUS(status);
}

static void contains(const char *text, const char *wanted)
{
	ck_assert_msg(strstr(text, wanted) != NULL, "'%s' is not in '%.3000s'", wanted, text);
}

/* The first line of OUT that has WORD in it. */
static const char *line_with(const char *word)
{
	static char line[512];
	const char *at = strstr(out, word);

	ck_assert_msg(at != NULL, "'%s' is not in '%s'", word, out);
	while (at > out && at[-1] != '\n')
		at--;
	snprintf(line, sizeof(line), "%.*s", (int)strcspn(at, "\n"), at);
	return line;
}

START_TEST(the_table_says_who_holds_it)
{
	ck_assert_int_eq(run("simulate a.conf b.conf"), CSM_FRAGILE);
	ck_assert_str_eq(err, "");
	contains(line_with("(nothing)"), "alpha");
	contains(line_with("alpha down "), "beta ");
	contains(line_with("alpha down "), "moved");
	contains(line_with("beta down "), "alpha");
	contains(line_with("chk fails on alpha"), "moved");
	contains(line_with("alpha-beta cut"), "alpha and beta");
	contains(line_with("alpha-beta cut"), "2 OWNERS");
	contains(line_with("beta>alpha cut (one way)"), "-         -");
	contains(line_with("alpha down + beta down"), "nobody          lasts     -");
	contains(out, "lasts     -\n    NOBODY holds it\n");
	ck_assert_ptr_null(strstr(out, "alpha down + chk fails on alpha"));
}
END_TEST

/* The seeds' mistake: 2 cannot bridge 100 to 80. */
START_TEST(a_weight_that_is_too_small_moves_nothing)
{
	put("a.conf", NODE("alpha", "100", "2"));
	put("b.conf", NODE("beta", "80", "2"));
	run("simulate a.conf b.conf");
	contains(line_with("chk fails on alpha"), "although chk fails there");
}
END_TEST

START_TEST(each_instance_has_a_row)
{
	static const char more[] =
		"vrrp_instance mail {\n    interface eth1\n    virtual_router_id 8\n"
		"    priority %d\n"
		"    virtual_ipaddress {\n        198.51.100.1/24\n    }\n}\n";
	char text[2048];

	snprintf(text, sizeof(text), NODE("alpha", "100", "-30") "%s", "");
	snprintf(text + strlen(text), sizeof(text) - strlen(text), more, 50);
	put("a.conf", text);
	snprintf(text, sizeof(text), NODE("beta", "80", "-30") "%s", "");
	snprintf(text + strlen(text), sizeof(text) - strlen(text), more, 60);
	put("b.conf", text);
	run("simulate a.conf b.conf");
	contains(line_with("No owner"), "  Instance  Owner           No owner  Two");
	contains(line_with("(nothing)"), "  web       alpha");
	contains(line_with("  mail "), "VRID 8 on eth1");
	contains(out, "  mail      beta ");
}
END_TEST

START_TEST(the_table_fits_eighty_columns)
{
	put("a.conf", NODE("\"gr\xc3\xb6\xc3\x9f" "e-of-the-first-node\"", "100", "-30"));
	put("b.conf", NODE("\"\xe5\x86\x85\xe9\x83\xa8-of-the-second-node\"", "80", "-30"));
	run("simulate a.conf b.conf");
	/* The third column begins where it begins in every row. */
	contains(out, "\n\xe5\x86\x85\xe9\x83\xa8-of-the-second-node down  gr\xc3\xb6\xc3\x9f"
		 "e-of-the-first-node           -         -\n");
	contains(out, "\nchk fails on \xe5\x86\x85\xe9\x83\xa8-of-the-second-node  gr\xc3\xb6"
		 "\xc3\x9f" "e-of-the-first-node   -         -\n");
	for (char *line = strtok(out, "\n"); line; line = strtok(NULL, "\n"))
		ck_assert_msg(txt_width(line, strlen(line)) <= 80, "'%s'", line);
}
END_TEST

START_TEST(one_node_alone_is_fragile)
{
	ck_assert_int_eq(run("simulate a.conf"), CSM_FRAGILE);
	contains(line_with("alpha down"), "NOBODY");
}
END_TEST

static json_t *row_of(json_t *doc, const char *failure)
{
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(doc, "rows"), i, row) {
		json_t *failures = json_object_get(row, "failures");

		if (json_array_size(failures) == 1 &&
		    strcmp(json_string_value(json_array_get(failures, 0)), failure) == 0)
			return json_array_get(json_object_get(row, "outcomes"), 0);
	}
	ck_abort_msg("no row for '%s'", failure);
}

START_TEST(the_table_for_programs)
{
	json_t *doc, *o;
	double none;

	ck_assert_int_eq(run("--json simulate a.conf b.conf"), CSM_FRAGILE);
	doc = json_loads(out, 0, NULL);
	ck_assert_ptr_nonnull(doc);
	o = row_of(doc, "alpha down");
	ck_assert_str_eq(json_string_value(json_array_get(json_object_get(o, "owners"), 0)),
			 "beta");
	/* Master_Down_Interval at 80 is 3.69 s, counted from the last advertisement. */
	none = json_real_value(json_object_get(o, "seconds_without_owner"));
	ck_assert(none > 2.6 && none < 3.8);
	o = row_of(doc, "alpha-beta cut");
	ck_assert_uint_eq(json_array_size(json_object_get(o, "owners")), 2);
	ck_assert(json_real_value(json_object_get(o, "seconds_with_two")) > 50);
	json_decref(doc);
}
END_TEST

START_TEST(the_timeline_tells_what_the_logs_would)
{
	ck_assert_int_eq(run("simulate --fail alpha:down@60 --fail alpha:up@90 a.conf b.conf"),
			 CSM_DONE);
	ck_assert_str_eq(err, "");
	contains(line_with("*** alpha goes down"), "  60.000000");
	contains(line_with("no master was heard for"), "beta         (web) Entering MASTER STATE");
	contains(line_with(">>> beta holds"), "192.0.2.1 (web)");
	contains(line_with("*** alpha starts"), "  90.000000");
	contains(out, "After 600 s:\n  web, 192.0.2.1: alpha;");
}
END_TEST

/* How long nobody holds it between 60 s and 100 s when EVENT comes at 60 s. */
static double gap(const char *event)
{
	char line[256];
	double before, after;

	snprintf(line, sizeof(line), "simulate --json --seconds 59 --fail %s@59 a.conf b.conf",
		 event);
	ck_assert_int_eq(run(line), CSM_DONE);
	json_t *doc = json_loads(out, 0, NULL);
	before = json_real_value(json_object_get(json_array_get(json_object_get(doc, "end"), 0),
						 "seconds_without_owner"));
	json_decref(doc);
	snprintf(line, sizeof(line), "simulate --json --seconds 100 --fail %s@60 a.conf b.conf",
		 event);
	ck_assert_int_eq(run(line), CSM_DONE);
	doc = json_loads(out, 0, NULL);
	after = json_real_value(json_object_get(json_array_get(json_object_get(doc, "end"), 0),
						"seconds_without_owner"));
	json_decref(doc);
	return after - before;
}

START_TEST(an_orderly_stop_is_quicker_than_a_failure)
{
	ck_assert(gap("alpha:stop") < 1);
	ck_assert(gap("alpha:down") > 2.6);
	ck_assert(gap("alpha/eth0:down") > 2.6);
	ck_assert(gap("beta:down") == 0);
}
END_TEST

START_TEST(every_event_has_its_opposite)
{
	static const char *const pairs[][2] = {
		{ "alpha-beta:cut", "alpha-beta:heal" }, { "beta-alpha:cut", "alpha-beta:heal" },
		{ "alpha>beta:cut", "alpha>beta:heal" }, { "alpha:pause", "alpha:resume" },
		{ "alpha/chk:fail", "alpha/chk:pass" }, { "alpha/eth0:down", "alpha/eth0:up" },
		{ "alpha:down", "alpha:up" }, { "alpha:stop", "alpha:up" },
	};
	char line[256];

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		snprintf(line, sizeof(line), "simulate --fail %s@60 --fail %s@120 a.conf b.conf",
			 pairs[i][0], pairs[i][1]);
		ck_assert_int_eq(run(line), CSM_DONE);
		ck_assert_msg(strstr(out, ">>> beta holds") ||
			      strstr(out, ">>> alpha and beta hold"),
			      "%s changed nothing", pairs[i][0]);
		contains(out, "  web, 192.0.2.1: alpha;");
	}
}
END_TEST

START_TEST(the_same_files_give_the_same_lines)
{
	static char first[TEXT_MAX];

	run("simulate --fail alpha>beta:cut@30 a.conf b.conf");
	strcpy(first, out);
	run("simulate --fail alpha>beta:cut@30 a.conf b.conf");
	ck_assert_str_eq(out, first);
}
END_TEST

/* VRRPv2 refuses advertisements of another interval, each second one: that is said once. */
START_TEST(a_storm_of_packets_is_a_few_lines)
{
	put("b.conf", NODE("beta", "80\n    advert_int 2", "-30"));
	ck_assert_int_eq(run("simulate --fail beta:stop@500 a.conf b.conf"), CSM_DONE);
	contains(out, "interval mismatch");
	contains(out, ">>> alpha and beta hold");
	ck_assert_uint_lt(strlen(out), 8000);
}
END_TEST

static void draw(const char *line)
{
	ck_assert_int_eq(run(line), CSM_DONE);
	take(fopen("out.svg", "r"), drawn);
}

START_TEST(a_picture_stands_alone)
{
	put("a.conf", NODE("<a&b>", "100", "-30"));
	draw("simulate --svg out.svg --fail beta:pause@60 a.conf b.conf");
	contains(drawn, "<svg xmlns=");
	contains(drawn, "</svg>\n");
	contains(drawn, "&lt;a&amp;b&gt;");
	contains(drawn, "60 s: beta is paused");
	contains(drawn, "<title>beta web: paused, 60.000 s to 600.000 s</title>");
	contains(drawn, "<title>nothing changes from ");
	ck_assert_ptr_null(strstr(drawn, "<a&b>"));
	ck_assert_ptr_null(strstr(drawn, "<script"));
	ck_assert_ptr_null(strstr(drawn, "href"));
}
END_TEST

/* Whoever prints it in black and white must see it, too: a pattern and a word. */
START_TEST(a_picture_marks_nobody_and_two_owners)
{
	draw("simulate --svg out.svg --fail alpha:down@60 --fail alpha:up@90"
	     " --fail alpha-beta:cut@200 --fail alpha-beta:heal@300 a.conf b.conf");
	contains(drawn, "fill=\"url(#nobody)\"");
	contains(drawn, "<title>web: nobody, 60.000 s to 63.");
	contains(drawn, ">NOBODY");
	contains(drawn, "fill=\"url(#several)\"");
	contains(drawn, "<title>web: alpha and beta, 20");
	contains(drawn, ">2 OWNERS");
	draw("simulate --svg out.svg --fail beta:down@60 a.conf b.conf");
	ck_assert_ptr_null(strstr(drawn, "OWNERS"));
	ck_assert_ptr_null(strstr(drawn, "<title>web: alpha and beta"));
}
END_TEST

/* 3 s of a failover are as wide in an hour as in a minute. */
START_TEST(a_picture_shows_what_happens_however_long_the_rest_is)
{
	static const char *const lines[] = {
		"simulate --svg out.svg --fail alpha:down@60 --seconds 100 a.conf b.conf",
		"simulate --svg out.svg --fail alpha:down@7200 --seconds 80000 a.conf b.conf",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		double width;
		const char *at;

		draw(lines[i]);
		at = strstr(drawn, i ? "<title>web: nobody, 7200" : "<title>web: nobody, 60");
		ck_assert_ptr_nonnull(at);
		while (strncmp(at, " width=", 7) != 0)
			at--;
		ck_assert_int_eq(sscanf(at, " width=\"%lf\"", &width), 1);
		ck_assert_msg(width > 60, "%g pixels", width);
	}
	contains(drawn, ">120 min</text>");
	contains(drawn, ">20.2 h</text>");
}
END_TEST

#define LONG "a-name-that-is-longer-than-what-names-usually-are-and-then-some-more"

START_TEST(names_are_whole_everywhere)
{
	put("a.conf", NODE("\"" LONG "-\xc3\xa4\"", "100", "-30"));
	put("b.conf", NODE("\"" LONG "-\xc3\xb6\"", "80", "-30"));
	draw("simulate --svg out.svg --fail " LONG "-\xc3\xa4:down@60 a.conf b.conf");
	contains(out, "*** " LONG "-\xc3\xa4 goes down");
	contains(out, ">>> " LONG "-\xc3\xb6 holds 192.0.2.1 (web)");
	contains(drawn, ">" LONG "-\xc3\xa4</text>");
	contains(drawn, ">" LONG "-\xc3\xb6</text>");
	contains(drawn, ">60 s: " LONG "-\xc3\xa4 goes down</text>");
	run("simulate a.conf b.conf");
	contains(out, LONG "-\xc3\xa4 down");
}
END_TEST

/* Latin-1 and what XML cannot hold. */
START_TEST(a_picture_is_utf8_whatever_names_are)
{
	put("a.conf", NODE("\"gr\xf6\xdf" "e\xef\xbf\xbf\"", "100", "-30"));
	draw("simulate --svg out.svg --fail beta:down@60 a.conf b.conf");
	ck_assert(txt_is_utf8(drawn));
	ck_assert_ptr_null(strstr(drawn, "\xef\xbf\xbf"));
}
END_TEST

START_TEST(a_picture_that_cannot_be_written)
{
	ck_assert_int_eq(run("simulate --svg /nonexistent/x --fail beta:down@60 a.conf b.conf"),
			 CMD_OUTPUT);
	contains(err, "No such file");
}
END_TEST

START_TEST(wrong_words_are_told_with_the_right_one)
{
	static const struct {
		const char *words, *said;
	} cases[] = {
		{ "--fail alhpa:down@60", "there is no 'alhpa' (did you mean 'alpha'?)" },
		{ "--fail alpha/chck:fail@60", "(did you mean 'alpha/chk'?)" },
		{ "--fail alpha:donw@60", "'donw' (did you mean 'down'?)" },
		{ "--fail alpha:explode@60", "can happen to 'alpha': down up stop pause resume" },
		{ "--fail alpha:down", "a time in seconds must follow" },
		{ "--fail alpha:down@x", "a time in seconds must follow" },
		{ "--fail alpha:down@nan", "a time in seconds must follow" },
		{ "--fail alpha:down@-1", "a time in seconds must follow" },
		{ "--fail alpha@60", "what happens must follow a ':'" },
		{ "--fail alpha:down@601", "comes after the end, 600 s" },
		{ "--fial x", "'--fial' (did you mean '--fail'?)" },
		{ "--seconds 0", "not a number of seconds" },
		{ "--seconds 60", "are for one timeline" },
		{ "--svg out.svg", "are for one timeline" },
	};
	char line[256];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(line, sizeof(line), "simulate %s a.conf b.conf", cases[i].words);
		ck_assert_int_eq(run(line), CMD_USAGE);
		contains(err, cases[i].said);
		ck_assert_str_eq(out, "");
	}
	ck_assert_int_eq(run("simulate"), CMD_USAGE);
}
END_TEST

START_TEST(files_that_cannot_be_run)
{
	ck_assert_int_eq(run("simulate a.conf missing.conf"), CSM_UNUSABLE);
	contains(err, "missing.conf");
	put("c.conf", "global_defs {\n    router_id c\n}\n");
	ck_assert_int_eq(run("simulate a.conf c.conf"), CSM_UNUSABLE);
	contains(err, "c.conf");
}
END_TEST

START_TEST(nodes_of_one_name_are_named_by_their_files)
{
	put("b.conf", NODE("alpha", "80", "-30"));
	ck_assert_int_eq(run("simulate --fail a:down@60 a.conf b.conf"), CSM_DONE);
	contains(out, ">>> b holds");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("command_simulate");
	TCase *tc = tcase_create("command_simulate");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tc, make_place, remove_place);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, the_table_says_who_holds_it);
	tcase_add_test(tc, a_weight_that_is_too_small_moves_nothing);
	tcase_add_test(tc, each_instance_has_a_row);
	tcase_add_test(tc, the_table_fits_eighty_columns);
	tcase_add_test(tc, one_node_alone_is_fragile);
	tcase_add_test(tc, the_table_for_programs);
	tcase_add_test(tc, the_timeline_tells_what_the_logs_would);
	tcase_add_test(tc, an_orderly_stop_is_quicker_than_a_failure);
	tcase_add_test(tc, every_event_has_its_opposite);
	tcase_add_test(tc, the_same_files_give_the_same_lines);
	tcase_add_test(tc, a_storm_of_packets_is_a_few_lines);
	tcase_add_test(tc, a_picture_stands_alone);
	tcase_add_test(tc, a_picture_marks_nobody_and_two_owners);
	tcase_add_test(tc, a_picture_shows_what_happens_however_long_the_rest_is);
	tcase_add_test(tc, names_are_whole_everywhere);
	tcase_add_test(tc, a_picture_is_utf8_whatever_names_are);
	tcase_add_test(tc, a_picture_that_cannot_be_written);
	tcase_add_test(tc, wrong_words_are_told_with_the_right_one);
	tcase_add_test(tc, files_that_cannot_be_run);
	tcase_add_test(tc, nodes_of_one_name_are_named_by_their_files);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
