/*
 * What was found wrong in a file.
 *
 * A file may be wrong in a thousand places, and an answer is for a person: the worst come first.
 */
#include "ctl/mistakes.h"

#include <string.h>

#include "ctl/text.h"

static json_t *one(const struct diag *d)
{
	return json_pack("{s:o, s:I, s:I, s:s, s:o, s:o}", "file", txt_json(d->file ? d->file : ""),
			 "line", (json_int_t)d->line, "column", (json_int_t)d->col, "severity",
			 diag_severity_word(d->severity), "text", txt_json(d->text), "hint",
			 txt_json(d->hint));
}

/* The least severity of which all fit, or that of which some must be left out. */
static enum diag_severity least_told(const struct diag_list *diags)
{
	enum diag_severity least = DIAG_FATAL;
	size_t n = 0;

	for (int s = DIAG_FATAL; s >= DIAG_WARNING && n < MST_MOST; s--) {
		least = (enum diag_severity)s;
		for (size_t i = 0; i < diags->n; i++)
			n += diags->v[i].severity == least;
	}
	return least;
}

static size_t count(const struct diag_list *diags, enum diag_severity from, enum diag_severity to)
{
	size_t n = 0;

	for (size_t i = 0; i < diags->n; i++)
		n += diags->v[i].severity >= from && diags->v[i].severity <= to;
	return n;
}

json_t *mst_members(const struct diag_list *diags)
{
	enum diag_severity least = least_told(diags);
	size_t room = MST_MOST - (least < DIAG_FATAL ? count(diags, least + 1, DIAG_FATAL) : 0);
	json_t *list = json_array();

	for (size_t i = 0; list && i < diags->n; i++) {
		const struct diag *d = &diags->v[i];

		if (d->severity < least || (d->severity == least && room == 0))
			continue;
		room -= d->severity == least;
		if (json_array_append_new(list, one(d))) {
			json_decref(list);
			list = NULL;
		}
	}
	/* NULL frees the others, too. What was dropped for being too many is none of the worst. */
	return json_pack("{s:o, s:I, s:I}", "mistakes", list, "errors",
			 (json_int_t)count(diags, DIAG_ERROR, DIAG_FATAL), "warnings",
			 (json_int_t)(count(diags, DIAG_WARNING, DIAG_MISTAKE) + diags->dropped));
}

static const char *string_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static long long number_of(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static void print_one(const json_t *m, FILE *to)
{
	const char *file = string_of(m, "file"), *text = string_of(m, "text");
	const char *severity = string_of(m, "severity"), *hint = string_of(m, "hint");

	txt_put(to, file ? file : "-", 0);
	fputc(':', to);
	if (number_of(m, "line"))
		fprintf(to, "%lld:%lld:", number_of(m, "line"), number_of(m, "column"));
	fputc(' ', to);
	txt_put(to, severity ? severity : "-", 0);
	fputs(": ", to);
	txt_put(to, text ? text : "-", 0);
	if (hint) {
		fputs(" (did you mean '", to);
		txt_put(to, hint, 0);
		fputs("'?)", to);
	}
	fputc('\n', to);
}

size_t mst_print(const json_t *answer, FILE *to)
{
	const json_t *list = json_object_get(answer, "mistakes"), *m;
	long long all = number_of(answer, "errors") + number_of(answer, "warnings"), more;
	size_t i;

	json_array_foreach(list, i, m)
		print_one(m, to);
	more = all - (long long)json_array_size(list);
	if (json_array_size(list) && more > 0)
		fprintf(to, "and %lld more: holdfastd -t tells all\n", more);
	return (size_t)all;
}
