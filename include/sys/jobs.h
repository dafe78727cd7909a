/*
 * The engine's side of the runner: hands jobs over, brings the results back.
 *
 * Every job given to jobs_run() is answered exactly once through events->job_done, from
 * jobs_readable() and never from inside jobs_run(): with the script's result, or with
 * VR_CHECK_CANNOT_RUN and a sentence when the runner cannot take it, is dead, or dies.
 */
#ifndef SYS_JOBS_H
#define SYS_JOBS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/log.h"
#include "core/port.h"
#include "sys/runner.h"

struct jobs;

/*
 * Takes over SOCK, the engine's end of a runner (runner.h), on failure too; the runner's process is
 * the business of whose child it is. SOCK -1: there is none yet, see jobs_restart(). EVENTS and LOG
 * stay the caller's and must outlive the result. NULL with errno when the kernel or memory refuses.
 */
struct jobs *jobs_open(int sock, const struct port_events *events, const struct log *log);

/*
 * Closes our end: the runner finishes what it has (see runner.h) and leaves by itself. What was
 * not answered yet will not be. NULL is allowed.
 */
void jobs_close(struct jobs *j);

/*
 * Never blocks. JOB and its strings need not outlive the call; its id must not be outstanding.
 * False: too many are, and it is not run nor answered.
 */
bool jobs_run(struct jobs *j, const struct port_job *job);

/* A descriptor that is readable when jobs_readable() has work; the same for the life of J. */
int jobs_fd(const struct jobs *j);

/* Delivers what has come. A bounded number of results a call; call again when still readable. */
void jobs_readable(struct jobs *j);

/* False once the runner has been found dead; the log has said so, once. */
bool jobs_alive(const struct jobs *j);

/* Jobs not answered yet. */
uint32_t jobs_outstanding(const struct jobs *j);

/*
 * Goes on with another runner; jobs of the old one have been or will be answered as lost. Takes
 * over SOCK, on failure too. Returns 0 or a positive errno.
 */
int jobs_restart(struct jobs *j, int sock);

#endif
