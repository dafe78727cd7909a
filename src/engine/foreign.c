/*
 * Addresses of the configuration that somebody else has put on this host.
 *
 * A host that names its own address as a virtual one would lose it with the first step down, and
 * with it, by the kernel's habit, every other address of the subnet. So whatever stands here
 * without our tag is left alone, and an instance that wants it is unfit until it has gone; the
 * owner of the addresses (255) shares them with the host instead. A keepalived that was killed
 * leaves addresses behind that look nearly the same: on request they are taken over at the start.
 *
 * A kernel before 5.18 keeps no tag. There ours is what we have put there by our own knowledge, or
 * by the record of the engine before us.
 */
#include "engine/parts.h"

static struct eng_vip *state_of(struct engine *e, uint16_t inst, uint16_t vip)
{
	return &e->gen->vips[e->gen->insts[inst].vip_base + vip];
}

static const struct vr_vip *conf_of(const struct engine *e, const struct gen_place *p)
{
	return &e->gen->cfg->vr.insts[p->inst].vips[p->vip];
}

static bool is_owner(const struct engine *e, uint16_t inst)
{
	return e->gen->cfg->vr.insts[inst].priority == VR_PRIO_OWNER;
}

/* The same address, prefix length and interface. */
static bool is_place(const struct engine *e, const struct gen_place *p, const struct wld_addr *a)
{
	const struct vr_vip *vip = conf_of(e, p);

	return vip->prefix.len == a->prefix.len &&
	       gen_ifindex(e, e->gen, vip->iface) == a->ifindex;
}

/* Where A stands in the configuration. */
static size_t places(const struct engine *e, const struct wld_addr *a,
		     const struct gen_place **first)
{
	const struct gen *g = e->gen;
	size_t at = gen_find(g, &a->prefix.addr), n = 0;

	*first = g->places + at;
	while (at + n < g->n_vips && ip_equal(&g->places[at + n].addr, &a->prefix.addr))
		n++;
	return n;
}

static bool is_ours(struct engine *e, const struct wld_addr *a, const struct gen_place *p, size_t n)
{
	int64_t now_us = e->port->now_us(e->port->ctx);

	if (str_has(e, a->ifindex, &a->prefix))
		return true;
	for (size_t i = 0; i < n; i++) {
		const struct eng_vip *state = state_of(e, p[i].inst, p[i].vip);

		if (state->stays || !is_place(e, &p[i], a))
			continue;
		if (state->held || state->pending)
			return true;
		/* It may be told of what we have taken off since: look again when that is over. */
		if (state->answered_us && now_us - state->answered_us < FRN_SETTLED_US) {
			e->foreign_us = now_us + FRN_SETTLED_US;
			return true;
		}
	}
	return false;
}

/* An address on an interface without ARP answers nobody: real servers have the service's there. */
static bool is_silent(const struct engine *e, int ifindex)
{
	for (size_t i = 0; i < e->world.n_links; i++)
		if (e->world.links[i].ifindex == ifindex)
			return e->world.links[i].silent;
	return false;
}

/* Where it is in the way: in the very place, or wherever else the host answers for it. */
static void mark(struct engine *e, const struct wld_addr *a, const struct gen_place *p)
{
	struct eng_vip *state = state_of(e, p->inst, p->vip);
	bool here = gen_ifindex(e, e->gen, conf_of(e, p)->iface) == a->ifindex;

	state->foreign_here |= is_place(e, p, a) || (here && is_owner(e, p->inst));
	state->foreign |= here || !is_silent(e, a->ifindex);
}

static void mark_all(struct engine *e)
{
	for (size_t i = 0; i < e->gen->n_vips; i++)
		e->gen->vips[i].foreign = e->gen->vips[i].foreign_here = false;
	for (size_t i = 0; i < e->world.n_addrs; i++) {
		const struct wld_addr *a = &e->world.addrs[i];
		const struct gen_place *p;
		size_t n = places(e, a, &p);

		if (n == 0 || is_ours(e, a, p, n))
			continue;
		for (size_t k = 0; k < n; k++)
			mark(e, a, &p[k]);
	}
}

static void tell(struct engine *e, enum vr_event_type type, uint16_t inst, uint16_t vip)
{
	stp_step(e, &(struct vr_event){ .type = type, .lost = { .inst = inst, .vip = vip } });
}

