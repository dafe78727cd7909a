/*
 * The node seen from outside: every reason to refuse a packet is counted at its place and changes
 * nothing, tokens lead back to their addresses, and the views tell what is.
 */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"

#define OURS "192.0.2.1"
#define THEIRS "192.0.2.9"

/* A started node on eth0, backup, and after Master_Down_Interval a master. */
static void backup(struct rig_node *n, struct rig *rig)
{
	rig_node_new(n, &rig->vr, 3);
	rig_iface(n, 0, 0, OURS);
	rig_step(n, 0, (struct vr_event){ .type = VR_EV_START });
	ck_assert_int_eq(rig_look(n, 0).state, VR_BACKUP);
}

static int64_t master(struct rig_node *n, struct rig *rig)
{
	backup(n, rig);
	int64_t at = vr_deadline(n->node);
	rig_step(n, at, (struct vr_event){ .type = VR_EV_WAKE });
	ck_assert_int_eq(rig_look(n, 0).state, VR_MASTER);
	return at;
}

static void hear(struct rig_node *n, int64_t now_us, const uint8_t *data, size_t len)
{
	rig_step(n, now_us, (struct vr_event){
		.type = VR_EV_PACKET,
		.packet = { .family = IP_V4, .data = data, .len = len },
	});
}

/* ---- refused packets ---- */

/* A good advert of priority 255, and how it is spoilt. */
struct spoilt {
	enum pkt_reject reason;
	bool nobody;			/* counted for the node, not for the instance */
	void (*conf)(struct vr_inst_conf *theirs);
	void (*bytes)(uint8_t *p, size_t *len);
	const char *src;		/* NULL: THEIRS */
};

static void c_vrid(struct vr_inst_conf *c)
{
	c->vrid = 52;
}

static void c_version(struct vr_inst_conf *c)
{
	c->version = 3;
	c->auth_type = VR_AUTH_NONE;
}

static void c_no_auth(struct vr_inst_conf *c)
{
	c->auth_type = VR_AUTH_NONE;
}

static void c_password(struct vr_inst_conf *c)
{
	c->auth_data[7] ^= 1;
}

static void c_interval(struct vr_inst_conf *c)
{
	c->adver_int_us = 2 * SECOND;
}

static void c_group(struct vr_inst_conf *c)
{
	c->group = rig_addr(OURS);
}

static void b_fragment(uint8_t *p, size_t *len)
{
	(void)len;
	p[6] = 0x20;
}

static void b_ttl(uint8_t *p, size_t *len)
{
	(void)len;
	p[8] = 254;
}

static void b_short(uint8_t *p, size_t *len)
{
	p[3]--;				/* with an honest header */
	--*len;
}

static void b_cut(uint8_t *p, size_t *len)
{
	(void)p;
	--*len;
}

static void b_long(uint8_t *p, size_t *len)
{
	p[3] = (uint8_t)(p[3] + 4);
	*len += 4;
}

static void b_type(uint8_t *p, size_t *len)
{
	(void)len;
	p[20] = 0x22;
}

static void b_version(uint8_t *p, size_t *len)
{
	(void)len;
	p[20] = 0x41;
}

static void b_checksum(uint8_t *p, size_t *len)
{
	(void)len;
	p[26] ^= 0xff;
}

static void b_empty(uint8_t *p, size_t *len)
{
	(void)p;
	*len = 0;
}

