/*
 * The timeline as a picture: who holds each address, and below that a lane a node, so that a person
 * can look instead of read.
 *
 * It stands alone: no script, no font, no other file; its ground is white wherever it is shown.
 * What a colour says is also said by a pattern or a word, and in full by the title of each bar. No
 * name is cut: the left margin is as wide as the widest, and what is said of a bar that is too
 * narrow for it is left to the title. Marks that would fall on one another are drawn once, so the
 * size is bounded.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl/text.h"
#include "main/simulate.h"

#define MARGIN 14
#define LEFT_LEAST 110
#define RIGHT 40
#define LEGEND_Y 44
#define LEGEND_ROW 20
#define BAR 22				/* a service's strip in a lane */
#define HEADING 24			/* above the strips of a lane: its name, and marks */
#define LANE_GAP 16
#define AXIS 52				/* below the axis */
#define PAD 9				/* around a word in a bar */
#define TICK_GAP 46			/* pixels between two times on the axis, about */
#define EVENT_ROW 14
#define SAYS_MAX (BOX_NAMES_MAX + 64)

#define INK "#222222"
#define ALARM "#b00020"

/* Each is told from the others without its colour, too. */
static const struct look {
	const char *fill, *ink, *word;
} looks[ST_N_STATES] = {
	[ST_OFF] = { "#ffffff", INK, "not running" },
	[ST_INIT] = { "url(#init)", INK, "INIT" },
	[ST_BACKUP] = { "#c6dcf0", INK, "BACKUP" },
	[ST_MASTER] = { "#1f6f43", "#ffffff", "MASTER" },
	[ST_FAULT] = { "url(#fault)", INK, "FAULT" },
	[ST_PAUSED] = { "url(#paused)", INK, "paused" },
};

static const char patterns[] =
	"<defs>\n"
	"<pattern id=\"init\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
	"<path d=\"M0 0h6v6h-6z\" fill=\"#eeeeee\"/><circle cx=\"3\" cy=\"3\" r=\"1\" "
	"fill=\"#777777\"/></pattern>\n"
	"<pattern id=\"fault\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">"
	"<path d=\"M0 0h8v8h-8z\" fill=\"#f6c9c4\"/><path d=\"M0 8L8 0M-2 2L2 -2M6 10L10 6\" "
	"stroke=\"#b8433a\" stroke-width=\"1.5\"/></pattern>\n"
	"<pattern id=\"paused\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
	"<path d=\"M0 0h6v6h-6z\" fill=\"#dcd4ea\"/><path d=\"M3 0v6\" stroke=\"#7a68a0\"/>"
	"</pattern>\n"
	"<pattern id=\"nobody\" width=\"10\" height=\"10\" patternUnits=\"userSpaceOnUse\">"
	"<path d=\"M0 0h10v10h-10z\" fill=\"#ffffff\"/><path d=\"M0 0L10 10M-2 8L2 12M8 -2L12 2\" "
	"stroke=\"" ALARM "\" stroke-width=\"1.5\"/></pattern>\n"
	"<pattern id=\"several\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">"
	"<path d=\"M0 0h8v8h-8z\" fill=\"#ffb3ab\"/><path d=\"M0 0L8 8M0 8L8 0\" "
	"stroke=\"" ALARM "\" stroke-width=\"2\"/></pattern>\n"
	"</defs>\n";

struct sheet {
	const struct box *box;
	const struct story *story;
	FILE *to;
	struct scale scale;
	double left;			/* of the plot */
	double width;			/* of all */
	int lanes_y;			/* where the first lane begins */
	size_t n_events;
	size_t *rows;			/* of the events' sentences */
	size_t n_rows;
	double last_alarm;		/* the middle of the one that was said last */
};

static double x_of(const struct sheet *s, int64_t at_us)
{
	return s->left + scale_x(&s->scale, at_us);
}

static int lane_height(const struct sheet *s)
{
	return HEADING + BAR * (int)s->box->n_services + LANE_GAP;
}

/* Lane 0 is that of the owners. */
static int lane_y(const struct sheet *s, size_t lane)
{
	return s->lanes_y + lane_height(s) * (int)lane;
}

static int strip_y(const struct sheet *s, size_t lane, size_t service)
{
	return lane_y(s, lane) + HEADING + BAR * (int)service;
}

