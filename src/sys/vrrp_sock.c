/*
 * Raw sockets for adverts: why they are set up as they are.
 *
 * One socket an interface, for both directions. A socket of its own for sending would be delivered
 * every advert on the wire too, and would keep them until its buffer is full; this one is read.
 * Bound to the device, so that a packet is counted on the interface it came in on. The kernel makes
 * the IP header; the source is given with each packet, so that instances of one interface may
 * differ.
 *
 * A flood must not keep the loop from its other work: a callback reads a bounded number of packets,
 * and a socket that calls too often rests for a millisecond, so that a wake-up is paid by many
 * packets and not by each. The kernel's buffer holds what comes meanwhile. What no instance wants
 * is then dropped by the kernel (sys/vrrp_filter.h).
 */
#include "sys/vrrp_sock.h"

#include <errno.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/pkt_sched.h>
#include <netinet/in.h>

#include "sys/vrrp_filter.h"
#include "sys/vrrp_pool.h"

#define TOS_INTERNETWORK_CONTROL 0xc0
#define RX_BATCH 32			/* packets a recvmmsg */
#define RX_ROUNDS 4			/* recvmmsg a callback */
#define RX_CALLS 32			/* callbacks without a rest: so many at once ... */
#define RX_CALL_US 250			/* ... and one more each time this has passed */
#define RX_REST_US 1000
#define RX_SIZE (60 + PKT_MAX + 32)	/* IP options, the longest advert, and it shows if longer */
#define RX_QUEUE (4 * 1024 * 1024)	/* a thousand adverts, each in a page of its own */
#define TX_QUEUE (2 * 1024 * 1024)
#define TX_BATCH 256

struct sock {
	struct vsk *set;
	int fd;
	uint16_t iface;
	int ifindex;
	uint8_t family;
	int64_t paid_us;		/* callbacks are paid for until then */
	struct loop_watch *watch;	/* NULL while resting */
	struct loop_timer *rest;
	struct vfl *filter;
	int *helpers;			/* deaf ones, that have joined what FD could not */
	size_t n_helpers;
	int first, last;		/* chain in vsk.chain while sending; -1: none */
};

/* What arrives: one set of buffers, since one socket is read at a time. */
struct rx {
	struct mmsghdr msg[RX_BATCH];
	struct iovec iov[RX_BATCH];
	union {
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} from[RX_BATCH];
	alignas(struct cmsghdr) uint8_t control[RX_BATCH][128];
	uint8_t data[RX_BATCH][RX_SIZE];
};

