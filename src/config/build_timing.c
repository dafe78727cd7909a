/*
 * Why this exists: times come from the instance, from global_defs, or from a default that depends
 * on both; and what the protocol cannot say on the wire must not be believed.
 */
#include "config/build.h"

#include "core/timing.h"

#define SECOND INT64_C(1000000)
#define LEASE_LEAST 5			/* seconds, unless less is asked for */

static void ignored(struct build *b, const struct raw_inst *raw, const char *word, const char *why)
{
	struct diag_pos pos = bld_at(raw, word);

	diag_add(b->diags, &pos, DIAG_WARNING, NULL, "'%s' %s; it is ignored", word, why);
}

static void set_interval(struct build *b, const struct raw_inst *raw, struct vr_inst_conf *inst)
{
	int64_t wanted = bld_or(raw->advert_int, SECOND);
	struct diag_pos pos = bld_at(raw, "advert_int");
	char has[SCH_NUM_MAX], gets[SCH_NUM_MAX];

	inst->adver_int_us = tim_wire_interval_us(inst->version, wanted);
	if (inst->adver_int_us != wanted)
		diag_add(b->diags, &pos, DIAG_WARNING, NULL,
			 "VRRPv%u cannot advertise every %s seconds, only in %s; %s is used",
			 inst->version, sch_seconds(wanted, has),
			 inst->version == 2 ? "whole seconds"
					    : "hundredths of a second up to 40.95",
			 sch_seconds(inst->adver_int_us, gets));
}

/* The later one of "preempt" and "nopreempt" counts. */
static bool wants_nopreempt(const struct raw_inst *raw)
{
	const config_setting_t *s = raw->head.setting;

	if (!bld_on(raw->nopreempt))
		return false;
	return !bld_on(raw->preempt) || tree_order(config_setting_get_member(s, "nopreempt")) >
					tree_order(config_setting_get_member(s, "preempt"));
}

static void set_preemption(struct build *b, const struct raw_inst *raw, struct vr_inst_conf *inst,
			   bool strict)
{
	bool wants_master = bld_wants_master(raw, strict);
	int64_t delay = bld_or(raw->preempt_delay, 0);

	inst->preempt = !wants_nopreempt(raw);
	if (!inst->preempt && (wants_master || inst->priority == VR_PRIO_OWNER)) {
		ignored(b, raw, "nopreempt", "needs state BACKUP and a priority below 255");
		inst->preempt = true;
	}
	if (delay == 0)
		return;
	if (!inst->preempt)
		ignored(b, raw, "preempt_delay", "means nothing beside 'nopreempt'");
	else if (wants_master)
		ignored(b, raw, "preempt_delay", "needs state BACKUP");
	else if (strict)
		ignored(b, raw, "preempt_delay", "is not allowed in strict mode");
	else
		inst->preempt_delay_us = delay;
}

/* The instance's word, the global word, the default. */
static int64_t first_of(int64_t inst, int64_t global, int64_t dflt)
{
	return bld_or(inst, bld_or(global, dflt));
}

static void set_announcements(struct build *b, const struct raw_inst *raw,
			      struct vr_inst_conf *inst, bool strict)
{
	const struct raw_global *global = &b->raw.global;
	const struct raw_garp *g = &raw->garp, *all = &global->garp;
	bool few = bld_on(global->min_garp);
	int64_t lower;

	inst->garp_delay_us = first_of(g->delay, all->delay, few ? 0 : 5 * SECOND);
	inst->garp_repeat = (uint32_t)first_of(g->repeat, all->repeat, few ? 1 : 5);
	inst->garp_refresh_us = first_of(g->refresh, all->refresh, 0);
	inst->garp_refresh_repeat = (uint32_t)first_of(g->refresh_repeat, all->refresh_repeat, 1);
	inst->garp_interval_us = bld_or(global->garp_interval, 0);

	inst->garp_lower_prio_delay_us =
		first_of(g->lower_delay, all->lower_delay, inst->garp_delay_us);
	lower = first_of(g->lower_repeat, all->lower_repeat, inst->garp_repeat);
	if (strict && g->lower_repeat != RAW_NONE && lower > 0)
		ignored(b, raw, "garp_lower_prio_repeat", "is not allowed in strict mode");
	if (strict)
		lower = 0;
	inst->garp_lower_prio = lower > 0;
	inst->garp_lower_prio_repeat = (uint32_t)lower;
}

/* Less than our own interval would have two hosts with the same one take over from each other. */
static void set_follow(struct build *b, const struct raw_inst *raw, struct vr_inst_conf *inst)
{
	int64_t own_us = inst->adver_int_us;

	inst->max_follow_us = tim_max_follow_us(own_us);
	if (inst->version == 2)			/* it hears no other interval than its own */
		return;
	inst->max_follow_us = first_of(raw->max_advert_int, b->raw.global.max_advert_int,
				       inst->max_follow_us);
	if (inst->max_follow_us >= own_us)
		return;
	if (raw->max_advert_int != RAW_NONE)
		ignored(b, raw, "max_advert_int", "is less than advert_int");
	inst->max_follow_us = own_us;
}

void bld_timing(struct build *b, const struct raw_inst *raw, struct vr_inst_conf *inst, bool strict)
{
	int64_t adverts = first_of(raw->down_timer_adverts, b->raw.global.down_timer_adverts, 3);

	if (strict && raw->down_timer_adverts != RAW_NONE && adverts != 3)
		ignored(b, raw, "down_timer_adverts", "is always 3 in strict mode");
	inst->down_timer_adverts = strict ? 3 : (uint32_t)adverts;
	set_interval(b, raw, inst);
	set_follow(b, raw, inst);
	set_preemption(b, raw, inst, strict);
	set_announcements(b, raw, inst, strict);
}

/* No stall that a backup would bear costs the address, and little more. */
uint32_t bld_default_lease(const struct vr_inst_conf *inst)
{
	int64_t wait_us = (inst->down_timer_adverts + 1) * inst->adver_int_us;
	int64_t wait_s = (wait_us + SECOND - 1) / SECOND + 1;

	return (uint32_t)(wait_s < LEASE_LEAST ? LEASE_LEAST : wait_s);
}

uint32_t bld_lease(const struct build *b, const struct raw_inst *raw,
		   const struct vr_inst_conf *inst)
{
	return (uint32_t)first_of(raw->vip_lease, b->raw.global.vip_lease, bld_default_lease(inst));
}
