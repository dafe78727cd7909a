/*
 * Why this exists: a line of configuration may come from a file, from a file in a file, from a
 * value of many lines inside a generator, in any mixture. One explicit stack keeps them in order,
 * knows when to stop, and spares the lexer all recursion.
 */
#include "config/lines.h"

#include <stdlib.h>
#include <string.h>

#include "config/include.h"

#define FRAMES_MAX 128		/* nesting of files, values and generators */
#define INCLUDES_MAX 32		/* nesting of files alone */
#define LINE_WORK 64		/* what a line costs even when it is empty */

enum frame_kind { FRAME_FILE, FRAME_PATHS, FRAME_PIECES, FRAME_GEN };

/* Where lines come from; the top of the stack is at work. */
struct frame {
	enum frame_kind kind;

	/* FRAME_FILE */
	char *text;		/* owned */
	size_t at, len;
	struct place place;	/* of the next line */
	const char *dir;
	int checks;		/* include_check, restored at the end of an included file */

	/* FRAME_PATHS: files to be read one after the other */
	const char **paths;
	int path_checks;
	struct diag_pos pos;	/* of the include line */

	/* FRAME_PIECES: the lines of a parameter's value */
	const struct piece *pieces;
	size_t n_pieces;

	/* FRAME_GEN */
	struct gen *gen;
};

struct lines {
	struct lx *x;
	struct frame frames[FRAMES_MAX];
	size_t n_frames;
	size_t n_includes;	/* how many of them are files */
};

/* A new frame on top, or NULL when the stack is full, which is diagnosed. */
static struct frame *push(struct lines *s, enum frame_kind kind)
{
	struct diag_pos pos = lx_pos(s->x, s->x->here);

	if (s->n_frames == FRAMES_MAX) {
		diag_add(s->x->diags, &pos, DIAG_MISTAKE, NULL,
			 "includes, parameters and generators are nested more than %d deep",
			 FRAMES_MAX);
		return NULL;
	}
	s->frames[s->n_frames] = (struct frame){ .kind = kind };
	return &s->frames[s->n_frames++];
}

/* The directory of the innermost file, for relative names. */
static void restore_dir(struct lines *s)
{
	s->x->dir = "";
	for (size_t i = s->n_frames; i-- > 0;) {
		if (s->frames[i].kind != FRAME_FILE)
			continue;
		s->x->dir = s->frames[i].dir;
		return;
	}
}

static void pop(struct lines *s)
{
	struct frame *f = &s->frames[--s->n_frames];

	if (f->kind != FRAME_FILE)
		return;
	free(f->text);
	s->x->checks = f->checks;
	s->n_includes--;
	restore_dir(s);
}

static bool starts_with(const struct src_text *t, const char *octets, size_t n)
{
	return t->len >= n && memcmp(t->text, octets, n) == 0;
}

/* Notes what the file's first octets and line ends say about who wrote it; false: not readable. */
static bool check_encoding(struct lines *s, const struct src_text *t, struct frame *f)
{
	struct diag_pos pos = lx_pos(s->x, f->place);

	if (starts_with(t, "\xff\xfe", 2) || starts_with(t, "\xfe\xff", 2)) {
		diag_add(s->x->diags, &pos, DIAG_MISTAKE, NULL,
			 "the file is UTF-16 and was not read; save it as UTF-8");
		return false;
	}
	if (starts_with(t, "\xef\xbb\xbf", 3)) {
		diag_add(s->x->diags, &pos, DIAG_NOTE, NULL,
			 "the file starts with a byte order mark, which is skipped");
		f->at = 3;
	}
	if (t->len > 0 && !memchr(t->text, '\n', t->len) && memchr(t->text, '\r', t->len))
		diag_add(s->x->diags, &pos, DIAG_WARNING, NULL,
			 "the file has carriage returns but no line feeds: it is one single line");
	return true;
}

/* Everything up to and with the last slash of PATH. */
static const char *dir_of(struct lines *s, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? lx_strn(s->x, path, (size_t)(slash - path) + 1) : "";
}

bool lines_push_text(struct lines *s, const char *name, struct src_text t)
{
	struct frame *f = NULL;
	const char *dir = dir_of(s, name);

	if (dir && s->x->n_files < LX_FILES_MAX && lx_pay(s->x, t.len))
		f = push(s, FRAME_FILE);
	if (!f) {
		free(t.text);
		return false;
	}
	f->text = t.text;
	f->len = t.len;
	f->dir = dir;
	f->checks = s->x->checks;
	f->place = (struct place){ .line = 1, .col = 1, .file = (uint16_t)s->x->n_files };
	s->x->files[s->x->n_files++] = name;
	s->n_includes++;
	s->x->dir = dir;
	if (!check_encoding(s, &t, f))
		f->at = f->len;
	return true;
}

bool lines_push_paths(struct lines *s, const char **paths, int checks, const struct diag_pos *pos)
{
	struct frame *f = push(s, FRAME_PATHS);

	if (!f)
		return false;
	f->paths = paths;
	f->path_checks = checks;
	f->pos = *pos;
	return true;
}

