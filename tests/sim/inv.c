/*
 * The checker's ears: everything that the world tells goes to the seats and then to the rules.
 *
 * Each call of an engine is one step: before it the seats remember what was, during it they count
 * what came out, after it every rule is asked.
 */
#include "sim/inv.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/names.h"

#define SPINS_MAX 8		/* leases that are overdue are renewed in turns */

static bool ignores(const char *list, const char *rule)
{
	size_t len = strlen(rule);

	for (const char *at = strstr(list, rule); at; at = strstr(at + 1, rule))
		if ((at == list || at[-1] == ',') && (at[len] == '\0' || at[len] == ','))
			return true;
	return false;
}

void inv_fail(struct inv *c, const char *rule, size_t node, const struct inv_seat *seat,
	      const char *format, ...)
{
	struct inv_failure *f = &c->failure;
	va_list args;
	int n;

	if (f->set || (c->ignored && ignores(c->ignored, rule)))
		return;
	f->set = true;
	f->at_us = sim_now_us(c->sim);
	snprintf(f->rule, sizeof(f->rule), "%s", rule);
	n = snprintf(f->text, sizeof(f->text), "%s", sim_node_name(c->sim, node));
	if (seat)
		n += snprintf(f->text + n, sizeof(f->text) - (size_t)n,
			      " vrid %u (%s, priority %u)", seat->vrid, nam_state(seat->state),
			      seat->priority);
	n += snprintf(f->text + n, sizeof(f->text) - (size_t)n, ": ");
	va_start(args, format);
	vsnprintf(f->text + n, sizeof(f->text) - (size_t)n, format, args);
	va_end(args);
}

bool inv_rank_above(const struct inv_seat *a, const struct inv_seat *b)
{
	if (a->priority != b->priority)
		return a->priority > b->priority;
	return ip_cmp(&a->source, &b->source) > 0;
}

/* ---- seats ---- */

struct inv_seat *inv_seat(struct inv *c, size_t node, uint8_t vrid)
{
	struct inv_node *n = &c->nodes[node];

	for (size_t i = 0; i < n->n; i++)
		if (n->seats[i].vrid == vrid)
			return &n->seats[i];
	return NULL;
}

static struct inv_seat *new_seat(struct inv *c, size_t node, const struct vr_config *conf,
				 uint16_t inst)
{
	struct inv_node *n = &c->nodes[node];
	const struct vr_inst_conf *ic = &conf->insts[inst];
	struct inv_seat *s;

	if (n->n == INV_SEATS)
		abort();
	s = &n->seats[n->n++];
	*s = (struct inv_seat){
		.ic = ic, .inst = inst, .vrid = ic->vrid, .priority = ic->priority,
		.segment = sim_segment_of(c->sim, node, conf->ifaces[ic->iface].name),
		.state_world = sim_now_us(c->sim), .rank_world = sim_now_us(c->sim),
		.active_us = ic->adver_int_us, .preempt_us = VR_NEVER, .heard_us = VR_NEVER,
		.burst_us = VR_NEVER, .held_us = VR_NEVER,
		.claimed_us = VR_NEVER, .answer_us = VR_NEVER, .wrong_world = VR_NEVER,
		.was_deadline_us = VR_NEVER,
	};
	return s;
}

static bool had(const struct inv_seat *s, const struct ip_prefix *p)
{
	for (uint16_t v = 0; v < s->n_vips; v++)
		if (s->vips[v].len == p->len && ip_equal(&s->vips[v].addr, &p->addr))
			return true;
	return false;
}

/* An address may have another place in the configuration that comes. */
static void keep_claims(struct inv_seat *s)
{
	struct inv_claim were[INV_VIPS];

	memcpy(were, s->claims, sizeof(were));
	memset(s->claims, 0, sizeof(s->claims));
	for (uint16_t v = 0; v < s->ic->n_vips; v++)
		for (uint16_t w = 0; w < s->n_vips; w++)
			if (ip_equal(&s->vips[w].addr, &s->ic->vips[v].prefix.addr))
				s->claims[v] = were[w];
}

static void note_vips(struct inv_seat *s)
{
	if (s->ic->n_vips > INV_VIPS)
		abort();
	s->brought = false;
	for (uint16_t v = 0; v < s->ic->n_vips; v++)
		s->brought |= !had(s, &s->ic->vips[v].prefix);
	keep_claims(s);
	for (uint16_t v = 0; v < s->ic->n_vips; v++)
		s->vips[v] = s->ic->vips[v].prefix;
	s->n_vips = s->ic->n_vips;
}

