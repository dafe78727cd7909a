/*
 * Saving and loading a node.
 *
 * Each thing that an instance remembers is one row of a list, in the same order on both sides. The
 * loading side believes nothing: whatever the core's arithmetic and its tables rely on is checked
 * here, because there is no other place between a damaged file and them.
 */
#include "core/save.h"

#include "core/inst.h"

#define TIME_LEAST (INT64_MIN / 2)		/* "long before the start", see node.c */
#define INTERVAL_MAX (INT64_C(1) << 32)		/* more than an hour */

/* ---- parts ---- */

static void spoil(struct cursor *from)
{
	from->bad = true;
	from->at = from->end;
}

void vr_save_addr(const struct ip_addr *a, struct outbuf *to)
{
	out_u8(to, a->family);
	out_bytes(to, a->b, ip_size(a));
}

struct ip_addr vr_load_addr(struct cursor *from)
{
	struct ip_addr a = { .family = cur_u8(from) };

	if (a.family != IP_NONE && ip_size(&a) == 0)
		spoil(from);
	else
		cur_bytes(from, a.b, ip_size(&a));
	if (!cur_ok(from))
		return (struct ip_addr){ .family = IP_NONE };
	return a;
}

uint64_t vr_load_max(struct cursor *from, uint64_t max)
{
	uint64_t v = cur_var(from);

	if (v <= max)
		return v;
	spoil(from);
	return 0;
}

static struct ip_addr load_addr_of(struct cursor *from, uint8_t family)
{
	struct ip_addr a = vr_load_addr(from);

	if (a.family != IP_NONE && a.family != family)
		spoil(from);
	return a;
}

/* Whether it ever comes, then its distance from now. */
static void save_time(int64_t at_us, int64_t now_us, struct outbuf *to)
{
	out_u8(to, at_us != VR_NEVER);
	if (at_us != VR_NEVER)
		out_svar(to, at_us - now_us);
}

static int64_t load_time(struct cursor *from, int64_t now_us, bool may_be_never)
{
	bool given = vr_load_max(from, 1);
	int64_t distance = given ? cur_svar(from) : 0;

	if (!given && may_be_never)
		return VR_NEVER;
	/* NOW_US is at most VR_TIME_MAX, so neither sum can overflow. */
	if (!given || distance < TIME_LEAST - now_us || distance > 2 * VR_TIME_MAX - now_us) {
		spoil(from);
		return 0;
	}
	return now_us + distance;
}

/* ---- counters ---- */

static void save_counts(const uint64_t *v, size_t n, struct outbuf *to)
{
	for (size_t i = 0; i < n; i++)
		out_var(to, v[i]);
}

static void load_counts(uint64_t *v, size_t n, struct cursor *from)
{
	for (size_t i = 0; i < n; i++)
		v[i] = cur_var(from);
}

static void save_counters(const struct vr_counters *c, struct outbuf *to)
{
	const uint64_t v[] = {
		c->rx, c->tx, c->become_master, c->release_master, c->prio_zero_rx,
		c->prio_zero_tx, c->vips_differ, c->lower_rx, c->dampings,
	};

	save_counts(v, sizeof(v) / sizeof(v[0]), to);
	save_counts(c->rejects, PKT_N_REJECTS, to);
}

static void load_counters(struct vr_counters *c, struct cursor *from)
{
	uint64_t v[9];

	load_counts(v, sizeof(v) / sizeof(v[0]), from);
	*c = (struct vr_counters){
		.rx = v[0], .tx = v[1], .become_master = v[2], .release_master = v[3],
		.prio_zero_rx = v[4], .prio_zero_tx = v[5], .vips_differ = v[6], .lower_rx = v[7],
		.dampings = v[8],
	};
	load_counts(c->rejects, PKT_N_REJECTS, from);
}

/* ---- facts ---- */

