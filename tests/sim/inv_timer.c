/*
 * Adverts, timers and changes of state: the RFC's tables once more, as an outside observer would
 * apply them.
 *
 * RFC 9568 section 6.4 (and RFC 3768 section 6.4 for version 2), with the habits that docs/ and
 * core/fsm.c declare: preempt_delay follows the lower master until it ends, a changed priority
 * moves a running Master_Down_Timer, a master that yields speaks once more, of two masters a backup
 * follows the one of higher rank until its next advert is overdue. Answers are at most ten an
 * interval, and ten a second; in the long run no more than 200 frames a second are announced for
 * them, and five seconds of that at once.
 */
#include <string.h>

#include "core/names.h"
#include "sim/inv.h"

#define ANSWER_PARTS 10
#define ANSWER_LEAST_US (100 * INV_MS)
#define CLAIM_US (100 * INV_MS)
#define QUIET_US (30 * INV_SECOND)	/* then a conflict is over */
#define FRAME_US (5 * INV_MS)
#define SAVED_US (5 * INV_SECOND)

/* ---- timers ---- */

/* Damped, it does not believe that another is faster than itself. */
static int64_t interval_us(const struct inv_seat *s)
{
	bool slower = s->damped && s->active_us < s->ic->adver_int_us;

	return slower ? s->ic->adver_int_us : s->active_us;
}

static int64_t skew_us(const struct inv_seat *s)
{
	int64_t of_us = s->ic->version == 2 ? INV_SECOND : interval_us(s);

	return (256 - s->priority) * of_us / 256;
}

int64_t inv_deadline(const struct inv_seat *s)
{
	int64_t end_us = s->from_us + s->ic->down_timer_adverts * interval_us(s) + skew_us(s);

	if (s->skew)
		return s->from_us + skew_us(s);
	return s->held_off && end_us < s->overdue_us ? s->overdue_us : end_us;
}

static void start_down_timer(struct inv_seat *s, int64_t now_us)
{
	s->from_us = now_us;
	s->skew = s->lower = s->waited = s->held_off = false;
}

/* ---- an advert arrives ---- */

struct heard {
	uint8_t version, vrid, priority;
	int64_t interval_us;
	struct ip_addr src;
	bool plain;
};

/* The sum of the message alone is right (RFC 9568 5.2.8), or only that with the addresses. */
bool inv_is_plain(const uint8_t *message, size_t len)
{
	uint32_t sum = pkt_sum(0, message, len);

	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff;
}

static bool parse(const struct vr_ev_packet *p, struct heard *h)
{
	size_t header = p->family == IP_V4 ? (size_t)(p->data[0] & 15) * 4 : 0;
	const uint8_t *b = p->data + header;

	if (p->len < header + 8)
		return false;
	h->version = b[0] >> 4;
	h->vrid = b[1];
	h->priority = b[2];
	h->interval_us = h->version == 2 ? b[5] * INV_SECOND :
			 ((b[4] & 15) << 8 | b[5]) * 10 * INV_MS;
	h->src = p->family == IP_V4 ? ip_v4(p->data + 12) : p->meta.src;
	h->plain = h->version == 3 && p->family == IP_V4 && inv_is_plain(b, p->len - header);
	return true;
}

/* preempt_delay begins with the first lower priority that is heard. One that is damped leaves a
 * lower master alone, too. */
static bool delays(struct inv_seat *s, int64_t now_us)
{
	if (s->damped)
		return true;
	if (s->ic->preempt_delay_us == 0)
		return false;
	if (s->preempt_us == VR_NEVER)
		s->preempt_us = now_us + s->ic->preempt_delay_us;
	return now_us < s->preempt_us;
}

/* While the followed master may still speak in time, nobody of a lower rank is followed. */
static bool outranked(const struct inv_seat *s, const struct heard *h, int64_t now_us)
{
	if (s->master.family == IP_NONE || now_us >= s->overdue_us ||
	    ip_equal(&s->master, &h->src))
		return false;
	return s->master_priority > h->priority ||
	       (s->master_priority == h->priority && ip_cmp(&s->master, &h->src) > 0);
}