/* The seats of the configuration that runs now; those it does not have must have ended. */
void inv_rebind(struct inv *c, size_t node)
{
	const struct vr_config *conf = vr_node_conf(eng_node(sim_engine(c->sim, node)));
	const struct cfg *cfg = eng_cfg(sim_engine(c->sim, node));
	struct inv_node *n = &c->nodes[node];
	size_t kept = 0;

	for (uint16_t i = 0; i < conf->n_insts; i++)
		if (cfg->insts[i].lease_s > n->lease_s)
			n->lease_s = cfg->insts[i].lease_s;

	for (size_t i = 0; i < n->n; i++)
		n->seats[i].ic = NULL;
	for (uint16_t i = 0; i < conf->n_insts; i++) {
		struct inv_seat *s = inv_seat(c, node, conf->insts[i].vrid);

		if (!s)
			s = new_seat(c, node, conf, i);
		s->ic = &conf->insts[i];
		s->inst = i;
		note_vips(s);
	}
	for (size_t i = 0; i < n->n; i++) {
		if (!n->seats[i].ic)
			inv_removed(c, node, &n->seats[i]);
		if (n->seats[i].ic)
			n->seats[kept++] = n->seats[i];
	}
	n->n = kept;
}

static void on_started(void *ctx, size_t node)
{
	struct inv *c = ctx;
	struct inv_node *n = &c->nodes[node];

	n->n = n->n_runs = 0;
	n->reloaded = n->asserts = false;
	n->stray_world = VR_NEVER;
	n->killed_world = n->resumed_world = INT64_MIN / 2;
	inv_dead(c, node);
	n->ended_world = VR_NEVER;
	n->lease_s = 0;
	n->touched_world = n->disturbed_world = sim_now_us(c->sim);
	inv_rebind(c, node);
}

static void on_ended(void *ctx, size_t node)
{
	struct inv *c = ctx;

	if (sim_leaving(c->sim, node))
		inv_all_gone(c, node);
	c->nodes[node].n = c->nodes[node].n_runs = 0;
	c->nodes[node].ended_world = sim_now_us(c->sim);
}

static void on_killed(void *ctx, size_t node, bool within)
{
	inv_killed(ctx, node, within);
}

static void on_succeeded(void *ctx, size_t node)
{
	inv_succeeded(ctx, node);
}

/* ---- what is done to it ---- */

static void touch_paths(struct inv *c, const struct sim_deed *d)
{
	int64_t now = sim_now_us(c->sim);

	for (size_t g = 0; g < sim_n_segments(c->sim); g++)
		for (size_t from = 0; from < SIM_NODES_MAX; from++)
			for (size_t to = 0; to < SIM_NODES_MAX; to++)
				if ((d->node == SIM_ALL || d->node == from) &&
				    (d->peer == SIM_ALL || d->peer == to))
					c->path_world[g][from][to] = now;
}

static void touch_node(struct inv *c, size_t node, const struct sim_deed *d)
{
	struct inv_node *n = &c->nodes[node];
	bool kernel = d->type != SIM_SCRIPT && d->type != SIM_RELOAD && d->type != SIM_STOP &&
		      d->type != SIM_FORGE && d->type != SIM_CLAIM;

	/* Nobody shall notice these. */
	if (!sim_paused(c->sim, node) &&
	    (d->type == SIM_KILL || d->type == SIM_KILL_WITHIN ||
	     (d->type == SIM_UPGRADE && d->a == sim_which(c->sim, node))))
		return;

	n->touched_world = sim_now_us(c->sim);
	if (d->type == SIM_VIP_DELETE)
		n->robbed_world = sim_now_us(c->sim);
	if ((kernel && d->type != SIM_VIP_DELETE) || sim_paused(c->sim, node))
		n->disturbed_world = sim_now_us(c->sim);
	if ((d->type != SIM_START && d->type != SIM_CRASH && kernel) ||
	    sim_paused(c->sim, node))		/* what it held then it may renew first of all */
		n->foreign_world = sim_now_us(c->sim);
	if (d->type == SIM_OPS_FAIL)
		n->ops_bad = d->a != 0;
	else if (d->type == SIM_OPS_DELAY)
		n->slow_ops = d->a != 0;
	else if (d->type == SIM_OPS_FORGET)
		n->forgets = d->a != 0;
	else if (d->type == SIM_NOTICES_LOST || d->type == SIM_NOTICES_BACK)
		n->deaf = d->type == SIM_NOTICES_LOST;
	else if (d->type == SIM_SEND_FAIL)
		n->mute = d->a != 0;
	else if (d->type == SIM_QUIET)
		n->ops_bad = n->slow_ops = n->forgets = n->deaf = n->mute = false;
}

