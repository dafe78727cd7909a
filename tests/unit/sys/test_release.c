/*
 * Addresses taken off in the real kernel: ours that are named, and nothing else.
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/netwrite.h"
#include "sys/priv.h"
#include "sys/release.h"
#include "unit/sys/lab.h"

static struct rls_addr at_h0(const char *text)
{
	struct rls_addr a = { .ifindex = lab_ifindex("h0") };

	ck_assert(ip_parse_prefix(text, &a.prefix));
	return a;
}

static void on_done(void *ctx, uint32_t token, int error)
{
	int *left = ctx;

	(void)token;
	ck_assert_int_eq(error, 0);
	--*left;
}

static bool is_zero(void *ctx)
{
	return *(int *)ctx == 0;
}

/* N addresses from TEXT on, as an engine puts them on h0. */
static void put(const char *text, int n)
{
	struct loop *loop = loop_new();
	int left = n;
	struct port_events events = { .ctx = &left, .addr_done = on_done };
	struct nww *writer = nww_new(loop, &events);
	struct vr_vip vip = { .preferred_lft = VR_LFT_FOREVER, .flags = VR_VIP_NODAD };

	vip.prefix = at_h0(text).prefix;
	for (int i = 0; i < n; i++) {
		struct port_addr_op op = { .add = true, .ifindex = lab_ifindex("h0"), .vip = &vip };

		nww_addrs(writer, &op, 1);
		if (++vip.prefix.addr.b[3] == 0)
			vip.prefix.addr.b[2]++;
	}
	lab_until(loop, is_zero, &left);
	nww_free(writer);
	loop_free(loop);
}

static bool has(const char *text)
{
	char line[200];

	return strlen(lab_read(line, sizeof(line), "ip -o addr show dev h0 | grep -F ' %s '",
			       text)) > 0;
}

START_TEST(ours_go_and_others_stay)
{
	lab_enter();
	put("198.51.100.1/24", 1);				/* named */
	put("198.51.100.2/32", 1);				/* another daemon's */
	lab_run("ip addr add 198.51.100.3/32 dev h0");		/* the host's, named */
	put("2001:db8:1::1/64", 1);
	struct rls_addr v[] = {
		at_h0("2001:db8:1::1/64"), at_h0("198.51.100.3/32"), at_h0("198.51.100.1/24"),
		at_h0("198.51.100.9/32"),
	};
	struct rls_result r = rls_delete(v, 4);

	ck_assert_int_eq(r.error, 0);
	ck_assert_uint_eq(r.removed, 2);
	ck_assert_uint_eq(r.left, 0);
	ck_assert(!has("198.51.100.1/24") && !has("2001:db8:1::1/64"));
	ck_assert(has("198.51.100.2/32") && has("198.51.100.3/32") && has("192.0.2.1/24"));
}
END_TEST

START_TEST(nothing_is_named_or_there)
{
	struct rls_addr v[1];

	lab_enter();
	ck_assert_uint_eq(rls_delete(v, 0).removed, 0);
	v[0] = at_h0("198.51.100.1/24");
	v[0].ifindex = 4711;
	struct rls_result r = rls_delete(v, 1);
	ck_assert(r.removed == 0 && r.left == 0 && r.error == 0);
}
END_TEST

START_TEST(a_thousand_go)
{
	static struct rls_addr v[1000];
	char text[40];

	lab_enter();
	put("198.51.0.0/32", 1000);
	for (int i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "198.51.%d.%d/32", i / 256, i % 256);
		v[i] = at_h0(text);
	}
	struct rls_result r = rls_delete(v, 1000);
	ck_assert_uint_eq(r.removed, 1000);
	ck_assert_uint_eq(r.left, 0);
}
END_TEST

/* Others add and delete all the time: a list that the kernel calls disturbed is no failure. */
START_TEST(they_go_while_others_come)
{
	static struct rls_addr v[500];
	char text[40];
	pid_t busy;

	lab_enter();
	busy = fork();
	ck_assert_int_ge(busy, 0);
	if (busy == 0) {
		execlp("sh", "sh", "-c", "while :; do echo addr add 10.9.9.9/32 dev h1; "
		       "echo addr del 10.9.9.9/32 dev h1; done | ip -b -", NULL);
		_exit(1);
	}
	for (int round = 0; round < 10; round++) {
		put("198.51.0.0/32", 500);
		for (int i = 0; i < 500; i++) {
			snprintf(text, sizeof(text), "198.51.%d.%d/32", i / 256, i % 256);
			v[i] = at_h0(text);
		}
		struct rls_result r = rls_delete(v, 500);
		ck_assert_int_eq(r.error, 0);
		ck_assert_uint_eq(r.removed, 500);
		ck_assert_uint_eq(r.left, 0);
	}
	ck_assert_int_eq(kill(busy, SIGKILL), 0);
	ck_assert_int_eq(waitpid(busy, NULL, 0), busy);
}
END_TEST

START_TEST(what_is_left_is_named)
{
	lab_enter();
	put("198.51.100.1/24", 1);
	struct rls_addr v[] = { at_h0("198.51.100.1/24") };

	/* without the right to it; the process of a test is its own */
	ck_assert_int_eq(prv_drop_all(), 0);
	struct rls_result r = rls_delete(v, 1);
	ck_assert_int_eq(r.error, EPERM);
	ck_assert_uint_eq(r.left, 1);
	ck_assert_int_eq(r.first.ifindex, v[0].ifindex);
	ck_assert(has("198.51.100.1/24"));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("release");
	TCase *tc = tcase_create("release");

	tcase_add_test(tc, ours_go_and_others_stay);
	tcase_add_test(tc, nothing_is_named_or_there);
	tcase_add_test(tc, a_thousand_go);
	tcase_add_test(tc, they_go_while_others_come);
	tcase_add_test(tc, what_is_left_is_named);
	suite_add_tcase(s, tc);
	SRunner *sr = srunner_create(s);
	srunner_run_all(sr, CK_ENV);
	int failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed != 0;
}
