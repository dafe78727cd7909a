/*
 * Why this exists: a line that was copied from a shell looks right and never works, and nothing
 * says so: the program gets `||` as an argument, and fails or ignores it.
 *
 * What is found must be wrong. So quotes and backslashes exempt, a URL may hold what it likes, and
 * programs that take patterns (grep, find) get them as they are written, which is what is meant.
 */
#include "config/shellish.h"

#include <string.h>

#include "base/interpreter.h"
#include "config/line.h"

enum { WORD_MAX = 256 };	/* octets of a word that are looked at */

#define PLAIN ' '		/* the protection of an octet that has none */

struct word {
	size_t n;
	char text[WORD_MAX + 1];
	char by[WORD_MAX + 1];		/* PLAIN, or the quote or backslash that protects it */
	size_t place[WORD_MAX];		/* in the command */
	bool first;
	bool url;
};

/* What the words before have said. */
struct scan {
	const char *start, *at;
	bool patterns;			/* the program takes patterns */
	bool language;			/* it reads a language with signs of its own */
	enum { NO_SHELL_YET, SHELL_NAMED, SHELL_GETS_TEXT } shell;	/* by "sh", by "-c" */
};

/* ---- words ---- */

static void put(struct word *w, const struct scan *s, char by)
{
	if (w->n == WORD_MAX)
		return;
	w->text[w->n] = *s->at;
	w->by[w->n] = by;
	w->place[w->n++] = (size_t)(s->at - s->start);
}

static bool next_word(struct scan *s, struct word *w)
{
	char quote = PLAIN;

	while (line_blank(*s->at))
		s->at++;
	if (!*s->at)
		return false;
	w->n = 0;
	for (; *s->at && (quote != PLAIN || !line_blank(*s->at)); s->at++) {
		char c = *s->at;

		if (c == '\\' && s->at[1]) {
			s->at++;
			put(w, s, c);
		} else if (quote != PLAIN ? c == quote : c == '"' || c == '\'') {
			quote = quote == PLAIN ? c : PLAIN;
		} else {
			put(w, s, quote);
		}
	}
	w->text[w->n] = w->by[w->n] = '\0';
	w->url = strstr(w->text, "://") || strstr(w->text, "{{");
	return true;
}

static bool is_one_of(const char *word, const char *const *list)
{
	while (*list && strcmp(word, *list) != 0)
		list++;
	return *list != NULL;
}

static void take_note(struct scan *s, const struct word *w)
{
	static const char *const patterns[] = { "grep", "egrep", "fgrep", "zgrep", "rg", "pgrep",
						"pkill", "sed", "find", "expr", NULL };
	static const char *const languages[] = { "awk", "gawk", "mawk", "nawk", "jq", "sed", "bc",
						 "psql", "mysql", NULL };
	static const char *const shells[] = { "sh", "bash", "dash", "ash", "ksh", "zsh", NULL };
	const char *slash = strrchr(w->text, '/');
	const char *base = slash ? slash + 1 : w->text;
	bool option = w->text[0] == '-' && s->shell == SHELL_NAMED;

	if (option && w->text[w->n - 1] == 'c')
		s->shell = SHELL_GETS_TEXT;
	else if (!option)
		s->shell = is_one_of(base, shells) ? SHELL_NAMED : NO_SHELL_YET;
	s->patterns |= is_one_of(base, patterns) || is_one_of(base, languages);
	s->language |= itp_is(base) || is_one_of(base, languages);
}

/* ---- what is found in a word: how many octets from *AT on; 0: nothing ---- */

static bool is_plain(const struct word *w, size_t i, const char *signs)
{
	return i < w->n && w->by[i] == PLAIN && strchr(signs, w->text[i]);
}

/* How many octets from I on are plain and one of SIGNS. */
static size_t span(const struct word *w, size_t i, const char *signs)
{
	size_t n = 0;

	while (is_plain(w, i + n, signs))
		n++;
	return n;
}

static bool is_name_octet(char c, bool first)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (!first && c >= '0' && c <= '9');
}

static size_t name_at(const struct word *w, size_t i)
{
	size_t n = 0;

	while (i + n < w->n && is_name_octet(w->text[i + n], n == 0))
		n++;
	return n;
}

/* In the place of the program quotes change nothing. */
static size_t assignment(const struct scan *s, const struct word *w, size_t *at)
{
	size_t n = name_at(w, 0);

	(void)s;
	*at = 0;
	return w->first && n && w->text[n] == '=' ? w->n : 0;
}

static size_t reserved(const struct scan *s, const struct word *w, size_t *at)
{
	static const char *const words[] = {
		"cd", ".", "source", "export", "exit", "return", "eval", "exec", "set", "unset",
		"if", "for", "while", "until", "case", "function", "[[", "!", "{", NULL
	};

	(void)s;
	*at = 0;
	return w->first && (w->text[0] == '(' || is_one_of(w->text, words)) ? w->n : 0;
}

/* sh -c test -e /x: the shell runs "test", and the rest are its parameters. */
static size_t half_text(const struct scan *s, const struct word *w, size_t *at)
{
	bool more = s->at[strspn(s->at, " \t")] != '\0';

	*at = 0;
	return s->shell == SHELL_GETS_TEXT && more && !strpbrk(w->text, " \t$") ? w->n : 0;
}

/* Of another language of configurations. */
static size_t line_end(const struct scan *s, const struct word *w, size_t *at)
{
	*at = w->n ? w->n - 1 : 0;
	return !s->at[strspn(s->at, " \t")] && span(w, *at, ";");
}

