/*
 * The rtnetlink writer.
 *
 * rtnetlink does its work inside sendmsg and has queued all answers when it returns. So one chunk
 * of messages is sent and its answers are read at once: never more than a chunk's answers stand in
 * the receive queue, and none can be lost. Should one be missing nevertheless, its operation is
 * answered with an error rather than not at all.
 *
 * Sending goes on for a few milliseconds, then the loop gets its turn. Answers are told from the
 * loop only.
 */
#include "sys/netwrite.h"

#include <errno.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#define CHUNK_OPS 64
#define MESSAGE_MAX 192			/* all attributes of one operation, aligned */
#define TURN_US 4000			/* about 250 addresses */
#define RX_SIZE 16384
#define LABEL_MAX 15
#define UNANSWERED (-1)

struct chunk {
	struct chunk *next;
	size_t n, len;
	uint32_t first_seq;
	bool sent;
	struct {
		uint32_t token;
		bool add;
		int error;		/* UNANSWERED, 0 or a positive errno */
	} op[CHUNK_OPS];
	uint8_t buf[CHUNK_OPS * MESSAGE_MAX];
};

struct nww {
	struct loop *loop;
	const struct port_events *events;
	struct mnl_socket *sock;
	struct loop_timer *turn;	/* set while there is anything to do */
	struct chunk *first, *last;	/* in order: sent ones, then waiting ones */
	struct chunk *spare;
	uint32_t seq;			/* of the last operation */
};

/* ---- messages ------------------------------------------------------------------------------ */

static uint32_t kernel_flags(uint8_t flags)
{
	static const struct {
		uint8_t ours;
		uint32_t kernel;
	} table[] = {
		{ VR_VIP_HOME, IFA_F_HOMEADDRESS },
		{ VR_VIP_NODAD, IFA_F_NODAD },
		{ VR_VIP_MNGTMPADDR, IFA_F_MANAGETEMPADDR },
		{ VR_VIP_NOPREFIXROUTE, IFA_F_NOPREFIXROUTE },
		{ VR_VIP_AUTOJOIN, IFA_F_MCAUTOJOIN },
	};
	uint32_t out = 0;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (flags & table[i].ours)
			out |= table[i].kernel;
	}
	return out;
}

static void put_ip(struct nlmsghdr *h, uint16_t type, const struct ip_addr *a)
{
	mnl_attr_put(h, type, ip_size(a), a->b);
}

/* The kernel refuses an address that is preferred for longer than it is valid. */
static struct ifa_cacheinfo lifetimes(const struct port_addr_op *op)
{
	uint32_t valid = op->lease_s ? op->lease_s : VR_LFT_FOREVER;
	uint32_t preferred = op->vip->preferred_lft;

	if (preferred != VR_LFT_FOREVER)
		preferred = preferred > op->held_s ? preferred - op->held_s : 0;
	return (struct ifa_cacheinfo){
		.ifa_prefered = preferred < valid ? preferred : valid, .ifa_valid = valid,
	};
}

/* What only adding says; deleting matches by interface, address and length. */
static void put_properties(struct nlmsghdr *h, const struct port_addr_op *op)
{
	const struct vr_vip *vip = op->vip;
	struct ifa_cacheinfo times = lifetimes(op);

	if (vip->broadcast.family == IP_V4)
		put_ip(h, IFA_BROADCAST, &vip->broadcast);
	if (vip->label && vip->prefix.addr.family == IP_V4) {
		char label[LABEL_MAX + 1] = "";

		strncpy(label, vip->label, LABEL_MAX);
		mnl_attr_put_strz(h, IFA_LABEL, label);
	}
	mnl_attr_put(h, IFA_CACHEINFO, sizeof(times), &times);
	mnl_attr_put_u32(h, IFA_FLAGS, kernel_flags(vip->flags));
	/* Kernels before 5.18 do not know it and pass over it. */
	mnl_attr_put_u8(h, IFA_PROTO, PORT_IFA_PROTO);
}

