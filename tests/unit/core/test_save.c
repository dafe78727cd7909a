/*
 * A node that was written down and made again goes on as the original does, whatever happened to it
 * before and whatever comes; and no octets, however they came to be, make one that breaks.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/save.h"
#include "rig.h"

#define SAVED_MAX 16384
#define STORMS 150
#define EVENTS 120

struct saved {
	uint8_t b[SAVED_MAX];
	size_t len;
};

static void save(const struct vr_node *node, struct saved *to)
{
	struct outbuf o = out_over(to->b, sizeof(to->b));

	vr_save(node, &o);
	ck_assert(out_ok(&o));
	to->len = out_len(&o);
}

static bool load(struct vr_node *node, const struct saved *from, size_t len)
{
	struct cursor c = cur_over(from->b, len);

	return vr_load(node, &c, VR_TIME_MAX) && cur_left(&c) == 0;
}

static bool is_same(const struct saved *a, const struct saved *b)
{
	return a->len == b->len && memcmp(a->b, b->b, a->len) == 0;
}

/* ---- events at random, for two nodes at once ---- */

struct pair {
	struct rng r;
	struct rig rig;
	struct rig_node a, b;
	int64_t now_us;
	uint8_t bytes[RIG_PACKET_MAX];
};

static struct vr_event packet(struct pair *p)
{
	const struct vr_inst_conf *ic = &p->rig.insts[rng_below(&p->r, p->rig.vr.n_insts)];
	const uint8_t octets[4] = { 192, 0, 2, (uint8_t)(1 + rng_below(&p->r, 3)) };
	struct ip_addr src = ip_v4(octets);
	uint8_t priority = (uint8_t)rng_below(&p->r, 256);
	size_t len = rig_advert(p->bytes, ic, priority, &src);

	if (rng_one_in(&p->r, 4))
		p->bytes[rng_below(&p->r, (uint32_t)len)] ^= 1;
	return (struct vr_event){
		.type = VR_EV_PACKET,
		.packet = { .iface = ic->iface, .family = IP_V4, .data = p->bytes, .len = len },
	};
}

static struct vr_event fact(struct pair *p)
{
	uint16_t iface = (uint16_t)rng_below(&p->r, p->rig.vr.n_ifaces);
	const uint8_t octets[4] = { 192, 0, 2, (uint8_t)(1 + rng_below(&p->r, 3)) };

	if (rng_one_in(&p->r, 3))
		return (struct vr_event){
			.type = VR_EV_ADDR,
			.addr = { .iface = iface, .family = IP_V4, .primary = ip_v4(octets) },
		};
	return (struct vr_event){
		.type = VR_EV_LINK,
		.link = { .iface = iface, .exists = !rng_one_in(&p->r, 8),
			  .up = !rng_one_in(&p->r, 8), .rx_ready = !rng_one_in(&p->r, 8) },
	};
}

static struct vr_event other(struct pair *p)
{
	uint16_t inst = (uint16_t)rng_below(&p->r, p->rig.vr.n_insts);

	if (p->rig.vr.n_checks && !rng_one_in(&p->r, 3))
		return (struct vr_event){
			.type = VR_EV_CHECK,
			.check = { .check = (uint16_t)rng_below(&p->r, p->rig.vr.n_checks),
				   .result = rng_one_in(&p->r, 2) ? VR_CHECK_GOOD : VR_CHECK_EXIT,
				   .code = (int32_t)rng_below(&p->r, 3) },
		};
	if (rng_one_in(&p->r, 4))
		return (struct vr_event){
			.type = rng_one_in(&p->r, 2) ? VR_EV_RESUME : VR_EV_ASSERT,
			.resume = { .served_us = p->now_us - (int64_t)rng_below(&p->r, 3000000) },
		};
	if (p->rig.insts[inst].n_vips == 0)
		return (struct vr_event){ .type = VR_EV_WAKE };
	if (rng_one_in(&p->r, 3))
		return (struct vr_event){
			.type = VR_EV_RIVAL,
			.rival = { .inst = inst, .mac = { 2, [5] = (uint8_t)rng_below(&p->r, 3) } },
		};
	return (struct vr_event){
		.type = rng_one_in(&p->r, 2) ? VR_EV_LOST : VR_EV_UNSURE,
		.lost = { .inst = inst },
	};
}

static struct vr_event any(struct pair *p)
{
	int64_t next = vr_deadline(p->a.node);

	switch (rng_below(&p->r, 4)) {
	case 0:
		return packet(p);
	case 1:
		return fact(p);
	case 2:
		return other(p);
	default:
		if (next != VR_NEVER && next > p->now_us)
			p->now_us = next;
		return (struct vr_event){ .type = VR_EV_WAKE };
	}
}

/* When this fails after something was added to core/inst.h: save.c must write that, too. */
static void step_both(struct pair *p, struct vr_event event)
{
	rig_step(&p->a, p->now_us, event);
	rig_step(&p->b, p->now_us, event);
	ck_assert_uint_eq(p->a.actions.n, p->b.actions.n);
	for (size_t i = 0; i < p->a.actions.n; i++)
		ck_assert_int_eq(p->a.actions.v[i].type, p->b.actions.v[i].type);
	ck_assert(vr_deadline(p->a.node) == vr_deadline(p->b.node));
}

/* B becomes what A is; both must then be written the same. */
static void copy(struct pair *p)
{
	struct saved before, after;

	save(p->a.node, &before);
	rig_node_free(&p->b);
	rig_node_new(&p->b, &p->rig.vr, 1);
	ck_assert(load(p->b.node, &before, before.len));
	save(p->b.node, &after);
	ck_assert(is_same(&before, &after));
}

