/*
 * From facts to priority and faults: the table of weights row by row, verdicts of checks against a
 * model, every named fault.
 */
#include <check.h>
#include <stdlib.h>

#include "rig.h"

#define BASE 100

/* An instance on eth0 that tracks one thing; eth1 and chk0 are there to be tracked. */
static void tracking(struct rig *rig, bool check, int16_t weight, bool reverse)
{
	struct vr_ref ref = { .index = check ? 0 : 1, .weight = weight, .reverse = reverse };

	rig_plain(rig);
	rig->vr.n_ifaces = 2;
	rig->vr.n_checks = 1;
	rig->track_checks[0][0] = rig->track_ifaces[0][0] = ref;
	rig->insts[0].n_track_checks = check;
	rig->insts[0].n_track_ifaces = !check;
}

static void hear_check(struct rig_node *n, uint16_t check, bool good)
{
	rig_step(n, 0, (struct vr_event){
		.type = VR_EV_CHECK,
		.check = { .check = check, .result = good ? VR_CHECK_GOOD : VR_CHECK_EXIT,
			   .code = !good },
	});
}

static void set_link(struct rig_node *n, uint16_t iface, bool exists, bool up)
{
	rig_step(n, 0, (struct vr_event){
		.type = VR_EV_LINK,
		.link = { .iface = iface, .exists = exists, .up = up, .rx_ready = exists },
	});
}

static void start(struct rig_node *n, struct rig *rig)
{
	rig_node_new(n, &rig->vr, 1);
	rig_iface(n, 0, 0, "192.0.2.1");
	rig_step(n, 0, (struct vr_event){ .type = VR_EV_START });
}

/* Tells the tracked thing to be good or bad. */
static void tell(struct rig_node *n, bool check, bool good)
{
	if (check)
		hear_check(n, 0, good);
	else
		set_link(n, 1, true, good);
}

/* ---- the table: weight W as written, what it adds while good and while bad ---- */

static const struct row {
	int16_t weight;
	bool reverse;
	int good, bad;
} rows[] = {
	{ 10, false, 10, 0 },
	{ -10, false, 0, -10 },
	{ 10, true, -10, 0 },
	{ -10, true, 0, 10 },
	{ 253, false, 154, 0 },		/* to 254 */
	{ -253, false, 0, -99 },	/* to 1 */
	{ 253, true, -99, 0 },
	{ -253, true, 0, 154 },
};

static void one_row(const struct row *row, bool check)
{
	struct rig rig;
	struct rig_node n;

	tracking(&rig, check, row->weight, row->reverse);
	start(&n, &rig);
	for (int i = 0; i < 4; i++) {
		bool good = i % 2 == 0;
		int expected = BASE + (good ? row->good : row->bad);

		tell(&n, check, good);
		ck_assert_msg(rig_look(&n, 0).effective_priority == expected,
			      "weight %d%s, %s: %d, not %d", row->weight,
			      row->reverse ? " reverse" : "", good ? "good" : "bad",
			      rig_look(&n, 0).effective_priority, expected);
		ck_assert_uint_eq(rig_look(&n, 0).faults, 0);
	}
	rig_node_free(&n);
}

START_TEST(weights_of_checks)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		one_row(&rows[i], true);
}
END_TEST

START_TEST(weights_of_interfaces)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		one_row(&rows[i], false);
}
END_TEST

static void weight_zero(bool check, bool reverse)
{
	enum vr_fault fault = check ? VR_FAULT_CHECK : VR_FAULT_TRACK_IF;
	struct rig rig;
	struct rig_node n;

	tracking(&rig, check, 0, reverse);
	start(&n, &rig);
	for (int i = 0; i < 4; i++) {
		bool good = i % 2 == 0;

		tell(&n, check, good);
		ck_assert_uint_eq(rig_look(&n, 0).effective_priority, BASE);
		ck_assert_uint_eq(rig_look(&n, 0).faults, good == reverse ? 1u << fault : 0);
		ck_assert_int_eq(rig_look(&n, 0).state, good == reverse ? VR_FAULT : VR_BACKUP);
	}
	rig_node_free(&n);
}