static const struct spoilt spoilt[] = {
	{ PKT_IP_HEADER, true, NULL, b_fragment, NULL },
	{ PKT_IP_HEADER, true, NULL, b_empty, NULL },
	{ PKT_TRUNCATED, true, NULL, b_cut, NULL },
	{ PKT_VRID, true, c_vrid, NULL, NULL },
	{ PKT_TTL_WRONG, true, c_vrid, b_ttl, NULL },
	{ PKT_TTL_WRONG, false, NULL, b_ttl, NULL },
	{ PKT_TRUNCATED, false, NULL, b_short, NULL },
	{ PKT_LENGTH, false, NULL, b_long, NULL },
	{ PKT_TYPE, false, NULL, b_type, NULL },
	{ PKT_VERSION, false, NULL, b_version, NULL },
	{ PKT_CHECKSUM, false, NULL, b_checksum, NULL },
	{ PKT_VERSION, false, c_version, NULL, NULL },
	{ PKT_AUTH_TYPE, false, c_no_auth, NULL, NULL },
	{ PKT_AUTH_FAILED, false, c_password, NULL, NULL },
	{ PKT_INTERVAL, false, c_interval, NULL, NULL },
	{ PKT_OWN, false, NULL, NULL, OURS },
	{ PKT_NOT_GROUP, false, c_group, NULL, NULL },
};

static void with_password(struct rig *rig)
{
	rig_plain(rig);
	rig->insts[0].auth_type = VR_AUTH_PASS;
	memcpy(rig->insts[0].auth_data, "root123", 8);
}

static void same_view(const struct vr_inst_view *a, const struct vr_inst_view *b)
{
	ck_assert_int_eq(a->state, b->state);
	ck_assert_int_eq(a->since_us, b->since_us);
	ck_assert_uint_eq(a->effective_priority, b->effective_priority);
	ck_assert_uint_eq(a->faults, b->faults);
	ck_assert(ip_equal(&a->master, &b->master));
	ck_assert_uint_eq(a->master_priority, b->master_priority);
	ck_assert_int_eq(a->last_rx_us, b->last_rx_us);
	ck_assert_int_eq(a->master_int_us, b->master_int_us);
	ck_assert_int_eq(a->deadline_us, b->deadline_us);
	ck_assert_uint_eq(a->counters.rx, b->counters.rx);
	ck_assert_uint_eq(a->counters.tx, b->counters.tx);
	ck_assert_uint_eq(a->counters.vips_differ, b->counters.vips_differ);
}

static void refuses(const struct spoilt *how, bool as_master)
{
	struct rig rig, theirs;
	struct rig_node n;
	uint8_t bytes[RIG_PACKET_MAX] = { 0 };
	struct ip_addr src = rig_addr(how->src ? how->src : THEIRS);
	int64_t now_us = 0;

	with_password(&rig);
	with_password(&theirs);
	if (as_master)
		now_us = master(&n, &rig);
	else
		backup(&n, &rig);
	if (how->conf)
		how->conf(&theirs.insts[0]);
	size_t len = rig_advert(bytes, &theirs.insts[0], VR_PRIO_OWNER, &src);
	if (how->bytes)
		how->bytes(bytes, &len);
	struct vr_inst_view was = rig_look(&n, 0);
	for (unsigned int i = 1; i <= 3; i++) {
		hear(&n, now_us + 1000 * i, bytes, len);
		struct vr_inst_view v = rig_look(&n, 0);
		const uint64_t *rejects = how->nobody ? vr_node_rejects(n.node) :
							v.counters.rejects;
		ck_assert_msg(rejects[how->reason] == i, "reason %d: %d times, not %u",
			      how->reason, (int)rejects[how->reason], i);
		/* One line the first time, and nothing else at all. */
		ck_assert_uint_eq(n.actions.n, i == 1 && !how->nobody);
		same_view(&v, &was);
	}
	rig_node_free(&n);
}

START_TEST(a_bad_packet_is_counted_and_changes_nothing)
{
	for (size_t i = 0; i < sizeof(spoilt) / sizeof(spoilt[0]); i++) {
		refuses(&spoilt[i], false);
		refuses(&spoilt[i], true);
	}
}
END_TEST

