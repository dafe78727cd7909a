/*
 * What a keeper leaves to the binary that takes its place.
 *
 * The process stays: its children stay its children, its descriptors stay open. What the numbers
 * mean is written into a memfd, whose own number crosses in the environment.
 */
#ifndef MAIN_HANDOVER_H
#define MAIN_HANDOVER_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "main/keeper_sockets.h"
#include "main/runtime_files.h"

#define HOV_VERSION 2			/* changes with anything below, sys/keepwire.h, and the
					 * runner's messages and sets */
#define HOV_VARIABLE "HOLDFAST_TAKE_OVER"
#define HOV_PROOF "holdfast can take over: "	/* what --prove says, with HOV_VERSION */

enum hov_fd {
	HOV_ENGINE,			/* the keeper's end of the engine's channel */
	HOV_RUNNER, HOV_RUNNER_KEEPER,	/* of struct runner_handle */
	HOV_LOCK,			/* of lck_take() */
	HOV_CONTROL,			/* the listener */
	HOV_PID_FILE,
	HOV_LOG_IN, HOV_LOG_OUT,	/* of lrl_pair() */
	HOV_JOURNAL,			/* -1: none */
	HOV_RECORD,			/* of rec_new() */
	HOV_CONFIG,			/* of crs_write() */
	HOV_NOTIFY,			/* to systemd; -1: none */
	HOV_UPGRADE,			/* the upgrade socket's listener; -1: none */
	HOV_ASKER,			/* who has asked for the upgrade, and is to hear of it */
	HOV_N_FDS
};

struct hov {
	uint64_t magic;			/* filled in by hov_write(), as are the next three */
	uint32_t version;
	uint32_t size;
	uint32_t n_sockets;		/* that follow */
	int32_t fds[HOV_N_FDS];
	int32_t engine, runner;		/* processes */
	uint64_t control_dev, control_ino;
	uint64_t upgrade_dev, upgrade_ino;
	uint64_t engines;
	uint64_t open_files, timer_slack;	/* of lim_found() */
	char key[RTF_KEY_MAX];		/* as the files were named at the start */
	char directory[PATH_MAX];	/* of the start, as in struct options */
};

/* A memfd, open over exec like all that it names; -1 with errno. hov_cancel() closes them to exec
 * again. */
int hov_write(struct hov *h, const struct ksk *sockets);
void hov_cancel(const struct hov *h, const struct ksk *sockets);

/* The memfd that the environment names, whose variable is removed; -1: nobody was before us. */
int hov_inherited(void);

/* Reads and closes it; everything it names is close-on-exec then. False: WHY is a sentence. */
bool hov_read(int fd, struct hov *out, struct ksk *sockets, const char **why);

#endif
