/*
 * Why this exists: rules want to ask what an instance does, not how it was written. Defaults,
 * references and the words that cancel each other are resolved here once, as the loader would.
 */
#include "lint/model.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/build.h"
#include "core/timing.h"

#define SECOND INT64_C(1000000)
#define TEXT_MAX 1024

void *mdl_alloc(struct lnt *l, size_t n, size_t size)
{
	void *p = arena_array(l->arena, n ? n : 1, size);

	l->no_memory |= !p;
	return p;
}

char *mdl_print(struct lnt *l, const char *format, ...)
{
	char buf[TEXT_MAX], *copy;
	va_list args;

	va_start(args, format);
	vsnprintf(buf, sizeof(buf), format, args);
	va_end(args);
	copy = arena_str(l->arena, buf);
	l->no_memory |= !copy;
	return copy;
}

struct diag_pos mdl_at(const struct lnt_inst *inst, const char *name)
{
	return bld_at(inst->raw, name);
}

const struct lnt_inst *mdl_member(const struct lnt_router *r, const struct lnt_node *node)
{
	for (size_t i = 0; i < r->n; i++) {
		if (r->members[i]->node == node)
			return r->members[i];
	}
	return NULL;
}

/* ---- names, sorted: the first one of equal names is the one that counts ---- */

struct named {
	const char *name;
	size_t index;
};

static int by_name(const void *va, const void *vb)
{
	const struct named *a = va, *b = vb;
	int c = strcmp(a->name, b->name);

	return c ? c : (a->index > b->index) - (a->index < b->index);
}

static const struct named *find(const struct named *v, size_t n, const char *name)
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(v[mid].name, name) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < n && strcmp(v[lo].name, name) == 0 ? &v[lo] : NULL;
}

/* ---- scripts ---- */

static bool fill_script(const struct raw_script *raw, struct lnt_script *s)
{
	if (!raw->name || !raw->command.argv || !raw->command.argv[0])
		return false;
	*s = (struct lnt_script){ .raw = raw, .name = raw->name,
				  .interval_us = bld_or(raw->interval, SECOND) };
	s->timeout_us = bld_or(raw->timeout, s->interval_us);
	return true;
}

static struct named *fill_scripts(struct lnt *l, struct lnt_node *node)
{
	const struct raw_script *raws = node->raw.scripts.v;
	size_t n = node->raw.scripts.n;
	struct named *names = mdl_alloc(l, n, sizeof(*names));

	node->scripts = mdl_alloc(l, n, sizeof(*node->scripts));
	for (size_t i = 0; i < n && !l->no_memory; i++) {
		if (!fill_script(&raws[i], &node->scripts[node->n_scripts]))
			continue;
		names[node->n_scripts] = (struct named){ raws[i].name, node->n_scripts };
		node->n_scripts++;
	}
	if (!l->no_memory)
		qsort(names, node->n_scripts, sizeof(*names), by_name);
	return names;
}

/* ---- tracking ---- */

static bool is_tracked(const struct lnt_inst *inst, const char *name, bool iface)
{
	for (size_t i = 0; i < inst->n_refs; i++) {
		if (!inst->refs[i].script == iface && strcmp(inst->refs[i].name, name) == 0)
			return true;
	}
	return false;
}

static struct diag_pos weight_pos(const struct raw_track *line, const struct raw_script *script)
{
	if (bld_has(line, "weight"))
		return bld_at(line, "weight");
	return bld_at(script ? (const void *)script : line, script && bld_has(script, "weight") ?
		      "weight" : "name");
}

/* Adds a line whose weight is known; a weight means nothing to the owner of the addresses. */
static void add_ref(struct lnt_inst *inst, const struct raw_track *line, struct lnt_script *script,
		    int64_t weight)
{
	struct lnt_ref *ref = &inst->refs[inst->n_refs];
	int64_t reverse = bld_or(line->reverse, script ? script->raw->reverse : RAW_NONE);

	if ((weight != 0 && inst->priority == VR_PRIO_OWNER) ||
	    is_tracked(inst, line->name, !script))
		return;
	*ref = (struct lnt_ref){ .name = line->name, .script = script, .weight = (int)weight,
				 .reverse = bld_on(reverse) && !bld_on(line->noreverse),
				 .pos = weight_pos(line, script ? script->raw : NULL) };
	if (script)
		script->tracked = true;
	inst->n_refs++;
}

