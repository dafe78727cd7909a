/*
 * From facts to fitness, once more and from outside.
 *
 * When all is settled, faults and effective priority are computed here from what the simulated
 * kernel and scripts are like and from the configuration, without the core: docs/ and
 * holdfast.conf(5) say how. On the way, each check's verdict follows its results by rise and fall.
 */
#include <string.h>

#include "sim/inv.h"

/* ---- verdicts ---- */

/* The check whose run ends with JOB, by the place where its command stands; or VR_NONE. */
static uint16_t check_of(const struct inv *c, size_t node, uint32_t job)
{
	const struct inv_node *n = &c->nodes[node];
	const struct cfg *cfg = eng_cfg(sim_engine(c->sim, node));

	for (size_t i = 0; i < n->n_runs; i++)
		for (uint16_t k = 0; n->runs[i].job == job && k < cfg->vr.n_checks; k++)
			if ((const char *const *)cfg->checks[k].command.argv == n->runs[i].argv)
				return k;
	return VR_NONE;
}

void inv_result_before(struct inv *c, const struct sim_input *in)
{
	struct inv_node *n = &c->nodes[in->node];

	n->judged = check_of(c, in->node, in->job);
	if (n->judged != VR_NONE)
		vr_check_look(eng_node(sim_engine(c->sim, in->node)), n->judged, &n->verdict);
	for (size_t i = 0; i < n->n_runs; i++)
		if (n->runs[i].job == in->job)
			n->runs[i--] = n->runs[--n->n_runs];
}

/* The first word counts at once; then RISE or FALL in a row are needed to turn a verdict. */
void inv_result_after(struct inv *c, const struct sim_input *in)
{
	const struct inv_node *n = &c->nodes[in->node];
	const struct vr_node *node = eng_node(sim_engine(c->sim, in->node));
	bool good = in->result == VR_CHECK_GOOD, want = good;
	struct vr_check_view now;

	if (n->judged == VR_NONE || sim_leaving(c->sim, in->node))
		return;
	const struct vr_check_conf *conf = &vr_node_conf(node)->checks[n->judged];
	if (n->verdict.known && good != n->verdict.good &&
	    n->verdict.run + 1 < (good ? conf->rise : conf->fall))
		want = n->verdict.good;
	vr_check_look(node, n->judged, &now);
	if (!now.known || now.good != want)
		inv_fail(c, "verdict", in->node, NULL, "%s is %s after %u results against it",
			 conf->name, now.good ? "good" : "bad", n->verdict.run + 1);
}

/* ---- settled ---- */

static bool iface_good(const struct inv *c, size_t node, uint16_t iface)
{
	const struct vr_config *conf = vr_node_conf(eng_node(sim_engine(c->sim, node)));

	return sim_iface_up(c->sim, node, conf->ifaces[iface].name);
}

static bool check_good(const struct inv *c, size_t node, uint16_t check)
{
	const struct vr_config *conf = vr_node_conf(eng_node(sim_engine(c->sim, node)));

	return sim_script_of(c->sim, node, conf->checks[check].name) == SIM_SCRIPT_GOOD;
}

/* "weight N": above 0 it is added while good, below 0 while bad; reverse subtracts it instead. */
static int worth(const struct vr_ref *ref, bool good)
{
	int weight = ref->reverse ? -ref->weight : ref->weight;

	return (ref->weight > 0 && good) || (ref->weight < 0 && !good) ? weight : 0;
}

struct source {
	const struct vr_config *conf;
	int ifindex;
	bool any;
};

/* What no instance names, but for an owner, is the host's own address. */
static void look_at_foreign(void *ctx, int ifindex, const struct ip_prefix *prefix)
{
	struct source *l = ctx;
	bool virtual = false;

	for (uint16_t i = 0; i < l->conf->n_insts; i++) {
		const struct vr_inst_conf *ic = &l->conf->insts[i];

		for (uint16_t v = 0; v < ic->n_vips && ic->priority != VR_PRIO_OWNER; v++)
			virtual |= ip_equal(&ic->vips[v].prefix.addr, &prefix->addr);
	}
	l->any |= ifindex == l->ifindex && !virtual;
}

static bool has_source(const struct inv *c, size_t node, const char *iface)
{
	struct source l = {
		.conf = vr_node_conf(eng_node(sim_engine(c->sim, node))),
		.ifindex = sim_ifindex(c->sim, node, iface),
		.any = sim_has_own(c->sim, node, iface),
	};

	sim_each_foreign(c->sim, node, look_at_foreign, &l);
	return l.any;
}

