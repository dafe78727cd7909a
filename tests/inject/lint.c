/*
 * Why this exists: "no findings" must never mean "I could not look". Whatever is refused, lint says
 * the same as ever, or that it could not.
 */
#include <stdio.h>
#include <string.h>

#include "inject/inject.h"
#include "lint/lint.h"
#include "lint/render.h"

static const struct cfg_options how = { .config_id = "node-a" };

static long script(void *ctx, const char *path, char *buf, size_t size)
{
	static const char text[] = "#!/bin/sh\nsleep 10\nkillall -0 haproxy || exit 1\n";

	(void)ctx;
	(void)path;
	memcpy(buf, text, size < sizeof(text) ? size : sizeof(text) - 1);
	return sizeof(text) - 1;
}

/* What is said of a pair of the file. False: it could not be looked at. */
static bool look(const char *file, bool json, FILE *to)
{
	const struct lnt_host host = { .script = script };
	struct lnt *l = lnt_new(&host);
	bool good = l != NULL;

	for (int i = 0; l && i < 2; i++) {
		struct diag_list said;

		diag_init(&said);
		cfg_free(cfg_load(file, &how, &said));
		lnt_add(l, file, &how, &said);
		good &= !said.starved;
		diag_free(&said);
	}
	good = good && lnt_run(l);
	if (good && !json)
		rnd_text(l, to);
	else if (good)
		good = rnd_json(l, to);
	lnt_free(l);
	return good;
}

/* But for the nearest word, which may be missing. */
static bool same(const char *a, const char *b)
{
	static const char hint[] = " (did you mean '";

	while (*a && *a == *b) {
		a++;
		b++;
		for (const char **s = &a;; s = &b) {
			if (strncmp(*s, hint, strlen(hint)) == 0)
				*s += strcspn(*s, ")") + 1;
			if (s == &b)
				break;
		}
	}
	return *a == *b;
}

static void run(struct inj *in, bool json)
{
	static char right[65536], text[65536];

	memset(text, 0, sizeof(text));
	FILE *to = fmemopen(text, sizeof(text) - 1, "w");
	if (!to) {
		inj_wrong(in, "cannot begin");
		return;
	}
	inj_arm(in);
	bool good = look(inj_arg(in), json, to);
	bool hit = inj_disarm(in);
	fclose(to);
	if (!hit && !right[0])
		memcpy(right, text, sizeof(right));
	if (!hit && !good)
		inj_wrong(in, "it cannot look");
	if (good && !same(text, right) && !strstr(text, "memory"))
		inj_wrong(in, "something else is said: %.200s", text);
}

static void as_text(struct inj *in)
{
	run(in, false);
}

static void as_json(struct inj *in)
{
	run(in, true);
}

const struct inj_op inj_lint[] = {
	{ "lint: a pair", as_text, "tests/golden/seed-node-a.conf" },
	{ "lint: a pair, JSON", as_json, "tests/golden/seed-node-a.conf" },
	{ "lint: mistakes", as_text, "tests/golden/missing-value.conf" },
	{ "lint: natively", as_text, "tests/golden/native-pair.cfg" },
	{ 0 },
};
