/*
 * Why this exists: a person with a broken file wants to hear everything at once, at the right place
 * and in plain words. Parsers add what they find here in any order; the front end sorts and prints
 * it.
 */
#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define DIAG_TEXT_MAX 512	/* octets of one sentence; a longer one is cut */
#define WORD_MAX 64		/* longer words have no nearest word */

void diag_init(struct diag_list *l)
{
	*l = (struct diag_list){ 0 };
}

static void free_one(struct diag *d)
{
	free(d->file);
	free(d->text);
	free(d->hint);
}

void diag_free(struct diag_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free_one(&l->v[i]);
	free(l->v);
	diag_init(l);
}

static bool grow(struct diag_list *l)
{
	size_t size = l->size ? l->size * 2 : 16;
	struct diag *v;

	if (l->n < l->size)
		return true;
	v = reallocarray(l->v, size, sizeof(*v));
	l->starved |= !v;
	if (!v)
		return false;
	l->v = v;
	l->size = size;
	return true;
}

/*
 * A copy in which control octets are '?': a name in a file must not drive a terminal. So is what is
 * left of a character that a limit has cut, for it would make a JSON document none.
 */
static char *clean_copy(const char *text)
{
	char *copy = strdup(text);

	utf8_clean(copy);
	return copy;
}

/*
 * Room for one more of this severity; false when there is none. A full list gives up its last entry
 * for a worse one than any in it: whether a file may be run must not depend on how many warnings
 * came before the error.
 */
static bool make_room(struct diag_list *l, enum diag_severity severity)
{
	if (l->n < DIAG_MAX)
		return grow(l);
	if (severity <= l->worst)
		return false;
	free_one(&l->v[--l->n]);
	l->dropped++;
	return true;
}

void diag_add(struct diag_list *l, const struct diag_pos *pos, enum diag_severity severity,
	      const char *hint, const char *format, ...)
{
	struct diag d = { .line = pos->line, .col = pos->col, .severity = severity };
	bool room = make_room(l, severity);
	char text[DIAG_TEXT_MAX];
	va_list args;

	if (severity > l->worst)
		l->worst = severity;
	if (!room) {
		l->dropped++;
		return;
	}
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	d.file = clean_copy(pos->file ? pos->file : "");
	d.text = clean_copy(text);
	d.hint = hint ? clean_copy(hint) : NULL;
	if (!d.file || !d.text) {
		free_one(&d);
		l->starved = true;
		l->dropped++;
		return;
	}
	l->v[l->n++] = d;
}

static struct diag *first_of_line(struct diag_list *l, const struct diag_pos *pos)
{
	for (size_t i = 0; i < l->n; i++) {
		if (l->v[i].line == pos->line && strcmp(l->v[i].file, pos->file) == 0)
			return &l->v[i];
	}
	return NULL;
}

bool diag_extend(struct diag_list *l, const struct diag_pos *pos, enum diag_severity severity,
		 const char *format, ...)
{
	struct diag *d = pos->line && pos->file ? first_of_line(l, pos) : NULL;
	char more[DIAG_TEXT_MAX], text[2 * DIAG_TEXT_MAX];
	va_list args;
	char *copy;

	if (!d)
		return false;
	va_start(args, format);
	vsnprintf(more, sizeof(more), format, args);
	va_end(args);
	snprintf(text, sizeof(text), "%s%s", d->text, more);
	copy = clean_copy(text);
	if (!copy)
		return false;
	free(d->text);
	d->text = copy;
	if (severity > d->severity)
		d->severity = severity;
	if (severity > l->worst)
		l->worst = severity;
	return true;
}

bool diag_raise(struct diag_list *l, size_t first, enum diag_severity from, enum diag_severity to)
{
	bool any = false;

	for (size_t i = first; i < l->n; i++) {
		if (l->v[i].severity != from)
			continue;
		l->v[i].severity = to;
		any = true;
	}
	if (any && to > l->worst)
		l->worst = to;
	return any;
}

const char *diag_lost(const struct diag_list *l, char *buf, size_t size)
{
	if (!l->dropped)
		return NULL;
	snprintf(buf, size, "and %zu more%s", l->dropped,
		 l->starved ? ", lost for want of memory" : "");
	return buf;
}

