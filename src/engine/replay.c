/*
 * Replay.
 *
 * Each record is read, checked, and told to the core; its actions wait until the next record says
 * whether the daemon decided the same. When a segment follows the other without a gap, the
 * checkpoint at its beginning is no new beginning but a proof: the replay's node must be the one
 * that the daemon wrote down.
 */
#include "engine/replay.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "core/save.h"
#include "engine/journal.h"
#include "engine/journal_parts.h"
#include "engine/trace.h"

/* A configuration and the node that it has. */
struct life {
	struct arena *arena;
	struct vr_config conf;
	void *memory;
	struct vr_node *node;
};

struct segment {
	uint32_t seq;			/* 0: there is none */
	size_t offset;			/* in the file, of its first octet */
	const uint8_t *data;
	size_t len;
};

struct replay {
	const struct rep_handlers *h;
	struct rep_result *out;
	const struct segment *segment;	/* at hand */
	struct life *now, *before;	/* BEFORE: between a new configuration and its adoption */
	struct vr_actions actions;	/* of the last event, not yet told */
	bool open;			/* they wait for their proof */
	bool settled;			/* and after them BEFORE is of no use any more */
	int64_t at_us, ahead_us, run_us;
	bool whole;			/* the node is the daemon's: nothing is missing so far */
	bool differs;			/* said already in this segment */
	bool no_memory;
	struct jrn_record record;	/* at hand */
	uint8_t *bytes;			/* of a packet */
};

/* What a checkpoint says before its configuration. */
struct checkpoint {
	char version[JRN_VERSION_MAX + 1];
	int64_t at_us, wall_us, run_us;
	uint64_t lost;
	uint8_t epoch;
};

