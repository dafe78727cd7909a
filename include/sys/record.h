/*
 * What outlives a process that is killed.
 *
 * A memory that two processes share: one writes whole records into it, over and over, the other
 * reads the last whole one after the first has died, in the middle of a write if it had to be.
 * Writing is copying: no system call, no lock. The memory is a descriptor, so it can be inherited,
 * sent to another process and given to systemd to keep.
 *
 * The writer may have been taken over by an enemy: the reader is bounded by what it made itself,
 * and copies before it looks.
 */
#ifndef SYS_RECORD_H
#define SYS_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REC_SIZE_MOST (UINT64_C(1) << 30)

struct rec;

/*
 * A new one, empty, for records of up to SIZE octets; memory is taken when it is first written to,
 * so a generous SIZE costs nothing. NULL: errno.
 */
struct rec *rec_new(size_t size);

/* That of FD, which is duplicated. NULL: WHY is a sentence. */
struct rec *rec_over(int fd, const char **why);

/* Unmaps and closes; the memory lives as long as somebody has it. NULL is allowed. */
void rec_free(struct rec *r);

/* Close-on-exec; it stays the record's. */
int rec_fd(const struct rec *r);

/* Replaces the record; AT_US is when it was true. False: it is too long, the old one stays. */
bool rec_put(struct rec *r, const void *data, size_t len, int64_t at_us);

/* The writer has nothing to do before AT_US: one store. */
void rec_served(struct rec *r, int64_t at_us);

/* There is none any more. */
void rec_clear(struct rec *r);

struct rec_copy {
	void *data;			/* the reader's, by malloc() */
	size_t len;
	int64_t at_us;
	int64_t served_us;		/* the last of rec_served(), or AT_US if there was none */
};

/* The newest whole record. False: there is none, or no memory; WHY is a sentence. */
bool rec_get(const struct rec *r, struct rec_copy *out, const char **why);

#endif
