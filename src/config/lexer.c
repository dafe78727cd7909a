/*
 * Why this exists: keepalived's text is not a grammar but a pipeline: what a line means depends on
 * what parameters, generators, filters and includes have made of it. The pipeline is written down
 * here in its order, and every stage of it is bounded, for a configuration may be wrong in any way.
 */
#include "config/lexer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/gen.h"
#include "config/include.h"
#include "config/lexctx.h"
#include "config/line.h"
#include "config/lines.h"
#include "config/params.h"
#include "config/source.h"
#include "config/template.h"
#include "config/wide.h"

#define STEPS_MAX 2000		/* replaced parameters in one line */
#define STEP_WORK 64		/* what a replaced parameter costs besides the text that moves */

struct lexer {
	struct lx x;
	struct params *params;
	struct lines *lines;
	struct line line;	/* the line at work; empty when the next one is to be taken */
	struct line ahead;	/* a further line of a definition */
	bool raw;		/* the rest of the line has not been through the pipeline */
	size_t steps;		/* replaced parameters in this line */
	struct lex_item peeked;
	bool has_peeked;
	const char *hashed;	/* of the line at work, see struct lex_item */
	struct place hashed_at;
	bool slashes[LX_FILES_MAX + 1];	/* files in which "//" has been spoken of */
	bool statements;	/* a template's statement has been spoken of */
};

struct lx *lex_context(struct lexer *l)
{
	return &l->x;
}

static struct diag_pos pos_at(const struct lexer *l, size_t at)
{
	return lx_pos(&l->x, line_place(&l->line, at));
}

/* ---- the pipeline ---- */

/* The line is used up: nothing of it is left. */
static void use_up(struct lexer *l)
{
	l->line.from = l->line.len;
}

/* Keeps "#NAME#" behind one word: its value, if it had been filled in. */
static void find_hashes(struct lexer *l, const struct line *line)
{
	size_t at = line->from, n;

	while (at < line->len && line_blank(line->text[at]))
		at++;
	while (at < line->len && !line_blank(line->text[at]))
		at++;
	while (at < line->len && line_blank(line->text[at]))
		at++;
	n = at < line->len ? tpl_hashes(line->text + at, line->len - at) : 0;
	l->hashed = n ? lx_strn(&l->x, line->text + at, n) : NULL;
	l->hashed_at = line_place(line, at);
}

/* Takes LINE_OURS from the beginning of LINE. */
static void drop_ours(struct line *line)
{
	const size_t n = strlen(LINE_OURS);
	size_t at = line->from;

	while (at < line->len && line_blank(line->text[at]))
		at++;
	if (line->len - at > n && memcmp(line->text + at, LINE_OURS, n) == 0 &&
	    line_blank(line->text[at + n]) && !line->at[at].literal)
		line->from = at + n;
}

/* Cuts comments and blanks off LINE, and what stands behind a quote that is never closed. */
static void clean_line(struct lexer *l, struct line *line)
{
	size_t quote;

	drop_ours(line);
	quote = line_uncomment(line);

	if (quote < line->len) {
		struct diag_pos pos = lx_pos(&l->x, line_place(line, quote));

		diag_add(l->x.diags, &pos, DIAG_MISTAKE, NULL,
			 "this double quote is not closed; the rest of the line is ignored");
		line->end = line->at[quote];
		line->len = quote;
	}
	line_trim(line);
}

/* Adds the octets of LINE from AT on to a growing array of pieces; false: no memory. */
static bool add_piece(struct lexer *l, struct piece **v, size_t *n, const struct line *line,
		      size_t at)
{
	if ((*n & (*n - 1)) == 0) {
		struct piece *grown = lx_array(&l->x, *n ? *n * 2 : 1, sizeof(*grown));

		if (!grown)
			return false;
		if (*n > 0)
			memcpy(grown, *v, *n * sizeof(*grown));
		*v = grown;
	}
	return lx_keep(&l->x, line, at, &(*v)[(*n)++]);
}

