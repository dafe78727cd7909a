/*
 * The state machine of one instance: one function a state, in the order of RFC 9568 section 6.4.
 *
 * An input comes in by fsm_step(); set_state() at the top is the only writer of a state. Each
 * decision carries the RFC's clause; "keepalived:" marks where its habit is followed instead. FAULT
 * is the RFC's Initialize with named reasons (see track.c for how they are derived). What a
 * master does for its addresses between the adverts is in keep.c.
 */
#include <assert.h>

#include "core/damp.h"
#include "core/inst.h"
#include "core/rival.h"
#include "core/timing.h"

static void set_state(const struct vr_ctx *x, enum vr_state to, enum vr_cause cause)
{
	static const bool legal[VR_N_STATES][VR_N_STATES] = {
		[VR_INIT]   = { [VR_BACKUP] = true, [VR_MASTER] = true, [VR_FAULT] = true },
		[VR_BACKUP] = { [VR_INIT] = true, [VR_MASTER] = true, [VR_FAULT] = true },
		[VR_MASTER] = { [VR_INIT] = true, [VR_BACKUP] = true, [VR_FAULT] = true },
		[VR_FAULT]  = { [VR_INIT] = true, [VR_BACKUP] = true, [VR_MASTER] = true },
	};
	struct vr_inst *in = x->inst;
	struct vr_trace trace = {
		.kind = VR_TR_STATE, .cause = cause, .from = in->state, .to = to,
		.subject = VR_NONE, .who = in->master, .a = in->master_priority, .b = in->priority,
		.c = -1, .waits = in->untold || cause == VR_CAUSE_WAIT,
	};

	assert(legal[in->state][to]);
	if ((in->state == VR_BACKUP && to == VR_MASTER) ||
	    (in->state == VR_MASTER && to == VR_BACKUP))
		dmp_change(x);
	else
		dmp_own_change(x);
	trace.quiet = in->damping.hushed;
	if (in->master.family != IP_NONE && in->last_rx_us != VR_NEVER)
		trace.c = (x->now_us - in->last_rx_us) / 1000;
	in->state = to;
	in->cause = cause;
	in->since_us = x->now_us;
	in->told = in->told_rejects = 0;
	in->untold = in->cut_off = in->listens = false;
	act_trace(x, &trace);
}

static void trace_advert(const struct vr_ctx *x, enum vr_trace_kind kind, enum vr_cause cause,
			 const struct fsm_input *in)
{
	struct vr_trace trace = {
		.kind = kind, .cause = cause, .subject = VR_NONE, .who = in->src,
		.a = in->adv->priority, .b = x->inst->priority,
	};

	act_trace(x, &trace);
}

/* The same, but once a state: a peer repeats itself every interval. */
static void trace_once(const struct vr_ctx *x, enum vr_trace_kind kind, enum vr_cause cause,
		       const struct fsm_input *in)
{
	if (x->inst->told & 1u << kind)
		return;
	x->inst->told |= 1u << kind;
	trace_advert(x, kind, cause, in);
}

/* ---- what the states do ---- */

static void start_down_timer(const struct vr_ctx *x)
{
	x->inst->timer_from_us = x->now_us;
	x->inst->timer_is_skew = false;
	x->inst->heard_lower = x->inst->waited = x->inst->lesser = false;
	fsm_retime(x);
}

void fsm_retime(const struct vr_ctx *x)
{
	struct vr_inst *in = x->inst;
	int64_t active_us = dmp_active_int_us(in, x->ic->adver_int_us);

	if (in->timer_is_skew) {
		in->timer_us = in->timer_from_us +
			       tim_skew_us(x->ic->version, in->priority, active_us);
		return;
	}
	in->timer_us = in->timer_from_us + tim_down_us(x->ic->version, in->priority, active_us,
						       x->ic->down_timer_adverts);
	if (in->lesser && in->timer_us < in->due_us)
		in->timer_us = in->due_us;
}

