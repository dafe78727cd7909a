/*
 * Why this exists: a configuration of the core is seven arrays that point to each other, too much
 * to write out in each test, and the configuration floor is above this one.
 */
#include "rig.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/timing.h"

/* ---- random numbers: splitmix64 ---- */

struct rng rng_new(void)
{
	const char *given = getenv("HOLDFAST_SEED");
	struct timespec t;
	struct rng r;

	clock_gettime(CLOCK_REALTIME, &t);
	r.state = given ? strtoull(given, NULL, 0) :
			  (uint64_t)t.tv_sec * 1000000007u + (uint64_t)t.tv_nsec;
	printf("HOLDFAST_SEED=%" PRIu64 "\n", r.state);
	fflush(stdout);
	return r;
}

uint64_t rng_next(struct rng *r)
{
	uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

uint32_t rng_below(struct rng *r, uint32_t n)
{
	return (uint32_t)(rng_next(r) % n);
}

bool rng_one_in(struct rng *r, uint32_t n)
{
	return rng_below(r, n) == 0;
}

/* ---- configurations ---- */

struct ip_addr rig_addr(const char *text)
{
	struct ip_addr a;
	bool good = ip_parse(text, &a);

	assert(good);
	(void)good;
	return a;
}

static void bind(struct rig *rig)
{
	static const char *const ifaces[RIG_IFACES] = { "eth0", "eth1", "eth2", "eth3" };
	static const char *const checks[RIG_CHECKS] = { "chk0", "chk1", "chk2", "chk3" };
	static const char *const insts[RIG_INSTS] = { "VI_1", "VI_2", "VI_3", "VI_4", "VI_5" };

	for (int i = 0; i < RIG_IFACES; i++)
		rig->ifaces[i].name = ifaces[i];
	for (int i = 0; i < RIG_CHECKS; i++)
		rig->checks[i].name = checks[i];
	for (int i = 0; i < RIG_INSTS; i++) {
		rig->insts[i].name = insts[i];
		rig->insts[i].vips = rig->vips[i];
		rig->insts[i].track_ifaces = rig->track_ifaces[i];
		rig->insts[i].track_checks = rig->track_checks[i];
	}
	rig->vr.ifaces = rig->ifaces;
	rig->vr.checks = rig->checks;
	rig->vr.insts = rig->insts;
}

static void plain_inst(struct vr_inst_conf *ic)
{
	*ic = (struct vr_inst_conf){
		.family = IP_V4, .version = 2, .vrid = 51, .priority = 100, .preempt = true,
		.track_primary = true, .garp_lower_prio = true, .down_timer_adverts = 3,
		.adver_int_us = SECOND, .garp_delay_us = 5 * SECOND, .garp_repeat = 5,
		.garp_lower_prio_delay_us = 5 * SECOND, .garp_lower_prio_repeat = 5,
		.garp_refresh_repeat = 1, .group = rig_addr("224.0.0.18"),
	};
}

static struct vr_vip plain_vip(uint8_t net, uint8_t host)
{
	uint8_t b[4] = { 192, 0, net, host };

	return (struct vr_vip){
		.prefix = { .addr = ip_v4(b), .len = 24 }, .preferred_lft = VR_LFT_FOREVER,
	};
}

void rig_plain(struct rig *rig)
{
	memset(rig, 0, sizeof(*rig));
	plain_inst(&rig->insts[0]);
	rig->vips[0][0] = plain_vip(2, 100);
	rig->insts[0].n_vips = rig->insts[0].n_advertised = 1;
	for (int i = 0; i < RIG_CHECKS; i++)
		rig->checks[i] = (struct vr_check_conf){ .rise = 1, .fall = 1 };
	rig->vr.n_ifaces = 1;
	rig->vr.n_insts = 1;
	bind(rig);
}

static uint16_t random_refs(struct rng *r, struct vr_ref *refs, uint16_t n_things)
{
	uint16_t n = n_things ? (uint16_t)rng_below(r, RIG_REFS + 1) : 0;

	for (uint16_t i = 0; i < n; i++) {
		refs[i].index = (uint16_t)rng_below(r, n_things);
		refs[i].reverse = rng_one_in(r, 4);
		if (rng_one_in(r, 2))
			refs[i].weight = (int16_t)((int)rng_below(r, 507) - 253);
	}
	return n;
}

static void random_protocol(struct vr_inst_conf *ic, struct rng *r)
{
	static const int64_t wanted[] = { 10000, 100000, 500000, SECOND, 3 * SECOND, 40 * SECOND };

	ic->version = rng_one_in(r, 2) ? 3 : 2;
	ic->adver_int_us = tim_wire_interval_us(ic->version, wanted[rng_below(r, 6)]);
	ic->priority = rng_one_in(r, 6) ? VR_PRIO_OWNER : (uint8_t)(1 + rng_below(r, 254));
	ic->preempt = !rng_one_in(r, 3);
	if (ic->version == 2 && rng_one_in(r, 2)) {
		ic->auth_type = VR_AUTH_PASS;
		for (int i = 0; i < VR_AUTH_LEN; i++)
			ic->auth_data[i] = (uint8_t)rng_next(r);
	}
	if (rng_one_in(r, 4))
		ic->preempt_delay_us = (int64_t)rng_below(r, 20) * SECOND;
	if (rng_one_in(r, 4))
		ic->garp_refresh_us = (int64_t)(1 + rng_below(r, 10)) * SECOND;
	if (rng_one_in(r, 4))
		ic->garp_delay_us = 0;
	if (rng_one_in(r, 4))
		ic->garp_lower_prio_delay_us = ic->garp_lower_prio_repeat = 0;
	if (rng_one_in(r, 8))
		ic->source = rig_addr("198.51.100.7");
	ic->track_primary = !rng_one_in(r, 5);
	ic->down_timer_adverts = 1 + rng_below(r, 4);
}

static void random_vips(struct rig *rig, uint16_t i, struct rng *r)
{
	struct vr_inst_conf *ic = &rig->insts[i];

	ic->n_vips = (uint16_t)rng_below(r, RIG_VIPS + 1);
	ic->n_advertised = ic->n_vips ? (uint16_t)(1 + rng_below(r, ic->n_vips)) : 0;
	for (uint16_t v = 0; v < ic->n_vips; v++) {
		struct vr_vip *vip = &rig->vips[i][v];

		*vip = plain_vip((uint8_t)i, (uint8_t)(10 * v + rng_below(r, 2)));
		vip->iface = (uint16_t)rng_below(r, rig->vr.n_ifaces);
		vip->scope = rng_one_in(r, 8) ? 253 : 0;
		if (v >= ic->n_advertised)
			vip->flags |= VR_VIP_EXCLUDED;
		if (rng_one_in(r, 6))
			vip->flags |= VR_VIP_NO_TRACK;
	}
}

/* Equal identities mean equal checks, as the configuration floor makes them. */
static struct vr_check_conf random_check(struct rng *r)
{
	struct vr_check_conf c = {
		.rise = 1 + rng_below(r, 3), .fall = 1 + rng_below(r, 3),
		.init_fail = rng_one_in(r, 5),
	};

	c.identity = c.rise | c.fall << 8 | (uint64_t)c.init_fail << 16 |
		     (uint64_t)rng_below(r, 2) << 24;
	return c;
}

void rig_random(struct rig *rig, struct rng *r)
{
	memset(rig, 0, sizeof(*rig));
	rig->vr.n_ifaces = (uint16_t)(1 + rng_below(r, RIG_IFACES));
	rig->vr.n_checks = (uint16_t)rng_below(r, RIG_CHECKS + 1);
	rig->vr.n_insts = (uint16_t)rng_below(r, RIG_INSTS + 1);
	for (uint16_t i = 0; i < rig->vr.n_checks; i++)
		rig->checks[i] = random_check(r);
	for (uint16_t i = 0; i < rig->vr.n_insts; i++) {
		struct vr_inst_conf *ic = &rig->insts[i];

		plain_inst(ic);
		ic->iface = (uint16_t)rng_below(r, rig->vr.n_ifaces);
		ic->vrid = (uint8_t)(1 + 2 * i + rng_below(r, 2));	/* different ones */
		random_protocol(ic, r);
		random_vips(rig, i, r);
		ic->n_track_ifaces = random_refs(r, rig->track_ifaces[i], rig->vr.n_ifaces);
		ic->n_track_checks = random_refs(r, rig->track_checks[i], rig->vr.n_checks);
	}
	bind(rig);
}

/* ---- packets ---- */

size_t rig_wrap(uint8_t *to, const struct ip_addr *src, const struct ip_addr *dst,
		const uint8_t *body, size_t len)
{
	size_t total = 20 + len;
	const uint8_t header[12] = {
		0x45, 0xc0, (uint8_t)(total >> 8), (uint8_t)total, 0, 0, 0, 0, PKT_TTL, PKT_PROTO,
	};

	memcpy(to, header, 12);
	memcpy(to + 12, src->b, 4);
	memcpy(to + 16, dst->b, 4);
	memcpy(to + 20, body, len);
	return total;
}

size_t rig_advert(uint8_t *to, const struct vr_inst_conf *conf, uint8_t priority,
		  const struct ip_addr *src)
{
	uint8_t body[PKT_MAX];
	size_t len = pkt_encode(conf, priority, src, body, sizeof(body));

	assert(len > 0);
	return rig_wrap(to, src, &conf->group, body, len);
}

/* ---- nodes ---- */

void rig_node_new(struct rig_node *n, const struct vr_config *vr, uint8_t epoch)
{
	n->memory = malloc(vr_node_size(vr));
	n->actions.max = vr_actions_max(vr, NULL);
	n->actions.v = malloc(n->actions.max * sizeof(*n->actions.v));
	assert(n->memory && n->actions.v);
	n->node = vr_node_init(n->memory, vr, epoch);
}

void rig_node_free(struct rig_node *n)
{
	free(n->memory);
	free(n->actions.v);
}

void rig_step(struct rig_node *n, int64_t now_us, struct vr_event event)
{
	event.now_us = now_us;
	vr_step(n->node, &event, &n->actions);
}

void rig_iface(struct rig_node *n, int64_t now_us, uint16_t iface, const char *addr)
{
	struct vr_event event = { .type = VR_EV_ADDR };

	event.addr = (struct vr_ev_addr){ .iface = iface, .family = IP_V4 };
	if (addr)
		event.addr.primary = rig_addr(addr);
	rig_step(n, now_us, event);
	rig_step(n, now_us, (struct vr_event){
		.type = VR_EV_LINK,
		.link = { .iface = iface, .exists = true, .up = true, .rx_ready = true },
	});
}

size_t rig_count(const struct rig_node *n, enum vr_action_type type)
{
	size_t count = 0;

	for (size_t i = 0; i < n->actions.n; i++)
		count += n->actions.v[i].type == type;
	return count;
}

struct vr_inst_view rig_look(const struct rig_node *n, uint16_t inst)
{
	struct vr_inst_view v;

	vr_inst_look(n->node, inst, &v);
	return v;
}
