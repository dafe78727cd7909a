/*
 * A random schedule of what goes wrong.
 *
 * Most faults end after a while that is drawn evenly over the orders of magnitude, from a few
 * milliseconds (shorter than any timer) to a minute (longer than all of them). Some facts stay for
 * good: a host that is down, a link without carrier, a script that fails.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sim/plan.h"

#define MINUTE (60 * SCN_SECOND)
#define QUIET_END (2 * MINUTE)		/* how long before the end all must have ended */
#define STAYS_PERCENT 12
#define MORE_STREAM (1 << 20)		/* beyond those of the world */

struct lot {
	struct scenario *s;
	const struct plan *p;
	struct rng dice;
	int64_t quiet_us;
};

static bool chance(struct lot *l, int percent)
{
	return rng_below(&l->dice, 100) < percent;
}

/* Even over the orders of magnitude between LEAST and MOST. */
static int64_t spread(struct lot *l, int64_t least, int64_t most)
{
	int64_t low = least;

	while (low * 4 < most && rng_below(&l->dice, 5))
		low *= 4;
	return rng_between(&l->dice, low, low * 4 < most ? low * 4 : most);
}

static void at(struct lot *l, int64_t at_us, struct sim_deed deed)
{
	deed.at_us = at_us;
	if (at_us < l->quiet_us)
		scn_add(l->s, &deed);
}

static struct sim_deed deed(enum sim_deed_type type, uint8_t node, const char *name, int64_t a)
{
	struct sim_deed d = { .type = type, .node = node, .a = a };

	memcpy(d.name, name, strlen(name) + 1);
	return d;
}

/* A fault from NOW, and its end. */
static void passing(struct lot *l, int64_t now_us, struct sim_deed begin, struct sim_deed end)
{
	at(l, now_us, begin);
	at(l, now_us + spread(l, 5000, MINUTE), end);
}

/* The same, but sometimes it stays. */
static void lasting(struct lot *l, int64_t now_us, struct sim_deed begin, struct sim_deed end)
{
	at(l, now_us, begin);
	if (!chance(l, STAYS_PERCENT))
		at(l, now_us + spread(l, 5000, MINUTE), end);
}

static uint8_t any_node(struct lot *l)
{
	return rng_below(&l->dice, l->p->n_hosts);
}

static const char *any_iface(struct lot *l)
{
	return l->p->aux && chance(l, 40) ? "eth1" : "eth0";
}

static const char *any_segment(struct lot *l)
{
	return !l->p->aux ? "lan" : chance(l, 50) ? "lan" : chance(l, 50) ? "aux" : "*";
}

static int any_config(struct lot *l, uint8_t node)
{
	int n = 0;

	while (n < SCN_CONFIGS_MAX && l->s->hosts[node].configs[n])
		n++;
	return (int)rng_below(&l->dice, n);
}

/* ---- the kinds of fault ---- */

static void daemon_dies(struct lot *l, int64_t now_us)
{
	uint8_t node = any_node(l);
	enum sim_deed_type how = chance(l, 50) ? SIM_CRASH : SIM_STOP;

	lasting(l, now_us, deed(how, node, "", 0),
		deed(SIM_START, node, "", any_config(l, node)));
}

/* Mostly in milliseconds, as a spare takes; sometimes in longer than any peer waits. */
static int64_t away_us(struct lot *l)
{
	return chance(l, 75) ? spread(l, 200, 20000) : spread(l, 20000, 20 * SCN_SECOND);
}

static void engine_killed(struct lot *l, int64_t now_us)
{
	uint8_t node = chance(l, 30) ? SIM_ALL : any_node(l);

	for (int64_t n = chance(l, 60) ? 1 : rng_between(&l->dice, 2, 4); n > 0; n--) {
		at(l, now_us, deed(SIM_KILL, node, "", away_us(l)));
		now_us += spread(l, 100, 4 * SCN_SECOND);
	}
}

