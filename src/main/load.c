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

struct cfg *lod_load(const struct options *o, struct diag_list *diags)
{
	struct cfg_options options = opt_cfg(o);
	struct cft_system system = liv_system();
	struct cfg *cfg = cfg_load(opt_config(o), &options, diags);

	if (!cfg)
		return NULL;
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
		if (diags->v[i].severity >= DIAG_ERROR)
			errors[n++] = hash(&diags->v[i]);
	cfg->errors = errors;
	cfg->n_errors = n;
}

void lod_log(const struct log *log, const struct diag_list *diags)
{
	static const enum log_level levels[] = {
		[DIAG_NOTE] = LOG_LVL_DETAIL, [DIAG_WARNING] = LOG_LVL_WARN,
		[DIAG_ERROR] = LOG_LVL_ERROR, [DIAG_FATAL] = LOG_LVL_ERROR,
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

static bool has_inst(const struct cfg *next, const struct cfg *runs, const struct vr_inst_conf *ic)
{
	for (uint16_t i = 0; i < next->vr.n_insts; i++) {
		const struct vr_inst_conf *other = &next->vr.insts[i];

		if (other->vrid == ic->vrid && other->family == ic->family &&
		    strcmp(iface_of(next, other->iface), iface_of(runs, ic->iface)) == 0)
			return true;
	}
	return false;
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

		if (!has_inst(next, runs, ic)) {
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

		if (d->severity < DIAG_ERROR)
			continue;
		while (known < runs->n_errors && runs->errors[known] != wanted)
			known++;
		if (known == runs->n_errors)
			return d;
	}
	return NULL;
}

bool lod_takes_away(const struct cfg *runs, const struct cfg *next, const struct diag_list *diags,
		    char *why, size_t size)
{
	char what[LOG_LINE_MAX / 4], error[LOG_LINE_MAX / 2];
	const struct diag *d = new_error(runs, diags);

	if (!d || !lacks(next, runs, what, sizeof(what)))
		return false;
	diag_text(d, error, sizeof(error));
	snprintf(why, size, "%s would be lost by a text with an error: %s", what, error);
	return true;
}
