/*
 * The engine's process, from its start to its end.
 *
 * Everything it needs is given at its start (main/role.h) or comes over the channel
 * (sys/keepwire.h). It is made
 * as a spare: it opens what it needs, gives up rights, says READY and waits. On GO it becomes the
 * engine; what went before it, and whether there was anything, is in the GO.
 */
#ifndef MAIN_ENGINE_PROCESS_H
#define MAIN_ENGINE_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/log.h"
#include "config/cfg.h"
#include "main/options.h"
#include "sys/users.h"

/* What ps shows: before GO and after it. */
#define EPR_SPARE_NAME "holdfast:spare"
#define EPR_ENGINE_NAME "holdfast:engine"

#define EPR_USER "holdfast"		/* whom the engine becomes where there is such a user */

/* The descriptors of ROL_ENGINE. */
enum epr_fd {
	EPR_CHANNEL,		/* the engine's end of a kpw_pair() */
	EPR_LOG,		/* the sending end of a lrl_pair() */
	EPR_RUNNER,		/* the engine's end of the runner's socket */
	EPR_CONTROL,		/* the listener of sys/ctlsock.h */
	EPR_JOURNAL,		/* of rec_file(); -1: none */
	EPR_RECORD,		/* of rec_new() */
	EPR_CONFIG,		/* of crs_write() */
	EPR_N_FDS
};

struct epr_options {
	const struct options *options;
	enum log_level level;
	int fds[EPR_N_FDS];
	pid_t keeper;
	uid_t owner;			/* who started the daemon: may steer it */
	const struct user_ids *user;	/* who the engine is to be; NULL: the owner, as root */
	const char *lock;		/* the keeper's, see lck_mark() */
	bool first;			/* of this daemon: a failure is told in front as well */
};

/* Returns the exit status of the process, which is to end now. */
int epr_run(const struct epr_options *options);

#endif
