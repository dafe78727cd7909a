/* The schema: its rows are consistent, and it answers what a diagnosis asks. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/cfg.h"
#include "config/schema.h"

#define QUIET_FLAGS (SCH_F_LATER | SCH_F_INNER | SCH_F_MAIL | SCH_F_ACCEPT | SCH_F_REFUSE)

static bool is_wide(const struct sch_row *row)
{
	return row->kind == SCH_INT || row->kind == SCH_SECONDS || row->kind == SCH_WEIGHT;
}

static void check_row(enum sch_block block, const struct sch_row *row)
{
	const struct sch_block_info *info = &sch_blocks[block];

	ck_assert_msg(row->help && strlen(row->help) > 2, "%s has no help", row->word);
	ck_assert_msg(row->help[strlen(row->help) - 1] != '.', "%s: a full stop", row->word);
	ck_assert_ptr_eq(sch_find(block, row->word), row);
	ck_assert_int_lt(row->kind, SCH_N_KINDS);
	ck_assert_int_lt(row->sub, SCH_N_BLOCKS);
	if (row->at != SCH_NOWHERE)
		ck_assert_msg(row->at + sizeof(void *) <= info->raw_size, "%s is outside",
			      row->word);
	if (is_wide(row))
		ck_assert_msg(row->min < row->max, "%s has no range", row->word);
	if (row->dflt != SCH_NONE && is_wide(row))
		ck_assert_msg(row->dflt >= row->min && row->dflt <= row->max, "default of %s",
			      row->word);
	if (row->kind == SCH_CHOICE)
		ck_assert_ptr_nonnull(row->choices);
	/* Words without an effect are the only ones that any text may follow. */
	if (row->kind == SCH_TEXT || row->kind == SCH_MAYBE || row->kind == SCH_TEXT_LINES)
		ck_assert_int_eq(row->at, SCH_NOWHERE);
}

/* A word either goes somewhere or it is known why not. */
static void check_purpose(enum sch_block block, const struct sch_row *row)
{
	unsigned int why = row->flags & QUIET_FLAGS;

	if (row->at != SCH_NOWHERE)
		ck_assert_msg(why == 0, "%s has an effect and none", row->word);
	else if (block != SCH_PEER)
		ck_assert_msg(why && (why & (why - 1)) == 0, "%s has no purpose", row->word);
}

START_TEST(rows_are_well_formed)
{
	for (int b = 0; b < SCH_N_BLOCKS; b++) {
		ck_assert_ptr_nonnull(sch_blocks[b].name);
		ck_assert_ptr_nonnull(sch_blocks[b].rows);
		for (const struct sch_row *row = sch_blocks[b].rows; row->word; row++) {
			check_row((enum sch_block)b, row);
			check_purpose((enum sch_block)b, row);
		}
	}
}
END_TEST

START_TEST(blocks_do_not_contain_themselves)
{
	/* The readers recurse along the schema: the longest way down must be short. */
	bool inside[SCH_N_BLOCKS] = { [SCH_ROOT] = true };

	for (int depth = 0; depth < 8; depth++) {
		bool next[SCH_N_BLOCKS] = { false };

		for (int b = 0; b < SCH_N_BLOCKS; b++) {
			for (const struct sch_row *row = sch_blocks[b].rows; inside[b] && row->word;
			     row++) {
				if (sch_is_block(row) && row->sub != SCH_ROOT)
					next[row->sub] = true;
			}
		}
		memcpy(inside, next, sizeof(inside));
	}
	for (int b = 0; b < SCH_N_BLOCKS; b++)
		ck_assert_msg(!inside[b], "%s is nested too deeply", sch_blocks[b].name);
}
END_TEST

START_TEST(checkers_share_their_common_words)
{
	ck_assert_ptr_nonnull(sch_find(SCH_TCP, "connect_port"));
	ck_assert_ptr_nonnull(sch_find(SCH_MISC, "misc_path"));
	ck_assert_ptr_null(sch_find(SCH_BFD_CHECK, "connect_port"));
	ck_assert_ptr_null(sch_find(SCH_TCP, "misc_path"));
}
END_TEST

START_TEST(settings_have_names_that_libconfig_takes)
{
	const struct sch_row *row = sch_find(SCH_VIP, "-nodad");

	ck_assert_str_eq(sch_setting(row), "nodad");
	ck_assert_ptr_eq(sch_find_setting(SCH_VIP, "nodad"), row);
	ck_assert_ptr_null(sch_find(SCH_VIP, "nodad"));
}
END_TEST

