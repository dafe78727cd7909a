/*
 * When tracked scripts run.
 *
 * A check runs at once after start and then at its interval; a run that is still going when the
 * next is due is left alone and said to be slow, never doubled. How results become a verdict is the
 * core's business.
 */
#include <errno.h>
#include <string.h>

#include "engine/parts.h"

#define IDLE_LOG_US INT64_C(60000000)
/* The keeper replaces a runner at most once a second; who is not back by then is not to come. */
#define LOST_AGAIN_US INT64_C(500000)
#define LOST_MOST 5

void chk_start(struct engine *e)
{
	for (uint16_t i = 0; i < e->gen->cfg->vr.n_checks; i++)
		e->gen->checks[i].next_us = 0;
}

/* Never 0, never a notify job, never that of an earlier run: epoch, sequence, index. */
static uint32_t job_id(struct engine *e, uint16_t check)
{
	if (++e->job_seq == 0)
		e->job_seq = 1;
	return (e->gen->epoch & 0x7fu) << 24 | (uint32_t)e->job_seq << 16 | check;
}

static void run(struct engine *e, uint16_t i, int64_t now_us)
{
	const struct cfg_check *conf = &e->gen->cfg->checks[i];
	struct eng_check *check = &e->gen->checks[i];
	const char *why = conf->command.refused;	/* an unknown user, unsafe permissions */
	struct port_job job = {
		.id = job_id(e, i), .kind = PORT_JOB_CHECK, .argv = conf->command.argv,
		.uid = conf->command.uid, .gid = conf->command.gid,
		.groups = conf->command.groups, .timeout_us = conf->timeout_us,
	};

	check->started_us = now_us;
	check->job = job.id;
	if (!why && e->port->run(e->port->ctx, &job))
		return;
	chk_done(e, &(struct port_job_result){
		.id = job.id, .result = VR_CHECK_CANNOT_RUN, .code = why ? EACCES : EAGAIN,
		.detail = why ? why : ENG_JOBS_MANY,
	});
}

/* The next run keeps its place in the rhythm; runs that were missed are not made up for. */
static void schedule(struct eng_check *check, int64_t interval_us, int64_t now_us)
{
	check->next_us = check->next_us == 0 ? now_us : check->next_us;
	check->next_us += interval_us;
	if (check->next_us <= now_us)
		check->next_us = now_us + interval_us;
}

void chk_run_due(struct engine *e, int64_t now_us)
{
	for (uint16_t i = 0; i < e->gen->cfg->vr.n_checks; i++) {
		struct eng_check *check = &e->gen->checks[i];

		if (check->next_us > now_us)
			continue;
		schedule(check, e->gen->cfg->checks[i].interval_us, now_us);
		if (check->job == 0)
			run(e, i, now_us);
		else
			log_limited(e->log, &check->idle, now_us, IDLE_LOG_US, LOG_LVL_WARN,
				    "Track script %s is already running, expect idle - "
				    "skipping run", e->gen->cfg->checks[i].name);
	}
}

int64_t chk_deadline(const struct engine *e)
{
	int64_t next = VR_NEVER;

	for (uint16_t i = 0; i < e->gen->cfg->vr.n_checks; i++)
		if (e->gen->checks[i].next_us < next)
			next = e->gen->checks[i].next_us;
	return next;
}

static void keep_detail(struct engine *e, uint16_t i, const char *detail)
{
	struct eng_check *check = &e->gen->checks[i];
	char clean[ENG_DETAIL_MAX];

	log_clean(detail ? detail : "", clean, sizeof(clean));
	if (clean[0] && strcmp(clean, check->detail) != 0)
		log_printf(e->log, LOG_LVL_ERROR, "VRRP_Script(%s) cannot run: %s",
			   e->gen->cfg->checks[i].name, clean);
	memcpy(check->detail, clean, sizeof(clean));
}

/* By the run's number: the check may have another place in the file since it began. */
static uint16_t whose(const struct engine *e, uint32_t job)
{
	for (uint16_t i = 0; job && i < e->gen->cfg->vr.n_checks; i++)
		if (e->gen->checks[i].job == job)
			return i;
	return VR_NONE;
}

/*
 * A run that ended with its runner, or found none, says nothing of what it was to find out; the
 * address must not go for that. It is repeated until another runner must have been there.
 */
static bool repeat_lost(struct engine *e, struct eng_check *check,
			const struct port_job_result *result)
{
	bool lost = result->result == VR_CHECK_CANNOT_RUN && result->code == EPIPE;
	bool again = lost && check->lost < LOST_MOST;

	check->lost = again ? check->lost + 1 : 0;
	if (again)
		check->next_us = e->port->now_us(e->port->ctx) + LOST_AGAIN_US;
	return again;
}

void chk_done(struct engine *e, const struct port_job_result *result)
{
	uint16_t i = whose(e, result->id);

	if (i == VR_NONE)	/* a run that a new configuration has made void */
		return;
	struct eng_check *check = &e->gen->checks[i];
	check->job = 0;
	if (repeat_lost(e, check, result))
		return;
	check->ended_us = e->port->now_us(e->port->ctx);
	check->took_us = result->took_us;
	keep_detail(e, i, result->detail);
	stp_step(e, &(struct vr_event){
		.type = VR_EV_CHECK,
		.check = { .check = i, .result = result->result, .code = result->code },
	});
}
