/*
 * The network: segments, and on each a path from every host to every other.
 *
 * Adverts travel as the bytes that a raw socket would deliver, with the IPv4 header that a kernel
 * would have made. Frames on one path keep their order unless the path reorders. A client on each
 * segment believes the announcement that it heard last, and nothing else: the switch with the
 * longest memory.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "core/packet.h"
#include "sim/inner.h"

#define IP4_HEADER 20
#define LATE_US INT64_C(20000)		/* how late a reordered frame may come */

/* ---- paths ---- */

static struct sim_path *path(struct sim *s, int segment, size_t from, size_t to)
{
	return &s->segments[segment]->path[from][to];
}

static int64_t arrival(struct sim *s, struct sim_path *p)
{
	int64_t at_us = s->now_us + p->delay_us + rng_below(&p->dice, p->jitter_us + 1);

	if (rng_permille(&p->dice, p->reorder))
		return at_us + rng_below(&p->dice, LATE_US);
	if (at_us < p->last_us)
		at_us = p->last_us;
	p->last_us = at_us;
	return at_us;
}

void simn_drop(struct sim_frame *frame)
{
	if (--frame->refs == 0)
		free(frame);
}

static void put_on_path(struct sim *s, struct sim_frame *frame, size_t to)
{
	struct sim_path *p = path(s, frame->segment, frame->from, to);
	int copies = 1 + rng_permille(&p->dice, p->duplicate);

	if (p->cut || simq_full(&s->queue))
		return;
	for (int i = 0; i < copies; i++) {
		if (rng_permille(&p->dice, p->loss))
			continue;
		struct simq_event e = { .type = SIMQ_PACKET, .node = to, .frame = frame };

		frame->refs++;
		simq_push(&s->queue, &e, arrival(s, p));
	}
}

/* ---- sending ---- */

static void write_ip4(struct sim_frame *f, const struct port_packet *p)
{
	struct outbuf o = out_over(f->data, IP4_HEADER);

	out_u8(&o, 0x45);
	out_u8(&o, 0xc0);			/* internetwork control */
	out_be16(&o, IP4_HEADER + p->len);
	out_be16(&o, 0);
	out_be16(&o, 0x4000);			/* don't fragment */
	out_u8(&o, p->ttl);
	out_u8(&o, PKT_PROTO);
	out_be16(&o, 0);
	out_bytes(&o, p->src.b, 4);
	out_bytes(&o, p->dst.b, 4);
	uint32_t sum = pkt_sum(0, f->data, IP4_HEADER);
	sum = (sum & 0xffff) + (sum >> 16);
	f->data[10] = ~sum >> 8 & 0xff;
	f->data[11] = ~sum & 0xff;
}

struct sim_frame *simn_frame(uint8_t from, int segment, const struct port_packet *p)
{
	size_t header = p->src.family == IP_V4 ? IP4_HEADER : 0;
	struct sim_frame *f = sim_calloc(1, sizeof(*f) + header + p->len);

	f->refs = 1;
	f->from = from;
	f->segment = segment;
	f->family = p->src.family;
	f->meta = (struct pkt_meta){ .src = p->src, .dst = p->dst, .ttl = p->ttl };
	f->len = header + p->len;
	memcpy(f->data + header, p->data, p->len);
	if (header)
		write_ip4(f, p);
	return f;
}

static int send_one(struct sim_node *n, const struct port_packet *p)
{
	struct sim *s = n->world;
	struct sim_sock *sock = p->iface < n->n_socks ? &n->socks[p->iface] : NULL;
	struct sim_link *link = sock && sock->open ? simk_link_at(n, sock->ifindex) : NULL;

	if (!sock || !sock->open)
		return EBADF;
	if (!link)
		return ENODEV;
	if (n->kernel.send_error)
		return n->kernel.send_error;
	if (!link->carrier || link->segment < 0)
		return 0;			/* the queue takes it, nobody gets it */
	struct sim_frame *frame = simn_frame(n->index, link->segment, p);
	for (size_t to = 0; to < s->n_nodes; to++)
		if (to != n->index)
			put_on_path(s, frame, to);
	simn_drop(frame);
	return 0;
}

