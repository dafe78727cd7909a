/*
 * Numbers into phrases.
 *
 * At night nobody wants to read 11532.482913 seconds or add up weights. The phrases that the
 * overview and the detailed view share are made here, out of the same JSON that programs get, so
 * that people and programs are told the same thing.
 */
#include "ctl/words.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/text.h"

#define MARK "..."
#define MARK_LEN (sizeof(MARK) - 1)

void wrd_clear(struct wrd *w)
{
	w->len = 0;
	w->s[0] = '\0';
}

void wrd_add(struct wrd *w, const char *format, ...)
{
	size_t room = sizeof(w->s) - w->len;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(w->s + w->len, room, format, args);
	va_end(args);
	if (n < 0)
		return;
	if ((size_t)n < room) {
		w->len += (size_t)n;
		return;
	}
	/* Never inside a character: the mark stands before one that has no room. */
	w->len = sizeof(w->s) - 1 - MARK_LEN;
	while (w->len && ((unsigned char)w->s[w->len] & 0xc0) == 0x80)
		w->len--;
	memcpy(w->s + w->len, MARK, MARK_LEN + 1);
	w->len += MARK_LEN;
}

void wrd_string(struct wrd *w, const json_t *o, const char *key)
{
	const char *text = json_string_value(json_object_get(o, key));
	char clean[WRD_MAX + 4];	/* a character too long, so that the cut is marked */

	wrd_add(w, "%s", text ? txt_clean(text, clean, sizeof(clean)) : "-");
}

/* Whoever answers chooses the number: what no clock can say is not turned into one. */
static long long whole_seconds(double s)
{
	return s >= 0 && s < 1e12 ? (long long)s : 0;
}

/* What stands before a unit and behind it, and how a minute is written. */
struct style {
	const char *gap, *minute;
};

static const struct style in_text = { " ", "min" };
static const struct style in_column = { "", "m" };

static void duration(struct wrd *w, const struct style *y, double s)
{
	long long whole = whole_seconds(s);

	if (s < 9.95)
		wrd_add(w, "%.1f%ss", s > 0 ? s : 0, y->gap);
	else if (whole < 60)
		wrd_add(w, "%lld%ss", whole, y->gap);
	else if (whole < 3600)
		wrd_add(w, "%lld%s%s%s%02lld%ss", whole / 60, y->gap, y->minute, y->gap, whole % 60,
			y->gap);
	else if (whole < 86400)
		wrd_add(w, "%lld%sh%s%02lld%s%s", whole / 3600, y->gap, y->gap, whole / 60 % 60,
			y->gap, y->minute);
	else
		wrd_add(w, "%lld%sd%s%lld%sh", whole / 86400, y->gap, y->gap, whole / 3600 % 24,
			y->gap);
}

static void member_duration(struct wrd *w, const struct style *y, const json_t *value)
{
	if (json_is_number(value))
		duration(w, y, json_number_value(value));
	else
		wrd_add(w, "-");
}

void wrd_duration(struct wrd *w, const json_t *o, const char *key)
{
	member_duration(w, &in_text, json_object_get(o, key));
}

void wrd_age(struct wrd *w, const json_t *o, const char *key)
{
	member_duration(w, &in_column, json_object_get(o, key));
}

static void millis(struct wrd *w, const struct style *y, const json_t *value)
{
	double ms = json_number_value(value);

	if (!json_is_number(value))
		wrd_add(w, "-");
	else if (ms < 9.95)
		wrd_add(w, "%.1f%sms", ms, y->gap);
	else if (ms < 999.5)
		wrd_add(w, "%.0f%sms", ms, y->gap);
	else
		duration(w, y, ms / 1000);
}

void wrd_millis(struct wrd *w, const json_t *o, const char *key)
{
	millis(w, &in_text, json_object_get(o, key));
}

void wrd_took(struct wrd *w, const json_t *o, const char *key)
{
	millis(w, &in_column, json_object_get(o, key));
}

static long long integer(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

void wrd_priority(struct wrd *w, const json_t *instance)
{
	const json_t *parts = json_object_get(instance, "priority_parts");
	const json_t *part;
	size_t i;

	wrd_add(w, "%lld", integer(instance, "effective_priority"));
	if (!json_array_size(parts))
		return;
	wrd_add(w, " = %lld", integer(instance, "base_priority"));
	json_array_foreach(parts, i, part) {
		long long delta = integer(part, "delta");

		wrd_add(w, " %c %lld (", delta < 0 ? '-' : '+', llabs(delta));
		wrd_string(w, part, "kind");
		if (json_is_string(json_object_get(part, "name"))) {
			wrd_add(w, " ");
			wrd_string(w, part, "name");
		}
		wrd_add(w, ")");
	}
}

void wrd_faults(struct wrd *w, const json_t *instance)
{
	const json_t *fault, *subject;
	size_t i, k;

	json_array_foreach(json_object_get(instance, "faults"), i, fault) {
		const json_t *subjects = json_object_get(fault, "subjects");

		wrd_add(w, "%s", i ? "; " : "");
		wrd_string(w, fault, "sentence");
		json_array_foreach(subjects, k, subject) {
			wrd_add(w, "%s", k ? ", " : " (");
			wrd_string(w, subject, "name");
		}
		wrd_add(w, "%s", json_array_size(subjects) ? ")" : "");
		if (json_is_string(json_object_get(fault, "cure"))) {
			wrd_add(w, ": ");
			wrd_string(w, fault, "cure");
		}
	}
}

void wrd_result(struct wrd *w, const json_t *check)
{
	const char *result = json_string_value(json_object_get(check, "result"));
	int code = (int)integer(check, "code");

	if (!result || !strcmp(result, "none"))
		wrd_add(w, "-");
	else if (!strcmp(result, "good") || !strcmp(result, "exit"))
		wrd_add(w, "exit %d", code);
	else if (!strcmp(result, "signal"))
		wrd_add(w, "signal %d (%s)", code, sigabbrev_np(code) ? sigabbrev_np(code) : "?");
	else if (!strcmp(result, "timeout"))
		wrd_add(w, "timed out");
	else if (!strcmp(result, "cannot-run"))
		wrd_add(w, "cannot run");
	else
		wrd_string(w, check, "result");
}

void wrd_streak(struct wrd *w, const json_t *check)
{
	const char *verdict = json_string_value(json_object_get(check, "verdict"));
	bool good = verdict && !strcmp(verdict, "good");

	if (!verdict || integer(check, "streak") == 0)
		return;
	wrd_add(w, "%lld of %lld %s", integer(check, "streak"),
		integer(check, good ? "fall" : "rise"), good ? "failures" : "successes");
}

void wrd_counters(struct wrd *w, const json_t *counters)
{
	const char *key, *between = "";
	json_t *value;

	json_object_foreach((json_t *)counters, key, value) {
		char words[64];

		if (json_integer_value(value) == 0)
			continue;
		txt_clean(key, words, sizeof(words));
		for (char *c = words; *c; c++)
			if (*c == '_')
				*c = ' ';
		wrd_add(w, "%s%s %lld", between, words, (long long)json_integer_value(value));
		between = ", ";
	}
}