START_TEST(the_same_packet_unspoilt_is_heard)
{
	struct rig rig;
	struct rig_node n;
	uint8_t bytes[RIG_PACKET_MAX];
	struct ip_addr src = rig_addr(THEIRS);

	with_password(&rig);
	int64_t now_us = master(&n, &rig);
	size_t len = rig_advert(bytes, &rig.insts[0], 200, &src);
	hear(&n, now_us + 1000, bytes, len);
	struct vr_inst_view v = rig_look(&n, 0);
	ck_assert_int_eq(v.state, VR_BACKUP);
	ck_assert_uint_eq(v.counters.rx, 1);
	ck_assert_int_eq(v.last_rx_us, now_us + 1000);
	ck_assert(ip_equal(&v.master, &src));
	ck_assert_uint_eq(v.master_priority, 200);
	ck_assert_uint_eq(v.counters.become_master, 1);
	ck_assert_uint_eq(v.counters.release_master, 1);
	ck_assert_uint_eq(v.counters.tx, 2);	/* the first, and one before it yielded */
	ck_assert_uint_eq(v.counters.vips_differ, 0);
	/* One that leaves, with another list of addresses. */
	rig.insts[0].n_advertised = 0;
	len = rig_advert(bytes, &rig.insts[0], VR_PRIO_STOP, &src);
	rig.insts[0].n_advertised = 1;
	hear(&n, now_us + 2000, bytes, len);
	v = rig_look(&n, 0);
	ck_assert_uint_eq(v.counters.rx, 2);
	ck_assert_uint_eq(v.counters.prio_zero_rx, 1);
	ck_assert_uint_eq(v.counters.vips_differ, 1);
	rig_node_free(&n);
}
END_TEST

START_TEST(in_fault_packets_are_counted_only)
{
	struct rig rig;
	struct rig_node n;
	uint8_t bytes[RIG_PACKET_MAX];
	struct ip_addr src = rig_addr(THEIRS);

	rig_plain(&rig);
	backup(&n, &rig);
	rig_step(&n, 1, (struct vr_event){
		.type = VR_EV_LINK, .link = { .exists = true, .rx_ready = true },
	});
	size_t len = rig_advert(bytes, &rig.insts[0], 200, &src);
	hear(&n, 2, bytes, len);
	struct vr_inst_view v = rig_look(&n, 0);
	ck_assert_uint_eq(v.counters.rejects[PKT_STATE], 1);
	ck_assert_uint_eq(v.counters.rx, 0);
	ck_assert_uint_eq(n.actions.n, 0);
	rig_node_free(&n);
}
END_TEST

START_TEST(nothing_is_heard_before_the_start_and_after_the_stop)
{
	struct rig rig;
	struct rig_node n;
	uint8_t bytes[RIG_PACKET_MAX];
	struct ip_addr src = rig_addr(THEIRS);

	rig_plain(&rig);
	size_t len = rig_advert(bytes, &rig.insts[0], 200, &src);
	rig_node_new(&n, &rig.vr, 3);
	rig_iface(&n, 0, 0, OURS);
	hear(&n, 1, bytes, len);
	ck_assert_uint_eq(n.actions.n, 0);
	ck_assert_int_eq(vr_deadline(n.node), VR_NEVER);
	rig_step(&n, 2, (struct vr_event){ .type = VR_EV_START });
	rig_step(&n, 3, (struct vr_event){ .type = VR_EV_STOP });
	hear(&n, 4, bytes, len);
	ck_assert_uint_eq(n.actions.n, 0);
	ck_assert_uint_eq(rig_look(&n, 0).counters.rx, 0);
	/* An interface that the configuration does not name. */
	rig_step(&n, 5, (struct vr_event){
		.type = VR_EV_PACKET,
		.packet = { .iface = 7, .family = IP_V4, .data = bytes, .len = len },
	});
	ck_assert_uint_eq(n.actions.n, 0);
	rig_node_free(&n);
}
END_TEST

