/*
 * What a master does for its addresses, from taking to giving up.
 *
 * The state machine says who is master; this says what follows for the addresses: they are put on,
 * announced, announced again when somebody else was seen with them, put back when they were taken
 * away, tried again when the kernel refused, and taken off. None of it changes a state.
 */
#include "core/inst.h"
#include "core/rival.h"
#include "core/timing.h"

/*
 * What another program takes away is put back at once; what is taken in the next moment waits for
 * the end of that moment: who takes them all (ip addr flush) looks again as long as he finds
 * something, and would find what was put back between two looks.
 */
#define REPAIR_GAP_US INT64_C(5000)

/*
 * The budget: so many repairs at once, and one more in each such time. A hundred wipes in a row,
 * of two repairs each, are borne, and so is a program that comes every second; one that takes an
 * address whenever it sees it has spent the budget after two seconds. The instance is then unfit
 * until there was quiet for a while: another host may have more luck.
 */
#define REPAIR_EACH_US INT64_C(500000)
#define REPAIRS_SAVED 400
#define TAKEN_US INT64_C(30000000)

#define RETRY_US INT64_C(1000000)

void kep_begin(const struct vr_ctx *x, enum vr_cause cause)
{
	struct vr_inst *in = x->inst;

	riv_begin(in);
	act_addrs(x, true);
	ans_begin(x, cause == VR_CAUSE_PREEMPT);	/* that one speaks once more: see yield() */
	in->burst_us = x->ic->garp_delay_us ? x->now_us + x->ic->garp_delay_us : VR_NEVER;
	in->burst_repeat = x->ic->garp_repeat;
	if (in->damping.on)
		ans_take_over(x, cause);
	else
		act_announce(x, x->ic->garp_repeat, cause);
	in->refresh_us = VR_NEVER;
	if (x->ic->garp_refresh_us)
		in->refresh_us = x->now_us + x->ic->garp_delay_us + x->ic->garp_refresh_us;
}

void kep_end(const struct vr_ctx *x)
{
	x->inst->counters.release_master++;
	riv_begin(x->inst);
	ans_end(&x->inst->answers);
	x->inst->burst_us = VR_NEVER;
	x->inst->refresh_us = VR_NEVER;
	x->inst->repair_us = VR_NEVER;
	act_announce_stop(x);
	act_addrs(x, false);
}

static void put_back(const struct vr_ctx *x)
{
	struct vr_inst *me = x->inst;

	me->repair_us = VR_NEVER;
	for (uint16_t v = 0; v < x->ic->n_vips; v++) {
		bool *lost = &x->node->lost[me->vip_base + v];

		if (*lost)
			act_addr(x, true, v);
		*lost = false;
	}
}

/* What is lost, or was to be put back, waits until it has listened: somebody may have it now. */
void kep_listen(const struct vr_ctx *x)
{
	x->inst->repair_us = VR_NEVER;
	act_announce_stop(x);
}

void kep_say_again(const struct vr_ctx *x, enum vr_cause cause)
{
	struct vr_inst *me = x->inst;

	put_back(x);
	ans_begin(x, true);
	act_announce(x, x->ic->garp_repeat, cause);
	if (x->ic->garp_delay_us) {
		me->burst_us = x->now_us + x->ic->garp_delay_us;
		me->burst_repeat = x->ic->garp_repeat;
	}
}

/* False when there is nothing left to spend. */
static bool spend(const struct vr_ctx *x)
{
	struct vr_inst *me = x->inst;

	if (me->budget_us < x->now_us)
		me->budget_us = x->now_us;
	me->budget_us += REPAIR_EACH_US;
	return me->budget_us - x->now_us <= REPAIRS_SAVED * REPAIR_EACH_US;
}

static void repair(const struct vr_ctx *x)
{
	struct vr_inst *me = x->inst;

	me->repair_us = VR_NEVER;
	if (!spend(x)) {
		me->taken_us = x->now_us + TAKEN_US;
		trk_evaluate(x, VR_CAUSE_ADDR, VR_NONE);
		return;
	}
	me->repaired_us = x->now_us;
	put_back(x);
	act_announce(x, x->ic->garp_repeat, VR_CAUSE_ADDR);
}

