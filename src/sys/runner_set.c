/*
 * What may be run: written by the process that read the configuration, looked up for every job.
 *
 * A set is a row of job messages, in the form in which jobs come, each behind its length and the
 * number of its free words. Looking up is by a hash of everything that must be equal, so a thousand
 * instances that change at once cost no more than their scripts.
 */
#include "sys/runner_set.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/runner_wire.h"
#include "sys/sealed.h"

#define SET_SIZE_MAX (256 << 20)	/* octets */
#define HASH_START UINT64_C(0xcbf29ce484222325)

struct record {
	uint32_t len;			/* of the job message that follows */
	uint32_t free_words;
	uint32_t guarded;		/* 0 or 1, as is the next */
	uint32_t environment_all;
	uint32_t account_len;		/* of the account's variables behind the message, with
					 * their NULs */
};

struct command {
	uint64_t hash;
	struct port_job job;		/* argv is behind it; its words are in the set's octets */
	uint32_t free_words;
	struct rset_terms terms;
	const char *account[RSET_VARIABLES_MAX + 1];
	struct command *next;		/* of the same bucket */
	const char *argv[];
};

struct rset {
	char *octets;
	size_t n_buckets;		/* a power of two */
	struct command **buckets;
};

/* ---- writing ---- */

/* The length of its message; 0 with errno when it cannot be a job. */
static uint32_t put_command(char message[static WIRE_JOB_MAX], const struct rset_command *c)
{
	const struct port_job job = {
		.kind = c->kind, .argv = c->argv, .uid = c->uid, .gid = c->gid,
		.groups = c->groups, .timeout_us = 1,
	};

	return (uint32_t)wire_put_job(message, &job);
}

/* Their octets; more than RSET_VARIABLES_OCTETS_MAX: they are too long, or too many. */
static size_t account_len(const char *const *v)
{
	size_t len = 0, n = 0;

	for (; v && v[n] && n < RSET_VARIABLES_MAX; n++)
		len += strlen(v[n]) + 1;
	return v && v[n] ? RSET_VARIABLES_OCTETS_MAX + 1 : len;
}

bool rset_fits(const struct rset_command *c)
{
	char message[WIRE_JOB_MAX];

	return put_command(message, c) != 0 &&
	       account_len(c->terms.account) <= RSET_VARIABLES_OCTETS_MAX;
}

static int write_commands(FILE *to, const struct rset_command *v, size_t n)
{
	char message[WIRE_JOB_MAX];

	for (size_t i = 0; i < n; i++) {
		const char *const *own = v[i].terms.account;
		struct record r = {
			.len = put_command(message, &v[i]), .free_words = v[i].free_words,
			.guarded = v[i].terms.guarded,
			.environment_all = v[i].terms.environment_all,
			.account_len = (uint32_t)account_len(own),
		};

		if (!r.len)
			return errno;
		if (r.account_len > RSET_VARIABLES_OCTETS_MAX)
			return E2BIG;
		fwrite(&r, sizeof(r), 1, to);
		fwrite(message, r.len, 1, to);
		for (; own && *own; own++)
			fwrite(*own, strlen(*own) + 1, 1, to);
	}
	return ferror(to) ? ENOMEM : 0;
}

int rset_write(const struct rset_command *v, size_t n)
{
	char *octets = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&octets, &len);
	int error = to ? write_commands(to, v, n) : ENOMEM;
	int fd = -1;

	if (to && fclose(to) != 0)
		error = ENOMEM;
	if (!error && len > SET_SIZE_MAX)
		error = E2BIG;
	if (!error)
		fd = sld_write("holdfast-commands", octets, len);
	free(octets);
	if (error)
		errno = error;
	return fd;
}

/* ---- looking up ---- */

/* FNV-1a, 64 bits (draft-eastlake-fnv). */
static uint64_t hash_octets(uint64_t h, const void *data, size_t len)
{
	const unsigned char *p = data;

	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * UINT64_C(0x100000001b3);
	return h;
}

/* Of the first ARGC words and all that must be equal besides. */
static uint64_t hash_job(const struct port_job *job, size_t argc, uint32_t free_words)
{
	const uint32_t numbers[] = { job->kind, job->uid, job->gid, job->groups, free_words };
	uint64_t h = hash_octets(HASH_START, numbers, sizeof(numbers));

	for (size_t i = 0; i < argc; i++)
		h = hash_octets(h, job->argv[i], strlen(job->argv[i]) + 1);
	return h;
}

static bool same_words(const struct port_job *a, const struct port_job *b, size_t argc)
{
	for (size_t i = 0; i < argc; i++)
		if (!a->argv[i] || strcmp(a->argv[i], b->argv[i]) != 0)
			return false;
	return true;
}

static bool same(const struct command *c, const struct port_job *job, size_t argc, uint32_t freely)
{
	return c->free_words == freely && c->job.kind == job->kind && c->job.uid == job->uid &&
	       c->job.gid == job->gid && c->job.groups == job->groups &&
	       same_words(&c->job, job, argc) && !c->argv[argc];
}

