/*
 * The runner's life.
 *
 * It runs other people's programs as root and may die of them, of memory for one. Without it every
 * tracked script counts as failed and the address goes, so it is replaced at once, and the engine
 * goes on with the new one; but a runner that cannot live is not started more than once a second.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "main/keeper_parts.h"
#include "main/scripts.h"

#define AGAIN_US INT64_C(1000000)

/* Nobody to tell is no failure: the next runner is told when it starts. */
int krn_allow(const struct keeper *k, const struct cfg *cfg)
{
	return k->runner.pid ? scr_allow(&k->runner, cfg) : 0;
}

void krn_settle(const struct keeper *k, bool newest)
{
	if (k->runner.pid)
		runner_settle(&k->runner, newest);
}

static int tell_all(struct keeper *k)
{
	int error = krn_allow(k, k->cfg);

	if (!error)
		error = runner_settle(&k->runner, true);
	if (!error && k->tried)
		error = krn_allow(k, k->tried);
	return error;
}

static void drop(struct keeper *k)
{
	if (k->runner.fd >= 0)
		close(k->runner.fd);
	if (k->runner.keeper >= 0)
		close(k->runner.keeper);
	k->runner = (struct runner_handle){ .fd = -1, .keeper = -1 };
}

/* The log's thread lives, so this cannot be a mere fork. */
static pid_t execute(void *ctx, int jobs, int keeper)
{
	const struct rol role = { .kind = ROL_RUNNER };
	const struct keeper *k = ctx;

	return rol_start(&k->source, &role, (const int[]){ jobs, keeper }, 2);
}

static void start(void *ctx)
{
	const struct kpw m = { .kind = KPW_RUNNER };
	struct keeper *k = ctx;
	const struct runner_options options = { .start = execute, .ctx = k };
	int error;

	if (k->phase == KPR_STOPPING)
		return;
	k->runner_since_us = loop_now_us();
	error = runner_spawn(&k->runner, &options);
	if (!error)
		error = tell_all(k);
	if (error) {
		log_printf(k->log, LOG_LVL_ERROR, "cannot start a script runner: %s",
			   strerror(error));
		drop(k);
		loop_timer_at(k->runner_timer, k->runner_since_us + AGAIN_US);
		return;
	}
	log_printf(k->log, LOG_LVL_INFO, "Script runner, PID %d, begins", (int)k->runner.pid);
	if (k->engine.pid)
		kpw_send(k->engine.channel, &m, &k->runner.fd, 1);
	kpr_drop_spare(k);	/* it has the old one's socket */
	kpr_prepare(k);
}

bool krn_init(struct keeper *k)
{
	k->runner_since_us = loop_now_us();
	k->runner_timer = loop_timer_new(k->loop, LOOP_NORMAL, start, k);
	return k->runner_timer;
}

void krn_died(struct keeper *k)
{
	int64_t now = loop_now_us();

	drop(k);
	if (now - k->runner_since_us >= AGAIN_US)
		start(k);
	else
		loop_timer_at(k->runner_timer, k->runner_since_us + AGAIN_US);
}

void krn_free(struct keeper *k)
{
	loop_timer_free(k->runner_timer);
	drop(k);
}
