/* The snapshot, out of a real engine in a small world. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/names.h"
#include "ctl/status.h"
#include "fake.h"

static json_t *snapshot(const struct fake *f, uint16_t inst)
{
	struct sta_daemon self = { .version = "0.1.0", .pid = 812 };
	json_t *answer;

	sta_clock(&self, f->engine);
	answer = sta_envelope(&self, true, f->now_us);
	ck_assert_ptr_nonnull(answer);
	ck_assert(sta_fill(answer, f->engine, &self, inst));
	return answer;
}

static const json_t *item(const json_t *answer, const char *array, const char *name)
{
	const json_t *o;
	size_t i;

	json_array_foreach(json_object_get(answer, array), i, o)
		if (!strcmp(json_string_value(json_object_get(o, "name")), name))
			return o;
	ck_abort_msg("no %s in %s", name, array);
	return NULL;
}

static const char *str(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	ck_assert_msg(json_is_string(v), "%s is not a string", key);
	return json_string_value(v);
}

static long long num(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	ck_assert_msg(json_is_integer(v), "%s is not an integer", key);
	return json_integer_value(v);
}

static double real(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	ck_assert_msg(json_is_real(v), "%s is not a real", key);
	return json_real_value(v);
}

static bool flag(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	ck_assert_msg(json_is_boolean(v), "%s is not a boolean", key);
	return json_is_true(v);
}

static bool is_null(const json_t *o, const char *key)
{
	return json_is_null(json_object_get(o, key));
}

/* base + deltas == effective, whatever happens. */
static void sum_holds(const json_t *inst)
{
	long long sum = num(inst, "base_priority");
	const json_t *part;
	size_t i;

	json_array_foreach(json_object_get(inst, "priority_parts"), i, part)
		sum += num(part, "delta");
	ck_assert_int_eq(sum, num(inst, "effective_priority"));
}

START_TEST(before_the_first_facts)
{
	struct fake f;
	json_t *a;
	const json_t *i;

	fake_new(&f);
	a = snapshot(&f, VR_NONE);
	i = item(a, "instances", "VI_1");
	ck_assert_str_eq(str(i, "state"), "INIT");
	ck_assert(is_null(i, "source"));
	ck_assert(is_null(i, "master"));
	ck_assert_uint_gt(strlen(str(i, "why")), 0);
	sum_holds(i);
	ck_assert_str_eq(str(item(a, "checks", "chk_weight"), "verdict"), "unknown");
	ck_assert(is_null(item(a, "checks", "chk_weight"), "age_s"));
	ck_assert(is_null(item(a, "interfaces", "eth0"), "index"));
	ck_assert(!flag(item(a, "interfaces", "eth0"), "exists"));
	json_decref(a);
	eng_free(f.engine);
}
END_TEST

START_TEST(the_envelope_tells_who_and_when)
{
	struct fake f;
	json_t *a;

	fake_new(&f);
	fake_until(&f, 61 * FAKE_S);
	a = snapshot(&f, VR_NONE);
	ck_assert(flag(a, "ok"));
	ck_assert_int_eq(num(a, "version"), 1);
	ck_assert_int_eq(num(a, "pid"), 812);
	ck_assert_str_eq(str(a, "started"), "2026-11-20T19:19:39.123456Z");
	ck_assert_int_eq(num(a, "monotonic_us"), 61 * FAKE_S);
	ck_assert_str_eq(str(json_object_get(a, "daemon"), "version"), "0.1.0");
	ck_assert_str_eq(str(json_object_get(a, "daemon"), "router_id"), "NodeA");
	ck_assert_double_eq_tol(real(json_object_get(a, "daemon"), "uptime_s"), 60, 1e-6);
	ck_assert_str_eq(json_string_value(json_array_get(json_object_get(
				 json_object_get(a, "daemon"), "config_files"), 0)),
			 "/etc/keepalived/keepalived.conf");
	json_decref(a);
	eng_free(f.engine);
}
END_TEST

