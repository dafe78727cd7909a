/*
 * A cursor that cannot leave its buffer.
 *
 * Packets and kernel messages are hostile bytes. Every read goes through one of these calls; a read
 * past the end yields zero and marks the cursor bad, so that a decoder may read all its fields
 * first and ask cur_ok() once. Multi-byte values are in network byte order.
 */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CUR_VAR_MAX 10		/* octets of the longest number of variable length */

struct cursor {
	const uint8_t *at;
	const uint8_t *end;
	bool bad;		/* a read or skip asked for more than was left */
};

/* A cursor over LEN octets at DATA, which stay the caller's and must outlive it. */
struct cursor cur_over(const void *data, size_t len);

/* True while no read has failed. */
bool cur_ok(const struct cursor *c);

/* Octets not yet read. */
size_t cur_left(const struct cursor *c);

uint8_t cur_u8(struct cursor *c);
uint16_t cur_be16(struct cursor *c);
uint32_t cur_be32(struct cursor *c);

/* A number of variable length: seven bits an octet, the lowest first. cur_svar(): signed. */
uint64_t cur_var(struct cursor *c);
int64_t cur_svar(struct cursor *c);

/* Copies LEN octets to TO; zeroes TO when fewer are left. */
void cur_bytes(struct cursor *c, void *to, size_t len);

void cur_skip(struct cursor *c, size_t len);

/* The same towards a buffer: writes past the end are dropped and mark the writer bad. */
struct outbuf {
	uint8_t *start;
	uint8_t *at;
	uint8_t *end;
	bool bad;
};

struct outbuf out_over(void *buf, size_t size);
bool out_ok(const struct outbuf *o);

/* Octets written so far. */
size_t out_len(const struct outbuf *o);

void out_u8(struct outbuf *o, uint8_t v);
void out_be16(struct outbuf *o, uint16_t v);
void out_be32(struct outbuf *o, uint32_t v);
void out_var(struct outbuf *o, uint64_t v);	/* 1 to CUR_VAR_MAX octets */
void out_svar(struct outbuf *o, int64_t v);
void out_bytes(struct outbuf *o, const void *from, size_t len);

#endif
