/*
 * From one binary to the next, in the same process.
 */
#include "main/handover.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sys/sealed.h"

#define MAGIC UINT64_C(0x7265766f646e6168)
#define SOCKETS_MOST (2 * KSK_MOST)

struct socket_entry {
	int32_t fd;
	uint32_t family;
};

static void cross_exec(const struct hov *h, const struct ksk *sockets, bool cross)
{
	int flags = cross ? 0 : FD_CLOEXEC;

	for (size_t i = 0; i < HOV_N_FDS; i++)
		if (h->fds[i] >= 0)
			fcntl(h->fds[i], F_SETFD, flags);
	for (size_t i = 0; i < sockets->n; i++)
		fcntl(sockets->v[i].fd, F_SETFD, flags);
}

static bool put(int fd, const void *data, size_t len)
{
	return write(fd, data, len) == (ssize_t)len;
}

int hov_write(struct hov *h, const struct ksk *sockets)
{
	int fd = sld_memfd("holdfast-handover");

	if (fd < 0)
		return -1;
	h->magic = MAGIC;
	h->version = HOV_VERSION;
	h->size = sizeof(*h);
	h->n_sockets = (uint32_t)sockets->n;
	bool good = put(fd, h, sizeof(*h));
	for (size_t i = 0; i < sockets->n && good; i++) {
		struct socket_entry e = { sockets->v[i].fd, sockets->v[i].family };

		good = put(fd, &e, sizeof(e));
	}
	if (!good) {
		close(fd);
		errno = ENOSPC;
		return -1;
	}
	cross_exec(h, sockets, true);
	fcntl(fd, F_SETFD, 0);
	return fd;
}

void hov_cancel(const struct hov *h, const struct ksk *sockets)
{
	cross_exec(h, sockets, false);
}

int hov_inherited(void)
{
	const char *text = getenv(HOV_VARIABLE);
	int fd = text ? atoi(text) : -1;

	unsetenv(HOV_VARIABLE);
	return fd > STDERR_FILENO ? fd : -1;
}

static const char *read_all(int fd, struct hov *out, struct ksk *sockets)
{
	struct socket_entry e;

	if (lseek(fd, 0, SEEK_SET) || read(fd, out, sizeof(*out)) != (ssize_t)sizeof(*out) ||
	    out->magic != MAGIC)
		return "it is no hand-over";
	if (out->version != HOV_VERSION || out->size != sizeof(*out))
		return "it is a hand-over of another version";
	if (out->n_sockets > SOCKETS_MOST)
		return "it names too many sockets";
	out->key[sizeof(out->key) - 1] = '\0';
	for (uint32_t i = 0; i < out->n_sockets; i++) {
		if (read(fd, &e, sizeof(e)) != (ssize_t)sizeof(e))
			return "its end is missing";
		if (ksk_add(sockets, e.fd, (uint8_t)e.family))
			return "there is no memory for it";
	}
	return NULL;
}

bool hov_read(int fd, struct hov *out, struct ksk *sockets, const char **why)
{
	*why = read_all(fd, out, sockets);
	close(fd);
	if (*why)
		return false;
	cross_exec(out, sockets, false);
	return true;
}