static int axis_y(const struct sheet *s)
{
	return lane_y(s, s->box->n_nodes + 1) - LANE_GAP + 6;
}

static double seconds(int64_t us)
{
	return (double)us / (double)BOX_SECOND;
}

/* ---- text ---- */

/* How wide TEXT is at most, in a usual font without serifs of 12 pixels. */
static double width_of(const char *text)
{
	double width = 0;

	for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
		if ((*c & 0xc0) == 0x80)
			continue;
		if (*c >= 0xe0)
			width += 12.5;
		else if (*c < 0x80 && strchr("mwMW@%", *c))
			width += 12;
		else if (*c < 0x80 && strchr("ijltfI.,:;'|! ()[]", *c))
			width += 4.8;
		else if (*c >= 'A' && *c <= 'Z')
			width += 9;
		else
			width += 7.7;
	}
	return width;
}

/* Octets of a noncharacter, which XML forbids, at C; else 0. */
static size_t forbidden(const char *c)
{
	return strncmp(c, "\xef\xbf\xbe", 3) && strncmp(c, "\xef\xbf\xbf", 3) ? 0 : 3;
}

/* Text of the user's, for XML. */
static void put_escaped(const char *text, FILE *to)
{
	json_t *utf8 = txt_json(text);
	const char *whole = utf8 ? json_string_value(utf8) : "";
	char *clean = box_grow(NULL, strlen(whole) + 1, 1);

	txt_clean(whole, clean, strlen(whole) + 1);
	for (const char *c = clean; *c; c++) {
		if (*c == '&')
			fputs("&amp;", to);
		else if (*c == '<')
			fputs("&lt;", to);
		else if (*c == '>')
			fputs("&gt;", to);
		else if (*c == '"')
			fputs("&quot;", to);
		else if (forbidden(c))
			fputc('?', to), c += 2;
		else
			fputc(*c, to);
	}
	free(clean);
	json_decref(utf8);
}

/* MORE: attributes, with a space before each. Drawn on a white edge, over whatever is there. */
static void put_text(const struct sheet *s, double x, double y, const char *text, const char *more)
{
	fprintf(s->to, "<text x=\"%.1f\" y=\"%.1f\" stroke=\"#ffffff\" stroke-width=\"4\" "
		"stroke-linejoin=\"round\" paint-order=\"stroke\"%s>", x, y, more);
	put_escaped(text, s->to);
	fputs("</text>\n", s->to);
}

static void put_plain(const struct sheet *s, double x, double y, const char *text, const char *more)
{
	fprintf(s->to, "<text x=\"%.1f\" y=\"%.1f\"%s>", x, y, more);
	put_escaped(text, s->to);
	fputs("</text>\n", s->to);
}

/* ---- how large all is ---- */

static const char *service_text(const struct box_service *v, char *buf, size_t size)
{
	snprintf(buf, size, "%s, %s", v->name, v->vips);
	return buf;
}

static void widen(double *left, const char *text)
{
	double wanted = width_of(text) + 2 * MARGIN;

	if (*left < wanted)
		*left = wanted;
}

static void measure_left(struct sheet *s)
{
	char *text;

	s->left = LEFT_LEAST;
	for (size_t i = 0; i < s->box->n_nodes; i++)
		widen(&s->left, s->box->nodes[i].name);
	for (size_t i = 0; i < s->box->n_services; i++) {
		const struct box_service *v = &s->box->services[i];
		size_t size = strlen(v->name) + sizeof(v->vips) + 4;

		text = box_grow(NULL, size, 1);
		widen(&s->left, service_text(v, text, size));
		free(text);
	}
}

static const char *event_text(const struct story_line *l, char *buf, size_t size)
{
	snprintf(buf, size, "%g s: %s", seconds(l->at_us), l->text);
	return buf;
}

/* Right of its line where there is room, else as far left of that as it must be. */
static double event_x(const struct sheet *s, const struct story_line *l)
{
	char text[BOX_LABEL_MAX + 32];
	double width = width_of(event_text(l, text, sizeof(text)));
	double x = x_of(s, l->at_us) + 5;

	if (x + width > s->width - MARGIN)
		x = s->width - MARGIN - width;
	return x > MARGIN ? x : MARGIN;
}

