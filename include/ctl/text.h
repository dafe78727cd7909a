/*
 * Foreign text between octets, JSON and a terminal.
 *
 * A configuration file may hold names in any encoding, JSON must be UTF-8, and a terminal obeys
 * control characters. Both ends of the control socket turn text by these calls, so that a name
 * that `status` shows is a name that `status NAME` finds.
 */
#ifndef CTL_TEXT_H
#define CTL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

/*
 * A JSON string of TEXT. What is not UTF-8 as a whole is read as Latin-1, octet by octet, so that
 * different names stay different. NULL when there is no memory. TEXT NULL: JSON's null.
 */
json_t *txt_json(const char *text);

/* VALUE as one line with its newline, *LEN octets and a NUL, for free(); NULL without memory. */
char *txt_line(const json_t *value, size_t *len);

/* True when the octets at TEXT are well-formed UTF-8 (RFC 3629). */
bool txt_is_utf8(const char *text);

/*
 * Copies TEXT (UTF-8) to BUF for a terminal: control characters (C0, DEL, C1), line separators
 * and the marks that turn the direction of writing become '?'. Cut at a character when BUF is too
 * small, always terminated; returns BUF. SIZE is at least 1.
 */
const char *txt_clean(const char *text, char *buf, size_t size);

/*
 * How many columns the first LEN octets of TEXT (UTF-8) take on a terminal; CJK takes two each, an
 * accent that combines with the character before it none.
 */
size_t txt_width(const char *text, size_t len);

/* How many of the first LEN octets of TEXT fit into COLUMNS; whole characters only. */
size_t txt_fit(const char *text, size_t len, size_t columns);

/* Prints TEXT, made harmless as by txt_clean(), and spaces up to COLUMNS. */
void txt_put(FILE *to, const char *text, size_t columns);

#endif
