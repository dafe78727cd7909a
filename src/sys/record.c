/*
 * Two places, written in turn.
 *
 * A place is void from before its first octet is written until after its last one, and carries a
 * number and a hash; so whenever the writer dies the other place is whole. The file's size is
 * sealed: nobody can take the memory away from under a reader.
 */
#include "sys/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mix.h"
#include "sys/sealed.h"

#define MAGIC UINT64_C(0x3164726f63657248)	/* "Hrecord1" */
#define PLACES 2
#define SEQ_MOST (UINT64_MAX / 2)	/* no writer gets there */
#define HEAD 4096			/* octets before the places */
#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)

/* What is shared. */
struct place {
	_Atomic uint64_t seq;		/* 0: void */
	uint64_t len;
	int64_t at_us;
	uint64_t hash;
};

struct head {
	uint64_t magic;
	uint64_t size;			/* octets of a place's data */
	_Atomic int64_t served_us;
	struct place place[PLACES];
};

struct rec {
	int fd;
	size_t size;
	struct head *head;
	uint64_t seq;			/* of the last record written by this process */
};

static size_t file_size(size_t size)
{
	return HEAD + PLACES * size;
}

static uint8_t *data_of(const struct rec *r, size_t k)
{
	return (uint8_t *)r->head + HEAD + k * r->size;
}

static uint64_t hash_of(const struct place *p, uint64_t seq, const void *data)
{
	uint64_t h = mix_word(mix_word(MAGIC, seq), (uint64_t)p->at_us);

	return mix_bytes(h, data, p->len);
}

/* ---- making ---- */

static struct rec *map(int fd, size_t size)
{
	struct rec *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->fd = fd;
	r->size = size;
	r->head = mmap(NULL, file_size(size), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (r->head == MAP_FAILED) {
		free(r);
		return NULL;
	}
	return r;
}

static struct rec *make(int fd, size_t size)
{
	struct rec *r;

	if (ftruncate(fd, (off_t)file_size(size)) < 0 || fcntl(fd, F_ADD_SEALS, SEALS) < 0)
		return NULL;
	r = map(fd, size);
	if (!r)
		return NULL;
	r->head->magic = MAGIC;
	r->head->size = size;
	return r;
}

struct rec *rec_new(size_t size)
{
	int fd = sld_memfd("holdfast-record"), error;
	struct rec *r;

	if (fd < 0)
		return NULL;
	r = make(fd, (size + 7) & ~(size_t)7);
	if (r)
		return r;
	error = errno;
	close(fd);
	errno = error;
	return NULL;
}

/* Octets of a place, from the size that cannot change any more; 0: it is not one of ours. */
static size_t size_of(int fd)
{
	struct stat st;
	int seals = fcntl(fd, F_GET_SEALS);

	if (seals < 0 || (seals & SEALS) != SEALS || fstat(fd, &st) < 0)
		return 0;
	if (st.st_size <= HEAD || (uint64_t)st.st_size > file_size(REC_SIZE_MOST))
		return 0;
	return ((size_t)st.st_size - HEAD) / PLACES;
}

static uint64_t latest(const struct rec *r)
{
	uint64_t seq = 0;

	for (size_t k = 0; k < PLACES; k++) {
		uint64_t its = atomic_load(&r->head->place[k].seq);

		seq = its > seq ? its : seq;
	}
	return seq;
}

struct rec *rec_over(int fd, const char **why)
{
	size_t size = size_of(fd);
	int own = size ? fcntl(fd, F_DUPFD_CLOEXEC, 3) : -1;
	struct rec *r = own >= 0 ? map(own, size) : NULL;

	if (r && r->head->magic == MAGIC && r->head->size == size) {
		r->seq = latest(r) < SEQ_MOST ? latest(r) : 0;
		return r;
	}
	*why = !size ? "the descriptor is not a record's" :
	       own < 0 ? "there are no descriptors left" :
	       !r ? "there is no memory" : "the memory is not a record's";
	if (r)
		rec_free(r);
	else if (own >= 0)
		close(own);
	return NULL;
}

void rec_free(struct rec *r)
{
	if (!r)
		return;
	munmap(r->head, file_size(r->size));
	close(r->fd);
	free(r);
}

int rec_fd(const struct rec *r)
{
	return r->fd;
}

/* ---- writing ---- */

bool rec_put(struct rec *r, const void *data, size_t len, int64_t at_us)
{
	uint64_t seq = r->seq + 1;
	struct place *p = &r->head->place[seq % PLACES];

	if (len > r->size)
		return false;
	atomic_store(&p->seq, 0);
	atomic_thread_fence(memory_order_seq_cst);	/* no octet before that */
	memcpy(data_of(r, seq % PLACES), data, len);
	p->len = len;
	p->at_us = at_us;
	p->hash = hash_of(p, seq, data);
	atomic_store(&p->seq, seq);
	r->seq = seq;
	return true;
}

void rec_served(struct rec *r, int64_t at_us)
{
	atomic_store_explicit(&r->head->served_us, at_us, memory_order_relaxed);
}

void rec_clear(struct rec *r)
{
	for (size_t k = 0; k < PLACES; k++)
		atomic_store(&r->head->place[k].seq, 0);
}

/* ---- reading ---- */

/* Whatever stands in the memory may change while it is looked at: only the copy is judged. */
static bool copy_place(const struct rec *r, size_t k, uint64_t seq, struct rec_copy *out)
{
	struct place p = { .len = r->head->place[k].len, .at_us = r->head->place[k].at_us };
	uint64_t hash = r->head->place[k].hash;

	if (seq >= SEQ_MOST || seq % PLACES != k || p.len > r->size)
		return false;
	out->data = malloc(p.len + 1);
	if (!out->data)
		return false;
	memcpy(out->data, data_of(r, k), p.len);
	if (hash_of(&p, seq, out->data) == hash && atomic_load(&r->head->place[k].seq) == seq) {
		out->len = p.len;
		out->at_us = p.at_us;
		return true;
	}
	free(out->data);
	return false;
}

bool rec_get(const struct rec *r, struct rec_copy *out, const char **why)
{
	uint64_t seq[PLACES];
	size_t first;

	for (size_t k = 0; k < PLACES; k++)
		seq[k] = atomic_load(&r->head->place[k].seq);
	first = seq[1] > seq[0];
	for (size_t i = 0; i < PLACES; i++) {
		size_t k = i ? !first : first;

		if (!seq[k] || !copy_place(r, k, seq[k], out))
			continue;
		out->served_us = atomic_load(&r->head->served_us);
		if (out->served_us == 0)	/* it never said */
			out->served_us = out->at_us;
		return true;
	}
	*why = seq[0] || seq[1] ? "the record is damaged" : "there is no record";
	return false;
}
