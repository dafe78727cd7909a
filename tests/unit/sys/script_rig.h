/*
 * A rig for tests of scripts: a directory of its own, a real runner, and every answer it gives.
 */
#ifndef TESTS_SCRIPT_RIG_H
#define TESTS_SCRIPT_RIG_H

#include <check.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sys/jobs.h"

#define RIG_ANSWERS_MAX 8192
#define RIG_PATIENCE_MS 180000	/* for what must happen at all, on a busy machine */
#define SECOND_US INT64_C(1000000)

struct rig_answer {
	struct port_job_result r;	/* r.detail is DETAIL or NULL */
	char detail[512];
};

struct rig {
	char dir[64];
	struct runner_handle runner;
	struct rset_command *allowed;	/* everything that has been asked for so far */
	struct rjob **copies;		/* what their words lie in */
	size_t n_allowed;
	struct jobs *jobs;
	struct port_events events;
	struct log log;
	uint32_t next_id;
	struct rset_terms terms;	/* of what is allowed from now on */
	bool inside_run;		/* jobs_run() is on the stack */
	unsigned errors_logged;
	char last_error[LOG_LINE_MAX];
	size_t n_waits;			/* how often a lane was told to be held, or free again */
	struct port_wait wait;		/* the last of them */
	char wait_script[256];
	struct port_wait over;		/* the first time that a lane was free again; script NULL */
	size_t n_overs;
	size_t n;
	struct rig_answer v[RIG_ANSWERS_MAX];
};

int64_t rig_now_us(void);
void rig_sleep_ms(int ms);

/* What rig_open() puts into the rig's events and log. */
void rig_answered(void *ctx, const struct port_job_result *r);
void rig_waited(void *ctx, const struct port_wait *wait);
void rig_logged(void *ctx, enum log_level level, const char *text);

/* A rig with a runner of its own. rig_open_with() and rig_dir() are the parts, for tests that need
 * something in between. */
struct rig *rig_open(const struct runner_options *o);
void rig_open_with(struct rig *g, const struct runner_options *o);
void rig_dir(struct rig *g);

/* Closes all; the runner must leave with status 0 unless it is dead already. */
void rig_close(struct rig *g);
void rig_remove_dir(struct rig *g);

/* The directory and the memory only: the test has closed the rest. */
void rig_forget(struct rig *g);

/* The wait status of the runner, which must end by itself. */
int rig_wait_runner(const struct rig *g);

/* Fills in the path of NAME in the rig's directory. */
const char *rig_path(const struct rig *g, const char *name, char buf[static 128]);
void rig_write(const struct rig *g, const char *name, mode_t mode, const char *text);

/* A shell script; "$D" in it is the rig's directory. */
void rig_script(const struct rig *g, const char *name, const char *body);

/* The contents of a file in the rig's directory, "" when there is none. */
const char *rig_read(const struct rig *g, const char *name, char *buf, size_t size);
bool rig_exists(const struct rig *g, const char *name);
void rig_await_file(const struct rig *g, const char *name);

/* The number that a script writes to a file. */
pid_t rig_await_pid(const struct rig *g, const char *name);

/* Each hands a job over and returns its id; the first is 1. NAME is a program's path, or a script's
 * name in the rig's directory; ARG may be NULL. */
uint32_t rig_run_job(struct rig *g, struct port_job job);

/* The same for a command that the runner has not been told of. */
uint32_t rig_run_unasked(struct rig *g, struct port_job job);

/* Tells the runner that JOB may be run, as those before it; NULL: tells a new runner of those. */
void rig_allow(struct rig *g, const struct port_job *job);

uint32_t rig_run(struct rig *g, enum port_job_kind kind, uint32_t lane, int64_t timeout_us,
		 const char *name, const char *arg);
uint32_t rig_check(struct rig *g, const char *name, int64_t timeout_us);

/* Waits until there are N answers in all. */
void rig_await(struct rig *g, size_t n);

/* The answer to ID, which must have come exactly once. */
const struct rig_answer *rig_answer(const struct rig *g, uint32_t id);
void rig_expect(const struct rig *g, uint32_t id, enum vr_check_result result, int32_t code);

/* Is PID a process that is not a zombie? */
bool rig_alive(pid_t pid);
void rig_await_death(pid_t pid);

#endif
