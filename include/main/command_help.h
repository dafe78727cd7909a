/*
 * What holdfastctl says about itself.
 */
#ifndef MAIN_COMMAND_HELP_H
#define MAIN_COMMAND_HELP_H

#include "main/command_line.h"

struct hlp_verb {
	const char *name;
	const char *arguments;		/* "[INSTANCE]" */
	const char *summary;		/* one line of the list of verbs */
	const char *text;		/* the paragraphs of its own help */
};

extern const struct hlp_verb hlp_verbs[CLN_N_VERBS];

/* The list of verbs, the options and the exit statuses. */
void hlp_all(void);

/* All about one verb. */
void hlp_verb(enum cln_verb verb);

#endif
