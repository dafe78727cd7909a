/*
 * The address writer against the real kernel: every property, every answer, and thousands at once.
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/netwatch.h"
#include "sys/netwrite.h"
#include "unit/sys/lab.h"

#define MAX 3000

struct rig {
	struct loop *loop;
	struct nww *write;
	struct port_events events;
	int answers;
	int error[MAX];			/* by token; -1: not answered */
	int times[MAX];
	struct nww *add_again;		/* see the last but one test */
	struct port_addr_op again;
	int again_left;
};

static void on_done(void *ctx, uint32_t token, int error)
{
	struct rig *r = ctx;

	ck_assert_uint_lt(token, MAX);
	r->answers++;
	r->times[token]++;
	r->error[token] = error;
	if (r->again_left > 0) {
		r->again_left--;
		nww_addrs(r->add_again, &r->again, 1);
	}
}

static struct rig *start(void)
{
	struct rig *r = calloc(1, sizeof(*r));

	lab_enter();
	memset(r->error, -1, sizeof(r->error));
	r->loop = loop_new();
	r->events = (struct port_events){ .ctx = r, .addr_done = on_done };
	r->write = nww_new(r->loop, &r->events);
	ck_assert_ptr_nonnull(r->write);
	return r;
}

static void stop(struct rig *r)
{
	nww_free(r->write);
	loop_free(r->loop);
	free(r);
}

static bool is_idle(void *ctx)
{
	struct rig *r = ctx;

	return !nww_busy(r->write);
}

static struct vr_vip vip_of(const char *text)
{
	struct vr_vip v = { .preferred_lft = VR_LFT_FOREVER };

	ck_assert(ip_parse_prefix(text, &v.prefix));
	return v;
}

/* One operation; returns its answer. */
static int act(struct rig *r, bool add, const struct vr_vip *vip, int ifindex)
{
	struct port_addr_op op = { .add = add, .ifindex = ifindex, .vip = vip, .token = 7 };
	int before = r->answers;

	r->error[7] = -1;
	nww_addrs(r->write, &op, 1);
	ck_assert_int_eq(r->answers, before);	/* not from inside the call */
	lab_until(r->loop, is_idle, r);
	ck_assert_int_eq(r->answers, before + 1);
	return r->error[7];
}

/* Whether "ip -o addr" shows a line with all of the words (a shell pattern). */
static bool shown(const char *pattern)
{
	char line[1024];

	lab_read(line, sizeof(line), "ip -o addr show dev h0 | grep -E '%s'", pattern);
	return line[0];
}

START_TEST(an_address_is_added_and_deleted)
{
	struct rig *r = start();
	struct vr_vip vip = vip_of("192.0.2.130/32");

	ck_assert_int_eq(act(r, true, &vip, lab_ifindex("h0")), 0);
	ck_assert(shown("inet 192.0.2.130/32 scope global h0"));
	ck_assert_int_eq(act(r, false, &vip, lab_ifindex("h0")), 0);
	ck_assert(!shown("192.0.2.130"));
	stop(r);
}
END_TEST

START_TEST(what_is_there_or_gone_already_is_success)
{
	struct rig *r = start();
	struct vr_vip vip = vip_of("192.0.2.130/32");
	int h0 = lab_ifindex("h0");

	ck_assert_int_eq(act(r, false, &vip, h0), 0);
	ck_assert_int_eq(act(r, false, &vip, 4711), 0);
	lab_run("ip addr add 192.0.2.130/32 dev h0");
	ck_assert_int_eq(act(r, true, &vip, h0), 0);
	ck_assert_int_eq(act(r, true, &vip, h0), 0);
	stop(r);
}
END_TEST

START_TEST(real_failures_are_told)
{
	struct rig *r = start();
	struct vr_vip vip = vip_of("192.0.2.130/32");
	struct vr_vip wrong = vip_of("224.0.0.1/32");

	ck_assert_int_eq(act(r, true, &vip, 4711), ENODEV);
	wrong.flags = VR_VIP_AUTOJOIN;
	wrong.prefix.len = 99;
	ck_assert_int_eq(act(r, true, &wrong, lab_ifindex("h0")), EINVAL);
	stop(r);
}
END_TEST

