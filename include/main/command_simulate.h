/*
 * `holdfastctl simulate`: no daemon is asked; the real engine runs in a world on a virtual clock.
 */
#ifndef MAIN_COMMAND_SIMULATE_H
#define MAIN_COMMAND_SIMULATE_H

#include <stdbool.h>
#include <stddef.h>

#define CSM_FAILS_MAX 100
#define CSM_SECONDS_MAX 86400

/* Exit statuses of `holdfastctl simulate`. */
enum csm_status {
	CSM_DONE = 0,
	CSM_FRAGILE = 1,		/* a single failure leaves nobody or two owners */
	CSM_UNUSABLE = 2,		/* a file that cannot be read or run */
};

struct csm_options {
	bool json;
	const char *fails[CSM_FAILS_MAX];	/* "NODE:down@60", as given */
	size_t n_fails;
	int seconds;			/* how long the timeline is; 0: not given */
	const char *svg;		/* the file to draw to, or NULL */
};

/* The whole verb: WORDS[0] is "simulate", then options and files; JSON: it was asked for before. */
int csm_command(int n, char **words, bool json);

/*
 * Runs the N nodes of FILES. With fails it prints the timeline, without them the table of all
 * single failures and their pairs. Also CMD_USAGE and CMD_OUTPUT of main/command.h.
 */
int csm_main(int n, char **files, const struct csm_options *options);

#endif
