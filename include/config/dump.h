/*
 * The canonical form: raw structs written out by the schema.
 */
#ifndef CONFIG_DUMP_H
#define CONFIG_DUMP_H

#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"
#include "config/schema.h"

#define DUMP_MASK "********"	/* stands for a password in a dump without secrets */

struct dump {
	FILE *to;
	bool native;
	bool secrets;
	unsigned int depth;	/* of indentation */
	bool begun;			/* something has been written */
	bool no_memory;		/* something could not be written */
	struct arena *arena;	/* for what is written out; freed by its owner */
};

/* Writes what RAW says of BLOCK, row by row in the schema's order (dump_write.c). */
void dump_block(struct dump *d, enum sch_block block, const void *raw);

/*
 * ARGV as one string that lex_split_command() takes apart again, and that keepalived's dialect can
 * carry between double quotes; in ARENA, NULL without memory (dump_text.c).
 */
const char *dump_command(struct arena *arena, const char *const *argv);

/* Writes TEXT as one word of the dialect, in quotes where it needs them. */
void dump_word(const struct dump *d, const char *text);

#endif
