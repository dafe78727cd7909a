/*
 * The configuration as a memfd, written and read.
 *
 * The text is written by the schema and read by the same parser as a user's file, so there is no
 * second form of a configuration that could forget a field. Beside it stand lists in the order of
 * the commands in it: the checks', then each instance's notify scripts. Whoever reads copies it
 * first, and believes no number in it: the writer may be an older program.
 */
#include "main/crossing.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "config/source.h"
#include "sys/sealed.h"

#define MAGIC "Holdfast crossing"	/* with its NUL */
#define FORMAT 2
#define VARIABLES_MAX 4		/* of an account: users_variables() */
#define TEXT_NAME "the configuration in memory"

enum { CMD_THERE = 1, CMD_GROUPS = 2, CMD_REFUSED = 4, CMD_BROKEN = 8, CMD_FLAGS = 15 };

/* ---- the order of the commands ---- */

static size_t n_commands(const struct cfg *cfg)
{
	return cfg->vr.n_checks + (size_t)cfg->vr.n_insts * CFG_N_NOTIFY;
}

static struct cfg_command *command_at(const struct cfg *cfg, size_t i)
{
	if (i < cfg->vr.n_checks)
		return &cfg->checks[i].command;
	i -= cfg->vr.n_checks;
	return &cfg->insts[i / CFG_N_NOTIFY].notify[i % CFG_N_NOTIFY];
}

/* ---- writing ---- */

static void put_number(FILE *to, uint64_t n)
{
	uint8_t octets[CUR_VAR_MAX];
	struct outbuf out = out_over(octets, sizeof(octets));

	out_var(&out, n);
	fwrite(octets, 1, out_len(&out), to);
}

static void put_text(FILE *to, const char *text, size_t len)
{
	put_number(to, len);
	fwrite(text, 1, len, to);
}

static void put_string(FILE *to, const char *text)
{
	put_text(to, text ? text : "", text ? strlen(text) : 0);
}

static void put_diags(FILE *to, const struct diag_list *diags)
{
	put_number(to, diags->dropped);
	put_number(to, diags->n);
	for (size_t i = 0; i < diags->n; i++) {
		const struct diag *d = &diags->v[i];

		put_number(to, d->severity);
		put_number(to, d->line);
		put_number(to, d->col);
		put_string(to, d->file);
		put_string(to, d->text);
		put_string(to, d->hint);
	}
}

static void put_variables(FILE *to, const char *const *v)
{
	size_t n = 0;

	while (v && v[n] && n < VARIABLES_MAX)
		n++;
	put_number(to, n);
	for (size_t i = 0; i < n; i++)
		put_string(to, v[i]);
}

static void put_command(FILE *to, const struct cfg_command *c)
{
	if (!c->argv) {
		put_number(to, 0);
		return;
	}
	put_number(to, CMD_THERE | (c->groups ? CMD_GROUPS : 0) | (c->refused ? CMD_REFUSED : 0) |
		   (c->broken ? CMD_BROKEN : 0));
	put_number(to, c->uid);
	put_number(to, c->gid);
	put_variables(to, c->account);
	if (c->refused)
		put_string(to, c->refused);
}

static bool put_cfg(FILE *to, const struct cfg *cfg)
{
	char *text = NULL;
	size_t len = 0, files = 0;
	FILE *dump = open_memstream(&text, &len);

	if (!dump)
		return false;
	bool good = cfg_dump(cfg, CFG_NATIVE, true, dump);
	/* fclose() does not tell of a want of memory. */
	if (fclose(dump) == 0 && good && text)
		put_text(to, text, len);
	else
		good = false;
	free(text);
	put_number(to, n_commands(cfg));
	for (size_t i = 0; i < n_commands(cfg); i++)
		put_command(to, command_at(cfg, i));
	while (cfg->files && cfg->files[files])
		files++;
	put_number(to, files);
	for (size_t i = 0; i < files; i++)
		put_string(to, cfg->files[i]);
	put_number(to, cfg->n_errors);
	for (size_t i = 0; i < cfg->n_errors; i++)
		put_number(to, cfg->errors[i]);
	return good;
}

