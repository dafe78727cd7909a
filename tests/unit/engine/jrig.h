/*
 * A daemon with a journal in memory, and its replay beside what it said.
 */
#ifndef TESTS_UNIT_ENGINE_JRIG_H
#define TESTS_UNIT_ENGINE_JRIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/journal.h"
#include "engine/replay.h"
#include "fake.h"

#define SMALL JRN_SIZE_LEAST

struct memory {
	uint8_t *file;
	size_t size;
	int refuse;			/* what the sink answers, if not 0 */
	size_t puts, pushes;
};

/* A text that grows. */
struct text {
	char *s;
	size_t len;
};

struct rig {
	struct fake f;
	struct memory m;
	struct journal *j;
	struct eng_listener listener;
	struct text told;		/* what the daemon said ... */
	struct text again;		/* ... and what the replay says */
	struct text notes;
	struct rep_result result;
	size_t configs;
	int64_t wall_us;		/* of the last trace that was told again */
};

void text_new(struct text *t);
bool ends_with(const struct text *t, const struct text *tail);
size_t count(const struct text *t, const char *what);

/* An engine with B and an empty file of SIZE octets. */
void rig_new(struct rig *r, struct box *b, size_t size);
void rig_free(struct rig *r);

/* The engine ends; and another one begins on the same file, so many seconds later. */
void shut(struct rig *r);
void boot(struct rig *r, struct box *b, int later);

/* Time goes on; what was asked of the world is forgotten. */
void pass(struct rig *r, int64_t us);

/* The replay of the first LEN octets of the file; of all of it. */
bool replay_of(struct rig *r, size_t len);
void replay(struct rig *r);

/* The whole life is in the file, and the replay is proven to be the same. */
void replays_wholly(struct rig *r);

#endif
