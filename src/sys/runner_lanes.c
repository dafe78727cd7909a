/*
 * Order among scripts: one at a time in a lane, first come first served.
 *
 * Notify scripts of one instance must not overtake each other, however long one takes, and must
 * not hold those of another instance. Everything here is pointers between jobs: nothing is
 * allocated once a job exists, so ordering cannot fail.
 */
#include "sys/runner_lanes.h"

#include <stdlib.h>
#include <string.h>

/* How many words there are in V, and their octets, added to *TEXT. */
static size_t count(const char *const *v, size_t *text)
{
	size_t n = 0;

	for (; v && v[n]; n++)
		*text += strlen(v[n]) + 1;
	return n;
}

/* The N words of FROM to TO, their octets to TEXT; where the next ones go. */
static char *copy_words(const char **to, const char *const *from, size_t n, char *text)
{
	for (size_t i = 0; i < n; i++) {
		to[i] = text;
		text = stpcpy(text, from[i]) + 1;
	}
	return text;
}

struct rjob *rjob_new(const struct port_job *job, const struct rset_terms *terms)
{
	size_t text = 0, argc = count(job->argv, &text), own = count(terms->account, &text);
	size_t words = argc + 1 + own + 1;
	struct rjob *j = calloc(1, sizeof(*j) + words * sizeof(char *) + text);
	const char **argv = (const char **)(j + 1);

	if (!j)
		return NULL;
	copy_words(argv + argc + 1, terms->account, own,
		   copy_words(argv, job->argv, argc, (char *)(argv + words)));
	j->job = *job;
	j->job.argv = argv;
	j->terms = *terms;
	j->terms.account = argv + argc + 1;
	return j;
}

bool rjob_same_command(const struct port_job *a, const struct port_job *b)
{
	size_t i = 0;

	if (a->uid != b->uid || a->gid != b->gid || a->groups != b->groups)
		return false;
	while (a->argv[i] && b->argv[i] && strcmp(a->argv[i], b->argv[i]) == 0)
		i++;
	return !a->argv[i] && !b->argv[i];
}

void rjob_append(struct rjob_list *l, struct rjob *j)
{
	j->next = NULL;
	if (l->last)
		l->last->next = j;
	else
		l->head = j;
	l->last = j;
	l->n++;
}

/* Takes out the job behind BEFORE (NULL: the first), which exists. */
static struct rjob *take_after(struct rjob_list *l, struct rjob *before)
{
	struct rjob *j = before ? before->next : l->head;

	if (before)
		before->next = j->next;
	else
		l->head = j->next;
	if (l->last == j)
		l->last = before;
	j->next = NULL;
	l->n--;
	return j;
}

struct rjob *rjob_take(struct rjob_list *l)
{
	return l->head ? take_after(l, NULL) : NULL;
}

static size_t bucket_of(uint32_t number)
{
	/* Knuth's multiplicative hash; its top eight bits. */
	return (number * UINT32_C(2654435761)) >> 24;
}

/* The pointer to lane NUMBER's holder, or to the NULL at the end of its bucket. */
static struct rjob **find(struct lanes *l, uint32_t number)
{
	struct rjob **p = &l->bucket[bucket_of(number)];

	while (*p && (*p)->job.lane != number)
		p = &(*p)->bucket_next;
	return p;
}

struct rjob *lanes_holder(const struct lanes *l, uint32_t number)
{
	struct rjob *j = l->bucket[bucket_of(number)];

	while (j && j->job.lane != number)
		j = j->bucket_next;
	return j;
}

bool lanes_enter(struct lanes *l, struct rjob *j)
{
	struct rjob **p;

	if (j->job.lane == 0)
		return true;
	p = find(l, j->job.lane);
	if (*p) {
		rjob_append(&(*p)->waiting, j);
		l->waiting++;
		return false;
	}
	j->holds_lane = true;
	j->bucket_next = NULL;
	*p = j;
	return true;
}

struct rjob *lanes_overflow(struct lanes *l, uint32_t number, size_t depth)
{
	struct rjob *holder = lanes_holder(l, number), *before = NULL, *j;

	if (!holder || holder->waiting.n <= depth)
		return NULL;
	for (j = holder->waiting.head; j && j->job.rank == PORT_JOB_LAST; j = j->next)
		before = j;
	if (!j)
		return NULL;
	l->waiting--;
	return take_after(&holder->waiting, before);
}

static bool makes_needless(const struct rjob *later, const struct rjob *j)
{
	if (j->job.rank != later->job.rank || j->job.kind != PORT_JOB_NOTIFY)
		return false;
	switch (j->job.rank) {
	case PORT_JOB_STATE:
		return j->job.change != later->job.change;
	case PORT_JOB_EVENT:
		return rjob_same_command(&j->job, &later->job);
	case PORT_JOB_LAST:
		break;
	}
	return false;
}

struct rjob *lanes_needless(struct lanes *l, uint32_t number, int64_t before_us)
{
	struct rjob *holder = lanes_holder(l, number), *before = NULL;

	for (struct rjob *j = holder ? holder->waiting.head : NULL; j; before = j, j = j->next) {
		const struct rjob *later = j->next;

		while (later && !makes_needless(later, j))
			later = later->next;
		if (!later || j->entered_us >= before_us)
			continue;
		l->waiting--;
		return take_after(&holder->waiting, before);
	}
	return NULL;
}

struct rjob *lanes_leave(struct lanes *l, struct rjob *j)
{
	struct rjob **p, *next;

	if (!j->holds_lane)
		return NULL;
	p = find(l, j->job.lane);
	next = rjob_take(&j->waiting);
	j->holds_lane = false;
	if (!next) {
		*p = j->bucket_next;
		return NULL;
	}
	l->waiting--;
	next->holds_lane = true;
	next->waiting = j->waiting;
	next->bucket_next = j->bucket_next;
	j->waiting = (struct rjob_list){ 0 };
	*p = next;
	return next;
}

struct rjob *lanes_drop_check(struct lanes *l)
{
	for (size_t b = 0; b < LANE_BUCKETS; b++) {
		for (struct rjob *h = l->bucket[b]; h; h = h->bucket_next) {
			struct rjob *before = NULL, *j = h->waiting.head;

			while (j && j->job.kind != PORT_JOB_CHECK) {
				before = j;
				j = j->next;
			}
			if (!j)
				continue;
			l->waiting--;
			return take_after(&h->waiting, before);
		}
	}
	return NULL;
}
