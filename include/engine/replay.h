/*
 * A journal, told again.
 *
 * The events of a file go into nodes of the core, one after the other, and what the core traces
 * comes out: the lines that the daemon wrote to its log, octet by octet. Where the journal has a
 * hash of what the daemon decided, the replay's own is compared with it, so that "the same" is
 * proven and not assumed. The file may come from a stranger: whatever is in it, this ends, and says
 * with an offset what is wrong.
 */
#ifndef ENGINE_REPLAY_H
#define ENGINE_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/node.h"

#define REP_WHY_MAX 200

enum rep_note {
	REP_BEGIN,			/* the telling begins here, or begins anew: a checkpoint */
	REP_GAP,			/* events are missing before this place */
	REP_DAMAGED,			/* the rest of a segment cannot be read */
	REP_DIFFERS,			/* the daemon decided something else than the replay */
};

struct rep_handlers {
	void *ctx;

	/* One trace with its line (engine/trace.h); WALL_US: since 1970, in microseconds. */
	void (*trace)(void *ctx, int64_t wall_us, const struct vr_config *conf,
		      const struct vr_trace *trace, const char *text);

	/* Something about the telling itself, in its place. */
	void (*note)(void *ctx, int64_t wall_us, enum rep_note note, const char *text);

	/* What the events that follow are for: at the beginning and at each reload. */
	void (*config)(void *ctx, const struct vr_config *conf);
};

struct rep_result {
	uint64_t events;		/* that were told to the core */
	uint64_t traces;
	uint64_t proven;		/* steps whose decisions are the daemon's, by their hash */
	uint64_t lost;			/* events that the daemon could not write */
	uint64_t gaps;
	uint64_t differences;		/* steps that decided something else, and checkpoints */
	uint64_t damaged;		/* segments that cannot be read to their end */
	char why[REP_WHY_MAX];		/* when rep_run() is false: why, with an offset */
};

/*
 * Tells the file of LEN octets at IMAGE. False: there is nothing in it that can be told (WHY in OUT
 * says why), or there is no memory.
 */
bool rep_run(const void *image, size_t len, const struct rep_handlers *h, struct rep_result *out);

#endif
