/*
 * The one place where the core is stepped.
 *
 * A step's actions are carried out before the next step begins; what they bring about at once (an
 * operation that could not be tried, or not queued) follows as an event of its own. Then the next
 * wake-up is armed.
 */
#include <assert.h>

#include "engine/journal.h"
#include "engine/parts.h"
#include "engine/record.h"

#define REJOIN_US INT64_C(1000000)

static void one(struct engine *e, struct vr_event *event)
{
	event->now_us = e->port->now_us(e->port->ctx);
	jrn_event(e->journal, event);
	vr_step(e->gen->node, event, &e->actions);
	rcd_after_step(e, event->type);
	car_carry_out(e);
	jrn_result(e->journal, &e->actions);
}

static void answer(struct engine *e)
{
	while (e->n_answers) {
		struct eng_answer a = e->answers[--e->n_answers];

		eng_addr_done(e, a.token, a.error);
	}
}

void stp_step(struct engine *e, struct vr_event *event)
{
	one(e, event);
	if (e->draining)
		return;
	e->draining = true;
	answer(e);
	e->draining = false;
}

static void tell_slot(struct engine *e, size_t s, bool all)
{
	struct wld_slot *slot = &e->world.slots[s];
	uint16_t iface = s < e->gen->n_iface_of ? e->gen->iface_of[s] : VR_NONE;

	if (iface == VR_NONE || !(slot->changed || all))
		return;
	slot->changed = false;
	/* Addresses first: an interface that comes up with its address is fit at once. */
	struct vr_event addr4 = {
		.type = VR_EV_ADDR,
		.addr = { .iface = iface, .family = IP_V4, .primary = slot->primary4 },
	};
	struct vr_event addr6 = {
		.type = VR_EV_ADDR,
		.addr = { .iface = iface, .family = IP_V6, .primary = slot->primary6 },
	};
	struct vr_event link = {
		.type = VR_EV_LINK,
		.link = { .iface = iface, .exists = slot->ifindex != 0, .up = slot->up,
			  .rx_ready = slot->rx_ready },
	};
	stp_step(e, &addr4);
	stp_step(e, &addr6);
	stp_step(e, &link);
}

void stp_tell_world(struct engine *e, bool all)
{
	/* While everything is read again nothing is derived: a node that a reload makes meanwhile
	 * is told what was true before. */
	if (e->world.reading && !all)
		return;
	if (!e->world.reading) {
		bool again = wld_derive(&e->world, gen_is_vip, e->gen);

		e->rejoin_us = again ? e->port->now_us(e->port->ctx) + REJOIN_US : VR_NEVER;
	}
	/* What is not ours must be known before a master puts its own on. */
	if (!all)
		frn_derive(e);
	/* Bad news first: nobody becomes fit by one fact for the moment until the next is told. */
	for (size_t s = 0; s < e->world.n_slots; s++)
		if (!e->world.slots[s].up)
			tell_slot(e, s, all);
	for (size_t s = 0; s < e->world.n_slots; s++)
		if (e->world.slots[s].up)
			tell_slot(e, s, all);
}

static int64_t earliest(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* While everything is read nothing is tried: its end will do it. */
static int64_t rejoin_deadline(const struct engine *e)
{
	return e->world.reading ? VR_NEVER : e->rejoin_us;
}

static void arm(struct engine *e)
{
	int64_t next = earliest(vr_deadline(e->gen->node),
				earliest(rejoin_deadline(e), e->sweep_us));

	next = earliest(next, e->record_us);
	if (e->started && !e->stopped)
		next = earliest(earliest(next, chk_deadline(e)),
				earliest(earliest(e->lease_us, e->reread_us),
					 e->foreign_us));
	if (next == e->armed_us)
		return;
	e->armed_us = next;
	e->port->wake_at(e->port->ctx, next);
}

void stp_settle(struct engine *e)
{
	int64_t now_us = e->port->now_us(e->port->ctx);

	if (vr_deadline(e->gen->node) <= now_us)
		stp_step(e, &(struct vr_event){ .type = VR_EV_WAKE });
	if (rejoin_deadline(e) <= now_us)
		stp_tell_world(e, false);
	if (e->sweep_us <= now_us)
		str_sweep(e);
	if (e->lease_us <= now_us && !e->stopped)
		lse_renew(e);
	if (e->foreign_us <= now_us && !e->stopped)
		frn_derive(e);
	if (e->reread_us <= now_us && !e->stopped)
		rec_reread(e);
	if (e->started && !e->stopped)
		chk_run_due(e, now_us);
	rcd_settled(e, now_us);
	arm(e);
	if (e->hooks.served)
		e->hooks.served(e->hooks.ctx, e->armed_us);
}