/* Adverts go to the instance of their interface, family and VRID, and to no other. */
START_TEST(a_packet_finds_its_instance)
{
	struct rig rig;
	struct rig_node n;
	uint8_t bytes[RIG_PACKET_MAX];
	struct ip_addr src = rig_addr(THEIRS);

	rig_plain(&rig);
	rig.vr.n_ifaces = 2;
	rig.vr.n_insts = 3;
	for (int i = 1; i < 3; i++) {
		struct vr_inst_conf *ic = &rig.insts[i];
		const char *name = ic->name;

		*ic = rig.insts[0];
		ic->name = name;
	}
	rig.insts[1].iface = 1;			/* the same VRID on another interface */
	rig.insts[2].vrid = 255;
	backup(&n, &rig);
	rig_iface(&n, 0, 1, OURS);
	size_t len = rig_advert(bytes, &rig.insts[0], 200, &src);
	rig_step(&n, 1, (struct vr_event){
		.type = VR_EV_PACKET,
		.packet = { .iface = 1, .family = IP_V4, .data = bytes, .len = len },
	});
	len = rig_advert(bytes, &rig.insts[2], 200, &src);
	hear(&n, 2, bytes, len);
	ck_assert_uint_eq(rig_look(&n, 0).counters.rx, 0);
	ck_assert_uint_eq(rig_look(&n, 1).counters.rx, 1);
	ck_assert_uint_eq(rig_look(&n, 2).counters.rx, 1);
	rig_node_free(&n);
}
END_TEST

/* ---- tokens ---- */

START_TEST(tokens_lead_back_past_instances_without_addresses)
{
	static const uint16_t n_vips[RIG_INSTS] = { 0, 2, 0, 3, 0 };
	struct rig rig;
	struct rig_node n;
	size_t found = 0;

	rig_plain(&rig);
	rig.vr.n_insts = RIG_INSTS;
	for (uint16_t i = 0; i < RIG_INSTS; i++) {
		const struct vr_vip *vips = rig.insts[i].vips;
		const char *name = rig.insts[i].name;

		rig.insts[i] = rig.insts[0];
		rig.insts[i].name = name;
		rig.insts[i].vrid = (uint8_t)(i + 1);
		rig.insts[i].vips = vips;
		rig.insts[i].n_vips = rig.insts[i].n_advertised = n_vips[i];
	}
	backup(&n, &rig);			/* the start deletes every address */
	for (size_t k = 0; k < n.actions.n; k++) {
		const struct vr_action *a = &n.actions.v[k];
		uint16_t inst, vip;
		bool add;

		if (a->type != VR_ACT_ADDR_DEL)
			continue;
		ck_assert(vr_token_look(n.node, a->addr.token, &inst, &vip, &add));
		ck_assert_uint_eq(inst, a->inst);
		ck_assert_uint_eq(vip, a->addr.vip);
		ck_assert(!add);
		found++;
	}
	ck_assert_uint_eq(found, 5);
	rig_node_free(&n);
}
END_TEST

START_TEST(foreign_tokens_are_nobody_s)
{
	struct rig rig;
	struct rig_node n;
	uint16_t inst, vip;
	bool add;

	rig_plain(&rig);
	backup(&n, &rig);
	ck_assert(vr_token_look(n.node, 3u << 24, &inst, &vip, &add));
	ck_assert(!vr_token_look(n.node, 0, &inst, &vip, &add));
	ck_assert(!vr_token_look(n.node, 2u << 24, &inst, &vip, &add));
	ck_assert(!vr_token_look(n.node, 3u << 24 | 2, &inst, &vip, &add));
	ck_assert(!vr_token_look(n.node, 3u << 24 | 0xffffff, &inst, &vip, &add));
	rig_step(&n, 1, (struct vr_event){
		.type = VR_EV_DONE, .done = { .token = 2u << 24, .error = EEXIST },
	});
	ck_assert_uint_eq(n.actions.n, 0);
	rig_node_free(&n);
}
END_TEST