union tx_control {
	struct cmsghdr align;
	uint8_t v4[CMSG_SPACE(sizeof(struct in_pktinfo))];
	uint8_t v6[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

struct tx {
	struct mmsghdr msg[TX_BATCH];
	struct iovec iov[TX_BATCH];
	union {
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} to[TX_BATCH];
	union tx_control control[TX_BATCH];
	int chain[TX_BATCH];		/* next packet of the same socket; -1: none */
	struct port_packet *packet[TX_BATCH];
	struct sock *used[TX_BATCH];	/* sockets that have a chain */
};

/* An interface's sockets; either may be NULL. */
struct pair {
	struct sock *v4, *v6;
};

struct vsk {
	struct loop *loop;
	struct vpl *pool;		/* NULL: we make them */
	const struct port_events *events;
	struct pair *pairs;		/* by iface */
	size_t n_pairs;
	const struct sock *reading;	/* NULL once it has been closed from below */
	struct rx rx;
	struct tx tx;
};

/* ---- opening ------------------------------------------------------------------------------- */

struct option {
	int level;
	int name;
	int value;
};

/* Not all kernels and rights allow these; none of them decides whether adverts can flow. */
static const struct option wished_v4[] = {
	{ SOL_SOCKET, SO_RCVBUF, RX_QUEUE },
	{ SOL_SOCKET, SO_RCVBUFFORCE, RX_QUEUE },
	{ SOL_SOCKET, SO_SNDBUF, TX_QUEUE },
	{ SOL_SOCKET, SO_SNDBUFFORCE, TX_QUEUE },
	{ SOL_SOCKET, SO_PRIORITY, TC_PRIO_INTERACTIVE },
	{ SOL_SOCKET, SO_PRIORITY, TC_PRIO_CONTROL },
	{ IPPROTO_IP, IP_TRANSPARENT, 1 },	/* a configured source may not exist yet */
};

static const struct option needed_v4[] = {
	{ IPPROTO_IP, IP_MULTICAST_TTL, PKT_TTL },
	{ IPPROTO_IP, IP_TTL, PKT_TTL },
	{ IPPROTO_IP, IP_MULTICAST_LOOP, 0 },
	{ IPPROTO_IP, IP_MULTICAST_ALL, 0 },
	{ IPPROTO_IP, IP_TOS, TOS_INTERNETWORK_CONTROL },
	{ IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT },
};

static const struct option wished_v6[] = {
	{ SOL_SOCKET, SO_RCVBUF, RX_QUEUE },
	{ SOL_SOCKET, SO_RCVBUFFORCE, RX_QUEUE },
	{ SOL_SOCKET, SO_SNDBUF, TX_QUEUE },
	{ SOL_SOCKET, SO_SNDBUFFORCE, TX_QUEUE },
	{ SOL_SOCKET, SO_PRIORITY, TC_PRIO_INTERACTIVE },
	{ SOL_SOCKET, SO_PRIORITY, TC_PRIO_CONTROL },
	{ IPPROTO_IPV6, IPV6_TRANSPARENT, 1 },
	{ IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0 },
};

static const struct option needed_v6[] = {
	{ IPPROTO_IPV6, IPV6_MULTICAST_HOPS, PKT_TTL },
	{ IPPROTO_IPV6, IPV6_UNICAST_HOPS, PKT_TTL },
	{ IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0 },
	{ IPPROTO_IPV6, IPV6_TCLASS, TOS_INTERNETWORK_CONTROL },
	{ IPPROTO_IPV6, IPV6_RECVPKTINFO, 1 },
	{ IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1 },
};

/* Sets all; returns the errno of the last failure, or 0. */
static int set_options(int fd, const struct option *o, size_t n)
{
	int error = 0;

	for (size_t i = 0; i < n; i++) {
		if (setsockopt(fd, o[i].level, o[i].name, &o[i].value, sizeof(o[i].value)))
			error = errno;
	}
	return error;
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int prepare(int fd, uint8_t family, int ifindex)
{
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, &ifindex, sizeof(ifindex)))
		return errno;
	if (family == IP_V6) {
		set_options(fd, wished_v6, COUNT(wished_v6));
		if (setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &ifindex, sizeof(ifindex)))
			return errno;
		return set_options(fd, needed_v6, COUNT(needed_v6));
	}

	struct ip_mreqn out = { .imr_ifindex = ifindex };

	/* IP_TOS sets the priority as well: the wishes come after it */
	int error = set_options(fd, needed_v4, COUNT(needed_v4));

	set_options(fd, wished_v4, COUNT(wished_v4));
	if (setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &out, sizeof(out)))
		return errno;
	return error;
}

static int add_group(int fd, int ifindex, const struct ip_addr *group)
{
	struct group_req request = { .gr_interface = (uint32_t)ifindex };
	struct sockaddr_in *v4 = (struct sockaddr_in *)&request.gr_group;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&request.gr_group;
	int level = group->family == IP_V6 ? IPPROTO_IPV6 : IPPROTO_IP;

	if (group->family == IP_V6) {
		v6->sin6_family = AF_INET6;
		memcpy(&v6->sin6_addr, group->b, 16);
	} else {
		v4->sin_family = AF_INET;
		memcpy(&v4->sin_addr, group->b, 4);
	}
	if (!setsockopt(fd, level, MCAST_JOIN_GROUP, &request, sizeof(request)))
		return 0;
	return errno == EADDRINUSE ? 0 : errno;	/* joined before */
}

/* One that is prepared but for its interface, or -1 with errno. */
static int obtain(const struct vsk *v, uint8_t family, int ifindex)
{
	return v->pool ? vpl_take(v->pool, family, ifindex) : vpl_make(family);
}

static int add_helper(const struct vsk *v, struct sock *s)
{
	int *more = reallocarray(s->helpers, s->n_helpers + 1, sizeof(*more));

	if (!more)
		return ENOMEM;
	s->helpers = more;
	s->helpers[s->n_helpers] = obtain(v, s->family, 0);
	if (s->helpers[s->n_helpers] < 0)
		return errno;
	s->n_helpers++;
	return 0;
}

/*
 * A socket takes only so many groups (net.ipv4.igmp_max_memberships, 20 unless changed). Further
 * ones are joined by sockets that hear nothing themselves, and S hears what its interface hears.
 */
