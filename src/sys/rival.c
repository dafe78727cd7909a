/*
 * Other stations' ARP, heard over one packet socket.
 *
 * A socket of protocol ARP is not given what this host sends, and hears what is broadcast whatever
 * the kernel makes of it. Few hosts say anything in ARP as one of our addresses, so the filter (a
 * search tree in classic BPF) leaves next to nothing to be read. It holds ranges, for the kernel
 * takes only so long a program; what lies between two addresses of a range is sorted out here. What
 * a flood brings is bounded by a small buffer and a rest between looks.
 */
#include "sys/rival.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "base/cursor.h"

#define QUEUE (64 * 1024)
#define LOOK_MAX 32			/* claims a callback */
#define REST_US 10000			/* when there were more */

/* RFC 826, for Ethernet and IPv4. */
#define ARP_LEN 28
#define ARP_IPV4 0x0800
#define ARP_LENGTHS 0x0604		/* of a MAC and of an IPv4 address */
#define AT_PROTOCOL 2
#define AT_LENGTHS 4
#define AT_SENDER 14

struct rvl {
	struct loop *loop;
	const struct port_events *events;
	const struct nwa *links;
	const struct log *log;
	int fd;
	uint32_t *guarded;		/* sorted, in the host's order */
	size_t n_guarded;
	struct loop_watch *watch;	/* NULL while resting */
	struct loop_timer *rest;
};

/* ---- the filter ---------------------------------------------------------------------------- */

struct program {
	struct sock_filter *v;
	size_t n;
};

static void put(struct program *p, uint16_t code, uint32_t k, uint8_t yes, uint8_t no)
{
	p->v[p->n++] = (struct sock_filter){ .code = code, .jt = yes, .jf = no, .k = k };
}

static void give(struct program *p, bool heard)
{
	put(p, BPF_RET | BPF_K, heard ? ARP_LEN : 0, 0, 0);
}

/* Loads what stands at AT and drops the packet unless it is K. */
static void need(struct program *p, uint32_t at, uint32_t k)
{
	put(p, BPF_LD | BPF_H | BPF_ABS, at, 0, 0);
	put(p, BPF_JMP | BPF_JEQ | BPF_K, k, 1, 0);
	give(p, false);
}

/* Addresses that lie together, FIRST and LAST among them. */
struct range {
	uint32_t first, last;
};

/*
 * What the kernel holds for a filter counts against net.core.optmem_max (20 KiB), twice while it is
 * replaced, and about 70 octets a range.
 */
#define RANGES_MAX 96

/* Is the accumulator in one of N sorted ranges? */
static void put_search(struct program *p, const struct range *v, size_t n)
{
	size_t fork = p->n;

	if (n == 1) {
		put(p, BPF_JMP | BPF_JGE | BPF_K, v[0].first, 0, 1);
		put(p, BPF_JMP | BPF_JGT | BPF_K, v[0].last, 0, 1);
		give(p, false);
		give(p, true);
		return;
	}
	put(p, BPF_JMP | BPF_JGE | BPF_K, v[n / 2].first, 0, 1);
	put(p, BPF_JMP | BPF_JA, 0, 0, 0);
	put_search(p, v, n / 2);
	p->v[fork + 1].k = (uint32_t)(p->n - (fork + 2));
	put_search(p, v + n / 2, n - n / 2);
}

#define HEAD 8				/* instructions before the search, or without one */
#define EACH 6				/* at most, a range */

static int attach(int fd, const struct range *v, size_t n)
{
	struct sock_filter code[HEAD + EACH * RANGES_MAX];
	struct program p = { .v = code };
	struct sock_fprog prog;

	need(&p, AT_PROTOCOL, ARP_IPV4);
	need(&p, AT_LENGTHS, ARP_LENGTHS);
	put(&p, BPF_LD | BPF_W | BPF_ABS, AT_SENDER, 0, 0);
	if (n)
		put_search(&p, v, n);
	else
		give(&p, false);
	prog = (struct sock_fprog){ .len = (unsigned short)p.n, .filter = p.v };
	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)) ? errno : 0;
}

/* How many gaps between the sorted addresses are wider than WIDTH. */
static size_t gaps(const uint32_t *v, size_t n, uint32_t width)
{
	size_t wider = 0;

	for (size_t i = 1; i < n; i++)
		wider += v[i] - v[i - 1] > width;
	return wider;
}

/*
 * N sorted addresses as at most RANGES_MAX ranges, which are bridged where the gaps are smallest;
 * what lies in a gap is sorted out when it has been heard. Returns their number.
 */
static size_t as_ranges(const uint32_t *v, size_t n, struct range to[RANGES_MAX])
{
	uint32_t low = 1, high = UINT32_MAX;	/* the least width that leaves few enough */
	size_t k = 0;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (gaps(v, n, middle) < RANGES_MAX)
			high = middle;
		else
			low = middle + 1;
	}
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || v[i] - v[i - 1] > low)
			to[k++].first = v[i];
		to[k - 1].last = v[i];
	}
	return k;
}

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static uint32_t host_order(const struct ip_addr *a)
{
	return (uint32_t)a->b[0] << 24 | (uint32_t)a->b[1] << 16 | (uint32_t)a->b[2] << 8 | a->b[3];
}

