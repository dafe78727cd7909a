/*
 * Why this exists: behind a keyword there may be nothing, a number, a name, a command. This file
 * knows how many words each kind takes and as what libconfig type they stand in the tree.
 */
#include "config/dialect.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "config/template.h"

#define MICRO INT64_C(1000000)
#define TEXT_SHOWN 80		/* octets of a word in a sentence */

typedef void (*read_fn)(struct dialect *d, config_setting_t *group, const struct sch_row *row,
			const struct lex_item *item);

/*
 * A word without a value: it stands in the tree with an empty one, for the builder knows what is
 * used instead. A word without an effect, and one that has been given already, are spoken of here.
 */
void dialect_missing(struct dialect *d, config_setting_t *group, const struct sch_row *row,
		     const struct diag_pos *pos)
{
	if (row->at != SCH_NOWHERE && group &&
	    !config_setting_get_member(group, sch_setting(row)))
		tree_add_text(d->tree, group, sch_setting(row), "", pos, pos);
	else
		diag_add(d->diags, pos, DIAG_MISTAKE, NULL,
			 "'%s' needs a value; the line is ignored", row->word);
}

static bool missing(struct dialect *d, config_setting_t *group, const struct sch_row *row,
		    const struct lex_item *item)
{
	if (item->n > 1)
		return false;
	dialect_missing(d, group, row, &item->pos);
	if (!item->hashed || !group || row->at == SCH_NOWHERE)
		return true;
	diag_add(d->diags, &item->hashed_pos, DIAG_MISTAKE, NULL,
		 "'%s' is a placeholder that nobody has filled in, and '#' begins a comment",
		 item->hashed);
	tree_tell(config_setting_get_member(group, sch_setting(row)));
	return true;
}

/* Kinds of which any word may be a value. */
static bool takes_any(const struct sch_row *row)
{
	return row->kind == SCH_WORD || row->kind == SCH_IFACE;
}

/*
 * Says that WORD has been left by a template, which the builder goes on with: what is used instead.
 * True when it has.
 */
static bool left_by_template(struct dialect *d, const struct sch_row *row,
			     const struct lex_word *word)
{
	bool near = row->kind == SCH_CHOICE && word_nearest(word->text, row->choices);
	enum tpl_kind kind = tpl_kind(word->text, !takes_any(row) && !near);
	bool secret = row->flags & SCH_F_SECRET;
	char shown[TEXT_SHOWN + 3] = "this";
	const char *name, *end = row->kind == SCH_WORD ? ", so it is taken as it stands" : "";
	size_t len;

	if (!secret)
		snprintf(shown, sizeof(shown), "'%.*s'",
			 (int)utf8_cut(word->text, TEXT_SHOWN), word->text);
	if (kind == TPL_PLACEHOLDER)
		diag_add(d->diags, &word->pos, DIAG_MISTAKE, NULL,
			 "%s is a placeholder that nobody has filled in%s", shown, end);
	if (kind != TPL_PARAMETER)
		return kind != TPL_NONE;
	name = tpl_parameter(word->text, &len);
	diag_add(d->diags, &word->pos, DIAG_MISTAKE, lex_nearest_param(d->lexer, name, len),
		 "%s is not replaced: no parameter of this name is defined%s", shown, end);
	return true;
}

void dialect_extra(struct dialect *d, const struct lex_item *item, size_t first)
{
	const struct lex_word *word = &item->words[first];

	/* The lexer has spoken about "//". */
	if (item->n <= first || strncmp(word->text, "//", 2) == 0)
		return;
	/* The words are not shown: one of them may be a password on the wrong line. */
	diag_add(d->diags, &word->pos, DIAG_WARNING, NULL, "%s", item->n == first + 1 ?
		 "this word has no meaning here and is ignored" :
		 "the words from here on have no meaning and are ignored");
}

const char *dialect_join(struct dialect *d, const struct lex_item *item, size_t first)
{
	size_t size = 1;
	char *text;

	for (size_t i = first; i < item->n; i++)
		size += strlen(item->words[i].text) + 1;
	text = arena_alloc(d->arena, size);
	if (!text) {
		d->tree->no_memory = true;
		return NULL;
	}
	for (size_t i = first; i < item->n; i++) {
		if (i > first)
			strcat(text, " ");
		strcat(text, item->words[i].text);
	}
	return text;
}

