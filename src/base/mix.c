/*
 * Mixing of 64-bit words: one multiplication each.
 */
#include "base/mix.h"

#include <endian.h>
#include <string.h>

uint64_t mix_word(uint64_t h, uint64_t v)
{
	h = (h ^ v) * UINT64_C(0x9e3779b97f4a7c15);	/* odd: each word can be undone */
	return h ^ h >> 29;
}

uint64_t mix_bytes(uint64_t h, const void *data, size_t len)
{
	const uint8_t *at = data;
	uint64_t word = 0;

	h = mix_word(h, len);
	for (; len >= sizeof(word); at += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		h = mix_word(h, le64toh(word));
	}
	word = 0;
	if (len)
		memcpy(&word, at, len);
	return mix_word(h, le64toh(word));
}
