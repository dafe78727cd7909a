/*
 * From the file to what runs, in one place: the start, a reload and the preparation of a spare
 * engine must not differ in what they make of the same text.
 */
#include "main/load.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/mix.h"
#include "main/check.h"
#include "main/live.h"
#include "main/scripts.h"

struct cfg *lod_load(const struct options *o, struct diag_list *diags)
{
	struct cfg_options options = opt_cfg(o);
	struct cft_system system = liv_system();
	struct cfg *cfg = cfg_load(opt_config(o), &options, diags);

	if (!cfg)
		return NULL;
	scr_place(cfg, o->directory);
	liv_resolve(cfg, diags);
	cft_system(cfg, &system, diags);
	diag_sort(diags);
	lod_remember(cfg, diags);
	return cfg;
}

/* Without places, which other edits move: neither its own nor one that its sentence names. */
static uint64_t hash(const struct diag *d)
{
	const char *part = d->text, *line;
	uint64_t h = 0;

	while ((line = strstr(part, " line "))) {
		h = mix_bytes(h, part, (size_t)(line - part));
		part = line + strlen(" line ");
		part += strspn(part, "0123456789");
	}
	return mix_bytes(h, part, strlen(part));
}

void lod_remember(struct cfg *cfg, const struct diag_list *diags)
{
	uint64_t *errors = arena_alloc(cfg->arena, (diags->n + 1) * sizeof(*errors));
	size_t n = 0;

	for (size_t i = 0; errors && i < diags->n; i++)
		if (diags->v[i].severity >= DIAG_MISTAKE)
			errors[n++] = hash(&diags->v[i]);
	cfg->errors = errors;
	cfg->n_errors = n;
}

void lod_log(const struct log *log, const struct diag_list *diags)
{
	static const enum log_level levels[] = {
		[DIAG_NOTE] = LOG_LVL_DETAIL, [DIAG_WARNING] = LOG_LVL_WARN,
		[DIAG_MISTAKE] = LOG_LVL_WARN, [DIAG_ERROR] = LOG_LVL_ERROR,
		 [DIAG_FATAL] = LOG_LVL_ERROR,
	};
	char text[LOG_LINE_MAX];

	for (size_t i = 0; i < diags->n; i++) {
		diag_text(&diags->v[i], text, sizeof(text));
		log_printf(log, levels[diags->v[i].severity], "%s", text);
	}
	if (diag_lost(diags, text, sizeof(text)))
		log_printf(log, LOG_LVL_WARN, "%s", text);
}

void lod_refusal(const struct diag_list *diags, char *why, size_t size)
{
	if (!diag_lost(diags, why, size))
		snprintf(why, size, "the configuration cannot be run");
	for (size_t i = 0; i < diags->n; i++) {
		if (diags->v[i].severity == DIAG_FATAL) {
			diag_text(&diags->v[i], why, size);
			return;
		}
	}
}

/* ---- what a reload must not lose by mistake ---- */

static const char *iface_of(const struct cfg *cfg, uint16_t iface)
{
	return cfg->vr.ifaces[iface].name;
}

/* The instance of NEXT that goes on as IC, or NULL. */
static const struct vr_inst_conf *heir_of(const struct cfg *next, const struct cfg *runs,
					  const struct vr_inst_conf *ic)
{
	for (uint16_t i = 0; i < next->vr.n_insts; i++) {
		const struct vr_inst_conf *other = &next->vr.insts[i];

		if (other->vrid == ic->vrid && other->family == ic->family &&
		    strcmp(iface_of(next, other->iface), iface_of(runs, ic->iface)) == 0)
			return other;
	}
	return NULL;
}

/* With any instance: it may have moved. */
static bool has_address(const struct cfg *next, const struct ip_addr *addr)
{
	for (uint16_t i = 0; i < next->vr.n_insts; i++)
		for (uint16_t v = 0; v < next->vr.insts[i].n_vips; v++)
			if (ip_equal(&next->vr.insts[i].vips[v].prefix.addr, addr))
				return true;
	return false;
}

