/*
 * Why this exists: libconfig reads includes by itself, but relative to one directory only, and
 * afterwards nobody knows which files there were; it cuts a number that is too large without a
 * word. So the files are put together here, with a map from the lines of the whole back to the
 * user's, and libconfig gets one string.
 */
#include "config/native.h"

#include <ctype.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/utf8.h"

#define MAX_FILES 100		/* includes of one configuration */
#define MAX_DEPTH 10		/* of includes */
#define MAX_NESTING 32		/* of groups and lists */
#define MAX_TEXT ((size_t)16 << 20)

/* Where a line of the whole text comes from. */
struct origin {
	const char *file;
	uint32_t line;
	size_t start;		/* its offset in the whole */
};

struct flat {
	struct arena *arena;
	const struct source *source;
	struct diag_list *diags;
	char *text;		/* from malloc() */
	size_t len, size;
	struct origin *origin;	/* of each line; from malloc() */
	size_t n_lines, lines_size;
	const char **files;
	size_t n_files;
	char open[MAX_NESTING];	/* the brackets that are open */
	size_t nesting;
	char before; /* the last octet that was neither blank nor comment, 'a' for a word */
	bool failed;
	bool no_memory;
};

/* One file on its way into the whole. */
struct part {
	const char *name;
	const char *text;
	size_t len, at;
	uint32_t line;
	size_t line_start;
	unsigned int depth;
};

static struct diag_pos part_pos(const struct part *p)
{
	size_t before = utf8_count(p->text + p->line_start, p->at - p->line_start);

	return (struct diag_pos){ p->name, p->line, (uint32_t)before + 1 };
}

static void fail(struct flat *f, const struct part *p, const char *why)
{
	struct diag_pos pos = part_pos(p);

	diag_add(f->diags, &pos, DIAG_ERROR, NULL, "%s", why);
	f->failed = true;
}

static void starve(struct flat *f)
{
	f->failed = f->no_memory = true;
}

static bool grow(void **v, size_t *size, size_t need, size_t unit)
{
	size_t more = *size ? *size * 2 : 4096;
	void *p;

	if (need <= *size)
		return true;
	while (more < need)
		more *= 2;
	p = reallocarray(*v, more, unit);
	if (!p)
		return false;
	*v = p;
	*size = more;
	return true;
}

static void put(struct flat *f, const char *text, size_t len)
{
	if (f->failed)
		return;
	size_t most = f->source->text_max ? f->source->text_max : MAX_TEXT;
	if (f->len + len > most) {
		diag_add(f->diags, &(struct diag_pos){ .file = f->files[0] }, DIAG_ERROR, NULL,
			 "with what is included, the text is larger than %zu MiB", most >> 20);
		f->failed = true;
		return;
	}
	if (!grow((void **)&f->text, &f->size, f->len + len + 1, 1)) {
		starve(f);
		return;
	}
	memcpy(f->text + f->len, text, len);
	f->len += len;
	f->text[f->len] = '\0';
}

/* A new line of the whole begins, which is line LINE of FILE. */
static void put_origin(struct flat *f, const char *file, uint32_t line)
{
	if (!grow((void **)&f->origin, &f->lines_size, f->n_lines + 1, sizeof(*f->origin))) {
		starve(f);
		return;
	}
	f->origin[f->n_lines++] = (struct origin){ file, line, f->len };
}

/* Copies N octets that are not looked at. */
static void copy(struct flat *f, struct part *p, size_t n)
{
	for (; n > 0 && p->at < p->len; n--) {
		char c = p->text[p->at++];

		put(f, &c, 1);
		if (c != '\n')
			continue;
		p->line++;
		p->line_start = p->at;
		put_origin(f, p->name, p->line);
	}
}

static bool starts(const struct part *p, const char *what)
{
	size_t n = strlen(what);

	return p->len - p->at >= n && memcmp(p->text + p->at, what, n) == 0;
}

/* Octets up to and without END, or to the end of the part. */
static size_t up_to(const struct part *p, size_t from, const char *end)
{
	const char *hit = memmem(p->text + from, p->len - from, end, strlen(end));

	return hit ? (size_t)(hit - p->text) - from : p->len - from;
}

/* True where a value may begin; a ',' may also end a setting in a group. */
static bool wants_value(const struct flat *f)
{
	bool in_list = f->nesting > 0 && f->open[f->nesting - 1] != '{';

	return f->before && (strchr("=:([\"", f->before) || (f->before == ',' && in_list));
}

