/*
 * What a successor needs: written when something that matters has changed, read after a death.
 *
 * The node as it stands (core/save.h), the interfaces by number, and the sentences that `status`
 * shows. A change of master is written before it is carried out: a process that dies between the
 * two leaves behind what was to be, and asking for it again does no harm; the other way round an
 * address would stand where nobody knows of it. Facts of lesser weight are written when all is
 * settled, and what is repeated all the time, packets and timers, is not written at all.
 *
 * A record may have been written by a process that was being taken over: it is believed in nothing
 * that could break the reader.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mix.h"
#include "core/save.h"
#include "engine/journal_parts.h"
#include "engine/record.h"
#include "engine/trace.h"

#define MARK "HFRC"
#define MARK_LEN 4
#define FORMAT (JRN_FORMAT << 8 | 2)	/* what core/save.c writes changes with the journal's */

#define MEMORY_US INT64_C(50000)

/* Octets at most: numbers are at most CUR_VAR_MAX each. */
#define MAX_WHOLE (1024 + 2 * LOG_LINE_MAX + PKT_N_REJECTS * CUR_VAR_MAX)
#define MAX_IFACE 64
#define MAX_SLOT (WLD_NAME_MAX + 2 * CUR_VAR_MAX)
#define MAX_CHECK 64
#define MAX_INST (64 * CUR_VAR_MAX + PKT_N_REJECTS * CUR_VAR_MAX + ENG_WHY_MAX)

size_t rcd_max(const struct engine *e, const struct gen *g)
{
	const struct vr_config *vr = &g->cfg->vr;

	return MAX_WHOLE + MAX_IFACE * (size_t)vr->n_ifaces + MAX_SLOT * e->world.n_slots +
	       MAX_CHECK * (size_t)vr->n_checks + MAX_INST * (size_t)vr->n_insts + g->n_vips;
}

/* ---- which configuration it is for ---- */

static uint64_t mix_text(uint64_t h, const char *text)
{
	return mix_bytes(h, text, strlen(text));
}

static uint64_t mix_inst(uint64_t h, const struct vr_inst_conf *ic)
{
	h = mix_word(h, (uint64_t)ic->iface << 32 | ic->family << 16 | ic->version << 8 | ic->vrid);
	h = mix_word(h, ic->n_vips);
	for (uint16_t v = 0; v < ic->n_vips; v++) {
		const struct ip_prefix *p = &ic->vips[v].prefix;

		h = mix_bytes(h, p->addr.b, ip_size(&p->addr));
		h = mix_word(h, (uint64_t)ic->vips[v].iface << 8 | p->len);
	}
	return h;
}

/* What must be equal for the numbers in a record to mean the same things. */
static uint64_t shape(const struct vr_config *vr)
{
	uint64_t h = FORMAT;

	h = mix_word(h, (uint64_t)vr->n_ifaces << 32 | (uint64_t)vr->n_checks << 16 | vr->n_insts);
	for (uint16_t i = 0; i < vr->n_ifaces; i++)
		h = mix_text(h, vr->ifaces[i].name);
	for (uint16_t i = 0; i < vr->n_checks; i++)
		h = mix_word(mix_text(h, vr->checks[i].name), vr->checks[i].identity);
	for (uint16_t i = 0; i < vr->n_insts; i++)
		h = mix_inst(h, &vr->insts[i]);
	return h;
}

/* ---- writing ---- */

static void put_text(const char *text, size_t max, struct outbuf *to)
{
	size_t len = strnlen(text, max - 1);

	out_var(to, len);
	out_bytes(to, text, len);
}

static void put_slots(const struct world *w, struct outbuf *to)
{
	out_var(to, w->n_slots);
	for (size_t i = 0; i < w->n_slots; i++) {
		put_text(w->slots[i].name, WLD_NAME_MAX, to);
		out_var(to, (uint64_t)w->slots[i].ifindex);
	}
}

static void put_inst(const struct eng_inst *in, struct outbuf *to)
{
	put_text(in->why, ENG_WHY_MAX, to);
	out_var(to, in->notify_failed);
	out_var(to, in->send_errors);
	out_svar(to, in->send_errno);
}

static void put_record(const struct engine *e, struct outbuf *to)
{
	const struct gen *g = e->gen;
	uint64_t h = shape(&g->cfg->vr);

	out_bytes(to, MARK, MARK_LEN);
	out_var(to, FORMAT);
	out_be32(to, (uint32_t)(h >> 32));
	out_be32(to, (uint32_t)h);
	out_u8(to, g->epoch);
	out_u8(to, e->world.tags);
	out_var(to, (uint64_t)e->started_us);
	out_var(to, e->reloads);
	put_text(e->refusal, sizeof(e->refusal), to);
	out_var(to, (uint64_t)e->refused_us);
	put_slots(&e->world, to);
	vr_save(g->node, to);
	for (uint16_t i = 0; i < g->cfg->vr.n_insts; i++)
		put_inst(&g->insts[i], to);
}

void rcd_write(struct engine *e)
{
	struct outbuf o = out_over(e->record, e->max_record);

	e->unrecorded = false;
	e->record_us = VR_NEVER;
	if (!e->hooks.record || !e->started)
		return;
	put_record(e, &o);
	if (out_ok(&o))
		e->hooks.record(e->hooks.ctx, e->record, out_len(&o));
	else
		log_printf(e->log, LOG_LVL_ERROR, "the record for a successor is too long");
}

/* ---- when ---- */

