/*
 * Text in lines of a given width: paragraphs and tables.
 *
 * Widths are columns of a terminal, not octets. Nothing is cut: what is wider than its place goes
 * on in the next line, so that two names that differ never look equal.
 */
#ifndef CTL_LAYOUT_H
#define CTL_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

#include "ctl/words.h"

#define LAY_COLUMNS 80			/* where nothing says how wide the reader's terminal is */
#define LAY_COLUMNS_LEAST 20		/* narrower ones are not asked for */

/*
 * Prints TEXT (clean, UTF-8) in lines of at most COLUMNS, folded at spaces, and ends the last one.
 * The first begins at column AT (already printed), the others are indented by INDENT. A word that
 * is wider than a line is broken.
 */
void lay_fold(FILE *to, const char *text, size_t columns, size_t at, size_t indent);

typedef void lay_cell_fn(struct wrd *w, const json_t *row);

struct lay_column {
	const char *title;
	lay_cell_fn *cell;
	bool is_state;			/* coloured, and not parted from the name before it */
};

/* The colour of a word as a terminal's escape sequence, or NULL. */
typedef const char *lay_colour_fn(const char *word);

#define LAY_COLUMNS_OF_TABLE 8		/* at most */

/*
 * Prints the array ROWS as a table of N columns with a line of titles, in lines of at most COLUMNS.
 * The first column is a name, which may be of any width. COLOUR: NULL for none.
 */
void lay_table(FILE *to, const json_t *rows, const struct lay_column *cols, size_t n,
	       size_t columns, lay_colour_fn *colour);

#endif
