/*
 * What an upgrade would execute: every way in which somebody besides root could have a hand in it
 * is tried, and must be a no. Needs root.
 */
#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "sys/program.h"
#include "sys/record.h"
#include "sys/sealed.h"

#define USER 12345

static char dir[] = "/var/tmp/hf-program-XXXXXX";	/* not /tmp: that may be nosuid */
static char path[64];

/* A copy of a real program, root's and 0755, at PATH. */
static void setup(void)
{
	char command[128];

	strcpy(dir + strlen(dir) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/program", dir);
	snprintf(command, sizeof(command), "install -m 755 /bin/true %s", path);
	ck_assert_int_eq(system(command), 0);
}

static void teardown(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	ck_assert_int_eq(system(command), 0);
}

/* FD is closed. */
static void refused(int fd, const char *why)
{
	char said[PRG_WHY_MAX] = "";

	ck_assert_int_ge(fd, 0);
	ck_assert_msg(!prg_trusted(fd, said), "trusted; wanted: %s", why);
	ck_assert_msg(strstr(said, why) != NULL, "'%s' does not say '%s'", said, why);
	close(fd);
}

static void trusted(int fd)
{
	char said[PRG_WHY_MAX] = "";

	ck_assert_int_ge(fd, 0);
	ck_assert_msg(prg_trusted(fd, said), "%s", said);
	close(fd);
}

static int program(void)
{
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* ---- who could have written it ---- */

START_TEST(roots_own_program_is_trusted)
{
	int fd = program();

	trusted(fd);
	trusted(open("/proc/self/exe", O_RDONLY));
	/* as execve() sees it, a name more or less makes no difference */
	char other[80];
	snprintf(other, sizeof(other), "%s2", path);
	ck_assert_int_eq(link(path, other), 0);
	trusted(open(other, O_RDONLY));
}
END_TEST

START_TEST(another_owner_is_not)
{
	ck_assert_int_eq(chown(path, USER, 0), 0);
	refused(program(), "it belongs to user 12345, not to root");
}
END_TEST

START_TEST(what_others_can_write_is_not)
{
	for (mode_t bit = 02; bit <= 020; bit <<= 3) {
		ck_assert_int_eq(chmod(path, 0755 | bit), 0);
		refused(program(), "others than its owner can write it");
	}
}
END_TEST

/* struct posix_acl_xattr_header and its entries. */
static void set_acl(uint16_t users_rights, uint16_t mask)
{
	struct {
		uint32_t version;
		struct {
			uint16_t tag, rights;
			uint32_t id;
		} entry[5];
	} acl = { .version = 2, .entry = {
		{ 0x01, 7, UINT32_MAX },		/* the owner */
		{ 0x02, users_rights, USER },		/* one more user */
		{ 0x04, 5, UINT32_MAX },		/* the group */
		{ 0x10, mask, UINT32_MAX },
		{ 0x20, 5, UINT32_MAX },		/* others */
	} };

	ck_assert_int_eq(setxattr(path, "system.posix_acl_access", &acl, sizeof(acl), 0), 0);
}

START_TEST(an_access_control_list_counts)
{
	set_acl(7, 7);
	refused(program(), "access control list");
	set_acl(7, 5);			/* the mask takes it away again */
	trusted(program());
	set_acl(5, 5);
	trusted(program());
}
END_TEST

START_TEST(lent_rights_are_not)
{
	ck_assert_int_eq(chmod(path, 04755), 0);
	refused(program(), "setuid");
	ck_assert_int_eq(chmod(path, 02755), 0);
	refused(program(), "setuid or setgid");
}
END_TEST

/* ---- what is no file on a disk ---- */

/* With the octets of a program in it: what an engine that was taken over would make. */
static void fill(int fd)
{
	char octets[4096];
	int from = program();
	ssize_t n;

	while ((n = read(from, octets, sizeof(octets))) > 0)
		ck_assert_int_eq(write(fd, octets, (size_t)n), n);
	close(from);
}

static int by_proc(int fd)
{
	char name[32];

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	return open(name, O_RDONLY | O_CLOEXEC);
}

START_TEST(a_memfd_is_not)
{
	int fd = memfd_create("program", 0);

	fill(fd);
	refused(by_proc(fd), "it has no name");
	refused(fd, "opened for writing");
}
END_TEST

START_TEST(our_records_are_not_and_cannot_be_executed)
{
	struct rec *record = rec_new(1 << 20);
	int sealed = sld_write("sealed", "\177ELF", 4);
	char *const argv[] = { (char *)"x", NULL };
	struct stat st;

	ck_assert_int_eq(pwrite(rec_fd(record), "\177ELF", 4, 0), 4);
	refused(by_proc(rec_fd(record)), "it has no name");
	refused(by_proc(sealed), "it has no name");
	ck_assert_int_eq(fstat(rec_fd(record), &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	ck_assert_int_eq(prg_execute(rec_fd(record), argv, argv + 1), EACCES);
	ck_assert_int_eq(prg_execute(sealed, argv, argv + 1), EACCES);
	/* with the kernel's seal nobody can change that, its owner and root included */
	int probe = memfd_create("probe", 0x0008U);
	if (probe >= 0) {
		ck_assert_int_eq(fchmod(rec_fd(record), 0700), -1);
		ck_assert_int_eq(fchmod(sealed, 0777), -1);
		close(probe);
	}
	close(sealed);
	rec_free(record);
}
END_TEST

START_TEST(a_deleted_file_is_not)
{
	int fd = program();

	ck_assert_int_eq(unlink(path), 0);
	refused(by_proc(fd), "it has no name");
	refused(fd, "it has no name");
}
END_TEST

/* A user's program that runs and is deleted, seen by its process. */
START_TEST(the_deleted_program_of_a_users_process_is_not)
{
	char exe[32], command[128];
	int status;

	snprintf(command, sizeof(command), "install -m 755 -o %d /bin/sleep %s", USER, path);
	ck_assert_int_eq(system(command), 0);
	pid_t pid = fork();
	if (pid == 0) {
		execl(path, path, "60", NULL);
		_exit(1);
	}
	snprintf(exe, sizeof(exe), "/proc/%d/exe", (int)pid);
	for (int i = 0; i < 500; i++) {		/* until it is that program */
		char now[80] = "";
		ssize_t n = readlink(exe, now, sizeof(now) - 1);

		if (n > 0 && !strcmp(now, path))
			break;
		usleep(10000);
	}
	refused(open(exe, O_RDONLY), "it belongs to user 12345");
	ck_assert_int_eq(unlink(path), 0);
	refused(open(exe, O_RDONLY), "it belongs to user 12345");
	kill(pid, SIGKILL);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
}
END_TEST

START_TEST(what_the_kernel_makes_up_is_not)
{
	refused(open("/proc/self/maps", O_RDONLY), "made up by the kernel");
	refused(open("/sys/kernel/notes", O_RDONLY), "made up by the kernel");
}
END_TEST

START_TEST(what_is_no_regular_file_is_not)
{
	int pipes[2], sockets[2];

	ck_assert_int_eq(pipe(pipes), 0);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
	refused(pipes[0], "it is not a regular file");
	refused(sockets[0], "opened for writing");
	close(pipes[1]);
	close(sockets[1]);
	refused(open(dir, O_RDONLY | O_DIRECTORY), "it is not a regular file");
	refused(open("/dev/null", O_RDONLY), "it is not a regular file");
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(mkfifo(path, 0755), 0);
	refused(open(path, O_RDONLY | O_NONBLOCK), "it is not a regular file");
}
END_TEST

START_TEST(a_descriptor_with_other_rights_is_not)
{
	refused(open(path, O_PATH), "without the right to read it");
	refused(open(path, O_RDWR), "opened for writing");
	refused(open(path, O_WRONLY), "opened for writing");
}
END_TEST

static void write_file(const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	ck_assert_int_eq(write(fd, text, strlen(text)), (int)strlen(text));
	close(fd);
}

START_TEST(what_is_no_program_is_not)
{
	write_file("#!/bin/sh\nexit 0\n");
	refused(program(), "it is not an ELF program");
	write_file("");
	refused(program(), "it is not an ELF program");
	write_file("\177EL");
	refused(program(), "it is not an ELF program");
}
END_TEST

/* ---- another file system ---- */

START_TEST(a_users_mount_is_not)
{
	char command[256];

	snprintf(command, sizeof(command),
		 "unshare -m sh -c 'mount -t tmpfs -o nosuid x %s && "
		 "install -m 755 /bin/true %s && exec sleep 60' & echo $!", dir, path);
	FILE *out = popen(command, "r");
	int pid = 0, fd = -1;
	char name[96];

	ck_assert_int_eq(fscanf(out, "%d", &pid), 1);
	snprintf(name, sizeof(name), "/proc/%d/root%s", pid, path);
	for (int i = 0; i < 500 && fd < 0; i++) {
		struct stat here, there;

		usleep(10000);
		if (stat(path, &here) || stat(name, &there) || here.st_dev == there.st_dev ||
		    there.st_size != here.st_size)
			continue;
		fd = open(name, O_RDONLY);
	}
	refused(fd, "mounted nosuid");
	kill(pid, SIGKILL);
	pclose(out);
}
END_TEST

/* ---- execution ---- */

/* The exit status of what FD executes in a process of its own; 200: the kernel refused with WHY. */
static int run(int fd, int *why)
{
	char *const argv[] = { (char *)"x", NULL };
	int status, ends[2];

	*why = 0;
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	pid_t pid = fork();
	if (pid == 0) {
		int error = prg_execute(fd, argv, argv + 1);

		_exit(write(ends[1], &error, sizeof(error)) == sizeof(error) ? 200 : 201);
	}
	close(ends[1]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	if (read(ends[0], why, sizeof(*why)) < 0)
		*why = -1;
	close(ends[0]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* What was judged is what runs, whatever stands at the path now. */
START_TEST(the_same_file_is_executed)
{
	char other[80], command[320];
	int fd = program(), why;

	snprintf(other, sizeof(other), "%s.new", path);
	snprintf(command, sizeof(command), "install -m 755 /bin/false %s && mv %s %s", other, other,
		 path);
	ck_assert_int_eq(system(command), 0);
	ck_assert_int_eq(run(fd, &why), 0);
	close(fd);
	fd = program();
	ck_assert_int_eq(run(fd, &why), 1);
	close(fd);
}
END_TEST

START_TEST(what_is_being_written_is_not_executed)
{
	int fd = program(), writer = open(path, O_RDWR), why;

	ck_assert_int_eq(run(fd, &why), 200);
	ck_assert_int_eq(why, ETXTBSY);
	close(writer);
	ck_assert_int_eq(run(fd, &why), 0);
	close(fd);
}
END_TEST

START_TEST(the_same_program_is_known_by_its_content)
{
	char copy[80], command[200];
	int fd = program(), again = program(), other, bin = open("/bin/echo", O_RDONLY);

	ck_assert(prg_same(fd, again));
	snprintf(copy, sizeof(copy), "%s/copy", dir);
	snprintf(command, sizeof(command), "cp %s %s", path, copy);
	ck_assert_int_eq(system(command), 0);
	other = open(copy, O_RDWR);
	ck_assert(other >= 0 && bin >= 0);
	ck_assert(prg_same(fd, other) && !prg_same(fd, bin));
	ck_assert_int_eq(pwrite(other, "x", 1, 10000), 1);	/* of the same length */
	ck_assert(!prg_same(fd, other));
	ck_assert(!prg_same(fd, -1));
	close(fd);
	close(again);
	close(other);
	close(bin);
	unlink(copy);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("program");
	TCase *t = tcase_create("program");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, roots_own_program_is_trusted);
	tcase_add_test(t, another_owner_is_not);
	tcase_add_test(t, what_others_can_write_is_not);
	tcase_add_test(t, an_access_control_list_counts);
	tcase_add_test(t, lent_rights_are_not);
	tcase_add_test(t, a_memfd_is_not);
	tcase_add_test(t, our_records_are_not_and_cannot_be_executed);
	tcase_add_test(t, a_deleted_file_is_not);
	tcase_add_test(t, the_deleted_program_of_a_users_process_is_not);
	tcase_add_test(t, what_the_kernel_makes_up_is_not);
	tcase_add_test(t, what_is_no_regular_file_is_not);
	tcase_add_test(t, a_descriptor_with_other_rights_is_not);
	tcase_add_test(t, what_is_no_program_is_not);
	tcase_add_test(t, a_users_mount_is_not);
	tcase_add_test(t, the_same_program_is_known_by_its_content);
	tcase_add_test(t, the_same_file_is_executed);
	tcase_add_test(t, what_is_being_written_is_not_executed);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
