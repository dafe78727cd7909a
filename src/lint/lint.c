/*
 * Why this exists: the order of the work, and the list that is its result. What the loader has said
 * is a part of that list, so that a person reads one list and a program one document.
 */
#include "lint/lint.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "lint/elect.h"
#include "lint/rules.h"

#define TEXT_MAX 1024

struct lnt *lnt_new(const struct lnt_host *host)
{
	struct lnt *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->arena = arena_new();
	if (!l->arena) {
		free(l);
		return NULL;
	}
	if (host)
		l->host = *host;
	l->routers_end = &l->routers;
	l->worst = -1;
	return l;
}

void lnt_free(struct lnt *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->n_nodes; i++)
		tree_close(&l->nodes[i]->tree);
	arena_free(l->arena);
	free(l->said);
	free(l);
}

/* ---- saying ---- */

static bool same_place(const struct diag_pos *a, const struct diag_pos *b)
{
	return a->line == b->line && a->col == b->col && strcmp(a->file, b->file) == 0;
}

static struct lnt_said *add(struct lnt *l, const struct lnt_said *said)
{
	size_t size = l->said_size ? l->said_size * 2 : 64;
	struct lnt_said *v;

	if (l->n_said == l->said_size) {
		v = reallocarray(l->said, size, sizeof(*v));
		if (!v) {
			l->no_memory = true;
			return NULL;
		}
		l->said = v;
		l->said_size = size;
	}
	l->said[l->n_said] = *said;
	return &l->said[l->n_said++];
}

/* Text without the control octets that a name in a file may have, and no cut character; in the
 * arena. */
static char *clean(struct lnt *l, const char *text)
{
	char *copy = arena_str(l->arena, text);

	l->no_memory |= !copy;
	utf8_clean(copy);
	return copy;
}

struct lnt_said *lnt_say(struct lnt *l, const struct lnt_rule *rule, const struct lnt_node *node,
			 const struct diag_pos *pos, const char *format, ...)
{
	struct lnt_said said = { .rule = rule, .node = node->index };
	char text[TEXT_MAX];
	size_t own = 0;
	va_list args;

	said.f = (struct lnt_finding){ .id = rule->id, .severity = rule->severity, .pos = *pos };
	if (!said.f.pos.file)
		said.f.pos.file = node->file;
	for (size_t i = 0; i < l->n_said; i++) {
		struct lnt_said *old = &l->said[i];

		own += old->rule != NULL;
		if (old->rule != rule || !same_place(&old->f.pos, &said.f.pos))
			continue;
		old->more++;
		return NULL;
	}
	if (own >= LNT_FINDINGS_MAX) {
		l->dropped++;
		return NULL;
	}
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	said.f.what = clean(l, text);
	return l->no_memory ? NULL : add(l, &said);
}

void lnt_detail(struct lnt *l, struct lnt_said *said, const char *format, ...)
{
	char text[TEXT_MAX];
	va_list args;
	char *line;

	if (!said)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	line = clean(l, text);
	if (said->f.detail && line)
		line = mdl_print(l, "%s\n%s", said->f.detail, line);
	said->f.detail = line;
}

void lnt_instead(struct lnt *l, struct lnt_said *said, const char *format, ...)
{
	char text[TEXT_MAX];
	va_list args;

	if (!said)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	said->f.instead = clean(l, text);
}

/* ---- the nodes ---- */

static void add_diag(struct lnt *l, size_t node, const struct diag *d)
{
	struct lnt_said said = { .node = node };

	said.f = (struct lnt_finding){
		.id = "config", .severity = d->severity,
		.pos = { .file = arena_str(l->arena, d->file), .line = d->line, .col = d->col },
	};
	said.f.what = d->hint ? mdl_print(l, "%s (did you mean '%s'?)", d->text, d->hint) :
				mdl_print(l, "%s", d->text);
	l->no_memory |= !said.f.pos.file;
	if (!l->no_memory)
		add(l, &said);
}

bool lnt_add(struct lnt *l, const char *file, const struct cfg_options *options,
	     const struct diag_list *said)
{
	size_t index = l->n_nodes;
	bool good;

	assert(index < LNT_NODES_MAX);
	for (size_t i = 0; i < said->n; i++)
		add_diag(l, index, &said->v[i]);
	l->dropped += said->dropped;
	good = mdl_load(l, file, options) != NULL;
	/* cfg_load() could read it a moment ago: to say nothing now would mean "nothing found". */
	l->no_memory |= !good && diag_worst(said) < (int)DIAG_FATAL;
	if (l->n_nodes > index)
		l->nodes[index]->unusable = !good || diag_worst(said) >= (int)DIAG_FATAL;
	return good;
}

