/*
 * Why this exists: scripts are named in one place and tracked in another, and only those that
 * matter to an instance that runs become checks. References end as indexes here.
 */
#include "config/build.h"

#include <stdio.h>
#include <string.h>

#define SECOND INT64_C(1000000)

static const struct raw_track *line_at(const struct raw_list *list, size_t i)
{
	return &((const struct raw_track *)list->v)[i];
}

/* True when some line of an instance names the script, whether the instance runs or not. */
static bool is_mentioned(const struct build *b, const char *name)
{
	const struct raw_inst *insts = b->raw.insts.v;

	for (size_t i = 0; i < b->raw.insts.n; i++) {
		for (size_t k = 0; k < insts[i].track_scripts.n; k++) {
			if (strcmp(line_at(&insts[i].track_scripts, k)->name, name) == 0)
				return true;
		}
	}
	return false;
}

static size_t find_script(const struct build *b, const char *name)
{
	size_t i = 0;

	while (i < b->n_scripts && strcmp(b->scripts[i]->name, name) != 0)
		i++;
	return i;
}

static void add_script(struct build *b, const struct raw_script *raw)
{
	struct diag_pos pos = bld_at(raw, "name");
	size_t before;

	if (!raw->name) {
		diag_add(b->diags, &pos, DIAG_MISTAKE, NULL,
			 "a vrrp_script without a name is ignored");
		return;
	}
	before = find_script(b, raw->name);
	if (before < b->n_scripts)
		bld_say_twice(b, "vrrp_script", raw, b->scripts[before], DIAG_MISTAKE);
	else if (!raw->command.argv && bld_has(raw, "script"))
		return;		/* it has been said */
	else if (!raw->command.argv)
		diag_add(b->diags, &pos, DIAG_MISTAKE, NULL,
			 "vrrp_script '%s' has no 'script' that can be run; it is ignored",
			 raw->name);
	else
		b->scripts[b->n_scripts++] = raw;
}

void bld_scripts_begin(struct build *b)
{
	const struct raw_script *scripts = b->raw.scripts.v;

	b->scripts = bld_alloc(b, b->raw.scripts.n, sizeof(*b->scripts));
	b->script_used = bld_alloc(b, b->raw.scripts.n, sizeof(*b->script_used));
	if (b->raw.scripts.n >= VR_NONE)
		b->too_many = true;
	for (size_t i = 0; !b->no_memory && !b->too_many && i < b->raw.scripts.n; i++)
		add_script(b, &scripts[i]);
}

/* A weight cannot change the owner's priority (RFC 9568 6.1). True when the line is dropped. */
static bool useless_weight(struct build *b, const struct vr_inst_conf *inst,
			   const struct raw_track *line, int64_t weight)
{
	struct diag_pos pos = bld_at(line, "name");

	if (weight == 0 || inst->priority != VR_PRIO_OWNER)
		return false;
	diag_add(b->diags, &pos, DIAG_WARNING, NULL,
		 "a weight cannot change priority 255; '%s' is not tracked", line->name);
	return true;
}

static bool is_tracked(const struct vr_ref *refs, size_t n, uint16_t index)
{
	for (size_t i = 0; i < n; i++) {
		if (refs[i].index == index)
			return true;
	}
	return false;
}

/* LINE of ALL names what a line before it names. */
static void say_twice(struct build *b, const struct raw_list *all, const struct raw_track *line)
{
	struct diag_pos pos = bld_at(line, "name");
	const struct raw_track *first = line_at(all, 0);

	while (strcmp(first->name, line->name) != 0)
		first++;
	diag_add(b->diags, &pos, tree_equal(first->head.setting, line->head.setting) ? DIAG_NOTE :
		 DIAG_WARNING, NULL, "'%s' is tracked already; this line is ignored", line->name);
}

/* An address that is tracked stands on the interface: its loss is a fault. */
static bool carries_address(const struct vr_inst_conf *inst, uint16_t iface)
{
	for (uint16_t v = 0; v < inst->n_vips; v++)
		if (inst->vips[v].iface == iface && !(inst->vips[v].flags & VR_VIP_NO_TRACK))
			return true;
	return false;
}

