/* The host's files: what is read and what is refused. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/source.h"

static char dir[] = "/tmp/holdfast-source-XXXXXX";

static void enter(void)
{
	strcpy(dir + strlen(dir) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chdir(dir), 0);
}

static void leave(void)
{
	static const char *const made[] = { "a", "b.conf", "c.conf", "x", "fifo", "link", "gone",
		"big" };

	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++)
		unlink(made[i]);
	rmdir("sub");
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(rmdir(dir), 0);
}

static void make(const char *name, const char *text, mode_t mode)
{
	FILE *f = fopen(name, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
	ck_assert_int_eq(chmod(name, mode), 0);
}

START_TEST(files_are_read_whole)
{
	struct src_text t;

	make("a", "one\ntwo", 0644);
	ck_assert_int_eq(src_host.read(NULL, "a", &t), SRC_OK);
	ck_assert_uint_eq(t.len, 7);
	ck_assert_str_eq(t.text, "one\ntwo");
	ck_assert(!t.executable);
	free(t.text);
	make("a", "", 0644);
	ck_assert_int_eq(src_host.read(NULL, "a", &t), SRC_OK);
	ck_assert_uint_eq(t.len, 0);
	free(t.text);
	ck_assert_int_eq(src_host.read(NULL, "/proc/self/status", &t), SRC_OK);
	ck_assert_uint_gt(t.len, 100);
	free(t.text);
}
END_TEST

START_TEST(an_execute_bit_is_noticed)
{
	static const mode_t modes[] = { 0744, 0654, 0645 };
	struct src_text t;

	for (size_t i = 0; i < 3; i++) {
		make("x", "#!/bin/sh\n", modes[i]);
		ck_assert_int_eq(src_host.read(NULL, "x", &t), SRC_OK);
		ck_assert(t.executable);
		free(t.text);
	}
}
END_TEST

START_TEST(what_is_no_file_is_refused_without_waiting)
{
	struct src_text t;

	ck_assert_int_eq(mkdir("sub", 0755), 0);
	ck_assert_int_eq(mkfifo("fifo", 0644), 0);
	ck_assert_int_eq(symlink("nowhere", "gone"), 0);
	make("a", "x", 0644);
	ck_assert_int_eq(symlink("a", "link"), 0);
	ck_assert_int_eq(src_host.read(NULL, "sub", &t), SRC_NOT_A_FILE);
	ck_assert_int_eq(src_host.read(NULL, "fifo", &t), SRC_NOT_A_FILE);
	ck_assert_int_eq(src_host.read(NULL, "/dev/zero", &t), SRC_NOT_A_FILE);
	ck_assert_int_eq(src_host.read(NULL, "gone", &t), SRC_MISSING);
	ck_assert_int_eq(src_host.read(NULL, "nosuch", &t), SRC_MISSING);
	ck_assert_int_eq(src_host.read(NULL, "a/b", &t), SRC_MISSING);
	ck_assert_int_eq(src_host.read(NULL, "link", &t), SRC_OK);
	free(t.text);
}
END_TEST

START_TEST(size_is_limited)
{
	struct src_text t;

	make("big", "", 0644);
	ck_assert_int_eq(truncate("big", SRC_FILE_MAX), 0);
	ck_assert_int_eq(src_host.read(NULL, "big", &t), SRC_OK);
	ck_assert_uint_eq(t.len, SRC_FILE_MAX);
	free(t.text);
	ck_assert_int_eq(truncate("big", (off_t)SRC_FILE_MAX + 1), 0);
	ck_assert_int_eq(src_host.read(NULL, "big", &t), SRC_TOO_LARGE);
}
END_TEST

START_TEST(patterns_match_sorted)
{
	struct arena *a = arena_new();
	const char **paths;

	make("c.conf", "", 0644);
	make("b.conf", "", 0644);
	make("a", "", 0644);
	ck_assert_uint_eq(src_host.match(NULL, a, "*.conf", &paths), 2);
	ck_assert_str_eq(paths[0], "b.conf");
	ck_assert_str_eq(paths[1], "c.conf");
	ck_assert_ptr_null(paths[2]);
	ck_assert_uint_eq(src_host.match(NULL, a, "a", &paths), 1);
	ck_assert_uint_eq(src_host.match(NULL, a, "nosuch*", &paths), 0);
	ck_assert_uint_eq(src_host.match(NULL, a, "nosuch", &paths), 0);
	ck_assert_ptr_nonnull(paths);
	arena_free(a);
}
END_TEST

START_TEST(the_host_is_known)
{
	struct arena *a = arena_new();
	char name[100], cwd[1000];

	ck_assert_int_eq(gethostname(name, sizeof(name)), 0);
	ck_assert_str_eq(src_host.host_name(NULL, a), name);
	ck_assert_str_eq(src_host.cwd(NULL, a), getcwd(cwd, sizeof(cwd)));
	ck_assert_int_eq(setenv("HOLDFAST_TEST", "yes", 1), 0);
	ck_assert_str_eq(src_host.env(NULL, "HOLDFAST_TEST"), "yes");
	ck_assert_ptr_null(src_host.env(NULL, "HOLDFAST_TEST_UNSET"));
	arena_free(a);
}
END_TEST

START_TEST(random_numbers_differ)
{
	uint32_t first = src_host.random(NULL);
	int same = 0;

	for (int i = 0; i < 8; i++)
		same += src_host.random(NULL) == first;
	ck_assert_int_lt(same, 8);
}
END_TEST

START_TEST(reasons_are_sentences)
{
	for (int i = 0; i < SRC_N_RESULTS; i++)
		ck_assert_uint_gt(strlen(src_why((enum src_result)i)), 5);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("config/source");
	TCase *t = tcase_create("source");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, enter, leave);
	tcase_add_test(t, files_are_read_whole);
	tcase_add_test(t, an_execute_bit_is_noticed);
	tcase_add_test(t, what_is_no_file_is_refused_without_waiting);
	tcase_add_test(t, size_is_limited);
	tcase_add_test(t, patterns_match_sorted);
	tcase_add_test(t, the_host_is_known);
	tcase_add_test(t, random_numbers_differ);
	tcase_add_test(t, reasons_are_sentences);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
