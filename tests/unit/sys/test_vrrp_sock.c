/*
 * The raw sockets, seen from the wire: what leaves, field by field, and what is let in.
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_ether.h>

#include "core/packet.h"
#include "sys/vrrp_pool.h"
#include "sys/vrrp_sock.h"
#include "unit/sys/lab.h"

#define IFACE 3				/* an index in the configuration; nothing is below it */
#define WAIT_US (10 * 1000000LL)

struct got {
	int n;
	size_t len[4096];
	uint8_t first[128];
	struct vr_ev_packet last;
	struct vsk *leave_on_packet;
};

struct rig {
	struct loop *loop;
	struct vsk *socks;
	struct port_events events;
	struct got got;
	int tap;
};

static void on_packet(void *ctx, const struct vr_ev_packet *p)
{
	struct got *g = ctx;

	ck_assert_int_eq(p->iface, IFACE);
	g->len[g->n++] = p->len;
	g->last = *p;
	memcpy(g->first, p->data, p->len < sizeof(g->first) ? p->len : sizeof(g->first));
	if (g->leave_on_packet)
		vsk_leave(g->leave_on_packet, IFACE);
}

static struct ip_addr addr(const char *text)
{
	struct ip_addr a;

	ck_assert(ip_parse(text, &a));
	return a;
}

static void set_up(struct rig *r)
{
	struct ip_addr group = addr("224.0.0.18");

	lab_enter();
	memset(r, 0, sizeof(*r));
	r->tap = lab_tap("h1");
	r->loop = loop_new();
	r->events = (struct port_events){ .ctx = &r->got, .packet = on_packet };
	r->socks = vsk_new(r->loop, &r->events);
	ck_assert_int_eq(vsk_join(r->socks, IFACE, lab_ifindex("h0"), &group), 0);
}

static void tear_down(struct rig *r)
{
	vsk_free(r->socks);
	loop_free(r->loop);
	close(r->tap);
}

static struct port_packet packet(const char *src, const char *dst, const void *data, size_t len)
{
	return (struct port_packet){ .iface = IFACE, .src = addr(src), .dst = addr(dst),
				     .ttl = PKT_TTL, .data = data, .len = len, .error = -1 };
}

/* ---- sending ------------------------------------------------------------------------------- */

START_TEST(an_advert_has_the_right_headers)
{
	static const uint8_t mac[6] = { 0x01, 0x00, 0x5e, 0x00, 0x00, 0x12 };
	struct rig *r = calloc(1, sizeof(*r));
	struct lab_frame f;
	const uint8_t *ip = f.data + ETH_HLEN;

	set_up(r);

	struct port_packet p = packet("192.0.2.1", "224.0.0.18", "0123456789", 10);

	vsk_send(r->socks, &p, 1);
	ck_assert_int_eq(p.error, 0);
	ck_assert(lab_next(r->tap, ETH_P_IP, &f, WAIT_US));
	while (ip[9] != PKT_PROTO)		/* IGMP came first */
		ck_assert(lab_next(r->tap, ETH_P_IP, &f, WAIT_US));
	ck_assert_mem_eq(f.data, mac, 6);
	ck_assert_uint_eq(ip[0], 0x45);
	ck_assert_uint_eq(ip[1], 0xc0);			/* internetwork control */
	ck_assert_uint_eq(ip[2] << 8 | ip[3], 30);
	ck_assert_uint_eq(ip[6] & 0x40, 0);		/* may be fragmented */
	ck_assert_uint_eq(ip[8], 255);
	ck_assert_uint_eq(pkt_sum(0, ip, 20), 0xffff);
	ck_assert_mem_eq(ip + 12, "\xc0\x00\x02\x01\xe0\x00\x00\x12", 8);
	ck_assert_mem_eq(ip + 20, "0123456789", 10);
	tear_down(r);
	free(r);
}
END_TEST

