/*
 * Why this exists: the mistake to be found may be in the very number that should hold two instances
 * together. So the instances of different files are put together by what speaks most clearly: first
 * by address and VRID, then by address alone, then by VRID and a name.
 */
#include "lint/model.h"

#include <stdlib.h>
#include <string.h>

struct held {
	struct ip_addr addr;
	struct lnt_router *router;
	size_t order;		/* of finding */
};

struct match {
	struct lnt *l;
	struct lnt_router *by_vrid[256];
	struct held *held;	/* every address of every router, sorted */
	size_t n_held, held_size;
};

typedef bool (*fits_fn)(const struct lnt_router *r, const struct lnt_inst *inst);

static bool same_vrid(const struct lnt_router *r, const struct lnt_inst *inst)
{
	return r->members[0]->vrid == inst->vrid && r->members[0]->family == inst->family;
}

static bool any(const struct lnt_router *r, const struct lnt_inst *inst)
{
	(void)r;
	(void)inst;
	return true;
}

static bool same_place(const struct lnt_router *r, const struct lnt_inst *inst)
{
	return same_vrid(r, inst) && (strcmp(r->members[0]->name, inst->name) == 0 ||
				      strcmp(r->members[0]->iface, inst->iface) == 0);
}

static bool is_free(const struct lnt_router *r, const struct lnt_inst *inst)
{
	return r->members[r->n - 1]->node != inst->node;
}

static int by_addr(const void *va, const void *vb)
{
	const struct held *a = va, *b = vb;
	int c = ip_cmp(&a->addr, &b->addr);

	return c ? c : (a->order > b->order) - (a->order < b->order);
}

static size_t first_held(const struct match *m, const struct ip_addr *addr)
{
	size_t lo = 0, hi = m->n_held;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (ip_cmp(&m->held[mid].addr, addr) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* A router that holds an address of INST, and FITS. */
static struct lnt_router *by_address(const struct match *m, const struct lnt_inst *inst,
				     fits_fn fits)
{
	for (size_t i = 0; i < inst->n_vips; i++) {
		const struct ip_addr *addr = &inst->vips[i].prefix.addr;

		for (size_t k = first_held(m, addr); k < m->n_held; k++) {
			struct lnt_router *r = m->held[k].router;

			if (!ip_equal(&m->held[k].addr, addr))
				break;
			if (is_free(r, inst) && fits(r, inst))
				return r;
		}
	}
	return NULL;
}

static struct lnt_router *by_vrid(const struct match *m, const struct lnt_inst *inst, fits_fn fits)
{
	struct lnt_router *r = m->by_vrid[inst->vrid];

	while (r && !(is_free(r, inst) && fits(r, inst)))
		r = r->same_vrid;
	return r;
}

static const struct {
	struct lnt_router *(*find)(const struct match *m, const struct lnt_inst *inst,
				   fits_fn fits);
	fits_fn fits;
} passes[] = {
	{ by_address, same_vrid },
	{ by_address, any },
	{ by_vrid, same_place },
	{ by_vrid, same_vrid },
};

static void join_all(const struct match *m, struct lnt_node *node)
{
	for (size_t p = 0; p < sizeof(passes) / sizeof(passes[0]); p++) {
		for (size_t i = 0; i < node->n_insts; i++) {
			struct lnt_inst *inst = &node->insts[i];
			struct lnt_router *r =
				inst->router ? NULL : passes[p].find(m, inst, passes[p].fits);

			if (!r)
				continue;
			r->members[r->n++] = inst;
			inst->router = r;
		}
	}
}

static void found(struct match *m, struct lnt_inst *inst)
{
	struct lnt_router *r = mdl_alloc(m->l, 1, sizeof(*r)), **last = &m->by_vrid[inst->vrid];
	char addr[IP_TEXT_MAX];

	if (!r)
		return;
	r->members[r->n++] = inst;
	r->what = inst->n_vips > 0 ?
		  mdl_print(m->l, "%s", ip_text(&inst->vips[0].prefix.addr, addr)) :
		  mdl_print(m->l, "'%.60s'", inst->name);
	inst->router = r;
	*m->l->routers_end = r;
	m->l->routers_end = &r->next;
	while (*last)
		last = &(*last)->same_vrid;
	*last = r;
}

static bool grow_held(struct match *m, size_t more)
{
	size_t size = m->held_size ? m->held_size * 2 : 64;
	struct held *v;

	if (m->n_held + more <= m->held_size)
		return true;
	while (size < m->n_held + more)
		size *= 2;
	v = mdl_alloc(m->l, size, sizeof(*v));
	if (!v)
		return false;
	if (m->n_held > 0)
		memcpy(v, m->held, m->n_held * sizeof(*v));
	m->held = v;
	m->held_size = size;
	return true;
}

/* Adds the addresses of NODE, whose instances all have a router now. */
static void hold_all(struct match *m, const struct lnt_node *node)
{
	for (size_t i = 0; i < node->n_insts; i++) {
		const struct lnt_inst *inst = &node->insts[i];

		if (!inst->router || !grow_held(m, inst->n_vips))
			return;
		for (size_t k = 0; k < inst->n_vips; k++, m->n_held++)
			m->held[m->n_held] = (struct held){ inst->vips[k].prefix.addr, inst->router,
							    m->n_held };
	}
	if (m->n_held > 0)
		qsort(m->held, m->n_held, sizeof(*m->held), by_addr);
}

void mdl_match(struct lnt *l)
{
	struct match m = { .l = l };

	for (size_t n = 0; n < l->n_nodes && !l->no_memory; n++) {
		struct lnt_node *node = l->nodes[n];

		join_all(&m, node);
		for (size_t i = 0; i < node->n_insts && !l->no_memory; i++) {
			if (!node->insts[i].router)
				found(&m, &node->insts[i]);
		}
		hold_all(&m, node);
	}
}
