/*
 * The rtnetlink watcher.
 *
 * One socket for notices and dumps, because its queue is the only place where their order is known:
 * a dump on a second socket could bring an address back that a notice has just taken away. When the
 * kernel says that notices were lost (ENOBUFS), or that a dump was disturbed, everything is read
 * anew.
 *
 * Messages are parsed by hand over libnl's attribute calls: its address objects of 3.7 do not know
 * IFA_PROTO, by which our own addresses are told from others.
 */
#include "sys/netwatch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/errno.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#define RX_QUEUE (8 * 1024 * 1024)
#define MESSAGE_MAX (64 * 1024)		/* twice the kernel's longest datagram of a dump */
#define DATAGRAMS 64			/* read a callback */
#define RETRY_US 10000			/* links that churn must not keep us reading all the time */
#define STUCK_US 100000			/* in which the kernel's answer would be read to its end */
#define COMPLAIN_US (10 * 1000000)
#define TRIES 10

enum phase { IDLE, LINKS, ADDRESSES };

struct entry {
	struct nwa_link link;
	unsigned int seen;		/* in this reading */
};

struct nwa {
	struct loop *loop;
	const struct port_events *events;
	const struct log *log;
	struct nl_sock *sock;
	struct nl_cb *cb;
	struct loop_watch *watch;
	struct loop_timer *retry;
	enum phase phase;
	uint32_t asked;			/* number of the request that PHASE waits for */
	bool again;			/* what is being read is not the whole truth */
	uint64_t resyncs;
	struct log_limit lost_limit, error_limit;
	struct entry *links;		/* sorted by ifindex */
	size_t n_links, size;
	unsigned int reading;		/* number of the present or last reading */
};

/* ---- the table of links -------------------------------------------------------------------- */

/* Where IFINDEX stands or would stand. */
static size_t place(const struct nwa *w, int ifindex)
{
	size_t low = 0, high = w->n_links;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (w->links[middle].link.ifindex < ifindex)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool stands_at(const struct nwa *w, size_t at, int ifindex)
{
	return at < w->n_links && w->links[at].link.ifindex == ifindex;
}

const struct nwa_link *nwa_find(const struct nwa *w, int ifindex)
{
	size_t at = place(w, ifindex);

	return stands_at(w, at, ifindex) ? &w->links[at].link : NULL;
}

bool nwa_is_own(const struct nwa *w, const uint8_t *hw, uint8_t len)
{
	for (size_t i = 0; i < w->n_links; i++)
		if (w->links[i].link.hw_len == len && !memcmp(w->links[i].link.hw, hw, len))
			return true;
	return false;
}

/* The entry of IFINDEX, made when it is missing; NULL without memory. */
static struct entry *enter(struct nwa *w, int ifindex)
{
	size_t at = place(w, ifindex);
	struct entry *links = w->links;

	if (stands_at(w, at, ifindex))
		return &links[at];
	if (w->n_links == w->size) {
		size_t size = w->size ? w->size * 2 : 16;

		links = realloc(links, size * sizeof(*links));
		if (!links)
			return NULL;
		w->links = links;
		w->size = size;
	}
	memmove(&links[at + 1], &links[at], (w->n_links - at) * sizeof(*links));
	w->n_links++;
	links[at] = (struct entry){ .link.ifindex = ifindex };
	return &links[at];
}

static void forget(struct nwa *w, int ifindex)
{
	size_t at = place(w, ifindex);

	if (!stands_at(w, at, ifindex))
		return;
	w->n_links--;
	memmove(&w->links[at], &w->links[at + 1], (w->n_links - at) * sizeof(*w->links));
}

/* Takes out what this reading has not shown. */
static void sweep(struct nwa *w)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->n_links; i++) {
		if (w->links[i].seen == w->reading)
			w->links[kept++] = w->links[i];
	}
	w->n_links = kept;
}

/* ---- links --------------------------------------------------------------------------------- */

