/*
 * Rights: which are needed, which are missing, and giving up the rest.
 */
#ifndef SYS_PRIV_H
#define SYS_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/log.h"

/*
 * Writes one line to LOG for each capability that the engine needs and does not have, with what it
 * cannot do then. Returns how many are missing.
 */
size_t prv_report(const struct log *log);

/*
 * Keeps NET_ADMIN and NET_RAW (those that are there) and gives up every other right for good: no
 * new ones by exec either. The user stays. After all files and sockets that need more are open, and
 * after the runner has been started. Returns 0 or a positive errno.
 */
int prv_drop(void);

/*
 * Gives up every right of the calling thread: rights belong to threads, and prv_drop() changes
 * those of its caller only. Returns 0 or a positive errno.
 */
int prv_drop_all(void);

/* Raises the limit of open descriptors to what is allowed; one socket an interface adds up. */
void prv_raise_limits(void);

/*
 * Puts the calling thread before all normal work, at the least real-time priority: on a busy host
 * an advert that is late by a scheduler's round looks like a dead master. What is forked or started
 * later is normal again. Returns 0 or a positive errno (EPERM without CAP_SYS_NICE); before
 * prv_drop().
 */
int prv_realtime(void);

#endif
