/*
 * What was found wrong in a file, on its way to whoever has asked for it to be read.
 */
#ifndef CTL_MISTAKES_H
#define CTL_MISTAKES_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#include "base/diag.h"

#define MST_MOST 20			/* of these are told; the others are counted */

/*
 * The members of an answer: "mistakes", a list of the worst of DIAGS in the order of the text, each
 * with file, line, column, severity, text and hint; "errors" and "warnings", how many there are in
 * all. Notes are no mistakes. NULL: no memory.
 */
json_t *mst_members(const struct diag_list *diags);

/*
 * Prints what an answer has of them, a line each, and how many more there are; nothing for the
 * answer of a daemon that does not tell. Returns how many warnings and errors there are. The answer
 * is foreign: what is printed is clean.
 */
size_t mst_print(const json_t *answer, FILE *to);

#endif
