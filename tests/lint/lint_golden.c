/*
 * Why this exists: what lint says is shown here by example, and what it does not. A case is one
 * file: sections "== NAME" are files of a cluster, "== expected" ends a scenario. A node is what
 * ends in .conf or .cfg; the rest is included, or is a script; "== NAME @PATH" is a file that we
 * ship. The case of a rule is named after it: in the first scenario the rule speaks, in the others
 * it is silent although the text is nearly the same.
 *
 * lint_golden [--update] DIRECTORY. With --update the expectations are written anew: look at them.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/source.h"
#include "lint/render.h"

#define FILES_MAX 8
#define EXPECTED "expected"

struct section {
	char name[64];
	const char *header;		/* its line, in the case */
	char *shipped;			/* owned; NULL: the text stands in the case */
	const char *text;
	size_t len;
};

struct scenario {
	struct section files[FILES_MAX];
	size_t n;
	const char *expected;
	size_t expected_len;
};

static void die(const char *what)
{
	perror(what);
	exit(2);
}

/* ---- the scenario's files instead of the host's ---- */

static const struct section *find(const struct scenario *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++) {
		if (strcmp(s->files[i].name, name) == 0)
			return &s->files[i];
	}
	return NULL;
}

static enum src_result read_file(void *ctx, const char *path, struct src_text *out)
{
	const struct section *f = find(ctx, path);

	if (!f)
		return SRC_MISSING;
	*out = (struct src_text){ .text = malloc(f->len + 1), .len = f->len };
	if (!out->text)
		return SRC_NO_ROOM;
	memcpy(out->text, f->text, f->len);
	out->text[f->len] = '\0';
	return SRC_OK;
}

static size_t match(void *ctx, struct arena *arena, const char *pattern, const char ***paths)
{
	*paths = arena_array(arena, 2, sizeof(**paths));
	if (!*paths || !find(ctx, pattern))
		return 0;
	(*paths)[0] = arena_str(arena, pattern);
	return 1;
}

static const char *nowhere(void *ctx, struct arena *arena)
{
	(void)ctx;
	return arena_str(arena, "");
}

static const char *host_name(void *ctx, struct arena *arena)
{
	(void)ctx;
	return arena_str(arena, "host");
}

static const char *no_env(void *ctx, const char *name)
{
	(void)ctx;
	(void)name;
	return NULL;
}

static uint32_t four(void *ctx)
{
	(void)ctx;
	return 4;
}

static long read_script(void *ctx, const char *path, char *buf, size_t size)
{
	const struct section *f = find(ctx, path);

	if (!f || f->len > size)
		return -1;
	memcpy(buf, f->text, f->len);
	return (long)f->len;
}

/* On the host of the cases each file below /home belongs to user 1000. */
static bool is_unsafe(void *ctx, const char *const *argv, const struct cfg_user *as, char *why,
		      size_t size)
{
	(void)ctx;
	if (strncmp(argv[0], "/home/", 6) != 0 || (as->user && strcmp(as->user, "root") != 0))
		return false;
	snprintf(why, size, "Unsafe permissions: '%s' belongs to user 1000, and runs as root",
		 argv[0]);
	return true;
}

/* ---- one scenario ---- */

static bool is_node(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && (strcmp(dot, ".conf") == 0 || strcmp(dot, ".cfg") == 0);
}

static void add_node(struct lnt *l, const struct section *f, const struct source *source)
{
	const struct cfg_options how = { .dialect = CFG_BY_NAME, .config_id = "host",
					 .source = source };
	struct diag_list said;

	diag_init(&said);
	cfg_free(cfg_load_text(f->name, f->text, f->len, &how, &said));
	if (!lnt_add(l, f->name, &how, &said))
		die(f->name);
	diag_free(&said);
}

static int status_of(const struct lnt *l, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (lnt_unusable(l, i))
			return 2;
	}
	return lnt_worst(l) >= (int)DIAG_WARNING;
}

/* What lint says of S, to be freed. */
static char *run(struct scenario *s)
{
	const struct source source = { .ctx = s, .read = read_file, .match = match, .cwd = nowhere,
				       .host_name = host_name, .env = no_env, .random = four };
	const struct lnt_host host = { .ctx = s, .script = read_script,
				       .unsafe = is_unsafe };
	struct lnt *l = lnt_new(&host);
	size_t size, nodes = 0;
	char *text = NULL;
	FILE *f = open_memstream(&text, &size);

	if (!l || !f)
		die("no memory");
	for (size_t i = 0; i < s->n; i++) {
		if (!is_node(s->files[i].name))
			continue;
		add_node(l, &s->files[i], &source);
		nodes++;
	}
	if (!lnt_run(l))
		die("lnt_run");
	rnd_text(l, f);
	fprintf(f, "status %d\n", status_of(l, nodes));
	fclose(f);
	lnt_free(l);
	return text;
}

/* ---- a case ---- */

struct test {
	const char *name;		/* of its file */
	char *text;			/* owned */
	const char *at;			/* the next section */
	FILE *update;			/* NULL: compare */
	size_t scenarios, failed;
	bool spoke_first, spoke_later;	/* the rule that the case is named after */
};

static void fail(struct test *t, const char *what)
{
	printf("%s: scenario %zu: %s\n", t->name, t->scenarios, what);
	t->failed++;
}

/* The text from T->at to the next section header or the end. */
static size_t section_len(const struct test *t)
{
	const char *end = strstr(t->at, "\n== ");

	if (strncmp(t->at, "== ", 3) == 0)
		return 0;
	return end ? (size_t)(end - t->at) + 1 : strlen(t->at);
}

