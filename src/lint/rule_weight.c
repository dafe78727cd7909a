/*
 * Why this exists: most failovers that never happened had a check with a weight. Whether a failure
 * can move an address depends on the numbers of all nodes, and only all of them together tell.
 */
#include "lint/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lint/elect.h"

#define LIST_MAX 512
#define LISTED 6			/* nodes named in a line */
#define NAME_MAX_SHOWN 60
#define WEIGHT_MAX 253

/* ---- words ---- */

static const char *subject(const struct lnt_ref *ref, char buf[static LIST_MAX])
{
	snprintf(buf, LIST_MAX, ref->script ? "'%.*s'" : "interface %.*s", NAME_MAX_SHOWN,
		 ref->name);
	return buf;
}

static const char *fails(const struct lnt_ref *ref)
{
	if (!ref->script)
		return ref->reverse ? "is up" : "is down";
	return ref->reverse ? "succeeds" : "fails";
}

/* "a.conf 102, b.conf 82"; REF has failed on HIT, or on all nodes when ALL. */
static const char *numbers(const struct lnt_router *r, const struct lnt_ref *ref,
			   const struct lnt_inst *hit, bool all, char buf[static LIST_MAX])
{
	size_t used = 0;

	for (size_t i = 0; i < r->n && i < LISTED && used < LIST_MAX; i++) {
		const struct lnt_inst *m = r->members[i];
		const struct lnt_ref *own = ref && (all || m == hit) ? elc_find(m, ref) : NULL;

		used += (size_t)snprintf(buf + used, LIST_MAX - used, "%s%s %u", i ? ", " : "",
					 m->node->label, own ? elc_without(m, own) : elc_well(m));
	}
	if (r->n > LISTED && used < LIST_MAX)
		snprintf(buf + used, LIST_MAX - used, ", ...");
	return buf;
}

/* ---- who owns ---- */

/* True when the rules about weights can say anything about R. */
static bool is_clear(const struct lnt_router *r)
{
	return r->members[0]->possible;
}

/* The member of the highest priority while REF has WEIGHT and nothing fails; NULL: there are two.
 */
static const struct lnt_inst *top_if(const struct lnt_router *r, const struct lnt_ref *ref,
				     int weight)
{
	const struct lnt_inst *top = r->members[0];
	bool tie = false;

	for (size_t i = 1; i < r->n; i++) {
		uint8_t now = elc_well_if(r->members[i], ref, weight),
			best = elc_well_if(top, ref, weight);

		tie = now == best || (tie && now < best);
		if (now > best)
			top = r->members[i];
	}
	return tie ? NULL : top;
}

static const struct lnt_inst *top_of(const struct lnt_router *r)
{
	return top_if(r, NULL, 0);
}

/* Whoever has most behind INST; if nobody is behind it, whoever has most. */
static const struct lnt_inst *next_of(const struct lnt_router *r, const struct lnt_inst *inst)
{
	const struct lnt_inst *behind = NULL, *best = NULL;

	for (size_t i = 0; i < r->n; i++) {
		const struct lnt_inst *m = r->members[i];

		if (m == inst)
			continue;
		if (!best || elc_well(m) > elc_well(best))
			best = m;
		if (elc_well(m) <= elc_well(inst) && (!behind || elc_well(m) > elc_well(behind)))
			behind = m;
	}
	return behind ? behind : best;
}

/* What priorities those can have who may take the address from INST. */
static void rivals(const struct lnt_router *r, const struct lnt_inst *inst, bool with_nopreempt,
		   struct elc_set *set)
{
	*set = (struct elc_set){ 0 };
	for (size_t i = 0; i < r->n; i++) {
		const struct lnt_inst *m = r->members[i];

		for (int p = 1; p < 256 && m != inst && (with_nopreempt || !m->nopreempt); p++)
			set->has[p] |= m->possible->has[p];
	}
}

/* True when a member before the one at index I has the same reference with a weight. */
static bool had_before(const struct lnt_router *r, size_t i, const struct lnt_ref *ref)
{
	for (size_t k = 0; k < i; k++) {
		const struct lnt_ref *own = elc_find(r->members[k], ref);

		if (own && own->weight != 0)
			return true;
	}
	return false;
}

/* ---- weight-never ---- */

