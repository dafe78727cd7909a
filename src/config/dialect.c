/*
 * Why this exists: keepalived's files are lines, braces and hope. This reader follows the schema
 * through them, and when the braces do not match it looks at the words to find out where one is
 * missing, so that one mistake does not turn the rest of the file into nonsense.
 */
#include "config/dialect.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void parse_body(struct dialect *d, enum sch_block block, config_setting_t *group);

static const struct lex_item *item_now(const struct dialect *d)
{
	return &d->items[d->at];
}

static const char *first_word(const struct lex_item *item)
{
	return item->kind == LEX_WORDS ? item->words[0].text : "";
}

/* The row of WORD in BLOCK as far as this dialect has it. */
static const struct sch_row *find_word(enum sch_block block, const char *word)
{
	const struct sch_row *row = sch_find(block, word);

	return row && !(row->flags & SCH_F_NATIVE) ? row : NULL;
}

/* The item behind the block that begins at the '{' at index FROM, and the line of its '}'. */
static size_t behind_block(const struct dialect *d, size_t from, struct diag_pos *close)
{
	size_t depth = 0, i = from;

	for (; d->items[i].kind != LEX_END; i++) {
		if (d->items[i].kind == LEX_OPEN)
			depth++;
		if (d->items[i].kind == LEX_CLOSE && --depth == 0)
			break;
	}
	*close = d->items[i].pos;
	return d->items[i].kind == LEX_END ? i : i + 1;
}

static void skip_stray_block(struct dialect *d)
{
	struct diag_pos close, open = item_now(d)->pos;

	d->at = behind_block(d, d->at, &close);
	diag_add(d->diags, &open, DIAG_MISTAKE, NULL,
		 "no block can begin here; everything up to its '}' in line %u is skipped",
		 close.line);
}

static void skip_unknown(struct dialect *d)
{
	const struct lex_item *item = item_now(d);
	char consequence[80] = "the line is skipped";
	struct diag_pos close;

	d->at++;
	if (item_now(d)->kind == LEX_OPEN) {
		d->at = behind_block(d, d->at, &close);
		snprintf(consequence, sizeof(consequence),
			 "the block is skipped up to its '}' in line %u", close.line);
	}
	dialect_unknown(d, item, consequence);
}

static struct dialect_frame *top(struct dialect *d)
{
	return &d->stack[d->depth - 1];
}

/* "vrrp_instance 'VI_1'" in BUF. */
static const char *frame_text(const struct dialect_frame *f, char *buf, size_t size)
{
	if (f->name)
		snprintf(buf, size, "%s '%s'", f->row->word, f->name);
	else
		snprintf(buf, size, "%s", f->row->word);
	return buf;
}

/*
 * True when ITEM cannot belong to the open block but can to one around it, and there are fewer '}'
 * than '{' in the text: here is where one is missing. Nothing is taken.
 */
static bool close_is_missing(struct dialect *d, const struct lex_item *item)
{
	const char *word = first_word(item);
	char text[128];

	if (d->missing_closes == 0 || d->depth < 2 || find_word(top(d)->block, word))
		return false;
	for (size_t i = d->depth - 1; i > 0; i--) {
		if (!find_word(d->stack[i - 1].block, word))
			continue;
		d->missing_closes--;
		diag_add(d->diags, &item->pos, DIAG_MISTAKE, NULL,
			 "'}' is missing before '%s': %s of line %u is still open", word,
			 frame_text(top(d), text, sizeof(text)), top(d)->opened.line);
		return true;
	}
	return false;
}

static void end_is_missing(struct dialect *d)
{
	char text[128];

	diag_add(d->diags, &item_now(d)->pos, DIAG_MISTAKE, NULL,
		 "'}' is missing at the end of the text: %s of line %u is still open",
		 frame_text(top(d), text, sizeof(text)), top(d)->opened.line);
}

/* One line in a block of lines or names. */
static void take_entry(struct dialect *d, config_setting_t *list, const struct sch_row *row,
		       const struct lex_item *item)
{
	const char *text;

	if (row->kind == SCH_LINES) {
		dialect_entry(d, list, row, item);
		return;
	}
	if (row->kind == SCH_TEXT_LINES) {
		text = dialect_join(d, item, 0);
		if (text)
			tree_add_text(d->tree, list, NULL, text, &item->pos, &item->pos);
		return;
	}
	for (size_t i = 0; i < item->n; i++)
		tree_add_text(d->tree, list, NULL, item->words[i].text, &item->words[i].pos,
			      &item->words[i].pos);
}

static void parse_entries(struct dialect *d, config_setting_t *list, const struct sch_row *row)
{
	for (;;) {
		const struct lex_item *item = item_now(d);

		switch (item->kind) {
		case LEX_END:
			end_is_missing(d);
			return;
		case LEX_CLOSE:
			d->at++;
			return;
		case LEX_OPEN:
			skip_stray_block(d);
			break;
		case LEX_WORDS:
			if (close_is_missing(d, item))
				return;
			d->at++;
			take_entry(d, list, row, item);
			break;
		}
	}
}