static bool is_fact(enum vr_event_type type)
{
	static const bool facts[VR_N_EVENTS] = {
		[VR_EV_START] = true, [VR_EV_STOP] = true, [VR_EV_LINK] = true,
		[VR_EV_FOREIGN] = true, [VR_EV_FOREIGN_GONE] = true,
		[VR_EV_ADDR] = true, [VR_EV_ADOPT] = true, [VR_EV_RESUME] = true,
	};

	return facts[type];
}

/* What a peer can provoke, but that the node remembers: whom a backup follows, and how often that
 * one speaks. Written after a while, so that a flood is no flood of records. */
static bool is_memory(enum vr_trace_kind kind)
{
	return kind == VR_TR_MASTER || kind == VR_TR_INTERVAL;
}

static void after_trace(struct engine *e, const struct vr_action *a)
{
	const struct vr_trace *t = &a->trace;

	if (is_memory(t->kind) && e->record_us == VR_NEVER)
		e->record_us = t->at_us + MEMORY_US;
	if (t->kind == VR_TR_LATE)
		gen_of(e, a->conf)->insts[t->inst].late = true;
	e->unrecorded |= t->kind == VR_TR_LATE || !trc_is_storm(t);
}

/* One that has listened says no more than that it speaks. */
static void after_advert(struct engine *e, const struct vr_action *a)
{
	struct eng_inst *in = &gen_of(e, a->conf)->insts[a->inst];

	e->unrecorded |= in->late;
	in->late = false;
}

/* Who dies while it leaves is to be succeeded by one that leaves: a stop is written when it is
 * done. */
static bool moves_master(const struct vr_trace *t, enum vr_event_type type)
{
	return t->kind == VR_TR_STATE && type != VR_EV_STOP &&
	       (t->from == VR_MASTER || t->to == VR_MASTER);
}

void rcd_after_step(struct engine *e, enum vr_event_type type)
{
	bool now = false;

	e->unrecorded |= is_fact(type);
	for (size_t i = 0; i < e->actions.n; i++) {
		const struct vr_action *a = &e->actions.v[i];

		if (a->type == VR_ACT_ADVERT)
			after_advert(e, a);
		if (a->type != VR_ACT_TRACE)
			continue;
		after_trace(e, a);
		now |= moves_master(&a->trace, type);
	}
	if (now)
		rcd_write(e);
}

void rcd_settled(struct engine *e, int64_t now_us)
{
	if (e->unrecorded || e->record_us <= now_us)
		rcd_write(e);
}

/* ---- reading ---- */

static void get_text(struct cursor *from, char *to, size_t max)
{
	char raw[LOG_LINE_MAX] = "";

	cur_bytes(from, raw, vr_load_max(from, max - 1));
	log_clean(raw, to, max);
}

static bool get_slots(struct cursor *from, struct world *w)
{
	uint64_t n = vr_load_max(from, VR_NONE);

	for (uint64_t i = 0; i < n && cur_ok(from); i++) {
		char name[WLD_NAME_MAX];
		int ifindex;
		uint16_t slot;

		get_text(from, name, sizeof(name));
		ifindex = (int)vr_load_max(from, INT32_MAX);
		slot = cur_ok(from) && name[0] ? wld_slot(w, name) : VR_NONE;
		if (slot == VR_NONE)
			return false;
		w->slots[slot].ifindex = ifindex;
	}
	return cur_ok(from);
}

static void get_inst(struct cursor *from, struct eng_inst *in)
{
	get_text(from, in->why, sizeof(in->why));
	in->notify_failed = (uint32_t)vr_load_max(from, UINT32_MAX);
	in->send_errors = (uint32_t)vr_load_max(from, UINT32_MAX);
	in->send_errno = (int)cur_svar(from);
	in->late = true;		/* who knows */
}

const char *rcd_head(struct cursor *from, const struct vr_config *vr)
{
	char mark[MARK_LEN];
	uint64_t h;

	cur_bytes(from, mark, sizeof(mark));
	if (memcmp(mark, MARK, sizeof(mark)) != 0)
		return "it is not a record";
	if (cur_var(from) != FORMAT)
		return "it was written by another version";
	h = (uint64_t)cur_be32(from) << 32;
	h |= cur_be32(from);
	if (h != shape(vr))
		return "it is for another configuration";
	return NULL;
}

const char *rcd_engine(struct cursor *from, struct engine *e, uint8_t *epoch)
{
	*epoch = cur_u8(from);
	e->world.tags = vr_load_max(from, 1);
	e->started_us = (int64_t)vr_load_max(from, VR_TIME_MAX);
	e->reloads = (uint32_t)vr_load_max(from, UINT32_MAX);
	get_text(from, e->refusal, sizeof(e->refusal));
	e->refused_us = (int64_t)vr_load_max(from, VR_TIME_MAX);
	if (!get_slots(from, &e->world))
		return "its interfaces cannot be read, or there is no memory for them";
	return NULL;
}

const char *rcd_gen(struct cursor *from, struct engine *e)
{
	int64_t now_us = e->port->now_us(e->port->ctx);

	if (!vr_load(e->gen->node, from, now_us))
		return "what it says of the instances cannot be read";
	for (uint16_t i = 0; i < e->gen->cfg->vr.n_insts; i++)
		get_inst(from, &e->gen->insts[i]);
	if (!cur_ok(from) || cur_left(from))
		return "it is too short or too long";
	if (e->started_us > now_us || e->refused_us > now_us)
		return "it is from the future";
	return vr_started(e->gen->node) ? NULL : "its writer had left in good order";
}
