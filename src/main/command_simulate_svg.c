/*
 * The timeline as a picture: one lane a node, so that a person can look instead of read.
 *
 * It stands alone: no script, no font, no other file; a title on every bar says in words what its
 * colour says. Marks that would fall on one another are drawn once, so its size is bounded.
 */
#include <stdlib.h>
#include <string.h>

#include "main/simulate.h"

#define LEFT 150
#define PLOT 1000
#define RIGHT 30
#define TOP 92
#define BAR 22				/* a service's strip in a lane */
#define MARKS 22			/* above the strips of a lane */
#define LANE_GAP 20
#define TICKS_MAX 12
#define LABEL 24			/* octets of a name beside a lane */
#define EVENT_ROW 14
#define EVENTS_SHOWN 40

static const struct {
	const char *colour, *word;
} looks[ST_N_STATES] = {
	[ST_OFF] = { "#ffffff", "not running" },
	[ST_INIT] = { "#d9d9d9", "INIT" },
	[ST_BACKUP] = { "#a6c8e8", "BACKUP" },
	[ST_MASTER] = { "#2e8b57", "MASTER" },
	[ST_FAULT] = { "#d9534f", "FAULT" },
	[ST_PAUSED] = { "#8c7aa9", "paused" },
};

struct sheet {
	const struct box *box;
	const struct story *story;
	FILE *to;
	size_t n_events;
};

static double x_of(const struct sheet *s, int64_t at_us)
{
	return LEFT + PLOT * (double)at_us / (double)s->story->end_us;
}

static int lane_height(const struct sheet *s)
{
	return MARKS + BAR * (int)s->box->n_services + LANE_GAP;
}

static int lane_y(const struct sheet *s, size_t node)
{
	return TOP + EVENT_ROW * (int)s->n_events + lane_height(s) * (int)node;
}

static int axis_y(const struct sheet *s)
{
	return lane_y(s, s->box->n_nodes);
}

/* Text of the user's, for XML; what is not ASCII may not be UTF-8 and becomes '?'. */
static void put_escaped(const char *text, size_t most, FILE *to)
{
	for (size_t i = 0; text[i] && i < most; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '&')
			fputs("&amp;", to);
		else if (c == '<')
			fputs("&lt;", to);
		else if (c == '>')
			fputs("&gt;", to);
		else if (c == '"')
			fputs("&quot;", to);
		else
			fputc(c < ' ' || c > '~' ? '?' : c, to);
	}
}

/* ---- the parts ---- */

static void put_head(const struct sheet *s)
{
	int width = LEFT + PLOT + RIGHT, height = axis_y(s) + 50;

	fprintf(s->to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n"
		"<text x=\"14\" y=\"26\" font-size=\"17\" font-weight=\"bold\">Who holds ",
		width, height, width, height);
	for (size_t i = 0; i < s->box->n_services && i < 3; i++) {
		fputs(i ? ", " : "", s->to);
		put_escaped(s->box->services[i].vips, BOX_LABEL_MAX, s->to);
	}
	fprintf(s->to, "%s</text>\n", s->box->n_services > 3 ? ", ..." : "");
}

static void put_legend(const struct sheet *s)
{
	int x = LEFT, y = 48;

	for (int i = 0; i < ST_N_STATES; i++, x += 108)
		fprintf(s->to, "<rect x=\"%d\" y=\"%d\" width=\"16\" height=\"12\" fill=\"%s\" "
			"stroke=\"#666666\"/><text x=\"%d\" y=\"%d\">%s</text>\n", x, y,
			looks[i].colour, x + 22, y + 10, looks[i].word);
	fprintf(s->to, "<path d=\"M%d %dl5 10h-10z\" fill=\"#d98200\"/>"
		"<text x=\"%d\" y=\"%d\">ARP sent</text>\n", x + 5, y + 1, x + 18, y + 10);
	x += 90;
	fprintf(s->to, "<path d=\"M%d %dl8 8m0 -8l-8 8\" stroke=\"#c00000\" stroke-width=\"2\"/>"
		"<text x=\"%d\" y=\"%d\">advertisement lost</text>\n", x, y + 2, x + 18, y + 10);
}

static void put_event_text(const struct sheet *s, const struct story_line *l, double x, int y)
{
	bool late = x > LEFT + PLOT * 0.6;

	fprintf(s->to, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\" stroke=\"#ffffff\" "
		"stroke-width=\"4\" paint-order=\"stroke\">%g s: ", late ? x - 5 : x + 5, y,
		late ? "end" : "start", (double)l->at_us / (double)BOX_SECOND);
	put_escaped(l->text, BOX_LABEL_MAX, s->to);
	fputs("</text>\n", s->to);
}

