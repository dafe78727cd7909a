/*
 * What failures can do to an election, tried out in every combination.
 *
 * "Well" is an instance while none of what it tracks has failed. With `reverse` it is the success
 * that counts as failure. Weights and limits are those of core/track.c: the failure of a tracked
 * thing takes |weight| off the priority, which stays between 1 and 254; weight 0 is a fault.
 */
#ifndef LINT_ELECT_H
#define LINT_ELECT_H

#include <stdbool.h>
#include <stdint.h>

#include "lint/model.h"

#define ELC_TRIED 12 /* weighted references an instance that are all tried: 4096 subsets */

/* The effective priority while nothing, or only REF, has failed. */
uint8_t elc_well(const struct lnt_inst *inst);
uint8_t elc_without(const struct lnt_inst *inst, const struct lnt_ref *ref);

/* The same if everything tracked under the name of REF had WEIGHT. */
uint8_t elc_well_if(const struct lnt_inst *inst, const struct lnt_ref *ref, int weight);
uint8_t elc_without_if(const struct lnt_inst *inst, const struct lnt_ref *ref, int weight);

/* The reference of INST to the same script or interface as REF, or NULL. */
const struct lnt_ref *elc_find(const struct lnt_inst *inst, const struct lnt_ref *ref);

/* How many references have a weight; when more than ELC_TRIED, not every subset is tried. */
size_t elc_weighted(const struct lnt_inst *inst);

/* Adds every priority that INST can have while it is no fault; tries all subsets. */
void elc_possible(const struct lnt_inst *inst, struct elc_set *set);

/*
 * Fills in `possible` where all members of a router can be judged: none is in a sync group, where
 * weights mean something else, and none has too many of them.
 */
void elc_judge(struct lnt *l);

/*
 * Can the failure of REF take the address away from INST, while it owns it, when RIVALS are the
 * priorities that somebody who would take it can have? True when for some subset of the other
 * failures a rival that was not above INST is above it without REF.
 */
bool elc_can_lose(const struct lnt_inst *inst, const struct lnt_ref *ref,
		  const struct elc_set *rivals);

/* The first reference whose failure is a fault, or NULL. */
const struct lnt_ref *elc_fault(const struct lnt_inst *inst);

#endif
