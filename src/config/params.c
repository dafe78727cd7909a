/*
 * Why this exists: one file for a whole cluster is written with parameters, and users expect from
 * them exactly what keepalived does: late, repeated, textual replacement. It is kept apart from the
 * lexer because its rules about what is a reference are a language of their own.
 */
#include "config/params.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_BUCKETS 64
#define NEAREST_MAX 256		/* parameters that a wrong name is compared with */

struct param {
	struct param *next;
	const char *name;
	size_t name_len;
	const struct piece *value;
	size_t n;
};

struct params {
	struct param *bucket[N_BUCKETS];
};

/* A reference in a line: "$NAME" or "${NAME ARGS}". */
struct ref {
	size_t at;		/* offset of the $ */
	size_t size;		/* octets of the whole reference */
	const char *name;
	size_t name_len;
	const char *args;	/* behind the name, inside the braces */
	size_t args_len;
};

struct params *params_new(struct lx *x)
{
	return lx_array(x, 1, sizeof(struct params));
}

static size_t bucket_of(const char *name, size_t len)
{
	unsigned int h = 2166136261u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)name[i]) * 16777619u;
	return h % N_BUCKETS;
}

static struct param *find(const struct params *p, const char *name, size_t len)
{
	struct param *e = p->bucket[bucket_of(name, len)];

	while (e && (e->name_len != len || memcmp(e->name, name, len) != 0))
		e = e->next;
	return e;
}

void params_set(struct params *p, struct lx *x, const char *name, size_t len,
		const struct piece *value, size_t n)
{
	struct param *e = find(p, name, len);

	if (!e) {
		size_t b = bucket_of(name, len);
		char *copy = lx_strn(x, name, len);

		e = lx_array(x, 1, sizeof(*e));
		if (!e || !copy)
			return;
		*e = (struct param){ .next = p->bucket[b], .name = copy, .name_len = len };
		p->bucket[b] = e;
	}
	e->value = value;
	e->n = n;
}

static bool name_octet(char c, bool first)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
	       (!first && c >= '0' && c <= '9');
}

size_t params_name(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && name_octet(text[n], n == 0))
		n++;
	return n;
}

/* "${NAME...}" at S, which starts behind the brace. */
static bool braced_ref(const char *s, size_t len, struct ref *r)
{
	const char *close = memchr(s, '}', len);

	r->name = s;
	r->name_len = params_name(s, len);
	if (!close || r->name_len == 0)
		return false;
	r->args = s + r->name_len;
	r->args_len = (size_t)(close - r->args);
	r->size = (size_t)(close - s) + 3;
	return r->args_len == 0 || line_blank(r->args[0]);
}

/* "$NAME" at S, which starts behind the dollar; only before a blank, ',', ')' or the line's end. */
static bool plain_ref(const char *s, size_t len, struct ref *r)
{
	r->name = s;
	r->name_len = params_name(s, len);
	r->args = s;
	r->args_len = 0;
	r->size = r->name_len + 1;
	if (r->name_len == 0)
		return false;
	if (r->name_len == len)
		return true;
	return line_blank(s[r->name_len]) || s[r->name_len] == ',' || s[r->name_len] == ')';
}

/* True when there is the form of a reference at offset AT of the line. */
static bool ref_at(const struct line *l, size_t at, struct ref *r)
{
	const char *s = l->text + at + 1;
	size_t len = l->len - at - 1;

	r->at = at;
	if (l->text[at] != '$' || l->at[at].literal)
		return false;
	if (len > 0 && s[0] == '{')
		return braced_ref(s + 1, len - 1, r);
	return plain_ref(s, len, r);
}

/* The next number of *TEXT, or FALLBACK when there is none. */
static uint32_t number_arg(const char **text, uint32_t fallback)
{
	char *end;
	unsigned long v;

	while (line_blank(**text))
		(*text)++;
	if (!isdigit((unsigned char)**text))
		return fallback;
	v = strtoul(*text, &end, 10);
	*text = end;
	return v > INT32_MAX ? INT32_MAX : (uint32_t)v;
}

/* A copy of the arguments without the blanks around them; NULL stops the lexer. */
static const char *args_text(struct lx *x, const struct ref *r)
{
	const char *s = r->args;
	size_t len = r->args_len;

	for (; len > 0 && line_blank(s[0]); len--)
		s++;
	while (len > 0 && line_blank(s[len - 1]))
		len--;
	return lx_strn(x, s, len);
}

static const char *value_pwd(struct lx *x, const struct ref *r)
{
	const char *cwd = x->dir[0] == '/' ? "" : x->cwd;
	size_t dir = strlen(x->dir), base = strlen(cwd);
	char *text = lx_array(x, base + dir + 2, 1);

	(void)r;
	if (!text)
		return NULL;
	snprintf(text, base + dir + 2, "%s%s%s", cwd, base ? "/" : "", x->dir);
	for (size_t n = strlen(text); n > 1 && text[n - 1] == '/'; n--)
		text[n - 1] = '\0';
	return text;
}

