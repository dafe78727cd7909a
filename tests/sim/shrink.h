/*
 * Cutting a failing scenario down to what makes it fail.
 */
#ifndef SIM_SHRINK_H
#define SIM_SHRINK_H

#include "sim/run.h"

/* Runs S in a process of its own, so that a failed assertion is a result too (rule "died"). */
void shr_try(const struct scenario *s, const struct run_options *o, struct run_result *out);

/* Leaves out all deeds that are not needed for a failure of the same rule; deterministic. */
void shr_shrink(struct scenario *s, const struct run_options *o, const char *rule);

#endif
