/*
 * An engine that is killed, and another one that goes on for it: nobody notices.
 *
 * What was known outside is what the successor must know. It says so at once when it is master, it
 * deletes nothing that it holds and tells no script; when it has read the kernel it asks for every
 * address again and announces what it has. If it comes in time, no peer has taken over.
 *
 * An engine that is killed in the middle of something may have decided what nobody has seen yet:
 * then its successor is believed.
 */
#include "core/names.h"
#include "sim/inv.h"

#define SLACK (10 * INV_MS)

static struct inv_node *node_of(struct inv *c, size_t node)
{
	return &c->nodes[node];
}

/* The configuration is freed now. */
static void forget(struct inv_seat *s, bool within)
{
	s->ic = NULL;
	s->spoke = within && s->step.adverts && !s->step.zeros && s->was == VR_BACKUP;
}

void inv_killed(struct inv *c, size_t node, bool within)
{
	struct inv_node *n = node_of(c, node);

	n->in_step = false;
	n->within = within;
	n->killed_world = sim_now_us(c->sim);
	n->n_runs = 0;
	for (size_t i = 0; i < n->n; i++)
		forget(&n->seats[i], within);
}

/* ---- a successor ---- */

static void compare(struct inv *c, size_t node, const struct inv_seat *s,
		    const struct vr_inst_view *view)
{
	if (s->spoke && view->state != VR_MASTER)
		inv_fail(c, "resumed", node, s, "it has spoken as MASTER, its successor is %s",
			 nam_state(view->state));
	if (node_of(c, node)->within)
		return;
	if (view->state != s->state)
		inv_fail(c, "resumed", node, s, "its successor is %s", nam_state(view->state));
	if (s->state == VR_INIT)
		return;
	if (view->effective_priority != s->priority)
		inv_fail(c, "resumed", node, s, "its successor has priority %u",
			 view->effective_priority);
	if (view->faults != s->faults)
		inv_fail(c, "resumed", node, s, "faults %x, its successor has %x", s->faults,
			 view->faults);
}

/* How long after its last advert it still believes that no peer has taken over: core/timing.h. */
static int64_t patience_us(const struct inv_seat *s)
{
	int64_t adverts = s->ic->down_timer_adverts < 3 ? s->ic->down_timer_adverts : 3;

	return adverts * s->ic->adver_int_us - s->ic->adver_int_us / 4;
}

/* Whether no peer can have taken over since its last advert, as far as it can know. */
static bool is_in_time(const struct inv *c, size_t node, const struct inv_seat *s)
{
	int64_t late_us = sim_node_now_us(c->sim, node) - sim_served_us(c->sim, node);

	return late_us < s->ic->adver_int_us || late_us < patience_us(s) - s->ic->adver_int_us;
}

/* Timers start anew, or what they were for is made up for when the kernel has been read. */
static void take_over(const struct inv *c, size_t node, struct inv_seat *s,
		      const struct vr_inst_view *view)
{
	int64_t now_us = sim_node_now_us(c->sim, node);

	s->late = now_us >= s->heir_us && now_us - s->due_us >= s->ic->adver_int_us;
	s->in_time = is_in_time(c, node, s);
	s->vague |= c->nodes[node].within;
	if (view->state != s->state)
		s->state_world = sim_now_us(c->sim);
	s->preempted_us = view->cause == VR_CAUSE_PREEMPT ? view->since_us : INT64_MIN / 2;
	if (view->state != s->state || view->effective_priority != s->priority)
		s->rank_world = sim_now_us(c->sim);
	s->state = view->state;
	s->priority = view->effective_priority;
	s->faults = view->faults;
	s->active_us = view->master_int_us;
	s->plain = view->plain_sum;
	s->unsure_sum = true;
	s->loser.family = IP_NONE;
	s->from_us = s->assert_us = s->defend_us = s->paid_us = now_us;
	s->owner_last_us = INT64_MIN / 2;
	inv_forget_claims(s);
	s->skew = s->lower = s->waited = s->held_off = false;
	s->master.family = IP_NONE;
	s->preempt_us = s->burst_us = s->held_us = VR_NEVER;
	s->wrong_world = VR_NEVER;
	if (!c->nodes[node].within)
		return;
	s->damped = view->damping.on;
	s->hushed = view->damping.hushed;
	s->damp_us = view->damping.until_us;
	s->tell_us = view->damping.tell_us;
}

static void drop_removed(struct inv *c, size_t node)
{
	const struct vr_config *conf = vr_node_conf(eng_node(sim_engine(c->sim, node)));
	struct inv_node *n = node_of(c, node);
	size_t kept = 0;

	for (size_t i = 0; i < n->n; i++) {
		bool there = false;

		for (uint16_t k = 0; k < conf->n_insts; k++)
			there |= conf->insts[k].vrid == n->seats[i].vrid;
		if (there)
			n->seats[kept++] = n->seats[i];
	}
	n->n = kept;
}

