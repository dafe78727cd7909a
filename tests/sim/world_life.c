/*
 * The life of a daemon on a simulated host: started, told, woken, paused, stopped, killed.
 *
 * A paused process hears nothing: what comes waits in its inbox, packets up to what a socket's
 * buffer holds; too many notices overflow, and everything is read again. A paused virtual machine's
 * clock stands beside. An orderly stop waits as long as holdfastd does for the kernel's last
 * answers.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/inner.h"

#define FAREWELL_US INT64_C(40000)
#define READ_LEAST_US 500		/* from the start of the process to its first facts */
#define READ_MOST_US 20000
#define INBOX_PACKETS 128
#define INBOX_NOTICES 256

int64_t siml_clock(const struct sim_node *n)
{
	int64_t stood_us = n->lost_us;

	if (n->paused && n->frozen)
		stood_us += n->world->now_us - n->paused_us;
	return n->world->now_us - stood_us;
}

/* ---- what the engine is called for ---- */

void siml_before(struct sim_node *n, const struct sim_input *in)
{
	const struct sim_watch *watch = &n->world->watch;

	if (watch->before)
		watch->before(watch->ctx, in);
}

void siml_after(struct sim_node *n, const struct sim_input *in)
{
	const struct sim_watch *watch = &n->world->watch;

	if (n->dying)
		simr_died(n);
	else if (watch->after)
		watch->after(watch->ctx, in);
}

void siml_wake(struct sim_node *n)
{
	struct sim_input in = { .type = SIM_IN_WAKE, .node = n->index };

	n->wake_us = VR_NEVER;
	n->armed_us = VR_NEVER;
	siml_before(n, &in);
	n->up.wake(n->up.ctx);
	siml_after(n, &in);
}

static void tell_job(struct sim_node *n, const struct simq_job *job)
{
	struct port_job_result result = {
		.id = job->id, .result = job->result, .code = job->code, .took_us = job->took_us,
	};

	if (job->result == VR_CHECK_CANNOT_RUN)
		result.detail = "the file does not exist";
	n->up.job_done(n->up.ctx, &result);
}

static void tell_link(struct sim_node *n, const struct simq_link *link)
{
	struct port_link notice = {
		.ifindex = link->ifindex, .name = link->name, .gone = link->gone, .up = link->up,
	};

	n->up.link(n->up.ctx, &notice);
}

static void tell_synced(struct sim_node *n)
{
	n->started = true;
	n->up.synced(n->up.ctx);
}

static void tell_resync(struct sim_node *n)
{
	n->up.resync(n->up.ctx);
	simk_dump(n);
}

/* The process has read what there is, for the first time. */
static void begin(struct sim_node *n)
{
	struct sim_input in = { .type = SIM_IN_SYNCED, .node = n->index };

	siml_before(n, &in);
	simk_dump(n);
	tell_synced(n);
	siml_after(n, &in);
}

/* What the kernel and the runner say. */
static void tell_input(struct sim_node *n, const struct simq_event *e)
{
	static const enum sim_input_type types[] = {
		[SIMQ_LINK] = SIM_IN_LINK, [SIMQ_ADDR] = SIM_IN_ADDR,
		[SIMQ_RESYNC] = SIM_IN_RESYNC, [SIMQ_SYNCED] = SIM_IN_SYNCED,
		[SIMQ_JOB] = SIM_IN_JOB_DONE,
	};
	struct sim_input in = { .type = types[e->type], .node = n->index };

	if (e->type == SIMQ_JOB) {
		in.job = e->job.id;
		in.result = e->job.result;
	}
	siml_before(n, &in);
	if (e->type == SIMQ_LINK)
		tell_link(n, &e->link);
	else if (e->type == SIMQ_ADDR)
		n->up.addr(n->up.ctx, &e->addr);
	else if (e->type == SIMQ_RESYNC)
		tell_resync(n);
	else if (e->type == SIMQ_SYNCED)
		tell_synced(n);
	else
		tell_job(n, &e->job);
	siml_after(n, &in);
}

static void tell(struct sim_node *n, const struct simq_event *e)
{
	if (e->type == SIMQ_BEGIN)
		begin(n);
	else if (e->type == SIMQ_EXIT)
		siml_exit(n);
	else if (e->type == SIMQ_ANNOUNCE)
		simp_announce_on(n, e->owner);
	else
		tell_input(n, e);
}

