/*
 * Why this exists: the place where a virtual router is put together from its parts, and where all
 * of them become one configuration.
 */
#include "config/build.h"

#include <stdlib.h>
#include <string.h>

#include "base/addr.h"

#define STRICT_LACKS \
	"'%s' neither filters traffic to the addresses nor leaves a lower priority unanswered in " \
	"this version"

/* Room for one more interface. */
static bool grow_ifaces(struct build *b)
{
	size_t size = b->ifaces_size ? b->ifaces_size * 2 : 8;
	struct vr_iface_conf *ifaces;
	struct diag_pos *pos;

	if (b->n_ifaces < b->ifaces_size)
		return true;
	ifaces = bld_alloc(b, size, sizeof(*ifaces));
	pos = bld_alloc(b, size, sizeof(*pos));
	if (!ifaces || !pos)
		return false;
	if (b->n_ifaces > 0) {
		memcpy(ifaces, b->ifaces, b->n_ifaces * sizeof(*ifaces));
		memcpy(pos, b->iface_pos, b->n_ifaces * sizeof(*pos));
	}
	b->ifaces = ifaces;
	b->iface_pos = pos;
	b->ifaces_size = size;
	return true;
}

uint16_t bld_iface(struct build *b, const char *name, struct diag_pos pos)
{
	for (size_t i = 0; i < b->n_ifaces; i++) {
		if (strcmp(b->ifaces[i].name, name) == 0)
			return (uint16_t)i;
	}
	if (b->n_ifaces + 1 >= VR_NONE)
		b->too_many = true;
	if (b->too_many || !grow_ifaces(b))
		return VR_NONE;
	b->ifaces[b->n_ifaces].name = name;
	b->iface_pos[b->n_ifaces] = bld_keep(b, pos);
	return (uint16_t)b->n_ifaces++;
}

/* Where adverts come from. keepalived falls back to multicast when there are no peers. */
static struct ip_addr source_of(struct build *b, const struct raw_inst *raw)
{
	bool unicast = bld_has(raw, "unicast_src_ip");
	const char *word = unicast ? "unicast_src_ip" : "mcast_src_ip";
	struct ip_addr a = unicast ? raw->unicast_src : raw->mcast_src;
	struct diag_pos pos = bld_at(raw, word);

	if (unicast && !bld_has(raw, "unicast_peer"))
		diag_add(b->diags, &pos, DIAG_WARNING, NULL,
			 "there is no 'unicast_peer', so advertisements from this address are "
			 "multicast, as in keepalived");
	if (a.family != IP_V6)
		return a;
	diag_add(b->diags, &pos, DIAG_MISTAKE, NULL,
		 "'%s' is an IPv6 address, and the virtual addresses are IPv4; it is ignored",
		 word);
	return (struct ip_addr){ 0 };
}

static struct ip_addr group_of(const struct build *b, const struct raw_inst *raw)
{
	static const uint8_t vrrp_group[] = { 224, 0, 0, 18 };	/* RFC 9568 5.1.1.2 */

	if (raw->mcast_dst.family != IP_NONE)
		return raw->mcast_dst;
	if (b->raw.global.group4.family != IP_NONE)
		return b->raw.global.group4;
	return ip_v4(vrrp_group);
}

static bool is_strict(struct build *b, const struct raw_inst *raw)
{
	struct diag_pos pos = bld_at(raw, "strict_mode");

	if (bld_on(raw->strict))
		diag_add(b->diags, &pos, DIAG_WARNING, NULL, STRICT_LACKS, "strict_mode");
	return bld_either(raw->strict, b->raw.global.strict);
}

/* What is written wins over what a master's adverts teach. */
static uint8_t checksum_form(const struct build *b, const struct raw_inst *raw)
{
	int64_t given = bld_or(raw->plain_checksum, b->raw.global.plain_checksum);

	if (given == RAW_NONE || bld_version(b, raw) != 3)
		return VR_SUM_LEARN;
	return bld_on(given) ? VR_SUM_PLAIN : VR_SUM_PSEUDO;
}

/* In strict mode the owner is MASTER at the start, and nobody else is. */
static void say_state(struct build *b, const struct raw_inst *raw)
{
	struct diag_pos pos = bld_at(raw, "state");

	if (raw->state == SCH_STATE_MASTER && !bld_wants_master(raw, true))
		diag_add(b->diags, &pos, DIAG_WARNING, NULL,
			 "'state MASTER' needs priority 255 in strict mode; BACKUP is used, as in "
			 "keepalived");
}

static void build_core(struct build *b, const struct raw_inst *raw, struct vr_inst_conf *inst)
{
	bool strict = is_strict(b, raw);

	if (strict)
		say_state(b, raw);
	*inst = (struct vr_inst_conf){
		.name = raw->name,
		.iface = bld_iface(b, raw->interface, bld_value_at(raw, "interface")),
		.version = bld_version(b, raw),
		.vrid = (uint8_t)raw->vrid,
		.priority = bld_priority(raw),
		.sum = checksum_form(b, raw),
		.track_primary = !bld_on(raw->dont_track_primary),
		.source = source_of(b, raw),
		.group = group_of(b, raw),
	};
	bld_addresses(b, raw, inst);
	bld_auth(b, raw, inst, strict);
	bld_timing(b, raw, inst, strict);
	bld_tracking(b, raw, inst);
}

