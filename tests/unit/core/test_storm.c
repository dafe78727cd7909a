/*
 * Storms: random events on random configurations, reloads among them.
 *
 * After every step the promises of the core are checked from outside: room for the actions, legal
 * edges, tokens that lead back, addresses that go with the state. After the storm the node must be
 * as fit as one that was started afresh and told the same facts: no storm leaves anything stuck.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"

#define STORMS 250
#define EVENTS 300
#define RELOADS_MAX 8

/* What stands on the interfaces of the host, by what the actions did. */
struct held {
	const char *iface;
	struct ip_prefix prefix;
};

struct storm {
	struct rng *r;
	struct rig rigs[2];		/* the running one and the one before or after */
	struct rig *rig;
	struct rig_node n;
	uint8_t epoch;
	int64_t now_us;
	bool started;
	struct vr_ev_link link[RIG_IFACES];
	struct ip_addr primary[RIG_IFACES];
	struct held held[2 * RIG_INSTS * RIG_VIPS];
	size_t n_held;
	enum vr_state state[RIG_INSTS];	/* as the traces tell it */
};

/* ---- what must be true of every step ---- */

static size_t find_held(const struct storm *s, const char *iface, const struct ip_prefix *prefix)
{
	size_t i = 0;

	while (i < s->n_held && (strcmp(s->held[i].iface, iface) != 0 ||
				 s->held[i].prefix.len != prefix->len ||
				 !ip_equal(&s->held[i].prefix.addr, &prefix->addr)))
		i++;
	return i;
}

static void check_addr(struct storm *s, const struct vr_action *a)
{
	const struct vr_vip *vip = &a->conf->insts[a->inst].vips[a->addr.vip];
	const char *iface = a->conf->ifaces[vip->iface].name;
	bool add = a->type == VR_ACT_ADDR_ADD, token_add;
	uint16_t inst, index;

	ck_assert_uint_lt(a->addr.vip, a->conf->insts[a->inst].n_vips);
	if (a->conf == &s->rig->vr) {
		ck_assert(vr_token_look(s->n.node, a->addr.token, &inst, &index, &token_add));
		ck_assert_uint_eq(inst, a->inst);
		ck_assert_uint_eq(index, a->addr.vip);
		ck_assert_int_eq(token_add, add);
	} else {
		ck_assert(!vr_token_look(s->n.node, a->addr.token, &inst, &index, &token_add));
	}
	size_t i = find_held(s, iface, &vip->prefix);
	if (add && i == s->n_held)
		s->held[s->n_held++] = (struct held){ iface, vip->prefix };
	if (!add && i < s->n_held)
		s->held[i] = s->held[--s->n_held];
}

/* Each change begins where the one before ended. Those of the old configuration end in INIT. */
static void check_edge(struct storm *s, const struct vr_action *a)
{
	const struct vr_trace *t = &a->trace;

	if (t->kind != VR_TR_STATE)
		return;
	ck_assert_uint_lt(t->to, VR_N_STATES);
	if (a->conf != &s->rig->vr) {
		ck_assert_int_eq(t->to, VR_INIT);
		return;
	}
	ck_assert_int_eq(t->from, s->state[a->inst]);
	ck_assert_int_ne(t->from, t->to);
	s->state[a->inst] = t->to;
}

static void check_advert(const struct vr_action *a)
{
	uint8_t buf[PKT_MAX];

	ck_assert_uint_ne(a->advert.src.family, IP_NONE);
	ck_assert_uint_gt(vr_advert(a, buf, sizeof(buf)), 0);
	ck_assert_uint_eq(buf[2], a->advert.priority);
}

