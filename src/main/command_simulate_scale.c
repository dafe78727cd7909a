/*
 * Where a moment stands in the picture.
 *
 * What matters takes seconds, and what lies between may take an hour: a scale that is even over all
 * of it shows neither. So a span in which nothing changes is folded but for its two ends, and the
 * rest is spread over the room that this leaves.
 */
#include <stdlib.h>
#include <string.h>

#include "main/simulate.h"

#define QUIET_US (12 * BOX_SECOND)	/* longer than this is folded */
#define END_US (3 * BOX_SECOND)		/* but so much at either end of it */
#define FOLD 52				/* how wide a fold is drawn */
#define PLOT_LEAST 1000
#define PLOT_MOST 4000
#define SECOND_LEAST 22			/* pixels, where the picture may grow for it */

struct moments {
	int64_t *v;
	size_t n;
};

static int by_time(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* All moments at which something changes, in order, each once. */
static struct moments moments_of(const struct story *s)
{
	struct moments m = { .v = box_grow(NULL, s->n_lines + 2 * s->n_spans + 2, sizeof(*m.v)) };
	size_t kept = 1;

	m.v[m.n++] = 0;
	m.v[m.n++] = s->end_us;
	for (size_t i = 0; i < s->n_lines; i++)
		if (s->lines[i].kind != STORY_LOG)
			m.v[m.n++] = s->lines[i].at_us;
	for (size_t i = 0; i < s->n_spans; i++) {
		m.v[m.n++] = s->spans[i].from_us;
		m.v[m.n++] = s->spans[i].to_us;
	}
	qsort(m.v, m.n, sizeof(*m.v), by_time);
	for (size_t i = 1; i < m.n; i++)
		if (m.v[i] != m.v[kept - 1])
			m.v[kept++] = m.v[i];
	m.n = kept;
	return m;
}

static void add(struct scale *s, int64_t from_us, int64_t to_us, bool folded)
{
	s->pieces[s->n++] = (struct scale_piece){
		.from_us = from_us, .to_us = to_us, .folded = folded,
	};
}

void scale_make(struct scale *s, const struct story *story)
{
	struct moments m = moments_of(story);
	double shown = 0, plot, x = 0;
	size_t folds = 0;

	*s = (struct scale){ .pieces = box_grow(NULL, 3 * m.n, sizeof(*s->pieces)) };
	for (size_t i = 0; i + 1 < m.n; i++) {
		int64_t from = m.v[i], to = m.v[i + 1];

		if (to - from <= QUIET_US) {
			add(s, from, to, false);
			continue;
		}
		add(s, from, from + END_US, false);
		add(s, from + END_US, to - END_US, true);
		add(s, to - END_US, to, false);
		folds++;
	}
	free(m.v);
	for (size_t i = 0; i < s->n; i++)
		if (!s->pieces[i].folded)
			shown += (double)(s->pieces[i].to_us - s->pieces[i].from_us);
	plot = shown / (double)BOX_SECOND * SECOND_LEAST;
	plot = plot > PLOT_MOST ? PLOT_MOST : plot;
	if (plot + FOLD * (double)folds < PLOT_LEAST)
		plot = PLOT_LEAST - FOLD * (double)folds;
	for (size_t i = 0; i < s->n; i++) {
		struct scale_piece *p = &s->pieces[i];

		p->x = x;
		p->width = p->folded ? FOLD : plot * (double)(p->to_us - p->from_us) / shown;
		x += p->width;
	}
	s->width = x;
	s->second = plot / shown * (double)BOX_SECOND;
}

double scale_x(const struct scale *s, int64_t at_us)
{
	const struct scale_piece *p = s->pieces;

	while (p + 1 < s->pieces + s->n && at_us > p->to_us)
		p++;
	return p->x + p->width * (double)(at_us - p->from_us) / (double)(p->to_us - p->from_us);
}

double scale_room(const struct scale *s, int64_t from_us, int64_t to_us)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->pieces[i].folded && s->pieces[i].from_us >= from_us &&
		    s->pieces[i].from_us < to_us)
			return s->pieces[i].x - scale_x(s, from_us);
	return scale_x(s, to_us) - scale_x(s, from_us);
}

void scale_free(struct scale *s)
{
	free(s->pieces);
	memset(s, 0, sizeof(*s));
}
