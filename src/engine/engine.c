/*
 * The engine's life: made, told, reloaded, stopped, looked into.
 *
 * Each callback of the world turns into events of the core and ends in stp_settle(), which runs
 * what is due and arms the next wake-up. Nothing here decides anything about the election.
 */
#include "engine/engine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine/journal.h"
#include "engine/parts.h"
#include "engine/record.h"

#define CLAIM_US INT64_C(100000)

/* ---- the world speaks ---- */

static void on_link(void *ctx, const struct port_link *link)
{
	struct engine *e = ctx;

	wld_on_link(&e->world, link);
	if (!e->started)
		return;
	stp_tell_world(e, false);
	stp_settle(e);
}

static void on_addr(void *ctx, const struct port_addr *addr)
{
	struct engine *e = ctx;
	bool fact = wld_on_addr(&e->world, addr);

	if (!e->started || e->resuming)
		str_note(e, addr);
	if (!e->started)
		return;
	if (fact)
		stp_tell_world(e, false);
	rec_on_addr(e, addr);
	stp_settle(e);
}

static void on_resync(void *ctx)
{
	struct engine *e = ctx;

	wld_on_resync(&e->world);
	if (!e->started || e->resuming)
		str_note_anew(e);
}

/* The first time all facts are there: the election begins. */
static void start(struct engine *e)
{
	stp_tell_world(e, true);
	frn_note_own(e);
	str_begin(e);
	if (e->adopt)
		frn_adopt(e);
	frn_derive(e);
	e->started = true;
	stp_step(e, &(struct vr_event){ .type = VR_EV_START });
	chk_start(e);
	if (e->hooks.started)
		e->hooks.started(e->hooks.ctx);
}

static void on_synced(void *ctx)
{
	struct engine *e = ctx;

	wld_on_synced(&e->world);
	if (e->reread_us == VR_NEVER)
		rec_begin(e);
	if (!e->started && !e->stopped) {
		start(e);
	} else if (e->resuming && !e->stopped) {
		res_synced(e);
	} else {
		stp_tell_world(e, false);
		rec_on_synced(e);
	}
	stp_settle(e);
}

static void on_packet(void *ctx, const struct vr_ev_packet *packet)
{
	struct engine *e = ctx;
	struct vr_event event = { .type = VR_EV_PACKET, .packet = *packet };

	if (!e->started || packet->iface >= e->gen->n_iface_of)
		return;
	event.packet.iface = e->gen->iface_of[packet->iface];
	if (event.packet.iface == VR_NONE)
		return;
	stp_step(e, &event);
	stp_settle(e);
}

static void on_flood(void *ctx, uint16_t iface, uint8_t family, bool on)
{
	struct engine *e = ctx;

	wld_on_flood(&e->world, iface, family, on);
}

/* A claim of address VIP. Who claims one without a pause is told ten times a second: the core
 * answers more seldom, and always once more than it was asked. */
static void on_claim(struct engine *e, uint16_t inst, uint16_t vip, const struct port_rival *rival)
{
	struct vr_event event = { .type = VR_EV_RIVAL, .rival = { .inst = inst, .vip = vip } };
	struct eng_vip *claimed = &e->gen->vips[e->gen->insts[inst].vip_base + vip];
	int64_t now_us = e->port->now_us(e->port->ctx);
	struct vr_inst_view view;

	vr_inst_look(e->gen->node, inst, &view);
	if (view.state != VR_MASTER || now_us < claimed->claim_us + CLAIM_US)
		return;
	claimed->claim_us = now_us;
	memcpy(event.rival.mac, rival->mac, VR_MAC_LEN);
	stp_step(e, &event);
}

static void on_rival(void *ctx, const struct port_rival *rival)
{
	struct engine *e = ctx;
	const struct gen *g = e->gen;
	size_t at = gen_find(g, &rival->addr);

	for (; e->started && !e->stopped && at < g->n_vips &&
	     ip_equal(&g->places[at].addr, &rival->addr); at++) {
		const struct gen_place *p = &g->places[at];

		if (gen_ifindex(e, g, g->cfg->vr.insts[p->inst].vips[p->vip].iface) ==
		    rival->ifindex)
			on_claim(e, p->inst, p->vip, rival);
	}
	stp_settle(e);
}

static void on_addr_done(void *ctx, uint32_t token, int error)
{
	struct engine *e = ctx;

	eng_addr_done(e, token, error);
	if (!e->stopped)
		stp_settle(e);
}

