/*
 * Writing the journal.
 *
 * A record goes to the sink as soon as it is made, but the sink is pushed only when the step is
 * over: waking a thread takes longer than all the rest. When a segment is full, the other one is
 * begun with a checkpoint: the configuration and the node as they stand before the next event. A
 * reload is written as a new configuration, the facts told to the new node, and its adoption of the
 * old one; no checkpoint may come between, since it holds one node and there are two.
 */
#include "engine/journal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/save.h"
#include "engine/journal_parts.h"

#define HEADROOM 32			/* before a body, for a frame and a segment's head */
#define RESULT_MAX (JRN_FRAME_MAX + 4 + CUR_VAR_MAX)
#define FACTS_EACH 64			/* octets of the facts about one interface at a reload */
#define SEQ_MAX INT32_MAX		/* more segments than any disk lives for */
#define JUMP_US 1000			/* the wall clock may drift by less without being told */
#define GAP_LOG_US INT64_C(60000000)

struct journal {
	struct jrn_sink sink;
	const struct port *port;
	const struct log *log;
	const char *version;
	uint32_t segment;		/* octets of one */
	uint32_t seq;			/* number of the one at hand; 0: none yet */
	size_t used;			/* octets of it */
	uint8_t *scratch;		/* HEADROOM, half a segment, the rest of a frame */
	const struct vr_node *node;
	uint8_t epoch;
	struct jrn_book book;		/* of the configuration of NODE */
	int64_t run_us;			/* wall clock at the start: the name of this life */
	int64_t last_us;		/* time of the last record */
	int64_t ahead_us;		/* wall clock minus monotonic one, as last written */
	size_t checkpoint;		/* octets of the last one */
	uint64_t lost, lost_here;	/* in all; since the last checkpoint */
	bool gap;			/* something is lost: a checkpoint must be next */
	bool moving;			/* between a new configuration and its adoption */
	bool open;			/* an event was written, its result may follow */
	bool dead;
	struct log_limit limit;
};

