/*
 * What will happen, in order of time.
 *
 * A binary heap of small entries over a pool of events, so that sifting moves 24 octets and an
 * event that waits in a paused host's inbox costs no copy. Equal times come out in the order in
 * which they went in: the world must be the same for the same seed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/inner.h"

void sim_no_memory(void)
{
	fputs("there is no memory for the simulated world\n", stderr);
	exit(SIM_NO_MEMORY);
}

void *sim_calloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	if (!p)
		sim_no_memory();
	return p;
}

void *sim_grow(void *v, size_t n, size_t size)
{
	void *p = reallocarray(v, n ? n : 1, size);

	if (!p)
		sim_no_memory();
	return p;
}

void simq_free(struct simq *q)
{
	for (uint32_t i = 1; i < q->n_pool; i++)
		if (q->pool[i].type == SIMQ_PACKET)
			simn_drop(q->pool[i].frame);
	free(q->heap);
	free(q->pool);
	memset(q, 0, sizeof(*q));
}

static uint32_t take_in(struct simq *q, const struct simq_event *e)
{
	uint32_t i = q->free;

	if (i) {
		q->free = q->pool[i].next;
	} else {
		if (q->n_pool >= q->max_pool) {
			q->max_pool = q->max_pool ? q->max_pool * 2 : 256;
			q->pool = sim_grow(q->pool, q->max_pool, sizeof(*q->pool));
			q->n_pool = q->n_pool ? q->n_pool : 1;
		}
		i = q->n_pool++;
	}
	q->pool[i] = *e;
	return i;
}

static bool before(const struct simq_entry *a, const struct simq_entry *b)
{
	return a->at_us != b->at_us ? a->at_us < b->at_us : a->order < b->order;
}

void simq_push(struct simq *q, const struct simq_event *e, int64_t at_us)
{
	struct simq_entry entry = {
		.at_us = at_us, .order = q->order++, .event = take_in(q, e),
	};

	if (q->n >= q->max) {
		q->max = q->max ? q->max * 2 : 256;
		q->heap = sim_grow(q->heap, q->max, sizeof(*q->heap));
	}
	size_t i = q->n++;
	while (i > 0 && before(&entry, &q->heap[(i - 1) / 2])) {
		q->heap[i] = q->heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	q->heap[i] = entry;
}

int64_t simq_next_us(const struct simq *q)
{
	return q->n ? q->heap[0].at_us : VR_NEVER;
}

uint32_t simq_pop(struct simq *q)
{
	if (q->n == 0)
		return 0;
	uint32_t event = q->heap[0].event;
	struct simq_entry last = q->heap[--q->n];
	size_t i = 0;

	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= q->n)
			break;
		if (child + 1 < q->n && before(&q->heap[child + 1], &q->heap[child]))
			child++;
		if (!before(&q->heap[child], &last))
			break;
		q->heap[i] = q->heap[child];
		i = child;
	}
	q->heap[i] = last;
	return event;
}

void simq_done(struct simq *q, uint32_t event)
{
	q->pool[event].type = SIMQ_FREE;
	q->pool[event].next = q->free;
	q->free = event;
}

bool simq_full(const struct simq *q)
{
	return q->n >= SIM_EVENTS_MAX;
}
