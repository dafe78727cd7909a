/*
 * Why this exists: every stage of the lexer can be made to repeat itself by its input. One place
 * counts for all of them, so that no stage needs its own idea of "too much".
 */
#include "config/lexctx.h"

void lx_stop(struct lx *x, const char *why)
{
	struct diag_pos pos = lx_pos(x, x->here);

	if (x->stopped)
		return;
	x->stopped = true;
	diag_add(x->diags, &pos, DIAG_FATAL, NULL, "%s; the rest was not read", why);
}

static bool spend(struct lx *x, size_t *purse, size_t amount)
{
	if (amount <= *purse && !x->stopped) {
		*purse -= amount;
		return true;
	}
	lx_stop(x, "the files, parameters and generators expand to too much text");
	return false;
}

bool lx_pay(struct lx *x, size_t units)
{
	return spend(x, &x->work, units);
}

bool lx_owe(struct lx *x, size_t bytes)
{
	return spend(x, &x->mem, bytes);
}

void *lx_array(struct lx *x, size_t n, size_t size)
{
	size_t bytes = SIZE_MAX;
	void *p;

	if (!__builtin_mul_overflow(n, size, &bytes) && !lx_owe(x, bytes))
		return NULL;
	p = arena_array(x->arena, n, size);
	if (!p)
		lx_stop(x, "out of memory");
	return p;
}

char *lx_strn(struct lx *x, const char *text, size_t len)
{
	char *copy = lx_array(x, len + 1, 1);

	for (size_t i = 0; copy && i < len; i++)
		copy[i] = text[i];
	return copy;
}

bool lx_keep(struct lx *x, const struct line *l, size_t at, struct piece *out)
{
	if (!lx_owe(x, (l->len + 1) * (1 + sizeof(struct place))))
		return false;
	if (line_keep(l, at, x->arena, out))
		return true;
	lx_stop(x, "out of memory");
	return false;
}

struct diag_pos lx_pos(const struct lx *x, struct place p)
{
	const char *file = p.file < x->n_files ? x->files[p.file] : x->files[0];

	return (struct diag_pos){ .file = file, .line = p.line, .col = p.col };
}