/* True when LINE ends in a backslash behind AT, which is cut off with the blanks before it. */
static bool cut_continuation(struct line *line, size_t at)
{
	if (line->len <= at || line->text[line->len - 1] != '\\')
		return false;
	line->len--;
	while (line->len > at && line_blank(line->text[line->len - 1]))
		line->len--;
	return true;
}

/* Takes the further lines of a definition, which started at POS; false when there is no memory. */
static bool define_lines(struct lexer *l, struct piece **v, size_t *n, struct diag_pos pos)
{
	bool more = true;

	while (more) {
		l->ahead.len = 0;
		l->ahead.from = 0;
		if (lines_more(l->lines, &l->ahead))
			clean_line(l, &l->ahead);
		if (l->ahead.from == l->ahead.len) {
			diag_add(l->x.diags, &pos, DIAG_WARNING, NULL,
				 "the definition ends at an empty line or comment although the "
				 "line before asks for more with its '\\'");
			return !l->x.stopped;
		}
		more = cut_continuation(&l->ahead, l->ahead.from);
		if (l->ahead.from < l->ahead.len && !add_piece(l, v, n, &l->ahead, l->ahead.from))
			return false;
	}
	return true;
}

/*
 * "$NAME=VALUE": true when the line is one, and it is used up. A value of one line gets the place
 * of its user; one of several lines keeps its places, for mistakes in it are mistakes there.
 */
static bool define(struct lexer *l, bool wanted)
{
	struct line *line = &l->line;
	size_t name = line->from + 1;
	struct diag_pos pos = pos_at(l, line->from);
	size_t len, value, n = 0;
	struct piece *v = NULL;
	bool ok, more;

	if (line->from == line->len || line->text[line->from] != '$')
		return false;
	len = params_name(line->text + name, line->len - name);
	value = name + len + 1;
	if (len == 0 || value > line->len || line->text[value - 1] != '=')
		return false;
	while (value < line->len && line_blank(line->text[value]))
		value++;
	more = cut_continuation(line, value);
	ok = (more && value == line->len) || add_piece(l, &v, &n, line, value);
	if (ok && more)
		ok = define_lines(l, &v, &n, pos);
	if (ok && n == 0)
		ok = add_piece(l, &v, &n, line, line->len);
	for (size_t i = 0; ok && n == 1 && i < v->len; i++)
		v->at[i].line = 0;
	if (ok && wanted)
		params_set(l->params, &l->x, line->text + name, len, v, n);
	use_up(l);
	return true;
}

/* "@ID ..." and "@^ID ...": false, and the line is used up, when it is meant for others. */
static bool filter(struct lexer *l)
{
	struct line *line = &l->line;
	size_t word = line->from + 1, end;
	bool negate = word < line->len && line->text[word] == '^';
	size_t id_len = strlen(l->x.config_id);
	bool match;

	word += negate;
	for (end = word; end < line->len && !line_blank(line->text[end]);)
		end++;
	match = end - word == id_len && memcmp(line->text + word, l->x.config_id, id_len) == 0;
	line->from = end;
	line_trim(line);
	if (match != negate)
		return line->from < line->len;
	if (!define(l, false))
		use_up(l);
	return false;
}

/* Counts a replaced parameter; false, and the line is used up, when there are too many of them. */
static bool count_step(struct lexer *l)
{
	struct diag_pos pos = lx_pos(&l->x, l->x.here);

	if (++l->steps < STEPS_MAX && lx_pay(&l->x, l->line.len + STEP_WORK))
		return true;
	if (!l->x.stopped)
		diag_add(l->x.diags, &pos, DIAG_MISTAKE, NULL,
			 "more than %d parameters are replaced in this line, which is ignored; "
			 "does one refer to itself?", STEPS_MAX);
	use_up(l);
	return false;
}

