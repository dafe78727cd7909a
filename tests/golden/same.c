/*
 * Why this exists: two dumps can be equal because both forget the same thing. The structs that the
 * daemon runs on are therefore compared field by field, too.
 */
#include "golden/same.h"

#include <string.h>

#include "base/addr.h"

#define DIFFER(field) do { if (a->field != b->field) return #field; } while (0)
#define DIFFER_TEXT(field) do { if (!same_text(a->field, b->field)) return #field; } while (0)
#define DIFFER_ADDR(field) do { if (!ip_equal(&a->field, &b->field)) return #field; } while (0)

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_user(const struct cfg_user *a, const struct cfg_user *b)
{
	return same_text(a->user, b->user) && same_text(a->group, b->group);
}

static bool same_command(const struct cfg_command *a, const struct cfg_command *b)
{
	size_t i = 0;

	if (!a->argv || !b->argv)
		return a->argv == b->argv;
	while (a->argv[i] && b->argv[i] && strcmp(a->argv[i], b->argv[i]) == 0)
		i++;
	return !a->argv[i] && !b->argv[i] && same_user(&a->as, &b->as);
}

static const char *check_difference(const struct cfg_check *a, const struct cfg_check *b)
{
	DIFFER_TEXT(name);
	DIFFER(interval_us);
	DIFFER(timeout_us);
	DIFFER(weight);
	DIFFER(reverse);
	return same_command(&a->command, &b->command) ? NULL : "command";
}

static const char *core_check_difference(const struct vr_check_conf *a,
					 const struct vr_check_conf *b)
{
	DIFFER_TEXT(name);
	DIFFER(rise);
	DIFFER(fall);
	DIFFER(init_fail);
	DIFFER(identity);
	return NULL;
}

static const char *vip_difference(const struct vr_vip *a, const struct vr_vip *b)
{
	DIFFER_ADDR(prefix.addr);
	DIFFER(prefix.len);
	DIFFER_ADDR(peer);
	DIFFER_ADDR(broadcast);
	DIFFER_TEXT(label);
	DIFFER(preferred_lft);
	DIFFER(iface);
	DIFFER(scope);
	DIFFER(flags);
	return NULL;
}

static bool same_refs(const struct vr_ref *a, const struct vr_ref *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (a[i].index != b[i].index || a[i].weight != b[i].weight ||
		    a[i].reverse != b[i].reverse)
			return false;
	}
	return true;
}

static const char *protocol_difference(const struct vr_inst_conf *a, const struct vr_inst_conf *b)
{
	DIFFER_TEXT(name);
	DIFFER(iface);
	DIFFER(family);
	DIFFER(version);
	DIFFER(vrid);
	DIFFER(priority);
	DIFFER(auth_type);
	DIFFER(sum);
	DIFFER(preempt);
	DIFFER(track_primary);
	DIFFER(down_timer_adverts);
	DIFFER(adver_int_us);
	DIFFER(preempt_delay_us);
	DIFFER_ADDR(source);
	DIFFER_ADDR(group);
	return memcmp(a->auth_data, b->auth_data, VR_AUTH_LEN) == 0 ? NULL : "auth_data";
}

static const char *garp_difference(const struct vr_inst_conf *a, const struct vr_inst_conf *b)
{
	DIFFER(garp_lower_prio);
	DIFFER(garp_delay_us);
	DIFFER(garp_lower_prio_delay_us);
	DIFFER(garp_refresh_us);
	DIFFER(garp_interval_us);
	DIFFER(garp_repeat);
	DIFFER(garp_lower_prio_repeat);
	DIFFER(garp_refresh_repeat);
	return NULL;
}

static const char *list_difference(const struct vr_inst_conf *a, const struct vr_inst_conf *b)
{
	DIFFER(n_vips);
	DIFFER(n_advertised);
	DIFFER(n_track_ifaces);
	DIFFER(n_track_checks);
	for (size_t i = 0; i < a->n_vips; i++) {
		const char *what = vip_difference(&a->vips[i], &b->vips[i]);

		if (what)
			return what;
	}
	if (!same_refs(a->track_ifaces, b->track_ifaces, a->n_track_ifaces))
		return "track_ifaces";
	return same_refs(a->track_checks, b->track_checks, a->n_track_checks) ? NULL
									      : "track_checks";
}

static const char *inst_difference(const struct vr_inst_conf *a, const struct vr_inst_conf *b)
{
	const char *what = protocol_difference(a, b);

	if (!what)
		what = garp_difference(a, b);
	return what ? what : list_difference(a, b);
}

static const char *notify_difference(const struct cfg_inst *a, const struct cfg_inst *b)
{
	DIFFER(wants_master);
	for (size_t i = 0; i < CFG_N_NOTIFY; i++) {
		if (!same_command(&a->notify[i], &b->notify[i]))
			return "notify";
	}
	return NULL;
}

static const char *global_difference(const struct cfg_global *a, const struct cfg_global *b)
{
	DIFFER_TEXT(instance);
	DIFFER_TEXT(router_id);
	DIFFER(script_security);
	DIFFER(environment_all);
	DIFFER_TEXT(journal);
	DIFFER(journal_kib);
	return same_user(&a->script_user, &b->script_user) ? NULL : "script_user";
}

const char *cfg_difference(const struct cfg *a, const struct cfg *b)
{
	const char *what = global_difference(&a->global, &b->global);

	DIFFER(vr.n_ifaces);
	DIFFER(vr.n_checks);
	DIFFER(vr.n_insts);
	for (size_t i = 0; !what && i < a->vr.n_ifaces; i++)
		what = same_text(a->vr.ifaces[i].name, b->vr.ifaces[i].name) ? NULL : "ifaces";
	for (size_t i = 0; !what && i < a->vr.n_checks; i++)
		what = check_difference(&a->checks[i], &b->checks[i]);
	for (size_t i = 0; !what && i < a->vr.n_checks; i++)
		what = core_check_difference(&a->vr.checks[i], &b->vr.checks[i]);
	for (size_t i = 0; !what && i < a->vr.n_insts; i++)
		what = inst_difference(&a->vr.insts[i], &b->vr.insts[i]);
	for (size_t i = 0; !what && i < a->vr.n_insts; i++)
		what = notify_difference(&a->insts[i], &b->insts[i]);
	return what;
}