/* libconfig loses the memory of a string that its grammar does not want here. */
static void take_string(struct flat *f, struct part *p)
{
	size_t n = 1;

	if (!wants_value(f)) {
		fail(f, p, "a string cannot stand here; perhaps '=' or ',' is missing before it");
		return;
	}

	while (p->at + n < p->len && p->text[p->at + n] != '"')
		n += p->text[p->at + n] == '\\' ? 2 : 1;
	copy(f, p, n + 1);
}

/* A number: libconfig keeps 32 bits of one without an L, and says nothing about the rest. */
static void take_number(struct flat *f, struct part *p)
{
	const char *text = p->text + p->at;
	size_t n = 0, digits;
	bool is_long;

	while (p->at + n < p->len && (isalnum((unsigned char)text[n]) || text[n] == '.'))
		n++;
	digits = strspn(text, "0123456789");
	is_long = digits < n && text[digits] == 'L';
	if (digits == n || (is_long && digits + 1 == n)) {
		if (digits > 18 || (!is_long && strtoll(text, NULL, 10) > INT_MAX))
			fail(f, p, "this number is too large");
	}
	copy(f, p, n);
}

static void take_name(struct flat *f, struct part *p)
{
	size_t n = 1;

	while (p->at + n < p->len &&
	       (isalnum((unsigned char)p->text[p->at + n]) || strchr("-_*", p->text[p->at + n])) &&
	       p->text[p->at + n])
		n++;
	copy(f, p, n);
}

static void read_file(struct flat *f, struct part *from, const char *path);

/* PATH as it stands behind @include: relative to the directory of the file that says it. */
static const char *resolve(struct flat *f, const char *file, const char *path, size_t len)
{
	const char *slash = strrchr(file, '/');
	size_t dir = slash && path[0] != '/' ? (size_t)(slash - file) + 1 : 0;
	char *full = arena_alloc(f->arena, dir + len + 1);

	if (!full) {
		starve(f);
		return NULL;
	}
	memcpy(full, file, dir);
	memcpy(full + dir, path, len);
	return full;
}

/* At the beginning of a line; true when there was an @include, which is then behind us. */
static bool take_include(struct flat *f, struct part *p)
{
	static const char word[] = "@include";
	const struct part start = *p;
	size_t open, len;
	const char *path;

	p->at += strspn(p->text + p->at, " \t");
	if (!starts(p, word)) {
		*p = start;
		return false;
	}
	open = p->at + sizeof(word) - 1;
	open += strspn(p->text + open, " \t");
	len = p->text[open] == '"' ? strcspn(p->text + open + 1, "\"\n") : 0;
	if (len == 0 || p->text[open + 1 + len] != '"') {
		fail(f, p, "'@include' needs a file name in double quotes");
		return true;
	}
	path = resolve(f, p->name, p->text + open + 1, len);
	if (path)
		read_file(f, p, path);
	p->at = open + len + 2;
	put_origin(f, p->name, p->line);
	return true;
}

/* libconfig would end an open comment with the text, and say nothing. */
static void take_comment(struct flat *f, struct part *p)
{
	size_t n = up_to(p, p->at + 2, "*/");

	if (p->at + 2 + n == p->len)
		fail(f, p, "this comment is not closed by '*/'");
	copy(f, p, n + 4);
}

static void take_sign(struct flat *f, struct part *p)
{
	char c = p->text[p->at];
	bool opens = c == '{' || c == '(' || c == '[';

	if (c == '\0')
		fail(f, p, "there is a NUL octet in the text");
	else if (opens && f->nesting == MAX_NESTING)
		fail(f, p, "groups and lists are nested too deeply");
	else if (opens)
		f->open[f->nesting++] = c;
	else if ((c == '}' || c == ')' || c == ']') && f->nesting > 0)
		f->nesting--;
	copy(f, p, 1);
}

static void take_code(struct flat *f, struct part *p)
{
	unsigned char c = (unsigned char)p->text[p->at];

	if (c == '"')
		take_string(f, p);
	else if (isspace(c))
		copy(f, p, 1);
	else if (c == '#' || starts(p, "//"))
		copy(f, p, up_to(p, p->at, "\n"));
	else if (starts(p, "/*"))
		take_comment(f, p);
	else if (isdigit(c))
		take_number(f, p);
	else if (isalpha(c) || c == '*')
		take_name(f, p);
	else
		take_sign(f, p);
	if (c != '#' && c != '/' && !isspace(c))
		f->before = isalnum(c) ? 'a' : (char)c;
}

