/*
 * An answer as text for people.
 *
 * The functions write to TO and ask nothing of the world; the caller says whether colours are
 * wanted, how wide a line may be and how to tell the local time. No line is wider, and nothing is
 * cut (ctl/layout.h); only an event of `watch` is one line whatever its width.
 */
#ifndef CTL_RENDER_H
#define CTL_RENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

#define REN_TIME_MAX 48

struct ren_options {
	bool colour;
	size_t columns;			/* of a line; 0: LAY_COLUMNS. At least LAY_COLUMNS_LEAST */
	/* "2026-11-20T19:19:38.123456Z" to what people read; NULL: in UTC, and it says so. */
	void (*local_time)(const char *iso, char *buf, size_t size);
};

/* All instances and checks, a line each, and below them what is wrong. */
void ren_overview(const json_t *answer, const struct ren_options *o, FILE *to);

/* All that is known of the only instance of the answer. */
void ren_instance(const json_t *answer, const struct ren_options *o, FILE *to);

/* One event of `watch`, one line. */
void ren_event(const json_t *event, const struct ren_options *o, FILE *to);

#endif