static int join_beyond(const struct vsk *v, struct sock *s, const struct ip_addr *group)
{
	const int on = 1;
	int error = ENOBUFS;

	if (setsockopt(s->fd, IPPROTO_IP, IP_MULTICAST_ALL, &on, sizeof(on)))
		return errno;
	for (size_t i = 0; i < s->n_helpers && error == ENOBUFS; i++)
		error = add_group(s->helpers[i], s->ifindex, group);
	if (error != ENOBUFS)
		return error;
	error = add_helper(v, s);
	return error ? error : add_group(s->helpers[s->n_helpers - 1], s->ifindex, group);
}

static int join(const struct vsk *v, struct sock *s, const struct ip_addr *group)
{
	int error = add_group(s->fd, s->ifindex, group);

	return error == ENOBUFS && s->family == IP_V4 ? join_beyond(v, s, group) : error;
}

static void close_fd(const struct vsk *v, int fd)
{
	if (fd >= 0 && v->pool)
		vpl_close(v->pool, fd);
	else if (fd >= 0)
		close(fd);
}

static void readable(void *ctx, int fd);
static void rested(void *ctx);
static void flooded(void *ctx, bool on);

/* NULL is allowed; errno stays. */
static void close_sock(struct vsk *v, struct sock *s)
{
	int saved = errno;

	if (!s)
		return;
	if (v->reading == s)
		v->reading = NULL;
	loop_unwatch(s->watch);
	loop_timer_free(s->rest);
	vfl_free(s->filter);
	close_fd(v, s->fd);
	for (size_t i = 0; i < s->n_helpers; i++)
		close_fd(v, s->helpers[i]);
	free(s->helpers);
	free(s);
	errno = saved;
}

static struct sock *new_sock(struct vsk *v, uint16_t iface, int ifindex, uint8_t family)
{
	struct sock *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->set = v;
	s->iface = iface;
	s->ifindex = ifindex;
	s->family = family;
	s->first = s->last = -1;
	s->fd = obtain(v, family, ifindex);
	if (s->fd < 0)
		goto failed;
	errno = prepare(s->fd, family, ifindex);
	if (!errno)
		errno = vpl_hear(s->fd);
	if (errno)
		goto failed;
	s->rest = loop_timer_new(v->loop, LOOP_URGENT, rested, s);
	s->watch = loop_watch_read(v->loop, s->fd, LOOP_URGENT, readable, s);
	s->filter = vfl_new(v->loop, s->fd, family, flooded, s);
	if (s->rest && s->watch && s->filter)
		return s;
	errno = ENOMEM;
failed:
	close_sock(v, s);
	return NULL;
}

/* Where the socket for IFACE and FAMILY is or will be; NULL beyond the table. */
static struct sock **place(const struct vsk *v, uint16_t iface, uint8_t family)
{
	if (iface >= v->n_pairs)
		return NULL;
	return family == IP_V6 ? &v->pairs[iface].v6 : &v->pairs[iface].v4;
}

static int grow(struct vsk *v, size_t n)
{
	struct pair *pairs;

	if (n <= v->n_pairs)
		return 0;
	pairs = realloc(v->pairs, n * sizeof(*pairs));
	if (!pairs)
		return ENOMEM;
	memset(pairs + v->n_pairs, 0, (n - v->n_pairs) * sizeof(*pairs));
	v->pairs = pairs;
	v->n_pairs = n;
	return 0;
}

int vsk_join(struct vsk *v, uint16_t iface, int ifindex, const struct ip_addr *group)
{
	int error = grow(v, (size_t)iface + 1);
	struct sock **at;

	if (error)
		return error;
	at = place(v, iface, group->family);
	if (*at && (*at)->ifindex != ifindex) {	/* the interface was deleted and made again */
		close_sock(v, *at);
		*at = NULL;
	}
	if (!*at)
		*at = new_sock(v, iface, ifindex, group->family);
	return *at ? join(v, *at, group) : errno;
}

void vsk_hear(struct vsk *v, uint16_t iface, uint8_t family, const struct port_vrids *wanted)
{
	struct sock **at = place(v, iface, family);

	if (at && *at)
		vfl_want((*at)->filter, wanted);
}

void vsk_leave(struct vsk *v, uint16_t iface)
{
	if (iface >= v->n_pairs)
		return;
	close_sock(v, v->pairs[iface].v4);
	close_sock(v, v->pairs[iface].v6);
	v->pairs[iface] = (struct pair){0};
}

/* ---- receiving ----------------------------------------------------------------------------- */

