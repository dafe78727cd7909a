/*
 * Deleting our addresses over a netlink socket of its own.
 *
 * The kernel's list says which of them are there and whose; it is read again afterwards, for what
 * counts is what is left, not what was answered.
 */
#include "sys/release.h"

#include <errno.h>
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

static int exchange(struct release *r, struct nlmsghdr *h, mnl_cb_t each)
{
	char buf[RX_SIZE];
	unsigned int port = mnl_socket_get_portid(r->sock);
	int more = 1;

	h->nlmsg_seq = ++r->seq;
	if (mnl_socket_sendto(r->sock, h, h->nlmsg_len) < 0)
		return errno;
	while (more > 0) {
		ssize_t n = mnl_socket_recvfrom(r->sock, buf, sizeof(buf));

		if (n <= 0)
			return n < 0 ? errno : EIO;
		more = mnl_cb_run(buf, (size_t)n, r->seq, port, each, r);
	}
	return more < 0 ? errno : 0;
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

static int look(struct release *r)
{
	char buf[TX_SIZE];
	struct nlmsghdr *h = mnl_nlmsg_put_header(buf);
	struct ifaddrmsg *info;

	memset(r->there, 0, r->n * sizeof(*r->there));
	h->nlmsg_type = RTM_GETADDR;
	h->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	info = mnl_nlmsg_put_extra_header(h, sizeof(*info));
	info->ifa_family = AF_UNSPEC;
	return exchange(r, h, take_addr);
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
