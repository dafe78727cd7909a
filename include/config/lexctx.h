/*
 * What the stages of the lexer share: where text comes from, where mistakes go, how much is left.
 *
 * A few lines of parameters can describe an endless text. Work and memory are therefore paid from
 * two purses; when one is empty there is one diagnosis and the text ends.
 */
#ifndef CONFIG_LEXCTX_H
#define CONFIG_LEXCTX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"
#include "config/line.h"
#include "config/source.h"

#define LX_FILES_MAX 1000		/* files in one run, the same one read twice counts twice */

/*
 * The purses: octets looked at or moved, roughly, and octets of arena. They let the largest example
 * of keepalived.conf(5) through, 65024 instances in one line. Fuzzers are built with smaller ones.
 */
#ifndef LX_WORK_MAX
#define LX_WORK_MAX ((size_t)320 << 20)
#define LX_MEM_MAX ((size_t)96 << 20)
#endif

struct lx {
	struct arena *arena;
	struct diag_list *diags;
	const struct source *source;
	const char *config_id;		/* for @id and ${_INSTANCE} */
	const char *cwd;		/* the working directory; "" when unknown */
	const char *dir;		/* of the file at work, with its '/'; "": cwd */
	int checks;			/* enum inc_check, of include_check lines and -e */
	bool include_failed;		/* a checked include found something missing */
	struct place here;		/* the line at work, for what has no better place */
	size_t work;			/* what is left of LX_WORK_MAX */
	size_t mem;			/* what is left of LX_MEM_MAX */
	bool stopped;			/* out of work or memory: the text ends here */
	size_t n_files;
	const char *files[LX_FILES_MAX + 1];	/* NULL-terminated; struct place counts in it */
};

/* Pays UNITS of work; false when there is not enough left, which is diagnosed once. */
bool lx_pay(struct lx *x, size_t units);

/* An array of N zeroed elements of SIZE octets from the arena, paid for; NULL stops the lexer. */
void *lx_array(struct lx *x, size_t n, size_t size);

/* Pays for BYTES of arena that somebody else took; false stops the lexer. */
bool lx_owe(struct lx *x, size_t bytes);

/* The text ends here, which is diagnosed once: WHY. Nothing will be run. */
void lx_stop(struct lx *x, const char *why);

/* A terminated copy of LEN octets, paid for; NULL stops the lexer. */
char *lx_strn(struct lx *x, const char *text, size_t len);

/* line_keep(), paid for; false stops the lexer. */
bool lx_keep(struct lx *x, const struct line *l, size_t at, struct piece *out);

/* The context of L, for lex_command(), which is part of the lexer in a file of its own. */
struct lexer;
struct lx *lex_context(struct lexer *l);

/* P as a place that a diagnosis can show. */
struct diag_pos lx_pos(const struct lx *x, struct place p);

#endif
