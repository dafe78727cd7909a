/*
 * Another station's ARP on a real wire: which claims are told, and which are not.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/if_ether.h>

#include "sys/rival.h"
#include "unit/sys/lab.h"

#define QUIET_US 30000
#define MOST 4000

static const uint8_t stranger[VR_MAC_LEN] = { 2, 0, 0, 0, 0, 0x66 };

struct rig {
	struct loop *loop;
	struct nwa *links;
	struct rvl *rivals;
	struct port_events events;
	bool synced;
	int tap, told, wanted;
	struct port_rival rival;
	struct vr_config conf;
	struct vr_inst_conf inst;
	struct vr_vip vips[MOST];
};

static void on_link(void *ctx, const struct port_link *l)
{
	(void)ctx, (void)l;
}

static void on_addr(void *ctx, const struct port_addr *a)
{
	(void)ctx, (void)a;
}

static void on_synced(void *ctx)
{
	((struct rig *)ctx)->synced = true;
}

static bool is_synced(void *ctx)
{
	return ((struct rig *)ctx)->synced;
}

static void on_rival(void *ctx, const struct port_rival *rival)
{
	struct rig *r = ctx;

	r->told++;
	r->rival = *rival;
}

static bool enough(void *ctx)
{
	struct rig *r = ctx;

	return r->told >= r->wanted;
}

static struct rig *start(void)
{
	struct rig *r = calloc(1, sizeof(*r));

	lab_enter();
	r->tap = lab_tap("h1");
	r->loop = loop_new();
	r->events = (struct port_events){ .ctx = r, .link = on_link, .addr = on_addr,
					  .synced = on_synced, .resync = on_synced,
					  .rival = on_rival };
	r->links = nwa_new(r->loop, &r->events, &lab_log);
	r->rivals = rvl_new(r->loop, &r->events, r->links, &lab_log);
	ck_assert_ptr_nonnull(r->rivals);
	nwa_start(r->links);
	lab_until(r->loop, is_synced, r);
	r->inst.vips = r->vips;
	r->conf = (struct vr_config){ .insts = &r->inst, .n_insts = 1 };
	return r;
}

static void stop(struct rig *r)
{
	rvl_free(r->rivals);
	nwa_free(r->links);
	loop_free(r->loop);
	close(r->tap);
	free(r);
}

/* 10.HIGH.LOW.1: every other number, so that each has a neighbour that is not guarded. */
static struct ip_addr nth(int i, uint8_t last)
{
	const uint8_t b[4] = { 10, (uint8_t)(i >> 8), (uint8_t)i, last };

	return ip_v4(b);
}

static void guard(struct rig *r, int n)
{
	for (int i = 0; i < n; i++)
		r->vips[i].prefix.addr = nth(n - 1 - i, 1);	/* not in order */
	r->inst.n_vips = (uint16_t)n;
	rvl_guard(r->rivals, &r->conf);
}

static void claim(struct rig *r, const struct ip_addr *a, const uint8_t mac[VR_MAC_LEN])
{
	uint8_t f[60] = { [12] = 8, [13] = 6, [15] = 1, [16] = 8, [18] = 6, [19] = 4, [21] = 1 };

	memset(f, 0xff, 6);
	memcpy(f + 6, mac, 6);
	memcpy(f + 22, mac, 6);
	memcpy(f + 28, a->b, 4);
	memcpy(f + 38, a->b, 4);
	lab_put(r->tap, "h1", f, sizeof(f));
}

static void expect(struct rig *r, int wanted)
{
	r->wanted = wanted;
	lab_until(r->loop, enough, r);
	lab_for(r->loop, QUIET_US);
	ck_assert_int_eq(r->told, wanted);
	r->told = 0;
}

START_TEST(a_claim_is_told_with_its_mac)
{
	struct rig *r = start();
	struct ip_addr a = nth(0, 1);

	claim(r, &a, stranger);
	expect(r, 0);			/* nothing is guarded */
	guard(r, 1);
	claim(r, &a, stranger);
	expect(r, 1);
	ck_assert(ip_equal(&r->rival.addr, &a));
	ck_assert_int_eq(r->rival.ifindex, lab_ifindex("h0"));
	ck_assert_mem_eq(r->rival.mac, stranger, VR_MAC_LEN);
	guard(r, 0);
	claim(r, &a, stranger);
	expect(r, 0);
	stop(r);
}
END_TEST

START_TEST(what_is_no_claim_of_another_is_not_told)
{
	static const uint8_t own[VR_MAC_LEN] = { 2, 0, 0, 0, 0, 1 };
	static const struct {
		size_t at;
		uint8_t is;
	} wrong[] = { { 16, 9 }, { 18, 8 }, { 19, 16 } };
	uint8_t f[60] = { [12] = 8, [13] = 6, [15] = 1, [16] = 8, [18] = 6, [19] = 4, [21] = 1,
			  [22] = 2, [27] = 0x66, [28] = 10, [31] = 1 };
	struct rig *r = start();
	struct ip_addr ours = nth(0, 1), other = nth(0, 2);

	guard(r, 1);
	claim(r, &ours, own);
	claim(r, &other, stranger);
	memset(f, 0xff, 6);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		uint8_t was = f[wrong[i].at];

		f[wrong[i].at] = wrong[i].is;
		lab_put(r->tap, "h1", f, sizeof(f));
		f[wrong[i].at] = was;
	}
	lab_put(r->tap, "h1", f, 14 + 12);	/* too short to name a sender */
	expect(r, 0);
	lab_put(r->tap, "h1", f, sizeof(f));
	expect(r, 1);
	stop(r);
}
END_TEST

/* However many there are, each is heard, and nothing beside them. */
START_TEST(many_addresses)
{
	static const int sizes[] = { 2, 3, 5, 64, 97, 400, 1000, MOST };
	struct rig *r = start();

	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		int n = sizes[s];

		guard(r, n);
		for (int i = 0; i < n; i++) {
			struct ip_addr is = nth(i, 1), isnt = nth(i, 2);

			claim(r, &is, stranger);
			claim(r, &isnt, stranger);
			r->wanted = i + 1;
			lab_until(r->loop, enough, r);
		}
		expect(r, n);
	}
	stop(r);
}
END_TEST

/* A flood does not keep the loop busy for good: the socket rests, and is heard again. */
START_TEST(a_flood_is_heard_in_parts)
{
	struct rig *r = start();
	struct ip_addr a = nth(0, 1);

	guard(r, 1);
	for (int i = 0; i < 5000; i++)
		claim(r, &a, stranger);
	lab_for(r->loop, 200000);
	ck_assert_int_gt(r->told, 32);
	ck_assert_int_lt(r->told, 5000);
	r->told = 0;
	claim(r, &a, stranger);
	expect(r, 1);
	stop(r);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("rival");
	TCase *c = tcase_create("rival");

	tcase_set_timeout(c, 60);
	tcase_add_test(c, a_claim_is_told_with_its_mac);
	tcase_add_test(c, what_is_no_claim_of_another_is_not_told);
	tcase_add_test(c, many_addresses);
	tcase_add_test(c, a_flood_is_heard_in_parts);
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
