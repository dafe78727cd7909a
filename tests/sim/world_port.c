/*
 * struct port of a simulated host: what the engine holds in its hand.
 *
 * Sockets, announcements and scripts are the process's own and end with it; addresses belong to the
 * kernel and stay. No call reports upwards before it has returned, as the seam demands.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "sim/inner.h"

#define WALL_US INT64_C(1700000000000000)
#define FRAME_US 2			/* two announcements without a gap */
#define RUN_LEAST_US 1000
#define RUN_MOST_US 30000
#define KILL_US INT64_C(2000000)	/* from TERM to KILL, as the port promises */

/* ---- clocks ---- */

static int64_t now_us(void *ctx)
{
	return siml_clock(ctx);
}

static int64_t wall_us(void *ctx)
{
	const struct sim_node *n = ctx;

	return WALL_US + n->world->now_us;
}

static void wake_at(void *ctx, int64_t at_us)
{
	struct sim_node *n = ctx;
	int64_t ahead_us;

	n->armed_us = at_us;
	n->wake_us = VR_NEVER;
	if (at_us == VR_NEVER)
		return;
	/* To be woken takes some time: who wants it for ever does not stop the clock. */
	ahead_us = at_us - siml_clock(n);
	n->wake_us = n->world->now_us + (ahead_us > 0 ? ahead_us : 1);
	if (n->lag_us)
		n->wake_us += rng_below(&n->dice, n->lag_us);
}

/* ---- sockets ---- */

static int join(void *ctx, uint16_t iface, int ifindex, const struct ip_addr *group)
{
	struct sim_node *n = ctx;
	struct sim_sock *sock;

	if (n->kernel.join_error)
		return n->kernel.join_error;
	if (!simk_link_at(n, ifindex))
		return ENODEV;
	if (iface >= n->n_socks) {
		n->socks = sim_grow(n->socks, iface + 1u, sizeof(*n->socks));
		memset(&n->socks[n->n_socks], 0, (iface + 1u - n->n_socks) * sizeof(*n->socks));
		n->n_socks = iface + 1u;
	}
	sock = &n->socks[iface];
	if (sock->ifindex != ifindex)
		memset(sock, 0, sizeof(*sock));
	for (size_t g = 0; g < sock->n_groups; g++)
		if (ip_equal(&sock->groups[g], group))
			return 0;
	if (sock->n_groups == sizeof(sock->groups) / sizeof(sock->groups[0]))
		return ENOBUFS;
	sock->open = true;
	sock->ifindex = ifindex;
	sock->groups[sock->n_groups++] = *group;
	return 0;
}

static void leave(void *ctx, uint16_t iface)
{
	struct sim_node *n = ctx;

	if (iface < n->n_socks)
		memset(&n->socks[iface], 0, sizeof(n->socks[iface]));
}

static void hear(void *ctx, uint16_t iface, uint8_t family, const struct port_vrids *wanted)
{
	struct sim_node *n = ctx;
	struct sim_sock *sock = iface < n->n_socks ? &n->socks[iface] : NULL;

	if (!sock || !sock->open)
		return;
	sock->choosy[family == IP_V6] = true;
	sock->wanted[family == IP_V6] = *wanted;
}

/* Nobody here claims what he does not hold. */
static void guard(void *ctx, const struct vr_config *conf)
{
	(void)ctx, (void)conf;
}

static void send(void *ctx, struct port_packet *v, size_t count)
{
	if (!simr_dies(ctx))
		simn_send(ctx, v, count);
}

static void addrs(void *ctx, struct port_addr_op *v, size_t count)
{
	if (!simr_dies(ctx))
		simk_ops(ctx, v, count);
}

/* ---- announcements ---- */

static struct sim_burst *burst_of(struct sim_node *n, uint32_t owner)
{
	for (size_t i = 0; i < n->n_bursts; i++)
		if (n->bursts[i].owner == owner)
			return &n->bursts[i];
	n->bursts = sim_grow(n->bursts, n->n_bursts + 1, sizeof(*n->bursts));
	n->bursts[n->n_bursts] = (struct sim_burst){ .owner = owner };
	return &n->bursts[n->n_bursts++];
}

