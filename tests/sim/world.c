/*
 * The world's clock: takes the next thing that happens and lets it happen.
 *
 * Either an event of the queue or the wake-up of a host is next. Wake-ups are not events: an engine
 * arms its timer anew at every packet, and the queue would be full of wishes that were withdrawn.
 */
#include "sim/world.h"

#include <stdlib.h>
#include <string.h>

#include "sim/inner.h"

struct sim *sim_new(uint64_t seed)
{
	struct sim *s = calloc(1, sizeof(*s));

	if (s)
		s->seed = seed;
	return s;
}

static void free_node(struct sim_node *n)
{
	if (n->engine)
		siml_exit(n);
	simp_close(n);
	simr_forget(n);
	free(n->checks);
	free(n->kernel.links);
	free(n->kernel.addrs);
	free(n->kernel.ops);
	free(n);
}

void sim_free(struct sim *s)
{
	if (!s)
		return;
	memset(&s->watch, 0, sizeof(s->watch));
	for (size_t i = 0; i < s->n_nodes; i++)
		free_node(s->nodes[i]);
	for (size_t i = 0; i < s->n_segments; i++) {
		free(s->segments[i]->neighbours);
		free(s->segments[i]);
	}
	simq_free(&s->queue);
	free(s);
}

void sim_observe(struct sim *s, const struct sim_watch *watch)
{
	s->watch = *watch;
}

/* ---- building ---- */

static void copy_name(char *to, size_t size, const char *name)
{
	size_t len = strnlen(name, size - 1);

	memcpy(to, name, len);
	to[len] = '\0';
}

int sim_segment(struct sim *s, const char *name, int64_t delay_us, int64_t jitter_us)
{
	struct sim_segment *g;
	uint64_t stream = (s->n_segments + 1) << 16;

	if (s->n_segments == SIM_SEGMENTS_MAX)
		return -1;
	g = sim_calloc(1, sizeof(*g));
	copy_name(g->name, sizeof(g->name), name);
	g->delay_us = delay_us;
	g->jitter_us = jitter_us;
	for (size_t from = 0; from < SIM_NODES_MAX; from++)
		for (size_t to = 0; to <= SIM_NODES_MAX; to++)
			g->path[from][to] = (struct sim_path){
				.delay_us = delay_us, .jitter_us = jitter_us,
				.dice = rng_of(s->seed, stream + from * 64 + to),
			};
	s->segments[s->n_segments] = g;
	return (int)s->n_segments++;
}

int sim_add(struct sim *s, const struct sim_host *host)
{
	struct sim_node *n;

	if (s->n_nodes == SIM_NODES_MAX)
		return -1;
	n = sim_calloc(1, sizeof(*n));
	n->host = *host;
	n->world = s;
	n->index = s->n_nodes;
	n->armed_us = n->wake_us = VR_NEVER;
	n->kernel.next_ifindex = 2;
	n->dice = rng_of(s->seed, 1 + s->n_nodes);
	s->nodes[s->n_nodes] = n;
	return (int)s->n_nodes++;
}

bool sim_iface(struct sim *s, size_t node, const char *name, int segment,
	       const struct ip_prefix *address)
{
	struct sim_node *n = s->nodes[node];
	struct sim_kernel *k = &n->kernel;
	struct sim_link *link;

	if (strlen(name) >= SIM_IFNAME_MAX || simk_link(n, name))
		return false;
	k->links = sim_grow(k->links, k->n_links + 1, sizeof(*k->links));
	link = &k->links[k->n_links++];
	memset(link, 0, sizeof(*link));
	copy_name(link->name, sizeof(link->name), name);
	link->ifindex = k->next_ifindex++;
	link->carrier = true;
	link->segment = segment;
	if (address->addr.family != IP_NONE)
		sim_address(s, node, name, address);
	return true;
}

bool sim_address(struct sim *s, size_t node, const char *iface, const struct ip_prefix *address)
{
	struct sim_link *link = simk_link(s->nodes[node], iface);

	if (!link || link->n_own == SIM_OWN_MAX)
		return false;
	link->own[link->n_own++] = *address;
	simk_host_addr(s->nodes[node], iface);
	return true;
}

/* ---- running ---- */

static void quiet(struct sim *s)
{
	simn_quiet(s);
	for (size_t i = 0; i < s->n_nodes; i++) {
		siml_resume(s->nodes[i]);
		simr_go_on(s->nodes[i]);
		siml_lag(s->nodes[i], 0);
		simp_quiet(s->nodes[i]);
		simk_quiet(s->nodes[i]);
	}
}

static void do_on_node(struct sim_node *n, const struct sim_deed *deed)
{
	if (!siml_deed(n, deed) && !simf_deed(n, deed))
		simk_deed(n, deed);
}

void sim_do(struct sim *s, const struct sim_deed *deed)
{
	if (s->watch.deed)
		s->watch.deed(s->watch.ctx, deed);
	if (deed->type == SIM_QUIET) {
		quiet(s);
	} else if (!simn_deed(s, deed)) {
		for (size_t i = 0; i < s->n_nodes; i++)
			if (deed->node == SIM_ALL || deed->node == i)
				do_on_node(s->nodes[i], deed);
	}
}