/* While something happens that makes it call its port. */
static void killed_within(struct lot *l, int64_t now_us)
{
	static const enum sim_deed_type reasons[] = {
		SIM_LINK_DOWN, SIM_LINK_UP, SIM_VIP_DELETE, SIM_RELOAD, SIM_ADDR_DELETE,
	};
	uint8_t node = any_node(l);
	enum sim_deed_type reason = reasons[rng_below(&l->dice, 5)];
	bool link = reason != SIM_RELOAD && reason != SIM_VIP_DELETE;
	struct sim_deed d = deed(SIM_KILL_WITHIN, node, "", away_us(l));

	d.b = rng_between(&l->dice, 1, 8);
	at(l, now_us, d);
	if (chance(l, 30))
		return;
	at(l, now_us, deed(reason, node, link ? any_iface(l) : "",
			   reason == SIM_RELOAD ? any_config(l, node) : -1));
	if (link && reason != SIM_LINK_UP)
		at(l, now_us + spread(l, 1000, SCN_SECOND),
		   deed(reason == SIM_LINK_DOWN ? SIM_LINK_UP : SIM_ADDR_ADD, node, "eth0", 0));
}

static void upgraded(struct lot *l, int64_t now_us)
{
	for (uint8_t h = 0; h < l->p->n_hosts; h++) {
		if (!chance(l, 70))
			continue;
		at(l, now_us, deed(SIM_UPGRADE, h, "", chance(l, 60) ? 0 : any_config(l, h)));
		now_us += spread(l, 1000, 10 * SCN_SECOND);
	}
}

static void reloads(struct lot *l, int64_t now_us)
{
	uint8_t node = any_node(l);

	at(l, now_us, deed(SIM_RELOAD, node, "", any_config(l, node)));
	if (chance(l, 50))
		at(l, now_us + spread(l, 100, 10 * SCN_SECOND),
		   deed(SIM_RELOAD, node, "", any_config(l, node)));
}

static void rolling_reload(struct lot *l, int64_t now_us)
{
	for (uint8_t h = 0; h < l->p->n_hosts; h++)
		at(l, now_us + h * spread(l, 1000, 20 * SCN_SECOND),
		   deed(SIM_RELOAD, h, "", any_config(l, h)));
}

static void stalls(struct lot *l, int64_t now_us)
{
	uint8_t node = any_node(l);

	passing(l, now_us, deed(chance(l, 60) ? SIM_PAUSE : SIM_FREEZE, node, "", 0),
		deed(SIM_RESUME, node, "", 0));
}

static void link_fails(struct lot *l, int64_t now_us)
{
	uint8_t node = any_node(l);
	const char *iface = any_iface(l);

	lasting(l, now_us, deed(SIM_LINK_DOWN, node, iface, 0), deed(SIM_LINK_UP, node, iface, 0));
}

static void link_flaps(struct lot *l, int64_t now_us)
{
	uint8_t node = any_node(l);
	const char *iface = any_iface(l);

	for (int64_t n = rng_between(&l->dice, 2, 8); n > 0; n--) {
		at(l, now_us, deed(SIM_LINK_DOWN, node, iface, 0));
		now_us += spread(l, 200, 2 * SCN_SECOND);
		at(l, now_us, deed(SIM_LINK_UP, node, iface, 0));
		now_us += spread(l, 200, 4 * SCN_SECOND);
	}
}

static void link_recreated(struct lot *l, int64_t now_us)
{
	uint8_t node = any_node(l);
	const char *iface = any_iface(l);
	int64_t addr_us = chance(l, 40) ? 0 : spread(l, 1000, 2 * SCN_SECOND);

	lasting(l, now_us, deed(SIM_LINK_DELETE, node, iface, 0),
		deed(SIM_LINK_CREATE, node, iface, addr_us));
}

static void address_goes(struct lot *l, int64_t now_us)
{
	uint8_t node = any_node(l);
	const char *iface = any_iface(l);

	lasting(l, now_us, deed(SIM_ADDR_DELETE, node, iface, 0),
		deed(SIM_ADDR_ADD, node, iface, 0));
}

