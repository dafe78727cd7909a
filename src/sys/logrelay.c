/*
 * The relay of log lines: one octet of level, then the text.
 *
 * The receiver trusts neither: a level that does not exist is an error's, and the text is cleaned
 * like any foreign one.
 */
#include "sys/logrelay.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define AT_ONCE 64
#define QUEUE (1024 * 1024)

int lrl_pair(int ends[2])
{
	int size = QUEUE;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends))
		return errno;
	setsockopt(ends[1], SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
	return 0;
}

static bool put(const struct lrl *l, enum log_level level, const char *text)
{
	char message[1 + LOG_LINE_MAX];
	size_t len = strnlen(text, LOG_LINE_MAX);

	message[0] = (char)level;
	memcpy(message + 1, text, len);
	return send(l->fd, message, 1 + len, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
}

static void take_line(void *ctx, enum log_level level, const char *text)
{
	struct lrl *l = ctx;
	char count[LOG_LINE_MAX];

	if (l->dropped) {
		snprintf(count, sizeof(count),
			 "%u log lines were lost: they came faster than they can be taken",
			 l->dropped);
		if (put(l, LOG_LVL_WARN, count))
			l->dropped = 0;
	}
	if (!put(l, level, text))
		l->dropped++;
}

void lrl_log(struct lrl *l, int fd, enum log_level level, struct log *log)
{
	*l = (struct lrl){ .fd = fd };
	*log = (struct log){ .ctx = l, .line = take_line, .level = level };
}

bool lrl_receive(int fd, const struct log *log)
{
	char message[1 + LOG_LINE_MAX + 1];

	for (int i = 0; i < AT_ONCE; i++) {
		ssize_t n = recv(fd, message, 1 + LOG_LINE_MAX, MSG_DONTWAIT);
		enum log_level level = LOG_LVL_ERROR;

		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		if (n == 0)
			return false;
		message[n] = '\0';
		if ((unsigned char)message[0] <= LOG_LVL_DEBUG)
			level = (enum log_level)message[0];
		log_printf(log, level, "%s", message + 1);
	}
	return true;
}
