/*
 * The log's writer thread.
 *
 * A ring of octets between one writer and one reader needs no lock, so the loop cannot wait for the
 * thread, not even for a moment. Positions only grow; their difference is what is in the ring.
 * The reader sleeps on an eventfd, and the writer touches it only when the reader sleeps.
 */
#include "sys/logger.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "sys/loop.h"
#include "sys/priv.h"

#define RING (128u * 1024)		/* a power of two */
#define STAMP_MAX 40
#define FLUSH_LOOK_NS 200000

struct record {
	int64_t wall_us;
	uint16_t len;			/* of the text that follows */
	uint8_t level;
};

struct lgr {
	struct lgr_options options;
	int file;
	uint64_t unwritten;		/* lines that the file has not got; the thread's */
	bool cut;			/* the last of them in part */
	int wake_fd;
	pthread_t thread;
	alignas(64) atomic_uint head;	/* octets ever written */
	atomic_ullong dropped;
	alignas(64) atomic_uint tail;	/* octets ever read */
	atomic_bool asleep;
	atomic_bool stop;
	uint8_t ring[RING];
};

/* ---- the loop's side ----------------------------------------------------------------------- */

static void put(struct lgr *l, unsigned int at, const void *data, size_t len)
{
	size_t start = at % RING;
	size_t first = len < RING - start ? len : RING - start;

	memcpy(l->ring + start, data, first);
	memcpy(l->ring, (const uint8_t *)data + first, len - first);
}