/* Sends from SRC and returns the source on the wire as text. */
static const char *source_on_wire(struct rig *r, const char *src, char text[IP_TEXT_MAX])
{
	struct port_packet p = packet(src, "224.0.0.18", "x", 1);
	struct lab_frame f;
	struct ip_addr seen;

	vsk_send(r->socks, &p, 1);
	ck_assert_int_eq(p.error, 0);
	do {
		ck_assert(lab_next(r->tap, ETH_P_IP, &f, WAIT_US));
	} while (f.data[ETH_HLEN + 9] != PKT_PROTO);
	seen = ip_v4(f.data + ETH_HLEN + 12);
	return ip_text(&seen, text);
}

START_TEST(each_packet_has_its_own_source)
{
	static const char *const sources[] = {
		"192.0.2.1",		/* primary */
		"192.0.2.9",		/* secondary */
		"10.9.9.9",		/* of another subnet */
		"198.51.100.77",	/* not ours at all (yet) */
	};
	struct rig *r = calloc(1, sizeof(*r));
	char text[IP_TEXT_MAX];

	set_up(r);
	lab_run("ip addr add 192.0.2.9/24 dev h0 && ip addr add 10.9.9.9/8 dev h0");
	for (size_t i = 0; i < 4; i++)
		ck_assert_str_eq(source_on_wire(r, sources[i], text), sources[i]);
	tear_down(r);
	free(r);
}
END_TEST

START_TEST(many_packets_leave_in_order_and_errors_stay_with_theirs)
{
	enum { N = 600, BAD = 300, LOST = 301 };
	static uint16_t data[N];
	static struct port_packet p[N];
	struct rig *r = calloc(1, sizeof(*r));
	static uint8_t huge[70000];
	struct lab_frame f;
	int seen = 0;

	set_up(r);
	for (int i = 0; i < N; i++) {
		data[i] = (uint16_t)i;
		p[i] = packet("192.0.2.1", "224.0.0.18", &data[i], 2);
	}
	p[BAD].data = huge;
	p[BAD].len = sizeof(huge);
	p[LOST].iface = IFACE + 1;	/* never joined */
	vsk_send(r->socks, p, N);
	for (int i = 0; i < N; i++)
		ck_assert_int_eq(p[i].error, i == BAD ? EMSGSIZE : i == LOST ? ENOTCONN : 0);
	while (seen < N) {
		if (seen == BAD)
			seen += 2;
		ck_assert(lab_next(r->tap, ETH_P_IP, &f, WAIT_US));
		if (f.data[ETH_HLEN + 9] != PKT_PROTO)
			continue;
		ck_assert_int_eq(f.data[ETH_HLEN + 20] | f.data[ETH_HLEN + 21] << 8, seen);
		seen++;
	}
	tear_down(r);
	free(r);
}
END_TEST

/* ---- receiving ----------------------------------------------------------------------------- */

/* A frame with an IPv4 packet of protocol PROTO to DST, LEN octets of payload. */
static size_t frame(uint8_t *f, const char *dst, uint8_t proto, size_t len)
{
	struct ip_addr a = addr(dst);
	uint8_t *ip = f + ETH_HLEN;
	uint32_t sum;

	memcpy(f, "\x01\x00\x5e\x00\x00\x00\x02\x00\x00\x00\x00\x02\x08\x00", ETH_HLEN);
	memcpy(f + 3, a.b + 1, 3);
	f[3] &= 0x7f;
	if (!ip_is_multicast(&a))
		memcpy(f, "\x02\x00\x00\x00\x00\x01", 6);
	memset(ip, 0, 20 + len);
	ip[0] = 0x45;
	ip[2] = (uint8_t)((20 + len) >> 8);
	ip[3] = (uint8_t)(20 + len);
	ip[8] = 255;
	ip[9] = proto;
	memcpy(ip + 12, "\xc0\x00\x02\x02", 4);
	memcpy(ip + 16, a.b, 4);
	sum = ~pkt_sum(0, ip, 20);
	ip[10] = (uint8_t)(sum >> 8);
	ip[11] = (uint8_t)sum;
	return ETH_HLEN + 20 + len;
}