static void become_master(const struct vr_ctx *x, enum vr_cause cause)
{
	struct vr_inst *in = x->inst;

	set_state(x, VR_MASTER, cause);
	in->counters.become_master++;
	in->active_int_us = x->ic->adver_int_us;
	in->master = trk_source(x->node, x->i);
	in->master_priority = in->priority;
	act_advert(x, in->priority);		/* send an ADVERTISEMENT */
	kep_begin(x, cause);			/* the addresses; GARP or unsolicited NA */
	dmp_notify(x);
	in->timer_us = x->now_us + x->ic->adver_int_us;	/* set Adver_Timer */
}

static void become_backup(const struct vr_ctx *x, enum vr_cause cause)
{
	set_state(x, VR_BACKUP, cause);
	x->inst->preempt_at_us = VR_NEVER;
	start_down_timer(x);
	act_notify(x, VR_NOTIFY_STATE);
}

static void become_unfit(const struct vr_ctx *x)
{
	/* keepalived: an instance that only waits for its checks' first word says nothing yet. */
	bool waiting = x->inst->faults == 1u << VR_FAULT_CHECK_PENDING;

	set_state(x, VR_FAULT, waiting ? VR_CAUSE_WAIT : VR_CAUSE_FAULT);
	x->inst->timer_us = VR_NEVER;
	x->inst->master.family = IP_NONE;
	if (waiting)
		x->inst->untold = true;
	else
		act_notify(x, VR_NOTIFY_STATE);
}

void fsm_tell_unfit(const struct vr_ctx *x)
{
	struct vr_trace trace = {
		.kind = VR_TR_UNFIT, .cause = VR_CAUSE_FAULT, .from = VR_INIT, .to = VR_FAULT,
		.subject = VR_NONE,
	};

	x->inst->untold = false;
	x->inst->cause = VR_CAUSE_FAULT;
	act_trace(x, &trace);
	act_notify(x, VR_NOTIFY_STATE);
}

/* A master whose own link is lost cannot be heard: no priority 0, and its peers wait as long as
 * after any advert. Twice within that time is a link that does not hold: it is left to them. */
static void fall(const struct vr_ctx *x)
{
	struct vr_inst *me = x->inst;
	bool again = me->cause == VR_CAUSE_LINK_BACK &&
		     x->now_us - me->since_us < tim_down_us(x->ic->version, me->priority,
							    x->ic->adver_int_us,
							    x->ic->down_timer_adverts);
	bool silent = trk_cut_off(x->node, x->i);
	bool sure = !again && !me->listens;

	become_unfit(x);
	me->cut_off = silent && sure;
	if (!silent)
		act_advert(x, VR_PRIO_STOP);
	kep_end(x);
}

/* Common to Initialize and to the end of FAULT: 6.4.1, "If a Startup event is received". */
static void begin(const struct vr_ctx *x, enum vr_cause cause)
{
	if (x->inst->faults) {
		become_unfit(x);
		return;
	}
	if (x->ic->priority == VR_PRIO_OWNER) {			/* owns the addresses */
		become_master(x, VR_CAUSE_OWNER);
		return;
	}
	x->inst->active_int_us = x->ic->adver_int_us;
	become_backup(x, cause);
}

static void leave(const struct vr_ctx *x)
{
	set_state(x, VR_INIT, VR_CAUSE_STOP);
	dmp_init(&x->inst->damping);
	x->inst->timer_us = x->inst->retry_us = VR_NEVER;
	act_notify(x, VR_NOTIFY_STOP);
}

/* (v3) Its interval becomes ours: Active_Adver_Interval. */
static void reckon_with(const struct vr_ctx *x, const struct pkt_advert *adv)
{
	if (x->ic->version == 3)
		x->inst->active_int_us = tim_followed_us(adv->adver_int_us, x->ic->max_follow_us);
}

static void set_sum(const struct vr_ctx *x, const struct fsm_input *in)
{
	struct vr_inst *me = x->inst;
	struct vr_trace trace = {
		.kind = VR_TR_SUM, .subject = VR_NONE, .who = in->src, .a = in->adv->plain_checksum,
	};

	if (x->ic->sum != VR_SUM_LEARN || x->ic->version != 3 || x->ic->family != IP_V4 ||
	    me->plain_sum == in->adv->plain_checksum)
		return;
	me->plain_sum = in->adv->plain_checksum;
	act_trace(x, &trace);
}

