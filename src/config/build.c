/*
 * Why this exists: loading is all or nothing. This file takes a text through the stages, keeps what
 * lives as long as the configuration apart from what does not, and decides at the end whether there
 * is anything to run.
 */
#include "config/build.h"

#include <stdlib.h>
#include <string.h>

#include "config/dialect.h"
#include "config/lexer.h"
#include "config/native.h"
#include "config/source.h"

/* Everything about one load. */
struct load {
	const char *name;
	const char *text;
	size_t len;
	const struct cfg_options *options;
	struct diag_list *diags;
	enum cfg_dialect dialect;
	struct arena *scratch;
	struct cfg *cfg;
	struct tree tree;
};

static void fatal(struct load *l, const char *why)
{
	struct diag_pos pos = { .file = l->name };

	diag_add(l->diags, &pos, DIAG_FATAL, NULL, "%s", why);
}

static const struct source *source_of(const struct cfg_options *options)
{
	return options->source ? options->source : &src_host;
}

static enum cfg_dialect dialect_of(const char *name, enum cfg_dialect wanted)
{
	size_t n = strlen(name);

	if (wanted != CFG_BY_NAME)
		return wanted;
	return n > 4 && strcmp(name + n - 4, ".cfg") == 0 ? CFG_NATIVE : CFG_KEEPALIVED;
}

/* File names outlive the scratch memory. */
static bool keep_files(struct load *l, const char **files)
{
	size_t n = 0;

	while (files && files[n])
		n++;
	l->cfg->files = arena_array(l->cfg->arena, n + 1, sizeof(*l->cfg->files));
	for (size_t i = 0; l->cfg->files && i < n; i++) {
		l->cfg->files[i] = arena_str(l->cfg->arena, files[i]);
		if (!l->cfg->files[i])
			return false;
	}
	return l->cfg->files != NULL;
}

static bool read_keepalived(struct load *l)
{
	struct lexer *lexer = lex_open(l->scratch, l->name, l->text, l->len, l->options, l->diags);
	bool good;

	if (!lexer) {
		fatal(l, "out of memory");
		return false;
	}
	good = dialect_read(&l->tree, lexer, l->scratch, l->diags) &&
	       keep_files(l, lex_files(lexer));
	if (!good)
		fatal(l, "out of memory");
	else if (lex_stopped(lexer))
		fatal(l, "the text was not read to its end, so nothing is run");
	else if (lex_include_failed(lexer))
		fatal(l, "an include that is checked has failed, so nothing is run");
	good = good && !lex_stopped(lexer) && !lex_include_failed(lexer);
	lex_close(lexer);
	return good;
}

static bool read_native(struct load *l)
{
	const char **files;

	if (!native_read(&l->tree, l->scratch, source_of(l->options), l->name, l->text, l->len,
			 l->diags, &files)) {
		fatal(l, l->tree.no_memory ? "out of memory" :
					     "the text cannot be read, so nothing is run");
		return false;
	}
	if (keep_files(l, files))
		return true;
	fatal(l, "out of memory");
	return false;
}

/* What forbids to run each instance forbids to run anything. */
static void none_runs(struct load *l, size_t first)
{
	if (!diag_raise(l->diags, first, DIAG_ERROR, DIAG_FATAL))
		fatal(l, "no vrrp_instance can be run");
}

static bool build(struct load *l, size_t first)
{
	struct build b = { .cfg = l->cfg, .arena = l->cfg->arena, .scratch = l->scratch,
			   .diags = l->diags, .dialect = l->dialect };

	bld_read(&b, config_root_setting(&l->tree.config));
	if (!b.no_memory)
		bld_instances(&b);
	if (b.no_memory)
		fatal(l, "out of memory");
	else if (b.too_many)
		fatal(l, "there are more than 65534 instances, interfaces, scripts or addresses");
	else if (b.raw.insts.n == 0)
		fatal(l, "there is no vrrp_instance, so there is nothing to run");
	else if (l->cfg->vr.n_insts == 0)
		none_runs(l, first);
	else
		return !b.fatal;
	return false;
}


/* The parts of the load between the allocation and the verdict. */
static bool run_stages(struct load *l, size_t first_diag)
{
	bool good, mistakes = false;

	good = l->dialect == CFG_NATIVE ? read_native(l) : read_keepalived(l);
	good = good && build(l, first_diag);
	if (!good || l->dialect != CFG_NATIVE)
		return good;
	for (size_t i = first_diag; i < l->diags->n; i++)
		mistakes |= l->diags->v[i].severity >= DIAG_MISTAKE;
	if (mistakes)
		fatal(l, "a native configuration with errors is not run");
	return !mistakes;
}

static struct cfg *new_cfg(void)
{
	struct arena *arena = arena_new();
	struct cfg *c = arena ? arena_alloc(arena, sizeof(*c)) : NULL;

	if (!c) {
		arena_free(arena);
		return NULL;
	}
	c->arena = arena;
	return c;
}

struct cfg *cfg_load_text(const char *name, const char *text, size_t len,
			  const struct cfg_options *options, struct diag_list *diags)
{
	struct load l = { .name = name,
			  .text = text,
			  .len = len,
			  .options = options,
			  .diags = diags,
			  .dialect = dialect_of(name, options->dialect) };
	size_t first = diags->n;
	bool good = false;

	l.scratch = arena_new();
	l.cfg = new_cfg();
	if (l.scratch && l.cfg) {
		tree_open(&l.tree, l.scratch);
		good = run_stages(&l, first);
		if (l.dialect == CFG_NATIVE)
			diag_raise(diags, first, DIAG_MISTAKE, DIAG_ERROR);
		tree_close(&l.tree);
	} else {
		fatal(&l, "out of memory");
	}
	arena_free(l.scratch);
	diag_sort(diags);
	if (good)
		return l.cfg;
	cfg_free(l.cfg);
	return NULL;
}

struct cfg *cfg_load(const char *file, const struct cfg_options *options, struct diag_list *diags)
{
	const struct source *source = source_of(options);
	struct src_text text;
	enum src_result result = source->read(source->ctx, file, &text);
	struct diag_pos pos = { .file = file };
	struct cfg *c;

	if (result != SRC_OK) {
		diag_add(diags, &pos, DIAG_FATAL, NULL, "the configuration file %s",
			 src_why(result));
		return NULL;
	}
	c = cfg_load_text(file, text.text, text.len, options, diags);
	free(text.text);
	return c;
}

void cfg_free(struct cfg *c)
{
	if (c)
		arena_free(c->arena);
}
