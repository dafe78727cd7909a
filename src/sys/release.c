/*
 * Deleting our addresses over a netlink socket of its own.
 *
 * The kernel's list says which of them are there and whose; it is read again afterwards, for what
 * counts is what is left, not what was answered.
 */
#include "sys/release.h"

#include <errno.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include "core/port.h"

#define ANSWER_MOST_US 1000000		/* the kernel answers at once, or not at all */
#define RX_SIZE 32768
#define LOOKS 5
#define TX_SIZE 256

struct release {
	struct mnl_socket *sock;
	unsigned int seq;
	struct rls_addr *v;
	size_t n;
	bool *there;			/* on the host, with our tag */
};

static int compare(const void *a, const void *b)
{
	const struct rls_addr *x = a, *y = b;
	int by = x->ifindex - y->ifindex;

	if (!by)
		by = x->prefix.addr.family - y->prefix.addr.family;
	if (!by)
		by = x->prefix.len - y->prefix.len;
	return by ? by : memcmp(x->prefix.addr.b, y->prefix.addr.b, sizeof(x->prefix.addr.b));
}

/* ---- one request and its answers ---- */

/* Whether the datagram begins with an answer to the present request: what comes too late for the
 * one before says nothing about this one. The kernel mixes no answers in a datagram. */
static bool is_answer(const struct release *r, const void *buf, ssize_t n)
{
	const struct nlmsghdr *h = buf;

	return n >= (ssize_t)sizeof(*h) && h->nlmsg_seq == r->seq;
}

/* libmnl leaves a list there that was disturbed; the rest of it would be in the way of the next. So
 * the flag is taken out. Whether it was there. */
static bool was_disturbed(void *buf, ssize_t n)
{
	struct nlmsghdr *h = buf;
	bool disturbed = false;

	for (int left = (int)n; mnl_nlmsg_ok(h, left); h = mnl_nlmsg_next(h, &left)) {
		disturbed |= h->nlmsg_flags & NLM_F_DUMP_INTR;
		h->nlmsg_flags &= (uint16_t)~NLM_F_DUMP_INTR;
	}
	return disturbed;
}

/* EINTR: all was read, but the list was disturbed. */
static int exchange(struct release *r, struct nlmsghdr *h, mnl_cb_t each)
{
	alignas(struct nlmsghdr) char buf[RX_SIZE];
	unsigned int port = mnl_socket_get_portid(r->sock);
	bool disturbed = false;
	int more = 1;

	h->nlmsg_seq = ++r->seq;
	if (mnl_socket_sendto(r->sock, h, h->nlmsg_len) < 0)
		return errno;
	while (more > 0) {
		ssize_t n = mnl_socket_recvfrom(r->sock, buf, sizeof(buf));

		if (n <= 0)
			return n < 0 ? errno : EIO;
		if (!is_answer(r, buf, n))
			continue;
		disturbed |= was_disturbed(buf, n);
		more = mnl_cb_run(buf, (size_t)n, r->seq, port, each, r);
	}
	if (more < 0)
		return errno;
	return disturbed ? EINTR : 0;
}

static int take_attr(const struct nlattr *attr, void *ctx)
{
	const struct nlattr **table = ctx;

	if (mnl_attr_get_type(attr) <= IFA_PROTO)
		table[mnl_attr_get_type(attr)] = attr;
	return MNL_CB_OK;
}

/* One address of the kernel's list. */
static int take_addr(const struct nlmsghdr *h, void *ctx)
{
	const struct nlattr *table[IFA_PROTO + 1] = { NULL };
	const struct ifaddrmsg *info = mnl_nlmsg_get_payload(h);
	struct rls_addr key = { .ifindex = (int)info->ifa_index };
	struct release *r = ctx;

	mnl_attr_parse(h, sizeof(*info), take_attr, table);
	const struct nlattr *local = table[IFA_LOCAL] ? table[IFA_LOCAL] : table[IFA_ADDRESS];
	const struct nlattr *tag = table[IFA_PROTO];
	if (!local || !tag || mnl_attr_get_u8(tag) != PORT_IFA_PROTO)
		return MNL_CB_OK;
	key.prefix.addr.family = info->ifa_family == AF_INET6 ? IP_V6 : IP_V4;
	key.prefix.len = info->ifa_prefixlen;
	if (mnl_attr_get_payload_len(local) != ip_size(&key.prefix.addr))
		return MNL_CB_OK;
	memcpy(key.prefix.addr.b, mnl_attr_get_payload(local), ip_size(&key.prefix.addr));
	const struct rls_addr *found = bsearch(&key, r->v, r->n, sizeof(key), compare);
	if (found)
		r->there[found - r->v] = true;
	return MNL_CB_OK;
}