static void send_one(struct sim_node *n, struct sim_burst *b)
{
	const struct port_announce *a = &b->v[b->at++ % b->n];

	b->left--;
	simn_garp(n, a->ifindex, &a->addr);
}

static void wait_for_next(struct sim_node *n, struct sim_burst *b)
{
	struct simq_event e = {
		.type = SIMQ_ANNOUNCE, .node = n->index, .life = n->life, .owner = b->owner,
	};

	if (b->left == 0 || b->waiting)
		return;
	b->waiting = true;
	simq_push(&n->world->queue, &e, n->world->now_us + (b->gap_us ? b->gap_us : FRAME_US));
}

void simp_announce_on(struct sim_node *n, uint32_t owner)
{
	struct sim_burst *b = burst_of(n, owner);

	b->waiting = false;
	if (b->left == 0)
		return;
	send_one(n, b);
	wait_for_next(n, b);
}

/* Rounds beyond the first say the same again: without a gap one more stands for all of them. */
static void announce(void *ctx, uint32_t owner, const struct port_announce *v, size_t count,
		     uint32_t repeat, int64_t gap_us)
{
	struct sim_node *n = ctx;
	const struct sim_watch *watch = &n->world->watch;
	struct sim_burst *b;

	if (simr_dies(n))
		return;
	b = burst_of(n, owner);
	if (watch->announce)
		watch->announce(watch->ctx, n->index, owner, v, count, repeat);
	b->v = sim_grow(b->v, count, sizeof(*v));
	memcpy(b->v, v, count * sizeof(*v));
	b->n = count;
	b->at = 0;
	b->gap_us = gap_us;
	if (gap_us == 0 && repeat > 2)
		repeat = 2;
	b->left = (uint32_t)count * repeat;
	if (b->left)
		send_one(n, b);
	wait_for_next(n, b);
}

static void announce_stop(void *ctx, uint32_t owner)
{
	if (!simr_dies(ctx))
		burst_of(ctx, owner)->left = 0;
}

/* ---- scripts ---- */

void simp_set_script(struct sim_node *n, const char *check, enum sim_script mode)
{
	size_t i = 0;

	while (i < n->n_checks && strcmp(n->checks[i].name, check) != 0)
		i++;
	if (i == n->n_checks) {
		n->checks = sim_grow(n->checks, i + 1, sizeof(*n->checks));
		memset(&n->checks[i], 0, sizeof(n->checks[i]));
		memcpy(n->checks[i].name, check, strnlen(check, SIM_NAME_MAX - 1));
		n->n_checks++;
	}
	n->checks[i].mode = mode;
}

void simp_quiet(struct sim_node *n)
{
	for (size_t i = 0; i < n->n_checks; i++) {
		enum sim_script *mode = &n->checks[i].mode;

		if (*mode == SIM_SCRIPT_SLOW || *mode == SIM_SCRIPT_FLAP ||
		    *mode == SIM_SCRIPT_LIE)
			*mode = SIM_SCRIPT_GOOD;
	}
}

enum sim_script sim_script_of(const struct sim *s, size_t node, const char *check)
{
	const struct sim_node *n = s->nodes[node];

	for (size_t i = 0; i < n->n_checks; i++)
		if (strcmp(n->checks[i].name, check) == 0)
			return n->checks[i].mode;
	return SIM_SCRIPT_GOOD;
}

static enum sim_script mode_of(const struct sim_node *n, const struct port_job *job)
{
	const struct cfg *cfg = eng_cfg(n->engine);

	for (uint16_t c = 0; c < cfg->vr.n_checks; c++)
		if ((const char *const *)cfg->checks[c].command.argv == job->argv)
			return sim_script_of(n->world, n->index, cfg->checks[c].name);
	return SIM_SCRIPT_GOOD;
}

static void fails(struct simq_job *r)
{
	r->result = VR_CHECK_EXIT;
	r->code = 1;
}

