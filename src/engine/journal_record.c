/*
 * Records, and what they are checked by.
 *
 * A file that a daemon writes while it dies, or that a disk has damaged, must be told from a good
 * one, and a replay that went another way from one that did not. Both are done by one mixing of
 * 64-bit words, fast enough to be done at every event. It is no protection against forgery.
 */
#include <string.h>

#include "base/log.h"
#include "base/mix.h"
#include "engine/journal_parts.h"
#include "engine/trace.h"

static uint32_t fold(uint64_t h)
{
	return (uint32_t)(h ^ h >> 32);
}

/* ---- what a step decided ---- */

static uint64_t mix_addr(uint64_t h, const struct ip_addr *a)
{
	return mix_bytes(mix_word(h, a->family), a->b, ip_size(a));
}

static uint64_t mix_trace(uint64_t h, const struct vr_action *a)
{
	const struct vr_trace *t = &a->trace;
	char text[LOG_LINE_MAX];

	trc_text(a->conf, t, text, sizeof(text));
	h = mix_word(h, (uint64_t)t->kind << 32 | (uint64_t)t->cause << 16 | t->from << 8 | t->to);
	h = mix_word(h, (uint64_t)t->inst << 16 | t->subject);
	h = mix_word(h, (uint64_t)(uint32_t)t->a << 32 | (uint32_t)t->b);
	h = mix_word(h, (uint64_t)t->quiet | (uint64_t)t->waits << 1);
	h = mix_word(h, (uint64_t)t->c);
	h = mix_addr(h, &t->who);
	return mix_bytes(h, text, strlen(text));
}

static uint64_t mix_action(uint64_t h, const struct vr_action *a)
{
	switch (a->type) {
	case VR_ACT_ADVERT:
		return mix_addr(mix_word(h, a->advert.priority | a->advert.plain << 8),
				&a->advert.src);
	case VR_ACT_ADDR_ADD:
	case VR_ACT_ADDR_DEL:
		return mix_word(h, (uint64_t)a->addr.token << 16 | a->addr.vip);
	case VR_ACT_ANNOUNCE:
		h = mix_word(h, a->announce.vip);
		return mix_word(h, (uint64_t)a->announce.repeat << 16 | a->announce.cause);
	case VR_ACT_NOTIFY:
		return mix_word(h, (uint64_t)a->notify.what << 16 | a->notify.state << 8 |
				  a->notify.priority);
	case VR_ACT_TRACE:
		return mix_trace(h, a);
	case VR_ACT_ANNOUNCE_STOP:
	case VR_N_ACTIONS:
		break;
	}
	return h;
}

uint32_t jrn_hash(const struct vr_actions *actions, const struct vr_config *conf)
{
	uint64_t h = actions->n;

	for (size_t i = 0; i < actions->n; i++) {
		const struct vr_action *a = &actions->v[i];

		h = mix_word(h, (uint64_t)a->type << 32 | (uint64_t)(a->conf != conf) << 16 |
			       a->inst);
		h = mix_action(h, a);
	}
	return fold(h);
}

/* ---- records ---- */

static uint32_t check_of(uint32_t segment, const uint8_t *record, size_t len)
{
	return fold(mix_bytes(segment, record, len));
}

uint8_t *jrn_frame(uint32_t segment, uint8_t type, uint8_t *body, size_t len, size_t *size)
{
	uint8_t head[CUR_VAR_MAX];
	struct outbuf o = out_over(head, sizeof(head));
	struct outbuf tail = out_over(body + len, JRN_CHECK + 1);
	uint8_t *first;

	out_var(&o, len + 1);
	first = body - 1 - out_len(&o);
	memcpy(first, head, out_len(&o));
	body[-1] = type;
	out_be32(&tail, check_of(segment, body - 1, len + 1));
	out_u8(&tail, 0);
	*size = out_len(&o) + 1 + len + JRN_CHECK;
	return first;
}

enum jrn_next jrn_next(struct cursor *c, const uint8_t *start, uint32_t segment,
		       struct jrn_record *out)
{
	const uint8_t *at;
	uint64_t len;

	out->offset = (size_t)(c->at - start);
	len = cur_var(c);
	if (cur_ok(c) && len == 0)
		return JRN_NEXT_END;
	if (!cur_ok(c) || len > cur_left(c) || cur_left(c) - len < JRN_CHECK)
		return JRN_NEXT_BAD;
	at = c->at;
	cur_skip(c, len);
	if (cur_be32(c) != check_of(segment, at, len))
		return JRN_NEXT_BAD;
	out->type = at[0];
	out->body = cur_over(at + 1, len - 1);
	return JRN_NEXT_RECORD;
}
