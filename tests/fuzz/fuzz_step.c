/*
 * Why this exists: the kernel, the runner, the network and the administrator speak in any order.
 * Whatever they say, each step must keep the core's promises: it has room for its actions, goes
 * from state to state as the traces tell, and an address stands exactly while its instance is
 * master.
 *
 * Each octet of the input is an event, the octets behind it are its arguments.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "core/node.h"

#define FILES 3				/* configurations that a reload can choose from */
#define INSTS 3
#define VIPS 2
#define SECOND INT64_C(1000000)

static void check(bool condition)
{
	if (!condition)
		abort();
}

/* ---- three files, each an edit of the other ---- */

struct file {
	struct vr_config vr;
	struct vr_iface_conf ifaces[2];
	struct vr_check_conf checks[2];
	struct vr_inst_conf insts[INSTS];
	struct vr_vip vips[INSTS][VIPS];
	struct vr_ref track_ifaces[INSTS][1], track_checks[INSTS][2];
};

static void set_inst(struct file *f, uint16_t i, uint8_t vrid, uint8_t version, uint8_t priority)
{
	static const uint8_t group[4] = { 224, 0, 0, 18 };

	f->insts[i] = (struct vr_inst_conf){
		.name = "VI", .iface = i % 2, .family = IP_V4, .version = version, .vrid = vrid,
		.priority = priority, .preempt = i != 1, .track_primary = true,
		.garp_lower_prio = true, .down_timer_adverts = 3,
		.adver_int_us = version == 2 ? SECOND : SECOND / 100,
		.preempt_delay_us = i == 2 ? SECOND : 0, .garp_delay_us = i * SECOND,
		.garp_refresh_us = i == 1 ? SECOND : 0, .garp_repeat = 2, .garp_refresh_repeat = 1,
		.garp_lower_prio_repeat = i, .garp_lower_prio_delay_us = SECOND,
		.group = ip_v4(group), .vips = f->vips[i], .n_vips = VIPS,
		.n_advertised = VIPS - i % 2, .track_ifaces = f->track_ifaces[i],
		.n_track_ifaces = 1, .track_checks = f->track_checks[i], .n_track_checks = 2,
	};
	for (uint8_t v = 0; v < VIPS; v++) {
		const uint8_t b[4] = { 10, 0, vrid, v };

		f->vips[i][v] = (struct vr_vip){
			.prefix = { .addr = ip_v4(b), .len = 24 }, .iface = (i + v) % 2,
			.flags = v ? VR_VIP_NO_TRACK : 0, .preferred_lft = VR_LFT_FOREVER,
		};
	}
	f->track_ifaces[i][0] = (struct vr_ref){ 1 - i % 2, i ? -20 : 0, i == 2 };
	f->track_checks[i][0] = (struct vr_ref){ 0, i ? 30 : 0, false };
	f->track_checks[i][1] = (struct vr_ref){ 1, i == 2 ? 0 : -250, i == 2 };
}

static void make_file(struct file *f, unsigned int which)
{
	memset(f, 0, sizeof(*f));
	f->ifaces[0].name = which == 2 ? "eth1" : "eth0";	/* another order */
	f->ifaces[1].name = which == 2 ? "eth0" : "eth1";
	for (uint32_t c = 0; c < 2; c++)
		f->checks[c] = (struct vr_check_conf){
			.name = c ? "b" : "a", .rise = 1 + c, .fall = 2 - c,
			.init_fail = c == 1 && which == 1, .identity = which == 1,
		};
	set_inst(f, 0, 1, 2, 100);
	set_inst(f, 1, 2, 3, which == 1 ? 10 : 200);
	set_inst(f, 2, which == 1 ? 4 : 3, 3, which ? 77 : VR_PRIO_OWNER);
	if (which == 1)
		f->vips[0][0].prefix.addr.b[3] = 9;	/* one address goes, another comes */
	f->vr = (struct vr_config){
		.ifaces = f->ifaces, .n_ifaces = 2, .checks = f->checks, .n_checks = 2,
		.insts = f->insts, .n_insts = which == 2 ? 2 : INSTS,
	};
}