/* "~SEQ(...) ..." and its like: true when the line is one, and it is used up. */
static bool generate(struct lexer *l)
{
	const struct piece *more;
	struct gen *g;
	size_t size, n_more;

	while ((size = gen_head(&l->line)) != 0 &&
	       params_step(l->params, &l->x, &l->line, l->line.from + size, &more, &n_more)) {
		if (!count_step(l))
			return true;
	}
	if (size == 0)
		return false;
	g = gen_open(&l->x, &l->line, size);
	if (g)
		lines_push_gen(l->lines, g);
	use_up(l);
	return true;
}

/* Replaces one parameter: true when the line has changed and must be looked at again. */
static bool substitute(struct lexer *l)
{
	const struct piece *more;
	size_t n_more;

	if (!params_step(l->params, &l->x, &l->line, l->line.len, &more, &n_more) || !count_step(l))
		return false;
	if (n_more == 0 || lines_push_pieces(l->lines, more, n_more))
		return true;
	use_up(l);
	return false;
}

/* "include PATTERN" and its like: true when the line is one, and it is used up. */
static bool include(struct lexer *l)
{
	size_t at;
	int checks = inc_keyword(&l->line, &at);
	struct diag_pos pos;
	const char *pattern, **paths;

	if (checks < 0)
		return false;
	checks |= l->x.checks;
	pos = pos_at(l, at);
	pattern = lx_strn(&l->x, l->line.text + at, l->line.len - at);
	paths = pattern ? inc_expand(&l->x, pattern, checks, &pos) : NULL;
	if (paths && *paths)
		lines_push_paths(l->lines, paths, checks, &pos);
	use_up(l);
	return true;
}

/* "{% if x %}": true when the line is a template's statement, and it is used up. */
static bool is_statement(struct lexer *l)
{
	struct line *line = &l->line;
	struct diag_pos pos = pos_at(l, line->from);

	if (line->len - line->from < 2 || memcmp(line->text + line->from, "{%", 2) != 0)
		return false;
	if (!l->statements)
		diag_add(l->x.diags, &pos, DIAG_MISTAKE, NULL,
			 "this is a statement of a template, which has not been rendered; all such "
			 "lines are skipped");
	l->statements = true;
	use_up(l);
	return true;
}

/* Sends the line through the stages; true when there are braces and words left in it. */
static bool cook(struct lexer *l)
{
	l->raw = false;
	do {
		char c;

		if (!lx_pay(&l->x, l->line.len - l->line.from))
			return false;
		if (!l->hashed)
			find_hashes(l, &l->line);
		clean_line(l, &l->line);
		if (is_statement(l))
			return false;
		if (l->line.from == l->line.len)
			return false;
		if (l->line.text[l->line.from] == '@' && !filter(l))
			return false;
		c = l->line.text[l->line.from];
		if ((c == '$' && define(l, true)) || (c == '~' && generate(l)))
			return false;
	} while (substitute(l));
	return l->line.from < l->line.len && !include(l);
}

/* ---- braces and words ---- */

/* The first brace outside quotes, or the end of the line. */
static size_t find_brace(const struct line *line)
{
	bool quoted = false;
	size_t i;

	for (i = line->from; i < line->len; i++) {
		char c = line->text[i];

		size_t n = quoted ? 0 : tpl_braces(line->text + i, line->len - i);

		if (n > 0)
			i += n - 1;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '{' || c == '}'))
			break;
	}
	return i;
}

/* A word in the line: the octets from AT to END, without the quotes that stood around it. */
struct span {
	size_t at, end;
	bool quoted;
};

