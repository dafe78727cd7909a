/*
 * The node: the one door into the core.
 *
 * vr_step() takes an event to the instances that it concerns and collects what they want done.
 * Everything that a node remembers lies in one block of memory, sized from the configuration, so a
 * step can neither allocate nor fail.
 */
#include "core/node.h"

#include <assert.h>
#include <string.h>

#include "core/damp.h"
#include "core/inst.h"
#include "core/rival.h"

#define ALIGNMENT 16
/* Most actions that one instance gives in one step beside those for its addresses: a change of
 * priority, each fault reason, two changes of state with their adverts, announcements and
 * notices. */
#define ACTIONS_EACH (VR_N_FAULTS + 24)
#define ACTIONS_NODE 8

static size_t align(size_t n)
{
	return (n + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

static size_t n_slots(const struct vr_config *conf)
{
	return (size_t)conf->n_ifaces * 2 * 256;
}

static size_t n_vips(const struct vr_config *conf)
{
	size_t n = 0;

	for (uint16_t i = 0; i < conf->n_insts; i++)
		n += conf->insts[i].n_vips;
	return n;
}

size_t vr_node_size(const struct vr_config *conf)
{
	return align(sizeof(struct vr_node)) + align(conf->n_insts * sizeof(struct vr_inst)) +
	       align(conf->n_ifaces * sizeof(struct vr_iface)) +
	       align(conf->n_checks * sizeof(struct vr_check)) +
	       align(n_slots(conf) * sizeof(uint16_t)) + 4 * align(n_vips(conf) * sizeof(bool));
}

static size_t actions_of(const struct vr_config *conf)
{
	size_t n = 0;

	for (uint16_t i = 0; i < conf->n_insts; i++)
		n += ACTIONS_EACH + 3 * (size_t)conf->insts[i].n_vips;
	return n;
}

size_t vr_actions_max(const struct vr_config *conf, const struct vr_config *old)
{
	return ACTIONS_NODE + actions_of(conf) + (old ? actions_of(old) : 0);
}

static void init_inst(struct vr_inst *in, const struct vr_inst_conf *ic, uint32_t vip_base)
{
	in->timer_us = in->burst_us = in->refresh_us = in->preempt_at_us = VR_NEVER;
	riv_begin(in);
	ans_init(&in->answers);
	dmp_init(&in->damping);
	in->repair_us = in->retry_us = VR_NEVER;
	in->repaired_us = in->budget_us = INT64_MIN / 2;
	in->taken_us = VR_NEVER;
	in->last_rx_us = VR_NEVER;
	in->active_int_us = ic->adver_int_us;
	in->priority = ic->priority;
	in->vip_base = vip_base;
}

struct vr_node *vr_node_init(void *mem, const struct vr_config *conf, uint8_t epoch)
{
	char *at = mem;
	struct vr_node *node = mem;
	uint32_t vip_base = 0;

	memset(mem, 0, vr_node_size(conf));
	at += align(sizeof(*node));
	node->insts = (struct vr_inst *)(void *)at;
	at += align(conf->n_insts * sizeof(struct vr_inst));
	node->ifaces = (struct vr_iface *)(void *)at;
	at += align(conf->n_ifaces * sizeof(struct vr_iface));
	node->checks = (struct vr_check *)(void *)at;
	at += align(conf->n_checks * sizeof(struct vr_check));
	node->by_vrid = (uint16_t *)(void *)at;
	at += align(n_slots(conf) * sizeof(uint16_t));
	node->refused = (bool *)at;
	at += align(n_vips(conf) * sizeof(bool));
	node->lost = (bool *)at;
	at += align(n_vips(conf) * sizeof(bool));
	node->claimed = (bool *)at;
	at += align(n_vips(conf) * sizeof(bool));
	node->foreign = (bool *)at;
	memset(node->by_vrid, 0xff, n_slots(conf) * sizeof(uint16_t));	/* VR_NONE */
	node->conf = conf;
	node->epoch = epoch;
	for (uint16_t i = 0; i < conf->n_insts; i++) {
		const struct vr_inst_conf *ic = &conf->insts[i];
		size_t slot = ((size_t)ic->iface * 2 + (ic->family == IP_V6)) * 256 + ic->vrid;

		init_inst(&node->insts[i], ic, vip_base);
		vip_base += ic->n_vips;
		node->by_vrid[slot] = i;
	}
	for (uint16_t i = 0; i < conf->n_checks; i++)
		node->checks[i].known = conf->checks[i].init_fail;
	return node;
}

struct vr_ctx ctx_of(const struct vr_ctx *x, uint16_t i)
{
	struct vr_ctx at = *x;

	at.i = i;
	at.inst = &x->node->insts[i];
	at.ic = &x->conf->insts[i];
	return at;
}

/* ---- the events ---- */

static void on_start(const struct vr_ctx *x, const struct vr_event *event)
{
	(void)event;
	x->node->started = true;
	for (uint16_t i = 0; i < x->conf->n_insts; i++) {
		struct vr_ctx at = ctx_of(x, i);

		trk_begin(&at, VR_CAUSE_START);
		/* What a predecessor left behind is taken off, except by an owner, who adopts
		 * it. */
		if (at.inst->faults || at.ic->priority != VR_PRIO_OWNER)
			act_addrs(&at, false);
		fsm_step(&at, &(struct fsm_input){ .type = FSM_STARTUP, .cause = VR_CAUSE_START });
	}
}

static void on_stop(const struct vr_ctx *x, const struct vr_event *event)
{
	(void)event;
	for (uint16_t i = 0; i < x->conf->n_insts; i++) {
		struct vr_ctx at = ctx_of(x, i);

		fsm_step(&at, &(struct fsm_input){ .type = FSM_SHUTDOWN });
	}
	x->node->started = false;
}

static void on_packet(const struct vr_ctx *x, const struct vr_event *event)
{
	if (x->node->started && event->packet.iface < x->conf->n_ifaces)
		rcv_packet(x, &event->packet);
}

static void evaluate_all(const struct vr_ctx *x, enum vr_cause cause, uint16_t subject)
{
	for (uint16_t i = 0; i < x->conf->n_insts; i++) {
		struct vr_ctx at = ctx_of(x, i);

		trk_evaluate(&at, cause, subject);
	}
}

static bool uses(const struct vr_inst_conf *ic, uint16_t iface)
{
	bool any = ic->iface == iface;

	for (uint16_t v = 0; v < ic->n_vips; v++)
		any |= ic->vips[v].iface == iface;
	return any;
}

static void on_link(const struct vr_ctx *x, const struct vr_event *event)
{
	const struct vr_ev_link *link = &event->link;
	struct vr_iface *iface = &x->node->ifaces[link->iface];
	bool was_up = iface->up;

	iface->exists = link->exists;
	iface->up = link->exists && link->up;
	iface->rx_ready = link->exists && link->rx_ready;
	evaluate_all(x, VR_CAUSE_LINK, link->iface);
	if (!x->node->started || !iface->up || was_up)
		return;
	for (uint16_t i = 0; i < x->conf->n_insts; i++) {
		struct vr_ctx at = ctx_of(x, i);

		if (uses(at.ic, link->iface))
			kep_link_up(&at, link->iface);
	}
}

static void on_addr(const struct vr_ctx *x, const struct vr_event *event)
{
	const struct vr_ev_addr *addr = &event->addr;
	struct vr_iface *iface = &x->node->ifaces[addr->iface];

	if (addr->family == IP_V6)
		iface->primary6 = addr->primary;
	else
		iface->primary4 = addr->primary;
	evaluate_all(x, VR_CAUSE_ADDR, addr->iface);
}

static void trace_check(const struct vr_ctx *x, uint16_t check, enum vr_trace_kind kind)
{
	const struct vr_check *c = &x->node->checks[check];
	struct vr_ctx whole = *x;
	struct vr_trace trace = {
		.kind = kind, .cause = VR_CAUSE_CHECK, .subject = check,
		.a = c->good, .b = (int32_t)c->result, .c = c->code,
	};

	whole.i = VR_NONE;
	act_trace(&whole, &trace);
}

static void on_check(const struct vr_ctx *x, const struct vr_event *event)
{
	const struct vr_ev_check *ev = &event->check;
	struct vr_check *check = &x->node->checks[ev->check];
	struct vr_check before = *check;

	if (trk_check_result(check, &x->conf->checks[ev->check], ev->result, ev->code)) {
		trace_check(x, ev->check, VR_TR_CHECK);
		evaluate_all(x, VR_CAUSE_CHECK, ev->check);
	} else if (before.result != check->result || before.code != check->code) {
		trace_check(x, ev->check, VR_TR_CHECK_CODE);
	}
}

static void on_done(const struct vr_ctx *x, const struct vr_event *event)
{
	uint16_t inst, vip;
	bool add;

	if (!vr_token_look(x->node, event->done.token, &inst, &vip, &add))
		return;
	struct vr_ctx at = ctx_of(x, inst);
	kep_done(&at, vip, add, event->done.error);
}

static void on_lost(const struct vr_ctx *x, const struct vr_event *event)
{
	struct vr_ctx at = ctx_of(x, event->lost.inst);

	kep_lost(&at, event->lost.vip);
}

static void on_wrong(const struct vr_ctx *x, const struct vr_event *event)
{
	struct vr_ctx at = ctx_of(x, event->lost.inst);

	kep_wrong(&at, event->lost.vip);
}

static void on_unsure(const struct vr_ctx *x, const struct vr_event *event)
{
	struct vr_ctx at = ctx_of(x, event->lost.inst);

	kep_unsure(&at, event->lost.vip);
}

static void set_foreign(const struct vr_ctx *x, const struct vr_event *event, bool on)
{
	struct vr_ctx at = ctx_of(x, event->lost.inst);

	x->node->foreign[at.inst->vip_base + event->lost.vip] = on;
	trk_evaluate(&at, VR_CAUSE_ADDR, VR_NONE);
}

static void on_foreign(const struct vr_ctx *x, const struct vr_event *event)
{
	set_foreign(x, event, true);
}

static void on_foreign_gone(const struct vr_ctx *x, const struct vr_event *event)
{
	set_foreign(x, event, false);
}

static void on_rival(const struct vr_ctx *x, const struct vr_event *event)
{
	struct vr_ctx at = ctx_of(x, event->rival.inst);

	riv_claim(&at, event->rival.vip, event->rival.mac);
}

static void on_adopt(const struct vr_ctx *x, const struct vr_event *event)
{
	adp_adopt(x, event->adopt);
}

static void on_resume(const struct vr_ctx *x, const struct vr_event *event)
{
	if (x->node->started)
		rsm_resume(x, event->resume.served_us);
}

static void on_assert(const struct vr_ctx *x, const struct vr_event *event)
{
	(void)event;
	if (x->node->started)
		rsm_assert(x);
}

static void on_wake(const struct vr_ctx *x, const struct vr_event *event)
{
	(void)event;
	for (uint16_t i = 0; i < x->conf->n_insts; i++) {
		struct vr_ctx at = ctx_of(x, i);

		dmp_end_due(&at);	/* it may bring the timer forward */
		if (at.inst->timer_us <= x->now_us)
			fsm_step(&at, &(struct fsm_input){ .type = FSM_TIMER });
		dmp_tell_due(&at);	/* the state that it tells is the last one */
		kep_due(&at);
	}
}

/* The process or the machine may have stood still: whoever is late must know it first. */
static void after_gap(const struct vr_ctx *x)
{
	for (uint16_t i = 0; i < x->conf->n_insts; i++) {
		struct vr_ctx at = ctx_of(x, i);

		fsm_step(&at, &(struct fsm_input){ .type = FSM_LATE });
	}
}

void vr_step(struct vr_node *node, const struct vr_event *event, struct vr_actions *out)
{
	static void (*const handlers[VR_N_EVENTS])(const struct vr_ctx *,
						   const struct vr_event *) = {
		[VR_EV_START] = on_start, [VR_EV_STOP] = on_stop, [VR_EV_PACKET] = on_packet,
		[VR_EV_LINK] = on_link, [VR_EV_ADDR] = on_addr, [VR_EV_CHECK] = on_check,
		[VR_EV_DONE] = on_done, [VR_EV_LOST] = on_lost,
		[VR_EV_WRONG] = on_wrong, [VR_EV_UNSURE] = on_unsure,
		[VR_EV_FOREIGN] = on_foreign, [VR_EV_FOREIGN_GONE] = on_foreign_gone,
		[VR_EV_ADOPT] = on_adopt, [VR_EV_RESUME] = on_resume,
		[VR_EV_ASSERT] = on_assert, [VR_EV_RIVAL] = on_rival, [VR_EV_WAKE] = on_wake,
	};
	struct vr_ctx x = {
		.node = node, .conf = node->conf, .i = VR_NONE, .now_us = event->now_us, .out = out,
	};

	assert(event->type < VR_N_EVENTS);
	assert(event->now_us >= node->now_us);
	out->n = 0;
	if (node->started && event->type != VR_EV_RESUME &&
	    event->now_us - node->now_us >= FSM_LATE_US)
		after_gap(&x);
	node->now_us = event->now_us;
	handlers[event->type](&x, event);
}

int64_t vr_deadline(const struct vr_node *node)
{
	int64_t next = VR_NEVER;

	for (uint16_t i = 0; i < node->conf->n_insts; i++) {
		const struct vr_inst *in = &node->insts[i];

		if (in->timer_us < next)
			next = in->timer_us;
		if (in->burst_us < next)
			next = in->burst_us;
		if (dmp_deadline(&in->damping) < next)
			next = dmp_deadline(&in->damping);
		if (ans_deadline(&in->answers) < next)
			next = ans_deadline(&in->answers);
		if (in->quiet_us < next)
			next = in->quiet_us;
		if (in->repair_us < next)
			next = in->repair_us;
		if (in->taken_us < next)
			next = in->taken_us;
		if (in->retry_us < next)
			next = in->retry_us;
		if (in->refresh_us < next)
			next = in->refresh_us;
	}
	return next;
}

bool vr_token_look(const struct vr_node *node, uint32_t token, uint16_t *inst, uint16_t *vip,
		   bool *add)
{
	uint32_t ordinal = (token & 0xffffff) >> 1;
	uint16_t low = 0, high = node->conf->n_insts;

	if (token >> 24 != node->epoch)
		return false;
	/* The last instance whose first address is not behind ORDINAL. */
	while (high - low > 1) {
		uint16_t middle = low + (high - low) / 2;

		if (node->insts[middle].vip_base <= ordinal)
			low = middle;
		else
			high = middle;
	}
	if (low >= high || ordinal - node->insts[low].vip_base >= node->conf->insts[low].n_vips)
		return false;
	*inst = low;
	*vip = ordinal - node->insts[low].vip_base;
	*add = token & 1;
	return true;
}

size_t vr_advert(const struct vr_action *action, uint8_t *buf, size_t size)
{
	assert(action->type == VR_ACT_ADVERT);
	struct vr_inst_conf conf = action->conf->insts[action->inst];

	conf.sum = action->advert.plain ? VR_SUM_PLAIN : VR_SUM_PSEUDO;
	return pkt_encode(&conf, action->advert.priority, &action->advert.src, buf, size);
}

/* ---- looking in ---- */

const struct vr_config *vr_node_conf(const struct vr_node *node)
{
	return node->conf;
}

bool vr_started(const struct vr_node *node)
{
	return node->started;
}

void vr_inst_look(const struct vr_node *node, uint16_t inst, struct vr_inst_view *out)
{
	const struct vr_inst *in = &node->insts[inst];
	const struct vr_inst_conf *ic = &node->conf->insts[inst];

	*out = (struct vr_inst_view){
		.state = in->state, .waits = in->untold, .cause = in->cause,
		.since_us = in->since_us,
		.effective_priority = in->priority, .faults = in->faults,
		.source = trk_source(node, inst),
		.master = in->state == VR_MASTER ? trk_source(node, inst) : in->master,
		.master_priority = in->master_priority, .last_rx_us = in->last_rx_us,
		.plain_sum = ic->sum == VR_SUM_LEARN ? in->plain_sum : ic->sum == VR_SUM_PLAIN,
		.master_int_us = in->active_int_us, .deadline_us = in->timer_us,
		.damping = in->damping, .rival = in->rival, .counters = in->counters,
	};
}

void vr_iface_look(const struct vr_node *node, uint16_t iface, struct vr_iface_view *out)
{
	const struct vr_iface *i = &node->ifaces[iface];

	*out = (struct vr_iface_view){
		.exists = i->exists, .up = i->up, .rx_ready = i->rx_ready,
		.primary4 = i->primary4, .primary6 = i->primary6,
	};
}

void vr_check_look(const struct vr_node *node, uint16_t check, struct vr_check_view *out)
{
	const struct vr_check *c = &node->checks[check];

	*out = (struct vr_check_view){
		.known = c->known, .good = c->good, .run = c->run, .result = c->result,
		.code = c->code,
	};
}

const uint64_t *vr_node_rejects(const struct vr_node *node)
{
	return node->rejects;
}
