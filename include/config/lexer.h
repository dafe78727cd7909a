/*
 * keepalived's text as a stream of lines, braces and words.
 *
 * All that happens to a line before a keyword is looked up happens here, in keepalived's order:
 * comments, @id filters, definitions and parameters, generators, includes, the split at braces, the
 * split into words. What comes out has a place in the user's file, whatever it went through.
 */
#ifndef CONFIG_LEXER_H
#define CONFIG_LEXER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"
#include "config/cfg.h"

enum lex_kind {
	LEX_WORDS,	/* a line, or the part of one between braces: at least one word */
	LEX_OPEN,	/* { */
	LEX_CLOSE,	/* } */
	LEX_END,	/* no more text; every further call gives it again */
};

struct lex_word {
	const char *text;	/* in the arena; without its quotes */
	struct diag_pos pos;	/* of its first octet (the quote, if quoted) */
	bool quoted;
};

struct lex_item {
	enum lex_kind kind;
	struct diag_pos pos;
	const struct lex_word *words;	/* LEX_WORDS only; in the arena */
	size_t n;
	const char *rest;	/* LEX_WORDS: the text behind the first word, quotes and backslashes
				   as written, for lex_command(); "" if there is none */
	struct diag_pos rest_pos;
	const char *hashed;	/* "#NAME#" where a value belongs: a placeholder that is read as a
				   comment; else NULL */
	struct diag_pos hashed_pos;
};

struct lexer;

/*
 * Starts on the text of NAME (LEN octets at TEXT, copied as needed). Everything that it gives lives
 * in ARENA, mistakes go to DIAGS. NULL when there is no memory. lex_close() frees only the working
 * state.
 */
struct lexer *lex_open(struct arena *arena, const char *name, const char *text, size_t len,
		       const struct cfg_options *options, struct diag_list *diags);
void lex_close(struct lexer *l);

/* The next item. lex_peek() shows it without taking it; valid until the next lex_next(). */
void lex_next(struct lexer *l, struct lex_item *out);
const struct lex_item *lex_peek(struct lexer *l);

/* The parameter whose name is nearest to the LEN octets at NAME, or NULL. */
const char *lex_nearest_param(struct lexer *l, const char *name, size_t len);

/* Every file read so far, in order, the first included; NULL-terminated, in the arena. */
const char **lex_files(struct lexer *l);

/* True when the items ended before the text did (no memory, too much text), which is diagnosed. */
bool lex_stopped(const struct lexer *l);

/* True when a checked include failed (include_check, -e): the daemon must not start. */
bool lex_include_failed(const struct lexer *l);

/*
 * The words of a script keyword (reference: two passes; see holdfast.conf(5)): word 0 of the result
 * is the whole command split into argv (pass 2: quotes and escapes), the further words are user and
 * group. ARGV is NULL-terminated, in the arena, NULL when there is no command or it is malformed
 * (diagnosed). EXTRA gets at most MAX words behind the command; their number is returned. More
 * words than that are told in a warning: keepalived drops them without a word.
 */
size_t lex_command(struct lexer *l, const struct lex_item *item, const char ***argv,
		   struct lex_word *extra, size_t max);

/*
 * Pass 2 alone: one string to argv, for the native dialect. NULL and a diagnosis when malformed,
 * NULL and *NO_MEMORY set without memory.
 */
const char **lex_split_command(struct arena *arena, const char *command, const struct diag_pos *pos,
			       struct diag_list *diags, bool *no_memory);

#endif
