/*
 * Why this exists: half of what a user gets wrong is inside a parameter, an included file or a line
 * of many blocks. If each stage of the lexer moved text and forgot where it stood, no message could
 * say where to look. Text and places therefore move together, and only here.
 */
#include "config/line.h"

#include <string.h>

#include "base/utf8.h"

bool line_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool line_set(struct line *l, const char *text, size_t len, struct place start)
{
	uint32_t code;

	l->from = 0;
	l->len = 0;
	l->end = start;
	if (len > LINE_CAP)
		return false;
	memcpy(l->text, text, len);
	for (size_t i = 0; i < len; start.col++) {
		size_t n = utf8_decode(text + i, len - i, &code);

		/* All octets of a character have its column. */
		for (size_t end = i + (n ? n : 1); i < end; i++)
			l->at[i] = start;
	}
	l->len = len;
	l->end = start;
	return true;
}

bool line_load(struct line *l, const struct piece *p)
{
	l->from = 0;
	l->len = 0;
	if (p->len > LINE_CAP)
		return false;
	if (p->len == 0)
		return true;
	memcpy(l->text, p->text, p->len);
	memcpy(l->at, p->at, p->len * sizeof(*p->at));
	l->len = p->len;
	l->end = l->at[l->len - 1];
	l->end.col++;
	return true;
}

bool line_keep(const struct line *l, size_t at, struct arena *arena, struct piece *out)
{
	size_t len = at < l->len ? l->len - at : 0;
	char *text = arena_alloc(arena, len + 1);
	struct place *places = arena_array(arena, len + 1, sizeof(*places));

	if (!text || !places)
		return false;
	memcpy(text, l->text + at, len);
	memcpy(places, l->at + at, len * sizeof(*places));
	*out = (struct piece){ .text = text, .at = places, .len = len };
	return true;
}

/* The place of octet I of WITH when it stands where USER was. */
static struct place new_place(const struct piece *with, size_t i, struct place user, bool literal)
{
	struct place own = with->at ? with->at[i] : user;

	literal |= with->at && own.literal;
	if (own.line == 0)
		own = user;
	own.literal = literal;
	return own;
}

bool line_replace(struct line *l, size_t at, size_t n, const struct piece *with, bool literal)
{
	struct place user = line_place(l, at);
	size_t tail = l->len - at - n;

	if (l->len - n + with->len > LINE_CAP)
		return false;
	memmove(l->text + at + with->len, l->text + at + n, tail);
	memmove(l->at + at + with->len, l->at + at + n, tail * sizeof(*l->at));
	if (with->len > 0)
		memcpy(l->text + at, with->text, with->len);
	for (size_t i = 0; i < with->len; i++)
		l->at[at + i] = new_place(with, i, user, literal);
	l->len = l->len - n + with->len;
	return true;
}

void line_trim(struct line *l)
{
	while (l->len > l->from && line_blank(l->text[l->len - 1])) {
		l->len--;
		l->end = l->at[l->len];
	}
	while (l->from < l->len && line_blank(l->text[l->from]))
		l->from++;
}

static bool starts_comment(char c)
{
	return c == '#' || c == '!';
}

/* In one pass, reading ahead of writing: a line of nothing but escapes must not cost its square. */
size_t line_uncomment(struct line *l)
{
	bool quoted = false;
	size_t quote = 0, to = l->from;

	for (size_t i = l->from; i < l->len; i++) {
		bool escaped = !quoted && l->text[i] == '\\' && i + 1 < l->len &&
			       starts_comment(l->text[i + 1]);

		i += escaped;
		if (!quoted && !escaped && starts_comment(l->text[i]) && !l->at[i].literal) {
			l->end = l->at[i];
			break;
		}
		if (l->text[i] == '"') {
			quoted = !quoted;
			quote = to;
		}
		l->text[to] = l->text[i];
		l->at[to] = l->at[i];
		l->at[to++].literal |= escaped;
	}
	l->len = to;
	return quoted ? quote : to;
}

struct place line_place(const struct line *l, size_t at)
{
	return at < l->len ? l->at[at] : l->end;
}
