/*
 * The world below the engine, as small as the ctl floor's tests allow.
 *
 * Scripts and addresses answer when the test says so, time passes when the test turns it. Nothing
 * here looks at what ctl makes of it.
 */
#include "fake.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static int64_t now(void *ctx)
{
	return ((struct fake *)ctx)->now_us;
}

static int64_t wall(void *ctx)
{
	struct fake *f = ctx;

	return FAKE_WALL_US + f->now_us + f->clock_error_us;
}

static void wake_at(void *ctx, int64_t at_us)
{
	((struct fake *)ctx)->wake_us = at_us;
}

static int join(void *ctx, uint16_t iface, int ifindex, const struct ip_addr *group)
{
	(void)ctx, (void)iface, (void)ifindex, (void)group;
	return 0;
}

static void hear(void *ctx, uint16_t iface, uint8_t family, const struct port_vrids *wanted)
{
	(void)ctx;
	(void)iface;
	(void)family;
	(void)wanted;
}

static void leave(void *ctx, uint16_t iface)
{
	(void)ctx, (void)iface;
}

static void guard(void *ctx, const struct vr_config *conf)
{
	(void)ctx, (void)conf;
}

static void send(void *ctx, struct port_packet *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		v[i].error = ((struct fake *)ctx)->send_error;
}

static void addrs(void *ctx, struct port_addr_op *v, size_t n)
{
	struct fake *f = ctx;

	for (size_t i = 0; i < n; i++) {
		ck_assert_uint_lt(f->n_tokens, FAKE_MAX);
		f->tokens[f->n_tokens++] = v[i].token;
	}
}

static void announce(void *ctx, uint32_t owner, const struct port_announce *v, size_t n,
		     uint32_t repeat, int64_t gap_us)
{
	(void)ctx, (void)owner, (void)v, (void)n, (void)repeat, (void)gap_us;
}

static void announce_stop(void *ctx, uint32_t owner)
{
	(void)ctx, (void)owner;
}

static void reread(void *ctx)
{
	(void)ctx;
}

static bool run(void *ctx, const struct port_job *job)
{
	struct fake *f = ctx;

	ck_assert_uint_lt(f->n_jobs, FAKE_MAX);
	if (job->kind == PORT_JOB_CHECK)
		f->jobs[f->n_jobs++] = job->id;
	return true;
}

/* ---- the configuration ---- */

static struct ip_addr ip(const char *text)
{
	struct ip_addr a;

	ck_assert(ip_parse(text, &a));
	return a;
}

static struct vr_vip *make_vips(struct arena *a)
{
	struct vr_vip *v = arena_array(a, 2, sizeof(*v));

	ck_assert(ip_parse_prefix("192.168.16.130/32", &v[0].prefix));
	v[0].iface = ETH0;
	v[0].preferred_lft = VR_LFT_FOREVER;
	ck_assert(ip_parse_prefix("10.9.8.7/24", &v[1].prefix));
	v[1].iface = ETH1;
	v[1].preferred_lft = VR_LFT_FOREVER;
	v[1].flags = VR_VIP_EXCLUDED;
	return v;
}

static void make_inst(struct arena *a, struct vr_inst_conf *ic, uint16_t i)
{
	struct vr_ref *ref = arena_array(a, 1, sizeof(*ref));
	struct vr_vip *vips = make_vips(a);

	*ref = (struct vr_ref){ .index = i == VI_1 ? CHK_WEIGHT : CHK_FAULT,
				.weight = i == VI_1 ? 2 : 0 };
	*ic = (struct vr_inst_conf){
		.name = arena_str(a, i == VI_1 ? "VI_1" : "VI_2"), .iface = i == VI_1 ? ETH0 : ETH1,
		.family = IP_V4, .version = 2, .vrid = i + 1, .priority = 100,
		.auth_type = VR_AUTH_PASS, .preempt = i == VI_1, .track_primary = true,
		.down_timer_adverts = 3, .adver_int_us = FAKE_S, .garp_repeat = 1,
		.garp_refresh_repeat = 1, .group = ip("224.0.0.18"),
		.vips = i == VI_1 ? vips : NULL, .n_vips = i == VI_1 ? 2 : 0,
		.n_advertised = i == VI_1 ? 1 : 0, .track_checks = ref, .n_track_checks = 1,
	};
	memcpy(ic->auth_data, SECRET, VR_AUTH_LEN);
}

struct cfg *fake_cfg(void)
{
	static const char *const names[] = { "chk_weight", "chk_fault" };
	struct arena *a = arena_new();
	struct cfg *c = arena_alloc(a, sizeof(*c));
	struct vr_iface_conf *ifaces = arena_array(a, FAKE_IFACES, sizeof(*ifaces));
	struct vr_check_conf *checks = arena_array(a, FAKE_CHECKS, sizeof(*checks));
	struct vr_inst_conf *insts = arena_array(a, FAKE_INSTS, sizeof(*insts));

