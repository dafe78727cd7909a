/*
 * Phrases for people, from the members of an answer.
 *
 * Every call takes what it finds: a member that is missing or of another type (another version of
 * the daemon, or no daemon at all) becomes "-". Text from the answer is made harmless for a
 * terminal.
 */
#ifndef CTL_WORDS_H
#define CTL_WORDS_H

#include <stddef.h>

#include <jansson.h>

#define WRD_MAX 2048

/* A phrase that grows; what does not fit is cut, and the cut is marked by "...". */
struct wrd {
	char s[WRD_MAX];
	size_t len;
};

void wrd_clear(struct wrd *w);
void wrd_add(struct wrd *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The string member KEY of O, cleaned; "-" when there is none. */
void wrd_string(struct wrd *w, const json_t *o, const char *key);

/* The seconds KEY of O as a duration: "0.4 s", "42 s", "3 min 12 s", "4 h 05 min", "3 d 4 h". */
void wrd_duration(struct wrd *w, const json_t *o, const char *key);

/* A time in milliseconds: "3.4 ms", "120 ms", "1.5 s". */
void wrd_millis(struct wrd *w, const json_t *o, const char *key);

/* The same in a column of a table: "0.4s", "42s", "3m12s", "4h05m", "3d04h". */
void wrd_age(struct wrd *w, const json_t *o, const char *key);

/* The milliseconds KEY of O in a column: "3.4ms", "120ms", "1.5s". */
void wrd_took(struct wrd *w, const json_t *o, const char *key);

/* An instance: "102 = 100 + 2 (check chk_haproxy)"; "100" when nothing is added. */
void wrd_priority(struct wrd *w, const json_t *instance);

/*
 * An instance's faults: "a tracked check has failed (chk_a, chk_b); ..."; "" when there are none.
 */
void wrd_faults(struct wrd *w, const json_t *instance);

/* A check's last run: "exit 0", "signal 9 (KILL)", "timed out", "cannot run", "-". */
void wrd_result(struct wrd *w, const json_t *check);

/* How far a check is from changing its verdict: "1 of 3 failures", "2 of 4 successes", "". */
void wrd_streak(struct wrd *w, const json_t *check);

/*
 * The members of COUNTERS that are not zero: "adverts received 3, send errors 1"; objects left
 * out.
 */
void wrd_counters(struct wrd *w, const json_t *counters);

#endif