static void master_checks(const json_t *a)
{
	const json_t *i = item(a, "instances", "VI_1");
	const json_t *m = json_object_get(i, "master");
	const json_t *part = json_array_get(json_object_get(i, "priority_parts"), 0);

	ck_assert_str_eq(str(i, "state"), "MASTER");
	ck_assert_str_eq(str(i, "cause"), nam_cause(VR_CAUSE_DOWN_TIMER));
	ck_assert_str_eq(str(i, "interface"), "eth0");
	ck_assert_str_eq(str(i, "family"), "ipv4");
	ck_assert_str_eq(str(i, "source"), "192.168.16.128");
	ck_assert_int_eq(num(i, "vrid"), 1);
	ck_assert_int_eq(num(i, "version"), 2);
	ck_assert_int_eq(num(i, "effective_priority"), 102);
	ck_assert_str_eq(str(part, "kind"), "check");
	ck_assert_str_eq(str(part, "name"), "chk_weight");
	ck_assert_int_eq(num(part, "delta"), 2);
	ck_assert(flag(i, "preempt"));
	ck_assert(flag(m, "self"));
	ck_assert_str_eq(str(m, "address"), "192.168.16.128");
	ck_assert_int_eq(num(m, "priority"), 102);
	ck_assert(is_null(m, "last_advert_age_s"));
	ck_assert_uint_eq(json_array_size(json_object_get(i, "faults")), 0);
	ck_assert_int_gt(num(json_object_get(i, "counters"), "adverts_sent"), 0);
	ck_assert_int_eq(num(json_object_get(i, "counters"), "became_master"), 1);
	ck_assert_double_le(real(i, "next_timer_s"), 1.0);
	sum_holds(i);
}

START_TEST(a_master_and_its_addresses)
{
	struct fake f;
	json_t *a;
	const json_t *i, *v;

	fake_new(&f);
	fake_start(&f);
	fake_check(&f, CHK_WEIGHT, VR_CHECK_GOOD, 0, NULL);
	fake_until(&f, 20 * FAKE_S + 500000);
	a = snapshot(&f, VR_NONE);
	master_checks(a);
	i = item(a, "instances", "VI_1");
	ck_assert_double_gt(real(i, "age_s"), 10);
	/* The reason alone: no "(VI_1) Entering MASTER STATE: " before it. */
	ck_assert_ptr_null(strstr(str(i, "why"), "VI_1"));
	ck_assert_ptr_null(strstr(str(i, "why"), "STATE"));
	ck_assert_uint_eq(json_array_size(json_object_get(i, "addresses")), 2);
	v = json_array_get(json_object_get(i, "addresses"), 0);
	ck_assert_str_eq(str(v, "address"), "192.168.16.130/32");
	ck_assert(flag(v, "held") && !flag(v, "pending") && !flag(v, "excluded"));
	ck_assert(is_null(v, "error"));
	v = json_array_get(json_object_get(i, "addresses"), 1);
	ck_assert_str_eq(str(v, "address"), "10.9.8.7/24");
	ck_assert_str_eq(str(v, "interface"), "eth1");
	ck_assert(flag(v, "excluded"));
	ck_assert_int_eq(num(item(a, "interfaces", "eth1"), "index"), 3);
	ck_assert_str_eq(str(item(a, "interfaces", "eth1"), "ipv4"), "10.0.0.1");
	json_decref(a);
	eng_free(f.engine);
}
END_TEST

START_TEST(an_address_that_the_kernel_refuses)
{
	struct fake f;
	json_t *a;
	const json_t *v;

	fake_new(&f);
	f.addr_error = 1;		/* EPERM */
	fake_start(&f);
	fake_until(&f, 20 * FAKE_S);
	a = snapshot(&f, VI_1);
	v = json_array_get(json_object_get(item(a, "instances", "VI_1"), "addresses"), 0);
	ck_assert(!flag(v, "held"));
	ck_assert_str_eq(str(v, "error"), "Operation not permitted");
	json_decref(a);
	eng_free(f.engine);
}
END_TEST

START_TEST(adverts_that_cannot_be_sent)
{
	struct fake f;
	json_t *a;
	const json_t *i;

	fake_new(&f);
	f.send_error = 101;		/* ENETUNREACH */
	fake_start(&f);
	fake_until(&f, 20 * FAKE_S);
	a = snapshot(&f, VI_1);
	i = item(a, "instances", "VI_1");
	ck_assert_str_eq(str(i, "send_error"), "Network is unreachable");
	ck_assert_int_gt(num(json_object_get(i, "counters"), "send_errors"), 0);
	json_decref(a);
	eng_free(f.engine);
}
END_TEST

