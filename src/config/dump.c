/*
 * Why this exists: "what do you run?" must have an exact answer. The configuration is turned back
 * into what its text would have said with every default written out, and the schema's writer does
 * the rest.
 */
#include "config/dump.h"

#include <string.h>

#include "config/build.h"
#include "core/timing.h"

static int64_t flag(bool on)
{
	return on ? 1 : RAW_NONE;
}

static void fill_global(const struct cfg *c, struct raw_global *raw)
{
	raw->router_id = c->global.router_id;
	raw->script_user = c->global.script_user;
	raw->script_security = flag(c->global.script_security);
	if (c->global.environment_all)
		raw->script_environment = SCH_ENVIRONMENT_ALL;
	raw->journal = c->global.journal;
	if (c->global.journal || c->global.journal_kib != CFG_JOURNAL_KIB)
		raw->journal_size = c->global.journal_kib;
	/* There is no word for it in an instance, and it is the same in all. */
	if (c->vr.n_insts > 0)
		raw->garp_interval = c->vr.insts[0].garp_interval_us;
}

static void fill_script(const struct cfg *c, size_t i, struct raw_script *raw)
{
	const struct cfg_check *check = &c->checks[i];
	const struct vr_check_conf *core = &c->vr.checks[i];

	raw->name = check->name;
	raw->command = check->command;
	raw->user = check->command.as;
	raw->interval = check->interval_us;
	raw->timeout = check->timeout_us;
	raw->weight = check->weight;
	raw->reverse = flag(check->reverse);
	raw->rise = core->rise;
	raw->fall = core->fall;
	raw->init_fail = flag(core->init_fail);
}

static bool fill_vip(const struct cfg *c, const struct vr_vip *vip, struct raw_vip *raw,
		     struct arena *arena)
{
	bool deprecated = vip->prefix.addr.family == IP_V6 && vip->prefix.len == 128;
	char text[IP_TEXT_MAX];
	bool good;

	raw->prefix = vip->prefix;
	raw->dev = c->vr.ifaces[vip->iface].name;
	raw->label = vip->label;
	raw->peer = vip->peer;
	if (vip->broadcast.family != IP_NONE)
		raw->broadcast = arena_str(arena, ip_text(&vip->broadcast, text));
	good = vip->broadcast.family == IP_NONE || raw->broadcast;
	if (vip->scope)
		raw->scope = vip->scope;
	if (vip->preferred_lft != (deprecated ? 0 : VR_LFT_FOREVER))
		raw->preferred_lft = vip->preferred_lft;
	raw->home = flag(vip->flags & VR_VIP_HOME);
	raw->nodad = flag(vip->flags & VR_VIP_NODAD);
	raw->mngtmpaddr = flag(vip->flags & VR_VIP_MNGTMPADDR);
	raw->noprefixroute = flag(vip->flags & VR_VIP_NOPREFIXROUTE);
	raw->autojoin = flag(vip->flags & VR_VIP_AUTOJOIN);
	raw->no_track = flag(vip->flags & VR_VIP_NO_TRACK);
	return good;
}

static bool fill_vips(const struct cfg *c, const struct vr_vip *vips, size_t n,
		      struct raw_list *list, struct arena *arena)
{
	struct raw_vip *v = arena_array(arena, n, sizeof(*v));

	for (size_t i = 0; v && i < n; i++) {
		raw_init(SCH_VIP, &v[i]);
		if (!fill_vip(c, &vips[i], &v[i], arena))
			return false;
	}
	*list = (struct raw_list){ v, v ? n : 0 };
	return v != NULL;
}

static bool fill_ifaces(const struct cfg *c, const struct vr_inst_conf *inst, struct raw_list *list,
			struct arena *arena)
{
	struct raw_track *v = arena_array(arena, inst->n_track_ifaces, sizeof(*v));

	for (size_t i = 0; v && i < inst->n_track_ifaces; i++) {
		const struct vr_ref *ref = &inst->track_ifaces[i];

		raw_init(SCH_TRACK_LINE, &v[i]);
		v[i].name = c->vr.ifaces[ref->index].name;
		v[i].weight = ref->weight;
		v[i].reverse = flag(ref->reverse);
	}
	*list = (struct raw_list){ v, v ? inst->n_track_ifaces : 0 };
	return v != NULL;
}

static bool fill_checks(const struct cfg *c, const struct vr_inst_conf *inst, struct raw_list *list,
			struct arena *arena)
{
	struct raw_track *v = arena_array(arena, inst->n_track_checks, sizeof(*v));

	for (size_t i = 0; v && i < inst->n_track_checks; i++) {
		const struct vr_ref *ref = &inst->track_checks[i];

		raw_init(SCH_TRACK_SCRIPT_LINE, &v[i]);
		v[i].name = c->checks[ref->index].name;
		v[i].weight = ref->weight;
		v[i].reverse = flag(ref->reverse);
		v[i].noreverse = flag(c->checks[ref->index].reverse && !ref->reverse);
	}
	*list = (struct raw_list){ v, v ? inst->n_track_checks : 0 };
	return v != NULL;
}

