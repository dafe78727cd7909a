/*
 * The command line of holdfastd.
 *
 * keepalived's options, all of them, and a few of our own. An option that this daemon has no use
 * for is accepted and remembered, so that the log can say so in one line; one that asks for
 * something else than a VRRP daemon is refused.
 */
#ifndef MAIN_OPTIONS_H
#define MAIN_OPTIONS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "config/cfg.h"

#define OPT_LIST_MAX 32
#define OPT_WHY_MAX 256

enum opt_action {
	OPT_RUN,		/* be the daemon */
	OPT_TEST,		/* -t: check the configuration, see main/check.h */
	OPT_DUMP,		/* --dump-config: print it in its canonical form */
	OPT_SCHEMA_MAN,		/* --schema-man: print the tables of holdfast.conf(5) */
	OPT_PROVE,		/* --prove: see main/prove.h */
	OPT_SIGNUM,		/* --signum: print SIGNUM */
	OPT_VERSION,
	OPT_HELP,
	OPT_BAD,		/* WHY says what is wrong; exit status 1 */
};

/* Strings point into argv or are constants. */
struct options {
	enum opt_action action;
	bool as_keepalived;		/* called by that name: its file names are the defaults */
	const char *config;		/* -f; NULL: see opt_config() */
	const char *pid_file;		/* -p or NULL: see main/runtime_files.h */
	const char *control;		/* --control or NULL, so */
	const char *config_id;		/* -i or NULL */
	const char *log_file;		/* -g or NULL */
	const char *journal;		/* --journal or NULL: see global_defs */
	const char *test_log;		/* -tFILE or NULL: standard error */
	const char *netns;		/* -s or NULL: the daemon enters it or does not start */
	enum cfg_dialect dump_dialect;	/* OPT_DUMP */
	bool foreground;		/* -n */
	bool log_console;		/* -l; only together with -n, as in keepalived */
	bool no_syslog;			/* -G */
	bool flush_log;			/* --flush-log-file */
	bool log_config;		/* -d: write the configuration to the log at start */
	bool strict_includes;		/* -e */
	bool with_secrets;		/* of --dump-config */
	bool adopt_leftovers;		/* --adopt-leftovers, or called keepalived */
	bool lint;			/* with OPT_TEST: what lint finds, too */
	bool ignore_sigint;
	int detail;			/* how many -D */
	int facility;			/* -S: LOG_DAEMON, LOG_LOCAL0, ... (<syslog.h>) */
	int umask;			/* -u; -1: not given */
	int signum;			/* OPT_SIGNUM */
	char directory[PATH_MAX];	/* of the start, for relative paths; "" when it has none */
	const char *ignored[OPT_LIST_MAX];	/* options accepted without effect, as "--name" */
	size_t n_ignored;
	const char *stray[OPT_LIST_MAX];	/* of no option, where they are only told */
	size_t n_stray;
	char why[OPT_WHY_MAX];		/* OPT_BAD: one sentence */
};

/*
 * Parses ARGV, which getopt may put into another order. Always fills OUT. For a daemon (OPT_RUN),
 * paths are made absolute in OUT and in ARGV, for its directory changes, and so may be that of
 * whoever executes the same words later; what only looks at a file names it as it was given.
 */
void opt_parse(int argc, char **argv, struct options *out);

/*
 * The file to read: CONFIG, or the default of the name that the daemon was called by:
 * /etc/keepalived/keepalived.conf; else /etc/holdfast/holdfast.conf, or holdfast.cfg beside it
 * when only that one exists.
 */
const char *opt_config(const struct options *o);

/* What cfg_load() needs. */
struct cfg_options opt_cfg(const struct options *o);

/* One line: "options accepted without effect: --vrrp, --perf"; BUF is "" when there are none. */
const char *opt_ignored_text(const struct options *o, char *buf, size_t size);

/*
 * --help and --version under the name that the daemon was called by. Programs read those of
 * keepalived: the first line of its version, and whether it can do JSON.
 */
void opt_help(const struct options *o, FILE *to);
void opt_version(const struct options *o, FILE *to);

#endif
