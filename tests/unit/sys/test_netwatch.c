/*
 * The watcher against the real kernel: everything at first, every change afterwards, and the truth
 * again after notices were lost.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/rtnetlink.h>
#include <net/if_arp.h>

#include "sys/netwatch.h"
#include "sys/netwrite.h"
#include "unit/sys/lab.h"

#define MAX 4096

/* What has been told so far, as a mirror of the kernel's tables. */
struct mirror {
	struct {
		int ifindex;
		char name[32];
		bool up;
	} links[MAX];
	int n_links;
	struct port_addr addrs[MAX];
	int n_addrs;
	int synced, resyncs;
	int told;
};

struct rig {
	struct loop *loop;
	struct nwa *watch;
	struct port_events events;
	struct mirror m;
	const char *wanted;		/* for the conditions */
	char name[32];
};

static int find_link(const struct mirror *m, int ifindex)
{
	for (int i = 0; i < m->n_links; i++) {
		if (m->links[i].ifindex == ifindex)
			return i;
	}
	return -1;
}

static void on_link(void *ctx, const struct port_link *l)
{
	struct mirror *m = ctx;
	int i = find_link(m, l->ifindex);

	m->told++;
	if (l->gone) {
		if (i >= 0)
			m->links[i] = m->links[--m->n_links];
		return;
	}
	if (i < 0)
		i = m->n_links++;
	m->links[i].ifindex = l->ifindex;
	snprintf(m->links[i].name, sizeof(m->links[i].name), "%s", l->name);
	m->links[i].up = l->up;
}

static void on_addr(void *ctx, const struct port_addr *a)
{
	struct mirror *m = ctx;
	int i = 0;

	m->told++;
	while (i < m->n_addrs && !(m->addrs[i].ifindex == a->ifindex &&
				   m->addrs[i].prefix.len == a->prefix.len &&
				   ip_equal(&m->addrs[i].prefix.addr, &a->prefix.addr)))
		i++;
	if (a->gone && i < m->n_addrs)
		m->addrs[i] = m->addrs[--m->n_addrs];
	if (a->gone)
		return;
	m->addrs[i] = *a;
	m->n_addrs += i == m->n_addrs;
}

static void on_resync(void *ctx)
{
	struct mirror *m = ctx;

	m->resyncs++;
	m->n_links = m->n_addrs = 0;
}

static void on_synced(void *ctx)
{
	struct mirror *m = ctx;

	m->synced++;
}

static bool is_synced(void *ctx)
{
	struct rig *r = ctx;

	return r->m.synced > 0;
}

/* The link NAME, or -1. */
static int link_named(const struct rig *r, const char *name)
{
	for (int i = 0; i < r->m.n_links; i++) {
		if (!strcmp(r->m.links[i].name, name))
			return i;
	}
	return -1;
}

static const struct port_addr *addr_named(const struct rig *r, const char *text)
{
	struct ip_prefix p;

	ck_assert(ip_parse_prefix(text, &p));
	for (int i = 0; i < r->m.n_addrs; i++) {
		if (ip_equal(&r->m.addrs[i].prefix.addr, &p.addr) &&
		    r->m.addrs[i].prefix.len == p.len)
			return &r->m.addrs[i];
	}
	return NULL;
}

static void open_rig(struct rig *r)
{
	r->loop = loop_new();
	r->events = (struct port_events){ .ctx = &r->m, .link = on_link, .addr = on_addr,
					  .resync = on_resync, .synced = on_synced };
	r->watch = nwa_new(r->loop, &r->events, &lab_log);
	ck_assert_ptr_nonnull(r->watch);
}

static struct rig *start(void)
{
	struct rig *r = calloc(1, sizeof(*r));

	open_rig(r);
	nwa_start(r->watch);
	ck_assert_int_eq(r->m.told, 0);
	lab_until(r->loop, is_synced, r);
	return r;
}

static void stop(struct rig *r)
{
	nwa_free(r->watch);
	loop_free(r->loop);
	free(r);
}

static bool is_up(void *ctx)
{
	const struct rig *r = ctx;
	int i = link_named(r, r->wanted);

	return i >= 0 && r->m.links[i].up;
}