/* Each event: a line through all lanes, and (over all the lines) its sentence in its own row. */
static void put_events(const struct sheet *s, bool texts)
{
	const struct story *t = s->story;
	size_t row = 0;

	for (size_t i = 0; i < t->n_lines && row < s->n_events; i++) {
		double x = x_of(s, t->lines[i].at_us);
		int y = TOP - 8 + EVENT_ROW * (int)row;

		if (t->lines[i].kind != STORY_EVENT)
			continue;
		row++;
		if (texts)
			put_event_text(s, &t->lines[i], x, y);
		else
			fprintf(s->to, "<path d=\"M%.1f %dV%d\" stroke=\"#444444\" "
				"stroke-dasharray=\"3 3\"/>\n", x, y - 8, axis_y(s));
	}
}

static void put_span(const struct sheet *s, const struct story_span *p)
{
	double x = x_of(s, p->from_us), width = x_of(s, p->to_us) - x;
	int y = lane_y(s, p->node) + MARKS + BAR * (int)p->service;

	fprintf(s->to, "<rect x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\" fill=\"%s\" "
		"stroke=\"#666666\" stroke-width=\"0.5\"><title>", x, y, width, BAR - 2,
		looks[p->state].colour);
	put_escaped(s->box->nodes[p->node].name, BOX_LABEL_MAX, s->to);
	fputs(" ", s->to);
	put_escaped(s->box->services[p->service].name, BOX_LABEL_MAX, s->to);
	fprintf(s->to, ": %s, %.3f s to %.3f s</title></rect>\n", looks[p->state].word,
		(double)p->from_us / (double)BOX_SECOND, (double)p->to_us / (double)BOX_SECOND);
	if (width < 60)
		return;
	fprintf(s->to, "<text x=\"%.1f\" y=\"%d\" fill=\"%s\">%s", x + 6, y + 14,
		p->state == ST_MASTER || p->state == ST_FAULT || p->state == ST_PAUSED ?
		"#ffffff" : "#222222", looks[p->state].word);
	if (s->box->n_services > 1 && width > 160) {
		fputs(" ", s->to);
		put_escaped(s->box->services[p->service].name, LABEL, s->to);
	}
	fputs("</text>\n", s->to);
}

/* Closer than this they could not be told apart. */
static void put_marks(const struct sheet *s, bool lost)
{
	double last[SIM_NODES_MAX];

	for (size_t i = 0; i < SIM_NODES_MAX; i++)
		last[i] = -PLOT;
	for (size_t i = 0; i < s->story->n_marks; i++) {
		const struct story_mark *m = &s->story->marks[i];
		double x = x_of(s, m->at_us);
		int y = lane_y(s, m->node) + MARKS - 12;

		if (m->lost != lost || x - last[m->node] < (lost ? 8 : 4))
			continue;
		last[m->node] = x;
		if (lost)
			fprintf(s->to, "<path d=\"M%.1f %dl6 6m0 -6l-6 6\" stroke=\"#c00000\" "
				"stroke-width=\"1.6\"/>\n", x - 3, y - 6);
		else
			fprintf(s->to, "<path d=\"M%.1f %dl5 9h-10z\" fill=\"#d98200\"/>\n", x,
				y + 2);
	}
}

static void put_lane(const struct sheet *s, size_t node)
{
	int y = lane_y(s, node) + MARKS + BAR * (int)s->box->n_services / 2;

	fprintf(s->to, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" font-size=\"14\">", LEFT - 12,
		y + 4);
	put_escaped(s->box->nodes[node].name, LABEL, s->to);
	fputs("</text>\n", s->to);
}

static void put_axis(const struct sheet *s)
{
	static const int steps[] = {
		1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400,
	};
	int64_t seconds = s->story->end_us / BOX_SECOND;
	int y = axis_y(s);
	size_t i = 0;

	while (i + 1 < sizeof(steps) / sizeof(steps[0]) && seconds / steps[i] > TICKS_MAX)
		i++;
	fprintf(s->to, "<path d=\"M%d %dh%d\" stroke=\"#222222\"/>\n", LEFT, y, PLOT);
	for (int64_t t = 0; t <= seconds; t += steps[i])
		fprintf(s->to, "<path d=\"M%.1f %dv5\" stroke=\"#222222\"/><text x=\"%.1f\" "
			"y=\"%d\" text-anchor=\"middle\">%lld s</text>\n",
			x_of(s, t * BOX_SECOND), y, x_of(s, t * BOX_SECOND), y + 19, (long long)t);
}

void svg_draw(const struct box *b, const struct story *story, FILE *to)
{
	struct sheet s = { .box = b, .story = story, .to = to };

	for (size_t i = 0; i < story->n_lines && s.n_events < EVENTS_SHOWN; i++)
		s.n_events += story->lines[i].kind == STORY_EVENT;
	put_head(&s);
	put_legend(&s);
	for (size_t n = 0; n < b->n_nodes; n++)
		put_lane(&s, n);
	for (size_t i = 0; i < story->n_spans; i++)
		put_span(&s, &story->spans[i]);
	put_events(&s, false);
	put_events(&s, true);
	put_marks(&s, false);
	put_marks(&s, true);
	put_axis(&s);
	fputs("</svg>\n", to);
}