static void inject(struct rig *r, const char *dst, uint8_t proto, size_t len)
{
	static uint8_t f[2048];
	size_t n = frame(f, dst, proto, len);

	lab_put(r->tap, "h1", f, n);
}

static bool got_one(void *ctx)
{
	struct got *g = ctx;

	return g->n >= 1;
}

START_TEST(a_packet_comes_up_with_its_ip_header)
{
	struct rig *r = calloc(1, sizeof(*r));

	set_up(r);
	inject(r, "224.0.0.18", PKT_PROTO, 20);
	lab_until(r->loop, got_one, &r->got);
	ck_assert_int_eq(r->got.last.family, IP_V4);
	ck_assert_uint_eq(r->got.len[0], 40);
	ck_assert_uint_eq(r->got.first[0], 0x45);
	ck_assert_uint_eq(r->got.first[8], 255);
	ck_assert_mem_eq(r->got.first + 12, "\xc0\x00\x02\x02\xe0\x00\x00\x12", 8);
	tear_down(r);
	free(r);
}
END_TEST

START_TEST(foreign_protocols_groups_and_own_packets_stay_out)
{
	struct rig *r = calloc(1, sizeof(*r));

	set_up(r);

	struct port_packet own = packet("192.0.2.1", "224.0.0.18", "x", 1);

	inject(r, "224.0.0.18", 17, 20);		/* UDP */
	inject(r, "224.0.0.99", PKT_PROTO, 20);		/* nobody joined it */
	vsk_send(r->socks, &own, 1);
	inject(r, "224.0.0.18", PKT_PROTO, 33);
	lab_until(r->loop, got_one, &r->got);
	ck_assert_int_eq(r->got.n, 1);
	ck_assert_uint_eq(r->got.len[0], 53);
	tear_down(r);
	free(r);
}
END_TEST

START_TEST(a_second_group_is_heard_as_well)
{
	struct rig *r = calloc(1, sizeof(*r));
	struct ip_addr second = addr("224.0.0.99");

	set_up(r);
	ck_assert_int_eq(vsk_join(r->socks, IFACE, lab_ifindex("h0"), &second), 0);
	ck_assert_int_eq(vsk_join(r->socks, IFACE, lab_ifindex("h0"), &second), 0);
	inject(r, "224.0.0.99", PKT_PROTO, 8);
	lab_until(r->loop, got_one, &r->got);
	inject(r, "224.0.0.18", PKT_PROTO, 9);
	r->got.n = 0;
	lab_until(r->loop, got_one, &r->got);
	ck_assert_uint_eq(r->got.len[0], 29);
	tear_down(r);
	free(r);
}
END_TEST

/* The kernel joins 20 groups for a socket; there is no limit of ours. */
START_TEST(more_groups_than_a_socket_can_join_are_heard)
{
	struct rig *r = calloc(1, sizeof(*r));

	set_up(r);
	for (int i = 1; i <= 70; i++) {
		char text[32];
		struct ip_addr group;

		snprintf(text, sizeof(text), "224.0.1.%d", i);
		group = addr(text);
		ck_assert_int_eq(vsk_join(r->socks, IFACE, lab_ifindex("h0"), &group), 0);
		ck_assert_int_eq(vsk_join(r->socks, IFACE, lab_ifindex("h0"), &group), 0);
		r->got.n = 0;
		inject(r, text, PKT_PROTO, 8);
		lab_until(r->loop, got_one, &r->got);
	}
	r->got.n = 0;
	inject(r, "224.0.0.18", PKT_PROTO, 9);
	lab_until(r->loop, got_one, &r->got);
	ck_assert_uint_eq(r->got.len[0], 29);
	tear_down(r);
	free(r);
}
END_TEST

static bool got_all(void *ctx)
{
	struct got *g = ctx;

	return g->n >= 1493;
}

