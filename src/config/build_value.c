/*
 * Why this exists: a value comes as whatever its writer has typed. Here each kind of the schema is
 * checked once, for both dialects, and a wrong one is answered with what would be right and with
 * what happens instead.
 */
#include "config/build.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/addr.h"
#include "base/utf8.h"
#include "config/lexer.h"
#include "config/shellish.h"

#define TEXT_MAX 512		/* octets of a name or another word */
#define ARGS_MAX 256		/* words of a command */
#define IFACE_MAX 15		/* IFNAMSIZ without the NUL */
#define USED_MAX 160		/* octets of the words about what is used instead */

typedef bool (*value_fn)(struct build *b, const struct sch_row *row, const config_setting_t *s,
			 void *target);

/* The string of S; NULL when it is none. */
static const char *string_of(const config_setting_t *s)
{
	return config_setting_type(s) == CONFIG_TYPE_STRING ? config_setting_get_string(s) : NULL;
}

/* What stands in the text, for a diagnosis. */
static const char *value_text(const config_setting_t *s, char *buf, size_t size)
{
	const char *text;

	switch (config_setting_type(s)) {
	case CONFIG_TYPE_STRING:
		text = config_setting_get_string(s);
		snprintf(buf, size, "'%.*s'", (int)utf8_cut(text, 80), text);
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

/* What happens without a usable value, where the row does not say it. */
static const char *const without[SCH_N_KINDS] = {
	[SCH_FLAG] = "it is off", [SCH_BOOL] = "it is off", [SCH_BARE] = "it is off",
	[SCH_SCOPE] = "global is used", [SCH_LIFETIME] = "forever is used",
	[SCH_NOTIFY] = "nothing is run",
};

/* The same for the value of S; a word that its block cannot do without is told with it. */
static const char *used_text(const struct sch_row *row, const config_setting_t *s,
			     char buf[static USED_MAX])
{
	const char *name = tree_block_name(s), *words = row->instead;

	if (row->flags & SCH_F_NEEDED)
		snprintf(buf, USED_MAX, name ? "'%.64s' is not run" : "it is not run", name);
	else if (row->flags & SCH_F_PLACE)
		snprintf(buf, USED_MAX, "the line is ignored");
	else
		snprintf(buf, USED_MAX, "%s", words ? words : without[row->kind] ?
			 without[row->kind] : "it is ignored");
	return buf;
}

/* Without a value that its block needs, the block is not run. */
static enum diag_severity severity_of(const struct sch_row *row)
{
	return row->flags & SCH_F_NEEDED ? DIAG_ERROR : DIAG_MISTAKE;
}

/* True when it has been said why S is no value: that goes on with what is USED instead. */
static bool go_on(struct build *b, const struct sch_row *row, const config_setting_t *s,
		  const char *used)
{
	struct diag_pos pos = tree_value(s);

	return tree_told(s) && diag_extend(b->diags, &pos, severity_of(row), "; %s",
					   row->flags & SCH_F_FIRST ? "the line is ignored" : used);
}

/* "'priority' takes WANTED, not 300; USED". Always false. */
static bool say_wrong(struct build *b, const struct sch_row *row, const config_setting_t *s,
		      const char *wanted, const char *used, const char *hint)
{
	struct diag_pos pos = tree_value(s);
	char text[96] = "this";

	if (go_on(b, row, s, used))
		return false;
	if (!(row->flags & SCH_F_SECRET))
		value_text(s, text, sizeof(text));
	if (row->flags & SCH_F_FIRST)
		diag_add(b->diags, &pos, DIAG_MISTAKE, hint, "%s is not %s; the line is ignored",
			 text, wanted);
	else
		diag_add(b->diags, &pos, severity_of(row), hint, "'%s' takes %s, not %s; %s",
			 row->word, wanted, text, used);
	return false;
}

static bool wrong(struct build *b, const struct sch_row *row, const config_setting_t *s,
		  const char *wanted)
{
	char used[USED_MAX];

	return say_wrong(b, row, s, wanted, used_text(row, s, used), NULL);
}

static const char *number_text(const struct sch_row *row, int64_t n, char buf[static SCH_NUM_MAX])
{
	if (row->kind == SCH_SECONDS)
		return sch_seconds(n, buf);
	snprintf(buf, SCH_NUM_MAX, "%" PRId64, n);
	return buf;
}

/* Puts N in the place of a number that cannot be used, if there is such a number; as words. */
static const char *use_number(const struct sch_row *row, const config_setting_t *s, int64_t n,
			      int64_t *target, char used[static USED_MAX])
{
	char text[SCH_NUM_MAX];

	if (n == SCH_NONE)
		return used_text(row, s, used);
	*target = n;
	snprintf(used, USED_MAX, "%s is used", number_text(row, n, text));
	return used;
}

/* The number that TEXT was meant to be: in full-width digits, or with something behind it. */
static const char *meant_number(const struct sch_row *row, const char *text,
				char plain[static SCH_PLAIN_MAX])
{
	char *end;
	double n;

	if (!text || !sch_plain(text, plain) || strspn(plain, "-.0123456789") != strlen(plain))
		return NULL;
	n = strtod(plain, &end) * (row->kind == SCH_SECONDS ? 1e6 : 1);
	return *end || n < (double)row->min || n > (double)row->max ||
		strcmp(plain, text) == 0 ? NULL : plain;
}

/* Not a number in the row's range; INSTEAD is used, if there is such a number. */
static bool wrong_number(struct build *b, const struct sch_row *row, const config_setting_t *s,
			 int64_t instead, int64_t *target)
{
	char lo[SCH_NUM_MAX], hi[SCH_NUM_MAX], wanted[128], used[USED_MAX], plain[SCH_PLAIN_MAX];

	snprintf(wanted, sizeof(wanted), "%s from %s to %s",
		 row->kind == SCH_SECONDS ? "seconds" : "a whole number",
		 number_text(row, row->min, lo), number_text(row, row->max, hi));
	return say_wrong(b, row, s, wanted, use_number(row, s, instead, target, used),
			 meant_number(row, string_of(s), plain));
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
			     "on, off, true, false, yes or no");
	*(int64_t *)target = config_setting_get_bool(s);
	return true;
}

/* Choices are upper case, and many a writer is not. */
static const char *nearest_choice(const struct sch_row *row, const char *text)
{
	char plain[SCH_PLAIN_MAX];

	if (!sch_plain(text, plain))
		return NULL;
	for (const char *const *c = row->choices; *c; c++) {
		if (strcasecmp(*c, plain) == 0)
			return *c;
	}
	return word_nearest(plain, row->choices);
}

static const char *use_choice(const struct sch_row *row, const config_setting_t *s,
			      int64_t *target, char used[static USED_MAX])
{
	if (row->dflt == SCH_NONE)
		return used_text(row, s, used);
	*target = row->dflt;
	snprintf(used, USED_MAX, "%s is used", row->choices[row->dflt]);
	return used;
}

static bool take_choice(struct build *b, const struct sch_row *row, const config_setting_t *s,
			void *target)
{
	const char *text = string_of(s), *hint;
	struct diag_pos pos = tree_value(s);
	char shown[96], used[USED_MAX];

	for (int64_t i = 0; text && row->choices[i]; i++) {
		if (strcmp(row->choices[i], text) == 0) {
			*(int64_t *)target = i;
			return true;
		}
	}
	if (go_on(b, row, s, use_choice(row, s, target, used)))
		return false;
	hint = text ? nearest_choice(row, text) : NULL;
	/* It may be the password, on the wrong line. */
	if ((row->flags & SCH_F_SECRET) && !hint)
		snprintf(shown, sizeof(shown), "this");
	else
		value_text(s, shown, sizeof(shown));
	diag_add(b->diags, &pos, severity_of(row), hint, "'%s' takes %s or %s, not %s; %s",
		 row->word, row->choices[0], row->choices[1], shown,
		 use_choice(row, s, target, used));
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
	return wrong(b, row, s, "global, site, link, host, nowhere or a number from 0 to 255");
}

static bool take_lifetime(struct build *b, const struct sch_row *row, const config_setting_t *s,
			  void *target)
{
	const char *text = string_of(s);
	int64_t n = is_int(s) ? config_setting_get_int64(s) : -1;
	bool good = n >= 0 && n <= VR_LFT_FOREVER;

	*(int64_t *)target = good ? n : VR_LFT_FOREVER;
	if (good || (text && strcmp(text, "forever") == 0))
		return true;
	return wrong(b, row, s, "seconds or 'forever'");
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
		return wrong(b, row, s, why);
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
	const char *why = text && !tree_told(s) ? bld_bad_iface(text) : "the name of an interface";

	if (why)
		return wrong(b, row, s, why);
	*(const char **)target = bld_str(b, text);
	return true;
}

static bool take_addr(struct build *b, const struct sch_row *row, const config_setting_t *s,
		      void *target)
{
	const char *text = string_of(s);

	if (!text || !ip_parse(text, target))
		return wrong(b, row, s, "an address");
	return true;
}

/* How many bits "255.255.255.0" sets; -1 when it is no such mask. */
static int mask_bits(const char *text)
{
	struct ip_addr mask;
	int bits = 0;

	if (!ip_parse(text, &mask) || mask.family != IP_V4)
		return -1;
	while (bits < 32 && mask.b[bits / 8] & 0x80 >> bits % 8)
		bits++;
	for (int i = bits; i < 32; i++) {
		if (mask.b[i / 8] & 0x80 >> i % 8)
			return -1;
	}
	return bits;
}

/* "ADDRESS/what is no length": the address counts, as in keepalived. True when it is one. */
static bool take_without_length(struct build *b, const config_setting_t *s, const char *text,
				struct ip_prefix *p)
{
	const char *slash = strchr(text, '/');
	struct diag_pos pos = tree_value(s);
	char addr[IP_TEXT_MAX], right[IP_TEXT_MAX + sizeof("/-2147483648")];
	int bits;

	if (!slash || (size_t)(slash - text) >= sizeof(addr))
		return false;
	snprintf(addr, sizeof(addr), "%.*s", (int)(slash - text), text);
	if (!ip_parse_prefix(addr, p))
		return false;
	bits = p->addr.family == IP_V4 ? mask_bits(slash + 1) : -1;
	if (tree_told(s) && diag_extend(b->diags, &pos, DIAG_MISTAKE, "; /%u is used, as in "
					"keepalived", (unsigned int)p->len))
		return true;
	snprintf(right, sizeof(right), "%s/%d", addr, bits);
	diag_add(b->diags, &pos, DIAG_MISTAKE, bits >= 0 ? right : NULL,
		 "behind the '/' of %s stands the number of bits, from 0 to %u; /%u is used, as in "
		 "keepalived", addr, (unsigned int)p->len, (unsigned int)p->len);
	return true;
}

static bool take_prefix(struct build *b, const struct sch_row *row, const config_setting_t *s,
			void *target)
{
	const char *text = string_of(s);

	if (text && (ip_parse_prefix(text, target) || take_without_length(b, s, text, target)))
		return true;
	return wrong(b, row, s, "an address");
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
	struct shellish found;

	if (string_of(s)) {
		c->argv = lex_split_command(b->arena, string_of(s), &pos, b->diags,
					    &b->no_memory);
		c->pos = bld_keep(b, pos);
		if (c->argv && shi_find(string_of(s), &found))
			shi_warn(b->diags, &pos, string_of(s), &found);
		return c->argv != NULL;
	}
	c->argv = config_setting_is_array(s) || config_setting_is_list(s) ? arguments(b, s) : NULL;
	if (!c->argv || !c->argv[0][0]) {
		c->argv = NULL;
		return wrong(b, row, s, "a command");
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
		diag_add(b->diags, &pos, DIAG_MISTAKE, word_nearest(name, allowed),
			 "unknown setting '%s' in '%s'", name, row->word);
		good = false;
	}
	return good;
}

static bool take_user_group(struct build *b, const struct sch_row *row, const config_setting_t *s,
			    struct cfg_user *u)
{
	const char *instead = row->instead ? row->instead : "the script is not run";
	const struct sch_row user_row = {
		.word = row->kind == SCH_USER ? row->word : "user", .kind = SCH_WORD,
		.instead = instead,
	};
	const struct sch_row group_row = { .word = "group", .kind = SCH_WORD, .instead = instead };
	const config_setting_t *user = config_setting_get_member(s, "user");
	const config_setting_t *group = config_setting_get_member(s, "group");

	if (!user && group) {
		struct diag_pos pos = tree_key(group);

		diag_add(b->diags, &pos, DIAG_MISTAKE, NULL, "'group' needs a 'user' beside it");
		return false;
	}
	return (!user || take_word(b, &user_row, user, &u->user)) &&
	       (!group || take_word(b, &group_row, group, &u->group));
}

/* A user that cannot be read must not become the default one, which may be root. */
static bool user_or_none(struct cfg_user *u, bool good)
{
	if (!good)
		*u = (struct cfg_user){ .user = CFG_NO_USER };
	return good;
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

		diag_add(b->diags, &pos, DIAG_MISTAKE, NULL, "'%s' needs a 'command' in its group",
			 row->word);
		return false;
	}
	return take_command(b, row, command, target) &&
	       user_or_none(&c->as, take_user_group(b, row, s, &c->as));
}

