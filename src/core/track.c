/*
 * From facts to fitness.
 *
 * A fault is never counted up and down: it is derived anew, from what the kernel and the checks say
 * now, each time a fact changes. So no storm of events can leave an instance stuck in a fault that
 * is long gone. The effective priority is derived in the same way.
 */
#include "core/inst.h"

#define PRIO_LEAST 1
#define PRIO_MOST 254		/* 255 is the owner's, and never reached by weights */

/* A positive weight counts while good, a negative one while bad; reverse turns the sign. */
static int delta(const struct vr_ref *ref, bool good)
{
	bool counts = good == (ref->weight > 0);

	if (!counts)
		return 0;
	return ref->reverse ? -ref->weight : ref->weight;
}

int vr_iface_delta(const struct vr_node *node, const struct vr_ref *ref)
{
	const struct vr_iface *iface = &node->ifaces[ref->index];

	return delta(ref, iface->exists && iface->up);
}

int vr_check_delta(const struct vr_node *node, const struct vr_ref *ref)
{
	const struct vr_check *check = &node->checks[ref->index];

	return check->known ? delta(ref, check->good) : 0;
}

struct ip_addr trk_source(const struct vr_node *node, uint16_t inst)
{
	const struct vr_inst_conf *ic = &node->conf->insts[inst];
	const struct vr_iface *iface = &node->ifaces[ic->iface];

	if (ic->source.family != IP_NONE)
		return ic->source;
	return ic->family == IP_V4 ? iface->primary4 : iface->primary6;
}

uint8_t trk_priority(const struct vr_node *node, uint16_t inst)
{
	const struct vr_inst_conf *ic = &node->conf->insts[inst];
	int sum = ic->priority;

	if (ic->priority == VR_PRIO_OWNER)
		return VR_PRIO_OWNER;
	for (uint16_t i = 0; i < ic->n_track_ifaces; i++)
		sum += vr_iface_delta(node, &ic->track_ifaces[i]);
	for (uint16_t i = 0; i < ic->n_track_checks; i++)
		sum += vr_check_delta(node, &ic->track_checks[i]);
	if (sum < PRIO_LEAST)
		return PRIO_LEAST;
	return sum > PRIO_MOST ? PRIO_MOST : sum;
}

struct fault_set {
	uint32_t set;
	uint16_t *subject;
};

static void blame(struct fault_set *f, enum vr_fault fault, uint16_t subject)
{
	if (f->set & 1u << fault)
		return;
	f->set |= 1u << fault;
	f->subject[fault] = subject;
}

/* Without the socket or the interface there is no VRRP, whatever dont_track_primary says; a link
 * that is down may be wanted. */
static void own_interface(const struct vr_node *node, uint16_t inst, struct fault_set *f)
{
	const struct vr_inst_conf *ic = &node->conf->insts[inst];
	const struct vr_iface *iface = &node->ifaces[ic->iface];

	if (!iface->exists) {
		blame(f, VR_FAULT_IF_MISSING, ic->iface);
		return;
	}
	if (!iface->up && ic->track_primary)
		blame(f, VR_FAULT_IF_DOWN, ic->iface);
	if (!iface->rx_ready)
		blame(f, VR_FAULT_NO_SOCKET, ic->iface);
	if (trk_source(node, inst).family == IP_NONE)
		blame(f, VR_FAULT_NO_SOURCE, ic->iface);
}

bool vr_vip_cut_off(const struct vr_node *node, uint16_t inst, uint16_t vip)
{
	const struct vr_inst_conf *ic = &node->conf->insts[inst];
	const struct vr_vip *v = &ic->vips[vip];
	const struct vr_iface *iface = &node->ifaces[v->iface];

	if (v->iface == ic->iface || v->flags & VR_VIP_NO_TRACK)
		return false;
	return !iface->exists || !iface->up;
}

/* keepalived: an interface that carries an address is tracked, unless the address says no_track. */
static void address_interfaces(const struct vr_node *node, uint16_t inst, struct fault_set *f)
{
	const struct vr_inst_conf *ic = &node->conf->insts[inst];

	for (uint16_t v = 0; v < ic->n_vips; v++)
		if (vr_vip_cut_off(node, inst, v))
			blame(f, VR_FAULT_ADDR_IF, ic->vips[v].iface);
}

bool vr_vip_foreign(const struct vr_node *node, uint16_t inst, uint16_t vip)
{
	return node->foreign[node->insts[inst].vip_base + vip];
}

/* The owner's addresses are the host's own (RFC 9568 section 6.1). */
static void foreign_addresses(const struct vr_node *node, uint16_t inst, struct fault_set *f)
{
	const struct vr_inst_conf *ic = &node->conf->insts[inst];

	for (uint16_t v = 0; v < ic->n_vips && ic->priority != VR_PRIO_OWNER; v++)
		if (vr_vip_foreign(node, inst, v))
			blame(f, VR_FAULT_ADDR_FOREIGN, v);
}

/* keepalived: a check that a reload brought, and that has said nothing yet, stops nobody who runs
 * already: an edit must not be an outage. Whoever is unfit for another reason waits for it. */
