/*
 * Which scripts a change of state calls for.
 *
 * keepalived's slots and arguments: the script of the state without arguments, then the generic one
 * with what, name, state and priority appended. All of one instance go through one lane of the
 * runner, so they run one after the other in the order of the changes; and what waits there while
 * the state changes again is left out by the runner. Which lanes are held for long it tells.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/names.h"
#include "engine/parts.h"

#define TIMEOUT_US INT64_C(300000000)	/* a hung script must not hold its lane for ever */
#define WAIT_LOG_US INT64_C(60000000)
#define TOLD_FOR_US INT64_C(15000000)	/* whoever does not say it again has died */

/* The same for an instance over reloads: 1 + interface, family, VRID. */
static uint32_t lane(const struct gen *g, uint16_t inst)
{
	const struct vr_inst_conf *ic = &g->cfg->vr.insts[inst];

	return 1 + ((uint32_t)g->slots[ic->iface] << 9 | (ic->family == IP_V6) << 8 | ic->vrid);
}

/* What is there and was not refused by the host: the configuration's diagnoses say why. */
static bool may_run(const struct cfg_command *command)
{
	return command->argv && !command->refused;
}

static void run(struct engine *e, struct gen *g, uint16_t inst, const struct cfg_command *command,
		const char *const *argv, enum port_job_rank rank)
{
	struct port_job job = {
		.kind = PORT_JOB_NOTIFY, .lane = lane(g, inst), .argv = argv,
		.rank = rank, .change = e->notices,
		.uid = command->uid, .gid = command->gid, .groups = command->groups,
		.timeout_us = TIMEOUT_US,
	};

	e->job_seq++;
	job.id = NTF_JOB_BIT | (g->epoch & 0x7fu) << 24 | (uint32_t)e->job_seq << 16 | inst;
	if (!e->port->run(e->port->ctx, &job))
		ntf_done(e, &(struct port_job_result){
			.id = job.id, .result = VR_CHECK_CANNOT_RUN, .code = EAGAIN,
			.detail = ENG_JOBS_MANY,
		});
}

static void run_slot(struct engine *e, struct gen *g, uint16_t inst, enum cfg_notify_slot slot,
		     enum port_job_rank rank)
{
	const struct cfg_command *command = &g->cfg->insts[inst].notify[slot];

	if (may_run(command))
		run(e, g, inst, command, command->argv, rank);
}

/* <command> INSTANCE <name> <state> <priority> */
static void run_generic(struct engine *e, struct gen *g, const struct vr_action *a,
			const char *state, enum port_job_rank rank)
{
	const struct cfg_command *command = &g->cfg->insts[a->inst].notify[CFG_NOTIFY_GENERIC];
	const char *argv[ENG_NOTIFY_WORDS_MAX + 5];
	char priority[16];
	size_t n = 0;

	if (!may_run(command))
		return;
	while (command->argv[n] && n < ENG_NOTIFY_WORDS_MAX) {
		argv[n] = command->argv[n];
		n++;
	}
	snprintf(priority, sizeof(priority), "%u", a->notify.priority);
	argv[n++] = "INSTANCE";
	argv[n++] = a->conf->insts[a->inst].name;
	argv[n++] = state;
	argv[n++] = priority;
	argv[n] = NULL;
	run(e, g, a->inst, command, argv, rank);
}

static void notify_state(struct engine *e, struct gen *g, const struct vr_action *a)
{
	static const enum cfg_notify_slot slots[VR_N_STATES] = {
		[VR_INIT] = CFG_NOTIFY_STOP, [VR_BACKUP] = CFG_NOTIFY_BACKUP,
		[VR_MASTER] = CFG_NOTIFY_MASTER, [VR_FAULT] = CFG_NOTIFY_FAULT,
	};

	/* INIT is the end of an instance: as a stop, it is always told. */
	enum port_job_rank rank = a->notify.state == VR_INIT ? PORT_JOB_LAST : PORT_JOB_STATE;

	run_slot(e, g, a->inst, slots[a->notify.state], rank);
	run_generic(e, g, a, nam_state(a->notify.state), rank);
}

/* keepalived: without notify_deleted an instance that a reload removes is told as FAULT, once. */
static void notify_deleted(struct engine *e, struct gen *g, const struct vr_action *a)
{
	if (may_run(&g->cfg->insts[a->inst].notify[CFG_NOTIFY_DELETED])) {
		run_slot(e, g, a->inst, CFG_NOTIFY_DELETED, PORT_JOB_LAST);
		run_generic(e, g, a, "DELETED", PORT_JOB_LAST);
		return;
	}
	if (a->notify.state == VR_FAULT)
		return;
	run_slot(e, g, a->inst, CFG_NOTIFY_FAULT, PORT_JOB_LAST);
	run_generic(e, g, a, nam_state(VR_FAULT), PORT_JOB_LAST);
}

