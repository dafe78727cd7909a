/*
 * Who else claims a master's addresses.
 *
 * Each sign of one is answered (answer.c). A rival that stays, because it does not hear us or knows
 * nothing of VRRP (somebody typed the address on another host), is a conflict: told when it begins
 * and when it is over, and shown in between.
 */
#include "core/rival.h"

#include <string.h>

#define QUIET_US INT64_C(30000000)	/* after the last sign the conflict is over */
#define ADVERTS 2			/* intervals that an election's last words may take */

void riv_begin(struct vr_inst *in)
{
	in->rival = (struct vr_rival){ 0 };
	in->quiet_us = VR_NEVER;
	in->lower_us = in->lower_last_us = INT64_MIN / 2;
}

static bool is_known(const uint8_t mac[VR_MAC_LEN])
{
	static const uint8_t none[VR_MAC_LEN];

	return memcmp(mac, none, VR_MAC_LEN) != 0;
}

static void tell(const struct vr_ctx *x, enum vr_trace_kind kind, enum vr_sign sign)
{
	const struct vr_rival *r = &x->inst->rival;
	struct vr_trace trace = {
		.kind = kind, .cause = VR_CAUSE_RIVAL, .subject = VR_NONE, .a = (int32_t)sign,
		.who = sign == VR_SIGN_CLAIM ? r->claims : r->source,
	};

	memcpy(trace.mac, r->mac, VR_MAC_LEN);
	act_trace(x, &trace);
}

static void note(const struct vr_ctx *x, enum vr_sign sign)
{
	struct vr_inst *me = x->inst;
	bool news = !(me->rival.signs & 1u << sign);

	if (!me->rival.signs)
		me->rival.since_us = x->now_us;
	me->rival.signs |= 1u << sign;
	me->rival.last_us = x->now_us;
	me->quiet_us = x->now_us + QUIET_US;
	if (news)
		tell(x, VR_TR_CONFLICT, sign);
}

/* One that hears us yields at once; one that advertises on and on does not hear us. */
void riv_lower(const struct vr_ctx *x, const struct ip_addr *from)
{
	struct vr_inst *me = x->inst;
	int64_t pause_us = (ADVERTS + 1) * x->ic->adver_int_us;

	if (!ip_equal(&me->rival.source, from) || x->now_us - me->lower_last_us > pause_us)
		me->lower_us = x->now_us;
	me->rival.source = *from;
	me->lower_last_us = x->now_us;
	if (x->now_us - me->lower_us > ADVERTS * x->ic->adver_int_us)
		note(x, VR_SIGN_ADVERT);
}

void riv_claim(const struct vr_ctx *x, uint16_t vip, const uint8_t mac[VR_MAC_LEN])
{
	struct vr_inst *me = x->inst;

	if (me->state != VR_MASTER || me->listens)
		return;
	ans_claim(x, vip);
	/* The master before us may still have it for a moment. */
	if (x->now_us - me->since_us < x->ic->adver_int_us)
		return;
	me->rival.claims = x->ic->vips[vip].prefix.addr;
	if (is_known(mac))
		memcpy(me->rival.mac, mac, VR_MAC_LEN);
	note(x, VR_SIGN_CLAIM);
}

void riv_due(const struct vr_ctx *x)
{
	struct vr_inst *me = x->inst;

	if (me->quiet_us > x->now_us)
		return;
	tell(x, VR_TR_CONFLICT_OVER,
	     me->rival.signs & 1u << VR_SIGN_CLAIM ? VR_SIGN_CLAIM : VR_SIGN_ADVERT);
	riv_begin(me);
}
