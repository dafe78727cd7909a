/*
 * A configuration meets its host.
 *
 * A script's user, its file and the interfaces exist on a host, not in a text. Everything that is
 * asked of the host about a configuration is asked here, once, when it is loaded.
 */
#include "main/live.h"

#include <net/if.h>
#include <stdio.h>

#include "sys/script_path.h"
#include "sys/users.h"

static bool who(const struct cfg *cfg, const struct cfg_command *command, struct user_ids *ids,
		char *why, size_t size)
{
	if (command->as.user)
		return users_resolve(command->as.user, command->as.group, ids, why, size);
	return users_default(cfg->global.script_user.user, cfg->global.script_user.group, ids, why,
			     size);
}

/* The command stays in the configuration, which is dumped and crosses to other processes. */
static void disable(const struct cfg *cfg, struct cfg_command *command, const char *why)
{
	command->refused = arena_str(cfg->arena, why);
	if (!command->refused)
		command->refused = "there was no memory for the reason";
}

static void resolve(const struct cfg *cfg, struct cfg_command *command, struct diag_list *diags)
{
	struct user_ids ids;
	struct spath_answer a;
	char why[SPATH_WHY_MAX];

	if (!command->argv)
		return;
	if (!who(cfg, command, &ids, why, sizeof(why))) {
		diag_add(diags, &command->pos, DIAG_ERROR, NULL,
			 "%s; the script is disabled, a check with it has failed", why);
		disable(cfg, command, why);
		return;
	}
	command->uid = ids.uid;
	command->gid = ids.gid;
	command->groups = ids.groups;
	if (!cfg->global.script_security)
		return;
	spath_judge(command->argv, &ids, &a);
	if (a.safe)
		return;
	diag_add(diags, &command->pos, DIAG_ERROR, NULL,
		 "%s; enable_script_security disables the script, a check with it has failed",
		 a.unsafe);
	disable(cfg, command, a.unsafe);
}

void liv_resolve(struct cfg *cfg, struct diag_list *diags)
{
	for (uint16_t i = 0; i < cfg->vr.n_checks; i++)
		resolve(cfg, &cfg->checks[i].command, diags);
	for (uint16_t i = 0; i < cfg->vr.n_insts; i++)
		for (int slot = 0; slot < CFG_N_NOTIFY; slot++)
			resolve(cfg, &cfg->insts[i].notify[slot], diags);
}

static bool iface_exists(void *ctx, const char *name)
{
	(void)ctx;
	return if_nametoindex(name) != 0;
}

static void each_iface(void *ctx, void (*tell)(void *to, const char *name), void *to)
{
	struct if_nameindex *all = if_nameindex();

	(void)ctx;
	for (struct if_nameindex *i = all; i && i->if_name; i++)
		tell(to, i->if_name);
	if (all)
		if_freenameindex(all);
}

static bool can_run(void *ctx, const struct cfg *cfg, const struct cfg_command *command, char *why,
		    size_t size)
{
	struct user_ids ids;
	struct spath_answer a;

	(void)ctx;
	if (!who(cfg, command, &ids, why, size))
		return false;
	spath_judge(command->argv, &ids, &a);
	snprintf(why, size, "%s", a.why);
	return a.runs;
}

static bool is_safe(void *ctx, const struct cfg *cfg, const struct cfg_command *command, char *why,
		    size_t size)
{
	struct user_ids ids;
	struct spath_answer a;

	(void)ctx;
	if (!who(cfg, command, &ids, why, size))
		return true;
	spath_judge(command->argv, &ids, &a);
	snprintf(why, size, "%s", a.unsafe);
	return a.safe;
}

static bool default_is_root(void *ctx)
{
	struct user_ids ids;
	char why[USERS_WHY_MAX];

	(void)ctx;
	return users_default(NULL, NULL, &ids, why, sizeof(why)) && ids.uid == 0;
}

struct cft_system liv_system(void)
{
	return (struct cft_system){
		.iface_exists = iface_exists, .each_iface = each_iface,
		.can_run = can_run, .is_safe = is_safe,
		.default_is_root = default_is_root,
	};
}