static bool take_user(struct build *b, const struct sch_row *row, const config_setting_t *s,
		      void *target)
{
	static const char *const words[] = { "user", "group", NULL };
	struct cfg_user *u = target;

	if (string_of(s))
		return user_or_none(u, take_word(b, row, s, &u->user));
	if (!config_setting_is_group(s))
		return user_or_none(u, wrong(b, row, s, "the name of a user, or a group with "
					     "'user' and 'group'"));
	return user_or_none(u, only_words(b, row, s, words) && take_user_group(b, row, s, u));
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

/* A keyword with nothing behind it, as the dialect tells it (see dialect_missing()). */
static bool no_value(struct build *b, const struct sch_row *row, const config_setting_t *s,
		     void *target)
{
	struct diag_pos pos = tree_key(s);
	const char *text;
	char used[USED_MAX];

	if (row->kind == SCH_CHOICE)
		text = use_choice(row, s, target, used);
	else if (row->kind == SCH_INT || row->kind == SCH_SECONDS || row->kind == SCH_WEIGHT)
		text = use_number(row, s, row->dflt, target, used);
	else
		text = used_text(row, s, used);
	if (row->kind == SCH_USER)
		user_or_none(target, false);
	if (go_on(b, row, s, text))
		return false;
	diag_add(b->diags, &pos, severity_of(row), NULL, "'%s' needs a value; %s", row->word, text);
	return false;
}

bool bld_value(struct build *b, const struct sch_row *row, const config_setting_t *s, void *target)
{
	const char *text = string_of(s);

	if (text && !*text && !(row->flags & SCH_F_FIRST))
		return no_value(b, row, s, target);
	return takers[row->kind](b, row, s, target);
}
