/*
 * The commands that the runner may run.
 *
 * The engine reads packets from the network, so what it asks for is not to be trusted: only the
 * process that has read the configuration says what may be run, and as whom. It writes the whole
 * set into a sealed memfd and sends that to the runner (runner_allow()), which holds every job
 * against it, and how it is to be run.
 */
#ifndef SYS_RUNNER_SET_H
#define SYS_RUNNER_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/port.h"

#define RSET_FREE_WORDS_MAX 4
#define RSET_FREE_OCTETS_MAX 16		/* of one free word: letters, digits and '_' only */
#define RSET_HELD_MAX 8

#define RSET_VARIABLES_MAX 4
#define RSET_VARIABLES_OCTETS_MAX 32768

/* How a command runs. */
struct rset_terms {
	bool guarded;			/* to be judged safe before each run (script_path.h) */
	bool environment_all;		/* with the daemon's environment, whoever its user is */
	const char *const *account;	/* its user's own variables (users.h), NULL-terminated, at
					 * most RSET_VARIABLES_MAX; NULL: none */
};

struct rset_command {
	enum port_job_kind kind;
	const char *const *argv;	/* NULL-terminated, as in a job */
	uint32_t uid, gid;
	bool groups;
	uint32_t free_words;		/* so many words that nobody can know before follow ARGV */
	struct rset_terms terms;
};

/* Can it be a job at all (see runner_wire.h)? */
bool rset_fits(const struct rset_command *c);

/*
 * Writes the N commands. Returns a sealed memfd that is the caller's, or -1 with errno: E2BIG,
 * EINVAL for a command that no job can be.
 */
int rset_write(const struct rset_command *v, size_t n);

struct rset;

/* Reads what rset_write() wrote; NULL when it is something else, or there is no memory. */
struct rset *rset_read(int fd);
void rset_free(struct rset *s);

/*
 * Is this the same kind, command line, user and group as one of the set? Then TERMS are the
 * strictest of all such commands; they point into S.
 */
bool rset_has(const struct rset *s, const struct port_job *job, struct rset_terms *terms);

/*
 * The sets that count now. While a new configuration is put to work jobs of the old one and of the
 * new one are both right, and which of them remains is known only afterwards.
 */
struct rsets {
	struct rset *v[RSET_HELD_MAX];	/* oldest first */
	bool leaving[RSET_HELD_MAX];	/* counts until rsets_sweep() */
	size_t n;
};

/* Takes S over; with RSET_HELD_MAX already there the oldest goes. */
void rsets_add(struct rsets *all, struct rset *s);

/* The newest is the one to stay (NEWEST), or it is taken back. */
void rsets_settle(struct rsets *all, bool newest);

/* No job that was sent before the last rsets_settle() is still to be read. */
void rsets_sweep(struct rsets *all);

/* The same over all sets; the account is that of the newest one that names it. */
bool rsets_have(const struct rsets *all, const struct port_job *job, struct rset_terms *terms);

#endif