START_TEST(a_notify_script_that_does_not_end)
{
	struct port_wait wait = {
		.lane = 2, .script = "/n/master", .running_us = 4 * FAKE_S, .waiting = 3,
	};
	struct fake f;
	json_t *a;
	const json_t *n;

	fake_new(&f);
	fake_start(&f);
	a = snapshot(&f, VI_1);
	ck_assert(json_is_null(json_object_get(item(a, "instances", "VI_1"), "notify")));
	json_decref(a);
	f.up.waiting(f.up.ctx, &wait);
	a = snapshot(&f, VI_1);
	n = json_object_get(item(a, "instances", "VI_1"), "notify");
	ck_assert_str_eq(str(n, "script"), "/n/master");
	ck_assert_double_ge(real(n, "running_s"), 4.0);
	ck_assert_int_eq(num(n, "waiting"), 3);
	json_decref(a);
	eng_free(f.engine);
}
END_TEST

/* The one fault of VI_2, which is in STATE; A must be freed. */
static const json_t *fault_of(const json_t *a, const char *state, const char *word,
			      const char *kind, const char *subject)
{
	const json_t *i = item(a, "instances", "VI_2");
	const json_t *faults = json_object_get(i, "faults");
	const json_t *fault = json_array_get(faults, 0);
	const json_t *s = json_array_get(json_object_get(fault, "subjects"), 0);

	ck_assert_str_eq(str(i, "state"), state);
	ck_assert_uint_eq(json_array_size(faults), 1);
	ck_assert_str_eq(str(fault, "fault"), word);
	ck_assert_uint_gt(strlen(str(fault, "sentence")), 0);
	ck_assert_str_eq(str(s, "kind"), kind);
	ck_assert_str_eq(str(s, "name"), subject);
	return fault;
}

START_TEST(faults_have_names_and_subjects)
{
	struct fake f;
	json_t *a;

	fake_new(&f);
	fake_start(&f);
	a = snapshot(&f, VI_2);
	fault_of(a, "INIT", "check-pending", "check", "chk_fault");
	json_decref(a);

	fake_check(&f, CHK_FAULT, VR_CHECK_EXIT, 3, NULL);
	a = snapshot(&f, VI_2);
	fault_of(a, "FAULT", "check-failed", "check", "chk_fault");
	json_decref(a);

	fake_until(&f, f.now_us + 5 * FAKE_S);
	fake_check(&f, CHK_FAULT, VR_CHECK_GOOD, 0, NULL);
	fake_until(&f, f.now_us + 5 * FAKE_S);
	fake_check(&f, CHK_FAULT, VR_CHECK_GOOD, 0, NULL);
	fake_link(&f, 3, "eth1", false);
	a = snapshot(&f, VI_2);
	fault_of(a, "FAULT", "interface-down", "interface", "eth1");
	ck_assert(!flag(item(a, "instances", "VI_2"), "preempt"));
	json_decref(a);
	eng_free(f.engine);
}
END_TEST

START_TEST(a_check_tells_its_last_run)
{
	struct fake f;
	json_t *a;
	const json_t *c;

	fake_new(&f);
	fake_start(&f);
	fake_until(&f, f.now_us + FAKE_S);
	a = snapshot(&f, VR_NONE);
	c = item(a, "checks", "chk_weight");
	ck_assert(flag(c, "running"));
	ck_assert_double_eq_tol(real(c, "running_s"), 1, 1e-6);
	ck_assert_str_eq(str(c, "result"), "none");
	json_decref(a);

	fake_check(&f, CHK_WEIGHT, VR_CHECK_GOOD, 0, NULL);
	fake_until(&f, f.now_us + 5 * FAKE_S);
	fake_check(&f, CHK_WEIGHT, VR_CHECK_CANNOT_RUN, 2, "/x/y: there is no directory /x");
	f.now_us += FAKE_S / 2;
	a = snapshot(&f, VR_NONE);
	c = item(a, "checks", "chk_weight");
	ck_assert_str_eq(str(c, "verdict"), "good");
	ck_assert_str_eq(str(c, "result"), "cannot-run");
	ck_assert_str_eq(str(c, "detail"), "/x/y: there is no directory /x");
	ck_assert_int_eq(num(c, "code"), 2);
	ck_assert_int_eq(num(c, "streak"), 1);
	ck_assert_int_eq(num(c, "rise"), 2);
	ck_assert_int_eq(num(c, "fall"), 3);
	ck_assert_double_eq_tol(real(c, "took_ms"), 12.345, 1e-9);
	ck_assert_double_eq_tol(real(c, "age_s"), 0.5, 1e-6);
	ck_assert_double_eq_tol(real(c, "interval_s"), 5, 1e-9);
	ck_assert_double_eq_tol(real(c, "timeout_s"), 3, 1e-9);
	ck_assert(!flag(c, "running") && is_null(c, "running_s"));
	ck_assert_str_eq(str(c, "script"), "/usr/local/bin/check");
	json_decref(a);
	eng_free(f.engine);
}
END_TEST

