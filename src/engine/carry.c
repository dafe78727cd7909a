/*
 * Carrying out what a step decided.
 *
 * The core's order holds where it matters: within the adverts, within the address operations, and
 * announcements only after the addresses that they announce. Adverts are hoisted before the rest,
 * so that a takeover of a thousand instances is one sendmmsg and one netlink batch, and lines of
 * the log come last.
 */
#include <errno.h>
#include <string.h>

#include "core/names.h"
#include "engine/parts.h"
#include "engine/trace.h"

#define STORM_US INT64_C(60000000)	/* what the world can provoke: a line a minute a kind */

/* ---- adverts ---- */

static void flush_packets(struct engine *e)
{
	struct eng_batch *b = &e->batch;

	if (b->n_packets == 0)
		return;
	e->port->send(e->port->ctx, b->packets, b->n_packets);
	for (size_t i = 0; i < b->n_packets; i++) {
		struct eng_inst *inst = b->senders[i];

		if (b->packets[i].error == 0)
			continue;
		inst->send_errors++;
		inst->send_errno = b->packets[i].error;
		log_limited(e->log, &e->send_limit, e->port->now_us(e->port->ctx), STORM_US,
			    LOG_LVL_WARN, "%s: cannot send an advertisement: %s",
			    e->world.slots[b->packets[i].iface].name,
			    strerror(b->packets[i].error));
	}
	b->n_packets = b->n_bytes = 0;
}

static void send_advert(struct engine *e, const struct vr_action *a)
{
	struct eng_batch *b = &e->batch;
	struct gen *g = gen_of(e, a->conf);
	const struct vr_inst_conf *ic = &a->conf->insts[a->inst];

	if (b->n_packets == ENG_BATCH_PACKETS || b->n_bytes + PKT_MAX > ENG_BATCH_BYTES)
		flush_packets(e);
	size_t len = vr_advert(a, b->bytes + b->n_bytes, PKT_MAX);
	b->packets[b->n_packets] = (struct port_packet){
		.iface = g->slots[ic->iface], .src = a->advert.src, .dst = ic->group,
		.ttl = PKT_TTL, .data = b->bytes + b->n_bytes, .len = len,
	};
	b->senders[b->n_packets++] = &g->insts[a->inst];
	b->n_bytes += len;
}

/* ---- addresses ---- */

/* Told to the core after the step. */
static void answer(struct engine *e, uint32_t token, int error)
{
	e->answers[e->n_answers++] = (struct eng_answer){ token, error };
}

static void flush_ops(struct engine *e)
{
	struct eng_batch *b = &e->batch;

	if (b->n_ops)
		e->port->addrs(e->port->ctx, b->ops, b->n_ops);
	for (size_t i = 0; i < b->n_ops; i++)
		if (b->ops[i].done)
			answer(e, b->ops[i].token, b->ops[i].error);
	b->n_ops = 0;
}

static void change_addr(struct engine *e, const struct vr_action *a, bool add)
{
	struct gen *g = gen_of(e, a->conf);
	const struct vr_vip *vip = &a->conf->insts[a->inst].vips[a->addr.vip];
	int ifindex = gen_ifindex(e, g, vip->iface);
	struct eng_vip *state = &g->vips[g->insts[a->inst].vip_base + a->addr.vip];

	e->outstanding++;
	state->pending++;
	state->asked = add;
	state->seen = state->taken = false;
	/* No interface, no address, and what is to go has gone with it; the host's own is never
	 * touched, and stands there whatever is asked. */
	if (ifindex == 0 || state->stays) {
		answer(e, a->addr.token, add && !state->stays ? ENODEV : 0);
		return;
	}
	if (e->batch.n_ops == ENG_BATCH_ADDRS)
		flush_ops(e);
	e->batch.ops[e->batch.n_ops++] = (struct port_addr_op){
		.add = add, .ifindex = ifindex, .vip = vip,
		.lease_s = lse_written(g, a->inst, a->addr.vip),
		.token = g == e->gen ? a->addr.token : str_drop(e, ifindex, &vip->prefix),
	};
}

/* ---- announcements ---- */

static uint32_t owner_of(struct engine *e, const struct vr_action *a)
{
	struct gen *g = gen_of(e, a->conf);
	const struct vr_inst_conf *ic = &a->conf->insts[a->inst];

	return (uint32_t)g->slots[ic->iface] << 9 | (ic->family == IP_V6) << 8 | ic->vrid;
}

/* What is announced one by one has an owner of its own: it must not replace what goes on for
 * all. */
#define SOME (UINT32_C(1) << 31)

static size_t add_place(struct engine *e, const struct vr_action *a, uint16_t vip, size_t n)
{
	const struct vr_vip *conf = &a->conf->insts[a->inst].vips[vip];
	int ifindex = gen_ifindex(e, gen_of(e, a->conf), conf->iface);

	if (!ifindex)
		return n;
	e->announces[n] = (struct port_announce){ .ifindex = ifindex, .addr = conf->prefix.addr };
	return n + 1;
}

