/*
 * The filter against floods, on real sockets: the kernel's program and the rule in C say the same
 * of every packet, what is ours is never dropped, and what is not is dropped only in a flood.
 */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include "core/packet.h"
#include "sys/vrrp_filter.h"
#include "sys/vrrp_sock.h"
#include "unit/sys/lab.h"

#define IFACE 1
#define ETHER 14

static void add_vrid(struct port_vrids *set, unsigned int vrid)
{
	set->words[vrid / 32] |= UINT32_C(1) << vrid % 32;
}

/* ---- packets ---- */

/* What a packet is made of; the rest is right. */
struct recipe {
	uint16_t id;			/* to know it by */
	uint8_t options;		/* IPv4: words of them */
	uint8_t ttl;
	uint8_t first, vrid;
	size_t len;			/* of the VRRP message */
};

static size_t make_v4(uint8_t *f, const struct recipe *r)
{
	size_t header = 20 + r->options * 4u;
	uint8_t *ip = f + ETHER;

	memcpy(f, "\x01\x00\x5e\x00\x00\x12\x02\x00\x00\x00\x00\x02\x08\x00", ETHER);
	memset(ip, 0, header + r->len + 2);
	memset(ip + 20, 1, header - 20);	/* no operation */
	ip[0] = (uint8_t)(0x40 | header / 4);
	ip[2] = (uint8_t)((header + r->len) >> 8);
	ip[3] = (uint8_t)(header + r->len);
	ip[4] = r->id >> 8;
	ip[5] = r->id & 0xff;
	ip[8] = r->ttl;
	ip[9] = PKT_PROTO;
	memcpy(ip + 12, "\xc0\x00\x02\x02\xe0\x00\x00\x12", 8);

	uint32_t sum = pkt_sum(0, ip, header);

	sum = ~((sum & 0xffff) + (sum >> 16));
	ip[10] = (uint8_t)(sum >> 8);
	ip[11] = (uint8_t)sum;
	if (r->len > 0)
		ip[header] = r->first;
	if (r->len > 1)
		ip[header + 1] = r->vrid;
	return ETHER + header + r->len;
}

/* The id stands in the last octets of the source. */
static size_t make_v6(uint8_t *f, const struct recipe *r)
{
	static const uint8_t head[ETHER] = { 0x33, 0x33, 0, 0, 0, 0x12, 2, 0, 0, 0, 0, 2,
					     0x86, 0xdd };
	uint8_t *ip = f + ETHER;

	memcpy(f, head, ETHER);
	memset(ip, 0, 40 + r->len + 2);
	ip[0] = 0x60;
	ip[4] = (uint8_t)(r->len >> 8);
	ip[5] = (uint8_t)r->len;
	ip[6] = PKT_PROTO;
	ip[7] = r->ttl;
	memcpy(ip + 8, "\xfe\x80", 2);
	ip[21] = 1;
	ip[22] = r->id >> 8;
	ip[23] = r->id & 0xff;
	memcpy(ip + 24, "\xff\x02", 2);
	ip[39] = 0x12;
	ip[40] = r->first;
	ip[41] = r->vrid;
	return ETHER + 40 + r->len;
}

static uint32_t dice = 12345;

static unsigned int roll(unsigned int n)
{
	dice = dice * 1103515245 + 12345;
	return (dice >> 8) % n;
}

static struct recipe any(uint16_t id, bool v4)
{
	static const uint8_t firsts[] = { 0x21, 0x31, 0x21, 0x31, 0x22, 0x11, 0x41, 0x30, 0 };
	static const size_t lens[] = { 0, 1, 2, 7, 8, 20, 20, 20, 100, 1400 };

	return (struct recipe){
		.id = id, .options = v4 && roll(4) == 0 ? roll(11) : 0,
		.ttl = roll(5) ? 255 : roll(256), .first = firsts[roll(sizeof(firsts))],
		.vrid = roll(256), .len = lens[roll(10)],
	};
}

