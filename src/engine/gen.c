/*
 * A configuration at work.
 *
 * All that the engine must size from a configuration is made here at once and freed at once, so a
 * reload either has everything it needs before it touches what runs, or changes nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/parts.h"
#include "engine/record.h"

static size_t count_vips(const struct vr_config *vr)
{
	size_t n = 0;

	for (uint16_t i = 0; i < vr->n_insts; i++)
		n += vr->insts[i].n_vips;
	return n;
}

/* Never NULL for want of elements: one more than asked for. */
static void *array(size_t n, size_t size)
{
	return calloc(n + 1, size);
}

static bool place_ifaces(struct engine *e, struct gen *g)
{
	const struct vr_config *vr = &g->cfg->vr;

	for (uint16_t i = 0; i < vr->n_ifaces; i++) {
		g->slots[i] = wld_slot(&e->world, vr->ifaces[i].name);
		if (g->slots[i] == VR_NONE)
			return false;
	}
	g->n_iface_of = e->world.n_slots;
	g->iface_of = array(g->n_iface_of, sizeof(*g->iface_of));
	if (!g->iface_of)
		return false;
	memset(g->iface_of, 0xff, g->n_iface_of * sizeof(*g->iface_of));	/* VR_NONE */
	for (uint16_t i = 0; i < vr->n_ifaces; i++)
		g->iface_of[g->slots[i]] = i;
	return true;
}

static int by_addr(const void *a, const void *b)
{
	const struct gen_place *x = a, *y = b;
	int order = ip_cmp(&x->addr, &y->addr);

	return order ? order : (x->inst > y->inst) - (x->inst < y->inst);
}

static void make_places(struct gen *g)
{
	const struct vr_config *vr = &g->cfg->vr;
	size_t n = 0;

	for (uint16_t i = 0; i < vr->n_insts; i++)
		for (uint16_t v = 0; v < vr->insts[i].n_vips; v++)
			g->places[n++] = (struct gen_place){
				.addr = vr->insts[i].vips[v].prefix.addr, .inst = i, .vip = v,
			};
	qsort(g->places, n, sizeof(*g->places), by_addr);
}

