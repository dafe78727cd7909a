/*
 * Generators: ~SEQ(...), ~SEQx(...) and ~LST(...) repeat the rest of their line.
 */
#ifndef CONFIG_GEN_H
#define CONFIG_GEN_H

#include <stdbool.h>
#include <stddef.h>

#include "config/lexctx.h"
#include "config/line.h"
#include "config/params.h"

struct gen;

/*
 * The length of a generator's head ("~SEQ(...)") at l->from, 0 when the line does not begin with
 * one. A head without its ')' goes to the end of the line.
 */
size_t gen_head(const struct line *l);

/*
 * Reads the head of SIZE octets at l->from, in which every parameter has been replaced, and keeps
 * the rest of the line. NULL when it makes no sense (diagnosed) or the lexer is stopped.
 */
struct gen *gen_open(struct lx *x, const struct line *l, size_t size);

/* Sets the variables of the next round and gives its line; false when there are no more rounds. */
bool gen_next(struct gen *g, struct params *p, struct lx *x, struct piece *line);

#endif