static uint8_t hw_copy(const struct nlattr *a, uint8_t to[NWA_HW_MAX])
{
	int len = a ? nla_len(a) : 0;

	if (len <= 0 || len > NWA_HW_MAX)
		return 0;
	memcpy(to, nla_data(a), (size_t)len);
	return (uint8_t)len;
}

static void remember(struct nwa *w, const struct ifinfomsg *info, struct nlattr **tb)
{
	struct entry *e = enter(w, info->ifi_index);
	struct nwa_link *l;
	uint8_t len;

	if (!e)
		return;
	e->seen = w->reading;
	l = &e->link;
	l->flags = info->ifi_flags;
	l->type = info->ifi_type;
	nla_strlcpy(l->name, tb[IFLA_IFNAME], sizeof(l->name));
	len = hw_copy(tb[IFLA_ADDRESS], l->hw);
	l->hw_len = hw_copy(tb[IFLA_BROADCAST], l->broadcast) == len ? len : 0;
}

static int on_link(struct nwa *w, struct nlmsghdr *h)
{
	static const struct nla_policy policy[IFLA_MAX + 1] = {
		[IFLA_IFNAME] = { .type = NLA_STRING, .maxlen = IFNAMSIZ },
	};
	const unsigned int up = IFF_UP | IFF_RUNNING | IFF_LOWER_UP;
	const struct ifinfomsg *info = nlmsg_data(h);
	struct nlattr *tb[IFLA_MAX + 1];
	struct port_link link = {0};
	char name[IFNAMSIZ];

	/*
	 * A bridge tells of its ports with the family AF_BRIDGE: leaving it is not being deleted.
	 */
	if (!nlmsg_valid_hdr(h, sizeof(*info)) || info->ifi_family != AF_UNSPEC)
		return NL_OK;
	if (nlmsg_parse(h, sizeof(*info), tb, IFLA_MAX, policy) < 0 || !tb[IFLA_IFNAME])
		return NL_OK;
	/* what a wireless driver did, without the link's properties */
	if (tb[IFLA_WIRELESS])
		return NL_OK;
	nla_strlcpy(name, tb[IFLA_IFNAME], sizeof(name));
	link.ifindex = info->ifi_index;
	link.name = name;
	link.gone = h->nlmsg_type == RTM_DELLINK;
	link.up = !link.gone && (info->ifi_flags & up) == up;
	link.silent = info->ifi_flags & (IFF_LOOPBACK | IFF_NOARP);
	if (link.gone)
		forget(w, info->ifi_index);
	else
		remember(w, info, tb);
	w->events->link(w->events->ctx, &link);
	return NL_OK;
}

/* ---- addresses ----------------------------------------------------------------------------- */

/* The address itself: IFA_LOCAL where there is one, since IFA_ADDRESS is the peer's then. */
static bool read_address(const struct ifaddrmsg *info, struct nlattr **tb, struct ip_addr *out)
{
	const struct nlattr *a = tb[IFA_LOCAL] ? tb[IFA_LOCAL] : tb[IFA_ADDRESS];

	if (!a)
		return false;
	if (info->ifa_family == AF_INET && nla_len(a) == 4)
		*out = ip_v4(nla_data(a));
	else if (info->ifa_family == AF_INET6 && nla_len(a) == 16)
		*out = ip_v6(nla_data(a));
	else
		return false;
	return true;
}

static struct ip_addr ip_v4_of(const struct nlattr *a)
{
	return a && nla_len(a) == 4 ? ip_v4(nla_data(a)) : (struct ip_addr){ .family = IP_NONE };
}

/* What the kernel keeps of how an IPv4 address was made, and gives back. */
static void read_properties(struct nlattr **tb, uint32_t flags, struct port_addr *addr)
{
	addr->peer = ip_v4_of(tb[IFA_ADDRESS]);
	addr->broadcast = ip_v4_of(tb[IFA_BROADCAST]);
	if (flags & IFA_F_NOPREFIXROUTE)
		addr->flags |= VR_VIP_NOPREFIXROUTE;
}

