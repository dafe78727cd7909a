/*
 * Announcements as they stand on the wire: format, rounds, pacing, stopping, and what they do to a
 * neighbour's cache.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/if_ether.h>

#include "core/packet.h"
#include "sys/announce.h"
#include "unit/sys/lab.h"

#define WAIT_US (10 * 1000000LL)
#define QUIET_US 50000

struct rig {
	struct loop *loop;
	struct nwa *links;
	struct ann *announce;
	struct port_events events;
	bool synced;
	int tap;
	int seen, wanted;
	uint16_t type;
	struct lab_frame frame;
};

static void on_link(void *ctx, const struct port_link *l)
{
	(void)ctx;
	(void)l;
}

static void on_addr(void *ctx, const struct port_addr *a)
{
	(void)ctx;
	(void)a;
}

static void on_synced(void *ctx)
{
	((struct rig *)ctx)->synced = true;
}

static bool is_synced(void *ctx)
{
	return ((struct rig *)ctx)->synced;
}

static struct rig *start(void)
{
	struct rig *r = calloc(1, sizeof(*r));

	lab_enter();
	r->tap = lab_tap("h1");
	r->loop = loop_new();
	r->events = (struct port_events){ .ctx = r, .link = on_link, .addr = on_addr,
					  .synced = on_synced, .resync = on_synced };
	r->links = nwa_new(r->loop, &r->events, &lab_log);
	r->announce = ann_new(r->loop, r->links, &lab_log);
	ck_assert_ptr_nonnull(r->announce);
	nwa_start(r->links);
	lab_until(r->loop, is_synced, r);
	return r;
}

static void stop(struct rig *r)
{
	ann_free(r->announce);
	nwa_free(r->links);
	loop_free(r->loop);
	close(r->tap);
	free(r);
}

static struct port_announce on_h0(const char *text)
{
	struct port_announce a = { .ifindex = lab_ifindex("h0") };

	ck_assert(ip_parse(text, &a.addr));
	return a;
}

/* Counts frames of TYPE while the loop runs. */
static bool enough(void *ctx)
{
	struct rig *r = ctx;
	struct lab_frame f;

	while (lab_next(r->tap, r->type, &f, 0)) {
		r->frame = f;
		r->seen++;
	}
	return r->seen >= r->wanted;
}

static void expect(struct rig *r, uint16_t type, int wanted)
{
	r->type = type;
	r->wanted = wanted;
	r->seen = 0;
	lab_until(r->loop, enough, r);
	lab_for(r->loop, QUIET_US);
	enough(r);
	ck_assert_int_eq(r->seen, wanted);
}

START_TEST(a_gratuitous_arp_is_a_request_of_the_address_for_itself)
{
	static const uint8_t want[] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff,	2, 0, 0, 0, 0, 1,	0x08, 0x06,
		0, 1,	8, 0,	6,	4,	0, 1,
		2, 0, 0, 0, 0, 1,			192, 0, 2, 130,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff,	192, 0, 2, 130,
	};
	struct rig *r = start();
	struct port_announce a = on_h0("192.0.2.130");
	struct lab_frame f;

	ann_send(r->announce, 1, &a, 1, 1, 0);
	ck_assert(lab_next(r->tap, ETH_P_ARP, &f, 0));	/* left inside the call */
	ck_assert_mem_eq(f.data, want, sizeof(want));
	ck_assert_uint_eq(f.len, 60);
	for (size_t i = sizeof(want); i < f.len; i++)
		ck_assert_uint_eq(f.data[i], 0);
	stop(r);
}
END_TEST

START_TEST(an_unsolicited_na_overrides_and_names_the_link_address)
{
	static const uint8_t start_of_it[] = {
		0x33, 0x33, 0, 0, 0, 1,	2, 0, 0, 0, 0, 1,	0x86, 0xdd,
		0x60, 0, 0, 0,	0, 32,	58,	255,
	};
	struct rig *r = start();
	struct port_announce a = on_h0("2001:db8::77");
	uint8_t pseudo[8] = { [3] = 32, [7] = 58 };
	struct lab_frame f;
	const uint8_t *ip = f.data + ETH_HLEN;
	uint32_t sum;

	lab_run("sysctl -qw net.ipv6.conf.h0.forwarding=0");
	ann_send(r->announce, 1, &a, 1, 1, 0);
	do {
		ck_assert(lab_next(r->tap, ETH_P_IPV6, &f, 0));
	} while (ip[40] != 136);
	ck_assert_mem_eq(f.data, start_of_it, sizeof(start_of_it));
	ck_assert_uint_eq(f.len, ETH_HLEN + 40 + 32);
	ck_assert_mem_eq(ip + 8, a.addr.b, 16);
	ck_assert_mem_eq(ip + 24, "\xff\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\x01", 16);
	ck_assert_uint_eq(ip[44], 0x20);		/* override; not solicited, no router */
	ck_assert_mem_eq(ip + 48, a.addr.b, 16);
	ck_assert_mem_eq(ip + 64, "\x02\x01\x02\0\0\0\0\x01", 8);
	sum = pkt_sum(pkt_sum(0, ip + 8, 32), pseudo, 8);
	sum = pkt_sum(sum, ip + 40, 32);
	ck_assert_uint_eq((sum & 0xffff) + (sum >> 16), 0xffff);

	lab_run("sysctl -qw net.ipv6.conf.h0.forwarding=1");
	lab_for(r->loop, 5000);
	ann_send(r->announce, 1, &a, 1, 1, 0);
	do {
		ck_assert(lab_next(r->tap, ETH_P_IPV6, &f, WAIT_US));
	} while (ip[40] != 136);
	ck_assert_uint_eq(ip[44], 0xa0);		/* a router now */
	stop(r);
}
END_TEST