/* The IPv4 addresses of CONF, sorted; V has room for all. */
static size_t collect(const struct vr_config *conf, uint32_t *v)
{
	size_t n = 0;

	for (uint16_t i = 0; i < conf->n_insts; i++)
		for (uint16_t k = 0; k < conf->insts[i].n_vips; k++) {
			const struct ip_addr *a = &conf->insts[i].vips[k].prefix.addr;

			if (a->family == IP_V4)
				v[n++] = host_order(a);
		}
	qsort(v, n, sizeof(*v), by_value);
	return n;
}

void rvl_guard(struct rvl *r, const struct vr_config *conf)
{
	struct range ranges[RANGES_MAX];
	size_t room = 1;
	uint32_t *v;
	int error = ENOMEM;

	for (uint16_t i = 0; i < conf->n_insts; i++)
		room += conf->insts[i].n_vips;
	v = calloc(room, sizeof(*v));
	if (v) {
		free(r->guarded);
		r->guarded = v;
		r->n_guarded = collect(conf, v);
		error = attach(r->fd, ranges, as_ranges(v, r->n_guarded, ranges));
	}
	if (error)
		log_printf(r->log, LOG_LVL_ERROR, "cannot listen for others that claim the "
			   "addresses: %s", strerror(error));
}

/* ---- hearing ------------------------------------------------------------------------------- */

/* The filter may let in more. */
static bool is_guarded(const struct rvl *r, const struct ip_addr *a)
{
	uint32_t key = host_order(a);

	return r->n_guarded &&
	       bsearch(&key, r->guarded, r->n_guarded, sizeof(key), by_value) != NULL;
}

static bool read_claim(const struct rvl *r, const uint8_t *data, size_t len,
		       struct port_rival *out)
{
	struct cursor c = cur_over(data, len);
	uint8_t addr[4];

	cur_skip(&c, 8);		/* the filter knows what it is */
	cur_bytes(&c, out->mac, VR_MAC_LEN);
	cur_bytes(&c, addr, sizeof(addr));
	out->addr = ip_v4(addr);
	return cur_ok(&c) && is_guarded(r, &out->addr) &&
	       !nwa_is_own(r->links, out->mac, VR_MAC_LEN);
}

static void readable(void *ctx, int fd);

static void rested(void *ctx)
{
	struct rvl *r = ctx;

	r->watch = loop_watch_read(r->loop, r->fd, LOOP_NORMAL, readable, r);
	if (!r->watch)
		loop_timer_at(r->rest, loop_now_us() + REST_US);
}

static void readable(void *ctx, int fd)
{
	struct rvl *r = ctx;
	uint8_t data[ARP_LEN];

	for (int i = 0; i < LOOK_MAX; i++) {
		struct sockaddr_ll from = { 0 };
		socklen_t size = sizeof(from);
		ssize_t n = recvfrom(fd, data, sizeof(data), MSG_DONTWAIT,
				     (struct sockaddr *)&from, &size);
		struct port_rival rival = { .ifindex = from.sll_ifindex };

		if (n < 0 && errno != ENETDOWN)		/* an interface went down: go on */
			return;
		if (n > 0 && read_claim(r, data, (size_t)n, &rival))
			r->events->rival(r->events->ctx, &rival);
	}
	loop_unwatch(r->watch);
	r->watch = NULL;
	loop_timer_at(r->rest, loop_now_us() + REST_US);
}

/* ---- life ---------------------------------------------------------------------------------- */

/* Protocol 0 hears nothing; the filter comes before the ears. */
static int open_ears(struct rvl *r)
{
	struct sockaddr_ll all = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ARP) };
	const int queue = QUEUE;
	int error;

	r->fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (r->fd < 0)
		return errno;
	setsockopt(r->fd, SOL_SOCKET, SO_RCVBUF, &queue, sizeof(queue));
	error = attach(r->fd, NULL, 0);
	if (error)
		return error;
	return bind(r->fd, (struct sockaddr *)&all, sizeof(all)) ? errno : 0;
}

struct rvl *rvl_new(struct loop *loop, const struct port_events *events, const struct nwa *links,
		    const struct log *log)
{
	struct rvl *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	*r = (struct rvl){ .loop = loop, .events = events, .links = links, .log = log, .fd = -1 };
	errno = open_ears(r);
	if (errno)
		goto failed;
	r->rest = loop_timer_new(loop, LOOP_NORMAL, rested, r);
	r->watch = loop_watch_read(loop, r->fd, LOOP_NORMAL, readable, r);
	if (r->rest && r->watch)
		return r;
	errno = ENOMEM;
failed:
	rvl_free(r);
	return NULL;
}

void rvl_free(struct rvl *r)
{
	int saved = errno;

	if (!r)
		return;
	loop_unwatch(r->watch);
	loop_timer_free(r->rest);
	if (r->fd >= 0)
		close(r->fd);
	free(r->guarded);
	free(r);
	errno = saved;
}