/* How long it is still valid; 0: for ever. */
static uint32_t lease_of(const struct nlattr *a)
{
	struct ifa_cacheinfo times;

	if (!a)
		return 0;
	memcpy(&times, nla_data(a), sizeof(times));
	if (times.ifa_valid == UINT32_MAX)
		return 0;
	return times.ifa_valid ? times.ifa_valid : 1;
}

static int on_addr(struct nwa *w, struct nlmsghdr *h)
{
	static const struct nla_policy policy[IFA_PROTO + 1] = {
		[IFA_FLAGS] = { .type = NLA_U32 },
		[IFA_PROTO] = { .type = NLA_U8 },
		[IFA_LABEL] = { .type = NLA_STRING },
		[IFA_CACHEINFO] = { .minlen = sizeof(struct ifa_cacheinfo) },
	};
	const struct ifaddrmsg *info = nlmsg_data(h);
	struct nlattr *tb[IFA_PROTO + 1];
	struct port_addr addr = {0};
	uint32_t flags;

	if (!nlmsg_valid_hdr(h, sizeof(*info)))
		return NL_OK;
	if (nlmsg_parse(h, sizeof(*info), tb, IFA_PROTO, policy) < 0)
		return NL_OK;
	if (!read_address(info, tb, &addr.prefix.addr))
		return NL_OK;
	flags = tb[IFA_FLAGS] ? nla_get_u32(tb[IFA_FLAGS]) : info->ifa_flags;
	addr.ifindex = (int)info->ifa_index;
	addr.gone = h->nlmsg_type == RTM_DELADDR;
	addr.prefix.len = info->ifa_prefixlen;
	addr.scope = info->ifa_scope;
	addr.proto = tb[IFA_PROTO] ? nla_get_u8(tb[IFA_PROTO]) : 0;
	addr.lease_s = lease_of(tb[IFA_CACHEINFO]);
	if (tb[IFA_LABEL])
		nla_strlcpy(addr.label, tb[IFA_LABEL], sizeof(addr.label));
	if (info->ifa_family == AF_INET)
		read_properties(tb, flags, &addr);
	addr.secondary = info->ifa_family == AF_INET && (flags & IFA_F_SECONDARY);
	addr.tentative = flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED);
	w->events->addr(w->events->ctx, &addr);
	return NL_OK;
}

/* ---- reading it all ------------------------------------------------------------------------ */

/* Sends M, unless there was an ERROR in making it, and remembers its number; frees it. */
static int send_request(struct nwa *w, struct nl_msg *m, int error)
{
	if (!error)
		error = nl_send_auto(w->sock, m);
	if (error >= 0)
		w->asked = nlmsg_hdr(m)->nlmsg_seq;
	nlmsg_free(m);
	return error;
}