static bool is_down(void *ctx)
{
	const struct rig *r = ctx;
	int i = link_named(r, r->wanted);

	return i >= 0 && !r->m.links[i].up;
}

static bool is_gone(void *ctx)
{
	const struct rig *r = ctx;

	return link_named(r, r->wanted) < 0;
}

static bool has_addr(void *ctx)
{
	const struct rig *r = ctx;

	return addr_named(r, r->wanted);
}

static bool lacks_addr(void *ctx)
{
	return !has_addr(ctx);
}

static void expect(struct rig *r, bool (*condition)(void *ctx), const char *what)
{
	r->wanted = what;
	lab_until(r->loop, condition, r);
}

/* As the daemon adds it: iproute2 of Debian 12 cannot set IFA_PROTO. */
static void add_ours(const char *prefix)
{
	struct loop *loop = loop_new();
	struct port_events none = {0};
	struct nww *w = nww_new(loop, &none);
	struct vr_vip vip = { .preferred_lft = VR_LFT_FOREVER };
	struct port_addr_op op = { .add = true, .ifindex = lab_ifindex("h0"), .vip = &vip };

	ck_assert(ip_parse_prefix(prefix, &vip.prefix));
	nww_addrs(w, &op, 1);
	nww_free(w);
	loop_free(loop);
}

START_TEST(all_there_is_comes_first)
{
	struct rig *r;
	const struct port_addr *a;

	lab_enter();
	lab_run("ip addr add 192.0.2.7/24 dev h0");
	add_ours("192.0.2.130/32");
	r = start();
	ck_assert_int_eq(r->m.resyncs, 0);
	ck_assert_int_ge(link_named(r, "lo"), 0);
	expect(r, is_up, "h0");
	expect(r, is_up, "h1");
	ck_assert_int_eq(r->m.links[link_named(r, "h0")].ifindex, lab_ifindex("h0"));

	a = addr_named(r, "192.0.2.1/24");
	ck_assert_ptr_nonnull(a);
	ck_assert_int_eq(a->ifindex, lab_ifindex("h0"));
	ck_assert(!a->secondary && !a->tentative && !a->gone);
	ck_assert_uint_eq(a->scope, 0);
	ck_assert_uint_eq(a->proto, 0);
	ck_assert(addr_named(r, "192.0.2.7/24")->secondary);
	ck_assert_uint_eq(addr_named(r, "192.0.2.130/32")->proto, PORT_IFA_PROTO);
	ck_assert_uint_eq(addr_named(r, "127.0.0.1/8")->scope, 254);
	ck_assert_ptr_nonnull(addr_named(r, "2001:db8::1/64"));
	stop(r);
}
END_TEST

START_TEST(the_table_knows_hardware_addresses)
{
	struct rig *r;
	const struct nwa_link *l;

	lab_enter();
	r = start();
	l = nwa_find(r->watch, lab_ifindex("h0"));
	ck_assert_ptr_nonnull(l);
	ck_assert_uint_eq(l->type, ARPHRD_ETHER);
	ck_assert_uint_eq(l->hw_len, 6);
	ck_assert_mem_eq(l->hw, "\x02\0\0\0\0\x01", 6);
	ck_assert_mem_eq(l->broadcast, "\xff\xff\xff\xff\xff\xff", 6);
	ck_assert_str_eq(l->name, "h0");
	ck_assert_ptr_null(nwa_find(r->watch, 99999));
	stop(r);
}
END_TEST

START_TEST(carrier_and_administrative_state_both_count)
{
	struct rig *r;

	lab_enter();
	r = start();
	expect(r, is_up, "h0");
	lab_run("ip link set h1 down");		/* h0 loses its carrier */
	expect(r, is_down, "h0");
	lab_run("ip link set h1 up");
	expect(r, is_up, "h0");
	lab_run("ip link set h0 down");
	expect(r, is_down, "h0");
	lab_run("ip link set h0 up");
	expect(r, is_up, "h0");
	stop(r);
}
END_TEST