/* Longer than its timeout: TERM ends most of them, KILL the rest. */
static void times_out(struct sim_node *n, const struct port_job *job, struct simq_job *r)
{
	r->result = VR_CHECK_TIMEOUT;
	r->took_us = job->timeout_us + (rng_below(&n->dice, 4) ? 0 : KILL_US);
}

static void play(struct sim_node *n, const struct port_job *job, struct simq_job *r)
{
	switch (mode_of(n, job)) {
	case SIM_SCRIPT_FAIL:
		fails(r);
		break;
	case SIM_SCRIPT_HANG:
		times_out(n, job, r);
		break;
	case SIM_SCRIPT_SLOW:
		r->took_us = rng_below(&n->dice, job->timeout_us + job->timeout_us / 4);
		if (r->took_us >= job->timeout_us)
			times_out(n, job, r);
		break;
	case SIM_SCRIPT_FLAP:
		if (rng_below(&n->dice, 2))
			fails(r);
		break;
	case SIM_SCRIPT_LIE:
		if (rng_below(&n->dice, 8) == 0)
			fails(r);
		break;
	case SIM_SCRIPT_SIGNAL:
		r->result = VR_CHECK_SIGNAL;
		r->code = SIGKILL;
		break;
	case SIM_SCRIPT_CANNOT:
		r->result = VR_CHECK_CANNOT_RUN;
		r->code = ENOENT;
		break;
	default:
		break;
	}
}

/* Jobs of one lane run one after the other. */
static int64_t begins_us(struct sim_node *n, const struct port_job *job, int64_t took_us)
{
	int64_t at_us = n->world->now_us;
	size_t i = 0;

	if (job->lane == 0)
		return at_us;
	while (i < n->n_lanes && n->lanes[i].lane != job->lane)
		i++;
	if (i == n->n_lanes) {
		n->lanes = sim_grow(n->lanes, i + 1, sizeof(*n->lanes));
		n->lanes[i] = (struct sim_lane){ .lane = job->lane };
		n->n_lanes++;
	}
	if (n->lanes[i].free_us > at_us)
		at_us = n->lanes[i].free_us;
	n->lanes[i].free_us = at_us + took_us;
	return at_us;
}

static void reread(void *ctx)
{
	simk_resync(ctx);
}

static bool run(void *ctx, const struct port_job *job)
{
	struct sim_node *n = ctx;
	const struct sim_watch *watch = &n->world->watch;
	struct simq_job r = {
		.id = job->id, .result = VR_CHECK_GOOD,
		.took_us = rng_between(&n->dice, RUN_LEAST_US, RUN_MOST_US),
	};

	if (simr_dies(n))
		return true;
	if (watch->job)
		watch->job(watch->ctx, n->index, job);
	if (r.took_us > job->timeout_us)
		r.took_us = job->timeout_us;
	if (job->kind == PORT_JOB_CHECK)
		play(n, job, &r);
	int64_t at_us = begins_us(n, job, r.took_us) + r.took_us;
	simq_push(&n->world->queue, &(struct simq_event){
		.type = SIMQ_JOB, .node = n->index, .life = n->life, .job = r,
	}, at_us);
	return true;
}

/* ---- life ---- */

void simp_port(struct sim_node *n)
{
	n->port = (struct port){
		.ctx = n, .now_us = now_us, .wall_us = wall_us, .wake_at = wake_at, .join = join,
		.leave = leave, .hear = hear, .guard = guard,
		.send = send, .addrs = addrs, .announce = announce,
		.announce_stop = announce_stop, .reread = reread, .run = run,
	};
}

void simp_hush(struct sim_node *n)
{
	for (size_t i = 0; i < n->n_bursts; i++)
		free(n->bursts[i].v);
	free(n->bursts);
	n->bursts = NULL;
	n->n_bursts = 0;
}

void simp_close(struct sim_node *n)
{
	simp_hush(n);
	free(n->socks);
	free(n->lanes);
	n->socks = NULL;
	n->lanes = NULL;
	n->n_socks = n->n_lanes = 0;
	n->armed_us = n->wake_us = VR_NEVER;
}