START_TEST(a_node_without_instances_lives)
{
	struct rig rig;
	struct rig_node n;
	uint16_t inst, vip;
	bool add;

	rig_plain(&rig);
	rig.vr.n_insts = rig.vr.n_ifaces = 0;
	rig_node_new(&n, &rig.vr, 1);
	rig_step(&n, 0, (struct vr_event){ .type = VR_EV_START });
	ck_assert_uint_eq(n.actions.n, 0);
	ck_assert_int_eq(vr_deadline(n.node), VR_NEVER);
	ck_assert(!vr_token_look(n.node, 1u << 24, &inst, &vip, &add));
	rig_step(&n, 1, (struct vr_event){ .type = VR_EV_STOP });
	rig_node_free(&n);
}
END_TEST

/* ---- what a step gives ---- */

/* The order of a takeover: the advert before the addresses, these before they are announced. */
START_TEST(a_takeover_is_done_in_order)
{
	static const enum vr_action_type order[] = {
		VR_ACT_TRACE, VR_ACT_ADVERT, VR_ACT_ADDR_ADD, VR_ACT_ANNOUNCE, VR_ACT_NOTIFY,
	};
	struct rig rig;
	struct rig_node n;

	rig_plain(&rig);
	master(&n, &rig);
	ck_assert_uint_eq(n.actions.n, 5);
	for (size_t i = 0; i < 5; i++)
		ck_assert_int_eq(n.actions.v[i].type, order[i]);
	ck_assert_int_eq(n.actions.v[0].trace.at_us, 3609375);
	ck_assert_int_eq(n.actions.v[0].trace.from, VR_BACKUP);
	ck_assert_int_eq(n.actions.v[0].trace.to, VR_MASTER);
	ck_assert_uint_eq(n.actions.v[3].announce.repeat, 5);
	ck_assert_uint_eq(n.actions.v[4].notify.priority, 100);
	rig_node_free(&n);
}
END_TEST

/* A thousand microseconds late is late once: the rhythm stays. A whole interval late: it does not
 * try to catch up. */
START_TEST(the_rhythm_survives_lateness)
{
	struct rig rig;
	struct rig_node n;

	rig_plain(&rig);
	rig.insts[0].garp_delay_us = 0;
	int64_t at = master(&n, &rig);
	rig_step(&n, at + SECOND + 1000, (struct vr_event){ .type = VR_EV_WAKE });
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ADVERT), 1);
	ck_assert_int_eq(vr_deadline(n.node), at + 2 * SECOND);
	rig_step(&n, at + 7 * SECOND / 2, (struct vr_event){ .type = VR_EV_WAKE });
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ADVERT), 1);
	ck_assert_int_eq(vr_deadline(n.node), at + 9 * SECOND / 2);
	/* Woken too early: nothing. */
	rig_step(&n, at + 7 * SECOND / 2 + 5, (struct vr_event){ .type = VR_EV_WAKE });
	ck_assert_uint_eq(n.actions.n, 0);
	rig_node_free(&n);
}
END_TEST

/* What is not there is neither up nor heard, whatever was said with it. */
START_TEST(the_view_of_an_interface_that_is_gone)
{
	struct rig rig;
	struct rig_node n;
	struct vr_iface_view v;

	rig_plain(&rig);
	backup(&n, &rig);
	vr_iface_look(n.node, 0, &v);
	ck_assert(v.exists && v.up && v.rx_ready);
	rig_step(&n, 1, (struct vr_event){
		.type = VR_EV_LINK, .link = { .up = true, .rx_ready = true },
	});
	vr_iface_look(n.node, 0, &v);
	ck_assert(!v.exists && !v.up && !v.rx_ready);
	rig_node_free(&n);
}
END_TEST

START_TEST(the_view_of_a_master_tells_where_it_speaks_from)
{
	struct rig rig;
	struct rig_node n;

	rig_plain(&rig);
	int64_t at = master(&n, &rig);
	rig_iface(&n, at, 0, "192.0.2.77");
	struct vr_inst_view v = rig_look(&n, 0);
	struct ip_addr now = rig_addr("192.0.2.77");
	ck_assert(ip_equal(&v.source, &now));
	ck_assert(ip_equal(&v.master, &now));
	ck_assert_uint_eq(v.master_priority, 100);
	rig_node_free(&n);
}
END_TEST