void simn_send(struct sim_node *n, struct port_packet *packets, size_t count)
{
	const struct sim_watch *watch = &n->world->watch;

	for (size_t i = 0; i < count; i++) {
		packets[i].error = send_one(n, &packets[i]);
		if (watch->sent)
			watch->sent(watch->ctx, n->index, &packets[i]);
	}
}

/* ---- arriving ---- */

static bool hears(const struct sim_sock *sock, const struct ip_addr *group)
{
	for (size_t g = 0; g < sock->n_groups; g++)
		if (ip_equal(&sock->groups[g], group))
			return true;
	return false;
}

/* The VRID stands in the second octet of the message. */
static bool filtered(const struct sim_sock *sock, const struct sim_frame *frame)
{
	size_t v6 = frame->family == IP_V6;
	size_t at = v6 ? 1 : IP4_HEADER + 1;
	uint8_t vrid = frame->len > at ? frame->data[at] : 0;

	return sock->choosy[v6] && !(sock->wanted[v6].words[vrid / 32] >> vrid % 32 & 1);
}

static void deliver(struct sim_node *to, size_t slot, struct sim_frame *frame)
{
	struct vr_ev_packet packet = {
		.iface = slot, .family = frame->family, .meta = frame->meta,
		.data = frame->data, .len = frame->len,
	};
	struct sim_input in = {
		.type = SIM_IN_PACKET, .node = to->index, .packet = &packet,
		.segment = frame->segment,
	};

	siml_before(to, &in);
	to->up.packet(to->up.ctx, &packet);
	siml_after(to, &in);
}

void simn_arrive(struct sim *s, struct sim_node *to, struct sim_frame *frame)
{
	(void)s;
	for (size_t slot = 0; to->engine && slot < to->n_socks; slot++) {
		struct sim_sock *sock = &to->socks[slot];
		struct sim_link *link;

		if (!sock->open || !hears(sock, &frame->meta.dst) || filtered(sock, frame))
			continue;
		link = simk_link_at(to, sock->ifindex);
		if (link && link->carrier && link->segment == frame->segment)
			deliver(to, slot, frame);
	}
}

/* ---- announcements ---- */

/* What is broadcast the other hosts hear, too; without a lot, so that all others stay. */
static void tell_others(struct sim_node *n, int segment, const struct ip_addr *addr)
{
	struct sim *s = n->world;

	for (size_t to = 0; to < s->n_nodes; to++) {
		struct sim_path *p = path(s, segment, n->index, to);
		struct simq_event e = {
			.type = SIMQ_CLAIM, .node = (uint8_t)to,
			.garp = { .segment = (int8_t)segment, .from = n->index, .addr = *addr },
		};

		if (to != n->index && !p->cut && !simq_full(&s->queue))
			simq_push(&s->queue, &e, s->now_us + p->delay_us);
	}
}

static void hear_claim(struct sim_node *n, const struct port_rival *rival)
{
	struct sim_input in = { .type = SIM_IN_RIVAL, .node = n->index, .rival = rival };

	siml_before(n, &in);
	n->up.rival(n->up.ctx, rival);
	siml_after(n, &in);
}

/* A paused process has a small buffer for these; here it has none. A successor does not know what
 * was claimed and answered before it, so that no rule could say what it must do. */
void simn_claim(struct sim_node *n, const struct simq_garp *garp)
{
	struct port_rival rival = { .addr = garp->addr, .mac = { 2, [5] = garp->from } };

	for (size_t i = 0; i < n->kernel.n_links; i++) {
		const struct sim_link *link = &n->kernel.links[i];

		if (!n->engine || !n->started || n->leaving || n->paused || n->succeeded)
			return;
		rival.ifindex = link->ifindex;
		if (link->ifindex && link->carrier && link->segment == garp->segment)
			hear_claim(n, &rival);
	}
}

