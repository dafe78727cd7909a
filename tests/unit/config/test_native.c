/* The native dialect's files: includes, places, and what is refused before libconfig sees it. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/native.h"
#include "unit/config/lexrig.h"

struct reading {
	struct arena *arena;
	struct tree tree;
	struct diag_list diags;
	const char **files;
	bool good;
};

/* The tree must stay where it is: libconfig's settings point back at it. */
static void read_len(struct reading *r, const struct lexrig_file *files, const char *text,
		     size_t len)
{
	const struct lexrig rig = { .files = files };
	const struct source source = lexrig_source(&rig);

	r->arena = arena_new();
	ck_assert_ptr_nonnull(r->arena);
	diag_init(&r->diags);
	tree_open(&r->tree, r->arena);
	r->good = native_read(&r->tree, r->arena, &source, "dir/main.cfg", text, len, &r->diags,
			      &r->files);
}

static void read_text(struct reading *r, const struct lexrig_file *files, const char *text)
{
	read_len(r, files, text, strlen(text));
}

static void done(struct reading *r)
{
	tree_close(&r->tree);
	diag_free(&r->diags);
	arena_free(r->arena);
}

/* Where the setting PATH stands, as "FILE:LINE:COL". */
static void expect_place(const struct reading *r, const char *path, const char *place)
{
	const struct diag_pos pos = tree_key(config_lookup(&r->tree.config, path));
	char text[100];

	snprintf(text, sizeof(text), "%s:%u:%u", pos.file ? pos.file : "", pos.line, pos.col);
	ck_assert_str_eq(text, place);
}

/* The text must be refused with one error at PLACE whose sentence contains WORDS. */
static void expect_refused(const struct lexrig_file *files, const char *text, const char *place,
			   const char *words)
{
	struct reading r;
	char line[400];

	read_text(&r, files, text);
	ck_assert(!r.good);
	ck_assert_uint_eq(r.diags.n, 1);
	ck_assert_int_eq(r.diags.v[0].severity, DIAG_ERROR);
	diag_text(&r.diags.v[0], line, sizeof(line));
	ck_assert_msg(strncmp(line, place, strlen(place)) == 0, "%s", line);
	ck_assert_msg(strstr(line, words) != NULL, "%s", line);
	done(&r);
}

static const struct lexrig_file parts[] = {
	{ .path = "dir/a.inc", .text = "a = 1;\n  b = 2; " },
	{ .path = "dir/sub/c.inc", .text = "@include \"d.inc\"\nc = 3;" },
	{ .path = "dir/sub/d.inc", .text = "d = 4;\n" },
	{ .path = "/etc/e.inc", .text = "e = 5;" },
	{ .path = "dir/self.inc", .text = "@include \"self.inc\"\n" },
	{ .path = "dir/empty.inc", .text = "" },
	{ .path = "dir/bad.inc", .text = "x = 1;\ny = ;\n" },
	{ .path = "dir/secret.inc", .result = SRC_UNREADABLE },
	{ .path = "dir/mute.inc", .text = "/* never closed" },
	{ .path = NULL },
};

START_TEST(places_survive_includes)
{
	struct reading r;

	read_text(&r, parts, "first = 0;\n"
				     "@include \"a.inc\"\n"
				     "\t@include \"sub/c.inc\" // here\n"
				     "@include \"/etc/e.inc\"\n"
				     "last = ( { x = 1; },\n  { y = 2; } );");
	ck_assert(r.good);
	expect_place(&r, "first", "dir/main.cfg:1:1");
	expect_place(&r, "a", "dir/a.inc:1:1");
	expect_place(&r, "b", "dir/a.inc:2:3");
	expect_place(&r, "d", "dir/sub/d.inc:1:1");
	expect_place(&r, "c", "dir/sub/c.inc:2:1");
	expect_place(&r, "e", "/etc/e.inc:1:1");
	expect_place(&r, "last", "dir/main.cfg:5:1");
	expect_place(&r, "last.[0]", "dir/main.cfg:5:10");
	expect_place(&r, "last.[1].y", "dir/main.cfg:6:5");
	ck_assert_uint_eq(tree_order(config_lookup(&r.tree.config, "b")) >
			  tree_order(config_lookup(&r.tree.config, "a")), 1);
	done(&r);
}
END_TEST

START_TEST(every_file_is_listed)
{
	static const char *const expected[] = {
		"dir/main.cfg", "dir/sub/c.inc", "dir/sub/d.inc", "dir/empty.inc", "dir/empty.inc"
	};
	struct reading r;

	read_text(&r, parts, "@include \"sub/c.inc\"\n@include \"empty.inc\"\n"
				     "@include \"empty.inc\"\n");
	ck_assert(r.good);
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		ck_assert_str_eq(r.files[i], expected[i]);
	ck_assert_ptr_null(r.files[5]);
	done(&r);
}
END_TEST

