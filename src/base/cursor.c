/*
 * Why this exists: whoever reads a packet by overlay casts must remember a length check for each
 * field, and forgets one. Here the check is inside the read, so that a decoder cannot forget it.
 */
#include "base/cursor.h"

#include <string.h>

struct cursor cur_over(const void *data, size_t len)
{
	const uint8_t *at = data;

	return (struct cursor){ .at = at, .end = len ? at + len : at };
}

bool cur_ok(const struct cursor *c)
{
	return !c->bad;
}

size_t cur_left(const struct cursor *c)
{
	return c->at == c->end ? 0 : (size_t)(c->end - c->at);
}

/* True when LEN octets may be read; otherwise the cursor is bad and at its end. */
static bool take(struct cursor *c, size_t len)
{
	if (len <= cur_left(c))
		return true;
	c->bad = true;
	c->at = c->end;
	return false;
}

/* LEN octets (at most 4) as an unsigned number in network order. */
static uint32_t be(struct cursor *c, size_t len)
{
	uint32_t v = 0;

	if (!take(c, len))
		return 0;
	while (len-- > 0)
		v = v << 8 | *c->at++;
	return v;
}

uint8_t cur_u8(struct cursor *c)
{
	return (uint8_t)be(c, 1);
}

uint16_t cur_be16(struct cursor *c)
{
	return (uint16_t)be(c, 2);
}

uint32_t cur_be32(struct cursor *c)
{
	return be(c, 4);
}

uint64_t cur_var(struct cursor *c)
{
	uint64_t v = 0;

	for (unsigned int i = 0; i < CUR_VAR_MAX; i++) {
		uint8_t b = cur_u8(c);

		if (i == CUR_VAR_MAX - 1 && b > 1)	/* bits 64 and up */
			break;
		v |= (uint64_t)(b & 0x7f) << 7 * i;
		if (b < 0x80)
			return v;
	}
	c->bad = true;
	c->at = c->end;
	return 0;
}

/* The sign is the lowest bit, so that small numbers are short whatever their sign. */
int64_t cur_svar(struct cursor *c)
{
	uint64_t v = cur_var(c);

	return (int64_t)(v >> 1 ^ -(v & 1));
}

void cur_bytes(struct cursor *c, void *to, size_t len)
{
	if (len == 0)
		return;
	if (!take(c, len)) {
		memset(to, 0, len);
		return;
	}
	memcpy(to, c->at, len);
	c->at += len;
}

void cur_skip(struct cursor *c, size_t len)
{
	if (len > 0 && take(c, len))
		c->at += len;
}

struct outbuf out_over(void *buf, size_t size)
{
	uint8_t *at = buf;

	return (struct outbuf){ .start = at, .at = at, .end = size ? at + size : at };
}

bool out_ok(const struct outbuf *o)
{
	return !o->bad;
}

size_t out_len(const struct outbuf *o)
{
	return o->at == o->start ? 0 : (size_t)(o->at - o->start);
}

void out_u8(struct outbuf *o, uint8_t v)
{
	out_bytes(o, &v, 1);
}

void out_be16(struct outbuf *o, uint16_t v)
{
	const uint8_t b[] = { (uint8_t)(v >> 8), (uint8_t)v };

	out_bytes(o, b, sizeof(b));
}

void out_be32(struct outbuf *o, uint32_t v)
{
	out_be16(o, (uint16_t)(v >> 16));
	out_be16(o, (uint16_t)v);
}

void out_var(struct outbuf *o, uint64_t v)
{
	uint8_t b[CUR_VAR_MAX];
	size_t n = 0;

	for (; v >= 0x80; v >>= 7)
		b[n++] = (uint8_t)(v | 0x80);
	b[n++] = (uint8_t)v;
	out_bytes(o, b, n);
}

void out_svar(struct outbuf *o, int64_t v)
{
	out_var(o, (uint64_t)v << 1 ^ -(uint64_t)(v < 0));
}

void out_bytes(struct outbuf *o, const void *from, size_t len)
{
	size_t room = o->at == o->end ? 0 : (size_t)(o->end - o->at);

	if (len == 0)
		return;
	if (o->bad || len > room) {
		o->bad = true;
		return;
	}
	memcpy(o->at, from, len);
	o->at += len;
}