void sim_at(struct sim *s, const struct sim_deed *deed)
{
	simq_push(&s->queue, &(struct simq_event){ .type = SIMQ_DEED, .deed = *deed },
		  deed->at_us > s->now_us ? deed->at_us : s->now_us);
}

/* What the world itself does; everything else is for the process on the host. */
static bool happen(struct sim *s, uint32_t event)
{
	struct simq_event e = s->queue.pool[event];
	struct sim_node *n = e.type == SIMQ_DEED ? NULL : s->nodes[e.node];

	switch (e.type) {
	case SIMQ_GARP:
		simn_heard(s, &e.garp);
		break;
	case SIMQ_CLAIM:
		simn_claim(n, &e.garp);
		break;
	case SIMQ_OP_DO:
		simk_op_do(n);
		break;
	case SIMQ_HOST_ADDR:
		simk_host_addr(n, e.name);
		break;
	case SIMQ_LEASE:
		simk_lease_ends(n, &e.addr);
		break;
	case SIMQ_DEED:
		sim_do(s, &e.deed);
		break;
	default:
		return false;
	}
	simq_done(&s->queue, event);
	return true;
}

static struct sim_node *next_waker(struct sim *s)
{
	struct sim_node *next = NULL;

	for (size_t i = 0; i < s->n_nodes; i++) {
		struct sim_node *n = s->nodes[i];

		if (!n->engine || n->paused || n->wake_us == VR_NEVER)
			continue;
		if (!next || n->wake_us < next->wake_us)
			next = n;
	}
	return next;
}

void sim_run(struct sim *s, int64_t until_us)
{
	for (;;) {
		int64_t event_us = simq_next_us(&s->queue);
		struct sim_node *waker = next_waker(s);
		bool wakes = waker && waker->wake_us < event_us;
		int64_t at_us = wakes ? waker->wake_us : event_us;

		if (at_us > until_us)
			break;
		if (at_us > s->now_us)
			s->now_us = at_us;
		s->events++;
		if (wakes) {
			siml_wake(waker);
			continue;
		}
		uint32_t event = simq_pop(&s->queue);
		if (!happen(s, event))
			siml_event(s->nodes[s->queue.pool[event].node], event);
	}
	if (until_us > s->now_us)
		s->now_us = until_us;
}

/* ---- a node alone ---- */

struct sim *sim_alone(const struct sim *s, size_t node)
{
	const struct sim_node *from = s->nodes[node];
	struct sim *alone = sim_new(s->seed);
	struct sim_node *n;

	if (!alone)
		sim_no_memory();
	sim_segment(alone, "alone", 0, 0);
	sim_add(alone, &from->host);
	n = alone->nodes[0];
	for (size_t i = 0; i < from->kernel.n_links; i++) {
		struct sim_link *l = &from->kernel.links[i];

		sim_iface(alone, 0, l->name, 0, &(struct ip_prefix){ .addr.family = IP_NONE });
		n->kernel.links[i].carrier = l->carrier;
		if (l->ifindex == 0)
			n->kernel.links[i].ifindex = 0;
		for (size_t a = 0; sim_has_own(s, node, l->name) && a < l->n_own; a++)
			sim_address(alone, 0, l->name, &l->own[a]);
	}
	simk_copy_foreign(n, from);
	for (size_t i = 0; i < from->n_checks; i++)
		simp_set_script(n, from->checks[i].name, from->checks[i].mode);
	sim_do(alone, &(struct sim_deed){ .type = SIM_START, .a = from->which });
	return alone;
}

/* ---- looking ---- */

int64_t sim_now_us(const struct sim *s)
{
	return s->now_us;
}

uint64_t sim_events(const struct sim *s)
{
	return s->events;
}

size_t sim_n_nodes(const struct sim *s)
{
	return s->n_nodes;
}

size_t sim_n_segments(const struct sim *s)
{
	return s->n_segments;
}

const char *sim_node_name(const struct sim *s, size_t node)
{
	return s->nodes[node]->host.name;
}

struct engine *sim_engine(const struct sim *s, size_t node)
{
	return s->nodes[node]->engine;
}

int sim_which(const struct sim *s, size_t node)
{
	return s->nodes[node]->which;
}

bool sim_started(const struct sim *s, size_t node)
{
	return s->nodes[node]->engine && s->nodes[node]->started;
}

bool sim_leaving(const struct sim *s, size_t node)
{
	return s->nodes[node]->engine && s->nodes[node]->leaving;
}

bool sim_paused(const struct sim *s, size_t node)
{
	return s->nodes[node]->paused;
}

int64_t sim_served_us(const struct sim *s, size_t node)
{
	return s->nodes[node]->past.served_us;
}

int64_t sim_node_now_us(const struct sim *s, size_t node)
{
	return siml_clock(s->nodes[node]);
}

int64_t sim_armed_us(const struct sim *s, size_t node)
{
	return s->nodes[node]->armed_us;
}

int64_t sim_lag_us(const struct sim *s, size_t node)
{
	return s->nodes[node]->lag_us;
}
