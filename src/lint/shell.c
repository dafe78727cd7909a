/*
 * Why this exists: a check script is a part of the election, and the two mistakes that matter most
 * stand in its text: it takes longer than it is given, or it ends the daemon that has started it.
 */
#include "lint/shell.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define US_PER_S 1e6
#define LONGEST_S 1e6

void shl_open(struct shl *s, const char *text, size_t len)
{
	*s = (struct shl){ .text = text, .len = len, .line = 1, .col = 1 };
}

const char *shl_base(const char *word)
{
	const char *slash = strrchr(word, '/');

	return slash ? slash + 1 : word;
}

/* ---- octets ---- */

static char peek(const struct shl *s, size_t ahead)
{
	return s->at + ahead < s->len ? s->text[s->at + ahead] : '\0';
}

static void skip(struct shl *s)
{
	if (s->text[s->at] == '\n') {
		s->line++;
		s->col = 0;
	}
	/* Of a character, the first octet. */
	s->col += ((unsigned char)s->text[s->at] & 0xc0) != 0x80;
	s->at++;
}

static bool at_end(const struct shl *s)
{
	return s->at >= s->len;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool ends_word(char c)
{
	return is_blank(c) || (c && strchr("\n;&|()<>`", c));
}

/* ---- words ---- */

static void put(struct shl_command *c, char octet)
{
	if (c->used < SHL_TEXT - 1)
		c->buf[c->used++] = octet;
}

/* What stands between two QUOTEs; in double quotes a backslash protects. */
static void take_quoted(struct shl *s, struct shl_command *c, char quote)
{
	for (skip(s); !at_end(s) && peek(s, 0) != quote; skip(s)) {
		if (quote == '"' && peek(s, 0) == '\\' && s->at + 1 < s->len)
			skip(s);
		put(c, peek(s, 0));
	}
	if (!at_end(s))
		skip(s);
}

/* Adds the word that begins here; true when any part of it was quoted. */
static bool take_word(struct shl *s, struct shl_command *c)
{
	struct shl_word word = { .text = c->buf + c->used, .line = s->line, .col = s->col };
	bool quoted = false;

	while (!at_end(s) && !ends_word(peek(s, 0))) {
		char octet = peek(s, 0);

		if (octet == '\'' || octet == '"') {
			take_quoted(s, c, octet);
			quoted = true;
			continue;
		}
		if (octet == '\\' && s->at + 1 < s->len)
			skip(s);
		put(c, peek(s, 0));
		skip(s);
	}
	put(c, '\0');
	c->buf[c->used - 1] = '\0';
	if (c->n < SHL_WORDS)
		c->words[c->n++] = word;
	return quoted;
}

/* ---- commands ---- */

enum reserved { NO_WORD, PASS, OPEN, OPEN_LIST, CLOSE };

/* What a word means where a command may begin. */
static enum reserved reserved(const char *word)
{
	static const struct {
		const char *word;
		enum reserved means;
	} table[] = {
		{ "then", PASS },	 { "do", PASS },       { "else", PASS },
		{ "elif", PASS },	 { "!", PASS },	       { "time", PASS },
		{ "if", OPEN },		 { "while", OPEN },    { "until", OPEN },
		{ "{", OPEN },		 { "for", OPEN_LIST }, { "case", OPEN_LIST },
		{ "select", OPEN_LIST }, { "fi", CLOSE },      { "done", CLOSE },
		{ "esac", CLOSE },	 { "}", CLOSE },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(word, table[i].word) == 0)
			return table[i].means;
	}
	return NO_WORD;
}

/* A separator is taken; true when it ends a command. */
static bool take_separator(struct shl *s, struct shl_command *c)
{
	char octet = peek(s, 0);
	bool twice = peek(s, 1) == octet;

	if (octet == '<' || octet == '>') {
		while (!at_end(s) && strchr("<>&-0123456789", peek(s, 0)))
			skip(s);
		return false;
	}
	skip(s);
	if ((octet == '&' || octet == '|') && twice) {
		skip(s);
		s->perhaps = true;
		return true;
	}
	if (octet == '&')
		c->background = c->n > 0;
	return true;
}

static void skip_comment(struct shl *s)
{
	while (!at_end(s) && peek(s, 0) != '\n')
		skip(s);
}

static void begin(struct shl *s, struct shl_command *c)
{
	const char *end = memchr(s->text + s->at, '\n', s->len - s->at);

	c->always = s->depth == 0 && !s->perhaps;
	c->rest = s->text + s->at;
	c->rest_len = end ? (size_t)(end - c->rest) : s->len - s->at;
}

/* One word where C may begin or goes on. */
static void take(struct shl *s, struct shl_command *c)
{
	enum reserved means;

	if (c->n == 0)
		begin(s, c);
	if (take_word(s, c) || c->n != 1)
		return;
	means = reserved(c->words[0].text);
	if (means == OPEN || means == OPEN_LIST)
		s->depth++;
	if (means == CLOSE && s->depth > 0)
		s->depth--;
	if (means == NO_WORD || means == OPEN_LIST)
		return;
	c->n = 0;
	c->used = 0;
}

