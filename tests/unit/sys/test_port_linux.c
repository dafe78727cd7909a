/*
 * The whole port as the engine uses it: a takeover by hand, with the order seen on the wire.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/if_ether.h>

#include "core/packet.h"
#include "sys/jobs.h"
#include "sys/port_linux.h"
#include "sys/runner.h"
#include "unit/sys/lab.h"

#define WAIT_US (10 * 1000000LL)

struct rig {
	struct loop *loop;
	struct jobs *jobs;
	struct plx *plx;
	const struct port *port;
	struct port_events events;
	int tap;
	bool synced, woken;
	int links, addrs, done, done_error, job_answers, packets;
	struct port_job_result result;
	struct runner_handle runner;
	int64_t woken_at;
};

static void on_link(void *ctx, const struct port_link *l)
{
	(void)l;
	((struct rig *)ctx)->links++;
}

static void on_addr(void *ctx, const struct port_addr *a)
{
	struct rig *r = ctx;

	r->addrs += !a->gone && a->proto == PORT_IFA_PROTO;
}

static void on_synced(void *ctx)
{
	((struct rig *)ctx)->synced = true;
}

static void on_packet(void *ctx, const struct vr_ev_packet *p)
{
	(void)p;
	((struct rig *)ctx)->packets++;
}

static void on_flood(void *ctx, uint16_t iface, uint8_t family, bool on)
{
	(void)ctx;
	(void)iface;
	(void)family;
	(void)on;
}

static void on_rival(void *ctx, const struct port_rival *rival)
{
	(void)ctx;
	(void)rival;
}

static void on_done(void *ctx, uint32_t token, int error)
{
	struct rig *r = ctx;

	ck_assert_uint_eq(token, 77);
	r->done++;
	r->done_error = error;
}

static void on_job(void *ctx, const struct port_job_result *result)
{
	struct rig *r = ctx;

	r->job_answers++;
	r->result = *result;
}

static void on_waiting(void *ctx, const struct port_wait *wait)
{
	(void)ctx;
	(void)wait;
}

static void on_wake(void *ctx)
{
	struct rig *r = ctx;

	r->woken = true;
	r->woken_at = loop_now_us();
}

static bool is_synced(void *ctx)
{
	return ((struct rig *)ctx)->synced;
}

static bool is_woken(void *ctx)
{
	return ((struct rig *)ctx)->woken;
}

static bool has_address(void *ctx)
{
	struct rig *r = ctx;

	return r->done && r->addrs;
}

static bool has_answer(void *ctx)
{
	return ((struct rig *)ctx)->job_answers > 0;
}

static struct rig *start(void)
{
	struct rig *r = calloc(1, sizeof(*r));
	const struct runner_options usual = {0};

	lab_enter();
	ck_assert_int_eq(runner_spawn(&r->runner, &usual), 0);
	r->tap = lab_tap("h1");
	r->loop = loop_new();
	r->events = (struct port_events){ r, on_link, on_addr, on_synced, on_synced, on_packet,
					  on_flood, on_rival, on_done, on_job, on_waiting,
					  on_wake };
	r->jobs = jobs_open(r->runner.fd, &r->events, &lab_log);
	ck_assert_ptr_nonnull(r->jobs);

	struct plx_options options = { .loop = r->loop, .jobs = r->jobs };

	r->plx = plx_new(&options, &r->events, &lab_log);
	ck_assert_ptr_nonnull(r->plx);
	r->port = plx_port(r->plx);
	plx_start(r->plx);
	ck_assert_int_eq(r->links, 0);
	lab_until(r->loop, is_synced, r);
	ck_assert_int_ge(r->links, 3);
	return r;
}

static void stop(struct rig *r)
{
	plx_free(r->plx);
	jobs_close(r->jobs);
	loop_free(r->loop);
	close(r->tap);
	free(r);
}

static struct ip_addr addr(const char *text)
{
	struct ip_addr a;

	ck_assert(ip_parse(text, &a));
	return a;
}

START_TEST(a_takeover_goes_out_in_order_and_at_once)
{
	struct rig *r = start();
	int h0 = lab_ifindex("h0");
	struct ip_addr group = addr("224.0.0.18");
	struct vr_vip vip = { .prefix = { addr("192.0.2.130"), 32 },
			      .preferred_lft = VR_LFT_FOREVER };
	struct port_packet p = { .iface = 0, .src = addr("192.0.2.1"), .dst = group, .ttl = PKT_TTL,
				 .data = (const uint8_t *)"x", .len = 1 };
	struct port_addr_op op = { .add = true, .ifindex = h0, .vip = &vip, .token = 77 };
	struct port_announce a = { h0, vip.prefix.addr };
	struct lab_frame advert, garp;

	ck_assert_int_eq(r->port->join(r->port->ctx, 0, h0, &group), 0);
	r->port->send(r->port->ctx, &p, 1);
	r->port->addrs(r->port->ctx, &op, 1);
	r->port->announce(r->port->ctx, 0, &a, 1, 5, 0);
	ck_assert_int_eq(p.error, 0);
	ck_assert_int_eq(r->done, 0);

	/* all of it has left, and the address stands, before the loop runs again */
	do {
		ck_assert(lab_next(r->tap, ETH_P_IP, &advert, 0));
	} while (advert.data[ETH_HLEN + 9] != PKT_PROTO);
	for (int i = 0; i < 5; i++)
		ck_assert(lab_next(r->tap, ETH_P_ARP, &garp, 0));
	ck_assert_int_ge(garp.at_us, advert.at_us);
	lab_run("ip -o addr show dev h0 | grep -q 192.0.2.130/32");
	lab_until(r->loop, has_address, r);
	ck_assert_int_eq(r->done, 1);
	ck_assert_int_eq(r->done_error, 0);
	stop(r);
}
END_TEST

