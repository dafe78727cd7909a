/*
 * Who is master: two that hear each other, none, or the right one.
 *
 * The bound for two masters: of two, the one of lower rank must step down at the next advert of the
 * other, and that comes at least every advertisement interval of the sender (RFC 9568 6.4.3). So
 * two masters last no longer than that interval and what the wire and a late wake-up add. The bound
 * for none is Master_Down_Interval after the last advert; inv_timer.c knows that moment exactly,
 * for each backup by itself. When everything has ended, what can still be running adds up in
 * inv_settle_us().
 */
#include <string.h>

#include "sim/inv.h"

#define SLACK (10 * INV_MS)		/* notices and answers on their way */

/* ---- two masters ---- */

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

bool inv_heard_by(const struct inv *c, size_t w, const struct inv_seat *ws, size_t l)
{
	const struct inv_node *wn = &c->nodes[w], *ln = &c->nodes[l];
	const struct vr_config *conf = vr_node_conf(eng_node(sim_engine(c->sim, w)));
	const char *iface = conf->ifaces[ws->ic->iface].name;

	if (sim_paused(c->sim, w) || sim_paused(c->sim, l) || wn->mute || wn->deaf || ln->deaf ||
	    sim_leaving(c->sim, w) || sim_leaving(c->sim, l))
		return false;
	return sim_iface_up(c->sim, w, iface) && sim_iface_up(c->sim, l, iface) &&
	       sim_path_clean(c->sim, ws->segment, w, l);
}

/* RFC 3768 7.1: two owners of version 2 do not hear each other, and stay. */
static bool never_decide(const struct inv_seat *a, const struct inv_seat *b)
{
	return inv_is_deaf(a) && inv_is_deaf(b);
}

static void check_pair(struct inv *c, size_t w, const struct inv_seat *ws, size_t l,
		       const struct inv_seat *ls)
{
	int64_t since = later(ws->rank_world, ls->rank_world);
	int64_t bound_us = ws->ic->adver_int_us + SLACK + sim_lag_us(c->sim, w) +
			   sim_path_delay_us(c->sim, ws->segment, w, l);

	if (!inv_heard_by(c, w, ws, l) || ws->listens)
		return;
	since = later(since, ws->listened_world);
	since = later(since, later(ws->state_world, ls->state_world));
	since = later(since, later(c->nodes[w].touched_world, c->nodes[l].touched_world));
	since = later(since, later(c->nodes[w].resumed_world, c->nodes[l].resumed_world));
	since = later(since, c->path_world[ws->segment][w][l]);
	since = later(since, sim_path_clear_us(c->sim, ws->segment, w, l));
	if (sim_now_us(c->sim) - since > bound_us)
		inv_fail(c, "two-masters", l, ls, "%s is master too, for %lld us",
			 sim_node_name(c->sim, w), (long long)(sim_now_us(c->sim) - since));
}

void inv_rivals(struct inv *c, size_t node, const struct inv_seat *s)
{
	for (size_t other = 0; other < sim_n_nodes(c->sim); other++) {
		const struct inv_seat *o = other == node ? NULL : inv_seat(c, other, s->vrid);

		if (!o || !o->ic || o->state != VR_MASTER || o->ic->version != s->ic->version ||
		    never_decide(o, s))
			continue;
		if (inv_rank_above(o, s))
			check_pair(c, other, o, node, s);
		else
			check_pair(c, node, s, other, o);
	}
}

/* ---- settled ---- */

static int64_t check_settle_us(const struct cfg_check *c, const struct vr_check_conf *vc)
{
	int64_t turns = 2 + (vc->rise > vc->fall ? vc->rise : vc->fall);
	int64_t run_us = c->timeout_us + 2 * INV_SECOND;	/* TERM, then KILL */

	/* A run that outlasts its interval lets the next one fall out. */
	return turns * (run_us > c->interval_us ? run_us + c->interval_us : c->interval_us);
}