static void check_action(struct storm *s, const struct vr_action *a)
{
	ck_assert(a->conf == &s->rigs[0].vr || a->conf == &s->rigs[1].vr);
	ck_assert(a->inst < a->conf->n_insts || (a->inst == VR_NONE && a->type == VR_ACT_TRACE));
	switch (a->type) {
	case VR_ACT_ADVERT:
		check_advert(a);
		break;
	case VR_ACT_ADDR_ADD:
	case VR_ACT_ADDR_DEL:
		check_addr(s, a);
		break;
	case VR_ACT_ANNOUNCE:
		ck_assert_uint_gt(a->announce.repeat, 0);
		break;
	case VR_ACT_TRACE:
		ck_assert_uint_lt(a->trace.kind, VR_N_TRACES);
		check_edge(s, a);
		break;
	case VR_ACT_NOTIFY:
		ck_assert_uint_lt(a->notify.state, VR_N_STATES);
		break;
	case VR_ACT_ANNOUNCE_STOP:
		break;
	default:
		ck_abort_msg("action %d", a->type);
	}
}

static void check_inst(const struct storm *s, uint16_t i)
{
	const struct vr_inst_conf *ic = &s->rig->insts[i];
	struct vr_inst_view v = rig_look(&s->n, i);
	bool runs = v.state == VR_BACKUP || v.state == VR_MASTER;

	ck_assert_int_eq(v.state, s->state[i]);
	ck_assert_int_eq(v.state == VR_INIT, !s->started);
	ck_assert_int_eq(v.deadline_us != VR_NEVER, runs);
	if (s->started) {
		ck_assert_int_eq(v.faults != 0, v.state == VR_FAULT);
		ck_assert_uint_ge(v.effective_priority, 1);
	}
	for (uint16_t n = 0; n < ic->n_vips; n++) {
		const char *iface = s->rig->ifaces[ic->vips[n].iface].name;
		bool held = find_held(s, iface, &ic->vips[n].prefix) < s->n_held;

		ck_assert_int_eq(held, v.state == VR_MASTER);
	}
}

static void step(struct storm *s, struct vr_event event)
{
	rig_step(&s->n, s->now_us, event);
	for (size_t i = 0; i < s->n.actions.n; i++)
		check_action(s, &s->n.actions.v[i]);
	for (uint16_t i = 0; i < s->rig->vr.n_insts; i++)
		check_inst(s, i);
	if (event.type == VR_EV_WAKE)		/* or it would be woken for ever */
		ck_assert_int_gt(vr_deadline(s->n.node), s->now_us);
}

/* ---- the events ---- */

static void send_link(struct storm *s, uint16_t i)
{
	s->link[i].iface = i;
	step(s, (struct vr_event){ .type = VR_EV_LINK, .link = s->link[i] });
}

static void send_addr(struct storm *s, uint16_t i)
{
	step(s, (struct vr_event){
		.type = VR_EV_ADDR,
		.addr = { .iface = i, .family = IP_V4, .primary = s->primary[i] },
	});
}

static void ev_link(struct storm *s)
{
	uint16_t i = (uint16_t)rng_below(s->r, s->rig->vr.n_ifaces);

	s->link[i].exists = !rng_one_in(s->r, 6);
	s->link[i].up = s->link[i].exists && !rng_one_in(s->r, 6);
	s->link[i].rx_ready = s->link[i].exists && !rng_one_in(s->r, 6);
	send_link(s, i);
}

static void ev_addr(struct storm *s)
{
	uint16_t i = (uint16_t)rng_below(s->r, s->rig->vr.n_ifaces);
	const uint8_t b[4] = { 192, 0, 2, (uint8_t)(1 + rng_below(s->r, 3)) };

	s->primary[i] = ip_v4(b);
	if (rng_one_in(s->r, 5))
		s->primary[i].family = IP_NONE;
	send_addr(s, i);
}

static void ev_check(struct storm *s)
{
	bool good = !rng_one_in(s->r, 3);

	if (s->rig->vr.n_checks == 0)
		return;
	step(s, (struct vr_event){
		.type = VR_EV_CHECK,
		.check = { .check = (uint16_t)rng_below(s->r, s->rig->vr.n_checks),
			   .result = good ? VR_CHECK_GOOD : 2 + rng_below(s->r, 4),
			   .code = (int32_t)rng_below(s->r, 3) },
	});
}

