/*
 * Into the background, and systemd's readiness protocol.
 *
 * The waiting process in front learns the outcome over a pipe: one octet, the exit status. The end
 * of the pipe without it means that the daemon died. The daemon is no session leader, so that no
 * terminal it opens by accident becomes its own.
 */
#include "sys/daemonize.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORD_WAIT_MS 200		/* for room in systemd's queue */
#define STORE_WAIT_MS 20		/* there may be many of these */

/* ---- the background ------------------------------------------------------------------------ */

/* Waits for the daemon's word and ends with it. */
static _Noreturn void wait_in_front(int fd, pid_t child)
{
	uint8_t status = 1;
	ssize_t n;

	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	do {
		n = read(fd, &status, 1);
	} while (n < 0 && errno == EINTR);
	_exit(n == 1 ? status : 1);
}

int dmz_background(void)
{
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	child = fork();
	if (child < 0) {
		close(ends[0]);
		close(ends[1]);
		return -1;
	}
	if (child) {
		close(ends[1]);
		wait_in_front(ends[0], child);
	}
	close(ends[0]);
	setsid();
	child = fork();
	if (child)	/* a failed fork closes the pipe without a word as well */
		_exit(child < 0);
	if (chdir("/"))
		return -1;
	return ends[1];
}

int dmz_null(void)
{
	return open("/dev/null", O_RDWR | O_CLOEXEC);
}

void dmz_leave_terminal(int null_fd)
{
	if (null_fd < 0)
		return;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		dup2(null_fd, fd);
	if (null_fd > STDERR_FILENO)
		close(null_fd);
}

void dmz_ready(int fd, int status)
{
	uint8_t octet = (uint8_t)status;

	if (fd < 0)
		return;
	if (!status)
		dmz_leave_terminal(dmz_null());
	while (write(fd, &octet, 1) < 0 && errno == EINTR)
		;
	close(fd);
}

/* ---- systemd ------------------------------------------------------------------------------- */

void sdn_open(struct sdn *s)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t len = path ? strlen(path) : 0;

	s->fd = -1;
	if (len < 2 || len >= sizeof(to.sun_path) || (path[0] != '/' && path[0] != '@'))
		return;
	memcpy(to.sun_path, path, len);
	if (path[0] == '@')
		to.sun_path[0] = '\0';
	unsetenv("NOTIFY_SOCKET");
	s->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s->fd < 0)
		return;
	if (connect(s->fd, (struct sockaddr *)&to, offsetof(struct sockaddr_un, sun_path) + len))
		sdn_close(s);
}

/* Its queue may hold ten messages only (net.unix.max_dgram_qlen): a moment for it to read them. */
static void deliver(const struct sdn *s, const struct msghdr *message, int wait_ms)
{
	struct pollfd room = { .fd = s->fd, .events = POLLOUT };

	if (sendmsg(s->fd, message, MSG_NOSIGNAL) >= 0 || errno != EAGAIN)
		return;
	if (poll(&room, 1, wait_ms) > 0)
		sendmsg(s->fd, message, MSG_NOSIGNAL);
}

static void tell(const struct sdn *s, const char *text)
{
	struct iovec iov = { (void *)text, strlen(text) };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (s->fd >= 0)
		deliver(s, &message, WORD_WAIT_MS);
}

void sdn_ready(const struct sdn *s)
{
	tell(s, "READY=1");
}

void sdn_reloading(const struct sdn *s)
{
	char text[80];
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);	/* systemd's, which does not count suspended time */
	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%lld",
		 now.tv_sec * 1000000LL + now.tv_nsec / 1000);
	tell(s, text);
}

void sdn_stopping(const struct sdn *s)
{
	tell(s, "STOPPING=1");
}

void sdn_status(const struct sdn *s, const char *text)
{
	char line[512];

	snprintf(line, sizeof(line), "STATUS=%s", text);
	tell(s, line);
}

void sdn_watchdog(const struct sdn *s)
{
	tell(s, "WATCHDOG=1");
}

void sdn_store(const struct sdn *s, const char *name, int fd)
{
	char text[128];
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	/* polling would drop what is at its end; a memory always is */
	int n = snprintf(text, sizeof(text), "FDSTORE=1\nFDNAME=%s\nFDPOLL=0", name);
	struct iovec iov = { text, (size_t)n };
	struct msghdr message = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control.bytes, .msg_controllen = sizeof(control.bytes),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&message);

	if (s->fd < 0)
		return;
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	deliver(s, &message, STORE_WAIT_MS);
}

void sdn_unstore(const struct sdn *s, const char *name)
{
	char text[128];

	snprintf(text, sizeof(text), "FDSTOREREMOVE=1\nFDNAME=%s", name);
	tell(s, text);
}

void sdn_close(struct sdn *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}
