/*
 * Answers for people.
 *
 * `holdfastctl status` is read on a narrow terminal by someone in a hurry: one line an instance,
 * aligned, and below it only what is wrong. `status INSTANCE` is read by someone who wants to know
 * why: a label and a phrase a line.
 */
#include "ctl/render.h"

#include <string.h>

#include "ctl/layout.h"
#include "ctl/text.h"
#include "ctl/words.h"

#define PROSE 100			/* columns of a paragraph, on the widest terminal */
#define LABEL 14			/* columns of the labels of the detailed view */
#define NARROW 60			/* here the labels are not worth so much of a line */
#define INDENT 4			/* of what goes on below its label on a narrow terminal */

#define RED "\033[31m"
#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define PLAIN "\033[0m"

static const char *string(const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));

	return text ? text : "";
}

static const char *colour_of(const char *word)
{
	static const char *const colours[][2] = {
		{ "MASTER", GREEN }, { "good", GREEN }, { "FAULT", RED }, { "failed", RED },
		{ "INIT", YELLOW }, { "unknown", YELLOW },
	};

	for (size_t i = 0; i < sizeof(colours) / sizeof(colours[0]); i++)
		if (!strcmp(word, colours[i][0]))
			return colours[i][1];
	return NULL;
}


/* Where the answers are printed, and how. */
struct sheet {
	const struct ren_options *o;
	FILE *to;
};

static size_t columns_of(const struct ren_options *o)
{
	return o->columns ? o->columns : LAY_COLUMNS;
}

static void put_state(const char *word, const struct sheet *s)
{
	const char *colour = s->o->colour ? colour_of(word) : NULL;

	fprintf(s->to, "%s%s%s", colour ? colour : "", word, colour ? PLAIN : "");
}

/* A paragraph that begins at column AT. */
static void put_folded(const struct sheet *s, const char *text, size_t at, size_t indent)
{
	size_t columns = columns_of(s->o);

	lay_fold(s->to, text, columns < PROSE ? columns : PROSE, at, indent);
}

static void put_table(const json_t *rows, const struct lay_column *cols, size_t n,
		      const struct sheet *s)
{
	lay_table(s->to, rows, cols, n, columns_of(s->o), s->o->colour ? colour_of : NULL);
}

/* ---- the overview ---- */

static void cell_name(struct wrd *w, const json_t *row)
{
	wrd_string(w, row, "name");
}

static void cell_state(struct wrd *w, const json_t *row)
{
	wrd_string(w, row, "state");
}

static void cell_age(struct wrd *w, const json_t *row)
{
	wrd_age(w, row, "age_s");
}

static void cell_priority(struct wrd *w, const json_t *row)
{
	wrd_add(w, "%lld",
		(long long)json_integer_value(json_object_get(row, "effective_priority")));
}

static void cell_master(struct wrd *w, const json_t *row)
{
	const json_t *master = json_object_get(row, "master");

	if (json_is_true(json_object_get(master, "self")))
		wrd_add(w, "this host");
	else
		wrd_string(w, master, "address");
}

static void cell_held(struct wrd *w, const json_t *row)
{
	const json_t *addresses = json_object_get(row, "addresses");
	const json_t *a;
	size_t held = 0, i;

	json_array_foreach(addresses, i, a)
		held += json_is_true(json_object_get(a, "held"));
	wrd_add(w, "%zu/%zu", held, json_array_size(addresses));
}

static void cell_addresses(struct wrd *w, const json_t *row)
{
	const json_t *addresses = json_object_get(row, "addresses");
	size_t n = json_array_size(addresses);

	if (!n)
		return;
	wrd_string(w, json_array_get(addresses, 0), "address");
	if (n > 1)
		wrd_add(w, " +%zu", n - 1);
}

static const struct lay_column instance_columns[] = {
	{ "INSTANCE", cell_name, false },
	{ "STATE", cell_state, true },
	{ "FOR", cell_age, false },
	{ "PRIO", cell_priority, false },
	{ "MASTER", cell_master, false },
	{ "HELD", cell_held, false },
	{ "ADDRESSES", cell_addresses, false },
};

static void cell_verdict(struct wrd *w, const json_t *row)
{
	wrd_string(w, row, "verdict");
}

static void cell_took(struct wrd *w, const json_t *row)
{
	wrd_took(w, row, "took_ms");
}

static const struct lay_column check_columns[] = {
	{ "CHECK", cell_name, false },
	{ "VERDICT", cell_verdict, true },
	{ "RESULT", wrd_result, false },
	{ "TOOK", cell_took, false },
	{ "AGO", cell_age, false },
	{ "TURNING", wrd_streak, false },
};

