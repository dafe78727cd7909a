/*
 * Why this exists: "never crash" is the least that can be asked of a parser. The stronger promise,
 * that a dump loads to what was dumped, is checked here on texts that nobody would write.
 */
#include "fuzz/trip.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_OCTETS 1022	/* keepalived's dialect has no longer lines */

static void check(int condition)
{
	if (!condition)
		abort();
}

static enum src_result no_file(void *ctx, const char *path, struct src_text *out)
{
	(void)ctx;
	(void)path;
	(void)out;
	return SRC_MISSING;
}

static size_t no_match(void *ctx, struct arena *arena, const char *pattern, const char ***paths)
{
	(void)ctx;
	(void)pattern;
	*paths = arena_array(arena, 1, sizeof(**paths));
	return 0;
}

static const char *some_name(void *ctx, struct arena *arena)
{
	(void)ctx;
	return arena_str(arena, "/node.example");
}

static const char *no_value(void *ctx, const char *name)
{
	(void)ctx;
	(void)name;
	return NULL;
}

static uint32_t same_number(void *ctx)
{
	(void)ctx;
	return 4;
}

const struct source trip_nowhere = {
	.read = no_file, .match = no_match, .cwd = some_name, .host_name = some_name,
	.env = no_value, .random = same_number,
};

static struct cfg *load(const char *name, const void *data, size_t size, enum cfg_dialect dialect,
			struct diag_list *diags)
{
	const struct cfg_options options = { .dialect = dialect, .config_id = "node",
					     .source = &trip_nowhere };

	diag_init(diags);
	return cfg_load_text(name, data, size, &options, diags);
}

static char *dump(const struct cfg *c, enum cfg_dialect dialect)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	check(f != NULL);
	cfg_dump(c, dialect, true, f);
	check(fclose(f) == 0);
	return text;
}

static size_t longest_line(const char *text)
{
	size_t longest = 0;

	while (*text) {
		size_t n = strcspn(text, "\n");

		longest = n > longest ? n : longest;
		text += n + (text[n] == '\n');
	}
	return longest;
}

static void check_inst(const struct cfg *c, const struct vr_inst_conf *inst)
{
	check(inst->name && inst->iface < c->vr.n_ifaces && inst->vrid > 0 && inst->priority > 0);
	check(inst->version == 2 || inst->version == 3);
	check(inst->family == IP_V4 && inst->group.family == IP_V4);
	check(inst->adver_int_us >= 10000 && inst->adver_int_us <= 255000000);
	check(inst->n_advertised <= inst->n_vips && inst->n_advertised <= 255);
	for (size_t i = 0; i < inst->n_vips; i++) {
		check(inst->vips[i].iface < c->vr.n_ifaces);
		check((i < inst->n_advertised) == !(inst->vips[i].flags & VR_VIP_EXCLUDED));
	}
	for (size_t i = 0; i < inst->n_track_ifaces; i++)
		check(inst->track_ifaces[i].index < c->vr.n_ifaces);
	for (size_t i = 0; i < inst->n_track_checks; i++)
		check(inst->track_checks[i].index < c->vr.n_checks);
}

static void check_cfg(const struct cfg *c)
{
	check(c->vr.n_insts > 0 && c->files && c->files[0]);
	for (size_t i = 0; i < c->vr.n_insts; i++)
		check_inst(c, &c->vr.insts[i]);
	for (size_t i = 0; i < c->vr.n_checks; i++) {
		check(c->checks[i].command.argv && c->checks[i].command.argv[0]);
		check(c->vr.checks[i].rise > 0 && c->vr.checks[i].fall > 0);
	}
	for (size_t i = 0; i < c->vr.n_ifaces; i++)
		check(c->vr.ifaces[i].name && strlen(c->vr.ifaces[i].name) <= 15);
}

static void check_dump(const struct cfg *c, enum cfg_dialect dialect)
{
	char *once = dump(c, dialect), *twice;
	struct diag_list diags;
	struct cfg *again;

	if (dialect == CFG_KEEPALIVED && longest_line(once) > LINE_MAX_OCTETS) {
		free(once);
		return;
	}
	again = load("dump", once, strlen(once), dialect, &diags);
	check(again != NULL);
	twice = dump(again, dialect);
	check(strcmp(once, twice) == 0);
	free(once);
	free(twice);
	cfg_free(again);
	diag_free(&diags);
}

void trip(const char *name, const void *data, size_t size, enum cfg_dialect dialect)
{
	struct diag_list diags;
	struct cfg *c = load(name, data, size, dialect, &diags);

	check(c || diag_worst(&diags) == (int)DIAG_FATAL || diags.dropped > 0);
	for (size_t i = 0; i < diags.n; i++)
		check(diags.v[i].text[strcspn(diags.v[i].text, "\n\r\033")] == '\0');
	if (c) {
		check_cfg(c);
		check_dump(c, CFG_NATIVE);
		/* A '$' in a native string can be a parameter there, and there is no way to quote
		 * it. */
		if (dialect == CFG_KEEPALIVED || !memchr(data, '$', size))
			check_dump(c, CFG_KEEPALIVED);
	}
	cfg_free(c);
	diag_free(&diags);
}
