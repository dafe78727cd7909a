/*
 * Why this exists: a replay is right when it says what the daemon said. So the daemon's lines and
 * the replay's are both kept as text, with the core's time before each.
 */
#include "jrig.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX (4u << 20)

/* ---- a file in memory ---- */

static int put(void *ctx, uint64_t offset, const void *data, size_t len)
{
	struct memory *m = ctx;

	if (m->refuse)
		return m->refuse;
	ck_assert_uint_gt(len, 0);
	ck_assert_uint_le(offset + len, m->size);
	memcpy(m->file + offset, data, len);
	m->puts++;
	return 0;
}

static void push(void *ctx)
{
	((struct memory *)ctx)->pushes++;
}

static size_t room(void *ctx)
{
	struct memory *m = ctx;

	return m->refuse ? 0 : m->size;
}

static bool get(void *ctx, uint64_t offset, void *to, size_t len)
{
	struct memory *m = ctx;

	memcpy(to, m->file + offset, len);
	return true;
}

static struct jrn_sink sink_of(struct memory *m)
{
	return (struct jrn_sink){
		.ctx = m, .size = m->size, .put = put, .push = push, .room = room, .get = get,
	};
}

/* ---- texts that grow ---- */

void text_new(struct text *t)
{
	t->s = calloc(1, TEXT_MAX);
	t->len = 0;
	ck_assert_ptr_nonnull(t->s);
}

static void text_add(struct text *t, int64_t at_us, const char *line)
{
	int n = snprintf(t->s + t->len, TEXT_MAX - t->len, "%lld %s\n", (long long)at_us, line);

	t->len += (size_t)n;
	ck_assert_uint_lt(t->len, TEXT_MAX);
}

bool ends_with(const struct text *t, const struct text *tail)
{
	return tail->len <= t->len && !strcmp(t->s + t->len - tail->len, tail->s);
}

/* ---- a daemon with a journal ---- */

static void on_told(void *ctx, const struct vr_config *conf, const struct vr_trace *trace,
		    const char *text)
{
	struct rig *r = ctx;

	(void)conf;
	text_add(&r->told, trace->at_us, text);
}

void boot(struct rig *r, struct box *b, int later)
{
	struct jrn_sink sink = sink_of(&r->m);

	fake_new(&r->f, b);
	r->f.now_us += later * SECOND;
	r->j = jrn_new(&sink, &r->f.port, &r->f.log, "1.2.3");
	ck_assert_ptr_nonnull(r->j);
	r->listener = (struct eng_listener){ r, on_told };
	eng_listen(r->f.engine, &r->listener);
	eng_journal(r->f.engine, r->j);
}

void rig_new(struct rig *r, struct box *b, size_t size)
{
	memset(r, 0, sizeof(*r));
	r->m.file = calloc(1, size);
	r->m.size = size;
	ck_assert_ptr_nonnull(r->m.file);
	text_new(&r->told);
	text_new(&r->again);
	text_new(&r->notes);
	boot(r, b, 0);
}

void shut(struct rig *r)
{
	fake_free(&r->f);
	jrn_free(r->j);
}

void rig_free(struct rig *r)
{
	shut(r);
	free(r->m.file);
	free(r->told.s);
	free(r->again.s);
	free(r->notes.s);
}

static void on_trace(void *ctx, int64_t wall_us, const struct vr_config *conf,
		     const struct vr_trace *trace, const char *text)
{
	struct rig *r = ctx;

	r->wall_us = wall_us;
	ck_assert(trace->inst == VR_NONE || trace->inst < conf->n_insts);
	text_add(&r->again, trace->at_us, text);
}

static void on_note(void *ctx, int64_t wall_us, enum rep_note note, const char *text)
{
	static const char *const words[] = { "begin", "gap", "damaged", "differs" };
	struct rig *r = ctx;
	char line[LOG_LINE_MAX + 32];

	(void)wall_us;
	snprintf(line, sizeof(line), "%s: %s", words[note], text);
	text_add(&r->notes, 0, line);
}

static void on_config(void *ctx, const struct vr_config *conf)
{
	ck_assert_uint_gt(conf->n_insts, 0);
	((struct rig *)ctx)->configs++;
}

bool replay_of(struct rig *r, size_t len)
{
	struct rep_handlers h = {
		.ctx = r, .trace = on_trace, .note = on_note, .config = on_config,
	};

	r->again.len = r->notes.len = r->configs = 0;
	r->again.s[0] = r->notes.s[0] = '\0';
	return rep_run(r->m.file, len, &h, &r->result);
}

void replay(struct rig *r)
{
	ck_assert_msg(replay_of(r, r->m.size), "%s", r->result.why);
}

void replays_wholly(struct rig *r)
{
	replay(r);
	ck_assert_str_eq(r->again.s, r->told.s);
	ck_assert_msg(r->result.differences + r->result.damaged + r->result.gaps == 0, "%s",
		      r->notes.s);
	ck_assert_uint_gt(r->result.proven, 0);
}

size_t count(const struct text *t, const char *what)
{
	size_t n = 0;

	for (const char *at = strstr(t->s, what); at; at = strstr(at + 1, what))
		n++;
	return n;
}

void pass(struct rig *r, int64_t us)
{
	fake_until(&r->f, r->f.now_us + us);
	fake_forget(&r->f);
	r->f.n_lines = 0;
}