START_TEST(rounds_go_over_all_addresses_in_turn)
{
	struct rig *r = start();
	struct port_announce a[3] = { on_h0("192.0.2.11"), on_h0("192.0.2.12"),
				      on_h0("192.0.2.13") };
	struct lab_frame f;

	ann_send(r->announce, 1, a, 3, 5, 0);
	for (int i = 0; i < 15; i++) {
		ck_assert(lab_next(r->tap, ETH_P_ARP, &f, 0));
		ck_assert_uint_eq(f.data[ETH_HLEN + 17], 11 + i % 3);
	}
	expect(r, ETH_P_ARP, 0);
	stop(r);
}
END_TEST

START_TEST(thousands_all_leave)
{
	enum { N = 2000 };
	static struct port_announce a[N];
	struct rig *r = start();

	for (int i = 0; i < N; i++) {
		a[i] = on_h0("10.7.0.0");
		a[i].addr.b[2] = (uint8_t)(i / 250);
		a[i].addr.b[3] = (uint8_t)(i % 250 + 1);
	}
	ann_send(r->announce, 1, a, N, 5, 0);
	expect(r, ETH_P_ARP, N * 5);
	stop(r);
}
END_TEST

/* A slow interface refuses packets (ENOBUFS): they leave later, none is lost. */
START_TEST(a_full_queue_delays_and_loses_nothing)
{
	struct rig *r = start();
	struct port_announce a[2] = { on_h0("192.0.2.11"), on_h0("192.0.2.12") };

	lab_run("tc qdisc add dev h0 root tbf rate 1mbit burst 2000 limit 6000");
	ann_send(r->announce, 1, a, 2, 200, 0);
	expect(r, ETH_P_ARP, 400);
	stop(r);
}
END_TEST

START_TEST(a_full_queue_is_emptied_of_a_stopped_owner)
{
	struct rig *r = start();
	struct port_announce a = on_h0("192.0.2.11"), b = on_h0("192.0.2.12");
	struct lab_frame f;
	int64_t stopped_at;

	lab_run("tc qdisc add dev h0 root tbf rate 1mbit burst 2000 limit 6000");
	ann_send(r->announce, 1, &a, 1, 1000, 0);
	ann_send(r->announce, 2, &b, 1, 1000, 0);
	lab_for(r->loop, 20000);
	ann_stop(r->announce, 1);
	stopped_at = loop_wall_us();
	/* 6000 octets at 1 Mbit/s are in the kernel already: 48 ms */
	for (int of_b = 0; of_b < 300;) {
		if (!lab_next(r->tap, ETH_P_ARP, &f, 0)) {
			lab_for(r->loop, 1000);
			continue;
		}
		of_b += f.data[ETH_HLEN + 17] == 12;
		if (f.at_us > stopped_at + 200000)
			ck_assert_uint_eq(f.data[ETH_HLEN + 17], 12);
	}
	stop(r);
}
END_TEST

START_TEST(the_gap_holds_for_all_owners_of_an_interface)
{
	enum { GAP_US = 5000, OWNERS = 3, ROUNDS = 6 };
	struct rig *r = start();
	struct port_announce a = on_h0("192.0.2.130");
	int64_t last = 0;

	r->type = ETH_P_ARP;
	for (uint32_t owner = 0; owner < OWNERS; owner++)
		ann_send(r->announce, owner, &a, 1, ROUNDS, GAP_US);
	for (int i = 0; i < OWNERS * ROUNDS; i++) {
		r->wanted = 1;
		r->seen = 0;
		lab_until(r->loop, enough, r);
		ck_assert_int_eq(r->seen, 1);
		/* the kernel's stamp and our clock are read at slightly different moments */
		if (last)
			ck_assert_int_ge(r->frame.at_us - last, GAP_US - 1000);
		last = r->frame.at_us;
	}
	stop(r);
}
END_TEST

