/*
 * The body of `holdfastd -t`.
 *
 * Loads the configuration, asks the running system what only it can know, and tells everything in
 * the order of the files.
 */
#ifndef MAIN_CHECK_H
#define MAIN_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "main/options.h"

#define CFT_WHY_MAX 400

/* Exit statuses of -t, as keepalived's. */
enum cft_status {
	CFT_CLEAN = 0,		/* no warning or worse; notes may have been told */
	CFT_CANNOT_RUN = 4,
	CFT_RUNS = 5,		/* it runs, but not all of it as written */
};

/* What the system is asked; each answers at once and changes nothing. */
struct cft_system {
	void *ctx;
	bool (*iface_exists)(void *ctx, const char *name);

	/* Calls TELL for each interface of the host. */
	void (*each_iface)(void *ctx, void (*tell)(void *to, const char *name), void *to);

	/* Does the interface NAME have the address? */
	bool (*has_address)(void *ctx, const char *name, const struct ip_addr *addr);

	/*
	 * Can this command be run as the user that it asks for? False: WHY (SIZE octets) is a
	 * sentence.
	 */
	bool (*can_run)(void *ctx, const struct cfg *cfg, const struct cfg_command *command,
			char *why, size_t size);

	/* Could somebody besides root change what this command runs as root? False: so; WHY. */
	bool (*is_safe)(void *ctx, const struct cfg *cfg, const struct cfg_command *command,
			char *why, size_t size);

	/* Adds what stands on this host and is in the way of CFG's addresses; ADOPT:
	 * --adopt-leftovers. May be NULL. */
	void (*foreign)(void *ctx, const struct cfg *cfg, bool adopt, struct diag_list *diags);

	/* Do scripts run as root when no user is named anywhere? */
	bool (*default_is_root)(void *ctx);
};

/*
 * Adds what the system says against CFG to DIAGS: a warning for each interface that does not exist
 * (only a note where the text says that they come and go), for each source of advertisements that
 * the interface does not have, for each command that cannot be run (it would count as failed), for
 * each that runs as root and that others can change, and when under enable_script_security scripts
 * run as root because nobody says who they should be. Also for the daemon's own start.
 */
void cft_system(const struct cfg *cfg, const struct cft_system *system, struct diag_list *diags);

/* Prints every diagnosis, sorted, a line each. */
void cft_print(struct diag_list *diags, FILE *to);

/* -t: loads opt_config(), checks it and prints to TO (or appends to the file of -tFILE). */
enum cft_status cft_run(const struct options *o, const struct cft_system *system, FILE *to);

#endif
