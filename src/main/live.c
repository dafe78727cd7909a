/*
 * A configuration meets its host.
 *
 * A script's user, its file and the interfaces exist on a host, not in a text. Everything that is
 * asked of the host about a configuration is asked here, once, when it is loaded.
 */
#include "main/live.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "engine/world.h"
#include "sys/netwatch.h"
#include "sys/script_env.h"
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
		diag_add(diags, &command->pos, DIAG_MISTAKE, NULL,
			 "%s; the script is disabled, a check with it has failed", why);
		disable(cfg, command, why);
		return;
	}
	command->uid = ids.uid;
	command->gid = ids.gid;
	command->groups = ids.groups;
	command->account = users_variables(cfg->arena, ids.uid);
	if (!command->account) {
		disable(cfg, command, "there was no memory for its environment");
		return;
	}
	spath_judge(command->argv, &ids, senv_path(environ), &a);
	command->broken = !a.runs;
	if (!cfg->global.script_security || a.safe)
		return;
	diag_add(diags, &command->pos, DIAG_MISTAKE, NULL,
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

static bool same_address(const struct sockaddr *sa, const struct ip_addr *addr)
{
	const struct sockaddr_in *v4 = (const void *)sa;
	const struct sockaddr_in6 *v6 = (const void *)sa;

	if (sa->sa_family == AF_INET)
		return addr->family == IP_V4 && memcmp(&v4->sin_addr, addr->b, 4) == 0;
	return sa->sa_family == AF_INET6 && addr->family == IP_V6 &&
	       memcmp(&v6->sin6_addr, addr->b, 16) == 0;
}

/* Where the kernel cannot be asked, nothing is held against the text. */
static bool has_address(void *ctx, const char *name, const struct ip_addr *addr)
{
	struct ifaddrs *all;
	bool found = false;

	(void)ctx;
	if (getifaddrs(&all))
		return true;
	for (const struct ifaddrs *i = all; i && !found; i = i->ifa_next)
		found = i->ifa_addr && strcmp(i->ifa_name, name) == 0 &&
			same_address(i->ifa_addr, addr);
	freeifaddrs(all);
	return found;
}

static bool can_run(void *ctx, const struct cfg *cfg, const struct cfg_command *command, char *why,
		    size_t size)
{
	struct user_ids ids;
	struct spath_answer a;

	(void)ctx;
	if (!who(cfg, command, &ids, why, size))
		return false;
	spath_judge(command->argv, &ids, senv_path(environ), &a);
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
	spath_judge(command->argv, &ids, senv_path(environ), &a);
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

/* ---- addresses ---- */

static void see_link(void *ctx, const struct port_link *link)
{
	wld_on_link(ctx, link);
}

static void see_addr(void *ctx, const struct port_addr *addr)
{
	wld_on_addr(ctx, addr);
}

static bool is_vip(void *ctx, const struct ip_addr *a)
{
	const struct cfg *cfg = ctx;

	for (uint16_t i = 0; i < cfg->vr.n_insts; i++)
		for (uint16_t v = 0; v < cfg->vr.insts[i].n_vips; v++)
			if (ip_equal(&cfg->vr.insts[i].vips[v].prefix.addr, a))
				return true;
	return false;
}

static const struct wld_link *link_of(const struct world *w, int ifindex)
{
	for (size_t i = 0; i < w->n_links; i++)
		if (w->links[i].ifindex == ifindex)
			return &w->links[i];
	return NULL;
}

struct host {
	const struct world *w;
	struct cfg *cfg;
	bool adopt;
	struct diag_list *diags;
};

/* A stands where V of instance I will. */
static void say_foreign(const struct host *h, uint16_t i, const struct vr_vip *v,
			const struct wld_addr *a, const struct wld_link *link)
{
	bool here = strcmp(link->name, h->cfg->vr.ifaces[v->iface].name) == 0;
	bool left = here && a->prefix.len == v->prefix.len &&
		    wld_is_leftover(h->w, a, is_vip, h->cfg);
	char text[IP_PREFIX_TEXT_MAX];

	ip_prefix_text(&a->prefix, text);
	if (left && h->adopt)
		diag_add(h->diags, &h->cfg->insts[i].pos, DIAG_NOTE, NULL,
			 "%s of '%s' stands on %s now, as a keepalived leaves it: it is taken over "
			 "at the start", text, h->cfg->vr.insts[i].name, link->name);
	else
		diag_add(h->diags, &h->cfg->insts[i].pos, DIAG_WARNING, NULL,
			 "%s of '%s' stands on %s now, and was not put there by us: the instance "
			 "stays unfit (address-foreign) until it has gone; %s", text,
			 h->cfg->vr.insts[i].name, link->name, left ?
			 "if a keepalived has left it behind, --adopt-leftovers takes it over" :
			 "take it out of the host's own settings or out of this configuration "
			 "(only priority 255 shares the host's own address)");
}

/* A kernel that keeps no tags does not tell what a daemon of ours has put there, but that ends by
 * itself. */
static void look_at(const struct host *h, const struct wld_addr *a)
{
	const struct wld_link *link = link_of(h->w, a->ifindex);
	const struct vr_config *vr = &h->cfg->vr;

	if (!link || (!h->w->tags && !a->lasting))
		return;
	for (uint16_t i = 0; i < vr->n_insts; i++)
		for (uint16_t v = 0; v < vr->insts[i].n_vips; v++) {
			const struct vr_vip *vip = &vr->insts[i].vips[v];
			bool here = strcmp(link->name, vr->ifaces[vip->iface].name) == 0;

			if (ip_equal(&vip->prefix.addr, &a->prefix.addr) &&
			    vr->insts[i].priority != VR_PRIO_OWNER && (here || !link->silent))
				say_foreign(h, i, vip, a, link);
		}
}

static int64_t no_time(void *ctx)
{
	(void)ctx;
	return 0;
}

static void foreign(void *ctx, const struct cfg *cfg, bool adopt, struct diag_list *diags)
{
	const struct port nowhere = { .now_us = no_time };
	struct world w;
	struct port_events events = { .ctx = &w, .link = see_link, .addr = see_addr };
	struct host h = { .w = &w, .cfg = (struct cfg *)cfg, .adopt = adopt, .diags = diags };

	(void)ctx;
	wld_init(&w, &nowhere, &log_null);
	nwa_once(&events);		/* what cannot be read is found at the start */
	for (size_t i = 0; i < w.n_addrs; i++)
		look_at(&h, &w.addrs[i]);
	wld_free(&w);
}

struct cft_system liv_system(void)
{
	return (struct cft_system){
		.iface_exists = iface_exists, .each_iface = each_iface,
		.has_address = has_address,
		.can_run = can_run, .is_safe = is_safe,
		.default_is_root = default_is_root,
		.foreign = foreign,
	};
}