/* Remember whom we follow. Not in the RFCs: the checksum is made as its is, for a peer may accept
 * one form only; a loser's is nobody's example. */
static void follow(const struct vr_ctx *x, const struct fsm_input *in)
{
	struct vr_inst *me = x->inst;
	bool changed = !ip_equal(&me->master, &in->src);

	me->master = in->src;
	me->master_priority = in->adv->priority;
	set_sum(x, in);
	reckon_with(x, in->adv);
	me->due_us = x->now_us + tim_due_us(me->active_int_us);
	if (changed)
		me->told_rejects = 0;
	if (changed && me->state == VR_BACKUP)
		trace_advert(x, VR_TR_MASTER, VR_CAUSE_NONE, in);
}

/*
 * ---- late: the process or the machine stood still ----
 *
 * Not in the RFC: peers may have acted meanwhile, and what they said waits in the socket. It is
 * heard before anything is decided or said; whoever has taken over speaks within an interval.
 */

static void trace_late(const struct vr_ctx *x)
{
	struct vr_trace trace = {
		.kind = VR_TR_LATE, .subject = VR_NONE,
		.c = (x->now_us - x->inst->timer_us) / 1000,
	};

	act_trace(x, &trace);
}

/* A master, late by more than an interval and by so much that a peer may have taken over. Once: on
 * a host that is always late, nobody would ever speak. */
static void listen_first(const struct vr_ctx *x)
{
	struct vr_inst *me = x->inst;

	if (me->listens || x->now_us < me->missed_us ||
	    x->now_us - me->timer_us < x->ic->adver_int_us)
		return;
	trace_late(x);
	me->listens = true;
	ans_end(&me->answers);
	me->heard_lower = false;
	me->timer_us = x->now_us + x->ic->adver_int_us;
	kep_listen(x);
}

/* A backup whose Active_Down_Timer ended long ago: a master has had the time to speak. Once,
 * too. */
static void wait_first(const struct vr_ctx *x)
{
	struct vr_inst *me = x->inst;
	int64_t late_us = x->now_us - me->timer_us;

	if (me->waited || late_us < me->active_int_us)
		return;
	trace_late(x);
	me->waited = true;
	me->timer_from_us += late_us + me->active_int_us;
	fsm_retime(x);
}

/* ---- 6.4.1 Initialize ---- */

static void in_init(const struct vr_ctx *x, const struct fsm_input *in)
{
	switch (in->type) {
	case FSM_STARTUP:			/* 6.4.1 */
		begin(x, in->cause);
		break;
	case FSM_SHUTDOWN:
	case FSM_FAULT:
	case FSM_FIT:
	case FSM_TIMER:
	case FSM_ADVERT:
	case FSM_RESUME:
	case FSM_LATE:
	default:
		break;				/* not started: nothing concerns it */
	}
}

/* ---- 6.4.2 Backup ---- */

/* keepalived: preempt_delay starts with the first lower priority heard; until it ends, that master
 * is followed. Not in the RFC: so it is while the state changes too often. */
static bool delays_preemption(const struct vr_ctx *x)
{
	struct vr_inst *me = x->inst;

	if (me->damping.on)
		return true;
	if (x->ic->preempt_delay_us == 0)
		return false;
	if (me->preempt_at_us == VR_NEVER) {
		struct vr_trace trace = {
			.kind = VR_TR_PREEMPT_DELAY, .subject = VR_NONE,
			.a = (int32_t)(x->ic->preempt_delay_us / 1000),
		};
		me->preempt_at_us = x->now_us + x->ic->preempt_delay_us;
		act_trace(x, &trace);
	}
	return x->now_us < me->preempt_at_us;
}

