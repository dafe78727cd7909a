/*
 * What will go wrong with a configuration, or with those of all the nodes of a cluster together.
 *
 * A file can be without a mistake and still never move its address. Each node's file is read as
 * cfg_load() reads it, the virtual routers of all files are put together, and a table of rules
 * looks at them. What a check can do to the election is not guessed: every subset of failures is
 * tried. Nothing here makes a system call: files come from cfg_options.source, what only a host
 * knows by lnt_host.
 */
#ifndef LINT_LINT_H
#define LINT_LINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "config/cfg.h"

#define LNT_NODES_MAX 64
#define LNT_FINDINGS_MAX 1000		/* more are counted, not kept */
#define LNT_SCRIPT_MAX 65536		/* octets of a script that are looked at */

struct lnt;

struct lnt_finding {
	const char *id; /* of the rule, for ever the same; "config": the loader said it */
	enum diag_severity severity;
	struct diag_pos pos;		/* line 0: the place is not known */
	const char *what;		/* a sentence: what will happen */
	const char *detail;		/* further lines with '\n' between them, or NULL */
	const char *instead;		/* what to write instead, or NULL */
};

struct lnt_host {
	void *ctx;

	/*
	 * The first SIZE octets of the script PATH into BUF; their number, or -1 when it cannot be
	 * read. NULL: no scripts are looked at.
	 */
	long (*script)(void *ctx, const char *path, char *buf, size_t size);

	/*
	 * Can somebody besides root change what the command ARGV runs as root, or in the group
	 * root, when it runs as AS (user NULL: as nobody has said)? True: WHY is a sentence. NULL:
	 * this is not looked at.
	 */
	bool (*unsafe)(void *ctx, const char *const *argv, const struct cfg_user *as, char *why,
		       size_t size);
};

/* Nothing to look at yet; NULL without memory. HOST is copied; NULL: no scripts. */
struct lnt *lnt_new(const struct lnt_host *host);

/* NULL is allowed. */
void lnt_free(struct lnt *l);

/*
 * Adds the next node (at most LNT_NODES_MAX, an assertion). FILE and OPTIONS are those that
 * cfg_load() has had, SAID is what it said. False when the text cannot be read; what was said is
 * kept anyway.
 */
bool lnt_add(struct lnt *l, const char *file, const struct cfg_options *options,
	     const struct diag_list *said);

/* Looks at all nodes. Call it once, behind the last lnt_add(). False without memory. */
bool lnt_run(struct lnt *l);

/*
 * What was found, *N of them, by node and place; valid until lnt_free(). *DROPPED is how many more
 * there were.
 */
const struct lnt_finding *lnt_findings(const struct lnt *l, size_t *n, size_t *dropped);

/* The worst severity present, or -1 when there is none. */
int lnt_worst(const struct lnt *l);

/* Says whether anything stands in the way of running FILE number I (from 0). */
bool lnt_unusable(const struct lnt *l, size_t i);

/* Every rule's id and severity, in the table's order, for the manual and the tests; NULL behind the
 * last. */
const char *lnt_rule_id(size_t i, enum diag_severity *severity);

#endif