/* The pool may move while the engine runs: EVENT is copied first. */
static void hand_over(struct sim_node *n, uint32_t event)
{
	struct simq_event e = n->world->queue.pool[event];

	simq_done(&n->world->queue, event);
	if (e.type == SIMQ_PACKET) {
		if (n->engine)
			simn_arrive(n->world, n, e.frame);
		simn_drop(e.frame);
		return;
	}
	bool lives = n->engine && n->life == e.life;
	if (e.type == SIMQ_OP_ANSWER)
		simk_op_answer(n);
	else if (e.type == SIMQ_GO_ON && n->orphan && n->life == e.life)
		simr_go_on(n);
	else if (lives)
		tell(n, &e);
	if (n->engine && n->leaving && eng_idle(n->engine))
		siml_exit(n);
}

/* ---- pausing ---- */

static bool overflows(struct sim_node *n, const struct simq_event *e)
{
	if (e->type == SIMQ_PACKET)
		return n->n_packets++ >= INBOX_PACKETS;
	if (e->type != SIMQ_LINK && e->type != SIMQ_ADDR)
		return false;
	if (n->n_notices++ < INBOX_NOTICES)
		return false;
	n->kernel.missed = n->kernel.deaf = true;
	return true;
}

void siml_event(struct sim_node *n, uint32_t event)
{
	struct simq *q = &n->world->queue;
	struct simq_event *e = &q->pool[event];

	if (!n->paused && !(n->orphan && e->type == SIMQ_PACKET)) {
		hand_over(n, event);
		return;
	}
	if (overflows(n, e)) {
		if (e->type == SIMQ_PACKET)
			simn_drop(e->frame);
		simq_done(q, event);
		return;
	}
	e->next = 0;
	if (n->inbox_last)
		q->pool[n->inbox_last].next = event;
	else
		n->inbox_first = event;
	n->inbox_last = event;
}

static void pause_node(struct sim_node *n, bool frozen)
{
	if (!n->engine || n->paused)
		return;
	n->paused = true;
	n->frozen = frozen;
	n->paused_us = n->world->now_us;
}

/* Empties the inbox: to the engine, or (the process was killed) to nobody. */
void siml_empty_inbox(struct sim_node *n)
{
	struct simq *q = &n->world->queue;

	while (n->inbox_first) {
		uint32_t event = n->inbox_first;

		n->inbox_first = q->pool[event].next;
		if (!n->inbox_first)
			n->inbox_last = 0;
		hand_over(n, event);
	}
	n->n_packets = n->n_notices = 0;
}

/* Killed while it was paused: who comes next reads everything anyway. */
void siml_end_pause(struct sim_node *n)
{
	if (n->n_notices > INBOX_NOTICES)
		n->kernel.deaf = n->kernel.missed = false;
	n->n_packets = n->n_notices = 0;
	n->paused = false;
}

/* A wake-up that was to come late comes in time when the host is quick again. */
void siml_lag(struct sim_node *n, int64_t lag_us)
{
	int64_t late_us = n->armed_us == VR_NEVER ? 0 : siml_clock(n) - n->armed_us;
	int64_t latest_us = n->world->now_us + lag_us - (late_us < lag_us ? late_us : lag_us);

	n->lag_us = lag_us;
	if (n->wake_us != VR_NEVER && n->wake_us > latest_us)
		n->wake_us = latest_us;
}

/* Which of its descriptors a process sees first after a pause is a matter of luck. */
void siml_resume(struct sim_node *n)
{
	bool overflowed = n->n_notices > INBOX_NOTICES;
	int64_t stood_us = n->world->now_us - n->paused_us;

	if (!n->paused)
		return;
	n->paused = false;
	if (n->frozen) {
		n->lost_us += stood_us;
		if (n->wake_us != VR_NEVER)
			n->wake_us += stood_us;
	}
	if (n->wake_us <= n->world->now_us && rng_below(&n->dice, 2))
		siml_wake(n);
	siml_empty_inbox(n);
	if (overflowed)
		simk_deed(n, &(struct sim_deed){ .type = SIM_NOTICES_BACK });
}

/* ---- owners ---- */

void siml_tell_owner(struct sim_node *n, const struct vr_config *conf, uint16_t inst, bool master)
{
	const struct sim_watch *watch = &n->world->watch;

	if (watch->owner)
		watch->owner(watch->ctx, n->index, conf, inst, master);
}

static void on_trace(void *ctx, const struct vr_config *conf, const struct vr_trace *trace,
		     const char *text)
{
	struct sim_node *n = ctx;
	const struct sim_watch *watch = &n->world->watch;

	if (n->dying)
		return;
	if (watch->trace)
		watch->trace(watch->ctx, n->index, conf, trace, text);
	if (trace->kind != VR_TR_STATE || trace->inst >= conf->n_insts)
		return;
	if (trace->to == VR_MASTER || trace->from == VR_MASTER)
		siml_tell_owner(n, conf, trace->inst, trace->to == VR_MASTER);
}