/* Of two masters the one of higher rank, whose next advert is not overdue, will win. */
static bool outranked(const struct vr_ctx *x, const struct fsm_input *in)
{
	const struct vr_inst *me = x->inst;

	if (me->master.family == IP_NONE || ip_equal(&me->master, &in->src) ||
	    x->now_us >= me->due_us)
		return false;
	if (me->master_priority != in->adv->priority)
		return me->master_priority > in->adv->priority;
	return ip_cmp(&me->master, &in->src) > 0;
}

/* RFC 9568 6.4.2: whoever speaks, its interval counts. Not in the RFC: the one of higher rank is
 * still the master, and as long as its next advert is not overdue nobody takes over. Else the last
 * words of the loser (see yield()), where its interval is shorter, would have us take over before
 * the winner speaks again, and with last words of our own so for ever. */
static void bear_with(const struct vr_ctx *x, const struct fsm_input *in)
{
	reckon_with(x, in->adv);
	start_down_timer(x);
	x->inst->lesser = x->ic->version == 3;
	fsm_retime(x);
}

static void backup_hears(const struct vr_ctx *x, const struct fsm_input *in)
{
	struct vr_inst *me = x->inst;

	if (in->adv->priority == VR_PRIO_STOP) {	/* Active_Down_Timer to Skew_Time */
		trace_once(x, VR_TR_PRIO_ZERO, VR_CAUSE_NONE, in);
		/* Not in the RFC: anybody can say so. Whoever is there will be heard. */
		if (me->damping.on)
			return;
		me->master = in->src;
		me->master_priority = 0;
		me->timer_from_us = x->now_us;
		me->timer_is_skew = true;
		me->waited = false;
		fsm_retime(x);
		return;
	}
	bool lower = in->adv->priority < me->priority;
	if (!lower)
		me->preempt_at_us = VR_NEVER;
	if (lower && x->ic->preempt && !delays_preemption(x)) {	/* discard */
		me->heard_lower = true;
		trace_once(x, VR_TR_LOWER, VR_CAUSE_NONE, in);
		return;
	}
	me->told &= ~(1u << VR_TR_PRIO_ZERO);
	if (outranked(x, in)) {
		bear_with(x, in);
		return;
	}
	follow(x, in);				/* Preempt_Mode false, or not lower */
	start_down_timer(x);
}

/* What came meanwhile, and since the record was written, is not known. */
static void wait_on(const struct vr_ctx *x)
{
	struct vr_inst *me = x->inst;

	me->preempt_at_us = VR_NEVER;
	me->due_us = x->now_us;
	start_down_timer(x);
}

static void in_backup(const struct vr_ctx *x, const struct fsm_input *in)
{
	switch (in->type) {
	case FSM_SHUTDOWN:			/* Shutdown event */
		leave(x);
		break;
	case FSM_FAULT:
		become_unfit(x);
		break;
	case FSM_TIMER:				/* Active_Down_Timer fires */
		become_master(x, x->inst->timer_is_skew ? VR_CAUSE_PRIO_ZERO :
				 x->inst->heard_lower ? VR_CAUSE_PREEMPT : VR_CAUSE_DOWN_TIMER);
		break;
	case FSM_ADVERT:			/* an ADVERTISEMENT is received */
		backup_hears(x, in);
		break;
	case FSM_RESUME:
		wait_on(x);
		break;
	case FSM_LATE:
		wait_first(x);
		break;
	case FSM_STARTUP:
	case FSM_FIT:
	default:
		break;				/* it is running and fit already */
	}
}

/* ---- 6.4.3 Active (Master) ---- */

/* A last advert before we step down: a winner that never heard us, after a partition, would not
 * know that clients and switches must be told again where the address is. keepalived can do so
 * (higher_prio_send_advert), but does not by default. A winner of lower rank would take our
 * priority for a claim: he is told that we leave. */