static const struct {
	enum sch_block block;
	const char *word;
	const char *near;
} nearest[] = {
	{ SCH_INSTANCE, "priorty", "priority" },
	{ SCH_INSTANCE, "virtual_ipadress", "virtual_ipaddress" },
	{ SCH_RS, "weigth", "weight" },
	{ SCH_GLOBAL, "garp_master_delay", "vrrp_garp_master_delay" },
	{ SCH_INSTANCE, "vrrp_garp_master_delay", "garp_master_delay" },
	{ SCH_INSTANCE, "mcast_src_ip=192.0.2.1", "mcast_src_ip" },
	{ SCH_INSTANCE, "nopreempt;", "nopreempt" },
	{ SCH_INSTANCE, "\xef\xbd\x90\xef\xbd\x92iority", "priority" },
	{ SCH_VIP, "dve", "dev" },
	{ SCH_INSTANCE, "name", NULL },
	{ SCH_INSTANCE, "frobnicate", NULL },
	{ SCH_INSTANCE, "", NULL },
	{ SCH_INSTANCE, "=", NULL },
	{ SCH_INSTANCE, "\xef\xbd", NULL },
};

START_TEST(nearest_words)
{
	const char *near = sch_nearest(nearest[_i].block, nearest[_i].word);

	if (nearest[_i].near)
		ck_assert_str_eq(near ? near : "(none)", nearest[_i].near);
	else
		ck_assert_ptr_null(near);
}
END_TEST

START_TEST(very_long_words_have_no_nearest)
{
	char word[5000];

	memset(word, 'p', sizeof(word));
	word[sizeof(word) - 1] = '\0';
	ck_assert_ptr_null(sch_nearest(SCH_INSTANCE, word));
}
END_TEST

START_TEST(words_have_a_home)
{
	const enum sch_block around[] = { SCH_ROOT, SCH_VS, SCH_RS, SCH_HTTP };
	enum sch_block home;

	ck_assert(sch_home(SCH_INSTANCE, "auth_pass", around, 1, &home));
	ck_assert_int_eq(home, SCH_AUTH);
	ck_assert(sch_home(SCH_ROOT, "virtual_router_id", around, 1, &home));
	ck_assert_int_eq(home, SCH_INSTANCE);
	ck_assert(sch_home(SCH_HTTP, "digest", around, 4, &home));
	ck_assert_int_eq(home, SCH_URL);
	/* The innermost block around is preferred to a distant one. */
	ck_assert(sch_home(SCH_HTTP, "weight", around, 4, &home));
	ck_assert_int_eq(home, SCH_RS);
	ck_assert(!sch_home(SCH_ROOT, "reverse", around, 1, &home));
	ck_assert(!sch_home(SCH_ROOT, "frobnicate", around, 1, &home));
}
END_TEST

START_TEST(scopes)
{
	int64_t scope = -1;

	ck_assert(sch_scope("link", &scope));
	ck_assert_int_eq(scope, 253);
	ck_assert(sch_scope("0x10", &scope));
	ck_assert_int_eq(scope, 16);
	ck_assert(!sch_scope("256", &scope));
	ck_assert(!sch_scope("-1", &scope));
	ck_assert(!sch_scope("", &scope));
	ck_assert(!sch_scope("12x", &scope));
	ck_assert_str_eq(sch_scope_name(0), "global");
	ck_assert_ptr_null(sch_scope_name(7));
}
END_TEST

START_TEST(seconds_are_short)
{
	char buf[SCH_NUM_MAX];

	ck_assert_str_eq(sch_seconds(0, buf), "0");
	ck_assert_str_eq(sch_seconds(5000000, buf), "5");
	ck_assert_str_eq(sch_seconds(100000000, buf), "100");
	ck_assert_str_eq(sch_seconds(10000, buf), "0.01");
	ck_assert_str_eq(sch_seconds(1000001, buf), "1.000001");
	ck_assert_str_eq(sch_seconds(INT64_C(4294967295000000), buf), "4294967295");
}
END_TEST

START_TEST(the_manual_names_every_word)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(f);
	cfg_schema_man(f);
	fclose(f);
	for (int b = 0; b < SCH_N_BLOCKS; b++) {
		for (const struct sch_row *row = sch_blocks[b].rows; row->word; row++) {
			char word[64];

			if (strchr(row->word, '-') || b == SCH_NAME || (row->flags & SCH_F_ALIAS))
				continue;
			snprintf(word, sizeof(word), "Ic %s", row->word);
			ck_assert_msg(strstr(text, word), "%s is not in the manual", row->word);
		}
	}
	ck_assert_ptr_null(strstr(text, "\n\n"));
	ck_assert_ptr_null(strstr(text, "\n'"));
	free(text);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("config/schema");
	TCase *t = tcase_create("schema");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 120);
	tcase_add_test(t, rows_are_well_formed);
	tcase_add_test(t, blocks_do_not_contain_themselves);
	tcase_add_test(t, checkers_share_their_common_words);
	tcase_add_test(t, settings_have_names_that_libconfig_takes);
	tcase_add_loop_test(t, nearest_words, 0, sizeof(nearest) / sizeof(nearest[0]));
	tcase_add_test(t, very_long_words_have_no_nearest);
	tcase_add_test(t, words_have_a_home);
	tcase_add_test(t, scopes);
	tcase_add_test(t, seconds_are_short);
	tcase_add_test(t, the_manual_names_every_word);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