/* Mostly one that somebody wants to hear, sometimes spoilt. */
static void ev_packet(struct storm *s)
{
	const uint8_t b[4] = { 192, 0, 2, (uint8_t)rng_below(s->r, 6) };
	struct ip_addr src = ip_v4(b);
	uint8_t bytes[RIG_PACKET_MAX], priority = (uint8_t)rng_next(s->r);

	if (s->rig->vr.n_insts == 0)
		return;
	struct vr_inst_conf ic = s->rig->insts[rng_below(s->r, s->rig->vr.n_insts)];
	if (rng_one_in(s->r, 4))
		priority = rng_one_in(s->r, 2) ? VR_PRIO_STOP : ic.priority;
	if (rng_one_in(s->r, 8))
		ic.n_advertised = 0;
	if (rng_one_in(s->r, 8))
		ic.adver_int_us = 2 * SECOND;
	size_t len = rig_advert(bytes, &ic, priority, &src);
	if (rng_one_in(s->r, 4))
		bytes[rng_below(s->r, (uint32_t)len)] ^= (uint8_t)(1 + rng_below(s->r, 255));
	if (rng_one_in(s->r, 8))
		len = rng_below(s->r, (uint32_t)len + 1);
	uint8_t *exact = malloc(len + 1);	/* so that ASan sees a read behind it */
	memcpy(exact, bytes, len);
	step(s, (struct vr_event){
		.type = VR_EV_PACKET,
		.packet = { .iface = ic.iface, .family = IP_V4, .data = exact, .len = len },
	});
	free(exact);
}

static void ev_done(struct storm *s)
{
	step(s, (struct vr_event){
		.type = VR_EV_DONE,
		.done = { .token = (uint32_t)s->epoch << 24 | rng_below(s->r, 64),
			  .error = rng_one_in(s->r, 2) ? 17 : 0 },
	});
}

static void ev_lost(struct storm *s)
{
	uint16_t i = (uint16_t)rng_below(s->r, RIG_INSTS);

	if (i < s->rig->vr.n_insts && s->rig->insts[i].n_vips)
		step(s, (struct vr_event){
			.type = rng_one_in(s->r, 2) ? VR_EV_LOST : VR_EV_WRONG,
			.lost = { .inst = i },
		});
}

static void ev_unsure(struct storm *s)
{
	uint16_t i = (uint16_t)rng_below(s->r, RIG_INSTS);

	if (i < s->rig->vr.n_insts && s->rig->insts[i].n_vips)
		step(s, (struct vr_event){ .type = VR_EV_UNSURE, .lost = { .inst = i } });
}

static void ev_claim(struct storm *s)
{
	uint16_t i = (uint16_t)rng_below(s->r, RIG_INSTS);

	if (i < s->rig->vr.n_insts && s->rig->insts[i].n_vips)
		step(s, (struct vr_event){ .type = VR_EV_RIVAL, .rival = { .inst = i } });
}

/* Another process goes on for this one, which had not served everything in time. */
static void ev_resume(struct storm *s)
{
	int64_t served_us = s->now_us;

	if (rng_one_in(s->r, 3))
		s->now_us += rng_below(s->r, 10000000);
	step(s, (struct vr_event){ .type = VR_EV_RESUME, .resume = { .served_us = served_us } });
	if (!rng_one_in(s->r, 8))
		step(s, (struct vr_event){ .type = VR_EV_ASSERT });
}

static void ev_wake(struct storm *s)
{
	int64_t next = vr_deadline(s->n.node);

	if (next != VR_NEVER && next > s->now_us)
		s->now_us = next;
	if (rng_one_in(s->r, 8))		/* late */
		s->now_us += rng_below(s->r, 100000000);
	step(s, (struct vr_event){ .type = VR_EV_WAKE });
}

