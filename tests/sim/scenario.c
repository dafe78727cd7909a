/*
 * From a scenario to a world.
 *
 * Configurations are loaded from memory by the same path as files; every start of a simulated
 * daemon reads its text anew.
 */
#include "sim/scenario.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "config/source.h"

void scn_free(struct scenario *s)
{
	for (size_t h = 0; h < s->n_hosts; h++)
		for (size_t c = 0; c < SCN_CONFIGS_MAX; c++)
			free(s->hosts[h].configs[c]);
	free(s->deeds);
	memset(s, 0, sizeof(*s));
}

void scn_add(struct scenario *s, const struct sim_deed *deed)
{
	/* Powers of two: from 1 on, doubled whenever the count reaches the size. */
	if ((s->n_deeds & (s->n_deeds - 1)) == 0) {
		size_t size = s->n_deeds ? s->n_deeds * 2 : 1;

		s->deeds = reallocarray(s->deeds, size, sizeof(*s->deeds));
		if (!s->deeds)
			abort();
	}
	s->deeds[s->n_deeds++] = *deed;
}

void scn_sort(struct scenario *s)
{
	for (size_t i = 1; i < s->n_deeds; i++) {
		struct sim_deed d = s->deeds[i];
		size_t j = i;

		for (; j > 0 && s->deeds[j - 1].at_us > d.at_us; j--)
			s->deeds[j] = s->deeds[j - 1];
		s->deeds[j] = d;
	}
}

/* ---- loading ---- */

static enum src_result no_file(void *ctx, const char *path, struct src_text *out)
{
	(void)ctx, (void)path, (void)out;
	return SRC_MISSING;
}

static size_t no_match(void *ctx, struct arena *arena, const char *pattern, const char ***paths)
{
	(void)ctx, (void)pattern;
	*paths = arena_array(arena, 1, sizeof(**paths));
	return 0;
}

static const char *no_name(void *ctx, struct arena *arena)
{
	(void)ctx;
	return arena_str(arena, "");
}

static const char *no_env(void *ctx, const char *name)
{
	(void)ctx, (void)name;
	return NULL;
}

static uint32_t no_luck(void *ctx)
{
	(void)ctx;
	return 4;
}

static const struct source nowhere = {
	.read = no_file, .match = no_match, .cwd = no_name, .host_name = no_name, .env = no_env,
	.random = no_luck,
};

static _Noreturn void refuse(const struct scn_host *h, const struct diag_list *diags)
{
	char text[400];

	for (size_t i = 0; i < diags->n; i++) {
		diag_text(&diags->v[i], text, sizeof(text));
		fprintf(stderr, "sim: %s: %s\n", h->name, text);
	}
	exit(2);
}

static struct cfg *load(void *ctx, int which)
{
	struct scn_host *h = ctx;
	const char *text = which >= 0 && which < SCN_CONFIGS_MAX ? h->configs[which] : NULL;
	struct cfg_options options = {
		.dialect = CFG_KEEPALIVED, .config_id = h->name, .source = &nowhere,
	};
	struct diag_list diags;
	struct cfg *cfg;

	if (!text)
		return NULL;
	diag_init(&diags);
	cfg = cfg_load_text(h->name, text, strlen(text), &options, &diags);
	if (!cfg || diag_worst(&diags) >= DIAG_ERROR)
		refuse(h, &diags);
	diag_free(&diags);
	return cfg;
}

static int segment_of(const struct scenario *s, const char *name)
{
	for (size_t i = 0; i < s->n_segments; i++)
		if (strcmp(s->segments[i].name, name) == 0)
			return (int)i;
	return -1;
}

struct sim *scn_build(const struct scenario *s)
{
	struct sim *sim = sim_new(s->seed);

	if (!sim)
		abort();
	for (size_t i = 0; i < s->n_segments; i++)
		sim_segment(sim, s->segments[i].name, s->segments[i].delay_us,
			    s->segments[i].jitter_us);
	for (size_t h = 0; h < s->n_hosts; h++) {
		const struct scn_host *host = &s->hosts[h];
		struct sim_host given = { .name = host->name, .ctx = (void *)host, .load = load };

		sim_add(sim, &given);
		for (size_t i = 0; i < host->n_ifaces; i++)
			sim_iface(sim, h, host->ifaces[i].name,
				  segment_of(s, host->ifaces[i].segment), &host->ifaces[i].address);
	}
	for (size_t i = 0; i < s->n_deeds; i++)
		sim_at(sim, &s->deeds[i]);
	return sim;
}
