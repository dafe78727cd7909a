/*
 * Why this exists: the engine sees nothing of the world but struct port, so a test can be that
 * world. What it is asked becomes lines of text, because the order in which the engine asks is what
 * the tests are about.
 */
#include "fake.h"

#include <assert.h>
#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- configurations ---- */

static struct ip_addr addr_of(const char *text)
{
	struct ip_addr a;

	ck_assert(ip_parse(text, &a));
	return a;
}

struct vr_inst_conf *box_inst(struct box *b, uint8_t vrid, uint16_t iface)
{
	static const char *const names[BOX_MAX] = { "VI_1", "VI_2", "VI_3", "VI_4" };
	uint16_t i = b->cfg.vr.n_insts++;

	ck_assert_uint_lt(i, BOX_MAX);
	b->insts[i] = (struct vr_inst_conf){
		.name = names[i], .iface = iface, .family = IP_V4, .version = 2, .vrid = vrid,
		.priority = 100, .preempt = true, .track_primary = true, .garp_lower_prio = true,
		.down_timer_adverts = 3, .adver_int_us = SECOND, .garp_delay_us = 5 * SECOND,
		.garp_repeat = 5, .garp_lower_prio_repeat = 2, .garp_refresh_repeat = 1,
		.group = addr_of("224.0.0.18"), .vips = b->vips[i],
		.track_ifaces = b->track_ifaces[i], .track_checks = b->track_checks[i],
	};
	return &b->insts[i];
}

void box_vip(struct box *b, uint16_t inst, const char *prefix)
{
	struct vr_inst_conf *ic = &b->insts[inst];
	struct vr_vip *vip = &b->vips[inst][ic->n_vips++];

	ck_assert_uint_le(ic->n_vips, BOX_MAX);
	ic->n_advertised = ic->n_vips;
	vip->iface = ic->iface;
	vip->preferred_lft = VR_LFT_FOREVER;
	ck_assert(ip_parse_prefix(prefix, &vip->prefix));
}

uint16_t box_iface(struct box *b, const char *name)
{
	uint16_t i = b->cfg.vr.n_ifaces++;

	ck_assert_uint_lt(i, BOX_MAX);
	b->ifaces[i].name = arena_str(b->cfg.arena, name);
	return i;
}

static struct cfg_command command(struct box *b, const char *path, const char *arg)
{
	const char **argv = arena_array(b->cfg.arena, 3, sizeof(*argv));

	argv[0] = arena_str(b->cfg.arena, path);
	argv[1] = arena_str(b->cfg.arena, arg);
	return (struct cfg_command){ .argv = argv, .uid = 7, .gid = 8 };
}

uint16_t box_check(struct box *b, const char *name, int seconds, uint16_t inst, int16_t weight)
{
	uint16_t c = b->cfg.vr.n_checks++;
	struct vr_inst_conf *ic = &b->insts[inst];
	char path[64];

	ck_assert_uint_lt(c, BOX_MAX);
	snprintf(path, sizeof(path), "/bin/%s", name);
	b->checks[c] = (struct vr_check_conf){
		.name = arena_str(b->cfg.arena, name), .rise = 1, .fall = 1, .identity = 1,
	};
	b->cfg_checks[c] = (struct cfg_check){
		.name = b->checks[c].name, .command = command(b, path, "now"),
		.interval_us = seconds * SECOND, .timeout_us = seconds * SECOND, .weight = weight,
	};
	b->track_checks[inst][ic->n_track_checks++] = (struct vr_ref){ c, weight, false };
	return c;
}

void box_notify(struct box *b, uint16_t inst, enum cfg_notify_slot slot, const char *path)
{
	b->cfg_insts[inst].notify[slot] = command(b, path, "arg");
}

struct box *box_new(void)
{
	struct arena *arena = arena_new();
	struct box *b = arena_alloc(arena, sizeof(*b));

