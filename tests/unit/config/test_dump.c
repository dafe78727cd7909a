/* The canonical form: quoting in both dialects, masks, and nothing lost. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/cfg.h"
#include "config/dump.h"
#include "config/lexer.h"
#include "unit/config/lexrig.h"

static const struct lexrig rig = { .files = NULL };

static struct cfg *load(const char *text, enum cfg_dialect dialect)
{
	const struct source source = lexrig_source(&rig);
	const struct cfg_options options = { .dialect = dialect, .source = &source };
	struct diag_list diags;
	struct cfg *c;

	diag_init(&diags);
	c = cfg_load_text("main", text, strlen(text), &options, &diags);
	ck_assert_msg(c != NULL, "%s: %s", text, diags.n ? diags.v[diags.n - 1].text : "?");
	diag_free(&diags);
	return c;
}

/* To be freed. */
static char *dump(const struct cfg *c, enum cfg_dialect dialect, bool secrets)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(f);
	cfg_dump(c, dialect, secrets, f);
	fclose(f);
	return text;
}

static const char *const commands[][6] = {
	{ "/bin/true" },
	{ "/bin/echo", "" },
	{ "/bin/echo", "a b", "c" },
	{ "/bin/echo", " ", "  x  " },
	{ "/bin/echo", "it's", "\"so\"", "both ' \"" },
	{ "/bin/echo", "back\\slash", "\\", "\\n" },
	{ "/bin/echo", "$HOME ${_HASH}", "$", "100%" },
	{ "/bin/echo", "tab\there", "line\nbreak", "\001\177" },
	{ "/bin/echo", "#no comment", "!", "{ }", "a;b" },
	{ "/bin/echo", "\xe4\xbd\xa0\xe5\xa5\xbd", "\xc4\xe3", "~SEQ(i,1,2)", "@id" },
	{ "/bin/with space/in path", "'", "''", "a'b c" },
};

START_TEST(commands_survive)
{
	struct arena *arena = arena_new();
	const struct diag_pos pos = { 0 };
	struct diag_list diags;
	const char *text = dump_command(arena, commands[_i]);
	const char **argv;
	size_t n = 0;

	diag_init(&diags);
	ck_assert_ptr_nonnull(text);
	ck_assert_ptr_null(strpbrk(text, "\"$\n\t"));
	argv = lex_split_command(arena, text, &pos, &diags, &(bool){ false });
	ck_assert_ptr_nonnull(argv);
	for (; commands[_i][n]; n++)
		ck_assert_str_eq(argv[n] ? argv[n] : "(none)", commands[_i][n]);
	ck_assert_ptr_null(argv[n]);
	ck_assert_uint_eq(diags.n, 0);
	arena_free(arena);
}
END_TEST

/* The same through a whole file, in the dialect _i. */
START_TEST(commands_survive_in_a_file)
{
	enum cfg_dialect dialect = _i ? CFG_NATIVE : CFG_KEEPALIVED;

	for (size_t k = 0; k < sizeof(commands) / sizeof(commands[0]); k++) {
		struct cfg *c = load(
			"vrrp_script s { script /bin/x\n}\nvrrp_instance i {\n interface eth0\n"
			" virtual_router_id 1\n track_script { s }\n}\n",
			CFG_KEEPALIVED);
		struct cfg *again;
		char *text;
		size_t n = 0;

		c->checks[0].command.argv = (const char **)commands[k];
		text = dump(c, dialect, true);
		again = load(text, dialect);
		for (; commands[k][n]; n++)
			ck_assert_str_eq(again->checks[0].command.argv[n], commands[k][n]);
		ck_assert_ptr_null(again->checks[0].command.argv[n]);
		free(text);
		cfg_free(again);
		cfg_free(c);
	}
}
END_TEST

static const char *const passwords[] = {
	"a",	"12345678", "with sp",
	"#!{}", "it's",	    "back\\",
	"@a",	"~SEQ",	    "\xe4\xbd\xa0\xe5\xa5\xbd",
	"$x",	"-n",	    "a;",
};

START_TEST(passwords_survive)
{
	char text[400];
	struct cfg *c;

	snprintf(text, sizeof(text), "vrrp_instance i {\n interface eth0\n virtual_router_id 1\n"
		 " authentication {\n auth_type PASS\n auth_pass \"%s\"\n }\n}\n", passwords[_i]);
	c = load(text, CFG_KEEPALIVED);
	for (int d = CFG_KEEPALIVED; d <= CFG_NATIVE; d++) {
		char *once = dump(c, (enum cfg_dialect)d, true);
		struct cfg *again = load(once, (enum cfg_dialect)d);
		char expected[VR_AUTH_LEN + 1] = { 0 };

		memcpy(expected, again->vr.insts[0].auth_data, VR_AUTH_LEN);
		ck_assert_str_eq(expected, passwords[_i]);
		free(once);
		cfg_free(again);
	}
	cfg_free(c);
}
END_TEST

START_TEST(secrets_are_masked)
{
	struct cfg *c = load("vrrp_instance i {\n interface eth0\n virtual_router_id 1\n"
			     " authentication {\n auth_type PASS\n auth_pass geheim\n }\n}\n",
			     CFG_KEEPALIVED);

	for (int d = CFG_KEEPALIVED; d <= CFG_NATIVE; d++) {
		char *open = dump(c, (enum cfg_dialect)d, true);
		char *masked = dump(c, (enum cfg_dialect)d, false);

		ck_assert_ptr_nonnull(strstr(open, "geheim"));
		ck_assert_ptr_null(strstr(masked, "geheim"));
		ck_assert_ptr_nonnull(strstr(masked, DUMP_MASK));
		free(open);
		free(masked);
	}
	cfg_free(c);
}
END_TEST

static const char *const names[] = {
	"VI_1",	       "two words", "50",    "\xd6\xf7",    "a{b}", "#1",
	"!",	       "$x",	    "@main", "~SEQ(i,1,2)", "'q'",  "vrrp_instance",
	"back\\slash", "\\",	    "-",     "a=b",	    "//",   "include",
};

START_TEST(names_survive)
{
	char text[400];
	struct cfg *c;

	snprintf(text, sizeof(text),
		 "vrrp_script \"%s\" {\n script /bin/true\n}\nvrrp_instance \"%s\" {\n"
		 " interface eth0\n virtual_router_id 1\n track_script {\n \"%s\"\n }\n}\n",
		 names[_i], names[_i], names[_i]);
	c = load(text, CFG_KEEPALIVED);
	for (int d = CFG_KEEPALIVED; d <= CFG_NATIVE; d++) {
		char *once = dump(c, (enum cfg_dialect)d, true);
		struct cfg *again = load(once, (enum cfg_dialect)d);

		ck_assert_str_eq(again->vr.insts[0].name, names[_i]);
		ck_assert_uint_eq(again->vr.n_checks, 1);
		ck_assert_str_eq(again->checks[0].name, names[_i]);
		free(once);
		cfg_free(again);
	}
	cfg_free(c);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("config/dump");
	TCase *t = tcase_create("dump");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 120);
	tcase_add_loop_test(t, commands_survive, 0, sizeof(commands) / sizeof(commands[0]));
	tcase_add_loop_test(t, commands_survive_in_a_file, 0, 2);
	tcase_add_loop_test(t, passwords_survive, 0, sizeof(passwords) / sizeof(passwords[0]));
	tcase_add_test(t, secrets_are_masked);
	tcase_add_loop_test(t, names_survive, 0, sizeof(names) / sizeof(names[0]));
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
