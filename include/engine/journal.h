/*
 * The journal: what the core was told, so that it can be told again.
 *
 * Every event that enters the core is written before the step, and a hash of what the step decided
 * after it. The core is pure, so who has the events has the reasons: `holdfastctl replay` (see
 * engine/replay.h) gives the same lines again, and proves by the hashes that they are the same.
 *
 * The file is a ring of two segments (engine/journal_parts.h). This module decides which octets
 * stand where, and hands them to a sink that must never block. What the sink cannot take is lost
 * and counted; the journal then goes on at the next checkpoint, which says how much is missing. No
 * password ever enters it.
 */
#ifndef ENGINE_JOURNAL_H
#define ENGINE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "core/node.h"
#include "core/port.h"

#define JRN_SIZE_LEAST (UINT64_C(64) << 10)	/* octets of the smallest file, ... */
#define JRN_SIZE_MOST (UINT64_C(1) << 30)	/* ... of the largest, ... */
#define JRN_SIZE_USUAL (UINT64_C(1) << 20)	/* ... and of one whose size nobody has chosen */

/* Every journal begins with these 16 octets. */
#define JRN_MAGIC "holdfast journal"
#define JRN_MAGIC_LEN 16

/* Where the octets go: a file, in the end. */
struct jrn_sink {
	void *ctx;
	uint64_t size;			/* octets of the file, JRN_SIZE_LEAST to JRN_SIZE_MOST */

	/*
	 * Keeps LEN octets for OFFSET, all or none, and never waits; DATA need not outlive the
	 * call. Returns 0, EAGAIN when there is no room for them now, or another positive errno:
	 * then nothing will be taken any more.
	 */
	int (*put)(void *ctx, uint64_t offset, const void *data, size_t len);

	/* What was put may be written now: the step is over, nobody waits. */
	void (*push)(void *ctx);

	/* How many octets put() would take now. */
	size_t (*room)(void *ctx);

	/* What stands at OFFSET from before. Called before the first put() only; false: nothing. */
	bool (*get)(void *ctx, uint64_t offset, void *to, size_t len);
};

struct journal;

/*
 * A journal that goes on in the ring where an earlier one ended. SINK is copied; PORT (for the
 * clocks) and LOG must outlive it, VERSION too. NULL: no memory.
 */
struct journal *jrn_new(const struct jrn_sink *sink, const struct port *port,
			const struct log *log, const char *version);
void jrn_free(struct journal *j);

/* Events that happened and are not in it. */
uint64_t jrn_lost(const struct journal *j);

/* False when it has ended for good: the log says why. */
bool jrn_alive(const struct journal *j);

/*
 * What the engine says. J may be NULL: nothing is written. NODE is the one that runs; it must stay
 * until the next jrn_begin() or jrn_config() returns.
 */
void jrn_begin(struct journal *j, const struct vr_node *node, uint8_t epoch);

/* NODE will take over: what follows is for it. ADOPTS: by a VR_EV_ADOPT. */
void jrn_config(struct journal *j, const struct vr_node *node, uint8_t epoch, bool adopts);

/* EVENT enters the node. */
void jrn_event(struct journal *j, const struct vr_event *event);

/* And this is what came of it. */
void jrn_result(struct journal *j, const struct vr_actions *actions);

#endif
