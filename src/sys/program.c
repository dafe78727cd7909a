/*
 * Judging a program by its descriptor.
 *
 * The mode answers for access control lists, too: where there is one, the group's bits are its
 * mask, so an entry that lets somebody write shows there. What has no name any more is a memfd, or
 * the deleted file of a process that only seems to be one of ours.
 */
#include "sys/program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <linux/magic.h>

#define ELF_MAGIC "\177ELF"
#define ELF_MAGIC_LEN 4
#define FUSE_MAGIC 0x65735546
#define PIECE 8192			/* octets compared at once */

static bool refuse(char *why, const char *reason)
{
	snprintf(why, PRG_WHY_MAX, "%s", reason);
	return false;
}

static bool refuse_errno(char *why, const char *what)
{
	snprintf(why, PRG_WHY_MAX, "%s: %s", what, strerror(errno));
	return false;
}

static bool good_descriptor(int fd, char *why)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0)
		return refuse_errno(why, "its descriptor is of no use");
	if (flags & O_PATH)
		return refuse(why, "it was opened without the right to read it");
	if ((flags & O_ACCMODE) != O_RDONLY)
		return refuse(why, "it was opened for writing");
	return true;
}

static bool good_file(const struct stat *st, char *why)
{
	if (!S_ISREG(st->st_mode))
		return refuse(why, "it is not a regular file");
	if (st->st_uid != 0 && st->st_uid != geteuid()) {
		snprintf(why, PRG_WHY_MAX, "it belongs to user %u, not to root", st->st_uid);
		return false;
	}
	if (st->st_nlink == 0)
		return refuse(why, "it has no name: it is deleted, or was never on a disk");
	if (st->st_mode & (S_IWGRP | S_IWOTH)) {
		snprintf(why, PRG_WHY_MAX, "others than its owner can write it, by its mode or an "
			 "access control list (mode %04o)", st->st_mode & 07777);
		return false;
	}
	if (st->st_mode & (S_ISUID | S_ISGID))
		return refuse(why, "it lends its owner's rights (setuid or setgid)");
	return true;
}

/* Our own program is as good as what runs already, wherever it lies. */
static bool ours_lies_there(const struct stat *st)
{
	struct stat own;

	return stat("/proc/self/exe", &own) == 0 && own.st_dev == st->st_dev;
}

static bool good_file_system(int fd, const struct stat *st, char *why)
{
	struct statvfs mount;
	struct statfs fs;

	if (fstatfs(fd, &fs) || fstatvfs(fd, &mount))
		return refuse_errno(why, "its file system cannot be looked at");
	if (fs.f_type == PROC_SUPER_MAGIC || fs.f_type == SYSFS_MAGIC)
		return refuse(why, "it is made up by the kernel");
	if ((fs.f_type == FUSE_MAGIC || (mount.f_flag & ST_NOSUID)) && !ours_lies_there(st))
		return refuse(why, "it is on a file system that is mounted nosuid or served by a "
			      "program (FUSE), and so may be a user's");
	return true;
}

static bool is_program(int fd, char *why)
{
	char magic[ELF_MAGIC_LEN];
	ssize_t n = pread(fd, magic, sizeof(magic), 0);

	if (n < 0)
		return refuse_errno(why, "it cannot be read");
	if (n != ELF_MAGIC_LEN || memcmp(magic, ELF_MAGIC, ELF_MAGIC_LEN) != 0)
		return refuse(why, "it is not an ELF program");
	return true;
}

bool prg_trusted(int fd, char why[static PRG_WHY_MAX])
{
	struct stat st;

	if (!good_descriptor(fd, why))
		return false;
	if (fstat(fd, &st))
		return refuse_errno(why, "it cannot be looked at");
	return good_file(&st, why) && good_file_system(fd, &st, why) && is_program(fd, why);
}

static bool is_equal(int a, int b)
{
	char x[PIECE], y[PIECE];
	ssize_t n, m;

	for (off_t at = 0;; at += n) {
		n = pread(a, x, sizeof(x), at);
		m = pread(b, y, sizeof(y), at);
		if (n < 0 || n != m || memcmp(x, y, (size_t)n) != 0)
			return false;
		if (n == 0)
			return true;
	}
}

bool prg_same(int a, int b)
{
	struct stat x, y;

	if (fstat(a, &x) || fstat(b, &y) || x.st_size != y.st_size)
		return false;
	return (x.st_dev == y.st_dev && x.st_ino == y.st_ino) || is_equal(a, b);
}

/* execveat() with AT_EMPTY_PATH, where libc has no name for that. */
int prg_execute(int fd, char *const *argv, char *const *env)
{
	fexecve(fd, argv, env);
	return errno;
}
