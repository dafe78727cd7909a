/*
 * The walk along a script's path: the component at fault is named, whichever way leads to it, and
 * what others could replace is found. A tmpfs of the test's own is "/tmp/hf-spath-XXXXXX".
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <linux/fuse.h>

#include "sys/script_env.h"
#include "sys/script_path.h"

static const struct user_ids root = { 0, 0, false };
static const struct user_ids user = { 4001, 5001, false };

struct tree {
	char dir[64];
	char why[SPATH_WHY_MAX];
};

/* Everything below belongs to root and is closed to others' writing, unless a test changes it. */
static struct tree tree_new(unsigned long mount_flags)
{
	struct tree t = { .dir = "/tmp/hf-spath-XXXXXX" };

	umask(022);
	ck_assert_int_eq(unshare(CLONE_NEWNS), 0);
	ck_assert_int_eq(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	ck_assert_ptr_nonnull(mkdtemp(t.dir));
	ck_assert_int_eq(mount("none", t.dir, "tmpfs", mount_flags, "mode=0755"), 0);
	return t;
}

static void tree_done(const struct tree *t)
{
	ck_assert_int_eq(umount2(t->dir, MNT_DETACH), 0);
	ck_assert_int_eq(rmdir(t->dir), 0);
}

static const char *at(const struct tree *t, const char *name)
{
	static char path[4][PATH_MAX];
	static unsigned turn;
	char *p = path[turn++ % 4];

	snprintf(p, PATH_MAX, "%s/%s", t->dir, name);
	return p;
}

static void file(const struct tree *t, const char *name, mode_t mode, const char *text)
{
	FILE *f = fopen(at(t, name), "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(chmod(at(t, name), mode), 0);
}

static void directory(const struct tree *t, const char *name, mode_t mode)
{
	ck_assert_int_eq(mkdir(at(t, name), 0755), 0);
	ck_assert_int_eq(chmod(at(t, name), mode), 0);
}

enum verdict { SPATH_OK, SPATH_UNSAFE, SPATH_CANNOT_RUN };

/* UNSAFE: whether it can run or not. */
static void ck_command(struct tree *t, const char *const *argv, const struct user_ids *who,
		       enum verdict expected, const char *part, int line)
{
	struct spath_answer a;

	spath_judge(argv, who, SENV_PATH, &a);
	enum verdict v = !a.safe ? SPATH_UNSAFE : a.runs ? SPATH_OK : SPATH_CANNOT_RUN;
	strcpy(t->why, a.safe ? a.why : a.unsafe);
	ck_assert_msg(v == expected && strstr(t->why, part), "line %d: %s: %d '%s'", line, argv[0],
		      v, t->why);
	ck_assert_msg(a.runs == !a.why[0], "line %d: '%s'", line, a.why);
	ck_assert_msg(a.safe == !a.unsafe[0], "line %d: '%s'", line, a.unsafe);
}

static void ck_verdict(struct tree *t, const char *path, const struct user_ids *who,
		       enum verdict expected, const char *part, int line)
{
	ck_command(t, (const char *[]){ path, NULL }, who, expected, part, line);
}

#define expect(t, name, who, verdict, part) \
	ck_verdict(t, at(t, name), who, verdict, part, __LINE__)

START_TEST(a_plain_script_is_fine)
{
	struct tree t = tree_new(0);

	directory(&t, "a", 0755);
	file(&t, "a/ok", 0755, "#!/bin/sh\n");
	ck_assert_int_eq(symlink("a/ok", at(&t, "link")), 0);
	ck_assert_int_eq(symlink(at(&t, "link"), at(&t, "absolute")), 0);
	expect(&t, "a/ok", &root, SPATH_OK, "");
	expect(&t, "a/ok", &user, SPATH_OK, "");
	expect(&t, "link", &root, SPATH_OK, "");
	expect(&t, "absolute", &user, SPATH_OK, "");
	expect(&t, "a/../a/./ok", &root, SPATH_OK, "");
	expect(&t, "..//../../../tmp/../usr/bin/true", &root, SPATH_OK, "");
	ck_verdict(&t, "/usr/bin/env", &root, SPATH_OK, "", __LINE__);
	ck_verdict(&t, "usr/bin/true", &user, SPATH_OK, "", __LINE__);
	tree_done(&t);
}
END_TEST

START_TEST(the_component_that_is_missing_is_named)
{
	struct tree t = tree_new(0);

	file(&t, "plain", 0755, "#!/bin/sh\n");
	ck_assert_int_eq(symlink("gone/deeper", at(&t, "dangling")), 0);
	ck_assert_int_eq(symlink("loop", at(&t, "loop")), 0);
	expect(&t, "b/c/d", &root, SPATH_CANNOT_RUN, "/b' does not exist");
	expect(&t, "dangling", &root, SPATH_CANNOT_RUN, "/gone' does not exist");
	expect(&t, "plain/x", &root, SPATH_CANNOT_RUN, "/plain' is not a directory");
	expect(&t, "loop", &root, SPATH_CANNOT_RUN, "/loop' has too many symbolic links");
	expect(&t, ".", &root, SPATH_CANNOT_RUN, "is a directory, not a program");
	ck_verdict(&t, "/", &root, SPATH_CANNOT_RUN, "'/' is a directory", __LINE__);
	ck_verdict(&t, "", &root, SPATH_CANNOT_RUN, "the command is empty", __LINE__);
	ck_verdict(&t, "/dev/null", &user, SPATH_CANNOT_RUN, "'/dev/null' is not a regular file",
		   __LINE__);
	tree_done(&t);
}
END_TEST

START_TEST(modes_are_read_as_the_script_user)
{
	static const struct user_ids member = { 4002, 5002, false };
	struct tree t = tree_new(0);

	file(&t, "none", 0644, "#!/bin/sh\n");
	file(&t, "owner", 0744, "#!/bin/sh\n");
	file(&t, "unread", 0711, "#!/bin/sh\n");
	directory(&t, "closed", 0700);
	file(&t, "closed/x", 0755, "#!/bin/sh\n");
	file(&t, "group", 0750, "#!/bin/sh\n");
	ck_assert_int_eq(chown(at(&t, "group"), 0, 5002), 0);
	file(&t, "notowner", 0075, "#!/bin/sh\n");
	ck_assert_int_eq(chown(at(&t, "notowner"), 4001, 0), 0);
	expect(&t, "none", &root, SPATH_CANNOT_RUN, "/none' is not executable (mode 0644)");
	expect(&t, "owner", &root, SPATH_OK, "");
	expect(&t, "owner", &user, SPATH_CANNOT_RUN,
	       "/owner' is not executable by user 4001, group 5001 (mode 0744, owner 0:0)");
	expect(&t, "unread", &user, SPATH_CANNOT_RUN, "/unread' cannot be read by user 4001");
	expect(&t, "unread", &root, SPATH_OK, "");
	expect(&t, "closed/x", &user, SPATH_CANNOT_RUN, "/closed' cannot be entered by user 4001");
	expect(&t, "closed/x", &root, SPATH_OK, "");
	expect(&t, "group", &user, SPATH_CANNOT_RUN, "/group' is not executable");
	expect(&t, "group", &member, SPATH_OK, "");
	expect(&t, "notowner", &user, SPATH_CANNOT_RUN, "/notowner' is not executable");
	tree_done(&t);
}
END_TEST

START_TEST(the_interpreter_is_walked_too)
{
	struct tree t = tree_new(0);
	char text[256];

	file(&t, "lost", 0755, "#! /opt/hf-none/bin/bash -e\n");
	file(&t, "windows", 0755, "#!/bin/sh\r\nexit 0\r\n");
	file(&t, "nohead", 0755, "killall -0 haproxy\n");
	file(&t, "empty", 0755, "");
	file(&t, "nothing", 0755, "#!\n");
	file(&t, "plainfile", 0644, "x");
	snprintf(text, sizeof(text), "#!%s\n", at(&t, "plainfile"));
	file(&t, "badinterp", 0755, text);
	snprintf(text, sizeof(text), "#!%s\n", at(&t, "cycle"));
	file(&t, "cycle", 0755, text);
	expect(&t, "lost", &root, SPATH_CANNOT_RUN,
	       "its interpreter '/opt/hf-none/bin/bash': '/opt/hf-none' does not exist");
	expect(&t, "windows", &root, SPATH_CANNOT_RUN, "Windows line ends");
	/* a shell runs it, as execvp(3) says, but the kernel takes it for no interpreter */
	expect(&t, "nohead", &root, SPATH_OK, "");
	snprintf(text, sizeof(text), "#!%s\n", at(&t, "nohead"));
	file(&t, "headless", 0755, text);
	expect(&t, "headless", &root, SPATH_CANNOT_RUN, "does not begin with '#!'");
	snprintf(text, sizeof(text), "#!/usr/bin/env %s\n", at(&t, "nohead"));
	file(&t, "byenv", 0755, text);
	expect(&t, "byenv", &root, SPATH_OK, "");
	file(&t, "unreadable", 0711, "exit 0\n");
	expect(&t, "unreadable", &user, SPATH_CANNOT_RUN, "cannot be read");
	expect(&t, "empty", &root, SPATH_CANNOT_RUN, "/empty' is empty");
	expect(&t, "nothing", &root, SPATH_CANNOT_RUN, "names no interpreter");
	expect(&t, "badinterp", &root, SPATH_CANNOT_RUN, "/plainfile' is not executable");
	expect(&t, "cycle", &root, SPATH_CANNOT_RUN, "too many times over");
	tree_done(&t);
}
END_TEST

START_TEST(what_others_could_replace_is_unsafe_for_root)
{
	struct tree t = tree_new(0);

	directory(&t, "open", 0777);
	file(&t, "open/x", 0755, "#!/bin/sh\n");
	directory(&t, "sticky", 01777);
	file(&t, "sticky/x", 0755, "#!/bin/sh\n");
	file(&t, "world", 0757, "#!/bin/sh\n");
	file(&t, "bygroup", 0775, "#!/bin/sh\n");
	ck_assert_int_eq(chown(at(&t, "bygroup"), 0, 5002), 0);
	file(&t, "rootgroup", 0775, "#!/bin/sh\n");
	file(&t, "his", 0755, "#!/bin/sh\n");
	ck_assert_int_eq(chown(at(&t, "his"), 4001, 0), 0);
	file(&t, "good", 0755, "#!/bin/sh\n");
	ck_assert_int_eq(symlink(at(&t, "good"), at(&t, "sticky/hislink")), 0);
	ck_assert_int_eq(lchown(at(&t, "sticky/hislink"), 4001, 0), 0);
	ck_assert_int_eq(symlink(at(&t, "open/x"), at(&t, "toopen")), 0);

	expect(&t, "open/x", &root, SPATH_UNSAFE, "/open' can be written by everybody");
	ck_assert_int_eq(strncmp(t.why, "Unsafe permissions", 18), 0);
	expect(&t, "toopen", &root, SPATH_UNSAFE, "/open' can be written by everybody");
	expect(&t, "sticky/x", &root, SPATH_OK, "");
	expect(&t, "world", &root, SPATH_UNSAFE, "/world' can be written by everybody");
	expect(&t, "bygroup", &root, SPATH_UNSAFE, "/bygroup' can be written by group 5002");
	expect(&t, "rootgroup", &root, SPATH_OK, "");
	expect(&t, "his", &root, SPATH_UNSAFE, "/his' belongs to user 4001, and runs as root");
	expect(&t, "sticky/hislink", &root, SPATH_UNSAFE, "/hislink' belongs to user 4001");
	/* Only root's rights are worth stealing. */
	expect(&t, "open/x", &user, SPATH_OK, "");
	expect(&t, "his", &user, SPATH_OK, "");
	tree_done(&t);
}
END_TEST

START_TEST(an_access_list_counts_as_permission)
{
	struct tree t = tree_new(0);
	/* Version 2; owner rwx, user 4001 r-x, group ---, mask r-x, others ---. */
	static const unsigned char acl[] = {
		2, 0, 0, 0,
		0x01, 0, 7, 0, 0xff, 0xff, 0xff, 0xff,
		0x02, 0, 5, 0, 0xa1, 0x0f, 0, 0,
		0x04, 0, 0, 0, 0xff, 0xff, 0xff, 0xff,
		0x10, 0, 5, 0, 0xff, 0xff, 0xff, 0xff,
		0x20, 0, 0, 0, 0xff, 0xff, 0xff, 0xff,
	};

	file(&t, "x", 0700, "#!/bin/sh\n");
	expect(&t, "x", &user, SPATH_CANNOT_RUN, "/x' is not executable");
	ck_assert_int_eq(setxattr(at(&t, "x"), "system.posix_acl_access", acl, sizeof(acl), 0), 0);
	expect(&t, "x", &user, SPATH_OK, "");
	tree_done(&t);
}
END_TEST

START_TEST(a_noexec_mount_is_named)
{
	struct tree t = tree_new(MS_NOEXEC);

	file(&t, "x", 0755, "#!/bin/sh\n");
	expect(&t, "x", &root, SPATH_CANNOT_RUN, "/x' is on a file system mounted noexec");
	tree_done(&t);
}
END_TEST

START_TEST(a_bare_name_is_searched)
{
	struct tree t = tree_new(0);
	struct spath_answer a;

	ck_verdict(&t, "sh", &root, SPATH_OK, "", __LINE__);
	spath_judge((const char *[]){ "env", NULL }, &user, SENV_PATH, &a);
	ck_assert_str_eq(a.file, "/usr/bin/env");
	ck_verdict(&t, "hf-no-such", &root, SPATH_CANNOT_RUN,
		   "'hf-no-such' is in none of the directories " SENV_PATH, __LINE__);

	/* One that exists but cannot run is better news than none. */
	ck_assert_int_eq(mount("none", "/usr/local", "tmpfs", 0, "mode=0755"), 0);
	ck_assert_int_eq(mkdir("/usr/local/sbin", 0755), 0);
	file(&t, "dud", 0644, "x");
	ck_assert_int_eq(symlink(at(&t, "dud"), "/usr/local/sbin/hf-dud"), 0);
	ck_verdict(&t, "hf-dud", &root, SPATH_CANNOT_RUN, "/dud' is not executable", __LINE__);
	ck_assert_int_eq(umount("/usr/local"), 0);
	tree_done(&t);
}
END_TEST

START_TEST(odd_paths_stay_within_bounds)
{
	struct tree t = tree_new(0);
	char *path = malloc(3 * PATH_MAX);

	ck_assert_ptr_nonnull(path);
	memset(path, 'x', 3 * PATH_MAX);
	path[0] = '/';
	path[NAME_MAX + 2] = '\0';
	ck_verdict(&t, path, &root, SPATH_CANNOT_RUN, "is too long", __LINE__);
	path[NAME_MAX + 2] = 'x';
	path[3 * PATH_MAX - 1] = '\0';
	ck_verdict(&t, path, &root, SPATH_CANNOT_RUN, "is too long", __LINE__);
	ck_verdict(&t, path + 1, &root, SPATH_CANNOT_RUN, "", __LINE__);
	for (size_t i = 0; i < 3 * PATH_MAX - 1; i++)
		path[i] = i % 2 ? '.' : '/';
	ck_verdict(&t, path + 3 * PATH_MAX - 1002, &root, SPATH_CANNOT_RUN, "", __LINE__);
	expect(&t, "a\nb\x1b[2J", &root, SPATH_CANNOT_RUN, "/a?b?[2J' does not exist");
	free(path);
	tree_done(&t);
}
END_TEST

/* ---- unsafe, however the walk ends --------------------------------------------------------- */

START_TEST(what_others_could_put_there_is_unsafe)
{
	struct tree t = tree_new(0);

	directory(&t, "his", 0755);
	ck_assert_int_eq(chown(at(&t, "his"), 4001, 4001), 0);
	file(&t, "his/plain", 0644, "x");
	directory(&t, "sticky", 01777);
	directory(&t, "staff", 0775);
	ck_assert_int_eq(chown(at(&t, "staff"), 0, 50), 0);
	ck_assert_int_eq(symlink("his/later", at(&t, "tohis")), 0);
	ck_assert_int_eq(symlink("sticky/later", at(&t, "tosticky")), 0);

	expect(&t, "his/later", &root, SPATH_UNSAFE, "/his' belongs to user 4001");
	expect(&t, "his/plain", &root, SPATH_UNSAFE, "/his' belongs to user 4001");
	expect(&t, "his/plain/x", &root, SPATH_UNSAFE, "/his' belongs to user 4001");
	expect(&t, "his/later/x", &root, SPATH_UNSAFE, "/his' belongs to user 4001");
	expect(&t, "tohis", &root, SPATH_UNSAFE, "/his' belongs to user 4001");
	expect(&t, "staff/later", &root, SPATH_UNSAFE, "/staff' can be written by group 50");
	/* What is there and root's nobody else can take away; what is not there they can make. */
	expect(&t, "sticky/later", &root, SPATH_UNSAFE,
	       "/sticky/later' is not there and could be put there by everybody");
	expect(&t, "sticky/a/b", &root, SPATH_UNSAFE, "/sticky/a' is not there");
	expect(&t, "tosticky", &root, SPATH_UNSAFE, "/sticky/later' is not there");
	expect(&t, "nowhere/x", &root, SPATH_CANNOT_RUN, "/nowhere' does not exist");
	expect(&t, "his/later", &user, SPATH_CANNOT_RUN, "/later' does not exist");
	tree_done(&t);
}
END_TEST

START_TEST(both_are_told_of_what_is_unsafe_and_cannot_run)
{
	struct tree t = tree_new(0);
	struct spath_answer a;

	directory(&t, "his", 0755);
	ck_assert_int_eq(chown(at(&t, "his"), 4001, 4001), 0);
	spath_judge((const char *[]){ at(&t, "his/later"), NULL }, &root, SENV_PATH, &a);
	ck_assert(!a.safe && !a.runs);
	ck_assert_ptr_nonnull(strstr(a.unsafe, "belongs to user 4001, and runs as root"));
	ck_assert_ptr_nonnull(strstr(a.why, "/later' does not exist"));
	tree_done(&t);
}
END_TEST

START_TEST(a_link_of_a_user_is_unsafe_wherever_it_leads)
{
	struct tree t = tree_new(0);

	directory(&t, "his", 0755);
	ck_assert_int_eq(chown(at(&t, "his"), 4001, 4001), 0);
	file(&t, "good", 0755, "#!/bin/sh\n");
	ck_assert_int_eq(symlink(at(&t, "good"), at(&t, "his/link")), 0);
	ck_assert_int_eq(symlink("his/link", at(&t, "tolink")), 0);
	ck_assert_int_eq(symlink("his/../good", at(&t, "through")), 0);
	expect(&t, "his/link", &root, SPATH_UNSAFE, "/his' belongs to user 4001");
	expect(&t, "tolink", &root, SPATH_UNSAFE, "/his' belongs to user 4001");
	expect(&t, "through", &root, SPATH_UNSAFE, "/his' belongs to user 4001");
	tree_done(&t);
}
END_TEST

START_TEST(an_access_list_that_lets_others_write_is_unsafe)
{
	struct tree t = tree_new(0);
	/* Version 2; owner rwx, user 4001 rwx, group r-x, mask rwx, others r-x. */
	static const unsigned char acl[] = {
		2, 0, 0, 0,
		0x01, 0, 7, 0, 0xff, 0xff, 0xff, 0xff,
		0x02, 0, 7, 0, 0xa1, 0x0f, 0, 0,
		0x04, 0, 5, 0, 0xff, 0xff, 0xff, 0xff,
		0x10, 0, 7, 0, 0xff, 0xff, 0xff, 0xff,
		0x20, 0, 5, 0, 0xff, 0xff, 0xff, 0xff,
	};

	file(&t, "x", 0755, "#!/bin/sh\n");
	directory(&t, "d", 0755);
	file(&t, "d/x", 0755, "#!/bin/sh\n");
	expect(&t, "x", &root, SPATH_OK, "");
	ck_assert_int_eq(setxattr(at(&t, "x"), "system.posix_acl_access", acl, sizeof(acl), 0), 0);
	ck_assert_int_eq(setxattr(at(&t, "d"), "system.posix_acl_access", acl, sizeof(acl), 0), 0);
	expect(&t, "x", &root, SPATH_UNSAFE, "/x' can be written by user 4001");
	expect(&t, "d/x", &root, SPATH_UNSAFE, "/d' can be written by user 4001");
	expect(&t, "d/none", &root, SPATH_UNSAFE, "/d' can be written by user 4001");
	tree_done(&t);
}
END_TEST

START_TEST(the_interpreter_must_be_safe_too)
{
	struct tree t = tree_new(0);
	char text[256];

	file(&t, "his", 0755, "\177ELF");
	ck_assert_int_eq(chown(at(&t, "his"), 4001, 0), 0);
	snprintf(text, sizeof(text), "#!%s\n", at(&t, "his"));
	file(&t, "x", 0755, text);
	snprintf(text, sizeof(text), "#!/usr/bin/env -S A=1 %s -u\n", at(&t, "his"));
	file(&t, "byenv", 0755, text);
	file(&t, "env", 0755, "#!/usr/bin/env sh\n");
	file(&t, "envlost", 0755, "#!/usr/bin/env hf-no-such\n");
	file(&t, "envwindows", 0755, "#!/usr/bin/env sh\r\n");
	expect(&t, "x", &root, SPATH_UNSAFE, "its interpreter");
	expect(&t, "x", &root, SPATH_UNSAFE, "/his' belongs to user 4001");
	expect(&t, "byenv", &root, SPATH_UNSAFE, "/his' belongs to user 4001");
	expect(&t, "env", &root, SPATH_OK, "");
	expect(&t, "env", &user, SPATH_OK, "");
	expect(&t, "envlost", &root, SPATH_CANNOT_RUN, "'hf-no-such' is in none of");
	expect(&t, "envwindows", &root, SPATH_CANNOT_RUN, "Windows line ends");
	/* env looks again at each run: who can put one before it decides what it finds. */
	ck_assert_int_eq(mount("none", "/usr/local", "tmpfs", 0, "mode=0755"), 0);
	ck_assert_int_eq(mkdir("/usr/local/bin", 0755), 0);
	expect(&t, "env", &root, SPATH_OK, "");
	ck_assert_int_eq(chown("/usr/local/bin", 0, 50), 0);
	ck_assert_int_eq(chmod("/usr/local/bin", 02775), 0);
	expect(&t, "env", &root, SPATH_UNSAFE, "/usr/local/bin' can be written by group 50");
	/* A name of ours is executed where it was found. */
	ck_verdict(&t, "sh", &root, SPATH_OK, "", __LINE__);
	ck_assert_int_eq(umount("/usr/local"), 0);
	tree_done(&t);
}
END_TEST

/* Both are judged: the file, and the shell that runs it. */
START_TEST(a_text_and_its_shell_must_be_safe)
{
	struct tree t = tree_new(0);
	char shell[PATH_MAX];

	file(&t, "text", 0755, "exit 0\n");
	expect(&t, "text", &root, SPATH_OK, "");
	ck_assert(spath_is_for_shell(at(&t, "text")));
	ck_assert_int_eq(chown(at(&t, "text"), 4001, 0), 0);
	expect(&t, "text", &root, SPATH_UNSAFE, "/text' belongs to user 4001");
	ck_assert_int_eq(chown(at(&t, "text"), 0, 0), 0);

	ck_assert_ptr_nonnull(realpath("/bin/sh", shell));
	file(&t, "sh", 0777, "\177ELF");
	ck_assert_int_eq(mount(at(&t, "sh"), shell, NULL, MS_BIND, NULL), 0);
	expect(&t, "text", &root, SPATH_UNSAFE, "its interpreter '/bin/sh': ");
	ck_assert_int_eq(umount(shell), 0);
	tree_done(&t);
}
END_TEST

START_TEST(what_is_no_text_is_for_no_shell)
{
	static const char *const wrong[] = { "", "#!/bin/sh\n", "\177ELF\1\1\n", "a\001b\n" };
	struct tree t = tree_new(0);

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		file(&t, "x", 0755, wrong[i]);
		ck_assert_msg(!spath_is_for_shell(at(&t, "x")), "%zu", i);
	}
	ck_assert(!spath_is_for_shell(t.dir) && !spath_is_for_shell("/nowhere"));
	tree_done(&t);
}
END_TEST

START_TEST(what_an_interpreter_is_to_run_must_be_safe)
{
	struct tree t = tree_new(0);

	file(&t, "his", 0755, "#!/bin/sh\n");
	ck_assert_int_eq(chown(at(&t, "his"), 4001, 0), 0);
	file(&t, "good", 0644, "x");
	const char *his = at(&t, "his"), *good = at(&t, "good");
	const char *const rows[][6] = {
		{ "/bin/sh", his, NULL }, { "sh", "-e", his, good, NULL },
		{ "/usr/bin/timeout", "5", "/bin/sh", "-x", his, NULL },
		{ "/usr/bin/env", "A=/x", his, NULL },
	};
	const char *const fine[][6] = {
		{ "/bin/sh", good, his, NULL }, { "/bin/cat", his, NULL },
		{ "/bin/sh", "-c", his, NULL }, { "/usr/bin/env", "sh", good, NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		ck_command(&t, rows[i], &root, SPATH_UNSAFE, "/his' belongs to user 4001", (int)i);
		ck_command(&t, rows[i], &user, SPATH_OK, "", (int)i);
	}
	for (size_t i = 0; i < sizeof(fine) / sizeof(*fine); i++)
		ck_command(&t, fine[i], &root, SPATH_OK, "", (int)i);
	tree_done(&t);
}
END_TEST

START_TEST(group_root_is_worth_guarding_too)
{
	static const struct user_ids grouped = { 4001, 0, false };
	struct tree t = tree_new(0);

	file(&t, "his", 0755, "#!/bin/sh\n");
	ck_assert_int_eq(chown(at(&t, "his"), 4001, 0), 0);
	expect(&t, "his", &grouped, SPATH_UNSAFE, "/his' belongs to user 4001, and runs in group");
	ck_assert(spath_privileged(&root) && spath_privileged(&grouped));
	ck_assert(!spath_privileged(&user));
	tree_done(&t);
}
END_TEST

START_TEST(names_that_change_by_themselves_are_unsafe)
{
	struct tree t = tree_new(0);
	char path[64];

	ck_verdict(&t, "/proc/self/exe", &root, SPATH_UNSAFE, "'/proc' changes by itself",
		   __LINE__);
	snprintf(path, sizeof(path), "/dev/fd/0/../../../..%.30s/x", t.dir);
	ck_verdict(&t, path, &root, SPATH_UNSAFE, "'/proc' changes by itself", __LINE__);
	tree_done(&t);
}
END_TEST

/* Answers for a file system of one directory, which it says is root's. */
static _Noreturn void serve_fuse(int fd)
{
	static char in[1 << 20];
	struct {
		struct fuse_out_header head;
		union {
			struct fuse_init_out init;
			struct fuse_attr_out attr;
			struct fuse_statfs_out statfs;
		};
	} out;

	while (read(fd, in, sizeof(in)) > 0) {
		struct fuse_in_header *request = (struct fuse_in_header *)(void *)in;
		size_t len = 0;

		memset(&out, 0, sizeof(out));
		if (request->opcode == FUSE_INIT) {
			out.init = (struct fuse_init_out){ .major = 7, .minor = 31,
							   .max_write = 4096 };
			len = sizeof(out.init);
		} else if (request->opcode == FUSE_GETATTR) {
			out.attr.attr = (struct fuse_attr){ .ino = 1, .nlink = 2,
							    .mode = S_IFDIR | 0755 };
			len = sizeof(out.attr);
		} else if (request->opcode == FUSE_STATFS) {
			len = sizeof(out.statfs);
		}
		out.head.unique = request->unique;
		out.head.error = len ? 0 : request->opcode == FUSE_LOOKUP ? -ENOENT : -ENOSYS;
		out.head.len = (uint32_t)(sizeof(out.head) + len);
		if (request->opcode != FUSE_FORGET && write(fd, &out, out.head.len) < 0)
			break;
	}
	_exit(0);
}

START_TEST(a_file_system_of_a_user_is_unsafe)
{
	struct tree t = tree_new(0);
	int fd = open("/dev/fuse", O_RDWR);
	char options[100];
	pid_t pid;

	ck_assert_int_ge(fd, 0);
	directory(&t, "sticky", 01777);
	directory(&t, "sticky/m", 0755);
	ck_assert_int_eq(chown(at(&t, "sticky/m"), 4001, 4001), 0);
	directory(&t, "mnt", 0755);
	snprintf(options, sizeof(options), "fd=%d,rootmode=40755,user_id=4001,group_id=4001,"
		 "allow_other", fd);
	ck_assert_int_eq(mount("none", at(&t, "sticky/m"), "fuse", 0, options), 0);
	pid = fork();
	if (pid == 0)
		serve_fuse(fd);
	expect(&t, "sticky/m/x", &root, SPATH_UNSAFE, "/sticky/m' may be a user's own file system");
	/* One that root has put where only root can is as good as any. */
	ck_assert_int_eq(mount(at(&t, "sticky/m"), at(&t, "mnt"), NULL, MS_BIND, NULL), 0);
	expect(&t, "mnt/x", &root, SPATH_CANNOT_RUN, "/mnt/x' does not exist");
	ck_assert_int_eq(umount2(at(&t, "mnt"), MNT_DETACH), 0);
	ck_assert_int_eq(umount2(at(&t, "sticky/m"), MNT_DETACH), 0);
	close(fd);
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
	tree_done(&t);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("script_path");
	TCase *t = tcase_create("script_path");
	SRunner *r;
	int failed;

	tcase_add_test(t, a_plain_script_is_fine);
	tcase_add_test(t, the_component_that_is_missing_is_named);
	tcase_add_test(t, modes_are_read_as_the_script_user);
	tcase_add_test(t, the_interpreter_is_walked_too);
	tcase_add_test(t, what_others_could_replace_is_unsafe_for_root);
	tcase_add_test(t, an_access_list_counts_as_permission);
	tcase_add_test(t, a_noexec_mount_is_named);
	tcase_add_test(t, a_bare_name_is_searched);
	tcase_add_test(t, odd_paths_stay_within_bounds);
	tcase_add_test(t, what_others_could_put_there_is_unsafe);
	tcase_add_test(t, both_are_told_of_what_is_unsafe_and_cannot_run);
	tcase_add_test(t, a_link_of_a_user_is_unsafe_wherever_it_leads);
	tcase_add_test(t, an_access_list_that_lets_others_write_is_unsafe);
	tcase_add_test(t, the_interpreter_must_be_safe_too);
	tcase_add_test(t, a_text_and_its_shell_must_be_safe);
	tcase_add_test(t, what_is_no_text_is_for_no_shell);
	tcase_add_test(t, what_an_interpreter_is_to_run_must_be_safe);
	tcase_add_test(t, group_root_is_worth_guarding_too);
	tcase_add_test(t, names_that_change_by_themselves_are_unsafe);
	tcase_add_test(t, a_file_system_of_a_user_is_unsafe);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