static void note(struct replay *r, enum rep_note what, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void note(struct replay *r, enum rep_note what, const char *format, ...)
{
	char text[LOG_LINE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	r->h->note(r->h->ctx, r->at_us + r->ahead_us, what, text);
}

/* The rest of the segment is lost; false, for the caller to return. */
static bool damaged(struct replay *r, const char *why)
{
	size_t offset = r->segment->offset + r->record.offset;

	if (r->out->damaged++ == 0)
		snprintf(r->out->why, sizeof(r->out->why), "offset %zu: %s", offset, why);
	note(r, REP_DAMAGED, "offset %zu: %s; the rest of this segment cannot be read", offset,
	     why);
	r->whole = false;
	return false;
}

static void differs(struct replay *r, const char *what)
{
	r->out->differences++;
	if (!r->differs)
		note(r, REP_DIFFERS, "offset %zu: %s", r->segment->offset + r->record.offset, what);
	r->differs = true;
}

/* ---- lives ---- */

static void life_free(struct life *life)
{
	if (!life)
		return;
	arena_free(life->arena);
	free(life->memory);
	free(life);
}

static bool life_make(struct life *life, struct cursor *from, uint8_t epoch)
{
	life->arena = arena_new();
	if (!life->arena || !jrn_get_conf(from, life->arena, &life->conf))
		return false;
	life->memory = malloc(vr_node_size(&life->conf));
	if (!life->memory)
		return false;
	life->node = vr_node_init(life->memory, &life->conf, epoch);
	return true;
}

/* NULL: FROM is bad, or there is no memory. */
static struct life *life_new(struct replay *r, struct cursor *from, uint8_t epoch)
{
	struct life *life = calloc(1, sizeof(*life));

	if (life && life_make(life, from, epoch))
		return life;
	r->no_memory |= cur_ok(from);
	life_free(life);
	return NULL;
}

/* Room for the actions of a step of NOW, and of its adoption of BEFORE. */
static bool reserve(struct replay *r)
{
	size_t wanted = vr_actions_max(&r->now->conf, r->before ? &r->before->conf : NULL);
	struct vr_action *v;

	if (wanted <= r->actions.max)
		return true;
	v = reallocarray(r->actions.v, wanted, sizeof(*v));
	if (!v) {
		r->no_memory = true;
		return false;
	}
	r->actions.v = v;
	r->actions.max = wanted;
	return true;
}

static void forget(struct replay *r)
{
	life_free(r->now);
	life_free(r->before);
	r->now = r->before = NULL;
	r->actions.n = 0;
	r->open = r->settled = false;
}

/* ---- telling ---- */

static void tell(struct replay *r)
{
	char text[LOG_LINE_MAX];

	for (size_t i = 0; i < r->actions.n; i++) {
		const struct vr_action *a = &r->actions.v[i];

		if (a->type != VR_ACT_TRACE)
			continue;
		r->out->traces++;
		trc_text(a->conf, &a->trace, text, sizeof(text));
		r->h->trace(r->h->ctx, r->at_us + r->ahead_us, a->conf, &a->trace, text);
	}
	r->actions.n = 0;
	r->open = false;
	if (r->settled) {
		life_free(r->before);
		r->before = NULL;
	}
	r->settled = false;
}

/* The last step's decisions are told; the daemon's record of it has come, or none will. */
static void settle(struct replay *r)
{
	bool silent = r->open && r->actions.n > 0;

	tell(r);
	if (silent)
		differs(r, "the daemon decided nothing at the event before this one");
}

static bool on_result(struct replay *r)
{
	struct cursor *c = &r->record.body;
	uint32_t hash = cur_be32(c);
	int64_t by_us = cur_svar(c);
	bool same;

	if (!cur_ok(c) || cur_left(c) || by_us < -VR_TIME_MAX || by_us > VR_TIME_MAX)
		return damaged(r, "what the daemon decided cannot be read");
	if (!r->open)
		return damaged(r, "the daemon decided something without an event");
	r->ahead_us += by_us;
	if (r->ahead_us < -VR_TIME_MAX || r->ahead_us > VR_TIME_MAX)
		return damaged(r, "the wall clock cannot be read");
	same = hash == jrn_hash(&r->actions, &r->now->conf);
	tell(r);
	if (same)
		r->out->proven++;
	else
		differs(r, "the daemon decided something else at the event before this one");
	return true;
}

static bool step(struct replay *r, struct vr_event *event)
{
	event->now_us = r->at_us;
	if (event->type == VR_EV_ADOPT && !r->before)
		return damaged(r, "a reload without a new configuration");
	if (event->type == VR_EV_ADOPT)
		event->adopt = r->before->node;
	if (!reserve(r))
		return false;
	vr_step(r->now->node, event, &r->actions);
	r->out->events++;
	r->open = true;
	r->settled = event->type == VR_EV_ADOPT || event->type == VR_EV_START;
	return true;
}

static bool on_event(struct replay *r, enum vr_event_type type)
{
	struct cursor *c = &r->record.body;
	uint64_t passed = vr_load_max(c, VR_TIME_MAX);
	struct vr_event event;
	const char *why;

	settle(r);
	if (!cur_ok(c) || passed > (uint64_t)(VR_TIME_MAX - r->at_us))
		return damaged(r, "an event's time cannot be read");
	why = jrn_get_event(c, &r->now->conf, type, &event, r->bytes);
	if (why)
		return damaged(r, why);
	r->at_us += (int64_t)passed;
	return step(r, &event);
}

static bool on_config(struct replay *r)
{
	struct cursor *c = &r->record.body;
	uint8_t epoch = cur_u8(c);
	struct life *life;

	settle(r);
	life = life_new(r, c, epoch);
	if (r->no_memory)
		return false;
	if (!life || cur_left(c)) {
		life_free(life);
		return damaged(r, "a new configuration cannot be read");
	}
	life_free(r->before);
	r->before = r->now;
	r->now = life;
	r->h->config(r->h->ctx, &life->conf);
	return true;
}

static bool on_record(struct replay *r)
{
	enum vr_event_type type = jrn_type_of(r->record.type);

	if (r->record.type == JRN_RESULT)
		return on_result(r);
	if (r->record.type == JRN_CONFIG)
		return on_config(r);
	if (type != VR_N_EVENTS)
		return on_event(r, type);
	return damaged(r, "a record of a kind that is not known");
}

/* ---- checkpoints ---- */

static bool read_head(struct cursor *c, struct checkpoint *out)
{
	size_t len = vr_load_max(c, JRN_VERSION_MAX);

	*out = (struct checkpoint){ 0 };
	cur_bytes(c, out->version, len);
	out->at_us = (int64_t)vr_load_max(c, VR_TIME_MAX);
	out->wall_us = cur_svar(c);
	out->run_us = cur_svar(c);
	out->lost = cur_var(c);
	out->epoch = cur_u8(c);
	return cur_ok(c) && out->wall_us >= 0 && out->wall_us <= VR_TIME_MAX;
}

/* The node that is written in C must be the replay's own, octet by octet. */
static void compare(struct replay *r, const struct cursor *c)
{
	size_t size = cur_left(c) + 1;
	uint8_t *own = malloc(size);
	struct outbuf o = out_over(own, own ? size : 0);

	if (!own) {
		r->no_memory = true;
		return;
	}
	jrn_put_conf(&r->now->conf, &o);
	vr_save(r->now->node, &o);
	if (!out_ok(&o) || out_len(&o) != cur_left(c) || memcmp(own, c->at, out_len(&o)) != 0)
		differs(r, "the daemon's node at this checkpoint is another one");
	free(own);
}

static bool begin(struct replay *r, struct cursor *c, const struct checkpoint *at)
{
	forget(r);
	r->now = life_new(r, c, at->epoch);
	if (r->now && vr_load(r->now->node, c, at->at_us) && cur_left(c) == 0) {
		r->h->config(r->h->ctx, &r->now->conf);
		return true;
	}
	return r->no_memory ? false : damaged(r, "the checkpoint cannot be read");
}

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void tell_gap(struct replay *r, const struct checkpoint *at)
{
	r->out->lost += at->lost;
	r->out->gaps++;
	note(r, REP_GAP, "%llu event%s could not be written before this", (unsigned long long)
	     at->lost, plural(at->lost));
}

/* AFTER: the segment before this one was told to its end. */
static bool on_checkpoint(struct replay *r, bool after)
{
	struct cursor *c = &r->record.body;
	struct checkpoint at;
	bool same_run;

	if (r->record.type != JRN_CHECKPOINT)
		return damaged(r, "a segment does not begin with a checkpoint");
	if (!read_head(c, &at))
		return damaged(r, "the head of a checkpoint cannot be read");
	same_run = after && at.run_us == r->run_us;
	if (same_run && at.lost == 0 && r->whole && !r->before && at.at_us >= r->at_us) {
		r->at_us = at.at_us;
		r->ahead_us = at.wall_us - at.at_us;
		compare(r, c);
		if (!r->differs)
			return true;
	}
	r->at_us = at.at_us;
	r->ahead_us = at.wall_us - at.at_us;
	r->run_us = at.run_us;
	if (at.lost)
		tell_gap(r, &at);
	if (!begin(r, c, &at))
		return false;
	r->whole = true;
	note(r, REP_BEGIN, "holdfastd %s, %u instance%s: the journal %s here", at.version,
	     r->now->conf.n_insts, plural(r->now->conf.n_insts),
	     same_run ? "goes on" : "begins");
	return true;
}

/* ---- segments ---- */

static void play(struct replay *r, const struct segment *s, bool after)
{
	struct cursor c = cur_over(s->data, s->len);
	enum jrn_next next;

	r->segment = s;
	r->differs = false;
	cur_skip(&c, JRN_SEGMENT_HEAD);
	next = jrn_next(&c, s->data, s->seq, &r->record);
	if (next != JRN_NEXT_RECORD) {
		damaged(r, "the checkpoint is damaged");
		return;
	}
	if (!on_checkpoint(r, after))
		return;
	for (;;) {
		next = jrn_next(&c, s->data, s->seq, &r->record);
		if (next != JRN_NEXT_RECORD || !on_record(r))
			break;
	}
	tell(r);			/* what came of the last event, proven or not */
	if (next == JRN_NEXT_BAD)
		damaged(r, "a record is damaged");
}

static uint32_t be32_at(const uint8_t *at)
{
	struct cursor c = cur_over(at, 4);

	return cur_be32(&c);
}

/* The segment in place K, which may be cut short, or missing. */
static struct segment find_segment(const uint8_t *image, size_t len, uint32_t size, uint32_t k)
{
	uint64_t offset = JRN_HEAD + (uint64_t)k * size;
	struct segment s = { 0 };

	if (len < offset + JRN_SEGMENT_HEAD || memcmp(image + offset, JRN_SEGMENT_MARK, 4) != 0)
		return s;
	s.offset = (size_t)offset;
	s.data = image + offset;
	s.len = len - offset < size ? len - (size_t)offset : size;
	s.seq = be32_at(s.data + 4);
	if (s.seq % 2 != k)
		s.seq = 0;
	return s;
}

static bool unusable(struct rep_result *out, size_t offset, const char *why)
{
	snprintf(out->why, sizeof(out->why), "offset %zu: %s", offset, why);
	return false;
}

static bool read_file(const uint8_t *image, size_t len, struct segment s[static 2],
		      struct rep_result *out)
{
	uint32_t size;

	if (len < JRN_MAGIC_LEN || memcmp(image, JRN_MAGIC, JRN_MAGIC_LEN) != 0)
		return unusable(out, 0, "this is not a journal");
	if (len < JRN_HEAD)
		return unusable(out, len, "the head is cut short");
	if (be32_at(image + JRN_MAGIC_LEN) != JRN_FORMAT)
		return unusable(out, JRN_MAGIC_LEN, "a format of another version of Holdfast");
	size = be32_at(image + JRN_MAGIC_LEN + 4);
	if (size < JRN_SEGMENT_HEAD)
		return unusable(out, JRN_MAGIC_LEN + 4, "segments of no size");
	s[0] = find_segment(image, len, size, 0);
	s[1] = find_segment(image, len, size, 1);
	if (!s[0].seq && !s[1].seq)
		return unusable(out, JRN_HEAD, "nothing has been written into it");
	return true;
}

bool rep_run(const void *image, size_t len, const struct rep_handlers *h, struct rep_result *out)
{
	struct replay r = { .h = h, .out = out };
	struct segment s[2];
	uint32_t first;

	*out = (struct rep_result){ 0 };
	if (!read_file(image, len, s, out))
		return false;
	r.bytes = malloc(JRN_PACKET_MAX);
	r.no_memory = !r.bytes;
	first = s[0].seq < s[1].seq ? 0 : 1;
	if (s[first].seq && r.bytes)
		play(&r, &s[first], false);
	if (s[!first].seq && !r.no_memory)
		play(&r, &s[!first], s[first].seq && s[!first].seq == s[first].seq + 1);
	forget(&r);
	free(r.actions.v);
	free(r.bytes);
	if (r.no_memory)
		snprintf(out->why, sizeof(out->why), "there is no memory for it");
	return !r.no_memory && (out->events || !out->damaged);
}