/* Makes the first N messages ready again; the others have not been touched. */
static void fill_rx(struct rx *rx, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		rx->iov[i] = (struct iovec){ rx->data[i], RX_SIZE };
		rx->msg[i].msg_hdr = (struct msghdr){
			.msg_name = &rx->from[i],
			.msg_namelen = sizeof(rx->from[i]),
			.msg_iov = &rx->iov[i],
			.msg_iovlen = 1,
			.msg_control = rx->control[i],
			.msg_controllen = sizeof(rx->control[i]),
		};
	}
}

/* IPv6 has no header to look at: who, to whom and how far come beside the packet. */
static void read_meta(struct rx *rx, size_t i, struct pkt_meta *meta)
{
	struct msghdr *m = &rx->msg[i].msg_hdr;

	meta->src = ip_v6(&rx->from[i].v6.sin6_addr);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		struct in6_pktinfo info;
		int hops;

		if (c->cmsg_level != IPPROTO_IPV6)
			continue;
		if (c->cmsg_type == IPV6_PKTINFO && c->cmsg_len >= CMSG_LEN(sizeof(info))) {
			memcpy(&info, CMSG_DATA(c), sizeof(info));
			meta->dst = ip_v6(&info.ipi6_addr);
		}
		if (c->cmsg_type == IPV6_HOPLIMIT && c->cmsg_len >= CMSG_LEN(sizeof(hops))) {
			memcpy(&hops, CMSG_DATA(c), sizeof(hops));
			meta->ttl = (uint8_t)hops;
		}
	}
}

static void deliver(struct vsk *v, const struct sock *s, size_t i)
{
	struct vr_ev_packet up = {
		.iface = s->iface,
		.family = s->family,
		.data = v->rx.data[i],
		.len = v->rx.msg[i].msg_len,
	};

	if (s->family == IP_V6)
		read_meta(&v->rx, i, &up.meta);
	vfl_judge(s->filter, up.data, up.len, up.meta.ttl);
	v->events->packet(v->events->ctx, &up);
}

/* One recvmmsg; false when the socket is empty, or was closed by what it brought. */
static bool read_batch(struct vsk *v, const struct sock *s)
{
	int n = recvmmsg(s->fd, v->rx.msg, RX_BATCH, MSG_DONTWAIT, NULL);

	for (int i = 0; i < n && v->reading == s; i++)
		deliver(v, s, (size_t)i);
	fill_rx(&v->rx, n > 0 ? (size_t)n : 0);
	return n == RX_BATCH && v->reading == s;
}

/* Each callback costs a piece of time; what is saved in quiet times is bounded. */
static bool may_go_on(struct sock *s)
{
	int64_t now_us = loop_now_us();

	if (s->paid_us < now_us - RX_CALLS * RX_CALL_US)
		s->paid_us = now_us - RX_CALLS * RX_CALL_US;
	s->paid_us += RX_CALL_US;
	return s->paid_us <= now_us;
}

static void readable(void *ctx, int fd)
{
	struct sock *s = ctx;
	struct vsk *v = s->set;
	int rounds = 0;

	(void)fd;
	v->reading = s;
	while (rounds < RX_ROUNDS && read_batch(v, s))
		rounds++;
	if (v->reading != s)
		return;
	v->reading = NULL;
	if (may_go_on(s))
		return;
	loop_unwatch(s->watch);
	s->watch = NULL;
	loop_timer_at(s->rest, loop_now_us() + RX_REST_US);
}

static void flooded(void *ctx, bool on)
{
	const struct sock *s = ctx;

	s->set->events->flood(s->set->events->ctx, s->iface, s->family, on);
}

static void rested(void *ctx)
{
	struct sock *s = ctx;

	s->watch = loop_watch_read(s->set->loop, s->fd, LOOP_URGENT, readable, s);
	if (!s->watch)	/* no memory for an event: try again */
		loop_timer_at(s->rest, loop_now_us() + RX_REST_US);
}

/* ---- sending ------------------------------------------------------------------------------- */

static void put_v4(struct tx *tx, size_t i, const struct port_packet *p, int ifindex)
{
	struct msghdr *m = &tx->msg[i].msg_hdr;
	struct in_pktinfo info = { .ipi_ifindex = ifindex };
	struct cmsghdr *c;

	tx->to[i].v4 = (struct sockaddr_in){ .sin_family = AF_INET };
	memcpy(&tx->to[i].v4.sin_addr, p->dst.b, 4);
	m->msg_namelen = sizeof(tx->to[i].v4);
	m->msg_control = tx->control[i].v4;
	m->msg_controllen = sizeof(tx->control[i].v4);
	memcpy(&info.ipi_spec_dst, p->src.b, 4);
	c = CMSG_FIRSTHDR(m);
	c->cmsg_level = IPPROTO_IP;
	c->cmsg_type = IP_PKTINFO;
	c->cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(c), &info, sizeof(info));
}