/* A whole number in base 10 that fits. */
static bool whole(const char *text, int64_t *out)
{
	const char *digits = *text == '-' || *text == '+' ? text + 1 : text;
	size_t n = strspn(digits, "0123456789");

	if (n == 0 || n > 18 || digits[n])
		return false;
	*out = strtoll(text, NULL, 10);
	return true;
}

/* Decimal seconds, rounded to microseconds. */
static bool seconds(const char *text, int64_t *us)
{
	size_t n = strspn(text, "0123456789"), f = 0;
	int64_t unit = MICRO;

	if (text[n] == '.')
		f = strspn(text + n + 1, "0123456789");
	if (n + f == 0 || n > 12 || text[n + f + (text[n] == '.')])
		return false;
	*us = n ? strtoll(text, NULL, 10) * MICRO : 0;
	for (size_t i = 0; i < f && unit > 1; i++) {
		unit /= 10;
		*us += (text[n + 1 + i] - '0') * unit;
	}
	if (f > 6 && text[n + 7] >= '5')
		(*us)++;
	return true;
}

static bool boolean(const char *text, bool *out)
{
	static const char *const yes[] = { "on", "true", "yes" };
	static const char *const no[] = { "off", "false", "no" };

	for (size_t i = 0; i < 3; i++) {
		if (strcmp(text, yes[i]) == 0 || strcmp(text, no[i]) == 0) {
			*out = strcmp(text, yes[i]) == 0;
			return true;
		}
	}
	return false;
}

static void add_number(struct dialect *d, config_setting_t *group, const char *name, int64_t n,
		       const struct diag_pos *key, const struct diag_pos *value)
{
	bool small = n >= INT_MIN && n <= INT_MAX;
	config_setting_t *s = tree_add(d->tree, group, name,
				       small ? CONFIG_TYPE_INT : CONFIG_TYPE_INT64, key, value);

	if (s && small)
		config_setting_set_int(s, (int)n);
	else if (s)
		config_setting_set_int64(s, n);
}

static void add_bool(struct dialect *d, config_setting_t *group, const char *name, bool on,
		     const struct diag_pos *key, const struct diag_pos *value)
{
	config_setting_t *s = tree_add(d->tree, group, name, CONFIG_TYPE_BOOL, key, value);

	if (s)
		config_setting_set_bool(s, on);
}

void dialect_scalar(struct dialect *d, config_setting_t *group, const struct sch_row *row,
		    const struct diag_pos *key, const struct lex_word *word)
{
	const char *name = sch_setting(row);
	config_setting_t *s;
	int64_t n;
	bool on;

	if (left_by_template(d, row, word)) {
		tree_tell(tree_add_text(d->tree, group, name, word->text, key, &word->pos));
		return;
	}
	switch (row->kind) {
	case SCH_BOOL:
	case SCH_BARE:
		if (boolean(word->text, &on)) {
			add_bool(d, group, name, on, key, &word->pos);
			return;
		}
		break;
	case SCH_INT:
	case SCH_WEIGHT:
	case SCH_SCOPE:
	case SCH_LIFETIME:
		if (whole(word->text, &n)) {
			add_number(d, group, name, n, key, &word->pos);
			return;
		}
		break;
	case SCH_SECONDS:
		if (seconds(word->text, &n)) {
			s = tree_add(d->tree, group, name, CONFIG_TYPE_FLOAT, key, &word->pos);
			if (s)
				config_setting_set_float(s, (double)n / (double)MICRO);
			return;
		}
		break;
	default:
		break;
	}
	tree_add_text(d->tree, group, name, word->text, key, &word->pos);
}

/* A habit from C: the ';' becomes part of a name or a password, and nobody sees it. */
static void warn_semicolon(struct dialect *d, const struct lex_word *word)
{
	size_t n = strlen(word->text);

	if (!word->quoted && n > 0 && word->text[n - 1] == ';')
		diag_add(d->diags, &word->pos, DIAG_WARNING, NULL,
			 "a line does not end with ';': it is taken as a part of the word before "
			 "it");
}