static void yield(const struct vr_ctx *x, const struct fsm_input *in, enum vr_cause cause)
{
	trace_advert(x, VR_TR_CONFLICT, cause, in);
	set_sum(x, in);
	act_advert(x, cause == VR_CAUSE_STALLED ? VR_PRIO_STOP : x->inst->priority);
	follow(x, in);				/* Active_Adver_Interval from the advert */
	x->inst->preempt_at_us = VR_NEVER;
	set_state(x, VR_BACKUP, cause);
	kep_end(x);
	start_down_timer(x);
	dmp_notify(x);
}

/* An advert out of turn. Adver_Timer begins anew: two adverts are never further apart than an
 * interval, and what others send makes them no more than a tenth of one nearer (answer.h). */
static void speak_up(const struct vr_ctx *x)
{
	if (vr_is_deaf_owner(x->ic))
		return;
	act_advert(x, x->inst->priority);
	x->inst->timer_us = x->now_us + x->ic->adver_int_us;
}

/*
 * Neither higher nor tied: discard, and assert ourselves (RFC 9568 6.4.3). By RFC 3768 6.4.3 the
 * loser gets no answer; keepalived: it does in version 2, too, for so it learns at once that it has
 * lost. A burst gets one answer. Not in the RFCs: the addresses are announced again, for clients
 * and switches may have believed the loser; the owner of version 2 does so as well, who discards.
 */
static void assert_mastery(const struct vr_ctx *x, const struct fsm_input *in)
{
	struct vr_inst *me = x->inst;

	me->counters.lower_rx++;
	/* What was learnt may have been forged, and a rival that does not hear us may accept the
	 * usual checksum only: back to that. Never to the other one: that must be written. */
	if (riv_lower(x, &in->src) && !in->adv->plain_checksum)
		set_sum(x, in);
	if (!ans_may_advertise(x)) {
		ans_hold_back(x);
		return;
	}
	trace_once(x, VR_TR_LOWER, VR_CAUSE_LOWER_PRIO, in);
	speak_up(x);
	ans_announce(x);
	ans_tell_lower(x);
}

/* While we stood still he took over. nopreempt: ownership moves only when the owner is unfit or
 * silent, and that was we. Else the addresses are ours, once all that waits has been heard. */
static void hears_heir(const struct vr_ctx *x, const struct fsm_input *in)
{
	struct vr_inst *me = x->inst;
	int64_t soon_us = x->now_us + ans_tenth_us(x->ic);

	if (!x->ic->preempt) {
		yield(x, in, VR_CAUSE_STALLED);
		return;
	}
	me->counters.lower_rx++;
	me->heard_lower = true;
	if (soon_us < me->timer_us && !vr_is_deaf_owner(x->ic))
		me->timer_us = soon_us;
	trace_once(x, VR_TR_LOWER, VR_CAUSE_LOWER_PRIO, in);
}

/* A rival leaves: send an advert (6.4.3), for others have heard it, too, and would take over. It
 * was a rival, so announce as well. Not in the RFC: what comes in masses is not answered each, but
 * the last one is. */
static void outlast(const struct vr_ctx *x, const struct fsm_input *in)
{
	struct vr_inst *me = x->inst;

	trace_once(x, VR_TR_PRIO_ZERO, VR_CAUSE_NONE, in);
	if (me->listens)
		return;
	if (!ans_may_advertise(x)) {
		if (me->answers.advert_us < me->timer_us && !vr_is_deaf_owner(x->ic)) {
			me->timer_us = me->answers.advert_us;
			me->answers.owed = true;
		}
		ans_hold_back(x);
		return;
	}
	speak_up(x);
	ans_announce(x);
}

static void master_hears(const struct vr_ctx *x, const struct fsm_input *in)
{
	const struct vr_inst *me = x->inst;
	struct ip_addr own = trk_source(x->node, x->i);

	if (in->adv->priority == VR_PRIO_STOP) {
		outlast(x, in);
	} else if (in->adv->priority > me->priority) {	/* greater than the local one */
		yield(x, in, VR_CAUSE_HIGHER_PRIO);
	} else if (in->adv->priority == me->priority && ip_cmp(&in->src, &own) > 0) {
		yield(x, in, VR_CAUSE_HIGHER_ADDR);	/* equal, greater address; 8298: owners
							 * too (v3) */
	} else if (me->listens) {
		hears_heir(x, in);
	} else {
		assert_mastery(x, in);
	}
}

