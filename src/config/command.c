/*
 * Why this exists: commands run by argv, without a shell, yet people write them as if there were
 * one. keepalived reads such a line twice: once to find the command among the user and group, once
 * more to split the command itself. The escapes belong to the second reading only.
 */
#include "config/lexer.h"

#include <string.h>

#include "base/utf8.h"

#include "config/lexctx.h"
#include "config/line.h"
#include "config/shellish.h"

#define OUT_MAX (2 * LINE_CAP)

/* One reading of a text: words of it one after the other, with '...' and "..." in them. */
struct reading {
	const char *at;		/* NUL-terminated */
	bool decode;		/* the second reading: escapes become octets */
	const char *mistake;	/* a sentence, NULL while all is well */
};

static int hex_value(char c)
{
	const char *digits = "0123456789abcdef", *d;

	if (c >= 'A' && c <= 'F')
		c += 'a' - 'A';
	d = c ? strchr(digits, c) : NULL;
	return d ? (int)(d - digits) : -1;
}

/* Up to MAX digits of BASE at r->at, which moves behind them; -1 if there is none. */
static int take_digits(struct reading *r, int base, int max)
{
	int v = -1;

	for (int i = 0; i < max; i++, r->at++) {
		int digit = hex_value(*r->at);

		if (digit < 0 || digit >= base)
			break;
		v = (v < 0 ? 0 : v) * base + digit;
	}
	return v;
}

/* The octet of an escape whose backslash has been read; 0 with a mistake set. */
static char take_escape(struct reading *r)
{
	static const char names[] = "abEfnrtv", octets[] = "\a\b\033\f\n\r\t\v";
	char c = *r->at;
	const char *name = c ? strchr(names, c) : NULL;
	int v;

	if (name) {
		r->at++;
		return octets[name - names];
	}
	if (c >= '0' && c <= '7') {
		v = take_digits(r, 8, 3);
	} else if (c == 'x' && hex_value(r->at[1]) >= 0) {
		r->at++;
		v = take_digits(r, 16, 2);
	} else if (c == 'c' && r->at[1]) {
		v = r->at[1] & 0x1f;
		r->at += 2;
	} else {
		v = (unsigned char)c;
		r->at += c != '\0';
	}
	if (c == '\0')
		r->mistake = "a backslash stands at the end";
	else if (v == 0 || v > 255)
		r->mistake = "an escape is no octet from 1 to 255";
	return (char)v;
}

static size_t take_backslash(struct reading *r, char *out)
{
	if (r->decode) {
		*out = take_escape(r);
		return 1;
	}
	*out = '\\';
	if (!*r->at)
		return 1;
	out[1] = *r->at++;
	return 2;
}

/*
 * The next word to OUT, which has room for all of the text; its length, or -1 when there is no
 * further word or a mistake.
 */
static int take_word(struct reading *r, char *out)
{
	size_t n = 0;
	char quote = '\0';

	while (line_blank(*r->at))
		r->at++;
	if (!*r->at)
		return -1;
	while (*r->at && (quote || !line_blank(*r->at))) {
		char c = *r->at++;

		if (c == '\\')
			n += take_backslash(r, out + n);
		else if (quote ? c == quote : c == '"' || c == '\'')
			quote = quote ? '\0' : c;
		else
			out[n++] = c;
		if (r->mistake)
			return -1;
	}
	out[n] = '\0';
	if (quote)
		r->mistake = quote == '"' ? "a \" is not closed" : "a ' is not closed";
	return quote ? -1 : (int)n;
}

const char **lex_split_command(struct arena *arena, const char *command, const struct diag_pos *pos,
			       struct diag_list *diags, bool *no_memory)
{
	size_t len = strlen(command), n = 0;
	struct reading r = { .at = command, .decode = true };
	const char **argv = arena_array(arena, len / 2 + 2, sizeof(*argv));
	char *out = arena_alloc(arena, 2 * len + 2);
	int got;

	if (!argv || !out) {
		*no_memory = true;
		return NULL;
	}
	while ((got = take_word(&r, out)) >= 0) {
		argv[n++] = out;
		out += got + 1;
	}
	if (!r.mistake && n > 0 && argv[0][0] != '\0')
		return argv;
	diag_add(diags, pos, DIAG_MISTAKE, NULL, "the command cannot be run: %s",
		 r.mistake ? r.mistake : "it is empty");
	return NULL;
}

/* The first reading of one word behind the keyword; its text in the arena, NULL at the end. */
static const char *read_word(struct lx *x, const struct lex_item *item, struct reading *r,
			     struct diag_pos *pos, bool *quoted)
{
	size_t len = strlen(r->at);
	char buf[OUT_MAX];

	while (line_blank(*r->at))
		r->at++;
	*pos = item->rest_pos;
	pos->col += (uint32_t)utf8_count(item->rest, (size_t)(r->at - item->rest));
	*quoted = *r->at == '"' || *r->at == '\'';
	if (len >= sizeof(buf) || take_word(r, buf) < 0)
		return NULL;
	return lx_strn(x, buf, strlen(buf));
}

/* Where the octet AT of the word that the first reading makes of TEXT stands in TEXT. */
static size_t place_of(const char *text, size_t at)
{
	char quote = '\0';

	for (size_t i = 0, n = 0; text[i]; i++) {
		char c = text[i];

		if (c != '\\' && (quote ? c == quote : c == '"' || c == '\'')) {
			quote = quote ? '\0' : c;
			continue;
		}
		if (n++ == at)
			return i;
		if (c == '\\' && text[i + 1]) {
			i++;
			if (n++ == at)
				return i;
		}
	}
	return 0;
}

/* TEXT is what COMMAND was read from, at POS. */
static void judge(struct lx *x, const char *command, const char *text, struct diag_pos pos)
{
	struct shellish found;

	if (!shi_find(command, &found))
		return;
	pos.col += (uint32_t)place_of(text, found.at);
	shi_warn(x->diags, &pos, command, &found);
}

size_t lex_command(struct lexer *l, const struct lex_item *item, const char ***argv,
		   struct lex_word *extra, size_t max)
{
	struct lx *x = lex_context(l);
	struct reading r = { .at = item->rest };
	const char *command, *text;
	struct diag_pos pos, first;
	bool quoted, whole, no_memory = false;
	size_t n = 0;

	*argv = NULL;
	command = read_word(x, item, &r, &pos, &quoted);
	if (command)
		*argv = lex_split_command(x->arena, command, &pos, x->diags, &no_memory);
	else if (!r.mistake && !x->stopped)
		diag_add(x->diags, &item->pos, DIAG_MISTAKE, NULL, "'%s' needs a command",
			 item->words[0].text);
	first = pos;
	whole = quoted;
	while (!r.mistake && (text = read_word(x, item, &r, &pos, &quoted)) != NULL) {
		if (n == max) {
			diag_add(x->diags, &pos, DIAG_WARNING, NULL,
				 "'%s' and what follows is not used; quote the command as a whole "
				 "to give it arguments", text);
			break;
		}
		extra[n++] = (struct lex_word){ .text = text, .pos = pos, .quoted = quoted };
	}
	if (*argv && (whole || n == 0))
		judge(x, command, item->rest + (first.col - item->rest_pos.col), first);
	if (no_memory)
		lx_stop(x, "out of memory");
	if (r.mistake)
		diag_add(x->diags, &pos, DIAG_MISTAKE, NULL, "the command cannot be read: %s",
			 r.mistake);
	return n;
}