/* TEXT has a NUL behind its LEN octets. */
static void flatten(struct flat *f, const char *name, const char *text, size_t len,
		    unsigned int depth)
{
	struct part p = { .name = name, .text = text, .len = len, .line = 1, .depth = depth };

	if (f->n_files == MAX_FILES) {
		fail(f, &p, "there are too many includes");
		return;
	}
	f->files[f->n_files++] = name;
	put_origin(f, name, 1);
	while (p.at < p.len && !f->failed) {
		if (p.at == p.line_start && take_include(f, &p))
			continue;
		take_code(f, &p);
	}
	put(f, "\n", 1);
}

static void read_file(struct flat *f, struct part *from, const char *path)
{
	struct diag_pos pos = part_pos(from);
	struct src_text file;
	enum src_result why;

	if (from->depth == MAX_DEPTH) {
		fail(f, from, "includes are nested too deeply");
		return;
	}
	why = f->source->read(f->source->ctx, path, &file);
	if (why != SRC_OK) {
		diag_add(f->diags, &pos, DIAG_ERROR, NULL, "the included file '%s' %s", path,
			 src_why(why));
		f->failed = true;
		return;
	}
	/* What stands before the @include in its line, only blanks, becomes a line of its own. */
	put(f, "\n", 1);
	flatten(f, path, file.text, file.len, from->depth + 1);
	free(file.text);
}

/* The column of the setting NAME in LINE; without a name, that of a '{'; 0 when it is not there. */
static uint32_t column(const char *line, size_t len, const char *name)
{
	size_t n = name ? strlen(name) : 1;
	const char *at = line, *hit;

	while ((hit = memmem(at, len - (size_t)(at - line), name ? name : "{", n))) {
		bool begins = hit == line || !(isalnum((unsigned char)hit[-1]) || hit[-1] == '_');
		bool ends = !(isalnum((unsigned char)hit[n]) || hit[n] == '_');

		if (!name || (begins && ends))
			return (uint32_t)utf8_count(line, (size_t)(hit - line)) + 1;
		at = hit + 1;
	}
	return 0;
}

static struct diag_pos place_of(const struct flat *f, uint32_t line, const char *name)
{
	const struct origin *o;
	const char *text;

	if (line == 0 || line > f->n_lines)
		return (struct diag_pos){ f->files[0], 0, 0 };
	o = &f->origin[line - 1];
	text = f->text + o->start;
	return (struct diag_pos){ o->file, o->line, column(text, strcspn(text, "\n"), name) };
}

static void place_all(const struct flat *f, struct tree *t, config_setting_t *s)
{
	struct diag_pos pos = place_of(f, s->line, config_setting_name(s));

	tree_put_place(t, s, &pos);
	if (!config_setting_is_aggregate(s))
		return;
	for (int i = 0; i < config_setting_length(s); i++)
		place_all(f, t, config_setting_get_elem(s, (unsigned int)i));
}

static const char *explain(const char *error)
{
	static const char *const table[][2] = {
		{ "syntax error",
		  "syntax error here or just before: settings are written as name = value;" },
		{ "duplicate setting name", "a setting of this name is already in the group" },
		{ "mismatched element type in array",
		  "the elements of an array [ ] must be of one type; a list ( ) may mix them" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(table[i][0], error) == 0)
			return table[i][1];
	}
	return error;
}

static bool parse(struct flat *f, struct tree *tree)
{
	struct diag_pos pos;
	size_t settings = 0;

	for (const char *p = f->text; (p = strpbrk(p, "=:,([{")); p++)
		settings++;
	if (!tree_reserve(tree, settings, f->len))
		return false;
	if (config_read_string(&tree->config, f->text)) {
		place_all(f, tree, config_root_setting(&tree->config));
		return !tree->no_memory;
	}
	pos = place_of(f, (uint32_t)config_error_line(&tree->config), NULL);
	pos.col = 0;
	diag_add(f->diags, &pos, DIAG_ERROR, NULL, "%s", explain(config_error_text(&tree->config)));
	return false;
}

bool native_read(struct tree *tree, struct arena *arena, const struct source *source,
		 const char *name, const char *text, size_t len, struct diag_list *diags,
		 const char ***files)
{
	struct flat f = { .arena = arena, .source = source, .diags = diags };
	char *own = arena_alloc(arena, len + 1);
	bool good = false;

	f.files = arena_array(arena, MAX_FILES + 1, sizeof(*f.files));
	if (own && f.files) {
		memcpy(own, text, len);
		flatten(&f, name, own, len, 0);
		good = !f.failed && parse(&f, tree);
	}
	tree->no_memory |= f.no_memory || !own || !f.files;
	*files = f.files;
	free(f.text);
	free(f.origin);
	return good;
}