static uint32_t interface_faults(const struct inv *c, size_t node, const struct inv_seat *s)
{
	const struct vr_config *conf = vr_node_conf(eng_node(sim_engine(c->sim, node)));
	const char *name = conf->ifaces[s->ic->iface].name;
	uint32_t faults = 0;

	if (sim_ifindex(c->sim, node, name) == 0)
		return 1u << VR_FAULT_IF_MISSING;
	if (!sim_iface_up(c->sim, node, name) && s->ic->track_primary)
		faults |= 1u << VR_FAULT_IF_DOWN;
	if (!has_source(c, node, name) && s->ic->source.family == IP_NONE)
		faults |= 1u << VR_FAULT_NO_SOURCE;
	return faults;
}

/* Where an address stands must be up. The instance's own interface has a rule of its own. */
static uint32_t address_faults(const struct inv *c, size_t node, const struct inv_seat *s)
{
	for (uint16_t v = 0; v < s->ic->n_vips; v++) {
		const struct vr_vip *vip = &s->ic->vips[v];

		if (vip->iface != s->ic->iface && !(vip->flags & VR_VIP_NO_TRACK) &&
		    !iface_good(c, node, vip->iface))
			return 1u << VR_FAULT_ADDR_IF;
	}
	return 0;
}

/* Whether such a one stands there, and ours beside it or not. */
static bool has_foreign(const struct inv *c, size_t node, const struct inv_seat *s, bool beside)
{
	const struct vr_config *conf = vr_node_conf(eng_node(sim_engine(c->sim, node)));

	for (uint16_t v = 0; v < s->ic->n_vips && s->ic->priority != VR_PRIO_OWNER; v++) {
		const struct vr_vip *vip = &s->ic->vips[v];
		int ifindex = sim_ifindex(c->sim, node, conf->ifaces[vip->iface].name);

		if (sim_has_foreign(c->sim, node, 0, &vip->prefix.addr) &&
		    beside == (ifindex && sim_has_addr(c->sim, node, ifindex, &vip->prefix)))
			return true;
	}
	return false;
}

/* One that is started afresh holds nothing. */
uint32_t inv_afresh_faults(const struct inv *c, size_t node, const struct inv_seat *s,
			   uint32_t faults)
{
	return has_foreign(c, node, s, true) && !has_foreign(c, node, s, false) ?
	       faults & ~(1u << VR_FAULT_ADDR_FOREIGN) : faults;
}

/* What another program has put there is in the way, unless we hold ours beside it. */
static uint32_t foreign_faults(const struct inv *c, size_t node, const struct inv_seat *s)
{
	return has_foreign(c, node, s, false) ? 1u << VR_FAULT_ADDR_FOREIGN : 0;
}

static void check_seat(struct inv *c, size_t node, const struct inv_seat *s)
{
	uint32_t faults = interface_faults(c, node, s) | address_faults(c, node, s) |
			  foreign_faults(c, node, s);
	int priority = s->ic->priority;

	for (uint16_t i = 0; i < s->ic->n_track_ifaces; i++) {
		const struct vr_ref *ref = &s->ic->track_ifaces[i];
		bool good = iface_good(c, node, ref->index);

		priority += worth(ref, good);
		if (ref->weight == 0 && good == ref->reverse)
			faults |= 1u << VR_FAULT_TRACK_IF;
	}
	for (uint16_t i = 0; i < s->ic->n_track_checks; i++) {
		const struct vr_ref *ref = &s->ic->track_checks[i];
		bool good = check_good(c, node, ref->index);

		priority += worth(ref, good);
		if (ref->weight == 0 && good == ref->reverse)
			faults |= 1u << VR_FAULT_CHECK;
	}
	priority = priority < 1 ? 1 : priority > 254 ? 254 : priority;
	if (s->ic->priority == VR_PRIO_OWNER)
		priority = VR_PRIO_OWNER;
	if (s->faults != faults)
		inv_fail(c, "facts", node, s, "it has the faults %x, the facts say %x", s->faults,
			 faults);
	if (s->priority != priority)
		inv_fail(c, "facts", node, s, "the facts say priority %d", priority);
}

void inv_facts(struct inv *c, size_t node)
{
	for (size_t i = 0; i < c->nodes[node].n; i++)
		check_seat(c, node, &c->nodes[node].seats[i]);
}
