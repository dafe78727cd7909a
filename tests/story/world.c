/*
 * Hosts, the wire between them, and the clock.
 *
 * A story needs the same run on every machine, so time is a number, the wire takes a tenth of a
 * millisecond, and what is due at one moment happens in the order in which it was caused.
 * Adverts travel as the bytes that a raw socket would deliver. Each host does with the core what
 * the engine does: facts first, then the start; a wake-up when one is due; an answer to every
 * address operation.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "story.h"

#define WIRE_US 100
#define IP_HEADER_LEN 20
#define LINES_MAX 2000			/* a story that says more than that runs in a circle */

static void *need(void *p)
{
	if (!p) {
		fprintf(stderr, "out of memory\n");
		exit(2);
	}
	return p;
}

void world_init(struct world *w)
{
	memset(w, 0, sizeof(*w));
}

static void stop_running(struct host *h)
{
	if (!h->run)
		return;
	free(h->run->memory);
	free(h->run);
	h->run = NULL;
}

void world_free(struct world *w)
{
	for (size_t i = 0; i < w->n_hosts; i++)
		stop_running(&w->hosts[i]);
	for (size_t i = 0; i < w->n_later; i++)
		free(w->later[i].bytes);
	free(w->later);
	free(w->actions.v);
}

void world_say(struct world *w, const struct host *h, const char *format, ...)
{
	va_list args;

	if (++w->lines > LINES_MAX) {
		fprintf(stderr, "more than %d lines: does the story run in a circle?\n", LINES_MAX);
		exit(2);
	}
	fprintf(w->out, "> %8.3f %s  ", (double)(w->now_us / 1000) / 1000, h->name);
	va_start(args, format);
	vfprintf(w->out, format, args);
	va_end(args);
	fputc('\n', w->out);
}

struct host_iface *host_iface(struct host *h, const char *name)
{
	for (size_t i = 0; i < h->n_ifaces; i++)
		if (strcmp(h->ifaces[i].name, name) == 0)
			return &h->ifaces[i];
	return NULL;
}

static struct later *push_later(struct world *w, struct host *h, int64_t at_us)
{
	if (w->n_later == w->max_later) {
		w->max_later = w->max_later ? w->max_later * 2 : 64;
		w->later = need(reallocarray(w->later, w->max_later, sizeof(*w->later)));
	}
	struct later *l = &w->later[w->n_later++];
	*l = (struct later){ .at_us = at_us, .order = w->order++, .host = (size_t)(h - w->hosts) };
	return l;
}

/* ---- the wire ---- */

void host_hear(struct world *w, struct host *h, const char *iface, int64_t after_us,
	       const uint8_t *body, size_t len, const struct pkt_meta *meta)
{
	struct later *l = push_later(w, h, w->now_us + after_us);
	size_t total = IP_HEADER_LEN + len;
	uint8_t *b = need(calloc(1, total));

	b[0] = 0x45;
	b[1] = 0xc0;
	b[2] = (uint8_t)(total >> 8);
	b[3] = (uint8_t)total;
	b[8] = meta->ttl;
	b[9] = PKT_PROTO;
	memcpy(b + 12, meta->src.b, 4);
	memcpy(b + 16, meta->dst.b, 4);
	memcpy(b + IP_HEADER_LEN, body, len);
	l->is_packet = true;
	strcpy(l->iface, iface);
	l->bytes = b;
	l->len = total;
}

static void send_advert(struct world *w, struct host *from, const struct vr_action *a)
{
	const struct vr_inst_conf *ic = &a->conf->insts[a->inst];
	const struct host_iface *out = host_iface(from, a->conf->ifaces[ic->iface].name);
	struct pkt_meta meta = { .src = a->advert.src, .dst = ic->group, .ttl = PKT_TTL };
	uint8_t body[PKT_MAX];
	size_t len = vr_advert(a, body, sizeof(body));

	if (!out || !out->exists || !out->up)
		return;
	for (size_t i = 0; i < w->n_hosts; i++) {
		struct host *to = &w->hosts[i];

		if (to != from && !from->cut[i] && host_iface(to, out->name))
			host_hear(w, to, out->name, WIRE_US, body, len, &meta);
	}
}

/* ---- addresses ---- */

static size_t find_held(const struct host *h, const char *iface, const struct ip_prefix *prefix)
{
	size_t i = 0;

	while (i < h->n_held && (strcmp(h->held[i].iface, iface) != 0 ||
				 h->held[i].prefix.len != prefix->len ||
				 !ip_equal(&h->held[i].prefix.addr, &prefix->addr)))
		i++;
	return i;
}

static int change_held(struct host *h, const char *iface, const struct ip_prefix *prefix, bool add)
{
	const struct host_iface *on = host_iface(h, iface);
	size_t i = find_held(h, iface, prefix);

	if (!on || !on->exists)
		return add ? ENODEV : 0;
	if (h->refuse)
		return h->refuse;
	if (!add && i < h->n_held)
		h->held[i] = h->held[--h->n_held];
	h->robbed &= !add;
	if (add && i == h->n_held) {
		strcpy(h->held[i].iface, iface);
		h->held[i].prefix = *prefix;
		h->n_held++;
	}
	return 0;
}

