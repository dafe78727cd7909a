/*
 * The PID file.
 *
 * Between opening and writing, a daemon that ends may remove the file: then we would write into a
 * file without a name. So the name is compared with what is open.
 */
#include "sys/pidfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ATTEMPTS 10

struct pidf {
	int fd;
	char path[];
};

static bool still_named(int fd, const char *path)
{
	struct stat open_one, named;

	return !fstat(fd, &open_one) && !stat(path, &named) && open_one.st_dev == named.st_dev &&
	       open_one.st_ino == named.st_ino;
}

static pid_t read_pid(int fd)
{
	char text[32] = "";
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	return n > 0 ? (pid_t)strtol(text, NULL, 10) : 0;
}

/* Whether a process that may write the file has locked it, as keepalived does and we do. Whoever
 * may read it can have a read lock, which counts for nothing. */
static bool is_held(int fd, pid_t *holder)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };

	if (fcntl(fd, F_OFD_GETLK, &lock) || lock.l_type == F_UNLCK)
		return false;
	*holder = lock.l_pid > 0 ? lock.l_pid : read_pid(fd);
	return true;
}

/* A descriptor, locked if nobody reads it under a lock, or -1 with errno. */
static int open_file(const char *path, pid_t *holder)
{
	for (int i = 0; i < ATTEMPTS; i++) {
		struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
		int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY |
			      O_NONBLOCK, 0644);

		if (fd < 0)
			return -1;
		if (is_held(fd, holder)) {
			close(fd);
			errno = EAGAIN;
			return -1;
		}
		fcntl(fd, F_OFD_SETLK, &lock);
		if (still_named(fd, path))
			return fd;
		close(fd);
	}
	errno = EBUSY;
	return -1;
}

static int write_pid(int fd)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

	if (ftruncate(fd, 0))
		return errno;
	return pwrite(fd, text, (size_t)n, 0) == n ? 0 : EIO;
}

struct pidf *pidf_new(const char *path, pid_t *holder, char *why, size_t why_size)
{
	struct pidf *p = malloc(sizeof(*p) + strlen(path) + 1);
	int error;

	if (!p) {
		snprintf(why, why_size, "cannot keep the PID file %s: out of memory", path);
		return NULL;
	}
	strcpy(p->path, path);
	p->fd = open_file(path, holder);
	error = p->fd < 0 ? errno : write_pid(p->fd);
	if (!error)
		return p;
	if (error == EAGAIN && p->fd < 0)
		snprintf(why, why_size, "daemon is already running: process %ld holds %s",
			 (long)*holder, path);
	else
		snprintf(why, why_size, "cannot write the PID file %s: %s", path, strerror(error));
	if (p->fd >= 0)
		close(p->fd);
	free(p);
	errno = error;
	return NULL;
}

int pidf_fd(const struct pidf *p)
{
	return p->fd;
}

struct pidf *pidf_over(const char *path, int fd)
{
	struct pidf *p = malloc(sizeof(*p) + strlen(path) + 1);

	if (!p)
		return NULL;
	strcpy(p->path, path);
	p->fd = fd;
	return p;
}

void pidf_free(struct pidf *p)
{
	if (!p)
		return;
	if (still_named(p->fd, p->path))
		unlink(p->path);
	close(p->fd);
	free(p);
}