static int64_t longest_interval_us(const struct inv *c)
{
	int64_t us = 0;

	for (size_t i = 0; i < sim_n_nodes(c->sim); i++)	/* the dead have no configuration */
		for (size_t k = 0; sim_engine(c->sim, i) && k < c->nodes[i].n; k++)
			us = later(us, later(c->nodes[i].seats[k].ic->adver_int_us,
					     c->nodes[i].seats[k].active_us));
	return us;
}

static void settle_of(const struct inv *c, size_t node, int64_t *checks_us, int64_t *inst_us)
{
	int64_t longest_us = longest_interval_us(c);
	const struct cfg *cfg = eng_cfg(sim_engine(c->sim, node));

	for (uint16_t i = 0; i < cfg->vr.n_checks; i++)
		*checks_us = later(*checks_us,
				   check_settle_us(&cfg->checks[i], &cfg->vr.checks[i]));
	for (uint16_t i = 0; i < cfg->vr.n_insts; i++) {
		const struct vr_inst_conf *ic = &cfg->vr.insts[i];
		int64_t down_us = (ic->down_timer_adverts + 1) * longest_us + INV_SECOND;

		*inst_us = later(*inst_us, 2 * down_us + ic->preempt_delay_us + ic->garp_delay_us +
				 ic->garp_lower_prio_delay_us);
	}
}

/* Checks first reach their verdicts, a socket or an address is tried again within a second or
 * so, an old answer comes; then the election: an old master's Master_Down_Timer (by the longest
 * interval of any), preempt_delay, the winner's own timer; then its announcements. */
int64_t inv_settle_us(const struct inv *c)
{
	int64_t checks_us = 0, inst_us = 0;

	for (size_t i = 0; i < sim_n_nodes(c->sim); i++)
		if (sim_engine(c->sim, i))
			settle_of(c, i, &checks_us, &inst_us);
	return 6 * INV_SECOND + checks_us + inst_us + inv_damped_us(c);
}

/* Takes part: runs, is fit, and its link is up. */
static bool eligible(const struct inv *c, size_t node, const struct inv_seat *s)
{
	const struct vr_config *conf;

	if (!s || !s->ic || !sim_started(c->sim, node) || sim_leaving(c->sim, node))
		return false;
	conf = vr_node_conf(eng_node(sim_engine(c->sim, node)));
	return s->faults == 0 && sim_iface_up(c->sim, node, conf->ifaces[s->ic->iface].name);
}

/* Whom else a client may look for: one that dont_track_primary keeps master without a link, but
 * that has the address on another; or one of whom the master has heard nothing since it
 * announced (it died, or was cut off, before it could say that it yields): no advert, and no claim
 * of this address. */
static bool excused(struct inv *c, const struct inv_seat *s, int believed, int segment, uint16_t v)
{
	const struct ip_addr *addr = &s->ic->vips[v].prefix.addr;
	int64_t evidence_world = later(s->evidence_world, s->claims[v].world);
	const struct inv_seat *rival = believed < 0 ? NULL : inv_seat(c, (size_t)believed, s->vrid);

	if (rival && rival->state == VR_MASTER)
		return true;
	for (size_t i = 0; i < c->n_clients; i++) {
		if (c->clients[i].segment != segment || !ip_equal(&c->clients[i].addr, addr) ||
		    c->clients[i].world < evidence_world)
			continue;
		c->stale++;
		return true;
	}
	return false;
}

/* What clients on the VIP's segment believe. */
static void check_clients(struct inv *c, size_t node, const struct inv_seat *s)
{
	const struct vr_config *conf = vr_node_conf(eng_node(sim_engine(c->sim, node)));

	for (uint16_t v = 0; v < s->ic->n_vips; v++) {
		const char *iface = conf->ifaces[s->ic->vips[v].iface].name;
		const struct ip_addr *addr = &s->ic->vips[v].prefix.addr;
		int segment = sim_segment_of(c->sim, node, iface);
		int believed = segment < 0 ? SIM_NOBODY : sim_neighbour(c->sim, segment, addr);

		if (!sim_iface_up(c->sim, node, iface) || believed == (int)node ||
		    excused(c, s, believed, segment, v))
			continue;
		inv_fail(c, "client", node, s, "clients look for address %u at %s", v,
			 believed < 0 ? "nobody" : sim_node_name(c->sim, (size_t)believed));
	}
}

