/*
 * Why this exists: most broken files are one typing error, one misplaced line or one habit from
 * another program away from right. The sentence about an unknown word should name that mistake, not
 * its symptom.
 */
#include "config/dialect.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* "mcast src ip" for "mcast_src_ip": the words of ITEM joined by '_' make a keyword of BLOCK. */
static const struct sch_row *joined_keyword(enum sch_block block, const struct lex_item *item)
{
	char text[64];
	size_t len = 0;

	for (size_t i = 0; i < item->n; i++) {
		size_t n = strlen(item->words[i].text);
		const struct sch_row *row;

		if (len + n + 2 > sizeof(text))
			return NULL;
		if (i > 0)
			text[len++] = '_';
		memcpy(text + len, item->words[i].text, n + 1);
		len += n;
		row = i > 0 ? sch_find(block, text) : NULL;
		if (row)
			return row;
	}
	return NULL;
}

/* "in global_defs" in BUF. */
static const char *where(enum sch_block block, char buf[static 64])
{
	if (block == SCH_ROOT)
		return "outside all blocks";
	snprintf(buf, 64, "in %s", sch_blocks[block].name);
	return buf;
}

/* The word as it may be shown: nothing of it from the first '=' on, for that may be a password. */
static int shown(const char *word)
{
	size_t n = strcspn(word, "=");

	return n > 60 ? (int)utf8_cut(word, 60) : (int)n;
}

/* Whoever pastes a script that writes the file, and not the file, has these outside all blocks. */
static bool is_shell(const char *word)
{
	static const char *const words[] = {
		"if", "then", "else", "elif", "fi", "for", "while", "do", "done", "case", "esac",
		"cat", "echo", "exit", "mkdir", "cp", "sed", "tee", "sudo", "systemctl", "service",
		"yum", "apt", "apt-get", "dnf", "set", "export", "EOF", NULL
	};
	size_t i = 0;

	while (words[i] && strcmp(words[i], word) != 0)
		i++;
	return words[i];
}

/* A line of a script, or of a template. True when that has been said, once for all of them. */
static bool name_source(struct dialect *d, enum sch_block block, const struct lex_item *item,
			const char *consequence)
{
	const char *word = item->words[0].text;

	if (strcmp(word, "[...]") == 0 || strcmp(word, "...") == 0) {
		diag_add(d->diags, &item->pos, DIAG_MISTAKE, NULL,
			 "'%s' stands for text that has been left out; %s", word, consequence);
		return true;
	}
	if (block != SCH_ROOT || (!d->shell && !is_shell(word)) ||
	    (d->shell && sch_nearest(block, word)))
		return false;
	if (!d->shell)
		diag_add(d->diags, &item->pos, DIAG_MISTAKE, NULL,
			 "'%s' is a command: this seems to be the script that writes the file, and "
			 "not what it writes; such lines outside all blocks are skipped", word);
	d->shell = true;
	return true;
}

/* A mistake that has nothing to do with the spelling. True when one has been named. */
static bool name_habit(struct dialect *d, enum sch_block block, const struct lex_item *item,
		       const char *consequence)
{
	const char *word = item->words[0].text;
	const struct sch_row *row = joined_keyword(block, item);

	if (strncmp(word, "//", 2) == 0)
		return true;	/* the lexer has said it */
	if (strncmp(word, "/*", 2) == 0) {
		diag_add(d->diags, &item->pos, DIAG_MISTAKE, NULL,
			 "'/*' does not begin a comment, '#' and '!' do; %s", consequence);
		return true;
	}
	if (row) {
		diag_add(d->diags, &item->pos, DIAG_MISTAKE, row->word,
			 "a keyword is one word, without blanks; %s", consequence);
		return true;
	}
	if (strchr(word, '=') && sch_nearest(block, word)) {
		diag_add(d->diags, &item->pos, DIAG_MISTAKE, sch_nearest(block, word),
			 "'%.*s=' is unknown: a keyword and its value are separated by a blank; %s",
			 shown(word), word, consequence);
		return true;
	}
	return false;
}

/* "garp_master_delay" and "vrrp_garp_master_delay": of the instance, and of all of them. */
static bool is_sibling(const char *word, const char *near)
{
	const char *longer = strlen(word) > strlen(near) ? word : near;
	const char *shorter = longer == word ? near : word;

	return strncmp(longer, "vrrp_", 5) == 0 && strcmp(longer + 5, shorter) == 0;
}

void dialect_unknown(struct dialect *d, const struct lex_item *item, const char *consequence)
{
	enum sch_block around[DIALECT_DEPTH], home, block = d->stack[d->depth - 1].block;
	const char *word = item->words[0].text;
	const char *near = sch_nearest(block, word);
	char here[64], there[64];

	if (name_habit(d, block, item, consequence) || name_source(d, block, item, consequence))
		return;
	if (near && is_sibling(word, near)) {
		diag_add(d->diags, &item->pos, DIAG_MISTAKE, NULL, "'%s' is called '%s' %s; %s",
			 word, near, where(block, here), consequence);
		return;
	}
	for (size_t i = 0; i < d->depth; i++)
		around[i] = d->stack[i].block;
	if (sch_home(block, word, around, d->depth, &home))
		diag_add(d->diags, &item->pos, DIAG_MISTAKE, near,
			 "'%s' cannot stand %s, it belongs %s; %s", word, where(block, here),
			 where(home, there), consequence);
	else if (sch_blocks[block].secret)
		diag_add(d->diags, &item->pos, DIAG_MISTAKE, near, "unknown keyword %s; %s",
			 where(block, here), consequence);
	else
		diag_add(d->diags, &item->pos, DIAG_MISTAKE, near,
			 "unknown keyword '%.*s' %s%s; %s", shown(word), word, where(block, here),
			 block == SCH_SYNC ? ", whose members stand in 'group { }'" : "",
			 consequence);
}
