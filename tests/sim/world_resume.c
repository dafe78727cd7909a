/*
 * An engine that is killed, and the one that goes on for it.
 *
 * Not the host's daemon dies, but the process that thinks: its keeper holds sockets, scripts and
 * the record, and starts another one. What came to the sockets meanwhile is heard then. The hardest
 * time to die at is the middle of carrying something out: from one call of the port on nothing
 * happens any more, and nobody has seen how the engine went on.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/inner.h"

/* ---- the record ---- */

static void keep_record(void *ctx, const void *data, size_t len)
{
	struct sim_node *n = ctx;

	if (n->dying)
		return;
	if (len > n->max_record) {
		n->record = sim_grow(n->record, len, 1);
		n->max_record = len;
	}
	memcpy(n->record, data, len);
	n->past.data = n->record;
	n->past.len = len;
	n->past_which = n->which;
}

static void keep_time(void *ctx, int64_t at_us)
{
	struct sim_node *n = ctx;

	if (!n->dying)
		n->past.served_us = at_us;
}

void simr_hook(struct sim_node *n)
{
	eng_hook(n->engine, &(struct eng_hooks){
		.ctx = n, .record = keep_record, .served = keep_time,
	});
}

void simr_forget(struct sim_node *n)
{
	free(n->record);
	n->record = NULL;
	n->max_record = 0;
	n->past = (struct eng_past){ 0 };
	n->orphan = n->dying = n->stopping = false;
	n->calls_left = 0;
}

/* ---- dying ---- */

static void end_engine(struct sim_node *n, bool within, int64_t away_us)
{
	const struct sim_watch *watch = &n->world->watch;

	if (watch->killed)
		watch->killed(watch->ctx, n->index, within);
	eng_free(n->engine);
	n->engine = NULL;
	n->orphan = true;
	n->dying = n->started = false;
	n->stopping = n->leaving;
	n->leaving = false;
	siml_end_pause(n);
	n->calls_left = 0;
	n->armed_us = n->wake_us = VR_NEVER;
	simp_hush(n);
	n->life++;
	simq_push(&n->world->queue,
		  &(struct simq_event){ .type = SIMQ_GO_ON, .node = n->index, .life = n->life },
		  n->world->now_us + away_us);
}

bool simr_dies(struct sim_node *n)
{
	if (n->calls_left && --n->calls_left == 0)
		n->dying = true;
	return n->dying;
}

void simr_died(struct sim_node *n)
{
	end_engine(n, true, n->away_us);
}

/* Nobody takes over what has not begun, or was told to end. */
static bool may_be_killed(const struct sim_node *n)
{
	return n->engine && n->started && !n->leaving && !(n->paused && n->frozen);
}

/* ---- going on ---- */

static void tell_owners(struct sim_node *n)
{
	const struct vr_node *node = eng_node(n->engine);
	const struct vr_config *conf = vr_node_conf(node);

	for (uint16_t i = 0; i < conf->n_insts; i++) {
		struct vr_inst_view view;

		vr_inst_look(node, i, &view);
		siml_tell_owner(n, conf, i, view.state == VR_MASTER);
	}
}

void simr_go_on(struct sim_node *n)
{
	struct sim_input in = { .type = SIM_IN_GO_ON, .node = n->index };
	const struct sim_watch *watch = &n->world->watch;
	int which = n->which;
	struct cfg *cfg;
	const char *why;

	if (!n->orphan)
		return;
	n->which = n->past_which;
	cfg = n->host.load(n->host.ctx, n->past_which);
	n->life++;
	n->orphan = false;
	n->engine = cfg ? eng_resume(cfg, &n->past, &n->port, &log_null, &why) : NULL;
	if (!n->engine)			/* whatever a daemon that runs has written fits */
		abort();
	n->started = n->succeeded = true;
	siml_connect(n);
	if (watch->succeeded)
		watch->succeeded(watch->ctx, n->index);
	tell_owners(n);
	siml_before(n, &in);
	eng_go_on(n->engine);
	siml_after(n, &in);
	if (n->engine && n->which != which)	/* it was killed while it loaded that */
		siml_reload(n, which);
	siml_empty_inbox(n);
	if (n->stopping)		/* it was killed while it left: its successor leaves */
		siml_stop(n);
}

static void upgrade(struct sim_node *n, int which)
{
	int before = n->which;

	siml_resume(n);
	if (!may_be_killed(n))
		return;
	end_engine(n, false, 0);
	simr_go_on(n);
	if (which != before)
		siml_reload(n, which);
}

bool simr_deed(struct sim_node *n, const struct sim_deed *deed)
{
	switch (deed->type) {
	case SIM_KILL:
		if (may_be_killed(n))
			end_engine(n, false, deed->a);
		return true;
	case SIM_KILL_WITHIN:
		if (!may_be_killed(n))
			return true;
		n->away_us = deed->a;
		n->calls_left = deed->b > 0 ? (uint32_t)deed->b : 1;
		return true;
	case SIM_UPGRADE:
		upgrade(n, (int)deed->a);
		return true;
	default:
		return false;
	}
}
