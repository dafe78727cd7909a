/*
 * What a reload must not lose by mistake: a text with an error that lacks something which runs is
 * refused, one without errors may take away what it likes.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "main/load.h"

#define HEAD "vrrp_instance VI_1 {\n interface eth0\n virtual_router_id 51\n virtual_ipaddress {\n"
#define TWO "  192.0.2.1/24\n  192.0.2.2/24\n"
#define END " }\n}\n"
#define OTHER \
	"vrrp_instance VI_2 {\n interface eth0\n virtual_router_id 52\n" \
	" virtual_ipaddress {\n  192.0.2.9/24\n }\n}\n"
#define RUNS HEAD TWO END OTHER
#define MISTAKE "no_such_block {\n}\n"

static struct cfg *load_text(const char *text, struct diag_list *diags)
{
	static const struct cfg_options options = { .dialect = CFG_KEEPALIVED };
	struct cfg *cfg = cfg_load_text("k.conf", text, strlen(text), &options, diags);

	ck_assert_ptr_nonnull(cfg);
	return cfg;
}

/* A host that lacks the interfaces whose names begin with "x". */
static bool iface_exists(void *ctx, const char *name)
{
	(void)ctx;
	return name[0] != 'x';
}

static const struct cft_system host = { .iface_exists = iface_exists };

/* Why TEXT is refused where the text BEFORE runs, or NULL. */
static const char *verdict_after(const char *before, const char *text)
{
	static char why[512];
	struct diag_list old, diags;
	struct cfg *runs, *next;
	bool refused;

	diag_init(&old);
	diag_init(&diags);
	runs = load_text(before, &old);
	lod_remember(runs, &old);
	next = load_text(text, &diags);
	refused = lod_takes_away(runs, next, &diags, &host, why, sizeof(why));
	cfg_free(runs);
	cfg_free(next);
	diag_free(&old);
	diag_free(&diags);
	return refused ? why : NULL;
}

static const char *verdict(const char *text)
{
	return verdict_after(RUNS, text);
}

static void refused(const char *text, const char *part)
{
	const char *why = verdict(text);

	ck_assert_ptr_nonnull(why);
	ck_assert_msg(strstr(why, part), "%s", why);
}

START_TEST(a_text_without_errors_may_take_away)
{
	ck_assert_ptr_null(verdict(RUNS));
	ck_assert_ptr_null(verdict(OTHER));
	ck_assert_ptr_null(verdict(HEAD "  192.0.2.1/24\n" END OTHER));
}
END_TEST

START_TEST(a_text_with_errors_may_change_and_add)
{
	ck_assert_ptr_null(verdict(RUNS MISTAKE));
	ck_assert_ptr_null(verdict(HEAD TWO "  192.0.2.3/24\n" END OTHER MISTAKE));
}
END_TEST

/* An instance that this version cannot run, say: it must not stand in the way for ever. */
START_TEST(an_error_that_was_there_before_is_known)
{
	ck_assert_ptr_null(verdict_after(RUNS MISTAKE, OTHER MISTAKE));
	ck_assert_ptr_null(verdict_after(RUNS MISTAKE, "\n\n" HEAD TWO END MISTAKE));
	ck_assert_ptr_nonnull(verdict_after(RUNS MISTAKE, OTHER MISTAKE "another_word {\n}\n"));
}
END_TEST

START_TEST(an_address_may_move_with_errors)
{
	ck_assert_ptr_null(verdict(HEAD "  192.0.2.1/24\n  192.0.2.9/24\n" END
				   "vrrp_instance VI_2 {\n interface eth0\n virtual_router_id 52\n"
				   " virtual_ipaddress {\n  192.0.2.2/24\n }\n}\n" MISTAKE));
}
END_TEST

