/*
 * Why this exists: lint wants to point at words, and at words of instances that this version does
 * not run. So it reads the text as the loader does, up to the raw structs, and keeps the tree. What
 * is said on the way has been said by the loader already.
 */
#include "lint/model.h"

#include <stdlib.h>
#include <string.h>

#include "config/build.h"
#include "config/dialect.h"
#include "config/lexer.h"
#include "config/native.h"
#include "config/source.h"

static bool is_native(const char *file, enum cfg_dialect dialect)
{
	size_t n = strlen(file);

	if (dialect != CFG_BY_NAME)
		return dialect == CFG_NATIVE;
	return n > 4 && strcmp(file + n - 4, ".cfg") == 0;
}

static bool read_keepalived(struct lnt *l, struct lnt_node *node, const struct src_text *text,
			    const struct cfg_options *options, struct diag_list *heard)
{
	struct lexer *lexer = lex_open(l->arena, node->file, text->text, text->len, options, heard);
	bool good = lexer && dialect_read(&node->tree, lexer, l->arena, heard);

	good = good && !lex_stopped(lexer);
	if (good)
		node->files = lex_files(lexer);
	lex_close(lexer);
	return good && node->files;
}

static bool read_tree(struct lnt *l, struct lnt_node *node, const struct src_text *text,
		      const struct cfg_options *options, struct diag_list *heard)
{
	if (!node->native)
		return read_keepalived(l, node, text, options, heard);
	return native_read(&node->tree, l->arena, node->source, node->file, text->text, text->len,
			   heard, &node->files);
}

static void read_raw(struct lnt *l, struct lnt_node *node, struct diag_list *heard)
{
	struct cfg cfg = { .arena = l->arena, .files = node->files };
	struct build b = { .cfg = &cfg, .arena = l->arena, .scratch = l->arena, .diags = heard,
			   .dialect = node->native ? CFG_NATIVE : CFG_KEEPALIVED };

	bld_read(&b, config_root_setting(&node->tree.config));
	node->raw = b.raw;
	l->no_memory |= b.no_memory;
}

struct lnt_node *mdl_load(struct lnt *l, const char *file, const struct cfg_options *options)
{
	struct lnt_node *node = mdl_alloc(l, 1, sizeof(*node));
	struct src_text text = { 0 };
	struct diag_list heard;
	bool good;

	if (!node)
		return NULL;
	node->index = l->n_nodes;
	node->source = options->source ? options->source : &src_host;
	node->native = is_native(file, options->dialect);
	node->file = node->label = mdl_print(l, "%s", file);
	tree_open(&node->tree, l->arena);
	diag_init(&heard);
	good = node->file && node->source->read(node->source->ctx, file, &text) == SRC_OK &&
	       read_tree(l, node, &text, options, &heard);
	if (good) {
		read_raw(l, node, &heard);
		mdl_fill(l, node);
	}
	diag_free(&heard);
	free(text.text);
	l->nodes[l->n_nodes++] = node;
	return good ? node : NULL;
}
