/*
 * A loaded configuration, and how to get one.
 *
 * Loading is all or nothing: text in one of two dialects becomes a libconfig tree, the tree is
 * checked against one schema table and built into the structs below. Every mistake found on the way
 * is in the list of diagnoses; what a configuration holds is what the text says, never a guess.
 */
#ifndef CONFIG_CFG_H
#define CONFIG_CFG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/diag.h"
#include "core/conf.h"

/*
 * Stands for a user whose name cannot be read: no user's name has a ':', so what should run as it
 * is not run, rather than as somebody else.
 */
#define CFG_NO_USER ":"

/* Who a script runs as, as written; resolved to numbers when the daemon starts. */
struct cfg_user {
	const char *user;		/* NULL: the default */
	const char *group;		/* NULL: the user's own */
};

struct cfg_command {
	const char **argv;		/* NULL-terminated; NULL: no such command */
	struct cfg_user as;
	struct diag_pos pos;		/* for diagnoses that only the running system can make */
	uint32_t uid, gid;		/* filled in by the one who resolves AS */
	bool groups;			/* so: with the user's supplementary groups */
	const char *const *account;	/* so: its variables, as of users_variables(); NULL: none */
	const char *refused;		/* so: a sentence why it must not be run; NULL: it may */
	bool broken;			/* so: it could not be run when it was resolved */
};

/* Parallel to vr_config.checks. */
struct cfg_check {
	const char *name;
	struct cfg_command command;
	int64_t interval_us;
	int64_t timeout_us;		/* interval_us unless given */
	int16_t weight;			/* default for its references */
	bool reverse;
};

enum cfg_notify_slot {
	CFG_NOTIFY_MASTER, CFG_NOTIFY_BACKUP, CFG_NOTIFY_FAULT, CFG_NOTIFY_STOP, CFG_NOTIFY_DELETED,
	CFG_NOTIFY_RX_LOWER_PRI, CFG_NOTIFY_GENERIC, CFG_N_NOTIFY
};

/* Parallel to vr_config.insts: what only the engine needs. */
struct cfg_inst {
	struct cfg_command notify[CFG_N_NOTIFY];
	struct diag_pos pos;		/* of the block's name */
	struct diag_pos source_pos;	/* of the address that adverts come from; else as POS */
	bool wants_master;		/* "state MASTER" as written: only a wish */
	uint32_t lease_s;		/* the kernel forgets its addresses so long after the last
					 * renewal; 0: never */
};

#define CFG_JOURNAL_KIB 1024		/* unless the text says otherwise */

struct cfg_global {
	const char *instance;		/* name of this daemon among several, or NULL */
	const char *router_id;		/* NULL: the host name */
	struct cfg_user script_user;
	bool script_security;
	bool environment_all;		/* "script_environment all" */
	bool ifaces_come;		/* "dynamic_interfaces": they may appear later */
	const char *journal;		/* an absolute path, or NULL: none is kept */
	int64_t journal_kib;		/* how long it is */
};

struct cfg {
	struct arena *arena;		/* owns everything here */
	struct cfg_global global;
	struct vr_config vr;
	struct cfg_check *checks;
	struct cfg_inst *insts;
	const struct diag_pos *iface_pos;	/* parallel to vr.ifaces: first named there */
	const char **files;		/* NULL-terminated: every file that was read */
	const uint64_t *errors;		/* lod_remember(): a hash of each error of its text */
	size_t n_errors;
};

struct source;

enum cfg_dialect {
	CFG_BY_NAME,			/* *.cfg is native, everything else keepalived's */
	CFG_KEEPALIVED,
	CFG_NATIVE,
};

struct cfg_options {
	enum cfg_dialect dialect;
	const char *config_id;		/* for @id lines; NULL: the host name up to its first dot */
	bool strict_includes;		/* -e */
	const struct source *source;	/* where files come from; NULL: the host's file system */
};

/*
 * Reads FILE and what it includes. Returns the configuration, or NULL when there is none to run (a
 * DIAG_FATAL in DIAGS says why; in the native dialect any error is fatal). DIAGS is appended to and
 * sorted. Free with cfg_free(); positions in it point into the arena.
 */
struct cfg *cfg_load(const char *file, const struct cfg_options *options, struct diag_list *diags);

/* The same from memory, for tests and fuzzers; NAME stands in the diagnoses. Includes are read. */
struct cfg *cfg_load_text(const char *name, const char *text, size_t len,
			  const struct cfg_options *options, struct diag_list *diags);

void cfg_free(struct cfg *c);

/*
 * Writes the canonical form: every setting with its effective value, in the schema's order. Loading
 * what was written in the same DIALECT gives the same configuration. Passwords are written as
 * "********" unless SECRETS. False when TO has not got all of it: no memory, or TO refused it.
 */
bool cfg_dump(const struct cfg *c, enum cfg_dialect dialect, bool secrets, FILE *to);

/* Writes the tables of holdfast.conf(5) in mdoc, from the schema. */
void cfg_schema_man(FILE *to);

#endif
