/*
 * Announcements, built by hand over one packet socket.
 *
 * The frame is ours down to the hop limit, the kernel adds the link's header. So an IPv6 address
 * can be announced from itself while the kernel still checks it for duplicates, and one sendmmsg
 * serves all interfaces. The socket has protocol 0: it hears nothing, and nothing can pile up in
 * it.
 *
 * A burst goes out at once as far as the first call of a turn reaches; the rest follows from the
 * loop in bounded parts, after everything that is urgent. Jobs take turns, so that an owner with
 * thousands of addresses does not delay the next one.
 */
#include "sys/announce.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "base/cursor.h"
#include "core/packet.h"
#include "sys/netconf.h"

#define BATCH 64
#define PARTS 4				/* batches a turn */
#define SHARE 16			/* announcements of one job in a row */
#define BACKOFF_US 2000			/* the interface's queue is full */
#define COMPLAIN_US (10 * 1000000)
#define TX_QUEUE (1024 * 1024)
#define ARP_OP_REQUEST 1
#define ETHER_PAYLOAD_MIN 46
#define FRAME_MAX (40 + 24 + 2 + NWA_HW_MAX + 8)
#define ICMP6_PROTO 58
#define ICMP6_NA 136
#define NA_ROUTER 0x80
#define NA_OVERRIDE 0x20
#define ND_TARGET_LL 2

struct target {
	int ifindex;
	struct ip_addr addr;
	uint8_t na_flags;
};

struct job {
	struct job *next;
	uint32_t owner;
	uint32_t rounds;		/* left, this one included */
	int64_t gap_us;
	size_t at, n;
	struct target v[];
};

/* When the last paced announcement left an interface. */
struct pace {
	int ifindex;
	int64_t last_us;
};

struct address {
	union {
		struct sockaddr_ll ll;
		uint8_t room[offsetof(struct sockaddr_ll, sll_addr) + NWA_HW_MAX];
	};
};

/* Frames on their way; refilled only when all have left. */
struct batch {
	struct mmsghdr msg[BATCH];
	uint32_t owner[BATCH];
	size_t at, n;			/* the next to send, and the end */
	struct iovec iov[BATCH];
	struct address to[BATCH];
	uint8_t frame[BATCH][FRAME_MAX];
};

struct ann {
	const struct nwa *links;
	const struct log *log;
	struct loop_timer *turn;
	int fd;
	int ask;			/* whether we route; see sys/netconf.h */
	bool in_turn;			/* has sent already; the loop will come back */
	struct job *first, *last;
	size_t n_jobs;
	struct pace *paces;
	size_t n_paces;
	struct log_limit limit;
	struct batch batch;
};

/* ---- frames -------------------------------------------------------------------------------- */

/* RFC 826, as a request: some hosts take no unsolicited replies. */
static size_t build_arp(const struct nwa_link *l, const struct ip_addr *a, uint8_t *frame)
{
	struct outbuf o = out_over(frame, FRAME_MAX);

	out_be16(&o, l->type == ARPHRD_INFINIBAND ? ARPHRD_INFINIBAND : ARPHRD_ETHER);
	out_be16(&o, ETH_P_IP);
	out_u8(&o, l->hw_len);
	out_u8(&o, 4);
	out_be16(&o, ARP_OP_REQUEST);
	out_bytes(&o, l->hw, l->hw_len);
	out_bytes(&o, a->b, 4);
	out_bytes(&o, l->broadcast, l->hw_len);
	out_bytes(&o, a->b, 4);
	while (out_len(&o) < ETHER_PAYLOAD_MIN)
		out_u8(&o, 0);
	return out_len(&o);
}

static void out_ip6_header(struct outbuf *o, const struct ip_addr *src, const uint8_t dst[16],
			   size_t payload)
{
	out_be32(o, 0x60000000);
	out_be16(o, (uint16_t)payload);
	out_u8(o, ICMP6_PROTO);
	out_u8(o, 255);
	out_bytes(o, src->b, 16);
	out_bytes(o, dst, 16);
}