static void hold(struct engine *e, struct eng_vip *state, bool held)
{
	if (held && !state->held)
		state->held_us = e->port->now_us(e->port->ctx);
	state->held = held;
	if (held && state->lease_s)
		lse_begin(e);
}

void eng_addr_done(struct engine *e, uint32_t token, int error)
{
	uint16_t inst, vip;
	bool add;

	if (e->outstanding)
		e->outstanding--;
	if (e->stopped && e->outstanding == 0 && e->hooks.idle)
		e->hooks.idle(e->hooks.ctx);
	if (token == PORT_RENEWAL) {
		lse_done(e, error);
		return;
	}
	if (!vr_token_look(e->gen->node, token, &inst, &vip, &add)) {
		str_done(e, token, error);
		return;
	}
	struct eng_vip *state = &e->gen->vips[e->gen->insts[inst].vip_base + vip];
	if (state->pending)
		state->pending--;
	state->error = error;
	if (error == 0)
		hold(e, state, add);
	else if (error == ENODEV)
		state->held = false;		/* it went with its interface */
	if (state->foreign && !state->held)	/* until now it did not matter */
		e->foreign_us = e->port->now_us(e->port->ctx) + FRN_SETTLED_US;
	stp_step(e, &(struct vr_event){
		.type = VR_EV_DONE, .done = { .token = token, .error = error },
	});
	if (state->pending == 0)
		rec_on_done(e, inst, vip);
}

static void on_job_done(void *ctx, const struct port_job_result *result)
{
	struct engine *e = ctx;

	if (result->id & NTF_JOB_BIT)
		ntf_done(e, result);
	else if (e->started && !e->stopped)
		chk_done(e, result);
	stp_settle(e);
}

static void on_waiting(void *ctx, const struct port_wait *wait)
{
	ntf_waiting(ctx, wait);
}

static void on_wake(void *ctx)
{
	struct engine *e = ctx;

	e->armed_us = VR_NEVER;
	stp_settle(e);
}

struct port_events eng_events(struct engine *e)
{
	return (struct port_events){
		.ctx = e, .link = on_link, .addr = on_addr, .resync = on_resync,
		.synced = on_synced, .packet = on_packet, .rival = on_rival, .flood = on_flood,
		.addr_done = on_addr_done, .job_done = on_job_done, .waiting = on_waiting,
		.wake = on_wake,
	};
}

/* ---- life ---- */

struct engine *eng_alloc(const struct port *port, const struct log *log)
{
	struct engine *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	e->port = port;
	e->log = log;
	e->armed_us = e->rejoin_us = e->sweep_us = VR_NEVER;
	e->record_us = e->lease_us = e->reread_us = e->foreign_us = VR_NEVER;
	wld_init(&e->world, port, log);
	return e;
}

bool eng_equip(struct engine *e, struct cfg *cfg, uint8_t epoch)
{
	e->gen = gen_new(e, cfg, epoch);
	if (!e->gen)
		return false;
	if (!gen_reserve(e, e->gen, NULL)) {
		e->gen->cfg = NULL;		/* still the caller's */
		return false;
	}
	gen_want(e, e->gen);
	return true;
}

struct engine *eng_new(struct cfg *cfg, const struct port *port, const struct log *log)
{
	struct engine *e = eng_alloc(port, log);

	if (!e)
		return NULL;
	if (!eng_equip(e, cfg, 1)) {
		eng_free(e);
		return NULL;
	}
	e->started_us = port->now_us(port->ctx);
	return e;
}

void eng_free(struct engine *e)
{
	if (!e)
		return;
	gen_free(e->gen);
	free(e->actions.v);
	free(e->announces);
	free(e->answers);
	free(e->strays);
	free(e->record);
	wld_free(&e->world);
	free(e);
}

void eng_adopt_leftovers(struct engine *e)
{
	e->adopt = true;
}

void eng_stop(struct engine *e)
{
	if (e->stopped)
		return;
	e->stopped = true;
	if (e->started)
		stp_step(e, &(struct vr_event){ .type = VR_EV_STOP });
	rcd_write(e);
	e->port->wake_at(e->port->ctx, VR_NEVER);
}

bool eng_idle(const struct engine *e)
{
	return e->outstanding == 0;
}

/* 1..255: epoch 0 belongs to nobody. */
uint8_t eng_next_epoch(uint8_t epoch)
{
	return epoch == 255 ? 1 : epoch + 1;
}

