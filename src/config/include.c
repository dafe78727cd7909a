/*
 * Why this exists: an include line has rules of its own, about names and not about text: braces and
 * wildcards, and five degrees of how bad it is that a file is not there. Braces are expanded here
 * and not by glob(3), because "{a,b}{a,b}{a,b}..." doubles with each pair and must be bounded.
 */
#include "config/include.h"

#include <stdio.h>
#include <string.h>

#define ALTERNATIVES_MAX 256	/* of one pattern */
#define PATTERN_MAX (LINE_CAP + 1)
#define MATCH_WORK 65536	/* what a look into directories costs, in octets looked at */

static const struct keyword {
	const char *word;
	int checks;
} keywords[] = {
	{ "include", 0 },
	{ "includer", INC_READ },
	{ "includem", INC_READ | INC_MATCH },
	{ "includew", INC_READ | INC_MATCH | INC_WILDCARD },
	{ "includeb", INC_READ | INC_BRACE },
	{ "includea", INC_ALL },
};

static const struct keyword options[] = {
	{ "read", INC_READ },
	{ "readable", INC_READ },
	{ "match", INC_READ | INC_MATCH },
	{ "wildcard_match", INC_READ | INC_WILDCARD },
	{ "brace_match", INC_READ | INC_BRACE },
};

int inc_keyword(const struct line *l, size_t *pattern)
{
	size_t at = l->from, n;

	while (at < l->len && !line_blank(l->text[at]))
		at++;
	n = at - l->from;
	while (at < l->len && line_blank(l->text[at]))
		at++;
	if (at == l->len)
		return -1;
	*pattern = at;
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		if (n == strlen(keywords[i].word) &&
		    memcmp(l->text + l->from, keywords[i].word, n) == 0)
			return keywords[i].checks;
	}
	return -1;
}

/* The checks that an option names, -1 for an unknown one. */
static int option_checks(const char *word)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (strcmp(word, options[i].word) == 0)
			return options[i].checks;
	}
	return -1;
}

int inc_options(struct lx *x, int checks, const struct lex_item *line)
{
	static const char *const known[] = {
		"read", "match", "wildcard_match", "brace_match", NULL
	};
	bool fresh = true;

	if (line->n < 2)
		return INC_ALL;
	for (size_t i = 1; i < line->n; i++) {
		const char *word = line->words[i].text;
		bool sign = word[0] == '+' || word[0] == '-';
		int option = option_checks(word + sign);

		if (option < 0) {
			diag_add(x->diags, &line->words[i].pos, DIAG_MISTAKE,
				 word_nearest(word + sign, known),
				 "include_check knows no option '%s'", word);
			continue;
		}
		if (word[0] == '-') {
			checks &= option == INC_READ ? 0 : ~(option & ~INC_READ);
			continue;
		}
		if (!sign && fresh)
			checks = 0;
		fresh = fresh && sign;
		checks |= option;
	}
	return checks;
}

/* What one expansion works on; bundled, for the functions below hand it to each other. */
struct expansion {
	struct lx *x;
	const struct diag_pos *pos;
	int checks;
	const char *alternative[ALTERNATIVES_MAX];
	size_t n_alternatives;
	const char **paths;
	size_t n_paths, size;
};

/* The brace that closes the one at S, or NULL; *COMMAS tells whether they hold a list. */
static const char *matching_brace(const char *s, bool *commas)
{
	int depth = 0;

	*commas = false;
	for (; *s; s++) {
		if (*s == '{')
			depth++;
		else if (*s == '}' && --depth == 0)
			return s;
		else if (*s == ',' && depth == 1)
			*commas = true;
	}
	return NULL;
}

/* The first brace expression with a comma in it, as csh has it; NULL if there is none. */
static const char *find_braces(const char *s, const char **close)
{
	bool commas;

	for (s = strchr(s, '{'); s; s = strchr(s + 1, '{')) {
		*close = matching_brace(s, &commas);
		if (*close && commas)
			return s;
	}
	return NULL;
}

/* The end of the item of a brace list that starts at S: a comma of this depth, or CLOSE. */
static const char *item_end(const char *s, const char *close)
{
	int depth = 0;

	for (; s < close; s++) {
		if (*s == ',' && depth == 0)
			return s;
		depth += (*s == '{') - (*s == '}');
	}
	return close;
}

static bool too_many(struct expansion *e)
{
	diag_add(e->x->diags, e->pos, DIAG_MISTAKE, NULL,
		 "the braces of this pattern give more than %d names", ALTERNATIVES_MAX);
	return false;
}

