/*
 * The journal's file and its writer thread.
 *
 * As with the log, a ring of octets between one writer and one reader needs no lock. The reader
 * puts together what belongs together in the file and writes it at once; between two writes it
 * rests for a moment, so that a storm of events is few system calls, and the writer almost never
 * has to wake it. Nothing is mapped: a file that somebody cuts short must not be a SIGBUS here.
 */
#include "sys/jring.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/loop.h"
#include "sys/priv.h"

#define RING_LEAST (64u << 10)		/* powers of two */
#define RING_MOST (16u << 20)
#define BATCH 65536			/* octets of one write */
#define REST_MS 20			/* between two writes */

struct item {
	uint64_t offset;
	uint32_t len;			/* of the octets that follow */
};

enum reader { WORKS, RESTS, SLEEPS };

struct jring {
	int fd;
	int wake_fd;
	pthread_t thread;
	uint32_t size;			/* of the ring, a power of two */
	uint8_t *ring;
	uint8_t *batch;
	alignas(64) atomic_uint head;	/* octets ever written */
	alignas(64) atomic_uint tail;	/* octets ever read */
	atomic_int reader;		/* enum reader */
	atomic_int error;
	atomic_bool stop;
};

/* ---- the writer's side --------------------------------------------------------------------- */

static void put(struct jring *r, unsigned int at, const void *data, size_t len)
{
	size_t start = at & (r->size - 1);
	size_t first = len < r->size - start ? len : r->size - start;

	memcpy(r->ring + start, data, first);
	memcpy(r->ring, (const uint8_t *)data + first, len - first);
}

