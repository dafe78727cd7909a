/*
 * The process that runs check and notify scripts.
 *
 * Forked early, while the daemon is small and still has its rights; the engine gives them up, the
 * runner keeps what it needs to become the scripts' users, and no right over the network. It takes
 * jobs (struct port_job) over a SOCK_SEQPACKET socket and answers each exactly once. It executes
 * argv as it stands, without a shell.
 *
 * A script gets: its own process group; standard input, output and error on /dev/null, no other
 * descriptor; the working directory "/"; umask 022; default signal handling; normal scheduling; of
 * the runner's own environment what sys/script_env.h says, all of it when the script's user is the
 * runner's or the set says so; its user, its group, and the user's supplementary groups only when
 * the job asks for them. A script of root has root's usual rights.
 *
 * Jobs of one lane run one after the other, in order; lane 0 has no order. A notify job that has
 * waited for OVERTAKE_US and is needless by then (enum port_job_rank: a newer state waits behind
 * it) is answered with ECANCELED ("overtaken") instead of being run. A lane holds at most
 * LANE_DEPTH waiting jobs besides those that must run: one more drops the oldest ("superseded").
 * While a job holds its lane for longer than TELL_US, the engine is told again and again which it
 * is and how many wait (struct port_wait).
 *
 * When its time is over a job is answered with VR_CHECK_TIMEOUT at once, whatever the process does;
 * its group gets TERM, and KILL KILL_AFTER_US later. While such a process still lives
 *   - a check of its lane (lane 0: of the same command and user) is answered VR_CHECK_CANNOT_RUN
 *     with EBUSY instead of being started a second time;
 *   - a notify job of its lane waits, but no longer than KILL_AFTER_US after the KILL: a process
 *     that not even KILL ends must not hold the others.
 * With MAX_RUNNING processes alive a check is answered VR_CHECK_CANNOT_RUN with EAGAIN, a notify
 * job waits.
 *
 * It runs what it has been told may be run (runner_allow()), and nothing else: any other job is
 * answered VR_CHECK_CANNOT_RUN with EPERM. The set comes over a socket of its own, which the engine
 * does not have.
 *
 * The engine's end closed: waiting checks are dropped, and so is every notify job that is needless;
 * the others are run to the last, and the runner leaves. From then on a job has DRAIN_US, and
 * HURRY_US while others wait behind it in its lane. So a script may stop the daemon that started
 * it, and finish; and the script of a stop is run whatever runs before it. The runner ignores TERM,
 * INT and HUP: its life ends with the engine's.
 */
#ifndef SYS_RUNNER_H
#define SYS_RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "sys/runner_set.h"

#define RUNNER_MAX_RUNNING 1024
#define RUNNER_LANE_DEPTH 32
#define RUNNER_KILL_AFTER_US 2000000
#define RUNNER_OVERTAKE_US 1000000
#define RUNNER_TELL_US 3000000
#define RUNNER_HURRY_US 10000000
#define RUNNER_DRAIN_US 60000000

/* 0 means the constant above; the daemon passes all zero, tests shorten the times. */
struct runner_options {
	uint32_t max_running;
	uint32_t lane_depth;
	int64_t kill_after_us;
	int64_t overtake_us;
	int64_t tell_us;
	int64_t hurry_us;
	int64_t drain_us;

	/*
	 * Starts the process that is to call runner_run(), with only these two descriptors: its
	 * pid, or -1 with errno. NULL: a fork, for a caller without threads.
	 */
	pid_t (*start)(void *ctx, int jobs, int keeper);
	void *ctx;
};

struct runner_handle {
	int fd;			/* our end: non-blocking, close-on-exec */
	int keeper;		/* likewise; for the process that read the configuration */
	pid_t pid;		/* a child of the caller */
};

/*
 * Starts the runner. Call it before any thread exists, unless OPTIONS->start executes a program,
 * before scheduling, nice or resource limits are changed, and before rights are dropped. Returns 0
 * and fills OUT, or a positive errno. The caller owns OUT->fd (jobs_open() takes it), OUT->keeper,
 * and the duty to wait for OUT->pid. The runner keeps no descriptor of the caller, standard error
 * included.
 */
int runner_spawn(struct runner_handle *out, const struct runner_options *options);

/* The runner itself, in a process that OPTIONS->start has made; OPTIONS as there. */
_Noreturn void runner_run(int jobs, int keeper, const struct runner_options *options);

/*
 * The N commands of V may be run from now on, and those of the sets before still may. Whoever sends
 * a job of the new set must have been told to after this has returned. Returns 0 or a positive
 * errno; nothing has changed then. Never blocks.
 */
int runner_allow(const struct runner_handle *runner, const struct rset_command *v, size_t n);

/*
 * Which set remains: the one of the last runner_allow() (NEWEST), or those before it. What was sent
 * to the runner before this call is still judged by all of them.
 */
int runner_settle(const struct runner_handle *runner, bool newest);

/* Asks whether it lives; RUNNER->keeper becomes readable when it answers. */
int runner_ping(const struct runner_handle *runner);

/* Takes what it has answered. True: something. */
bool runner_answered(const struct runner_handle *runner);

#endif