static void ev_time(struct storm *s)
{
	s->now_us += rng_below(s->r, 3000000);
	if (vr_deadline(s->n.node) <= s->now_us)
		step(s, (struct vr_event){ .type = VR_EV_WAKE });
}

static void tell_facts(struct storm *s)
{
	for (uint16_t i = 0; i < s->rig->vr.n_ifaces; i++) {
		send_addr(s, i);
		send_link(s, i);
	}
}

static void ev_start(struct storm *s)
{
	if (s->started)
		return;
	s->started = true;
	step(s, (struct vr_event){ .type = VR_EV_START });
}

static void ev_stop(struct storm *s)
{
	if (!s->started || !rng_one_in(s->r, 20))
		return;
	s->started = false;
	step(s, (struct vr_event){ .type = VR_EV_STOP });
	ck_assert_uint_eq(s->n_held, 0);
	ck_assert_int_eq(vr_deadline(s->n.node), VR_NEVER);
}

/* ---- reloads ---- */

/* What is different in the new file: anything, or little. */
static void edit(struct storm *s, struct rig *to)
{
	rig_random(to, s->r);
	if (rng_one_in(s->r, 3))
		return;
	/* The same instances with a little changed; what they refer to must be there. */
	to->vr.n_insts = s->rig->vr.n_insts;
	to->vr.n_ifaces = s->rig->vr.n_ifaces;
	to->vr.n_checks = s->rig->vr.n_checks;
	memcpy(to->checks, s->rig->checks, sizeof(to->checks));
	memcpy(to->vips, s->rig->vips, sizeof(to->vips));
	memcpy(to->track_ifaces, s->rig->track_ifaces, sizeof(to->track_ifaces));
	memcpy(to->track_checks, s->rig->track_checks, sizeof(to->track_checks));
	for (uint16_t i = 0; i < to->vr.n_insts; i++) {
		struct vr_inst_conf *ic = &to->insts[i];

		*ic = s->rig->insts[i];
		ic->vips = to->vips[i];
		ic->track_ifaces = to->track_ifaces[i];
		ic->track_checks = to->track_checks[i];
		if (rng_one_in(s->r, 3))
			ic->priority = (uint8_t)(1 + rng_below(s->r, 255));
		if (ic->n_vips && rng_one_in(s->r, 3))
			ic->n_vips--;
		if (ic->n_advertised > ic->n_vips)
			ic->n_advertised = ic->n_vips;
	}
}

static bool same_inst(const struct rig *a, uint16_t i, const struct rig *b, uint16_t j)
{
	return a->insts[i].iface == b->insts[j].iface && a->insts[i].vrid == b->insts[j].vrid;
}

/* What is known of the states goes with interface and VRID. */
static void carry_states(struct storm *s, const struct rig *old)
{
	enum vr_state was[RIG_INSTS];

	memcpy(was, s->state, sizeof(was));
	memset(s->state, 0, sizeof(s->state));
	for (uint16_t i = 0; s->started && i < s->rig->vr.n_insts; i++)
		for (uint16_t j = 0; j < old->vr.n_insts; j++)
			if (same_inst(s->rig, i, old, j))
				s->state[i] = was[j];
}

static void ev_reload(struct storm *s)
{
	struct rig *old = s->rig;
	struct rig_node before = s->n;

	if (!rng_one_in(s->r, 6))
		return;
	s->rig = old == &s->rigs[0] ? &s->rigs[1] : &s->rigs[0];
	edit(s, s->rig);
	s->epoch = s->epoch == 255 ? 1 : s->epoch + 1;
	rig_node_new(&s->n, &s->rig->vr, s->epoch);
	free(s->n.actions.v);
	s->n.actions.max = vr_actions_max(&s->rig->vr, &old->vr);
	s->n.actions.v = malloc(s->n.actions.max * sizeof(*s->n.actions.v));
	for (uint16_t i = 0; i < s->rig->vr.n_ifaces; i++) {	/* facts first, without checks */
		s->link[i].iface = i;
		rig_step(&s->n, s->now_us, (struct vr_event){
			.type = VR_EV_ADDR,
			.addr = { .iface = i, .family = IP_V4, .primary = s->primary[i] },
		});
		rig_step(&s->n, s->now_us,
			 (struct vr_event){ .type = VR_EV_LINK, .link = s->link[i] });
	}
	carry_states(s, old);
	step(s, (struct vr_event){ .type = VR_EV_ADOPT, .adopt = before.node });
	rig_node_free(&before);
}