static void save_iface(const struct vr_iface *i, struct outbuf *to)
{
	out_u8(to, (uint8_t)(i->exists | i->up << 1 | i->rx_ready << 2));
	vr_save_addr(&i->primary4, to);
	vr_save_addr(&i->primary6, to);
}

static void load_iface(struct vr_iface *i, struct cursor *from)
{
	uint64_t flags = vr_load_max(from, 7);

	i->exists = flags & 1;
	i->up = flags & 2;
	i->rx_ready = flags & 4;
	i->primary4 = load_addr_of(from, IP_V4);
	i->primary6 = load_addr_of(from, IP_V6);
}

static void save_check(const struct vr_check *c, struct outbuf *to)
{
	out_u8(to, (uint8_t)(c->known | c->good << 1));
	out_var(to, c->run);
	out_var(to, c->result);
	out_svar(to, c->code);
}

static void load_check(struct vr_check *c, struct cursor *from)
{
	uint64_t flags = vr_load_max(from, 3);

	c->known = flags & 1;
	c->good = flags & 2;
	c->run = (uint32_t)vr_load_max(from, UINT32_MAX);
	c->result = (enum vr_check_result)vr_load_max(from, VR_N_CHECK_RESULTS - 1);
	c->code = (int32_t)cur_svar(from);
}

/* ---- rivals ---- */

static void save_rival(const struct vr_rival *r, int64_t now_us, struct outbuf *to)
{
	out_u8(to, r->signs);
	vr_save_addr(&r->source, to);
	vr_save_addr(&r->claims, to);
	vr_save_addr(&r->rejected, to);
	out_var(to, r->reason);
	out_bytes(to, r->mac, VR_MAC_LEN);
	save_time(r->since_us, now_us, to);
	save_time(r->last_us, now_us, to);
}

static struct vr_rival load_rival(struct cursor *from, int64_t now_us)
{
	struct vr_rival r = { .signs = (uint8_t)vr_load_max(from, (1u << VR_N_SIGNS) - 1) };

	r.source = vr_load_addr(from);
	r.claims = vr_load_addr(from);
	r.rejected = vr_load_addr(from);
	r.reason = (enum pkt_reject)vr_load_max(from, PKT_N_REJECTS - 1);
	cur_bytes(from, r.mac, VR_MAC_LEN);
	r.since_us = load_time(from, now_us, false);
	r.last_us = load_time(from, now_us, false);
	return r;
}

/* ---- answers ---- */

static void save_answers(const struct ans_state *a, int64_t now_us, struct outbuf *to)
{
	out_u8(to, a->owed);
	save_time(a->advert_us, now_us, to);
	save_time(a->paid_us, now_us, to);
	save_time(a->held_us, now_us, to);
	save_time(a->claim_us, now_us, to);
	save_time(a->claimed_us, now_us, to);
	save_time(a->script_us, now_us, to);
}

static struct ans_state load_answers(struct cursor *from, int64_t now_us)
{
	struct ans_state a = { .owed = vr_load_max(from, 1) };

	a.advert_us = load_time(from, now_us, false);
	a.paid_us = load_time(from, now_us, false);
	a.held_us = load_time(from, now_us, true);
	a.claim_us = load_time(from, now_us, false);
	a.claimed_us = load_time(from, now_us, true);
	a.script_us = load_time(from, now_us, false);
	return a;
}

/* ---- damping ---- */

static void save_damping(const struct vr_damping *d, int64_t now_us, struct outbuf *to)
{
	out_u8(to, (uint8_t)(d->on | d->hushed << 1));
	save_time(d->since_us, now_us, to);
	save_time(d->until_us, now_us, to);
	save_time(d->tell_us, now_us, to);
	out_var(to, d->changes);
	out_var(to, d->unsaid);
}

/* Whatever is written, it ends. */
static struct vr_damping load_damping(struct cursor *from, int64_t now_us)
{
	uint64_t flags = vr_load_max(from, 3);
	struct vr_damping d = { .on = flags & 1, .hushed = flags == 3 };