START_TEST(one_instance_and_what_it_refers_to)
{
	struct fake f;
	json_t *a;

	fake_new(&f);
	fake_start(&f);
	a = snapshot(&f, VI_2);
	ck_assert_uint_eq(json_array_size(json_object_get(a, "instances")), 1);
	ck_assert_uint_eq(json_array_size(json_object_get(a, "checks")), 1);
	ck_assert_uint_eq(json_array_size(json_object_get(a, "interfaces")), 1);
	item(a, "checks", "chk_fault");
	item(a, "interfaces", "eth1");
	json_decref(a);
	a = snapshot(&f, VI_1);
	item(a, "checks", "chk_weight");
	ck_assert_uint_eq(json_array_size(json_object_get(a, "interfaces")), 2);
	json_decref(a);
	eng_free(f.engine);
}
END_TEST

START_TEST(a_flood_is_told_while_it_lasts)
{
	struct fake f;
	json_t *a;

	fake_new(&f);
	fake_start(&f);
	f.up.flood(f.up.ctx, 1, IP_V4, true);
	a = snapshot(&f, VR_NONE);
	ck_assert(flag(item(a, "interfaces", "eth1"), "flooded"));
	ck_assert(!flag(item(a, "interfaces", "eth0"), "flooded"));
	json_decref(a);
	f.up.flood(f.up.ctx, 1, IP_V4, false);
	a = snapshot(&f, VR_NONE);
	ck_assert(!flag(item(a, "interfaces", "eth1"), "flooded"));
	json_decref(a);
	eng_free(f.engine);
}
END_TEST

START_TEST(damping_is_told_while_it_lasts)
{
	struct fake f;
	const json_t *d;
	json_t *a;

	fake_new(&f);
	fake_start(&f);
	fake_check(&f, CHK_WEIGHT, VR_CHECK_GOOD, 0, NULL);
	a = snapshot(&f, VI_1);
	ck_assert(is_null(item(a, "instances", "VI_1"), "damping"));
	json_decref(a);
	fake_damp(&f);
	a = snapshot(&f, VI_1);
	d = json_object_get(item(a, "instances", "VI_1"), "damping");
	ck_assert_int_ge(num(d, "unsaid"), 1);
	ck_assert_int_le(num(d, "unsaid"), num(d, "changes"));
	ck_assert(real(d, "ends_in_s") > 20 && real(d, "ends_in_s") <= 30);
	ck_assert_int_eq(strlen(str(d, "since")), strlen("2026-11-20T19:19:38.123456Z"));
	json_decref(a);
	fake_until(&f, f.now_us + 60 * FAKE_S);
	a = snapshot(&f, VI_1);
	ck_assert(is_null(item(a, "instances", "VI_1"), "damping"));
	json_decref(a);
	eng_free(f.engine);
}
END_TEST

START_TEST(a_refused_reload_is_told_and_forgotten)
{
	struct fake f;
	json_t *a;
	const json_t *d;

	fake_new(&f);
	fake_start(&f);
	eng_reload_refused(f.engine, "keepalived.conf:3:1: error: unknown keyword");
	f.now_us += 2 * FAKE_S;
	a = snapshot(&f, VR_NONE);
	d = json_object_get(a, "daemon");
	ck_assert_str_eq(str(json_object_get(d, "reload_refused"), "error"),
			 "keepalived.conf:3:1: error: unknown keyword");
	ck_assert_double_eq_tol(real(json_object_get(d, "reload_refused"), "age_s"), 2, 1e-6);
	ck_assert_int_eq(num(d, "reloads"), 0);
	json_decref(a);
	ck_assert(eng_reload(f.engine, fake_cfg()));
	a = snapshot(&f, VR_NONE);
	d = json_object_get(a, "daemon");
	ck_assert(is_null(d, "reload_refused"));
	ck_assert_int_eq(num(d, "reloads"), 1);
	json_decref(a);
	eng_free(f.engine);
}
END_TEST

