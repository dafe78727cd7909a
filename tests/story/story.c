/*
 * Runs stories: text files in which hosts elect a master on a virtual clock.
 *
 *
 *
 *
 * The exit status is 0 when all is as expected, 1 when not, 2 when a file is no story. The
 * language is described in README.md in this directory.
 */
#include "story.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define CONTEXT 3			/* equal lines printed around a difference */

static char *read_file(const char *file)
{
	FILE *f = fopen(file, "r");
	char *text = NULL;
	size_t size = 0;

	if (!f) {
		fprintf(stderr, "%s: %s\n", file, strerror(errno));
		exit(2);
	}
	if (getdelim(&text, &size, '\0', f) < 0) {
		fprintf(stderr, "%s: is empty\n", file);
		exit(2);
	}
	fclose(f);
	return text;
}

static void write_file(const char *file, const char *text)
{
	FILE *f = fopen(file, "w");

	if (!f || fputs(text, f) < 0 || fclose(f) != 0) {
		fprintf(stderr, "%s: %s\n", file, strerror(errno));
		exit(2);
	}
}

/* ---- the difference, by the longest common sequence of lines ---- */

struct text {
	char *copy;
	char **v;
	size_t n;
};

static struct text lines_of(const char *text)
{
	struct text t = { .copy = strdup(text) };
	size_t max = 1;

	for (const char *c = text; *c; c++)
		max += *c == '\n';
	t.v = calloc(max, sizeof(*t.v));
	if (!t.v || !t.copy)
		exit(2);
	char *rest = t.copy;
	for (char *line; rest && *rest; )
		if ((line = strsep(&rest, "\n")))
			t.v[t.n++] = line;
	return t;
}

static void free_text(struct text *t)
{
	free(t->copy);
	free(t->v);
}

/* common[i * (b->n + 1) + j]: how many lines the ends of A from I and B from J have in common. */
static unsigned int *common_ends(const struct text *a, const struct text *b)
{
	size_t width = b->n + 1;
	unsigned int *common = calloc((a->n + 1) * width, sizeof(*common));

	if (!common)
		exit(2);
	for (size_t i = a->n; i-- > 0; )
		for (size_t j = b->n; j-- > 0; ) {
			unsigned int *c = &common[i * width + j];

			if (strcmp(a->v[i], b->v[j]) == 0)
				*c = c[width + 1] + 1;
			else
				*c = c[width] > c[1] ? c[width] : c[1];
		}
	return common;
}

struct diff_line {
	char mark;			/* '-' expected only, '+' happened only, ' ' both */
	const char *text;
	size_t line;			/* in the file, from 1 */
};

static size_t make_diff(const struct text *a, const struct text *b, struct diff_line *d)
{
	unsigned int *common = common_ends(a, b);
	size_t i = 0, j = 0, n = 0, width = b->n + 1;

	while (i < a->n || j < b->n) {
		const unsigned int *c = &common[i * width + j];

		if (i < a->n && j < b->n && strcmp(a->v[i], b->v[j]) == 0) {
			d[n++] = (struct diff_line){ ' ', a->v[i], i + 1 };
			i++, j++;
		} else if (j == b->n || (i < a->n && c[width] >= c[1])) {
			d[n++] = (struct diff_line){ '-', a->v[i], i + 1 };
			i++;
		} else {
			d[n++] = (struct diff_line){ '+', b->v[j++], i + 1 };
		}
	}
	free(common);
	return n;
}

static bool near_change(const struct diff_line *d, size_t n, size_t at)
{
	size_t from = at > CONTEXT ? at - CONTEXT : 0;

	for (size_t i = from; i < n && i <= at + CONTEXT; i++)
		if (d[i].mark != ' ')
			return true;
	return false;
}

static void print_diff(const char *file, const char *expected, const char *happened)
{
	struct text a = lines_of(expected), b = lines_of(happened);
	struct diff_line *d = calloc(a.n + b.n + 1, sizeof(*d));
	bool gap = true;

	if (!d)
		exit(2);
	size_t n = make_diff(&a, &b, d);
	printf("    - expected   + happened\n");
	for (size_t i = 0; i < n; i++) {
		if (!near_change(d, n, i)) {
			gap = true;
			continue;
		}
		if (gap)
			printf("  %s:%zu\n", file, d[i].line);
		gap = false;
		printf("  %c %s\n", d[i].mark, d[i].text);
	}
	free(d);
	free_text(&a);
	free_text(&b);
}

static bool run_file(const char *file, bool update)
{
	char *expected = read_file(file);

	printf("%s ", file);
	fflush(stdout);			/* whose story it was when an assertion fails */
	char *happened = script_run(file, expected);
	bool same = strcmp(expected, happened) == 0;

	if (same)
		printf("ok\n");
	else if (update)
		printf("updated\n");
	else
		printf("FAILED\n");
	if (update && !same)
		write_file(file, happened);
	else if (!same)
		print_diff(file, expected, happened);
	free(expected);
	free(happened);
	return same || update;
}

int main(int argc, char **argv)
{
	bool update = argc > 1 && strcmp(argv[1], "--update") == 0;
	int passed = 0, failed = 0;

	for (int i = 1 + update; i < argc; i++) {
		if (run_file(argv[i], update))
			passed++;
		else
			failed++;
	}
	if (passed + failed == 0) {
		fprintf(stderr, "usage: story [--update] FILE...\n");
		return 2;
	}
	printf("%d passed, %d failed\n", passed, failed);
	return failed ? 1 : 0;
}
