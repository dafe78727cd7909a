/*
 * Messages between the keeper and an engine, checked on the way in.
 *
 * The keeper is root and reads what a process says that talks to the network: so there is no
 * length, offset or pointer in a message, and one table to hold it against.
 */
#include "sys/keepwire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct rule {
	enum kpw_side to;
	uint8_t fds_least, fds_most;
} rules[KPW_N_KINDS] = {
	[KPW_GO] = { KPW_ENGINE, 0, 0 },
	[KPW_STOP] = { KPW_ENGINE, 0, 0 },
	[KPW_RELOAD] = { KPW_ENGINE, 1, 1 },
	[KPW_NO_RELOAD] = { KPW_ENGINE, 0, 1 },
	[KPW_PING] = { KPW_ENGINE, 0, 0 },
	[KPW_SOCKETS] = { KPW_ENGINE, 1, KPW_FDS_MAX },
	[KPW_LET_GO] = { KPW_ENGINE, 0, 0 },
	[KPW_TAKE_CLIENT] = { KPW_ENGINE, 1, 1 },
	[KPW_RUNNER] = { KPW_ENGINE, 1, 1 },
	[KPW_READY] = { KPW_KEEPER, 0, 0 },
	[KPW_STARTED] = { KPW_KEEPER, 0, 0 },
	[KPW_PONG] = { KPW_KEEPER, 0, 0 },
	[KPW_WANT_SOCKET] = { KPW_KEEPER, 0, 0 },
	[KPW_SOCKET_CLOSED] = { KPW_KEEPER, 0, 0 },
	[KPW_WANT_RELOAD] = { KPW_KEEPER, 0, 0 },
	[KPW_RELOADED] = { KPW_KEEPER, 0, 0 },
	[KPW_CLIENT] = { KPW_KEEPER, 1, 1 },
	[KPW_LEFT] = { KPW_KEEPER, 0, 0 },
	[KPW_LOADED] = { KPW_READER, 1, 1 },
	[KPW_UPGRADE] = { KPW_UPGRADER, 0, 1 },
	[KPW_UPGRADED] = { KPW_OPERATOR, 0, 0 },
	[KPW_REFUSED] = { KPW_OPERATOR, 0, 0 },
};

union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(KPW_FDS_MAX * sizeof(int))];
};

int kpw_pair(int ends[2])
{
	int kinds = SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK;

	return socketpair(AF_UNIX, kinds, 0, ends) ? errno : 0;
}

int kpw_send(int fd, const struct kpw *m, const int *fds, size_t n_fds)
{
	struct kpw out = *m;
	struct iovec iov = { &out, sizeof(out) };
	union control control;
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t n;

	if (n_fds > KPW_FDS_MAX)
		return E2BIG;
	out.version = KPW_VERSION;
	if (n_fds) {
		memset(&control, 0, sizeof(control));
		message.msg_control = control.bytes;
		message.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		struct cmsghdr *c = CMSG_FIRSTHDR(&message);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(c), fds, n_fds * sizeof(int));
	}
	do
		n = sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? errno : 0;
}

int kpw_say(int fd, enum kpw_kind kind, uint32_t arg, uint64_t value)
{
	struct kpw m = { .kind = (uint16_t)kind, .arg = arg, .value = value };

	return kpw_send(fd, &m, NULL, 0);
}

/* Several of these could come only from somebody who plays foul; all are taken, to be closed. */
static void take_fds(struct msghdr *message, struct kpw_got *out)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
		size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		if (n > KPW_FDS_MAX - out->n_fds)
			n = KPW_FDS_MAX - out->n_fds;
		memcpy(out->fds + out->n_fds, CMSG_DATA(c), n * sizeof(int));
		out->n_fds += n;
	}
}

static bool fits(const struct kpw_got *got, enum kpw_side me)
{
	const struct kpw *m = &got->m;

	return m->version == KPW_VERSION && m->kind < KPW_N_KINDS && rules[m->kind].to == me &&
	       got->n_fds >= rules[m->kind].fds_least && got->n_fds <= rules[m->kind].fds_most &&
	       memchr(m->text, '\0', sizeof(m->text));
}

enum kpw_result kpw_recv(int fd, enum kpw_side me, struct kpw_got *out)
{
	struct iovec iov = { &out->m, sizeof(out->m) };
	union control control;
	struct msghdr message = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control.bytes, .msg_controllen = sizeof(control.bytes),
	};
	ssize_t n;

	out->n_fds = 0;
	do
		n = recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? KPW_EMPTY : KPW_END;
	if (n == 0)
		return KPW_END;
	take_fds(&message, out);
	if (n == (ssize_t)sizeof(out->m) && !(message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) &&
	    fits(out, me))
		return KPW_GOT;
	kpw_drop(out);
	return KPW_BAD;
}

void kpw_drop(struct kpw_got *got)
{
	for (size_t i = 0; i < got->n_fds; i++)
		if (got->fds[i] >= 0)
			close(got->fds[i]);
	got->n_fds = 0;
}
