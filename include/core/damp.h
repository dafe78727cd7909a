/*
 * Private to the core: damping, when the network changes an instance's state too often.
 *
 * Forged adverts can have an instance yield and take over as often as they come, and each change
 * runs scripts, writes lines and announces. Beyond so many changes in a window the instance is
 * damped, until there was no change for a window:
 *
 *	told of			scripts and log hear of a change once in ten seconds; the state that
 *				it is in is told in the end
 *	announced		within the budget of answers (answer.h), each address once
 *	priority 0		is no invitation to take over after Skew_Time
 *	a lower master		is followed, as by preempt_delay
 *	a short interval	of another is not reckoned with, but our own
 *
 * It still yields at once, and takes over when nobody was heard for Master_Down_Interval. A change
 * that comes of the host itself (a fault, its end, a stop) is neither counted nor held back.
 */
#ifndef CORE_DAMP_H
#define CORE_DAMP_H

#include "core/node.h"

struct vr_ctx;
struct vr_inst;

/* No change so far; also when the instance stops. */
void dmp_init(struct vr_damping *d);

/* The network changes the state now: counts, and says whether that is told. */
void dmp_change(const struct vr_ctx *x);
/* The host does. */
void dmp_own_change(const struct vr_ctx *x);

/* Tells the scripts of the state that it is in now, or does so later. */
void dmp_notify(const struct vr_ctx *x);

/* The interval to reckon with as a backup. */
int64_t dmp_active_int_us(const struct vr_inst *in, int64_t own_int_us);

/* What is due at X->now_us: its end (before the timers of the protocol, one of which it may bring
 * forward), what is to be told (behind them); and when the next is. */
void dmp_end_due(const struct vr_ctx *x);
void dmp_tell_due(const struct vr_ctx *x);
int64_t dmp_deadline(const struct vr_damping *d);

#endif