START_TEST(rejects_are_counted_by_name)
{
	struct fake f;
	json_t *a;
	const json_t *r;

	fake_new(&f);
	fake_start(&f);
	f.up.packet(f.up.ctx, &(struct vr_ev_packet){
		.iface = 0, .family = IP_V4, .data = (const uint8_t *)"", .len = 0 });
	a = snapshot(&f, VR_NONE);
	r = json_object_get(json_object_get(a, "daemon"), "rejects");
	for (int i = PKT_OK + 1; i < PKT_N_REJECTS; i++)
		ck_assert_int_eq(num(r, nam_reject(i)), i == PKT_IP_HEADER ? 1 : 0);
	ck_assert_uint_eq(json_object_size(r), PKT_N_REJECTS - 1);
	r = json_object_get(json_object_get(item(a, "instances", "VI_1"), "counters"), "rejects");
	ck_assert_uint_eq(json_object_size(r), PKT_N_REJECTS - 1);
	json_decref(a);
	eng_free(f.engine);
}
END_TEST

START_TEST(no_secret_is_told)
{
	struct fake f;
	json_t *a;
	char *text;

	fake_new(&f);
	fake_start(&f);
	fake_until(&f, 20 * FAKE_S);
	a = snapshot(&f, VR_NONE);
	text = json_dumps(a, 0);
	ck_assert_ptr_nonnull(strstr(text, "VI_1"));
	ck_assert_ptr_null(strstr(text, SECRET));
	free(text);
	json_decref(a);
	eng_free(f.engine);
}
END_TEST

START_TEST(dates)
{
	static const struct {
		int64_t wall_us;
		const char *text;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00.000000Z" },
		{ INT64_C(951782399999999), "2000-02-28T23:59:59.999999Z" },
		{ INT64_C(951782400000000), "2000-02-29T00:00:00.000000Z" },
		{ INT64_C(951868800000000), "2000-03-01T00:00:00.000000Z" },
		{ INT64_C(978307199000000), "2000-12-31T23:59:59.000000Z" },
		{ INT64_C(1709164800000000), "2024-02-29T00:00:00.000000Z" },
		{ INT64_C(4102444800000000), "2100-01-01T00:00:00.000000Z" },
		{ INT64_C(4107542400000000), "2100-03-01T00:00:00.000000Z" },
		{ INT64_C(253402300799000000), "9999-12-31T23:59:59.000000Z" },
	};
	struct sta_daemon d = { .wall_ahead_us = FAKE_WALL_US };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		json_t *t = sta_time(&d, cases[i].wall_us - FAKE_WALL_US);

		ck_assert_str_eq(json_string_value(t), cases[i].text);
		json_decref(t);
	}
}
END_TEST

START_TEST(one_moment_is_one_time_until_the_clock_is_set)
{
	struct sta_daemon d = { 0 };
	struct fake f;

	fake_new(&f);
	sta_clock(&d, f.engine);
	ck_assert_int_eq(d.wall_ahead_us, FAKE_WALL_US);
	ck_assert_int_eq(d.started_wall_us, FAKE_WALL_US + FAKE_S);
	f.clock_error_us = 7;
	sta_clock(&d, f.engine);
	ck_assert_int_eq(d.wall_ahead_us, FAKE_WALL_US);
	f.clock_error_us = -3600 * FAKE_S;
	sta_clock(&d, f.engine);
	ck_assert_int_eq(d.wall_ahead_us, FAKE_WALL_US - 3600 * FAKE_S);
	ck_assert_int_eq(d.started_wall_us, FAKE_WALL_US + FAKE_S);
	eng_free(f.engine);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ctl/status");
	TCase *t = tcase_create("status");
	SRunner *r = srunner_create(s);
	int failed;

	tcase_add_test(t, before_the_first_facts);
	tcase_add_test(t, the_envelope_tells_who_and_when);
	tcase_add_test(t, a_master_and_its_addresses);
	tcase_add_test(t, an_address_that_the_kernel_refuses);
	tcase_add_test(t, adverts_that_cannot_be_sent);
	tcase_add_test(t, a_notify_script_that_does_not_end);
	tcase_add_test(t, faults_have_names_and_subjects);
	tcase_add_test(t, a_check_tells_its_last_run);
	tcase_add_test(t, one_instance_and_what_it_refers_to);
	tcase_add_test(t, a_flood_is_told_while_it_lasts);
	tcase_add_test(t, damping_is_told_while_it_lasts);
	tcase_add_test(t, a_refused_reload_is_told_and_forgotten);
	tcase_add_test(t, rejects_are_counted_by_name);
	tcase_add_test(t, no_secret_is_told);
	tcase_add_test(t, dates);
	tcase_add_test(t, one_moment_is_one_time_until_the_clock_is_set);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