/* The first row in which nothing is said yet where the sentence of an event must stand. */
static void place_events(struct sheet *s)
{
	double *used = box_grow(NULL, s->n_events + 1, sizeof(*used));
	char text[BOX_LABEL_MAX + 32];
	size_t n = 0;

	s->rows = box_grow(NULL, s->n_events + 1, sizeof(*s->rows));
	for (size_t i = 0; i < s->story->n_lines; i++) {
		const struct story_line *l = &s->story->lines[i];
		size_t row = 0;

		if (l->kind != STORY_EVENT)
			continue;
		double x = event_x(s, l), width = width_of(event_text(l, text, sizeof(text)));
		/* Not across the line of an event that was said further up. */
		while (row < s->n_rows && used[row] + 8 > x)
			row++;
		if (row == s->n_rows)
			s->n_rows++;
		used[row] = x + width;
		s->rows[n++] = row;
	}
	free(used);
}

static void measure(struct sheet *s)
{
	double widest = 0;
	char text[BOX_LABEL_MAX + 32];

	scale_make(&s->scale, s->story);
	measure_left(s);
	for (size_t i = 0; i < s->story->n_lines; i++) {
		if (s->story->lines[i].kind != STORY_EVENT)
			continue;
		s->n_events++;
		double width = width_of(event_text(&s->story->lines[i], text, sizeof(text)));
		if (widest < width)
			widest = width;
	}
	s->width = s->left + s->scale.width + RIGHT;
	if (s->width < widest + 2 * MARGIN)
		s->width = widest + 2 * MARGIN;
	place_events(s);
	s->lanes_y = LEGEND_Y + 2 * LEGEND_ROW + EVENT_ROW * (int)s->n_rows + 10;
}

/* ---- the head ---- */

static void put_head(const struct sheet *s)
{
	int height = axis_y(s) + AXIS;

	fprintf(s->to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%d\" "
		"viewBox=\"0 0 %.0f %d\" font-family=\"sans-serif\" font-size=\"12\" fill=\"" INK
		"\">\n<title>holdfastctl simulate</title>\n%s"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n", s->width, height,
		s->width, height, patterns);
	if (s->box->n_services == 1)
		fprintf(s->to, "<text x=\"%d\" y=\"26\" font-size=\"17\" font-weight=\"bold\">"
			"Who holds %s</text>\n", MARGIN, s->box->services[0].vips);
	else
		fprintf(s->to, "<text x=\"%d\" y=\"26\" font-size=\"17\" font-weight=\"bold\">"
			"Who holds the addresses of %zu instances</text>\n", MARGIN,
			s->box->n_services);
}

/* Returns where the next one begins. */
static double put_key(const struct sheet *s, double x, int y, const char *fill, const char *word)
{
	fprintf(s->to, "<rect x=\"%.0f\" y=\"%d\" width=\"22\" height=\"12\" fill=\"%s\" "
		"stroke=\"#666666\"/>", x, y, fill);
	put_plain(s, x + 28, y + 10, word, "");
	return x + 28 + width_of(word) + 16;
}

static void put_legend(const struct sheet *s)
{
	double x = MARGIN;
	int y = LEGEND_Y;

	x = put_key(s, x, y, looks[ST_MASTER].fill, "one owner");
	x = put_key(s, x, y, "url(#nobody)", "0: nobody holds it");
	x = put_key(s, x, y, "url(#several)", "2 and more: several owners");
	fprintf(s->to, "<path d=\"M%.0f %dl5 10h-10z\" fill=\"#a86400\"/>", x + 5, y + 1);
	put_plain(s, x + 18, y + 10, "announced (ARP)", "");
	x += 140;
	fprintf(s->to, "<path d=\"M%.0f %dl8 8m0 -8l-8 8\" stroke=\"" ALARM
		"\" stroke-width=\"2\"/>", x, y + 2);
	put_plain(s, x + 18, y + 10, "advertisement lost", "");
	x = MARGIN;
	y += LEGEND_ROW;
	for (int i = 0; i < ST_N_STATES; i++)
		x = put_key(s, x, y, looks[i].fill, looks[i].word);
	fprintf(s->to, "<path d=\"M%.0f %dl3 3l-6 6l3 3m12 -12l3 3l-6 6l3 3\" fill=\"none\" "
		"stroke=\"#666666\"/>", x + 3, y);
	put_plain(s, x + 24, y + 10, "time in which nothing changes", "");
}