/* ---- the storm ---- */

static void (*const events[])(struct storm *) = {
	ev_link, ev_addr, ev_check, ev_check, ev_packet, ev_packet, ev_packet, ev_done, ev_lost,
	ev_unsure, ev_claim, ev_wake, ev_wake, ev_wake, ev_time, ev_start, ev_stop, ev_reload,
	ev_resume,
};

/* The verdicts of NODE, earned by a fresh one. */
static void tell_verdicts(const struct storm *s, struct rig_node *fresh)
{
	for (uint16_t c = 0; c < s->rig->vr.n_checks; c++) {
		struct vr_check_view v;

		vr_check_look(s->n.node, c, &v);
		for (uint32_t i = 0; v.known && i < s->rig->checks[c].rise; i++)
			rig_step(fresh, s->now_us, (struct vr_event){
				.type = VR_EV_CHECK,
				.check = { .check = c,
					   .result = v.good ? VR_CHECK_GOOD : VR_CHECK_EXIT },
			});
	}
}

static void compare(const struct storm *s, const struct rig_node *fresh)
{
	for (uint16_t i = 0; i < s->rig->vr.n_insts; i++) {
		struct vr_inst_view a = rig_look(&s->n, i), b = rig_look(fresh, i);
		bool runs = a.state == VR_BACKUP || a.state == VR_MASTER;

		ck_assert_uint_eq(a.effective_priority, b.effective_priority);
		/* A check that a reload brought is waited for by those only who start. */
		if (runs)
			b.faults &= ~(1u << VR_FAULT_CHECK_PENDING);
		ck_assert_uint_eq(a.faults, b.faults);
		ck_assert(ip_equal(&a.source, &b.source));
	}
}

static void as_if_afresh(struct storm *s)
{
	struct rig_node fresh;

	rig_node_new(&fresh, &s->rig->vr, 1);
	rig_step(&fresh, s->now_us, (struct vr_event){ .type = VR_EV_START });
	for (uint16_t i = 0; i < s->rig->vr.n_ifaces; i++) {
		s->link[i].iface = i;
		rig_step(&fresh, s->now_us,
			 (struct vr_event){ .type = VR_EV_LINK, .link = s->link[i] });
		rig_step(&fresh, s->now_us, (struct vr_event){
			.type = VR_EV_ADDR,
			.addr = { .iface = i, .family = IP_V4, .primary = s->primary[i] },
		});
	}
	tell_verdicts(s, &fresh);
	compare(s, &fresh);
	rig_node_free(&fresh);
}

static void one_storm(struct rng *r)
{
	struct storm s = { .r = r, .epoch = 1, .now_us = (int64_t)rng_below(r, 1000000) };

	s.rig = &s.rigs[0];
	rig_random(s.rig, r);
	rig_node_new(&s.n, &s.rig->vr, s.epoch);
	tell_facts(&s);
	for (int i = 0; i < EVENTS; i++)
		events[rng_below(r, sizeof(events) / sizeof(events[0]))](&s);
	if (s.started)
		as_if_afresh(&s);
	rig_node_free(&s.n);
}

START_TEST(no_storm_breaks_a_promise)
{
	struct rng r = rng_new();

	for (int i = 0; i < STORMS; i++)
		one_storm(&r);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("core/storm");
	TCase *t = tcase_create("storm");
	SRunner *r = srunner_create(s);

	tcase_add_test(t, no_storm_breaks_a_promise);
	tcase_set_timeout(t, 240);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