static void change_addr(struct world *w, struct host *h, const struct vr_action *a)
{
	const struct vr_vip *vip = &a->conf->insts[a->inst].vips[a->addr.vip];
	int error = change_held(h, a->conf->ifaces[vip->iface].name, &vip->prefix,
				a->type == VR_ACT_ADDR_ADD);

	push_later(w, h, w->now_us)->done = (struct vr_ev_done){
		.token = a->addr.token, .error = error,
	};
}

/* ---- steps ---- */

/* OLD: the configuration that NODE replaces in this step, or NULL. */
static void step(struct world *w, struct host *h, struct vr_event *event,
		 const struct vr_config *old)
{
	size_t max = vr_actions_max(&h->run->plan.vr, old);

	if (w->actions.max < max) {
		w->actions.v = need(reallocarray(w->actions.v, max, sizeof(*w->actions.v)));
		w->actions.max = max;
	}
	event->now_us = w->now_us;
	vr_step(h->run->node, event, &w->actions);
	tell_actions(w, h, event->type);
	for (size_t i = 0; i < w->actions.n; i++) {
		const struct vr_action *a = &w->actions.v[i];

		if (a->type == VR_ACT_ADVERT)
			send_advert(w, h, a);
		else if (a->type == VR_ACT_ADDR_ADD || a->type == VR_ACT_ADDR_DEL)
			change_addr(w, h, a);
	}
}

static void tell_addr(struct world *w, struct host *h, uint16_t iface, const struct host_iface *i)
{
	step(w, h, &(struct vr_event){
		.type = VR_EV_ADDR,
		.addr = { .iface = iface, .family = IP_V4, .primary = i->primary },
	}, NULL);
}

static void tell_link(struct world *w, struct host *h, uint16_t iface, const struct host_iface *i)
{
	step(w, h, &(struct vr_event){
		.type = VR_EV_LINK,
		.link = { .iface = iface, .exists = i->exists, .up = i->up, .rx_ready = i->ready },
	}, NULL);
}

/* Everything about the interfaces that the configuration names. */
static void tell_facts(struct world *w, struct host *h)
{
	for (uint16_t i = 0; i < h->run->plan.vr.n_ifaces; i++) {
		const struct host_iface *on = host_iface(h, h->run->plan.ifaces[i]);

		if (!on)
			continue;
		tell_addr(w, h, i, on);
		tell_link(w, h, i, on);
	}
}

static struct running *make_running(struct host *h)
{
	struct running *r = need(calloc(1, sizeof(*r)));

	r->plan = h->plan;
	plan_build(&r->plan);
	r->memory = need(malloc(vr_node_size(&r->plan.vr)));
	h->epoch = h->epoch == 255 ? 1 : h->epoch + 1;
	r->node = vr_node_init(r->memory, &r->plan.vr, h->epoch);
	return r;
}

void host_start(struct world *w, struct host *h)
{
	stop_running(h);
	h->run = make_running(h);
	tell_facts(w, h);
	step(w, h, &(struct vr_event){ .type = VR_EV_START }, NULL);
}

void host_stop(struct world *w, struct host *h)
{
	step(w, h, &(struct vr_event){ .type = VR_EV_STOP }, NULL);
}

/* The whole machine is gone, and its addresses with it. */
void host_crash(struct world *w, struct host *h)
{
	(void)w;
	stop_running(h);
	h->n_held = 0;
}

void host_reload(struct world *w, struct host *h)
{
	struct running *old = h->run;

	h->run = make_running(h);
	tell_facts(w, h);
	step(w, h, &(struct vr_event){ .type = VR_EV_ADOPT, .adopt = old->node }, &old->plan.vr);
	free(old->memory);
	free(old);
}

void host_freeze(struct world *w, struct host *h, bool frozen)
{
	(void)w;
	h->frozen = frozen;
}

static uint16_t index_of(const struct host *h, const char *iface)
{
	for (uint16_t i = 0; h->run && i < h->run->plan.vr.n_ifaces; i++)
		if (strcmp(h->run->plan.ifaces[i], iface) == 0)
			return i;
	return VR_NONE;
}

void host_link(struct world *w, struct host *h, struct host_iface *i)
{
	uint16_t iface = index_of(h, i->name);
	size_t kept = 0;

	for (size_t a = 0; a < h->n_held; a++)
		if (i->exists || strcmp(h->held[a].iface, i->name) != 0)
			h->held[kept++] = h->held[a];
	h->n_held = kept;
	if (iface != VR_NONE)
		tell_link(w, h, iface, i);
}

void host_addr(struct world *w, struct host *h, struct host_iface *i)
{
	uint16_t iface = index_of(h, i->name);

	if (iface != VR_NONE)
		tell_addr(w, h, iface, i);
}