static void unweighted_checks(const struct vr_node *node, uint16_t inst, struct fault_set *f)
{
	const struct vr_inst_conf *ic = &node->conf->insts[inst];
	enum vr_state state = node->insts[inst].state;
	bool runs = state == VR_BACKUP || state == VR_MASTER;
	uint16_t pending = VR_NONE;

	for (uint16_t i = 0; i < ic->n_track_checks; i++) {
		const struct vr_ref *ref = &ic->track_checks[i];
		const struct vr_check *check = &node->checks[ref->index];

		if (ref->weight != 0)
			continue;
		if (check->known && check->good == ref->reverse)
			blame(f, VR_FAULT_CHECK, ref->index);
		else if (!check->known && pending == VR_NONE)
			pending = ref->index;
	}
	if (pending != VR_NONE && (f->set || !runs))
		blame(f, VR_FAULT_CHECK_PENDING, pending);
}

uint32_t trk_faults(const struct vr_node *node, uint16_t inst, uint16_t subject[VR_N_FAULTS])
{
	const struct vr_inst_conf *ic = &node->conf->insts[inst];
	struct fault_set f = { .subject = subject };

	own_interface(node, inst, &f);
	for (uint16_t i = 0; i < ic->n_track_ifaces; i++) {
		const struct vr_ref *ref = &ic->track_ifaces[i];
		const struct vr_iface *iface = &node->ifaces[ref->index];

		if (ref->weight == 0 && (iface->exists && iface->up) == ref->reverse)
			blame(&f, VR_FAULT_TRACK_IF, ref->index);
	}
	address_interfaces(node, inst, &f);
	foreign_addresses(node, inst, &f);
	if (node->insts[inst].taken_us != VR_NEVER)
		blame(&f, VR_FAULT_ADDR_TAKEN, ic->iface);
	unweighted_checks(node, inst, &f);
	return f.set;
}

bool trk_cut_off(const struct vr_node *node, uint16_t inst)
{
	const struct vr_inst_conf *ic = &node->conf->insts[inst];
	uint32_t own = 1u << VR_FAULT_IF_MISSING | 1u << VR_FAULT_IF_DOWN |
		       1u << VR_FAULT_NO_SOURCE;
	uint16_t blamed[VR_N_FAULTS];
	uint32_t faults = trk_faults(node, inst, blamed);

	/* Many name their own interface among the tracked ones. */
	if (faults & 1u << VR_FAULT_TRACK_IF && blamed[VR_FAULT_TRACK_IF] == ic->iface)
		own |= 1u << VR_FAULT_TRACK_IF;
	return !(faults & ~own);
}

/* The first word of a check counts at once; then RISE or FALL in a row are needed. init_fail is a
 * verdict that was given before (see node.c), so there even the first must be earned. */
bool trk_check_result(struct vr_check *check, const struct vr_check_conf *conf,
		      enum vr_check_result result, int32_t code)
{
	bool good = result == VR_CHECK_GOOD;

	check->result = result;
	check->code = code;
	if (!check->known) {
		check->known = true;
		check->good = good;
		check->run = 0;
		return true;
	}
	if (good == check->good) {
		check->run = 0;
		return false;
	}
	check->run++;
	if (check->run < (good ? conf->rise : conf->fall))
		return false;
	check->good = good;
	check->run = 0;
	return true;
}

static void trace_faults(const struct vr_ctx *x, uint32_t before, uint32_t after,
			 const uint16_t subject[VR_N_FAULTS], enum vr_cause cause)
{
	for (int f = 0; f < VR_N_FAULTS; f++) {
		uint32_t bit = 1u << f;

		if (!((before ^ after) & bit))
			continue;
		struct vr_trace trace = {
			.kind = after & bit ? VR_TR_FAULT_ON : VR_TR_FAULT_OFF,
			.cause = cause, .a = f, .subject = after & bit ? subject[f] : VR_NONE,
		};
		act_trace(x, &trace);
	}
}

void trk_begin(const struct vr_ctx *x, enum vr_cause cause)
{
	uint16_t blamed[VR_N_FAULTS];

	x->inst->priority = trk_priority(x->node, x->i);
	x->inst->faults = trk_faults(x->node, x->i, blamed);
	trace_faults(x, 0, x->inst->faults, blamed, cause);
}

static void new_priority(const struct vr_ctx *x, uint8_t priority, enum vr_cause cause,
			 uint16_t subject)
{
	struct vr_inst *me = x->inst;
	struct vr_trace trace = {
		.kind = VR_TR_PRIORITY, .cause = cause, .subject = subject,
		.a = me->priority, .b = priority,
	};

	act_trace(x, &trace);
	me->priority = priority;
	if (me->state == VR_MASTER)
		me->master_priority = priority;
	/* keepalived: a running Master_Down_Timer moves by the difference in skew time. */
	if (me->state == VR_BACKUP)
		fsm_retime(x);
}

void trk_evaluate(const struct vr_ctx *x, enum vr_cause cause, uint16_t subject)
{
	uint16_t blamed[VR_N_FAULTS];
	struct vr_inst *me = x->inst;
	uint8_t priority = trk_priority(x->node, x->i);
	uint32_t before = me->faults;

	if (!x->node->started)
		return;
	if (priority != me->priority)
		new_priority(x, priority, cause, subject);
	me->faults = trk_faults(x->node, x->i, blamed);
	trace_faults(x, before, me->faults, blamed, cause);
	if (!before && me->faults)
		fsm_step(x, &(struct fsm_input){ .type = FSM_FAULT });
	if (before && !me->faults)
		fsm_step(x, &(struct fsm_input){ .type = FSM_FIT });
	/* What only waited for a first word, and said nothing, now has a fault to tell. */
	if (me->untold && me->faults != 1u << VR_FAULT_CHECK_PENDING)
		fsm_tell_unfit(x);
}
