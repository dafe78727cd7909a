/*
 * Parameters: $NAME=value, and $NAME or ${NAME} in its place.
 *
 * Values are put in at the time of use, again and again until nothing known is left, so a value may
 * mention parameters that are defined later.
 */
#ifndef CONFIG_PARAMS_H
#define CONFIG_PARAMS_H

#include <stdbool.h>
#include <stddef.h>

#include "config/lexctx.h"
#include "config/line.h"

struct params;

/* An empty set in the arena of X; NULL stops the lexer. */
struct params *params_new(struct lx *x);

/*
 * Sets NAME (LEN octets, copied when new) to the N >= 1 lines of VALUE, which are not copied and
 * must live as long as the set. An older value is replaced.
 */
void params_set(struct params *p, struct lx *x, const char *name, size_t len,
		const struct piece *value, size_t n);

/* The length of the parameter name at the start of TEXT, 0 if there is none. */
size_t params_name(const char *text, size_t len);

/*
 * Replaces the first known reference that starts at or behind l->from and before offset STOP; false
 * when there is none. When its value has several lines, the first one goes in and *MORE are the
 * *N_MORE others, which follow the line. What cannot be replaced is diagnosed once and stays.
 */
bool params_step(struct params *p, struct lx *x, struct line *l, size_t stop,
		 struct piece const **more, size_t *n_more);

/* The defined parameter whose name is nearest to the LEN octets at NAME, or NULL. */
const char *params_nearest(const struct params *p, const char *name, size_t len);

#endif