static void vip_stolen(struct lot *l, int64_t now_us)
{
	uint8_t node = chance(l, 50) ? SIM_ALL : any_node(l);

	for (int64_t n = rng_between(&l->dice, 1, 4); n > 0; n--) {
		at(l, now_us, deed(SIM_VIP_DELETE, node, "", rng_between(&l->dice, -1, 2)));
		now_us += spread(l, 100, 3 * SCN_SECOND);
	}
}

static void path_fault(struct lot *l, int64_t now_us, struct sim_deed begin, struct sim_deed end)
{
	begin.peer = end.peer = chance(l, 40) ? SIM_ALL : any_node(l);
	passing(l, now_us, begin, end);
}

static void one_way_cut(struct lot *l, int64_t now_us)
{
	uint8_t node = any_node(l);
	const char *segment = any_segment(l);

	path_fault(l, now_us, deed(SIM_CUT, node, segment, 0),
		   deed(SIM_HEAL, node, segment, 0));
}

static void partition(struct lot *l, int64_t now_us)
{
	uint8_t node = any_node(l);
	const char *segment = any_segment(l);
	int64_t end_us = now_us + spread(l, 5000, MINUTE);
	struct sim_deed out = deed(SIM_CUT, node, segment, 0);
	struct sim_deed in = deed(SIM_CUT, SIM_ALL, segment, 0);

	out.peer = SIM_ALL;
	in.peer = node;
	at(l, now_us, out);
	at(l, now_us, in);
	out.type = in.type = SIM_HEAL;
	at(l, end_us, out);
	at(l, chance(l, 50) ? end_us : end_us + spread(l, 1000, 5 * SCN_SECOND), in);
}

static void bad_wire(struct lot *l, int64_t now_us)
{
	static const enum sim_deed_type kinds[] = { SIM_LOSS, SIM_DUPLICATE, SIM_REORDER };
	uint8_t node = chance(l, 50) ? SIM_ALL : any_node(l);
	enum sim_deed_type type = kinds[rng_below(&l->dice, 3)];
	const char *segment = any_segment(l);

	path_fault(l, now_us, deed(type, node, segment, spread(l, 10, 1000)),
		   deed(type, node, segment, 0));
}

static void slow_wire(struct lot *l, int64_t now_us)
{
	uint8_t node = chance(l, 50) ? SIM_ALL : any_node(l);
	const char *segment = any_segment(l);
	struct sim_deed begin = deed(SIM_DELAY, node, segment, spread(l, 500, SCN_SECOND / 2));
	struct sim_deed end = deed(SIM_DELAY, node, segment, 100);

	begin.b = spread(l, 100, SCN_SECOND / 4);
	end.b = 300;
	path_fault(l, now_us, begin, end);
}

static void kernel_refuses(struct lot *l, int64_t now_us)
{
	uint8_t node = any_node(l);
	struct sim_deed begin = deed(SIM_OPS_FAIL, node, "", chance(l, 50) ? 1000 : 300);

	begin.b = chance(l, 50) ? ENOBUFS : EPERM;
	passing(l, now_us, begin, deed(SIM_OPS_FAIL, node, "", 0));
}

static void kernel_slow(struct lot *l, int64_t now_us)
{
	uint8_t node = any_node(l);
	struct sim_deed begin = deed(SIM_OPS_FORGET, node, "", 500);

	begin.b = spread(l, 1000, 3 * SCN_SECOND);
	if (chance(l, 50))
		begin = deed(SIM_OPS_DELAY, node, "", spread(l, 1000, SCN_SECOND));
	passing(l, now_us, begin, deed(begin.type, node, "", 0));
}

static void sockets_fail(struct lot *l, int64_t now_us)
{
	uint8_t node = any_node(l);
	enum sim_deed_type type = chance(l, 50) ? SIM_JOIN_FAIL : SIM_SEND_FAIL;

	passing(l, now_us, deed(type, node, "", ENOBUFS), deed(type, node, "", 0));
	if (type == SIM_JOIN_FAIL)	/* it matters when the interface is made again */
		link_recreated(l, now_us + 1000);
}