	d.since_us = load_time(from, now_us, false);
	d.until_us = load_time(from, now_us, false);
	d.tell_us = load_time(from, now_us, false);
	d.changes = (uint32_t)vr_load_max(from, UINT32_MAX);
	d.unsaid = (uint32_t)vr_load_max(from, UINT32_MAX);
	return d;
}

/* ---- instances ---- */

static void save_inst(const struct vr_inst *in, int64_t now_us, struct outbuf *to)
{
	out_var(to, in->state);
	out_var(to, in->cause);
	out_var(to, (uint64_t)(in->timer_is_skew | in->heard_lower << 1 | in->untold << 2 |
			     in->cut_off << 3 | in->listens << 4 | in->waited << 5 |
			     in->lesser << 6 | in->plain_sum << 7));
	save_time(in->since_us, now_us, to);
	save_time(in->timer_us, now_us, to);
	save_time(in->timer_from_us, now_us, to);
	save_time(in->preempt_at_us, now_us, to);
	save_time(in->burst_us, now_us, to);
	save_time(in->refresh_us, now_us, to);
	save_time(in->repair_us, now_us, to);
	save_time(in->repaired_us, now_us, to);
	save_time(in->budget_us, now_us, to);
	save_time(in->taken_us, now_us, to);
	save_time(in->retry_us, now_us, to);
	save_answers(&in->answers, now_us, to);
	save_damping(&in->damping, now_us, to);
	save_time(in->missed_us, now_us, to);
	save_rival(&in->rival, now_us, to);
	save_time(in->quiet_us, now_us, to);
	save_time(in->lower_us, now_us, to);
	save_time(in->lower_last_us, now_us, to);
	save_time(in->refused_us, now_us, to);
	save_time(in->refused_last_us, now_us, to);
	save_time(in->due_us, now_us, to);
	save_time(in->last_rx_us, now_us, to);
	out_var(to, in->burst_repeat);
	out_var(to, (uint64_t)in->active_int_us);
	out_u8(to, in->priority);
	out_var(to, in->faults);
	out_var(to, in->told);
	out_var(to, in->told_rejects);
	vr_save_addr(&in->master, to);
	out_u8(to, in->master_priority);
	save_counters(&in->counters, to);
}

/* How it stands; vip_base is the configuration's. set_state() is for changes: this is none. */
static struct vr_inst load_inst(uint32_t vip_base, int64_t now_us, struct cursor *from)
{
	enum vr_state state = (enum vr_state)vr_load_max(from, VR_N_STATES - 1);
	enum vr_cause cause = (enum vr_cause)vr_load_max(from, VR_N_CAUSES - 1);
	uint64_t flags = vr_load_max(from, 255);
	struct vr_inst in = {
		.state = state, .cause = cause, .timer_is_skew = flags & 1,
		.heard_lower = flags & 2, .untold = flags & 4, .cut_off = flags & 8,
		.listens = flags & 16, .waited = flags & 32, .lesser = flags & 64,
		.plain_sum = flags & 128, .vip_base = vip_base,
	};

