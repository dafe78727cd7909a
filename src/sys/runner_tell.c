/*
 * The keeper's channel to the runner, both ends.
 *
 * The keeper is trusted, but what it sends is still looked at: a message that is none of ours
 * changes nothing, and the descriptors beside it are closed.
 */
#include "sys/runner_tell.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FDS_MAX = 4 };		/* room for more than there may be, to close them */

union control {
	char room[CMSG_SPACE(FDS_MAX * sizeof(int))];
	struct cmsghdr align;
};

int tell_send(int fd, enum tell what, int set)
{
	char octet = (char)what;
	struct iovec iov = { &octet, 1 };
	union control control;
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (set >= 0) {
		memset(&control, 0, sizeof(control));
		m.msg_control = control.room;
		m.msg_controllen = CMSG_SPACE(sizeof(int));
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &set, sizeof(int));
	}
	return sendmsg(fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? errno : 0;
}

/* The first descriptor beside the message, or -1; all others are closed. */
static int take_fd(struct msghdr *m)
{
	int first = -1;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t at = 0; CMSG_LEN(at + sizeof(int)) <= c->cmsg_len; at += sizeof(int)) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + at, sizeof(int));
			if (first < 0)
				first = fd;
			else
				close(fd);
		}
	}
	return first;
}

static void act(struct rsets *all, char octet, int fd)
{
	struct rset *set;

	switch (octet) {
	case TELL_SET:
		set = rset_read(fd);
		if (set)
			rsets_add(all, set);
		break;
	case TELL_NEWEST:
	case TELL_BACK:
		rsets_settle(all, octet == TELL_NEWEST);
		break;
	default:
		break;
	}
}

enum tell_result tell_receive(int fd, struct rsets *all)
{
	char octet = 0;
	struct iovec iov = { &octet, 1 };
	union control control;
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.room,
		.msg_controllen = sizeof(control.room),
	};
	ssize_t n = recvmsg(fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (n == 0)
		return TELL_GONE;
	if (n < 0)
		return errno == ECONNRESET ? TELL_GONE : TELL_NOTHING;
	int set = take_fd(&m);
	if (octet == TELL_PING)
		send(fd, &octet, 1, MSG_DONTWAIT | MSG_NOSIGNAL);
	act(all, octet, set);
	if (set >= 0)
		close(set);
	return TELL_HEARD;
}
