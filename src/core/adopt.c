/*
 * A reload, seen from the core: a new node takes over from the old one.
 *
 * An instance is the same one when interface, family and VRID are the same; its name, its place in
 * the file and everything else may change without moving the address. Only differences become
 * actions: what the old configuration held and the new one does not is given up, what is new is
 * added.
 */
#include <string.h>

#include "core/inst.h"
#include "core/timing.h"

static bool same_text(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

static bool same_inst(const struct vr_config *a, const struct vr_inst_conf *ia,
		      const struct vr_config *b, const struct vr_inst_conf *ib)
{
	return ia->vrid == ib->vrid && ia->family == ib->family &&
	       same_text(a->ifaces[ia->iface].name, b->ifaces[ib->iface].name);
}

static uint16_t find_inst(const struct vr_config *in, const struct vr_config *of,
			  const struct vr_inst_conf *ic)
{
	for (uint16_t i = 0; i < in->n_insts; i++)
		if (same_inst(in, &in->insts[i], of, ic))
			return i;
	return VR_NONE;
}

/* The same address on the same interface. */
static bool same_place(const struct vr_config *a, const struct vr_vip *va,
		       const struct vr_config *b, const struct vr_vip *vb)
{
	return ip_equal(&va->prefix.addr, &vb->prefix.addr) && va->prefix.len == vb->prefix.len &&
	       same_text(a->ifaces[va->iface].name, b->ifaces[vb->iface].name);
}

static bool same_flags(const struct vr_vip *a, const struct vr_vip *b, unsigned which)
{
	return (a->flags & which) == (b->flags & which);
}

static bool same_vip(const struct vr_config *a, const struct vr_vip *va,
		     const struct vr_config *b, const struct vr_vip *vb)
{
	return same_place(a, va, b, vb) && ip_equal(&va->peer, &vb->peer) &&
	       ip_equal(&va->broadcast, &vb->broadcast) && same_text(va->label, vb->label) &&
	       va->preferred_lft == vb->preferred_lft && va->scope == vb->scope &&
	       same_flags(va, vb, ~(VR_VIP_EXCLUDED | VR_VIP_NO_TRACK));
}

/* The kernel can make the one of the other where it stands. Of an IPv4 address it replaces the
 * lifetimes only; an IPv6 address has no label, broadcast or scope of its own, and cannot change
 * the membership of its group. */
static bool same_form(const struct vr_config *a, const struct vr_vip *va,
		      const struct vr_config *b, const struct vr_vip *vb)
{
	if (!same_place(a, va, b, vb))
		return false;
	if (va->prefix.addr.family == IP_V6)
		return same_flags(va, vb, VR_VIP_AUTOJOIN);
	return ip_equal(&va->peer, &vb->peer) && ip_equal(&va->broadcast, &vb->broadcast) &&
	       same_text(va->label, vb->label) && va->scope == vb->scope &&
	       same_flags(va, vb, VR_VIP_NOPREFIXROUTE | VR_VIP_AUTOJOIN);
}

typedef bool (*vip_match)(const struct vr_config *, const struct vr_vip *,
			  const struct vr_config *, const struct vr_vip *);

/* Which address of the instance of X is VIP (of OF), or VR_NONE. An edit mostly leaves the order as
 * it was, so the search begins at NEXT, which then stands behind what was found. */
static uint16_t find_vip(const struct vr_ctx *x, const struct vr_config *of,
			 const struct vr_vip *vip, vip_match match, uint16_t *next)
{
	uint16_t v = *next;

	for (uint16_t n = 0; n < x->ic->n_vips; n++, v++) {
		if (v >= x->ic->n_vips)
			v = 0;
		if (!match(x->conf, &x->ic->vips[v], of, vip))
			continue;
		*next = v + 1;
		return v;
	}
	return VR_NONE;
}

/* The addresses of WAS that the instance of X no longer has, or must have made anew; and the other
 * way round. */
static void drop_vips(const struct vr_ctx *was, const struct vr_ctx *x)
{
	uint16_t next = 0;
	bool any = false;

	for (uint16_t v = 0; v < was->ic->n_vips; v++) {
		if (find_vip(x, was->conf, &was->ic->vips[v], same_form, &next) != VR_NONE)
			continue;
		act_addr(was, false, v);
		any = true;
	}
	if (any)
		act_announce_stop(was);	/* it may still be in the queue, and no longer ours */
}

static bool add_vips(const struct vr_ctx *was, const struct vr_ctx *x)
{
	uint16_t next = 0;
	bool any = false;

	for (uint16_t v = 0; v < x->ic->n_vips; v++) {
		if (find_vip(was, x->conf, &x->ic->vips[v], same_vip, &next) != VR_NONE)
			continue;
		act_addr(x, true, v);
		any = true;
	}
	return any;
}

/* Gone from the file: leave as at a stop, but say DELETED. */
static void delete_inst(const struct vr_ctx *was)
{
	struct vr_trace trace = {
		.kind = VR_TR_STATE, .cause = VR_CAUSE_RELOAD, .from = was->inst->state,
		.to = VR_INIT, .subject = VR_NONE,
	};

	act_trace(was, &trace);
	if (was->inst->state == VR_MASTER) {
		act_advert(was, VR_PRIO_STOP);
		act_announce_stop(was);
		act_addrs(was, false);
	}
	act_notify(was, VR_NOTIFY_DELETED);
}

/* A refused operation is still to be tried again, a lost address to be put back. */
static void carry_vips(const struct vr_ctx *was, const struct vr_ctx *x)
{
	uint16_t next = 0;

	for (uint16_t v = 0; v < x->ic->n_vips; v++) {
		uint16_t w = find_vip(was, x->conf, &x->ic->vips[v], same_place, &next);
		uint32_t to = x->inst->vip_base + v, from = was->inst->vip_base + w;

		if (w == VR_NONE)
			continue;
		x->node->refused[to] = was->node->refused[from];
		x->node->lost[to] = was->node->lost[from];
		x->node->claimed[to] = was->node->claimed[from];
	}
}

static bool same_policy(const struct vr_inst_conf *a, const struct vr_inst_conf *b)
{
	return a->preempt == b->preempt && a->preempt_delay_us == b->preempt_delay_us;
}

/* Keeps state, timers and counters; gives up what the new configuration does not hold. */
static void carry_over(const struct vr_ctx *was, const struct vr_ctx *x)
{
	struct vr_trace trace = {
		.kind = VR_TR_ADOPTED, .cause = VR_CAUSE_RELOAD, .subject = VR_NONE,
		.a = was->inst->untold ? VR_INIT : was->inst->state,
		.from = was->inst->state, .to = was->inst->state,
	};
	uint32_t vip_base = x->inst->vip_base;
	int64_t was_int_us = was->inst->active_int_us;

	*x->inst = *was->inst;
	x->inst->vip_base = vip_base;
	carry_vips(was, x);
	act_trace(x, &trace);
	if (x->inst->state == VR_MASTER)
		drop_vips(was, x);
	if (x->inst->state == VR_MASTER || x->ic->version == 2 ||
	    x->ic->version != was->ic->version)
		x->inst->active_int_us = x->ic->adver_int_us;
	x->inst->active_int_us = tim_followed_us(x->inst->active_int_us, x->ic->max_follow_us);
	/* What was measured by another interval says nothing about the master, nor do adverts that
	 * were discarded by another policy: wait a whole one. */
	if (x->inst->active_int_us != was_int_us ||
	    x->ic->down_timer_adverts != was->ic->down_timer_adverts ||
	    (x->inst->heard_lower && !same_policy(was->ic, x->ic)))
		x->inst->timer_from_us = x->now_us;
}

static void take_on(const struct vr_ctx *was, const struct vr_ctx *x)
{
	struct vr_inst *me = x->inst;

	if (me->state != VR_MASTER)
		return;
	if (add_vips(was, x)) {
		act_announce(x, x->ic->garp_repeat, VR_CAUSE_RELOAD);
		if (x->ic->garp_delay_us) {
			me->burst_us = x->now_us + x->ic->garp_delay_us;
			me->burst_repeat = x->ic->garp_repeat;
		}
	}
	if (me->timer_us > x->now_us + x->ic->adver_int_us)
		me->timer_us = x->now_us + x->ic->adver_int_us;
	if (x->ic->garp_refresh_us == 0)
		me->refresh_us = VR_NEVER;
	else if (me->refresh_us == VR_NEVER)
		me->refresh_us = x->now_us + x->ic->garp_refresh_us;
}

/* Interfaces were told to the new node already; verdicts cost time to earn and are kept. */
static void carry_facts(struct vr_node *node, const struct vr_node *old)
{
	for (uint16_t i = 0; i < node->conf->n_checks; i++)
		for (uint16_t j = 0; j < old->conf->n_checks; j++)
			if (same_text(node->conf->checks[i].name, old->conf->checks[j].name) &&
			    node->conf->checks[i].identity == old->conf->checks[j].identity)
				node->checks[i] = old->checks[j];
	memcpy(node->rejects, old->rejects, sizeof(node->rejects));
}

static struct vr_ctx old_ctx(const struct vr_ctx *x, struct vr_node *old, uint16_t i)
{
	struct vr_ctx was = *x;

	was.node = old;
	was.conf = old->conf;
	return ctx_of(&was, i);
}

static void settle(const struct vr_ctx *x)
{
	if (x->inst->state == VR_INIT) {
		trk_begin(x, VR_CAUSE_RELOAD);
		fsm_step(x, &(struct fsm_input){ .type = FSM_STARTUP, .cause = VR_CAUSE_RELOAD });
		return;
	}
	trk_evaluate(x, VR_CAUSE_RELOAD, VR_NONE);
	if (x->inst->state == VR_BACKUP)
		fsm_retime(x);
}

/* Peers reckon with the interval of the last advert, and so must we when we are late: from now on
 * both know the new one. */
static void say_interval(const struct vr_ctx *was, const struct vr_ctx *x)
{
	struct vr_inst *me = x->inst;

	if (me->state != VR_MASTER || me->since_us == x->now_us || me->listens ||
	    was->ic->adver_int_us == x->ic->adver_int_us)
		return;
	act_advert(x, me->priority);
	me->timer_us = x->now_us + x->ic->adver_int_us;
}

typedef void (*pair_fn)(const struct vr_ctx *was, const struct vr_ctx *x);

static void each_pair(const struct vr_ctx *x, struct vr_node *old, pair_fn fn)
{
	for (uint16_t i = 0; i < x->conf->n_insts; i++) {
		struct vr_ctx at = ctx_of(x, i);
		uint16_t j = find_inst(old->conf, x->conf, at.ic);

		if (j == VR_NONE)
			continue;
		struct vr_ctx was = old_ctx(x, old, j);
		fn(&was, &at);
	}
}

void adp_adopt(const struct vr_ctx *x, struct vr_node *old)
{
	carry_facts(x->node, old);
	if (!old->started)			/* it is stopping: nothing begins anew */
		return;
	x->node->started = true;
	for (uint16_t i = 0; i < old->conf->n_insts; i++) {
		struct vr_ctx was = old_ctx(x, old, i);

		fsm_step(&was, &(struct fsm_input){ .type = FSM_LATE });
	}
	/* Everything is given up before anything is taken: an address may move between
	 * instances. */
	for (uint16_t i = 0; i < old->conf->n_insts; i++) {
		struct vr_ctx was = old_ctx(x, old, i);

		if (find_inst(x->conf, old->conf, was.ic) == VR_NONE)
			delete_inst(&was);
	}
	each_pair(x, old, carry_over);
	each_pair(x, old, take_on);
	for (uint16_t i = 0; i < x->conf->n_insts; i++) {
		struct vr_ctx at = ctx_of(x, i);

		settle(&at);
	}
	each_pair(x, old, say_interval);
	old->started = false;
}