static void announce_all(struct engine *e, const struct vr_action *a)
{
	const struct vr_inst_conf *ic = &a->conf->insts[a->inst];
	size_t n = 0;

	for (uint16_t v = 0; v < ic->n_vips; v++)
		n = add_place(e, a, v, n);
	if (n)
		e->port->announce(e->port->ctx, owner_of(e, a), e->announces, n,
				  a->announce.repeat, ic->garp_interval_us);
}

static bool goes_with(const struct vr_action *a, const struct vr_action *b)
{
	return b->type == VR_ACT_ANNOUNCE && b->announce.vip != VR_NONE && b->inst == a->inst &&
	       b->conf == a->conf;
}

/* A row of them is one call, made at the last. */
static void announce_some(struct engine *e, const struct vr_action *a)
{
	const struct vr_action *first = a, *end = e->actions.v + e->actions.n;
	const struct vr_inst_conf *ic = &a->conf->insts[a->inst];
	size_t n = 0;

	if (a + 1 < end && goes_with(a, a + 1))
		return;
	while (first > e->actions.v && goes_with(a, first - 1))
		first--;
	for (; first <= a; first++)
		n = add_place(e, first, first->announce.vip, n);
	if (n)
		e->port->announce(e->port->ctx, owner_of(e, a) | SOME, e->announces, n,
				  a->announce.repeat, ic->garp_interval_us);
}

static void announce(struct engine *e, const struct vr_action *a)
{
	if (a->announce.vip == VR_NONE)
		announce_all(e, a);
	else
		announce_some(e, a);
}

static void stop_announcing(struct engine *e, const struct vr_action *a)
{
	e->batch.stops++;
	e->port->announce_stop(e->port->ctx, owner_of(e, a));
	e->port->announce_stop(e->port->ctx, owner_of(e, a) | SOME);
}

/* ---- words ---- */

/* Each instance has a line a minute of each kind; each reason for refusing a packet is a kind, and
 * each sign of a rival, lest a flood of one hide another. */
static struct log_limit *limit_of(struct eng_inst *inst, const struct vr_trace *trace)
{
	if (trace->kind == VR_TR_CONFLICT && trace->cause == VR_CAUSE_RIVAL)
		return &inst->rivals[trace->a];
	return trace->kind == VR_TR_REJECT ? &inst->rejects[trace->a] : &inst->storms[trace->kind];
}

static void tell(struct engine *e, const struct vr_action *a)
{
	char text[LOG_LINE_MAX];
	struct gen *g = gen_of(e, a->conf);
	enum log_level level = trc_level(&a->trace);

	trc_text(a->conf, &a->trace, text, sizeof(text));
	if ((a->trace.kind == VR_TR_STATE || a->trace.kind == VR_TR_UNFIT) &&
	    a->inst < a->conf->n_insts) {
		size_t len = strnlen(text, ENG_WHY_MAX - 1);

		memcpy(g->insts[a->inst].why, text, len);
		g->insts[a->inst].why[len] = '\0';
	}
	if (!a->trace.quiet && trc_is_storm(&a->trace))
		log_limited(e->log, limit_of(&g->insts[a->inst], &a->trace), a->trace.at_us,
			    STORM_US, level, "%s", text);
	else if (!a->trace.quiet)	/* else VR_TR_STATE_TOLD will say it */
		log_printf(e->log, level, "%s", text);
	if (e->listener)
		e->listener->trace(e->listener->ctx, a->conf, &a->trace, text);
}

/* ---- the passes ---- */

static void first_pass(struct engine *e, const struct vr_action *a)
{
	if (a->type == VR_ACT_ADVERT)
		send_advert(e, a);
}

static void second_pass(struct engine *e, const struct vr_action *a)
{
	if (a->type == VR_ACT_ADDR_ADD)
		change_addr(e, a, true);
	else if (a->type == VR_ACT_ADDR_DEL)
		change_addr(e, a, false);
	else if (a->type == VR_ACT_ANNOUNCE_STOP)
		stop_announcing(e, a);
}

/* The stops were carried out in the pass before: what ends in the same step does not begin. */
static bool stops_later(struct engine *e, const struct vr_action *a)
{
	const struct vr_action *end = e->actions.v + e->actions.n;
	uint32_t owner = owner_of(e, a);

	for (a++; e->batch.stops && a < end; a++)
		if (a->type == VR_ACT_ANNOUNCE_STOP && owner_of(e, a) == owner)
			return true;
	return false;
}

static void third_pass(struct engine *e, const struct vr_action *a)
{
	if (a->type == VR_ACT_ANNOUNCE && !stops_later(e, a))
		announce(e, a);
}

static void fourth_pass(struct engine *e, const struct vr_action *a)
{
	if (a->type == VR_ACT_NOTIFY)
		ntf_notify(e, gen_of(e, a->conf), a);
	else if (a->type == VR_ACT_TRACE)
		tell(e, a);
}

void car_carry_out(struct engine *e)
{
	static void (*const passes[])(struct engine *, const struct vr_action *) = {
		first_pass, second_pass, third_pass, fourth_pass,
	};

	e->batch.stops = 0;
	for (size_t p = 0; p < sizeof(passes) / sizeof(passes[0]); p++) {
		for (size_t i = 0; i < e->actions.n; i++)
			passes[p](e, &e->actions.v[i]);
		flush_packets(e);
		flush_ops(e);
	}
}
