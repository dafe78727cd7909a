/*
 * Actions: the only way out of the core.
 *
 * Every decision ends in one of these calls, which append to the caller's array in the order in
 * which the world must act. The array was sized by vr_actions_max(); running over it is our own
 * bug.
 */
#include <assert.h>
#include <string.h>

#include "core/inst.h"
#include "core/timing.h"

static struct vr_action *push(const struct vr_ctx *x, enum vr_action_type type)
{
	assert(x->out->n < x->out->max);
	struct vr_action *a = &x->out->v[x->out->n++];

	memset(a, 0, sizeof(*a));
	a->type = type;
	a->inst = x->i;
	a->conf = x->conf;
	return a;
}

void act_advert(const struct vr_ctx *x, uint8_t priority)
{
	struct ip_addr src = trk_source(x->node, x->i);

	/* Without a source address nothing can be said; the fault of that name tells it. */
	if (src.family == IP_NONE)
		return;
	struct vr_action *a = push(x, VR_ACT_ADVERT);

	a->advert.priority = priority;
	a->advert.src = src;
	a->advert.plain = x->ic->sum == VR_SUM_LEARN ? x->inst->plain_sum :
						       x->ic->sum == VR_SUM_PLAIN;
	x->inst->missed_us = x->now_us + tim_patience_us(x->ic->version, x->ic->adver_int_us,
							 x->ic->down_timer_adverts);
	x->inst->counters.tx++;
	if (priority == VR_PRIO_STOP)
		x->inst->counters.prio_zero_tx++;
}

/* Token: epoch, ordinal of the address in the node, add or delete. */
void act_addr(const struct vr_ctx *x, bool add, uint16_t vip)
{
	struct vr_action *a = push(x, add ? VR_ACT_ADDR_ADD : VR_ACT_ADDR_DEL);

	a->addr.vip = vip;
	a->addr.token = (uint32_t)x->node->epoch << 24 | (x->inst->vip_base + vip) << 1 | add;
}

void act_addrs(const struct vr_ctx *x, bool add)
{
	x->inst->retry_us = VR_NEVER;
	for (uint16_t v = 0; v < x->ic->n_vips; v++) {
		x->node->refused[x->inst->vip_base + v] = false;
		x->node->lost[x->inst->vip_base + v] = false;
		act_addr(x, add, v);
	}
}

void act_announce(const struct vr_ctx *x, uint32_t repeat, enum vr_cause cause)
{
	if (x->ic->n_vips)
		act_announce_one(x, VR_NONE, repeat, cause);
}

void act_announce_one(const struct vr_ctx *x, uint16_t vip, uint32_t repeat, enum vr_cause cause)
{
	if (repeat == 0 || x->inst->listens)
		return;
	struct vr_action *a = push(x, VR_ACT_ANNOUNCE);

	a->announce.repeat = repeat;
	a->announce.cause = cause;
	a->announce.vip = vip;
}

void act_announce_stop(const struct vr_ctx *x)
{
	push(x, VR_ACT_ANNOUNCE_STOP);
}

void act_notify(const struct vr_ctx *x, enum vr_notify what)
{
	struct vr_action *a = push(x, VR_ACT_NOTIFY);

	a->notify.what = what;
	a->notify.state = x->inst->state;
	a->notify.priority = x->inst->priority;
}

void act_trace(const struct vr_ctx *x, const struct vr_trace *trace)
{
	struct vr_action *a = push(x, VR_ACT_TRACE);

	a->trace = *trace;
	a->trace.at_us = x->now_us;
	a->trace.inst = x->i;
}
