/*
 * Private to the engine floor: what an engine leaves to its successor, and how that one goes on.
 *
 * See eng_resume() in engine/engine.h for what this is good for.
 */
#ifndef ENGINE_RECORD_H
#define ENGINE_RECORD_H

#include "base/cursor.h"
#include "engine/parts.h"

/* ---- record.c ---- */
/* Octets of the longest record that a configuration can have. */
size_t rcd_max(const struct engine *e, const struct gen *g);

/* Before a step's actions are carried out: writes what must be known even if it never comes to
 * that. */
void rcd_after_step(struct engine *e, enum vr_event_type type);
/* All that was due until NOW_US is done: writes what else has changed. */
void rcd_settled(struct engine *e, int64_t now_us);
void rcd_write(struct engine *e);

/*
 * Reading, in this order: whether it is one for VR; what of the engine is no part of a
 * configuration; the gen and its node. NULL, or a sentence that says what is wrong with it.
 */
const char *rcd_head(struct cursor *from, const struct vr_config *vr);
const char *rcd_engine(struct cursor *from, struct engine *e, uint8_t *epoch);
const char *rcd_gen(struct cursor *from, struct engine *e);

/* ---- resume.c ---- */
/* The kernel has been read for the first time since. */
void res_synced(struct engine *e);

#endif