/* ---- reloads, where a story does not see it ---- */

/* A new node for TO takes over from N at NOW_US, with eth0 as before. */
static void adopt(struct rig_node *n, struct rig *to, int64_t now_us)
{
	struct rig_node old = *n;

	rig_node_new(n, &to->vr, 4);
	free(n->actions.v);
	n->actions.max = vr_actions_max(&to->vr, vr_node_conf(old.node));
	n->actions.v = malloc(n->actions.max * sizeof(*n->actions.v));
	rig_iface(n, now_us, 0, OURS);
	rig_step(n, now_us, (struct vr_event){ .type = VR_EV_ADOPT, .adopt = old.node });
	rig_node_free(&old);
}

static void with_label(struct vr_vip *v) { v->label = "eth0:vip"; }
static void with_peer(struct vr_vip *v) { v->peer = rig_addr(THEIRS); }
static void with_broadcast(struct vr_vip *v) { v->broadcast = rig_addr("192.0.2.255"); }
static void with_scope(struct vr_vip *v) { v->scope = 253; }
static void with_lifetime(struct vr_vip *v) { v->preferred_lft = 0; }
static void with_no_route(struct vr_vip *v) { v->flags |= VR_VIP_NOPREFIXROUTE; }
static void with_no_dad(struct vr_vip *v) { v->flags |= VR_VIP_NODAD; }
static void with_group(struct vr_vip *v) { v->flags |= VR_VIP_AUTOJOIN; }
static void excluded(struct vr_vip *v) { v->flags |= VR_VIP_EXCLUDED; }

/* What is different in how an address stands there is written: over it where the kernel can
 * replace it, else it is taken off first. */
START_TEST(an_address_that_changes_its_looks_is_written_again)
{
	static const struct {
		void (*change)(struct vr_vip *v);
		size_t del[2], add[2];		/* IPv4, IPv6 */
	} cases[] = {
		{ with_label, { 1, 0 }, { 1, 1 } }, { with_peer, { 1, 0 }, { 1, 1 } },
		{ with_broadcast, { 1, 0 }, { 1, 1 } }, { with_scope, { 1, 0 }, { 1, 1 } },
		{ with_lifetime, { 0, 0 }, { 1, 1 } }, { with_no_route, { 1, 0 }, { 1, 1 } },
		{ with_no_dad, { 0, 0 }, { 1, 1 } }, { with_group, { 1, 1 }, { 1, 1 } },
		{ excluded, { 0, 0 }, { 0, 0 } },
	};

	for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		struct rig rig, to;
		struct rig_node n;
		size_t v6 = i % 2;

		rig_plain(&rig);
		rig_plain(&to);
		if (v6)
			rig.vips[0][0].prefix.addr = rig_addr("2001:db8::9");
		to.vips[0][0].prefix.addr = rig.vips[0][0].prefix.addr;
		cases[i / 2].change(&to.vips[0][0]);
		int64_t at = master(&n, &rig);
		adopt(&n, &to, at);
		ck_assert_uint_eq(rig_count(&n, VR_ACT_ADDR_DEL), cases[i / 2].del[v6]);
		ck_assert_uint_eq(rig_count(&n, VR_ACT_ADDR_ADD), cases[i / 2].add[v6]);
		if (cases[i / 2].del[v6])	/* after the trace: first */
			ck_assert_int_eq(n.actions.v[1].type, VR_ACT_ADDR_DEL);
		rig_node_free(&n);
	}
}
END_TEST

/* Another prefix length is another address to the kernel. */
START_TEST(an_address_of_another_length_is_another_one)
{
	struct rig rig, to;
	struct rig_node n;

	rig_plain(&rig);
	rig_plain(&to);
	to.vips[0][0].prefix.len = 32;
	int64_t at = master(&n, &rig);
	adopt(&n, &to, at);
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ADDR_DEL), 1);
	ck_assert_uint_eq(rig_count(&n, VR_ACT_ADDR_ADD), 1);
	ck_assert_int_eq(n.actions.v[1].type, VR_ACT_ADDR_DEL);	/* after the trace: first */
	rig_node_free(&n);
}
END_TEST