/* An interface with an address on it that is tracked: its loss is a fault, whatever the weight. */
static bool carries_address(const struct raw_list *list, const char *iface)
{
	const struct raw_vip *v = list->v;

	for (size_t i = 0; i < list->n; i++)
		if (v[i].dev && strcmp(v[i].dev, iface) == 0 && !bld_on(v[i].no_track))
			return true;
	return false;
}

static int64_t iface_weight(const struct raw_inst *raw, const struct raw_track *line)
{
	if (carries_address(&raw->vips, line->name) || carries_address(&raw->excluded, line->name))
		return 0;
	return bld_or(line->weight, 0);
}

static void fill_refs(struct lnt *l, struct lnt_inst *inst, const struct named *scripts)
{
	const struct raw_inst *raw = inst->raw;
	const struct raw_track *ifaces = raw->track_ifaces.v, *checks = raw->track_scripts.v;

	inst->refs = mdl_alloc(l, raw->track_ifaces.n + raw->track_scripts.n, sizeof(*inst->refs));
	for (size_t i = 0; i < raw->track_ifaces.n && inst->refs; i++) {
		if (strcmp(ifaces[i].name, inst->iface) != 0)
			add_ref(inst, &ifaces[i], NULL, iface_weight(raw, &ifaces[i]));
	}
	for (size_t i = 0; i < raw->track_scripts.n && inst->refs; i++) {
		const struct named *found = find(scripts, inst->node->n_scripts, checks[i].name);
		struct lnt_script *s = found ? &inst->node->scripts[found->index] : NULL;

		if (s)
			add_ref(inst, &checks[i], s,
				bld_or(checks[i].weight, bld_or(s->raw->weight, 0)));
	}
}

/* ---- instances ---- */

static void add_vips(struct lnt_inst *inst, const struct raw_list *list, bool excluded)
{
	const struct raw_vip *v = list->v;

	for (size_t i = 0; i < list->n; i++)
		inst->vips[inst->n_vips++] = (struct lnt_vip) {
			.prefix = v[i].prefix,
			.excluded = excluded,
			.pos = bld_at(&v[i], "address"),
		};
}

static void fill_vips(struct lnt *l, struct lnt_inst *inst)
{
	const struct raw_inst *raw = inst->raw;

	inst->vips = mdl_alloc(l, raw->vips.n + raw->excluded.n, sizeof(*inst->vips));
	if (!inst->vips)
		return;
	add_vips(inst, &raw->vips, false);
	add_vips(inst, &raw->excluded, true);
	inst->family = raw->vips.n > 0 ? inst->vips[0].prefix.addr.family : IP_V4;
}

/* A peer is a line of text, or a group with its address. */
static bool peer_address(const config_setting_t *s, struct ip_addr *a)
{
	const char *text = config_setting_is_group(s) ? NULL : config_setting_get_string(s);
	char word[IP_TEXT_MAX];

	if (config_setting_is_group(s))
		config_setting_lookup_string(s, "address", &text);
	if (!text || strcspn(text, " \t") >= sizeof(word))
		return false;
	memcpy(word, text, strcspn(text, " \t"));
	word[strcspn(text, " \t")] = '\0';
	return ip_parse(word, a);
}

static void fill_peers(struct lnt *l, struct lnt_inst *inst)
{
	const config_setting_t *s =
		config_setting_get_member(inst->raw->head.setting, "unicast_peer");
	int n = s && config_setting_is_aggregate(s) ? config_setting_length(s) : 0;

	inst->peers = mdl_alloc(l, (size_t)n, sizeof(*inst->peers));
	for (int i = 0; i < n && inst->peers; i++) {
		const config_setting_t *e = config_setting_get_elem(s, (unsigned int)i);

		if (!peer_address(e, &inst->peers[inst->n_peers].addr))
			continue;
		inst->peers[inst->n_peers++].pos = tree_key(e);
	}
}

static void fill_auth(struct lnt_inst *inst)
{
	const struct raw_auth *auth = &inst->raw->auth;

	if (bld_has(inst->raw, "auth_hmac"))
		inst->auth = LNT_AUTH_HMAC;
	else if (inst->version == 3 || inst->strict || !auth->pass || !*auth->pass)
		inst->auth = LNT_AUTH_NONE;
	else if (auth->type == SCH_AUTH_TYPE_AH)
		inst->auth = LNT_AUTH_AH;
	else if (auth->type == SCH_AUTH_TYPE_PASS)
		inst->auth = LNT_AUTH_PASS;
	inst->pass = inst->auth == LNT_AUTH_NONE || inst->auth == LNT_AUTH_HMAC ? NULL : auth->pass;
}

