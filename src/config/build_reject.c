/*
 * Why this exists: an instance whose text cannot be honoured in what decides about the address, the
 * interface, the number, the way adverts travel, must not run on a guess. This file says which, and
 * why.
 */
#include "config/build.h"

#include <string.h>

#include "base/addr.h"

uint8_t bld_version(const struct build *b, const struct raw_inst *raw)
{
	return (uint8_t)bld_or(raw->version, bld_or(b->raw.global.version, 2));
}

uint8_t bld_priority(const struct raw_inst *raw)
{
	return (uint8_t)bld_or(raw->priority, raw->state == SCH_STATE_MASTER ? VR_PRIO_OWNER : 100);
}

bool bld_wants_master(const struct raw_inst *raw, bool strict)
{
	return strict ? bld_priority(raw) == VR_PRIO_OWNER : raw->state == SCH_STATE_MASTER;
}

bool bld_either(int64_t flag, int64_t global)
{
	return bld_on(flag == RAW_NONE ? global : flag);
}

/* "'VI_1' WHY, so it is not run", at the place of WORD or of the instance. Always false. */
static bool reject(struct build *b, const struct raw_inst *raw, const char *word, const char *why)
{
	struct diag_pos pos = bld_at(raw, word);

	diag_add(b->diags, &pos, DIAG_ERROR, NULL, "'%s' %s, so it is not run", raw->name, why);
	return false;
}

/* The sync group that lists NAME, or NULL. */
static const struct raw_group *group_of(const struct build *b, const char *name)
{
	const struct raw_group *groups = b->raw.groups.v;

	for (size_t i = 0; i < b->raw.groups.n; i++) {
		const struct raw_name *members = groups[i].members.v;

		for (size_t k = 0; k < groups[i].members.n; k++) {
			if (strcmp(members[k].name, name) == 0)
				return &groups[i];
		}
	}
	return NULL;
}

static bool in_group(struct build *b, const struct raw_inst *raw)
{
	const struct raw_group *group = group_of(b, raw->name);
	struct diag_pos pos = bld_at(raw, "name");

	if (!group)
		return false;
	diag_add(b->diags, &pos, DIAG_ERROR, NULL,
		 "'%s' is a member of vrrp_sync_group '%s', and sync groups are not available in "
		 "this version, so it is not run", raw->name, group->name ? group->name : "?");
	return true;
}

/* A value that is none has been spoken of (SCH_F_NEEDED). */
static bool interface_is_clear(struct build *b, const struct raw_inst *raw)
{
	if (!raw->interface)
		return bld_has(raw, "interface") ? false :
		       reject(b, raw, "interface", "has no 'interface'");
	if (strcmp(raw->interface, "lo") == 0)
		return reject(b, raw, "interface", "cannot use the loopback interface");
	return true;
}

static bool number_is_clear(struct build *b, const struct raw_inst *raw)
{
	if (raw->vrid != RAW_NONE)
		return true;
	return bld_has(raw, "virtual_router_id") ? false :
	       reject(b, raw, "virtual_router_id", "has no 'virtual_router_id'");
}

static bool paths_are_clear(struct build *b, const struct raw_inst *raw)
{
	const struct raw_global *global = &b->raw.global;

	bool own = bld_has(raw, "mcast_dst_ip");

	if (own && raw->mcast_dst.family == IP_NONE)
		return false;
	if (own && (raw->mcast_dst.family != IP_V4 || !ip_is_multicast(&raw->mcast_dst)))
		return reject(b, raw, "mcast_dst_ip",
			      "has a 'mcast_dst_ip' that is no IPv4 multicast group");
	if (!own && bld_has(global, "vrrp_mcast_group4") &&
	    (global->group4.family != IP_V4 || !ip_is_multicast(&global->group4)))
		return reject(b, raw, "name",
			      "would use a 'vrrp_mcast_group4' that is no multicast group");
	return true;
}

/* True when the text lists addresses to advertise, good or bad ones. */
static bool lists_addresses(const struct raw_inst *raw)
{
	const config_setting_t *s =
		config_setting_get_member(raw->head.setting, "virtual_ipaddress");

	return s && config_setting_length(s) > 0;
}

/* The first line that is no address is the cause. Always false. */
static bool no_usable_address(struct build *b, const struct raw_inst *raw)
{
	const config_setting_t *s =
		config_setting_get_member(raw->head.setting, "virtual_ipaddress");

	for (int i = 0; i < config_setting_length(s); i++) {
		struct diag_pos pos = tree_key(config_setting_get_elem(s, (unsigned int)i));

		if (diag_extend(b->diags, &pos, DIAG_ERROR,
				", so '%s' has no address and is not run", raw->name))
			return false;
	}
	return reject(b, raw, "virtual_ipaddress", "has no usable virtual address");
}

