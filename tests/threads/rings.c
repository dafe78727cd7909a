/*
 * The two rings that threads share (the log's and the journal's), for ThreadSanitizer.
 *
 * Rounds of bursts and pauses, of pieces of every size, with a ring that is full and one that is
 * empty, opened and closed each time. What came out must be what went in; a race ends the program.
 * HOLDFAST_SEED repeats a run; ROUNDS says how many.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "sys/jring.h"
#include "sys/logger.h"

#define SIZE 262144
#define SECOND_US 1000000
#define MAGIC "rings"

static uint64_t state;
static unsigned int passed, failed;

static uint32_t below(uint32_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 16) % n;
}

static void check(bool good, const char *what, unsigned int round)
{
	if (good) {
		passed++;
		return;
	}
	failed++;
	printf("round %u: %s\n", round, what);
}

static void pause_sometimes(void)
{
	if (!below(40))
		usleep(below(3000));
}

/* Every line in order; those that are lacking have been counted. */
static bool is_whole(const char *path, uint32_t lines, uint64_t dropped)
{
	char text[1024];
	uint32_t next = 0;
	uint64_t lost = 0;
	FILE *f = fopen(path, "r");
	const char *at;

	while (f && fgets(text, sizeof(text), f)) {
		uint32_t n;

		at = strstr(text, " line ");
		if (!at || sscanf(at, " line %" SCNu32, &n) != 1)
			continue;
		if (n < next)
			return false;
		lost += n - next;
		next = n + 1;
	}
	if (!f)
		return false;
	fclose(f);
	return lost + lines - next == dropped;
}

static void logger_round(const char *path, unsigned int round)
{
	struct lgr_options options = { .file = path };
	uint32_t lines = 1000 + below(20000);
	struct lgr *l = lgr_new(&options);
	uint64_t dropped;
	struct log log;

	if (!l) {
		check(false, "no logger", round);
		return;
	}
	lgr_log(l, LOG_LVL_INFO, &log);
	for (uint32_t i = 0; i < lines; i++) {
		log_printf(&log, LOG_LVL_INFO, " line %u %.*s", i, (int)below(200),
			   "................................................................"
			   "................................................................"
			   "................................................................");
		pause_sometimes();
		if (!below(5000))
			lgr_flush(l, SECOND_US);
	}
	lgr_flush(l, 20 * SECOND_US);
	dropped = lgr_dropped(l);
	lgr_free(l, 20 * SECOND_US);
	check(is_whole(path, lines, dropped), "lines are lacking or not in order", round);
	unlink(path);
}

static bool holds(const char *path, const uint8_t *want)
{
	static uint8_t is[SIZE];
	FILE *f = fopen(path, "r");
	bool same = f && fread(is, 1, SIZE, f) == SIZE && !memcmp(is, want, SIZE);

	if (f)
		fclose(f);
	return same;
}

static void journal_round(const char *path, unsigned int round)
{
	static uint8_t want[SIZE], piece[7000];
	struct jring_options o = {
		.path = path, .size = SIZE, .magic = MAGIC, .magic_len = strlen(MAGIC),
	};
	char why[256] = "";
	int fd = jring_file(&o, why, sizeof(why));
	struct jring *r = fd < 0 ? NULL : jring_open(fd, &o, why, sizeof(why));
	size_t at = strlen(MAGIC);

	if (!r) {
		check(false, why, round);
		return;
	}
	memset(want, 0, sizeof(want));
	memcpy(want, MAGIC, at);
	jring_put(r, 0, MAGIC, at);
	for (uint32_t i = 0, n = 500 + below(3000); i < n; i++) {
		size_t len = 1 + below(below(30) ? 90 : sizeof(piece));

		if (at + len > SIZE)
			at = strlen(MAGIC);
		memset(piece, (int)below(256), len);
		while (jring_put(r, at, piece, len) == EAGAIN)
			usleep(100);
		memcpy(want + at, piece, len);
		at += len;
		if (below(3))
			jring_push(r);
		pause_sometimes();
	}
	jring_close(r, 20 * SECOND_US);
	check(holds(path, want), "the journal's file is not what was put", round);
	unlink(path);
}

int main(void)
{
	const char *given = getenv("HOLDFAST_SEED"), *rounds = getenv("ROUNDS");
	char folder[] = "/tmp/hf-rings-XXXXXX", path[sizeof(folder) + 8];

	state = given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL) * 2654435761u + 1;
	printf("HOLDFAST_SEED=%" PRIu64 "\n", state);
	if (!mkdtemp(folder))
		return 1;
	snprintf(path, sizeof(path), "%s/out", folder);
	for (unsigned int i = 0, n = rounds ? (unsigned int)atoi(rounds) : 20; i < n; i++) {
		logger_round(path, i);
		journal_round(path, i);
	}
	rmdir(folder);
	printf("%u passed, %u failed\n", passed, failed);
	return failed != 0;
}
