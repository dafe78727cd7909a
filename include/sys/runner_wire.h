/*
 * The messages between the engine and the runner.
 *
 * One message is one SEQPACKET record in the host's byte order: both ends are the same program.
 * Each side still checks every field, because the engine reads packets from the network and may
 * one day be somebody else's.
 */
#ifndef SYS_RUNNER_WIRE_H
#define SYS_RUNNER_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/port.h"
#include "sys/script_path.h"

#define WIRE_JOB_MAX 16384	/* octets of one job, its command line included */
#define WIRE_ARGC_MAX 256	/* words of one command line */
#define WIRE_DETAIL_MAX SPATH_WHY_MAX
#define WIRE_RESULT_MAX (64 + WIRE_DETAIL_MAX)
#define WIRE_TIMEOUT_MAX_US (366 * 86400 * INT64_C(1000000))

/*
 * Writes JOB to BUF. Returns the message's length; 0 with errno E2BIG when the command line has
 * too many words or octets, EINVAL when it is empty or a user is not one. Timeouts are cut to 1
 * us..WIRE_TIMEOUT_MAX_US.
 */
size_t wire_put_job(char buf[static WIRE_JOB_MAX], const struct port_job *job);

/*
 * Reads a job from LEN octets of BUF. False when it is not one. JOB->argv is ARGV, whose words
 * point into BUF.
 */
bool wire_get_job(const char *buf, size_t len, struct port_job *job,
		  const char *argv[static WIRE_ARGC_MAX + 1]);

/* Reads and writes that a lane is held (struct port_wait); the script's path is cut to fit and
 * points into BUF. */
size_t wire_put_wait(char buf[static WIRE_RESULT_MAX], const struct port_wait *w);
bool wire_get_wait(const char *buf, size_t len, struct port_wait *w);

/* Writes R to BUF, its detail cut to fit; returns the message's length. */
size_t wire_put_result(char buf[static WIRE_RESULT_MAX], const struct port_job_result *r);

/* Reads a result; its detail points into BUF. False when it is not one. */
bool wire_get_result(const char *buf, size_t len, struct port_job_result *r);

#endif