/* RFC 4443 section 2.3; FRAME begins with the IPv6 header, whose addresses are part of the sum. */
static uint16_t icmp6_checksum(const uint8_t *frame, size_t payload)
{
	uint8_t pseudo[8] = { [3] = (uint8_t)payload, [7] = ICMP6_PROTO };
	uint32_t sum = pkt_sum(0, frame + 8, 32);

	sum = pkt_sum(sum, pseudo, sizeof(pseudo));
	sum = pkt_sum(sum, frame + 40, payload);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* RFC 4861 section 4.4, with the target's link-layer address, padded to a multiple of eight. */
static size_t build_na(const struct nwa_link *l, const struct target *t, uint8_t *frame)
{
	static const uint8_t all_nodes[16] = { 0xff, 0x02, [15] = 1 };
	size_t units = (2 + (size_t)l->hw_len + 7) / 8;
	size_t payload = 24 + units * 8;
	struct outbuf o = out_over(frame, FRAME_MAX);
	uint16_t sum;

	out_ip6_header(&o, &t->addr, all_nodes, payload);
	out_u8(&o, ICMP6_NA);
	out_u8(&o, 0);
	out_be16(&o, 0);
	out_be32(&o, (uint32_t)t->na_flags << 24);
	out_bytes(&o, t->addr.b, 16);
	out_u8(&o, ND_TARGET_LL);
	out_u8(&o, (uint8_t)units);
	out_bytes(&o, l->hw, l->hw_len);
	while (out_len(&o) < 40 + payload)
		out_u8(&o, 0);
	sum = icmp6_checksum(frame, payload);
	frame[42] = (uint8_t)(sum >> 8);
	frame[43] = (uint8_t)sum;
	return out_len(&o);
}

/* To everybody; for IPv6 on Ethernet that is the address of ff02::1 (RFC 2464 section 7). */
static void set_destination(const struct nwa_link *l, bool v6, struct address *to)
{
	static const uint8_t ether_all_nodes[6] = { 0x33, 0x33, 0, 0, 0, 1 };
	bool ether = l->type == ARPHRD_ETHER && l->hw_len == sizeof(ether_all_nodes);

	to->ll.sll_halen = l->hw_len;
	memcpy(to->room + offsetof(struct sockaddr_ll, sll_addr),
	       v6 && ether ? ether_all_nodes : l->broadcast, l->hw_len);
}

/* Adds T to the batch. A link without addresses of its own has nobody to tell. */
static void add_frame(struct ann *a, uint32_t owner, const struct target *t)
{
	const struct nwa_link *l = nwa_find(a->links, t->ifindex);
	struct batch *b = &a->batch;
	bool v6 = t->addr.family == IP_V6;
	size_t i = b->n;

	if (!l || !l->hw_len || (l->flags & (IFF_LOOPBACK | IFF_NOARP)) || !(l->flags & IFF_UP))
		return;
	b->to[i] = (struct address){
		.ll.sll_family = AF_PACKET,
		.ll.sll_protocol = htons(v6 ? ETH_P_IPV6 : ETH_P_ARP),
		.ll.sll_ifindex = t->ifindex,
	};
	set_destination(l, v6, &b->to[i]);
	b->iov[i].iov_base = b->frame[i];
	b->iov[i].iov_len = v6 ? build_na(l, t, b->frame[i]) : build_arp(l, &t->addr, b->frame[i]);
	b->msg[i].msg_hdr = (struct msghdr){
		.msg_name = &b->to[i],
		.msg_namelen = sizeof(b->to[i]),
		.msg_iov = &b->iov[i],
		.msg_iovlen = 1,
	};
	b->owner[i] = owner;
	b->n++;
}

/* ---- jobs ---------------------------------------------------------------------------------- */

static struct job *pop_first(struct ann *a)
{
	struct job *j = a->first;

	a->first = j->next;
	if (!a->first)
		a->last = NULL;
	a->n_jobs--;
	return j;
}

static void push_last(struct ann *a, struct job *j)
{
	j->next = NULL;
	if (a->last)
		a->last->next = j;
	else
		a->first = j;
	a->last = j;
	a->n_jobs++;
}

/* The entry of an interface, made when it is missing; NULL without memory. */
static struct pace *find_pace(struct ann *a, int ifindex)
{
	struct pace *p;

	for (size_t i = 0; i < a->n_paces; i++) {
		if (a->paces[i].ifindex == ifindex)
			return &a->paces[i];
	}
	p = realloc(a->paces, (a->n_paces + 1) * sizeof(*p));
	if (!p)
		return NULL;
	a->paces = p;
	p = &a->paces[a->n_paces++];
	*p = (struct pace){ .ifindex = ifindex };
	return p;
}

/* When the next announcement on IFINDEX may leave; if that is now, it is taken to leave. */
static int64_t claim(struct ann *a, int ifindex, int64_t gap_us, int64_t now_us)
{
	struct pace *p = gap_us > 0 ? find_pace(a, ifindex) : NULL;

	if (!p)
		return now_us;
	if (p->last_us && p->last_us + gap_us > now_us)
		return p->last_us + gap_us;
	p->last_us = now_us;
	return now_us;
}

/* Moves a share of J to the batch. Returns when J goes on, or VR_NEVER when it is done. */
static int64_t take_share(struct ann *a, struct job *j, int64_t now_us)
{
	for (int i = 0; i < SHARE && a->batch.n < BATCH; i++) {
		const struct target *t = &j->v[j->at];
		int64_t at = claim(a, t->ifindex, j->gap_us, now_us);

		if (at > now_us)
			return at;
		add_frame(a, j->owner, t);
		if (++j->at < j->n)
			continue;
		j->at = 0;
		if (!--j->rounds)
			return VR_NEVER;
	}
	return now_us;
}

/* Fills the empty batch from the jobs in turn. Returns when there is more to take. */
static int64_t fill(struct ann *a)
{
	int64_t now = loop_now_us();
	int64_t next = VR_NEVER;
	size_t waiting = 0;

	while (waiting < a->n_jobs) {
		struct job *j;
		int64_t due;

		if (a->batch.n == BATCH)
			return now;
		j = pop_first(a);
		due = take_share(a, j, now);
		if (due == VR_NEVER) {
			free(j);
			waiting = 0;
			continue;
		}
		push_last(a, j);
		waiting = due > now ? waiting + 1 : 0;
		next = due > now && due < next ? due : next;
	}
	return next;
}

/* ---- sending ------------------------------------------------------------------------------- */

/* Empties the batch; false when the queue of an interface, or ours, is full. */
static bool flush(struct ann *a)
{
	struct batch *b = &a->batch;

	while (b->at < b->n) {
		int sent = sendmmsg(a->fd, b->msg + b->at, (unsigned int)(b->n - b->at),
				    MSG_DONTWAIT);

		if (sent > 0) {
			b->at += (size_t)sent;
			continue;
		}
		if (errno == EAGAIN || errno == ENOBUFS)
			return false;
		if (errno == EINTR)
			continue;
		/* the interface went away or down: so does what was to be told */
		log_limited(a->log, &a->limit, loop_now_us(), COMPLAIN_US, LOG_LVL_WARN,
			    "cannot announce an address: %s", strerror(errno));
		b->at++;
	}
	b->at = b->n = 0;
	return true;
}

static void pump(struct ann *a, int parts)
{
	int64_t next = VR_NEVER;

	for (int i = 0; i < parts; i++) {
		next = a->batch.n ? loop_now_us() : fill(a);
		if (!flush(a)) {
			loop_timer_at(a->turn, loop_now_us() + BACKOFF_US);
			return;
		}
		if (next > loop_now_us())
			break;
	}
	loop_timer_at(a->turn, next);
}

static void turn_came(void *ctx)
{
	struct ann *a = ctx;

	a->in_turn = false;
	pump(a, PARTS);
}

/* ---- asking -------------------------------------------------------------------------------- */

static void drop_frames(struct batch *b, uint32_t owner)
{
	size_t kept = b->at;

	for (size_t i = b->at; i < b->n; i++) {
		if (b->owner[i] == owner)
			continue;
		b->owner[kept] = b->owner[i];
		b->msg[kept++] = b->msg[i];
	}
	b->n = kept;
}

void ann_stop(struct ann *a, uint32_t owner)
{
	for (size_t jobs = a->n_jobs; jobs; jobs--) {
		struct job *j = pop_first(a);

		if (j->owner == owner)
			free(j);
		else
			push_last(a, j);
	}
	drop_frames(&a->batch, owner);
}

/* RFC 4861 section 7.2.6: a router says that it is one, or its neighbours forget their route. */
static uint8_t router_flag(const struct ann *a, int ifindex)
{
	return ncf_forwards_v6(a->ask, ifindex) ? NA_ROUTER : 0;
}

static void fill_targets(struct ann *a, struct job *j, const struct port_announce *v)
{
	int asked = 0;
	uint8_t flag = 0;

	for (size_t i = 0; i < j->n; i++) {
		j->v[i] = (struct target){ .ifindex = v[i].ifindex, .addr = v[i].addr };
		if (v[i].addr.family != IP_V6)
			continue;
		if (asked != v[i].ifindex)
			flag = router_flag(a, v[i].ifindex);
		asked = v[i].ifindex;
		j->v[i].na_flags = NA_OVERRIDE | flag;
	}
}

void ann_send(struct ann *a, uint32_t owner, const struct port_announce *v, size_t n,
	      uint32_t repeat, int64_t gap_us)
{
	struct job *j;

	ann_stop(a, owner);
	if (!n || !repeat)
		return;
	j = malloc(sizeof(*j) + n * sizeof(j->v[0]));
	if (!j) {
		log_printf(a->log, LOG_LVL_ERROR, "no memory to announce %zu addresses", n);
		return;
	}
	*j = (struct job){ .owner = owner, .rounds = repeat, .gap_us = gap_us, .n = n };
	fill_targets(a, j, v);
	push_last(a, j);
	if (!a->in_turn)
		pump(a, 1);
	a->in_turn = true;
	loop_timer_at(a->turn, 0);
}

/* ---- life ---------------------------------------------------------------------------------- */

static int open_socket(struct ann *a, struct loop *loop)
{
	const int size = TX_QUEUE;

	a->fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (a->fd < 0)
		return errno;
	a->ask = ncf_open();
	if (a->ask < 0)
		return errno;
	if (setsockopt(a->fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		setsockopt(a->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	a->turn = loop_timer_new(loop, LOOP_NORMAL, turn_came, a);
	return a->turn ? 0 : ENOMEM;
}

struct ann *ann_new(struct loop *loop, const struct nwa *links, const struct log *log)
{
	struct ann *a = calloc(1, sizeof(*a));
	int error;

	if (!a)
		return NULL;
	a->links = links;
	a->log = log;
	a->fd = a->ask = -1;
	error = open_socket(a, loop);
	if (!error)
		return a;
	ann_free(a);
	errno = error;
	return NULL;
}

void ann_free(struct ann *a)
{
	if (!a)
		return;
	while (a->first)
		free(pop_first(a));
	loop_timer_free(a->turn);
	if (a->fd >= 0)
		close(a->fd);
	if (a->ask >= 0)
		close(a->ask);
	free(a->paces);
	free(a);
}