START_TEST(weight_zero_is_a_fault)
{
	weight_zero(true, false);
	weight_zero(true, true);
	weight_zero(false, false);
	weight_zero(false, true);
}
END_TEST

START_TEST(the_deltas_can_be_asked)
{
	struct rig rig;
	struct rig_node n;

	tracking(&rig, true, 7, false);
	rig.track_ifaces[0][0] = (struct vr_ref){ .index = 1, .weight = -5, .reverse = true };
	rig.insts[0].n_track_ifaces = 1;
	start(&n, &rig);
	ck_assert_int_eq(vr_check_delta(n.node, &rig.track_checks[0][0]), 0);
	ck_assert_int_eq(vr_iface_delta(n.node, &rig.track_ifaces[0][0]), 5);
	hear_check(&n, 0, true);
	set_link(&n, 1, true, true);
	ck_assert_int_eq(vr_check_delta(n.node, &rig.track_checks[0][0]), 7);
	ck_assert_int_eq(vr_iface_delta(n.node, &rig.track_ifaces[0][0]), 0);
	rig_node_free(&n);
}
END_TEST

/* Before its first word a check counts neither as good nor as bad, whatever its weight. */
START_TEST(an_unheard_check_weighs_nothing)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rig rig;
		struct rig_node n;

		tracking(&rig, true, rows[i].weight, rows[i].reverse);
		start(&n, &rig);
		ck_assert_uint_eq(rig_look(&n, 0).effective_priority, BASE);
		ck_assert_uint_eq(rig_look(&n, 0).faults, 0);
		rig_node_free(&n);
	}
}
END_TEST

START_TEST(an_owner_keeps_255)
{
	struct rig rig;
	struct rig_node n;

	tracking(&rig, true, -50, false);
	rig.insts[0].priority = VR_PRIO_OWNER;
	start(&n, &rig);
	hear_check(&n, 0, false);
	ck_assert_uint_eq(rig_look(&n, 0).effective_priority, VR_PRIO_OWNER);
	rig_node_free(&n);
}
END_TEST

START_TEST(weights_add_up_before_they_are_clamped)
{
	struct rig rig;
	struct rig_node n;

	tracking(&rig, true, 250, false);
	rig.track_checks[0][1] = (struct vr_ref){ .index = 0, .weight = 250 };
	rig.track_ifaces[0][0] = (struct vr_ref){ .index = 1, .weight = -253 };
	rig.track_ifaces[0][1] = (struct vr_ref){ .index = 1, .weight = -253 };
	rig.insts[0].n_track_checks = rig.insts[0].n_track_ifaces = 2;
	start(&n, &rig);
	ck_assert_uint_eq(rig_look(&n, 0).effective_priority, 1);
	hear_check(&n, 0, true);		/* 100 + 500 - 506 */
	ck_assert_uint_eq(rig_look(&n, 0).effective_priority, 94);
	set_link(&n, 1, true, true);
	ck_assert_uint_eq(rig_look(&n, 0).effective_priority, 254);
	rig_node_free(&n);
}
END_TEST

/* ---- verdicts ---- */

/* keepalived's rules, said in another way: the tail of results that differ from the verdict. */
struct model {
	bool known, good;
	unsigned int against;
};

static void model_hear(struct model *m, const struct vr_check_conf *conf, bool good)
{
	if (!m->known) {
		*m = (struct model){ .known = true, .good = good };
		return;
	}
	m->against = good == m->good ? 0 : m->against + 1;
	if (m->against == (m->good ? conf->fall : conf->rise))
		*m = (struct model){ .known = true, .good = !m->good };
}