/* The members from whom the failure of REF can never take the address. */
static uint64_t immovable(const struct lnt_router *r, const struct lnt_ref *ref, size_t *tracking)
{
	uint64_t set = 0;

	*tracking = 0;
	for (size_t i = 0; i < r->n; i++) {
		const struct lnt_ref *own = elc_find(r->members[i], ref);
		struct elc_set others;

		if (!own || own->weight == 0)
			continue;
		++*tracking;
		rivals(r, r->members[i], true, &others);
		if (!elc_can_lose(r->members[i], own, &others))
			set |= UINT64_C(1) << i;
	}
	return set;
}

/* Would the failure of REF take the address from INST if its weight were WEIGHT on all nodes? */
static bool moves_if(const struct lnt_router *r, const struct lnt_inst *inst,
		     const struct lnt_ref *ref, int weight)
{
	uint8_t well = elc_well_if(inst, ref, weight), bad = elc_without_if(inst, ref, weight);
	bool last = true, moves = false;

	for (size_t i = 0; i < r->n; i++) {
		uint8_t other = elc_well_if(r->members[i], ref, weight);

		if (r->members[i] == inst || other > well)
			continue;
		last = false;
		moves |= other > bad;
	}
	/* Nobody is behind it: then it must at least give way to one where the same has failed. */
	for (size_t i = 0; i < r->n && last; i++) {
		uint8_t other = elc_without_if(r->members[i], ref, weight);

		moves |= r->members[i] != inst && elc_find(r->members[i], ref) && other <= well &&
			 other > bad;
	}
	return moves;
}

/* The smallest weight of SIGN that makes REF matter to all of SET and leaves the owner; 0: none. */
static int useful_weight(const struct lnt_router *r, const struct lnt_ref *ref, uint64_t set,
			 int sign)
{
	const struct lnt_inst *top = top_of(r);

	for (int w = 1; w <= WEIGHT_MAX; w++) {
		bool good = !top || top_if(r, ref, sign * w) == top;

		for (size_t i = 0; i < r->n && good; i++)
			good = !(set >> i & 1) || moves_if(r, r->members[i], ref, sign * w);
		if (good)
			return sign * w;
	}
	return 0;
}

/* The same thing on a node where its failure can move the address, with another weight; or NULL. */
static const struct lnt_ref *elsewhere(const struct lnt_router *r, const struct lnt_ref *ref,
				       uint64_t set)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct lnt_ref *own = elc_find(r->members[i], ref);

		if (!(set >> i & 1) && own && own->weight != ref->weight)
			return own;
	}
	return NULL;
}

static void say_weight(struct lnt *l, struct lnt_said *said, const struct lnt_router *r,
		       const struct lnt_inst *inst, const struct lnt_ref *ref, uint64_t set)
{
	int sign = ref->weight < 0 ? -1 : 1, w = useful_weight(r, ref, set, sign);
	const struct lnt_ref *other = elsewhere(r, ref, set);
	const struct lnt_inst *next = next_of(r, inst);
	char then[LIST_MAX] = "", weight[LIST_MAX] = "";

	if (other) {
		lnt_instead(l, said, "'weight %d', as elsewhere", other->weight);
		return;
	}
	if (w == 0)
		w = useful_weight(r, ref, set, -sign);
	if (w != 0 && elc_well_if(next, ref, w) <= elc_well_if(inst, ref, w))
		snprintf(then, sizeof(then), " (then %u against %u when it %s on %s)",
			 elc_without_if(inst, ref, w), elc_well_if(next, ref, w), fails(ref),
			 inst->node->label);
	if (w != 0)
		snprintf(weight, sizeof(weight), "'weight %d' on every node%.300s, or ", w, then);
	lnt_instead(l, said, "%s'weight 0': a node where it %s gives the address up", weight,
		  fails(ref));
}

/* The owner while all is well: weight and distance tell. */
static struct lnt_said *say_top(struct lnt *l, const struct lnt_rule *rule,
				const struct lnt_router *r, const struct lnt_inst *inst,
				const struct lnt_ref *ref, const char *place)
{
	const struct lnt_inst *next = next_of(r, inst);
	bool equal = elc_without(inst, ref) == elc_well(next);
	char who[LIST_MAX], list[LIST_MAX];
	struct lnt_said *said;

	said = lnt_say(l, rule, inst->node, &ref->pos, "%s can never move %s%s: weight %d is too "
		       "little between the priorities %u and %u", subject(ref, who), r->what, place,
		       ref->weight, inst->priority, next->priority);
	lnt_detail(l, said, "nothing fails: %s; %s owns", numbers(r, NULL, NULL, false, list),
		   inst->node->label);
	lnt_detail(l, said, "it %s on %s: %s; %s still owns%s", fails(ref), inst->node->label,
		   numbers(r, ref, inst, false, list), inst->node->label,
		   equal ? ", for equal is not higher" : "");
	return said;
}

