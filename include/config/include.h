/*
 * include lines: which files a pattern names, and how much their absence matters.
 */
#ifndef CONFIG_INCLUDE_H
#define CONFIG_INCLUDE_H

#include <stdbool.h>
#include <stddef.h>

#include "config/lexctx.h"
#include "config/lexer.h"
#include "config/line.h"

enum inc_check {
	INC_READ = 1 << 0,		/* each file that matches must be readable */
	INC_MATCH = 1 << 1,		/* a name without wildcards must exist */
	INC_WILDCARD = 1 << 2,		/* a pattern must match at least one file */
	INC_BRACE = 1 << 3,		/* each alternative of a brace expression must match */
	INC_ALL = INC_READ | INC_MATCH | INC_WILDCARD | INC_BRACE,
};

/*
 * The checks that an include line's own keyword asks for ("includer"...), 0 for plain "include", -1
 * when the line at l->from is none. *PATTERN is the offset of the pattern.
 */
int inc_keyword(const struct line *l, size_t *pattern);

/* The checks after LINE, an include_check, when CHECKS were in force; mistakes are diagnosed. */
int inc_options(struct lx *x, int checks, const struct lex_item *line);

/*
 * The files that PATTERN names, braces and wildcards expanded, relative to x->dir, in order; in the
 * arena, NULL-terminated. What is missing is diagnosed at POS: fatal, and x->include_failed set,
 * when CHECKS cover it, else a warning. NULL stops the lexer.
 */
const char **inc_expand(struct lx *x, const char *pattern, int checks, const struct diag_pos *pos);

#endif