static void echo_deed(const struct inv *c, const struct sim_deed *d)
{
	const char *node[SIM_NODES_MAX];
	struct sim_names names = { .node = node, .n_nodes = sim_n_nodes(c->sim) };
	char text[200];

	for (size_t i = 0; i < names.n_nodes; i++)
		node[i] = sim_node_name(c->sim, i);
	c->echo(c->echo_ctx, sim_now_us(c->sim), "",
		sim_deed_text(d, &names, text, sizeof(text)));
}

static void on_deed(void *ctx, const struct sim_deed *d)
{
	struct inv *c = ctx;

	if (c->echo)
		echo_deed(c, d);
	if (d->type >= SIM_CUT && d->type <= SIM_DELAY) {
		touch_paths(c, d);
		return;
	}
	if (d->type == SIM_QUIET)
		touch_paths(c, &(struct sim_deed){ .node = SIM_ALL, .peer = SIM_ALL });
	for (size_t i = 0; i < sim_n_nodes(c->sim); i++)
		if (d->type == SIM_QUIET || d->node == SIM_ALL || d->node == i)
			touch_node(c, i, d);
}

/* ---- a step ---- */

static void hear_claim(struct inv *c, const struct sim_input *in)
{
	struct engine *e = sim_engine(c->sim, in->node);
	struct inv_node *n = &c->nodes[in->node];

	for (size_t i = 0; i < n->n; i++) {
		const struct vr_inst_conf *ic = n->seats[i].ic;

		for (uint16_t v = 0; v < ic->n_vips; v++)
			if (ip_equal(&ic->vips[v].prefix.addr, &in->rival->addr) &&
			    eng_ifindex(e, ic->vips[v].iface) == in->rival->ifindex)
				inv_claim(c, in->node, &n->seats[i], &in->rival->addr);
	}
}

static void on_before(void *ctx, const struct sim_input *in)
{
	struct inv *c = ctx;
	struct inv_node *n = &c->nodes[in->node];
	const struct vr_node *node = eng_node(sim_engine(c->sim, in->node));

	n->in_step = true;
	if (in->error)
		n->disturbed_world = sim_now_us(c->sim);
	n->was_due = vr_deadline(node) <= sim_node_now_us(c->sim, in->node);
	n->was_armed = sim_armed_us(c->sim, in->node) <= sim_node_now_us(c->sim, in->node);
	n->was_busy = sim_n_ops(c->sim, in->node) != 0;
	for (size_t i = 0; i < n->n; i++) {
		struct inv_seat *s = &n->seats[i];
		struct vr_inst_view view;

		s->was = s->state;
		s->was_faults = s->faults;
		s->step = (struct inv_step){ 0 };
		s->must_yield = s->must_answer = s->must_announce = false;
		s->answer_us = VR_NEVER;
		s->said = false;
		for (size_t v = 0; v < INV_VIPS; v++)
			s->claims[v].must = false;
		if (sim_started(c->sim, in->node) && in->type != SIM_IN_RESYNC &&
		    in->type != SIM_IN_GO_ON)
			inv_before(c, in->node, s);
		if (in->type != SIM_IN_RELOAD)
			continue;
		vr_inst_look(node, s->inst, &view);
		s->was_deadline_us = view.deadline_us;
		s->was_source = view.source;
		s->was_print = inv_fingerprint(vr_node_conf(node), s->inst);
		s->was_places = inv_places(c, in->node, s);
	}
	if (in->type == SIM_IN_PACKET)
		inv_packet(c, in);
	if (in->type == SIM_IN_RIVAL)
		hear_claim(c, in);
	if (in->type == SIM_IN_JOB_DONE)
		inv_result_before(c, in);
}

