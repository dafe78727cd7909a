/*
 * From the file to what runs, in one place: the start, a reload and the preparation of a spare
 * engine must not differ in what they make of the same text.
 */
#include "main/load.h"

#include <stdio.h>

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
	return cfg;
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