#define N_OF(columns) (sizeof(columns) / sizeof((columns)[0]))

static void put_daemon(const json_t *answer, const struct sheet *s)
{
	const json_t *daemon = json_object_get(answer, "daemon");
	const json_t *files = json_object_get(daemon, "config_files");
	struct wrd w;

	wrd_clear(&w);
	wrd_add(&w, "holdfastd ");
	wrd_string(&w, daemon, "version");
	wrd_add(&w, ", pid %lld, up ",
		(long long)json_integer_value(json_object_get(answer, "pid")));
	wrd_duration(&w, daemon, "uptime_s");
	if (json_is_string(json_array_get(files, 0))) {
		const char *file = json_string_value(json_array_get(files, 0));
		char clean[WRD_MAX];

		wrd_add(&w, ", configuration %s", txt_clean(file, clean, sizeof(clean)));
	}
	if (json_array_size(files) > 1)
		wrd_add(&w, " and %zu more", json_array_size(files) - 1);
	put_folded(s, w.s, 0, 2);
}

static void put_refusal(const json_t *answer, const struct sheet *s)
{
	const json_t *refused =
		json_object_get(json_object_get(answer, "daemon"), "reload_refused");
	struct wrd w;

	if (!json_is_object(refused))
		return;
	wrd_clear(&w);
	wrd_add(&w, "The last reload was refused ");
	wrd_duration(&w, refused, "age_s");
	wrd_add(&w, " ago: ");
	wrd_string(&w, refused, "error");
	put_folded(s, w.s, 0, 2);
}

static void put_errors(const json_t *answer, const struct sheet *s)
{
	const json_t *daemon = json_object_get(answer, "daemon");
	long long n = json_integer_value(json_object_get(daemon, "config_errors"));
	struct wrd w;

	if (n < 1)
		return;
	wrd_clear(&w);
	wrd_add(&w, "The configuration has %lld error%s, and what has one is left out: "
		"holdfastd -t names it.", n, n == 1 ? "" : "s");
	put_folded(s, w.s, 0, 2);
}

/* "192.0.2.2 advertises, too, but is not believed: its password differs from ours" */
static void say_rejected(struct wrd *w, const json_t *rejected)
{
	wrd_string(w, rejected, "source");
	wrd_add(w, " advertises, too, but is not believed: ");
	wrd_string(w, rejected, "sentence");
}

/* "192.0.2.100 is claimed by 02:00:5e:00:00:01", or what is known of one that is believed */
static void say_claimant(struct wrd *w, const json_t *conflict)
{
	bool claims = json_is_string(json_object_get(conflict, "claims"));
	bool speaks = json_is_string(json_object_get(conflict, "source"));
	const char *mac = string(conflict, "mac");

	if (claims)
		wrd_string(w, conflict, "claims");
	wrd_add(w, "%s%s", claims ? " is claimed by " : "", *mac ? mac : "another station");
	if (speaks) {
		wrd_add(w, ", which advertises from ");
		wrd_string(w, conflict, "source");
	}
}

static void say_conflict(struct wrd *w, const json_t *conflict)
{
	const json_t *rejected = json_object_get(conflict, "rejected");
	bool others = json_array_size(json_object_get(conflict, "signs")) > 1;

	if (json_is_object(rejected))
		say_rejected(w, rejected);
	if (json_is_object(rejected) && others)
		wrd_add(w, "; ");
	if (!json_is_object(rejected) || others)
		say_claimant(w, conflict);
	wrd_add(w, "; last sign ");
	wrd_duration(w, conflict, "last_age_s");
	wrd_add(w, " ago");
}

/* "12 changes of state in 5 s, 10 of them not told; ends in 29 s" */
static void say_damping(struct wrd *w, const json_t *damping)
{
	wrd_add(w, "%lld changes of state, of which %lld were not told; ends in ",
		(long long)json_integer_value(json_object_get(damping, "changes")),
		(long long)json_integer_value(json_object_get(damping, "unsaid")));
	wrd_duration(w, damping, "ends_in_s");
}

