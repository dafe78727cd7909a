/*
 * Who a process is: only its own parent's word counts, and only a whole one.
 */
#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "main/role.h"
#include "sys/sealed.h"
#include "sys/spawn.h"

#define MAGIC UINT64_C(0x656c6f72666c6f68)

static struct rol good(void)
{
	return (struct rol){
		.magic = MAGIC, .size = sizeof(struct rol), .parent = getppid(), .kind = ROL_LOADER,
		.config = "/etc/x",
	};
}

static void put_at_three(int fd)
{
	ck_assert_int_ge(fd, 0);
	if (fd != SPW_FIRST_FD) {
		ck_assert_int_eq(dup2(fd, SPW_FIRST_FD), SPW_FIRST_FD);
		close(fd);
	}
}

static enum rol_kind asked(const void *octets, size_t len, struct rol *out)
{
	close_range(SPW_FIRST_FD, ~0u, 0);
	put_at_three(sld_write("test", octets, len));
	return rol_inherited(out);
}

START_TEST(a_childs_role_is_what_its_parent_says)
{
	struct rol role = good(), out;

	ck_assert_int_eq(asked(&role, sizeof(role), &out), ROL_LOADER);
	ck_assert_str_eq(out.config, "/etc/x");
	ck_assert_int_eq(fcntl(SPW_FIRST_FD, F_GETFD), -1);
}
END_TEST

START_TEST(an_ordinary_start_has_none)
{
	char text[] = "some other sealed memory, longer than a magic number";
	struct rol out;

	close_range(SPW_FIRST_FD, ~0u, 0);
	ck_assert_int_eq(rol_inherited(&out), ROL_NONE);
	ck_assert_int_eq(asked(text, sizeof(text), &out), ROL_NONE);
	ck_assert_int_eq(asked(text, 3, &out), ROL_NONE);
	ck_assert_int_ge(fcntl(SPW_FIRST_FD, F_GETFD), 0);	/* somebody else's stays open */
}
END_TEST

START_TEST(what_is_not_sealed_is_no_role)
{
	struct rol role = good(), out;
	int fd;

	close_range(SPW_FIRST_FD, ~0u, 0);
	fd = memfd_create("test", MFD_ALLOW_SEALING);
	ck_assert_int_eq(write(fd, &role, sizeof(role)), (ssize_t)sizeof(role));
	put_at_three(fd);
	ck_assert_int_eq(rol_inherited(&out), ROL_NONE);
}
END_TEST

START_TEST(anybody_elses_child_is_lost)
{
	struct rol role = good(), out;

	role.parent++;
	ck_assert_int_eq(asked(&role, sizeof(role), &out), ROL_LOST);
}
END_TEST

START_TEST(a_damaged_one_is_lost)
{
	const struct rol right = good();
	struct rol role = right, out;

	ck_assert_int_eq(asked(&role, sizeof(role) - 1, &out), ROL_LOST);
	role.kind = ROL_NONE;
	ck_assert_int_eq(asked(&role, sizeof(role), &out), ROL_LOST);
	role.kind = ROL_LOST;
	ck_assert_int_eq(asked(&role, sizeof(role), &out), ROL_LOST);
	role = right;
	role.n_fds = ROL_FDS_MAX + 1;
	ck_assert_int_eq(asked(&role, sizeof(role), &out), ROL_LOST);
	role = right;
	role.size--;
	ck_assert_int_eq(asked(&role, sizeof(role), &out), ROL_LOST);
	role = right;
	memset(role.config, 'x', sizeof(role.config));
	ck_assert_int_eq(asked(&role, sizeof(role), &out), ROL_LOST);
}
END_TEST

/* A program that looks at its descriptor 4, behind the role. */
START_TEST(a_process_finds_its_descriptors_behind_its_role)
{
	char *const argv[] = {
		(char *)"sh", (char *)"-c",
		(char *)"test $(head -c 8 /dev/fd/3) = holfrole && echo x >&4", NULL
	};
	struct rol_source source = { .exe = open("/bin/sh", O_PATH | O_CLOEXEC), .argv = argv };
	struct rol role = { .kind = ROL_ENGINE };
	int ends[2], status;
	char said[8];

	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	pid_t pid = rol_start(&source, &role, &ends[1], 1);
	ck_assert_int_gt(pid, 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(read(ends[0], said, sizeof(said)), 2);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("role");
	TCase *tc = tcase_create("role");

	tcase_add_test(tc, a_childs_role_is_what_its_parent_says);
	tcase_add_test(tc, an_ordinary_start_has_none);
	tcase_add_test(tc, what_is_not_sealed_is_no_role);
	tcase_add_test(tc, anybody_elses_child_is_lost);
	tcase_add_test(tc, a_damaged_one_is_lost);
	tcase_add_test(tc, a_process_finds_its_descriptors_behind_its_role);
	suite_add_tcase(s, tc);
	SRunner *sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	int failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