void simn_garp(struct sim_node *n, int ifindex, const struct ip_addr *addr)
{
	struct sim *s = n->world;
	struct sim_link *link = simk_link_at(n, ifindex);
	struct sim_path *p;

	if (!link || !link->carrier || link->segment < 0 || simq_full(&s->queue))
		return;
	tell_others(n, link->segment, addr);
	p = path(s, link->segment, n->index, SIM_CLIENT);
	if (p->cut || rng_permille(&p->dice, p->loss))
		return;
	struct simq_event e = {
		.type = SIMQ_GARP, .node = n->index,
		.garp = { .segment = link->segment, .from = n->index, .addr = *addr },
	};
	simq_push(&s->queue, &e, arrival(s, p));
}

void simn_heard(struct sim *s, const struct simq_garp *garp)
{
	struct sim_segment *seg = s->segments[garp->segment];
	size_t i = 0;

	while (i < seg->n_neighbours && !ip_equal(&seg->neighbours[i].addr, &garp->addr))
		i++;
	if (i == seg->n_neighbours) {
		seg->neighbours = sim_grow(seg->neighbours, i + 1, sizeof(*seg->neighbours));
		seg->neighbours[i].addr = garp->addr;
		seg->n_neighbours++;
	}
	seg->neighbours[i].node = garp->from;
	if (s->watch.heard)
		s->watch.heard(s->watch.ctx, garp->segment, garp->from, &garp->addr);
}

int sim_neighbour(const struct sim *s, int segment, const struct ip_addr *addr)
{
	const struct sim_segment *seg = s->segments[segment];

	for (size_t i = 0; i < seg->n_neighbours; i++)
		if (ip_equal(&seg->neighbours[i].addr, addr))
			return seg->neighbours[i].node;
	return SIM_NOBODY;
}

/* ---- deeds ---- */

static void set_path(struct sim_path *p, const struct sim_deed *deed)
{
	p->clear_us = p->last_us;
	switch (deed->type) {
	case SIM_CUT:
		p->cut = true;
		break;
	case SIM_HEAL:
		p->cut = false;
		break;
	case SIM_LOSS:
		p->loss = deed->a;
		break;
	case SIM_DUPLICATE:
		p->duplicate = deed->a;
		break;
	case SIM_REORDER:
		p->reorder = deed->a;
		break;
	default:
		p->delay_us = deed->a;
		p->jitter_us = deed->b;
		break;
	}
}

bool simn_deed(struct sim *s, const struct sim_deed *deed)
{
	if (deed->type < SIM_CUT || deed->type > SIM_DELAY)
		return false;
	for (size_t g = 0; g < s->n_segments; g++) {
		if (strcmp(deed->name, "*") != 0 && strcmp(deed->name, s->segments[g]->name) != 0)
			continue;
		for (size_t from = 0; from < s->n_nodes; from++) {
			if (deed->node != SIM_ALL && deed->node != from)
				continue;
			for (size_t to = 0; to < SIM_NODES_MAX; to++)
				if (deed->peer == SIM_ALL || deed->peer == to)
					set_path(path(s, g, from, to), deed);
		}
	}
	return true;
}

void simn_quiet(struct sim *s)
{
	for (size_t g = 0; g < s->n_segments; g++)
		for (size_t from = 0; from < SIM_NODES_MAX; from++)
			for (size_t to = 0; to <= SIM_NODES_MAX; to++) {
				struct sim_path *p = path(s, g, from, to);

				p->clear_us = p->last_us;
				p->cut = false;
				p->loss = p->duplicate = p->reorder = 0;
				p->delay_us = s->segments[g]->delay_us;
				p->jitter_us = s->segments[g]->jitter_us;
			}
}

bool sim_path_clean(const struct sim *s, int segment, size_t from, size_t to)
{
	const struct sim_path *p = &s->segments[segment]->path[from][to];

	return !p->cut && p->loss == 0;
}

int64_t sim_path_clear_us(const struct sim *s, int segment, size_t from, size_t to)
{
	return s->segments[segment]->path[from][to].clear_us;
}

int64_t sim_path_delay_us(const struct sim *s, int segment, size_t from, size_t to)
{
	const struct sim_path *p = &s->segments[segment]->path[from][to];

	return p->delay_us + p->jitter_us + (p->reorder ? LATE_US : 0);
}