static const char *value_instance(struct lx *x, const struct ref *r)
{
	(void)r;
	return x->config_id;
}

static const char *value_random(struct lx *x, const struct ref *r)
{
	const char *args = args_text(x, r);
	char *text = lx_array(x, 16, 1);
	uint32_t min, max;

	if (!args || !text)
		return NULL;
	min = number_arg(&args, 0);
	max = number_arg(&args, 32767);
	if (max < min)
		max = min;
	min += (uint32_t)(((uint64_t)x->source->random(x->source->ctx) * (max - min + 1ull)) >> 32);
	snprintf(text, 16, "%u", (unsigned int)min);
	return text;
}

static const char *value_env(struct lx *x, const struct ref *r)
{
	const char *name = args_text(x, r);

	return name ? x->source->env(x->source->ctx, name) : NULL;
}

static const char *value_hash(struct lx *x, const struct ref *r)
{
	(void)x;
	(void)r;
	return "#";
}

static const char *value_bang(struct lx *x, const struct ref *r)
{
	(void)x;
	(void)r;
	return "!";
}

/* The predefined parameters; a NULL value counts as an empty one. LITERAL ones start no comment. */
static const struct predefined {
	const char *name;
	const char *(*value)(struct lx *x, const struct ref *r);
	bool takes_args;
	bool literal;
} predefined[] = {
	{ "_PWD", value_pwd, false, false },
	{ "_INSTANCE", value_instance, false, false },
	{ "_RANDOM", value_random, true, false },
	{ "_ENV", value_env, true, false },
	{ "_HASH", value_hash, false, true },
	{ "_BANG", value_bang, false, true },
};

static const struct predefined *find_predefined(const struct ref *r)
{
	for (size_t i = 0; i < sizeof(predefined) / sizeof(predefined[0]); i++) {
		const struct predefined *d = &predefined[i];

		if (strlen(d->name) == r->name_len && memcmp(d->name, r->name, r->name_len) == 0)
			return r->args_len == 0 || d->takes_args ? d : NULL;
	}
	return NULL;
}

/* Puts VALUE in the place of R; a reference that does not fit is left alone from now on. */
static bool put(struct lx *x, struct line *l, const struct ref *r, const struct piece *value,
		bool literal)
{
	struct diag_pos pos = lx_pos(x, line_place(l, r->at));

	if (line_replace(l, r->at, r->size, value, literal))
		return true;
	diag_add(x->diags, &pos, DIAG_MISTAKE, NULL,
		 "with the value of $%.*s the line would be longer than %d octets",
		 (int)r->name_len, r->name, LINE_CAP);
	l->at[r->at].literal = 1;
	return false;
}

static bool put_predefined(struct lx *x, struct line *l, const struct ref *r,
			   const struct predefined *d)
{
	const char *text = d->value(x, r);
	struct piece value = { .text = text, .len = text ? strlen(text) : 0 };

	return put(x, l, r, &value, d->literal);
}

/* A value of several lines fits only at the end of a line, as in keepalived. */
static bool misplaced(struct lx *x, struct line *l, const struct ref *r, const struct param *e)
{
	struct diag_pos pos = lx_pos(x, line_place(l, r->at));

	if (e->n == 1 || r->at + r->size == l->len)
		return false;
	diag_add(x->diags, &pos, DIAG_MISTAKE, NULL,
		 "$%.*s has several lines and can only stand at the end of a line",
		 (int)r->name_len, r->name);
	l->at[r->at].literal = 1;
	return true;
}

bool params_step(struct params *p, struct lx *x, struct line *l, size_t stop,
		 struct piece const **more, size_t *n_more)
{
	*n_more = 0;
	for (size_t i = l->from; i < l->len && i < stop; i++) {
		const struct predefined *d;
		const struct param *e;
		struct ref r;

		if (!ref_at(l, i, &r))
			continue;
		e = r.args_len == 0 ? find(p, r.name, r.name_len) : NULL;
		d = e ? NULL : find_predefined(&r);
		if (d && put_predefined(x, l, &r, d))
			return true;
		if (!e || misplaced(x, l, &r, e) || !put(x, l, &r, e->value, false))
			continue;
		*more = e->value + 1;
		*n_more = e->n - 1;
		return true;
	}
	return false;
}

const char *params_nearest(const struct params *p, const char *name, size_t len)
{
	const char *words[NEAREST_MAX + 1];
	char plain[64];
	size_t n = 0;

	if (len >= sizeof(plain))
		return NULL;
	snprintf(plain, sizeof(plain), "%.*s", (int)len, name);
	for (size_t b = 0; b < N_BUCKETS; b++) {
		for (const struct param *e = p->bucket[b]; e && n < NEAREST_MAX; e = e->next)
			words[n++] = e->name;
	}
	words[n] = NULL;
	return word_nearest(plain, words);
}
