/*
 * Why this exists: a thousand instances are written in one line, "~SEQ(ID, 1, 254) $INSTANCE". A
 * generator gives one round after the other, only when the lexer asks for it, so that no text is
 * ever expanded as a whole.
 */
#include "config/gen.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VARS_MAX 16
#define ROUND_WORK 64		/* what setting a variable costs, in octets moved */

struct gen {
	size_t n_vars;
	const char *var[VARS_MAX];
	struct piece value[VARS_MAX];
	struct piece rest;

	/* ~SEQ */
	bool hex;
	bool done;
	int64_t now, step, end;
	char number[24];

	/* ~LST: what is left of the values */
	const char *list;
};

struct head {
	const char *word;
	bool hex;
	bool list;
};

static const struct head heads[] = {
	{ "~SEQx", true, false },
	{ "~SEQ", false, false },
	{ "~LST", false, true },
};

/* Which generator the line begins with, and the offset behind its '('; NULL for none. */
static const struct head *find_head(const struct line *l, size_t *inside)
{
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		size_t at = l->from, n = strlen(heads[i].word);

		if (l->len - at <= n || memcmp(l->text + at, heads[i].word, n) != 0)
			continue;
		for (at += n; at < l->len && line_blank(l->text[at]);)
			at++;
		if (at == l->len || l->text[at] != '(')
			continue;
		*inside = at + 1;
		return &heads[i];
	}
	return NULL;
}

size_t gen_head(const struct line *l)
{
	size_t at;

	if (!find_head(l, &at))
		return 0;
	while (at < l->len && l->text[at] != ')')
		at++;
	return (at < l->len ? at + 1 : at) - l->from;
}

/* Cuts the next item off *LIST: "word" or, when BRACES, "{...}" without them; NULL at a mistake. */
static char *take_item(char **list, bool *braced)
{
	char *s = *list, *end, *behind;

	s += strspn(s, " \t\v\f\r\n");
	*braced = *s == '{';
	s += *braced;
	end = s + strcspn(s, *braced ? "}" : ",");
	if (*braced && *end == '\0')
		return NULL;
	behind = end + *braced;
	behind += strspn(behind, " \t\v\f\r\n");
	if (*behind != ',' && *behind != '\0')
		return NULL;
	*list = *behind ? behind + 1 : NULL;
	while (end > s && line_blank(end[-1]))
		end--;
	*end = '\0';
	return s;
}

static bool is_name(const char *s)
{
	size_t n = strlen(s);

	return n > 0 && params_name(s, n) == n;
}

static struct gen *refuse(struct lx *x, const struct line *l, const char *why)
{
	struct diag_pos pos = lx_pos(x, line_place(l, l->from));

	diag_add(x->diags, &pos, DIAG_MISTAKE, NULL, "%.4s: %s", l->text + l->from, why);
	return NULL;
}

static bool number(const char *s, int64_t *v)
{
	char *end;

	errno = 0;
	*v = strtoll(s, &end, 0);
	return end != s && *end == '\0' && errno == 0 && *v >= INT32_MIN && *v <= UINT32_MAX;
}

/* "VAR, [START, [STEP,]] END". */
static const char *read_seq(struct gen *g, char *args)
{
	int64_t v[3] = { 0 };
	size_t n = 0;
	bool braced;

	g->var[0] = take_item(&args, &braced);
	g->n_vars = 1;
	if (!g->var[0] || braced || !is_name(g->var[0]))
		return "the first argument must be a name";
	while (args) {
		const char *item = take_item(&args, &braced);

		if (n == 3 || !item || braced || !number(item, &v[n++]))
			return "needs one to three whole numbers behind the name";
	}
	if (n == 0)
		return "needs one to three whole numbers behind the name";
	g->end = v[n - 1];
	g->now = n > 1 ? v[0] : g->end < 0 ? -1 : 1;
	g->step = n == 3 ? v[1] : g->end < g->now ? -1 : 1;
	if (g->step == 0 || (g->step > 0 ? g->now > g->end : g->now < g->end))
		return "the step never reaches the end";
	if (g->hex && (g->now < 0 || g->end < 0))
		return "negative numbers have no hexadecimal form";
	return NULL;
}