START_TEST(a_text_that_is_cut_short_takes_nothing_away)
{
	refused(HEAD "  192.0.2.1/24\n", "the address 192.0.2.2 of VI_1 would be lost");
	refused(HEAD TWO END "vrrp_instance VI_2 {\n interface eth0\n", "error: ");
}
END_TEST

START_TEST(a_typing_mistake_takes_nothing_away)
{
	refused(HEAD "  192.0.2.1/24\n  192.0.2.2222/24\n" END OTHER, "192.0.2.2 of VI_1");
	refused(HEAD TWO END "vrrp_instance VI_2 {\n interface eth0\n virtual_router_id 5222\n"
		" virtual_ipaddress {\n  192.0.2.9/24\n }\n}\n", "k.conf:11:");
	refused(OTHER MISTAKE, "the instance VI_1");
}
END_TEST

/* ---- what the host does not have ---- */

#define INST(iface, vips, more) \
	"vrrp_instance VI_1 {\n interface " iface "\n virtual_router_id 51\n" \
	" virtual_ipaddress {\n" vips " }\n" more "}\n"
#define ONE "  192.0.2.1/24\n"

static const char *edit(const char *before, const char *after)
{
	return verdict_after(before, after);
}

static void lost(const char *before, const char *after, const char *part)
{
	const char *why = edit(before, after);

	ck_assert_msg(why != NULL, "%s", after);
	ck_assert_msg(strstr(why, part), "%s", why);
}

START_TEST(an_interface_that_is_not_there_takes_nothing_away)
{
	static const char *const edits[] = {
		INST("xth0", ONE, ""), INST("eth0", "  192.0.2.1/24 dev xth0\n", ""),
		INST("eth0", ONE "  192.0.2.2/24 dev xth0\n", ""),
		INST("eth0", ONE, " track_interface {\n  xth0\n }\n"),
		INST("eth0", "  192.0.2.1/24 dev xth0 no_track\n", ""),
	};

	lost(INST("eth0", ONE, ""), edits[_i],
	     "the address 192.0.2.1 of VI_1 would be lost: it would need the interface 'xth0'");
}
END_TEST

START_TEST(what_waits_for_an_interface_may_be_edited)
{
	/* It holds nothing now. */
	ck_assert_ptr_null(edit(INST("xth0", ONE, ""), INST("xth1", ONE, "")));
	ck_assert_ptr_null(edit(INST("xth0", ONE, ""), INST("eth0", ONE, "")));
	ck_assert_ptr_null(edit(INST("eth0", ONE, " track_interface {\n  xth0\n }\n"),
				INST("eth0", ONE, " track_interface {\n  xth1\n }\n")));
	/* It is not needed. */
	ck_assert_ptr_null(edit(INST("eth0", ONE, ""),
				INST("eth0", ONE, " track_interface {\n  xth0 weight 5\n }\n")));
	ck_assert_ptr_null(edit(INST("eth0", ONE, ""),
				INST("eth0", ONE "  192.0.2.2/24 dev xth0 no_track\n", "")));
	/* The address has another place. */
	ck_assert_ptr_null(edit(INST("eth0", ONE, ""),
				INST("xth0", "  192.0.2.3/24\n", "")
				"vrrp_instance VI_2 {\n interface eth0\n virtual_router_id 52\n"
				" virtual_ipaddress {\n" ONE " }\n}\n"));
	/* A new instance may wait. */
	ck_assert_ptr_null(edit(INST("eth0", ONE, ""), INST("eth0", ONE, "")
				"vrrp_instance VI_2 {\n interface xth0\n virtual_router_id 52\n"
				" virtual_ipaddress {\n  192.0.2.9/24\n }\n}\n"));
}
END_TEST

START_TEST(a_list_that_came_out_empty_takes_nothing_away)
{
	lost(INST("eth0", ONE, ""), INST("eth0", "", ""), "VI_1 would hold no address any more");
	ck_assert_ptr_null(edit(INST("eth0", "", ""), INST("eth0", "", "")));
}
END_TEST