/* The next advert keeps its place in the rhythm, unless we are late by a whole interval. One that
 * was brought forward, to answer what came too soon, counts as an answer. */
static void advertise(const struct vr_ctx *x)
{
	struct vr_inst *me = x->inst;

	if (me->answers.owed)
		ans_may_advertise(x);
	me->answers.owed = false;
	act_advert(x, me->priority);
	me->timer_us += x->ic->adver_int_us;
	if (me->timer_us <= x->now_us)
		me->timer_us = x->now_us + x->ic->adver_int_us;
}

/* Nobody of a higher rank was heard. */
static void speak_again(const struct vr_ctx *x)
{
	struct vr_inst *me = x->inst;

	me->listens = false;
	act_advert(x, me->priority);
	me->timer_us = x->now_us + x->ic->adver_int_us;
	kep_say_again(x, VR_CAUSE_STALLED);
	if (me->heard_lower)
		ans_tell_lower(x);
}

/* When the last advert left is not known, only that the next one was due after SERVED_US. It is
 * sent at once: one too many costs nothing, one too few may cost the mastership. */
static void speak_on(const struct vr_ctx *x, const struct fsm_input *in)
{
	struct vr_inst *me = x->inst;
	int64_t spoke_us = in->served_us - x->ic->adver_int_us;

	me->missed_us = spoke_us + tim_patience_us(x->ic->version, x->ic->adver_int_us,
						   x->ic->down_timer_adverts);
	if (me->listens && me->timer_us >= in->served_us) {	/* it had not listened to the end */
		me->timer_us = x->now_us + x->ic->adver_int_us;
		return;
	}
	me->listens = false;
	me->timer_us = in->served_us;
	listen_first(x);
	if (!me->listens)
		advertise(x);
}

static void in_master(const struct vr_ctx *x, const struct fsm_input *in)
{
	switch (in->type) {
	case FSM_SHUTDOWN:			/* Shutdown event */
		leave(x);
		act_advert(x, VR_PRIO_STOP);
		kep_end(x);
		break;
	case FSM_FAULT:
		fall(x);
		break;
	case FSM_TIMER:				/* Adver_Timer fires */
		if (x->inst->listens)
			speak_again(x);
		else
			advertise(x);
		break;
	case FSM_ADVERT:			/* an ADVERTISEMENT is received */
		master_hears(x, in);
		break;
	case FSM_RESUME:
		speak_on(x, in);
		break;
	case FSM_LATE:
		listen_first(x);
		break;
	case FSM_STARTUP:
	case FSM_FIT:
	default:
		break;
	}
}

/* ---- FAULT: unfit, with named reasons ---- */

static void in_fault(const struct vr_ctx *x, const struct fsm_input *in)
{
	switch (in->type) {
	case FSM_SHUTDOWN:
		leave(x);
		break;
	case FSM_FIT:
		/* Not in the RFC: no peer can have missed it, so the addresses are still its. */
		if (x->inst->cut_off && x->now_us < x->inst->missed_us)
			become_master(x, VR_CAUSE_LINK_BACK);
		else
			begin(x, x->inst->untold ? VR_CAUSE_ANSWERED : VR_CAUSE_FIT);
		break;
	case FSM_STARTUP:
	case FSM_FAULT:
	case FSM_TIMER:
	case FSM_ADVERT:
	case FSM_RESUME:
	case FSM_LATE:
	default:
		break;				/* deaf and mute until fit */
	}
}

void fsm_step(const struct vr_ctx *x, const struct fsm_input *in)
{
	static void (*const states[VR_N_STATES])(const struct vr_ctx *,
						 const struct fsm_input *) = {
		[VR_INIT] = in_init, [VR_BACKUP] = in_backup, [VR_MASTER] = in_master,
		[VR_FAULT] = in_fault,
	};

	states[x->inst->state](x, in);
}
