/*
 * Names to numbers: keepalived's order of precedence, and a sentence for each mistake. The files
 * of /etc are replaced in a mount namespace of the test's own.
 */
#include <check.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/users.h"

static const char passwd[] =
	"root:x:0:0::/root:/bin/sh\n"
	"ziggy:x:4001:5001::/:/bin/sh\n"
	"4002:x:4003:5003::/:/bin/sh\n";
static const char script_account[] = "keepalived_script:x:4010:5010::/:/bin/sh\n";
static const char group[] =
	"root:x:0:\n"
	"stars:x:5001:\n"
	"mars:x:5002:ziggy\n"
	"venus:x:5004:someone,ziggy\n"
	"dust:x:5005:someone\n";

static void put(const char *dir, const char *name, const char *text, const char *more)
{
	char path[128], target[64];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	snprintf(target, sizeof(target), "/etc/%s", name);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fprintf(f, "%s%s", text, more), 0);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(mount(path, target, NULL, MS_BIND, NULL), 0);
}

/* This test's own /etc/passwd and /etc/group; they vanish with its process. */
static void accounts(const char *more)
{
	char dir[] = "/tmp/hf-users-XXXXXX";

	ck_assert_int_eq(unshare(CLONE_NEWNS), 0);
	ck_assert_int_eq(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(mount("none", dir, "tmpfs", 0, NULL), 0);
	put(dir, "passwd", passwd, more);
	put(dir, "group", group, "");
	ck_assert_int_eq(umount2(dir, MNT_DETACH), 0);
	ck_assert_int_eq(rmdir(dir), 0);
}

START_TEST(a_user_and_a_group_are_found)
{
	static const struct {
		const char *user, *group;
		uint32_t uid, gid;
		bool groups;
	} cases[] = {
		{ "ziggy", NULL, 4001, 5001, false },
		{ "ziggy", "mars", 4001, 5002, false },
		{ "ziggy", ":mars", 4001, 5002, true },
		{ "ziggy", ":", 4001, 5001, true },
		{ "ziggy", "5999", 4001, 5999, false },
		{ "ziggy", "0", 4001, 0, false },
		{ "4001", NULL, 4001, 5001, false },
		{ "4001", "venus", 4001, 5004, false },
		{ "4999", "4998", 4999, 4998, false },
		{ "4002", NULL, 4003, 5003, false },	/* a name of digits is a name first */
		{ "root", NULL, 0, 0, false },
		{ "0", ":5002", 0, 5002, true },
		{ NULL, NULL, 0, 0, false },
		{ NULL, "mars", 0, 5002, false },
	};
	char why[USERS_WHY_MAX];

	accounts("");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct user_ids ids = { 77, 77, false };

		ck_assert_msg(users_resolve(cases[i].user, cases[i].group, &ids, why, sizeof(why)),
			      "case %zu: %s", i, why);
		ck_assert_msg(ids.uid == cases[i].uid && ids.gid == cases[i].gid &&
			      ids.groups == cases[i].groups,
			      "case %zu: %u:%u", i, ids.uid, ids.gid);
	}
}
END_TEST

START_TEST(mistakes_name_the_word)
{
	static const struct {
		const char *user, *group, *why;
	} cases[] = {
		{ "zigy", NULL, "user 'zigy' is not known on this host" },
		{ "", NULL, "user '' is not known on this host" },
		{ "-1", NULL, "user '-1' is not known on this host" },
		{ "4294967295", "0", "user '4294967295' is not known on this host" },
		{ "1x", NULL, "user '1x' is not known on this host" },
		{ "ziggy", "pluto", "group 'pluto' is not known on this host" },
		{ "ziggy", ":pluto", "group 'pluto' is not known on this host" },
		{ "ziggy", "4294967295", "group '4294967295' is not known on this host" },
		{ "4999", NULL, "user '4999' is a number without an account, "
				"so its group must be given" },
		{ "4999", ":", "user '4999' is a number without an account, "
			       "so its group must be given" },
	};

	accounts("");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct user_ids ids = { 77, 78, true };
		char why[USERS_WHY_MAX] = "";

		ck_assert(!users_resolve(cases[i].user, cases[i].group, &ids, why, sizeof(why)));
		ck_assert_str_eq(why, cases[i].why);
		ck_assert_uint_eq(ids.uid, 77);
		ck_assert_uint_eq(ids.gid, 78);
	}
}
END_TEST