START_TEST(verdicts_follow_rise_and_fall)
{
	struct rng r = rng_new();

	for (int i = 0; i < 500; i++) {
		struct rig rig;
		struct rig_node n;
		struct model m = { 0 };
		struct vr_check_view v;

		tracking(&rig, true, 0, false);
		rig.checks[0].rise = 1 + rng_below(&r, 4);
		rig.checks[0].fall = 1 + rng_below(&r, 4);
		m.known = rig.checks[0].init_fail = rng_one_in(&r, 2);
		start(&n, &rig);
		for (int k = 0; k < 60; k++) {
			bool good = rng_one_in(&r, 2);

			hear_check(&n, 0, good);
			model_hear(&m, &rig.checks[0], good);
			vr_check_look(n.node, 0, &v);
			ck_assert(v.known);
			ck_assert_int_eq(v.good, m.good);
			ck_assert_uint_eq(v.run, m.against);
			ck_assert_int_eq(v.result, good ? VR_CHECK_GOOD : VR_CHECK_EXIT);
			ck_assert_int_eq(v.code, !good);
			ck_assert_int_eq(rig_look(&n, 0).state, m.good ? VR_BACKUP : VR_FAULT);
		}
		rig_node_free(&n);
	}
}
END_TEST

START_TEST(every_way_of_failing_is_bad)
{
	static const enum vr_check_result bad[] = {
		VR_CHECK_EXIT, VR_CHECK_SIGNAL, VR_CHECK_TIMEOUT, VR_CHECK_CANNOT_RUN,
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct rig rig;
		struct rig_node n;

		tracking(&rig, true, 0, false);
		start(&n, &rig);
		rig_step(&n, 0, (struct vr_event){
			.type = VR_EV_CHECK, .check = { .result = bad[i], .code = 2 },
		});
		ck_assert_uint_eq(rig_look(&n, 0).faults, 1u << VR_FAULT_CHECK);
		rig_node_free(&n);
	}
}
END_TEST

/* ---- faults ---- */

static uint32_t faults(const struct rig_node *n)
{
	return rig_look(n, 0).faults;
}

START_TEST(faults_of_the_own_interface)
{
	struct rig rig;
	struct rig_node n;
	struct vr_event no_addr = { .type = VR_EV_ADDR, .addr = { .family = IP_V4 } };
	struct vr_event deaf = { .type = VR_EV_LINK, .link = { .exists = true, .up = true } };

	rig_plain(&rig);
	start(&n, &rig);
	ck_assert_uint_eq(faults(&n), 0);
	set_link(&n, 0, true, false);
	ck_assert_uint_eq(faults(&n), 1u << VR_FAULT_IF_DOWN);
	rig_step(&n, 0, no_addr);
	ck_assert_uint_eq(faults(&n), 1u << VR_FAULT_IF_DOWN | 1u << VR_FAULT_NO_SOURCE);
	rig_step(&n, 0, deaf);
	ck_assert_uint_eq(faults(&n), 1u << VR_FAULT_NO_SOCKET | 1u << VR_FAULT_NO_SOURCE);
	/* What does not exist has no other faults. */
	set_link(&n, 0, false, false);
	ck_assert_uint_eq(faults(&n), 1u << VR_FAULT_IF_MISSING);
	/* "Up" without existing is no fact that anybody could mean. */
	set_link(&n, 0, false, true);
	ck_assert_uint_eq(faults(&n), 1u << VR_FAULT_IF_MISSING);
	rig_iface(&n, 0, 0, "192.0.2.1");
	ck_assert_uint_eq(faults(&n), 0);
	rig_node_free(&n);
}
END_TEST

START_TEST(dont_track_primary_forgives_the_link_only)
{
	struct rig rig;
	struct rig_node n;

	rig_plain(&rig);
	rig.insts[0].track_primary = false;
	start(&n, &rig);
	set_link(&n, 0, true, false);
	ck_assert_uint_eq(faults(&n), 0);
	set_link(&n, 0, false, false);
	ck_assert_uint_eq(faults(&n), 1u << VR_FAULT_IF_MISSING);
	rig_node_free(&n);
}
END_TEST

