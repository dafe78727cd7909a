/*
 * Damping.
 *
 * Ten changes are free and one more is earned every three seconds: five failovers and back within
 * half a minute are more than anybody makes by hand, and a pair that really flaps so fast is of no
 * use to its clients. What the host itself does is told always: a link that flaps is news.
 */
#include "core/damp.h"

#include "core/inst.h"

#define EACH_US INT64_C(3000000)
#define SAVED 10
#define WINDOW_US (SAVED * EACH_US)
#define TELL_US INT64_C(10000000)

void dmp_init(struct vr_damping *d)
{
	*d = (struct vr_damping){ .until_us = INT64_MIN / 2 };
}

static void trace(const struct vr_ctx *x, enum vr_trace_kind kind, int32_t a, int32_t b)
{
	struct vr_trace t = {
		.kind = kind, .subject = VR_NONE, .from = x->inst->state, .to = x->inst->state,
		.a = a, .b = b,
		.c = (x->now_us - x->inst->damping.since_us) / 1000000,
	};

	act_trace(x, &t);
}

static void begin(const struct vr_ctx *x)
{
	struct vr_damping *d = &x->inst->damping;

	d->on = true;
	d->since_us = x->now_us;
	d->changes = d->unsaid = 0;
	d->tell_us = x->now_us + TELL_US;
	x->inst->counters.dampings++;
	trace(x, VR_TR_DAMPED, SAVED, WINDOW_US / 1000000);
}

void dmp_change(const struct vr_ctx *x)
{
	struct vr_damping *d = &x->inst->damping;

	if (d->until_us < x->now_us)
		d->until_us = x->now_us;
	d->until_us += EACH_US;
	if (!d->on && d->until_us - x->now_us > WINDOW_US)
		begin(x);
	if (!d->on)
		return;
	d->until_us = x->now_us + WINDOW_US;
	d->changes++;
	d->hushed = x->now_us < d->tell_us;
	d->unsaid += d->hushed;
	if (!d->hushed)
		d->tell_us = x->now_us + TELL_US;
}

void dmp_own_change(const struct vr_ctx *x)
{
	x->inst->damping.hushed = false;
}

void dmp_notify(const struct vr_ctx *x)
{
	if (!x->inst->damping.hushed)
		act_notify(x, VR_NOTIFY_STATE);
}

int64_t dmp_active_int_us(const struct vr_inst *in, int64_t own_int_us)
{
	bool shorter = in->active_int_us < own_int_us;

	return in->damping.on && shorter ? own_int_us : in->active_int_us;
}

static void say(const struct vr_ctx *x)
{
	struct vr_damping *d = &x->inst->damping;

	d->hushed = false;
	d->tell_us = x->now_us + TELL_US;
	trace(x, VR_TR_STATE_TOLD, (int32_t)x->inst->state, (int32_t)d->unsaid);
	act_notify(x, VR_NOTIFY_STATE);
}

static void end(const struct vr_ctx *x)
{
	struct vr_damping *d = &x->inst->damping;

	d->on = false;
	trace(x, VR_TR_DAMPED_OVER, (int32_t)d->changes, (int32_t)d->unsaid);
	if (x->inst->state == VR_BACKUP)
		fsm_retime(x);
}

void dmp_end_due(const struct vr_ctx *x)
{
	const struct vr_damping *d = &x->inst->damping;

	if (!d->on || d->until_us > x->now_us)
		return;
	if (d->hushed)
		say(x);
	end(x);
}

void dmp_tell_due(const struct vr_ctx *x)
{
	const struct vr_damping *d = &x->inst->damping;

	if (d->on && d->hushed && d->tell_us <= x->now_us)
		say(x);
}

int64_t dmp_deadline(const struct vr_damping *d)
{
	if (!d->on)
		return VR_NEVER;
	return d->hushed && d->tell_us < d->until_us ? d->tell_us : d->until_us;
}
