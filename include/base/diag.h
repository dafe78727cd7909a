/*
 * What is wrong with a user's file, and where.
 *
 * All mistakes of one run are collected and shown together, in the order in which they stand in
 * the files. A diagnosis names file, line, column, says one sentence and, where there is one, the
 * nearest right word.
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One rule decides how severe a diagnosis is, in `holdfastd -t`, lint, the log and a reload's
 * answer: does it run as written? Then it is a note. Does it run, but not as written (a value, a
 * line, a script or a failover that the text asks for is left out, replaced, or does not come
 * about)? A warning. Is there nothing to run? An error: of a whole vrrp_instance; fatal: of the
 * whole text. Two definitions that are equal run as written. A word that only says how keepalived's
 * own processes work asks for nothing that is missed; one for mail does. A script that others can
 * change runs as they write it.
 */
enum diag_severity {
	DIAG_NOTE,		/* all runs as written */
	DIAG_WARNING,		/* it runs, but not as written */
	DIAG_MISTAKE,		/* the same, and the text itself is wrong: a reload must not take
				   away anything by it; shown as a warning */
	DIAG_ERROR,		/* an instance is not run */
	DIAG_FATAL,		/* nothing is run */
};

/* A place in the user's text. line and col count from 1, in characters; 0 means "unknown". */
struct diag_pos {
	const char *file;	/* not owned; lives as long as the loaded configuration */
	uint32_t line;
	uint32_t col;
};

struct diag {
	char *file;		/* owned copy */
	uint32_t line;
	uint32_t col;
	enum diag_severity severity;
	char *text;		/* owned; one sentence, no final full stop, no newline */
	char *hint;		/* owned; the nearest right word, or NULL */
};

#define DIAG_MAX 1000		/* more are counted; one of the worst is always kept */

struct diag_list {
	struct diag *v;
	size_t n;
	size_t size;
	size_t dropped;		/* how many are not kept */
	bool starved;		/* so, some of them for want of memory */
	enum diag_severity worst;	/* of all that came */
};

void diag_init(struct diag_list *l);

/* Frees all diagnoses; the list is empty afterwards. */
void diag_free(struct diag_list *l);

/*
 * Adds a diagnosis; HINT may be NULL. Texts are copied; control octets in them, and octets that are
 * no UTF-8, become '?'.
 */
void diag_add(struct diag_list *l, const struct diag_pos *pos, enum diag_severity severity,
	      const char *hint, const char *format, ...) __attribute__((format(printf, 5, 6)));

/*
 * What has been said first about the line of POS has a consequence: the sentence goes on with
 * FORMAT, and is of SEVERITY if that is worse. False: nothing has been said there.
 */
bool diag_extend(struct diag_list *l, const struct diag_pos *pos, enum diag_severity severity,
		 const char *format, ...) __attribute__((format(printf, 4, 5)));

/* All from number FIRST on that are FROM become TO, which is worse. False: there are none. */
bool diag_raise(struct diag_list *l, size_t first, enum diag_severity from, enum diag_severity to);

/*
 * A sentence about what is not kept in BUF, or NULL when all of it is. It needs no memory: with it,
 * who prints a list has always said something.
 */
const char *diag_lost(const struct diag_list *l, char *buf, size_t size);

/* The worst severity present, or -1 for an empty list. */
int diag_worst(const struct diag_list *l);

/*
 * Sorts by file (in order of first appearance), line, column; stable. What is about a whole file
 * stands behind what is about its lines.
 */
void diag_sort(struct diag_list *l);

/*
 * "FILE:LINE:COL: error: TEXT (did you mean 'HINT'?)" in BUF, always terminated. Returns the length
 * that the whole text has, as snprintf does.
 */
size_t diag_text(const struct diag *d, char *buf, size_t size);

/* "note", "warning" (of a mistake, too), "error", "fatal". */
const char *diag_severity_word(enum diag_severity severity);

/*
 * The word of the NULL-terminated list WORDS that is nearest to WORD by edit distance with
 * transpositions; NULL when none is within a third of its length (at least 1, at most 3).
 */
const char *word_nearest(const char *word, const char *const *words);

#endif
