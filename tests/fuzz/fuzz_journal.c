/*
 * Why this exists: a journal is sent around, by mail, by strangers, cut short and damaged. Whatever
 * is in it, the replay ends, stays inside its memory and gives the core nothing that the core does
 * not promise to bear.
 *
 * First octet even: the rest is a file. Odd: it is a list of records, and the target puts the
 * checks on them that a fuzzer cannot guess: type, length (2 octets), body. Type 0 begins the next
 * segment.
 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "engine/journal.h"
#include "engine/journal_parts.h"
#include "engine/replay.h"

#define SEGMENT 32768u
#define IMAGE (JRN_HEAD + 2 * SEGMENT)

static void check(bool condition)
{
	if (!condition)
		abort();
}

static void on_trace(void *ctx, int64_t wall_us, const struct vr_config *conf,
		     const struct vr_trace *trace, const char *text)
{
	size_t *traces = ctx;

	(void)wall_us;
	check(trace->kind < VR_N_TRACES);
	check(trace->inst == VR_NONE || trace->inst < conf->n_insts);
	check(strnlen(text, LOG_LINE_MAX) < LOG_LINE_MAX);
	(*traces)++;
}

static void on_note(void *ctx, int64_t wall_us, enum rep_note note, const char *text)
{
	(void)ctx;
	(void)wall_us;
	check(note <= REP_DIFFERS && strnlen(text, LOG_LINE_MAX) < LOG_LINE_MAX);
}

/* All that the other users of a configuration rely on. */
static void on_config(void *ctx, const struct vr_config *conf)
{
	(void)ctx;
	for (uint16_t i = 0; i < conf->n_insts; i++) {
		const struct vr_inst_conf *ic = &conf->insts[i];

		check(ic->name && ic->iface < conf->n_ifaces && ic->vrid > 0);
		check(ic->n_advertised <= ic->n_vips);
		for (uint16_t v = 0; v < ic->n_vips; v++)
			check(ic->vips[v].iface < conf->n_ifaces);
	}
}

static void tell(const uint8_t *image, size_t size)
{
	size_t traces = 0;
	struct rep_handlers h = {
		.ctx = &traces, .trace = on_trace, .note = on_note, .config = on_config,
	};
	struct rep_result result;
	bool told = rep_run(image, size, &h, &result);

	check(told || result.why[0]);
	check(result.traces == traces);
}

/* Where the records of a segment go. */
struct place {
	uint32_t seq;
	uint8_t *start;
	size_t used;
};

static struct place begin_segment(uint8_t *image, uint32_t seq)
{
	struct place p = { seq, image + JRN_HEAD + (seq % 2) * SEGMENT, JRN_SEGMENT_HEAD };
	struct outbuf o = out_over(p.start, JRN_SEGMENT_HEAD);

	out_bytes(&o, JRN_SEGMENT_MARK, 4);
	out_be32(&o, seq);
	return p;
}

static void add(struct place *p, uint8_t type, const uint8_t *body, size_t len)
{
	static const size_t margin = 16;
	uint8_t *scratch = calloc(1, len + 2 * margin);
	const uint8_t *first;
	size_t size;

	check(scratch != NULL);
	memcpy(scratch + margin, body, len);
	first = jrn_frame(p->seq, type, scratch + margin, len, &size);
	if (p->used + size + 1 <= SEGMENT) {
		memcpy(p->start + p->used, first, size + 1);
		p->used += size;
	}
	free(scratch);
}

static void tell_records(const uint8_t *data, size_t size)
{
	uint8_t *image = calloc(1, IMAGE);
	struct cursor c = cur_over(data, size);
	struct outbuf head = out_over(image, JRN_HEAD);
	struct place p;

	check(image != NULL);
	out_bytes(&head, JRN_MAGIC, JRN_MAGIC_LEN);
	out_be32(&head, JRN_FORMAT);
	out_be32(&head, SEGMENT);
	p = begin_segment(image, 1);
	while (cur_left(&c)) {
		uint8_t type = cur_u8(&c);
		size_t len = cur_be16(&c);

		if (type == 0 && p.seq == 1)
			p = begin_segment(image, 2);
		if (len > cur_left(&c))
			len = cur_left(&c);
		if (type)
			add(&p, type, c.at, len);
		cur_skip(&c, len);
	}
	tell(image, IMAGE);
	free(image);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	if (data[0] & 1)
		tell_records(data + 1, size - 1);
	else
		tell(data + 1, size - 1);
	return 0;
}
