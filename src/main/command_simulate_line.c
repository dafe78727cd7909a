/*
 * The timeline: what happened, what each node said, and who then held the addresses.
 *
 * A node's lines are those of its log, made by the same function; so what is read here can be
 * searched for there.
 */
#include <jansson.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/text.h"
#include "main/command.h"
#include "main/command_simulate.h"
#include "main/simulate.h"

#define SECONDS 600			/* unless --seconds says otherwise */
#define JSON_VERSION 1
#define NODE_COLUMNS 12		/* of a name; a longer one moves its line to the right */

static int by_time(const void *a, const void *b)
{
	const struct box_event *x = a, *y = b;

	if (x->at_us != y->at_us)
		return x->at_us < y->at_us ? -1 : 1;
	return x < y ? -1 : x > y;
}

static int complain(const char *what, double at, int seconds)
{
	fprintf(stderr, "holdfastctl: %s %g comes after the end, %d s; see --seconds\n", what, at,
		seconds);
	return CMD_USAGE;
}

/* 0, or the status to end with. */
static int parse(const struct box *b, const struct csm_options *o, int seconds,
		 struct box_event *events)
{
	for (size_t i = 0; i < o->n_fails; i++) {
		if (!bev_parse(b, o->fails[i], &events[i]))
			return CMD_USAGE;
		if (events[i].at_us > seconds * BOX_SECOND)
			return complain("--fail at", (double)events[i].at_us / 1e6, seconds);
	}
	qsort(events, o->n_fails, sizeof(*events), by_time);
	return 0;
}

static void play(const struct box *b, const struct box_event *events, size_t n, int seconds,
		 struct story *story, struct run *r)
{
	run_begin(r, b, story);
	for (size_t i = 0; i < n; i++) {
		run_until(r, events[i].at_us);
		run_event(r, &events[i]);
	}
	run_until(r, seconds * BOX_SECOND);
	run_settle(r);
}

/* ---- for people ---- */

static void put_owner(const struct box *b, const struct story_line *l)
{
	const struct box_service *s = &b->services[l->service];

	txt_put(stdout, "", NODE_COLUMNS);
	printf(" >>> %s %s %s (", l->text,
	       __builtin_popcount(l->holders) > 1 ? "hold" : "holds", s->vips);
	txt_put(stdout, s->name, 0);
	puts(")");
}

static void put_line(const struct box *b, const struct story_line *l)
{
	printf("%11.6f  ", (double)l->at_us / (double)BOX_SECOND);
	if (l->kind == STORY_OWNER) {
		put_owner(b, l);
		return;
	}
	txt_put(stdout, l->kind == STORY_LOG ? b->nodes[l->node].name : "", NODE_COLUMNS);
	fputs(l->kind == STORY_LOG ? " " : " *** ", stdout);
	txt_put(stdout, l->text, 0);
	putchar('\n');
}

static void put_text(const struct box *b, const struct story *s, const struct run *r)
{
	char names[BOX_NAMES_MAX];

	box_tell(b, stdout);
	for (size_t i = 0; i < s->n_lines; i++)
		put_line(b, &s->lines[i]);
	printf("\nAfter %g s:\n", (double)sim_now_us(r->sim) / 1e6);
	for (size_t i = 0; i < b->n_services; i++) {
		fputs("  ", stdout);
		txt_put(stdout, b->services[i].name, 0);
		printf(", %s: %s; %.3f s without an owner (start included), %.3f s with two\n",
		       b->services[i].vips,
		       run_names(b, run_holders(r, i), names, sizeof(names)),
		       (double)r->hold[i].none_us / 1e6, (double)r->hold[i].two_us / 1e6);
	}
}

/* ---- for programs ---- */

static json_t *line_of(const struct box *b, const struct story_line *l)
{
	static const char *const kinds[] = {
		[STORY_EVENT] = "event", [STORY_LOG] = "log", [STORY_OWNER] = "owner",
	};
	json_t *o = json_pack("{s:f, s:s, s:o}", "at", (double)l->at_us / 1e6, "kind",
			      kinds[l->kind], l->kind == STORY_OWNER ? "holders" : "text",
			      txt_json(l->text));

	if (l->kind == STORY_LOG)
		json_object_set_new(o, "node", txt_json(b->nodes[l->node].name));
	if (l->kind == STORY_OWNER)
		json_object_set_new(o, "instance", txt_json(b->services[l->service].name));
	return o;
}

static json_t *service_of(const struct box *b, const struct run *r, size_t i)
{
	json_t *owners = json_array();

	for (size_t n = 0; n < b->n_nodes; n++)
		if (run_holders(r, i) & 1u << n)
			json_array_append_new(owners, txt_json(b->nodes[n].name));
	return json_pack("{s:o, s:s, s:o, s:f, s:f}", "instance", txt_json(b->services[i].name),
			 "addresses", b->services[i].vips, "owners", owners,
			 "seconds_without_owner", (double)r->hold[i].none_us / 1e6,
			 "seconds_with_two", (double)r->hold[i].two_us / 1e6);
}

static void put_json(const struct box *b, const struct story *s, const struct run *r)
{
	json_t *lines = json_array(), *services = json_array(), *doc;

	for (size_t i = 0; i < s->n_lines; i++)
		json_array_append_new(lines, line_of(b, &s->lines[i]));
	for (size_t i = 0; i < b->n_services; i++)
		json_array_append_new(services, service_of(b, r, i));
	doc = json_pack("{s:i, s:f, s:o, s:o}", "version", JSON_VERSION, "seconds",
			(double)sim_now_us(r->sim) / 1e6, "timeline", lines, "end", services);
	json_dumpf(doc, stdout, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(15));
	putchar('\n');
	json_decref(doc);
}

/* ---- both ---- */

static int draw(const struct box *b, const struct story *s, const char *path)
{
	FILE *to = fopen(path, "we");
	bool bad = !to;

	if (to) {
		svg_draw(b, s, to);
		bad = ferror(to);
		bad |= fclose(to) != 0;
	}
	if (!bad)
		return CSM_DONE;
	fprintf(stderr, "holdfastctl: the picture could not be written: %s\n", strerror(errno));
	return CMD_OUTPUT;
}

int tml_run(const struct box *b, const struct csm_options *o)
{
	int seconds = o->seconds ? o->seconds : SECONDS;
	struct box_event events[CSM_FAILS_MAX];
	struct story story = { 0 };
	int status = parse(b, o, seconds, events);
	struct run r;

	if (status)
		return status;
	play(b, events, o->n_fails, seconds, &story, &r);
	if (o->json)
		put_json(b, &story, &r);
	else
		put_text(b, &story, &r);
	run_end(&r);
	if (o->svg)
		status = draw(b, &story, o->svg);
	story_free(&story);
	return status;
}
