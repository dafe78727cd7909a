/*
 * The libconfig tree between a dialect and the builder.
 *
 * A repeated block is a list of groups, and names are values, because libconfig wants settings of
 * one name in a group only once. Every setting knows its place in the user's text: libconfig's own
 * line and file are set, and its hook points to a struct tree_place that knows the column, too.
 */
#ifndef CONFIG_TREE_H
#define CONFIG_TREE_H

#include <libconfig.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"

struct tree_place {
	struct diag_pos key;	/* the keyword */
	struct diag_pos value;	/* the first word behind it, or the keyword again */
	uint32_t order;		/* rises in the order of reading, over all files */
	const char *text;	/* the words behind it, to be compared; NULL: not kept */
	bool told;		/* it has been said why this is no value */
};

/* Must stay where it was opened: libconfig's settings point back at it. */
struct tree {
	config_t config;
	struct arena *arena;	/* of the places; must outlive the tree */
	uint32_t order;
	bool no_memory;
};

/* Begins an empty tree. tree_close() frees what libconfig holds. */
void tree_open(struct tree *t, struct arena *arena);
void tree_close(struct tree *t);

/*
 * To be asked before that many settings and octets of text are put into the tree: libconfig uses
 * what malloc() gives it without looking. False, and no_memory, when there is not enough.
 */
bool tree_reserve(struct tree *t, size_t settings, size_t octets);

/*
 * Adds a setting of libconfig's TYPE to PARENT (NAME is NULL in lists and arrays) and gives it its
 * place. NULL when PARENT is NULL, when the name is taken, or without memory.
 */
config_setting_t *tree_add(struct tree *t, config_setting_t *parent, const char *name, int type,
			   const struct diag_pos *key, const struct diag_pos *value);

/* The same with a value. TEXT is copied. */
config_setting_t *tree_add_text(struct tree *t, config_setting_t *parent, const char *name,
				const char *text, const struct diag_pos *key,
				const struct diag_pos *value);

/* Gives a setting its place; for a tree that libconfig has read. False without memory. */
bool tree_put_place(struct tree *t, config_setting_t *s, const struct diag_pos *key);

/* Keeps the words behind S, which outlive the tree; NULL is no S. */
void tree_keep_text(config_setting_t *s, const char *text);

/* True when S was written with the same words as TEXT. */
bool tree_says(const config_setting_t *s, const char *text);

/* Marks S (NULL is none): it has been said at its line why it is no value. */
void tree_tell(config_setting_t *s);
bool tree_told(const config_setting_t *s);

/* True when A and B are the same setting, whatever the order of their members is. */
bool tree_equal(const config_setting_t *a, const config_setting_t *b);

/* Where a setting, or its value, stands; all zero for NULL. */
struct diag_pos tree_key(const config_setting_t *s);
struct diag_pos tree_value(const config_setting_t *s);
uint32_t tree_order(const config_setting_t *s);

/* The name of the innermost named block around S, or NULL. */
const char *tree_block_name(const config_setting_t *s);

#endif