START_TEST(wake_clock_and_leave_work)
{
	struct rig *r = start();
	struct ip_addr group = addr("224.0.0.18");
	struct port_packet p = { .src = addr("192.0.2.1"), .dst = group,
				 .data = (const uint8_t *)"x", .len = 1 };
	int64_t at = r->port->now_us(r->port->ctx) + 3000;

	r->port->wake_at(r->port->ctx, at);
	lab_until(r->loop, is_woken, r);
	ck_assert_int_ge(r->woken_at, at);
	ck_assert_int_gt(r->port->wall_us(r->port->ctx), 1700000000000000);
	ck_assert_int_eq(r->port->join(r->port->ctx, 0, lab_ifindex("h0"), &group), 0);
	r->port->leave(r->port->ctx, 0);
	r->port->leave(r->port->ctx, 9);
	r->port->send(r->port->ctx, &p, 1);
	ck_assert_int_ne(p.error, 0);
	r->port->announce_stop(r->port->ctx, 1);
	stop(r);
}
END_TEST

START_TEST(a_script_runs_and_answers)
{
	struct rig *r = start();
	const char *const argv[] = { "/bin/sh", "-c", "exit 3", NULL };
	struct port_job job = { .id = 5, .kind = PORT_JOB_CHECK, .argv = argv,
				.timeout_us = WAIT_US };

	ck_assert_int_eq(runner_allow(&r->runner, &(struct rset_command){
		.kind = PORT_JOB_CHECK, .argv = argv, .uid = job.uid, .gid = job.gid }, 1), 0);
	r->port->run(r->port->ctx, &job);
	ck_assert_int_eq(r->job_answers, 0);
	lab_until(r->loop, has_answer, r);
	ck_assert_uint_eq(r->result.id, 5);
	ck_assert_int_eq(r->result.result, VR_CHECK_EXIT);
	ck_assert_int_eq(r->result.code, 3);
	stop(r);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("port_linux");
	TCase *c = tcase_create("port_linux");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, a_takeover_goes_out_in_order_and_at_once);
	tcase_add_test(c, wake_clock_and_leave_work);
	tcase_add_test(c, a_script_runs_and_answers);
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
