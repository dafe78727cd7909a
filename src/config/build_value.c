/*
 * Why this exists: a value comes as whatever its writer has typed. Here each kind of the schema is
 * checked once, for both dialects, and a wrong one is answered with what would be right and with
 * what happens instead.
 */
#include "config/build.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/addr.h"
#include "config/lexer.h"

#define TEXT_MAX 512		/* octets of a name or another word */
#define ARGS_MAX 256		/* words of a command */
#define IFACE_MAX 15		/* IFNAMSIZ without the NUL */
#define IGNORED "it is ignored"

typedef bool (*value_fn)(struct build *b, const struct sch_row *row, const config_setting_t *s,
			 void *target);

/* What stands in the text, for a diagnosis. */
static const char *value_text(const config_setting_t *s, char *buf, size_t size)
{
	switch (config_setting_type(s)) {
	case CONFIG_TYPE_STRING:
		snprintf(buf, size, "'%.80s'", config_setting_get_string(s));
		break;
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		snprintf(buf, size, "%lld", config_setting_get_int64(s));
		break;
	case CONFIG_TYPE_FLOAT:
		snprintf(buf, size, "%g", config_setting_get_float(s));
		break;
	case CONFIG_TYPE_BOOL:
		snprintf(buf, size, "%s", config_setting_get_bool(s) ? "true" : "false");
		break;
	case CONFIG_TYPE_GROUP:
		snprintf(buf, size, "a group");
		break;
	default:
		snprintf(buf, size, "a list");
		break;
	}
	return buf;
}

/* "'priority' takes WANTED, not 300; USED". Always false. */
static bool wrong(struct build *b, const struct sch_row *row, const config_setting_t *s,
		  const char *wanted, const char *used)
{
	struct diag_pos pos = tree_value(s);
	char text[96] = "this";

	if (!(row->flags & SCH_F_SECRET))
		value_text(s, text, sizeof(text));
	if (row->flags & SCH_F_FIRST)
		diag_add(b->diags, &pos, DIAG_ERROR, NULL, "%s is not %s; the line is ignored",
			 text, wanted);
	else
		diag_add(b->diags, &pos, DIAG_ERROR, NULL, "'%s' takes %s, not %s; %s", row->word,
			 wanted, text, used);
	return false;
}

static const char *number_text(const struct sch_row *row, int64_t n, char buf[static SCH_NUM_MAX])
{
	if (row->kind == SCH_SECONDS)
		return sch_seconds(n, buf);
	snprintf(buf, SCH_NUM_MAX, "%" PRId64, n);
	return buf;
}

/* Not a number in the row's range; INSTEAD is used, if there is such a number. */
static bool wrong_number(struct build *b, const struct sch_row *row, const config_setting_t *s,
			 int64_t instead, int64_t *target)
{
	char lo[SCH_NUM_MAX], hi[SCH_NUM_MAX], use[SCH_NUM_MAX], wanted[128], used[64];

	snprintf(used, sizeof(used), "%s",
		 row->flags & SCH_F_NEEDED ? IGNORED : "its default is used");
	snprintf(wanted, sizeof(wanted), "%s from %s to %s",
		 row->kind == SCH_SECONDS ? "seconds" : "a whole number",
		 number_text(row, row->min, lo), number_text(row, row->max, hi));
	if (instead != SCH_NONE) {
		*target = instead;
		snprintf(used, sizeof(used), "%s is used", number_text(row, instead, use));
	}
	return wrong(b, row, s, wanted, used);
}

static bool in_range(struct build *b, const struct sch_row *row, const config_setting_t *s,
		     int64_t n, int64_t *target)
{
	int64_t instead = row->dflt;

	if (n >= row->min && n <= row->max) {
		*target = n;
		return true;
	}
	if (row->flags & SCH_F_CLAMP)
		instead = n < row->min ? row->min : row->max;
	return wrong_number(b, row, s, instead, target);
}

static bool is_int(const config_setting_t *s)
{
	return config_setting_type(s) == CONFIG_TYPE_INT ||
	       config_setting_type(s) == CONFIG_TYPE_INT64;
}

static bool take_int(struct build *b, const struct sch_row *row, const config_setting_t *s,
		     void *target)
{
	if (!is_int(s))
		return wrong_number(b, row, s, row->dflt, target);
	return in_range(b, row, s, config_setting_get_int64(s), target);
}

static bool take_seconds(struct build *b, const struct sch_row *row, const config_setting_t *s,
			 void *target)
{
	double us = config_setting_type(s) == CONFIG_TYPE_FLOAT ?
		    config_setting_get_float(s) * 1e6 : (double)config_setting_get_int64(s) * 1e6;

	if ((!is_int(s) && config_setting_type(s) != CONFIG_TYPE_FLOAT) || !(fabs(us) < 1e18))
		return wrong_number(b, row, s, row->dflt, target);
	return in_range(b, row, s, llround(us), target);
}