bool eng_reload(struct engine *e, struct cfg *cfg)
{
	struct gen *g = gen_new(e, cfg, eng_next_epoch(e->gen->epoch));

	if (!g)
		return false;
	if (!gen_reserve(e, g, e->gen)) {
		g->cfg = NULL;
		gen_free(g);
		return false;
	}
	e->leaving = e->gen;
	e->gen = g;
	gen_inherit(g, e->leaving);
	gen_want(e, g);
	jrn_config(e->journal, g->node, g->epoch, e->started);
	if (e->started) {
		/* Facts first, so that an instance is judged by the world as it is; sockets that
		 * only the old configuration needs stay open for its farewells. */
		stp_tell_world(e, true);
		frn_derive(e);
		stp_step(e, &(struct vr_event){ .type = VR_EV_ADOPT, .adopt = e->leaving->node });
		gen_inherit_late(g, e->leaving);
		wld_want_none(&e->world);
		gen_want(e, g);
		stp_tell_world(e, false);
		rec_on_reload(e);
		str_on_reload(e);
	}
	gen_free(e->leaving);
	e->leaving = NULL;
	lse_on_reload(e);
	e->reloads++;
	e->refusal[0] = '\0';
	stp_settle(e);
	return true;
}

void eng_reload_refused(struct engine *e, const char *sentence)
{
	size_t len = sentence ? strnlen(sentence, sizeof(e->refusal) - 1) : 0;

	if (len)
		memcpy(e->refusal, sentence, len);
	e->refusal[len] = '\0';
	e->refused_us = e->port->now_us(e->port->ctx);
}

void eng_listen(struct engine *e, const struct eng_listener *listener)
{
	e->listener = listener;
}

void eng_journal(struct engine *e, struct journal *journal)
{
	e->journal = journal;
	jrn_begin(journal, e->gen->node, e->gen->epoch);
}

void eng_hook(struct engine *e, const struct eng_hooks *hooks)
{
	e->hooks = *hooks;
}

/* ---- looking in ---- */

const struct cfg *eng_cfg(const struct engine *e)
{
	return e->gen->cfg;
}

const struct vr_node *eng_node(const struct engine *e)
{
	return e->gen->node;
}

int eng_ifindex(const struct engine *e, uint16_t iface)
{
	return gen_ifindex(e, e->gen, iface);
}

bool eng_flooded(const struct engine *e, uint16_t iface)
{
	const struct wld_slot *slot = &e->world.slots[e->gen->slots[iface]];

	return slot->flooded[0] || slot->flooded[1];
}

void eng_check_look(const struct engine *e, uint16_t check, struct eng_check_view *out)
{
	const struct eng_check *c = &e->gen->checks[check];

	*out = (struct eng_check_view){
		.running = c->job != 0, .started_us = c->started_us, .ended_us = c->ended_us,
		.took_us = c->took_us, .detail = c->detail[0] ? c->detail : NULL,
	};
}

void eng_vip_look(const struct engine *e, uint16_t inst, uint16_t vip, struct eng_vip_view *out)
{
	const struct eng_vip *v = &e->gen->vips[e->gen->insts[inst].vip_base + vip];

	*out = (struct eng_vip_view){
		.held = v->held, .pending = v->pending != 0, .shared = v->stays,
		.error = v->error,
	};
}

void eng_inst_look(const struct engine *e, uint16_t inst, struct eng_inst_view *out)
{
	const struct eng_inst *in = &e->gen->insts[inst];

	*out = (struct eng_inst_view){
		.notify_failed = in->notify_failed, .send_errors = in->send_errors,
		.send_errno = in->send_errno,
	};
	memcpy(out->why, in->why, sizeof(out->why));
	ntf_look(e, inst, out);
}

int64_t eng_now_us(const struct engine *e)
{
	return e->port->now_us(e->port->ctx);
}

int64_t eng_wall_us(const struct engine *e)
{
	return e->port->wall_us(e->port->ctx);
}

int64_t eng_started_us(const struct engine *e)
{
	return e->started_us;
}

uint32_t eng_reloads(const struct engine *e)
{
	return e->reloads;
}

const char *eng_refusal(const struct engine *e, int64_t *at_us)
{
	if (!e->refusal[0])
		return NULL;
	*at_us = e->refused_us;
	return e->refusal;
}
