/*
 * One trace, one line of text.
 *
 * The log, `holdfastctl watch`, the story tests and the simulator print what the core traced
 * through this one function, so that a line seen at night can be found in a test. Lines that
 * administrators grep for in keepalived's log begin with the same words.
 */
#ifndef ENGINE_TRACE_H
#define ENGINE_TRACE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/log.h"
#include "core/node.h"

/* Writes the line, without time and newline, to BUF, always terminated; returns BUF. */
const char *trc_text(const struct vr_config *conf, const struct vr_trace *trace, char *buf,
		     size_t size);

/* The states of a VR_TR_STATE or VR_TR_UNFIT as everybody is told them: a wait is INIT. */
enum vr_state trc_from(const struct vr_trace *t);
enum vr_state trc_to(const struct vr_trace *t);

/* How loud the line is. */
enum log_level trc_level(const struct vr_trace *trace);

/* True for lines that the network can provoke without end: they are rate-limited by kind. */
bool trc_is_storm(const struct vr_trace *trace);

#endif