	c->arena = a;
	c->checks = arena_array(a, FAKE_CHECKS, sizeof(*c->checks));
	c->insts = arena_array(a, FAKE_INSTS, sizeof(*c->insts));
	c->iface_pos = arena_array(a, FAKE_IFACES, sizeof(*c->iface_pos));
	c->files = arena_array(a, 2, sizeof(*c->files));
	c->files[0] = arena_str(a, "/etc/keepalived/keepalived.conf");
	c->global.router_id = arena_str(a, "NodeA");
	ifaces[ETH0].name = arena_str(a, "eth0");
	ifaces[ETH1].name = arena_str(a, "eth1");
	for (uint16_t i = 0; i < FAKE_CHECKS; i++) {
		const char **argv = arena_array(a, 3, sizeof(*argv));

		argv[0] = arena_str(a, "/usr/local/bin/check");
		argv[1] = arena_str(a, "--password=" SECRET);
		checks[i] = (struct vr_check_conf){
			.name = arena_str(a, names[i]), .rise = 2, .fall = 3, .identity = i + 1u,
		};
		c->checks[i] = (struct cfg_check){
			.name = checks[i].name, .command.argv = argv, .interval_us = 5 * FAKE_S,
			.timeout_us = 3 * FAKE_S,
		};
		make_inst(a, &insts[i], i);
	}
	c->vr = (struct vr_config){
		.ifaces = ifaces, .n_ifaces = FAKE_IFACES, .checks = checks,
		.n_checks = FAKE_CHECKS, .insts = insts, .n_insts = FAKE_INSTS,
	};
	return c;
}

/* ---- turning the world ---- */

void fake_settle(struct fake *f)
{
	while (f->n_tokens) {
		uint32_t token = f->tokens[0];

		memmove(f->tokens, f->tokens + 1, --f->n_tokens * sizeof(token));
		f->up.addr_done(f->up.ctx, token, f->addr_error);
	}
}

void fake_until(struct fake *f, int64_t until_us)
{
	fake_settle(f);
	while (f->wake_us <= until_us) {
		f->now_us = f->wake_us > f->now_us ? f->wake_us : f->now_us;
		f->wake_us = VR_NEVER;
		f->up.wake(f->up.ctx);
		fake_settle(f);
	}
	f->now_us = until_us;
}

void fake_check(struct fake *f, uint16_t index, enum vr_check_result result, int32_t code,
		const char *detail)
{
	for (size_t i = 0; i < f->n_jobs; i++) {
		struct port_job_result r = {
			.id = f->jobs[i], .result = result, .code = code, .took_us = 12345,
			.detail = detail,
		};

		if ((r.id & 0xffff) != index)
			continue;
		f->jobs[i] = f->jobs[--f->n_jobs];
		f->up.job_done(f->up.ctx, &r);
		fake_settle(f);
		return;
	}
	ck_abort_msg("check %u does not run", index);
}

void fake_link(struct fake *f, int ifindex, const char *name, bool up)
{
	f->up.link(f->up.ctx, &(struct port_link){ .ifindex = ifindex, .name = name, .up = up });
	fake_settle(f);
}

void fake_advert(struct fake *f, uint8_t priority)
{
	struct ip_addr src = ip("192.168.16.129");
	struct ip_addr dst = ip("224.0.0.18");
	uint8_t bytes[20 + PKT_MAX] = { 0x45, [8] = PKT_TTL, [9] = PKT_PROTO };
	size_t len = pkt_encode(&eng_cfg(f->engine)->vr.insts[VI_1], priority, &src, bytes + 20,
				PKT_MAX);
	struct vr_ev_packet packet = {
		.iface = 0, .family = IP_V4, .data = bytes, .len = 20 + len,
	};

	memcpy(bytes + 12, src.b, 4);
	memcpy(bytes + 16, dst.b, 4);
	bytes[2] = (20 + len) >> 8;
	bytes[3] = (20 + len) & 0xff;
	f->up.packet(f->up.ctx, &packet);
}

void fake_new(struct fake *f)
{
	*f = (struct fake){ .wake_us = VR_NEVER, .now_us = FAKE_S };
	f->port = (struct port){
		.ctx = f, .now_us = now, .wall_us = wall, .wake_at = wake_at,
		.join = join, .leave = leave, .hear = hear, .guard = guard,
		.send = send, .addrs = addrs,
		.announce = announce, .announce_stop = announce_stop, .reread = reread, .run = run,
	};
	f->engine = eng_new(fake_cfg(), &f->port, &log_null);
	ck_assert_ptr_nonnull(f->engine);
	f->up = eng_events(f->engine);
}

void fake_start(struct fake *f)
{
	static const char *const names[] = { "eth0", "eth1" };
	static const char *const addresses[] = { "192.168.16.128/24", "10.0.0.1/8" };

	for (int i = 0; i < FAKE_IFACES; i++) {
		struct port_addr a = { .ifindex = i + 2 };

		fake_link(f, i + 2, names[i], true);
		ck_assert(ip_parse_prefix(addresses[i], &a.prefix));
		f->up.addr(f->up.ctx, &a);
	}
	f->up.synced(f->up.ctx);
	fake_until(f, f->now_us);
}

void fake_damp(struct fake *f)
{
	struct eng_inst_view v;

	for (int i = 0; i < 30; i++) {
		struct vr_inst_view inst;

		vr_inst_look(eng_node(f->engine), VI_1, &inst);
		if (inst.damping.on && inst.damping.unsaid)
			return;
		fake_advert(f, 200);
		fake_advert(f, 0);
		fake_until(f, f->now_us + FAKE_S);
	}
	eng_inst_look(f->engine, VI_1, &v);
	ck_abort_msg("it is not damped: %s", v.why);
}