static bool is_vip(const struct host *h, const struct vr_vip *vip, const struct held *held)
{
	return ip_equal(&vip->prefix.addr, &held->prefix.addr) &&
	       vip->prefix.len == held->prefix.len &&
	       strcmp(h->run->plan.ifaces[vip->iface], held->iface) == 0;
}

bool host_lost(struct world *w, struct host *h, const struct ip_prefix *prefix)
{
	const struct vr_config *vr = &h->run->plan.vr;
	size_t at = 0;

	while (at < h->n_held && (!ip_equal(&h->held[at].prefix.addr, &prefix->addr) ||
				  h->held[at].prefix.len != prefix->len))
		at++;
	if (at == h->n_held)
		return false;
	struct held gone = h->held[at];
	h->robbed = true;
	h->held[at] = h->held[--h->n_held];
	for (uint16_t i = 0; i < vr->n_insts; i++)
		for (uint16_t v = 0; v < vr->insts[i].n_vips; v++)
			if (is_vip(h, &vr->insts[i].vips[v], &gone))
				step(w, h, &(struct vr_event){
					.type = VR_EV_LOST, .lost = { .inst = i, .vip = v },
				}, NULL);
	return true;
}

bool host_claim(struct world *w, struct host *h, const struct ip_addr *addr,
		const uint8_t mac[VR_MAC_LEN])
{
	const struct vr_config *vr = &h->run->plan.vr;
	bool any = false;

	for (uint16_t i = 0; i < vr->n_insts; i++)
		for (uint16_t v = 0; v < vr->insts[i].n_vips; v++) {
			struct vr_event event = {
				.type = VR_EV_RIVAL, .rival = { .inst = i, .vip = v },
			};

			if (!ip_equal(&vr->insts[i].vips[v].prefix.addr, addr))
				continue;
			memcpy(event.rival.mac, mac, VR_MAC_LEN);
			step(w, h, &event, NULL);
			any = true;
		}
	return any;
}

void host_check(struct world *w, struct host *h, const struct vr_ev_check *ev)
{
	step(w, h, &(struct vr_event){ .type = VR_EV_CHECK, .check = *ev }, NULL);
}

/* ---- the clock ---- */

static void wake(struct world *w, struct host *h)
{
	step(w, h, &(struct vr_event){ .type = VR_EV_WAKE }, NULL);
}

static void deliver(struct world *w, const struct later *l)
{
	struct host *h = &w->hosts[l->host];

	if (!h->run)
		return;
	if (!l->is_packet) {
		step(w, h, &(struct vr_event){ .type = VR_EV_DONE, .done = l->done }, NULL);
		return;
	}
	const struct host_iface *in = host_iface(h, l->iface);
	uint16_t iface = index_of(h, l->iface);

	if (iface == VR_NONE || !in->exists || !in->up || !in->ready)
		return;
	step(w, h, &(struct vr_event){
		.type = VR_EV_PACKET,
		.packet = { .iface = iface, .family = IP_V4, .data = l->bytes, .len = l->len },
	}, NULL);
	/* The engine wakes the node after every event when it is time. */
	if (vr_deadline(h->run->node) <= w->now_us)
		wake(w, h);
}

/* What has been caused first of what is due first; n_later when nothing can happen. */
static size_t next_later(const struct world *w)
{
	size_t best = w->n_later;

	for (size_t i = 0; i < w->n_later; i++) {
		const struct later *l = &w->later[i];

		if (w->hosts[l->host].frozen)
			continue;
		if (best == w->n_later || l->at_us < w->later[best].at_us ||
		    (l->at_us == w->later[best].at_us && l->order < w->later[best].order))
			best = i;
	}
	return best;
}

static struct host *next_waker(struct world *w, int64_t *at_us)
{
	struct host *best = NULL;

	*at_us = VR_NEVER;
	for (size_t i = 0; i < w->n_hosts; i++) {
		struct host *h = &w->hosts[i];

		if (!h->run || h->frozen || vr_deadline(h->run->node) >= *at_us)
			continue;
		best = h;
		*at_us = vr_deadline(h->run->node);
	}
	return best;
}

static int64_t latest(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

void world_run(struct world *w, int64_t until_us)
{
	for (;;) {
		size_t l = next_later(w);
		int64_t wake_us, later_us = VR_NEVER;
		struct host *waker = next_waker(w, &wake_us);

		if (l < w->n_later)
			later_us = latest(w->later[l].at_us, w->now_us);
		if (waker)
			wake_us = latest(wake_us, w->now_us);
		if (later_us > until_us && wake_us > until_us)
			break;
		if (later_us <= wake_us) {
			struct later due = w->later[l];

			w->later[l] = w->later[--w->n_later];
			w->now_us = later_us;
			deliver(w, &due);
			free(due.bytes);
		} else {
			w->now_us = wake_us;
			wake(w, waker);
		}
	}
	w->now_us = until_us;
}