/* Writes the message of OP to BUF (MESSAGE_MAX octets) and returns its length. */
static size_t encode(const struct port_addr_op *op, uint32_t seq, uint8_t *buf)
{
	const struct vr_vip *vip = op->vip;
	bool peer = vip->peer.family == vip->prefix.addr.family;
	struct nlmsghdr *h = mnl_nlmsg_put_header(buf);
	struct ifaddrmsg *info;

	h->nlmsg_type = op->add ? RTM_NEWADDR : RTM_DELADDR;
	h->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	if (op->add)
		h->nlmsg_flags |= NLM_F_CREATE | NLM_F_REPLACE;
	h->nlmsg_seq = seq;
	info = mnl_nlmsg_put_extra_header(h, sizeof(*info));
	info->ifa_family = vip->prefix.addr.family == IP_V6 ? AF_INET6 : AF_INET;
	info->ifa_prefixlen = vip->prefix.len;
	info->ifa_scope = vip->scope;
	info->ifa_index = (uint32_t)op->ifindex;
	put_ip(h, IFA_LOCAL, &vip->prefix.addr);
	put_ip(h, IFA_ADDRESS, peer ? &vip->peer : &vip->prefix.addr);
	if (op->add)
		put_properties(h, op);
	return MNL_ALIGN(h->nlmsg_len);
}

/* ---- the queue ----------------------------------------------------------------------------- */

static void clear(struct chunk *c)
{
	c->next = NULL;
	c->n = c->len = 0;
	c->sent = false;
}

/* NULL without memory. */
static struct chunk *new_chunk(struct nww *w)
{
	struct chunk *c = w->spare ? w->spare : malloc(sizeof(*c));

	w->spare = NULL;
	if (!c)
		return NULL;
	clear(c);
	if (w->last)
		w->last->next = c;
	else
		w->first = c;
	w->last = c;
	return c;
}

/* Takes the first chunk off. */
static void drop_chunk(struct nww *w)
{
	struct chunk *c = w->first;

	w->first = c->next;
	if (!w->first)
		w->last = NULL;
	if (w->spare)
		free(c);
	else
		w->spare = c;
}

/* C has room. */
static void append(struct nww *w, struct chunk *c, const struct port_addr_op *op)
{
	w->seq++;
	if (!c->n)
		c->first_seq = w->seq;
	c->op[c->n].token = op->token;
	c->op[c->n].add = op->add;
	c->op[c->n].error = UNANSWERED;
	c->len += encode(op, w->seq, c->buf + c->len);
	c->n++;
}

/* False without memory. */
static bool enqueue(struct nww *w, const struct port_addr_op *op)
{
	struct chunk *c = w->last;

	if (!c || c->sent || c->n == CHUNK_OPS)
		c = new_chunk(w);
	if (c)
		append(w, c, op);
	return c;
}

/* ---- sending ------------------------------------------------------------------------------- */

/* What the kernel's answer means for the operation. */
static int verdict(bool add, int error)
{
	if (add && error == EEXIST)
		return 0;
	if (!add && (error == EADDRNOTAVAIL || error == ENODEV))
		return 0;
	return error;
}

/* Returns how many operations of C the message at H answers: 1 or 0. */
static size_t take_answer(struct chunk *c, const struct nlmsghdr *h)
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(h);
	uint32_t i = h->nlmsg_seq - c->first_seq;

	if (h->nlmsg_type != NLMSG_ERROR || mnl_nlmsg_get_payload_len(h) < sizeof(e->error))
		return 0;
	if (i >= c->n || c->op[i].error != UNANSWERED)
		return 0;
	c->op[i].error = verdict(c->op[i].add, -e->error);
	return 1;
}

/* Reads one datagram of answers; adds to *ANSWERED. False when there is no more. */
static bool read_answers(struct nww *w, struct chunk *c, size_t *answered)
{
	alignas(struct nlmsghdr) uint8_t buf[RX_SIZE];
	struct sockaddr_nl from = {0};
	socklen_t from_len = sizeof(from);
	ssize_t n = recvfrom(mnl_socket_get_fd(w->sock), buf, sizeof(buf), MSG_DONTWAIT,
			     (struct sockaddr *)&from, &from_len);
	const struct nlmsghdr *h = (const struct nlmsghdr *)buf;
	int left = (int)n;

	if (n < 0)
		return errno == EINTR || errno == ENOBUFS;
	if (from.nl_pid != 0)	/* not the kernel */
		return true;
	for (; mnl_nlmsg_ok(h, left); h = mnl_nlmsg_next(h, &left))
		*answered += take_answer(c, h);
	return true;
}