static int request_links(struct nwa *w)
{
	struct ifinfomsg info = { .ifi_family = AF_UNSPEC };
	struct nl_msg *m = nlmsg_alloc_simple(RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP);
	int error = m ? 0 : -NLE_NOMEM;

	if (!error)
		error = nlmsg_append(m, &info, sizeof(info), NLMSG_ALIGNTO);
	if (!error)
		error = nla_put_u32(m, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	return send_request(w, m, error);
}

static int request_addresses(struct nwa *w)
{
	struct ifaddrmsg info = { .ifa_family = AF_UNSPEC };
	struct nl_msg *m = nlmsg_alloc_simple(RTM_GETADDR, NLM_F_REQUEST | NLM_F_DUMP);
	int error = m ? 0 : -NLE_NOMEM;

	if (!error)
		error = nlmsg_append(m, &info, sizeof(info), NLMSG_ALIGNTO);
	return send_request(w, m, error);
}

/* What a request before the present one brings: that was given up, and says nothing about it. */
static bool is_stale(const struct nwa *w, uint32_t seq)
{
	return w->phase == IDLE || seq != w->asked;
}

static void retry_soon(struct nwa *w)
{
	w->phase = IDLE;
	loop_timer_at(w->retry, loop_now_us() + RETRY_US);
}

void nwa_start(struct nwa *w)
{
	w->again = false;
	w->phase = LINKS;
	w->reading++;
	if (request_links(w) < 0)
		retry_soon(w);
}

static void retry_due(void *ctx)
{
	struct nwa *w = ctx;

	w->resyncs++;
	w->events->resync(w->events->ctx);
	nwa_start(w);
}

void nwa_reread(struct nwa *w)
{
	if (w->phase == IDLE)
		loop_timer_at(w->retry, loop_now_us());
}

/* Something was lost. What is being read must end first: the kernel makes one dump at a time. */
static void lost(struct nwa *w)
{
	log_limited(w->log, &w->lost_limit, loop_now_us(), COMPLAIN_US, LOG_LVL_WARN,
		    "kernel notices of links and addresses were lost; reading everything again");
	if (w->phase == IDLE) {
		retry_soon(w);
		return;
	}
	w->again = true;
	/* Its end may be among what was lost, and would never come. */
	loop_timer_at(w->retry, loop_now_us() + STUCK_US);
}

/* A dump that the kernel could not go on with ends with why. */
static bool is_broken(const struct nlmsghdr *end)
{
	int error = 0;

	if (nlmsg_datalen(end) >= (int)sizeof(error))
		memcpy(&error, nlmsg_data(end), sizeof(error));
	return (end->nlmsg_flags & NLM_F_DUMP_INTR) || error < 0;
}

static int on_finish(struct nl_msg *m, void *ctx)
{
	struct nwa *w = ctx;

	if (nlmsg_get_src(m)->nl_pid != 0 || is_stale(w, nlmsg_hdr(m)->nlmsg_seq))
		return NL_OK;
	w->again |= is_broken(nlmsg_hdr(m));
	if (w->again) {
		retry_soon(w);
		return NL_OK;
	}
	if (w->phase == LINKS) {
		sweep(w);
		w->phase = ADDRESSES;
		if (request_addresses(w) < 0)
			retry_soon(w);
		return NL_OK;
	}
	if (w->phase == ADDRESSES) {
		w->phase = IDLE;
		w->events->synced(w->events->ctx);
	}
	return NL_OK;
}

/* ---- receiving ----------------------------------------------------------------------------- */

static int on_message(struct nl_msg *m, void *ctx)
{
	struct nwa *w = ctx;
	struct nlmsghdr *h = nlmsg_hdr(m);

	/*
	 * The kernel is port 0; who else may write to this socket is root, and wrong all the same.
	 */
	if (nlmsg_get_src(m)->nl_pid != 0)
		return NL_SKIP;
	if ((h->nlmsg_flags & NLM_F_MULTI) && is_stale(w, h->nlmsg_seq))
		return NL_SKIP;
	if (h->nlmsg_flags & NLM_F_DUMP_INTR)
		w->again = true;
	switch (h->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		return on_link(w, h);
	case RTM_NEWADDR:
	case RTM_DELADDR:
		return on_addr(w, h);
	default:
		return NL_OK;
	}
}

static int on_ok(struct nl_msg *m, void *ctx)
{
	(void)m;
	(void)ctx;
	return NL_OK;
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *e, void *ctx)
{
	struct nwa *w = ctx;

	if (from->nl_pid != 0 || is_stale(w, e->msg.nlmsg_seq))
		return NL_SKIP;
	log_limited(w->log, &w->error_limit, loop_now_us(), COMPLAIN_US, LOG_LVL_WARN,
		    "cannot read links and addresses: %s", strerror(-e->error));
	retry_soon(w);
	return NL_OK;
}

static void readable(void *ctx, int fd)
{
	struct nwa *w = ctx;

	(void)fd;
	for (int i = 0; i < DATAGRAMS; i++) {
		int n = nl_recvmsgs_report(w->sock, w->cb);

		if (n > 0)
			continue;
		if (n < 0 && n != -NLE_AGAIN)
			lost(w);
		return;
	}
}

/* ---- life ---------------------------------------------------------------------------------- */

static int subscribe(struct nwa *w)
{
	int error = nl_connect(w->sock, NETLINK_ROUTE);

	if (!error)
		error = nl_socket_add_memberships(w->sock, RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR,
						  RTNLGRP_IPV6_IFADDR, 0);
	if (!error)
		error = nl_socket_set_nonblocking(w->sock);
	return error;
}

/* Other programs may change what is being read: then it is read anew, as often as makes sense. */
static int read_once(struct nwa *w, enum phase phase, int (*request)(struct nwa *w))
{
	int error = -NLE_DUMP_INTR;

	w->phase = phase;
	for (int i = 0; i < TRIES && error == -NLE_DUMP_INTR; i++) {
		error = request(w);
		if (error >= 0)
			error = nl_recvmsgs_default(w->sock);
	}
	return error;
}

int nwa_once(const struct port_events *events)
{
	struct nwa w = { .events = events, .sock = nl_socket_alloc() };
	int error = w.sock ? nl_connect(w.sock, NETLINK_ROUTE) : -NLE_NOMEM;

	if (!error)
		error = nl_socket_modify_cb(w.sock, NL_CB_VALID, NL_CB_CUSTOM, on_message, &w);
	if (!error)
		error = read_once(&w, LINKS, request_links);
	if (error >= 0)
		error = read_once(&w, ADDRESSES, request_addresses);
	nl_socket_free(w.sock);
	free(w.links);
	return error < 0 ? EIO : 0;
}

static void big_queue(struct nl_sock *sock)
{
	const int size = RX_QUEUE;
	int fd = nl_socket_get_fd(sock);

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

static int open_socket(struct nwa *w)
{
	w->cb = nl_cb_alloc(NL_CB_CUSTOM);
	w->sock = nl_socket_alloc();
	if (!w->cb || !w->sock)
		return ENOMEM;
	nl_cb_set(w->cb, NL_CB_VALID, NL_CB_CUSTOM, on_message, w);
	nl_cb_set(w->cb, NL_CB_FINISH, NL_CB_CUSTOM, on_finish, w);
	nl_cb_set(w->cb, NL_CB_DUMP_INTR, NL_CB_CUSTOM, on_ok, w);
	nl_cb_set(w->cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, on_ok, w);
	nl_cb_err(w->cb, NL_CB_CUSTOM, on_error, w);
	errno = 0;
	if (subscribe(w))
		return errno ? errno : EIO;
	nl_socket_set_msg_buf_size(w->sock, MESSAGE_MAX);
	nl_socket_disable_msg_peek(w->sock);
	big_queue(w->sock);
	w->retry = loop_timer_new(w->loop, LOOP_URGENT, retry_due, w);
	w->watch = loop_watch_read(w->loop, nl_socket_get_fd(w->sock), LOOP_URGENT, readable, w);
	return w->retry && w->watch ? 0 : ENOMEM;
}

struct nwa *nwa_new(struct loop *loop, const struct port_events *events, const struct log *log)
{
	struct nwa *w = calloc(1, sizeof(*w));
	int error;

	if (!w)
		return NULL;
	w->loop = loop;
	w->events = events;
	w->log = log;
	error = open_socket(w);
	if (!error)
		return w;
	nwa_free(w);
	errno = error;
	return NULL;
}

void nwa_free(struct nwa *w)
{
	if (!w)
		return;
	loop_unwatch(w->watch);
	loop_timer_free(w->retry);
	nl_socket_free(w->sock);
	nl_cb_put(w->cb);
	free(w->links);
	free(w);
}

uint64_t nwa_resyncs(const struct nwa *w)
{
	return w->resyncs;
}