/* ---- what was done ---- */

/* Each event: a line through all lanes, and (over all the lines) its sentence. */
static void put_events(const struct sheet *s, bool sentences)
{
	char text[BOX_LABEL_MAX + 32];
	size_t n = 0;

	for (size_t i = 0; i < s->story->n_lines; i++) {
		const struct story_line *l = &s->story->lines[i];

		if (l->kind != STORY_EVENT)
			continue;
		int y = s->lanes_y - 6 - EVENT_ROW * (int)(s->n_rows - 1 - s->rows[n++]);

		if (sentences)
			put_text(s, event_x(s, l), y, event_text(l, text, sizeof(text)), "");
		else
			fprintf(s->to, "<path d=\"M%.1f %dV%d\" stroke=\"#444444\" "
				"stroke-dasharray=\"3 3\"/>\n", x_of(s, l->at_us), y - 10,
				axis_y(s));
	}
}

/* ---- owners ---- */

struct holding {
	int64_t from_us, to_us;
	size_t service;
	uint32_t holders;
};

/* The longest of three texts that fits into WIDTH; the last one always does. */
static void put_first_that_fits(const struct sheet *s, double x, double width, int y,
				const char *const says[3])
{
	for (int i = 0; i < 2; i++) {
		if (width_of(says[i]) + PAD > width)
			continue;
		put_text(s, x + 6, y + 15, says[i], " font-weight=\"bold\"");
		return;
	}
	put_text(s, x + width / 2, y + 15, says[2],
		 " font-weight=\"bold\" text-anchor=\"middle\"");
}

static void put_alarm(const struct sheet *s, const struct holding *h, const char *names)
{
	const double x = x_of(s, h->from_us), width = x_of(s, h->to_us) - x;
	const int n = __builtin_popcount(h->holders);
	char says[SAYS_MAX], brief[32], digit[8];

	if (n)
		snprintf(says, sizeof(says), "%d OWNERS: %s, %.3g s", n, names,
			 seconds(h->to_us - h->from_us));
	else
		snprintf(says, sizeof(says), "NOBODY, %.3g s", seconds(h->to_us - h->from_us));
	snprintf(brief, sizeof(brief), n ? "%d OWNERS" : "NOBODY", n);
	snprintf(digit, sizeof(digit), "%d", n);
	put_first_that_fits(s, x, width, strip_y(s, 0, h->service),
			    (const char *const[]){ says, brief, digit });
}

static void put_holding(struct sheet *s, const struct holding *h)
{
	const int n = __builtin_popcount(h->holders);
	const char *fill = n == 1 ? looks[ST_MASTER].fill : n ? "url(#several)" : "url(#nobody)";
	double x = x_of(s, h->from_us), width = x_of(s, h->to_us) - x;
	char names[BOX_NAMES_MAX];

	fprintf(s->to, "<rect x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\" fill=\"%s\" "
		"stroke=\"%s\" stroke-width=\"%s\"><title>", x, strip_y(s, 0, h->service),
		width < 2 ? 2 : width, BAR - 2, fill, n == 1 ? "#666666" : ALARM,
		n == 1 ? "0.5" : "1.5");
	put_escaped(s->box->services[h->service].name, s->to);
	fputs(": ", s->to);
	put_escaped(run_names(s->box, h->holders, names, sizeof(names)), s->to);
	fprintf(s->to, ", %.3f s to %.3f s</title></rect>\n", seconds(h->from_us),
		seconds(h->to_us));
}

static void put_owner_name(struct sheet *s, const struct holding *h)
{
	char names[BOX_NAMES_MAX];

	run_names(s->box, h->holders, names, sizeof(names));
	if (__builtin_popcount(h->holders) == 1 &&
	    width_of(names) + PAD <= scale_room(&s->scale, h->from_us, h->to_us))
		put_plain(s, x_of(s, h->from_us) + 6, strip_y(s, 0, h->service) + 15, names,
			  " fill=\"#ffffff\"");
}

/* Those that are too narrow and too near to be told apart are said once. */
static void put_owner_alarm(struct sheet *s, const struct holding *h)
{
	const double x = (x_of(s, h->from_us) + x_of(s, h->to_us)) / 2;
	char names[BOX_NAMES_MAX];

	if (__builtin_popcount(h->holders) == 1 || x < s->last_alarm + 9)
		return;
	s->last_alarm = x;
	put_alarm(s, h, run_names(s->box, h->holders, names, sizeof(names)));
}