/* ---- the program and the rule ---- */

static int raw(int domain)
{
	int fd = socket(domain, SOCK_RAW | SOCK_NONBLOCK, PKT_PROTO);
	struct group_req r = { .gr_interface = (uint32_t)lab_ifindex("h0") };
	struct sockaddr_in *v4 = (struct sockaddr_in *)&r.gr_group;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&r.gr_group;
	int size = 8 * 1024 * 1024;
	struct ip_addr group;

	ck_assert_int_ge(fd, 0);
	ck_assert(ip_parse(domain == AF_INET ? "224.0.0.18" : "ff02::12", &group));
	v4->sin_family = (sa_family_t)domain;
	memcpy(domain == AF_INET ? (void *)&v4->sin_addr : (void *)&v6->sin6_addr, group.b,
	       ip_size(&group));
	ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)), 0);
	ck_assert_int_eq(setsockopt(fd, domain == AF_INET ? IPPROTO_IP : IPPROTO_IPV6,
				    MCAST_JOIN_GROUP, &r, sizeof(r)), 0);
	return fd;
}

/* The id of the next packet on FD; -1: there is none. */
static int next_id(int fd, bool v4)
{
	uint8_t data[2048];
	struct sockaddr_in6 from;
	socklen_t len = sizeof(from);

	if (recvfrom(fd, data, sizeof(data), 0, (struct sockaddr *)&from, &len) < 0)
		return -1;
	if (v4)
		return data[4] << 8 | data[5];
	return from.sin6_addr.s6_addr[14] << 8 | from.sin6_addr.s6_addr[15];
}

/* Each packet is sent twice, through a socket without a filter and one with it. */
static void agree(uint8_t family, const struct port_vrids *wanted)
{
	bool v4 = family == IP_V4;
	int tap, open, closed, last_open = -1, last = -1;
	uint8_t frame[2048];
	size_t passed = 0;

	lab_enter();
	tap = lab_tap("h1");
	open = raw(v4 ? AF_INET : AF_INET6);
	closed = raw(v4 ? AF_INET : AF_INET6);
	ck_assert_int_eq(vfl_attach(closed, family, wanted, 0), 0);
	for (uint16_t id = 0; id < 4000; id++) {
		struct recipe r = any(id, v4);
		size_t n = v4 ? make_v4(frame, &r) : make_v6(frame, &r);
		const uint8_t *data = frame + ETHER + (v4 ? 0 : 40);

		lab_put(tap, "h1", frame, n);
		for (int64_t end = loop_now_us() + LAB_PATIENCE_US; last_open != id;) {
			last_open = next_id(open, v4);
			ck_assert_int_lt(loop_now_us(), end);
		}
		last = next_id(closed, v4);
		ck_assert_int_eq(last, vfl_is_foreign(family, data, n - (size_t)(data - frame),
						      r.ttl, wanted) ? -1 : id);
		passed += last >= 0;
	}
	ck_assert_uint_gt(passed, 100);
	ck_assert_uint_lt(passed, 3000);
	close(open);
	close(closed);
	close(tap);
}

START_TEST(the_kernel_and_the_rule_agree)
{
	struct port_vrids some = { .words = { 0x80000002, 0, 0xdeadbeef, 1, 0, 0xffffffff, 7,
					      0x80000001 } };

	agree(IP_V4, &some);
}
END_TEST

START_TEST(they_agree_on_ipv6)
{
	struct port_vrids some = { .words = { 0x80000002, 0, 0xdeadbeef, 1, 0, 0xffffffff, 7,
					      0x80000001 } };

	agree(IP_V6, &some);
}
END_TEST

