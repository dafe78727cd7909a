/*
 * Too many changes of state, by what others say: ten are free, and one more each three seconds.
 *
 * Beyond that it tells its script and the log of a change once in ten seconds, and of the state
 * that it is in before it is over; and it is over when nothing has changed for half a minute. What
 * the host itself does (a fault, its end, a stop) is told always. What a damped one does otherwise
 * is in inv_timer.c: it yields and takes over as ever, but not by invitation.
 */
#include "core/names.h"
#include "sim/inv.h"

#define EACH_US (3 * INV_SECOND)
#define WINDOW_US (30 * INV_SECOND)
#define TELL_US (10 * INV_SECOND)

static void count(struct inv_seat *s, int64_t now_us)
{
	s->damp_us = EACH_US + (s->damp_us > now_us ? s->damp_us : now_us);
	if (!s->damped && s->damp_us > now_us + WINDOW_US) {
		s->damped = true;
		s->tell_us = now_us + TELL_US;
	}
	s->hushed = s->damped && now_us < s->tell_us;
	if (!s->damped)
		return;
	s->damp_us = now_us + WINDOW_US;
	if (!s->hushed)
		s->tell_us = now_us + TELL_US;
}

void inv_change(struct inv *c, size_t node, struct inv_seat *s, const struct vr_trace *t)
{
	if ((t->from == VR_BACKUP && t->to == VR_MASTER) ||
	    (t->from == VR_MASTER && t->to == VR_BACKUP))
		count(s, t->at_us);
	else
		s->hushed = false;
	if (t->to == VR_INIT) {
		s->damped = false;
		s->damp_us = 0;
	}
	if (t->quiet != s->hushed)
		inv_fail(c, "damping", node, s, "a change is %stold", t->quiet ? "not " : "");
}

void inv_said_late(struct inv *c, size_t node, struct inv_seat *s, const struct vr_trace *t)
{
	if (!s->hushed || (t->at_us < s->tell_us && t->at_us < s->damp_us))
		inv_fail(c, "damping", node, s, "it tells its state %lld us too soon",
			 (long long)(s->tell_us - t->at_us));
	if ((enum vr_state)t->a != s->state)
		inv_fail(c, "damping", node, s, "it tells that it is %s", nam_state(t->a));
	s->hushed = false;
	s->said = true;
	s->tell_us = t->at_us + TELL_US;
}

void inv_damped_over(struct inv *c, size_t node, struct inv_seat *s, const struct vr_trace *t)
{
	if (!s->damped || t->at_us < s->damp_us)
		inv_fail(c, "damping", node, s, "it is over %lld us too soon",
			 (long long)(s->damp_us - t->at_us));
	if (s->hushed)
		inv_fail(c, "damping", node, s, "it is over, but its script was told '%s' last",
			 s->told);
	s->damped = false;
}

void inv_damping(struct inv *c, size_t node, struct inv_seat *s)
{
	int64_t now_us = sim_node_now_us(c->sim, node);

	if (s->damped && s->damp_us <= now_us)
		inv_fail(c, "damping", node, s, "it should have been over %lld us ago",
			 (long long)(now_us - s->damp_us));
	if (s->hushed && s->tell_us <= now_us)
		inv_fail(c, "damping", node, s, "its state should have been told %lld us ago",
			 (long long)(now_us - s->tell_us));
}

int64_t inv_damped_us(const struct inv *c)
{
	for (size_t i = 0; i < sim_n_nodes(c->sim); i++)
		for (size_t k = 0; k < c->nodes[i].n; k++)
			if (c->nodes[i].seats[k].damp_us > sim_node_now_us(c->sim, i))
				return WINDOW_US;
	return 0;
}
