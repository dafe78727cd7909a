/*
 * A master's answers.
 *
 * What others say on the network costs them a packet, and must not cost us many: one station could
 * otherwise have each of its packets answered by a thousand. Clients and switches believe the last
 * word, though, so each sign of another owner is answered in the end.
 */
#include "core/answer.h"

#include "core/inst.h"

#define ADVERT_LEAST_US INT64_C(100000)
#define INTERVAL_PARTS 10

/* 200 frames a second in the long run, and a thousand at once. */
#define FRAME_US INT64_C(5000)
#define SAVED_US (1000 * FRAME_US)
#define DEBT_US INT64_C(60000000)	/* however many addresses: no answer waits for longer */

#define CLAIM_US INT64_C(1000000)	/* a rival that defends itself must not make a storm */
#define SCRIPT_US INT64_C(10000000)

#define LONG_AGO (INT64_MIN / 2)

void ans_init(struct ans_state *a)
{
	a->advert_us = a->paid_us = a->claim_us = a->script_us = LONG_AGO;
	a->owed = false;
	ans_end(a);
}

void ans_end(struct ans_state *a)
{
	a->held_us = a->claimed_us = VR_NEVER;
}

int64_t ans_tenth_us(const struct vr_inst_conf *ic)
{
	return ic->adver_int_us / INTERVAL_PARTS;
}

static void forget_claims(const struct vr_ctx *x)
{
	for (uint16_t v = 0; v < x->ic->n_vips; v++)
		x->node->claimed[x->inst->vip_base + v] = false;
}

void ans_begin(const struct vr_ctx *x, bool preempted)
{
	struct ans_state *a = &x->inst->answers;

	ans_end(a);
	a->owed = false;
	forget_claims(x);
	a->advert_us = a->claim_us = x->now_us;
	if (preempted)
		a->advert_us += ans_tenth_us(x->ic);
}

void ans_resume(const struct vr_ctx *x)
{
	ans_begin(x, false);
	x->inst->answers.paid_us = x->now_us;
}

/* An interval is never shorter than what is between two answers: the next advert is one, too. */
bool ans_may_advertise(const struct vr_ctx *x)
{
	struct ans_state *a = &x->inst->answers;
	int64_t pace_us = ans_tenth_us(x->ic);

	if (x->now_us < a->advert_us)
		return false;
	a->owed = false;
	a->advert_us = x->now_us + (pace_us > ADVERT_LEAST_US ? pace_us : ADVERT_LEAST_US);
	return true;
}

/* ---- announcements ---- */

static bool wanted(const struct vr_ctx *x)
{
	return x->ic->garp_lower_prio && x->ic->garp_lower_prio_repeat;
}

/* When more may be announced. */
static int64_t free_us(const struct ans_state *a)
{
	return a->paid_us - SAVED_US;
}

static void spend(const struct vr_ctx *x, uint64_t frames)
{
	struct ans_state *a = &x->inst->answers;
	uint64_t most = (SAVED_US + DEBT_US) / FRAME_US;

	if (a->paid_us < x->now_us)
		a->paid_us = x->now_us;
	a->paid_us += (int64_t)(frames < most ? frames : most) * FRAME_US;
	if (free_us(a) > x->now_us + DEBT_US)
		a->paid_us = x->now_us + DEBT_US + SAVED_US;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* keepalived: a rival was seen, switches may have learnt its port: announce again. */
void ans_announce(const struct vr_ctx *x)
{
	struct ans_state *a = &x->inst->answers;
	uint64_t frames = (uint64_t)x->ic->garp_lower_prio_repeat * x->ic->n_vips;

	a->held_us = VR_NEVER;
	if (!wanted(x))
		return;
	if (x->now_us < free_us(a)) {
		a->held_us = free_us(a);
		return;
	}
	spend(x, x->ic->garp_lower_prio_delay_us ? 2 * frames : frames);
	act_announce(x, x->ic->garp_lower_prio_repeat, VR_CAUSE_LOWER_PRIO);
	if (x->ic->garp_lower_prio_delay_us) {
		x->inst->burst_us = x->now_us + x->ic->garp_lower_prio_delay_us;
		x->inst->burst_repeat = x->ic->garp_lower_prio_repeat;
	}
}

/* What does not come now comes with all its rounds: then it has stayed for a while. */
void ans_take_over(const struct vr_ctx *x, enum vr_cause cause)
{
	struct ans_state *a = &x->inst->answers;

	if (!x->ic->garp_repeat)
		return;
	if (x->now_us < free_us(a)) {
		x->inst->burst_us = free_us(a);
		return;
	}
	spend(x, x->ic->n_vips);
	act_announce(x, 1, cause);
}

/* The last words of another may come so soon, and after its last announcement. The one whom we
 * preempt has long ceased to announce. */
void ans_hold_back(const struct vr_ctx *x)
{
	struct vr_inst *me = x->inst;

	if (me->cause == VR_CAUSE_PREEMPT && x->now_us - me->since_us < ans_tenth_us(x->ic))
		return;
	if (wanted(x))
		me->answers.held_us = later(me->answers.advert_us, free_us(&me->answers));
}

void ans_claim(const struct vr_ctx *x, uint16_t vip)
{
	struct ans_state *a = &x->inst->answers;

	if (!wanted(x))
		return;
	x->node->claimed[x->inst->vip_base + vip] = true;
	if (x->now_us >= a->claim_us && x->now_us >= free_us(a)) {
		a->claim_us = x->now_us + CLAIM_US;
		spend(x, x->ic->garp_lower_prio_repeat);
		act_announce_one(x, vip, x->ic->garp_lower_prio_repeat, VR_CAUSE_RIVAL);
	}
	if (a->claimed_us == VR_NEVER)
		a->claimed_us = later(a->claim_us, free_us(a));
}

static void announce_claimed(const struct vr_ctx *x)
{
	struct ans_state *a = &x->inst->answers;

	if (x->now_us < free_us(a)) {
		a->claimed_us = free_us(a);
		return;
	}
	a->claim_us = x->now_us + CLAIM_US;
	a->claimed_us = VR_NEVER;
	for (uint16_t v = 0; v < x->ic->n_vips; v++) {
		if (!x->node->claimed[x->inst->vip_base + v] || !wanted(x))
			continue;
		spend(x, x->ic->garp_lower_prio_repeat);
		act_announce_one(x, v, x->ic->garp_lower_prio_repeat, VR_CAUSE_RIVAL);
	}
	forget_claims(x);
}

/* ---- the rest ---- */

void ans_tell_lower(const struct vr_ctx *x)
{
	if (x->now_us < x->inst->answers.script_us)
		return;
	x->inst->answers.script_us = x->now_us + SCRIPT_US;
	act_notify(x, VR_NOTIFY_RX_LOWER);
}

void ans_due(const struct vr_ctx *x)
{
	struct ans_state *a = &x->inst->answers;

	if (a->held_us <= x->now_us)
		ans_announce(x);
	if (a->claimed_us <= x->now_us)
		announce_claimed(x);
}

int64_t ans_deadline(const struct ans_state *a)
{
	return a->held_us < a->claimed_us ? a->held_us : a->claimed_us;
}