static bool take_bool(struct build *b, const struct sch_row *row, const config_setting_t *s,
		      void *target)
{
	if (config_setting_type(s) != CONFIG_TYPE_BOOL)
		return wrong(b, row, s, b->dialect == CFG_NATIVE ? "true or false" :
			     "on, off, true, false, yes or no", IGNORED);
	*(int64_t *)target = config_setting_get_bool(s);
	return true;
}

/* The string of S; NULL when it is none. */
static const char *string_of(const config_setting_t *s)
{
	return config_setting_type(s) == CONFIG_TYPE_STRING ? config_setting_get_string(s) : NULL;
}

/* Choices are upper case, and many a writer is not. */
static const char *nearest_choice(const struct sch_row *row, const char *text)
{
	for (const char *const *c = row->choices; *c; c++) {
		if (strcasecmp(*c, text) == 0)
			return *c;
	}
	return word_nearest(text, row->choices);
}

static bool take_choice(struct build *b, const struct sch_row *row, const config_setting_t *s,
			void *target)
{
	const char *text = string_of(s), *hint;
	struct diag_pos pos = tree_value(s);
	char shown[96], used[64] = IGNORED;

	for (int64_t i = 0; text && row->choices[i]; i++) {
		if (strcmp(row->choices[i], text) == 0) {
			*(int64_t *)target = i;
			return true;
		}
	}
	if (row->dflt != SCH_NONE) {
		*(int64_t *)target = row->dflt;
		snprintf(used, sizeof(used), "%s is used", row->choices[row->dflt]);
	}
	hint = text ? nearest_choice(row, text) : NULL;
	/* It may be the password, on the wrong line. */
	if ((row->flags & SCH_F_SECRET) && !hint)
		snprintf(shown, sizeof(shown), "this");
	else
		value_text(s, shown, sizeof(shown));
	diag_add(b->diags, &pos, DIAG_ERROR, hint, "'%s' takes %s or %s, not %s; %s", row->word,
		 row->choices[0], row->choices[1], shown, used);
	return false;
}

static bool take_scope(struct build *b, const struct sch_row *row, const config_setting_t *s,
		       void *target)
{
	const char *text = string_of(s);
	int64_t n = is_int(s) ? config_setting_get_int64(s) : -1;

	if (text ? sch_scope(text, target) : n >= 0 && n <= 255) {
		if (!text)
			*(int64_t *)target = n;
		return true;
	}
	return wrong(b, row, s, "global, site, link, host, nowhere or a number from 0 to 255",
		     IGNORED);
}

static bool take_lifetime(struct build *b, const struct sch_row *row, const config_setting_t *s,
			  void *target)
{
	const char *text = string_of(s);
	int64_t n = is_int(s) ? config_setting_get_int64(s) : -1;

	if (text && strcmp(text, "forever") == 0)
		n = VR_LFT_FOREVER;
	if (n < 0 || n > VR_LFT_FOREVER)
		return wrong(b, row, s, "seconds or 'forever'", IGNORED);
	*(int64_t *)target = n;
	return true;
}

/* Why TEXT cannot be written in keepalived's dialect, or is no word at all; NULL: it can. */
static const char *bad_word(const char *text)
{
	if (!*text)
		return "a word that is not empty";
	if (strlen(text) > TEXT_MAX)
		return "at most 512 octets";
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x20 || c == 0x7f || c == '"')
			return "a word without control characters and double quotes";
	}
	return NULL;
}

static bool take_word(struct build *b, const struct sch_row *row, const config_setting_t *s,
		      void *target)
{
	const char *text = string_of(s);
	const char *why = text ? bad_word(text) : "a string";

	if (why)
		return wrong(b, row, s, why, IGNORED);
	*(const char **)target = bld_str(b, text);
	return true;
}

const char *bld_bad_iface(const char *name)
{
	if (strlen(name) > IFACE_MAX)
		return "the name of an interface (at most 15 octets)";
	if (bad_word(name) || strpbrk(name, " /:") || strcmp(name, ".") == 0 ||
	    strcmp(name, "..") == 0)
		return "the name of an interface";
	return NULL;
}

static bool take_iface(struct build *b, const struct sch_row *row, const config_setting_t *s,
		       void *target)
{
	const char *text = string_of(s);
	const char *why = text ? bld_bad_iface(text) : "the name of an interface";

	if (why)
		return wrong(b, row, s, why, IGNORED);
	*(const char **)target = bld_str(b, text);
	return true;
}

static bool take_addr(struct build *b, const struct sch_row *row, const config_setting_t *s,
		      void *target)
{
	const char *text = string_of(s);

	if (!text || !ip_parse(text, target))
		return wrong(b, row, s, "an address", IGNORED);
	return true;
}

static bool take_prefix(struct build *b, const struct sch_row *row, const config_setting_t *s,
			void *target)
{
	const char *text = string_of(s);

	if (!text || !ip_parse_prefix(text, target))
		return wrong(b, row, s, "an address", IGNORED);
	return true;
}

