/*
 * A world with accounts: who held each service, and for how long nobody or more than one did.
 *
 * A node holds a service while it is MASTER and its machine runs. A paused machine answers nobody,
 * so it holds nothing; when it goes on it believes that it is still master, and that counts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "engine/trace.h"
#include "main/command_simulate.h"
#include "main/simulate.h"

#define SEED 1
#define DELAY_US 100			/* of a frame on a segment */
#define JITTER_US 100

/* ---- the story ---- */

/* Powers of two, so that it is moved rarely. */
static void *more(void *v, size_t n, size_t size)
{
	return n & (n - 1) ? v : box_grow(v, n ? 2 * n : 1, size);
}

static void add_line(struct run *r, const struct story_line *line, const char *text)
{
	struct story *s = r->story;
	size_t size = strlen(text) + 1;

	s->lines = more(s->lines, s->n_lines, sizeof(*s->lines));
	s->lines[s->n_lines] = *line;
	s->lines[s->n_lines].at_us = sim_now_us(r->sim);
	s->lines[s->n_lines].text = box_grow(NULL, size, 1);
	memcpy(s->lines[s->n_lines++].text, text, size);
}

static void add_mark(struct run *r, size_t node, bool lost)
{
	struct story *s = r->story;

	s->marks = more(s->marks, s->n_marks, sizeof(*s->marks));
	s->marks[s->n_marks++] = (struct story_mark){ sim_now_us(r->sim), node, lost };
}

static void end_span(struct run *r, struct story_span *span)
{
	struct story *s = r->story;

	span->to_us = sim_now_us(r->sim);
	if (span->to_us == span->from_us)
		return;
	s->spans = more(s->spans, s->n_spans, sizeof(*s->spans));
	s->spans[s->n_spans++] = *span;
}

static struct story_span *span_of(struct run *r, size_t node, size_t service)
{
	return &r->now[node * r->box->n_services + service];
}

static void set_state(struct run *r, size_t node, size_t service, enum story_state state)
{
	struct story_span *span;

	if (!r->story)
		return;
	span = span_of(r, node, service);
	if (span->state == state)
		return;
	end_span(r, span);
	span->from_us = sim_now_us(r->sim);
	span->state = state;
}

void story_free(struct story *s)
{
	for (size_t i = 0; i < s->n_lines; i++)
		free(s->lines[i].text);
	free(s->lines);
	free(s->spans);
	free(s->marks);
	memset(s, 0, sizeof(*s));
}

/* ---- the accounts ---- */

const char *run_names(const struct box *b, uint32_t nodes, char *buf, size_t size)
{
	size_t at = 0;

	snprintf(buf, size, "nobody");
	for (size_t n = 0; n < b->n_nodes && at < size; n++) {
		if (!(nodes & 1u << n))
			continue;
		uint32_t later = nodes >> n >> 1;
		const char *before = at == 0 ? "" : later ? ", " : " and ";

		at += (size_t)snprintf(buf + at, size - at, "%s%s", before, b->nodes[n].name);
	}
	return buf;
}

uint32_t run_holders(const struct run *r, size_t service)
{
	return r->hold[service].masters & ~r->frozen;
}

static void settle(struct run *r, size_t service)
{
	struct run_hold *h = &r->hold[service];
	int64_t now_us = sim_now_us(r->sim), took_us = now_us - h->since_us;
	int n = __builtin_popcount(run_holders(r, service));

	if (n == 0)
		h->none_us += took_us;
	else if (n > 1)
		h->two_us += took_us;
	h->since_us = now_us;
}

void run_settle(struct run *r)
{
	for (size_t i = 0; i < r->box->n_services; i++)
		settle(r, i);
}

void run_measure(struct run *r)
{
	run_settle(r);
	for (size_t i = 0; i < r->box->n_services; i++)
		r->hold[i].none_us = r->hold[i].two_us = 0;
}

static void tell_holders(struct run *r, size_t service)
{
	struct run_hold *h = &r->hold[service];
	uint32_t holders = run_holders(r, service);
	char names[BOX_NAMES_MAX];

	if (!r->story || h->told == holders)
		return;
	h->told = holders;
	run_names(r->box, holders, names, sizeof(names));
	add_line(r, &(struct story_line){
		.kind = STORY_OWNER, .service = service, .holders = holders,
	}, names);
}

