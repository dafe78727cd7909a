/*
 * Why this exists: who is to own an address when all is well is said by three words, priority,
 * state and nopreempt, and two of them mean less than people think.
 */
#include "lint/rules.h"

#include <string.h>

#include "config/build.h"
#include "lint/elect.h"

void rule_priority_equal(struct lnt *l, const struct lnt_rule *rule, const struct lnt_router *r)
{
	const struct lnt_inst *top = r->members[0], *equal = NULL;
	struct lnt_said *said;
	struct diag_pos pos;

	for (size_t i = 1; i < r->n; i++) {
		const struct lnt_inst *m = r->members[i];

		if (elc_well(m) > elc_well(top)) {
			top = m;
			equal = NULL;
		} else if (elc_well(m) == elc_well(top) && !equal) {
			equal = m;
		}
	}
	if (!equal || elc_well(top) == VR_PRIO_OWNER || (top->nopreempt && equal->nopreempt))
		return;
	pos = mdl_at(equal, "priority");
	said = lnt_say(
		l, rule, equal->node, &pos,
		"%s and %s have the same priority %u, weights included: no file says who owns %s. "
		"Whoever has it keeps it; when both want it, the higher address wins",
		top->node->label, equal->node->label, elc_well(top), r->what);
	lnt_instead(l, said, "two priorities, for example %u and %u", elc_well(top),
		  elc_well(top) > 50 ? elc_well(top) - 50u : elc_well(top) + 50u);
}

void rule_two_owners(struct lnt *l, const struct lnt_rule *rule, const struct lnt_router *r)
{
	const struct lnt_inst *first = NULL;

	for (size_t i = 0; i < r->n; i++) {
		const struct lnt_inst *m = r->members[i];
		bool given = bld_has(m->raw, "priority");
		struct diag_pos pos = mdl_at(m, given ? "priority" : "state");
		struct lnt_said *said;

		if (m->priority != VR_PRIO_OWNER)
			continue;
		if (!first) {
			first = m;
			continue;
		}
		said = lnt_say(l, rule, m->node, &pos,
			       "%s and %s both have priority 255%s: both become MASTER at once and "
			       "hold %s, %s",
			       first->node->label, m->node->label,
			       given ? ""
				     : ", for that is what state MASTER means without a priority",
			       r->what, m->version == 2 ?
			       "and neither gives way" : "until the lower address gives way");
		lnt_instead(l, said, "priorities of at most 254, another one in each file");
	}
}

/* Whoever has the highest effective priority; of several, the first. */
static const struct lnt_inst *highest(const struct lnt_router *r)
{
	const struct lnt_inst *top = r->members[0];

	for (size_t i = 1; i < r->n; i++) {
		if (elc_well(r->members[i]) > elc_well(top))
			top = r->members[i];
	}
	return top;
}

void rule_state_loses(struct lnt *l, const struct lnt_rule *rule, const struct lnt_router *r)
{
	const struct lnt_inst *top = highest(r);

	for (size_t i = 0; i < r->n && !top->state_master; i++) {
		const struct lnt_inst *m = r->members[i];
		struct diag_pos pos = mdl_at(m, "state");
		struct lnt_said *said;

		if (!m->state_master || elc_well(m) == elc_well(top))
			continue;
		said = lnt_say(l, rule, m->node, &pos,
			       "%s says state MASTER, but %s will own %s: priority %u against %u, "
			       "and only that decides",
			       m->node->label, top->node->label, r->what, elc_well(top),
			       elc_well(m));
		lnt_instead(l, said, "the higher priority in %s, or 'state BACKUP' here",
			  m->node->label);
	}
}