bool lines_push_pieces(struct lines *s, const struct piece *pieces, size_t n)
{
	struct frame *f = push(s, FRAME_PIECES);

	if (!f)
		return false;
	f->pieces = pieces;
	f->n_pieces = n;
	return true;
}

bool lines_push_gen(struct lines *s, struct gen *g)
{
	struct frame *f = push(s, FRAME_GEN);

	if (!f)
		return false;
	f->gen = g;
	return true;
}

/* Why PATH must not be opened now, or NULL. */
static const char *include_refused(const struct lines *s, const char *path)
{
	if (s->n_includes >= INCLUDES_MAX)
		return "is included too deep and was not read";
	if (s->x->n_files >= LX_FILES_MAX)
		return "was not read: too many files";
	for (size_t i = 0; i < s->n_frames; i++) {
		const struct frame *f = &s->frames[i];

		if (f->kind == FRAME_FILE && strcmp(s->x->files[f->place.file], path) == 0)
			return "includes itself and was not read again";
	}
	return NULL;
}

static void open_include(struct lines *s, const struct frame *paths, const char *path)
{
	const char *why = include_refused(s, path);
	enum diag_severity severity = DIAG_MISTAKE;
	struct src_text t = { 0 };
	enum src_result result = SRC_OK;

	if (!why) {
		result = s->x->source->read(s->x->source->ctx, path, &t);
		if (result != SRC_OK)
			why = src_why(result);
		else if (t.executable)
			why = "has an execute bit and was skipped, as in keepalived";
	}
	if (!why) {
		lines_push_text(s, path, t);
		return;
	}
	free(t.text);
	if (paths->path_checks & INC_READ) {
		s->x->include_failed = true;
		severity = DIAG_FATAL;
	}
	diag_add(s->x->diags, &paths->pos, severity, NULL, "'%s' %s", path, why);
	if (result == SRC_NO_ROOM)
		lx_stop(s->x, "an include cannot be read now");
}

/* The next line of a file to OUT; false at its end. Unusable lines are told and skipped. */
static bool file_line(struct lines *s, struct frame *f, struct line *out)
{
	while (f->at < f->len) {
		const char *text = f->text + f->at;
		const char *nl = memchr(text, '\n', f->len - f->at);
		size_t len = nl ? (size_t)(nl - text) : f->len - f->at;
		struct place start = f->place;
		struct diag_pos pos = lx_pos(s->x, start);

		f->at += len + (nl != NULL);
		f->place.line++;
		f->place.col = 1;
		s->x->here = start;
		if (!lx_pay(s->x, LINE_WORK))
			return false;
		if (memchr(text, '\0', len))
			diag_add(s->x->diags, &pos, DIAG_MISTAKE, NULL,
				 "the line has a NUL octet in it and is ignored, as in keepalived");
		else if (!line_set(out, text, len, start))
			diag_add(s->x->diags, &pos, DIAG_MISTAKE, NULL,
				 "the line exceeds %d octets and is ignored, as in keepalived",
				 LINE_CAP);
		else
			return true;
	}
	return false;
}

/* The next line of a frame to OUT; false when it has none. P NULL: generators stand still. */
static bool frame_line(struct lines *s, struct frame *f, struct params *p, struct line *out)
{
	struct piece piece;

	switch (f->kind) {
	case FRAME_FILE:
		return file_line(s, f, out);
	case FRAME_PIECES:
		if (f->n_pieces == 0)
			return false;
		f->n_pieces--;
		piece = *f->pieces++;
		break;
	case FRAME_GEN:
		if (!p || !gen_next(f->gen, p, s->x, &piece))
			return false;
		break;
	case FRAME_PATHS:
	default:
		return false;
	}
	return lx_pay(s->x, LINE_WORK) && line_load(out, &piece);
}

bool lines_next(struct lines *s, struct params *p, struct line *out)
{
	while (s->n_frames > 0 && !s->x->stopped) {
		struct frame *f = &s->frames[s->n_frames - 1];

		if (f->kind == FRAME_PATHS && *f->paths) {
			open_include(s, f, *f->paths++);
			continue;
		}
		if (frame_line(s, f, p, out)) {
			s->x->here = line_place(out, 0);
			return true;
		}
		if (!s->x->stopped)
			pop(s);
	}
	return false;
}

bool lines_more(struct lines *s, struct line *out)
{
	if (s->n_frames == 0 || s->x->stopped)
		return false;
	return frame_line(s, &s->frames[s->n_frames - 1], NULL, out);
}

struct lines *lines_new(struct lx *x)
{
	struct lines *s = calloc(1, sizeof(*s));

	if (s)
		s->x = x;
	return s;
}

void lines_free(struct lines *s)
{
	if (!s)
		return;
	while (s->n_frames > 0)
		pop(s);
	free(s);
}