START_TEST(every_length_up_to_the_mtu_comes_up)
{
	struct rig *r = calloc(1, sizeof(*r));

	set_up(r);
	for (size_t len = 0; len <= 1480; len++)
		inject(r, "224.0.0.18", PKT_PROTO, len);
	for (size_t len = 0; len < 12; len++)
		inject(r, "192.0.2.1", PKT_PROTO, len);
	lab_until(r->loop, got_all, &r->got);
	ck_assert_int_eq(r->got.n, 1493);
	for (size_t len = 0; len <= 1480; len++)
		ck_assert_uint_eq(r->got.len[len], 20 + len);
	tear_down(r);
	free(r);
}
END_TEST

/* Reassembled from fragments: longer than any advert, longer than the buffer. */
START_TEST(a_giant_is_cut_and_its_header_says_so)
{
	static uint8_t payload[60000];
	struct rig *r = calloc(1, sizeof(*r));
	struct ip_addr group = addr("224.0.0.18");
	struct pkt_meta meta;
	const uint8_t *body;
	size_t body_len;

	set_up(r);
	lab_run("ip addr add 192.0.2.2/24 dev h1");
	ck_assert_int_eq(vsk_join(r->socks, IFACE, lab_ifindex("h0"), &group), 0);

	struct vsk *sender = vsk_new(r->loop, &r->events);
	struct port_packet p = packet("192.0.2.2", "224.0.0.18", payload, sizeof(payload));

	/* both ends are ours here: let the packet in all the same */
	lab_run("sysctl -qw net.ipv4.conf.h0.accept_local=1 net.ipv4.conf.all.rp_filter=0 "
		"net.ipv4.conf.h0.rp_filter=0");
	ck_assert_int_eq(vsk_join(sender, IFACE, lab_ifindex("h1"), &group), 0);
	vsk_send(sender, &p, 1);
	ck_assert_int_eq(p.error, 0);
	lab_until(r->loop, got_one, &r->got);
	ck_assert_uint_gt(r->got.len[0], PKT_MAX + 20);
	ck_assert_uint_lt(r->got.len[0], 8192);
	ck_assert_int_ne(pkt_strip_ipv4(r->got.first, sizeof(r->got.first), &meta, &body,
					&body_len), PKT_OK);
	vsk_free(sender);
	tear_down(r);
	free(r);
}
END_TEST

START_TEST(leaving_inside_the_callback_is_allowed)
{
	struct rig *r = calloc(1, sizeof(*r));

	set_up(r);
	for (int i = 0; i < 10; i++)
		inject(r, "224.0.0.18", PKT_PROTO, 20);
	r->got.leave_on_packet = r->socks;
	lab_until(r->loop, got_one, &r->got);
	lab_for(r->loop, 20000);
	ck_assert_int_eq(r->got.n, 1);

	struct port_packet p = packet("192.0.2.1", "224.0.0.18", "x", 1);

	vsk_send(r->socks, &p, 1);
	ck_assert_int_eq(p.error, ENOTCONN);
	tear_down(r);
	free(r);
}
END_TEST

START_TEST(an_interface_made_anew_is_joined_anew)
{
	struct rig *r = calloc(1, sizeof(*r));
	struct ip_addr group = addr("224.0.0.18");

	set_up(r);
	close(r->tap);
	lab_run("ip link del h0");
	ck_assert_int_ne(vsk_join(r->socks, IFACE, 12345, &group), 0);
	lab_run("ip link add h0 type veth peer name h1");
	lab_run("ip link set h0 address 02:00:00:00:00:01");
	lab_run("ip link set h0 up && ip link set h1 up && ip addr add 192.0.2.1/24 dev h0");
	r->tap = lab_tap("h1");
	ck_assert_int_eq(vsk_join(r->socks, IFACE, lab_ifindex("h0"), &group), 0);
	inject(r, "224.0.0.18", PKT_PROTO, 20);
	lab_until(r->loop, got_one, &r->got);
	tear_down(r);
	free(r);
}
END_TEST

