/*
 * One rule is one row with one function, and these are the ways in which a rule speaks.
 *
 * A rule says at most one thing about one place: the same place again is counted. Private to the
 * lint floor.
 */
#ifndef LINT_RULES_H
#define LINT_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "lint/model.h"

/* Called once for each object of its kind; RULE is passed on to lnt_say(). */
typedef void lnt_all_fn(struct lnt *l, const struct lnt_rule *rule);
typedef void lnt_node_fn(struct lnt *l, const struct lnt_rule *rule, struct lnt_node *node);
typedef void lnt_script_fn(struct lnt *l, const struct lnt_rule *rule, struct lnt_node *node,
			   const struct lnt_script *script);
typedef void lnt_inst_fn(struct lnt *l, const struct lnt_rule *rule, const struct lnt_inst *inst);
typedef void lnt_router_fn(struct lnt *l, const struct lnt_rule *rule, const struct lnt_router *r);

struct lnt_rule {
	const char *id;
	enum diag_severity severity;
	bool replaces; /* what the loader says at the same place is the same, said shorter */
	lnt_all_fn *all;		/* once */
	lnt_node_fn *node;		/* for each file */
	lnt_script_fn *script;		/* for each script that is tracked */
	lnt_inst_fn *inst;		/* for each instance */
	lnt_router_fn *router;		/* for each router that more than one file has */
};

/* The table; a row without an id ends it. */
extern const struct lnt_rule lnt_rules[];

/*
 * Says what will happen, at POS, which NODE's files hold. NULL when the rule has spoken about this
 * place already, or too much has been said; the others below take that in silence.
 */
struct lnt_said *lnt_say(struct lnt *l, const struct lnt_rule *rule, const struct lnt_node *node,
			 const struct diag_pos *pos, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* Adds a line of detail. */
void lnt_detail(struct lnt *l, struct lnt_said *said, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Says what to write instead. */
void lnt_instead(struct lnt *l, struct lnt_said *said, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* rule_weight.c: what failures do to an election. */
lnt_router_fn rule_weight_never, rule_weight_nopreempt, rule_weight_uneven, rule_owner_by_weight,
	rule_priority_tie, rule_nobody_left;
lnt_inst_fn rule_weight_one, rule_weight_alone, rule_tracked_many;

/* rule_prefer.c: who is meant to own. */
lnt_router_fn rule_priority_equal, rule_two_owners, rule_state_loses, rule_nopreempt_where;
lnt_inst_fn rule_master_nopreempt, rule_delay_nopreempt, rule_owner_weighted;

/* rule_differ.c: what must be the same on all nodes. */
lnt_router_fn rule_vrid_differs, rule_version_differs, rule_interval_differs, rule_interval_learned,
	rule_auth_differs, rule_addresses_differ, rule_prefix_differs, rule_group_differs;
lnt_all_fn rule_router_id_twice;
lnt_inst_fn rule_no_standby;

/* rule_peer.c: who hears whom. */
lnt_router_fn rule_unicast_differs, rule_peer_missing, rule_peer_unknown, rule_source_twice;
lnt_node_fn rule_vrid_twice;

/* rule_secret.c: passwords, and strict mode, which forbids them. */
lnt_inst_fn rule_password_cut, rule_password_sample, rule_password_known, rule_strict_mode;
lnt_all_fn rule_auth_plain, rule_auth_none;
lnt_node_fn rule_strict;

/* rule_cut.c: what a comment sign cuts off. */
lnt_node_fn rule_value_cut;

/* rule_unsafe.c: scripts of root's that others can change. */
lnt_node_fn rule_script_unsafe;

/* rule_script.c: what scripts do and how long that takes. */
lnt_script_fn rule_script_slow, rule_script_stops, rule_timeout_interval;
lnt_inst_fn rule_timeout_down;

#endif