static int64_t reloaded_interval(uint8_t from, uint8_t to, bool as_master)
{
	struct rig rig, next;
	struct rig_node n;
	int64_t at = 0;

	rig_plain(&rig);
	rig_plain(&next);
	rig.insts[0].version = from;
	next.insts[0].version = to;
	next.insts[0].adver_int_us = 2 * SECOND;
	if (as_master)
		at = master(&n, &rig);
	else
		backup(&n, &rig);
	adopt(&n, &next, at);
	int64_t interval = rig_look(&n, 0).master_int_us;
	rig_node_free(&n);
	return interval;
}

/* A v3 backup goes on with the interval of its master; all others take their own new one. */
START_TEST(whose_interval_counts_after_a_reload)
{
	ck_assert_int_eq(reloaded_interval(3, 3, false), SECOND);
	ck_assert_int_eq(reloaded_interval(3, 3, true), 2 * SECOND);
	ck_assert_int_eq(reloaded_interval(2, 2, false), 2 * SECOND);
	ck_assert_int_eq(reloaded_interval(2, 3, false), 2 * SECOND);
	ck_assert_int_eq(reloaded_interval(3, 2, false), 2 * SECOND);
	ck_assert_int_eq(reloaded_interval(2, 3, true), 2 * SECOND);
}
END_TEST

START_TEST(a_v3_master_uses_its_own_interval)
{
	struct rig rig, theirs;
	struct rig_node n;
	uint8_t bytes[RIG_PACKET_MAX];
	struct ip_addr src = rig_addr(THEIRS);

	rig_plain(&rig);
	rig.insts[0].version = 3;
	rig_plain(&theirs);
	theirs.insts[0].version = 3;
	theirs.insts[0].adver_int_us = SECOND / 10;
	backup(&n, &rig);
	size_t len = rig_advert(bytes, &theirs.insts[0], 200, &src);
	hear(&n, 1, bytes, len);
	ck_assert_int_eq(rig_look(&n, 0).master_int_us, SECOND / 10);
	rig_step(&n, vr_deadline(n.node), (struct vr_event){ .type = VR_EV_WAKE });
	ck_assert_int_eq(rig_look(&n, 0).state, VR_MASTER);
	ck_assert_int_eq(rig_look(&n, 0).master_int_us, SECOND);
	rig_node_free(&n);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("core/node");
	TCase *t = tcase_create("node");
	SRunner *r = srunner_create(s);

	tcase_add_test(t, a_bad_packet_is_counted_and_changes_nothing);
	tcase_add_test(t, the_same_packet_unspoilt_is_heard);
	tcase_add_test(t, in_fault_packets_are_counted_only);
	tcase_add_test(t, nothing_is_heard_before_the_start_and_after_the_stop);
	tcase_add_test(t, a_packet_finds_its_instance);
	tcase_add_test(t, tokens_lead_back_past_instances_without_addresses);
	tcase_add_test(t, foreign_tokens_are_nobody_s);
	tcase_add_test(t, a_node_without_instances_lives);
	tcase_add_test(t, a_takeover_is_done_in_order);
	tcase_add_test(t, the_rhythm_survives_lateness);
	tcase_add_test(t, the_view_of_an_interface_that_is_gone);
	tcase_add_test(t, an_address_that_changes_its_looks_is_written_again);
	tcase_add_test(t, an_address_of_another_length_is_another_one);
	tcase_add_test(t, whose_interval_counts_after_a_reload);
	tcase_add_test(t, a_v3_master_uses_its_own_interval);
	tcase_add_test(t, the_view_of_a_master_tells_where_it_speaks_from);
	suite_add_tcase(s, t);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