/*
 * Replaces the pattern at INDEX by its alternatives, one for each item of its first braces. The
 * last item takes the pattern's own slot's successor, so the order of the text is kept.
 */
static bool split_braces(struct expansion *e, size_t index, const char *open, const char *close)
{
	const char *pattern = e->alternative[index];
	size_t head = (size_t)(open - pattern), n = 0;
	const char *made[ALTERNATIVES_MAX];
	char buf[PATTERN_MAX];

	for (const char *s = open + 1; s <= close;) {
		const char *end = item_end(s, close);

		if (n + e->n_alternatives > ALTERNATIVES_MAX)
			return too_many(e);
		snprintf(buf, sizeof(buf), "%.*s%.*s%s", (int)head, pattern, (int)(end - s), s,
			 close + 1);
		made[n] = lx_strn(e->x, buf, strlen(buf));
		if (!made[n++])
			return false;
		s = end + 1;
	}
	if (n + e->n_alternatives - 1 > ALTERNATIVES_MAX)
		return too_many(e);
	memmove(&e->alternative[index + n], &e->alternative[index + 1],
		(e->n_alternatives - index - 1) * sizeof(*e->alternative));
	memcpy(&e->alternative[index], made, n * sizeof(*made));
	e->n_alternatives += n - 1;
	return true;
}

/* Expands until no alternative has braces; false when there are too many or no memory. */
static bool expand_braces(struct expansion *e)
{
	for (size_t i = 0; i < e->n_alternatives;) {
		const char *close, *open = find_braces(e->alternative[i], &close);

		if (!open)
			i++;
		else if (!split_braces(e, i, open, close))
			return false;
	}
	return true;
}

static bool add_path(struct expansion *e, const char *path)
{
	if (e->n_paths == e->size) {
		size_t size = e->size ? e->size * 2 : 8;
		const char **v = lx_array(e->x, size + 1, sizeof(*v));

		if (!v)
			return false;
		if (e->n_paths > 0)
			memcpy(v, e->paths, e->n_paths * sizeof(*v));
		e->paths = v;
		e->size = size;
	}
	e->paths[e->n_paths++] = path;
	return true;
}

static void missing(struct expansion *e, bool checked, enum diag_severity otherwise,
		    const char *why, const char *pattern)
{
	diag_add(e->x->diags, e->pos, checked ? DIAG_FATAL : otherwise, NULL, "%s '%s'%s", why,
		 pattern, *pattern != '~' ? "" :
		 "; '~' is no home directory here, for no shell reads it: write the whole path");
	e->x->include_failed |= checked;
}

/* The files of one alternative; their number. */
static size_t match_one(struct expansion *e, const char *pattern)
{
	struct lx *x = e->x;
	size_t dir = pattern[0] == '/' ? 0 : strlen(x->dir), n;
	char *path = lx_array(x, dir + strlen(pattern) + 1, 1);
	const char **found;

	if (!path)
		return 0;
	memcpy(path, x->dir, dir);
	memcpy(path + dir, pattern, strlen(pattern));
	if (!lx_pay(x, MATCH_WORK))
		return 0;
	n = x->source->match(x->source->ctx, x->arena, path, &found);
	if (!found)
		lx_stop(x, "no memory or file descriptor to look for files");
	for (size_t i = 0; i < n; i++) {
		if (!lx_owe(x, strlen(found[i])) || !add_path(e, found[i]))
			return i;
	}
	return n;
}

const char **inc_expand(struct lx *x, const char *pattern, int checks, const struct diag_pos *pos)
{
	struct expansion e = { .x = x, .pos = pos, .checks = checks, .n_alternatives = 1 };
	bool wild = pattern[strcspn(pattern, "*?[")] != '\0';
	bool braces;

	e.alternative[0] = pattern;
	if (!expand_braces(&e))
		return lx_array(x, 1, sizeof(*e.paths));
	braces = e.n_alternatives > 1;
	for (size_t i = 0; i < e.n_alternatives; i++) {
		if (match_one(&e, e.alternative[i]) == 0 && braces)
			missing(&e, checks & INC_BRACE, DIAG_NOTE, "nothing matches",
				e.alternative[i]);
	}
	if (e.n_paths == 0 && wild && !braces)
		missing(&e, checks & INC_WILDCARD, DIAG_NOTE, "nothing matches", pattern);
	if (e.n_paths == 0 && !wild && !braces)
		missing(&e, checks & (INC_MATCH | INC_WILDCARD), DIAG_MISTAKE, "there is no file",
			pattern);
	if (!e.paths)
		return lx_array(x, 1, sizeof(*e.paths));
	return e.paths;
}
