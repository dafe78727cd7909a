/*
 * Why this exists: an address or a tracked script is one line with options in any order. The line
 * becomes a group, as a writer of the native dialect would have written it.
 */
#include "config/dialect.h"

#include <string.h>

#include "base/addr.h"

/* In the place of an entry that cannot be used: that there was one decides about an instance. */
static void drop_last(struct dialect *d, config_setting_t *list, const struct lex_item *item)
{
	int n = list ? config_setting_length(list) : 0;

	if (n > 0)
		config_setting_remove_elem(list, (unsigned int)n - 1);
	tree_add(d->tree, list, NULL, CONFIG_TYPE_BOOL, &item->pos, &item->pos);
}

/* A word that is no option of the line. True when the line can be used without it. */
static bool unknown_option(struct dialect *d, const struct sch_row *block,
			   const struct lex_word *word)
{
	const char *near = sch_nearest(block->sub, word->text);
	bool useful = block->sub == SCH_VIP &&
		      !(near && sch_find(block->sub, near)->flags & SCH_F_PLACE);

	if (strncmp(word->text, "//", 2) == 0)
		return true;	/* the lexer has spoken about it */
	diag_add(d->diags, &word->pos, DIAG_MISTAKE, near,
		 "unknown option '%s' in %s; %s is ignored", word->text, block->word,
		 useful ? "the word" : "the line");
	return useful;
}

/* The index behind an unknown option: its value goes with it when it was meant to have one. */
static size_t behind_unknown(const struct sch_row *block, const struct lex_item *item, size_t i)
{
	const char *near = sch_nearest(block->sub, item->words[i].text);
	bool has_value = near && sch_find(block->sub, near)->kind != SCH_FLAG;

	if (strncmp(item->words[i].text, "//", 2) == 0)
		return item->n;
	return i + 1 +
	       (has_value && i + 1 < item->n && !sch_find(block->sub, item->words[i + 1].text));
}

/* Reads the option at index I; the index of the next one, or 0 when the line must be dropped. */
static size_t read_option(struct dialect *d, config_setting_t *entry, const struct sch_row *block,
			  const struct lex_item *item, size_t i)
{
	const struct lex_word *word = &item->words[i];
	const struct sch_row *row = sch_find(block->sub, word->text);
	const char *value = i + 1 < item->n ? item->words[i + 1].text : "";
	config_setting_t *s;

	if (!row || (row->flags & (SCH_F_FIRST | SCH_F_NATIVE))) {
		if (!unknown_option(d, block, word))
			return 0;
		return behind_unknown(block, item, i);
	}
	s = entry ? config_setting_get_member(entry, sch_setting(row)) : NULL;
	if (s) {
		diag_add(d->diags, &word->pos, row->kind == SCH_FLAG || tree_says(s, value) ?
			 DIAG_NOTE : DIAG_WARNING, NULL,
			 "'%s' is given a second time in the line; the first one counts",
			 word->text);
		return i + (row->kind == SCH_FLAG ? 1 : 2);
	}
	if (row->kind == SCH_FLAG) {
		s = tree_add(d->tree, entry, sch_setting(row), CONFIG_TYPE_BOOL, &word->pos,
			     &word->pos);
		if (s)
			config_setting_set_bool(s, 1);
		return i + 1;
	}
	if (i + 1 == item->n) {
		dialect_missing(d, entry, row, &word->pos);
		return i + 1;
	}
	dialect_scalar(d, entry, row, &word->pos, &item->words[i + 1]);
	tree_keep_text(entry ? config_setting_get_member(entry, sch_setting(row)) : NULL, value);
	return i + 2;
}

/* True when TEXT is an address, whatever stands behind its '/'. */
static bool begins_with_address(const char *text)
{
	size_t n = strcspn(text, "/");
	char buf[IP_TEXT_MAX];
	struct ip_addr addr;

	if (n >= sizeof(buf))
		return false;
	memcpy(buf, text, n);
	buf[n] = '\0';
	return ip_parse(buf, &addr);
}

void dialect_entry(struct dialect *d, config_setting_t *list, const struct sch_row *row,
		   const struct lex_item *item)
{
	const struct sch_row *first = sch_first(row->sub);
	config_setting_t *entry = tree_add(d->tree, list, NULL, CONFIG_TYPE_GROUP, &item->pos,
					   &item->pos);
	size_t i = 1;

	dialect_scalar(d, entry, first, &item->pos, &item->words[0]);
	/* When the line is no address, its other words are no options: one diagnosis will do. */
	if (first->kind == SCH_PREFIX && !begins_with_address(item->words[0].text))
		return;
	while (i > 0 && i < item->n)
		i = read_option(d, entry, row, item, i);
	if (i == 0)
		drop_last(d, list, item);
}
