/*
 * What should be there against what is there.
 *
 * Network managers delete addresses that they do not know, people change them, and a daemon that
 * was killed leaves some behind. Each notice of the kernel is held against the configuration and
 * the state of its instance: what is gone is told to the core, which puts it back; what is not as
 * it should be is put right; what must not be here goes, if it carries our tag. Now and then
 * everything is read again, whether or not a notice was lost, so that nothing stays wrong for long.
 *
 * Notices and answers come by different ways and in any order; so what was told while an operation
 * was under way counts as well, and what can no longer be known is done again.
 */
#include <string.h>

#include "engine/parts.h"

#define SECOND INT64_C(1000000)
#define REREAD_US (30 * SECOND)		/* to read everything again, and up to 10 s more */
#define SPREAD_MS 9973			/* so that hosts that start together do not stay so */
#define SETTLED_US (SECOND / 10)	/* no notice comes so late after the answer */
#define WRONG_TRIES 3			/* times that an address is made anew until it is right */
#define WRONG_AGAIN_US SECOND		/* between them: whoever changes it may not be done */
#define COMPLAIN_US (10 * SECOND)

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

/* ---- attributes ---- */

static bool has_label(const struct engine *e, const struct vr_vip *vip,
		      const struct port_addr *addr)
{
	const struct wld_slot *slot = &e->world.slots[e->gen->slots[vip->iface]];

	return strncmp(addr->label, vip->label ? vip->label : slot->name, WLD_NAME_MAX - 1) == 0;
}

/* Its peer, its broadcast address and its flag are those of the configuration. */
static bool stands_as(const struct vr_vip *vip, const struct port_addr *addr)
{
	const struct ip_addr *peer = vip->peer.family == IP_V4 ? &vip->peer : &vip->prefix.addr;

	if (!ip_equal(peer, &addr->peer))
		return false;
	if (vip->broadcast.family != addr->broadcast.family ||
	    (addr->broadcast.family == IP_V4 && !ip_equal(&vip->broadcast, &addr->broadcast)))
		return false;
	return (vip->flags & VR_VIP_NOPREFIXROUTE) == (addr->flags & VR_VIP_NOPREFIXROUTE);
}

/* The kernel changes these only by making the address anew; its tag and lifetime it replaces. An
 * IPv6 address has neither label nor a scope of one's own choice. */
static bool needs_new(const struct engine *e, const struct vr_vip *vip,
		      const struct port_addr *addr)
{
	if (vip->prefix.addr.family != IP_V4)
		return false;
	if (addr->peer.family != IP_NONE && !stands_as(vip, addr))
		return true;
	return vip->scope != addr->scope || (addr->label[0] && !has_label(e, vip, addr));
}

/* A kernel before 5.18 knows no tags, and nothing follows from the lack of one. */
static bool needs_renewal(const struct engine *e, uint16_t inst, const struct port_addr *addr)
{
	uint32_t lease = e->gen->cfg->insts[inst].lease_s;

	if (e->world.tags && addr->proto != PORT_IFA_PROTO)
		return true;
	if (!lease || !addr->lease_s)
		return lease != addr->lease_s;
	return addr->lease_s > lease || addr->lease_s < lease / 2;
}

static void complain(struct engine *e, const struct port_addr *addr, const char *what)
{
	char text[IP_PREFIX_TEXT_MAX];

	log_limited(e->log, &e->complain_limit, e->port->now_us(e->port->ctx), COMPLAIN_US,
		    LOG_LVL_WARN, "%s %s", ip_prefix_text(&addr->prefix, text), what);
}

/* At once when it was right before. Then a few times more, for another program may have come
 * between our two requests; what the kernel will not have otherwise stays. */
static bool tries_again(const struct engine *e, const struct eng_vip *state)
{
	if (!state->wrong)
		return true;
	return state->wrong < WRONG_TRIES &&
	       e->port->now_us(e->port->ctx) - state->answered_us >= WRONG_AGAIN_US;
}

static void check_attributes(struct engine *e, uint16_t inst, uint16_t vip,
			     const struct port_addr *addr)
{
	struct eng_vip *state = state_of(e, inst, vip);

	if (needs_new(e, &e->gen->cfg->vr.insts[inst].vips[vip], addr)) {
		if (!tries_again(e, state))
			return;
		tell(e, VR_EV_WRONG, inst, vip);
		state->wrong += state->pending != 0;	/* who listens leaves it till told again */
		return;
	}
	state->wrong = 0;
	if (!needs_renewal(e, inst, addr))
		return;
	if (e->world.tags && addr->proto != PORT_IFA_PROTO)
		complain(e, addr, "was changed by another program: putting it right");
	lse_renew_one(e, inst, vip);
}