static void read_flag(struct dialect *d, config_setting_t *group, const struct sch_row *row,
		      const struct lex_item *item)
{
	dialect_extra(d, item, 1);
	add_bool(d, group, sch_setting(row), true, &item->pos, &item->pos);
}

static void read_bare(struct dialect *d, config_setting_t *group, const struct sch_row *row,
		      const struct lex_item *item)
{
	if (item->n == 1) {
		add_bool(d, group, sch_setting(row), true, &item->pos, &item->pos);
		return;
	}
	dialect_scalar(d, group, row, &item->pos, &item->words[1]);
	dialect_extra(d, item, 2);
}

static void read_one(struct dialect *d, config_setting_t *group, const struct sch_row *row,
		     const struct lex_item *item)
{
	if (missing(d, group, row, item))
		return;
	dialect_scalar(d, group, row, &item->pos, &item->words[1]);
	if (row->kind == SCH_WORD || row->kind == SCH_IFACE)
		warn_semicolon(d, &item->words[1]);
	dialect_extra(d, item, 2);
}

/* N [reverse] */
static void read_weight(struct dialect *d, config_setting_t *group, const struct sch_row *row,
			const struct lex_item *item)
{
	bool reverse = item->n > 2 && strcmp(item->words[2].text, "reverse") == 0;

	if (missing(d, group, row, item))
		return;
	dialect_scalar(d, group, row, &item->pos, &item->words[1]);
	if (reverse)
		add_bool(d, group, "reverse", true, &item->words[2].pos, &item->words[2].pos);
	dialect_extra(d, item, reverse ? 3 : 2);
}

static void add_arguments(struct dialect *d, config_setting_t *group, const char *name,
			  const char *const *argv, const struct lex_item *item)
{
	const struct diag_pos *value = &item->rest_pos;
	config_setting_t *array =
		tree_add(d->tree, group, name, CONFIG_TYPE_ARRAY, &item->pos, value);

	for (; array && *argv; argv++)
		tree_add_text(d->tree, array, NULL, *argv, value, value);
}

/* "USER", "USER GROUP", "USER :GROUP", "USER : GROUP"; a colon asks for supplementary groups. */
static void add_user(struct dialect *d, config_setting_t *group, const struct lex_word *words,
		     size_t n, const struct lex_item *item)
{
	size_t used = n > 2 && strcmp(words[1].text, ":") == 0 ? 3 : n > 1 ? 2 : 1;
	const struct lex_word *last = &words[used - 1];
	const char *name = used > 1 ? last->text + strspn(last->text, ":") : "";

	tree_add_text(d->tree, group, "user", words[0].text, &words[0].pos, &words[0].pos);
	if (used > 1 && words[1].text[0] == ':')
		diag_add(d->diags, &words[1].pos, DIAG_WARNING, NULL,
			 "supplementary groups are not set in this version");
	if (*name)
		tree_add_text(d->tree, group, "group", name, &last->pos, &last->pos);
	dialect_extra(d, item, item->n - (n - used));
}

static void read_command(struct dialect *d, config_setting_t *group, const struct sch_row *row,
			 const struct lex_item *item)
{
	struct lex_word extra[4];
	const char **argv;
	size_t n;

	if (missing(d, group, row, item))
		return;
	n = lex_command(d->lexer, item, &argv, extra, 4);
	if (!argv)
		return;
	if (n > 0)
		diag_add(d->diags, &extra[0].pos, DIAG_WARNING, NULL,
			 "only the first word is the command: to give it arguments, put \"...\" "
			 "around all of them; the words from here on are ignored");
	add_arguments(d, group, sch_setting(row), argv, item);
}

/* "COMMAND" [USER [[:]GROUP]] */
static void read_notify(struct dialect *d, config_setting_t *group, const struct sch_row *row,
			const struct lex_item *item)
{
	struct lex_word extra[4];
	config_setting_t *s;
	const char **argv;
	size_t n;

	if (item->n == 1 && (row->flags & SCH_F_BARE_OK))
		return;
	if (missing(d, group, row, item))
		return;
	n = lex_command(d->lexer, item, &argv, extra, 4);
	if (!argv)
		return;
	if (n == 0) {
		add_arguments(d, group, sch_setting(row), argv, item);
		return;
	}
	s = tree_add(d->tree, group, sch_setting(row), CONFIG_TYPE_GROUP, &item->pos,
		     &item->rest_pos);
	add_arguments(d, s, "command", argv, item);
	add_user(d, s, extra, n, item);
}

