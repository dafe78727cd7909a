/*
 * Why this exists: a manual that is written beside the program is wrong after a month. The tables
 * of holdfast.conf(5) are printed from the schema: what the page says is what the builder does.
 */
#include "config/schema.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "config/cfg.h"

/* What follows a keyword, where the row does not say it in its own words. */
static const char *const arguments[SCH_N_KINDS] = {
	[SCH_FLAG] = "", [SCH_BOOL] = "on|off", [SCH_BARE] = "[on|off]", [SCH_INT] = "N",
	[SCH_SECONDS] = "SECONDS", [SCH_SCOPE] = "SCOPE", [SCH_LIFETIME] = "SECONDS|forever",
	[SCH_WORD] = "WORD", [SCH_IFACE] = "IFACE", [SCH_ADDR] = "ADDRESS",
	[SCH_PREFIX] = "ADDRESS[/LEN]", [SCH_COMMAND] = "COMMAND",
	[SCH_NOTIFY] = "COMMAND [USER [GROUP]]", [SCH_USER] = "USER [GROUP]",
	[SCH_WEIGHT] = "N [reverse]", [SCH_TEXT] = "TEXT", [SCH_MAYBE] = "[TEXT]",
	[SCH_GROUP] = "{ }", [SCH_NAMED] = "NAME { }", [SCH_REPEAT] = "{ }",
	[SCH_LINES] = "{ LINE... }", [SCH_NAMES] = "{ NAME... }", [SCH_TEXT_LINES] = "{ LINE... }",
};

/* A hyphen in a keyword is a minus sign: it must be found by a search and survive a copy. */
static void put_text(const char *text, FILE *to)
{
	for (; *text; text++) {
		if (*text == '-')
			fputs("\\-", to);
		else if (*text == '\\')
			fputs("\\e", to);
		else
			putc(*text, to);
	}
}

/* Help as a sentence. */
static void put_sentence(const char *text, FILE *to)
{
	char first[2] = { (char)toupper((unsigned char)text[0]), '\0' };

	put_text(first, to);
	put_text(text + 1, to);
	fputs(".\n", to);
}

static void put_arguments(const struct sch_row *row, FILE *to)
{
	const char *text = row->args ? row->args : arguments[row->kind];

	if (row->kind == SCH_CHOICE) {
		for (const char *const *c = row->choices; *c; c++)
			fprintf(to, "%s%s", c == row->choices ? "" : "|", *c);
		return;
	}
	put_text(text ? text : "", to);
}

static void put_number(const struct sch_row *row, int64_t n, FILE *to)
{
	char text[SCH_NUM_MAX];

	if (row->kind == SCH_SECONDS)
		put_text(sch_seconds(n, text), to);
	else if (row->kind == SCH_CHOICE)
		put_text(row->choices[n], to);
	else
		fprintf(to, n < 0 ? "\\-%" PRIu64 : "%" PRIu64, n < 0 ? (uint64_t)-n : (uint64_t)n);
}

static void put_range(const struct sch_row *row, FILE *to)
{
	if (row->max > row->min) {
		fputs(".br\nFrom ", to);
		put_number(row, row->min, to);
		fputs(" to ", to);
		put_number(row, row->max, to);
		fputs(".\n", to);
	}
	if (row->dflt == SCH_NONE)
		return;
	fputs("Default: ", to);
	put_number(row, row->dflt, to);
	fputs(".\n", to);
}

static bool has_effect(const struct sch_row *row)
{
	return row->at != SCH_NOWHERE && !(row->flags & SCH_F_ALIAS);
}

static void put_row(const struct sch_row *row, FILE *to)
{
	fputs(".It Ic ", to);
	put_text(row->word, to);
	fputs(" Li \"", to);
	put_arguments(row, to);
	fputs("\"\n", to);
	put_sentence(row->help, to);
	if (row->flags & SCH_F_NATIVE)
		fputs("Native dialect only.\n", to);
	put_range(row, to);
}

/* The words of a block with any of FLAGS, as one sentence; nothing when there are none. */
static void put_words(enum sch_block block, uint32_t flags, const char *sentence, FILE *to)
{
	bool begun = false;

	for (const struct sch_row *row = sch_blocks[block].rows; row->word; row++) {
		if (has_effect(row) || !(row->flags & flags))
			continue;
		if (!begun)
			fprintf(to, ".Pp\n%s\n", sentence);
		else
			fputs(" ,\n", to);
		begun = true;
		fputs(".Ic ", to);
		put_text(row->word, to);
	}
	if (begun)
		fputs(" .\n", to);
}

static void put_rest(enum sch_block block, FILE *to)
{
	put_words(block, SCH_F_REFUSE, "Not available; what asks for it is not run:", to);
	put_words(block, SCH_F_ACCEPT, "Accepted, and nothing needs to be done:", to);
	put_words(block, SCH_F_LATER, "Understood, without an effect in this version:", to);
	put_words(block, SCH_F_INNER,
		  "About the inner working of keepalived's own processes, without an effect:", to);
	put_words(block, SCH_F_MAIL, "About mail, which is not sent in this version:", to);
}

static void put_block(enum sch_block block, FILE *to)
{
	const struct sch_block_info *info = &sch_blocks[block];
	bool begun = false;

	fprintf(to, ".Ss %s\n", info->name);
	for (const struct sch_row *row = info->rows; row->word; row++) {
		if (!has_effect(row))
			continue;
		if (!begun)
			fputs(".Bl -tag -width Ds\n", to);
		begun = true;
		put_row(row, to);
	}
	if (begun)
		fputs(".El\n", to);
	put_rest(block, to);
}

/* Blocks without any effect: their words are known, and that is all. */
static void put_skipped(enum sch_block block, FILE *to)
{
	const struct sch_block_info *info = &sch_blocks[block];

	if (!info->rows->word)
		return;
	fputs(".It ", to);
	put_text(info->name, to);
	putc('\n', to);
	for (const struct sch_row *row = info->rows; row->word; row++) {
		fputs(".Ic ", to);
		put_text(row->word, to);
		fputs(row[1].word ? " ,\n" : " .\n", to);
	}
}

void cfg_schema_man(FILE *to)
{
	for (int b = 0; b < SCH_N_BLOCKS; b++) {
		if (sch_blocks[b].raw_size && b != SCH_NAME)
			put_block((enum sch_block)b, to);
	}
	fputs(".Ss Known words without an effect\n"
	      "These blocks are read and skipped, with one warning for each kind in a file.\n"
	      ".Bl -tag -width Ds\n", to);
	for (int b = 0; b < SCH_N_BLOCKS; b++) {
		if (!sch_blocks[b].raw_size)
			put_skipped((enum sch_block)b, to);
	}
	fputs(".El\n", to);
}