START_TEST(the_rule_by_hand)
{
	struct port_vrids one = { 0 };
	struct recipe r = { .ttl = 255, .first = 0x21, .vrid = 51, .len = 20 };
	static uint8_t f[8192];
	const uint8_t *ip = f + ETHER;

	add_vrid(&one, 51);
	for (unsigned int vrid = 0; vrid < 256; vrid++) {
		r.vrid = vrid;
		size_t n = make_v4(f, &r) - ETHER;
		ck_assert_int_eq(vfl_is_foreign(IP_V4, ip, n, 0, &one), vrid != 51);
	}
	r.vrid = 51;
	for (size_t len = 0; len < 30; len++) {
		r.len = len;
		size_t n = make_v4(f, &r) - ETHER;
		ck_assert_int_eq(vfl_is_foreign(IP_V4, ip, n, 0, &one), len < 2);
	}
	r.len = 20;
	size_t n = make_v4(f, &r) - ETHER;
	f[ETHER + 6] = 0x20;		/* more fragments */
	ck_assert(vfl_is_foreign(IP_V4, ip, n, 0, &one));
	f[ETHER + 6] = 0x40;		/* don't fragment */
	ck_assert(!vfl_is_foreign(IP_V4, ip, n, 0, &one));
	f[ETHER + 7] = 1;		/* an offset */
	ck_assert(vfl_is_foreign(IP_V4, ip, n, 0, &one));
	f[ETHER + 7] = 0;
	ck_assert(!vfl_is_foreign(IP_V4, ip, 60 + PKT_MAX, 0, &one));
	ck_assert(vfl_is_foreign(IP_V4, ip, 60 + PKT_MAX + 1, 0, &one));
}
END_TEST

/* ---- a flood ---- */

struct rig {
	struct loop *loop;
	struct vsk *socks;
	struct port_events events;
	int tap;
	int n;				/* packets that came up */
	int by_vrid[256];
	int floods, ends;
	int until;			/* how many of what is_over() waits for */
};

static void on_packet(void *ctx, const struct vr_ev_packet *p)
{
	struct rig *r = ctx;

	r->n++;
	r->by_vrid[p->data[21]]++;
}

static void on_flood(void *ctx, uint16_t iface, uint8_t family, bool on)
{
	struct rig *r = ctx;

	ck_assert_uint_eq(iface, IFACE);
	ck_assert_uint_eq(family, IP_V4);
	*(on ? &r->floods : &r->ends) += 1;
}

static struct rig *start(void)
{
	struct rig *r = calloc(1, sizeof(*r));
	struct ip_addr group;
	struct port_vrids one = { 0 };

	lab_enter();
	ck_assert(ip_parse("224.0.0.18", &group));
	add_vrid(&one, 51);
	r->tap = lab_tap("h1");
	r->loop = loop_new();
	r->events = (struct port_events){ .ctx = r, .packet = on_packet, .flood = on_flood };
	r->socks = vsk_new(r->loop, &r->events);
	ck_assert_int_eq(vsk_join(r->socks, IFACE, lab_ifindex("h0"), &group), 0);
	vsk_hear(r->socks, IFACE, IP_V4, &one);
	vsk_hear(r->socks, IFACE, IP_V6, &one);		/* no such socket: nothing happens */
	return r;
}

static void finish(struct rig *r)
{
	vsk_free(r->socks);
	loop_free(r->loop);
	close(r->tap);
	free(r);
}

static void inject(struct rig *r, uint8_t vrid, int n)
{
	struct recipe one = { .ttl = 255, .first = 0x21, .vrid = vrid, .len = 20 };
	uint8_t f[128];
	size_t len = make_v4(f, &one);

	for (int i = 0; i < n; i++)
		lab_put(r->tap, "h1", f, len);
}

static bool came(void *ctx)
{
	struct rig *r = ctx;

	return r->n >= r->until;
}

/* Packets of our VRID come up, so those before them have come or been dropped. */
static void ours_come(struct rig *r, uint8_t vrid, int n)
{
	int before = r->by_vrid[vrid];

	inject(r, vrid, n);
	for (int i = 0; i < 1000 && r->by_vrid[vrid] < before + n; i++)
		lab_for(r->loop, 10000);
	ck_assert_int_eq(r->by_vrid[vrid], before + n);
}

