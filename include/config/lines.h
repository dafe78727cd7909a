/*
 * Where lines come from: a stack of files, parameter values and generators.
 *
 * The top of the stack gives the next line until it is exhausted. So an included file stands in the
 * place of its include line, and a value's lines in the place of the line that mentions it.
 */
#ifndef CONFIG_LINES_H
#define CONFIG_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "config/gen.h"
#include "config/lexctx.h"
#include "config/line.h"
#include "config/params.h"
#include "config/source.h"

struct lines;

/* An empty stack; NULL when there is no memory. X must outlive it. */
struct lines *lines_new(struct lx *x);

/* NULL is allowed. */
void lines_free(struct lines *s);

/*
 * Each puts a source on top. False when it is nested too deep or read too often, which is
 * diagnosed, or the lexer is stopped.
 */
/* The file NAME, whose text T becomes the stack's in any case. */
bool lines_push_text(struct lines *s, const char *name, struct src_text t);
/* The files of the NULL-terminated PATHS, named by a line at POS with CHECKS (enum inc_check). */
bool lines_push_paths(struct lines *s, const char **paths, int checks, const struct diag_pos *pos);
/* N lines of a parameter's value. */
bool lines_push_pieces(struct lines *s, const struct piece *pieces, size_t n);
bool lines_push_gen(struct lines *s, struct gen *g);

/* The next line; false at the end, or when the lexer is stopped. P is for generators. */
bool lines_next(struct lines *s, struct params *p, struct line *out);

/* The next line of the same file or value, for a definition that goes on; false: there is none. */
bool lines_more(struct lines *s, struct line *out);

#endif
