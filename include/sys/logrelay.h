/*
 * Log lines from a process that has no log of its own.
 *
 * The engine may open nothing and must never wait, and its last lines before a crash are worth the
 * most: so each line is one datagram to the keeper, which has the log's thread. What does not fit
 * into the socket is dropped, counted, and the count is told.
 */
#ifndef SYS_LOGRELAY_H
#define SYS_LOGRELAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/log.h"

/* The sending end. */
struct lrl {
	int fd;
	uint32_t dropped;	/* not told yet */
};

/* Two ends, non-blocking and close-on-exec: [0] receives. Returns 0 or a positive errno. */
int lrl_pair(int ends[2]);

/* Fills LOG in: lines up to LEVEL go to L, which must outlive it and which owns FD. */
void lrl_log(struct lrl *l, int fd, enum log_level level, struct log *log);

/*
 * Hands the lines that have come to LOG, a bounded number of them. False: the senders are all gone
 * and nothing is left.
 */
bool lrl_receive(int fd, const struct log *log);

#endif