static void put_instance_notes(const json_t *instance, const struct sheet *s)
{
	const json_t *a;
	struct wrd w;
	size_t i;

	if (json_array_size(json_object_get(instance, "faults"))) {
		wrd_clear(&w);
		wrd_string(&w, instance, "name");
		wrd_add(&w, ": ");
		wrd_faults(&w, instance);
		put_folded(s, w.s, 0, 2);
	}
	if (json_is_object(json_object_get(instance, "conflict"))) {
		wrd_clear(&w);
		wrd_string(&w, instance, "name");
		wrd_add(&w, ": conflict: ");
		say_conflict(&w, json_object_get(instance, "conflict"));
		put_folded(s, w.s, 0, 2);
	}
	if (json_is_object(json_object_get(instance, "damping"))) {
		wrd_clear(&w);
		wrd_string(&w, instance, "name");
		wrd_add(&w, ": damped: ");
		say_damping(&w, json_object_get(instance, "damping"));
		put_folded(s, w.s, 0, 2);
	}
	json_array_foreach(json_object_get(instance, "addresses"), i, a) {
		if (!json_is_string(json_object_get(a, "error")))
			continue;
		wrd_clear(&w);
		wrd_string(&w, instance, "name");
		wrd_add(&w, ": ");
		wrd_string(&w, a, "address");
		wrd_add(&w, ": ");
		wrd_string(&w, a, "error");
		put_folded(s, w.s, 0, 2);
	}
}

static void put_interface_note(const json_t *interface, const struct sheet *s)
{
	struct wrd w;

	if (!json_is_true(json_object_get(interface, "flooded")))
		return;
	wrd_clear(&w);
	wrd_string(&w, interface, "name");
	wrd_add(&w, ": flooded with VRRP packets that no instance here wants");
	put_folded(s, w.s, 0, 2);
}

static void put_check_note(const json_t *check, const struct sheet *s)
{
	struct wrd w;

	if (!json_is_string(json_object_get(check, "detail")))
		return;
	wrd_clear(&w);
	wrd_string(&w, check, "name");
	wrd_add(&w, ": ");
	wrd_string(&w, check, "detail");
	put_folded(s, w.s, 0, 2);
}

void ren_overview(const json_t *answer, const struct ren_options *o, FILE *to)
{
	const struct sheet sheet = { o, to }, *s = &sheet;
	const json_t *instances = json_object_get(answer, "instances");
	const json_t *checks = json_object_get(answer, "checks");
	const json_t *item;
	size_t i;

	put_daemon(answer, s);
	put_errors(answer, s);
	put_refusal(answer, s);
	fputc('\n', to);
	if (json_array_size(instances))
		put_table(instances, instance_columns, N_OF(instance_columns), s);
	else
		fputs("There is no instance.\n", to);
	json_array_foreach(instances, i, item)
		put_instance_notes(item, s);
	json_array_foreach(json_object_get(answer, "interfaces"), i, item)
		put_interface_note(item, s);
	if (!json_array_size(checks))
		return;
	fputc('\n', to);
	put_table(checks, check_columns, N_OF(check_columns), s);
	json_array_foreach(checks, i, item)
		put_check_note(item, s);
}

/* ---- one instance ---- */

static void put_time(struct wrd *w, const json_t *from, const char *key,
		     const struct ren_options *o)
{
	const char *iso = string(from, key);
	char local[REN_TIME_MAX];

	if (o->local_time) {
		o->local_time(iso, local, sizeof(local));
		wrd_add(w, "%s", local);
	} else if (strlen(iso) >= 23)
		wrd_add(w, "%.10s %.12s UTC", iso, iso + 11);
	else
		wrd_add(w, "-");
}

static void put_field(const struct sheet *s, const char *label, const struct wrd *w)
{
	fprintf(s->to, "  %-*s", LABEL - 2, label);
	put_folded(s, w->s, LABEL, columns_of(s->o) < NARROW ? INDENT : LABEL);
}

static void field_string(const struct sheet *s, const char *label, const json_t *from,
			 const char *key)
{
	struct wrd w;

	wrd_clear(&w);
	wrd_string(&w, from, key);
	put_field(s, label, &w);
}

/* "VI_1: MASTER for 3 min 12 s, since 2026-11-20 19:19:41.734", on two lines below a long name. */
static void put_headline(const json_t *instance, const struct sheet *s)
{
	struct wrd name, state, since;
	size_t at, wide;

	wrd_clear(&name);
	wrd_string(&name, instance, "name");
	wrd_add(&name, ":");
	wrd_clear(&state);
	wrd_string(&state, instance, "state");
	wrd_clear(&since);
	wrd_add(&since, " for ");
	wrd_duration(&since, instance, "age_s");
	wrd_add(&since, ", since ");
	put_time(&since, instance, "since", s->o);
	at = txt_width(name.s, name.len) + 1;
	wide = txt_width(state.s, state.len);
	if (at + wide + txt_width(since.s, since.len) <= columns_of(s->o)) {
		fprintf(s->to, "%s ", name.s);
	} else {
		put_folded(s, name.s, 0, 0);
		at = (size_t)fprintf(s->to, "  ");
	}
	put_state(state.s, s);
	put_folded(s, since.s, at + wide, 2);
}