static void on_owner(void *ctx, size_t node, const struct vr_config *conf, uint16_t inst,
		     bool master)
{
	struct run *r = ctx;
	size_t service = box_service_of(r->box, conf, inst);

	settle(r, service);
	r->hold[service].masters &= ~(1u << node);
	if (master)
		r->hold[service].masters |= 1u << node;
	tell_holders(r, service);
}

static void freeze(struct run *r, size_t node, bool on)
{
	run_settle(r);
	r->frozen &= ~(1u << node);
	if (on)
		r->frozen |= 1u << node;
	for (size_t i = 0; i < r->box->n_services; i++)
		tell_holders(r, i);
}

/* ---- what the world says ---- */

static enum story_state state_of(enum vr_state state)
{
	static const enum story_state states[VR_N_STATES] = {
		[VR_INIT] = ST_INIT, [VR_BACKUP] = ST_BACKUP, [VR_MASTER] = ST_MASTER,
		[VR_FAULT] = ST_FAULT,
	};

	return states[state];
}

static void on_trace(void *ctx, size_t node, const struct vr_config *conf,
		     const struct vr_trace *trace, const char *text)
{
	struct run *r = ctx;

	if ((trace->kind == VR_TR_STATE || trace->kind == VR_TR_UNFIT) &&
	    trace->inst < conf->n_insts)
		set_state(r, node, box_service_of(r->box, conf, trace->inst),
			  state_of(trc_to(trace)));
	if (trc_level(trace) <= LOG_LVL_INFO)
		add_line(r, &(struct story_line){ .kind = STORY_LOG, .node = (int)node }, text);
}

static void on_ended(void *ctx, size_t node)
{
	struct run *r = ctx;

	for (size_t i = 0; i < r->box->n_services; i++)
		set_state(r, node, i, ST_OFF);
}

static void on_started(void *ctx, size_t node)
{
	struct run *r = ctx;

	for (size_t i = 0; i < r->box->n_services; i++)
		set_state(r, node, i, ST_INIT);
}

static bool has_iface(const struct run *r, size_t node, const char *name)
{
	const struct vr_config *vr = &r->box->nodes[node].cfg->vr;

	for (uint16_t i = 0; i < vr->n_ifaces; i++)
		if (strcmp(vr->ifaces[i].name, name) == 0)
			return true;
	return false;
}

/* An advert is lost when a node that runs and has a place on the segment cannot hear it. */
static void on_sent(void *ctx, size_t node, const struct port_packet *packet)
{
	struct run *r = ctx;
	const struct vr_config *vr = vr_node_conf(eng_node(sim_engine(r->sim, node)));
	const char *iface = vr->ifaces[packet->iface].name;
	int segment = sim_segment_of(r->sim, node, iface);

	for (size_t to = 0; to < r->box->n_nodes; to++) {
		if (to == node || !has_iface(r, to, iface) || !sim_engine(r->sim, to))
			continue;
		if (segment < 0 || !sim_path_clean(r->sim, segment, node, to) ||
		    !sim_iface_up(r->sim, node, iface) || !sim_iface_up(r->sim, to, iface) ||
		    (r->frozen & 1u << to)) {
			add_mark(r, node, true);
			return;
		}
	}
}

static void on_announce(void *ctx, size_t node, uint32_t owner, const struct port_announce *v,
			size_t n, uint32_t repeat)
{
	(void)owner, (void)v, (void)n, (void)repeat;
	add_mark(ctx, node, false);
}

/* ---- running ---- */

/* The configuration is read from its file anew, as a daemon that starts does. */
static struct cfg *load(void *ctx, int which)
{
	const struct box_node *n = ctx;
	const struct cfg_options how = { .dialect = CFG_BY_NAME };
	struct diag_list said;
	struct cfg *cfg;