/* ---- sockets that come from a pool --------------------------------------------------------- */

struct supply {
	int wanted[IP_V6 + 1];
	uint64_t closed;
};

static void on_want(void *ctx, uint8_t family)
{
	((struct supply *)ctx)->wanted[family]++;
}

static void on_closed(void *ctx, uint64_t cookie)
{
	((struct supply *)ctx)->closed = cookie;
}

static struct vpl *pool_of(struct supply *s)
{
	struct vpl_supply supply = { .ctx = s, .want = on_want, .closed = on_closed };
	struct vpl *p = vpl_new(&supply);

	ck_assert_ptr_nonnull(p);
	return p;
}

START_TEST(an_empty_pool_is_asked_for_more)
{
	struct rig *r = calloc(1, sizeof(*r));
	struct ip_addr group = addr("224.0.0.18");
	struct supply supply = { 0 };

	set_up(r);
	struct vpl *pool = pool_of(&supply);
	vsk_pool(r->socks, pool);
	ck_assert_int_eq(vsk_join(r->socks, IFACE + 1, lab_ifindex("h0"), &group), EAGAIN);
	ck_assert_int_eq(supply.wanted[IP_V4], 1);
	ck_assert_int_eq(supply.wanted[IP_V6], 0);
	vpl_give(pool, vpl_make(IP_V6));
	ck_assert_int_eq(vsk_join(r->socks, IFACE + 1, lab_ifindex("h0"), &group), EAGAIN);
	vpl_give(pool, vpl_make(IP_V4));
	ck_assert_int_eq(vsk_join(r->socks, IFACE + 1, lab_ifindex("h0"), &group), 0);
	tear_down(r);
	ck_assert_uint_ne(supply.closed, 0);
	vpl_free(pool);
	free(r);
}
END_TEST

/* Its buffer is the only place where a packet between two engines can wait. */
START_TEST(a_successor_hears_what_came_meanwhile_and_nothing_from_before)
{
	struct rig *r = calloc(1, sizeof(*r));
	struct ip_addr group = addr("224.0.0.18");
	struct supply first = { 0 }, second = { 0 };

	set_up(r);
	int made = vpl_make(IP_V4), kept = dup(made);
	uint64_t cookie = vpl_cookie(kept);
	inject(r, "224.0.0.18", PKT_PROTO, 20);		/* before it is bound */
	lab_until(r->loop, got_one, &r->got);
	vsk_leave(r->socks, IFACE);
	struct vpl *pool = pool_of(&first);
	vpl_give(pool, made);
	vsk_pool(r->socks, pool);
	ck_assert_int_eq(vsk_join(r->socks, IFACE, lab_ifindex("h0"), &group), 0);
	vsk_free(r->socks);
	ck_assert_uint_eq(first.closed, cookie);
	vpl_free(pool);

	inject(r, "224.0.0.18", PKT_PROTO, 24);
	r->got.n = 0;
	r->socks = vsk_new(r->loop, &r->events);
	pool = pool_of(&second);
	vpl_give(pool, vpl_make(IP_V4));
	vpl_give(pool, kept);
	vsk_pool(r->socks, pool);
	ck_assert_int_eq(vsk_join(r->socks, IFACE, lab_ifindex("h0"), &group), 0);
	lab_until(r->loop, got_one, &r->got);
	ck_assert_uint_eq(r->got.len[0], 20 + 24);
	vpl_settle(pool);		/* what was taken is not touched */
	ck_assert_uint_eq(second.closed, 0);
	tear_down(r);
	ck_assert_uint_eq(second.closed, cookie);
	vpl_free(pool);
	free(r);
}
END_TEST

