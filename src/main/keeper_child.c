/*
 * The engines as processes.
 *
 * Each state that somebody waits for has its time: what has not come by then is ended, and what
 * does not even end counts as gone, for nobody may wait for ever for a process that hangs in the
 * kernel. The keeper's own standstill does not count.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "main/engine_process.h"
#include "main/keeper_parts.h"

#define US_PER_S INT64_C(1000000)
#define READY_MOST_US (60 * US_PER_S)
#define SPARE_AGAIN_US US_PER_S		/* a spare that could not be made */
#define SPARE_LOG_US (10 * US_PER_S)
#define STILL_US US_PER_S		/* a timer that is so late: we stood still */

/* A state without a time is not waited for. */
static const struct {
	int64_t most_us;
	const char *says;		/* "Engine, PID 7, ..." */
} times[KPR_N_STATES] = {
	[KPR_MAKING] = { 5 * US_PER_S, "is not ready after" },
	[KPR_LEAVING] = { 2 * US_PER_S, "does not let go within" },
	[KPR_ENDING] = { 5 * US_PER_S, "does not stop within" },
	[KPR_DYING] = { 2 * US_PER_S, "was ended and is still there after" },
};

/* ---- time ---- */

static void arm(struct keeper *k)
{
	int64_t first = VR_NEVER;

	if (!k->child_timer)		/* a start that failed half way */
		return;
	for (size_t i = 0; i < KPR_N_CHILDREN; i++)
		if (k->children[i]->pid && k->children[i]->due_us < first)
			first = k->children[i]->due_us;
	loop_timer_at(k->child_timer, first);
	k->child_due_us = first;
}

/* Twice as long to become ready after each that was late: a host may be slow, or its configuration
 * large. */
static int64_t within(const struct keeper *k, enum kpr_state state)
{
	int64_t most = times[state].most_us;

	if (state != KPR_MAKING)
		return most;
	most <<= k->late < 8 ? k->late : 8;
	return most < READY_MOST_US ? most : READY_MOST_US;
}

void kpr_turn(struct keeper *k, struct kpr_child *c, enum kpr_state state)
{
	c->state = state;
	c->unanswered_us = 0;
	c->due_us = times[state].most_us ? loop_now_us() + within(k, state) : VR_NEVER;
	arm(k);
}

void kpr_kill(struct keeper *k, struct kpr_child *c)
{
	kill(c->pid, SIGKILL);
	kpr_turn(k, c, KPR_DYING);
}

static void late(struct keeper *k, struct kpr_child *c)
{
	enum kpr_state state = c->state;
	bool last = false;
	char why[200];

	snprintf(why, sizeof(why), "Engine, PID %d, %s %d s%s", (int)c->pid, times[state].says,
		 (int)(within(k, state) / US_PER_S), state == KPR_DYING ? "" : ": it is ended");
	c->late = state == KPR_MAKING;
	if (c->late)
		last = ++k->late == KPR_FIRST_TRIES && !k->lived;
	if (last)
		kpr_complain(k, why);
	else
		log_printf(k->log, LOG_LVL_ERROR, "%s", why);
	if (state == KPR_DYING)
		kpr_gone(k, c);
	else
		kpr_kill(k, c);
}

static void child_due(void *ctx)
{
	struct keeper *k = ctx;
	int64_t now = loop_now_us(), slept = now - k->child_due_us;

	for (size_t i = 0; i < KPR_N_CHILDREN; i++) {
		struct kpr_child *c = k->children[i];

		if (!c->pid || c->due_us == VR_NEVER)
			continue;
		if (slept > STILL_US)
			c->due_us += slept;
		else if (c->due_us <= now)
			late(k, c);
	}
	arm(k);
}

/* ---- life ---- */

void kpr_forget(struct keeper *k, struct kpr_child *c)
{
	loop_unwatch(c->watch);
	if (c->channel >= 0)
		close(c->channel);
	*c = (struct kpr_child){ .channel = -1 };
	arm(k);
}

static int spawn(struct keeper *k, struct kpr_child *c)
{
	struct rol role = {
		.kind = ROL_ENGINE, .owner = geteuid(), .level = k->log->level,
		.first = !k->lived, .has_user = k->has_user, .uid = k->user.uid, .gid = k->user.gid,
	};
	int ends[2], error = kpw_pair(ends);

	if (error)
		return error;
	snprintf(role.lock, sizeof(role.lock), "%s", k->o->files->lock);
	const int fds[EPR_N_FDS] = {
		[EPR_CHANNEL] = ends[1], [EPR_LOG] = k->log_ends[1],
		[EPR_RUNNER] = k->runner.fd, [EPR_CONTROL] = k->control.fd,
		[EPR_JOURNAL] = k->journal, [EPR_RECORD] = rec_fd(k->record),
		[EPR_CONFIG] = k->config,
	};
	pid_t pid = rol_start(&k->source, &role, fds, EPR_N_FDS);
	error = pid < 0 ? errno : 0;
	close(ends[1]);
	*c = (struct kpr_child){ .pid = pid, .channel = ends[0] };
	if (!error) {
		c->watch = loop_watch_read(k->loop, c->channel, LOOP_URGENT, kpr_on_message, k);
		error = c->watch ? 0 : ENOMEM;
	}
	if (!error)
		return 0;
	kpr_forget(k, c);		/* the end of its channel is a child's end */
	return error;
}

void kpr_prepare(struct keeper *k)
{
	int error;

	if (k->spare.pid || k->phase == KPR_STOPPING)
		return;
	error = spawn(k, &k->spare);
	if (!error) {
		kpr_turn(k, &k->spare, KPR_MAKING);
		return;
	}
	log_limited(k->log, &k->spare_limit, loop_now_us(), SPARE_LOG_US, LOG_LVL_ERROR,
		    "cannot start an engine: %s", strerror(error));
	kpr_prepare_soon(k);
}

void kpr_prepare_soon(struct keeper *k)
{
	loop_timer_at(k->spare_timer, loop_now_us() + SPARE_AGAIN_US);
}

void kpr_drop_spare(struct keeper *k)
{
	if (k->spare.pid)
		kill(k->spare.pid, SIGKILL);
	kpr_forget(k, &k->spare);
}

static void spare_due(void *ctx)
{
	kpr_prepare(ctx);
}

bool kpr_children_init(struct keeper *k)
{
	k->child_timer = loop_timer_new(k->loop, LOOP_NORMAL, child_due, k);
	k->spare_timer = loop_timer_new(k->loop, LOOP_NORMAL, spare_due, k);
	return k->child_timer && k->spare_timer;
}