/* What NEXT lacks, as words in BUF; NULL: nothing. */
static const char *lacks(const struct cfg *next, const struct cfg *runs, char *buf, size_t size)
{
	char text[IP_TEXT_MAX];

	for (uint16_t i = 0; i < runs->vr.n_insts; i++) {
		const struct vr_inst_conf *ic = &runs->vr.insts[i];

		if (!heir_of(next, runs, ic)) {
			snprintf(buf, size, "the instance %s", ic->name);
			return buf;
		}
		for (uint16_t v = 0; v < ic->n_vips; v++) {
			const struct ip_addr *addr = &ic->vips[v].prefix.addr;

			if (has_address(next, addr))
				continue;
			snprintf(buf, size, "the address %s of %s", ip_text(addr, text), ic->name);
			return buf;
		}
	}
	return NULL;
}

/* The first that the text of RUNS did not have: people live with an error for years. */
static const struct diag *new_error(const struct cfg *runs, const struct diag_list *diags)
{
	for (size_t i = 0; i < diags->n; i++) {
		const struct diag *d = &diags->v[i];
		uint64_t wanted = hash(d);
		size_t known = 0;

		if (d->severity < DIAG_MISTAKE)
			continue;
		while (known < runs->n_errors && runs->errors[known] != wanted)
			known++;
		if (known == runs->n_errors)
			return d;
	}
	return NULL;
}

static bool by_error(const struct cfg *runs, const struct cfg *next, const struct diag_list *diags,
		     char *why, size_t size)
{
	char what[LOG_LINE_MAX / 4], error[LOG_LINE_MAX / 2];
	const struct diag *d = new_error(runs, diags);

	if (!d || !lacks(next, runs, what, sizeof(what)))
		return false;
	diag_text(d, error, sizeof(error));
	snprintf(why, size, "%s would be lost by a text with a mistake: %s", what, error);
	return true;
}

/* Whoever means to give all addresses up takes the instance out. */
static bool by_emptying(const struct cfg *runs, const struct cfg *next, char *why, size_t size)
{
	for (uint16_t i = 0; i < runs->vr.n_insts; i++) {
		const struct vr_inst_conf *ic = &runs->vr.insts[i];
		const struct vr_inst_conf *heir = heir_of(next, runs, ic);

		if (!heir || heir->n_vips > 0 || ic->n_vips == 0)
			continue;
		snprintf(why, size, "%s would hold no address any more: to end it, take it out of "
			 "the text", heir->name);
		return true;
	}
	return false;
}

/* ---- what the host does not have ---- */

/* A configuration on this host. */
struct side {
	const struct cfg *cfg;
	const struct cfg *before;	/* what it takes the place of, or NULL */
	const bool *missing;		/* parallel to vr.ifaces: the host has no such interface */
};

static bool look(struct side *side, const struct cfg *cfg, const struct cfg *before,
		 struct arena *arena, const struct cft_system *system)
{
	bool *missing = arena_array(arena, cfg->vr.n_ifaces, sizeof(*missing));

	for (uint16_t i = 0; missing && i < cfg->vr.n_ifaces; i++)
		missing[i] = !system->iface_exists(system->ctx, cfg->vr.ifaces[i].name);
	*side = (struct side){ cfg, before, missing };
	return missing != NULL;
}

/* An interface that IC cannot be fit without and that is missing; VR_NONE: there is none. */
static uint16_t missing_of(const struct side *side, const struct vr_inst_conf *ic)
{
	if (side->missing[ic->iface])
		return ic->iface;
	for (uint16_t v = 0; v < ic->n_vips; v++)
		if (!(ic->vips[v].flags & VR_VIP_NO_TRACK) && side->missing[ic->vips[v].iface])
			return ic->vips[v].iface;
	for (uint16_t t = 0; t < ic->n_track_ifaces; t++)
		if (ic->track_ifaces[t].weight == 0 && !ic->track_ifaces[t].reverse &&
		    side->missing[ic->track_ifaces[t].index])
			return ic->track_ifaces[t].index;
	return VR_NONE;
}