int crs_write(const struct cfg *cfg, const struct diag_list *diags)
{
	char *octets = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&octets, &len);
	int fd = -1;

	if (!to)
		return -1;
	fwrite(MAGIC, 1, sizeof(MAGIC), to);
	put_number(to, FORMAT);
	put_diags(to, diags);
	put_number(to, cfg != NULL);
	bool good = !cfg || put_cfg(to, cfg);
	good = good && !ferror(to);
	if (fclose(to) != 0 || !good || !octets)
		errno = ENOMEM;
	else if (len > CRS_SIZE_MAX)
		errno = EFBIG;
	else
		fd = sld_write("holdfast-configuration", octets, len);
	free(octets);
	return fd;
}

/* ---- reading ---- */

/* A number of at most MAX; a larger one marks FROM bad and is 0. */
static uint64_t take_number(struct cursor *from, uint64_t max)
{
	uint64_t n = cur_var(from);

	if (n <= max)
		return n;
	from->bad = true;
	return 0;
}

/* A length, and that many octets, which *LEN counts; NULL marks FROM bad. */
static const char *take_text(struct cursor *from, size_t *len)
{
	const char *text;

	*len = take_number(from, cur_left(from));
	text = (const char *)from->at;
	cur_skip(from, *len);
	return cur_ok(from) ? text : NULL;
}

/* A string without a NUL in it, from malloc(); NULL: FROM is bad, or there is no memory. */
static char *take_string(struct cursor *from)
{
	size_t len;
	const char *text = take_text(from, &len);

	if (text && memchr(text, '\0', len))
		from->bad = true;
	return cur_ok(from) ? strndup(text, len) : NULL;
}

static bool take_diag(struct cursor *from, struct diag_list *diags)
{
	enum diag_severity severity = take_number(from, DIAG_FATAL);
	uint32_t line = (uint32_t)take_number(from, UINT32_MAX);
	uint32_t col = (uint32_t)take_number(from, UINT32_MAX);
	char *file = take_string(from), *text = take_string(from), *hint = take_string(from);
	struct diag_pos pos = { .file = file && *file ? file : NULL, .line = line, .col = col };
	bool good = file && text && hint;

	if (good && diags)
		diag_add(diags, &pos, severity, *hint ? hint : NULL, "%s", text);
	free(file);
	free(text);
	free(hint);
	return good;
}

static bool take_diags(struct cursor *from, struct diag_list *diags)
{
	uint64_t dropped = take_number(from, UINT32_MAX);
	uint64_t n = take_number(from, DIAG_MAX);

	for (uint64_t i = 0; i < n; i++)
		if (!take_diag(from, diags))
			return false;
	if (diags)
		diags->dropped += dropped;
	return cur_ok(from);
}

static char *keep_string(struct cursor *from, struct arena *arena)
{
	char *text = take_string(from);
	char *kept = text ? arena_str(arena, text) : NULL;

	free(text);
	return kept;
}

/* NULL: FROM is bad, or there is no memory. */
static const char *const *take_variables(struct cursor *from, struct arena *arena)
{
	size_t n = take_number(from, VARIABLES_MAX);
	const char **v = arena_array(arena, n + 1, sizeof(*v));

	for (size_t i = 0; v && i < n; i++) {
		v[i] = keep_string(from, arena);
		if (!v[i])
			return NULL;
	}
	return v;
}

static bool take_command(struct cursor *from, struct cfg_command *c, struct arena *arena)
{
	uint64_t flags = take_number(from, CMD_FLAGS);

	if (!!(flags & CMD_THERE) != (c->argv != NULL))
		return false;
	if (!c->argv)
		return flags == 0;
	c->groups = flags & CMD_GROUPS;
	c->broken = flags & CMD_BROKEN;
	/* the number after these means "no change" to the kernel */
	c->uid = (uint32_t)take_number(from, UINT32_MAX - 1);
	c->gid = (uint32_t)take_number(from, UINT32_MAX - 1);
	c->account = take_variables(from, arena);
	if (flags & CMD_REFUSED)
		c->refused = keep_string(from, arena);
	return cur_ok(from) && c->account && !(flags & CMD_REFUSED) == !c->refused;
}

static bool take_commands(struct cursor *from, struct cfg *cfg)
{
	size_t n = n_commands(cfg);

	if (take_number(from, n) != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!take_command(from, command_at(cfg, i), cfg->arena))
			return false;
	return cur_ok(from);
}