static void put_v6(struct tx *tx, size_t i, const struct port_packet *p, int ifindex)
{
	struct msghdr *m = &tx->msg[i].msg_hdr;
	struct in6_pktinfo info = { .ipi6_ifindex = (uint32_t)ifindex };
	struct cmsghdr *c;

	tx->to[i].v6 = (struct sockaddr_in6){ .sin6_family = AF_INET6,
					      .sin6_scope_id = (uint32_t)ifindex };
	memcpy(&tx->to[i].v6.sin6_addr, p->dst.b, 16);
	m->msg_namelen = sizeof(tx->to[i].v6);
	m->msg_control = tx->control[i].v6;
	m->msg_controllen = sizeof(tx->control[i].v6);
	memcpy(&info.ipi6_addr, p->src.b, 16);
	c = CMSG_FIRSTHDR(m);
	c->cmsg_level = IPPROTO_IPV6;
	c->cmsg_type = IPV6_PKTINFO;
	c->cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(c), &info, sizeof(info));
}

/* Lays out the chain of S in TX, in order; returns its length. */
static size_t lay_out(struct vsk *v, const struct sock *s, struct port_packet *packets)
{
	struct tx *tx = &v->tx;
	size_t n = 0;

	for (int i = s->first; i >= 0; i = tx->chain[i]) {
		struct port_packet *p = &packets[i];
		struct msghdr *m = &tx->msg[n].msg_hdr;

		tx->packet[n] = p;
		tx->iov[n] = (struct iovec){ (void *)p->data, p->len };
		m->msg_name = &tx->to[n];
		m->msg_iov = &tx->iov[n];
		m->msg_iovlen = 1;
		if (s->family == IP_V6)
			put_v6(tx, n, p, s->ifindex);
		else
			put_v4(tx, n, p, s->ifindex);
		n++;
	}
	return n;
}

/* One sendmmsg; and one more for each packet that the kernel refuses. */
static void send_chain(struct vsk *v, const struct sock *s, struct port_packet *packets)
{
	size_t n = lay_out(v, s, packets);
	size_t done = 0;

	while (done < n) {
		int sent = sendmmsg(s->fd, v->tx.msg + done, (unsigned int)(n - done),
				    MSG_DONTWAIT);

		if (sent > 0) {
			done += (size_t)sent;
			continue;
		}
		if (sent < 0 && errno == EINTR)
			continue;
		v->tx.packet[done++]->error = sent < 0 ? errno : EIO;
	}
}

/* At most TX_BATCH packets: sorted by socket, each socket's in their order. */
static void send_part(struct vsk *v, struct port_packet *packets, size_t n)
{
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		struct port_packet *p = &packets[i];
		struct sock **at = place(v, p->iface, p->dst.family);
		struct sock *s = at ? *at : NULL;

		p->error = s ? 0 : ENOTCONN;
		v->tx.chain[i] = -1;
		if (!s)
			continue;
		if (s->first < 0) {
			s->first = (int)i;
			v->tx.used[used++] = s;
		} else {
			v->tx.chain[s->last] = (int)i;
		}
		s->last = (int)i;
	}
	for (size_t i = 0; i < used; i++) {
		send_chain(v, v->tx.used[i], packets);
		v->tx.used[i]->first = v->tx.used[i]->last = -1;
	}
}

void vsk_send(struct vsk *v, struct port_packet *packets, size_t n)
{
	while (n) {
		size_t part = n < TX_BATCH ? n : TX_BATCH;

		send_part(v, packets, part);
		packets += part;
		n -= part;
	}
}

/* ---- life ---------------------------------------------------------------------------------- */

struct vsk *vsk_new(struct loop *loop, const struct port_events *events)
{
	struct vsk *v = calloc(1, sizeof(*v));

	if (!v)
		return NULL;
	v->loop = loop;
	v->events = events;
	fill_rx(&v->rx, RX_BATCH);
	return v;
}

void vsk_pool(struct vsk *v, struct vpl *pool)
{
	v->pool = pool;
}

void vsk_free(struct vsk *v)
{
	if (!v)
		return;
	for (size_t i = 0; i < v->n_pairs; i++)
		vsk_leave(v, (uint16_t)i);
	free(v->pairs);
	free(v);
}
