/*
 * Characters of East Asian input that look like syntax and are not.
 */
#ifndef CONFIG_WIDE_H
#define CONFIG_WIDE_H

#include <stddef.h>

/*
 * The ASCII text that the first look-alike in LEN octets at TEXT was probably meant to be, and its
 * offset in *AT; NULL if there is none. Knows UTF-8 and, where the text is no UTF-8, GBK.
 */
const char *wide_find(const char *text, size_t len, size_t *at);

#endif
