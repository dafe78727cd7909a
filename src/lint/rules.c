/*
 * Why this exists: what lint knows is this table. Its ids are for programs and never change; a new
 * rule is a new row.
 */
#include "lint/rules.h"

#define WARN(id_, kind, function) { .id = id_, .severity = DIAG_WARNING, .kind = function }
#define NOTE(id_, kind, function) { .id = id_, .severity = DIAG_NOTE, .kind = function }
#define INSTEAD(id_, kind, function) \
	{ .id = id_, .severity = DIAG_WARNING, .replaces = true, .kind = function }

const struct lnt_rule lnt_rules[] = {
	WARN("weight-never", router, rule_weight_never),
	WARN("weight-nopreempt", router, rule_weight_nopreempt),
	WARN("weight-uneven", router, rule_weight_uneven),
	WARN("owner-by-weight", router, rule_owner_by_weight),
	WARN("weight-one", inst, rule_weight_one),
	NOTE("weight-alone", inst, rule_weight_alone),
	NOTE("tracked-many", inst, rule_tracked_many),
	NOTE("priority-tie", router, rule_priority_tie),
	NOTE("nobody-left", router, rule_nobody_left),

	WARN("priority-equal", router, rule_priority_equal),
	WARN("two-owners", router, rule_two_owners),
	WARN("state-loses", router, rule_state_loses),
	WARN("nopreempt-where", router, rule_nopreempt_where),
	INSTEAD("master-nopreempt", inst, rule_master_nopreempt),
	INSTEAD("delay-nopreempt", inst, rule_delay_nopreempt),
	INSTEAD("owner-weighted", inst, rule_owner_weighted),

	WARN("vrid-differs", router, rule_vrid_differs),
	WARN("version-differs", router, rule_version_differs),
	WARN("interval-differs", router, rule_interval_differs),
	NOTE("interval-learned", router, rule_interval_learned),
	WARN("auth-differs", router, rule_auth_differs),
	WARN("addresses-differ", router, rule_addresses_differ),
	WARN("prefix-differs", router, rule_prefix_differs),
	WARN("group-differs", router, rule_group_differs),
	WARN("no-standby", inst, rule_no_standby),
	NOTE("router-id-twice", all, rule_router_id_twice),

	WARN("unicast-differs", router, rule_unicast_differs),
	WARN("peer-missing", router, rule_peer_missing),
	NOTE("peer-unknown", router, rule_peer_unknown),
	WARN("source-twice", router, rule_source_twice),
	{ .id = "vrid-twice", .severity = DIAG_ERROR, .replaces = true, .node = rule_vrid_twice },

	INSTEAD("password-cut", inst, rule_password_cut),
	NOTE("password-sample", inst, rule_password_sample),
	NOTE("password-known", inst, rule_password_known),
	NOTE("auth-plain", all, rule_auth_plain),
	NOTE("auth-none", all, rule_auth_none),
	INSTEAD("strict", node, rule_strict),
	INSTEAD("strict-mode", inst, rule_strict_mode),

	WARN("value-cut", node, rule_value_cut),

	WARN("script-slow", script, rule_script_slow),
	WARN("script-stops", script, rule_script_stops),
	WARN("script-unsafe", node, rule_script_unsafe),
	NOTE("timeout-interval", script, rule_timeout_interval),
	NOTE("timeout-down", inst, rule_timeout_down),
	{ .id = NULL },
};

const char *lnt_rule_id(size_t i, enum diag_severity *severity)
{
	const size_t n = sizeof(lnt_rules) / sizeof(lnt_rules[0]) - 1;

	if (i < n && severity)
		*severity = lnt_rules[i].severity;
	return i < n ? lnt_rules[i].id : NULL;
}
