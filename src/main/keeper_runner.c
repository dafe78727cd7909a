/*
 * The runner's life.
 *
 * It runs other people's programs as root and may die of them, of memory for one. Without it every
 * tracked script counts as failed and the address goes, so it is replaced at once, and the engine
 * goes on with the new one; but a runner that cannot live is not started more than once a second.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "main/keeper_parts.h"
#include "main/scripts.h"

#define AGAIN_US INT64_C(1000000)
#define HANGS_US INT64_C(5000000)
#define GONE_US INT64_C(2000000)	/* after which one that was killed counts as gone */
#define LAST_WAIT_MS 1000

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

/* ---- whether it lives ---- */

void krn_ask(struct keeper *k, bool still)
{
	struct kpr_runner_life *life = &k->runner_life;

	if (!k->runner.pid)
		return;
	if (still || runner_answered(&k->runner))
		life->unanswered_us = 0;
	if (life->unanswered_us >= HANGS_US + GONE_US && life->killed) {
		krn_died(k);		/* it hangs in the kernel */
		return;
	}
	if (life->unanswered_us >= HANGS_US && !life->killed) {
		log_printf(k->log, LOG_LVL_ERROR, "Script runner, PID %d, has not answered for "
			   "%d s: it is ended", (int)k->runner.pid, (int)(HANGS_US / 1000000));
		kill(k->runner.pid, SIGKILL);
		life->killed = true;
	}
	life->unanswered_us += k->tick_us;
	if (!life->killed)
		runner_ping(&k->runner);
}

/* One that hangs would never see that the daemon has ended, and stay. */
static void end_if_it_hangs(struct keeper *k)
{
	struct pollfd answer = { .fd = k->runner.keeper, .events = POLLIN };

	if (!k->runner.pid)
		return;
	runner_answered(&k->runner);
	if (runner_ping(&k->runner) == 0 && poll(&answer, 1, LAST_WAIT_MS) == 0)
		kill(k->runner.pid, SIGKILL);
}

/* ---- life ---- */

static void drop(struct keeper *k)
{
	k->runner_life = (struct kpr_runner_life){ 0 };
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

	if (kpr_stops(k))
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
	end_if_it_hangs(k);
	loop_timer_free(k->runner_timer);
	drop(k);
}