/* An array of strings as argv; NULL when something else is in it. */
static const char **arguments(struct build *b, const config_setting_t *s)
{
	int n = config_setting_length(s);
	const char **argv;

	if (n == 0 || n > ARGS_MAX)
		return NULL;
	argv = bld_alloc(b, (size_t)n + 1, sizeof(*argv));
	for (int i = 0; argv && i < n; i++) {
		const config_setting_t *e = config_setting_get_elem(s, (unsigned int)i);

		if (!string_of(e))
			return NULL;
		argv[i] = bld_str(b, string_of(e));
	}
	return b->no_memory ? NULL : argv;
}

static bool take_command(struct build *b, const struct sch_row *row, const config_setting_t *s,
			 void *target)
{
	struct cfg_command *c = target;
	struct diag_pos pos = tree_value(s);

	if (string_of(s)) {
		c->argv = lex_split_command(b->arena, string_of(s), &pos, b->diags,
					    &b->no_memory);
		c->pos = bld_keep(b, pos);
		return c->argv != NULL;
	}
	c->argv = config_setting_is_array(s) || config_setting_is_list(s) ? arguments(b, s) : NULL;
	if (!c->argv || !c->argv[0][0]) {
		c->argv = NULL;
		return wrong(b, row, s, "a command", IGNORED);
	}
	c->pos = bld_keep(b, pos);
	return true;
}

/* Names in a group that must be among ALLOWED; true when all are. */
static bool only_words(struct build *b, const struct sch_row *row, const config_setting_t *s,
		       const char *const *allowed)
{
	bool good = true;

	for (int i = 0; i < config_setting_length(s); i++) {
		const config_setting_t *e = config_setting_get_elem(s, (unsigned int)i);
		const char *name = config_setting_name(e);
		struct diag_pos pos = tree_key(e);
		size_t n = 0;

		while (allowed[n] && strcmp(allowed[n], name) != 0)
			n++;
		if (allowed[n])
			continue;
		diag_add(b->diags, &pos, DIAG_ERROR, word_nearest(name, allowed),
			 "unknown setting '%s' in '%s'", name, row->word);
		good = false;
	}
	return good;
}

static const struct sch_row user_row = { .word = "user", .kind = SCH_WORD };
static const struct sch_row group_row = { .word = "group", .kind = SCH_WORD };

static bool take_user_group(struct build *b, const config_setting_t *s, struct cfg_user *u)
{
	const config_setting_t *user = config_setting_get_member(s, "user");
	const config_setting_t *group = config_setting_get_member(s, "group");

	if (!user && group) {
		struct diag_pos pos = tree_key(group);

		diag_add(b->diags, &pos, DIAG_ERROR, NULL, "'group' needs a 'user' beside it");
		return false;
	}
	return (!user || take_word(b, &user_row, user, &u->user)) &&
	       (!group || take_word(b, &group_row, group, &u->group));
}

static bool take_notify(struct build *b, const struct sch_row *row, const config_setting_t *s,
			void *target)
{
	static const char *const words[] = { "command", "user", "group", NULL };
	struct cfg_command *c = target;
	const config_setting_t *command;

	if (!config_setting_is_group(s))
		return take_command(b, row, s, target);
	command = config_setting_get_member(s, "command");
	if (!only_words(b, row, s, words))
		return false;
	if (!command) {
		struct diag_pos pos = tree_key(s);

		diag_add(b->diags, &pos, DIAG_ERROR, NULL, "'%s' needs a 'command' in its group",
			 row->word);
		return false;
	}
	return take_command(b, row, command, target) && take_user_group(b, s, &c->as);
}

static bool take_user(struct build *b, const struct sch_row *row, const config_setting_t *s,
		      void *target)
{
	static const char *const words[] = { "user", "group", NULL };
	struct cfg_user *u = target;

	if (string_of(s))
		return take_word(b, row, s, &u->user);
	if (!config_setting_is_group(s))
		return wrong(b, row, s, "the name of a user, or a group with 'user' and 'group'",
			     IGNORED);
	return only_words(b, row, s, words) && take_user_group(b, s, u);
}

static const value_fn takers[SCH_N_KINDS] = {
	[SCH_FLAG] = take_bool,
	[SCH_BOOL] = take_bool,
	[SCH_BARE] = take_bool,
	[SCH_INT] = take_int,
	[SCH_SECONDS] = take_seconds,
	[SCH_CHOICE] = take_choice,
	[SCH_SCOPE] = take_scope,
	[SCH_LIFETIME] = take_lifetime,
	[SCH_WORD] = take_word,
	[SCH_IFACE] = take_iface,
	[SCH_ADDR] = take_addr,
	[SCH_PREFIX] = take_prefix,
	[SCH_COMMAND] = take_command,
	[SCH_NOTIFY] = take_notify,
	[SCH_USER] = take_user,
	[SCH_WEIGHT] = take_int,
};

bool bld_value(struct build *b, const struct sch_row *row, const config_setting_t *s, void *target)
{
	return takers[row->kind](b, row, s, target);
}
