/*
 * Why this exists: a finding is one thing and has three readers. A person wants the sentence, the
 * numbers and the remedy; a program wants the id; -t wants a line like its others.
 */
#include "lint/render.h"

#include <jansson.h>
#include <string.h>

#include "lint/model.h"

#define JSON_VERSION 1

static size_t count(const struct lnt *l, enum diag_severity least, enum diag_severity most)
{
	const struct lnt_finding *v;
	size_t n, dropped, found = 0;

	v = lnt_findings(l, &n, &dropped);
	for (size_t i = 0; i < n; i++)
		found += v[i].severity >= least && v[i].severity <= most;
	return found;
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* ---- for people ---- */

static void put_place(const struct diag_pos *pos, FILE *to)
{
	fputs(pos->file, to);
	if (pos->line)
		fprintf(to, ":%u", (unsigned int)pos->line);
	if (pos->line && pos->col)
		fprintf(to, ":%u", (unsigned int)pos->col);
	fputs(*pos->file ? ": " : "", to);
}

static void put_details(const char *lines, FILE *to)
{
	while (lines) {
		const char *end = strchr(lines, '\n');

		fprintf(to, "    %.*s\n", end ? (int)(end - lines) : (int)strlen(lines), lines);
		lines = end ? end + 1 : NULL;
	}
}

void rnd_text(const struct lnt *l, FILE *to)
{
	const struct lnt_finding *v;
	size_t n, dropped, errors, warnings, notes;

	v = lnt_findings(l, &n, &dropped);
	for (size_t i = 0; i < n; i++) {
		put_place(&v[i].pos, to);
		fprintf(to, "%s: %s [%s]\n", diag_severity_word(v[i].severity), v[i].what, v[i].id);
		put_details(v[i].detail, to);
		if (v[i].instead)
			fprintf(to, "    instead: %s\n", v[i].instead);
	}
	if (dropped)
		fprintf(to, "and %zu more\n", dropped);
	errors = count(l, DIAG_ERROR, DIAG_FATAL);
	warnings = count(l, DIAG_WARNING, DIAG_MISTAKE);
	notes = count(l, DIAG_NOTE, DIAG_NOTE);
	fprintf(to, "%zu file%s: ", l->n_nodes, plural(l->n_nodes));
	if (n + dropped == 0)
		fputs("nothing found\n", to);
	else
		fprintf(to, "%zu error%s, %zu warning%s, %zu note%s\n", errors, plural(errors),
			warnings, plural(warnings), notes, plural(notes));
}

/* ---- for programs ---- */

/* File names and texts need not be UTF-8; what is not becomes '?'. */
static json_t *text_of(const char *text)
{
	json_t *s = json_string(text);
	char copy[2048];

	if (s)
		return s;
	snprintf(copy, sizeof(copy), "%s", text);
	for (char *p = copy; *p; p++) {
		if (*p & 0x80)
			*p = '?';
	}
	return json_string(copy);
}

static json_t *number_or_null(uint32_t n)
{
	return n ? json_integer(n) : json_null();
}

/* LIST with VALUE behind it, both taken over; NULL without memory. */
static json_t *appended(json_t *list, json_t *value)
{
	if (json_array_append_new(list, value) == 0)
		return list;
	json_decref(list);
	return NULL;
}

static json_t *details_of(const char *lines)
{
	json_t *list = json_array();

	while (lines && list) {
		const char *end = strchr(lines, '\n');
		char line[1024];

		snprintf(line, sizeof(line), "%.*s", end ? (int)(end - lines) : (int)strlen(lines),
			 lines);
		list = appended(list, text_of(line));
		lines = end ? end + 1 : NULL;
	}
	return list;
}

static json_t *finding_of(const struct lnt_finding *f)
{
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "id", f->id, "severity",
			 diag_severity_word(f->severity), "file", text_of(f->pos.file), "line",
			 number_or_null(f->pos.line), "column",
			 number_or_null(f->pos.line ? f->pos.col : 0), "what", text_of(f->what),
			 "details", details_of(f->detail), "instead",
			 f->instead ? text_of(f->instead) : json_null());
}

static json_t *document(const struct lnt *l)
{
	json_t *files = json_array(), *findings = json_array();
	const struct lnt_finding *v;
	size_t n, dropped;

	v = lnt_findings(l, &n, &dropped);
	for (size_t i = 0; i < l->n_nodes; i++)
		files = appended(files,
				 json_pack("{s:o, s:b}", "file", text_of(l->nodes[i]->file),
					   "usable", !lnt_unusable(l, i)));
	for (size_t i = 0; i < n; i++)
		findings = appended(findings, finding_of(&v[i]));
	return json_pack("{s:i, s:o, s:o, s:I, s:I, s:I, s:I}", "version", JSON_VERSION, "files",
			 files, "findings", findings, "errors",
			 (json_int_t)count(l, DIAG_ERROR, DIAG_FATAL), "warnings",
			 (json_int_t)count(l, DIAG_WARNING, DIAG_MISTAKE), "notes",
			 (json_int_t)count(l, DIAG_NOTE, DIAG_NOTE), "dropped",
			 (json_int_t)dropped);
}

bool rnd_json(const struct lnt *l, FILE *to)
{
	json_t *doc = document(l);
	bool good = doc && json_dumpf(doc, to, JSON_COMPACT | JSON_ENSURE_ASCII) == 0 &&
		    !ferror(to);

	json_decref(doc);
	if (good)
		fputc('\n', to);
	return good;
}

/* ---- for -t ---- */

void rnd_diags(const struct lnt *l, struct diag_list *out)
{
	const struct lnt_finding *v;
	size_t n, dropped;

	v = lnt_findings(l, &n, &dropped);
	for (size_t i = 0; i < n; i++) {
		bool own = strcmp(v[i].id, "config") != 0;

		diag_add(out, &v[i].pos, v[i].severity, NULL, "%s%s%s%s%s%s", v[i].what,
			 v[i].instead ? "; instead: " : "", v[i].instead ? v[i].instead : "",
			 own ? " [" : "", own ? v[i].id : "", own ? "]" : "");
	}
	out->dropped += dropped;
}