START_TEST(deletion_rebirth_and_renaming_are_seen)
{
	struct rig *r;
	int first;

	lab_enter();
	r = start();
	first = lab_ifindex("h0");
	lab_run("ip link del h0");
	expect(r, is_gone, "h0");
	ck_assert_ptr_null(nwa_find(r->watch, first));
	lab_run("ip link add h0 type veth peer name h1 && ip link set h1 up && ip link set h0 up");
	expect(r, is_up, "h0");
	ck_assert_int_ne(r->m.links[link_named(r, "h0")].ifindex, first);
	ck_assert_int_lt(find_link(&r->m, first), 0);

	first = lab_ifindex("h0");
	lab_run("ip link set h0 down && ip link set h0 name other && ip link set other up");
	expect(r, is_up, "other");
	ck_assert_int_eq(r->m.links[link_named(r, "other")].ifindex, first);
	ck_assert_int_lt(link_named(r, "h0"), 0);
	ck_assert_str_eq(nwa_find(r->watch, first)->name, "other");
	stop(r);
}
END_TEST

/* The kernel sends RTM_DELLINK of family AF_BRIDGE for it. */
START_TEST(leaving_a_bridge_is_not_being_deleted)
{
	struct rig *r;
	int told;

	lab_enter();
	lab_run("ip link add br0 type bridge && ip link set br0 up && ip link set h0 master br0");
	r = start();
	expect(r, is_up, "h0");
	told = r->m.told;
	lab_run("ip link set h0 nomaster && ip addr add 192.0.2.77/32 dev h0");
	expect(r, has_addr, "192.0.2.77/32");
	ck_assert_int_gt(r->m.told, told);
	ck_assert_int_ge(link_named(r, "h0"), 0);
	ck_assert_ptr_nonnull(nwa_find(r->watch, lab_ifindex("h0")));
	stop(r);
}
END_TEST

START_TEST(addresses_come_and_go)
{
	struct rig *r;

	lab_enter();
	r = start();
	lab_run("ip addr add 10.1.2.3 peer 10.1.2.4/32 dev h0");
	expect(r, has_addr, "10.1.2.3/32");
	lab_run("ip addr del 10.1.2.3 peer 10.1.2.4/32 dev h0");
	expect(r, lacks_addr, "10.1.2.3/32");
	lab_run("ip addr add 2001:db8::99/128 dev h0 nodad");
	expect(r, has_addr, "2001:db8::99/128");
	lab_run("ip -6 addr flush dev h0 scope global");
	expect(r, lacks_addr, "2001:db8::99/128");
	expect(r, lacks_addr, "2001:db8::1/64");
	stop(r);
}
END_TEST

static bool is_settled(void *ctx)
{
	const struct rig *r = ctx;

	return has_addr(ctx) && addr_named(r, r->wanted)->tentative == false;
}

START_TEST(duplicate_address_detection_shows)
{
	struct rig *r;

	lab_enter();
	r = start();
	lab_run("ip addr add 2001:db8::66/128 dev h0");
	expect(r, has_addr, "2001:db8::66/128");
	ck_assert(addr_named(r, "2001:db8::66/128")->tentative);
	expect(r, is_settled, "2001:db8::66/128");
	stop(r);
}
END_TEST

static bool is_resynced(void *ctx)
{
	struct rig *r = ctx;

	return r->m.resyncs > 0 && r->m.synced > 1;
}

/* The watcher's own, the only one of this process. */
static int netlink_fd(void)
{
	int found = -1;

	for (int fd = 3; fd < 64; fd++) {
		int domain = 0;
		socklen_t len = sizeof(domain);

		if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) || domain != AF_NETLINK)
			continue;
		ck_assert_int_eq(found, -1);
		found = fd;
	}
	ck_assert_int_ge(found, 0);
	return found;
}

/* So that a few hundred notices are too many. */
static void shrink_netlink_queues(void)
{
	const int least = 1;

	ck_assert_int_eq(setsockopt(netlink_fd(), SOL_SOCKET, SO_RCVBUF, &least, sizeof(least)),
			 0);
}

/* A request that the watcher has given up. Its answers come by the same socket. */
static void ask_before(uint16_t type, uint16_t flags, int ifindex)
{
	struct {
		struct nlmsghdr h;
		struct ifinfomsg info;
	} request = {
		.h = { .nlmsg_len = sizeof(request), .nlmsg_type = type,
		       .nlmsg_flags = NLM_F_REQUEST | flags, .nlmsg_seq = 4711 },
		.info = { .ifi_index = ifindex },
	};
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	ck_assert_int_eq(sendto(netlink_fd(), &request, sizeof(request), 0,
				(struct sockaddr *)&kernel, sizeof(kernel)), sizeof(request));
}

