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
	in->refused_us = in->refused_last_us = INT64_MIN / 2;
}

static bool is_known(const uint8_t mac[VR_MAC_LEN])
{
	static const uint8_t none[VR_MAC_LEN];

	return memcmp(mac, none, VR_MAC_LEN) != 0;
}

static void tell(const struct vr_ctx *x, enum vr_trace_kind kind, enum vr_sign sign)
{
	const struct vr_rival *r = &x->inst->rival;
	const struct ip_addr who[VR_N_SIGNS] = {
		[VR_SIGN_ADVERT] = r->source, [VR_SIGN_CLAIM] = r->claims,
		[VR_SIGN_REJECT] = r->rejected,
	};
	struct vr_trace trace = {
		.kind = kind, .cause = VR_CAUSE_RIVAL, .subject = VR_NONE, .a = (int32_t)sign,
		.b = sign == VR_SIGN_REJECT ? (int32_t)r->reason : 0, .who = who[sign],
	};

	memcpy(trace.mac, r->mac, VR_MAC_LEN);
	act_trace(x, &trace);
}

static void note(const struct vr_ctx *x, enum vr_sign sign, int64_t quiet_us)
{
	struct vr_inst *me = x->inst;
	bool news = !(me->rival.signs & 1u << sign);

	if (!me->rival.signs)
		me->rival.since_us = x->now_us;
	me->rival.signs |= 1u << sign;
	me->rival.last_us = x->now_us;
	if (me->quiet_us == VR_NEVER || me->quiet_us < x->now_us + quiet_us)
		me->quiet_us = x->now_us + quiet_us;
	if (news)
		tell(x, VR_TR_CONFLICT, sign);
}

/* There is a rival, and an advert was refused a moment ago: that is why. */
static void note_with_reason(const struct vr_ctx *x, enum vr_sign sign)
{
	note(x, sign, QUIET_US);
	if (x->now_us - x->inst->refused_last_us <= QUIET_US)
		note(x, VR_SIGN_REJECT, QUIET_US);
}

/* One that hears us yields at once; one that advertises on and on does not hear us. */
bool riv_lower(const struct vr_ctx *x, const struct ip_addr *from)
{
	struct vr_inst *me = x->inst;
	int64_t pause_us = (ADVERTS + 1) * x->ic->adver_int_us;

	if (!ip_equal(&me->rival.source, from) || x->now_us - me->lower_last_us > pause_us)
		me->lower_us = x->now_us;
	me->rival.source = *from;
	me->lower_last_us = x->now_us;
	if (x->now_us - me->lower_us <= ADVERTS * x->ic->adver_int_us)
		return false;
	note_with_reason(x, VR_SIGN_ADVERT);
	return true;
}

/* Two that refuse each other's adverts are both masters, and only a human can end it: another
 * password, version or interval. Several peers count as one; the last is named. One advert alone
 * proves nothing; but beside another sign of a rival it does (keepalived 2.2.7 ceases to advertise
 * while it hears what it refuses). */
void riv_refused(const struct vr_ctx *x, const struct ip_addr *from, enum pkt_reject reason,
		 int64_t every_us)
{
	struct vr_inst *me = x->inst;
	int64_t quiet_us = (ADVERTS + 1) * every_us;

	if (me->state != VR_MASTER || me->listens)
		return;
	if (quiet_us < QUIET_US)
		quiet_us = QUIET_US;
	if (x->now_us - me->refused_last_us > quiet_us)
		me->refused_us = x->now_us;
	me->refused_last_us = x->now_us;
	me->rival.rejected = *from;
	me->rival.reason = reason;
	if (me->rival.signs || x->now_us - me->refused_us > ADVERTS * x->ic->adver_int_us)
		note(x, VR_SIGN_REJECT, quiet_us);
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
	note_with_reason(x, VR_SIGN_CLAIM);
}

/* The plainest of its signs. */
static enum vr_sign foremost(const struct vr_rival *r)
{
	if (r->signs & 1u << VR_SIGN_CLAIM)
		return VR_SIGN_CLAIM;
	return r->signs & 1u << VR_SIGN_ADVERT ? VR_SIGN_ADVERT : VR_SIGN_REJECT;
}

void riv_due(const struct vr_ctx *x)
{
	struct vr_inst *me = x->inst;

	if (me->quiet_us > x->now_us)
		return;
	tell(x, VR_TR_CONFLICT_OVER, foremost(&me->rival));
	riv_begin(me);
}
