/*
 * What the kernel holds: an address is present exactly when its host is MASTER, or what makes it so
 * is on its way.
 *
 * On its way means an operation that the kernel has not answered. After the kernel itself
 * misbehaved (an operation failed, an address was stolen, notices were lost) the daemon has GRACE
 * to put things right: the second after which it repairs, and what a notice and an answer need.
 */
#include "sim/inv.h"

#define GRACE (INV_SECOND + 200 * INV_MS)
#define THEFT (10 * INV_MS)	/* a stolen address is back, if nothing else is wrong; one with
				 * no_track after GRACE */

/* The kernel does not do as it is told, or tells what happens. */
static bool disturbed(const struct inv *c, size_t node)
{
	const struct inv_node *n = &c->nodes[node];

	return n->ops_bad || n->slow_ops || n->forgets || n->deaf || sim_paused(c->sim, node);
}

/* True when a deviation since SINCE (updated) can no longer be excused; what was stolen may be away
 * for THEFT_US. */
static bool overdue(const struct inv *c, size_t node, bool deviates, int64_t *since,
		    int64_t theft_us)
{
	const struct inv_node *n = &c->nodes[node];
	int64_t now = sim_now_us(c->sim);

	if (!deviates) {
		*since = VR_NEVER;
		return false;
	}
	if (*since == VR_NEVER || disturbed(c, node))
		*since = now;
	if (*since < n->disturbed_world)
		*since = n->disturbed_world;
	if (disturbed(c, node))
		return false;
	if (now - n->robbed_world <= theft_us + sim_lag_us(c->sim, node))
		return false;
	if (now - n->disturbed_world > 3 * GRACE)
		return true;
	return now - *since > GRACE + sim_lag_us(c->sim, node);
}

static bool deviates(const struct inv *c, size_t node, const struct inv_seat *s, uint16_t v)
{
	const struct vr_config *conf = vr_node_conf(eng_node(sim_engine(c->sim, node)));
	const struct vr_vip *vip = &s->ic->vips[v];
	int ifindex = sim_ifindex(c->sim, node, conf->ifaces[vip->iface].name);

	if (ifindex == 0 || sim_op_pending(c->sim, node, ifindex, &vip->prefix))
		return false;
	/* The owner of the addresses shares them with the host. */
	if (s->ic->priority == VR_PRIO_OWNER && s->state == VR_MASTER &&
	    sim_has_foreign(c->sim, node, ifindex, &vip->prefix.addr))
		return false;
	return sim_has_addr(c->sim, node, ifindex, &vip->prefix) != (s->state == VR_MASTER);
}

static void check_seat(struct inv *c, size_t node, struct inv_seat *s)
{
	bool any = false, tracked = false;

	for (uint16_t v = 0; v < s->ic->n_vips && !tracked; v++) {
		bool one = deviates(c, node, s, v);

		any |= one;
		tracked |= one && !(s->ic->vips[v].flags & VR_VIP_NO_TRACK);
	}
	if (s->listens)			/* nor does it put one back before it has listened */
		s->wrong_world = VR_NEVER;
	else if (overdue(c, node, any, &s->wrong_world, tracked ? THEFT : GRACE))
		inv_fail(c, "addresses", node, s, "they %s since %lld us",
			 s->state == VR_MASTER ? "are missing" : "are still there",
			 (long long)(sim_now_us(c->sim) - s->wrong_world));
}

/* ---- addresses that no configuration names ---- */

struct strays {
	const struct inv *c;
	size_t node;
	bool any;
};

static void look_at(void *ctx, int ifindex, const struct ip_prefix *prefix)
{
	struct strays *l = ctx;
	const struct vr_config *conf = vr_node_conf(eng_node(sim_engine(l->c->sim, l->node)));

	for (uint16_t i = 0; i < conf->n_insts; i++)
		for (uint16_t v = 0; v < conf->insts[i].n_vips; v++)
			if (ip_equal(&conf->insts[i].vips[v].prefix.addr, &prefix->addr) &&
			    conf->insts[i].vips[v].prefix.len == prefix->len)
				return;
	if (!sim_op_pending(l->c->sim, l->node, ifindex, prefix))
		l->any = true;
}