/* keepalived leaves MASTER here and comes back after the skew time; the address is put back. */
void kep_lost(const struct vr_ctx *x, uint16_t vip)
{
	struct vr_inst *me = x->inst;
	struct vr_trace trace = {
		.kind = VR_TR_ADDR_LOST, .cause = VR_CAUSE_ADDR, .subject = VR_NONE, .a = vip,
	};

	if (me->state != VR_MASTER)
		return;
	act_trace(x, &trace);
	if (x->ic->vips[vip].flags & VR_VIP_NO_TRACK) {
		kep_unsure(x, vip);	/* comes back, but without haste, and is never a fault */
		return;
	}
	x->node->lost[me->vip_base + vip] = true;
	if (me->listens)
		return;			/* kep_say_again() puts it back */
	if (me->repair_us == VR_NEVER)
		me->repair_us = me->repaired_us + REPAIR_GAP_US;
	if (me->repair_us <= x->now_us)
		repair(x);
}

/* Made anew, because the kernel changes hardly anything of an address that stands. It is as good as
 * taken away, and costs as much; so the one who insists gets the same answer. */
void kep_wrong(const struct vr_ctx *x, uint16_t vip)
{
	struct vr_inst *me = x->inst;
	struct vr_trace trace = {
		.kind = VR_TR_ADDR_WRONG, .cause = VR_CAUSE_ADDR, .subject = VR_NONE, .a = vip,
		.b = me->state == VR_MASTER,
	};

	if (me->state == VR_INIT || me->listens)
		return;
	act_trace(x, &trace);
	act_addr(x, false, vip);
	if (me->state != VR_MASTER)
		return;
	x->node->lost[me->vip_base + vip] = true;
	repair(x);
}

static void refused(const struct vr_ctx *x, uint16_t vip, bool add, int32_t error)
{
	struct vr_trace trace = {
		.kind = VR_TR_ADDR_FAILED, .subject = VR_NONE, .a = vip, .b = error, .c = add,
	};

	act_trace(x, &trace);
}

/* Tried again without end: a master that was refused once must not be one without its address for
 * ever, nor a backup go on answering for one. It is told once. */
void kep_done(const struct vr_ctx *x, uint16_t vip, bool add, int32_t error)
{
	struct vr_inst *me = x->inst;
	bool *again = &x->node->refused[me->vip_base + vip];

	if (error && !*again)
		refused(x, vip, add, error);
	if (me->state == VR_INIT || add != (me->state == VR_MASTER))
		return;			/* the state has changed: what it asked for is under way */
	if (!error && *again && add)
		act_announce(x, x->ic->garp_repeat, VR_CAUSE_ADDR);
	*again = false;
	if (error)
		kep_unsure(x, vip);
}

void kep_unsure(const struct vr_ctx *x, uint16_t vip)
{
	if (x->inst->state == VR_INIT)
		return;
	x->node->refused[x->inst->vip_base + vip] = true;
	if (x->inst->retry_us == VR_NEVER)
		x->inst->retry_us = x->now_us + RETRY_US;
}

/* A link came up: whoever was not reached before must be told where the address is, and the address
 * may have gone with the interface. A master who did not hear the others either
 * (dont_track_primary) first gives them time to speak. */
void kep_link_up(const struct vr_ctx *x, uint16_t iface)
{
	struct vr_inst *me = x->inst;

	if (me->state != VR_MASTER || me->since_us == x->now_us)
		return;
	if (iface != x->ic->iface) {
		act_addrs(x, true);
		act_announce(x, x->ic->garp_repeat, VR_CAUSE_LINK);
		return;
	}
	me->burst_us = x->now_us + tim_down_us(x->ic->version, me->priority, x->ic->adver_int_us,
					       x->ic->down_timer_adverts);
	me->burst_repeat = x->ic->garp_repeat;
}

static void retry(const struct vr_ctx *x)
{
	x->inst->retry_us = VR_NEVER;
	for (uint16_t v = 0; v < x->ic->n_vips; v++)
		if (x->node->refused[x->inst->vip_base + v])
			act_addr(x, x->inst->state == VR_MASTER, v);
}

void kep_due(const struct vr_ctx *x)
{
	struct vr_inst *me = x->inst;

	if (me->taken_us <= x->now_us) {
		me->taken_us = VR_NEVER;
		trk_evaluate(x, VR_CAUSE_ADDR, VR_NONE);
	}
	if (me->repair_us <= x->now_us)
		repair(x);
	if (me->retry_us <= x->now_us)
		retry(x);
	riv_due(x);
	ans_due(x);
	if (me->burst_us <= x->now_us) {
		me->burst_us = VR_NEVER;
		act_announce(x, me->burst_repeat, VR_CAUSE_TIMER);
	}
	if (me->refresh_us <= x->now_us) {
		me->refresh_us = x->now_us + x->ic->garp_refresh_us;
		act_announce(x, x->ic->garp_refresh_repeat, VR_CAUSE_TIMER);
	}
}