static int look_once(struct release *r)
{
	char buf[TX_SIZE];
	struct nlmsghdr *h = mnl_nlmsg_put_header(buf);
	struct ifaddrmsg *info;

	h->nlmsg_type = RTM_GETADDR;
	h->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	info = mnl_nlmsg_put_extra_header(h, sizeof(*info));
	info->ifa_family = AF_UNSPEC;
	return exchange(r, h, take_addr);
}

/* EINTR: somebody has changed addresses meanwhile, and some may be missing in the list. What any of
 * several lists shows is there; more can not be known while it goes on. */
static int look(struct release *r)
{
	int error = EINTR;

	memset(r->there, 0, r->n * sizeof(*r->there));
	for (int i = 0; i < LOOKS && error == EINTR; i++)
		error = look_once(r);
	return error == EINTR ? 0 : error;
}

static int take_off(struct release *r, const struct rls_addr *a)
{
	char buf[TX_SIZE];
	struct nlmsghdr *h = mnl_nlmsg_put_header(buf);
	struct ifaddrmsg *info;

	h->nlmsg_type = RTM_DELADDR;
	h->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	info = mnl_nlmsg_put_extra_header(h, sizeof(*info));
	info->ifa_family = a->prefix.addr.family == IP_V6 ? AF_INET6 : AF_INET;
	info->ifa_prefixlen = a->prefix.len;
	info->ifa_index = (uint32_t)a->ifindex;
	mnl_attr_put(h, IFA_LOCAL, ip_size(&a->prefix.addr), a->prefix.addr.b);
	return exchange(r, h, NULL);
}

/* ---- all of them ---- */

static bool open_socket(struct release *r)
{
	const struct timeval most = { .tv_sec = ANSWER_MOST_US / 1000000 };

	r->sock = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!r->sock || mnl_socket_bind(r->sock, 0, MNL_SOCKET_AUTOPID))
		return false;
	r->seq = (unsigned int)time(NULL);
	return setsockopt(mnl_socket_get_fd(r->sock), SOL_SOCKET, SO_RCVTIMEO, &most,
			  sizeof(most)) == 0;
}

/* A second address of the same network goes with the first one: what is gone is no failure. */
static void take_all_off(struct release *r, struct rls_result *out)
{
	for (size_t i = 0; i < r->n; i++) {
		int error = r->there[i] ? take_off(r, &r->v[i]) : EADDRNOTAVAIL;

		if (!error)
			out->removed++;
		else if (error != EADDRNOTAVAIL && error != ENODEV)
			out->error = error;
		if (error == EAGAIN)	/* it does not answer */
			return;
	}
}

static void count_left(const struct release *r, struct rls_result *out)
{
	for (size_t i = 0; i < r->n; i++) {
		if (!r->there[i])
			continue;
		if (!out->left++)
			out->first = r->v[i];
	}
}

struct rls_result rls_delete(struct rls_addr *v, size_t n)
{
	struct release r = { .v = v, .n = n, .there = calloc(n + 1, sizeof(*r.there)) };
	struct rls_result out = { 0 };
	int error = 0;

	qsort(v, n, sizeof(*v), compare);
	errno = ENOMEM;
	if (!r.there || !open_socket(&r) || (error = look(&r))) {
		out.error = error ? error : errno;
	} else {
		take_all_off(&r, &out);
		error = look(&r);
		if (error)
			out.error = error;
		count_left(&r, &out);
	}
	if (r.sock)
		mnl_socket_close(r.sock);
	free(r.there);
	return out;
}