/* Where an address stands must be up; no_track forgives it, and the own interface is judged by
 * itself. */
START_TEST(the_interface_of_an_address)
{
	struct rig rig;
	struct rig_node n;

	for (int no_track = 0; no_track < 2; no_track++) {
		uint32_t want = no_track ? 0 : 1u << VR_FAULT_ADDR_IF;

		rig_plain(&rig);
		rig.vr.n_ifaces = 2;
		rig.vips[0][1] = rig.vips[0][0];
		rig.vips[0][1].iface = 1;
		rig.vips[0][1].flags = VR_VIP_EXCLUDED | (no_track ? VR_VIP_NO_TRACK : 0);
		rig.insts[0].n_vips = 2;
		rig.insts[0].track_primary = false;
		start(&n, &rig);
		ck_assert_uint_eq(faults(&n), want);		/* never there */
		ck_assert_int_eq(vr_vip_cut_off(n.node, 0, 1), !no_track);
		set_link(&n, 1, true, true);
		ck_assert_uint_eq(faults(&n), 0);
		set_link(&n, 1, true, false);
		ck_assert_uint_eq(faults(&n), want);
		set_link(&n, 1, true, true);
		set_link(&n, 0, true, false);
		ck_assert_uint_eq(faults(&n), 0);
		ck_assert(!vr_vip_cut_off(n.node, 0, 0));
		rig_node_free(&n);
	}
}
END_TEST

START_TEST(a_configured_source_needs_no_address)
{
	struct rig rig;
	struct rig_node n;

	rig_plain(&rig);
	rig.insts[0].source = rig_addr("192.0.2.77");
	rig_node_new(&n, &rig.vr, 1);
	rig_iface(&n, 0, 0, NULL);
	rig_step(&n, 0, (struct vr_event){ .type = VR_EV_START });
	ck_assert_uint_eq(faults(&n), 0);
	struct vr_inst_view v = rig_look(&n, 0);
	ck_assert(ip_equal(&v.source, &rig.insts[0].source));
	rig_node_free(&n);
}
END_TEST

/* An IPv6 instance speaks from the IPv6 address of its interface. */
START_TEST(the_source_is_of_the_instance_s_family)
{
	struct rig rig;
	struct rig_node n;
	struct vr_event addr = { .type = VR_EV_ADDR, .addr = { .family = IP_V6 } };

	rig_plain(&rig);
	rig.insts[0].family = IP_V6;
	rig.insts[0].version = 3;
	start(&n, &rig);
	ck_assert_uint_eq(faults(&n), 1u << VR_FAULT_NO_SOURCE);
	addr.addr.primary = rig_addr("fe80::7");
	rig_step(&n, 0, addr);
	ck_assert_uint_eq(faults(&n), 0);
	struct vr_inst_view v = rig_look(&n, 0);
	ck_assert(ip_equal(&v.source, &addr.addr.primary));
	rig_node_free(&n);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("core/track");
	TCase *t = tcase_create("track");
	SRunner *r = srunner_create(s);

	tcase_add_test(t, weights_of_checks);
	tcase_add_test(t, weights_of_interfaces);
	tcase_add_test(t, weight_zero_is_a_fault);
	tcase_add_test(t, the_deltas_can_be_asked);
	tcase_add_test(t, an_unheard_check_weighs_nothing);
	tcase_add_test(t, an_owner_keeps_255);
	tcase_add_test(t, weights_add_up_before_they_are_clamped);
	tcase_add_test(t, verdicts_follow_rise_and_fall);
	tcase_add_test(t, every_way_of_failing_is_bad);
	tcase_add_test(t, faults_of_the_own_interface);
	tcase_add_test(t, dont_track_primary_forgives_the_link_only);
	tcase_add_test(t, the_interface_of_an_address);
	tcase_add_test(t, a_configured_source_needs_no_address);
	tcase_add_test(t, the_source_is_of_the_instance_s_family);
	tcase_set_timeout(t, 60);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
