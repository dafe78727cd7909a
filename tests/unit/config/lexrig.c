/*
 * Why this exists: a table of texts and what becomes of them reads better than a page of
 * assertions, and included files in memory need no directory to be made and removed.
 */
#include "lexrig.h"

#include <check.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/lexer.h"

#define MATCHES_MAX 16

static const struct lexrig_file *find(const struct lexrig *rig, const char *path)
{
	const struct lexrig_file *f = rig->files;

	while (f && f->path && strcmp(f->path, path) != 0)
		f++;
	return f && f->path ? f : NULL;
}

static enum src_result rig_read(void *ctx, const char *path, struct src_text *out)
{
	const struct lexrig_file *f = find(ctx, path);

	if (!f)
		return SRC_MISSING;
	if (f->result != SRC_OK)
		return f->result;
	*out = (struct src_text){ strdup(f->text), strlen(f->text), f->executable };
	return SRC_OK;
}

static size_t rig_match(void *ctx, struct arena *arena, const char *pattern, const char ***paths)
{
	const struct lexrig *rig = ctx;
	const struct lexrig_file *f = rig->files;
	size_t n = 0;

	*paths = arena_array(arena, MATCHES_MAX + 1, sizeof(**paths));
	for (; f && f->path && n < MATCHES_MAX; f++) {
		if (fnmatch(pattern, f->path, FNM_PATHNAME | FNM_PERIOD) == 0)
			(*paths)[n++] = f->path;
	}
	return n;
}

static const char *rig_cwd(void *ctx, struct arena *arena)
{
	(void)ctx;
	return arena_str(arena, "/cwd");
}

static const char *rig_host_name(void *ctx, struct arena *arena)
{
	(void)ctx;
	return arena_str(arena, "node1.example");
}

static const char *rig_env(void *ctx, const char *name)
{
	(void)ctx;
	return strcmp(name, "SET") == 0 ? "from the environment" : NULL;
}

static uint32_t rig_random(void *ctx)
{
	(void)ctx;
	return 0x80000000u;
}

struct source lexrig_source(const struct lexrig *rig)
{
	return (struct source){
		.ctx = (void *)(uintptr_t)rig, .read = rig_read, .match = rig_match, .cwd = rig_cwd,
		.host_name = rig_host_name, .env = rig_env, .random = rig_random,
	};
}

/* "[FILE:]LINE:COL"; the file only when it is not the main one. */
static void print_place(FILE *to, const char *main_file, const char *file, unsigned int line,
			unsigned int col)
{
	if (strcmp(file, main_file) != 0)
		fprintf(to, "%s:", file);
	fprintf(to, "%u:%u", line, col);
}

static void print_item(FILE *to, const char *main_file, const struct lex_item *item, bool places)
{
	static const char *const braces[] = { [LEX_OPEN] = "{", [LEX_CLOSE] = "}" };

	for (size_t i = 0; item->kind == LEX_WORDS && i < item->n; i++) {
		const struct lex_word *w = &item->words[i];
		const char *quote = w->quoted ? "'" : "";

		fprintf(to, "%s", i ? " " : "");
		if (places) {
			print_place(to, main_file, w->pos.file, w->pos.line, w->pos.col);
			fputc('=', to);
		}
		fprintf(to, "%s%s%s", quote, w->text, quote);
	}
	if (item->kind != LEX_WORDS && places) {
		print_place(to, main_file, item->pos.file, item->pos.line, item->pos.col);
		fputc('=', to);
	}
	if (item->kind != LEX_WORDS)
		fputs(braces[item->kind], to);
	fputc('\n', to);
}

static void print_diags(const struct diag_list *diags, const char *main_file, FILE *brief,
	FILE *full)
{
	for (size_t i = 0; i < diags->n; i++) {
		const struct diag *d = &diags->v[i];
		char text[1000];

		print_place(brief, main_file, d->file, d->line, d->col);
		fprintf(brief, " %s\n", diag_severity_word(d->severity));
		diag_text(d, text, sizeof(text));
		fprintf(full, "%s\n", text);
	}
}

/*
 * Takes every item; peeks before each second one, which must change nothing. An assertion for each
 * item would take longer than the lexer.
 */
static void print_items(struct lexer *l, const char *main_file, FILE *words, FILE *places)
{
	struct lex_item item;

	for (int i = 0;; i++) {
		enum lex_kind peeked = i % 2 ? lex_peek(l)->kind : LEX_END;

		lex_next(l, &item);
		if ((i % 2 && peeked != item.kind) || !item.rest)
			ck_abort_msg("item %d is malformed", i);
		if (item.kind == LEX_END)
			break;
		print_item(words, main_file, &item, false);
		print_item(places, main_file, &item, true);
	}
	lex_next(l, &item);
	ck_assert_int_eq(item.kind, LEX_END);
}

struct lexed lex_all(const struct lexrig *rig, const char *text, size_t len)
{
	struct source source = lexrig_source(rig);
	struct cfg_options options = {
		.config_id = rig->config_id, .strict_includes = rig->strict, .source = &source,
	};
	const char *name = rig->name ? rig->name : "main.conf";
	struct arena *arena = arena_new();
	struct diag_list diags;
	struct lexed out;
	size_t size;
	FILE *words = open_memstream(&out.words, &size);
	FILE *places = open_memstream(&out.places, &size);
	FILE *brief = open_memstream(&out.diags, &size);
	FILE *full = open_memstream(&out.texts, &size);
	FILE *files = open_memstream(&out.files, &size);
	struct lexer *l;

	diag_init(&diags);
	l = lex_open(arena, name, text, len, &options, &diags);
	ck_assert_ptr_nonnull(l);
	print_items(l, name, words, places);
	for (const char **f = lex_files(l); *f; f++)
		fprintf(files, "%s ", *f);
	out.include_failed = lex_include_failed(l);
	print_diags(&diags, name, brief, full);
	fclose(words);
	fclose(places);
	fclose(brief);
	fclose(full);
	fclose(files);
	lex_close(l);
	diag_free(&diags);
	arena_free(arena);
	return out;
}

void lexed_free(struct lexed *l)
{
	free(l->words);
	free(l->places);
	free(l->diags);
	free(l->texts);
	free(l->files);
}

void expect_files(const struct lexrig *rig, const char *text, const char *words, const char *diags)
{
	struct lexed l = lex_all(rig, text, strlen(text));

	ck_assert_msg(!words || strcmp(l.words, words) == 0, "of\n%s\ncame\n%sand not\n%s", text,
		l.words,
		      words);
	ck_assert_msg(strcmp(l.diags, diags) == 0, "of\n%s\nwas said\n%sand not\n%s", text, l.texts,
		      diags);
	lexed_free(&l);
}

void expect(const char *text, const char *words, const char *diags)
{
	const struct lexrig rig = { .config_id = "main" };

	expect_files(&rig, text, words, diags);
}

void expect_places(const struct lexrig *rig, const char *text, const char *places)
{
	struct lexed l = lex_all(rig, text, strlen(text));

	ck_assert_msg(strcmp(l.places, places) == 0, "of\n%s\ncame\n%sand not\n%s", text, l.places,
		      places);
	lexed_free(&l);
}