START_TEST(what_nobody_takes_of_a_former_engine_is_closed)
{
	struct rig *r = calloc(1, sizeof(*r));
	struct supply supply = { 0 };
	int fd, index;

	set_up(r);
	index = lab_ifindex("h0");
	fd = vpl_make(IP_V4);
	ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_BINDTOIFINDEX, &index, sizeof(index)), 0);
	uint64_t cookie = vpl_cookie(fd);
	struct vpl *pool = pool_of(&supply);
	vpl_give(pool, fd);
	vpl_settle(pool);
	ck_assert_uint_eq(supply.closed, cookie);
	vpl_free(pool);
	tear_down(r);
	free(r);
}
END_TEST

START_TEST(ipv6_adverts_go_out_and_come_in)
{
	static const char *const ll = "fe80::ff:fe00:1";
	struct rig *r = calloc(1, sizeof(*r));
	struct ip_addr group = addr("ff02::12");
	struct lab_frame f;
	const uint8_t *ip = f.data + ETH_HLEN;
	uint8_t in[ETH_HLEN + 40 + 8] = { 0x33, 0x33, 0, 0, 0, 0x12, 2, 0, 0, 0, 0, 2, 0x86, 0xdd,
					  0x60, 0, 0, 0, 0, 8, PKT_PROTO, 254, 0xfe, 0x80 };

	set_up(r);
	ck_assert_int_eq(vsk_join(r->socks, IFACE, lab_ifindex("h0"), &group), 0);

	struct port_packet p = packet(ll, "ff02::12", "0123456789", 10);

	vsk_send(r->socks, &p, 1);
	ck_assert_int_eq(p.error, 0);
	do {
		ck_assert(lab_next(r->tap, ETH_P_IPV6, &f, WAIT_US));
	} while (ip[6] != PKT_PROTO);
	ck_assert_uint_eq((ip[0] << 4 | ip[1] >> 4) & 0xff, 0xc0);
	ck_assert_uint_eq(ip[7], 255);
	ck_assert_mem_eq(ip + 8, p.src.b, 16);
	ck_assert_mem_eq(ip + 24, group.b, 16);
	ck_assert_mem_eq(ip + 40, "0123456789", 10);

	in[ETH_HLEN + 23] = 2;		/* fe80::2 */
	memcpy(in + ETH_HLEN + 24, group.b, 16);
	lab_put(r->tap, "h1", in, sizeof(in));
	lab_until(r->loop, got_one, &r->got);
	ck_assert_int_eq(r->got.last.family, IP_V6);
	ck_assert_uint_eq(r->got.last.meta.ttl, 254);
	ck_assert_uint_eq(r->got.len[0], 8);
	ck_assert(ip_equal(&r->got.last.meta.dst, &group));
	ck_assert_uint_eq(r->got.last.meta.src.b[15], 2);
	tear_down(r);
	free(r);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("vrrp_sock");
	TCase *c = tcase_create("vrrp_sock");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, an_advert_has_the_right_headers);
	tcase_add_test(c, each_packet_has_its_own_source);
	tcase_add_test(c, many_packets_leave_in_order_and_errors_stay_with_theirs);
	tcase_add_test(c, a_packet_comes_up_with_its_ip_header);
	tcase_add_test(c, foreign_protocols_groups_and_own_packets_stay_out);
	tcase_add_test(c, a_second_group_is_heard_as_well);
	tcase_add_test(c, more_groups_than_a_socket_can_join_are_heard);
	tcase_add_test(c, every_length_up_to_the_mtu_comes_up);
	tcase_add_test(c, a_giant_is_cut_and_its_header_says_so);
	tcase_add_test(c, leaving_inside_the_callback_is_allowed);
	tcase_add_test(c, an_interface_made_anew_is_joined_anew);
	tcase_add_test(c, an_empty_pool_is_asked_for_more);
	tcase_add_test(c, a_successor_hears_what_came_meanwhile_and_nothing_from_before);
	tcase_add_test(c, what_nobody_takes_of_a_former_engine_is_closed);
	tcase_add_test(c, ipv6_adverts_go_out_and_come_in);
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
