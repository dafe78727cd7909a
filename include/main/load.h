/*
 * Reading the configuration as the daemon runs it: checked, its users resolved, its diagnoses told.
 */
#ifndef MAIN_LOAD_H
#define MAIN_LOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "base/log.h"
#include "config/cfg.h"
#include "main/check.h"
#include "main/options.h"

/* NULL: it cannot be run, DIAGS says why. Reads files and asks NSS: may block. */
struct cfg *lod_load(const struct options *o, struct diag_list *diags);

/* Writes each diagnosis as a line. */
void lod_log(const struct log *log, const struct diag_list *diags);

/* Keeps in CFG which errors its text had: DIAGS. Without memory none are kept. */
void lod_remember(struct cfg *cfg, const struct diag_list *diags);

/*
 * A text that is cut short, or has a typing mistake at the wrong place, looks like one from which
 * something was taken on purpose. True, with the sentence WHY, when NEXT, whose diagnoses are
 * DIAGS,
 *  - has an error that the text of RUNS did not have, and lacks an instance or an address of RUNS;
 *  - has all addresses of an instance taken away, but not the instance;
 *  - names an interface that SYSTEM does not have, or a script that is disabled or cannot be run,
 *    for an instance that holds its addresses without it now.
 */
bool lod_takes_away(const struct cfg *runs, const struct cfg *next, const struct diag_list *diags,
		    const struct cft_system *system, char *why, size_t size);

/* The sentence that says why nothing could be loaded. */
void lod_refusal(const struct diag_list *diags, char *why, size_t size);

#endif
