/*
 * Where a daemon's runtime files are: the key, and what is made of it.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "main/runtime_files.h"

static const char *key_of(const char *pid_file, const char *netns, const char *instance)
{
	static char key[RTF_KEY_MAX];
	struct options o = { .pid_file = pid_file, .netns = netns };

	rtf_key(&o, instance, key);
	return key;
}

START_TEST(the_first_that_is_given_is_the_key)
{
	ck_assert_str_eq(key_of(NULL, NULL, NULL), "default");
	ck_assert_str_eq(key_of(NULL, "blue", NULL), "blue");
	ck_assert_str_eq(key_of("/run/a.pid", "blue", NULL), "run-a.pid");
	ck_assert_str_eq(key_of("/run/a.pid", "blue", "left-1"), "left-1");
	/* the default file is none, however it is written */
	ck_assert_str_eq(key_of("/run/holdfast.pid", NULL, NULL), "default");
	ck_assert_str_eq(key_of("/var/run/holdfast.pid", NULL, NULL), "default");
}
END_TEST

/* Each as systemd-escape --path writes it. */
START_TEST(a_path_is_escaped)
{
	ck_assert_str_eq(key_of("/run//x/a b.pid/", NULL, NULL), "run-x-a\\x20b.pid");
	ck_assert_str_eq(key_of("/.a-b", NULL, NULL), "\\x2ea\\x2db");
	ck_assert_str_eq(key_of("/", NULL, NULL), "-");
	ck_assert_str_eq(key_of("/\xc3\xa4", NULL, NULL), "\\xc3\\xa4");
}
END_TEST

START_TEST(a_name_cannot_leave_the_directory)
{
	ck_assert_str_eq(key_of(NULL, NULL, "../../etc/x"), "\\x2e.\\x2f..\\x2fetc\\x2fx");
	ck_assert_str_eq(key_of(NULL, NULL, "."), "\\x2e");
	ck_assert_str_eq(key_of(NULL, NULL, "a\nb"), "a\\x0ab");
}
END_TEST

START_TEST(a_long_key_keeps_its_end_and_stays_different)
{
	char a[400], b[400], first[RTF_KEY_MAX];

	for (size_t len = 1; len < 200; len++) {
		memset(a, '/', sizeof(a));
		memset(a + 1, '-', len);	/* four octets each */
		strcpy(a + 1 + len, "/router.pid");
		strcpy(b, a);
		b[1] = 'x';
		strcpy(first, key_of(a, NULL, NULL));
		ck_assert_uint_lt(strlen(first), RTF_KEY_MAX);
		ck_assert_ptr_nonnull(strstr(first, "-router.pid"));
		ck_assert_str_ne(first, key_of(b, NULL, NULL));
		if (len > 30)		/* no half of an escape behind the number */
			ck_assert_int_eq(strncmp(first + 8, "-\\x2d", 5), 0);
	}
}
END_TEST

START_TEST(the_files_stand_together)
{
	struct options o = { 0 };
	struct rtf f;

	ck_assert(rtf_name(&f, &o, "default"));
	ck_assert_str_eq(f.control, "/run/holdfast/default.sock");
	ck_assert_str_eq(f.lock, "/run/holdfast/default.lock");
	ck_assert_str_eq(f.upgrade, "/run/holdfast/default.upgrade");
	ck_assert_str_eq(f.info, "/run/holdfast/default.json");
	ck_assert_str_eq(f.pid_file, "/run/holdfast.pid");
	o.as_keepalived = true;
	ck_assert(rtf_name(&f, &o, "default"));
	ck_assert_str_eq(f.pid_file, "/run/keepalived.pid");
	ck_assert(rtf_name(&f, &o, "left"));
	ck_assert_str_eq(f.pid_file, "/run/holdfast/left.pid");
	o.pid_file = "/x.pid";
	ck_assert(rtf_name(&f, &o, "left"));
	ck_assert_str_eq(f.pid_file, "/x.pid");
}
END_TEST

START_TEST(with_control_they_stand_beside_it)
{
	struct options o = { .control = "/tmp/a.sock" };
	char path[RTF_PATH_MAX];
	struct rtf f;

	ck_assert(rtf_name(&f, &o, "left"));
	ck_assert_str_eq(f.control, "/tmp/a.sock");
	ck_assert_str_eq(f.lock, "/tmp/a.lock");
	ck_assert_str_eq(f.upgrade, "/tmp/a.upgrade");
	o.control = "/tmp/ctl";
	ck_assert(rtf_name(&f, &o, "left"));
	ck_assert_str_eq(f.control, "/tmp/ctl");
	ck_assert_str_eq(f.lock, "/tmp/ctl.lock");
	memset(path, 'x', sizeof(path));
	path[99] = '\0';
	o.control = path;
	ck_assert(rtf_name(&f, &o, "left"));
	ck_assert_uint_eq(strlen(f.upgrade), RTF_PATH_MAX - 1);
	path[99] = 'x';
	path[100] = '\0';
	ck_assert(!rtf_name(&f, &o, "left"));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("runtime_files");
	TCase *c = tcase_create("runtime_files");

	tcase_add_test(c, the_first_that_is_given_is_the_key);
	tcase_add_test(c, a_path_is_escaped);
	tcase_add_test(c, a_name_cannot_leave_the_directory);
	tcase_add_test(c, a_long_key_keeps_its_end_and_stays_different);
	tcase_add_test(c, the_files_stand_together);
	tcase_add_test(c, with_control_they_stand_beside_it);
	suite_add_tcase(s, c);

	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed != 0;
}