bool shl_next(struct shl *s, struct shl_command *c)
{
	c->n = 0;
	c->used = 0;
	c->background = false;
	while (!at_end(s)) {
		char octet = peek(s, 0);

		if (is_blank(octet)) {
			skip(s);
		} else if (octet == '\\' && peek(s, 1) == '\n') {
			skip(s);
			skip(s);
		} else if (octet == '#') {
			skip_comment(s);
		} else if (!ends_word(octet)) {
			take(s, c);
		} else if (take_separator(s, c)) {
			if (octet == '\n' || octet == ';')
				s->perhaps = false;
			if (c->n > 0)
				return true;
		}
	}
	return c->n > 0;
}

/* ---- what a command does ---- */

static double unit(char c)
{
	switch (c) {
	case 'm':
		return 60;
	case 'h':
		return 3600;
	case 'd':
		return 86400;
	default:
		return 1;
	}
}

int64_t shl_sleep_us(const struct shl_command *c)
{
	double sum = 0;

	if (c->n < 2 || strcmp(shl_base(c->words[0].text), "sleep") != 0 || c->background)
		return -1;
	for (size_t i = 1; i < c->n; i++) {
		char *end;
		double v = strtod(c->words[i].text, &end);

		if (end == c->words[i].text || !(v >= 0 && v < LONGEST_S))
			continue;
		sum += v * unit(*end);
	}
	return sum < LONGEST_S ? (int64_t)(sum * US_PER_S) : (int64_t)(LONGEST_S * US_PER_S);
}

static bool is_in(const char *word, const char *const *list)
{
	while (*list && strcmp(*list, word) != 0)
		list++;
	return *list != NULL;
}

/* The daemon, or the name of its service. */
static bool is_daemon(const char *word)
{
	static const char *const names[] = {
		"keepalived", "keepalived.service", "holdfast", "holdfast.service", "holdfastd",
		"holdfastd.service", NULL
	};

	return is_in(shl_base(word), names);
}

static bool names_daemon(const struct shl_command *c, size_t from)
{
	while (from < c->n && !is_daemon(c->words[from].text))
		from++;
	return from < c->n;
}

static bool asks_for_stop(const struct shl_command *c, size_t from)
{
	static const char *const actions[] = { "stop",	      "restart",       "kill",
					       "force-stop",  "force-restart", "try-restart",
					       "condrestart", "--now",	       NULL };

	while (from < c->n && !is_in(c->words[from].text, actions))
		from++;
	return from < c->n;
}

/* Signals that end nothing: 0 asks, HUP reloads, USR1 and USR2 write files. */
static bool is_harmless_signal(const struct shl_command *c, size_t from)
{
	static const char *const harmless[] = {
		"0", "HUP", "SIGHUP", "1", "USR1", "SIGUSR1", "10", "USR2", "SIGUSR2", "12", NULL
	};

	for (; from < c->n; from++) {
		const char *word = c->words[from].text;

		if (strcmp(word, "-s") == 0 || strcmp(word, "--signal") == 0)
			return from + 1 < c->n && is_in(c->words[from + 1].text, harmless);
		if (*word == '-' && is_in(word + 1, harmless))
			return true;
	}
	return false;
}

/* "kill $(pidof keepalived)", "kill `cat /run/keepalived.pid`" */
static bool rest_names_daemon(const struct shl_command *c)
{
	return memmem(c->rest, c->rest_len, "keepalived", strlen("keepalived")) ||
	       memmem(c->rest, c->rest_len, "holdfast", strlen("holdfast"));
}

/* What may stand before a command that does the work. */
static bool is_prefix(const char *word)
{
	static const char *const prefixes[] = {
		"sudo", "nohup", "exec", "command", "env", "nice", "timeout", "eval", NULL
	};

	return is_in(shl_base(word), prefixes) || *word == '-' || strchr(word, '=') ||
	       (*word && !word[strspn(word, "0123456789.")]);
}

static bool stops(const struct shl_command *c, size_t verb)
{
	static const char *const managers[] = {
		"service", "systemctl", "rc-service", "invoke-rc.d", "initctl", NULL
	};
	static const char *const killers[] = { "killall", "pkill", NULL };
	const char *word = c->words[verb].text, *base = shl_base(word);

	if (is_in(base, managers))
		return names_daemon(c, verb + 1) && asks_for_stop(c, verb + 1);
	if (strstr(word, "init.d/"))
		return is_daemon(word) && asks_for_stop(c, verb + 1);
	if (is_in(base, killers))
		return names_daemon(c, verb + 1) && !is_harmless_signal(c, verb + 1);
	return strcmp(base, "kill") == 0 && rest_names_daemon(c) &&
	       !is_harmless_signal(c, verb + 1);
}

bool shl_stops_daemon(const struct shl_command *c)
{
	size_t verb = 0;

	while (verb + 1 < c->n && is_prefix(c->words[verb].text))
		verb++;
	return stops(c, verb);
}