/* ---- the host ---- */

struct held {
	const char *iface;
	struct ip_prefix prefix;
};

struct host {
	struct cursor in;
	struct file files[FILES][2];	/* two of each: a reload may change nothing */
	struct file *file;
	unsigned int which;		/* of them FILE is */
	void *memory;
	struct vr_node *node;
	struct vr_actions actions;
	uint8_t epoch;
	bool started;
	int64_t now_us;
	struct held held[2 * INSTS * VIPS];
	size_t n_held;
	enum vr_state state[256];	/* by VRID, as the traces tell it */
	struct vr_ev_link link[2];	/* of eth0 and eth1 */
	struct ip_addr primary[2];
};

static size_t find_held(const struct host *h, const char *iface, const struct ip_prefix *p)
{
	size_t i = 0;

	while (i < h->n_held && (strcmp(h->held[i].iface, iface) != 0 ||
				 !ip_equal(&h->held[i].prefix.addr, &p->addr)))
		i++;
	return i;
}

static void on_addr(struct host *h, const struct vr_action *a)
{
	const struct vr_vip *vip = &a->conf->insts[a->inst].vips[a->addr.vip];
	const char *iface = a->conf->ifaces[vip->iface].name;
	size_t i = find_held(h, iface, &vip->prefix);
	uint16_t inst, index;
	bool add;

	check(vr_token_look(h->node, a->addr.token, &inst, &index, &add) ==
	      (a->conf == &h->file->vr));
	if (a->conf == &h->file->vr)
		check(inst == a->inst && index == a->addr.vip &&
		      add == (a->type == VR_ACT_ADDR_ADD));
	if (a->type == VR_ACT_ADDR_DEL && i < h->n_held)
		h->held[i] = h->held[--h->n_held];
	if (a->type == VR_ACT_ADDR_ADD && i == h->n_held)
		h->held[h->n_held++] = (struct held){ iface, vip->prefix };
}

static void on_state(struct host *h, const struct vr_action *a)
{
	enum vr_state *state = &h->state[a->conf->insts[a->inst].vrid];

	check(a->trace.from == *state && a->trace.to < VR_N_STATES);
	check(a->trace.from != a->trace.to);
	*state = a->trace.to;
}

static void on_action(struct host *h, const struct vr_action *a)
{
	uint8_t buf[PKT_MAX];

	check(a->inst < a->conf->n_insts || a->type == VR_ACT_TRACE);
	switch (a->type) {
	case VR_ACT_ADVERT:
		check(a->advert.src.family == IP_V4 && vr_advert(a, buf, sizeof(buf)) >= 8);
		break;
	case VR_ACT_ADDR_ADD:
	case VR_ACT_ADDR_DEL:
		on_addr(h, a);
		break;
	case VR_ACT_ANNOUNCE:
		check(a->announce.repeat > 0);
		break;
	case VR_ACT_TRACE:
		check(a->trace.kind < VR_N_TRACES && a->trace.at_us == h->now_us);
		if (a->trace.kind == VR_TR_STATE)
			on_state(h, a);
		break;
	case VR_ACT_NOTIFY:
	case VR_ACT_ANNOUNCE_STOP:
		break;
	default:
		abort();
	}
}

static void check_inst(const struct host *h, uint16_t i)
{
	const struct vr_inst_conf *ic = &h->file->insts[i];
	struct vr_inst_view v;

	vr_inst_look(h->node, i, &v);
	check(v.state == h->state[ic->vrid]);
	check((v.state == VR_INIT) == !h->started);
	check((v.deadline_us != VR_NEVER) == (v.state == VR_BACKUP || v.state == VR_MASTER));
	if (h->started)
		check((v.faults != 0) == (v.state == VR_FAULT) && v.effective_priority > 0);
	for (uint16_t n = 0; n < ic->n_vips; n++) {
		const char *iface = h->file->ifaces[ic->vips[n].iface].name;
		bool held = find_held(h, iface, &ic->vips[n].prefix) < h->n_held;

		check(held == (v.state == VR_MASTER));
	}
}

