/*
 * A shell script as a list of simple commands, as far as that can be read without running it.
 *
 * No shell: quotes, comments, separators and the words that open and close blocks are understood,
 * and nothing is expanded. It is enough to find a `sleep 5`, and `systemctl stop` of a service.
 */
#ifndef LINT_SHELL_H
#define LINT_SHELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHL_WORDS 32			/* of a command; more are dropped */
#define SHL_TEXT 2048			/* octets of all its words */

struct shl {
	const char *text;
	size_t len, at;
	uint32_t line, col;
	int depth;			/* open blocks: if, for, while, case, { */
	bool perhaps;			/* what follows depends on what stood before: && or || */
};

struct shl_word {
	const char *text;		/* without its quotes, in the command */
	uint32_t line, col;		/* from 1 */
};

struct shl_command {
	struct shl_word words[SHL_WORDS];
	size_t n;			/* at least 1 */
	bool always;			/* it stands in no block and behind no && or || */
	bool background;
	const char *rest;		/* the text from its first word to the end of that line */
	size_t rest_len;
	size_t used;
	char buf[SHL_TEXT];
};

/* Starts on LEN octets at TEXT, which must stay. */
void shl_open(struct shl *s, const char *text, size_t len);

/* The next command; false at the end. */
bool shl_next(struct shl *s, struct shl_command *c);

/* The part of WORD behind its last slash. */
const char *shl_base(const char *word);

/* The microseconds that `sleep` with the words of C takes; -1: C is no sleep. */
int64_t shl_sleep_us(const struct shl_command *c);

/*
 * True when C ends or restarts the failover daemon: keepalived or holdfastd, by service manager,
 * init script or signal. A reload, or a signal that asks or tells, is not meant.
 */
bool shl_stops_daemon(const struct shl_command *c);

#endif
