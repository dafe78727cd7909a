/*
 * Why this exists: "100 - 20 against 80" is easily misjudged, and three checks on two nodes have 64
 * cases. A subset of failures is a subset of weights, so all of them can be added up and tried.
 */
#include "lint/elect.h"

#include <stdlib.h>
#include <string.h>

#define LEAST 1
#define MOST 254
#define SUBSETS (1u << ELC_TRIED)

static uint8_t clamp(int sum)
{
	return (uint8_t)(sum < LEAST ? LEAST : sum > MOST ? MOST : sum);
}

/* What a reference adds while it is well: its failure then takes |weight| away. */
static int bonus(int weight, bool reverse)
{
	return (weight > 0) == !reverse ? abs(weight) : 0;
}

/* The sum before its limits, if what is tracked like REF (NULL: nothing) had WEIGHT. */
static int sum_if(const struct lnt_inst *inst, const struct lnt_ref *ref, int weight)
{
	int sum = inst->priority;

	for (size_t i = 0; i < inst->n_refs; i++) {
		const struct lnt_ref *r = &inst->refs[i];
		bool meant = ref && !r->script == !ref->script && strcmp(r->name, ref->name) == 0;

		sum += bonus(meant ? weight : r->weight, r->reverse);
	}
	return sum;
}

uint8_t elc_well_if(const struct lnt_inst *inst, const struct lnt_ref *ref, int weight)
{
	return inst->priority == VR_PRIO_OWNER ? VR_PRIO_OWNER : clamp(sum_if(inst, ref, weight));
}

uint8_t elc_without_if(const struct lnt_inst *inst, const struct lnt_ref *ref, int weight)
{
	bool tracked = elc_find(inst, ref) != NULL;

	if (inst->priority == VR_PRIO_OWNER)
		return VR_PRIO_OWNER;
	return clamp(sum_if(inst, ref, weight) - (tracked ? abs(weight) : 0));
}

uint8_t elc_well(const struct lnt_inst *inst)
{
	return elc_well_if(inst, NULL, 0);
}

uint8_t elc_without(const struct lnt_inst *inst, const struct lnt_ref *ref)
{
	return elc_without_if(inst, ref, ref->weight);
}

const struct lnt_ref *elc_find(const struct lnt_inst *inst, const struct lnt_ref *ref)
{
	for (size_t i = 0; i < inst->n_refs; i++) {
		const struct lnt_ref *r = &inst->refs[i];

		if (!r->script == !ref->script && strcmp(r->name, ref->name) == 0)
			return r;
	}
	return NULL;
}

size_t elc_weighted(const struct lnt_inst *inst)
{
	size_t n = 0;

	for (size_t i = 0; i < inst->n_refs; i++)
		n += inst->refs[i].weight != 0;
	return n;
}

const struct lnt_ref *elc_fault(const struct lnt_inst *inst)
{
	for (size_t i = 0; i < inst->n_refs; i++) {
		if (inst->refs[i].weight == 0)
			return &inst->refs[i];
	}
	return NULL;
}

/* What each subset of the weighted references, REF left out, takes away; returns their number. */
static unsigned int losses(const struct lnt_inst *inst, const struct lnt_ref *ref,
			   int lost[SUBSETS])
{
	unsigned int n = 1;

	lost[0] = 0;
	for (size_t i = 0; i < inst->n_refs && n < SUBSETS; i++) {
		const struct lnt_ref *r = &inst->refs[i];

		if (r == ref || r->weight == 0)
			continue;
		for (unsigned int s = 0; s < n; s++)
			lost[n + s] = lost[s] + abs(r->weight);
		n *= 2;
	}
	return n;
}

void elc_possible(const struct lnt_inst *inst, struct elc_set *set)
{
	int lost[SUBSETS], sum = sum_if(inst, NULL, 0);
	unsigned int n;

	if (inst->priority == VR_PRIO_OWNER) {
		set->has[VR_PRIO_OWNER] = true;
		return;
	}
	n = losses(inst, NULL, lost);
	for (unsigned int s = 0; s < n; s++)
		set->has[clamp(sum - lost[s])] = true;
}

static bool can_be_judged(const struct lnt_router *r)
{
	for (size_t i = 0; i < r->n; i++) {
		if (r->members[i]->grouped || elc_weighted(r->members[i]) > ELC_TRIED)
			return false;
	}
	return true;
}

void elc_judge(struct lnt *l)
{
	for (struct lnt_router *r = l->routers; r; r = r->next) {
		for (size_t i = 0; i < r->n && r->n > 1 && can_be_judged(r); i++) {
			struct lnt_inst *m = r->members[i];

			m->possible = mdl_alloc(l, 1, sizeof(*m->possible));
			if (m->possible)
				elc_possible(m, m->possible);
		}
	}
}

bool elc_can_lose(const struct lnt_inst *inst, const struct lnt_ref *ref,
		  const struct elc_set *rivals)
{
	int lost[SUBSETS], sum = sum_if(inst, NULL, 0);
	unsigned int up_to[256] = { 0 }, n = losses(inst, ref, lost);

	for (unsigned int p = 1; p < 256; p++)
		up_to[p] = up_to[p - 1] + rivals->has[p];
	for (unsigned int s = 0; s < n; s++) {
		uint8_t well = clamp(sum - lost[s]), bad = clamp(sum - lost[s] - abs(ref->weight));

		if (up_to[well] > up_to[bad])
			return true;
	}
	return false;
}
