/*
 * Going on for an engine that ended.
 *
 * The record is believed as a whole: what it says of interfaces counts until the kernel has been
 * read, so that a master can speak before that. Then everything is told anew and derived anew, what
 * nobody knows is deleted, and the addresses are asked for as the states want them.
 */
#include "engine/record.h"

static const char *read_past(struct engine *e, struct cfg *cfg, const struct eng_past *past)
{
	struct cursor c = cur_over(past->data, past->len);
	const char *why = rcd_head(&c, &cfg->vr);
	uint8_t epoch;

	if (!why)
		why = rcd_engine(&c, e, &epoch);
	if (why)
		return why;
	/* Another epoch: answers to what the predecessor asked must not be taken for ours. */
	if (!eng_equip(e, cfg, eng_next_epoch(epoch)))
		return "there is no memory";
	return rcd_gen(&c, e);
}

struct engine *eng_resume(struct cfg *cfg, const struct eng_past *past, const struct port *port,
			  const struct log *log, const char **why)
{
	struct engine *e = eng_alloc(port, log);

	*why = e ? read_past(e, cfg, past) : "there is no memory";
	if (*why) {
		if (e && e->gen)
			e->gen->cfg = NULL;	/* still the caller's */
		eng_free(e);
		return NULL;
	}
	for (uint16_t i = 0; i < cfg->vr.n_ifaces; i++) {
		struct vr_iface_view facts;

		vr_iface_look(e->gen->node, i, &facts);
		wld_believe(&e->world, e->gen->slots[i], &facts);
	}
	frn_believe(e);
	e->served_us = past->served_us > 0 ? past->served_us : 0;
	e->started = e->resuming = true;
	return e;
}

void eng_go_on(struct engine *e)
{
	int64_t now_us = e->port->now_us(e->port->ctx);

	if (e->served_us > now_us)	/* it was idle, and is not late for anything */
		e->served_us = now_us;
	wld_rejoin(&e->world);
	stp_step(e, &(struct vr_event){
		.type = VR_EV_RESUME, .resume = { .served_us = e->served_us },
	});
	chk_start(e);
	stp_settle(e);
}

void res_synced(struct engine *e)
{
	e->resuming = false;
	stp_tell_world(e, true);
	frn_note_own(e);
	str_begin(e);
	frn_on_resume(e);
	stp_step(e, &(struct vr_event){ .type = VR_EV_ASSERT });
	if (e->hooks.started)
		e->hooks.started(e->hooks.ctx);
}