START_TEST(a_stopped_owner_is_silent_and_others_go_on)
{
	struct rig *r = start();
	struct port_announce a = on_h0("192.0.2.11"), b = on_h0("192.0.2.12");
	struct lab_frame f;
	int of_b = 0;

	ann_send(r->announce, 1, &a, 1, 20, 2000);
	ann_send(r->announce, 2, &b, 1, 20, 2000);
	lab_for(r->loop, 10000);
	ann_stop(r->announce, 1);
	while (lab_next(r->tap, ETH_P_ARP, &f, 0))
		of_b += f.data[ETH_HLEN + 17] == 12;
	r->type = ETH_P_ARP;
	r->wanted = 1;
	while (of_b < 20) {
		r->seen = 0;
		lab_until(r->loop, enough, r);
		ck_assert_uint_eq(r->frame.data[ETH_HLEN + 17], 12);
		of_b += r->seen;
	}
	ck_assert_int_eq(of_b, 20);
	stop(r);
}
END_TEST

START_TEST(a_new_call_replaces_the_old_one)
{
	struct rig *r = start();
	struct port_announce a = on_h0("192.0.2.11"), b = on_h0("192.0.2.12");
	struct lab_frame f;

	ann_send(r->announce, 1, &a, 1, 1000, 100000);
	ck_assert(lab_next(r->tap, ETH_P_ARP, &f, 0));
	ann_send(r->announce, 1, &b, 1, 2, 0);
	expect(r, ETH_P_ARP, 2);
	ck_assert_uint_eq(r->frame.data[ETH_HLEN + 17], 12);
	stop(r);
}
END_TEST

START_TEST(links_that_cannot_hear_are_passed_over)
{
	struct rig *r = start();
	struct port_announce a[4] = { on_h0("192.0.2.11"), on_h0("192.0.2.12"), on_h0("192.0.2.13"),
				      on_h0("192.0.2.14") };

	a[0].ifindex = lab_ifindex("lo");
	a[1].ifindex = 4711;
	lab_run("ip tuntap add dev t0 mode tun && ip link set t0 up");
	lab_for(r->loop, 20000);
	a[2].ifindex = lab_ifindex("t0");
	ann_send(r->announce, 1, a, 4, 1, 0);
	expect(r, ETH_P_ARP, 1);
	ck_assert_uint_eq(r->frame.data[ETH_HLEN + 17], 14);

	lab_run("ip link set h0 down");		/* the watcher has not seen it yet */
	ann_send(r->announce, 1, a, 4, 3, 0);
	expect(r, ETH_P_ARP, 0);
	stop(r);
}
END_TEST

/* What it is all for: whoever had the old address in its cache has the new one. */
START_TEST(a_neighbour_changes_its_mind)
{
	struct rig *r = start();
	struct port_announce a[2] = { on_h0("192.0.2.130"), on_h0("2001:db8::77") };
	char line[256];

	lab_run("ip addr add 192.0.2.2/24 dev h1 && ip addr add 2001:db8::2/64 dev h1 nodad");
	lab_run("ip neigh replace 192.0.2.130 lladdr 02:00:00:00:00:99 dev h1 nud stale");
	lab_run("ip neigh replace 2001:db8::77 lladdr 02:00:00:00:00:99 dev h1 nud stale");
	ann_send(r->announce, 1, a, 2, 1, 0);
	lab_for(r->loop, QUIET_US);
	lab_read(line, sizeof(line), "ip neigh show 192.0.2.130 dev h1");
	ck_assert_msg(strstr(line, "02:00:00:00:00:01"), "%s", line);
	lab_read(line, sizeof(line), "ip neigh show 2001:db8::77 dev h1");
	ck_assert_msg(strstr(line, "02:00:00:00:00:01"), "%s", line);
	stop(r);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("announce");
	TCase *c = tcase_create("announce");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, a_gratuitous_arp_is_a_request_of_the_address_for_itself);
	tcase_add_test(c, an_unsolicited_na_overrides_and_names_the_link_address);
	tcase_add_test(c, rounds_go_over_all_addresses_in_turn);
	tcase_add_test(c, thousands_all_leave);
	tcase_add_test(c, a_full_queue_delays_and_loses_nothing);
	tcase_add_test(c, a_full_queue_is_emptied_of_a_stopped_owner);
	tcase_add_test(c, the_gap_holds_for_all_owners_of_an_interface);
	tcase_add_test(c, a_stopped_owner_is_silent_and_others_go_on);
	tcase_add_test(c, a_new_call_replaces_the_old_one);
	tcase_add_test(c, links_that_cannot_hear_are_passed_over);
	tcase_add_test(c, a_neighbour_changes_its_mind);
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
