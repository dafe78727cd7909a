/*
 * Private to the core: what a master answers to others, and at what rate.
 *
 * Adverts of a lower rank, priority 0 and claims can be forged by anybody on the network. So there
 * is one rate for all that they bring about, whatever their number and kind: adverts out of turn
 * have a pace, announcements a budget of frames, scripts a pace of their own. Nothing is left out:
 * what comes too soon is done when its time has come.
 */
#ifndef CORE_ANSWER_H
#define CORE_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/event.h"

struct vr_ctx;
struct vr_inst_conf;

struct ans_state {
	int64_t advert_us;	/* MASTER: earliest next advert out of turn */
	bool owed;		/* MASTER: Adver_Timer was brought forward to that */
	int64_t paid_us;	/* when all frames that were announced are paid for */
	int64_t held_us;	/* MASTER: announce all addresses again then, or VR_NEVER */
	int64_t claim_us;	/* MASTER: earliest next answer to a claim */
	int64_t claimed_us;	/* MASTER: announce what was claimed then, or VR_NEVER */
	int64_t script_us;	/* earliest next VR_NOTIFY_RX_LOWER */
};

/* Nothing was ever answered. */
void ans_init(struct ans_state *a);

/* Mastership begins, in the place of another whose last words need no answer (PREEMPTED); or it
 * ends: nothing is held back any more. */
void ans_begin(const struct vr_ctx *x, bool preempted);
void ans_end(struct ans_state *a);
/* What a predecessor answered was not written down: the budget is a new one. */
void ans_resume(const struct vr_ctx *x);

/* How long adverts of INT_US are kept apart that are no answer: a tenth of an interval. */
int64_t ans_tenth_us(const struct vr_inst_conf *ic);

/* True when an advert out of turn may leave now: it does. Else at X->inst->answers.advert_us. */
bool ans_may_advertise(const struct vr_ctx *x);

/* All addresses are announced again, when the budget allows it. */
void ans_announce(const struct vr_ctx *x);
/* A new master that is damped: each address once, when the budget allows it. */
void ans_take_over(const struct vr_ctx *x, enum vr_cause cause);
/* All again, not before the next advert out of turn: another was seen, and a moment ago, too. */
void ans_hold_back(const struct vr_ctx *x);
/* Address VIP is, at once or soon, and once more later: who claims it may have the last word. */
void ans_claim(const struct vr_ctx *x, uint16_t vip);

/* The script that is told of a lower rank. */
void ans_tell_lower(const struct vr_ctx *x);

/* What is due at X->now_us, and when the next is. */
void ans_due(const struct vr_ctx *x);
int64_t ans_deadline(const struct ans_state *a);

#endif