static void say_never(struct lnt *l, const struct lnt_rule *rule, const struct lnt_router *r,
		      const struct lnt_inst *inst, bool everywhere, uint64_t set,
		      const struct lnt_ref *any)
{
	const struct lnt_ref *ref = elc_find(inst, any);
	char who[LIST_MAX], place[LIST_MAX] = "";
	struct lnt_said *said;

	if (!everywhere || inst != top_of(r))
		snprintf(place, sizeof(place), " away from %s", inst->node->label);
	if (inst == top_of(r))
		said = say_top(l, rule, r, inst, ref, place);
	else
		said = lnt_say(l, rule, inst->node, &ref->pos, "%s can never move %s%s: it takes "
			       "the priority from %u to %u there, and no other node can have one "
			       "between", subject(ref, who), r->what, place, elc_well(inst),
			       elc_without(inst, ref));
	say_weight(l, said, r, inst, ref, set);
}

void rule_weight_never(struct lnt *l, const struct lnt_rule *rule, const struct lnt_router *r)
{
	const struct lnt_inst *top = top_of(r);

	for (size_t i = 0; i < r->n && is_clear(r); i++) {
		const struct lnt_inst *m = r->members[i], *shown = NULL;

		for (size_t k = 0; k < m->n_refs; k++) {
			size_t tracking;
			uint64_t set;

			if (m->refs[k].weight == 0 || had_before(r, i, &m->refs[k]))
				continue;
			set = immovable(r, &m->refs[k], &tracking);
			if (!set)
				continue;
			shown = r->members[__builtin_ctzll(set)];
			for (size_t t = 0; t < r->n; t++) {
				if (r->members[t] == top && set >> t & 1)
					shown = top;
			}
			say_never(l, rule, r, shown, (size_t)__builtin_popcountll(set) == tracking,
				  set, &m->refs[k]);
		}
	}
}

/* ---- weight-nopreempt ---- */

static const struct lnt_inst *first_nopreempt(const struct lnt_router *r,
					      const struct lnt_inst *but)
{
	for (size_t i = 0; i < r->n; i++) {
		if (r->members[i] != but && r->members[i]->nopreempt)
			return r->members[i];
	}
	return NULL;
}

static bool is_blocked(const struct lnt_router *r, const struct lnt_inst *inst,
		       const struct lnt_ref *ref)
{
	struct elc_set all, preempting;

	rivals(r, inst, true, &all);
	rivals(r, inst, false, &preempting);
	return ref->weight != 0 && elc_can_lose(inst, ref, &all) &&
	       !elc_can_lose(inst, ref, &preempting);
}

/* The first member whose address would move without "nopreempt"; NULL: there is none. */
static const struct lnt_inst *first_blocked(const struct lnt_router *r, const struct lnt_ref *any)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct lnt_ref *ref = elc_find(r->members[i], any);

		if (ref && is_blocked(r, r->members[i], ref))
			return r->members[i];
	}
	return NULL;
}

void rule_weight_nopreempt(struct lnt *l, const struct lnt_rule *rule, const struct lnt_router *r)
{
	for (size_t i = 0; i < r->n && is_clear(r); i++) {
		for (size_t k = 0; k < r->members[i]->n_refs; k++) {
			const struct lnt_ref *ref = &r->members[i]->refs[k];
			const struct lnt_inst *inst =
				had_before(r, i, ref) ? NULL : first_blocked(r, ref);
			const struct lnt_inst *by = inst ? first_nopreempt(r, inst) : NULL;
			char who[LIST_MAX];
			struct lnt_said *said;

			if (!by)
				continue;
			ref = elc_find(inst, ref);
			said = lnt_say(l, rule, inst->node, &ref->pos,
				       "when %s %s on %s, its priority sinks from %u to %u, and %s "
				       "stays there: %s has 'nopreempt' and takes it from no "
				       "master that is alive",
				       subject(ref, who), fails(ref), inst->node->label,
				       elc_well(inst), elc_without(inst, ref), r->what,
				       by->node->label);
			lnt_instead(l, said,
				    "'weight 0' for %s: the address then moves in spite of "
				    "'nopreempt'; or take 'nopreempt' out of %s",
				    who, by->node->label);
		}
	}
}