size_t gen_find(const struct gen *g, const struct ip_addr *a)
{
	size_t low = 0, high = g->n_vips;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (ip_cmp(&g->places[middle].addr, a) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < g->n_vips && ip_equal(&g->places[low].addr, a) ? low : g->n_vips;
}

static bool make(struct engine *e, struct gen *g)
{
	const struct vr_config *vr = &g->cfg->vr;
	size_t base = 0;

	g->n_vips = count_vips(vr);
	g->node_memory = malloc(vr_node_size(vr));
	g->slots = array(vr->n_ifaces, sizeof(*g->slots));
	g->insts = array(vr->n_insts, sizeof(*g->insts));
	g->vips = array(g->n_vips, sizeof(*g->vips));
	g->places = array(g->n_vips, sizeof(*g->places));
	g->checks = array(vr->n_checks, sizeof(*g->checks));
	if (!g->node_memory || !g->slots || !g->insts || !g->vips || !g->places || !g->checks)
		return false;
	make_places(g);
	g->lease_gap_us = lse_gap_us(g);
	for (uint16_t i = 0; i < vr->n_insts; i++) {
		g->insts[i].vip_base = base;
		base += vr->insts[i].n_vips;
	}
	for (uint16_t i = 0; i < vr->n_checks; i++)
		g->checks[i].next_us = g->checks[i].started_us = g->checks[i].ended_us = VR_NEVER;
	return place_ifaces(e, g);
}

struct gen *gen_new(struct engine *e, struct cfg *cfg, uint8_t epoch)
{
	struct gen *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	g->cfg = cfg;
	g->epoch = epoch;
	if (!make(e, g)) {
		g->cfg = NULL;
		gen_free(g);
		return NULL;
	}
	g->node = vr_node_init(g->node_memory, &cfg->vr, epoch);
	return g;
}

void gen_free(struct gen *g)
{
	if (!g)
		return;
	free(g->node_memory);
	free(g->slots);
	free(g->iface_of);
	free(g->insts);
	free(g->vips);
	free(g->places);
	free(g->checks);
	if (g->cfg)
		cfg_free(g->cfg);
	free(g);
}

struct gen *gen_of(struct engine *e, const struct vr_config *conf)
{
	return e->leaving && conf == &e->leaving->cfg->vr ? e->leaving : e->gen;
}

static void *reserve(void *v, size_t wanted, size_t *max, size_t size)
{
	if (wanted <= *max)
		return v;
	void *more = reallocarray(v, wanted, size);

	if (more)
		*max = wanted;
	return more;
}

static size_t longest_list(const struct gen *g)
{
	size_t longest = 1;

	for (uint16_t i = 0; g && i < g->cfg->vr.n_insts; i++)
		if (g->cfg->vr.insts[i].n_vips > longest)
			longest = g->cfg->vr.insts[i].n_vips;
	return longest;
}

bool gen_reserve(struct engine *e, const struct gen *g, const struct gen *old)
{
	size_t actions = vr_actions_max(&g->cfg->vr, old ? &old->cfg->vr : NULL);
	size_t mine = longest_list(g), its = longest_list(old);
	size_t announces = mine > its ? mine : its;
	size_t strays = e->n_strays + (old ? old->n_vips : 0) + 1;
	size_t record = rcd_max(e, g);
	size_t answers = 2 * (g->n_vips + (old ? old->n_vips : 0)) + 1;
	void *v;

	v = reserve(e->actions.v, actions, &e->actions.max, sizeof(*e->actions.v));
	if (!v)
		return false;
	e->actions.v = v;
	v = reserve(e->announces, announces, &e->max_announces, sizeof(*e->announces));
	if (!v)
		return false;
	e->announces = v;
	v = reserve(e->strays, strays, &e->max_strays, sizeof(*e->strays));
	if (!v)
		return false;
	e->strays = v;
	v = reserve(e->answers, answers, &e->max_answers, sizeof(*e->answers));
	if (!v)
		return false;
	e->answers = v;
	v = reserve(e->record, record, &e->max_record, 1);
	if (!v)
		return false;
	e->record = v;
	return true;
}

void gen_want(struct engine *e, const struct gen *g)
{
	const struct vr_config *vr = &g->cfg->vr;

	for (uint16_t i = 0; i < vr->n_insts; i++)
		wld_want(&e->world, g->slots[vr->insts[i].iface], &vr->insts[i].group,
			 vr->insts[i].vrid);
	wld_want_told(&e->world);
	e->port->guard(e->port->ctx, vr);
}

bool gen_is_vip(void *gen, const struct ip_addr *a)
{
	const struct gen *g = gen;
	size_t at = gen_find(g, a);

	return at < g->n_vips &&
	       g->cfg->vr.insts[g->places[at].inst].priority != VR_PRIO_OWNER;
}

int gen_ifindex(const struct engine *e, const struct gen *g, uint16_t iface)
{
	return e->world.slots[g->slots[iface]].ifindex;
}

/* ---- inheriting ---- */

static bool same_inst(const struct gen *a, uint16_t i, const struct gen *b, uint16_t j)
{
	const struct vr_inst_conf *x = &a->cfg->vr.insts[i], *y = &b->cfg->vr.insts[j];

	return x->vrid == y->vrid && x->family == y->family &&
	       a->slots[x->iface] == b->slots[y->iface];
}

/* What is under way would answer with a token of the old node. An addition is taken as done, a
 * deletion is not, and both are done again. */
static struct eng_vip inherited(const struct eng_vip *was)
{
	struct eng_vip now = *was;

	if (now.pending) {
		now.held |= now.asked;
		now.unsure = true;
	}
	now.pending = 0;
	return now;
}

static void inherit_vips(struct gen *g, uint16_t i, const struct gen *old, uint16_t j)
{
	const struct vr_inst_conf *x = &g->cfg->vr.insts[i], *y = &old->cfg->vr.insts[j];
	struct eng_vip *to = &g->vips[g->insts[i].vip_base];
	const struct eng_vip *from = &old->vips[old->insts[j].vip_base];

	for (uint16_t v = 0; v < x->n_vips; v++) {
		const struct ip_addr *addr = &x->vips[v].prefix.addr;
		size_t at = gen_find(old, addr);

		for (; at < old->n_vips && ip_equal(&old->places[at].addr, addr); at++) {
			uint16_t w = old->places[at].vip;

			if (old->places[at].inst == j &&
			    x->vips[v].prefix.len == y->vips[w].prefix.len &&
			    g->slots[x->vips[v].iface] == old->slots[y->vips[w].iface])
				to[v] = inherited(&from[w]);
		}
	}
}

static void inherit_check(struct gen *g, uint16_t i, const struct gen *old)
{
	const struct vr_check_conf *mine = &g->cfg->vr.checks[i];

	for (uint16_t j = 0; j < old->cfg->vr.n_checks; j++) {
		const struct vr_check_conf *was = &old->cfg->vr.checks[j];

		if (mine->identity != was->identity || strcmp(mine->name, was->name) != 0)
			continue;
		g->checks[i] = old->checks[j];		/* with the run under way */
		return;
	}
	g->checks[i].next_us = 0;
}

void gen_inherit(struct gen *g, const struct gen *old)
{
	for (uint16_t i = 0; i < g->cfg->vr.n_insts; i++)
		for (uint16_t j = 0; j < old->cfg->vr.n_insts; j++) {
			if (!same_inst(g, i, old, j))
				continue;
			size_t base = g->insts[i].vip_base;

			g->insts[i] = old->insts[j];
			g->insts[i].vip_base = base;
			inherit_vips(g, i, old, j);
		}
	for (uint16_t i = 0; i < g->cfg->vr.n_checks; i++)
		inherit_check(g, i, old);
}

void gen_inherit_late(struct gen *g, const struct gen *old)
{
	for (uint16_t i = 0; i < g->cfg->vr.n_insts; i++)
		for (uint16_t j = 0; j < old->cfg->vr.n_insts; j++)
			if (same_inst(g, i, old, j))
				g->insts[i].late |= old->insts[j].late;
}
