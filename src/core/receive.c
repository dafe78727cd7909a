/*
 * From bytes on an interface to an input of one instance.
 *
 * Each packet is either handed to exactly one instance or counted under one named reason. What the
 * network may repeat without end is traced once, until the state or the master is another one.
 */
#include "core/inst.h"
#include "core/rival.h"
#include "core/timing.h"

static enum pkt_reject unwrap(const struct vr_ev_packet *packet, struct pkt_meta *meta,
			      struct pkt_advert *adv)
{
	const uint8_t *body = packet->data;
	size_t len = packet->len;

	*meta = packet->meta;
	if (packet->family == IP_V4) {
		enum pkt_reject reason = pkt_strip_ipv4(packet->data, packet->len, meta, &body,
							&len);

		if (reason != PKT_OK)
			return reason;
	}
	return pkt_decode(meta, body, len, adv);
}

/* The VRID octet stands at the same place in every version; 0 when there is none to read. */
static uint8_t peek_vrid(const struct vr_ev_packet *packet)
{
	const uint8_t *body = packet->data;
	size_t len = packet->len;
	struct pkt_meta meta;

	if (packet->family == IP_V4 &&
	    pkt_strip_ipv4(packet->data, packet->len, &meta, &body, &len) != PKT_OK)
		return 0;
	return len > 1 ? body[1] : 0;
}

static uint16_t find(const struct vr_node *node, const struct vr_ev_packet *packet, uint8_t vrid)
{
	size_t v6 = packet->family == IP_V6;

	return node->by_vrid[((size_t)packet->iface * 2 + v6) * 256 + vrid];
}

/* Whether it may be the advert of another master. What carries our own address may be our own that
 * came back, but not with another priority. */
static bool is_of_another(const struct vr_ctx *x, enum pkt_reject reason,
			  const struct pkt_advert *adv)
{
	if (reason == PKT_OWN)
		return adv->priority != x->inst->priority && adv->priority != VR_PRIO_STOP;
	return reason != PKT_STATE;
}

static void reject(const struct vr_ctx *x, enum pkt_reject reason, const struct pkt_meta *meta)
{
	struct vr_trace trace = {
		.kind = VR_TR_REJECT, .subject = VR_NONE, .a = reason, .who = meta->src,
	};

	x->inst->counters.rejects[reason]++;
	if (reason == PKT_STATE || x->inst->told_rejects & 1u << reason)
		return;
	x->inst->told_rejects |= 1u << reason;
	act_trace(x, &trace);
}

static enum pkt_reject wanted(const struct vr_ctx *x, const struct pkt_meta *meta,
			      const struct pkt_advert *adv)
{
	struct ip_addr own = trk_source(x->node, x->i);
	enum pkt_reject reason = pkt_check(adv, x->ic);

	if (reason != PKT_OK)
		return reason;
	if (ip_equal(&meta->src, &own))
		return PKT_OWN;
	if (!ip_equal(&meta->dst, &x->ic->group))
		return PKT_NOT_GROUP;
	if (x->inst->state != VR_BACKUP && x->inst->state != VR_MASTER)
		return PKT_STATE;
	/* RFC 3768 7.1: an owner discards. RFC 9568, erratum 8298: it does not. */
	if (vr_is_deaf_owner(x->ic) && adv->priority == VR_PRIO_OWNER)
		return PKT_SECOND_OWNER;
	return PKT_OK;
}

/* keepalived since 2.3.3: a differing address list is told and counted, not refused; otherwise
 * every edit of the list on one node would make two masters. */
static void compare_vips(const struct vr_ctx *x, const struct pkt_meta *meta,
			 const struct pkt_advert *adv)
{
	struct vr_trace trace = {
		.kind = VR_TR_VIPS_DIFFER, .subject = VR_NONE, .who = meta->src,
		.a = adv->count, .b = x->ic->n_advertised,
	};

	if (pkt_same_vips(adv, x->ic))
		return;
	x->inst->counters.vips_differ++;
	if (x->inst->told & 1u << VR_TR_VIPS_DIFFER)
		return;
	x->inst->told |= 1u << VR_TR_VIPS_DIFFER;
	act_trace(x, &trace);
}

static void compare_interval(const struct vr_ctx *x, const struct pkt_meta *meta,
			     const struct pkt_advert *adv)
{
	struct vr_trace trace = {
		.kind = VR_TR_INTERVAL, .subject = VR_NONE, .who = meta->src,
		.a = (int32_t)(adv->adver_int_us / 1000),
		.b = (int32_t)(x->ic->adver_int_us / 1000), .c = -1,
	};
	int64_t followed_us = tim_followed_us(adv->adver_int_us, x->ic->max_follow_us);

	if (followed_us != adv->adver_int_us)
		trace.c = followed_us / 1000;
	if (adv->adver_int_us == x->ic->adver_int_us || x->inst->told & 1u << VR_TR_INTERVAL)
		return;
	x->inst->told |= 1u << VR_TR_INTERVAL;
	act_trace(x, &trace);
}

void rcv_packet(const struct vr_ctx *x, const struct vr_ev_packet *packet)
{
	struct pkt_meta meta;
	struct pkt_advert adv;
	enum pkt_reject reason = unwrap(packet, &meta, &adv);
	bool decoded = reason == PKT_OK;
	uint16_t i = find(x->node, packet, reason == PKT_OK ? adv.vrid : peek_vrid(packet));

	if (i == VR_NONE) {
		x->node->rejects[reason == PKT_OK ? PKT_VRID : reason]++;
		return;
	}
	struct vr_ctx at = ctx_of(x, i);
	if (reason == PKT_OK)
		reason = wanted(&at, &meta, &adv);
	if (reason != PKT_OK) {
		reject(&at, reason, &meta);
		if (is_of_another(&at, reason, &adv))
			riv_refused(&at, &meta.src, reason, decoded ? adv.adver_int_us : 0);
		return;
	}
	at.inst->counters.rx++;
	at.inst->counters.prio_zero_rx += adv.priority == VR_PRIO_STOP;
	at.inst->last_rx_us = x->now_us;
	compare_vips(&at, &meta, &adv);
	compare_interval(&at, &meta, &adv);
	fsm_step(&at, &(struct fsm_input){ .type = FSM_ADVERT, .adv = &adv, .src = meta.src });
}