static void notices_lost(struct lot *l, int64_t now_us)
{
	uint8_t node = any_node(l);
	int64_t end_us = now_us + spread(l, 5000, MINUTE / 6);

	at(l, now_us, deed(SIM_NOTICES_LOST, node, "", 0));
	at(l, now_us + spread(l, 100, SCN_SECOND), deed(SIM_VIP_DELETE, node, "", -1));
	if (chance(l, 60))
		at(l, now_us + spread(l, 100, SCN_SECOND),
		   deed(SIM_LINK_DELETE, node, any_iface(l), 0));
	if (chance(l, 80)) {
		at(l, now_us + 2 * SCN_SECOND, deed(SIM_LINK_CREATE, node, "eth0", 1000));
		at(l, now_us + 2 * SCN_SECOND, deed(SIM_LINK_CREATE, node, "eth1", 1000));
	}
	at(l, end_us, deed(SIM_NOTICES_BACK, node, "", 0));
	if (chance(l, 30))	/* while everything is read again */
		at(l, end_us + spread(l, 10, 3000),
		   deed(SIM_RELOAD, node, "", any_config(l, node)));
}

static void script_turns(struct lot *l, int64_t now_us)
{
	uint8_t node = any_node(l);
	const char *check = chance(l, 60) ? "chk_0" : "chk_1";
	struct sim_deed end = deed(SIM_SCRIPT, node, check, SIM_SCRIPT_GOOD);

	lasting(l, now_us, deed(SIM_SCRIPT, node, check,
				rng_between(&l->dice, SIM_SCRIPT_FAIL, SIM_SCRIPT_CANNOT)), end);
}

static void wakes_late(struct lot *l, int64_t now_us)
{
	uint8_t node = any_node(l);

	passing(l, now_us, deed(SIM_LAG, node, "", spread(l, 100, SCN_SECOND)),
		deed(SIM_LAG, node, "", 0));
}

/* ---- an attacker ---- */

/* How often, and how far apart: ten a second to a thousand; or for so long that a budget is
 * spent. */
static int64_t burst_gap_us(struct lot *l, int64_t *count)
{
	if (chance(l, 25)) {
		*count = rng_between(&l->dice, 100, 300);
		return 100000;
	}
	*count = rng_between(&l->dice, 1, chance(l, 30) ? 4 : 120);
	return spread(l, 1000, 100000);
}

/* What one packet can bring about: yielding, taking over, being answered. */
static void forges(struct lot *l, int64_t now_us)
{
	static const int intervals[] = { 0, 0, 1, 100, 4095 };
	static const int pairs[][2] = { { 255, 0 }, { 255, 255 }, { 0, 0 }, { 1, 1 }, { 1, 0 } };
	const int *pair = pairs[rng_below(&l->dice, 5)];
	uint8_t node = chance(l, 50) ? SIM_ALL : any_node(l);
	int vrid = l->p->insts[rng_below(&l->dice, l->p->n_insts)].vrid;
	int64_t count, gap_us = burst_gap_us(l, &count);
	struct sim_deed d = deed(SIM_FORGE, node, "", vrid);

	d.c = intervals[rng_below(&l->dice, 5)];
	for (int64_t n = 0; n < count; n++) {
		d.b = pair[n % 2];
		at(l, now_us + n * gap_us, d);
	}
}

static void claims(struct lot *l, int64_t now_us)
{
	uint8_t node = chance(l, 50) ? SIM_ALL : any_node(l);
	int64_t count, gap_us = burst_gap_us(l, &count), addr = rng_below(&l->dice, 3);
	bool one = chance(l, 50);

	for (int64_t n = 0; n < count; n++) {
		struct sim_deed d = deed(SIM_CLAIM, node, "", one ? addr : n % 3);

		d.b = l->p->insts[0].vrid;
		at(l, now_us + n * gap_us, d);
	}
}

/* By dice of its own: in a seed without one all is as it was. */
static void attack(struct lot *l)
{
	if (!chance(l, 35))
		return;
	for (int64_t n = rng_between(&l->dice, 1, 5); n > 0; n--) {
		int64_t now_us = rng_below(&l->dice, l->quiet_us);

		if (chance(l, 75))
			forges(l, now_us);
		else
			claims(l, now_us);
	}
}