/* The group or list that the block of ROW is read into; an existing one is continued. */
static config_setting_t *open_setting(struct dialect *d, config_setting_t *group,
				      const struct sch_row *row, const struct diag_pos *pos)
{
	int type = row->kind == SCH_GROUP ? CONFIG_TYPE_GROUP : CONFIG_TYPE_LIST;
	config_setting_t *s;

	if (!group)
		return NULL;
	s = config_setting_get_member(group, sch_setting(row));
	return s ? s : tree_add(d->tree, group, sch_setting(row), type, pos, pos);
}

/* A new element for a block that may be repeated; NULL when it has no name and needs one. */
static config_setting_t *open_element(struct dialect *d, config_setting_t *list,
				      const struct sch_row *row, const struct lex_item *item)
{
	const char *name = NULL;
	config_setting_t *s;

	if (row->kind == SCH_NAMED && item->n < 2) {
		diag_add(d->diags, &item->pos,
			 row->sub == SCH_INSTANCE ? DIAG_ERROR : DIAG_MISTAKE, NULL,
			 "'%s' needs a name; the block is ignored", row->word);
		return NULL;
	}
	s = tree_add(d->tree, list, NULL, CONFIG_TYPE_GROUP, &item->pos,
		     item->n > 1 ? &item->words[1].pos : &item->pos);
	if (row->kind != SCH_NAMED)
		return s;
	/* The name of a block without effect may be several words: an address and a port. */
	name = sch_blocks[row->sub].raw_size ? item->words[1].text : dialect_join(d, item, 1);
	if (name)
		tree_add_text(d->tree, s, "name", name, &item->words[1].pos, &item->words[1].pos);
	top(d)->name = name;
	return s;
}

static void parse_content(struct dialect *d, config_setting_t *group, const struct sch_row *row,
			  const struct lex_item *item)
{
	config_setting_t *s = open_setting(d, group, row, &item->pos);
	size_t used = row->kind == SCH_NAMED ? 2 : 1;

	if (row->kind == SCH_NAMED || row->kind == SCH_REPEAT)
		s = open_element(d, s, row, item);
	if (row->kind != SCH_NAMED || sch_blocks[row->sub].raw_size)
		dialect_extra(d, item, used);
	if (row->kind == SCH_GROUP || row->kind == SCH_NAMED || row->kind == SCH_REPEAT)
		parse_body(d, row->sub, s);
	else
		parse_entries(d, s, row);
}

/* True when the '{' behind a block's keyword has been forgotten, as the words behind it tell. */
static bool open_is_missing(struct dialect *d, const struct sch_row *row)
{
	const struct lex_item *next = item_now(d);
	bool lines = row->kind >= SCH_LINES;

	if (d->missing_opens == 0 || next->kind != LEX_WORDS)
		return false;
	if (lines ? find_word(top(d)->block, first_word(next)) != NULL :
		    find_word(row->sub, first_word(next)) == NULL)
		return false;
	d->missing_opens--;
	return true;
}

/* "write 'track_interface { eth0 }'" helps only where that would be right. */
static bool can_be_inline(const struct sch_row *row, const struct lex_item *item)
{
	if (item->n < 2 || row->kind < SCH_LINES)
		return false;
	for (const char *p = item->words[1].text; *p; p++) {
		if ((unsigned char)*p >= 0x80)
			return false;
	}
	return true;
}

static void parse_block(struct dialect *d, config_setting_t *group, const struct sch_row *row)
{
	const struct lex_item *item = item_now(d);

	d->at++;
	if (item_now(d)->kind == LEX_OPEN) {
		d->at++;
	} else if (open_is_missing(d, row)) {
		diag_add(d->diags, &item->pos, DIAG_MISTAKE, NULL,
			 "'{' is missing behind '%s'; the text goes on as if it were there",
			 row->word);
	} else if (can_be_inline(row, item)) {
		diag_add(d->diags, &item->pos, DIAG_MISTAKE, NULL,
			 "'%s' is a block, and its '{' is missing: write '%s { %s }'; the line is "
			 "skipped", row->word, row->word, dialect_join(d, item, 1));
		return;
	} else {
		diag_add(d->diags, &item->pos, DIAG_MISTAKE, NULL,
			 "'{' is missing behind '%s'; the line is skipped", row->word);
		return;
	}
	assert(d->depth < DIALECT_DEPTH);
	d->stack[d->depth++] = (struct dialect_frame){ row->sub, row, NULL, item->pos };
	parse_content(d, group, row, item);
	d->depth--;
	if (d->depth == 1) {
		d->last = d->stack[1];
		d->last_close = d->items[d->at - 1].pos;
	}
}

static void parse_statement(struct dialect *d, enum sch_block block, config_setting_t *group)
{
	const struct lex_item *item = item_now(d);
	const struct sch_row *row = find_word(block, first_word(item));

	if (row && sch_is_block(row)) {
		parse_block(d, group, row);
		return;
	}
	if (!row && !sch_blocks[block].free) {
		skip_unknown(d);
		return;
	}
	d->at++;
	if (row)
		dialect_value(d, group, row, item);
}

