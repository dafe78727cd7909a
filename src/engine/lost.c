/*
 * What others do to our addresses.
 *
 * Network managers delete addresses that they do not know. An address that the kernel had confirmed
 * and that we did not delete, but that is gone, is told to the core, which puts it back. Notices
 * and answers come by different ways and in any order, and notices can be lost; so what was told
 * while an operation was under way counts as well, and what can no longer be known is done again.
 * Comparing all that should be with all that is, on a clock of its own, comes with the reconciler.
 */
#include "engine/parts.h"

static bool is(const struct engine *e, const struct vr_vip *vip, const struct port_addr *addr)
{
	return ip_equal(&vip->prefix.addr, &addr->prefix.addr) &&
	       vip->prefix.len == addr->prefix.len &&
	       gen_ifindex(e, e->gen, vip->iface) == addr->ifindex;
}

static struct eng_vip *state_of(struct engine *e, uint16_t inst, uint16_t vip)
{
	return &e->gen->vips[e->gen->insts[inst].vip_base + vip];
}

static void tell(struct engine *e, enum vr_event_type type, uint16_t inst, uint16_t vip)
{
	stp_step(e, &(struct vr_event){ .type = type, .lost = { .inst = inst, .vip = vip } });
}

static void lost(struct engine *e, uint16_t inst, uint16_t vip)
{
	state_of(e, inst, vip)->held = false;
	tell(e, VR_EV_LOST, inst, vip);
}

static void told(struct engine *e, uint16_t inst, uint16_t vip, bool gone)
{
	struct eng_vip *state = state_of(e, inst, vip);

	if (!gone) {
		state->seen = true;
		state->taken = false;
		state->round = e->world.round;
	} else if (state->pending) {
		state->held = false;		/* until the answer says otherwise */
		state->taken = state->seen;	/* else it is an operation before this one */
	} else if (state->held) {
		lost(e, inst, vip);
	}
}

void lst_on_addr(struct engine *e, const struct port_addr *addr)
{
	const struct vr_config *vr = &e->gen->cfg->vr;

	for (uint16_t i = 0; i < vr->n_insts; i++)
		for (uint16_t v = 0; v < vr->insts[i].n_vips; v++)
			if (is(e, &vr->insts[i].vips[v], addr))
				told(e, i, v, addr->gone);
}

void lst_on_done(struct engine *e, uint16_t inst, uint16_t vip)
{
	struct eng_vip *state = state_of(e, inst, vip);

	if (state->unsure)
		tell(e, VR_EV_UNSURE, inst, vip);
	else if (state->taken && state->held)
		lost(e, inst, vip);
	state->unsure = state->taken = false;
}

void lst_on_synced(struct engine *e)
{
	const struct vr_config *vr = &e->gen->cfg->vr;

	for (uint16_t i = 0; i < vr->n_insts; i++)
		for (uint16_t v = 0; v < vr->insts[i].n_vips; v++) {
			struct eng_vip *state = state_of(e, i, v);

			if (state->pending)
				state->unsure = true;
			else if (state->held && state->round != e->world.round)
				lost(e, i, v);
		}
}

/* The answers will come to tokens of the old node. */
void lst_on_reload(struct engine *e)
{
	const struct vr_config *vr = &e->gen->cfg->vr;

	for (uint16_t i = 0; i < vr->n_insts; i++)
		for (uint16_t v = 0; v < vr->insts[i].n_vips; v++) {
			struct eng_vip *state = state_of(e, i, v);

			if (state->unsure && !state->pending) {
				state->unsure = false;
				tell(e, VR_EV_UNSURE, i, v);
			}
		}
}