static void wake(struct lgr *l)
{
	const uint64_t one = 1;

	while (write(l->wake_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

static void take_line(void *ctx, enum log_level level, const char *text)
{
	struct lgr *l = ctx;
	unsigned int head = atomic_load_explicit(&l->head, memory_order_relaxed);
	unsigned int used = head - atomic_load_explicit(&l->tail, memory_order_acquire);
	struct record r = {
		.wall_us = loop_wall_us(),
		.len = (uint16_t)strnlen(text, LOG_LINE_MAX),
		.level = (uint8_t)level,
	};

	if (sizeof(r) + r.len > RING - used) {
		atomic_fetch_add_explicit(&l->dropped, 1, memory_order_relaxed);
		return;
	}
	put(l, head, &r, sizeof(r));
	put(l, head + sizeof(r), text, r.len);
	/* in one total order with what the reader does before it sleeps */
	atomic_store(&l->head, head + sizeof(r) + r.len);
	if (atomic_exchange(&l->asleep, false))
		wake(l);
}

void lgr_log(struct lgr *l, enum log_level level, struct log *log)
{
	*log = (struct log){ .ctx = l, .line = take_line, .level = level };
}

uint64_t lgr_dropped(const struct lgr *l)
{
	return atomic_load(&l->dropped);
}

/* ---- the thread's side --------------------------------------------------------------------- */

static void get(const struct lgr *l, unsigned int at, void *data, size_t len)
{
	size_t start = at % RING;
	size_t first = len < RING - start ? len : RING - start;

	memcpy(data, l->ring + start, first);
	memcpy((uint8_t *)data + first, l->ring, len - first);
}

static bool take_record(struct lgr *l, struct record *r, char text[static LOG_LINE_MAX + 1])
{
	unsigned int tail = atomic_load_explicit(&l->tail, memory_order_relaxed);

	if (atomic_load(&l->head) == tail)
		return false;
	get(l, tail, r, sizeof(*r));
	get(l, tail + sizeof(*r), text, r->len);
	text[r->len] = '\0';
	atomic_store_explicit(&l->tail, tail + sizeof(*r) + r->len, memory_order_release);
	return true;
}

/* Waits as long as it takes: that is what the thread is for. Returns what could not be written,
 * with errno. */
static size_t write_all(int fd, const char *text, size_t len)
{
	while (len) {
		struct pollfd p = { .fd = fd, .events = POLLOUT };
		ssize_t n = write(fd, text, len);

		if (n > 0) {
			text += n;
			len -= (size_t)n;
		} else if (n < 0 && errno == EAGAIN) {
			poll(&p, 1, -1);
		} else if (n == 0 || errno != EINTR) {
			return len;
		}
	}
	return 0;
}

enum written { ALL, PART, NOTHING };

static enum written write_stamped(int fd, const struct record *r, const char *text)
{
	char line[STAMP_MAX + LOG_LINE_MAX + 2];
	time_t seconds = r->wall_us / 1000000;
	struct tm tm;
	size_t n;

	localtime_r(&seconds, &tm);
	n = strftime(line, STAMP_MAX, "%Y-%m-%d %H:%M:%S", &tm);
	n += (size_t)snprintf(line + n, sizeof(line) - n, ".%03d %s\n",
			      (int)(r->wall_us / 1000 % 1000), text);
	size_t left = write_all(fd, line, n);

	return left == 0 ? ALL : left < n ? PART : NOTHING;
}

/* The first line that a full disk does not take is told to the other targets, and how many there
 * were to the file when it takes lines again. */
static void write_file(struct lgr *l, const struct record *r, const char *text)
{
	char note[LOG_LINE_MAX];
	enum written written = PART;

	if (l->unwritten && (!l->cut || write_all(l->file, "\n", 1) == 0)) {
		l->cut = false;
		snprintf(note, sizeof(note), "%llu log lines were lost: the log file could not be "
			 "written", (unsigned long long)l->unwritten);
		written = write_stamped(l->file, r, note);
		if (written == ALL)
			l->unwritten = 0;
	}
	if (!l->unwritten)
		written = write_stamped(l->file, r, text);
	l->cut |= written == PART;
	if (written == ALL || l->unwritten++)
		return;
	snprintf(note, sizeof(note), "the log file cannot be written: %s", strerror(errno));
	if (l->options.to_stderr)
		write_stamped(STDERR_FILENO, r, note);
	if (l->options.to_syslog)
		syslog(LOG_ERR, "%s", note);
}

static void write_out(struct lgr *l, const struct record *r, const char *text)
{
	static const int priorities[] = {
		[LOG_LVL_ERROR] = LOG_ERR,
		[LOG_LVL_WARN] = LOG_WARNING,
		[LOG_LVL_INFO] = LOG_INFO,
		[LOG_LVL_DETAIL] = LOG_INFO,
		[LOG_LVL_DEBUG] = LOG_DEBUG,
	};

	if (l->options.to_stderr)
		write_stamped(STDERR_FILENO, r, text);
	if (l->file >= 0)
		write_file(l, r, text);
	if (l->options.to_syslog)
		syslog(priorities[r->level], "%s", text);
}

static void tell_dropped(struct lgr *l, uint64_t *told)
{
	uint64_t dropped = lgr_dropped(l);
	struct record r = { .wall_us = loop_wall_us(), .level = LOG_LVL_WARN };
	char text[LOG_LINE_MAX];

	if (dropped == *told)
		return;
	snprintf(text, sizeof(text), "%llu log lines were lost: they came faster than they can be "
		 "written", (unsigned long long)(dropped - *told));
	*told = dropped;
	write_out(l, &r, text);
}

/* Returns when there may be something to do. */
static void rest(struct lgr *l)
{
	uint64_t count;

	atomic_store(&l->asleep, true);
	if (atomic_load(&l->head) != atomic_load(&l->tail) || atomic_load(&l->stop)) {
		atomic_store(&l->asleep, false);
		return;
	}
	while (read(l->wake_fd, &count, sizeof(count)) < 0 && errno == EINTR)
		;
	atomic_store(&l->asleep, false);
}

static void *writer(void *ctx)
{
	struct lgr *l = ctx;
	char text[LOG_LINE_MAX + 1];
	struct record r;
	uint64_t told = 0;

	prv_drop_all();		/* it only writes to what is open, and to syslog's socket */
	for (;;) {
		bool stop = atomic_load(&l->stop);

		while (take_record(l, &r, text))
			write_out(l, &r, text);
		tell_dropped(l, &told);
		if (stop)
			return NULL;
		rest(l);
	}
}

/* ---- life ---------------------------------------------------------------------------------- */

static int start_thread(struct lgr *l)
{
	sigset_t all, old;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	error = pthread_create(&l->thread, NULL, writer, l);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return error;
}

static void discard(struct lgr *l)
{
	if (l->file >= 0)
		close(l->file);
	if (l->wake_fd >= 0)
		close(l->wake_fd);
	free(l);
}

static int open_targets(struct lgr *l)
{
	const struct lgr_options *o = &l->options;

	l->wake_fd = eventfd(0, EFD_CLOEXEC);
	if (l->wake_fd < 0)
		return errno;
	if (o->file) {
		l->file = open(o->file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0640);
		if (l->file < 0)
			return errno;
	}
	if (o->to_syslog)
		openlog(o->ident, LOG_PID | LOG_NDELAY, o->facility);
	return start_thread(l);
}

struct lgr *lgr_new(const struct lgr_options *options)
{
	struct lgr *l = aligned_alloc(alignof(struct lgr), sizeof(*l));
	int error;

	if (!l)
		return NULL;
	memset(l, 0, offsetof(struct lgr, ring));
	l->options = *options;
	l->file = l->wake_fd = -1;
	error = open_targets(l);
	if (!error)
		return l;
	discard(l);
	errno = error;
	return NULL;
}

void lgr_flush(struct lgr *l, int64_t wait_us)
{
	const struct timespec moment = { .tv_nsec = FLUSH_LOOK_NS };
	int64_t until = loop_now_us() + wait_us;

	/* asleep: the last line taken out has been written, too */
	while ((atomic_load(&l->head) != atomic_load(&l->tail) || !atomic_load(&l->asleep)) &&
	       loop_now_us() < until)
		nanosleep(&moment, NULL);
}

void lgr_free(struct lgr *l, int64_t wait_us)
{
	struct timespec at = loop_join_until(wait_us);

	if (!l)
		return;
	atomic_store(&l->stop, true);
	wake(l);
	if (pthread_clockjoin_np(l->thread, NULL, CLOCK_MONOTONIC, &at))
		return;		/* it still uses the ring */
	if (l->options.to_syslog)
		closelog();
	discard(l);
}