START_TEST(without_anything_the_daemon_itself)
{
	struct user_ids ids;
	char why[USERS_WHY_MAX];

	accounts("");
	ck_assert_int_eq(setegid(5002), 0);
	ck_assert(users_default(NULL, NULL, &ids, why, sizeof(why)));
	ck_assert_uint_eq(ids.uid, geteuid());
	ck_assert_uint_eq(ids.gid, 5002);
	ck_assert(!ids.groups);
}
END_TEST

START_TEST(keepalived_script_is_taken_where_it_exists)
{
	struct user_ids ids;
	char why[USERS_WHY_MAX];

	accounts(script_account);
	ck_assert(users_default(NULL, NULL, &ids, why, sizeof(why)));
	ck_assert_uint_eq(ids.uid, 4010);
	ck_assert_uint_eq(ids.gid, 5010);
}
END_TEST

START_TEST(script_user_is_before_keepalived_script)
{
	struct user_ids ids;
	char why[USERS_WHY_MAX];

	accounts(script_account);
	ck_assert(users_default("ziggy", ":mars", &ids, why, sizeof(why)));
	ck_assert_uint_eq(ids.uid, 4001);
	ck_assert_uint_eq(ids.gid, 5002);
	ck_assert(ids.groups);
	ck_assert(!users_default("nobody-here", NULL, &ids, why, sizeof(why)));
	ck_assert_str_eq(why, "user 'nobody-here' is not known on this host");
}
END_TEST

START_TEST(an_account_is_four_variables)
{
	static const char *const root[] = { "HOME=/root", "LOGNAME=root", "SHELL=/bin/sh",
					    "USER=root", NULL };
	static const char *const nobody[] = { "HOME=/", NULL };
	struct arena *arena = arena_new();
	const char **v;

	accounts("");
	v = users_variables(arena, 0);
	for (size_t i = 0; root[i]; i++)
		ck_assert_str_eq(v[i], root[i]);
	ck_assert_ptr_null(v[4]);
	v = users_variables(arena, 4999);
	ck_assert_str_eq(v[0], nobody[0]);
	ck_assert_ptr_null(v[1]);
	arena_free(arena);
}
END_TEST

START_TEST(supplementary_groups_are_those_besides_the_own_one)
{
	struct user_ids with = { 4001, 5001, true }, without = { 4001, 5001, false };
	struct user_ids unknown = { 4999, 5001, true };
	uint32_t list[USERS_GROUPS_MAX];

	accounts("");
	ck_assert_uint_eq(users_groups(&without, list, USERS_GROUPS_MAX), 0);
	ck_assert_uint_eq(users_groups(&unknown, list, USERS_GROUPS_MAX), 0);
	ck_assert_uint_eq(users_groups(&with, list, USERS_GROUPS_MAX), 2);
	ck_assert_uint_eq(list[0], 5002);
	ck_assert_uint_eq(list[1], 5004);
	with.gid = 5002;
	ck_assert_uint_eq(users_groups(&with, list, USERS_GROUPS_MAX), 1);
	ck_assert_uint_eq(list[0], 5004);
	with.gid = 5001;
	ck_assert_uint_eq(users_groups(&with, list, 1), 1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("users");
	TCase *t = tcase_create("users");
	SRunner *r;
	int failed;

	tcase_add_test(t, a_user_and_a_group_are_found);
	tcase_add_test(t, mistakes_name_the_word);
	tcase_add_test(t, without_anything_the_daemon_itself);
	tcase_add_test(t, keepalived_script_is_taken_where_it_exists);
	tcase_add_test(t, script_user_is_before_keepalived_script);
	tcase_add_test(t, an_account_is_four_variables);
	tcase_add_test(t, supplementary_groups_are_those_besides_the_own_one);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
