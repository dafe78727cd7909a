/*
 * What a process of ours is to be.
 *
 * The daemon's processes are executions of its own program with its own arguments: each has a
 * memory layout and a stack canary of its own, and none inherits a lock that another thread held.
 * What such a process is comes in a sealed memfd at SPW_FIRST_FD, its other descriptors behind it.
 * Nothing in the environment or among the arguments can make a program that a user starts one of
 * these.
 */
#ifndef MAIN_ROLE_H
#define MAIN_ROLE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "main/options.h"
#include "main/runtime_files.h"
#include "sys/users.h"

enum rol_kind {
	ROL_NONE,		/* nobody of ours has started this process */
	ROL_ENGINE,
	ROL_LOADER,
	ROL_RUNNER,
	ROL_PROVER,
	ROL_LOST,		/* it has a role, but not from its parent, or a damaged one */
	ROL_N_KINDS
};

#define ROL_FDS_MAX 12
#define ROL_CONFIG_MAX 4096	/* of a path, with its NUL */

struct rol {
	uint64_t magic;			/* filled in by rol_start(), as all before KIND */
	uint32_t size;
	int32_t parent;			/* the keeper's process */
	uint32_t n_fds;
	uint64_t open_files, timer_slack;	/* likewise: of lim_found() */
	uint32_t kind;			/* enum rol_kind */
	uint32_t owner;			/* ROL_ENGINE: who started the daemon */
	uint32_t level;			/* likewise: enum log_level */
	uint32_t has_user, first;	/* likewise: of struct epr_options */
	uint32_t uid, gid;		/* likewise: with has_user; ROL_PROVER, too */
	char lock[RTF_PATH_MAX];	/* likewise */
	char config[ROL_CONFIG_MAX];	/* ROL_LOADER: the file to read */
	char directory[PATH_MAX];	/* likewise: as in struct options */
};

/* What every start has in common. */
struct rol_source {
	int exe;			/* of spw_self() */
	char *const *argv;
};

/*
 * Starts a process that is to be what ROLE says; it finds the N descriptors of FDS (-1: none) in
 * rol_fd(0) and so on. Returns its pid, or -1 with errno.
 */
pid_t rol_start(const struct rol_source *source, const struct rol *role, const int *fds, size_t n);

/* The first thing in main(): who are we? Fills OUT unless that is ROL_NONE or ROL_LOST. */
enum rol_kind rol_inherited(struct rol *out);

/* The number of the descriptor I of a process with a role. */
int rol_fd(size_t i);

/* Becomes ROLE, which rol_inherited() has filled; returns the exit status. */
int rol_run(const struct rol *role, const struct options *options);

#endif
