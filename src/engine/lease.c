/*
 * Addresses that a dead host loses by itself.
 *
 * When every process of the daemon is killed, nobody is left to take its addresses off, and two
 * hosts answer for them until somebody comes with a keyboard. So the kernel gets each address for
 * a few seconds only, and is asked again all the time. Renewing is no event: no state, no
 * announcement, no line. It goes round the addresses in turns of one batch, evenly spread, so that
 * a thousand of them never delay an advert by more than one batch takes.
 */
#include <errno.h>
#include <string.h>

#include "engine/parts.h"

#define SECOND INT64_C(1000000)
#define PARTS 5			/* rounds in the time of the shortest lease */
#define BATCH 64		/* addresses a turn: what the kernel does in about a millisecond */
#define COMPLAIN_US (60 * SECOND)

int64_t lse_gap_us(const struct gen *g)
{
	int64_t turns = (int64_t)(g->n_vips + BATCH - 1) / BATCH;
	uint32_t shortest = 0;

	for (uint16_t i = 0; i < g->cfg->vr.n_insts; i++) {
		uint32_t lease = g->cfg->insts[i].lease_s;

		if (lease && (!shortest || lease < shortest))
			shortest = lease;
	}
	if (!shortest || !turns)
		return VR_NEVER;
	return shortest * SECOND / PARTS / turns;
}

static struct eng_vip *state_of(struct gen *g, uint16_t inst, uint16_t vip)
{
	return &g->vips[g->insts[inst].vip_base + vip];
}

uint32_t lse_written(struct gen *g, uint16_t inst, uint16_t vip)
{
	uint32_t lease = g->cfg->insts[inst].lease_s;

	state_of(g, inst, vip)->lease_s = lease;
	return lease;
}

void lse_begin(struct engine *e)
{
	if (e->lease_us != VR_NEVER || e->gen->lease_gap_us == VR_NEVER)
		return;
	e->lease_gap_us = e->gen->lease_gap_us;
	e->lease_us = e->port->now_us(e->port->ctx) + e->lease_gap_us;
	e->lease_at = 0;
	e->lease_found = false;
}

/* The first round keeps the old pace if that is faster: what was written has still to last. It is
 * a whole one, and writes what is different now. */
void lse_on_reload(struct engine *e)
{
	lse_begin(e);
	e->lease_at = 0;
	if (e->gen->lease_gap_us < e->lease_gap_us)
		e->lease_gap_us = e->gen->lease_gap_us;
}

/* Or had one, which is still to be taken off. */
static bool has_lease(struct gen *g, const struct gen_place *p)
{
	return g->cfg->insts[p->inst].lease_s || state_of(g, p->inst, p->vip)->lease_s;
}

/* Only what is held and at rest: what is under way will be written with a lease anyway, and what
 * was to be deleted must not come back, nor stay when the kernel refused to delete it. */
static void renew(struct engine *e, const struct gen_place *p, int64_t now_us)
{
	struct gen *g = e->gen;
	struct eng_vip *state = state_of(g, p->inst, p->vip);
	const struct vr_vip *vip = &g->cfg->vr.insts[p->inst].vips[p->vip];
	int ifindex = gen_ifindex(e, g, vip->iface);

	if (!state->held || !state->asked || state->stays || state->pending || !ifindex)
		return;
	e->lease_found = true;
	e->batch.ops[e->batch.n_ops++] = (struct port_addr_op){
		.add = true, .ifindex = ifindex, .vip = vip, .token = PORT_RENEWAL,
		.lease_s = lse_written(g, p->inst, p->vip),
		.held_s = (uint32_t)((now_us - state->held_us) / SECOND),
	};
}

static void send(struct engine *e)
{
	struct eng_batch *b = &e->batch;

	if (b->n_ops)
		e->port->addrs(e->port->ctx, b->ops, b->n_ops);
	for (size_t i = 0; i < b->n_ops; i++) {
		if (b->ops[i].done)
			lse_done(e, b->ops[i].error);
		else
			e->outstanding++;
	}
	b->n_ops = 0;
}

void lse_renew_one(struct engine *e, uint16_t inst, uint16_t vip)
{
	renew(e, &(struct gen_place){ .inst = inst, .vip = vip },
	      e->port->now_us(e->port->ctx));
	send(e);
}

void lse_renew(struct engine *e)
{
	int64_t now_us = e->port->now_us(e->port->ctx);
	size_t n = e->gen->n_vips, end = n - e->lease_at > BATCH ? e->lease_at + BATCH : n;

	for (size_t at = e->lease_at; at < end; at++)
		if (has_lease(e->gen, &e->gen->places[at]))
			renew(e, &e->gen->places[at], now_us);
	send(e);
	e->lease_us += e->lease_gap_us;
	if (e->lease_us < now_us)
		e->lease_us = now_us;
	e->lease_at = end;
	if (end < n)
		return;
	e->lease_at = 0;
	e->lease_gap_us = e->gen->lease_gap_us;
	if (!e->lease_found || e->lease_gap_us == VR_NEVER)
		e->lease_us = VR_NEVER;
	e->lease_found = false;
}

/* What went with its interface is told by the interface. All else is tried again in the next round,
 * of which several have room in a lease. */
void lse_done(struct engine *e, int error)
{
	if (error && error != ENODEV)
		log_limited(e->log, &e->lease_limit, e->port->now_us(e->port->ctx), COMPLAIN_US,
			    LOG_LVL_WARN, "cannot renew the lease of an address: %s",
			    strerror(error));
}