static void build_rest(struct build *b, const struct raw_inst *raw,
		       const struct vr_inst_conf *core, struct cfg_inst *inst)
{
	struct diag_pos pos = bld_at(raw, "name");

	inst->pos = bld_keep(b, pos);
	inst->source_pos = bld_keep(b, bld_value_at(raw, bld_has(raw, "unicast_src_ip") ?
						    "unicast_src_ip" : "mcast_src_ip"));
	inst->wants_master =
		bld_wants_master(raw, bld_either(raw->strict, b->raw.global.strict));
	inst->lease_s = bld_lease(b, raw, core);
	memcpy(inst->notify, raw->notify, sizeof(inst->notify));
	if (raw->state == SCH_STATE_MASTER && raw->priority == RAW_NONE &&
	    !bld_has(raw, "priority"))
		diag_add(b->diags, &pos, DIAG_NOTE, NULL,
			 "without 'priority', state MASTER makes '%s' the owner of its addresses "
			 "(priority 255)", raw->name);
}

/* The daemon works in "/", and started by hand it would write somewhere else. */
static const char *journal_of(struct build *b)
{
	const char *path = b->raw.global.journal;
	struct diag_pos pos;

	if (!path || *path == '/')
		return path;
	pos = bld_at(&b->raw.global, "journal");
	diag_add(b->diags, &pos, DIAG_MISTAKE, NULL,
		 "'%s' does not begin with '/', so no journal is kept", path);
	return NULL;
}

/* What strict mode does not do, and what beside it in global_defs is not used. */
static void say_strict(struct build *b)
{
	const struct raw_global *raw = &b->raw.global;
	struct diag_pos pos = bld_at(raw, "vrrp_strict");

	diag_add(b->diags, &pos, DIAG_WARNING, NULL, STRICT_LACKS, "vrrp_strict");
	pos = bld_at(raw, "vrrp_down_timer_adverts");
	if (bld_or(raw->down_timer_adverts, 3) != 3)
		diag_add(b->diags, &pos, DIAG_WARNING, NULL,
			 "'vrrp_down_timer_adverts' is always 3 in strict mode; it is "
			 "ignored");
	pos = bld_at(raw, "vrrp_garp_lower_prio_repeat");
	if (bld_or(raw->garp.lower_repeat, 0) > 0)
		diag_add(b->diags, &pos, DIAG_WARNING, NULL,
			 "'vrrp_garp_lower_prio_repeat' is not allowed in strict mode; it is "
			 "ignored");
}

static void build_global(struct build *b)
{
	const struct raw_global *raw = &b->raw.global;

	b->cfg->global = (struct cfg_global){
		.instance = b->raw.instance,
		.router_id = raw->router_id,
		.script_user = raw->script_user,
		.script_security = bld_on(raw->script_security),
		.environment_all = raw->script_environment == SCH_ENVIRONMENT_ALL,
		.ifaces_come = bld_has(raw, "dynamic_interfaces"),
		.journal = journal_of(b),
		.journal_kib = bld_or(raw->journal_size, CFG_JOURNAL_KIB),
	};
	if (bld_on(raw->strict))
		say_strict(b);
}

/* True when the same stands above, in the same words. */
static bool is_repeated(const struct build *b, const struct raw_inst *raw)
{
	for (const struct raw_inst *other = b->raw.insts.v; other < raw; other++)
		if (tree_equal(other->head.setting, raw->head.setting))
			return true;
	return false;
}

/*
 * Builds an instance that is not run, for what there is to be said about it: its other mistakes
 * would come to light one after the other, each when the one before is mended.
 */
static void examine(struct build *b, struct raw_inst *raw)
{
	size_t n_ifaces = b->n_ifaces;
	bool *used = arena_array(b->scratch, b->n_scripts + 1, sizeof(*used));
	struct vr_inst_conf core;
	struct cfg_inst rest;

	b->no_memory |= !used;
	if (b->no_memory || !raw->name || b->too_many || is_repeated(b, raw))
		return;
	if (b->n_scripts > 0)
		memcpy(used, b->script_used, b->n_scripts * sizeof(*used));
	if (!raw->interface)
		raw->interface = "";		/* the name of none */
	build_core(b, raw, &core);
	build_rest(b, raw, &core, &rest);
	b->n_ifaces = n_ifaces;
	if (b->n_scripts > 0)
		memcpy(b->script_used, used, b->n_scripts * sizeof(*used));
}

/* The instances that can be run, in the order of the text; their number in *N. */
static struct raw_inst **accepted(struct build *b, size_t *n)
{
	struct raw_inst *all = b->raw.insts.v;
	struct raw_inst **v =
		arena_array(b->scratch, b->raw.insts.n + 1, sizeof(struct raw_inst *));

	*n = 0;
	if (!v)
		b->no_memory = true;
	for (size_t i = 0; v && i < b->raw.insts.n; i++) {
		if (bld_accept(b, &all[i], v, *n))
			v[(*n)++] = &all[i];
		else
			examine(b, &all[i]);
	}
	if (*n >= VR_NONE)
		b->too_many = true;
	return b->too_many ? NULL : v;
}

void bld_instances(struct build *b)
{
	struct vr_inst_conf *core;
	struct raw_inst **raws;
	size_t n;

	build_global(b);
	bld_scripts_begin(b);
	raws = accepted(b, &n);
	core = bld_alloc(b, n, sizeof(*core));
	b->cfg->insts = bld_alloc(b, n, sizeof(*b->cfg->insts));
	for (size_t i = 0; i < n && raws && !b->no_memory && !b->too_many; i++) {
		build_core(b, raws[i], &core[i]);
		build_rest(b, raws[i], &core[i], &b->cfg->insts[i]);
	}
	if (b->no_memory || b->too_many)
		return;
	bld_scripts_end(b, core, n);
	b->cfg->vr.insts = core;
	b->cfg->vr.n_insts = (uint16_t)n;
	b->cfg->vr.ifaces = b->ifaces;
	b->cfg->vr.n_ifaces = (uint16_t)b->n_ifaces;
	b->cfg->iface_pos = b->iface_pos;
}
