/*
 * One line of text whose octets know where they come from.
 *
 * A line is cut, joined and replaced on its way from the file to the keyword table. Each octet
 * carries its place in the user's files through all of it, so that a diagnosis points at what was
 * typed.
 */
#ifndef CONFIG_LINE_H
#define CONFIG_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define LINE_CAP 1022		/* octets without the line end; keepalived's buffer of 1024 */

struct place {
	uint32_t line;			/* from 1 */
	uint16_t col;			/* from 1, in characters */
	uint16_t file : 15;		/* index in the lexer's list of files */
	uint16_t literal : 1;		/* never a comment or a parameter, whatever octet it is */
};

/* Text that stays, for instance the value of a parameter; read only, usually in an arena. */
struct piece {
	const char *text;		/* LEN octets, no NUL behind them */
	struct place *at;		/* one for each octet, or NULL */
	size_t len;
};

/* The line at work: the octets from FROM to LEN are still to be used. */
struct line {
	size_t from;
	size_t len;
	struct place end;		/* behind the last octet, for what is missing there */
	char text[LINE_CAP];
	struct place at[LINE_CAP];
};

/*
 * A line that begins with it is a comment to keepalived and text to us: our own words may stand in
 * a file for both.
 */
#define LINE_OURS "#holdfast:"

/* True for the blanks that separate words: space, \t, \v, \f, \r, \n. */
bool line_blank(char c);

/* A line of the user's text that starts at START; false (and empty) when LEN exceeds LINE_CAP. */
bool line_set(struct line *l, const char *text, size_t len, struct place start);

/* A line from a piece with places. The same result. */
bool line_load(struct line *l, const struct piece *p);

/* The octets from offset AT on, as a piece in ARENA. False when there is no memory. */
bool line_keep(const struct line *l, size_t at, struct arena *arena, struct piece *out);

/*
 * Replaces N octets at offset AT by WITH. Octets without a place of their own (none, or line 0) get
 * that of the replaced text, and LITERAL marks all of them. False, and nothing changed, when the
 * line would be longer than LINE_CAP.
 */
bool line_replace(struct line *l, size_t at, size_t n, const struct piece *with, bool literal);

/* Drops blanks at both ends of what is still to be used. */
void line_trim(struct line *l);

/*
 * Cuts a comment off and turns \! and \# into marked literal octets, both outside "...". Returns
 * the offset of the double quote that nothing closes, or l->len when the quotes are even.
 */
size_t line_uncomment(struct line *l);

/* The place of the octet at offset AT, or the line's end. */
struct place line_place(const struct line *l, size_t at);

#endif
