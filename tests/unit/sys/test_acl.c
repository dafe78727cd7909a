/*
 * Who may write: by the mode, by access control lists as the kernel keeps them, and by lists that
 * no kernel would keep. The kernel's are set on files of a directory "/tmp/hf-acl-XXXXXX" (tmpfs).
 */
#include <check.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/mix.h"
#include "sys/acl.h"

#define NOBODY_ID 0xff, 0xff, 0xff, 0xff
#define ENTRY(tag, perm, ...) tag, 0, perm, 0, __VA_ARGS__
#define VERSION_2 2, 0, 0, 0
#define ID_4001 0xa1, 0x0f, 0, 0
#define ID_0 0, 0, 0, 0

static char who[ACL_WHO_MAX];

static struct stat stat_of(mode_t mode, gid_t gid)
{
	return (struct stat){ .st_mode = S_IFREG | mode, .st_gid = gid };
}

START_TEST(the_mode_alone)
{
	static const struct {
		mode_t mode;
		gid_t gid;
		const char *who;	/* NULL: nobody */
	} rows[] = {
		{ 0755, 50, NULL }, { 0775, 50, "group 50" }, { 0775, 0, NULL },
		{ 0757, 0, "everybody" }, { 0777, 50, "everybody" }, { 0, 50, NULL },
		{ 01777, 0, "everybody" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct stat st = stat_of(rows[i].mode, rows[i].gid);

		ck_assert_int_eq(acl_writer(&st, NULL, 0, who), rows[i].who != NULL);
		ck_assert_str_eq(who, rows[i].who ? rows[i].who : "");
	}
}
END_TEST

/* Sets LIST on a file of mode 0755, group 50, and asks in both ways what the kernel then says. */
static bool by_kernel(const uint8_t *list, size_t len)
{
	char dir[] = "/tmp/hf-acl-XXXXXX", path[64], again[ACL_WHO_MAX];
	struct stat st;
	bool writer;
	int fd;

	ck_assert_int_eq(unshare(CLONE_NEWNS), 0);
	ck_assert_int_eq(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(mount("none", dir, "tmpfs", 0, "mode=0755"), 0);
	snprintf(path, sizeof(path), "%s/x", dir);
	fd = open(path, O_RDWR | O_CREAT, 0755);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fchown(fd, 0, 50), 0);
	ck_assert_int_eq(fchmod(fd, 0755), 0);
	ck_assert_int_eq(setxattr(path, "system.posix_acl_access", list, len, 0), 0);
	ck_assert_int_eq(fstat(fd, &st), 0);
	writer = acl_path_writer(path, &st, who);
	ck_assert_int_eq(acl_fd_writer(fd, &st, again), writer);
	ck_assert_str_eq(again, who);
	close(fd);
	ck_assert_int_eq(umount2(dir, MNT_DETACH), 0);
	ck_assert_int_eq(rmdir(dir), 0);
	return writer;
}

START_TEST(a_named_user_who_may_write_is_named)
{
	static const uint8_t list[] = {
		VERSION_2, ENTRY(0x01, 7, NOBODY_ID), ENTRY(0x02, 7, ID_4001),
		ENTRY(0x04, 5, NOBODY_ID), ENTRY(0x10, 7, NOBODY_ID), ENTRY(0x20, 5, NOBODY_ID),
	};

	ck_assert(by_kernel(list, sizeof(list)));
	ck_assert_str_eq(who, "user 4001");
}
END_TEST

START_TEST(a_named_group_who_may_write_is_named)
{
	static const uint8_t list[] = {
		VERSION_2, ENTRY(0x01, 7, NOBODY_ID), ENTRY(0x04, 5, NOBODY_ID),
		ENTRY(0x08, 2, ID_4001), ENTRY(0x10, 7, NOBODY_ID), ENTRY(0x20, 5, NOBODY_ID),
	};

	ck_assert(by_kernel(list, sizeof(list)));
	ck_assert_str_eq(who, "group 4001");
}
END_TEST

START_TEST(the_mask_takes_it_away)
{
	static const uint8_t list[] = {
		VERSION_2, ENTRY(0x01, 7, NOBODY_ID), ENTRY(0x02, 7, ID_4001),
		ENTRY(0x04, 7, NOBODY_ID), ENTRY(0x10, 5, NOBODY_ID), ENTRY(0x20, 5, NOBODY_ID),
	};

	ck_assert(!by_kernel(list, sizeof(list)));
}
END_TEST

/* The group's bits of the mode say "writable" then, and mean the mask. */
START_TEST(root_named_in_a_list_is_nobody)
{
	static const uint8_t list[] = {
		VERSION_2, ENTRY(0x01, 7, NOBODY_ID), ENTRY(0x02, 7, ID_0),
		ENTRY(0x04, 5, NOBODY_ID), ENTRY(0x08, 7, ID_0), ENTRY(0x10, 7, NOBODY_ID),
		ENTRY(0x20, 5, NOBODY_ID),
	};

	ck_assert(!by_kernel(list, sizeof(list)));
}
END_TEST

START_TEST(the_owners_group_counts_with_a_list_too)
{
	static const uint8_t list[] = {
		VERSION_2, ENTRY(0x01, 7, NOBODY_ID), ENTRY(0x02, 5, ID_4001),
		ENTRY(0x04, 7, NOBODY_ID), ENTRY(0x10, 7, NOBODY_ID), ENTRY(0x20, 5, NOBODY_ID),
	};

	ck_assert(by_kernel(list, sizeof(list)));
	ck_assert_str_eq(who, "group 50");
}
END_TEST

START_TEST(what_no_kernel_writes_counts_against_the_file)
{
	static const uint8_t other_version[] = { 3, 0, 0, 0, ENTRY(0x01, 7, NOBODY_ID) };
	static const uint8_t odd[] = { VERSION_2, 1, 0, 7 };
	static const uint8_t unknown[] = { VERSION_2, ENTRY(0x40, 2, ID_4001) };
	static const uint8_t brief[] = { 2, 0 };
	struct stat st = stat_of(0755, 0);

	ck_assert(acl_writer(&st, other_version, sizeof(other_version), who));
	ck_assert(acl_writer(&st, odd, sizeof(odd), who));
	ck_assert(acl_writer(&st, unknown, sizeof(unknown), who));
	ck_assert(acl_writer(&st, brief, sizeof(brief), who));
	ck_assert_ptr_nonnull(strstr(who, "unreadable"));
}
END_TEST

/* Of any octets: an answer, and nothing beyond the list is read (with SAN=1). */
START_TEST(any_octets_are_judged)
{
	uint64_t seed = (uint64_t)getpid();

	printf("any_octets_are_judged: seed %llu\n", (unsigned long long)seed);
	for (int round = 0; round < 20000; round++) {
		size_t len = mix_word(seed, (uint64_t)round) % 70;
		uint8_t *list = malloc(len ? len : 1);
		struct stat st = stat_of(0755, 0);

		ck_assert_ptr_nonnull(list);
		for (size_t i = 0; i < len; i++)
			list[i] = (uint8_t)mix_word(seed, (uint64_t)round << 8 ^ i);
		if (len >= 4 && round % 2)
			memcpy(list, (uint8_t[]){ VERSION_2 }, 4);
		ck_assert_int_eq(acl_writer(&st, list, len, who), who[0] != '\0');
		free(list);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("acl");
	TCase *t = tcase_create("acl");
	SRunner *r;
	int failed;

	tcase_add_test(t, the_mode_alone);
	tcase_add_test(t, a_named_user_who_may_write_is_named);
	tcase_add_test(t, a_named_group_who_may_write_is_named);
	tcase_add_test(t, the_mask_takes_it_away);
	tcase_add_test(t, root_named_in_a_list_is_nobody);
	tcase_add_test(t, the_owners_group_counts_with_a_list_too);
	tcase_add_test(t, what_no_kernel_writes_counts_against_the_file);
	tcase_add_test(t, any_octets_are_judged);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