static void check_router(struct inv *c, uint8_t vrid)
{
	struct inv_seat *best = NULL, *master = NULL;
	size_t best_node = 0, master_node = 0;

	for (size_t i = 0; i < sim_n_nodes(c->sim); i++) {
		struct inv_seat *s = inv_seat(c, i, vrid);

		if (!eligible(c, i, s))
			continue;
		if (s->state == VR_MASTER && master && !never_decide(s, master))
			inv_fail(c, "two-masters", i, s, "%s is master too",
				 sim_node_name(c->sim, master_node));
		if (s->state == VR_MASTER) {
			master = s;
			master_node = i;
		}
		if (!best || s->priority > best->priority) {
			best = s;
			best_node = i;
		}
	}
	if (best && !master)
		inv_fail(c, "no-master", best_node, best, "nobody is master");
	if (!master)
		return;
	if (master->priority < best->priority && best->ic->preempt)
		inv_fail(c, "unfittest", best_node, best, "%s is master with priority %u",
			 sim_node_name(c->sim, master_node), master->priority);
	check_clients(c, master_node, master);
}

/* Every state equals that of a host started afresh with the same facts. */
static void check_afresh(struct inv *c, size_t node)
{
	struct sim *alone = sim_alone(c->sim, node);
	const struct vr_node *mine = eng_node(sim_engine(c->sim, node));
	const struct vr_node *fresh = eng_node(sim_engine(alone, 0));

	sim_run(alone, inv_settle_us(c));
	for (size_t i = 0; i < c->nodes[node].n; i++) {
		const struct inv_seat *s = &c->nodes[node].seats[i];
		struct vr_inst_view a, b;

		vr_inst_look(mine, s->inst, &a);
		vr_inst_look(fresh, s->inst, &b);
		b.faults = inv_afresh_faults(c, node, s, b.faults);
		if (a.faults != b.faults || (a.state == VR_FAULT) != (b.faults != 0))
			inv_fail(c, "afresh", node, s, "faults %x, started afresh %x", a.faults,
				 b.faults);
		if (a.effective_priority != b.effective_priority)
			inv_fail(c, "afresh", node, s, "started afresh it has priority %u",
				 b.effective_priority);
		if (!ip_equal(&a.source, &b.source))
			inv_fail(c, "afresh", node, s, "started afresh it has another source");
	}
	for (uint16_t i = 0; i < vr_node_conf(mine)->n_checks; i++) {
		struct vr_check_view a, b;

		vr_check_look(mine, i, &a);
		vr_check_look(fresh, i, &b);
		if (a.known != b.known || a.good != b.good)
			inv_fail(c, "afresh", node, NULL, "check %u: good %d, started afresh %d", i,
				 a.good, b.good);
	}
	sim_free(alone);
}

void inv_settled(struct inv *c)
{
	for (unsigned int vrid = 1; vrid <= 255; vrid++)
		check_router(c, vrid);
	for (size_t i = 0; i < sim_n_nodes(c->sim); i++) {
		if (!sim_started(c->sim, i))
			inv_dead(c, i);
		if (!sim_started(c->sim, i) || sim_leaving(c->sim, i))
			continue;
		inv_exact(c, i);
		inv_facts(c, i);
		check_afresh(c, i);
	}
}

void inv_unmoved(struct inv *c, int64_t since_world)
{
	for (size_t i = 0; i < sim_n_nodes(c->sim); i++)
		for (size_t k = 0; k < c->nodes[i].n; k++)
			if (c->nodes[i].seats[k].state_world > since_world)
				inv_fail(c, "restless", i, &c->nodes[i].seats[k],
					 "it moves when all is quiet");
}
