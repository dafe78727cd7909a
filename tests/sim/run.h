/*
 * One scenario from its beginning to its verdict.
 */
#ifndef SIM_RUN_H
#define SIM_RUN_H

#include <stdio.h>

#include "sim/inv.h"
#include "sim/scenario.h"

struct run_result {
	struct inv_failure failure;	/* set: something must be true and was not */
	int64_t virtual_us;
	size_t stale;			/* clients at the end that nobody could have told better */
	uint64_t events;
};

struct run_options {
	FILE *trace;			/* a line for each thing that happens, or NULL */
	const char *ignored;		/* rules that may be broken, as in struct inv */
};

/* Runs S with all checkers. */
void run_scenario(const struct scenario *s, const struct run_options *o, struct run_result *out);

#endif