static char *read_whole(const char *name)
{
	FILE *f = fopen(name, "rb");
	char *text = NULL;
	size_t size = 0;

	if (!f || getdelim(&text, &size, '\0', f) < 0)
		die(name);
	fclose(f);
	return text;
}

/* Takes the next section; false when there is none. */
static bool next_section(struct test *t, struct section *s)
{
	char path[128] = "";

	*s = (struct section){ .header = t->at };
	if (sscanf(t->at, "== %63s @%127s", s->name, path) < 1)
		return false;
	t->at += strcspn(t->at, "\n");
	t->at += *t->at == '\n';
	s->text = t->at;
	s->len = section_len(t);
	t->at += s->len;
	if (!*path)
		return true;
	s->text = s->shipped = read_whole(path);
	s->len = strlen(s->text);
	return true;
}

/* Reads sections up to "expected"; false when there are none. */
static bool next_scenario(struct test *t, struct scenario *s)
{
	struct section section;

	*s = (struct scenario){ 0 };
	while (next_section(t, &section)) {
		if (strcmp(section.name, EXPECTED) == 0) {
			s->expected = section.text;
			s->expected_len = section.len;
			return true;
		}
		if (s->n == FILES_MAX)
			die("too many files");
		s->files[s->n++] = section;
	}
	return false;
}

static void print_difference(const struct scenario *s, const char *got)
{
	const char *expected = s->expected, *end = expected + s->expected_len;

	while (expected < end && *expected == *got) {
		expected++;
		got++;
	}
	printf("    expected from here: %.*s\n    got instead:        %.60s\n",
	       (int)(end - expected < 60 ? end - expected : 60), expected, got);
}

/* Writes the sections of S as they were, and what is expected now. */
static void rewrite(const struct test *t, const struct scenario *s, const char *got)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct section *f = &s->files[i];

		fprintf(t->update, "%.*s\n%.*s", (int)strcspn(f->header, "\n"), f->header,
			f->shipped ? 0 : (int)f->len, f->text);
	}
	fprintf(t->update, "== %s\n%s", EXPECTED, got);
}

static void run_scenario(struct test *t, struct scenario *s)
{
	char id[80], *got = run(s);
	bool spoke;

	snprintf(id, sizeof(id), "[%.*s]", (int)strcspn(t->name, "."), t->name);
	spoke = strstr(got, id) != NULL;
	if (t->scenarios++ == 0)
		t->spoke_first = spoke;
	else
		t->spoke_later |= spoke;
	if (t->update) {
		rewrite(t, s, got);
	} else if (strlen(got) != s->expected_len ||
		   memcmp(got, s->expected, s->expected_len) != 0) {
		fail(t, "lint says something else");
		print_difference(s, got);
	}
	free(got);
}

static bool is_rule(const char *name)
{
	const char *id;

	for (size_t i = 0; (id = lnt_rule_id(i, NULL)); i++) {
		if (strlen(id) == strcspn(name, ".") && strncmp(id, name, strlen(id)) == 0)
			return true;
	}
	return false;
}

static void run_case(const char *name, bool update, size_t *passed, size_t *failed)
{
	struct test t = { .name = name, .text = read_whole(name) };
	struct scenario s;

	t.at = strstr(t.text, "== ");
	if (!t.at)
		t.at = t.text + strlen(t.text);
	if (update) {
		t.update = fopen(name, "wb");
		if (!t.update)
			die(name);
		fprintf(t.update, "%.*s", (int)(t.at - t.text), t.text);
	}
	while (next_scenario(&t, &s)) {
		run_scenario(&t, &s);
		for (size_t i = 0; i < s.n; i++)
			free(s.files[i].shipped);
	}
	if (*t.at || t.scenarios == 0)
		fail(&t, "this is no scenario, or it does not end in '== expected'");
	if (is_rule(name) && !t.spoke_first)
		fail(&t, "the rule is silent in the first scenario");
	if (is_rule(name) && (t.spoke_later || t.scenarios < 2))
		fail(&t, "the rule needs scenarios in which it is silent");
	if (update && fclose(t.update) != 0)
		die(name);
	*passed += t.scenarios > t.failed ? t.scenarios - t.failed : 0;
	*failed += t.failed;
	free(t.text);
}

/* Every rule has a case. */
static size_t rules_without_case(void)
{
	const char *id;
	size_t n = 0;

	for (size_t i = 0; (id = lnt_rule_id(i, NULL)); i++) {
		char name[80];

		snprintf(name, sizeof(name), "%s.case", id);
		if (access(name, R_OK) == 0)
			continue;
		printf("%s: the rule has no case\n", id);
		n++;
	}
	return n;
}

static int is_case(const struct dirent *e)
{
	const char *dot = strrchr(e->d_name, '.');

	return dot && strcmp(dot, ".case") == 0;
}

int main(int argc, char **argv)
{
	bool update = argc > 1 && strcmp(argv[1], "--update") == 0;
	size_t passed = 0, failed = 0;
	struct dirent **v;
	int n;

	if (argc != 2 + update) {
		fprintf(stderr, "usage: lint_golden [--update] DIRECTORY\n");
		return 2;
	}
	if (chdir(argv[1 + update]) != 0)
		die(argv[1 + update]);
	n = scandir(".", &v, is_case, alphasort);
	if (n <= 0)
		die("no cases");
	for (int i = 0; i < n; i++) {
		run_case(v[i]->d_name, update, &passed, &failed);
		free(v[i]);
	}
	free(v);
	failed += rules_without_case();
	printf("%zu passed, %zu failed\n", passed, failed);
	return failed ? 1 : 0;
}