/* ---- weight-uneven ---- */

/* Who takes over from TOP when the same fails everywhere; NULL: nobody does. */
static const struct lnt_inst *heir(const struct lnt_router *r, const struct lnt_inst *top,
				   const struct lnt_ref *ref)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct lnt_ref *own = elc_find(r->members[i], ref);

		if (r->members[i] != top && own && own->weight != 0 && !r->members[i]->nopreempt &&
		    elc_without(r->members[i], own) > elc_without(top, ref))
			return r->members[i];
	}
	return NULL;
}

void rule_weight_uneven(struct lnt *l, const struct lnt_rule *rule, const struct lnt_router *r)
{
	const struct lnt_inst *top = top_of(r);

	for (size_t k = 0; top && k < top->n_refs && is_clear(r); k++) {
		const struct lnt_ref *ref = &top->refs[k];
		const struct lnt_inst *to = ref->weight != 0 ? heir(r, top, ref) : NULL;
		char who[LIST_MAX], list[LIST_MAX];
		struct lnt_said *said;

		if (!to)
			continue;
		said = lnt_say(
			l, rule, top->node, &ref->pos,
			"when %s %s on all nodes, %s moves from %s to %s, where it %s as well",
			subject(ref, who), fails(ref), r->what, top->node->label, to->node->label,
			fails(ref));
		lnt_detail(l, said, "nothing fails: %s; %s owns",
			   numbers(r, NULL, NULL, false, list), top->node->label);
		lnt_detail(l, said, "it %s everywhere: %s; %s owns", fails(ref),
			   numbers(r, ref, NULL, true, list), to->node->label);
		lnt_instead(l, said, "the same weight for %s on all nodes", who);
	}
}

/* ---- owner-by-weight ---- */

void rule_owner_by_weight(struct lnt *l, const struct lnt_rule *rule, const struct lnt_router *r)
{
	const struct lnt_inst *top = top_of(r), *base = r->members[0];
	char list[LIST_MAX];
	struct diag_pos pos;
	struct lnt_said *said;

	for (size_t i = 1; i < r->n; i++) {
		if (r->members[i]->priority > base->priority)
			base = r->members[i];
	}
	if (!top || top->priority == base->priority || !is_clear(r))
		return;
	pos = mdl_at(base, "priority");
	said = lnt_say(l, rule, base->node, &pos,
		       "%s has the highest priority, yet %s owns %s as long as nothing fails: its "
		       "checks add more",
		       base->node->label, top->node->label, r->what);
	lnt_detail(l, said, "written: %s %u, %s %u", base->node->label, base->priority,
		   top->node->label, top->priority);
	lnt_detail(l, said, "in effect: %s", numbers(r, NULL, NULL, false, list));
	lnt_instead(l, said,
		    "the same checks with the same weights on all nodes, or negative weights, "
		    "which add nothing while all is well");
}

/* ---- priority-tie ---- */

void rule_priority_tie(struct lnt *l, const struct lnt_rule *rule, const struct lnt_router *r)
{
	const struct lnt_inst *top = top_of(r), *next = top ? next_of(r, top) : NULL;

	for (size_t k = 0; top && k < top->n_refs && is_clear(r); k++) {
		const struct lnt_ref *ref = &top->refs[k];
		char who[LIST_MAX];
		struct elc_set others;
		struct lnt_said *said;

		if (ref->weight == 0 || elc_without(top, ref) != elc_well(next))
			continue;
		rivals(r, top, true, &others);
		if (!elc_can_lose(top, ref, &others))
			continue;
		said = lnt_say(l, rule, top->node, &ref->pos,
			       "when only %s %s on %s, its priority %u is that of %s: equal is not "
			       "higher, so %s stays",
			       subject(ref, who), fails(ref), top->node->label,
			       elc_without(top, ref), next->node->label, r->what);
		lnt_instead(l, said, "'weight %d', if this failure alone is to move the address",
			  ref->weight < 0 ? ref->weight - 1 : ref->weight + 1);
	}
}