static void each_holding(struct sheet *s, size_t service,
			 void (*put)(struct sheet *s, const struct holding *h))
{
	struct holding now = { .service = service };

	s->last_alarm = -s->width;
	for (size_t i = 0; i < s->story->n_lines; i++) {
		const struct story_line *l = &s->story->lines[i];

		if (l->kind != STORY_OWNER || l->service != service)
			continue;
		now.to_us = l->at_us;
		if (now.to_us > now.from_us)
			put(s, &now);
		now = (struct holding){ l->at_us, l->at_us, service, l->holders };
	}
	now.to_us = s->story->end_us;
	if (now.to_us > now.from_us)
		put(s, &now);
}

static void put_owners(struct sheet *s, void (*put)(struct sheet *s, const struct holding *h))
{
	for (size_t i = 0; i < s->box->n_services; i++)
		each_holding(s, i, put);
}

/* ---- lanes ---- */

static void put_lane(const struct sheet *s, size_t lane)
{
	const char *name = lane ? s->box->nodes[lane - 1].name : "Owners";
	char *text;

	fprintf(s->to, "<path d=\"M%d %dH%.0f\" stroke=\"#bbbbbb\"/>\n", MARGIN,
		lane_y(s, lane) + 2, s->width - MARGIN);
	put_plain(s, MARGIN, lane_y(s, lane) + 17, name, " font-weight=\"bold\"");
	/* A single instance is named once. */
	for (size_t i = 0; i < s->box->n_services && (!lane || s->box->n_services > 1); i++) {
		const struct box_service *v = &s->box->services[i];
		size_t size = strlen(v->name) + sizeof(v->vips) + 4;

		text = box_grow(NULL, size, 1);
		snprintf(text, size, "%s", v->name);
		put_plain(s, MARGIN, strip_y(s, lane, i) + 15,
			  lane ? text : service_text(v, text, size), "");
		free(text);
	}
}

static void put_span(const struct sheet *s, const struct story_span *p)
{
	const struct look *look = &looks[p->state];
	double x = x_of(s, p->from_us), width = x_of(s, p->to_us) - x;
	int y = strip_y(s, p->node + 1, p->service);

	fprintf(s->to, "<rect x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\" fill=\"%s\" "
		"stroke=\"#666666\" stroke-width=\"0.5\"><title>", x, y, width, BAR - 2,
		look->fill);
	put_escaped(s->box->nodes[p->node].name, s->to);
	fputs(" ", s->to);
	put_escaped(s->box->services[p->service].name, s->to);
	fprintf(s->to, ": %s, %.3f s to %.3f s</title></rect>\n", look->word, seconds(p->from_us),
		seconds(p->to_us));
}

static void put_state(const struct sheet *s, const struct story_span *p)
{
	const struct look *look = &looks[p->state];
	const double x = x_of(s, p->from_us) + 6;
	const int y = strip_y(s, p->node + 1, p->service) + 15;

	if (width_of(look->word) + PAD > scale_room(&s->scale, p->from_us, p->to_us))
		return;
	if (p->state == ST_MASTER)
		put_plain(s, x, y, look->word, " fill=\"#ffffff\"");
	else
		put_text(s, x, y, look->word, "");
}

/* Closer than this they could not be told apart. */
static void put_marks(const struct sheet *s, bool lost)
{
	double last[SIM_NODES_MAX];

	for (size_t i = 0; i < SIM_NODES_MAX; i++)
		last[i] = -s->width;
	for (size_t i = 0; i < s->story->n_marks; i++) {
		const struct story_mark *m = &s->story->marks[i];
		double x = x_of(s, m->at_us);
		int y = lane_y(s, m->node + 1) + HEADING - 12;

		if (m->lost != lost || x - last[m->node] < (lost ? 8 : 4))
			continue;
		last[m->node] = x;
		if (lost)
			fprintf(s->to, "<path d=\"M%.1f %dl6 6m0 -6l-6 6\" stroke=\"" ALARM "\" "
				"stroke-width=\"1.6\"/>\n", x - 3, y - 6);
		else
			fprintf(s->to, "<path d=\"M%.1f %dl5 9h-10z\" fill=\"#a86400\"/>\n", x,
				y + 2);
	}
}

