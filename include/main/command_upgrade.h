/*
 * `holdfastctl upgrade`: the one verb whose question no engine hears.
 *
 * It goes to the keeper's own socket beside the control socket, with the program as a descriptor
 * that is opened here, with the rights of whoever asks.
 */
#ifndef MAIN_COMMAND_UPGRADE_H
#define MAIN_COMMAND_UPGRADE_H

#include <stdbool.h>
#include <stdint.h>

#define CUG_VERB "upgrade"

struct cug_options {
	const char *control;		/* the control socket, beside which the other one stands */
	const char *binary;		/* NULL: the daemon's own file, as it is now */
	bool if_changed;		/* not to the program that it runs already */
	bool json;
	int64_t timeout_us;		/* 0: as long as the daemon takes at most, and some more */
};

/* Asks, waits and tells. CMD_DONE, CMD_REFUSED, CMD_NO_ANSWER of main/command.h. */
int cug_main(const struct cug_options *o);

#endif
