/*
 * `holdfastctl lint`: no daemon is asked.
 */
#ifndef MAIN_COMMAND_LINT_H
#define MAIN_COMMAND_LINT_H

#include <stdbool.h>

#include "lint/lint.h"

/* Exit statuses of `holdfastctl lint`. */
enum cml_status {
	CML_CLEAN = 0,			/* notes do not count */
	CML_FINDINGS = 1,		/* a warning or worse */
	CML_UNUSABLE = 2,		/* a file that cannot be read or run */
};

/* Looks at N files, 1 to LNT_NODES_MAX, and prints to standard output. */
int cml_main(int n, char **files, bool json);

/* What reads scripts from this host's file system: regular files only, their beginning. */
struct lnt_host cml_host(void);

#endif
