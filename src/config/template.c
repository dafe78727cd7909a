/*
 * Why this exists: many a file is the template itself, or what became of it when a variable had no
 * value. Each of its lines is wrong in another way, and all for one reason, which should be said.
 */
#include "config/template.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "config/line.h"
#include "config/params.h"

/* [A-Za-z0-9_-]: what names of placeholders are made of. */
static bool in_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-';
}

/* Octets of OPEN NAME CLOSE at TEXT, where NAME has a letter and two octets at least; or 0. */
static size_t enclosed(const char *text, size_t len, const char *mark)
{
	size_t m = strlen(mark), n = m;
	bool letter = false;

	if (len < m || memcmp(text, mark, m) != 0)
		return 0;
	while (n < len && in_name(text[n]) && (len - n < m || memcmp(text + n, mark, m) != 0)) {
		letter |= isalpha((unsigned char)text[n]) != 0;
		n++;
	}
	return letter && n >= m + 2 && len - n >= m && memcmp(text + n, mark, m) == 0 ? n + m : 0;
}

size_t tpl_braces(const char *text, size_t len)
{
	const char *end;
	size_t name;

	if (len > 4 && memcmp(text, "{{", 2) == 0) {
		end = memmem(text + 2, len - 2, "}}", 2);
		return end ? (size_t)(end - text) + 2 : 0;
	}
	if (len < 4 || memcmp(text, "${", 2) != 0)
		return 0;
	name = params_name(text + 2, len - 2);
	return name > 0 && 2 + name < len && text[2 + name] == '}' ? name + 3 : 0;
}

size_t tpl_hashes(const char *text, size_t len)
{
	size_t n = enclosed(text, len, "#");

	return n > 0 && (n == len || line_blank(text[n])) ? n : 0;
}

const char *tpl_parameter(const char *word, size_t *len)
{
	const char *at = strstr(word, "${");

	at = at ? at + 2 : *word == '$' ? word + 1 : NULL;
	*len = at ? params_name(at, strlen(at)) : 0;
	return *len > 0 ? at : NULL;
}

static bool all_upper(const char *s, size_t n)
{
	bool upper = true;

	for (size_t i = 0; i < n; i++)
		upper = upper && (isupper((unsigned char)s[i]) || isdigit((unsigned char)s[i]) ||
				  s[i] == '_');
	return upper;
}

/* "$ecret" is a good password; "$PASSWORD" is none. */
static bool is_parameter(const char *word, bool typed)
{
	size_t n;
	const char *name = tpl_parameter(word, &n);

	if (!name)
		return false;
	return name[-1] == '{' ? name[n] == '}' : typed || (!name[n] && all_upper(name, n));
}

/* "<NAME>" anywhere. */
static bool in_angles(const char *word)
{
	const char *open = strchr(word, '<'), *close = open ? strchr(open, '>') : NULL;

	for (const char *p = open; close && p < close; p++) {
		if (isalpha((unsigned char)*p))
			return true;
	}
	return false;
}

static bool is_marked(const char *word)
{
	static const char *const marks[] = { "%", "__" };
	static const char *const words[] = { "GOES_HERE", "REPLACE_ME", "CHANGE_ME", "FILL_ME_IN" };
	size_t len = strlen(word);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasestr(word, words[i]))
			return true;
	}
	for (size_t i = 0; i < len; i++) {
		for (size_t k = 0; k < sizeof(marks) / sizeof(marks[0]); k++) {
			if (enclosed(word + i, len - i, marks[k]))
				return true;
		}
	}
	return in_angles(word) || enclosed(word, len, "@") == len || strstr(word, "{{");
}

/* NAME_OF_IT, or your_it. */
static bool is_name(const char *word)
{
	size_t len = strlen(word);

	if (strncasecmp(word, "your_", 5) == 0 || strncasecmp(word, "your-", 5) == 0)
		return true;
	return isupper((unsigned char)*word) && strchr(word, '_') && all_upper(word, len);
}

/* A part between dots that is nothing but x: "10.0.0.x", "xx.xx.xx.xx/24". */
static bool is_crossed(const char *word)
{
	while (*word) {
		size_t x = strspn(word, "xX"), part = strcspn(word, "./");

		if (x > 0 && x == part)
			return true;
		word += part;
		word += *word != '\0';
	}
	return false;
}

enum tpl_kind tpl_kind(const char *word, bool typed)
{
	if (is_parameter(word, typed))
		return TPL_PARAMETER;
	if (is_marked(word))
		return TPL_PLACEHOLDER;
	if (typed && (is_name(word) || (strchr(word, '.') && is_crossed(word))))
		return TPL_PLACEHOLDER;
	return TPL_NONE;
}