static void (*const kinds[])(struct lot *, int64_t) = {
	daemon_dies, daemon_dies, engine_killed, engine_killed, killed_within, upgraded,
	reloads, reloads, rolling_reload, stalls, stalls, link_fails,
	link_fails, link_flaps, link_recreated, address_goes, vip_stolen, one_way_cut, partition,
	partition, bad_wire, bad_wire, slow_wire, kernel_refuses, kernel_slow, sockets_fail,
	notices_lost, script_turns, script_turns, script_turns, wakes_late,
};

/* By dice of its own, too. */
static void foreign_vips(struct lot *l)
{
	for (int64_t n = rng_between(&l->dice, 1, 4); n > 0; n--) {
		uint8_t node = any_node(l);
		struct sim_deed begin = deed(SIM_VIP_FOREIGN, node, "", rng_below(&l->dice, 3));

		begin.b = chance(l, 40);
		lasting(l, rng_below(&l->dice, l->quiet_us), begin,
			deed(SIM_VIP_FOREIGN_GONE, node, "", 0));
	}
}

/* ---- the whole ---- */

static void add_segment(struct scenario *s, const char *name)
{
	struct scn_segment *g = &s->segments[s->n_segments++];

	memcpy(g->name, name, strlen(name) + 1);
	g->delay_us = 100;
	g->jitter_us = 300;
}

static void add_iface(struct scn_host *h, const char *name, const char *segment, int number,
		      int host)
{
	struct scn_iface *i = &h->ifaces[h->n_ifaces++];

	memcpy(i->name, name, strlen(name) + 1);
	memcpy(i->segment, segment, strlen(segment) + 1);
	i->address.addr = ip_v4((uint8_t[]){ 10, number, 0, host + 1 });
	i->address.len = 24;
}

static void add_hosts(struct lot *l)
{
	for (int h = 0; h < l->p->n_hosts; h++) {
		struct scn_host *host = &l->s->hosts[l->s->n_hosts++];

		snprintf(host->name, sizeof(host->name), "n%d", h + 1);
		add_iface(host, "eth0", "lan", 0, h);
		if (l->p->aux)
			add_iface(host, "eth1", "aux", 1, h);
		host->configs[0] = pln_text(l->p, &l->p->hosts[h], h);
		for (int c = 1; c < SCN_CONFIGS_MAX; c++) {
			struct pln_host edited = l->p->hosts[h];

			pln_edit(l->p, &edited, &l->dice);
			host->configs[c] = pln_text(l->p, &edited, h);
		}
		at(l, rng_below(&l->dice, 3 * SCN_SECOND), deed(SIM_START, h, "", 0));
	}
}

void scn_random(struct scenario *s, uint64_t seed, int minutes)
{
	struct plan plan;
	struct lot l = { .s = s, .p = &plan, .dice = rng_of(seed, 0) };
	struct rng more = rng_of(seed, MORE_STREAM), sums = rng_of(seed, MORE_STREAM + 1);
	int64_t faults;

	memset(s, 0, sizeof(*s));
	pln_draw(&plan, &l.dice);
	pln_draw_more(&plan, &more);
	pln_draw_checksums(&plan, &sums);
	s->seed = seed;
	s->end_us = minutes * MINUTE;
	s->quiet_us = l.quiet_us = s->end_us - QUIET_END;
	add_segment(s, "lan");
	if (plan.aux)
		add_segment(s, "aux");
	add_hosts(&l);
	faults = spread(&l, 4, 250);
	for (int64_t f = 0, at_us = 0; f < faults; f++) {
		/* Troubles come in threes: some soon after, or in, another. */
		at_us = chance(&l, 35) ? at_us + spread(&l, 10, 3 * SCN_SECOND) :
			rng_below(&l.dice, l.quiet_us);
		kinds[rng_below(&l.dice, sizeof(kinds) / sizeof(kinds[0]))](&l, at_us);
	}
	l.dice = more;
	attack(&l);
	if (chance(&l, 20))
		foreign_vips(&l);
	scn_sort(s);
}