static const char *link_word(const json_t *answer, const char *name)
{
	const json_t *iface;
	size_t i;

	json_array_foreach(json_object_get(answer, "interfaces"), i, iface) {
		if (strcmp(string(iface, "name"), name))
			continue;
		if (!json_is_true(json_object_get(iface, "exists")))
			return "missing";
		return json_is_true(json_object_get(iface, "up")) ? "up" : "down";
	}
	return "unknown";
}

/* Those beside the instance's own: tracked ones, and those of its addresses. */
static void put_interfaces(const json_t *answer, const json_t *instance, const struct sheet *s)
{
	const char *own = string(instance, "interface");
	const json_t *iface;
	struct wrd w;
	size_t i;

	wrd_clear(&w);
	json_array_foreach(json_object_get(answer, "interfaces"), i, iface) {
		const char *name = string(iface, "name");

		if (!*name || !strcmp(name, own))
			continue;
		wrd_add(&w, "%s", w.len ? ", " : "");
		wrd_string(&w, iface, "name");
		wrd_add(&w, " %s", link_word(answer, name));
	}
	if (w.len)
		put_field(s, "interfaces", &w);
}

static void put_vrrp(const json_t *answer, const json_t *instance, const struct sheet *s)
{
	struct wrd w;

	wrd_clear(&w);
	wrd_add(&w, "VRID %lld on ",
		(long long)json_integer_value(json_object_get(instance, "vrid")));
	wrd_string(&w, instance, "interface");
	wrd_add(&w, " (%s), version %lld, source ",
		link_word(answer, string(instance, "interface")),
		(long long)json_integer_value(json_object_get(instance, "version")));
	wrd_string(&w, instance, "source");
	if (json_is_false(json_object_get(instance, "preempt")))
		wrd_add(&w, ", nopreempt");
	if (strcmp(string(instance, "checksum"), "message") == 0)
		wrd_add(&w, ", checksum without pseudo-header");
	put_field(s, "VRRP", &w);
}

static void put_master(const json_t *instance, const struct sheet *s)
{
	const json_t *master = json_object_get(instance, "master");
	struct wrd w;

	wrd_clear(&w);
	if (!json_is_object(master)) {
		wrd_add(&w, "none heard");
		put_field(s, "master", &w);
		return;
	}
	if (json_is_true(json_object_get(master, "self")))
		wrd_add(&w, "this host, ");
	wrd_string(&w, master, "address");
	wrd_add(&w, ", priority %lld",
		(long long)json_integer_value(json_object_get(master, "priority")));
	if (json_is_number(json_object_get(master, "last_advert_age_s"))) {
		wrd_add(&w, ", last advert ");
		wrd_duration(&w, master, "last_advert_age_s");
		wrd_add(&w, " ago");
	}
	if (json_is_number(json_object_get(master, "advert_interval_s")))
		wrd_add(&w, ", every %g s",
			json_number_value(json_object_get(master, "advert_interval_s")));
	put_field(s, "master", &w);
}

static void put_conflict(const json_t *instance, const struct sheet *s)
{
	const json_t *conflict = json_object_get(instance, "conflict");
	struct wrd w;

	if (!json_is_object(conflict))
		return;
	wrd_clear(&w);
	say_conflict(&w, conflict);
	wrd_add(&w, ", since ");
	put_time(&w, conflict, "since", s->o);
	put_field(s, "conflict", &w);
}

static void put_damping(const json_t *instance, const struct sheet *s)
{
	const json_t *damping = json_object_get(instance, "damping");
	struct wrd w;

	if (!json_is_object(damping))
		return;
	wrd_clear(&w);
	say_damping(&w, damping);
	wrd_add(&w, ", since ");
	put_time(&w, damping, "since", s->o);
	put_field(s, "damped", &w);
}

static void put_addresses(const json_t *instance, const struct sheet *s)
{
	const json_t *a;
	size_t i;

	json_array_foreach(json_object_get(instance, "addresses"), i, a) {
		const char *held = json_is_true(json_object_get(a, "held")) ? "held" : "not held";
		struct wrd w;

		wrd_clear(&w);
		wrd_string(&w, a, "address");
		wrd_add(&w, " on ");
		wrd_string(&w, a, "interface");
		wrd_add(&w, ": %s%s%s", held,
			json_is_true(json_object_get(a, "pending")) ? ", changing" : "",
			json_is_true(json_object_get(a, "excluded")) ? ", not advertised" : "");
		if (json_is_string(json_object_get(a, "error"))) {
			wrd_add(&w, ", ");
			wrd_string(&w, a, "error");
		}
		put_field(s, i ? "" : "addresses", &w);
	}
}

