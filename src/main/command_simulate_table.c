/*
 * Every single failure and every pair of them, one row each.
 *
 * Each row is a run of its own from the start: the cluster settles, then the failures come at the
 * same moment. What lasts at the end is said as such, because its seconds only tell how long we
 * looked.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/layout.h"
#include "ctl/text.h"
#include "main/command.h"
#include "main/command_simulate.h"
#include "main/simulate.h"

#define RUNS_MAX 5000
#define PAUSE_US (30 * BOX_SECOND)
#define JSON_VERSION 1
#define NO_FAILURE SIZE_MAX

struct failure {
	const struct box_subject *on;
	bool pause;
	char text[BOX_LABEL_MAX];
};

struct outcome {
	uint32_t before, after;		/* the holders */
	int64_t none_us, two_us;
};

struct row {
	size_t first, second;		/* NO_FAILURE: none */
	struct outcome *of;		/* by service */
};

struct table {
	const struct box *box;
	struct failure *failures;
	size_t n_failures;
	struct row *rows;
	size_t n_rows;
	bool pairs_left_out;
};

/* ---- what fails ---- */

static struct box_event event_of(const struct failure *f, int64_t at_us)
{
	return (struct box_event){
		.at_us = at_us, .on = f->on, .verb = f->pause ? BEV_PAUSE : BEV_FAIL,
	};
}

static void add_failure(struct table *t, const struct box_subject *on, bool pause)
{
	struct failure *f;
	struct box_event e;

	t->failures = box_grow(t->failures, t->n_failures + 1, sizeof(*f));
	f = &t->failures[t->n_failures++];
	*f = (struct failure){ .on = on, .pause = pause };
	e = event_of(f, 0);
	if (pause)
		snprintf(f->text, sizeof(f->text), "%s paused for %d s",
			 t->box->nodes[on->node].name, (int)(PAUSE_US / BOX_SECOND));
	else
		bev_brief(t->box, &e, f->text, sizeof(f->text));
}

static void add_failures(struct table *t)
{
	const struct box *b = t->box;

	for (size_t i = 0; i < b->n_subjects; i++)
		if (b->subjects[i].kind == BOX_NODE)
			add_failure(t, &b->subjects[i], false);
	for (size_t i = 0; i < b->n_subjects; i++)
		if (b->subjects[i].kind == BOX_NODE)
			add_failure(t, &b->subjects[i], true);
	for (size_t i = 0; i < b->n_subjects; i++)
		if (b->subjects[i].kind != BOX_NODE)
			add_failure(t, &b->subjects[i], false);
}

static bool is_link(const struct failure *f)
{
	return f->on->kind == BOX_BOTH_WAYS || f->on->kind == BOX_ONE_WAY;
}

/* What else fails on a node that is down changes nothing. */
static bool covers(const struct failure *down, const struct failure *other)
{
	if (down->on->kind != BOX_NODE || down->pause)
		return false;
	return other->on->node == down->on->node ||
	       (is_link(other) && other->on->peer == down->on->node);
}

static bool says_nothing_new(const struct failure *x, const struct failure *y)
{
	uint32_t ends_x = 1u << x->on->node, ends_y = 1u << y->on->node;

	if (covers(x, y) || covers(y, x))
		return true;
	if (!is_link(x) || !is_link(y))
		return false;
	ends_x |= 1u << x->on->peer;
	ends_y |= 1u << y->on->peer;
	return ends_x == ends_y;
}

/* ---- running ---- */

static void fail(struct run *r, const struct table *t, size_t which, int64_t at_us)
{
	struct box_event e;

	if (which == NO_FAILURE)
		return;
	e = event_of(&t->failures[which], at_us);
	run_event(r, &e);
}

static void go_on(struct run *r, const struct table *t, size_t which, int64_t at_us)
{
	struct box_event e;

	if (which == NO_FAILURE || !t->failures[which].pause)
		return;
	e = (struct box_event){ at_us, t->failures[which].on, BEV_RESUME };
	run_event(r, &e);
}

static void add_row(struct table *t, size_t first, size_t second)
{
	const struct box *b = t->box;
	int64_t at_us = b->settle_us;
	struct row *row;
	struct run r;

	t->rows = box_grow(t->rows, t->n_rows + 1, sizeof(*row));
	row = &t->rows[t->n_rows++];
	*row = (struct row){ first, second, box_grow(NULL, b->n_services, sizeof(*row->of)) };
	run_begin(&r, b, NULL);
	run_until(&r, at_us);
	run_measure(&r);
	for (size_t i = 0; i < b->n_services; i++)
		row->of[i].before = run_holders(&r, i);
	fail(&r, t, first, at_us);
	fail(&r, t, second, at_us);
	run_until(&r, at_us + PAUSE_US);
	go_on(&r, t, first, at_us + PAUSE_US);
	go_on(&r, t, second, at_us + PAUSE_US);
	run_until(&r, at_us + PAUSE_US + b->settle_us);
	run_settle(&r);
	for (size_t i = 0; i < b->n_services; i++) {
		row->of[i].after = run_holders(&r, i);
		row->of[i].none_us = r.hold[i].none_us;
		row->of[i].two_us = r.hold[i].two_us;
	}
	run_end(&r);
}

