/*
 * Text of users in UTF-8, as far as a parser and a message need it.
 *
 * Octets that are no well-formed UTF-8 count as one character each.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * The character that the N octets at S begin with goes to *CODE; returns its length. 0: they begin
 * with none, or N is 0.
 */
size_t utf8_decode(const char *s, size_t n, uint32_t *code);

/* How many characters the N octets at S are. */
size_t utf8_count(const char *s, size_t n);

/* The longest beginning of TEXT that has at most MAX octets and ends between two characters. */
size_t utf8_cut(const char *text, size_t max);

/* Control octets of TEXT, and octets that are no UTF-8, become '?'. NULL is no text. */
void utf8_clean(char *text);

#endif