bool lnt_unusable(const struct lnt *l, size_t i)
{
	return i >= l->n_nodes || l->nodes[i]->unusable;
}

/* How many octets of directories all files have in common. */
static size_t common_directories(const struct lnt *l)
{
	const char *first = l->nodes[0]->file;
	size_t common = strlen(first);

	for (size_t i = 1; i < l->n_nodes; i++) {
		size_t n = 0;

		while (n < common && l->nodes[i]->file[n] == first[n])
			n++;
		common = n;
	}
	while (common > 0 && first[common - 1] != '/')
		common--;
	return common;
}

static void label(struct lnt *l)
{
	size_t common = l->n_nodes ? common_directories(l) : 0;

	for (size_t i = 0; i < l->n_nodes; i++)
		l->nodes[i]->label = l->nodes[i]->file + common;
}

/* ---- the rules ---- */

static void run_node(struct lnt *l, const struct lnt_rule *rule, struct lnt_node *node)
{
	if (rule->node && node->files)
		rule->node(l, rule, node);
	for (size_t i = 0; i < node->n_scripts && rule->script; i++) {
		if (node->scripts[i].tracked)
			rule->script(l, rule, node, &node->scripts[i]);
	}
	for (size_t i = 0; i < node->n_insts && rule->inst; i++)
		rule->inst(l, rule, &node->insts[i]);
}

static void run_rule(struct lnt *l, const struct lnt_rule *rule)
{
	if (rule->all)
		rule->all(l, rule);
	for (size_t i = 0; i < l->n_nodes; i++)
		run_node(l, rule, l->nodes[i]);
	for (const struct lnt_router *r = l->routers; r && rule->router; r = r->next) {
		if (r->n > 1)
			rule->router(l, rule, r);
	}
}

/* ---- the result ---- */

/* The loader's words at places where a rule has said the same. */
static bool is_replaced(const struct lnt *l, const struct lnt_said *said)
{
	for (size_t i = 0; i < l->n_said && !said->rule; i++) {
		const struct lnt_said *by = &l->said[i];

		if (by->rule && by->rule->replaces && by->node == said->node &&
		    said->f.severity <= by->rule->severity && same_place(&by->f.pos, &said->f.pos))
			return true;
	}
	return false;
}

struct key {
	size_t node, file, index;
	const struct lnt_said *said;
};

/* Files in the order of reading; what is none of them (a script) stands behind. */
static size_t file_rank(const struct lnt_node *node, const char *file)
{
	size_t i = 0;

	while (node->files && node->files[i] && strcmp(node->files[i], file) != 0)
		i++;
	return i;
}

static int by_number(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int by_place(const void *va, const void *vb)
{
	const struct key *a = va, *b = vb;
	int c = by_number(a->node, b->node);

	c = c ? c : by_number(a->file, b->file);
	c = c ? c : by_number(!a->said->f.pos.line, !b->said->f.pos.line);
	c = c ? c : by_number(a->said->f.pos.line, b->said->f.pos.line);
	c = c ? c : by_number(a->said->f.pos.col, b->said->f.pos.col);
	return c ? c : by_number(a->index, b->index);
}

static void finish(struct lnt *l)
{
	struct key *keys = mdl_alloc(l, l->n_said, sizeof(*keys));
	size_t n = 0;

	l->findings = mdl_alloc(l, l->n_said, sizeof(*l->findings));
	for (size_t i = 0; i < l->n_said && !l->no_memory; i++) {
		const struct lnt_said *s = &l->said[i];

		if (is_replaced(l, s))
			continue;
		keys[n] =
			(struct key) { s->node, file_rank(l->nodes[s->node], s->f.pos.file), n, s };
		n++;
	}
	if (l->no_memory)
		return;
	qsort(keys, n, sizeof(*keys), by_place);
	for (size_t i = 0; i < n; i++) {
		const struct lnt_said *s = keys[i].said;

		l->findings[i] = s->f;
		if (s->more > 0)
			l->findings[i].what =
				mdl_print(l, "%s (the same for %zu more)", s->f.what, s->more);
		if ((int)s->f.severity > l->worst)
			l->worst = (int)s->f.severity;
	}
	l->n_said = n;
}

bool lnt_run(struct lnt *l)
{
	if (l->no_memory)
		return false;
	label(l);
	mdl_match(l);
	elc_judge(l);
	for (const struct lnt_rule *rule = lnt_rules; rule->id && !l->no_memory; rule++)
		run_rule(l, rule);
	finish(l);
	return !l->no_memory;
}

const struct lnt_finding *lnt_findings(const struct lnt *l, size_t *n, size_t *dropped)
{
	*n = l->findings ? l->n_said : 0;
	*dropped = l->dropped;
	return l->findings;
}

int lnt_worst(const struct lnt *l)
{
	return l->worst;
}
