/*
 * Why this exists: the lexer reads what anybody may have written, and it can be asked to expand.
 * Any input must end, with every item well formed and every place inside a file that was named.
 *
 * The input is cut at "\n=== " lines into files that can include each other; no file system is
 * read.
 */
#include <fnmatch.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/lexer.h"
#include "config/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FILES_MAX 8
#define CUT "\n=== "

struct memory {
	const char *part[FILES_MAX];
	size_t len[FILES_MAX];
	size_t n;
};

static void check(int condition)
{
	if (!condition)
		abort();
}

/* The files are called "0" to "7". */
static enum src_result read_part(void *ctx, const char *path, struct src_text *out)
{
	const struct memory *m = ctx;
	size_t i = (size_t)(path[0] - '0');

	if (path[0] == '\0' || path[1] != '\0' || i >= m->n)
		return SRC_MISSING;
	out->text = malloc(m->len[i] + 1);
	if (!out->text)
		return SRC_NO_ROOM;
	memcpy(out->text, m->part[i], m->len[i]);
	out->text[m->len[i]] = '\0';
	out->len = m->len[i];
	out->executable = i == 7;
	return SRC_OK;
}

static size_t match_parts(void *ctx, struct arena *arena, const char *pattern, const char ***paths)
{
	const struct memory *m = ctx;
	size_t n = 0;

	*paths = arena_array(arena, FILES_MAX + 1, sizeof(**paths));
	for (size_t i = 0; *paths && i < m->n; i++) {
		const char name[] = { (char)('0' + i), '\0' };

		if (fnmatch(pattern, name, 0) == 0)
			(*paths)[n++] = arena_str(arena, name);
	}
	return n;
}

static const char *some_text(void *ctx, struct arena *arena)
{
	(void)ctx;
	return arena_str(arena, "/somewhere.example");
}

static const char *no_env(void *ctx, const char *name)
{
	(void)ctx;
	return name[0] == 'E' ? "a value" : NULL;
}

static uint32_t same_number(void *ctx)
{
	(void)ctx;
	return 0x9e3779b9u;
}

static void cut(struct memory *m, const char *text, size_t len)
{
	while (m->n < FILES_MAX - 1) {
		const char *next = memmem(text, len, CUT, strlen(CUT));

		m->part[m->n] = text;
		m->len[m->n++] = next ? (size_t)(next + 1 - text) : len;
		if (!next)
			return;
		len -= (size_t)(next - text) + strlen(CUT);
		text = next + strlen(CUT);
	}
	m->part[m->n] = text;
	m->len[m->n++] = len;
}

static void check_words(struct lexer *l, const struct lex_item *item)
{
	const char **argv;
	struct lex_word extra[2];
	size_t total = 0;

	check(item->n > 0 && item->words[0].text != NULL);
	for (size_t i = 0; i < item->n; i++) {
		total += strlen(item->words[i].text);
		check(item->words[i].pos.line > 0 && item->words[i].pos.col > 0);
	}
	check(total <= 1024 && strlen(item->rest) <= 1024);
	if (strcmp(item->words[0].text, "script") != 0)
		return;
	check(lex_command(l, item, &argv, extra, 2) <= 2);
	check(!argv || argv[0][0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memory m = { .n = 0 };
	const struct source source = {
		.ctx = &m, .read = read_part, .match = match_parts, .cwd = some_text,
		.host_name = some_text, .env = no_env, .random = same_number,
	};
	const struct cfg_options options = { .config_id = size % 2 ? "main" : NULL,
					     .strict_includes = size % 3 == 0, .source = &source };
	struct arena *arena = arena_new();
	struct diag_list diags;
	struct lex_item item;
	struct lexer *l;

	check(arena != NULL);
	diag_init(&diags);
	cut(&m, (const char *)data, size);
	l = lex_open(arena, "0", m.part[0], m.len[0], &options, &diags);
	check(l != NULL);
	do {
		check(lex_peek(l)->kind <= LEX_END);
		lex_next(l, &item);
		check(item.pos.file != NULL && item.rest != NULL);
		if (item.kind == LEX_WORDS)
			check_words(l, &item);
	} while (item.kind != LEX_END);
	check(lex_files(l)[0] != NULL);
	for (size_t i = 0; i < diags.n; i++)
		check(diags.v[i].text[strcspn(diags.v[i].text, "\n\r\033")] == '\0');
	lex_close(l);
	diag_free(&diags);
	arena_free(arena);
	return 0;
}
