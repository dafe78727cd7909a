/*
 * The runner's jobs, and who may start when.
 *
 * A job is in one place at a time: waiting in its lane, ready to start, alive as a process, or
 * waiting to be answered. The first job of a lane holds it, and the others of the lane wait behind
 * the holder; so a lane costs no memory of its own.
 */
#ifndef SYS_RUNNER_LANES_H
#define SYS_RUNNER_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/port.h"
#include "sys/runner_set.h"
#include "sys/runner_wire.h"

struct rjob;

struct rjob_list {
	struct rjob *head, *last;
	size_t n;
};

/* Of a process, in this order. */
enum rjob_phase {
	RJOB_WAITING,		/* no process yet */
	RJOB_RUNNING,
	RJOB_TERMED,		/* out of time and answered; its group has got TERM */
	RJOB_LEADERLESS,	/* so, and the process has ended, but others of its group live */
	RJOB_KILLED,		/* its group has got KILL */
	RJOB_STUCK,		/* KILL did not end it; nobody waits for it any more */
};

struct rjob {
	struct rjob *next;		/* in the list that holds it */
	struct rjob *bucket_next;	/* of a holder: other holders of its hash bucket */
	struct rjob_list waiting;	/* of a holder: those behind it */
	struct port_job job;		/* argv and its words are behind this struct */
	enum rjob_phase phase;
	bool holds_lane;
	struct rset_terms terms;	/* its variables are behind this struct, too */
	pid_t pid;
	int64_t entered_us;		/* when it came */
	int64_t started_us;
	int64_t tell_us;		/* when to tell next that it holds its lane */
	bool told;
	int64_t due_us;			/* when to act on the phase */
	int64_t kill_us;		/* of a LEADERLESS one: when its group gets KILL */
	int32_t error;			/* errno of a failed start, or 0; DETAIL says what it was */
	char detail[WIRE_DETAIL_MAX];
};

/* A copy of JOB and TERMS with all their words; NULL when there is no memory. Free with free(). */
struct rjob *rjob_new(const struct port_job *job, const struct rset_terms *terms);

/* The same command line, user and group? */
bool rjob_same_command(const struct port_job *a, const struct port_job *b);

void rjob_append(struct rjob_list *l, struct rjob *j);
struct rjob *rjob_take(struct rjob_list *l);	/* the first, or NULL */

#define LANE_BUCKETS 256

struct lanes {
	struct rjob *bucket[LANE_BUCKETS];	/* holders, by lane number */
	size_t waiting;				/* jobs behind all holders */
};

/* The job that holds lane NUMBER, or NULL. Nobody holds lane 0. */
struct rjob *lanes_holder(const struct lanes *l, uint32_t number);

/* True: J holds its lane now (or needs none) and may start. False: it waits behind the holder. */
bool lanes_enter(struct lanes *l, struct rjob *j);

/*
 * Takes the oldest job waiting in lane NUMBER away when more than DEPTH wait, but none that must
 * always run (PORT_JOB_LAST); else NULL.
 */
struct rjob *lanes_overflow(struct lanes *l, uint32_t number, size_t depth);

/*
 * Takes a job away that waits in lane NUMBER since before BEFORE_US and is needless by what waits
 * behind it (enum port_job_rank); NULL: there is none.
 */
struct rjob *lanes_needless(struct lanes *l, uint32_t number, int64_t before_us);

/* J gives its lane up: returns the next of the lane, which holds it now and may start, or NULL. */
struct rjob *lanes_leave(struct lanes *l, struct rjob *j);

/* Takes a check that waits in any lane away; NULL when there is none left. */
struct rjob *lanes_drop_check(struct lanes *l);

#endif