START_TEST(every_ipv4_property_arrives)
{
	struct rig *r = start();
	int h0 = lab_ifindex("h0");
	struct vr_vip vip = vip_of("10.1.2.3/24");

	vip.scope = 253;
	vip.label = "h0:web";
	ck_assert(ip_parse("10.1.2.255", &vip.broadcast));
	vip.flags = VR_VIP_NOPREFIXROUTE;
	vip.preferred_lft = 0;
	ck_assert_int_eq(act(r, true, &vip, h0), 0);
	ck_assert(shown("inet 10.1.2.3/24 brd 10.1.2.255 scope link deprecated noprefixroute "
			"h0:web"));
	ck_assert_int_eq(act(r, false, &vip, h0), 0);
	ck_assert(!shown("10.1.2.3"));

	vip = vip_of("10.5.5.5/32");
	ck_assert(ip_parse("10.6.6.6", &vip.peer));
	ck_assert_int_eq(act(r, true, &vip, h0), 0);
	ck_assert(shown("inet 10.5.5.5 peer 10.6.6.6/32"));
	ck_assert_int_eq(act(r, false, &vip, h0), 0);
	ck_assert(!shown("10.5.5.5"));
	stop(r);
}
END_TEST

START_TEST(every_ipv6_property_arrives)
{
	struct rig *r = start();
	int h0 = lab_ifindex("h0");
	struct vr_vip vip = vip_of("2001:db8::55/64");

	vip.flags = VR_VIP_NODAD | VR_VIP_HOME | VR_VIP_MNGTMPADDR | VR_VIP_NOPREFIXROUTE;
	vip.preferred_lft = 0;
	ck_assert_int_eq(act(r, true, &vip, h0), 0);
	ck_assert(shown("2001:db8::55/64 .*deprecated.*preferred_lft 0sec"));
	ck_assert(shown("2001:db8::55/64 .*nodad"));
	ck_assert(shown("2001:db8::55/64 .*home"));
	ck_assert(shown("2001:db8::55/64 .*mngtmpaddr"));
	ck_assert(shown("2001:db8::55/64 .*noprefixroute"));
	ck_assert_int_eq(act(r, false, &vip, h0), 0);
	ck_assert(!shown("2001:db8::55"));
	stop(r);
}
END_TEST

struct seen {
	struct ip_addr wanted;
	int count, proto;
	bool synced;
	int gone;
};

static void on_addr(void *ctx, const struct port_addr *a)
{
	struct seen *s = ctx;

	if (!ip_equal(&a->prefix.addr, &s->wanted))
		return;
	s->gone += a->gone;
	s->count++;
	s->proto = a->proto;
}

static void on_link(void *ctx, const struct port_link *l)
{
	(void)ctx;
	(void)l;
}

static void on_synced(void *ctx)
{
	struct seen *s = ctx;

	s->synced = true;
}

static bool is_synced(void *ctx)
{
	return ((struct seen *)ctx)->synced;
}

/* Left over from a dead predecessor, or put there by hand: it becomes ours without going away. */
START_TEST(an_address_that_is_there_becomes_ours_in_place)
{
	struct rig *r = start();
	static const char *const texts[] = { "192.0.2.130/32", "2001:db8::77/128" };

	for (int i = 0; i < 2; i++) {
		struct vr_vip vip = vip_of(texts[i]);
		struct seen s = { .wanted = vip.prefix.addr };
		struct port_events e = { .ctx = &s, .addr = on_addr, .link = on_link,
					 .synced = on_synced };
		struct nwa *watch = nwa_new(r->loop, &e, &lab_log);

		lab_run("ip addr add %s dev h0", texts[i]);
		nwa_start(watch);
		lab_until(r->loop, is_synced, &s);
		ck_assert_int_eq(s.proto, 0);
		ck_assert_int_eq(act(r, true, &vip, lab_ifindex("h0")), 0);
		nwa_free(watch);

		s.synced = false;
		s.count = 0;
		watch = nwa_new(r->loop, &e, &lab_log);
		nwa_start(watch);
		lab_until(r->loop, is_synced, &s);
		ck_assert_int_eq(s.count, 1);
		ck_assert_int_eq(s.gone, 0);
		ck_assert_int_eq(s.proto, PORT_IFA_PROTO);
		nwa_free(watch);
	}
	stop(r);
}
END_TEST