static void send_chunk(struct nww *w, struct chunk *c)
{
	size_t answered = 0;
	int error = EIO;

	c->sent = true;
	if (mnl_socket_sendto(w->sock, c->buf, c->len) < 0)
		error = errno;
	while (answered < c->n && read_answers(w, c, &answered))
		;
	for (size_t i = 0; i < c->n; i++) {
		if (c->op[i].error == UNANSWERED)
			c->op[i].error = error;
	}
}

/* Sends waiting chunks until the turn is over. */
static void send_turn(struct nww *w)
{
	int64_t end = loop_now_us() + TURN_US;

	for (struct chunk *c = w->first; c; c = c->next) {
		if (c->sent)
			continue;
		send_chunk(w, c);
		if (loop_now_us() >= end)
			return;
	}
}

/*
 * Tells the answers of what has been sent, until the turn is over. An answer may lead to further
 * operations; those are not told before the next turn, or one that always fails would hold the
 * loop.
 */
static void tell(struct nww *w)
{
	int64_t end = loop_now_us() + TURN_US;
	uint32_t last = w->seq;

	while (w->first && w->first->sent && (int32_t)(w->first->first_seq - last) <= 0) {
		struct chunk *c = w->first;

		for (size_t i = 0; i < c->n; i++)
			w->events->addr_done(w->events->ctx, c->op[i].token, c->op[i].error);
		drop_chunk(w);
		if (loop_now_us() >= end)
			return;
	}
}

static void turn_came(void *ctx)
{
	struct nww *w = ctx;

	tell(w);
	send_turn(w);
	if (w->first)
		loop_timer_at(w->turn, 0);
}

static void send_all(struct nww *w)
{
	for (struct chunk *c = w->first; c; c = c->next)
		if (!c->sent)
			send_chunk(w, c);
}

/* There is no memory to remember its token in, so nothing may be left to tell: the kernel is asked
 * now, after all that waits, and the caller has the answer. */
static void do_at_once(struct nww *w, struct port_addr_op *op)
{
	struct chunk c;

	send_all(w);
	clear(&c);
	append(w, &c, op);
	send_chunk(w, &c);
	op->done = true;
	op->error = c.op[0].error;
}

void nww_addrs(struct nww *w, struct port_addr_op *ops, size_t n)
{
	bool waiting = w->last && !w->last->sent;

	if (!n)
		return;
	for (size_t i = 0; i < n; i++)
		if (!enqueue(w, &ops[i]))
			do_at_once(w, &ops[i]);
	/* the turn of those who came before goes on from the loop */
	if (!waiting)
		send_turn(w);
	loop_timer_at(w->turn, 0);
}

bool nww_busy(const struct nww *w)
{
	return w->first;
}

/* ---- life ---------------------------------------------------------------------------------- */

static int open_socket(struct nww *w)
{
	int on = 1;

	w->sock = mnl_socket_open2(NETLINK_ROUTE, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (!w->sock || mnl_socket_bind(w->sock, 0, MNL_SOCKET_AUTOPID) < 0)
		return errno;
	/* an answer need not repeat the question */
	mnl_socket_setsockopt(w->sock, NETLINK_CAP_ACK, &on, sizeof(on));
	w->turn = loop_timer_new(w->loop, LOOP_NORMAL, turn_came, w);
	return w->turn ? 0 : ENOMEM;
}

struct nww *nww_new(struct loop *loop, const struct port_events *events)
{
	struct nww *w = calloc(1, sizeof(*w));
	int error;

	if (!w)
		return NULL;
	w->loop = loop;
	w->events = events;
	error = open_socket(w);
	if (!error)
		return w;
	nww_free(w);
	errno = error;
	return NULL;
}

void nww_free(struct nww *w)
{
	if (!w)
		return;
	send_all(w);
	while (w->first)
		drop_chunk(w);
	free(w->spare);
	loop_timer_free(w->turn);
	if (w->sock)
		mnl_socket_close(w->sock);
	free(w);
}