static bool addresses_are_clear(struct build *b, struct raw_inst *raw)
{
	const struct raw_vip *vips = raw->vips.v;

	bld_drop_addresses(b, raw);
	if (raw->vips.n == 0 && lists_addresses(raw))
		return no_usable_address(b, raw);
	if (raw->vips.n == 0 && bld_either(raw->strict, b->raw.global.strict))
		return reject(b, raw, "virtual_ipaddress",
			      "has no virtual address, which strict mode does not allow");
	if (raw->vips.n == 0 && bld_version(b, raw) == 3)
		return reject(b, raw, "virtual_ipaddress", raw->excluded.n > 0 ?
			      "advertises none of its addresses (all stand in "
			      "virtual_ipaddress_excluded), which VRRPv3 cannot" :
			      "has no virtual address, and VRRPv3 cannot advertise that");
	if (raw->vips.n > 0 && vips[0].prefix.addr.family == IP_V6)
		return reject(b, raw, "virtual_ipaddress",
			      "has IPv6 addresses, which are not available in this version");
	return true;
}

static void say_no_address(struct build *b, const struct raw_inst *raw)
{
	struct diag_pos pos = bld_at(raw, "name");

	if (raw->excluded.n > 0)
		diag_add(b->diags, &pos, DIAG_NOTE, NULL,
			 "'%s' advertises none of its addresses: all stand in "
			 "virtual_ipaddress_excluded", raw->name);
	else
		diag_add(b->diags, &pos, DIAG_NOTE, NULL,
			 "'%s' has no virtual address: it only elects a master and notifies",
			 raw->name);
}

void bld_say_twice(struct build *b, const char *kind, const void *raw, const void *first,
		   enum diag_severity severity)
{
	const config_setting_t *s = ((const struct raw_head *)raw)->setting;
	const config_setting_t *before = ((const struct raw_head *)first)->setting;
	struct diag_pos pos = bld_at(raw, "name");

	if (tree_equal(s, before))
		diag_add(b->diags, &pos, DIAG_NOTE, NULL,
			 "%s '%s' is the same as that of line %u, which counts", kind,
			 tree_block_name(s), bld_at(first, "name").line);
	else
		diag_add(b->diags, &pos, severity, NULL,
			 "%s '%s' is already defined in line %u; this one is ignored", kind,
			 tree_block_name(s), bld_at(first, "name").line);
}

/* True when an accepted instance has the same name. */
static bool name_is_taken(struct build *b, const struct raw_inst *raw)
{
	const struct raw_inst *all = b->raw.insts.v;

	for (const struct raw_inst *other = all; other < raw; other++) {
		if (!other->name || strcmp(other->name, raw->name) != 0)
			continue;
		bld_say_twice(b, "vrrp_instance", raw, other, DIAG_ERROR);
		return true;
	}
	return false;
}

static bool router_is_taken(struct build *b, const struct raw_inst *raw,
			    struct raw_inst *const *before, size_t n)
{
	struct diag_pos pos = bld_at(raw, "virtual_router_id");

	for (size_t i = 0; i < n; i++) {
		if (before[i]->vrid != raw->vrid ||
		    strcmp(before[i]->interface, raw->interface) != 0)
			continue;
		diag_add(b->diags, &pos, DIAG_ERROR, NULL,
			 "'%s' has the virtual_router_id %u on %s, as '%s' has already, so it is "
			 "not run", raw->name, (unsigned int)raw->vrid, raw->interface,
			 before[i]->name);
		return true;
	}
	return false;
}

bool bld_accept(struct build *b, struct raw_inst *raw, struct raw_inst *const *before, size_t n)
{
	struct diag_pos pos = bld_at(raw, "name");
	bool good;

	if (!raw->name) {
		diag_add(b->diags, &pos, DIAG_ERROR, NULL,
			 "a vrrp_instance without a name is not run");
		return false;
	}
	if (name_is_taken(b, raw))
		return false;
	/* All are asked: one reason must not hide another. */
	good = !b->raw.head.refused && !raw->head.refused;
	good &= !in_group(b, raw);
	good &= interface_is_clear(b, raw);
	good &= number_is_clear(b, raw);
	good &= paths_are_clear(b, raw);
	good &= bld_auth_accept(b, raw);
	good &= addresses_are_clear(b, raw);
	good = good && !router_is_taken(b, raw, before, n);
	if (good && raw->vips.n == 0)
		say_no_address(b, raw);
	return good;
}