static void fill_times(const struct vr_inst_conf *inst, struct raw_inst *raw)
{
	raw->advert_int = inst->adver_int_us;
	if (inst->max_follow_us != tim_max_follow_us(inst->adver_int_us))
		raw->max_advert_int = inst->max_follow_us;
	raw->down_timer_adverts = inst->down_timer_adverts;
	raw->nopreempt = flag(!inst->preempt);
	raw->preempt_delay = inst->preempt_delay_us;
	raw->garp = (struct raw_garp){
		.delay = inst->garp_delay_us, .repeat = inst->garp_repeat,
		.refresh = inst->garp_refresh_us, .refresh_repeat = inst->garp_refresh_repeat,
		.lower_delay = inst->garp_lower_prio_delay_us,
		.lower_repeat = inst->garp_lower_prio_repeat,
	};
}

static bool fill_auth(const struct vr_inst_conf *inst, struct raw_auth *raw, struct arena *arena)
{
	if (inst->auth_type != VR_AUTH_PASS)
		return true;
	raw->type = SCH_AUTH_TYPE_PASS;
	raw->pass = arena_strn(arena, (const char *)inst->auth_data, VR_AUTH_LEN);
	return raw->pass != NULL;
}

static bool fill_inst(const struct cfg *c, size_t i, struct raw_inst *raw, struct arena *arena)
{
	const struct vr_inst_conf *inst = &c->vr.insts[i];

	raw->name = inst->name;
	raw->state = c->insts[i].wants_master ? SCH_STATE_MASTER : SCH_STATE_BACKUP;
	raw->interface = c->vr.ifaces[inst->iface].name;
	raw->vrid = inst->vrid;
	raw->priority = inst->priority;
	raw->version = inst->version;
	if (inst->sum != VR_SUM_LEARN)
		raw->plain_checksum = inst->sum == VR_SUM_PLAIN;
	raw->mcast_src = inst->source;
	raw->mcast_dst = inst->group;
	raw->dont_track_primary = flag(!inst->track_primary);
	memcpy(raw->notify, c->insts[i].notify, sizeof(raw->notify));
	fill_times(inst, raw);
	raw->vip_lease = c->insts[i].lease_s;
	return fill_auth(inst, &raw->auth, arena) &&
	       fill_vips(c, inst->vips, inst->n_advertised, &raw->vips, arena) &&
	       fill_vips(c, inst->vips + inst->n_advertised, inst->n_vips - inst->n_advertised,
			 &raw->excluded, arena) &&
	       fill_ifaces(c, inst, &raw->track_ifaces, arena) &&
	       fill_checks(c, inst, &raw->track_scripts, arena);
}

static bool fill_root(const struct cfg *c, struct raw_root *root, struct arena *arena)
{
	struct raw_script *scripts = arena_array(arena, c->vr.n_checks, sizeof(*scripts));
	struct raw_inst *insts = arena_array(arena, c->vr.n_insts, sizeof(*insts));

	if (!scripts || !insts)
		return false;
	raw_init(SCH_ROOT, root);
	root->instance = c->global.instance;
	fill_global(c, &root->global);
	for (size_t i = 0; i < c->vr.n_checks; i++) {
		raw_init(SCH_SCRIPT, &scripts[i]);
		fill_script(c, i, &scripts[i]);
	}
	for (size_t i = 0; i < c->vr.n_insts; i++) {
		raw_init(SCH_INSTANCE, &insts[i]);
		if (!fill_inst(c, i, &insts[i], arena))
			return false;
	}
	root->scripts = (struct raw_list){ scripts, c->vr.n_checks };
	root->insts = (struct raw_list){ insts, c->vr.n_insts };
	return true;
}

/*
 * keepalived should be able to read its dialect without a complaint. It refuses 0 as the least time
 * between announcements, though that is its default, and does not know our lease: neither is
 * written where the text means the same without it.
 */
static void leave_out(const struct cfg *c, struct raw_root *root)
{
	struct raw_inst *insts = root->insts.v;

	if (root->global.garp_interval == 0)
		root->global.garp_interval = RAW_NONE;
	for (size_t i = 0; i < root->insts.n; i++)
		if (insts[i].vip_lease == bld_default_lease(&c->vr.insts[i]))
			insts[i].vip_lease = RAW_NONE;
}

bool cfg_dump(const struct cfg *c, enum cfg_dialect dialect, bool secrets, FILE *to)
{
	struct dump d = { .to = to, .native = dialect == CFG_NATIVE, .secrets = secrets,
			  .arena = arena_new() };
	struct raw_root root = { .head = { .setting = NULL } };

	bool good = d.arena && fill_root(c, &root, d.arena);

	if (good && !d.native)
		leave_out(c, &root);
	if (good)
		dump_block(&d, SCH_ROOT, &root);
	arena_free(d.arena);
	return good && !d.no_memory && fflush(to) == 0 && !ferror(to);
}