static void add_rows(struct table *t)
{
	add_row(t, NO_FAILURE, NO_FAILURE);
	for (size_t i = 0; i < t->n_failures; i++)
		add_row(t, i, NO_FAILURE);
	t->pairs_left_out = t->n_failures * t->n_failures / 2 > RUNS_MAX;
	for (size_t i = 0; !t->pairs_left_out && i < t->n_failures; i++)
		for (size_t j = i + 1; j < t->n_failures; j++)
			if (!says_nothing_new(&t->failures[i], &t->failures[j]))
				add_row(t, i, j);
}

static bool is_bad(const struct outcome *o)
{
	return __builtin_popcount(o->after) != 1;
}

static int verdict(const struct table *t)
{
	for (size_t i = 0; i < t->n_rows; i++)
		for (size_t s = 0; s < t->box->n_services; s++)
			if (t->rows[i].second == NO_FAILURE && is_bad(&t->rows[i].of[s]))
				return CSM_FRAGILE;
	return CSM_DONE;
}

/* ---- for people ---- */

static const char *row_text(const struct table *t, const struct row *row, char *buf, size_t size)
{
	if (row->first == NO_FAILURE)
		snprintf(buf, size, "(nothing)");
	else if (row->second == NO_FAILURE)
		snprintf(buf, size, "%s", t->failures[row->first].text);
	else
		snprintf(buf, size, "%s + %s", t->failures[row->first].text,
			 t->failures[row->second].text);
	return buf;
}

static const char *seconds_text(int64_t us, bool lasts, char *buf, size_t size)
{
	if (lasts)
		snprintf(buf, size, "lasts");
	else if (us == 0)
		snprintf(buf, size, "-");
	else if (us < BOX_SECOND / 10)
		snprintf(buf, size, "<0.1 s");
	else
		snprintf(buf, size, "%.1f s", (double)us / (double)BOX_SECOND);
	return buf;
}

/* The check that fails on the only owner and does not move it, or NULL. */
static const struct failure *ignored(const struct table *t, size_t which, const struct outcome *o)
{
	const struct failure *f = which == NO_FAILURE ? NULL : &t->failures[which];

	return f && f->on->kind == BOX_CHECK && o->after == 1u << f->on->node ? f : NULL;
}

static void remark(const struct table *t, const struct row *row, const struct outcome *o,
		   char *buf, size_t size)
{
	const struct failure *f = ignored(t, row->first, o);

	if (!f)
		f = ignored(t, row->second, o);
	if (o->after == 0)
		snprintf(buf, size, "NOBODY holds it");
	else if (is_bad(o))
		snprintf(buf, size, "%d OWNERS", __builtin_popcount(o->after));
	else if (f)
		snprintf(buf, size, "although %s fails there", f->on->name);
	else if (row->first == NO_FAILURE || o->before == o->after)
		snprintf(buf, size, "%s", o->none_us + o->two_us ? "back" : "");
	else
		snprintf(buf, size, "moved");
}

/* A line of the table, all in words. */
static json_t *line_of(const struct table *t, const struct row *row, size_t s)
{
	char text[2 * BOX_LABEL_MAX + 4], owner[BOX_NAMES_MAX], none[16], two[16], says[192];
	const struct outcome *o = &row->of[s];
	int n = __builtin_popcount(o->after);

	remark(t, row, o, says, sizeof(says));
	return json_pack("{s:o, s:o, s:o, s:s, s:s, s:o}", "failure",
			 txt_json(s ? "" : row_text(t, row, text, sizeof(text))), "instance",
			 txt_json(t->box->services[s].name), "owner",
			 txt_json(run_names(t->box, o->after, owner, sizeof(owner))), "none",
			 seconds_text(o->none_us, n == 0, none, sizeof(none)), "two",
			 seconds_text(o->two_us, n > 1, two, sizeof(two)), "remark",
			 txt_json(says));
}

static void cell_failure(struct wrd *w, const json_t *line)
{
	wrd_string(w, line, "failure");
}

static void cell_instance(struct wrd *w, const json_t *line)
{
	wrd_string(w, line, "instance");
}

