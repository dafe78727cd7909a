/*
 * Why this exists: an editor counts characters, and a sentence that is cut inside one is no JSON.
 * Users name and comment things in their own language, so both happen at once.
 */
#include "base/utf8.h"

#include <string.h>

/* Octets that follow a first octet; -1 when it cannot begin a character. */
static int tail_length(uint8_t first)
{
	if (first < 0x80)
		return 0;
	if (first >= 0xc2 && first <= 0xdf)
		return 1;
	if (first >= 0xe0 && first <= 0xef)
		return 2;
	if (first >= 0xf0 && first <= 0xf4)
		return 3;
	return -1;
}

size_t utf8_decode(const char *s, size_t n, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	uint8_t first = n ? (uint8_t)s[0] : 0;
	int tail = n ? tail_length(first) : -1;

	if (tail < 0 || (size_t)tail >= n)
		return 0;
	*code = tail ? first & (0x3fu >> tail) : first;
	for (int i = 1; i <= tail; i++) {
		if (((uint8_t)s[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | ((uint8_t)s[i] & 0x3f);
	}
	if (*code < least[tail] || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff))
		return 0;
	return (size_t)tail + 1;
}

size_t utf8_count(const char *s, size_t n)
{
	size_t chars = 0;
	uint32_t code;

	for (size_t at = 0; at < n; chars++) {
		size_t len = utf8_decode(s + at, n - at, &code);

		at += len ? len : 1;
	}
	return chars;
}

size_t utf8_cut(const char *text, size_t max)
{
	size_t n = strnlen(text, max + 1);
	uint32_t code;

	if (n <= max)
		return n;
	/* The character that MAX stands in, or behind, begins at most three octets before it. */
	for (size_t back = 0; back < 4 && back <= max; back++) {
		size_t at = max - back;

		if (((uint8_t)text[at] & 0xc0) != 0x80)
			return utf8_decode(text + at, strnlen(text + at, 4), &code) > back ? at :
			       max;
	}
	return max;
}

void utf8_clean(char *text)
{
	uint32_t code;

	while (text && *text) {
		size_t n = utf8_decode(text, strnlen(text, 4), &code);

		if (n == 0 || code < 0x20 || code == 0x7f)
			*text = '?';
		text += n ? n : 1;
	}
}
