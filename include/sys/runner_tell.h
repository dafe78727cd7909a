/*
 * What the keeper says to the runner: which commands may be run, and whether it lives.
 *
 * One octet is a message; that of a set has its memfd beside it (SCM_RIGHTS). TELL_PING is answered
 * with one octet, the others are not.
 */
#ifndef SYS_RUNNER_TELL_H
#define SYS_RUNNER_TELL_H

#include <stdbool.h>

#include "sys/runner_set.h"

enum tell { TELL_SET = 'S', TELL_NEWEST = 'N', TELL_BACK = 'B', TELL_PING = 'P' };

/* Sends; SET (of TELL_SET; else -1) stays the caller's. Returns 0 or a positive errno. */
int tell_send(int fd, enum tell what, int set);

enum tell_result {
	TELL_NOTHING,		/* nothing to read now */
	TELL_HEARD,		/* ALL has changed, or it was no message */
	TELL_GONE,		/* the other end is closed */
};

/* Takes one message and does to ALL what it says; answers TELL_PING. */
enum tell_result tell_receive(int fd, struct rsets *all);

#endif
