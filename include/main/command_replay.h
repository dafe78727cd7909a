/*
 * `holdfastctl replay`: no daemon is asked, only its journal.
 */
#ifndef MAIN_COMMAND_REPLAY_H
#define MAIN_COMMAND_REPLAY_H

#include <stdbool.h>

/* Exit statuses of `holdfastctl replay`. */
enum cmr_status {
	CMR_SAME = 0,			/* all that was told is proven to be what the daemon said */
	CMR_DIFFERS = 1,		/* the daemon decided something else */
	CMR_UNUSABLE = 2,		/* a file that cannot be read, or not to its end */
};

/*
 * WORDS[0] is the verb, N the number of words; its options are looked at here. Prints to standard
 * output. Also CMD_USAGE and CMD_UNKNOWN_INSTANCE of main/command.h.
 */
int cmr_main(int n, char **words, bool json);

#endif