static void say_carries(struct build *b, const struct raw_track *line)
{
	struct diag_pos pos = bld_at(line, "name");

	diag_add(b->diags, &pos, DIAG_NOTE, NULL,
		 "'%s' carries an address of the instance, so that its loss is a fault, whatever "
		 "the weight; 'no_track' at the address leaves it to the weight", line->name);
}

static void track_iface(struct build *b, const struct raw_inst *raw, const struct raw_track *line,
			struct vr_inst_conf *inst, struct vr_ref *refs)
{
	const struct raw_list *all = &raw->track_ifaces;
	struct diag_pos pos = bld_at(line, "name");
	struct vr_ref *ref = &refs[inst->n_track_ifaces];

	*ref = (struct vr_ref){ .weight = (int16_t)bld_or(line->weight, 0),
				.reverse = bld_on(line->reverse) };
	if (strcmp(line->name, raw->interface) == 0) {
		diag_add(b->diags, &pos, DIAG_NOTE, NULL,
			 "'%s' is the instance's own interface, which is tracked anyway; the line "
			 "is ignored", line->name);
		return;
	}
	if (useless_weight(b, inst, line, ref->weight))
		return;
	ref->index = bld_iface(b, line->name, pos);
	if (is_tracked(refs, inst->n_track_ifaces, ref->index))
		say_twice(b, all, line);
	else
		inst->n_track_ifaces++;
	if (ref->weight != 0 && carries_address(inst, ref->index))
		say_carries(b, line);
}

/* keepalived reads once, from top to bottom. */
static void say_forward(struct build *b, const struct raw_script *script,
			const struct raw_track *line)
{
	struct diag_pos pos = bld_at(line, "name");

	if (b->dialect == CFG_KEEPALIVED &&
	    tree_order(script->head.setting) > tree_order(line->head.setting))
		diag_add(b->diags, &pos, DIAG_NOTE, NULL,
			 "keepalived would not find '%s', which is defined below; here it is found",
			 line->name);
}

static void say_undefined(struct build *b, const struct raw_track *line)
{
	const char **names = arena_array(b->scratch, b->n_scripts + 1, sizeof(*names));
	const struct raw_script *all = b->raw.scripts.v;
	struct diag_pos pos = bld_at(line, "name");

	/* One that cannot be used has been spoken of where it stands. */
	for (size_t i = 0; i < b->raw.scripts.n; i++) {
		if (all[i].name && strcmp(all[i].name, line->name) == 0)
			return;
	}
	for (size_t i = 0; names && i < b->n_scripts; i++)
		names[i] = b->scripts[i]->name;
	diag_add(b->diags, &pos, DIAG_MISTAKE, names ? word_nearest(line->name, names) : NULL,
		 "there is no vrrp_script '%s'; the line is ignored, as in keepalived", line->name);
}

static void track_script(struct build *b, const struct raw_inst *raw, const struct raw_track *line,
			 struct vr_inst_conf *inst, struct vr_ref *refs)
{
	const struct raw_list *all = &raw->track_scripts;
	struct vr_ref *ref = &refs[inst->n_track_checks];
	size_t i = find_script(b, line->name);
	const struct raw_script *script;
	int64_t weight;

	if (i == b->n_scripts) {
		say_undefined(b, line);
		return;
	}
	script = b->scripts[i];
	say_forward(b, script, line);
	weight = bld_or(line->weight, bld_or(script->weight, 0));
	if (useless_weight(b, inst, line, weight))
		return;
	if (is_tracked(refs, inst->n_track_checks, (uint16_t)i)) {
		say_twice(b, all, line);
		return;
	}
	*ref = (struct vr_ref){ .index = (uint16_t)i, .weight = (int16_t)weight,
				.reverse = bld_on(bld_or(line->reverse, script->reverse)) &&
					   !bld_on(line->noreverse) };
	b->script_used[i] = true;
	inst->n_track_checks++;
}

