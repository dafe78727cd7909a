/*
 * Asking a daemon that may be dead, deaf or asleep.
 *
 * A script that asks who holds the address must get an answer in bounded time, and "nobody
 * answers" is one. Each way to get no answer has a sentence of its own, because each calls for
 * something else.
 */
#include "main/client.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define US_PER_S 1000000
#define CHUNK 65536
#define HUNG_UP "the daemon has closed the connection"

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * (int64_t)US_PER_S + ts.tv_nsec / 1000;
}

/* Milliseconds to the deadline for poll(), rounded up; 0: it is over. */
static int left_ms(const struct clt *c)
{
	int64_t left = c->deadline_us - now_us();

	if (c->deadline_us == INT64_MAX)
		return -1;
	if (left <= 0)
		return 0;
	left = (left + 999) / 1000;
	return left > 3600 * 1000 ? 3600 * 1000 : (int)left;
}

static bool fail(const struct clt *c, char *why, const char *reason)
{
	snprintf(why, CLT_WHY_MAX, "no answer from %s: %s", c->path, reason);
	return false;
}

static bool fail_connect(const struct clt *c, char *why, int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		return fail(c, why, "there is no such socket; is holdfastd running?");
	case ECONNREFUSED:
		return fail(c, why, "nobody listens on it; the daemon that made it is dead");
	case EACCES:
	case EPERM:
		return fail(c, why, "you may not use it; only root and its group may");
	case EAGAIN:
		return fail(c, why, "the daemon does not take the connection in time");
	default:
		return fail(c, why, strerror(error));
	}
}

bool clt_is_read(int fd)
{
	struct pollfd p = { .fd = fd };

	return poll(&p, 1, 0) <= 0 || !(p.revents & (POLLERR | POLLHUP));
}

/* Waits for EVENTS. False: the time is over, nobody reads what we write, or poll() failed. */
static bool wait_for(const struct clt *c, short events, char *why)
{
	struct pollfd p[] = { { .fd = c->fd, .events = events }, { .fd = c->reader } };
	int n;

	do
		n = poll(p, 2, left_ms(c));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return fail(c, why, strerror(errno));
	if (p[1].revents & (POLLERR | POLLHUP))
		return fail(c, why, "nobody reads it");
	return n > 0 || fail(c, why, "the daemon does not answer in time");
}

bool clt_wait(const struct clt *c, char why[static CLT_WHY_MAX])
{
	return wait_for(c, POLLIN, why);
}

/* Blocks, for then the kernel lets us in in turn; who comes back now and then would find the queue
 * filled again by whoever waits in it. */
static int connect_in_time(const struct clt *c, const struct sockaddr_un *to)
{
	while (left_ms(c)) {
		int ms = left_ms(c);
		struct timeval left = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };

		if (setsockopt(c->fd, SOL_SOCKET, SO_SNDTIMEO, &left, sizeof(left)))
			return errno;
		if (connect(c->fd, (const struct sockaddr *)to, sizeof(*to)) == 0)
			return fcntl(c->fd, F_SETFL, O_NONBLOCK) ? errno : 0;
		if (errno != EINTR && errno != EAGAIN)
			return errno;
	}
	return EAGAIN;
}

bool clt_open(struct clt *c, const char *path, int64_t timeout_us, char why[static CLT_WHY_MAX])
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int error;

	*c = (struct clt){
		.path = path, .fd = -1, .reader = -1, .deadline_us = now_us() + timeout_us,
	};
	if (strlen(path) >= sizeof(to.sun_path))
		return fail(c, why, "the name is too long for a socket");
	strcpy(to.sun_path, path);
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0)
		return fail(c, why, strerror(errno));
	error = connect_in_time(c, &to);
	if (!error)
		return true;
	clt_close(c);
	c->absent = error == ENOENT || error == ENOTDIR || error == ECONNREFUSED;
	return fail_connect(c, why, error);
}

void clt_close(struct clt *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	free(c->buf);
	c->buf = NULL;
	c->len = c->size = c->taken = 0;
}

bool clt_send(struct clt *c, const char *line, char why[static CLT_WHY_MAX])
{
	size_t left = strlen(line);

	while (left) {
		ssize_t n = send(c->fd, line, left, MSG_NOSIGNAL);

		if (n < 0 && errno == EPIPE)
			return true;		/* its last words may say why */
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return fail(c, why, strerror(errno));
		if (n < 0 && !wait_for(c, POLLOUT, why))
			return false;
		if (n > 0) {
			line += n;
			left -= (size_t)n;
		}
	}
	return true;
}

/* Makes room for a chunk and the NUL. */
static bool grow(struct clt *c, char *why)
{
	size_t size = c->size ? 2 * c->size : 2 * CHUNK;
	char *grown;

	if (c->size > c->len + CHUNK)
		return true;
	if (c->len > CLT_LINE_MAX)
		return fail(c, why, "the answer is too long to be one");
	grown = realloc(c->buf, size);
	if (!grown)
		return fail(c, why, "there is no memory for the answer");
	c->buf = grown;
	c->size = size;
	return true;
}

static bool read_more(struct clt *c, char *why)
{
	ssize_t n;

	if (!grow(c, why))
		return false;
	n = recv(c->fd, c->buf + c->len, CHUNK, 0);
	if (n > 0) {
		c->len += (size_t)n;
		return true;
	}
	if (n == 0 || errno == ECONNRESET)
		return fail(c, why, HUNG_UP);
	if (errno != EAGAIN && errno != EINTR)
		return fail(c, why, strerror(errno));
	return wait_for(c, POLLIN, why);
}

const char *clt_line(struct clt *c, char why[static CLT_WHY_MAX])
{
	size_t seen = 0;
	char *end;

	c->len -= c->taken;
	if (c->len)
		memmove(c->buf, c->buf + c->taken, c->len);
	c->taken = 0;
	for (;;) {
		end = c->len > seen ? memchr(c->buf + seen, '\n', c->len - seen) : NULL;
		if (end)
			break;
		seen = c->len;
		if (!read_more(c, why))
			return NULL;
	}
	*end = '\0';
	c->taken = (size_t)(end - c->buf) + 1;
	return c->buf;
}

void clt_wait_for_ever(struct clt *c, int reader)
{
	c->deadline_us = INT64_MAX;
	c->reader = reader;
}