static void end(struct journal *j, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void end(struct journal *j, const char *format, ...)
{
	char why[LOG_LINE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	j->dead = true;
	log_printf(j->log, LOG_LVL_ERROR, "journal: %s; it ends here", why);
}

/* ---- where things stand ---- */

static uint64_t segment_at(const struct journal *j, uint32_t seq)
{
	return JRN_HEAD + (uint64_t)(seq % 2) * j->segment;
}

static uint8_t *body_of(const struct journal *j)
{
	return j->scratch + HEADROOM;
}

static struct outbuf open_body(const struct journal *j)
{
	return out_over(body_of(j), j->segment / 2);
}

static size_t left(const struct journal *j)
{
	return j->segment - j->used;
}

static void missed(struct journal *j, int error)
{
	if (error != EAGAIN) {
		end(j, "cannot be written: %s", strerror(error));
		return;
	}
	if (!j->gap)
		log_limited(j->log, &j->limit, j->last_us, GAP_LOG_US, LOG_LVL_WARN,
			    "journal: events come faster than they can be written; they are left "
			    "out until there is room");
	j->gap = true;
}

/* Writes a record whose body stands in the scratch memory. Each is followed by the end of the
 * segment, which the next one writes over. */
static bool put_record(struct journal *j, uint8_t type, size_t len)
{
	size_t size;
	const uint8_t *first = jrn_frame(j->seq, type, body_of(j), len, &size);
	int error = EAGAIN;

	if (size + 1 <= left(j))
		error = j->sink.put(j->sink.ctx, segment_at(j, j->seq) + j->used, first, size + 1);
	if (error) {
		missed(j, error);
		return false;
	}
	j->used += size;
	return true;
}

/* ---- checkpoints ---- */

static void write_checkpoint(const struct journal *j, int64_t at_us, int64_t wall_us,
			     struct outbuf *to)
{
	size_t len = strnlen(j->version, JRN_VERSION_MAX);

	out_var(to, len);
	out_bytes(to, j->version, len);
	out_var(to, (uint64_t)at_us);
	out_svar(to, wall_us);
	out_svar(to, j->run_us);
	out_var(to, j->lost_here);
	out_u8(to, j->epoch);
	jrn_put_conf(j->book.conf, to);
	vr_save(j->node, to);
}

/* The least size of a file for this configuration, in KiB: segments of four checkpoints each. */
static uint64_t wanted_kib(const struct journal *j)
{
	for (size_t size = j->segment; size < JRN_SIZE_MOST; size *= 2) {
		uint8_t *buf = malloc(size);
		struct outbuf o = out_over(buf, buf ? size : 0);

		if (buf)
			write_checkpoint(j, 0, 0, &o);
		free(buf);
		if (!buf)
			return 0;
		if (out_ok(&o))
			return (8 * out_len(&o) >> 10) + 1;
	}
	return 0;
}

static bool begin_segment(struct journal *j, int64_t at_us)
{
	uint32_t seq = j->seq < SEQ_MAX ? j->seq + 1 : 1;
	struct outbuf o = open_body(j), head;
	int64_t wall_us = j->port->wall_us(j->port->ctx);
	uint8_t *first;
	size_t size;
	int error;

	write_checkpoint(j, at_us, wall_us, &o);
	if (!out_ok(&o)) {
		end(j, "is too small for this configuration, which wants %llu KiB",
		    (unsigned long long)wanted_kib(j));
		return false;
	}
	first = jrn_frame(seq, JRN_CHECKPOINT, body_of(j), out_len(&o), &size) - JRN_SEGMENT_HEAD;
	head = out_over(first, JRN_SEGMENT_HEAD);
	out_bytes(&head, JRN_SEGMENT_MARK, 4);
	out_be32(&head, seq);
	size += JRN_SEGMENT_HEAD;
	error = j->sink.put(j->sink.ctx, segment_at(j, seq), first, size + 1);
	if (error) {
		missed(j, error);
		return false;
	}
	j->seq = seq;
	j->used = j->checkpoint = size;
	j->last_us = at_us;
	j->ahead_us = wall_us - at_us;
	j->lost_here = 0;
	j->gap = false;
	return true;
}

/* After a gap: only when the whole checkpoint will be taken, and something behind it. */
static bool resume(struct journal *j, int64_t at_us)
{
	if (j->moving || j->sink.room(j->sink.ctx) < 2 * j->checkpoint + JRN_EVENT_MAX)
		return false;
	return begin_segment(j, at_us);
}

/* True when SIZE octets may be written into the segment at hand, or into a new one. */
static bool make_room(struct journal *j, int64_t at_us, size_t size)
{
	if (j->gap)
		return resume(j, at_us);
	if (size <= left(j))
		return true;
	if (j->moving) {
		missed(j, EAGAIN);
		return false;
	}
	return begin_segment(j, at_us);
}

/* ---- what the engine says ---- */

/* The book of NODE's configuration; without it no packet can be masked. */
static bool open_book(struct journal *j, const struct vr_node *node, uint8_t epoch)
{
	j->node = node;
	j->epoch = epoch;
	if (jrn_book_make(&j->book, vr_node_conf(node)))
		return true;
	end(j, "there is no memory for it");
	return false;
}

void jrn_begin(struct journal *j, const struct vr_node *node, uint8_t epoch)
{
	if (!j || j->dead || !open_book(j, node, epoch))
		return;
	if (begin_segment(j, j->port->now_us(j->port->ctx)))
		j->sink.push(j->sink.ctx);
}

void jrn_config(struct journal *j, const struct vr_node *node, uint8_t epoch, bool adopts)
{
	const struct vr_config *conf = vr_node_conf(node);
	size_t facts = FACTS_EACH * (3 * (size_t)conf->n_ifaces + 2);
	struct outbuf o;

	if (!j || j->dead)
		return;
	j->open = false;
	/* An eighth of the segment: a larger configuration is tried, and then a gap. */
	if (make_room(j, j->port->now_us(j->port->ctx), j->segment / 8 + facts)) {
		o = open_body(j);
		out_u8(&o, epoch);
		jrn_put_conf(conf, &o);
		if (out_ok(&o))
			put_record(j, JRN_CONFIG, out_len(&o));
		else
			missed(j, EAGAIN);
	}
	j->moving = adopts;
	if (!j->dead)
		open_book(j, node, epoch);
}

void jrn_event(struct journal *j, const struct vr_event *event)
{
	struct outbuf o;

	if (!j || j->dead)
		return;
	j->open = false;
	if (make_room(j, event->now_us, JRN_EVENT_MAX + RESULT_MAX)) {
		o = open_body(j);
		out_var(&o, (uint64_t)(event->now_us - j->last_us));
		jrn_put_event(&j->book, event, &o);
		j->open = put_record(j, jrn_code(event->type), out_len(&o));
		j->last_us = event->now_us;
	}
	if (!j->open) {
		j->lost++;
		j->lost_here++;
	}
	if (event->type == VR_EV_ADOPT)
		j->moving = false;
}

static bool has_trace(const struct vr_actions *actions)
{
	for (size_t i = 0; i < actions->n; i++)
		if (actions->v[i].type == VR_ACT_TRACE)
			return true;
	return false;
}

/* How far the wall clock has left the course that was written last: somebody has set it. */
static int64_t jump(struct journal *j)
{
	const struct port *p = j->port;
	int64_t ahead_us = p->wall_us(p->ctx) - p->now_us(p->ctx);
	int64_t by_us = ahead_us - j->ahead_us;

	if (by_us > -JUMP_US && by_us < JUMP_US)
		return 0;
	j->ahead_us = ahead_us;
	return by_us;
}

void jrn_result(struct journal *j, const struct vr_actions *actions)
{
	struct outbuf o;

	if (!j || j->dead)
		return;
	if (j->open && actions->n > 0) {
		o = open_body(j);
		out_be32(&o, jrn_hash(actions, j->book.conf));
		out_svar(&o, has_trace(actions) ? jump(j) : 0);
		put_record(j, JRN_RESULT, out_len(&o));
	}
	j->open = false;
	j->sink.push(j->sink.ctx);
}

/* ---- life ---- */

/* The number of the segment in place K of the file that was found, or 0. */
static uint32_t found(const struct journal *j, uint32_t k)
{
	uint8_t head[JRN_SEGMENT_HEAD] = { 0 };
	struct cursor c = cur_over(head, sizeof(head));
	uint32_t seq;

	if (!j->sink.get(j->sink.ctx, segment_at(j, k), head, sizeof(head)) ||
	    memcmp(head, JRN_SEGMENT_MARK, 4) != 0)
		return 0;
	cur_skip(&c, 4);
	seq = cur_be32(&c);
	return seq % 2 == k && seq < SEQ_MAX ? seq : 0;
}

/* Writes the file's head, and ends what an unreadable one left; a good one goes on. */
static void open_file(struct journal *j)
{
	uint8_t head[JRN_HEAD] = { 0 }, there[JRN_HEAD], nothing[JRN_SEGMENT_HEAD] = { 0 };
	struct outbuf o = out_over(head, sizeof(head));
	bool same;
	int error;

	out_bytes(&o, JRN_MAGIC, JRN_MAGIC_LEN);
	out_be32(&o, JRN_FORMAT);
	out_be32(&o, j->segment);
	same = j->sink.get(j->sink.ctx, 0, there, JRN_HEAD) && !memcmp(there, head, JRN_HEAD);
	for (uint32_t k = 0; same && k < 2; k++)
		if (found(j, k) > j->seq)
			j->seq = found(j, k);
	error = same ? 0 : j->sink.put(j->sink.ctx, 0, head, JRN_HEAD);
	for (uint32_t k = 0; !same && !error && k < 2; k++)
		error = j->sink.put(j->sink.ctx, segment_at(j, k), nothing, sizeof(nothing));
	if (error)
		end(j, "cannot be written: %s", strerror(error));
}

struct journal *jrn_new(const struct jrn_sink *sink, const struct port *port,
			const struct log *log, const char *version)
{
	struct journal *j = calloc(1, sizeof(*j));

	if (!j)
		return NULL;
	j->sink = *sink;
	j->port = port;
	j->log = log;
	j->version = version;
	j->run_us = port->wall_us(port->ctx);
	j->segment = (uint32_t)((sink->size - JRN_HEAD) / 2);
	j->scratch = malloc(HEADROOM + j->segment / 2 + JRN_FRAME_MAX);
	if (!j->scratch) {
		free(j);
		return NULL;
	}
	open_file(j);
	return j;
}

void jrn_free(struct journal *j)
{
	if (!j)
		return;
	jrn_book_free(&j->book);
	free(j->scratch);
	free(j);
}

uint64_t jrn_lost(const struct journal *j)
{
	return j->lost;
}

bool jrn_alive(const struct journal *j)
{
	return !j->dead;
}