	in.since_us = load_time(from, now_us, false);
	in.timer_us = load_time(from, now_us, true);
	in.timer_from_us = load_time(from, now_us, false);
	in.preempt_at_us = load_time(from, now_us, true);
	in.burst_us = load_time(from, now_us, true);
	in.refresh_us = load_time(from, now_us, true);
	in.repair_us = load_time(from, now_us, true);
	in.repaired_us = load_time(from, now_us, false);
	in.budget_us = load_time(from, now_us, false);
	in.taken_us = load_time(from, now_us, true);
	in.retry_us = load_time(from, now_us, true);
	in.answers = load_answers(from, now_us);
	in.damping = load_damping(from, now_us);
	in.missed_us = load_time(from, now_us, false);
	in.rival = load_rival(from, now_us);
	in.quiet_us = load_time(from, now_us, true);
	in.lower_us = load_time(from, now_us, false);
	in.lower_last_us = load_time(from, now_us, false);
	in.refused_us = load_time(from, now_us, false);
	in.refused_last_us = load_time(from, now_us, false);
	in.due_us = load_time(from, now_us, false);
	in.last_rx_us = load_time(from, now_us, true);
	in.burst_repeat = (uint32_t)vr_load_max(from, UINT32_MAX);
	in.active_int_us = (int64_t)vr_load_max(from, INTERVAL_MAX);
	in.priority = cur_u8(from);
	in.faults = (uint32_t)vr_load_max(from, (1u << VR_N_FAULTS) - 1);
	in.told = (uint32_t)vr_load_max(from, (1u << VR_N_TRACES) - 1);
	in.told_rejects = (uint32_t)vr_load_max(from, (1u << PKT_N_REJECTS) - 1);
	in.master = vr_load_addr(from);
	in.master_priority = cur_u8(from);
	load_counters(&in.counters, from);
	return in;
}

/* ---- addresses ---- */

static size_t n_vips(const struct vr_config *conf)
{
	size_t n = 0;

	for (uint16_t i = 0; i < conf->n_insts; i++)
		n += conf->insts[i].n_vips;
	return n;
}

/* Eight in an octet. */
static void save_flags(const bool *v, size_t n, struct outbuf *to)
{
	for (size_t at = 0; at < n; at += 8) {
		uint8_t octet = 0;

		for (size_t i = at; i < n && i < at + 8; i++)
			octet = (uint8_t)(octet | v[i] << (i - at));
		out_u8(to, octet);
	}
}

static void load_flags(bool *v, size_t n, struct cursor *from)
{
	for (size_t at = 0; at < n; at += 8) {
		uint8_t octet = cur_u8(from);

		for (size_t i = at; i < n && i < at + 8; i++)
			v[i] = octet >> (i - at) & 1;
	}
}

/* ---- the node ---- */

void vr_save(const struct vr_node *node, struct outbuf *to)
{
	const struct vr_config *conf = node->conf;

	out_u8(to, node->started);
	out_var(to, (uint64_t)node->now_us);
	save_counts(node->rejects, PKT_N_REJECTS, to);
	for (uint16_t i = 0; i < conf->n_ifaces; i++)
		save_iface(&node->ifaces[i], to);
	for (uint16_t i = 0; i < conf->n_checks; i++)
		save_check(&node->checks[i], to);
	for (uint16_t i = 0; i < conf->n_insts; i++)
		save_inst(&node->insts[i], node->now_us, to);
	save_flags(node->refused, n_vips(conf), to);
	save_flags(node->lost, n_vips(conf), to);
	save_flags(node->claimed, n_vips(conf), to);
	save_flags(node->foreign, n_vips(conf), to);
}

bool vr_load(struct vr_node *node, struct cursor *from, int64_t latest_us)
{
	const struct vr_config *conf = node->conf;

	node->started = vr_load_max(from, 1);
	node->now_us = (int64_t)vr_load_max(from, (uint64_t)latest_us);
	load_counts(node->rejects, PKT_N_REJECTS, from);
	for (uint16_t i = 0; i < conf->n_ifaces; i++)
		load_iface(&node->ifaces[i], from);
	for (uint16_t i = 0; i < conf->n_checks; i++)
		load_check(&node->checks[i], from);
	for (uint16_t i = 0; i < conf->n_insts; i++)
		node->insts[i] = load_inst(node->insts[i].vip_base, node->now_us, from);
	load_flags(node->refused, n_vips(conf), from);
	load_flags(node->lost, n_vips(conf), from);
	load_flags(node->claimed, n_vips(conf), from);
	load_flags(node->foreign, n_vips(conf), from);
	return cur_ok(from);
}