/* The next word before END, from *AT on, which moves behind it; false when there is none. */
static bool next_span(const struct line *line, size_t *at, size_t end, struct span *s)
{
	size_t i = *at;

	while (i < end && line_blank(line->text[i]))
		i++;
	if (i == end)
		return false;
	s->quoted = line->text[i] == '"';
	s->at = i + s->quoted;
	for (i = s->at; i < end; i++) {
		size_t n = s->quoted ? 0 : tpl_braces(line->text + i, end - i);
		char c = line->text[i];

		if (n > 0) {
			i += n - 1;
			continue;
		}
		if (c == '"' || (!s->quoted && line_blank(c)))
			break;
	}
	s->end = i;
	*at = i + (s->quoted && i < end);
	return true;
}

/* Tells of what looks like syntax and is not: the characters that wide_find() knows. */
static void check_look(struct lexer *l, const struct span *s)
{
	const char *word = l->line.text + s->at, *meant;
	size_t len = s->end - s->at, at = 0;
	struct diag_pos pos;

	if (s->quoted)
		return;
	meant = wide_find(word, len, &at);
	pos = pos_at(l, s->at + at);
	if (meant)
		diag_add(l->x.diags, &pos, DIAG_WARNING, NULL,
			 "this is not '%s' but a character that looks like it, and is taken as "
			 "part of the word", meant);
}

/* The words of the line before END, which are at least one. False stops the lexer. */
static bool take_words(struct lexer *l, size_t end, struct lex_item *out)
{
	size_t at = l->line.from, n = 0, first = 0;
	struct lex_word *words;
	struct span s;

	while (next_span(&l->line, &at, end, &s)) {
		if (n++ == 0)
			first = at;
	}
	words = lx_array(&l->x, n, sizeof(*words));
	for (size_t i = 0; words && i < n; i++) {
		next_span(&l->line, &l->line.from, end, &s);
		check_look(l, &s);
		words[i].text = lx_strn(&l->x, l->line.text + s.at, s.end - s.at);
		words[i].pos = pos_at(l, s.at - s.quoted);
		words[i].quoted = s.quoted;
	}
	while (first < end && line_blank(l->line.text[first]))
		first++;
	*out = (struct lex_item){ .kind = LEX_WORDS, .words = words, .n = n };
	out->rest_pos = pos_at(l, first);
	out->rest = lx_strn(&l->x, l->line.text + first, end - first);
	out->hashed = n == 1 ? l->hashed : NULL;
	out->hashed_pos = lx_pos(&l->x, l->hashed_at);
	l->line.from = end;
	if (l->x.stopped)
		return false;
	out->pos = words[0].pos;
	if (strcmp(words[0].text, "include_check") == 0)
		l->x.checks = inc_options(&l->x, l->x.checks, out);
	return true;
}

/*
 * What stands behind "//" is a comment to its writer. It is no value either, unless it is the word
 * behind the keyword and may be one: "//host/share".
 */
static bool begins_remark(const struct line *line, size_t at, size_t words)
{
	unsigned char next = at + 2 < line->len ? (unsigned char)line->text[at + 2] : ' ';

	return line->len - at >= 2 && line->text[at] == '/' && line->text[at + 1] == '/' &&
	       (words != 1 || line_blank((char)next) || next >= 0x80);
}

/* Cuts the line at "//", which is said once a file. */
static void cut_remark(struct lexer *l)
{
	struct line *line = &l->line;
	size_t at = line->from, words = 0;
	struct diag_pos pos;
	struct span s;

	while (next_span(line, &at, line->len, &s)) {
		struct place place = line_place(line, s.at);

		if (s.quoted || !begins_remark(line, s.at, words)) {
			words++;
			continue;
		}
		pos = lx_pos(&l->x, place);
		if (!l->slashes[place.file])
			diag_add(l->x.diags, &pos, DIAG_WARNING, NULL,
				 "'//' starts no comment, '#' and '!' do: to keepalived the rest "
				 "of such a line is words and braces; here it is left out");
		l->slashes[place.file] = true;
		line->end = place;
		line->len = s.at;
		line_trim(line);
		return;
	}
}

