/*
 * Why this exists: what has been read with quotes and escapes must be written so that it is read
 * the same way again. Both dialects have their own rules, and a command has to survive two
 * readings.
 */
#include "config/dump.h"

#include <string.h>

/* Octets that mean nothing to keepalived's dialect anywhere in a line; a line may begin with it. */
static bool is_plain(const char *text)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:/-+,%";

	return *text && !text[strspn(text, plain)] && strncmp(text, "include", 7) != 0 &&
	       strncmp(text, "//", 2) != 0;
}

/* libconfig's escapes. */
static void native_string(FILE *to, const char *text)
{
	putc('"', to);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			fprintf(to, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			fprintf(to, "\\x%02x", c);
		else
			putc(c, to);
	}
	putc('"', to);
}

void dump_word(const struct dump *d, const char *text)
{
	if (d->native)
		native_string(d->to, text);
	else
		fprintf(d->to, is_plain(text) ? "%s" : "\"%s\"", text);
}

/* True when C cannot stand for itself in a command, not even between single quotes. */
static bool needs_escape(unsigned char c)
{
	return c < 0x20 || c == 0x7f || c == '"' || c == '\'' || c == '\\' || c == '$';
}

static size_t put_escape(char *at, unsigned char c)
{
	at[0] = '\\';
	at[1] = (char)('0' + (c >> 6));
	at[2] = (char)('0' + (c >> 3 & 7));
	at[3] = (char)('0' + (c & 7));
	return 4;
}

/* One argument at AT, which has room for four octets for each of its own and two more. */
static size_t put_argument(char *at, const char *arg)
{
	bool quote = !*arg || strchr(arg, ' ');
	size_t n = 0;

	for (const char *p = arg; *p; p++)
		quote = quote && !needs_escape((unsigned char)*p);
	if (quote)
		at[n++] = '\'';
	for (; *arg; arg++) {
		unsigned char c = (unsigned char)*arg;

		if (needs_escape(c) || (c == ' ' && !quote))
			n += put_escape(at + n, c);
		else
			at[n++] = (char)c;
	}
	if (quote)
		at[n++] = '\'';
	return n;
}

const char *dump_command(struct arena *arena, const char *const *argv)
{
	size_t size = 1, n = 0;
	char *text;

	for (const char *const *arg = argv; *arg; arg++)
		size += 4 * strlen(*arg) + 3;
	text = arena_alloc(arena, size);
	for (; text && *argv; argv++) {
		if (n > 0)
			text[n++] = ' ';
		n += put_argument(text + n, *argv);
	}
	return text;
}