static int count_addresses(void)
{
	char line[32];

	return atoi(lab_read(line, sizeof(line), "ip -4 -o addr show dev h0 | grep -c 10\\\\.7"));
}

START_TEST(thousands_are_done_in_order_and_answered_once)
{
	enum { N = 1000 };
	static struct vr_vip vips[N];
	static struct port_addr_op ops[3 * N];
	struct rig *r = start();
	int h0 = lab_ifindex("h0");

	/* add all, delete all, add all again: only the order makes the end right */
	for (int i = 0; i < N; i++) {
		vips[i] = vip_of("10.7.0.0/32");
		vips[i].prefix.addr.b[2] = (uint8_t)(i / 250);
		vips[i].prefix.addr.b[3] = (uint8_t)(i % 250 + 1);
		for (int k = 0; k < 3; k++)
			ops[k * N + i] = (struct port_addr_op){
				.add = k != 1, .ifindex = h0, .vip = &vips[i],
				.token = (uint32_t)(k * N + i),
			};
	}
	nww_addrs(r->write, ops, 3 * N);
	ck_assert(nww_busy(r->write));
	lab_until(r->loop, is_idle, r);
	ck_assert_int_eq(r->answers, 3 * N);
	for (int i = 0; i < 3 * N; i++) {
		ck_assert_int_eq(r->times[i], 1);
		ck_assert_int_eq(r->error[i], 0);
	}
	ck_assert_int_eq(count_addresses(), N);
	stop(r);
}
END_TEST

START_TEST(what_is_queued_is_done_before_the_end)
{
	enum { N = 2000 };
	static struct vr_vip vips[N];
	static struct port_addr_op ops[N];
	struct rig *r = start();

	for (int i = 0; i < N; i++) {
		vips[i] = vip_of("10.7.0.0/32");
		vips[i].prefix.addr.b[2] = (uint8_t)(i / 250);
		vips[i].prefix.addr.b[3] = (uint8_t)(i % 250 + 1);
		ops[i] = (struct port_addr_op){
			.add = true, .ifindex = lab_ifindex("h0"), .vip = &vips[i],
			.token = (uint32_t)i,
		};
	}
	nww_addrs(r->write, ops, N);
	stop(r);
	ck_assert_int_eq(count_addresses(), N);
}
END_TEST

static bool again_is_over(void *ctx)
{
	struct rig *r = ctx;

	return !r->again_left && is_idle(r);
}

START_TEST(an_answer_may_lead_to_the_next_operation)
{
	struct rig *r = start();
	struct vr_vip vip = vip_of("192.0.2.130/32");

	r->add_again = r->write;
	r->again = (struct port_addr_op){		/* fails for ever */
		.add = true, .ifindex = 4711, .vip = &vip, .token = 8,
	};
	r->again_left = 500;
	nww_addrs(r->write, &r->again, 1);
	lab_until(r->loop, again_is_over, r);
	ck_assert_int_eq(r->times[8], 501);
	stop(r);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("netwrite");
	TCase *c = tcase_create("netwrite");

	tcase_set_timeout(c, 90);
	tcase_add_test(c, an_address_is_added_and_deleted);
	tcase_add_test(c, what_is_there_or_gone_already_is_success);
	tcase_add_test(c, real_failures_are_told);
	tcase_add_test(c, every_ipv4_property_arrives);
	tcase_add_test(c, every_ipv6_property_arrives);
	tcase_add_test(c, an_address_that_is_there_becomes_ours_in_place);
	tcase_add_test(c, thousands_are_done_in_order_and_answered_once);
	tcase_add_test(c, what_is_queued_is_done_before_the_end);
	tcase_add_test(c, an_answer_may_lead_to_the_next_operation);
	suite_add_tcase(s, c);
	return s;
}

int main(void)
{
	SRunner *r = srunner_create(suite());
	int failed;

	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed != 0;
}