/* A state's name or a priority, and nothing that a script could take for something else. */
static bool harmless(const char *word)
{
	static const char fine[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	size_t len = strspn(word, fine);

	return len > 0 && len <= RSET_FREE_OCTETS_MAX && !word[len];
}

/* What A and B allow both, when there is an A; the account is B's. */
static struct rset_terms both(bool there, const struct rset_terms *a, const struct rset_terms *b)
{
	struct rset_terms t = *b;

	if (there) {
		t.guarded = a->guarded || b->guarded;
		t.environment_all = a->environment_all && b->environment_all;
	}
	return t;
}

bool rset_has(const struct rset *s, const struct port_job *job, struct rset_terms *terms)
{
	bool found = false;
	size_t argc = 0;

	while (job->argv[argc])
		argc++;
	for (uint32_t freely = 0; freely <= RSET_FREE_WORDS_MAX && argc > 0; freely++) {
		uint64_t h = hash_job(job, argc, freely);

		for (struct command *c = s->buckets[h & (s->n_buckets - 1)]; c; c = c->next)
			if (c->hash == h && same(c, job, argc, freely)) {
				*terms = both(found, terms, &c->terms);
				found = true;
			}
		if (!harmless(job->argv[--argc]))
			break;
	}
	return found;
}

/* ---- reading ---- */

/* The LEN octets at TEXT as variables; false: they are none. */
static bool take_account(const char *text, size_t len, struct command *c)
{
	const char *end = text + len;
	size_t n = 0;

	for (; text < end && n < RSET_VARIABLES_MAX; n++) {
		const char *nul = memchr(text, '\0', (size_t)(end - text));

		if (!nul || !strchr(text, '='))
			return false;
		c->account[n] = text;
		text = nul + 1;
	}
	c->terms.account = c->account;
	return text == end;
}

static struct command *new_command(const char *message, const struct record *r)
{
	const char *argv[WIRE_ARGC_MAX + 1];
	struct port_job job;
	struct command *c;
	size_t argc = 0;

	if (r->free_words > RSET_FREE_WORDS_MAX || r->guarded > 1 || r->environment_all > 1 ||
	    !wire_get_job(message, r->len, &job, argv))
		return NULL;
	while (argv[argc])
		argc++;
	c = calloc(1, sizeof(*c) + (argc + 1) * sizeof(*argv));
	if (!c)
		return NULL;
	memcpy(c->argv, argv, argc * sizeof(*argv));
	c->job = job;
	c->job.argv = c->argv;
	c->free_words = r->free_words;
	c->terms.guarded = r->guarded;
	c->terms.environment_all = r->environment_all;
	c->hash = hash_job(&c->job, argc, r->free_words);
	if (take_account(message + r->len, r->account_len, c))
		return c;
	free(c);
	return NULL;
}

/* The record at OCTETS, of which LEFT remain; false when there is none. */
static bool get_record(const char *octets, size_t left, struct record *r)
{
	if (left < sizeof(*r))
		return false;
	memcpy(r, octets, sizeof(*r));
	left -= sizeof(*r);
	return r->len <= left && r->account_len <= RSET_VARIABLES_OCTETS_MAX &&
	       r->account_len <= left - r->len;
}

static bool make_buckets(struct rset *s, size_t len)
{
	struct record r;
	size_t n = 0;

	for (size_t at = 0; at < len && get_record(s->octets + at, len - at, &r); n++)
		at += sizeof(r) + r.len + r.account_len;
	for (s->n_buckets = 16; s->n_buckets < n;)
		s->n_buckets *= 2;
	s->buckets = calloc(s->n_buckets, sizeof(struct command *));
	return s->buckets != NULL;
}

static bool take_commands(struct rset *s, size_t len)
{
	struct record r;

	for (size_t at = 0; at < len; at += sizeof(r) + r.len + r.account_len) {
		struct command *c;

		if (!get_record(s->octets + at, len - at, &r))
			return false;
		c = new_command(s->octets + at + sizeof(r), &r);
		if (!c)
			return false;
		c->next = s->buckets[c->hash & (s->n_buckets - 1)];
		s->buckets[c->hash & (s->n_buckets - 1)] = c;
	}
	return true;
}

struct rset *rset_read(int fd)
{
	struct rset *s = calloc(1, sizeof(*s));
	size_t len = 0;

	if (s)
		s->octets = sld_read(fd, SET_SIZE_MAX, &len);
	if (s && s->octets && make_buckets(s, len) && take_commands(s, len))
		return s;
	rset_free(s);
	return NULL;
}

void rset_free(struct rset *s)
{
	if (!s)
		return;
	for (size_t b = 0; s->buckets && b < s->n_buckets; b++) {
		while (s->buckets[b]) {
			struct command *c = s->buckets[b];

			s->buckets[b] = c->next;
			free(c);
		}
	}
	free(s->buckets);
	free(s->octets);
	free(s);
}

/* ---- several at a time ---- */

static void remove_at(struct rsets *all, size_t i)
{
	rset_free(all->v[i]);
	all->n--;
	memmove(&all->v[i], &all->v[i + 1], (all->n - i) * sizeof(all->v[0]));
	memmove(&all->leaving[i], &all->leaving[i + 1], (all->n - i) * sizeof(all->leaving[0]));
}

void rsets_add(struct rsets *all, struct rset *s)
{
	if (all->n == RSET_HELD_MAX)
		remove_at(all, 0);
	all->leaving[all->n] = false;
	all->v[all->n++] = s;
}

void rsets_settle(struct rsets *all, bool newest)
{
	size_t last = all->n;

	while (last > 0 && all->leaving[last - 1])
		last--;
	for (size_t i = 0; i < last; i++)
		all->leaving[i] = (i == last - 1) != newest || all->leaving[i];
}

void rsets_sweep(struct rsets *all)
{
	for (size_t i = all->n; i-- > 0;)
		if (all->leaving[i])
			remove_at(all, i);
}

bool rsets_have(const struct rsets *all, const struct port_job *job, struct rset_terms *terms)
{
	struct rset_terms t;
	bool found = false;

	for (size_t i = 0; i < all->n; i++) {
		if (!rset_has(all->v[i], job, &t))
			continue;
		*terms = both(found, terms, &t);
		found = true;
	}
	return found;
}