	b->cfg.arena = arena;
	b->cfg.vr.ifaces = b->ifaces;
	b->cfg.vr.checks = b->checks;
	b->cfg.vr.insts = b->insts;
	b->cfg.checks = b->cfg_checks;
	b->cfg.insts = b->cfg_insts;
	box_iface(b, "eth0");
	box_inst(b, 51, 0);
	box_vip(b, 0, "192.0.2.100/24");
	return b;
}

/* ---- what is asked: assert() here, because Check's own want memory ---- */

static void call(struct fake *f, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void call(struct fake *f, const char *format, ...)
{
	va_list args;

	assert(f->n_calls < FAKE_CALLS);
	va_start(args, format);
	vsnprintf(f->calls[f->n_calls++], FAKE_TEXT, format, args);
	va_end(args);
}

static int64_t now_us(void *ctx)
{
	return ((struct fake *)ctx)->now_us;
}

static int64_t wall_us(void *ctx)
{
	return ((struct fake *)ctx)->now_us + INT64_C(1795205459000000);
}

static void wake_at(void *ctx, int64_t at_us)
{
	((struct fake *)ctx)->wake_us = at_us;
}

static int join(void *ctx, uint16_t iface, int ifindex, const struct ip_addr *group)
{
	struct fake *f = ctx;
	char text[IP_TEXT_MAX];

	call(f, "join slot %d #%d %s", iface, ifindex, ip_text(group, text));
	return f->join_error;
}

static void leave(void *ctx, uint16_t iface)
{
	call(ctx, "leave slot %d", iface);
}

static void hear(void *ctx, uint16_t iface, uint8_t family, const struct port_vrids *wanted)
{
	struct fake *f = ctx;

	assert(iface < sizeof(f->heard) / sizeof(f->heard[0]));
	if (family == IP_V4)
		f->heard[iface] = *wanted;
}

static void guard(void *ctx, const struct vr_config *conf)
{
	(void)ctx, (void)conf;
}

static void send(void *ctx, struct port_packet *v, size_t n)
{
	struct fake *f = ctx;
	char text[IP_TEXT_MAX];

	f->batches++;
	for (size_t i = 0; i < n; i++) {
		assert(v[i].ttl == 255 && v[i].len >= 8);
		call(f, "send slot %d from %s vrid %d priority %d", v[i].iface,
		     ip_text(&v[i].src, text), v[i].data[1], v[i].data[2]);
		v[i].error = f->send_error;
	}
}

static void addrs(void *ctx, struct port_addr_op *v, size_t n)
{
	struct fake *f = ctx;
	char text[IP_PREFIX_TEXT_MAX];

	for (size_t i = 0; i < n; i++) {
		call(f, "%c %s #%d", v[i].add ? '+' : '-',
		     ip_prefix_text(&v[i].vip->prefix, text), v[i].ifindex);
		assert(f->n_ops < FAKE_CALLS && !v[i].done);
		v[i].done = f->no_queue;
		v[i].error = f->addr_error;
		if (!v[i].done)
			f->ops[f->n_ops++] = v[i].token;
	}
}

static void announce(void *ctx, uint32_t owner, const struct port_announce *v, size_t n,
		     uint32_t repeat, int64_t gap_us)
{
	char text[IP_TEXT_MAX];

	assert(gap_us == 0);
	for (size_t i = 0; i < n; i++)
		call(ctx, "announce %s #%d x%u owner %u", ip_text(&v[i].addr, text), v[i].ifindex,
		     repeat, owner);
}

static void announce_stop(void *ctx, uint32_t owner)
{
	if (!(owner >> 31))	/* what was announced one by one ends with the others */
		call(ctx, "announce no more owner %u", owner);
}

static void reread(void *ctx)
{
	((struct fake *)ctx)->rereads++;
}

static bool run(void *ctx, const struct port_job *job)
{
	struct fake *f = ctx;

	if (f->jobs_full)
		return false;
	assert(f->n_jobs < FAKE_JOBS && job->id != 0);
	struct fake_job *j = &f->jobs[f->n_jobs++];
	j->id = job->id;
	j->rank = job->rank;
	j->change = job->change;
	j->lane = job->lane;
	size_t n = (size_t)snprintf(j->text, sizeof(j->text), "%s lane %u %u:%u %ds",
				    job->kind == PORT_JOB_CHECK ? "check" : "notify", job->lane,
				    job->uid, job->gid, (int)(job->timeout_us / SECOND));
	for (size_t i = 0; job->argv[i]; i++)
		n += (size_t)snprintf(j->text + n, sizeof(j->text) - n, " %s", job->argv[i]);
	call(f, "%s", j->text);
	return true;
}

static void log_line(void *ctx, enum log_level level, const char *text)
{
	struct fake *f = ctx;

	(void)level;
	assert(f->n_lines < FAKE_LINES);
	snprintf(f->lines[f->n_lines++], sizeof(f->lines[0]), "%s", text);
}

static void keep_record(void *ctx, const void *data, size_t len)
{
	struct fake *f = ctx;

	assert(len <= sizeof(f->record));
	memcpy(f->record, data, len);
	f->past = (struct eng_past){ .data = f->record, .len = len, .served_us = f->now_us };
	f->n_records++;
}

static void keep_time(void *ctx, int64_t at_us)
{
	((struct fake *)ctx)->past.served_us = at_us;
}

static void prepare(struct fake *f)
{
	memset(f, 0, sizeof(*f));
	f->now_us = 1000 * SECOND;
	f->wake_us = VR_NEVER;
	f->port = (struct port){
		.ctx = f, .now_us = now_us, .wall_us = wall_us, .wake_at = wake_at, .join = join,
		.leave = leave, .hear = hear, .guard = guard,
		.send = send, .addrs = addrs, .announce = announce,
		.announce_stop = announce_stop, .reread = reread, .run = run,
	};
	f->log = (struct log){ .ctx = f, .line = log_line, .level = LOG_LVL_DETAIL };
}

static void begin(struct fake *f)
{
	ck_assert_ptr_nonnull(f->engine);
	eng_hook(f->engine, &(struct eng_hooks){
		.ctx = f, .record = keep_record, .served = keep_time,
	});
	f->up = eng_events(f->engine);
}

void fake_new(struct fake *f, struct box *b)
{
	prepare(f);
	f->engine = eng_new(&b->cfg, &f->port, &f->log);
	begin(f);
}

const char *fake_resume(struct fake *f, const struct fake *killed, struct box *b)
{
	const char *why;

	prepare(f);
	f->now_us = killed->now_us + 5000;
	f->join_error = killed->join_error;
	f->engine = eng_resume(&b->cfg, &killed->past, &f->port, &f->log, &why);
	if (!f->engine)
		return why;
	begin(f);
	eng_go_on(f->engine);
	return NULL;
}

void fake_free(struct fake *f)
{
	eng_free(f->engine);
}

/* ---- the kernel speaks ---- */

void fake_link(struct fake *f, int ifindex, const char *name, bool up)
{
	f->up.link(f->up.ctx, &(struct port_link){ .ifindex = ifindex, .name = name, .up = up });
}

void fake_unlink(struct fake *f, int ifindex, const char *name)
{
	f->up.link(f->up.ctx,
		   &(struct port_link){ .ifindex = ifindex, .name = name, .gone = true });
}

static void tell_addr(struct fake *f, int ifindex, const char *prefix, uint8_t proto, bool gone)
{
	struct port_addr a = { .ifindex = ifindex, .proto = proto, .gone = gone };

	ck_assert(ip_parse_prefix(prefix, &a.prefix));
	f->up.addr(f->up.ctx, &a);
}

void fake_addr(struct fake *f, int ifindex, const char *prefix, uint8_t proto)
{
	tell_addr(f, ifindex, prefix, proto, false);
}

void fake_unaddr(struct fake *f, int ifindex, const char *prefix)
{
	tell_addr(f, ifindex, prefix, 0, true);
}

void fake_sync(struct fake *f)
{
	f->up.synced(f->up.ctx);
}

void fake_start(struct fake *f)
{
	fake_link(f, 2, "eth0", true);
	fake_addr(f, 2, "192.0.2.1/24", 0);
	fake_sync(f);
	fake_answer(f, 0);
}

void fake_answer(struct fake *f, int error)
{
	while (f->n_ops) {
		uint32_t token = f->ops[0];

		memmove(f->ops, f->ops + 1, --f->n_ops * sizeof(f->ops[0]));
		f->up.addr_done(f->up.ctx, token, error);
	}
}

void fake_end_id(struct fake *f, uint32_t id, enum vr_check_result result, int32_t code)
{
	f->up.job_done(f->up.ctx, &(struct port_job_result){
		.id = id, .result = result, .code = code, .took_us = 1234,
	});
}

void fake_end(struct fake *f, enum vr_check_result result, int32_t code)
{
	ck_assert_uint_gt(f->n_jobs, 0);
	uint32_t id = f->jobs[0].id;

	memmove(f->jobs, f->jobs + 1, --f->n_jobs * sizeof(f->jobs[0]));
	fake_end_id(f, id, result, code);
}

void fake_until(struct fake *f, int64_t us)
{
	unsigned int wakes = 0;

	while (f->wake_us <= us) {
		ck_assert_msg(++wakes < 1000, "it asks to be woken again and again");
		if (f->wake_us > f->now_us)
			f->now_us = f->wake_us;
		f->wake_us = VR_NEVER;
		f->up.wake(f->up.ctx);
		fake_answer(f, 0);
	}
	f->now_us = us;
}

void fake_hear(struct fake *f, const struct box *b, uint16_t i, uint16_t slot, uint8_t priority,
	       const char *src)
{
	struct ip_addr from = addr_of(src);
	uint8_t p[20 + PKT_MAX] = { 0x45, 0, 0, 0, 0, 0, 0, 0, PKT_TTL, PKT_PROTO };
	size_t len = pkt_encode(&b->insts[i], priority, &from, p + 20, PKT_MAX);

	p[3] = (uint8_t)(20 + len);
	memcpy(p + 12, from.b, 4);
	memcpy(p + 16, b->insts[i].group.b, 4);
	f->up.packet(f->up.ctx, &(struct vr_ev_packet){
		.iface = slot, .family = IP_V4, .data = p, .len = 20 + len,
	});
}

/* ---- what was asked ---- */

void fake_forget(struct fake *f)
{
	f->n_calls = 0;
}

void fake_expect(struct fake *f, const char *first, ...)
{
	size_t i = 0;
	va_list args;

	va_start(args, first);
	for (const char *line = first; line; line = va_arg(args, const char *)) {
		ck_assert_msg(i < f->n_calls, "nothing was called after %zu, not '%s'", i, line);
		ck_assert_str_eq(f->calls[i], line);
		i++;
	}
	va_end(args);
	ck_assert_msg(i == f->n_calls, "'%s' was called besides", f->calls[i]);
	fake_forget(f);
}

void fake_quiet(struct fake *f)
{
	ck_assert_msg(f->n_calls == 0, "'%s' was called", f->calls[0]);
}

int fake_find(const struct fake *f, const char *text)
{
	for (size_t i = 0; i < f->n_calls; i++)
		if (strstr(f->calls[i], text))
			return (int)i;
	return -1;
}

size_t fake_count(const struct fake *f, const char *text)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n_calls; i++)
		n += strstr(f->calls[i], text) != NULL;
	return n;
}

size_t fake_logged(const struct fake *f, const char *text)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n_lines; i++)
		n += strstr(f->lines[i], text) != NULL;
	return n;
}

enum vr_state fake_state(const struct fake *f, uint16_t inst)
{
	struct vr_inst_view v;

	vr_inst_look(eng_node(f->engine), inst, &v);
	return v.state;
}