void inv_succeeded(struct inv *c, size_t node)
{
	struct inv_node *n = node_of(c, node);

	if (n->within)
		drop_removed(c, node);
	inv_rebind(c, node);
	n->asserts = true;
	n->stray_world = VR_NEVER;
	n->resumed_world = n->disturbed_world = sim_now_us(c->sim);
	for (size_t i = 0; i < n->n; i++) {
		struct inv_seat *s = &n->seats[i];
		struct vr_inst_view view;

		vr_inst_look(eng_node(sim_engine(c->sim, node)), s->inst, &view);
		compare(c, node, s, &view);
		take_over(c, node, s, &view);
	}
}

/* ---- its first steps ---- */

/* Who says nothing listens: one that comes so late that a peer may have taken over, or that was
 * to listen before. */
static void listens(struct inv *c, size_t node, struct inv_seat *s)
{
	if (s->source.family != IP_NONE && s->in_time && !s->listens &&
	    !c->nodes[node].within)
		inv_fail(c, "resumed-silent", node, s, "its successor says nothing");
	s->listens = true;
	s->heir = false;
	s->listen_us = sim_node_now_us(c->sim, node) + s->ic->adver_int_us;
}

static void speaks(struct inv *c, size_t node, struct inv_seat *s)
{
	if ((s->listens || s->late) && !c->nodes[node].within)
		inv_fail(c, "spoke-first", node, s, "a peer may have taken over");
	s->listens = false;
}

static void begins(struct inv *c, size_t node, struct inv_seat *s)
{
	if (s->state == VR_MASTER && !s->step.adverts)
		listens(c, node, s);
	else if (s->state == VR_MASTER)
		speaks(c, node, s);
	if (s->step.adds || s->step.dels)
		inv_fail(c, "resumed-blind", node, s, "the kernel has not been read yet");
}

static void asserts(struct inv *c, size_t node, const struct inv_seat *s)
{
	unsigned int want = inv_places(c, node, s);

	if (s->listens)
		return;
	if (s->state != VR_MASTER) {
		if (s->step.dels < want)
			inv_fail(c, "not-asserted", node, s, "%u of %u addresses are given up",
				 s->step.dels, want);
		return;
	}
	if (s->step.dels)
		inv_fail(c, "resumed-gap", node, s, "it deletes what it holds");
	if (s->step.adds < want || (want && s->ic->garp_repeat && !s->step.announces))
		inv_fail(c, "not-asserted", node, s, "%u of %u addresses are asked for, announced "
			 "%u times", s->step.adds, want, s->step.announces);
}

void inv_goes_on(struct inv *c, const struct sim_input *in, struct inv_seat *s)
{
	bool synced = in->type == SIM_IN_SYNCED && node_of(c, in->node)->asserts &&
		      !sim_leaving(c->sim, in->node);

	if ((in->type != SIM_IN_GO_ON && !synced) || s->state != s->was || s->step.entered)
		return;
	/* A change that was not told while it was damped may be told now: inv_said_late(). */
	if (s->step.notices && s->faults == s->was_faults && !s->said)
		inv_fail(c, "resumed-notify", in->node, s, "a script is told of nothing");
	if (synced)
		asserts(c, in->node, s);
	else
		begins(c, in->node, s);
}

/* ---- its peers ---- */

/* From the last advert of OS before its engine was killed to the first one after it, S has waited
 * for less than its Master_Down_Interval; and OS has not come so late that it listens first. */
static bool came_in_time(const struct inv *c, size_t o, const struct inv_seat *os, size_t node,
			 const struct inv_seat *s)
{
	const struct inv_node *n = &c->nodes[o];
	int64_t silence_us = n->resumed_world - n->killed_world + os->ic->adver_int_us + SLACK +
			     2 * sim_path_delay_us(c->sim, os->segment, o, node) +
			     sim_lag_us(c->sim, o);

	return silence_us < s->ic->down_timer_adverts * s->active_us &&
	       silence_us < patience_us(os);
}

void inv_usurped(struct inv *c, size_t node, const struct inv_seat *s)
{
	int64_t now = sim_now_us(c->sim);

	for (size_t o = 0; o < sim_n_nodes(c->sim); o++) {
		const struct inv_node *n = &c->nodes[o];
		const struct inv_seat *os = o == node ? NULL : inv_seat(c, o, s->vrid);
		int64_t window_us = (s->ic->down_timer_adverts + 1) * s->active_us;
		int64_t quiet = n->killed_world - 2 * window_us;

		if (!os || !os->ic || os->state != VR_MASTER || n->within ||
		    n->resumed_world < n->killed_world ||
		    now - n->resumed_world > window_us || os->ic->version != s->ic->version)
			continue;
		/* One that listens is silent for a reason: begins() has asked for it. */
		if (!inv_heard_by(c, o, os, node) || os->listens || os->rank_world > quiet ||
		    os->state_world > quiet || s->state_world > quiet || n->touched_world > quiet ||
		    c->nodes[node].touched_world > quiet || c->nodes[node].killed_world > quiet ||
		    c->path_world[os->segment][o][node] > quiet)
			continue;
		if (came_in_time(c, o, os, node, s))
			inv_fail(c, "resumed-late", node, s, "%s went on %lld us after its engine "
				 "was killed", sim_node_name(c->sim, o),
				 (long long)(n->resumed_world - n->killed_world));
	}
}