/* What is between the braces of a block of keywords, and the closing one. */
static void parse_body(struct dialect *d, enum sch_block block, config_setting_t *group)
{
	for (;;) {
		const struct lex_item *item = item_now(d);

		switch (item->kind) {
		case LEX_END:
			end_is_missing(d);
			return;
		case LEX_CLOSE:
			d->at++;
			return;
		case LEX_OPEN:
			skip_stray_block(d);
			break;
		case LEX_WORDS:
			if (close_is_missing(d, item))
				return;
			parse_statement(d, block, group);
			break;
		}
	}
}

/* The '}' that nothing opens, behind which a block may begin again; 0: there is none. */
static size_t stray_close(const struct dialect *d)
{
	size_t depth = 0, i = d->at;

	for (; d->items[i].kind != LEX_END; i++) {
		const struct sch_row *row = find_word(SCH_ROOT, first_word(&d->items[i]));

		if (depth == 0 && row && sch_is_block(row))
			return 0;
		if (d->items[i].kind == LEX_OPEN)
			depth++;
		else if (d->items[i].kind == LEX_CLOSE && depth-- == 0)
			return i;
	}
	return 0;
}

/*
 * A '}' too many has closed the last block, whose further words now stand outside. True when it is
 * so: that has been said once, and they are behind us.
 */
static bool closed_early(struct dialect *d)
{
	const struct lex_item *item = item_now(d);
	char text[128];
	size_t close;

	if (d->missing_opens == 0 || !d->last.row || !find_word(d->last.block, first_word(item)) ||
	    find_word(SCH_ROOT, first_word(item)))
		return false;
	close = stray_close(d);
	if (close == 0)
		return false;
	diag_add(d->diags, &d->last_close, DIAG_MISTAKE, NULL,
		 "this '}' closes %s of line %u, but line %u goes on with '%s': one '}' up to here "
		 "is too many; everything up to the '}' in line %u is skipped",
		 frame_text(&d->last, text, sizeof(text)), d->last.opened.line, item->pos.line,
		 first_word(item), d->items[close].pos.line);
	d->missing_opens--;
	d->at = close + 1;
	return true;
}

static void parse_file(struct dialect *d, config_setting_t *root)
{
	for (;;) {
		const struct lex_item *item = item_now(d);

		switch (item->kind) {
		case LEX_END:
			return;
		case LEX_CLOSE:
			diag_add(d->diags, &item->pos, DIAG_MISTAKE, NULL,
				 "this '}' closes nothing; perhaps a block above is closed too "
				 "early");
			d->at++;
			break;
		case LEX_OPEN:
			skip_stray_block(d);
			break;
		case LEX_WORDS:
			if (!closed_early(d))
				parse_statement(d, SCH_ROOT, root);
			break;
		}
	}
}

/* Takes all items out of the lexer; NULL without memory. From malloc(). */
static struct lex_item *all_items(struct lexer *lexer)
{
	size_t n = 0, size = 256;
	struct lex_item *v = reallocarray(NULL, size, sizeof(*v));

	while (v) {
		struct lex_item *grown;

		lex_next(lexer, &v[n]);
		if (v[n++].kind == LEX_END)
			return v;
		if (n < size)
			continue;
		size *= 2;
		grown = reallocarray(v, size, sizeof(*v));
		if (!grown)
			free(v);
		v = grown;
	}
	return NULL;
}

static void count_braces(struct dialect *d)
{
	size_t opens = 0, closes = 0;

	for (const struct lex_item *item = d->items; item->kind != LEX_END; item++) {
		opens += item->kind == LEX_OPEN;
		closes += item->kind == LEX_CLOSE;
	}
	d->missing_closes = opens > closes ? opens - closes : 0;
	d->missing_opens = closes > opens ? closes - opens : 0;
}

/* A word becomes a group with one value in it at most; a command in quotes an array of its own. */
static bool reserve(struct dialect *d)
{
	size_t words = 0, octets = 0, blanks = 0;

	for (const struct lex_item *item = d->items; item->kind != LEX_END; item++) {
		for (size_t i = 0; i < item->n; i++) {
			const char *p = item->words[i].text;

			octets += strlen(p) + 1;
			for (; (p = strpbrk(p, " \t")); p++)
				blanks++;
		}
		words += item->n;
	}
	return tree_reserve(d->tree, 2 * words + blanks, octets);
}

bool dialect_read(struct tree *tree, struct lexer *lexer, struct arena *arena,
		  struct diag_list *diags)
{
	struct lex_item *items = all_items(lexer);
	struct dialect d = { .lexer = lexer, .arena = arena, .tree = tree, .diags = diags,
			     .items = items, .depth = 1 };

	if (!items)
		return false;
	d.stack[0] = (struct dialect_frame){ .block = SCH_ROOT };
	count_braces(&d);
	if (reserve(&d))
		parse_file(&d, config_root_setting(&tree->config));
	free(items);
	return !tree->no_memory;
}
