/*
 * Why this exists: a script of root's that another user can change makes that user root, on each
 * host that has the address. Whether it is so can be seen on a host only, not in the text.
 */
#include "lint/rules.h"

#include "config/build.h"

#define WHY_MAX 400

static void judge(struct lnt *l, const struct lnt_rule *rule, const struct lnt_node *node,
		  const struct cfg_command *command, const struct cfg_user *given)
{
	const struct raw_global *global = &node->raw.global;
	const struct cfg_user *as = given->user ? given : &global->script_user;
	bool guarded = bld_on(global->script_security);
	char why[WHY_MAX];
	struct lnt_said *said;

	if (!command->argv ||
	    !l->host.unsafe(l->host.ctx, (const char *const *)command->argv, as, why, sizeof(why)))
		return;
	said = lnt_say(l, rule, node, &command->pos, "%s; %s", why,
		       guarded ? "enable_script_security disables the script" :
		       "enable_script_security would disable such a script");
	lnt_instead(l, said, "a file of root's in directories of root's, which nobody else can "
		    "write, or 'user' with the one that it belongs to");
}

void rule_script_unsafe(struct lnt *l, const struct lnt_rule *rule, struct lnt_node *node)
{
	if (!l->host.unsafe)
		return;
	for (size_t i = 0; i < node->n_scripts; i++) {
		if (node->scripts[i].tracked)
			judge(l, rule, node, &node->scripts[i].raw->command,
			      &node->scripts[i].raw->user);
	}
	for (size_t i = 0; i < node->n_insts * CFG_N_NOTIFY; i++) {
		const struct cfg_command *command =
			&node->insts[i / CFG_N_NOTIFY].raw->notify[i % CFG_N_NOTIFY];

		judge(l, rule, node, command, &command->as);
	}
}
