/*
 * Why this exists: `auth_pass pa#ss` is a password of two octets, and nobody is told. A comment
 * sign inside a word is lost before any keyword is looked at, so this rule reads the files
 * themselves.
 */
#include "lint/rules.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "config/line.h"
#include "config/schema.h"
#include "config/source.h"

#define WORD_MAX 64

/* Words whose value is free text. Behind a number or a fixed word a comment sign is meant. */
static bool takes_text(const char *word)
{
	static const enum sch_block blocks[] = { SCH_ROOT, SCH_GLOBAL,	 SCH_SCRIPT,
						 SCH_SYNC, SCH_INSTANCE, SCH_AUTH };

	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		const struct sch_row *row = sch_find(blocks[i], word);

		if (row && (row->kind == SCH_WORD || row->kind == SCH_COMMAND ||
			    row->kind == SCH_NOTIFY || row->kind == SCH_USER ||
			    row->kind == SCH_NAMED))
			return true;
	}
	return false;
}

/* A line up to its comment sign. */
struct cut {
	const char *text;
	size_t len;
	size_t word;		/* where the part behind the last brace begins */
	size_t at;		/* the comment sign; LEN: there is none */
	bool single;		/* behind a single quote, which does not help */
};

static void find_sign(struct cut *c)
{
	bool quoted = false;

	for (c->at = 0; c->at < c->len; c->at++) {
		char octet = c->text[c->at];

		if (octet == '"')
			quoted = !quoted;
		else if (quoted)
			continue;
		else if (octet == '#' || octet == '!')
			return;
		else if (octet == '\\' && c->at + 1 < c->len)
			c->at += c->text[c->at + 1] == '#' || c->text[c->at + 1] == '!';
		else if (octet == '\'')
			c->single = !c->single;
		else if (octet == '{' || octet == '}')
			*c = (struct cut){ c->text, c->len, c->at + 1, c->at, false };
	}
}

/* Between two single quotes, and no mere apostrophe. */
static bool is_quoted(const struct cut *c)
{
	return c->single && memchr(c->text + c->at, '\'', c->len - c->at);
}

/* What stands behind the sign and all that are like it; a blank at the line's end. */
static char behind_sign(const struct cut *c)
{
	size_t at = c->at;

	while (at < c->len && c->text[at] == c->text[c->at])
		at++;
	return at < c->len ? c->text[at] : ' ';
}

/* True when the sign belongs to a word as typed, or stands where somebody has quoted it. */
static bool is_inside(const struct cut *c)
{
	char before = c->at > 0 ? c->text[c->at - 1] : ' ', behind = behind_sign(c);

	if (is_quoted(c))
		return true;
	return !line_blank(before) && !strchr("{}\"", before) &&
	       (line_blank(behind) || (behind > ' ' && behind < 0x7f));
}

/* Where in its word, in words. */
static const char *where(const struct cut *c)
{
	if (is_quoted(c))
		return "in the middle of a word too, and between single quotes";
	return line_blank(behind_sign(c)) ? "at the end of a word too" :
	       "in the middle of a word too";
}

/* The keyword that the sign takes something from; false: it takes nothing. */
static bool find_keyword(struct cut *c, char word[static WORD_MAX])
{
	size_t from = c->word, n;

	while (from < c->at && line_blank(c->text[from]))
		from++;
	for (n = 0; from + n < c->at && !line_blank(c->text[from + n]) && n < WORD_MAX - 1; n++)
		word[n] = c->text[from + n];
	word[n] = '\0';
	if (*word == '$' && strchr(word, '=')) {
		*strchr(word, '=') = '\0';
		return true;
	}
	return from + n < c->at && takes_text(word);
}

static void look_at(struct lnt *l, const struct lnt_rule *rule, const struct lnt_node *node,
		    struct cut *c, struct diag_pos pos)
{
	char word[WORD_MAX], sign;
	struct lnt_said *said;

	find_sign(c);
	if (c->at == c->len || !is_inside(c) || !find_keyword(c, word))
		return;
	sign = c->text[c->at];
	pos.col = (uint32_t)utf8_count(c->text, c->at) + 1;
	said = lnt_say(l, rule, node, &pos,
		       "the value of '%s' ends before this '%c': it starts a comment, %s", word,
		       sign, where(c));
	lnt_instead(l, said,
		  "the whole value in double quotes; or a blank before '%c', if a comment is meant",
		  sign);
}

static void look_at_file(struct lnt *l, const struct lnt_rule *rule, const struct lnt_node *node,
			 const char *file, const struct src_text *t)
{
	struct diag_pos pos = { .file = file };

	for (size_t at = 0; at < t->len;) {
		const char *text = t->text + at, *nl = memchr(text, '\n', t->len - at);
		size_t len = nl ? (size_t)(nl - text) : t->len - at;
		struct cut c = { .text = text, .len = len };

		pos.line++;
		if (len <= LINE_CAP)
			look_at(l, rule, node, &c, pos);
		at += len + 1;
	}
}

void rule_value_cut(struct lnt *l, const struct lnt_rule *rule, struct lnt_node *node)
{
	for (size_t i = 0; node->files[i] && !node->native; i++) {
		struct src_text t = { 0 };

		if (node->source->read(node->source->ctx, node->files[i], &t) == SRC_OK)
			look_at_file(l, rule, node, node->files[i], &t);
		free(t.text);
	}
}