static void read_user(struct dialect *d, config_setting_t *group, const struct sch_row *row,
		      const struct lex_item *item)
{
	config_setting_t *s;

	if (missing(d, group, row, item))
		return;
	s = tree_add(d->tree, group, sch_setting(row), CONFIG_TYPE_GROUP, &item->pos,
		     &item->words[1].pos);
	add_user(d, s, &item->words[1], item->n - 1, item);
}

static void read_text(struct dialect *d, config_setting_t *group, const struct sch_row *row,
		      const struct lex_item *item)
{
	const char *text;

	if (row->kind == SCH_TEXT && missing(d, group, row, item))
		return;
	text = dialect_join(d, item, 1);
	if (text)
		tree_add_text(d->tree, group, sch_setting(row), text, &item->pos, &item->pos);
}

static const read_fn readers[SCH_N_KINDS] = {
	[SCH_FLAG] = read_flag,
	[SCH_BOOL] = read_one,
	[SCH_BARE] = read_bare,
	[SCH_INT] = read_one,
	[SCH_SECONDS] = read_one,
	[SCH_CHOICE] = read_one,
	[SCH_SCOPE] = read_one,
	[SCH_LIFETIME] = read_one,
	[SCH_WORD] = read_one,
	[SCH_IFACE] = read_one,
	[SCH_ADDR] = read_one,
	[SCH_PREFIX] = read_one,
	[SCH_COMMAND] = read_command,
	[SCH_NOTIFY] = read_notify,
	[SCH_USER] = read_user,
	[SCH_WEIGHT] = read_weight,
	[SCH_TEXT] = read_text,
	[SCH_MAYBE] = read_text,
};

/* A word that had no value now has one. True when its first line has been taken back. */
static bool forget_missing(struct dialect *d, config_setting_t *group, const struct sch_row *row)
{
	config_setting_t *s = group ? config_setting_get_member(group, sch_setting(row)) : NULL;
	const struct diag_pos key = tree_key(s), value = tree_value(s);
	const char *text = s ? config_setting_get_string(s) : NULL;

	if (!text || *text || key.line != value.line || key.col != value.col)
		return false;
	diag_add(d->diags, &key, DIAG_MISTAKE, NULL, "'%s' needs a value; the line is ignored",
		 row->word);
	config_setting_remove(group, sch_setting(row));
	return true;
}

/*
 * A word given twice: keepalived takes the last one, but of a notify script the first. True when
 * the new one must not be read.
 */
static bool keep_first(struct dialect *d, config_setting_t *group, const struct sch_row *row,
		       const struct lex_item *item)
{
	config_setting_t *before =
		group ? config_setting_get_member(group, sch_setting(row)) : NULL;
	bool first_wins = row->kind == SCH_NOTIFY;
	struct diag_pos pos = tree_key(before);

	if (!before || row->kind == SCH_FLAG)
		return before != NULL;
	if (row->at != SCH_NOWHERE)
		diag_add(d->diags, &item->pos, tree_says(before, item->rest) ? DIAG_NOTE :
			 DIAG_WARNING, NULL,
			 "'%s' is given a second time; %s and that of line %u %s", row->word,
			 first_wins ? "this one is ignored" : "this one counts", pos.line,
			 first_wins ? "counts" : "is ignored");
	if (!first_wins && (item->n > 1 || row->kind == SCH_BARE || row->kind == SCH_MAYBE))
		config_setting_remove(group, sch_setting(row));
	if (row->kind == SCH_WEIGHT && config_setting_get_member(group, "reverse"))
		config_setting_remove(group, "reverse");
	return first_wins;
}

void dialect_value(struct dialect *d, config_setting_t *group, const struct sch_row *row,
		   const struct lex_item *item)
{
	if (!(item->n > 1 && forget_missing(d, group, row)) && keep_first(d, group, row, item))
		return;
	readers[row->kind](d, group, row, item);
	tree_keep_text(group ? config_setting_get_member(group, sch_setting(row)) : NULL,
		       item->rest);
}