/* Checks that a tuple has at most as many values as there are variables. */
static bool count_fits(const struct gen *g, const char *item, bool braced)
{
	size_t n = 1;

	for (; braced && *item; item++)
		n += *item == ',';
	return n <= g->n_vars;
}

/* Checks a whole list of values before the first round: nothing or everything of it is used. */
static const char *check_values(const struct gen *g, char *list)
{
	bool braced;

	if (!list)
		return "needs values behind the name";
	while (list) {
		const char *item = take_item(&list, &braced);

		if (!item || item[strcspn(item, braced ? "{" : " \t\v\f\r\n{}")] != '\0')
			return "a value is malformed";
		if (!count_fits(g, item, braced))
			return "has more values than names";
	}
	return NULL;
}

/* "VAR, VALUE..." or "{VAR, VAR...}, {VALUE, VALUE...}...". COPY has the same text as ARGS. */
static const char *read_list(struct gen *g, char *args, char *copy)
{
	bool braced;
	char *names, *start = args;

	names = take_item(&args, &braced);
	if (!names)
		return "the first argument must be a name or {names}";
	g->list = args ? copy + (args - start) : NULL;
	do {
		bool inner;

		if (g->n_vars == VARS_MAX)
			return "has too many names";
		g->var[g->n_vars] = take_item(&names, &inner);
		if (!g->var[g->n_vars] || inner || !is_name(g->var[g->n_vars]))
			return "the first argument must be a name or {names}";
		g->n_vars++;
	} while (names && braced);
	return check_values(g, args);
}

struct gen *gen_open(struct lx *x, const struct line *l, size_t size)
{
	size_t inside = 0, rest = l->from + size;
	const struct head *h = find_head(l, &inside);
	struct gen *g = lx_array(x, 1, sizeof(*g));
	char *args, *copy;
	const char *why;

	if (!g || !h)
		return NULL;
	if (l->text[rest - 1] != ')')
		return refuse(x, l, "its ')' is missing");
	args = lx_strn(x, l->text + inside, rest - 1 - inside);
	copy = lx_strn(x, l->text + inside, rest - 1 - inside);
	if (!args || !copy || !lx_keep(x, l, rest, &g->rest))
		return NULL;
	g->hex = h->hex;
	why = h->list ? read_list(g, args, copy) : read_seq(g, args);
	return why ? refuse(x, l, why) : g;
}

static bool next_number(struct gen *g)
{
	int n;

	if (g->done)
		return false;
	n = snprintf(g->number, sizeof(g->number), g->hex ? "%llx" : "%lld", (long long)g->now);
	g->value[0] = (struct piece){ .text = g->number, .len = (size_t)n };
	g->now += g->step;
	g->done = g->step > 0 ? g->now > g->end : g->now < g->end;
	return true;
}

/* The value at *S up to a comma or END, without blanks around it; moves *S behind the comma. */
static struct piece next_value(const char **s, const char *end)
{
	const char *from = *s, *to;

	while (from < end && line_blank(*from))
		from++;
	for (to = from; to < end && *to != ',';)
		to++;
	*s = to < end ? to + 1 : end;
	while (to > from && line_blank(to[-1]))
		to--;
	return (struct piece){ .text = from, .len = (size_t)(to - from) };
}

/* Reads one item of the checked list. */
static bool next_tuple(struct gen *g)
{
	const char *s = g->list, *end;

	if (!s)
		return false;
	s += strspn(s, " \t\v\f\r\n");
	end = s + strcspn(s, *s == '{' ? "}" : ",");
	g->list = strchr(end, ',');
	if (g->list)
		g->list++;
	s += *s == '{';
	for (size_t i = 0; i < g->n_vars; i++)
		g->value[i] = next_value(&s, end);
	return true;
}

bool gen_next(struct gen *g, struct params *p, struct lx *x, struct piece *line)
{
	bool more = g->step ? next_number(g) : next_tuple(g);

	if (!more || !lx_pay(x, ROUND_WORK * g->n_vars))
		return false;
	for (size_t i = 0; i < g->n_vars; i++)
		params_set(p, x, g->var[i], strlen(g->var[i]), &g->value[i], 1);
	*line = g->rest;
	return true;
}