/* What a master was refused it asks for again anyway. */
static void check_intruder(struct engine *e, uint16_t inst, uint16_t vip,
			   const struct port_addr *addr)
{
	const struct eng_vip *state = state_of(e, inst, vip);
	int64_t now_us = e->port->now_us(e->port->ctx);
	struct vr_inst_view view;

	vr_inst_look(e->gen->node, inst, &view);
	if (view.state == VR_MASTER)
		return;
	/* It may be told of what we have taken off since: look again when that is over. */
	if (now_us - state->answered_us < SETTLED_US) {
		if (e->reread_us > now_us + SECOND)
			e->reread_us = now_us + SECOND;
		return;
	}
	/* Without the tag it is foreign, see foreign.c. */
	if (addr->proto == PORT_IFA_PROTO)
		tell(e, VR_EV_WRONG, inst, vip);
}

/* CLAIMED: some instance has it, so that it is no intruder. */
static void told(struct engine *e, uint16_t inst, uint16_t vip, const struct port_addr *addr,
		 bool claimed)
{
	struct eng_vip *state = state_of(e, inst, vip);

	if (!addr->gone) {
		state->seen = true;
		state->taken = false;
		state->round = e->world.round;
		if (state->pending || state->stays)
			return;
		if (state->held)
			check_attributes(e, inst, vip, addr);
		else if (!claimed)
			check_intruder(e, inst, vip, addr);
	} else if (state->pending) {
		state->held = false;		/* until the answer says otherwise */
		state->taken = state->seen;	/* else it is an operation before this one */
	} else if (state->held) {
		lost(e, inst, vip);
	}
}

/* ---- when ---- */

/* Where the address stands in the configuration; several instances may name it. */
static size_t places(const struct engine *e, const struct port_addr *addr, size_t *first)
{
	const struct gen *g = e->gen;
	size_t n = 0;

	*first = gen_find(g, &addr->prefix.addr);
	while (*first + n < g->n_vips &&
	       ip_equal(&g->places[*first + n].addr, &addr->prefix.addr))
		n++;
	return n;
}

void rec_on_addr(struct engine *e, const struct port_addr *addr)
{
	size_t first, n = places(e, addr, &first);
	const struct gen_place *p = e->gen->places + first;
	bool claimed = e->resuming || e->stopped;

	for (size_t i = 0; i < n; i++) {
		const struct eng_vip *state = state_of(e, p[i].inst, p[i].vip);

		claimed |= state->held || state->pending;
	}
	for (size_t i = 0; i < n; i++)
		if (is(e, &e->gen->cfg->vr.insts[p[i].inst].vips[p[i].vip], addr))
			told(e, p[i].inst, p[i].vip, addr, claimed);
}

void rec_on_done(struct engine *e, uint16_t inst, uint16_t vip)
{
	struct eng_vip *state = state_of(e, inst, vip);

	state->answered_us = e->port->now_us(e->port->ctx);
	if (state->unsure)
		tell(e, VR_EV_UNSURE, inst, vip);
	else if (state->taken && state->held)
		lost(e, inst, vip);
	state->unsure = state->taken = false;
}

static void plan(struct engine *e)
{
	int64_t now_us = e->port->now_us(e->port->ctx);

	e->reread_us = now_us + REREAD_US + now_us % SPREAD_MS * 1000;
}

void rec_begin(struct engine *e)
{
	plan(e);
}

void rec_reread(struct engine *e)
{
	plan(e);
	e->port->reread(e->port->ctx);
}

void rec_on_synced(struct engine *e)
{
	const struct vr_config *vr = &e->gen->cfg->vr;

	for (uint16_t i = 0; i < vr->n_insts; i++)
		for (uint16_t v = 0; v < vr->insts[i].n_vips; v++) {
			struct eng_vip *state = state_of(e, i, v);

			if (state->pending)
				state->unsure = true;
			else if (state->held && !state->stays &&
				 state->round != e->world.round)
				lost(e, i, v);
		}
}

/* The answers will come to tokens of the old node. */
void rec_on_reload(struct engine *e)
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