static void settle(struct engine *e, uint16_t inst, uint16_t vip)
{
	struct eng_vip *state = state_of(e, inst, vip);
	bool held = state->held && !state->stays, shared = state->held && state->stays;
	bool foreign = state->foreign && !held && !state->pending;

	state->stays = state->foreign_here && !held && !state->pending;
	if (shared && !state->stays) {		/* the host's own has gone: now it is put on */
		state->held = false;
		tell(e, VR_EV_LOST, inst, vip);
	}
	if (foreign != vr_vip_foreign(e->gen->node, inst, vip))
		tell(e, foreign ? VR_EV_FOREIGN : VR_EV_FOREIGN_GONE, inst, vip);
}

void frn_derive(struct engine *e)
{
	const struct vr_config *vr = &e->gen->cfg->vr;

	e->foreign_us = VR_NEVER;
	if (!e->world.reading)		/* else what was found before counts until all is read */
		mark_all(e);
	for (uint16_t i = 0; i < vr->n_insts; i++)
		for (uint16_t v = 0; v < vr->insts[i].n_vips; v++)
			settle(e, i, v);
}

/* ---- whose it is ---- */

void frn_believe(struct engine *e)
{
	const struct vr_config *vr = &e->gen->cfg->vr;

	for (uint16_t i = 0; i < vr->n_insts; i++)
		for (uint16_t v = 0; v < vr->insts[i].n_vips; v++) {
			struct eng_vip *state = state_of(e, i, v);

			state->foreign = vr_vip_foreign(e->gen->node, i, v);
			state->foreign_here = state->stays = state->foreign;
		}
}

/* What stands beside an address that we have left there is not shared with it. */
void frn_note_own(struct engine *e)
{
	const struct vr_config *vr = &e->gen->cfg->vr;

	for (uint16_t i = 0; i < vr->n_insts; i++)
		for (uint16_t v = 0; is_owner(e, i) && v < vr->insts[i].n_vips; v++) {
			const struct vr_vip *vip = &vr->insts[i].vips[v];
			int ifindex = gen_ifindex(e, e->gen, vip->iface);

			if (ifindex && str_has(e, ifindex, &vip->prefix))
				state_of(e, i, v)->held = true;
		}
}

/* What stands there without our tag: where there are no tags, the record says whose it is. Where
 * there are, a master's was changed by somebody and is put right; one that was being taken off when
 * the record was written is gone, and this is another one. */
static void believe_record(struct engine *e, const struct gen_place *p)
{
	struct eng_vip *state = state_of(e, p->inst, p->vip);
	struct vr_inst_view view;

	vr_inst_look(e->gen->node, p->inst, &view);
	if (e->world.tags)
		state->held &= view.state == VR_MASTER;
	else
		state->held |= !vr_vip_foreign(e->gen->node, p->inst, p->vip);
}

void frn_on_resume(struct engine *e)
{
	for (size_t i = 0; i < e->world.n_addrs; i++) {
		const struct wld_addr *a = &e->world.addrs[i];
		const struct gen_place *p;
		size_t n = places(e, a, &p);

		for (size_t k = 0; k < n; k++)
			if (is_place(e, &p[k], a))
				believe_record(e, &p[k]);
	}
	frn_derive(e);
}

void frn_adopt(struct engine *e)
{
	char text[IP_PREFIX_TEXT_MAX];

	for (size_t i = 0; i < e->world.n_addrs; i++) {
		const struct wld_addr *a = &e->world.addrs[i];
		const struct gen_place *p;
		size_t n = places(e, a, &p);
		bool left = n && wld_is_leftover(&e->world, a, gen_is_vip, e->gen);

		for (size_t k = 0; left && k < n; k++) {
			if (!is_place(e, &p[k], a) || is_owner(e, p[k].inst))
				continue;
			state_of(e, p[k].inst, p[k].vip)->held = true;
			log_printf(e->log, LOG_LVL_WARN,
				   "%s was not put here by us, but looks like what a keepalived "
				   "that was killed leaves behind: it is ours from now on "
				   "(--adopt-leftovers)", ip_prefix_text(&a->prefix, text));
		}
	}
}
