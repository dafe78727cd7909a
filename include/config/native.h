/*
 * The native dialect: libconfig text with @include.
 */
#ifndef CONFIG_NATIVE_H
#define CONFIG_NATIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"
#include "config/source.h"
#include "config/tree.h"

/*
 * Reads LEN octets at TEXT, which are those of the file NAME, and what they include, into TREE;
 * every setting gets its place. ARENA must outlive the tree; *FILES lists what was read,
 * NULL-terminated, in the arena. False when the text is not libconfig's, which is diagnosed, or
 * without memory, which TREE says.
 */
bool native_read(struct tree *tree, struct arena *arena, const struct source *source,
		 const char *name, const char *text, size_t len, struct diag_list *diags,
		 const char ***files);

#endif