static void learn_interval(struct inv_seat *s, const struct heard *h)
{
	if (s->ic->version != 3)
		return;
	s->active_us = h->interval_us;
	if (s->active_us > s->ic->max_follow_us)	/* max_advert_int: not in the RFC */
		s->active_us = s->ic->max_follow_us;
}

static void follow(struct inv_seat *s, const struct heard *h, int64_t now_us)
{
	s->master = h->src;
	s->master_priority = h->priority;
	s->plain = h->plain;
	s->unsure_sum = false;
	learn_interval(s, h);
	s->overdue_us = now_us + s->active_us * 5 / 4;
}

static void backup_hears(struct inv_seat *s, const struct heard *h, int64_t now_us)
{
	if (h->priority == VR_PRIO_STOP && s->damped)
		return;
	if (h->priority == VR_PRIO_STOP) {
		s->from_us = now_us;
		s->skew = true;
		s->waited = false;
		s->master = h->src;
		s->master_priority = 0;
		return;
	}
	s->heard_us = now_us;
	bool lower = h->priority < s->priority;
	if (!lower)
		s->preempt_us = VR_NEVER;
	if (lower && s->ic->preempt && !delays(s, now_us)) {
		s->lower = true;
		return;
	}
	start_down_timer(s, now_us);
	if (!outranked(s, h, now_us)) {
		follow(s, h, now_us);
		return;
	}
	learn_interval(s, h);
	s->held_off = s->ic->version == 3;
}

static bool answers(const struct inv_seat *s)
{
	return s->ic->garp_lower_prio && s->ic->garp_lower_prio_repeat;
}

static void spend(struct inv_seat *s, int64_t frames, int64_t now_us)
{
	if (s->paid_us < now_us)
		s->paid_us = now_us;
	s->paid_us += frames * FRAME_US;
}

static void must_announce(struct inv_seat *s, int64_t now_us)
{
	int64_t frames = (int64_t)s->ic->garp_lower_prio_repeat * s->ic->n_vips;

	s->held_us = VR_NEVER;
	if (!answers(s))
		return;
	if (now_us < s->paid_us - SAVED_US) {
		s->held_us = s->paid_us - SAVED_US;
		return;
	}
	s->must_announce = true;
	spend(s, s->ic->garp_lower_prio_delay_us ? 2 * frames : frames, now_us);
	if (s->ic->garp_lower_prio_delay_us)
		s->burst_us = now_us + s->ic->garp_lower_prio_delay_us;
}

