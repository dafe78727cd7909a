/*
 * Rights: which are needed, which are missing, and giving up the rest.
 */
#ifndef SYS_PRIV_H
#define SYS_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/log.h"
#include "sys/users.h"

/*
 * Writes one line to LOG for each capability that is missing, with what cannot be done without it:
 * an error for what the engine must have (NET_ADMIN, NET_RAW), information for what a container may
 * do without. Returns how many of the first kind are missing.
 */
size_t prv_report(const struct log *log);

/*
 * Keeps NET_ADMIN and NET_RAW (those that are there) and gives up every other right for good: no
 * new ones by exec either, and nobody but root may look into the process. Becomes WHO, without any
 * other group, unless that is NULL; a process that may not stays who it is. After all files and
 * sockets that need more are open. Returns 0 or a positive errno; the rights are given up as far as
 * the kernel allows.
 */
int prv_drop(const struct user_ids *who);

/*
 * Gives up every right of the calling thread: rights belong to threads, and prv_drop() changes
 * those of its caller only. Returns 0 or a positive errno.
 */
int prv_drop_all(void);

/*
 * Gives up every right of the process, by exec too, and becomes WHO without any other group; a
 * process that may not stays who it is. Returns 0 or a positive errno: then it has rights left, and
 * must not go on.
 */
int prv_renounce(const struct user_ids *who);

/*
 * Puts the calling thread before all normal work, at the least real-time priority: on a busy host
 * an advert that is late by a scheduler's round looks like a dead master. What is forked or started
 * later is normal again. Returns 0 or a positive errno (EPERM without CAP_SYS_NICE); before
 * prv_drop().
 */
int prv_realtime(void);

#endif
