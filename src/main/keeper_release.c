/*
 * The keeper's last resort.
 *
 * Where no engine can be had to leave in good order, the keeper takes the addresses of its own
 * configuration off by itself: an address that nobody advertises is in the way of whoever takes
 * over. Only what bears our tag goes; what was there before us stays.
 */
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "main/keeper_parts.h"
#include "sys/release.h"

static size_t count(const struct cfg *cfg)
{
	size_t n = 0;

	for (uint16_t i = 0; cfg && i < cfg->vr.n_insts; i++)
		n += cfg->vr.insts[i].n_vips;
	return n;
}

static size_t list(const struct cfg *cfg, struct rls_addr *v, size_t n)
{
	for (uint16_t i = 0; cfg && i < cfg->vr.n_insts; i++) {
		const struct vr_inst_conf *inst = &cfg->vr.insts[i];

		for (uint16_t j = 0; j < inst->n_vips; j++) {
			const char *name = cfg->vr.ifaces[inst->vips[j].iface].name;

			v[n++] = (struct rls_addr){
				.ifindex = (int)if_nametoindex(name),
				.prefix = inst->vips[j].prefix,
			};
		}
	}
	return n;
}

static void tell(const struct keeper *k, const struct rls_result *r)
{
	char text[IP_PREFIX_TEXT_MAX], name[IF_NAMESIZE] = "?";

	log_printf(k->log, LOG_LVL_ERROR, "There is no engine to release the addresses: the keeper "
		   "has taken %zu off itself", r->removed);
	if (r->left)
		log_printf(k->log, LOG_LVL_ERROR, "%zu addresses are left on this host, the first "
			   "is %s on %s: %s", r->left, ip_prefix_text(&r->first.prefix, text),
			   if_indextoname((unsigned int)r->first.ifindex, name) ? name : "?",
			   strerror(r->error));
	else if (r->error)
		log_printf(k->log, LOG_LVL_ERROR, "It cannot be said which addresses are left on "
			   "this host: %s", strerror(r->error));
}

void kpr_clear(struct keeper *k)
{
	size_t most = count(k->cfg) + count(k->tried), n;
	struct rls_addr *v = calloc(most + 1, sizeof(*v));

	if (!v) {
		log_printf(k->log, LOG_LVL_ERROR, "There is no engine to release the addresses, "
			   "and no memory to do it without one");
		return;
	}
	n = list(k->cfg, v, 0);
	n = list(k->tried, v, n);
	struct rls_result r = rls_delete(v, n);
	free(v);
	tell(k, &r);
	k->held = r.left || r.error;
}
