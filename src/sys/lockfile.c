/*
 * The lock of a daemon.
 *
 * The write lock stands on the first octet, the engines' read locks on the second. Between opening
 * and locking, a daemon that ends may remove the file: then we hold the lock of a file without a
 * name, and the next daemon would not see it. So the name is compared with what is locked.
 */
#include "sys/lockfile.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PAUSE_NS (10 * 1000 * 1000)
#define PAUSES 100			/* a second: what was killed needs some of it to end */
#define KEEPER_AT 0
#define ENGINES_AT 1

static void pause_a_moment(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = PAUSE_NS }, NULL);
}

static bool still_named(int fd, const char *path)
{
	struct stat open_one, named;

	return !fstat(fd, &open_one) && !lstat(path, &named) && open_one.st_dev == named.st_dev &&
	       open_one.st_ino == named.st_ino;
}

/* Whether nobody else can have opened it. */
static bool is_private(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISREG(st.st_mode) && (st.st_mode & 077) == 0 &&
	       st.st_uid == geteuid();
}

static pid_t read_pid(int fd)
{
	char text[32] = "";
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	return n > 0 ? (pid_t)strtol(text, NULL, 10) : 0;
}

static int write_pid(int fd)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

	if (ftruncate(fd, 0))
		return errno;
	return pwrite(fd, text, (size_t)n, 0) == n ? 0 : EIO;
}

/* Who has a lock on the octet: its PID, -1 when that is not known here, 0: nobody else. *TYPE may
 * be NULL. */
static pid_t holder_at(int fd, off_t at, short *type)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = at, .l_len = 1 };

	if (fcntl(fd, F_OFD_GETLK, &lock) || lock.l_type == F_UNLCK)
		return 0;
	if (type)
		*type = lock.l_type;
	return lock.l_pid > 0 ? lock.l_pid : -1;
}

/* One try: the locked descriptor, or -1 with errno; EBUSY: it was another file's name meanwhile. */
static int try_once(const char *path, pid_t *holder)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = KEEPER_AT,
			      .l_len = 1 };
	int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK;
	int fd = open(path, flags, 0600);
	int error = 0;

	if (fd < 0)
		return -1;
	if (!is_private(fd))
		error = EPERM;
	else if (fcntl(fd, F_OFD_SETLK, &lock))
		error = errno == EACCES ? EAGAIN : errno;
	else if (!still_named(fd, path))
		error = EBUSY;
	if (!error)
		return fd;
	if (error == EAGAIN)
		*holder = read_pid(fd);
	close(fd);
	errno = error;
	return -1;
}

/* The number may have become another process's between question and kill; a pidfd has not. Linux
 * before 5.3 has none: there the question comes as late as it can. */
static bool end(int fd, off_t at, pid_t pid)
{
	int process = pidfd_open(pid, 0);
	bool without = process < 0 && errno == ENOSYS;
	bool killed = false;

	if ((process >= 0 || without) && holder_at(fd, at, NULL) == pid)
		killed = (without ? kill(pid, SIGKILL) :
			  pidfd_send_signal(process, SIGKILL, NULL, 0)) == 0;
	if (process >= 0)
		close(process);
	return killed;
}

/*
 * A keeper's lock is a write lock. A read lock in its place is that of an engine which was made to
 * do what no engine does, and whose keeper is dead: it is ended, and the file it holds is left to
 * it. False: it is a write lock.
 */
static bool wrest(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
	short type = F_WRLCK;
	pid_t pid = fd < 0 ? 0 : holder_at(fd, KEEPER_AT, &type);

	if (type == F_RDLCK && pid > 0)
		end(fd, KEEPER_AT, pid);
	if (type == F_RDLCK)
		unlink(path);
	if (fd >= 0)
		close(fd);
	return type == F_RDLCK;
}

static int take_in_time(const char *path, pid_t *holder)
{
	int fd = try_once(path, holder);

	for (int i = 0; fd < 0 && (errno == EAGAIN || errno == EBUSY) && i < PAUSES; i++) {
		pause_a_moment();
		fd = try_once(path, holder);
	}
	if (fd >= 0 || errno != EAGAIN)
		return fd;
	if (wrest(path))
		return try_once(path, holder);
	errno = EAGAIN;
	return -1;
}

int lck_take(const char *path, pid_t *holder, char *why, size_t why_size)
{
	int fd = take_in_time(path, holder);
	int error = fd < 0 ? errno : write_pid(fd);

	if (!error)
		return fd;
	if (fd >= 0)
		close(fd);
	if (error == EAGAIN)
		snprintf(why, why_size, "daemon is already running: process %ld holds %s",
			 (long)*holder, path);
	else if (error == EPERM)
		snprintf(why, why_size, "the lock file %s is not a file of our own with mode 0600; "
			 "remove it", path);
	else
		snprintf(why, why_size, "cannot lock %s: %s", path, strerror(error));
	errno = error;
	return -1;
}

int lck_mark(const char *path)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = ENGINES_AT,
			      .l_len = 1 };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return errno;
	if (!fcntl(fd, F_SETLK, &lock))
		return 0;		/* closing the file would undo it */
	int error = errno;
	close(fd);
	return error;
}

int lck_end_orphans(int fd)
{
	pid_t last = 0, pid = holder_at(fd, ENGINES_AT, NULL);
	int killed = 0;

	for (int i = 0; pid && i < PAUSES; i++) {
		pause_a_moment();
		pid = holder_at(fd, ENGINES_AT, NULL);
	}
	for (int i = 0; pid && i < PAUSES; i++) {
		if (pid != last && pid > 0 && end(fd, ENGINES_AT, pid))
			killed++;
		last = pid;
		pause_a_moment();
		pid = holder_at(fd, ENGINES_AT, NULL);
	}
	return pid ? -1 : killed;
}

void lck_release(int fd, const char *path)
{
	if (fd < 0)
		return;
	if (still_named(fd, path))
		unlink(path);
	close(fd);
}