static void flood(struct rig *r)
{
	r->until = VFL_TOO_MANY;
	inject(r, 52, VFL_TOO_MANY);
	lab_until(r->loop, came, r);
}

START_TEST(few_foreign_packets_all_come_up)
{
	struct rig *r = start();

	inject(r, 52, VFL_TOO_MANY - 1);
	ours_come(r, 51, 3);
	ck_assert_int_eq(r->by_vrid[52], VFL_TOO_MANY - 1);
	ck_assert_int_eq(r->floods, 0);
	finish(r);
}
END_TEST

START_TEST(any_number_of_our_own_is_no_flood)
{
	struct rig *r = start();

	ours_come(r, 51, 5 * VFL_TOO_MANY);
	ck_assert_int_eq(r->floods, 0);
	finish(r);
}
END_TEST

/* Within a window of its own on the slowest machine: the packets wait in the socket. */
START_TEST(a_flood_is_dropped_but_for_a_sample_and_ours_still_come)
{
	struct rig *r = start();

	flood(r);
	ck_assert_int_eq(r->floods, 1);
	inject(r, 52, 20000);
	inject(r, 53, 20000);
	ours_come(r, 51, 100);
	int sample = r->by_vrid[52] - VFL_TOO_MANY + r->by_vrid[53];
	ck_assert_int_gt(sample, 0);
	ck_assert_int_lt(sample, 20 * 40000 / VFL_SAMPLE);
	ck_assert_int_eq(r->ends, 0);
	finish(r);
}
END_TEST

START_TEST(a_new_vrid_is_heard_in_the_flood)
{
	struct rig *r = start();
	struct port_vrids two = { 0 };

	flood(r);
	add_vrid(&two, 52);
	add_vrid(&two, 200);
	vsk_hear(r->socks, IFACE, IP_V4, &two);
	ours_come(r, 52, 500);
	ours_come(r, 200, 500);
	int before = r->by_vrid[51];
	inject(r, 51, 2000);		/* no longer ours */
	ours_come(r, 200, 1);
	ck_assert_int_lt(r->by_vrid[51] - before, 20 * 2000 / VFL_SAMPLE);
	finish(r);
}
END_TEST

static bool over(void *ctx)
{
	return ((struct rig *)ctx)->ends > 0;
}

START_TEST(when_it_is_over_everything_comes_up_again)
{
	struct rig *r = start();

	flood(r);
	int64_t began_us = loop_now_us();
	lab_until(r->loop, over, r);
	ck_assert_int_ge(loop_now_us() - began_us, VFL_DROP_US + VFL_LOOK_US - 1000);
	ours_come(r, 77, 300);
	ck_assert_int_eq(r->floods, 1);
	finish(r);
}
END_TEST

START_TEST(one_that_goes_on_is_not_told_again)
{
	struct rig *r = start();

	flood(r);
	lab_for(r->loop, VFL_DROP_US + 10000);
	flood(r);			/* into the look */
	lab_for(r->loop, VFL_LOOK_US + 200000);
	ck_assert_int_eq(r->floods, 1);
	ck_assert_int_eq(r->ends, 0);
	finish(r);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("vrrp_filter");
	TCase *c = tcase_create("vrrp_filter");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, the_kernel_and_the_rule_agree);
	tcase_add_test(c, they_agree_on_ipv6);
	tcase_add_test(c, the_rule_by_hand);
	tcase_add_test(c, few_foreign_packets_all_come_up);
	tcase_add_test(c, any_number_of_our_own_is_no_flood);
	tcase_add_test(c, a_flood_is_dropped_but_for_a_sample_and_ours_still_come);
	tcase_add_test(c, a_new_vrid_is_heard_in_the_flood);
	tcase_add_test(c, when_it_is_over_everything_comes_up_again);
	tcase_add_test(c, one_that_goes_on_is_not_told_again);
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