void bld_tracking(struct build *b, const struct raw_inst *raw, struct vr_inst_conf *inst)
{
	struct vr_ref *ifaces = bld_alloc(b, raw->track_ifaces.n, sizeof(*ifaces));
	struct vr_ref *checks = bld_alloc(b, raw->track_scripts.n, sizeof(*checks));

	if (raw->track_ifaces.n >= VR_NONE || raw->track_scripts.n >= VR_NONE)
		b->too_many = true;
	if (b->no_memory || b->too_many)
		return;
	inst->track_ifaces = ifaces;
	inst->track_checks = checks;
	for (size_t i = 0; i < raw->track_ifaces.n; i++)
		track_iface(b, raw, line_at(&raw->track_ifaces, i), inst, ifaces);
	for (size_t i = 0; i < raw->track_scripts.n; i++)
		track_script(b, raw, line_at(&raw->track_scripts, i), inst, checks);
}

/* FNV-1a, 64 bits (draft-eastlake-fnv). */
static uint64_t hash_bytes(uint64_t h, const void *data, size_t len)
{
	const unsigned char *p = data;

	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * UINT64_C(0x100000001b3);
	return h;
}

/* With its NUL, so that the ends of strings count. */
static uint64_t hash_text(uint64_t h, const char *text)
{
	return hash_bytes(h, text ? text : "", text ? strlen(text) + 1 : 1);
}

/* All that decides about the verdict; not the weight, which each reference has for itself. */
static uint64_t identity(const struct cfg_check *c, const struct vr_check_conf *core)
{
	const int64_t numbers[] = { c->interval_us, c->timeout_us, core->rise, core->fall,
				    core->init_fail };
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (const char **arg = c->command.argv; *arg; arg++)
		h = hash_text(h, *arg);
	h = hash_text(h, c->command.as.user);
	h = hash_text(h, c->command.as.group);
	return hash_bytes(h, numbers, sizeof(numbers));
}

static void fill_check(const struct raw_script *raw, struct cfg_check *c,
		       struct vr_check_conf *core)
{
	*c = (struct cfg_check){
		.name = raw->name, .command = raw->command,
		.interval_us = bld_or(raw->interval, SECOND),
		.weight = (int16_t)bld_or(raw->weight, 0),
		.reverse = bld_on(raw->reverse),
	};
	c->timeout_us = bld_or(raw->timeout, c->interval_us);
	c->command.as = raw->user;
	*core = (struct vr_check_conf){
		.name = raw->name,
		.rise = (uint32_t)bld_or(raw->rise, 1), .fall = (uint32_t)bld_or(raw->fall, 1),
		.init_fail = bld_on(raw->init_fail),
	};
	core->identity = identity(c, core);
}

/* keepalived's test of a file or a /dev/tcp path has no counterpart here. */
static void say_unrunnable(struct build *b, const struct raw_script *raw)
{
	struct diag_pos pos = bld_at(raw, "script");

	if (raw->command.argv[0][0] == '<')
		diag_add(b->diags, &pos, DIAG_WARNING, NULL,
			 "a command that begins with '<' (open a file or a connection) is not "
			 "available in this version; the check will always fail");
}

static void say_unused(struct build *b, const struct raw_script *raw)
{
	struct diag_pos pos = bld_at(raw, "name");

	if (!is_mentioned(b, raw->name))
		diag_add(b->diags, &pos, DIAG_WARNING, NULL,
			 "no instance tracks vrrp_script '%s', so it is not run", raw->name);
}

void bld_scripts_end(struct build *b, struct vr_inst_conf *insts, size_t n)
{
	struct cfg_check *checks = bld_alloc(b, b->n_scripts, sizeof(*checks));
	struct vr_check_conf *core = bld_alloc(b, b->n_scripts, sizeof(*core));
	uint16_t *index = bld_alloc(b, b->n_scripts, sizeof(*index));
	uint16_t used = 0;

	if (b->no_memory)
		return;
	for (size_t i = 0; i < b->n_scripts; i++) {
		index[i] = used;
		if (!b->script_used[i]) {
			say_unused(b, b->scripts[i]);
			continue;
		}
		say_unrunnable(b, b->scripts[i]);
		fill_check(b->scripts[i], &checks[used], &core[used]);
		used++;
	}
	for (size_t i = 0; i < n; i++) {
		struct vr_ref *refs = (struct vr_ref *)insts[i].track_checks;

		for (uint16_t k = 0; k < insts[i].n_track_checks; k++)
			refs[k].index = index[refs[k].index];
	}
	b->cfg->checks = checks;
	b->cfg->vr.checks = core;
	b->cfg->vr.n_checks = used;
}
