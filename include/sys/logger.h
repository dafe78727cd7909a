/*
 * The log's far end.
 *
 * A stopped terminal or a syslog daemon that hangs must not stop adverts. Lines go into a fixed
 * ring; a thread of its own takes them out and writes them. When the ring is full, lines are
 * dropped, counted and the count is told.
 */
#ifndef SYS_LOGGER_H
#define SYS_LOGGER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/log.h"

struct lgr;

struct lgr_options {
	bool to_stderr;			/* with local date and time to the millisecond */
	bool to_syslog;
	const char *ident;		/* syslog's; must outlive the logger */
	int facility;			/* syslog's: LOG_DAEMON, LOG_LOCAL0, ... (<syslog.h>) */
	const char *file;		/* also append to it, or NULL; must outlive it */
};

/* Starts the thread, with all signals blocked in it. NULL: errno is set. After any fork to the
 * background, not before. */
struct lgr *lgr_new(const struct lgr_options *options);

/* Fills LOG in; lines may come from the thread that called lgr_new() only. */
void lgr_log(struct lgr *l, enum log_level level, struct log *log);

/* Lines dropped because the ring was full. */
uint64_t lgr_dropped(const struct lgr *l);

/* Waits until what is queued has been written, for at most WAIT_US: before an exec. */
void lgr_flush(struct lgr *l, int64_t wait_us);

/*
 * Writes what is queued, for at most WAIT_US, and ends the thread. A thread that hangs in a write
 * is left behind: call this last. NULL is allowed.
 */
void lgr_free(struct lgr *l, int64_t wait_us);

#endif
