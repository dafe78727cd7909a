/*
 * keepalived's text to a tree.
 *
 * The lexer's items are read with the schema in hand. All that is wrong with the text's structure
 * is found here: unknown and misplaced words, braces, missing and superfluous words. What a value
 * means is the builder's business; a number that is none arrives there as a string.
 */
#ifndef CONFIG_DIALECT_H
#define CONFIG_DIALECT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "config/lexer.h"
#include "config/schema.h"
#include "config/tree.h"

#define DIALECT_DEPTH 16	/* more than blocks of the schema can nest */

/* An open block. */
struct dialect_frame {
	enum sch_block block;
	const struct sch_row *row;	/* NULL for the file itself */
	const char *name;		/* NULL or its name */
	struct diag_pos opened;
};

struct dialect {
	struct lexer *lexer;
	struct arena *arena;		/* for what lives as long as the tree */
	struct tree *tree;
	struct diag_list *diags;
	const struct lex_item *items;	/* the whole text; the last one is LEX_END */
	size_t at;			/* the item to be read next */
	size_t missing_closes;		/* how many more '{' than '}' there are */
	size_t missing_opens;		/* the reverse */
	struct dialect_frame stack[DIALECT_DEPTH];
	size_t depth;
	struct dialect_frame last;	/* the block outside all others that was closed last */
	struct diag_pos last_close;	/* its '}' */
	bool shell;			/* lines of a shell script have been spoken of */
};

/* Reads all of LEXER into the root of TREE. False without memory. */
bool dialect_read(struct tree *tree, struct lexer *lexer, struct arena *arena,
		  struct diag_list *diags);

/* ---- between the parts of the reader ------------------------------------------------------- */

/* Reads the words of ITEM behind the keyword of ROW into GROUP (dialect_value.c). */
void dialect_value(struct dialect *d, config_setting_t *group, const struct sch_row *row,
		   const struct lex_item *item);

/* Reads ITEM as an entry of the block of ROW into LIST (dialect_entry.c). */
void dialect_entry(struct dialect *d, config_setting_t *list, const struct sch_row *row,
		   const struct lex_item *item);

/* A word of ROW at POS that needs a value and has none. */
void dialect_missing(struct dialect *d, config_setting_t *group, const struct sch_row *row,
		     const struct diag_pos *pos);

/* Adds a word as the kind of ROW wants it: a number where it is one, else a string. */
void dialect_scalar(struct dialect *d, config_setting_t *group, const struct sch_row *row,
		    const struct diag_pos *key, const struct lex_word *word);

/* The words of ITEM from FIRST on with blanks between them, in the arena; NULL without memory. */
const char *dialect_join(struct dialect *d, const struct lex_item *item, size_t first);

/* Says that the words from FIRST on have no meaning; nothing when there are none. */
void dialect_extra(struct dialect *d, const struct lex_item *item, size_t first);

/* The sentence about a word that cannot stand where it is (dialect_unknown.c). */
void dialect_unknown(struct dialect *d, const struct lex_item *item, const char *consequence);

#endif
