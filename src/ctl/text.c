/*
 * Text that somebody else wrote.
 *
 * Administrators name instances in their own language and their own encoding, and a hostile name
 * must not steer the terminal of the one who asks for it. This module knows UTF-8 well enough to
 * carry such text through JSON unharmed, to take the sting out of it, and to line it up in
 * columns.
 */
#include "ctl/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define LINE_LEAST 4096		/* octets that a line of JSON gets at first */

struct range {
	uint32_t first, last;
};

/* The characters that a terminal may act upon, or that make a line look like another one. */
static const struct range harmful[] = {
	{ 0x0000, 0x001f }, { 0x007f, 0x009f }, { 0x061c, 0x061c }, { 0x200e, 0x200f },
	{ 0x2028, 0x202e }, { 0x2066, 0x2069 }, { 0xfeff, 0xfeff },
};

/* The blocks of East Asian Width "wide" and "fullwidth" that names are written in. */
static const struct range wide[] = {
	{ 0x1100, 0x115f }, { 0x2e80, 0x303e }, { 0x3041, 0xa4cf }, { 0xac00, 0xd7a3 },
	{ 0xf900, 0xfaff }, { 0xfe30, 0xfe6f }, { 0xff00, 0xff60 }, { 0xffe0, 0xffe6 },
	{ 0x1f300, 0x1f64f }, { 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd },
};

/* Marks that stand on the character before them, joiners and selectors of its form. */
static const struct range combining[] = {
	{ 0x0300, 0x036f }, { 0x0483, 0x0489 }, { 0x0591, 0x05bd }, { 0x064b, 0x065f },
	{ 0x0900, 0x0902 }, { 0x093c, 0x093c }, { 0x0941, 0x0948 }, { 0x094d, 0x094d },
	{ 0x0e31, 0x0e31 }, { 0x0e34, 0x0e3a }, { 0x0e47, 0x0e4e }, { 0x1ab0, 0x1aff },
	{ 0x1dc0, 0x1dff }, { 0x200b, 0x200d }, { 0x20d0, 0x20ff }, { 0xfe00, 0xfe0f },
	{ 0xfe20, 0xfe2f }, { 0xe0100, 0xe01ef },
};

static bool in_ranges(uint32_t code, const struct range *r, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (code >= r[i].first && code <= r[i].last)
			return true;
	return false;
}

/* The character at S and its length; 0 octets when it is malformed. Stops at the NUL by itself. */
static size_t decode(const char *s, uint32_t *code)
{
	return utf8_decode(s, strnlen(s, 3) + 1, code);
}

bool txt_is_utf8(const char *text)
{
	uint32_t code;

	while (*text) {
		size_t n = decode(text, &code);

		if (!n)
			return false;
		text += n;
	}
	return true;
}

static json_t *latin1_json(const char *text)
{
	char *copy = malloc(2 * strlen(text) + 1);
	char *to = copy;
	json_t *j;

	if (!copy)
		return NULL;
	for (; *text; text++) {
		uint8_t c = (uint8_t)*text;

		if (c >= 0x80) {
			*to++ = (char)(0xc0 | c >> 6);
			c = 0x80 | (c & 0x3f);
		}
		*to++ = (char)c;
	}
	*to = '\0';
	j = json_string(copy);
	free(copy);
	return j;
}

json_t *txt_json(const char *text)
{
	if (!text)
		return json_null();
	return txt_is_utf8(text) ? json_string(text) : latin1_json(text);
}

struct line {
	char *text;
	size_t len, size;
	bool failed;		/* jansson 2.14 forgets it when it writes the name of a member */
};

static int add_to_line(const char *octets, size_t n, void *ctx)
{
	struct line *l = ctx;
	size_t size = l->size;
	char *grown;

	while (size - l->len < n + 2)
		size *= 2;
	grown = size == l->size ? l->text : realloc(l->text, size);
	l->failed |= !grown;
	if (l->failed)
		return -1;
	memcpy(grown + l->len, octets, n);
	*l = (struct line){ grown, l->len + n, size, false };
	return 0;
}

char *txt_line(const json_t *value, size_t *len)
{
	struct line l = { .text = malloc(LINE_LEAST), .size = LINE_LEAST };
	/* Digits of a number: microseconds of a decade are exact, 0.1 stays 0.1. */
	const size_t flags = JSON_COMPACT | JSON_REAL_PRECISION(15);

	l.failed = !l.text || json_dump_callback(value, add_to_line, &l, flags) || l.failed;
	if (l.failed) {
		free(l.text);
		return NULL;
	}
	memcpy(l.text + l.len, "\n", 2);
	*len = l.len + 1;
	return l.text;
}

/* N: octets of the character, 0 when it is malformed. */
static bool is_harmful(size_t n, uint32_t code)
{
	return !n || in_ranges(code, harmful, sizeof(harmful) / sizeof(harmful[0]));
}

const char *txt_clean(const char *text, char *buf, size_t size)
{
	size_t used = 0;

	while (*text) {
		uint32_t code;
		size_t n = decode(text, &code);
		bool bad = is_harmful(n, code);
		size_t wanted = bad ? 1 : n;

		if (used + wanted >= size)
			break;
		if (bad)
			buf[used] = '?';
		else
			memcpy(buf + used, text, n);
		used += wanted;
		text += n ? n : 1;
	}
	buf[used] = '\0';
	return buf;
}

static size_t columns_of(uint32_t code)
{
	if (in_ranges(code, combining, sizeof(combining) / sizeof(combining[0])))
		return 0;
	return in_ranges(code, wide, sizeof(wide) / sizeof(wide[0])) ? 2 : 1;
}

size_t txt_width(const char *text, size_t len)
{
	const char *end = text + len;
	size_t columns = 0;

	while (text < end) {
		uint32_t code = 0xfffd;
		size_t n = decode(text, &code);

		columns += n ? columns_of(code) : 1;
		text += n ? n : 1;
	}
	return columns;
}

size_t txt_fit(const char *text, size_t len, size_t columns)
{
	const char *at = text, *end = text + len;

	while (at < end) {
		uint32_t code;
		size_t n = decode(at, &code);
		size_t width = n ? columns_of(code) : 1;

		if (width > columns)
			break;
		columns -= width;
		at += n ? n : 1;
	}
	return (size_t)(at - text);
}

void txt_put(FILE *to, const char *text, size_t columns)
{
	size_t used = 0;

	while (*text) {
		uint32_t code;
		size_t n = decode(text, &code);

		if (is_harmful(n, code))
			fputc('?', to);
		else
			fwrite(text, 1, n, to);
		used += is_harmful(n, code) ? 1 : columns_of(code);
		text += n ? n : 1;
	}
	if (used < columns)
		fprintf(to, "%*s", (int)(columns - used), "");
}