/* The later one of "preempt" and "nopreempt" counts, and only for a BACKUP that is no owner. */
static bool nopreempt_counts(const struct lnt_inst *inst)
{
	const struct raw_inst *raw = inst->raw;
	const config_setting_t *s = raw->head.setting;

	if (!bld_on(raw->nopreempt) || inst->state_master || inst->priority == VR_PRIO_OWNER)
		return false;
	return !bld_on(raw->preempt) || tree_order(config_setting_get_member(s, "nopreempt")) >
					tree_order(config_setting_get_member(s, "preempt"));
}

static struct ip_addr group_of(const struct raw_inst *raw, const struct raw_global *global)
{
	static const uint8_t vrrp_group[] = { 224, 0, 0, 18 };	/* RFC 9568 5.1.1.2 */

	if (raw->mcast_dst.family != IP_NONE)
		return raw->mcast_dst;
	return global->group4.family != IP_NONE ? global->group4 : ip_v4(vrrp_group);
}

static void fill_inst(struct lnt *l, struct lnt_inst *inst, const struct named *scripts)
{
	const struct raw_global *global = &inst->node->raw.global;
	const struct raw_inst *raw = inst->raw;
	int64_t adverts = bld_or(raw->down_timer_adverts, bld_or(global->down_timer_adverts, 3));

	inst->name = raw->name;
	inst->iface = raw->interface;
	inst->vrid = (uint8_t)raw->vrid;
	inst->version = (uint8_t)bld_or(raw->version, bld_or(global->version, 2));
	inst->priority = bld_priority(raw);
	inst->strict = bld_either(raw->strict, global->strict);
	inst->state_master = bld_wants_master(raw, inst->strict);
	inst->nopreempt = nopreempt_counts(inst);
	inst->adver_int_us = tim_wire_interval_us(inst->version, bld_or(raw->advert_int, SECOND));
	inst->down_adverts = inst->strict ? 3 : (uint32_t)adverts;
	inst->group = group_of(raw, global);
	inst->source = bld_has(raw, "unicast_src_ip") ? raw->unicast_src : raw->mcast_src;
	fill_vips(l, inst);
	fill_auth(inst);
	fill_peers(l, inst);
	fill_refs(l, inst, scripts);
}

/* The names of all members of sync groups, sorted; their number in *N. */
static struct named *group_members(struct lnt *l, const struct lnt_node *node, size_t *n)
{
	const struct raw_group *groups = node->raw.groups.v;
	struct named *v;
	size_t size = 0;

	*n = 0;
	for (size_t i = 0; i < node->raw.groups.n; i++)
		size += groups[i].members.n;
	v = mdl_alloc(l, size, sizeof(*v));
	for (size_t i = 0; i < node->raw.groups.n && v; i++) {
		const struct raw_name *members = groups[i].members.v;

		for (size_t k = 0; k < groups[i].members.n; k++, ++*n)
			v[*n] = (struct named){ members[k].name, *n };
	}
	if (v)
		qsort(v, *n, sizeof(*v), by_name);
	return v;
}

/* The instances that can be told apart and have a place in an election; their names, sorted. */
static struct named *usable_insts(struct lnt *l, const struct lnt_node *node, size_t *n)
{
	const struct raw_inst *raws = node->raw.insts.v;
	struct named *v = mdl_alloc(l, node->raw.insts.n, sizeof(*v));

	*n = 0;
	for (size_t i = 0; i < node->raw.insts.n && v; i++) {
		if (raws[i].name && raws[i].interface && raws[i].vrid != RAW_NONE)
			v[(*n)++] = (struct named){ raws[i].name, i };
	}
	if (v)
		qsort(v, *n, sizeof(*v), by_name);
	return v;
}

void mdl_fill(struct lnt *l, struct lnt_node *node)
{
	const struct raw_inst *raws = node->raw.insts.v;
	size_t n_names, n_members;
	struct named *scripts = fill_scripts(l, node);
	struct named *members = group_members(l, node, &n_members);
	struct named *names = usable_insts(l, node, &n_names);

	node->insts = mdl_alloc(l, n_names, sizeof(*node->insts));
	for (size_t i = 0; i < node->raw.insts.n && !l->no_memory; i++) {
		const struct named *first =
			raws[i].name ? find(names, n_names, raws[i].name) : NULL;
		struct lnt_inst *inst = &node->insts[node->n_insts];

		if (!first || first->index != i)
			continue;
		inst->raw = &raws[i];
		inst->node = node;
		inst->grouped = find(members, n_members, raws[i].name) != NULL;
		fill_inst(l, inst, scripts);
		node->n_insts++;
	}
}
