/*
 * From a job to a running program, and why there is none.
 */
#ifndef SYS_RUNNER_CHILD_H
#define SYS_RUNNER_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "sys/runner_lanes.h"
#include "sys/runner_wire.h"
#include "sys/script_env.h"

/* The exit status of a child that could not execute its script; scripts may use it too. */
#define CHILD_FAILED 127

/* What such a child writes to the pipe, at once (it is smaller than PIPE_BUF), before it exits. */
struct child_failure {
	pid_t pid;
	int32_t error;			/* errno */
	char detail[WIRE_DETAIL_MAX];	/* one sentence, terminated */
};

/* The runner's own. */
struct child_sockets {
	int jobs;		/* to the engine */
	int keeper;		/* to the one who says what may be run */
};

/*
 * The runner's own process, once: a session of its own, standard descriptors on /dev/null, every
 * other one but those of SOCKETS closed, all signals at their defaults and blocked, ordinary
 * scheduling, umask and directory; no right over the network. Children inherit all of it but the
 * blocked signals. SOCKETS gets the descriptors that both have now. False: the kernel refuses.
 */
bool child_prepare_runner(struct child_sockets *sockets);

/*
 * Forks and executes J by its terms: a guarded one only if that is safe at this moment, when its
 * user or group is privileged (script_path.h); with ENVIRONMENT's variables if it is to have all,
 * or is of this process's own user. FAILURES is the writing end of a pipe that is close-on-exec,
 * SOCKETS are the runner's, which the child must not hold. Returns the child's PID, which leads
 * its own process group, or -1 with errno.
 */
pid_t child_start(const struct rjob *j, const struct senv *environment, int failures,
		  const struct child_sockets *sockets);

#endif