/* ---- time ---- */

static const char *length_text(int64_t us, char *buf, size_t size)
{
	double s = seconds(us);

	if (s < 600)
		snprintf(buf, size, "%.0f s", s);
	else if (s < 36000)
		snprintf(buf, size, "%.0f min", s / 60);
	else
		snprintf(buf, size, "%.1f h", s / 3600);
	return buf;
}

static void put_edge(const struct sheet *s, double x)
{
	int y = lane_y(s, 0) + 2;

	fprintf(s->to, "<path d=\"M%.1f %d", x, y);
	for (bool right = true; y < axis_y(s); y += 8, right = !right)
		fprintf(s->to, "l%d 8", right ? 4 : -4);
	fputs("\" fill=\"none\" stroke=\"#666666\"/>\n", s->to);
}

static void put_fold(const struct sheet *s, const struct scale_piece *p)
{
	double x = s->left + p->x;
	char length[24];

	fprintf(s->to, "<g><title>nothing changes from %.3f s to %.3f s</title>"
		"<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#ffffff\" "
		"fill-opacity=\"0.7\"/>\n", seconds(p->from_us), seconds(p->to_us), x + 2,
		lane_y(s, 0) + 2, p->width - 2, axis_y(s) - lane_y(s, 0));
	put_edge(s, x);
	put_edge(s, x + p->width - 4);
	put_text(s, x + p->width / 2, axis_y(s) + 36,
		 length_text(p->to_us - p->from_us, length, sizeof(length)),
		 " text-anchor=\"middle\" font-style=\"italic\"");
	fputs("</g>\n", s->to);
}

/* The step of the axis, so that times do not run into one another. */
static int64_t step_us(const struct sheet *s)
{
	static const int64_t tenths[] = { 1, 2, 5, 10, 20, 50, 100, 150, 300, 600, 1200, 3000 };
	size_t i = 0;

	while (i + 1 < sizeof(tenths) / sizeof(tenths[0]) &&
	       s->scale.second * (double)tenths[i] / 10 < TICK_GAP)
		i++;
	return tenths[i] * BOX_SECOND / 10;
}

static void put_axis(const struct sheet *s)
{
	int64_t step = step_us(s);
	int y = axis_y(s);
	double used = -TICK_GAP;

	for (size_t i = 0; i < s->scale.n; i++) {
		const struct scale_piece *p = &s->scale.pieces[i];

		if (p->folded)
			continue;
		fprintf(s->to, "<path d=\"M%.1f %dh%.1f\" stroke=\"" INK "\"/>\n",
			s->left + p->x, y, p->width);
		for (int64_t t = (p->from_us + step - 1) / step * step; t <= p->to_us; t += step) {
			double x = x_of(s, t), half;
			char text[24];

			snprintf(text, sizeof(text), "%g s", seconds(t));
			half = width_of(text) / 2;
			if (x - half < used + 6)
				continue;
			used = x + half;
			fprintf(s->to, "<path d=\"M%.1f %dv5\" stroke=\"" INK "\"/>", x, y);
			put_plain(s, x, y + 19, text, " text-anchor=\"middle\"");
		}
	}
	for (size_t i = 0; i < s->scale.n; i++)
		if (s->scale.pieces[i].folded)
			put_fold(s, &s->scale.pieces[i]);
}

void svg_draw(const struct box *b, const struct story *story, FILE *to)
{
	struct sheet s = { .box = b, .story = story, .to = to };

	measure(&s);
	put_head(&s);
	put_legend(&s);
	for (size_t lane = 0; lane <= b->n_nodes; lane++)
		put_lane(&s, lane);
	put_owners(&s, put_holding);
	for (size_t i = 0; i < story->n_spans; i++)
		put_span(&s, &story->spans[i]);
	put_events(&s, false);
	put_marks(&s, false);
	put_marks(&s, true);
	put_axis(&s);
	/* What is to be read is over all the rest. */
	for (size_t i = 0; i < story->n_spans; i++)
		put_state(&s, &story->spans[i]);
	put_owners(&s, put_owner_name);
	put_owners(&s, put_owner_alarm);
	put_events(&s, true);
	fputs("</svg>\n", to);
	scale_free(&s.scale);
	free(s.rows);
}