/* The end of one, or its refusal, waits when the next begins. */
START_TEST(what_belongs_to_a_request_before_says_nothing)
{
	char buf[65536];

	lab_enter();
	for (int i = 0; i < 2; i++) {
		struct rig *r = calloc(1, sizeof(*r));

		open_rig(r);
		if (i == 0) {			/* reading all has the kernel add NLMSG_DONE */
			ask_before(RTM_GETADDR, NLM_F_DUMP, 0);
			ck_assert_int_gt(recv(netlink_fd(), buf, sizeof(buf), 0), 0);
		} else {
			ask_before(RTM_GETLINK, 0, 4711);
		}
		nwa_start(r->watch);
		lab_until(r->loop, is_synced, r);
		ck_assert_int_eq(r->m.resyncs, 0);
		ck_assert_ptr_nonnull(nwa_find(r->watch, lab_ifindex("h0")));
		ck_assert_ptr_nonnull(addr_named(r, "192.0.2.1/24"));
		stop(r);
	}
}
END_TEST

/* More notices than the buffer holds, while the loop does not run. */
START_TEST(lost_notices_lead_to_the_truth_again)
{
	struct rig *r;
	char count[32];

	lab_enter();
	lab_run("sysctl -qw net.ipv6.conf.all.disable_ipv6=1");
	r = start();
	shrink_netlink_queues();
	lab_run("i=0; while [ $i -lt 600 ]; do i=$((i + 1)); "
		"echo addr add 10.0.$((i / 250)).$((i %% 250 + 1))/32 dev h0; done | ip -b -");
	lab_run("ip addr del 10.0.0.2/32 dev h0 && ip link set h1 down");
	lab_until(r->loop, is_resynced, r);
	ck_assert_uint_gt(nwa_resyncs(r->watch), 0);
	expect(r, is_down, "h0");
	expect(r, lacks_addr, "10.0.0.2/32");
	lab_read(count, sizeof(count), "ip -4 -o addr show | wc -l");
	ck_assert_int_eq(r->m.n_addrs, atoi(count));
	ck_assert_int_eq(r->m.n_addrs, 601);
	stop(r);
}
END_TEST

/* Links made while the tables are being read: whatever happens, the end is the kernel's truth. */
START_TEST(churn_while_reading_ends_in_the_truth)
{
	struct rig *r = calloc(1, sizeof(*r));
	char count[32];

	lab_enter();
	lab_run("i=0; while [ $i -lt 300 ]; do i=$((i + 1)); "
		"echo link add v$i type veth peer name w$i; done | ip -b -");
	open_rig(r);
	nwa_start(r->watch);
	lab_run("i=0; while [ $i -lt 100 ]; do i=$((i + 1)); echo link del v$i; done | ip -b - & "
		"i=200; while [ $i -lt 300 ]; do i=$((i + 1)); echo link set v$i name x$i; done | "
		"ip -b -; wait");
	lab_until(r->loop, is_synced, r);
	expect(r, is_gone, "v100");
	expect(r, is_down, "x300");
	lab_for(r->loop, 50000);
	lab_read(count, sizeof(count), "ip -o link show | wc -l");
	ck_assert_int_eq(r->m.n_links, atoi(count));
	stop(r);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("netwatch");
	TCase *c = tcase_create("netwatch");

	tcase_set_timeout(c, 90);
	tcase_add_test(c, all_there_is_comes_first);
	tcase_add_test(c, the_table_knows_hardware_addresses);
	tcase_add_test(c, carrier_and_administrative_state_both_count);
	tcase_add_test(c, deletion_rebirth_and_renaming_are_seen);
	tcase_add_test(c, leaving_a_bridge_is_not_being_deleted);
	tcase_add_test(c, addresses_come_and_go);
	tcase_add_test(c, duplicate_address_detection_shows);
	tcase_add_test(c, lost_notices_lead_to_the_truth_again);
	tcase_add_test(c, what_belongs_to_a_request_before_says_nothing);
	tcase_add_test(c, churn_while_reading_ends_in_the_truth);
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