static void begin(struct pair *p)
{
	do
		rig_random(&p->rig, &p->r);
	while (p->rig.vr.n_insts == 0);
	p->now_us = 1000 * SECOND;
	rig_node_new(&p->a, &p->rig.vr, 1);
	rig_node_new(&p->b, &p->rig.vr, 1);
	for (uint16_t i = 0; i < p->rig.vr.n_ifaces; i++) {
		rig_iface(&p->a, p->now_us, i, "192.0.2.1");
		rig_iface(&p->b, p->now_us, i, "192.0.2.1");
	}
	step_both(p, (struct vr_event){ .type = VR_EV_START });
}

START_TEST(a_copy_goes_on_as_the_original)
{
	struct pair p = { .r = rng_new() };
	struct saved a, b;

	for (int storm = 0; storm < STORMS; storm++) {
		begin(&p);
		for (int i = 0; i < EVENTS; i++) {
			p.now_us += rng_below(&p.r, 700000);
			if (rng_one_in(&p.r, 8))
				copy(&p);
			step_both(&p, any(&p));
		}
		save(p.a.node, &a);
		save(p.b.node, &b);
		ck_assert(is_same(&a, &b));
		rig_node_free(&p.a);
		rig_node_free(&p.b);
	}
}
END_TEST

START_TEST(what_is_cut_short_is_refused)
{
	struct pair p = { .r = rng_new() };
	struct saved whole;
	struct rig_node n;

	begin(&p);
	for (int i = 0; i < 20; i++)
		step_both(&p, any(&p));
	save(p.a.node, &whole);
	for (size_t len = 0; len < whole.len; len++) {
		rig_node_new(&n, &p.rig.vr, 1);
		ck_assert_msg(!load(n.node, &whole, len), "%zu octets of %zu", len, whole.len);
		rig_node_free(&n);
	}
	rig_node_free(&p.a);
	rig_node_free(&p.b);
}
END_TEST

START_TEST(a_node_of_the_future_is_refused)
{
	struct rig rig;
	struct rig_node n, m;
	struct saved s;
	struct cursor c;

	rig_plain(&rig);
	rig_node_new(&n, &rig.vr, 1);
	rig_iface(&n, 1000 * SECOND, 0, "192.0.2.1");
	save(n.node, &s);
	c = cur_over(s.b, s.len);
	rig_node_new(&m, &rig.vr, 1);
	ck_assert(!vr_load(m.node, &c, 1000 * SECOND - 1));
	rig_node_free(&m);
	c = cur_over(s.b, s.len);
	rig_node_new(&m, &rig.vr, 1);
	ck_assert(vr_load(m.node, &c, 1000 * SECOND));
	rig_node_free(&m);
	rig_node_free(&n);
}
END_TEST

/* Damage that still reads as a node gives one that can be stepped: sanitizers watch. */
START_TEST(damage_never_breaks_a_node)
{
	struct pair p = { .r = rng_new() };
	struct saved s;
	int loaded = 0;

	begin(&p);
	for (int i = 0; i < 60; i++)
		step_both(&p, any(&p));
	for (int round = 0; round < 3000; round++) {
		save(p.a.node, &s);
		s.b[rng_below(&p.r, (uint32_t)s.len)] ^= (uint8_t)(1u << rng_below(&p.r, 8));
		rig_node_free(&p.b);
		rig_node_new(&p.b, &p.rig.vr, 1);
		if (!load(p.b.node, &s, s.len))
			continue;
		loaded++;
		for (int i = 0; i < 6; i++) {
			struct vr_event event = any(&p);

			p.now_us += SECOND / 4;
			rig_step(&p.a, p.now_us, event);
			rig_step(&p.b, p.now_us + VR_TIME_MAX / 2, event);
		}
	}
	ck_assert_int_gt(loaded, 100);
	rig_node_free(&p.a);
	rig_node_free(&p.b);
}
END_TEST

START_TEST(addresses)
{
	const struct ip_addr v[] = {
		{ .family = IP_NONE }, rig_addr("192.0.2.9"), rig_addr("2001:db8::1"),
	};
	const uint8_t wrong[] = { 5, 1, 2, 3, 4 }, cut[] = { 4, 1, 2, 3 };
	uint8_t b[64];
	struct outbuf o = out_over(b, sizeof(b));
	struct cursor c;

	for (size_t i = 0; i < 3; i++)
		vr_save_addr(&v[i], &o);
	ck_assert_uint_eq(out_len(&o), 1 + 5 + 17);
	c = cur_over(b, out_len(&o));
	for (size_t i = 0; i < 3; i++) {
		struct ip_addr a = vr_load_addr(&c);

		ck_assert(ip_equal(&a, &v[i]));
	}
	c = cur_over(wrong, sizeof(wrong));
	ck_assert_uint_eq(vr_load_addr(&c).family, IP_NONE);
	ck_assert(!cur_ok(&c));
	c = cur_over(cut, sizeof(cut));
	ck_assert_uint_eq(vr_load_addr(&c).family, IP_NONE);
	ck_assert(!cur_ok(&c));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("core/save");
	TCase *t = tcase_create("save");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_set_timeout(t, 120);
	tcase_add_test(t, a_copy_goes_on_as_the_original);
	tcase_add_test(t, what_is_cut_short_is_refused);
	tcase_add_test(t, a_node_of_the_future_is_refused);
	tcase_add_test(t, damage_never_breaks_a_node);
	tcase_add_test(t, addresses);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
