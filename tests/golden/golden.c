/*
 * Why this exists: what a configuration means, and what is said about it, is shown here by example.
 * For each X.conf or X.cfg in the directory, X.dump is what it means and X.diag what is said; a
 * file that is not there means "nothing". What is dumped must load again, in both dialects, to the
 * same configuration.
 *
 * golden [--update] DIRECTORY. With --update the expectations are written anew: look at them.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/cfg.h"
#include "golden/same.h"

static const struct cfg_options by_name = { .dialect = CFG_BY_NAME, .config_id = "node-a" };

static void die(const char *what)
{
	perror(what);
	exit(2);
}

/* The whole file; NULL when there is none. */
static char *read_file(const char *name)
{
	FILE *f = fopen(name, "rb");
	char *text = NULL;
	size_t size = 0;

	if (!f)
		return NULL;
	if (getdelim(&text, &size, '\0', f) < 0) {
		free(text);
		text = strdup("");
	}
	fclose(f);
	return text;
}

/* An empty text is no file. */
static void write_file(const char *name, const char *text)
{
	FILE *f;

	if (!*text) {
		unlink(name);
		return;
	}
	f = fopen(name, "wb");
	if (!f || fputs(text, f) < 0 || fclose(f) != 0)
		die(name);
}

/* All diagnoses as text, to be freed. */
static char *diag_lines(const struct diag_list *l)
{
	char *text = NULL, line[2048];
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		die("open_memstream");
	for (size_t i = 0; i < l->n; i++) {
		diag_text(&l->v[i], line, sizeof(line));
		fprintf(f, "%s\n", line);
	}
	fclose(f);
	return text;
}

/* The dump as text, to be freed; empty for NULL. */
static char *dump_text(const struct cfg *c, enum cfg_dialect dialect, bool secrets)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		die("open_memstream");
	if (c)
		cfg_dump(c, dialect, secrets, f);
	fclose(f);
	return text;
}

/* Prints what is wrong; returns 1 as the number of failures. */
static int failed(const char *name, const char *what, const char *detail)
{
	printf("%s: %s%s%s\n", name, what, *detail ? ": " : "", detail);
	return 1;
}

/* The first line in which the texts differ. */
static void print_difference(const char *expected, const char *got)
{
	while (*expected && *expected == *got) {
		expected++;
		got++;
	}
	printf("    expected from here: %.60s\n    got instead:        %.60s\n", expected, got);
}

static int compare(const char *base, const char *suffix, const char *got, bool update)
{
	char name[300], *expected;
	int bad = 0;

	snprintf(name, sizeof(name), "%s.%s", base, suffix);
	if (update) {
		write_file(name, got);
		return 0;
	}
	expected = read_file(name);
	if (strcmp(expected ? expected : "", got) != 0) {
		bad = failed(base, suffix, "differs");
		print_difference(expected ? expected : "", got);
	}
	free(expected);
	return bad;
}

/* What is said of a dump must have been said of the original: a dump has no mistakes of its own. */
static int new_complaints(const char *name, const struct diag_list *before,
			  const struct diag_list *after)
{
	int bad = 0;

	for (size_t i = 0; i < after->n; i++) {
		size_t k = 0;

		while (k < before->n && strcmp(before->v[k].text, after->v[i].text) != 0)
			k++;
		if (k == before->n)
			bad += failed(name, "its dump is not clean", after->v[i].text);
	}
	return bad;
}

/* Load, dump, load, dump: nothing new to complain about, nothing lost. */
static int round_trip(const char *name, const struct cfg *c, const struct diag_list *before,
		      enum cfg_dialect dialect)
{
	const struct cfg_options options = { .dialect = dialect, .config_id = "node-a" };
	char *once = dump_text(c, dialect, true), *twice;
	struct diag_list diags;
	struct cfg *again;
	const char *what;
	int bad = 0;

	diag_init(&diags);
	again = cfg_load_text("dump", once, strlen(once), &options, &diags);
	twice = dump_text(again, dialect, true);
	bad += new_complaints(name, before, &diags);
	if (strcmp(once, twice) != 0) {
		bad += failed(name, "a dump of the dump differs", "");
		print_difference(once, twice);
	}
	what = again ? cfg_difference(c, again) : NULL;
	if (what)
		bad += failed(name, "the dump loads to another", what);
	diag_free(&diags);
	cfg_free(again);
	free(once);
	free(twice);
	return bad ? 1 : 0;
}

static int run_case(const char *name, bool update)
{
	char base[256], *text;
	struct diag_list diags;
	struct cfg *c;
	bool native = strcmp(strrchr(name, '.'), ".cfg") == 0;
	int bad;

	snprintf(base, sizeof(base), "%.*s", (int)(strrchr(name, '.') - name), name);
	diag_init(&diags);
	c = cfg_load(name, &by_name, &diags);
	text = diag_lines(&diags);
	bad = compare(base, "diag", text, update);
	free(text);
	text = dump_text(c, native ? CFG_NATIVE : CFG_KEEPALIVED, false);
	bad += compare(base, "dump", text, update);
	free(text);
	if (!c && diag_worst(&diags) != (int)DIAG_FATAL)
		bad += failed(name, "nothing to run", "and no fatal diagnosis");
	if (c)
		bad += round_trip(name, c, &diags, CFG_KEEPALIVED) +
		       round_trip(name, c, &diags, CFG_NATIVE);
	diag_free(&diags);
	cfg_free(c);
	return bad ? 1 : 0;
}

static int is_case(const struct dirent *e)
{
	const char *dot = strrchr(e->d_name, '.');

	return dot && (strcmp(dot, ".conf") == 0 || strcmp(dot, ".cfg") == 0);
}

int main(int argc, char **argv)
{
	bool update = argc > 1 && strcmp(argv[1], "--update") == 0;
	struct dirent **v;
	int n, bad = 0;

	if (argc != 2 + update) {
		fprintf(stderr, "usage: golden [--update] DIRECTORY\n");
		return 2;
	}
	if (chdir(argv[1 + update]) != 0)
		die(argv[1 + update]);
	n = scandir(".", &v, is_case, alphasort);
	if (n <= 0)
		die("no cases");
	for (int i = 0; i < n; i++) {
		bad += run_case(v[i]->d_name, update);
		free(v[i]);
	}
	free(v);
	printf("%d passed, %d failed\n", n - bad, bad);
	return bad ? 1 : 0;
}