static void cell_owner(struct wrd *w, const json_t *line)
{
	wrd_string(w, line, "owner");
}

static void cell_none(struct wrd *w, const json_t *line)
{
	wrd_string(w, line, "none");
}

static void cell_two(struct wrd *w, const json_t *line)
{
	wrd_string(w, line, "two");
}

static void cell_remark(struct wrd *w, const json_t *line)
{
	wrd_string(w, line, "remark");
}

/* Rows FROM to TO, in the columns of a terminal; a single instance is not named in each. */
static void put_rows(const struct table *t, size_t from, size_t to)
{
	static const struct lay_column several[] = {
		{ "Failure", cell_failure, false }, { "Instance", cell_instance, true },
		{ "Owner", cell_owner, true }, { "No owner", cell_none, false },
		{ "Two", cell_two, false }, { "", cell_remark, false },
	}, single[] = {
		{ "Failure", cell_failure, false }, { "Owner", cell_owner, true },
		{ "No owner", cell_none, false }, { "Two", cell_two, false },
		{ "", cell_remark, false },
	};
	const bool alone = t->box->n_services < 2;
	json_t *lines = json_array();

	for (size_t i = from; i < to; i++)
		for (size_t s = 0; s < t->box->n_services; s++)
			json_array_append_new(lines, line_of(t, &t->rows[i], s));
	lay_table(stdout, lines, alone ? single : several,
		  alone ? sizeof(single) / sizeof(*single) : sizeof(several) / sizeof(*several),
		  cmd_columns(), NULL);
	json_decref(lines);
}

static void put_text(const struct table *t)
{
	size_t pairs = 0;

	while (pairs < t->n_rows && t->rows[pairs].second == NO_FAILURE)
		pairs++;
	box_tell(t->box, stdout);
	put_rows(t, 0, pairs);
	if (pairs < t->n_rows) {
		puts("\nTwo at the same time:\n");
		put_rows(t, pairs, t->n_rows);
	}
	if (t->pairs_left_out)
		printf("\nThe pairs of these %zu failures were left out: too many.\n",
		       t->n_failures);
	putchar('\n');
	puts("Owner: when all is quiet again. No owner, Two: for how long nobody or more than\n"
	     "one node held it; \"lasts\": still so at the end. Seconds are good to one\n"
	     "advert_int: a failure can come right after an advertisement or right before one.\n"
	     "Pairs in which one failure contains the other are left out. One in full:\n"
	     "    holdfastctl simulate --fail NODE:down@60 FILE...");
}

/* ---- for programs ---- */

static json_t *outcome_of(const struct table *t, const struct row *row, size_t s)
{
	const struct outcome *o = &row->of[s];
	json_t *owners = json_array();

	for (size_t n = 0; n < t->box->n_nodes; n++)
		if (o->after & 1u << n)
			json_array_append_new(owners, txt_json(t->box->nodes[n].name));
	return json_pack("{s:o, s:o, s:f, s:f}", "instance", txt_json(t->box->services[s].name),
			 "owners", owners, "seconds_without_owner", (double)o->none_us / 1e6,
			 "seconds_with_two", (double)o->two_us / 1e6);
}

static json_t *row_of(const struct table *t, const struct row *row)
{
	json_t *failures = json_array(), *outcomes = json_array();

	if (row->first != NO_FAILURE)
		json_array_append_new(failures, txt_json(t->failures[row->first].text));
	if (row->second != NO_FAILURE)
		json_array_append_new(failures, txt_json(t->failures[row->second].text));
	for (size_t s = 0; s < t->box->n_services; s++)
		json_array_append_new(outcomes, outcome_of(t, row, s));
	return json_pack("{s:o, s:o}", "failures", failures, "outcomes", outcomes);
}

static void put_json(const struct table *t)
{
	json_t *rows = json_array(), *doc;

	for (size_t i = 0; i < t->n_rows; i++)
		json_array_append_new(rows, row_of(t, &t->rows[i]));
	doc = json_pack("{s:i, s:f, s:b, s:o}", "version", JSON_VERSION, "seconds_each",
			(double)(PAUSE_US + t->box->settle_us) / 1e6, "pairs", !t->pairs_left_out,
			"rows", rows);
	json_dumpf(doc, stdout, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(15));
	putchar('\n');
	json_decref(doc);
}

int tab_run(const struct box *b, bool json)
{
	struct table t = { .box = b };
	int status;

	add_failures(&t);
	add_rows(&t);
	if (json)
		put_json(&t);
	else
		put_text(&t);
	status = verdict(&t);
	for (size_t i = 0; i < t.n_rows; i++)
		free(t.rows[i].of);
	free(t.rows);
	free(t.failures);
	return status;
}
