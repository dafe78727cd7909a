/*
 * Words that a template has left behind: a parameter that nobody has defined, or a placeholder that
 * nobody has filled in.
 */
#ifndef CONFIG_TEMPLATE_H
#define CONFIG_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

enum tpl_kind {
	TPL_NONE,
	TPL_PARAMETER,		/* $NAME, ${NAME} */
	TPL_PLACEHOLDER,	/* <NAME>, {{ NAME }}, %NAME%, @NAME@, __NAME__, NAME_GOES_HERE */
};

/*
 * What WORD has been left as. TYPED: it stands where a number, an address or a fixed word must, so
 * STATE_OF_NODE and 10.0.0.x are placeholders, too; elsewhere they may be meant.
 */
enum tpl_kind tpl_kind(const char *word, bool typed);

/* Octets of "${...}" or "{{...}}" that the LEN octets at TEXT begin with, 0: of neither. */
size_t tpl_braces(const char *text, size_t len);

/* Octets of "#NAME#" that the LEN octets at TEXT begin with and are all of its first word; or 0. */
size_t tpl_hashes(const char *text, size_t len);

/* The name in "$NAME" or "${NAME" in WORD, its length in *LEN; NULL: there is none. */
const char *tpl_parameter(const char *word, size_t *len);

#endif