static void disown(struct sim_node *n)
{
	const struct vr_node *node = eng_node(n->engine);
	const struct vr_config *conf = vr_node_conf(node);

	for (uint16_t i = 0; i < conf->n_insts; i++) {
		struct vr_inst_view view;

		vr_inst_look(node, i, &view);
		if (view.state == VR_MASTER)
			siml_tell_owner(n, conf, i, false);
	}
}

/* ---- starting and ending ---- */

void siml_connect(struct sim_node *n)
{
	n->up = eng_events(n->engine);
	n->listener = (struct eng_listener){ .ctx = n, .trace = on_trace };
	eng_listen(n->engine, &n->listener);
	simr_hook(n);
	simq_push(&n->world->queue,
		  &(struct simq_event){ .type = SIMQ_BEGIN, .node = n->index, .life = n->life },
		  n->world->now_us + rng_between(&n->dice, READ_LEAST_US, READ_MOST_US));
}

void siml_start(struct sim_node *n, int which)
{
	const struct sim_watch *watch = &n->world->watch;
	struct cfg *cfg;

	if (n->engine || n->orphan)
		return;
	n->which = which;
	cfg = n->host.load(n->host.ctx, which);
	if (!cfg)
		return;
	n->life++;
	n->succeeded = false;
	n->started = n->leaving = false;
	simp_port(n);
	n->armed_us = n->wake_us = VR_NEVER;
	n->engine = eng_new(cfg, &n->port, &log_null);
	if (!n->engine)
		sim_no_memory();
	siml_connect(n);
	if (watch->started)
		watch->started(watch->ctx, n->index);
}

void siml_exit(struct sim_node *n)
{
	const struct sim_watch *watch = &n->world->watch;

	disown(n);
	if (watch->ended)
		watch->ended(watch->ctx, n->index);
	eng_free(n->engine);
	n->engine = NULL;
	n->started = n->leaving = false;
	simp_close(n);
	simr_forget(n);
}

void siml_stop(struct sim_node *n)
{
	struct sim_input in = { .type = SIM_IN_STOP, .node = n->index };

	siml_resume(n);
	simr_go_on(n);
	if (!n->engine || n->leaving)
		return;
	n->leaving = true;
	siml_before(n, &in);
	eng_stop(n->engine);
	siml_after(n, &in);
	if (!n->engine)
		return;
	simq_push(&n->world->queue,
		  &(struct simq_event){ .type = SIMQ_EXIT, .node = n->index, .life = n->life },
		  n->world->now_us + (eng_idle(n->engine) ? 0 : FAREWELL_US));
}

static void crash(struct sim_node *n)
{
	if (!n->engine && !n->orphan)
		return;
	simr_go_on(n);
	siml_exit(n);
	n->paused = n->frozen = false;
	siml_empty_inbox(n);
	n->kernel.missed = false;
}

void siml_reload(struct sim_node *n, int which)
{
	struct sim_input in = { .type = SIM_IN_RELOAD, .node = n->index };
	struct cfg *cfg;

	siml_resume(n);
	simr_go_on(n);
	if (!n->engine || n->leaving)
		return;
	in.equal = which == n->which;
	cfg = n->host.load(n->host.ctx, which);
	if (!cfg) {
		eng_reload_refused(n->engine, "the configuration cannot be run");
		return;
	}
	n->which = which;
	siml_before(n, &in);
	if (!eng_reload(n->engine, cfg))
		sim_no_memory();
	siml_after(n, &in);
}

bool siml_deed(struct sim_node *n, const struct sim_deed *deed)
{
	switch (deed->type) {
	case SIM_START:
		siml_start(n, (int)deed->a);
		return true;
	case SIM_STOP:
		siml_stop(n);
		return true;
	case SIM_CRASH:
		crash(n);
		return true;
	case SIM_RELOAD:
		siml_reload(n, (int)deed->a);
		return true;
	case SIM_PAUSE: case SIM_FREEZE:
		pause_node(n, deed->type == SIM_FREEZE);
		return true;
	case SIM_RESUME:
		siml_resume(n);
		return true;
	case SIM_LAG:
		siml_lag(n, deed->a);
		return true;
	case SIM_SCRIPT:
		simp_set_script(n, deed->name, (enum sim_script)deed->a);
		return true;
	default:
		return simr_deed(n, deed);
	}
}