int diag_worst(const struct diag_list *l)
{
	return l->n + l->dropped > 0 ? (int)l->worst : -1;
}

/* What a stable sort compares: the file's rank is its first appearance, the index keeps ties. */
struct sort_key {
	size_t rank;
	size_t index;
	struct diag d;
};

static int by_size(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int by_place(const void *va, const void *vb)
{
	const struct sort_key *a = va, *b = vb;
	int c = by_size(a->rank, b->rank);

	if (c == 0)
		c = by_size(!a->d.line, !b->d.line);
	if (c == 0)
		c = by_size(a->d.line, b->d.line);
	if (c == 0)
		c = by_size(a->d.col, b->d.col);
	return c ? c : by_size(a->index, b->index);
}

/* The index of the first diagnosis of the same file; few files, so a plain search will do. */
static size_t file_rank(const struct diag_list *l, size_t i)
{
	size_t first = 0;

	while (first < i && strcmp(l->v[first].file, l->v[i].file) != 0)
		first++;
	return first;
}

void diag_sort(struct diag_list *l)
{
	struct sort_key *keys;

	if (l->n < 2)
		return;
	keys = calloc(l->n, sizeof(*keys));
	if (!keys)
		return;
	for (size_t i = 0; i < l->n; i++)
		keys[i] = (struct sort_key){ file_rank(l, i), i, l->v[i] };
	qsort(keys, l->n, sizeof(*keys), by_place);
	for (size_t i = 0; i < l->n; i++)
		l->v[i] = keys[i].d;
	free(keys);
}

/* ":N" or nothing for 0. */
static void number_text(char *buf, size_t size, uint32_t n)
{
	buf[0] = '\0';
	if (n)
		snprintf(buf, size, ":%u", (unsigned int)n);
}

size_t diag_text(const struct diag *d, char *buf, size_t size)
{
	char line[16], col[16];
	int n;

	number_text(line, sizeof(line), d->line);
	number_text(col, sizeof(col), d->line ? d->col : 0);
	n = snprintf(buf, size, "%s%s%s%s%s: %s%s%s%s", d->file, line, col, d->file[0] ? ": " : "",
		     diag_severity_word(d->severity), d->text, d->hint ? " (did you mean '" : "",
		     d->hint ? d->hint : "", d->hint ? "'?)" : "");
	return n < 0 ? 0 : (size_t)n;
}

const char *diag_severity_word(enum diag_severity severity)
{
	static const char *const words[] = {
		[DIAG_NOTE] = "note", [DIAG_WARNING] = "warning", [DIAG_MISTAKE] = "warning",
		[DIAG_ERROR] = "error", [DIAG_FATAL] = "fatal",
	};

	return words[severity];
}

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Optimal string alignment: insert, delete, replace, swap of neighbours; at most WORD_MAX long. */
static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
	size_t rows[3][WORD_MAX + 1];
	size_t *before = rows[0], *last = rows[1], *now = rows[2], *spare;

	for (size_t j = 0; j <= nb; j++)
		last[j] = j;
	for (size_t i = 1; i <= na; i++) {
		now[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			now[j] = min3(last[j] + 1, now[j - 1] + 1,
				      last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = min3(now[j], now[j], before[j - 2] + 1);
		}
		spare = before;
		before = last;
		last = now;
		now = spare;
	}
	return last[nb];
}

const char *word_nearest(const char *word, const char *const *words)
{
	size_t n = strnlen(word, WORD_MAX + 1);
	size_t limit = n / 3 < 1 ? 1 : n / 3 > 3 ? 3 : n / 3;
	const char *nearest = NULL;

	if (n == 0 || n > WORD_MAX)
		return NULL;
	for (; *words; words++) {
		size_t m = strnlen(*words, WORD_MAX + 1);
		size_t d;

		if (m > WORD_MAX || m > n + limit || n > m + limit)
			continue;
		d = distance(word, n, *words, m);
		if (d < limit || (d == limit && !nearest)) {
			nearest = *words;
			limit = d;
		}
	}
	return nearest;
}