static int64_t latest(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static struct inv_claim *claim_of(struct inv_seat *s, const struct ip_addr *addr)
{
	uint16_t v = 0;

	while (!ip_equal(&s->ic->vips[v].prefix.addr, addr))
		v++;
	return &s->claims[v];
}

/* Another host says that it has this address: announced once a second at most, and once more than
 * asked. What comes within CLAIM_US of the one before is not even looked at. */
void inv_claim(struct inv *c, size_t node, struct inv_seat *s, const struct ip_addr *addr)
{
	int64_t now_us = sim_node_now_us(c->sim, node);
	struct inv_claim *claim = claim_of(s, addr);

	if (s->state != VR_MASTER || now_us < claim->at_us + CLAIM_US)
		return;
	claim->at_us = now_us;
	if (s->listens)
		return;
	claim->world = sim_now_us(c->sim);
	if (!answers(s))
		return;
	claim->open = true;
	if (now_us >= s->defend_us && now_us >= s->paid_us - SAVED_US) {
		s->defend_us = now_us + INV_SECOND;
		claim->must = true;
		spend(s, s->ic->garp_lower_prio_repeat, now_us);
	}
	if (s->claimed_us == VR_NEVER)
		s->claimed_us = latest(s->defend_us, s->paid_us - SAVED_US);
}

void inv_forget_claims(struct inv_seat *s)
{
	s->owed = false;
	s->claimed_us = VR_NEVER;
	for (size_t v = 0; v < INV_VIPS; v++)
		s->claims[v].open = false;
}

static void must_announce_claimed(struct inv_seat *s, int64_t now_us)
{
	if (now_us < s->paid_us - SAVED_US) {
		s->claimed_us = s->paid_us - SAVED_US;
		return;
	}
	s->defend_us = now_us + INV_SECOND;
	s->claimed_us = VR_NEVER;
	for (uint16_t v = 0; v < s->ic->n_vips; v++) {
		s->claims[v].must |= s->claims[v].open && answers(s);
		if (s->claims[v].open && answers(s))
			spend(s, s->ic->garp_lower_prio_repeat, now_us);
		s->claims[v].open = false;
	}
}

static int64_t pace_us(const struct inv_seat *s)
{
	return latest(s->ic->adver_int_us / ANSWER_PARTS, ANSWER_LEAST_US);
}

/* An advert out of turn: when the next one may come. */
static void must_answer(struct inv_seat *s, int64_t now_us)
{
	s->must_answer = true;
	s->owed = false;
	s->assert_us = now_us + pace_us(s);
	must_announce(s, now_us);
}

/* What is held back counts as evidence as well, but for the last words of a master that is
 * preempted: he has long ceased to announce. */
static void evidence(struct inv *c, struct inv_seat *s, int64_t now_us)
{
	if (now_us < s->preempted_us + s->ic->adver_int_us / ANSWER_PARTS)
		return;
	s->evidence_world = sim_now_us(c->sim);
	if (now_us < s->assert_us && answers(s))
		s->held_us = latest(s->assert_us, s->paid_us - SAVED_US);
}

/* While it stood still he took over: by nopreempt the addresses are his, else it decides soon. */
static void hears_heir(struct inv_seat *s, const struct heard *h, int64_t now_us)
{
	int64_t soon_us = now_us + s->ic->adver_int_us / ANSWER_PARTS;

	s->heir = true;
	if (!s->ic->preempt) {
		s->must_yield = true;
		follow(s, h, now_us);
	} else if (soon_us < s->listen_us) {
		s->listen_us = soon_us;
	}
}

/* RFC 3768 7.1: the owner of version 2 discards. Who else has the addresses is a reason to announce
 * them all the same. */
bool inv_is_deaf(const struct inv_seat *s)
{
	return s->ic->version == 2 && s->ic->priority == VR_PRIO_OWNER;
}

static void hears_owner(struct inv_seat *s, int64_t now_us)
{
	if (s->listens)
		return;
	if (now_us - s->owner_last_us > QUIET_US)
		s->owner_us = now_us;
	s->owner_last_us = now_us;
}

static void owner_hears(struct inv *c, struct inv_seat *s, const struct heard *h, int64_t now_us)
{
	if (s->listens) {
		s->heir |= h->priority != VR_PRIO_STOP;
		return;
	}
	evidence(c, s, now_us);
	if (now_us < s->assert_us)
		return;
	s->assert_us = now_us + pace_us(s);
	must_announce(s, now_us);
}

/* A rival that goes on with the usual checksum may accept no other. */
static void loser_goes_on(struct inv_seat *s, const struct heard *h, int64_t now_us)
{
	if (!ip_equal(&s->loser, &h->src) || now_us - s->loser_last_us > 3 * s->ic->adver_int_us)
		s->loser_us = now_us;
	s->loser = h->src;
	s->loser_last_us = now_us;
	if (now_us - s->loser_us > 2 * s->ic->adver_int_us && !h->plain)
		s->plain = false;
}

static void master_hears(struct inv *c, struct inv_seat *s, const struct heard *h, int64_t now_us)
{
	if (inv_is_deaf(s)) {
		owner_hears(c, s, h, now_us);
		return;
	}
	if (h->priority == VR_PRIO_STOP && s->listens)
		return;
	if (h->priority == VR_PRIO_STOP) {
		evidence(c, s, now_us);
		if (now_us >= s->assert_us)
			must_answer(s, now_us);
		else
			s->answer_us = s->assert_us;
		s->owed |= s->answer_us < s->due_us;
		return;
	}
	s->heard_us = now_us;
	if (h->priority > s->priority ||
	    (h->priority == s->priority && ip_cmp(&h->src, &s->source) > 0)) {
		s->must_yield = true;
		follow(s, h, now_us);
		return;
	}
	if (s->listens) {
		hears_heir(s, h, now_us);
		return;
	}
	evidence(c, s, now_us);
	loser_goes_on(s, h, now_us);
	if (now_us < s->assert_us)
		return;
	must_answer(s, now_us);
}

void inv_packet(struct inv *c, const struct sim_input *in)
{
	int64_t now_us = sim_node_now_us(c->sim, in->node);
	struct heard h;
	struct inv_seat *s;

	if (!parse(in->packet, &h))
		return;
	s = inv_seat(c, in->node, h.vrid);
	if (!s || s->segment != in->segment || h.version != s->ic->version ||
	    ip_equal(&h.src, &s->source))
		return;
	if (h.version == 2 && h.interval_us != s->ic->adver_int_us)
		return;
	if (inv_is_deaf(s) && h.priority == VR_PRIO_OWNER) {
		hears_owner(s, now_us);
		return;
	}
	if (s->state == VR_BACKUP)
		backup_hears(s, &h, now_us);
	else if (s->state == VR_MASTER)
		master_hears(c, s, &h, now_us);
}

/* ---- late ---- */

/* Before a step: is it so late that a peer may have taken over? Then it must listen before it
 * speaks; a backup must not believe that nobody spoke. */
void inv_before(struct inv *c, size_t node, struct inv_seat *s)
{
	int64_t now_us = sim_node_now_us(c->sim, node);

	if (s->state == VR_MASTER && !s->listens && now_us >= s->sure_us &&
	    now_us - s->due_us >= s->ic->adver_int_us) {
		s->listens = true;
		s->heir = false;
		s->listen_us = now_us + s->ic->adver_int_us;
	}
	if (s->state == VR_BACKUP && !s->waited && now_us - inv_deadline(s) >= s->active_us) {
		s->waited = true;
		s->from_us += now_us - inv_deadline(s) + s->active_us;
	}
}

/* After it: it speaks again when it has listened, and not before. */
static void check_listening(struct inv *c, size_t node, struct inv_seat *s)
{
	int64_t now_us = sim_node_now_us(c->sim, node);

	if (!s->listens)
		return;
	s->burst_us = s->held_us = s->claimed_us = VR_NEVER;
	if (now_us < s->listen_us && (s->step.adverts || s->step.announces))
		inv_fail(c, "spoke-first", node, s, "it was late and must listen for %lld us more",
			 (long long)(s->listen_us - now_us));
	if (now_us < s->listen_us)
		return;
	s->listens = false;
	s->listened_world = sim_now_us(c->sim);
	s->assert_us = now_us + s->ic->adver_int_us / ANSWER_PARTS;
	s->defend_us = now_us;
	s->owner_last_us = INT64_MIN / 2;
	inv_forget_claims(s);
	s->burst_us = s->ic->garp_delay_us ? now_us + s->ic->garp_delay_us : VR_NEVER;
	if (!s->step.adverts)
		inv_fail(c, "no-advert", node, s, "it has listened, but says nothing");
	if (!s->step.announces && s->ic->garp_repeat && inv_places(c, node, s))
		inv_fail(c, "no-announcement", node, s, "it has listened, but announces nothing");
}

/* ---- a change of state ---- */

static void takes_over(struct inv *c, size_t node, struct inv_seat *s, const struct vr_trace *t)
{
	enum vr_cause cause = s->skew ? VR_CAUSE_PRIO_ZERO :
			      s->lower ? VR_CAUSE_PREEMPT : VR_CAUSE_DOWN_TIMER;

	if (t->cause == VR_CAUSE_DOWN_TIMER)
		inv_usurped(c, node, s);
	if (t->at_us < inv_deadline(s))
		inv_fail(c, "too-early", node, s, "it takes over %lld us before its time",
			 (long long)(inv_deadline(s) - t->at_us));
	if (t->cause != cause)
		inv_fail(c, "cause", node, s, "it says %s, but it is %s", nam_cause(t->cause),
			 nam_cause(cause));
	/* Ownership moves only when the owner is unfit (it says so) or silent. */
	if (!s->ic->preempt && !s->skew && s->heard_us != VR_NEVER &&
	    t->at_us - s->heard_us < s->ic->down_timer_adverts * s->active_us)
		inv_fail(c, "nopreempt", node, s, "it heard a master %lld us ago",
			 (long long)(t->at_us - s->heard_us));
}

/* ---- a short loss of link ---- */

/* Its own link carries nothing that it says. */
static bool is_unheard(const struct inv_seat *s)
{
	return !(s->faults & ~(1u << VR_FAULT_IF_MISSING | 1u << VR_FAULT_IF_DOWN |
					    1u << VR_FAULT_NO_SOURCE));
}

/* A peer of priority 255 that hears this advert and no other takes over then. */
void inv_said(struct inv_seat *s, const struct port_packet *p, int64_t now_us)
{
	int64_t adverts = s->ic->down_timer_adverts < 3 ? s->ic->down_timer_adverts : 3;
	int64_t int_us = p->data[0] >> 4 == 2 ? p->data[5] * INV_SECOND :
			 ((p->data[4] & 15) << 8 | p->data[5]) * 10 * INV_MS;

	s->heir_us = now_us + adverts * int_us +
		     (p->data[0] >> 4 == 2 ? INV_SECOND : int_us) / 256;
	s->sure_us = s->heir_us - int_us / 4;
}

static void falls(struct inv_seat *s, const struct vr_trace *t)
{
	int64_t down_us = s->ic->down_timer_adverts * s->active_us + skew_us(s);

	s->unheard = is_unheard(s);
	s->cut_off = s->state == VR_MASTER && s->unheard && !s->listens &&
		     !(s->link_back && t->at_us - s->master_since_us < down_us);
	s->fell_heir_us = s->heir_us;
	s->fell_sure_us = s->sure_us;
}

static void goes_on(struct inv *c, size_t node, const struct inv_seat *s, const struct vr_trace *t)
{
	if (s->vague)
		return;
	if (!s->cut_off || s->state != VR_FAULT)
		inv_fail(c, "not-cut-off", node, s, "it goes on, but not its link was lost");
	else if (t->at_us >= s->fell_heir_us)
		inv_fail(c, "too-late-to-go-on", node, s, "a peer may have taken over %lld us ago",
			 (long long)(t->at_us - s->fell_heir_us));
}

/* Each address is announced once, when the budget of answers allows it, and all later. */
static void takes_over_damped(struct inv_seat *s, int64_t now_us)
{
	s->may_wait = false;
	if (!s->damped || !s->ic->garp_repeat)
		return;
	s->may_wait = now_us < s->paid_us - SAVED_US;
	if (s->may_wait)
		s->burst_us = s->paid_us - SAVED_US;
	else
		spend(s, s->ic->n_vips, now_us);
}

static void enter_master(struct inv *c, size_t node, struct inv_seat *s, const struct vr_trace *t)
{
	s->link_back = t->cause == VR_CAUSE_LINK_BACK;
	s->master_since_us = t->at_us;
	if (s->link_back)
		goes_on(c, node, s, t);
	else if (s->state == VR_BACKUP)
		takes_over(c, node, s, t);
	else if (s->ic->priority != VR_PRIO_OWNER)
		inv_fail(c, "not-owner", node, s, "it becomes MASTER at once");
	inv_change(c, node, s, t);
	s->step.entered = true;
	s->active_us = s->ic->adver_int_us;
	s->assert_us = t->at_us;
	s->held_us = VR_NEVER;
	inv_forget_claims(s);
	s->defend_us = t->at_us;
	s->preempted_us = s->owner_last_us = INT64_MIN / 2;
	s->loser.family = IP_NONE;
	if (t->cause == VR_CAUSE_PREEMPT) {
		s->preempted_us = t->at_us;
		s->assert_us += s->ic->adver_int_us / ANSWER_PARTS;
	}
	s->burst_us = s->ic->garp_delay_us ? t->at_us + s->ic->garp_delay_us : VR_NEVER;
	takes_over_damped(s, t->at_us);
	s->evidence_world = sim_now_us(c->sim);
}

static void enter_backup(struct inv *c, size_t node, struct inv_seat *s, const struct vr_trace *t)
{
	if (s->state == VR_MASTER && !s->must_yield)
		inv_fail(c, "gave-up", node, s, "nobody of a higher rank was heard");
	if (s->state == VR_FAULT && s->cut_off && !s->vague && t->at_us < s->fell_sure_us)
		inv_fail(c, "not-gone-on", node, s, "its link was lost for a moment only");
	s->step.gave_way = s->state == VR_MASTER && t->cause == VR_CAUSE_STALLED;
	s->step.yielded = s->state == VR_MASTER && !s->step.gave_way;
	if (s->step.gave_way && (!s->listens || !s->heir || s->ic->preempt))
		inv_fail(c, "gave-way", node, s, "but it was not late, or nobody took over");
	if (s->state != VR_MASTER) {
		s->active_us = s->ic->adver_int_us;
		s->master.family = IP_NONE;
	}
	s->preempt_us = VR_NEVER;
	s->vague = false;
	start_down_timer(s, t->at_us);
}

void inv_state(struct inv *c, size_t node, struct inv_seat *s, const struct vr_trace *t)
{
	if (t->from != s->state)
		inv_fail(c, "untraced", node, s, "it leaves %s", nam_state(t->from));
	if (s->state == VR_INIT || s->state == VR_FAULT)
		s->priority = t->b;		/* it was derived while nobody asked */
	s->step.left |= s->state == VR_MASTER;
	if (t->to != VR_FAULT && t->to != VR_INIT && s->faults)
		inv_fail(c, "unfit", node, s, "it becomes %s", nam_state(t->to));
	if (t->to == VR_FAULT && !s->faults)
		inv_fail(c, "fit", node, s, "it becomes FAULT without a fault");
	if (t->to == VR_FAULT)
		falls(s, t);
	s->waits = t->to == VR_FAULT && t->waits;
	if (t->to != VR_MASTER)
		inv_change(c, node, s, t);
	if (t->to == VR_MASTER)
		enter_master(c, node, s, t);
	else if (t->to == VR_BACKUP)
		enter_backup(c, node, s, t);
	if (t->to == VR_INIT)
		s->faults = 0;
	s->listens = false;
	s->state = t->to;
	s->state_world = s->rank_world = sim_now_us(c->sim);
}

/* ---- after a step ---- */

static void check_backup(struct inv *c, const struct sim_input *in, const struct inv_seat *s,
			 const struct vr_inst_view *view)
{
	int64_t now_us = sim_node_now_us(c->sim, in->node);

	if (view->master_int_us != s->active_us)
		inv_fail(c, "interval", in->node, s, "it reckons with %lld us, not %lld",
			 (long long)view->master_int_us, (long long)s->active_us);
	if (view->deadline_us != inv_deadline(s))
		inv_fail(c, "down-timer", in->node, s, "it ends %lld us off",
			 (long long)(view->deadline_us - inv_deadline(s)));
	if (inv_deadline(s) <= now_us && in->type != SIM_IN_RESYNC)
		inv_fail(c, "too-late", in->node, s, "it should have taken over %lld us ago",
			 (long long)(now_us - inv_deadline(s)));
}

static void check_held_back(struct inv *c, size_t node, struct inv_seat *s)
{
	int64_t now_us = sim_node_now_us(c->sim, node), late_us = now_us - s->held_us;

	if (s->held_us <= now_us) {
		must_announce(s, now_us);
		if (s->must_announce && !s->step.announces && inv_places(c, node, s))
			inv_fail(c, "held-back", node, s, "what was held back is %lld us late",
				 (long long)late_us);
	}
	if (s->claimed_us <= now_us)
		must_announce_claimed(s, now_us);
	for (uint16_t v = 0; v < s->ic->n_vips; v++)
		if (s->claims[v].must && !(s->step.some & 1u << v) &&
		    eng_ifindex(sim_engine(c->sim, node), s->ic->vips[v].iface))
			inv_fail(c, "no-repeat", node, s, "address %u is claimed, not announced",
				 v);
}

/* The beginning of a re-read is a mere note: what is due may wait for what is told next. */
static void check_master(struct inv *c, const struct sim_input *in, struct inv_seat *s,
			 const struct vr_inst_view *view)
{
	int64_t now_us = sim_node_now_us(c->sim, in->node);

	if (in->type == SIM_IN_RESYNC &&
	    vr_deadline(eng_node(sim_engine(c->sim, in->node))) <= now_us)
		return;
	check_listening(c, in->node, s);
	if (s->owner_last_us == now_us && now_us - s->owner_us > 2 * s->ic->adver_int_us &&
	    !(view->rival.signs & 1u << VR_SIGN_REJECT &&
	      view->rival.reason == PKT_SECOND_OWNER))
		inv_fail(c, "second-owner", in->node, s, "another owner is heard, but not told");
	if (in->type == SIM_IN_RELOAD && !in->equal)
		s->sent_us = now_us;
	if (s->owed && s->step.adverts && s->due_us <= now_us) {
		s->owed = false;
		if (s->assert_us <= now_us)
			s->assert_us = now_us + pace_us(s);
	}
	s->due_us = view->deadline_us;
	if ((view->deadline_us > s->sent_us + s->ic->adver_int_us && !s->listens) ||
	    view->deadline_us <= now_us)
		inv_fail(c, "advert-late", in->node, s, "the last was %lld us ago, next in %lld us",
			 (long long)(now_us - s->sent_us), (long long)(view->deadline_us - now_us));
	/* A link that comes up gives the others time to speak before it announces: the client shows
	 * whether it did. */
	if (in->type == SIM_IN_LINK || in->type == SIM_IN_SYNCED)
		s->burst_us = VR_NEVER;
	if (in->type == SIM_IN_RELOAD && s->brought && s->ic->garp_delay_us)
		s->burst_us = now_us + s->ic->garp_delay_us;
	if (s->burst_us <= now_us && !s->step.announces && inv_places(c, in->node, s))
		inv_fail(c, "burst", in->node, s, "the second announcement is %lld us late",
			 (long long)(now_us - s->burst_us));
	check_held_back(c, in->node, s);
	if (view->deadline_us > s->answer_us)
		inv_fail(c, "no-answer", in->node, s, "after priority 0 it speaks %lld us late",
			 (long long)(view->deadline_us - s->answer_us));
	if (s->burst_us <= now_us)
		s->burst_us = VR_NEVER;
}

/* What was measured by another interval says nothing about the master: the timer may go on or,
 * with a new interval, begin again. */
static void reloaded(const struct inv *c, const struct sim_input *in, struct inv_seat *s,
		     const struct vr_inst_view *view)
{
	int64_t now_us = sim_node_now_us(c->sim, in->node), was_us = s->active_us;

	if (s->state == VR_MASTER || s->ic->version == 2)
		s->active_us = s->ic->adver_int_us;
	if (s->active_us > s->ic->max_follow_us)
		s->active_us = s->ic->max_follow_us;
	if (s->listen_us > now_us + s->ic->adver_int_us)
		s->listen_us = now_us + s->ic->adver_int_us;
	if (s->state != VR_BACKUP || s->was != VR_BACKUP || in->equal)
		return;
	if (s->active_us != was_us || view->deadline_us - (inv_deadline(s) - s->from_us) == now_us)
		s->from_us = now_us;
}

void inv_timers(struct inv *c, const struct sim_input *in, struct inv_seat *s)
{
	struct vr_inst_view view;

	vr_inst_look(eng_node(sim_engine(c->sim, in->node)), s->inst, &view);
	if (in->type == SIM_IN_RELOAD)
		reloaded(c, in, s, &view);
	if (s->state == VR_BACKUP)
		check_backup(c, in, s, &view);
	else if (s->state == VR_MASTER)
		check_master(c, in, s, &view);
}
