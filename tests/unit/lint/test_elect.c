/* What lint says of failures is what the core does: every subset is fed to a real node. */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/node.h"
#include "lint/elect.h"

#define CHECKS 5
#define ROUNDS 300

static uint64_t seed;

static uint32_t below(uint32_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(seed >> 33) % n;
}

/* The same references for lint and for the core. */
struct rig {
	struct lnt_script scripts[CHECKS];
	struct lnt_ref refs[CHECKS];
	struct lnt_inst inst;
	struct vr_iface_conf iface;
	struct vr_check_conf checks[CHECKS];
	struct vr_ref core_refs[CHECKS];
	struct vr_inst_conf core_inst;
	struct vr_config conf;
};

static const char *const names[CHECKS] = { "c0", "c1", "c2", "c3", "c4" };

static void make(struct rig *r)
{
	static const int weights[] = { 0, 1, -1, 2, -20, 20, -100, 100, 253, -253 };

	*r = (struct rig){ .iface = { "eth0" } };
	r->inst.priority = (uint8_t)(below(8) ? 1 + below(254) : 255);
	r->inst.refs = r->refs;
	r->inst.n_refs = below(CHECKS + 1);
	for (size_t i = 0; i < r->inst.n_refs; i++) {
		int weight = r->inst.priority == 255 ? 0 : weights[below(10)];
		bool reverse = below(2);

		r->checks[i] = (struct vr_check_conf){ .name = names[i], .rise = 1, .fall = 1 };
		r->refs[i] = (struct lnt_ref){ .name = names[i], .script = &r->scripts[i],
					       .weight = weight, .reverse = reverse };
		r->core_refs[i] = (struct vr_ref){ (uint16_t)i, (int16_t)weight, reverse };
	}
	r->core_inst = (struct vr_inst_conf){
		.name = "web", .family = IP_V4, .version = 2, .vrid = 1,
		.priority = r->inst.priority, .preempt = true, .down_timer_adverts = 3,
		.adver_int_us = 1000000, .track_checks = r->core_refs,
		.n_track_checks = (uint16_t)r->inst.n_refs,
	};
	r->conf = (struct vr_config){ .ifaces = &r->iface, .n_ifaces = 1, .checks = r->checks,
				      .n_checks = (uint16_t)r->inst.n_refs, .insts = &r->core_inst,
				      .n_insts = 1 };
}

/* The core's priority when the references of SUBSET have failed; *FAULT: a check forbids to own. */
static uint8_t core_priority(const struct rig *r, unsigned int subset, bool *fault)
{
	struct vr_node *node = vr_node_init(calloc(1, vr_node_size(&r->conf)), &r->conf, 0);
	struct vr_actions out = {
		.v = calloc(vr_actions_max(&r->conf, NULL), sizeof(*out.v)),
		.max = vr_actions_max(&r->conf, NULL),
	};
	struct vr_event start = { .type = VR_EV_START };
	struct vr_inst_view view;

	for (size_t i = 0; i < r->inst.n_refs; i++) {
		bool good = (subset >> i & 1) == r->refs[i].reverse;
		struct vr_event e = { .type = VR_EV_CHECK,
				      .check = { (uint16_t)i, VR_CHECK_GOOD, 0 } };

		if (!good)
			e.check.result = VR_CHECK_EXIT;
		vr_step(node, &e, &out);
	}
	vr_step(node, &start, &out);
	vr_inst_look(node, 0, &view);
	*fault = view.faults & 1u << VR_FAULT_CHECK;
	free(out.v);
	free(node);
	return view.effective_priority;
}

static void compare_possible(const struct rig *r, const uint8_t *core)
{
	struct elc_set mine = { 0 }, real = { 0 };

	elc_possible(&r->inst, &mine);
	for (unsigned int s = 0; s < 1u << r->inst.n_refs; s++)
		real.has[core[s]] = true;
	for (int p = 0; p < 256; p++)
		ck_assert_msg(mine.has[p] == real.has[p], "priority %d", p);
}

static void compare_loss(const struct rig *r, const uint8_t *core, size_t ref)
{
	struct elc_set rivals = { 0 };
	bool can = false;

	for (int i = 0; i < 4; i++)
		rivals.has[1 + below(255)] = true;
	for (unsigned int s = 0; s < 1u << r->inst.n_refs; s++) {
		if (s >> ref & 1)
			continue;
		for (int p = 1; p < 256; p++)
			can |= rivals.has[p] && p <= core[s] && p > core[s | 1u << ref];
	}
	ck_assert_int_eq(elc_can_lose(&r->inst, &r->refs[ref], &rivals), can);
}

START_TEST(every_subset_as_in_the_core)
{
	uint8_t core[1 << CHECKS];
	const char *given = getenv("HOLDFAST_SEED");
	struct rig r;

	seed = given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
	printf("HOLDFAST_SEED=%" PRIu64 "\n", seed);
	for (int round = 0; round < ROUNDS; round++) {
		make(&r);
		for (unsigned int s = 0; s < 1u << r.inst.n_refs; s++) {
			bool fault, expected = false;

			core[s] = core_priority(&r, s, &fault);
			for (size_t i = 0; i < r.inst.n_refs; i++)
				expected |= r.refs[i].weight == 0 && s >> i & 1;
			ck_assert_int_eq(fault, expected);
		}
		ck_assert_uint_eq(elc_well(&r.inst), core[0]);
		compare_possible(&r, core);
		for (size_t i = 0; i < r.inst.n_refs; i++) {
			ck_assert_uint_eq(elc_without(&r.inst, &r.refs[i]), core[1u << i]);
			if (r.refs[i].weight != 0)
				compare_loss(&r, core, i);
		}
	}
}
END_TEST

START_TEST(another_weight)
{
	struct rig r;

	make(&r);
	r.inst.priority = 100;
	r.inst.n_refs = 2;
	r.refs[0] = (struct lnt_ref){ .name = "c0", .script = &r.scripts[0], .weight = 2 };
	r.refs[1] = (struct lnt_ref){ .name = "c1", .script = &r.scripts[1], .weight = -10 };
	ck_assert_uint_eq(elc_well(&r.inst), 102);
	ck_assert_uint_eq(elc_well_if(&r.inst, &r.refs[0], 21), 121);
	ck_assert_uint_eq(elc_without_if(&r.inst, &r.refs[0], 21), 100);
	ck_assert_uint_eq(elc_well_if(&r.inst, &r.refs[0], -21), 100);
	ck_assert_uint_eq(elc_without_if(&r.inst, &r.refs[0], -21), 79);
	ck_assert_ptr_null(elc_fault(&r.inst));
	r.refs[1].weight = 0;
	ck_assert_ptr_eq(elc_fault(&r.inst), &r.refs[1]);
	ck_assert_uint_eq(elc_weighted(&r.inst), 1);
}
END_TEST

/* An interface and a script of one name are two things. */
START_TEST(kinds_are_apart)
{
	struct rig r;
	struct lnt_ref iface = { .name = "c0" };

	make(&r);
	r.inst.n_refs = 1;
	r.refs[0] = (struct lnt_ref){ .name = "c0", .script = &r.scripts[0], .weight = 2 };
	ck_assert_ptr_null(elc_find(&r.inst, &iface));
	iface.script = &r.scripts[1];
	ck_assert_ptr_eq(elc_find(&r.inst, &iface), &r.refs[0]);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("lint/elect");
	TCase *t = tcase_create("elect");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_test(t, every_subset_as_in_the_core);
	tcase_add_test(t, another_weight);
	tcase_add_test(t, kinds_are_apart);
	tcase_set_timeout(t, 60);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
