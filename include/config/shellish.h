/*
 * Words of a shell in a command that no shell runs.
 *
 * Commands run by argv, yet people write `||`, `>` or `$(...)` as if there were a shell: each is an
 * argument like any other then, and the command does something else. What a user has put in quotes
 * is for the program, and not meant here.
 */
#ifndef CONFIG_SHELLISH_H
#define CONFIG_SHELLISH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"

struct shellish {
	size_t at, len;			/* where it stands in the command */
	const char *mistake;		/* what follows the word in a sentence */
	const char *cure;		/* what to write instead */
};

/*
 * The first such word of COMMAND, which is the text that lex_split_command() splits. False: there
 * is none.
 */
bool shi_find(const char *command, struct shellish *out);

/* Says so, as a warning at POS. */
void shi_warn(struct diag_list *diags, const struct diag_pos *pos, const char *command,
	      const struct shellish *found);

/* Does shi_find() say of every command that has WORD in the place of the program why that cannot
 * run? */
bool shi_is_no_program(const char *word);

#endif
