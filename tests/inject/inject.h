/*
 * Operations that must bear a refused allocation, one file of them for each floor.
 *
 * An operation is tried again and again: the first request for memory fails, then the second, and
 * so on until it ends without having been refused any; then once more with all further requests
 * refused, too. Each time it must either do all of its work or say that it has not, lose no block,
 * and leave alone what was there before. A child of its own runs each, so that a crash and a hang
 * have a name and a number.
 */
#ifndef TESTS_INJECT_INJECT_H
#define TESTS_INJECT_INJECT_H

#include <stdbool.h>

struct inj;

struct inj_op {
	const char *name;		/* "config: load, keepalived's dialect" */
	void (*run)(struct inj *in);	/* prepares, arms, works, disarms, looks, clears away */
	const char *arg;		/* what it works on */
};

extern const struct inj_op inj_config[], inj_lint[], inj_engine[], inj_ctl[];
extern const struct inj_op inj_crossing[], inj_sys[];

/* From here on the request whose turn it is gets nothing. */
void inj_arm(struct inj *in);

/* The work is done. True when a request was refused. */
bool inj_disarm(struct inj *in);

/* What the table says. */
const char *inj_arg(const struct inj *in);

/* The work is done, and it must not have asked for memory at all. */
void inj_disarm_none(struct inj *in);

/* Something is not as it must be; printed with the number of the request. */
void inj_wrong(struct inj *in, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* All that is refused must be told: SAID is what was said, or NULL. */
void inj_sentence(struct inj *in, const char *said);

#endif
