/*
 * Lines that fit.
 *
 * A name is what people copy into the next command, so it is whole or it is useless. A table
 * therefore has two forms: all in one line, or, where a name needs the room, the name and its state
 * in one line and the rest of the row below it, in its columns.
 */
#include "ctl/layout.h"

#include <stdint.h>
#include <string.h>

#include "ctl/text.h"

#define GAP 2				/* between two cells */
#define INDENT 4			/* of a line that goes on a row and finds no column */
#define NAME_LEAST 8			/* columns that the first column is not narrowed below */
#define PLAIN "\033[0m"

static void spaces(FILE *to, size_t n)
{
	fprintf(to, "%*s", (int)n, "");
}

/* LEN octets of TEXT from column AT on, broken at the ends of lines; returns the column behind. */
static size_t put_broken(FILE *to, const char *text, size_t len, size_t columns, size_t at,
			 size_t indent)
{
	while (len) {
		size_t n = txt_fit(text, len, at < columns ? columns - at : 0);

		if (!n && at > indent) {
			fputc('\n', to);
			spaces(to, indent);
			at = indent;
			continue;
		}
		if (!n)
			n = txt_fit(text, len, 2);	/* the widest character */
		fwrite(text, 1, n, to);
		at += txt_width(text, n);
		text += n;
		len -= n;
	}
	return at;
}

void lay_fold(FILE *to, const char *text, size_t columns, size_t at, size_t indent)
{
	size_t gap = 0;			/* spaces before the next word */

	for (;;) {
		size_t len = strcspn(text, " ");
		size_t width = txt_width(text, len);

		if (gap && at + gap + width > columns) {
			fputc('\n', to);
			spaces(to, indent);
			at = indent;
			gap = 0;
		}
		spaces(to, gap);
		at = put_broken(to, text, len, columns, at + gap, indent);
		text += len;
		if (!*text)
			break;
		gap = strspn(text, " ");
		text += gap;
	}
	fputc('\n', to);
}

/* ---- tables ---- */

struct grid {
	const struct lay_column *cols;
	size_t n;
	size_t columns;
	size_t width[LAY_COLUMNS_OF_TABLE];
	size_t start[LAY_COLUMNS_OF_TABLE];
};

static void arrange(struct grid *g, size_t name)
{
	size_t at = 0;

	g->width[0] = name;
	for (size_t c = 0; c < g->n; c++) {
		g->start[c] = at;
		at += g->width[c] + GAP;
	}
}

/* Where cell C of WIDE columns begins when the line is used up to AT; 0: nothing is in it yet. */
static size_t place(const struct grid *g, size_t c, size_t at, size_t wide, bool *new_line)
{
	const size_t start = g->start[c];
	const bool fits = start + wide <= g->columns;

	*new_line = false;
	if (fits && (at == 0 || at + GAP <= start))
		return start;
	if (at && at + GAP + wide <= g->columns && (!fits || g->cols[c].is_state))
		return at + GAP;
	*new_line = at != 0;
	if (c == 0)
		return 0;
	return fits ? start : INDENT;
}

static void measure(struct grid *g, const json_t *rows)
{
	const json_t *row;
	struct wrd w;
	size_t i;

	for (size_t c = 0; c < g->n; c++)
		g->width[c] = strlen(g->cols[c].title);
	json_array_foreach(rows, i, row) {
		for (size_t c = 0; c < g->n; c++) {
			wrd_clear(&w);
			g->cols[c].cell(&w, row);
			size_t wide = txt_width(w.s, w.len);

			if (wide > g->width[c])
				g->width[c] = wide;
		}
	}
}

/* How many lines the rows would take. */
static size_t lines(const struct grid *g, const json_t *rows)
{
	const json_t *row;
	size_t n = 0, i;
	struct wrd w;

	json_array_foreach(rows, i, row) {
		size_t at = 0;

		n++;
		for (size_t c = 0; c < g->n; c++) {
			bool new_line;

			wrd_clear(&w);
			g->cols[c].cell(&w, row);
			size_t wide = txt_width(w.s, w.len);

			if (!wide)
				continue;
			at = place(g, c, at, wide, &new_line) + wide;
			n += new_line;
		}
	}
	return n;
}

/*
 * How wide the column of names is: as the widest one, as what all others leave, or as what they
 * leave when the last one goes below; whichever takes the fewest lines.
 */
static void choose(struct grid *g, const json_t *rows)
{
	const size_t widest = g->width[0], last = GAP + g->width[g->n - 1];
	size_t rest = 0, wanted[3], best = NAME_LEAST, fewest = SIZE_MAX;

	for (size_t c = 1; c < g->n; c++)
		rest += GAP + g->width[c];
	wanted[0] = widest;
	wanted[1] = g->columns > rest ? g->columns - rest : 0;
	wanted[2] = g->columns > rest - last ? g->columns - (rest - last) : 0;
	if (widest + rest <= g->columns) {
		arrange(g, widest);
		return;
	}
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		if (wanted[i] < NAME_LEAST || wanted[i] > widest ||
		    wanted[i] + rest - last > g->columns)
			continue;
		arrange(g, wanted[i]);
		size_t n = lines(g, rows);
		if (n < fewest)
			best = wanted[i];
		if (n < fewest)
			fewest = n;
	}
	arrange(g, best);
}

struct pen {
	FILE *to;
	const struct grid *g;
	size_t at;
};

static void put_cell(struct pen *p, size_t c, const char *text, const char *colour)
{
	const size_t len = strlen(text), wide = txt_width(text, len);
	bool new_line;
	size_t to;

	if (!wide)
		return;
	to = place(p->g, c, p->at, wide, &new_line);
	if (new_line) {
		fputc('\n', p->to);
		p->at = 0;
	}
	spaces(p->to, to - p->at);
	fputs(colour ? colour : "", p->to);
	p->at = put_broken(p->to, text, len, p->g->columns, to, c ? INDENT : 0);
	fputs(colour ? PLAIN : "", p->to);
}

void lay_table(FILE *to, const json_t *rows, const struct lay_column *cols, size_t n,
	       size_t columns, lay_colour_fn *colour)
{
	struct grid g = { .cols = cols, .n = n, .columns = columns };
	struct pen pen = { .to = to, .g = &g };
	const json_t *row;
	struct wrd w;
	size_t i;

	measure(&g, rows);
	choose(&g, rows);
	for (size_t c = 0; c < n; c++)
		put_cell(&pen, c, cols[c].title, NULL);
	fputc('\n', to);
	json_array_foreach(rows, i, row) {
		pen.at = 0;
		for (size_t c = 0; c < n; c++) {
			wrd_clear(&w);
			cols[c].cell(&w, row);
			put_cell(&pen, c, w.s, colour && cols[c].is_state ? colour(w.s) : NULL);
		}
		fputc('\n', to);
	}
}
