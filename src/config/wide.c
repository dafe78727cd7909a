/*
 * Why this exists: with an input method switched on, a space, a brace or a quote is easily typed in
 * its full-width form. It looks right on the screen and is an ordinary letter to every parser.
 * Nothing is changed here; the writer is told what the screen does not show.
 */
#include "config/wide.h"

#include <stdbool.h>
#include <string.h>

static const struct look_alike {
	const char *octets;
	const char *meant;
} utf8[] = {
	{ "\xe3\x80\x80", " " },	/* U+3000 ideographic space */
	{ "\xc2\xa0", " " },		/* U+00A0 no-break space */
	{ "\xef\xbd\x9b", "{" },	/* U+FF5B */
	{ "\xef\xbd\x9d", "}" },	/* U+FF5D */
	{ "\xef\xbc\x83", "#" },	/* U+FF03 */
	{ "\xef\xbc\x81", "!" },	/* U+FF01 */
	{ "\xef\xbc\x82", "\"" },	/* U+FF02 */
	{ "\xe2\x80\x9c", "\"" },	/* U+201C */
	{ "\xe2\x80\x9d", "\"" },	/* U+201D */
	{ "\xef\xbc\x8e", "." },	/* U+FF0E */
	{ "\xef\xbc\x9a", ":" },	/* U+FF1A */
}, gbk[] = {
	{ "\xa1\xa1", " " },
	{ "\xa3\xfb", "{" },
	{ "\xa3\xfd", "}" },
	{ "\xa3\xa3", "#" },
	{ "\xa3\xa1", "!" },
	{ "\xa1\xb0", "\"" },
	{ "\xa1\xb1", "\"" },
	{ "\xa3\xae", "." },
	{ "\xa3\xba", ":" },
};

#define N(table) (sizeof(table) / sizeof((table)[0]))

/* The octets of the UTF-8 sequence at S by its lead octet, 0 when it is not one. */
static size_t sequence(const unsigned char *s, size_t len)
{
	size_t n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 :
		   s[0] < 0xf5 ? 4 : 0;

	if (n > len)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	}
	return n;
}

static bool is_utf8(const unsigned char *s, size_t len)
{
	size_t n;

	for (; len > 0; s += n, len -= n) {
		n = sequence(s, len);
		if (n == 0)
			return false;
	}
	return true;
}

static const char *meant_at(const struct look_alike *table, size_t n, const char *s, size_t len)
{
	for (size_t i = 0; i < n; i++) {
		size_t size = strlen(table[i].octets);

		if (size <= len && memcmp(s, table[i].octets, size) == 0)
			return table[i].meant;
	}
	return NULL;
}

const char *wide_find(const char *text, size_t len, size_t *at)
{
	const unsigned char *s = (const unsigned char *)text;
	bool utf = is_utf8(s, len);
	size_t step;

	for (size_t i = 0; i < len; i += step) {
		const char *meant = NULL;

		step = s[i] < 0x80 ? 1 : utf ? sequence(s + i, len - i) : 2;
		if (s[i] >= 0x80)
			meant = utf ? meant_at(utf8, N(utf8), text + i, len - i)
				    : meant_at(gbk, N(gbk), text + i, len - i);
		if (!meant)
			continue;
		*at = i;
		return meant;
	}
	return NULL;
}
