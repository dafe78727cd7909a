/*
 * One trace as one JSON line, for `watch`.
 *
 * The members by kind are listed in ctl/status.h; the words come from core/names.h and the text
 * is the line of the log.
 */
#ifndef CTL_EVENT_H
#define CTL_EVENT_H

#include <stdbool.h>

#include <jansson.h>

#include "core/node.h"

/*
 * Adds the members of TRACE to TO, an envelope. TEXT is its line. False when there is no memory;
 * TO is then not to be sent.
 */
bool evt_fill(json_t *to, const struct vr_config *conf, const struct vr_trace *trace,
	      const char *text);

#endif