/* True when BEFORE (NULL: nothing) has a check that is defined as WANTED is. */
static bool is_known(const struct cfg *before, uint64_t wanted)
{
	for (uint16_t i = 0; before && i < before->vr.n_checks; i++)
		if (before->vr.checks[i].identity == wanted)
			return true;
	return false;
}

/*
 * A script that IC cannot be fit without and that has no chance: it is disabled, or cannot be run.
 * NULL: there is none. How a script fares that runs BEFORE, too, the checks themselves tell.
 */
static const struct cfg_check *hopeless(const struct side *side, const struct vr_inst_conf *ic)
{
	for (uint16_t t = 0; t < ic->n_track_checks; t++) {
		const struct vr_ref *ref = &ic->track_checks[t];
		const struct cfg_check *check = &side->cfg->checks[ref->index];

		if (ref->weight != 0 || ref->reverse)
			continue;
		if (check->command.refused ||
		    (check->command.broken &&
		     !is_known(side->before, side->cfg->vr.checks[ref->index].identity)))
			return check;
	}
	return NULL;
}

/* Why IC cannot hold its address VIP, as words in BUF; NULL: it can. */
static const char *unfit(const struct side *side, const struct vr_inst_conf *ic, uint16_t vip,
			 char *buf, size_t size)
{
	const struct cfg_check *check = hopeless(side, ic);
	uint16_t place = ic->vips[vip].iface;
	uint16_t iface = side->missing[place] ? place : missing_of(side, ic);

	if (iface != VR_NONE)
		snprintf(buf, size, "the interface '%s', which does not exist on this host",
			 iface_of(side->cfg, iface));
	else if (check)
		snprintf(buf, size, "the script '%s', which %s%s", check->name,
			 check->command.refused ? "is disabled: " : "cannot be run",
			 check->command.refused ? check->command.refused : "");
	return iface != VR_NONE || check ? buf : NULL;
}

/* Why ADDR, which NEXT has, could not be held there; NULL: it could, or NEXT does not have it. */
static const char *no_place(const struct side *next, const struct ip_addr *addr, char *buf,
			    size_t size)
{
	const char *why = NULL;

	for (uint16_t i = 0; i < next->cfg->vr.n_insts; i++) {
		const struct vr_inst_conf *ic = &next->cfg->vr.insts[i];

		for (uint16_t v = 0; v < ic->n_vips; v++) {
			if (!ip_equal(&ic->vips[v].prefix.addr, addr))
				continue;
			why = unfit(next, ic, v, buf, size);
			if (!why)
				return NULL;
		}
	}
	return why;
}

/* What could not be held before is not lost. */
static bool by_host(const struct side *runs, const struct side *next, char *why, size_t size)
{
	char reason[LOG_LINE_MAX / 2], text[IP_TEXT_MAX];

	for (uint16_t i = 0; i < runs->cfg->vr.n_insts; i++) {
		const struct vr_inst_conf *ic = &runs->cfg->vr.insts[i];

		for (uint16_t v = 0; v < ic->n_vips; v++) {
			const struct ip_addr *addr = &ic->vips[v].prefix.addr;

			if (unfit(runs, ic, v, reason, sizeof(reason)) ||
			    !no_place(next, addr, reason, sizeof(reason)))
				continue;
			snprintf(why, size, "the address %s of %s would be lost: it would need %s",
				 ip_text(addr, text), ic->name, reason);
			return true;
		}
	}
	return false;
}

bool lod_takes_away(const struct cfg *runs, const struct cfg *next, const struct diag_list *diags,
		    const struct cft_system *system, char *why, size_t size)
{
	struct side was, is;

	if (by_error(runs, next, diags, why, size) || by_emptying(runs, next, why, size))
		return true;
	return look(&was, runs, NULL, next->arena, system) &&
	       look(&is, next, runs, next->arena, system) && by_host(&was, &is, why, size);
}