/* The next item of the line at work; false when nothing is left of it. */
static bool split(struct lexer *l, struct lex_item *out)
{
	struct line *line = &l->line;
	size_t brace, end;

	if (l->raw) {
		if (!cook(l))
			return false;
		cut_remark(l);
	}
	line_trim(line);
	if (line->from == line->len)
		return false;
	brace = find_brace(line);
	if (brace == line->from) {
		*out = (struct lex_item){ .pos = pos_at(l, brace), .rest = "" };
		out->kind = line->text[brace] == '{' ? LEX_OPEN : LEX_CLOSE;
		line->from++;
		l->raw = true;
		return true;
	}
	for (end = brace; line_blank(line->text[end - 1]);)
		end--;
	return take_words(l, end, out);
}

static void produce(struct lexer *l, struct lex_item *out)
{
	while (!l->x.stopped) {
		if (l->line.from < l->line.len) {
			if (split(l, out))
				return;
			use_up(l);
			continue;
		}
		if (!lines_next(l->lines, l->params, &l->line))
			break;
		l->raw = true;
		l->steps = 0;
		l->hashed = NULL;
	}
	*out = (struct lex_item){ .kind = LEX_END, .pos = lx_pos(&l->x, l->x.here), .rest = "" };
}

/* ---- the public face ---- */

/* The host's name up to its first dot, for @id lines. */
static const char *default_id(struct lx *x)
{
	const char *name = x->source->host_name(x->source->ctx, x->arena);

	return name ? lx_strn(x, name, strcspn(name, ".")) : NULL;
}

static bool start(struct lexer *l, const char *name, const char *text, size_t len,
		  const struct cfg_options *options)
{
	struct src_text t = { .text = malloc(len + 1), .len = len };
	const char *file = lx_strn(&l->x, name, strlen(name));
	const char *cwd = l->x.source->cwd(l->x.source->ctx, l->x.arena);

	l->params = params_new(&l->x);
	l->lines = lines_new(&l->x);
	l->x.config_id = options->config_id ? options->config_id : default_id(&l->x);
	l->x.cwd = cwd;
	l->x.dir = "";
	l->x.checks = options->strict_includes ? INC_ALL : 0;
	if (!t.text || !file || !cwd || !l->params || !l->lines || !l->x.config_id) {
		free(t.text);
		return false;
	}
	memcpy(t.text, text, len);
	return lines_push_text(l->lines, file, t);
}

struct lexer *lex_open(struct arena *arena, const char *name, const char *text, size_t len,
		       const struct cfg_options *options, struct diag_list *diags)
{
	struct lexer *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->x.arena = arena;
	l->x.diags = diags;
	l->x.source = options->source ? options->source : &src_host;
	l->x.work = LX_WORK_MAX;
	l->x.mem = LX_MEM_MAX;
	if (start(l, name, text, len, options))
		return l;
	lex_close(l);
	return NULL;
}

void lex_close(struct lexer *l)
{
	if (!l)
		return;
	lines_free(l->lines);
	free(l);
}

void lex_next(struct lexer *l, struct lex_item *out)
{
	if (l->has_peeked)
		*out = l->peeked;
	else
		produce(l, out);
	l->has_peeked = false;
}

const struct lex_item *lex_peek(struct lexer *l)
{
	if (!l->has_peeked)
		produce(l, &l->peeked);
	l->has_peeked = true;
	return &l->peeked;
}

const char *lex_nearest_param(struct lexer *l, const char *name, size_t len)
{
	return params_nearest(l->params, name, len);
}

const char **lex_files(struct lexer *l)
{
	const char **v = arena_array(l->x.arena, l->x.n_files + 1, sizeof(*v));

	if (v)
		memcpy(v, l->x.files, l->x.n_files * sizeof(*v));
	return v;
}

bool lex_stopped(const struct lexer *l)
{
	return l->x.stopped;
}

bool lex_include_failed(const struct lexer *l)
{
	return l->x.include_failed;
}