static void put_checks(const json_t *answer, const struct sheet *s)
{
	const json_t *check;
	struct wrd w, streak;
	size_t i;

	json_array_foreach(json_object_get(answer, "checks"), i, check) {
		wrd_clear(&w);
		wrd_string(&w, check, "name");
		if (json_is_number(json_object_get(check, "interval_s"))) {
			wrd_add(&w, " (");
			wrd_string(&w, check, "script");
			wrd_add(&w, " every %g s)",
				json_number_value(json_object_get(check, "interval_s")));
		}
		wrd_add(&w, ": ");
		wrd_string(&w, check, "verdict");
		wrd_add(&w, ", ");
		wrd_result(&w, check);
		if (json_is_number(json_object_get(check, "age_s"))) {
			wrd_add(&w, ", took ");
			wrd_millis(&w, check, "took_ms");
			wrd_add(&w, ", ");
			wrd_duration(&w, check, "age_s");
			wrd_add(&w, " ago");
		}
		if (json_is_true(json_object_get(check, "running"))) {
			wrd_add(&w, ", running for ");
			wrd_duration(&w, check, "running_s");
		}
		wrd_clear(&streak);
		wrd_streak(&streak, check);
		wrd_add(&w, "%s%s", streak.len ? ", " : "", streak.s);
		if (json_is_string(json_object_get(check, "detail"))) {
			wrd_add(&w, ": ");
			wrd_string(&w, check, "detail");
		}
		put_field(s, i ? "" : "checks", &w);
	}
}

static void put_counters(const json_t *instance, const struct sheet *s)
{
	const json_t *counters = json_object_get(instance, "counters");
	struct wrd w;

	wrd_clear(&w);
	wrd_counters(&w, counters);
	if (w.len)
		put_field(s, "counters", &w);
	wrd_clear(&w);
	wrd_counters(&w, json_object_get(counters, "rejects"));
	if (w.len)
		put_field(s, "rejected", &w);
	if (json_is_string(json_object_get(instance, "send_error")))
		field_string(s, "send error", instance, "send_error");
}

/* A script that does not end, and what waits for that. */
static void put_notify(const json_t *instance, const struct sheet *s)
{
	const json_t *notify = json_object_get(instance, "notify");
	json_int_t waiting = json_integer_value(json_object_get(notify, "waiting"));
	struct wrd w;

	if (!json_is_object(notify))
		return;
	wrd_clear(&w);
	wrd_string(&w, notify, "script");
	wrd_add(&w, " has run for ");
	wrd_duration(&w, notify, "running_s");
	if (waiting)
		wrd_add(&w, ", %lld more wait for it", (long long)waiting);
	put_field(s, "notify", &w);
}

void ren_instance(const json_t *answer, const struct ren_options *o, FILE *to)
{
	const struct sheet sheet = { o, to }, *s = &sheet;
	const json_t *instance = json_array_get(json_object_get(answer, "instances"), 0);
	struct wrd w;

	put_headline(instance, s);
	field_string(s, "why", instance, "why");
	wrd_clear(&w);
	wrd_faults(&w, instance);
	if (w.len)
		put_field(s, "faults", &w);
	wrd_clear(&w);
	wrd_priority(&w, instance);
	put_field(s, "priority", &w);
	put_vrrp(answer, instance, s);
	put_master(instance, s);
	put_conflict(instance, s);
	put_damping(instance, s);
	if (json_is_number(json_object_get(instance, "next_timer_s"))) {
		wrd_clear(&w);
		wrd_add(&w, "in ");
		wrd_duration(&w, instance, "next_timer_s");
		put_field(s, "next timer", &w);
	}
	put_addresses(instance, s);
	put_interfaces(answer, instance, s);
	put_checks(answer, s);
	put_notify(instance, s);
	put_counters(instance, s);
}

void ren_event(const json_t *event, const struct ren_options *o, FILE *to)
{
	long long suppressed = json_integer_value(json_object_get(event, "suppressed"));
	struct wrd w;

	wrd_clear(&w);
	put_time(&w, event, "time", o);
	wrd_add(&w, "  ");
	wrd_string(&w, event, "text");
	if (suppressed)
		wrd_add(&w, " (%lld similar events suppressed)", suppressed);
	fprintf(to, "%s\n", w.s);
}