static void step(struct host *h, struct vr_event event)
{
	event.now_us = h->now_us;
	vr_step(h->node, &event, &h->actions);
	for (size_t i = 0; i < h->actions.n; i++)
		on_action(h, &h->actions.v[i]);
	for (uint16_t i = 0; i < h->file->vr.n_insts; i++)
		check_inst(h, i);
	if (event.type == VR_EV_WAKE)
		check(vr_deadline(h->node) > h->now_us);
}

/* A fresh node for the file WHICH; OLD: the configuration that it replaces. */
static void boot(struct host *h, unsigned int which, const struct vr_config *old)
{
	h->which = which;
	h->file = &h->files[which][h->epoch & 1];
	h->memory = malloc(vr_node_size(&h->file->vr));
	free(h->actions.v);
	h->actions.max = vr_actions_max(&h->file->vr, old);
	h->actions.v = malloc(h->actions.max * sizeof(*h->actions.v));
	check(h->memory && h->actions.v);
	h->epoch = h->epoch == 255 ? 2 : h->epoch + 1;	/* odd and even by turns */
	h->node = vr_node_init(h->memory, &h->file->vr, h->epoch);
}

/* ---- the events ---- */

/* The place of eth0 or eth1 in the running file. */
static uint16_t place(const struct host *h, unsigned int eth)
{
	return h->which == 2 ? 1 - eth : eth;
}

static struct vr_event link_event(struct host *h, unsigned int eth)
{
	h->link[eth].iface = place(h, eth);
	return (struct vr_event){ .type = VR_EV_LINK, .link = h->link[eth] };
}

static struct vr_event addr_event(const struct host *h, unsigned int eth)
{
	return (struct vr_event){
		.type = VR_EV_ADDR,
		.addr = { .iface = place(h, eth), .family = IP_V4, .primary = h->primary[eth] },
	};
}

static void ev_link(struct host *h)
{
	uint8_t b = cur_u8(&h->in);
	struct vr_ev_link *link = &h->link[b & 1];

	link->exists = b & 2;
	link->up = b & 4;
	link->rx_ready = b & 8;
	step(h, link_event(h, b & 1));
}

static void ev_addr(struct host *h)
{
	uint8_t b = cur_u8(&h->in);
	const uint8_t octets[4] = { 10, 0, 0, b >> 4 };

	h->primary[b & 1] = ip_v4(octets);
	if (b & 2)
		h->primary[b & 1].family = IP_NONE;
	step(h, addr_event(h, b & 1));
}

static void ev_check(struct host *h)
{
	uint8_t b = cur_u8(&h->in);

	step(h, (struct vr_event){
		.type = VR_EV_CHECK,
		.check = { .check = b & 1, .result = 1 + (b >> 1) % (VR_N_CHECK_RESULTS - 1),
			   .code = b >> 4 },
	});
}

/* An advert as one of our own instances would send it; FLIP spoils one octet. */
static void ev_advert(struct host *h)
{
	uint16_t i = cur_u8(&h->in) % h->file->vr.n_insts;
	uint8_t priority = cur_u8(&h->in), last = cur_u8(&h->in), flip = cur_u8(&h->in);
	const uint8_t octets[4] = { 10, 0, 0, last };
	const struct vr_inst_conf *ic = &h->file->insts[i];
	uint8_t p[20 + 8 + VIPS * 4 + VR_AUTH_LEN] = {
		0x45, 0, 0, 0, 0, 0, 0, 0, PKT_TTL, PKT_PROTO, 0, 0, 10, 0, 0, last, 224, 0, 0, 18,
	};
	struct ip_addr src = ip_v4(octets);
	size_t len = 20 + pkt_encode(ic, priority, &src, p + 20, sizeof(p) - 20);

	p[3] = (uint8_t)len;
	p[flip % len] ^= flip / len;
	step(h, (struct vr_event){
		.type = VR_EV_PACKET,
		.packet = { .iface = ic->iface, .family = IP_V4, .data = p, .len = len },
	});
}