static bool take_files(struct cursor *from, struct cfg *cfg)
{
	size_t n = take_number(from, cur_left(from));

	cfg->files = cur_ok(from) ? arena_array(cfg->arena, n + 1, sizeof(*cfg->files)) : NULL;
	for (size_t i = 0; cfg->files && i < n; i++) {
		cfg->files[i] = keep_string(from, cfg->arena);
		if (!cfg->files[i])
			return false;
	}
	return cfg->files != NULL;
}

/* ---- the text, in a process that may open nothing ---- */

static enum src_result no_file(void *ctx, const char *path, struct src_text *out)
{
	(void)ctx;
	(void)path;
	(void)out;
	return SRC_MISSING;
}

static size_t no_match(void *ctx, struct arena *arena, const char *pattern, const char ***paths)
{
	(void)ctx;
	(void)pattern;
	*paths = arena_array(arena, 1, sizeof(**paths));
	return 0;
}

static const char *no_name(void *ctx, struct arena *arena)
{
	(void)ctx;
	return arena_str(arena, "");
}

static const char *no_value(void *ctx, const char *name)
{
	(void)ctx;
	(void)name;
	return NULL;
}

static uint32_t no_random(void *ctx)
{
	(void)ctx;
	return 0;
}

static bool take_errors(struct cursor *from, struct cfg *cfg)
{
	size_t n = take_number(from, DIAG_MAX);
	uint64_t *errors = arena_array(cfg->arena, n + 1, sizeof(*errors));

	for (size_t i = 0; errors && i < n; i++)
		errors[i] = cur_var(from);
	cfg->errors = errors;
	cfg->n_errors = n;
	return errors && cur_ok(from);
}

static const struct source nowhere = {
	.text_max = CRS_SIZE_MAX, .read = no_file, .match = no_match, .cwd = no_name,
	.host_name = no_name, .env = no_value, .random = no_random,
};

static struct cfg *take_cfg(struct cursor *from, char why[static CRS_WHY_MAX])
{
	struct cfg_options options = { .dialect = CFG_NATIVE, .source = &nowhere };
	struct diag_list diags;
	struct cfg *cfg = NULL;
	size_t len;
	const char *text = take_text(from, &len);

	if (!text)
		return NULL;
	diag_init(&diags);
	cfg = cfg_load_text(TEXT_NAME, text, len, &options, &diags);
	for (size_t i = 0; !cfg && i < diags.n; i++)
		if (diags.v[i].severity >= DIAG_MISTAKE) {
			snprintf(why, CRS_WHY_MAX, "%s", diags.v[i].text);
			break;
		}
	diag_free(&diags);
	if (cfg && take_commands(from, cfg) && take_files(from, cfg) && take_errors(from, cfg))
		return cfg;
	cfg_free(cfg);
	return NULL;
}

/* The sentence that stands in WHY is kept when something was found wrong behind it. */
static bool take_all(struct cursor *from, struct cfg **cfg, struct diag_list *diags,
		     char why[static CRS_WHY_MAX])
{
	char magic[sizeof(MAGIC)];

	snprintf(why, CRS_WHY_MAX, "it holds no configuration");
	cur_bytes(from, magic, sizeof(magic));
	if (memcmp(magic, MAGIC, sizeof(magic)) != 0)
		return false;
	snprintf(why, CRS_WHY_MAX, "it was written in another form, by another version");
	if (cur_var(from) != FORMAT)
		return false;
	snprintf(why, CRS_WHY_MAX,
		 "the configuration in it is damaged, or there is no memory for it");
	if (!take_diags(from, diags))
		return false;
	if (!cfg)
		return true;
	bool there = take_number(from, 1);
	if (there)
		*cfg = take_cfg(from, why);
	if (cur_ok(from) && cur_left(from) == 0 && there == (*cfg != NULL))
		return true;
	cfg_free(*cfg);
	*cfg = NULL;
	return false;
}

bool crs_read(int fd, struct cfg **cfg, struct diag_list *diags, char why[static CRS_WHY_MAX])
{
	size_t len = 0;

	if (cfg)
		*cfg = NULL;
	char *octets = sld_read(fd, CRS_SIZE_MAX, &len);
	if (!octets) {
		snprintf(why, CRS_WHY_MAX, "%s", errno == EPERM ?
			 "it is not sealed, so it may change under its reader" : strerror(errno));
		return false;
	}
	struct cursor from = cur_over(octets, len);
	bool good = take_all(&from, cfg, diags, why);
	explicit_bzero(octets, len);
	free(octets);
	return good;
}
