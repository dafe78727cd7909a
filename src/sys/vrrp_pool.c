/*
 * The pool of raw sockets.
 *
 * A raw socket hears every packet of its protocol from the moment it is made, from whatever
 * interface, and would show it later as if it had come in on the one that it is bound to. So it is
 * made with a filter that lets nothing in, emptied of what came before the filter, and gets rid of
 * it after it was bound.
 */
#include "sys/vrrp_pool.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/filter.h>

#include "base/addr.h"
#include "core/packet.h"

struct entry {
	int fd;
	uint8_t family;
	int ifindex;			/* 0: unbound */
};

struct vpl {
	struct vpl_supply supply;
	struct entry *v;
	size_t n, size;
};

/* ---- who makes them ---- */

int vpl_make(uint8_t family)
{
	struct sock_filter nothing[] = { BPF_STMT(BPF_RET | BPF_K, 0) };
	struct sock_fprog deaf = { .len = 1, .filter = nothing };
	int domain = family == IP_V6 ? AF_INET6 : AF_INET;
	int fd = socket(domain, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, PKT_PROTO);
	char octet;
	int error;

	if (fd < 0)
		return -1;
	if (!setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &deaf, sizeof(deaf))) {
		while (recv(fd, &octet, 1, MSG_DONTWAIT) >= 0)
			;
		return fd;
	}
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

uint64_t vpl_cookie(int fd)
{
	uint64_t cookie = 0;
	socklen_t len = sizeof(cookie);

	return getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len) ? 0 : cookie;
}

/* ---- who uses them ---- */

struct vpl *vpl_new(const struct vpl_supply *supply)
{
	struct vpl *p = calloc(1, sizeof(*p));

	if (p)
		p->supply = *supply;
	return p;
}

void vpl_free(struct vpl *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n; i++)
		close(p->v[i].fd);
	free(p->v);
	free(p);
}

static int option(int fd, int name)
{
	int value = 0;
	socklen_t len = sizeof(value);

	return getsockopt(fd, SOL_SOCKET, name, &value, &len) ? 0 : value;
}

void vpl_give(struct vpl *p, int fd)
{
	if (p->n == p->size) {
		size_t size = p->size ? 2 * p->size : 16;
		struct entry *v = reallocarray(p->v, size, sizeof(*v));

		if (!v) {
			vpl_close(p, fd);
			return;
		}
		p->v = v;
		p->size = size;
	}
	p->v[p->n++] = (struct entry){
		.fd = fd, .ifindex = option(fd, SO_BINDTOIFINDEX),
		.family = option(fd, SO_DOMAIN) == AF_INET6 ? IP_V6 : IP_V4,
	};
}

static size_t find(const struct vpl *p, uint8_t family, int ifindex)
{
	size_t i = 0;

	while (i < p->n && (p->v[i].family != family || p->v[i].ifindex != ifindex))
		i++;
	return i;
}

static size_t unbound(const struct vpl *p, uint8_t family)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += p->v[i].family == family && !p->v[i].ifindex;
	return n;
}

int vpl_take(struct vpl *p, uint8_t family, int ifindex)
{
	size_t i = find(p, family, ifindex);
	int fd;

	if (i == p->n) {
		if (unbound(p, family) <= VPL_RESERVE)
			p->supply.want(p->supply.ctx, family);
		i = find(p, family, 0);
	}
	if (i == p->n) {
		errno = EAGAIN;
		return -1;
	}
	fd = p->v[i].fd;
	p->v[i] = p->v[--p->n];
	return fd;
}

int vpl_hear(int fd)
{
	int unused = 0;

	if (!setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof(unused)))
		return 0;
	return errno == ENOENT ? 0 : errno;	/* it had none */
}

void vpl_close(struct vpl *p, int fd)
{
	p->supply.closed(p->supply.ctx, vpl_cookie(fd));
	close(fd);
}

void vpl_settle(struct vpl *p)
{
	size_t i = 0;

	while (i < p->n) {
		if (!p->v[i].ifindex) {
			i++;
			continue;
		}
		vpl_close(p, p->v[i].fd);
		p->v[i] = p->v[--p->n];
	}
}
