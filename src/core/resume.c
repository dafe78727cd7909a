/*
 * Going on where another process ended.
 *
 * A process that was killed leaves behind what its node remembered when something last changed, and
 * the time before which it had nothing more to do; its successor goes on from there. Facts,
 * verdicts and states are kept, no script is told: nothing has happened. What the clock brought
 * meanwhile is made up for where that is harmless (an advert, an announcement), and waited for
 * where it is not (a backup's timer). Whether an address operation was done nobody knows, so all
 * are asked for again as soon as the kernel has been read.
 */
#include "core/inst.h"

/* What the predecessor was to do before then it has done. */
static int64_t open_deadline(int64_t at_us, int64_t served_us)
{
	return at_us >= served_us ? at_us : VR_NEVER;
}

static void go_on(const struct vr_ctx *x, int64_t served_us)
{
	struct vr_inst *me = x->inst;
	struct vr_trace trace = {
		.kind = VR_TR_RESUMED, .cause = VR_CAUSE_RESUME, .subject = VR_NONE,
		.from = me->state, .to = me->state,
		.a = me->untold ? VR_INIT : me->state,
		.c = (x->now_us - served_us) / 1000,
	};

	act_trace(x, &trace);
	me->burst_us = open_deadline(me->burst_us, served_us);
	if (me->refresh_us < served_us)
		me->refresh_us = x->now_us + x->ic->garp_refresh_us;
	/* rsm_assert() asks for all addresses, and announces. */
	me->repair_us = me->retry_us = VR_NEVER;
	ans_resume(x);
	fsm_step(x, &(struct fsm_input){ .type = FSM_RESUME, .served_us = served_us });
}

void rsm_resume(const struct vr_ctx *x, int64_t served_us)
{
	if (served_us > x->now_us)
		served_us = x->now_us;
	for (uint16_t i = 0; i < x->conf->n_insts; i++) {
		struct vr_ctx at = ctx_of(x, i);

		go_on(&at, served_us);
	}
}

/* A master that was away for too long speaks, and puts on what it lacks, when it has listened (see
 * kep_say_again()). */
static void ask_later(const struct vr_ctx *x)
{
	for (uint16_t v = 0; v < x->ic->n_vips; v++)
		x->node->lost[x->inst->vip_base + v] = true;
}

/* Everything is given up before anything is taken: an address may have moved between instances. To
 * add what is there, or to delete what is not, does no harm. */
void rsm_assert(const struct vr_ctx *x)
{
	for (uint16_t i = 0; i < x->conf->n_insts; i++) {
		struct vr_ctx at = ctx_of(x, i);

		if (at.inst->state != VR_MASTER)
			act_addrs(&at, false);
	}
	for (uint16_t i = 0; i < x->conf->n_insts; i++) {
		struct vr_ctx at = ctx_of(x, i);

		if (at.inst->state != VR_MASTER)
			continue;
		if (at.inst->listens) {
			ask_later(&at);
			continue;
		}
		act_addrs(&at, true);
		act_announce(&at, at.ic->garp_repeat, VR_CAUSE_RESUME);
	}
}
