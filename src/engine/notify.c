/*
 * Which scripts a change of state calls for.
 *
 * keepalived's slots and arguments: the script of the state without arguments, then the generic one
 * with what, name, state and priority appended. All of one instance go through one lane of the
 * runner, so they run one after the other in the order of the changes.
 */
#include <stdio.h>
#include <string.h>

#include "core/names.h"
#include "engine/parts.h"

#define TIMEOUT_US INT64_C(300000000)	/* a hung script must not hold its lane for ever */

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
		const char *const *argv)
{
	struct port_job job = {
		.kind = PORT_JOB_NOTIFY, .lane = lane(g, inst), .argv = argv,
		.uid = command->uid, .gid = command->gid, .groups = command->groups,
		.timeout_us = TIMEOUT_US,
	};

	e->job_seq++;
	job.id = NTF_JOB_BIT | (g->epoch & 0x7fu) << 24 | (uint32_t)e->job_seq << 16 | inst;
	e->port->run(e->port->ctx, &job);
}

static void run_slot(struct engine *e, struct gen *g, uint16_t inst, enum cfg_notify_slot slot)
{
	const struct cfg_command *command = &g->cfg->insts[inst].notify[slot];

	if (may_run(command))
		run(e, g, inst, command, command->argv);
}

/* <command> INSTANCE <name> <state> <priority> */
static void run_generic(struct engine *e, struct gen *g, const struct vr_action *a,
			const char *state)
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
	run(e, g, a->inst, command, argv);
}

static void notify_state(struct engine *e, struct gen *g, const struct vr_action *a)
{
	static const enum cfg_notify_slot slots[VR_N_STATES] = {
		[VR_INIT] = CFG_NOTIFY_STOP, [VR_BACKUP] = CFG_NOTIFY_BACKUP,
		[VR_MASTER] = CFG_NOTIFY_MASTER, [VR_FAULT] = CFG_NOTIFY_FAULT,
	};

	run_slot(e, g, a->inst, slots[a->notify.state]);
	run_generic(e, g, a, nam_state(a->notify.state));
}

/* keepalived: without notify_deleted an instance that a reload removes is told as FAULT, once. */
static void notify_deleted(struct engine *e, struct gen *g, const struct vr_action *a)
{
	if (may_run(&g->cfg->insts[a->inst].notify[CFG_NOTIFY_DELETED])) {
		run_slot(e, g, a->inst, CFG_NOTIFY_DELETED);
		run_generic(e, g, a, "DELETED");
		return;
	}
	if (a->notify.state == VR_FAULT)
		return;
	run_slot(e, g, a->inst, CFG_NOTIFY_FAULT);
	run_generic(e, g, a, nam_state(VR_FAULT));
}

void ntf_notify(struct engine *e, struct gen *g, const struct vr_action *a)
{
	switch (a->notify.what) {
	case VR_NOTIFY_STATE:
		notify_state(e, g, a);
		break;
	case VR_NOTIFY_STOP:
		run_slot(e, g, a->inst, CFG_NOTIFY_STOP);
		run_generic(e, g, a, "STOP");
		break;
	case VR_NOTIFY_DELETED:
		notify_deleted(e, g, a);
		break;
	case VR_NOTIFY_RX_LOWER:
		run_slot(e, g, a->inst, CFG_NOTIFY_RX_LOWER_PRI);
		break;
	}
}

void ntf_done(struct engine *e, const struct port_job_result *result)
{
	uint16_t inst = result->id & 0xffff;
	bool current = (result->id >> 24 & 0x7f) == (e->gen->epoch & 0x7fu);
	char detail[ENG_DETAIL_MAX];

	if (result->result == VR_CHECK_GOOD)
		return;
	if (!current || inst >= e->gen->cfg->vr.n_insts) {
		log_printf(e->log, LOG_LVL_WARN,
			   "a notify script of a former configuration failed");
		return;
	}
	e->gen->insts[inst].notify_failed++;
	log_clean(result->detail ? result->detail : "", detail, sizeof(detail));
	log_printf(e->log, LOG_LVL_WARN, "(%s) notify script failed: %s %d%s%s",
		   e->gen->cfg->vr.insts[inst].name, nam_check(result->result), result->code,
		   detail[0] ? ": " : "", detail);
}