static void on_trace(void *ctx, size_t node, const struct vr_config *conf,
		     const struct vr_trace *t, const char *text)
{
	struct inv *c = ctx;
	struct inv_seat *s;

	if (c->echo)
		c->echo(c->echo_ctx, sim_now_us(c->sim), sim_node_name(c->sim, node), text);
	if (t->inst >= conf->n_insts)
		return;
	s = inv_seat(c, node, conf->insts[t->inst].vrid);
	if (!s)
		s = new_seat(c, node, conf, t->inst);
	if (c->nodes[node].in_step && conf == vr_node_conf(eng_node(sim_engine(c->sim, node))))
		s->ic = &conf->insts[t->inst];
	switch (t->kind) {
	case VR_TR_STATE:
		inv_state(c, node, s, t);
		break;
	case VR_TR_PRIORITY:
		if (t->a != s->priority)
			inv_fail(c, "priority", node, s, "it changes from %d", t->a);
		s->priority = t->b;
		s->rank_world = sim_now_us(c->sim);
		break;
	case VR_TR_UNFIT:
		s->waits = false;
		break;
	case VR_TR_STATE_TOLD:
		inv_said_late(c, node, s, t);
		break;
	case VR_TR_DAMPED_OVER:
		inv_damped_over(c, node, s, t);
		break;
	case VR_TR_FAULT_ON:
		s->faults |= 1u << t->a;
		break;
	case VR_TR_FAULT_OFF:
		s->faults &= ~(1u << t->a);
		break;
	default:
		break;
	}
}

/* Also one that a reload has just brought. */
static struct inv_seat *sender(struct inv *c, size_t node, uint8_t vrid)
{
	const struct vr_config *conf = vr_node_conf(eng_node(sim_engine(c->sim, node)));
	struct inv_seat *s = inv_seat(c, node, vrid);

	for (uint16_t i = 0; !s && i < conf->n_insts; i++)
		if (conf->insts[i].vrid == vrid)
			s = new_seat(c, node, conf, i);
	return s;
}

static void check_sum(struct inv *c, size_t node, const struct inv_seat *s, bool plain)
{
	bool learns = s->ic->sum == VR_SUM_LEARN;

	if (s->ic->version != 3 || (learns && s->unsure_sum))
		return;
	if (plain != (learns ? s->plain : s->ic->sum == VR_SUM_PLAIN))
		inv_fail(c, "checksum", node, s, "its advert is summed in the other way");
}

static void on_sent(void *ctx, size_t node, const struct port_packet *p)
{
	struct inv *c = ctx;
	struct inv_seat *s = p->len > 2 ? sender(c, node, p->data[1]) : NULL;

	if (!s) {
		inv_fail(c, "foreign-advert", node, NULL, "it sends for a vrid that it has not");
		return;
	}
	if (p->data[2] == VR_PRIO_STOP) {
		s->step.zeros++;
		return;
	}
	s->step.adverts++;
	check_sum(c, node, s, inv_is_plain(p->data, p->len));
	s->sent_us = sim_node_now_us(c->sim, node);
	inv_said(s, p, s->sent_us);
}

static bool lists(const struct vr_inst_conf *ic, const struct ip_addr *addr)
{
	for (uint16_t v = 0; v < ic->n_vips; v++)
		if (ip_equal(&ic->vips[v].prefix.addr, addr))
			return true;
	return false;
}

/* Whose address it is, by the running configuration or (in a reload) by the former one: no two of
 * the scenario's routers share one. */
static struct inv_seat *seat_of(struct inv *c, size_t node, const struct ip_addr *addr)
{
	struct inv_node *n = &c->nodes[node];
	struct engine *e = sim_engine(c->sim, node);
	const struct vr_config *conf = e ? vr_node_conf(eng_node(e)) : NULL;

	for (uint16_t i = 0; conf && i < conf->n_insts; i++) {
		struct inv_seat *s = inv_seat(c, node, conf->insts[i].vrid);

		if (lists(&conf->insts[i], addr))
			return s ? s : new_seat(c, node, conf, i);
	}
	for (size_t i = 0; i < n->n; i++)
		if (n->seats[i].ic && lists(n->seats[i].ic, addr))
			return &n->seats[i];
	return NULL;
}

static void on_op(void *ctx, size_t node, const struct port_addr_op *op)
{
	struct inv *c = ctx;
	struct inv_seat *s = seat_of(c, node, &op->vip->prefix.addr);

	if (!s && op->add)
		inv_fail(c, "foreign-address", node, NULL, "it adds one that it does not have");
	if (!s)
		return;
	if (op->token == PORT_RENEWAL)
		s->step.renewals++;
	else if (op->add)
		s->step.adds++;
	else
		s->step.dels++;
}

