/*
 * Reading the configuration in a process of its own.
 *
 * A directory server that does not answer, an include on a dead file system: reading may block for
 * ever, and neither the engine nor the keeper may. So a child reads, and what it has read comes
 * back as a sealed memfd (main/crossing.h).
 */
#ifndef MAIN_LOADER_H
#define MAIN_LOADER_H

#include <stdbool.h>

#include "base/log.h"
#include "config/cfg.h"
#include "main/options.h"
#include "main/role.h"
#include "sys/loop.h"

struct ldr;

/*
 * How a load ended. CFG is the receiver's now, and FD is a descriptor of what it was read from,
 * valid during the call; CFG NULL: there is nothing to run, WHY is a sentence, and what FD has are
 * the diagnoses (-1: there are none).
 */
struct ldr_handlers {
	void *ctx;
	void (*loaded)(void *ctx, struct cfg *cfg, int fd, const char *why);
};

/* All must outlive the loader; SOURCE is what its process is started from. Diagnoses go to LOG.
 * NULL: no memory. */
struct ldr *ldr_new(struct loop *loop, const struct rol_source *source,
		    const struct options *options, const struct log *log,
		    const struct ldr_handlers *handlers);

/* Ends a load that is under way, without a word. NULL is allowed. */
void ldr_free(struct ldr *l);

/*
 * Begins to read what shall take the place of RUNS, which must stay until loaded() has come:
 * exactly once, from the loop. The caller waits for its children. Returns 0 or a positive errno;
 * EALREADY while a load is under way.
 */
int ldr_start(struct ldr *l, const struct cfg *runs);

/* Ends a load that is under way, without a word. */
void ldr_stop(struct ldr *l);

/* The process of ROL_LOADER, whose descriptor 0 is its end of a kpw_pair(). Returns its status. */
int ldr_run(const struct options *options, int channel);

#endif