/* Here the user is known to the text only, as after liv_resolve(). */
START_TEST(a_script_that_is_disabled_takes_nothing_away)
{
	static const char script[] = "vrrp_script chk {\n script \"/bin/true\"\n}\n"
		INST("eth0", ONE, " track_script {\n  chk\n }\n");
	struct diag_list diags;
	struct cfg *runs, *next;
	char why[512];

	diag_init(&diags);
	runs = load_text(script, &diags);
	next = load_text(script, &diags);
	next->checks[0].command.refused = "the user 'who' is not known on this host";
	ck_assert(lod_takes_away(runs, next, &diags, &host, why, sizeof(why)));
	ck_assert_msg(strstr(why, "the script 'chk', which is disabled: the user 'who'"), "%s",
		      why);
	runs->checks[0].command.refused = "the same";
	ck_assert(!lod_takes_away(runs, next, &diags, &host, why, sizeof(why)));
	cfg_free(runs);
	cfg_free(next);
	diag_free(&diags);
}
END_TEST

/* BEFORE and AFTER are tracked commands; the latter cannot be run, nor can the former if ALIKE. */
static bool broken_is_refused(const char *before, const char *after, const char *line, bool alike)
{
	static const char format[] =
		"vrrp_script chk {\n script \"%s\"\n}\n"
		INST("eth0", ONE, " track_script {\n  %s\n }\n");
	struct diag_list diags;
	struct cfg *runs, *next;
	char text[1024], why[512];
	bool refused;

	diag_init(&diags);
	snprintf(text, sizeof(text), format, before, line);
	runs = load_text(text, &diags);
	snprintf(text, sizeof(text), format, after, line);
	next = load_text(text, &diags);
	runs->checks[0].command.broken = alike;
	next->checks[0].command.broken = true;
	refused = lod_takes_away(runs, next, &diags, &host, why, sizeof(why));
	if (refused)
		ck_assert_msg(strstr(why, "the script 'chk', which cannot be run"), "%s", why);
	cfg_free(runs);
	cfg_free(next);
	diag_free(&diags);
	return refused;
}

START_TEST(a_script_that_cannot_be_run_takes_nothing_away)
{
	ck_assert(broken_is_refused("/bin/true", "/bin/ture", "chk", false));
	/* The verdict on one that runs already is the check's. */
	ck_assert(!broken_is_refused("/bin/true", "/bin/true", "chk", false));
	ck_assert(!broken_is_refused("/bin/ture", "/bin/tuer", "chk", true));
	/* No fault comes of it. */
	ck_assert(!broken_is_refused("/bin/true", "/bin/ture", "chk weight -20", false));
}
END_TEST

START_TEST(an_included_file_that_is_gone_takes_nothing_away)
{
	refused(HEAD TWO END "include /nonexistent/VI_2.conf\n", "the instance VI_2 would be lost");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("main/load");
	TCase *t = tcase_create("load");
	SRunner *r = srunner_create(s);

	tcase_add_test(t, a_text_without_errors_may_take_away);
	tcase_add_test(t, a_text_with_errors_may_change_and_add);
	tcase_add_test(t, an_error_that_was_there_before_is_known);
	tcase_add_test(t, an_address_may_move_with_errors);
	tcase_add_test(t, a_text_that_is_cut_short_takes_nothing_away);
	tcase_add_test(t, a_typing_mistake_takes_nothing_away);
	tcase_add_loop_test(t, an_interface_that_is_not_there_takes_nothing_away, 0, 5);
	tcase_add_test(t, what_waits_for_an_interface_may_be_edited);
	tcase_add_test(t, a_list_that_came_out_empty_takes_nothing_away);
	tcase_add_test(t, a_script_that_is_disabled_takes_nothing_away);
	tcase_add_test(t, a_script_that_cannot_be_run_takes_nothing_away);
	tcase_add_test(t, an_included_file_that_is_gone_takes_nothing_away);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