static void check_strays(struct inv *c, size_t node)
{
	struct strays l = { .c = c, .node = node };
	struct inv_node *n = &c->nodes[node];

	sim_each_ours(c->sim, node, look_at, &l);
	if (overdue(c, node, l.any, &n->stray_world, THEFT))
		inv_fail(c, "stray", node, NULL, "an address that nobody wants any more");
}

/* What was there before us stays, as soon as it can be known. */
static void check_robbery(struct inv *c, size_t node)
{
	struct inv_node *n = &c->nodes[node];
	unsigned int robberies = sim_robberies(c->sim, node);

	if (robberies != n->robberies && !disturbed(c, node) &&
	    sim_now_us(c->sim) - n->foreign_world > 3 * GRACE)
		inv_fail(c, "own-address", node, NULL, "it touches an address of another program");
	n->robberies = robberies;
}

void inv_addresses(struct inv *c, size_t node)
{
	struct inv_node *n = &c->nodes[node];
	uint32_t version = sim_kernel_version(c->sim, node);
	bool wrong = n->stray_world != VR_NEVER, moved = false;

	check_robbery(c, node);
	if (sim_leaving(c->sim, node))
		return;
	for (size_t i = 0; i < n->n; i++) {
		wrong |= n->seats[i].wrong_world != VR_NEVER;
		moved |= n->seats[i].state != n->seats[i].was;
	}
	if (version == n->kernel_version && !wrong && !moved)
		return;
	n->kernel_version = version;
	for (size_t i = 0; i < n->n; i++)
		check_seat(c, node, &n->seats[i]);
	check_strays(c, node);
}

static void count(void *ctx, int ifindex, const struct ip_prefix *prefix)
{
	(void)ifindex, (void)prefix;
	++*(size_t *)ctx;
}

void inv_all_gone(struct inv *c, size_t node)
{
	size_t n = 0;

	sim_each_ours(c->sim, node, count, &n);
	if (n && !disturbed(c, node) &&
	    sim_now_us(c->sim) - c->nodes[node].disturbed_world > 3 * GRACE)
		inv_fail(c, "left-behind", node, NULL, "%zu addresses after an orderly stop", n);
}

/* Its daemon died: the kernel forgets what nobody renews, and looks at it once a second. */
void inv_dead(struct inv *c, size_t node)
{
	const struct inv_node *r = &c->nodes[node];
	size_t n = 0;

	if (r->ended_world == VR_NEVER || sim_paused(c->sim, node))
		return;
	if (sim_now_us(c->sim) - r->ended_world <= (r->lease_s + 1) * INV_SECOND + GRACE)
		return;
	sim_each_ours(c->sim, node, count, &n);
	if (n)
		inv_fail(c, "lease", node, NULL, "dead since %lld us, it still has %zu addresses",
			 (long long)(sim_now_us(c->sim) - r->ended_world), n);
}

void inv_exact(struct inv *c, size_t node)
{
	const struct engine *e = sim_engine(c->sim, node);
	struct inv_node *n = &c->nodes[node];

	for (size_t i = 0; i < n->n; i++) {
		struct inv_seat *s = &n->seats[i];

		for (uint16_t v = 0; v < s->ic->n_vips; v++) {
			struct eng_vip_view view;

			eng_vip_look(e, s->inst, v, &view);
			if (deviates(c, node, s, v))
				inv_fail(c, "addresses", node, s, "address %u: present %d", v,
					 s->state != VR_MASTER);
			if (view.pending || view.held != (s->state == VR_MASTER &&
			    eng_ifindex(e, s->ic->vips[v].iface) != 0))
				inv_fail(c, "held", node, s, "address %u: held %d, pending %d", v,
					 view.held, view.pending);
		}
	}
}