	(void)which;
	diag_init(&said);
	cfg = cfg_load(n->file, &how, &said);
	diag_free(&said);
	if (cfg)
		return cfg;
	/* It could be a moment ago. A node that stays down for this is no result. */
	fprintf(stderr, "holdfastctl: %s cannot be read again: it has changed, or there is no "
		"memory\n", n->file);
	exit(CSM_UNUSABLE);
}

static void add_node(struct run *r, const struct box_node *n)
{
	struct sim_host host = { .name = n->name, .ctx = (void *)n, .load = load };
	int node = sim_add(r->sim, &host);

	for (uint16_t i = 0; i < n->cfg->vr.n_ifaces; i++) {
		const struct box_port *port = &n->ports[i];
		int segment = 0;

		while (strcmp(r->box->segments[segment], port->name) != 0)
			segment++;
		sim_iface(r->sim, (size_t)node, port->name, segment, &port->v4);
		sim_address(r->sim, (size_t)node, port->name, &port->v6);
	}
}

static void watch(struct run *r)
{
	struct sim_watch w = { .ctx = r, .owner = on_owner };

	if (r->story) {
		w.trace = on_trace;
		w.started = on_started;
		w.ended = on_ended;
		w.sent = on_sent;
		w.announce = on_announce;
	}
	sim_observe(r->sim, &w);
}

void run_begin(struct run *r, const struct box *b, struct story *story)
{
	size_t n_spans = b->n_nodes * b->n_services;

	*r = (struct run){ .box = b, .sim = sim_new(SEED), .story = story };
	if (!r->sim)
		sim_no_memory();
	r->hold = box_grow(NULL, b->n_services, sizeof(*r->hold));
	memset(r->hold, 0, b->n_services * sizeof(*r->hold));
	r->now = box_grow(NULL, n_spans, sizeof(*r->now));
	for (size_t i = 0; i < n_spans; i++)
		r->now[i] = (struct story_span){
			.node = i / b->n_services, .service = i % b->n_services, .state = ST_OFF,
		};
	for (size_t i = 0; i < b->n_segments; i++)
		sim_segment(r->sim, b->segments[i], DELAY_US, JITTER_US);
	for (size_t i = 0; i < b->n_nodes; i++)
		add_node(r, &b->nodes[i]);
	watch(r);
	sim_do(r->sim, &(struct sim_deed){ .type = SIM_START, .node = SIM_ALL });
}

void run_until(struct run *r, int64_t at_us)
{
	sim_run(r->sim, at_us);
}

/* What a paused machine shows when it goes on is the state that it was paused in. */
static void pause_states(struct run *r, size_t node)
{
	for (size_t i = 0; r->story && i < r->box->n_services; i++)
		if (span_of(r, node, i)->state != ST_OFF)
			set_state(r, node, i, ST_PAUSED);
}

static void resume_states(struct run *r, size_t node)
{
	const struct engine *e = sim_engine(r->sim, node);
	const struct vr_config *conf = e ? vr_node_conf(eng_node(e)) : NULL;

	for (uint16_t i = 0; conf && i < conf->n_insts; i++) {
		struct vr_inst_view view;

		vr_inst_look(eng_node(e), i, &view);
		set_state(r, node, box_service_of(r->box, conf, i), state_of(view.state));
	}
}

void run_event(struct run *r, const struct box_event *e)
{
	size_t node = e->on->node;
	char text[BOX_LABEL_MAX];

	if (r->story)
		add_line(r, &(struct story_line){ .kind = STORY_EVENT },
			 bev_text(r->box, e, text, sizeof(text)));
	if (bev_thaws(e) && (r->frozen & 1u << node)) {
		resume_states(r, node);
		freeze(r, node, false);
	}
	bev_do(r->sim, e);
	if (bev_freezes(e) && sim_paused(r->sim, node)) {
		freeze(r, node, true);
		pause_states(r, node);
	}
}

void run_end(struct run *r)
{
	run_settle(r);
	if (r->story) {
		for (size_t i = 0; i < r->box->n_nodes * r->box->n_services; i++)
			end_span(r, &r->now[i]);
		r->story->end_us = sim_now_us(r->sim);
		r->story->events = sim_events(r->sim);
	}
	sim_free(r->sim);
	free(r->hold);
	free(r->now);
}