static size_t joint(const struct scan *s, const struct word *w, size_t *at)
{
	size_t last = w->n ? w->n - 1 : 0;

	*at = 0;
	if (w->n && span(w, 0, "|&;") == w->n)
		return w->n;
	if (w->url)
		return 0;
	*at = last;
	if (is_plain(w, last, ";&"))
		return 1;
	for (*at = 0; *at < w->n && !s->patterns; ++*at) {
		size_t n = span(w, *at, "|&");

		if (n > 1 || (n && w->text[*at] == '|'))
			return n;
	}
	return 0;
}

/* "2>&1", ">file", "x>/dev/null"; "<" before a path is a command of keepalived's own. */
static size_t redirection(const struct scan *s, const struct word *w, size_t *at)
{
	size_t digits = span(w, 0, "0123456789&");

	*at = 0;
	if (span(w, digits, "<>") && !w->first)
		return w->n;
	for (*at = 1; *at < w->n && !w->url && !s->patterns; ++*at)
		if (is_plain(w, *at, ">") && *at + 1 < w->n && strchr("/&", w->text[*at + 1]))
			return w->n - *at;
	return 0;
}

static size_t substitution(const struct scan *s, const struct word *w, size_t *at)
{
	for (*at = 0; *at < w->n; ++*at) {
		bool open = w->by[*at] == PLAIN || (w->by[*at] == '"' && !s->language);

		if (open && w->text[*at] == '$' && w->text[*at + 1] == '(')
			return 2;
		if (open && w->text[*at] == '`')
			return 1;
	}
	return 0;
}

static size_t variable(const struct scan *s, const struct word *w, size_t *at)
{
	(void)s;
	for (*at = 0; *at < w->n; ++*at) {
		if (!is_plain(w, *at, "$"))
			continue;
		if (is_plain(w, *at + 1, "{") && name_at(w, *at + 2))
			return 3 + name_at(w, *at + 2);
		if (name_at(w, *at + 1))
			return 1 + name_at(w, *at + 1);
	}
	return 0;
}

static size_t glob(const struct scan *s, const struct word *w, size_t *at)
{
	*at = 0;
	if (w->url || s->patterns || !(w->n == 1 || strchr("/.~*", w->text[0])))
		return 0;
	for (size_t i = 0; i < w->n; i++)
		if (is_plain(w, i, "*"))
			return w->n;
	return 0;
}

static size_t home(const struct scan *s, const struct word *w, size_t *at)
{
	size_t name = name_at(w, 1);

	(void)s;
	*at = 0;
	return (is_plain(w, 0, "~") || (w->first && w->text[0] == '~')) &&
	       (name + 1 == w->n || w->text[name + 1] == '/') ?
	       w->n : 0;
}

#define NO_SHELL ", because no shell runs this command"
#define WHOLE "the whole command can stand in \"/bin/sh -c '...'\", or in a script of its own"
#define WRITTEN_OUT \
	"write it out, or put the command into \"/bin/sh -c '...'\" or a script of its own"

static const struct {
	size_t (*find)(const struct scan *s, const struct word *w, size_t *at);
	const char *mistake, *cure;
} kinds[] = {
	{ assignment, "is taken for the program" NO_SHELL,
	  "/usr/bin/env before it sets the variable" },
	{ reserved, "is a word of the shell, not a program, and no shell runs this command",
	  WHOLE },
	{ half_text, "is all that the shell runs", "all of its command belongs in one pair of "
	  "quotes: \"/bin/sh -c '...'\"" },
	{ line_end, "is taken as a part of the word before it",
	  "a line does not end with ';'" },
	{ joint, "does not join two commands" NO_SHELL, WHOLE },
	{ redirection, "does not redirect anything" NO_SHELL, WHOLE },
	{ substitution, "is not replaced by what a command says" NO_SHELL, WHOLE },
	{ variable, "is not replaced by a value" NO_SHELL, WRITTEN_OUT },
	{ home, "is not replaced by a home directory" NO_SHELL, WRITTEN_OUT },
	{ glob, "is not replaced by names of files" NO_SHELL, WRITTEN_OUT },
};

bool shi_find(const char *command, struct shellish *out)
{
	struct scan s = { .start = command, .at = command };
	struct word w = { .first = true };

	for (; next_word(&s, &w); w.first = false) {
		for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
			size_t at = 0, len = kinds[i].find(&s, &w, &at);

			if (!len)
				continue;
			if (len > w.n - at)
				len = w.n - at;		/* "${NAME" is not closed */
			*out = (struct shellish){
				.at = w.place[at], .mistake = kinds[i].mistake,
				.cure = kinds[i].cure,
				.len = w.place[at + len - 1] + 1 - w.place[at],
			};
			return true;
		}
		take_note(&s, &w);
	}
	return false;
}

void shi_warn(struct diag_list *diags, const struct diag_pos *pos, const char *command,
	      const struct shellish *found)
{
	int len = found->len < 40 ? (int)found->len : 40;

	diag_add(diags, pos, DIAG_WARNING, NULL, "'%.*s' %s; %s", len,
		 command + found->at, found->mistake, found->cure);
}

bool shi_is_no_program(const char *word)
{
	struct word w = { .first = true };
	size_t at;

	if (strlen(word) > WORD_MAX)
		return false;
	w.n = strlen(word);
	memcpy(w.text, word, w.n + 1);
	return assignment(NULL, &w, &at) || reserved(NULL, &w, &at) || home(NULL, &w, &at);
}