START_TEST(comments_and_strings_hide_everything)
{
	struct reading r;

	read_text(&r, parts, "# @include \"a.inc\"\n"
				     "// 99999999999 {{{{\n"
				     "/* @include \"a.inc\"\n@include \"a.inc\"\n*/\n"
				     "s = \"99999999999 # // /* \\\" @include\";\n"
				     "t = \"one\"\n  \"two\";\n");
	ck_assert(r.good);
	ck_assert_ptr_null(config_lookup(&r.tree.config, "a"));
	expect_place(&r, "s", "dir/main.cfg:6:1");
	expect_place(&r, "t", "dir/main.cfg:7:1");
	done(&r);
}
END_TEST

START_TEST(numbers_keep_their_value)
{
	struct reading r;
	long long b = 0;

	read_text(&r, parts, "a = 2147483647; b = 4294967295L; c = -5; d = 0x10; e = 1.5;");
	ck_assert(r.good);
	ck_assert_int_eq(config_lookup_int64(&r.tree.config, "b", &b), CONFIG_TRUE);
	ck_assert_int_eq(b, 4294967295LL);
	done(&r);
	expect_refused(parts, "a = 2147483648;", "dir/main.cfg:1:5:", "too large");
	expect_refused(parts, "a = 9999999999999999999L;", "dir/main.cfg:1:5:", "too large");
}
END_TEST

static const struct {
	const char *text;
	const char *place;
	const char *words;
} refused[] = {
	{ "a = 1;\nb = ;\n", "dir/main.cfg:2:", "syntax error" },
	{ "a 1;\n", "dir/main.cfg:1:", "syntax error" },
	{ "a = {\n", "dir/main.cfg:", "syntax error" },
	{ "a = \"open\n", "dir/main.cfg:", "syntax error" },
	{ "a = 1;\na = 2;\n", "dir/main.cfg:2:", "already" },
	{ "a = [ 1, \"x\" ];\n", "dir/main.cfg:1:", "one type" },
	{ "a = 1;\n\"x\"\n", "dir/main.cfg:2:1:", "string cannot stand here" },
	{ "a = 1 \"x\";\n", "dir/main.cfg:1:7:", "string cannot stand here" },
	{ "a \"x\";\n", "dir/main.cfg:1:3:", "string cannot stand here" },
	{ "a = { b = 1, \"x\"; };\n", "dir/main.cfg:1:14:", "string cannot stand here" },
	{ "a = 1, \"x\";\n", "dir/main.cfg:1:8:", "string cannot stand here" },
	{ "a = { \"x\"; };\n", "dir/main.cfg:1:7:", "string cannot stand here" },
	{ "@include\n", "dir/main.cfg:1:1:", "needs a file name" },
	{ "@include \"a.inc\nx = 1;\n", "dir/main.cfg:1:1:", "needs a file name" },
	{ "@include \"\"\n", "dir/main.cfg:1:1:", "needs a file name" },
	{ "\n@include \"nowhere.inc\"\n", "dir/main.cfg:2:1:", "does not exist" },
	{ "@include \"secret.inc\"\n", "dir/main.cfg:1:1:", "cannot be read" },
	{ "@include \"self.inc\"\n", "dir/self.inc:1:1:", "nested too deeply" },
	{ "a = 1;\n@include \"bad.inc\"\n", "dir/bad.inc:2:", "syntax error" },
	{ "a = 1;\n@include \"mute.inc\"\nb = 2;\n", "dir/mute.inc:1:1:", "not closed" },
	{ "a = 1; @include \"a.inc\"\n", "dir/main.cfg:1:17:", "string cannot stand here" },
};

START_TEST(what_is_wrong_is_placed)
{
	expect_refused(parts, refused[_i].text, refused[_i].place, refused[_i].words);
}
END_TEST

START_TEST(a_nul_octet_is_refused)
{
	static const char text[] = "a = 1;\nb\0 = 2;\n";
	struct reading r;

	read_len(&r, parts, text, sizeof(text) - 1);
	ck_assert(!r.good);
	ck_assert_uint_eq(r.diags.n, 1);
	ck_assert_uint_eq(r.diags.v[0].line, 2);
	done(&r);
}
END_TEST

START_TEST(nesting_is_limited)
{
	char text[200];

	snprintf(text, sizeof(text), "a = %.*s", 60,
		 "(((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((");
	expect_refused(parts, text, "dir/main.cfg:1:", "nested too deeply");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("config/native");
	TCase *t = tcase_create("native");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 120);
	tcase_add_test(t, places_survive_includes);
	tcase_add_test(t, every_file_is_listed);
	tcase_add_test(t, comments_and_strings_hide_everything);
	tcase_add_test(t, numbers_keep_their_value);
	tcase_add_loop_test(t, what_is_wrong_is_placed, 0, sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(t, a_nul_octet_is_refused);
	tcase_add_test(t, nesting_is_limited);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