/* ---- nobody-left ---- */

/* A reference of weight 0 that all members have; NULL: there is none. */
static const struct lnt_ref *common_fault(const struct lnt_router *r)
{
	const struct lnt_inst *first = r->members[0];

	for (size_t k = 0; k < first->n_refs; k++) {
		bool all = first->refs[k].weight == 0;

		for (size_t i = 1; i < r->n && all; i++) {
			const struct lnt_ref *own = elc_find(r->members[i], &first->refs[k]);

			all = own && own->weight == 0;
		}
		if (all)
			return &first->refs[k];
	}
	return NULL;
}

void rule_nobody_left(struct lnt *l, const struct lnt_rule *rule, const struct lnt_router *r)
{
	const struct lnt_inst *first = r->members[0];
	const struct lnt_ref *common = common_fault(r);
	char who[LIST_MAX], list[LIST_MAX] = "";
	struct lnt_said *said;
	size_t used = 0;

	for (size_t i = 0; i < r->n; i++) {
		const struct lnt_ref *ref = elc_fault(r->members[i]);

		if (!ref || r->members[i]->grouped)
			return;
		if (i < LISTED && used < sizeof(list))
			used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s %s on %s",
						 i ? " and " : "", subject(ref, who), fails(ref),
						 r->members[i]->node->label);
	}
	if (common)
		said = lnt_say(l, rule, first->node, &common->pos,
			       "when %s %s on all nodes, nobody owns %s", subject(common, who),
			       fails(common), r->what);
	else
		said = lnt_say(l, rule, first->node, &elc_fault(first)->pos,
			       "when %s, nobody owns %s", list, r->what);
	lnt_instead(l, said,
		    "leave it, if an address without its service is worth nothing; else a negative "
		    "weight larger than the distance between the priorities");
}

/* ---- one file alone ---- */

static int at_least_1(int p)
{
	return p < 1 ? 1 : p;
}

static int at_most_254(int p)
{
	return p > 254 ? 254 : p;
}

void rule_weight_one(struct lnt *l, const struct lnt_rule *rule, const struct lnt_inst *inst)
{
	for (size_t k = 0; k < inst->n_refs && l->n_nodes == 1 && !inst->grouped; k++) {
		const struct lnt_ref *ref = &inst->refs[k];
		char who[LIST_MAX];
		struct lnt_said *said;

		if (abs(ref->weight) != 1)
			continue;
		said = lnt_say(l, rule, inst->node, &ref->pos,
			       "%s with weight %d can move %s only between nodes of equal priority",
			       subject(ref, who), ref->weight, inst->router->what);
		lnt_instead(l, said,
			    "a weight larger than the distance between the priorities, or 'weight "
			    "0': a node where it %s gives the address up",
			    fails(ref));
	}
}

void rule_weight_alone(struct lnt *l, const struct lnt_rule *rule, const struct lnt_inst *inst)
{
	for (size_t k = 0; k < inst->n_refs && l->n_nodes == 1 && !inst->grouped; k++) {
		const struct lnt_ref *ref = &inst->refs[k];
		int size = abs(ref->weight);
		char who[LIST_MAX];
		struct lnt_said *said;

		if (size < 2)
			continue;
		said = lnt_say(
			l, rule, inst->node, &ref->pos,
			"%s with weight %d can move %s only if the priority of the other node is "
			"%d to %d (here it is %u)%s",
			subject(ref, who), ref->weight, inst->router->what,
			at_least_1(inst->priority - size + 1),
			at_most_254(inst->priority + size - 1), inst->priority,
			inst->nopreempt ? ", and never if it has 'nopreempt', too" : "");
		lnt_instead(l, said,
			    "leave it, if that is so: 'holdfastctl lint' with the files of all "
			    "nodes can tell; else a larger weight, or 'weight 0'");
	}
}

void rule_tracked_many(struct lnt *l, const struct lnt_rule *rule, const struct lnt_inst *inst)
{
	struct diag_pos pos = mdl_at(inst, "name");

	if (elc_weighted(inst) > ELC_TRIED)
		lnt_say(l, rule, inst->node, &pos,
			"'%.60s' tracks %zu things with a weight: what they do to the election is "
			"not looked at, because only up to %d are tried in every combination",
			inst->name, elc_weighted(inst), ELC_TRIED);
}