static void on_announce(void *ctx, size_t node, uint32_t owner, const struct port_announce *v,
			size_t n, uint32_t repeat)
{
	struct inv *c = ctx;
	struct inv_seat *s = seat_of(c, node, &v[0].addr);

	if (!s || !repeat)
		return;
	if (!(owner & INV_SOME)) {
		s->step.announces++;
		s->step.rounds = repeat;
		return;
	}
	for (size_t i = 0; i < n; i++)
		for (uint16_t k = 0; s->ic && k < s->ic->n_vips; k++)
			if (ip_equal(&s->ic->vips[k].prefix.addr, &v[i].addr))
				s->step.some |= 1u << k;
}

static void check_begins(struct inv *c, size_t node, const struct port_job *job)
{
	struct inv_node *n = &c->nodes[node];

	for (size_t i = 0; i < n->n_runs; i++)
		if (n->runs[i].argv == job->argv)
			inv_fail(c, "check-doubled", node, NULL, "%s runs already", job->argv[0]);
	if (n->n_runs < INV_CHECKS)
		n->runs[n->n_runs++] = (struct inv_run){ .argv = job->argv, .job = job->id };
}

/* The generic script: ... INSTANCE <name> <state> <priority>, the name is V<vrid>. */
static void on_job(void *ctx, size_t node, const struct port_job *job)
{
	struct inv *c = ctx;
	size_t argc = 0;
	struct inv_seat *s;

	if (job->kind == PORT_JOB_CHECK) {
		check_begins(c, node, job);
		return;
	}
	while (job->argv[argc])
		argc++;
	if (argc < 4 || strcmp(job->argv[argc - 4], "INSTANCE") != 0)
		return;
	s = inv_seat(c, node, atoi(job->argv[argc - 3] + 1));
	if (!s)
		return;
	s->step.notices++;
	snprintf(s->told, sizeof(s->told), "%s", job->argv[argc - 2]);
}

static void on_heard(void *ctx, int segment, size_t node, const struct ip_addr *addr)
{
	struct inv *c = ctx;
	struct inv_seat *s = seat_of(c, node, addr);
	int64_t now = sim_now_us(c->sim);
	size_t i = 0;

	if (s && s->state != VR_MASTER &&
	    now - s->state_world > sim_path_delay_us(c->sim, segment, node, SIM_CLIENT) + INV_MS)
		inv_fail(c, "announced-late", node, s, "it still announces an address");
	while (i < c->n_clients && (c->clients[i].segment != segment ||
				    !ip_equal(&c->clients[i].addr, addr)))
		i++;
	if (i == c->n_clients) {
		c->clients = reallocarray(c->clients, ++c->n_clients, sizeof(*c->clients));
		if (!c->clients)
			abort();
	}
	c->clients[i] = (struct inv_client){
		.segment = segment, .addr = *addr, .node = node, .world = now,
	};
}

/* Traces told everything: what the views say must be the same. */
static void compare(struct inv *c, size_t node, struct inv_seat *s)
{
	struct vr_inst_view view;

	vr_inst_look(eng_node(sim_engine(c->sim, node)), s->inst, &view);
	if (!ip_equal(&view.source, &s->source)) {
		s->source = view.source;
		s->rank_world = sim_now_us(c->sim);
	}
	if (view.state != s->state)
		inv_fail(c, "untraced", node, s, "but the view says %s", nam_state(view.state));
	if (s->state != VR_INIT && view.damping.on != s->damped)
		inv_fail(c, "damping", node, s, "%sdamped", view.damping.on ? "" : "not ");
	if (s->state != VR_INIT && view.effective_priority != s->priority)
		inv_fail(c, "untraced", node, s, "but the view says priority %u",
			 view.effective_priority);
	if (s->state != VR_INIT && view.faults != s->faults)
		inv_fail(c, "untraced", node, s, "faults %x, but the view says %x", s->faults,
			 view.faults);
	if (s->state != VR_INIT && (s->state == VR_FAULT) != (s->faults != 0))
		inv_fail(c, "fault", node, s, "with the faults %x", s->faults);
}

