/*
 * Findings for people, for programs and for `holdfastd -t`.
 */
#ifndef LINT_RENDER_H
#define LINT_RENDER_H

#include <stdbool.h>
#include <stdio.h>

#include "lint/lint.h"

/*
 * Each finding as "FILE:LINE:COL: warning: WHAT [ID]" with its details and "instead: ..." indented
 * below; then one line that counts them.
 */
void rnd_text(const struct lnt *l, FILE *to);

/*
 * One document, one line: {"version":1, "files":[{"file","usable"}], "findings":[{"id","severity",
 * "file","line","column","what","details":[],"instead"}], "errors","warnings","notes","dropped"}.
 * An unknown line or column and a missing "instead" are null. False without memory.
 */
bool rnd_json(const struct lnt *l, FILE *to);

/* Adds all findings to OUT, one sentence each: "WHAT; instead: REMEDY [ID]". */
void rnd_diags(const struct lnt *l, struct diag_list *out);

#endif
