/*
 * Sealed memfds, written once and read by anybody.
 *
 * A reader checks the seals itself: without them the writer could still change under its eyes what
 * has just been found to be right.
 */
#include "sys/sealed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U	/* Linux 6.3 */
#endif
#define SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

static int put(int fd, const char *octets, size_t len)
{
	while (len) {
		ssize_t n = write(fd, octets, len);

		if (n < 0 && errno != EINTR)
			return errno;
		octets += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return fcntl(fd, F_ADD_SEALS, SEALS) < 0 ? errno : 0;
}

/* What a process writes that has been taken over must not be a program for anybody. */
int sld_memfd(const char *name)
{
	unsigned int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd = memfd_create(name, flags | MFD_NOEXEC_SEAL), error;

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create(name, flags);
	if (fd < 0 || !fchmod(fd, 0600))
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

int sld_write(const char *name, const void *octets, size_t len)
{
	int fd = sld_memfd(name);
	int error = fd < 0 ? errno : put(fd, octets, len);

	if (!error)
		return fd;
	if (fd >= 0)
		close(fd);
	errno = error;
	return -1;
}

static int get(int fd, char *to, size_t len)
{
	size_t got = 0;

	while (got < len) {
		ssize_t n = pread(fd, to + got, len - got, (off_t)got);

		if (n == 0)
			return EIO;
		if (n < 0 && errno != EINTR)
			return errno;
		got += n > 0 ? (size_t)n : 0;
	}
	to[len] = '\0';
	return 0;
}

char *sld_read(int fd, size_t max, size_t *len)
{
	int seals = fcntl(fd, F_GET_SEALS), error;
	struct stat st;
	char *octets;

	if (seals < 0 || (seals & SEALS) != SEALS) {
		errno = EPERM;
		return NULL;
	}
	if (fstat(fd, &st) < 0)
		return NULL;
	if (st.st_size < 0 || (size_t)st.st_size > max) {
		errno = EFBIG;
		return NULL;
	}
	*len = (size_t)st.st_size;
	octets = malloc(*len + 1);
	if (!octets)
		return NULL;
	error = get(fd, octets, *len);
	if (!error)
		return octets;
	free(octets);
	errno = error;
	return NULL;
}