void rule_nopreempt_where(struct lnt *l, const struct lnt_rule *rule, const struct lnt_router *r)
{
	const struct lnt_inst *top = highest(r);

	for (size_t i = 0; i < r->n && !bld_on(top->raw->nopreempt); i++) {
		const struct lnt_inst *m = r->members[i];
		struct diag_pos pos = mdl_at(m, "nopreempt");
		struct lnt_said *said;

		if (!m->nopreempt || elc_well(m) == elc_well(top) || top->priority == VR_PRIO_OWNER)
			continue;
		said = lnt_say(
			l, rule, m->node, &pos,
			"'nopreempt' is on the wrong node: %s has the higher priority (%u against "
			"%u) and no 'nopreempt', so it takes %s back whenever it returns",
			top->node->label, elc_well(top), elc_well(m), r->what);
		lnt_instead(l, said, "'nopreempt' and 'state BACKUP' in %s", top->node->label);
	}
}

void rule_master_nopreempt(struct lnt *l, const struct lnt_rule *rule, const struct lnt_inst *inst)
{
	struct diag_pos pos = mdl_at(inst, "nopreempt");
	bool owner = inst->priority == VR_PRIO_OWNER;
	struct lnt_said *said;

	if (!bld_on(inst->raw->nopreempt) || bld_on(inst->raw->preempt) ||
	    !(inst->state_master || owner))
		return;
	said = lnt_say(l, rule, inst->node, &pos,
		       "'nopreempt' has no effect beside %s: when this node comes back, it takes "
		       "%s away from a master that works",
		       owner ? "priority 255" : "'state MASTER'", inst->router->what);
	lnt_instead(l, said,
		  "'state BACKUP' on every node%s; the highest priority is preferred all the same",
		  owner ? ", and a priority of at most 254" : "");
}

void rule_delay_nopreempt(struct lnt *l, const struct lnt_rule *rule, const struct lnt_inst *inst)
{
	struct diag_pos pos = mdl_at(inst, "preempt_delay");
	struct lnt_said *said;

	if (!inst->nopreempt || bld_or(inst->raw->preempt_delay, 0) == 0)
		return;
	said = lnt_say(l, rule, inst->node, &pos,
		       "'preempt_delay' means nothing beside 'nopreempt': this node never takes %s "
		       "from a master of lower priority, however long it waits",
		       inst->router->what);
	lnt_instead(l, said, "only one of the two");
}

/* The weight that a line of track_script has on NODE. */
static int64_t weight_of(const struct lnt_node *node, const struct raw_track *line)
{
	size_t i = 0;

	while (i < node->n_scripts && strcmp(node->scripts[i].name, line->name) != 0)
		i++;
	if (i == node->n_scripts)
		return 0;
	return bld_or(line->weight, bld_or(node->scripts[i].raw->weight, 0));
}

static void owner_line(struct lnt *l, const struct lnt_rule *rule, const struct lnt_inst *inst,
		       const struct raw_track *line)
{
	struct diag_pos pos = bld_at(line, "name");
	struct lnt_said *said;

	said = lnt_say(
		l, rule, inst->node, &pos,
		"a weight cannot change priority 255: when '%.60s' fails, this node keeps %s",
		line->name, inst->router->what);
	lnt_instead(l, said,
		  "a priority of at most 254, or 'weight 0': the node then gives the address up");
}

void rule_owner_weighted(struct lnt *l, const struct lnt_rule *rule, const struct lnt_inst *inst)
{
	const struct raw_track *ifaces = inst->raw->track_ifaces.v;
	const struct raw_track *checks = inst->raw->track_scripts.v;

	if (inst->priority != VR_PRIO_OWNER)
		return;
	for (size_t i = 0; i < inst->raw->track_ifaces.n; i++) {
		if (bld_or(ifaces[i].weight, 0) != 0 && strcmp(ifaces[i].name, inst->iface) != 0)
			owner_line(l, rule, inst, &ifaces[i]);
	}
	for (size_t i = 0; i < inst->raw->track_scripts.n; i++) {
		if (weight_of(inst->node, &checks[i]) != 0)
			owner_line(l, rule, inst, &checks[i]);
	}
}