static void ev_bytes(struct host *h)
{
	size_t len = cur_u8(&h->in) % (cur_left(&h->in) + 1);

	step(h, (struct vr_event){
		.type = VR_EV_PACKET,
		.packet = { .iface = len & 1, .family = len & 2 ? IP_V6 : IP_V4,
			    .meta = { .ttl = PKT_TTL }, .data = h->in.at, .len = len },
	});
	cur_skip(&h->in, len);
}

static void ev_done(struct host *h)
{
	uint8_t b = cur_u8(&h->in);

	step(h, (struct vr_event){
		.type = VR_EV_DONE,
		.done = { .token = (uint32_t)h->epoch << 24 | b, .error = b >> 6 },
	});
}

static void ev_lost(struct host *h)
{
	uint8_t b = cur_u8(&h->in);

	step(h, (struct vr_event){
		.type = b & 0x80 ? VR_EV_WRONG : VR_EV_LOST,
		.lost = { .inst = (b >> 1) % h->file->vr.n_insts, .vip = b & 1 },
	});
}

static void ev_unsure(struct host *h)
{
	uint8_t b = cur_u8(&h->in);

	step(h, (struct vr_event){
		.type = VR_EV_UNSURE,
		.lost = { .inst = (b >> 1) % h->file->vr.n_insts, .vip = b & 1 },
	});
}

static void ev_wake(struct host *h)
{
	int64_t next = vr_deadline(h->node);

	if (next != VR_NEVER && next > h->now_us)
		h->now_us = next;
	step(h, (struct vr_event){ .type = VR_EV_WAKE });
}

static void ev_time(struct host *h)
{
	h->now_us += INT64_C(1) << cur_u8(&h->in) % 28;
	step(h, (struct vr_event){ .type = VR_EV_WAKE });
}

static void ev_start(struct host *h)
{
	if (h->started)
		return;
	h->started = true;
	step(h, (struct vr_event){ .type = VR_EV_START });
}

static void ev_stop(struct host *h)
{
	if (!h->started)
		return;
	h->started = false;
	step(h, (struct vr_event){ .type = VR_EV_STOP });
	check(h->n_held == 0 && vr_deadline(h->node) == VR_NEVER);
}

/* An event of facts only: nothing may come of it before the node is started. */
static void fact(struct host *h, struct vr_event event)
{
	event.now_us = h->now_us;
	vr_step(h->node, &event, &h->actions);
	check(h->actions.n == 0);
}

static void ev_reload(struct host *h)
{
	const struct vr_config *old = &h->file->vr;
	struct vr_node *was = h->node;
	void *memory = h->memory;

	boot(h, cur_u8(&h->in) % FILES, old);
	for (unsigned int eth = 0; eth < 2; eth++) {
		fact(h, addr_event(h, eth));
		fact(h, link_event(h, eth));
	}
	step(h, (struct vr_event){ .type = VR_EV_ADOPT, .adopt = was });
	free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const events[])(struct host *) = {
		ev_link, ev_addr, ev_check, ev_advert, ev_bytes, ev_done, ev_lost, ev_wake,
		ev_time, ev_start, ev_stop, ev_reload, ev_wake, ev_advert, ev_unsure, ev_check,
	};
	struct host h = { .in = cur_over(data, size) };

	for (unsigned int i = 0; i < FILES; i++) {
		make_file(&h.files[i][0], i);
		make_file(&h.files[i][1], i);
	}
	boot(&h, 0, NULL);
	while (cur_left(&h.in))
		events[cur_u8(&h.in) % (sizeof(events) / sizeof(events[0]))](&h);
	free(h.memory);
	free(h.actions.v);
	return 0;
}