void ntf_notify(struct engine *e, struct gen *g, const struct vr_action *a)
{
	e->notices++;
	switch (a->notify.what) {
	case VR_NOTIFY_STATE:
		notify_state(e, g, a);
		break;
	case VR_NOTIFY_STOP:
		run_slot(e, g, a->inst, CFG_NOTIFY_STOP, PORT_JOB_LAST);
		run_generic(e, g, a, "STOP", PORT_JOB_LAST);
		break;
	case VR_NOTIFY_DELETED:
		notify_deleted(e, g, a);
		break;
	case VR_NOTIFY_RX_LOWER:
		run_slot(e, g, a->inst, CFG_NOTIFY_RX_LOWER_PRI, PORT_JOB_EVENT);
		break;
	}
}

static void complain(const struct engine *e, const char *name, const struct port_job_result *result)
{
	bool ran = result->result != VR_CHECK_CANNOT_RUN;
	char detail[ENG_DETAIL_MAX];

	log_clean(result->detail ? result->detail : "", detail, sizeof(detail));
	if (result->result == VR_CHECK_TIMEOUT)
		log_printf(e->log, LOG_LVL_WARN, "(%s) notify script %s has not ended in %lld s: "
			   "it is ended", name, detail, (long long)(result->took_us / 1000000));
	else if (ran && detail[0])
		log_printf(e->log, LOG_LVL_WARN, "(%s) notify script %s failed: %s %d", name,
			   detail, nam_check(result->result), result->code);
	else
		log_printf(e->log, LOG_LVL_WARN, "(%s) notify script failed: %s %d%s%s", name,
			   nam_check(result->result), result->code, detail[0] ? ": " : "", detail);
}

void ntf_done(struct engine *e, const struct port_job_result *result)
{
	uint16_t inst = result->id & 0xffff;
	bool current = (result->id >> 24 & 0x7f) == (e->gen->epoch & 0x7fu);
	bool known = current && inst < e->gen->cfg->vr.n_insts;

	if (result->result == VR_CHECK_GOOD)
		return;
	if (result->result == VR_CHECK_CANNOT_RUN && result->code == ECANCELED) {
		if (known)
			e->gen->insts[inst].notify_overtaken++;
		return;
	}
	if (known)
		e->gen->insts[inst].notify_failed++;
	complain(e, known ? e->gen->cfg->vr.insts[inst].name : "a former configuration", result);
}

/* ---- what waits ---- */

static uint16_t whose(const struct gen *g, uint32_t number)
{
	for (uint16_t i = 0; i < g->cfg->vr.n_insts; i++)
		if (lane(g, i) == number)
			return i;
	return VR_NONE;
}

static void log_waiting(struct engine *e, uint16_t i, int64_t now_us)
{
	struct eng_inst *in = &e->gen->insts[i];

	log_limited(e->log, &in->slow, now_us, WAIT_LOG_US, LOG_LVL_WARN,
		    "(%s) notify script %s has not ended for %lld s, %u more wait for it",
		    e->gen->cfg->vr.insts[i].name, in->notify.script,
		    (long long)((now_us - in->notify.since_us) / 1000000), in->notify.waiting);
}

void ntf_waiting(struct engine *e, const struct port_wait *wait)
{
	uint16_t i = whose(e->gen, wait->lane);
	int64_t now = e->port->now_us(e->port->ctx);

	if (i == VR_NONE)		/* of an instance that is no more */
		return;
	struct eng_notify *n = &e->gen->insts[i].notify;
	*n = (struct eng_notify){ .script = "" };
	if (!wait->script)
		return;
	log_clean(wait->script, n->script, sizeof(n->script));
	n->told_us = now;
	n->since_us = now - wait->running_us;
	n->waiting = wait->waiting;
	if (n->waiting)
		log_waiting(e, i, now);
}

void ntf_look(const struct engine *e, uint16_t inst, struct eng_inst_view *out)
{
	const struct eng_notify *n = &e->gen->insts[inst].notify;
	int64_t now = e->port->now_us(e->port->ctx);

	out->notify_overtaken = e->gen->insts[inst].notify_overtaken;
	if (!n->script[0] || now - n->told_us > TOLD_FOR_US)
		return;
	snprintf(out->notify_script, sizeof(out->notify_script), "%s", n->script);
	out->notify_us = now - n->since_us;
	out->notify_waiting = n->waiting;
}
