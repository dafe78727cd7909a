/*
 * holdfastctl as a function, so that its exit statuses can be tested.
 */
#ifndef MAIN_COMMAND_H
#define MAIN_COMMAND_H

#include <stddef.h>

/* The exit statuses that scripts live on. */
enum cmd_status {
	CMD_DONE = 0,			/* or: the instance is MASTER */
	CMD_BACKUP = 1,
	CMD_REFUSED = 1,		/* verbs other than status */
	CMD_FAULT = 2,
	CMD_NO_ANSWER = 3,		/* or no state: the instance is INIT */
	CMD_UNKNOWN_INSTANCE = 4,
	CMD_CONFLICT = 5,		/* MASTER, but another claims its addresses, or it lacks
					 * one */
	CMD_USAGE = 64,			/* the command line is wrong */
	CMD_OUTPUT = 74,		/* the answer could not be written */
};

/* How wide a line of a table may be: as $COLUMNS says, else the terminal; else LAY_COLUMNS. */
size_t cmd_columns(void);

/* The whole program: reads ARGV, asks, writes to stdout and stderr. Returns the exit status. */
int cmd_main(int argc, char **argv);

#endif