static void wake(struct jring *r)
{
	const uint64_t one = 1;

	while (write(r->wake_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

static unsigned int used(const struct jring *r)
{
	return atomic_load_explicit(&r->head, memory_order_relaxed) -
	       atomic_load_explicit(&r->tail, memory_order_acquire);
}

size_t jring_room(const struct jring *r)
{
	size_t room = r->size - used(r);

	return room > sizeof(struct item) ? room - sizeof(struct item) : 0;
}

/* A reader that sleeps is woken; one that rests only when the ring is getting full. */
void jring_push(struct jring *r)
{
	int reader = atomic_load(&r->reader);

	if (reader == WORKS || (reader == RESTS && used(r) < r->size / 2))
		return;
	if (atomic_exchange(&r->reader, WORKS) != WORKS)
		wake(r);
}

int jring_put(struct jring *r, uint64_t offset, const void *data, size_t len)
{
	unsigned int head = atomic_load_explicit(&r->head, memory_order_relaxed);
	struct item item = { .offset = offset, .len = (uint32_t)len };
	int error = atomic_load_explicit(&r->error, memory_order_relaxed);

	if (error)
		return error;
	if (len > r->size - sizeof(item))
		return EFBIG;
	if (len > jring_room(r))
		return EAGAIN;
	put(r, head, &item, sizeof(item));
	put(r, head + sizeof(item), data, len);
	/* in one total order with what the reader does before it sleeps */
	atomic_store(&r->head, head + (unsigned int)(sizeof(item) + len));
	return 0;
}

/* ---- the thread's side --------------------------------------------------------------------- */

static void get(const struct jring *r, unsigned int at, void *data, size_t len)
{
	size_t start = at & (r->size - 1);
	size_t first = len < r->size - start ? len : r->size - start;

	memcpy(data, r->ring + start, first);
	memcpy((uint8_t *)data + first, r->ring, len - first);
}

/* Waits as long as it takes: that is what the thread is for. */
static bool write_all(struct jring *r, uint64_t offset, const uint8_t *data, size_t len)
{
	while (len) {
		ssize_t n = pwrite(r->fd, data, len, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			atomic_store(&r->error, n ? errno : EIO);
			return false;
		}
		data += n;
		offset += (uint64_t)n;
		len -= (size_t)n;
	}
	return true;
}

/* What has been put together: LEN octets for OFFSET. */
struct batch {
	uint64_t offset;
	size_t len;
};

static bool flush(struct jring *r, struct batch *b)
{
	size_t len = b->len;

	b->len = 0;
	return len == 0 || write_all(r, b->offset, r->batch, len);
}

/* Adds a piece to the batch, where it may cover what was put before it. */
static bool add(struct jring *r, struct batch *b, uint64_t offset, unsigned int at, size_t len)
{
	bool fits = b->len && offset >= b->offset && offset <= b->offset + b->len &&
		    offset - b->offset + len <= BATCH;

	if (!fits) {
		if (!flush(r, b))
			return false;
		b->offset = offset;
	}
	get(r, at, r->batch + (offset - b->offset), len);
	if (b->len < offset - b->offset + len)
		b->len = (size_t)(offset - b->offset) + len;
	return true;
}

static bool take_item(struct jring *r, struct batch *b, unsigned int *tail)
{
	unsigned int at = *tail + (unsigned int)sizeof(struct item);
	struct item item;

	get(r, *tail, &item, sizeof(item));
	*tail = at + item.len;
	while (item.len) {
		size_t piece = item.len < BATCH ? item.len : BATCH;

		if (!add(r, b, item.offset, at, piece))
			return false;
		item.offset += piece;
		item.len -= (uint32_t)piece;
		at += (unsigned int)piece;
	}
	return true;
}

/* Everything that is there; the room is given back when it stands in the file. */
static bool drain(struct jring *r)
{
	unsigned int head = atomic_load(&r->head);
	unsigned int tail = atomic_load_explicit(&r->tail, memory_order_relaxed);
	struct batch b = { 0 };

	while (tail != head)
		if (!take_item(r, &b, &tail))
			return false;
	if (!flush(r, &b))
		return false;
	atomic_store_explicit(&r->tail, tail, memory_order_release);
	return true;
}

/* Until it is woken, for at most so many milliseconds; -1: for as long as it takes. */
static void wait_for(struct jring *r, int ms)
{
	struct pollfd p = { .fd = r->wake_fd, .events = POLLIN };
	uint64_t count;

	if (poll(&p, 1, ms) > 0)
		while (read(r->wake_fd, &count, sizeof(count)) < 0 && errno == EINTR)
			;
}

/* Returns when there may be something to do, but not at once. */
static void rest(struct jring *r)
{
	atomic_store(&r->reader, RESTS);
	if (!atomic_load(&r->stop))
		wait_for(r, REST_MS);
	atomic_store(&r->reader, SLEEPS);
	if (atomic_load(&r->head) == atomic_load(&r->tail) && !atomic_load(&r->stop))
		wait_for(r, -1);
	atomic_store(&r->reader, WORKS);
}

static void *writer(void *ctx)
{
	struct jring *r = ctx;

	prv_drop_all();		/* it only writes to what is open */
	for (;;) {
		bool stop = atomic_load(&r->stop);

		if (!drain(r) || stop)
			return NULL;
		rest(r);
	}
}

/* ---- opening ------------------------------------------------------------------------------- */

struct sentence {
	const char *path;
	char *why;
	size_t size;
};

static bool refuse(const struct sentence *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static bool refuse(const struct sentence *s, const char *format, ...)
{
	int n = snprintf(s->why, s->size, "the journal %s ", s->path);
	va_list args;

	if (n < 0 || (size_t)n >= s->size)
		return false;
	va_start(args, format);
	vsnprintf(s->why + n, s->size - (size_t)n, format, args);
	va_end(args);
	return false;
}

/* What is there already must be ours to write over: nobody's configuration, nobody's device. */
static bool check_file(int fd, const struct jring_options *o, const struct stat *st,
		       const struct sentence *s)
{
	char magic[JRING_MAGIC_MAX];
	ssize_t n;

	if (!S_ISREG(st->st_mode))
		return refuse(s, "is not a regular file");
	if (st->st_uid != geteuid())
		return refuse(s, "belongs to somebody else");
	if (flock(fd, LOCK_EX | LOCK_NB))
		return refuse(s, errno == EWOULDBLOCK ? "is another daemon's at the moment" :
							"cannot be locked");
	if (st->st_size == 0)
		return true;
	n = pread(fd, magic, o->magic_len, 0);
	if (n < 0)
		return refuse(s, "cannot be read: %s", strerror(errno));
	if ((size_t)n != o->magic_len || memcmp(magic, o->magic, o->magic_len) != 0)
		return refuse(s, "holds something else already: it is not written over");
	return true;
}

static bool reserve(int fd, const struct jring_options *o, const struct stat *st,
		    const struct sentence *s)
{
	int error;

	if (fchmod(fd, 0600))
		return refuse(s, "cannot be made private: %s", strerror(errno));
	if ((uint64_t)st->st_size != o->size && ftruncate(fd, 0))
		return refuse(s, "cannot be emptied: %s", strerror(errno));
	/* At once, or what a daemon leaves that dies now could not be opened again. */
	error = pwrite(fd, o->magic, o->magic_len, 0) < 0 ? errno : 0;
	error = error ? error : posix_fallocate(fd, 0, (off_t)o->size);
	if (!error)
		return true;
	if (ftruncate(fd, 0))		/* gives the part back that there was */
		return refuse(s, "cannot be emptied: %s", strerror(errno));
	return refuse(s, "cannot have its %llu KiB: %s", (unsigned long long)(o->size >> 10),
		      strerror(error));
}

static int open_file(const struct jring_options *o, const struct sentence *s)
{
	struct stat st;
	int fd = open(o->path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
		      0600);

	if (fd < 0) {
		if (errno == ELOOP)
			refuse(s, "is a symbolic link, which is not followed");
		else
			refuse(s, "cannot be opened: %s", strerror(errno));
		return -1;
	}
	if (fstat(fd, &st))
		refuse(s, "cannot be looked at: %s", strerror(errno));
	else if (check_file(fd, o, &st, s) && reserve(fd, o, &st, s))
		return fd;
	close(fd);
	return -1;
}

int jring_file(const struct jring_options *options, char *why, size_t size)
{
	return open_file(options,
			 &(struct sentence){ .path = options->path, .why = why, .size = size });
}

/* ---- life ---------------------------------------------------------------------------------- */

static int start_thread(struct jring *r)
{
	sigset_t all, old;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	error = pthread_create(&r->thread, NULL, writer, r);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return error;
}

static void discard(struct jring *r)
{
	if (r->wake_fd >= 0)
		close(r->wake_fd);
	if (r->fd >= 0)
		close(r->fd);
	free(r->batch);
	free(r->ring);
	free(r);
}

/* Half of the file: a checkpoint and what comes while it is being written. */
static uint32_t ring_size(uint64_t file_size)
{
	uint32_t size = RING_LEAST;

	while (size < file_size / 2 && size < RING_MOST)
		size *= 2;
	return size;
}

static bool make(struct jring *r, uint64_t file_size)
{
	r->size = ring_size(file_size);
	r->ring = malloc(r->size);
	r->batch = malloc(BATCH);
	r->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return r->ring && r->batch && r->wake_fd >= 0;
}

struct jring *jring_open(int fd, const struct jring_options *options, char *why, size_t size)
{
	struct sentence s = { .path = options->path, .why = why, .size = size };
	struct jring *r = aligned_alloc(alignof(struct jring), sizeof(*r));
	int error;

	if (!r) {
		refuse(&s, "needs memory that there is not");
		close(fd);
		return NULL;
	}
	memset(r, 0, sizeof(*r));
	r->fd = fd;
	r->wake_fd = -1;
	if (!make(r, options->size)) {
		refuse(&s, "cannot be prepared: %s", strerror(errno));
		discard(r);
		return NULL;
	}
	error = start_thread(r);
	if (!error)
		return r;
	refuse(&s, "has no thread to write it: %s", strerror(error));
	discard(r);
	return NULL;
}

bool jring_get(struct jring *r, uint64_t offset, void *to, size_t len)
{
	return pread(r->fd, to, len, (off_t)offset) == (ssize_t)len;
}

void jring_close(struct jring *r, int64_t wait_us)
{
	struct timespec at = loop_join_until(wait_us);

	if (!r)
		return;
	atomic_store(&r->stop, true);
	wake(r);
	if (pthread_clockjoin_np(r->thread, NULL, CLOCK_MONOTONIC, &at))
		return;		/* it still uses the ring */
	discard(r);
}