/* No timer is lost: whenever the core wants to be woken, a wake-up is armed for then; and what was
 * due is done when that comes. */
static void check_armed(struct inv *c, const struct sim_input *in)
{
	size_t node = in->node;
	int64_t deadline_us = vr_deadline(eng_node(sim_engine(c->sim, node)));

	if (in->type == SIM_IN_WAKE) {
		bool again = sim_armed_us(c->sim, node) <= sim_node_now_us(c->sim, node);

		c->nodes[node].spins = again ? c->nodes[node].spins + 1 : 0;
	}
	if (c->nodes[node].spins > SPINS_MAX)
		inv_fail(c, "spins", node, NULL, "it is woken, and wants to be at once, for ever");
	if (!sim_leaving(c->sim, node) && deadline_us < sim_armed_us(c->sim, node))
		inv_fail(c, "timer-lost", node, NULL, "the core is due at %lld, but %lld is armed",
			 (long long)deadline_us, (long long)sim_armed_us(c->sim, node));
}

/* Every operation is answered exactly once, and the engine knows how many are not. */
static void check_outstanding(struct inv *c, size_t node)
{
	if (eng_idle(sim_engine(c->sim, node)) != (sim_n_ops(c->sim, node) == 0))
		inv_fail(c, "completions", node, NULL, "%zu operations are unanswered, but idle %d",
			 sim_n_ops(c->sim, node), eng_idle(sim_engine(c->sim, node)));
}

/* Every job is answered exactly once, and the engine knows which checks run. */
static void check_running(struct inv *c, size_t node)
{
	const struct inv_node *n = &c->nodes[node];
	const struct engine *e = sim_engine(c->sim, node);

	for (uint16_t i = 0; i < eng_cfg(e)->vr.n_checks && !n->reloaded; i++) {
		const char *const *argv = (const char *const *)eng_cfg(e)->checks[i].command.argv;
		struct eng_check_view view;
		bool runs = false;

		for (size_t k = 0; k < n->n_runs; k++)
			runs |= n->runs[k].argv == argv;
		eng_check_look(e, i, &view);
		if (view.running != runs && !sim_leaving(c->sim, node))
			inv_fail(c, "jobs", node, NULL, "%s: running %d", argv[0], view.running);
	}
}

static void on_after(void *ctx, const struct sim_input *in)
{
	struct inv *c = ctx;
	struct inv_node *n = &c->nodes[in->node];

	if (in->type == SIM_IN_RELOAD) {
		inv_rebind(c, in->node);
		n->n_runs = 0;		/* they are known by pointers into what is freed now */
		n->reloaded = true;
	}
	n->in_step = false;
	if (!sim_started(c->sim, in->node))
		return;
	/* The beginning of a re-read may be a mere note, or all that is due. */
	const struct vr_node *node = eng_node(sim_engine(c->sim, in->node));
	int64_t now_us = sim_node_now_us(c->sim, in->node);
	for (size_t i = 0; i < n->n; i++) {
		struct inv_seat *s = &n->seats[i];

		if (in->type == SIM_IN_RESYNC && vr_deadline(node) > now_us)
			inv_before(c, in->node, s);
		compare(c, in->node, s);
		if (in->type != SIM_IN_RESYNC)
			inv_damping(c, in->node, s);
		inv_duties(c, in, s);
		if (s->state != VR_INIT)
			inv_timers(c, in, s);
		if (s->state == VR_MASTER)
			inv_rivals(c, in->node, s);
	}
	if (in->type == SIM_IN_SYNCED)
		n->asserts = false;
	if (in->type == SIM_IN_JOB_DONE)
		inv_result_after(c, in);
	check_armed(c, in);
	check_outstanding(c, in->node);
	check_running(c, in->node);
	inv_addresses(c, in->node);
}

struct sim_watch inv_begin(struct inv *c, struct sim *sim)
{
	memset(c, 0, sizeof(*c));
	c->sim = sim;
	return (struct sim_watch){
		.ctx = c, .deed = on_deed, .started = on_started, .ended = on_ended,
		.killed = on_killed, .succeeded = on_succeeded,
		.before = on_before, .after = on_after, .trace = on_trace, .sent = on_sent,
		.op = on_op, .announce = on_announce, .job = on_job, .heard = on_heard,
	};
}

void inv_end(struct inv *c)
{
	free(c->clients);
	c->clients = NULL;
	c->n_clients = 0;
}
