/*
 * Why this exists: the schema that reads a configuration also writes it, so a keyword that is read
 * and not written, or written differently, cannot happen.
 */
#include "config/dump.h"

#include <inttypes.h>
#include <string.h>

#include "base/addr.h"
#include "config/line.h"
#include "config/raw.h"

static int64_t number_at(const void *at)
{
	return *(const int64_t *)at;
}

static const char *string_at(const void *at)
{
	return *(const char *const *)at;
}

/* True when there is something to write at AT. */
static bool is_given(const struct sch_row *row, const void *at)
{
	switch (row->kind) {
	case SCH_FLAG:
		return number_at(at) == 1;
	case SCH_BOOL:
	case SCH_BARE:
	case SCH_INT:
	case SCH_SECONDS:
	case SCH_CHOICE:
	case SCH_SCOPE:
	case SCH_LIFETIME:
	case SCH_WEIGHT:
		return number_at(at) != RAW_NONE;
	case SCH_WORD:
	case SCH_IFACE:
		return string_at(at) != NULL;
	case SCH_ADDR:
		return ((const struct ip_addr *)at)->family != IP_NONE;
	case SCH_PREFIX:
		return ((const struct ip_prefix *)at)->addr.family != IP_NONE;
	case SCH_COMMAND:
	case SCH_NOTIFY:
		return ((const struct cfg_command *)at)->argv != NULL;
	case SCH_USER:
		return ((const struct cfg_user *)at)->user != NULL;
	default:
		return false;
	}
}

static void indent(const struct dump *d)
{
	for (unsigned int i = 0; i < d->depth; i++)
		putc('\t', d->to);
}

static void write_user(const struct dump *d, const struct cfg_user *u)
{
	if (d->native)
		fputs("user = ", d->to);
	dump_word(d, u->user);
	if (u->group) {
		fputs(d->native ? "; group = " : " ", d->to);
		dump_word(d, u->group);
	}
	if (d->native)
		putc(';', d->to);
}

/* A command always stands in quotes, for a word of keepalived's with blanks needs them. */
static void write_command(struct dump *d, const struct cfg_command *c)
{
	const char *text = dump_command(d->arena, c->argv);

	d->no_memory |= !text;
	if (text && d->native)
		dump_word(d, text);
	else if (text)
		fprintf(d->to, "\"%s\"", text);
}

static void write_notify(struct dump *d, const struct cfg_command *c)
{
	if (d->native && c->as.user)
		fputs("{ command = ", d->to);
	write_command(d, c);
	if (!c->as.user)
		return;
	fputs(d->native ? "; " : " ", d->to);
	write_user(d, &c->as);
	if (d->native)
		fputs(" }", d->to);
}

static void write_whole(const struct dump *d, int64_t n)
{
	fprintf(d->to, "%" PRId64 "%s", n, d->native && n > INT32_MAX ? "L" : "");
}

static void write_value(struct dump *d, const struct sch_row *row, const void *at)
{
	char text[IP_PREFIX_TEXT_MAX > SCH_NUM_MAX ? IP_PREFIX_TEXT_MAX : SCH_NUM_MAX];

	switch (row->kind) {
	case SCH_FLAG:
		fputs("true", d->to);
		break;
	case SCH_BOOL:
	case SCH_BARE:
		fputs(number_at(at) ? "true" : "false", d->to);
		break;
	case SCH_INT:
	case SCH_WEIGHT:
		write_whole(d, number_at(at));
		break;
	case SCH_SECONDS:
		fputs(sch_seconds(number_at(at), text), d->to);
		break;
	case SCH_CHOICE:
		dump_word(d, row->choices[number_at(at)]);
		break;
	case SCH_SCOPE:
		if (sch_scope_name(number_at(at)))
			dump_word(d, sch_scope_name(number_at(at)));
		else
			write_whole(d, number_at(at));
		break;
	case SCH_LIFETIME:
		if (number_at(at) == VR_LFT_FOREVER)
			dump_word(d, "forever");
		else
			write_whole(d, number_at(at));
		break;
	case SCH_WORD:
	case SCH_IFACE:
		dump_word(d,
			  (row->flags & SCH_F_SECRET) && !d->secrets ? DUMP_MASK : string_at(at));
		break;
	case SCH_ADDR:
		dump_word(d, ip_text(at, text));
		break;
	case SCH_PREFIX:
		dump_word(d, ip_prefix_text(at, text));
		break;
	case SCH_COMMAND:
		write_command(d, at);
		break;
	case SCH_NOTIFY:
		write_notify(d, at);
		break;
	default:
		break;
	}
}

static void write_native(struct dump *d, const struct sch_row *row, const void *at)
{
	fprintf(d->to, "%s = ", sch_setting(row));
	if (row->kind == SCH_USER) {
		fputs("{ ", d->to);
		write_user(d, at);
		fputs(" }", d->to);
	} else {
		write_value(d, row, at);
	}
	putc(';', d->to);
}

static void write_keepalived(struct dump *d, enum sch_block block, const struct sch_row *row,
			     const void *raw)
{
	const char *at = (const char *)raw + row->at;
	const struct sch_row *reverse = sch_find(block, "reverse");

	if (row->flags & SCH_F_OURS)
		fputs(LINE_OURS " ", d->to);
	fputs(row->word, d->to);
	if (row->kind == SCH_FLAG)
		return;
	putc(' ', d->to);
	if (row->kind == SCH_USER)
		write_user(d, (const void *)at);
	else
		write_value(d, row, at);
	if (row->kind == SCH_WEIGHT && number_at((const char *)raw + reverse->at) == 1)
		fputs(" reverse", d->to);
}

/* One entry of a list of lines. */
static void write_entry(struct dump *d, enum sch_block block, const void *raw)
{
	const char *gap = "";

	if (d->native)
		fputs("{ ", d->to);
	for (const struct sch_row *row = sch_blocks[block].rows; row->word; row++) {
		const char *at;

		if (row->at == SCH_NOWHERE || (row->flags & SCH_F_ALIAS))
			continue;
		at = (const char *)raw + row->at;
		if (!is_given(row, at))
			continue;
		fputs(gap, d->to);
		gap = " ";
		if (d->native)
			write_native(d, row, at);
		else if (row->flags & SCH_F_FIRST)
			write_value(d, row, at);
		else
			write_keepalived(d, block, row, raw);
	}
	if (d->native)
		fputs(" }", d->to);
}

static const void *element(const struct raw_list *list, enum sch_block block, size_t i)
{
	return (const char *)list->v + i * sch_blocks[block].raw_size;
}

static void write_lines(struct dump *d, const struct sch_row *row, const struct raw_list *list)
{
	indent(d);
	fprintf(d->to, d->native ? "%s = (\n" : "%s {\n", sch_setting(row));
	d->depth++;
	for (size_t i = 0; i < list->n; i++) {
		indent(d);
		write_entry(d, row->sub, element(list, row->sub, i));
		fputs(d->native && i + 1 < list->n ? ",\n" : "\n", d->to);
	}
	d->depth--;
	indent(d);
	fputs(d->native ? ");\n" : "}\n", d->to);
}

/* An empty line before a block, unless the text begins with it. */
static const char *gap_of(struct dump *d)
{
	const char *gap = d->begun ? "\n" : "";

	d->begun = true;
	return gap;
}

static void write_named(struct dump *d, const struct sch_row *row, const struct raw_list *list)
{
	const struct sch_row *name = sch_find(row->sub, "name");

	if (d->native)
		fprintf(d->to, "%s%s = (\n", gap_of(d), sch_setting(row));
	for (size_t i = 0; i < list->n; i++) {
		const char *raw = element(list, row->sub, i);

		if (d->native) {
			fputs("\t{\n", d->to);
		} else {
			fprintf(d->to, "%s%s ", gap_of(d), row->word);
			dump_word(d, string_at(raw + name->at));
			fputs(" {\n", d->to);
		}
		d->depth += d->native ? 2 : 1;
		dump_block(d, row->sub, raw);
		d->depth -= d->native ? 2 : 1;
		fputs(!d->native ? "}\n" : i + 1 < list->n ? "\t},\n" : "\t}\n", d->to);
	}
	if (d->native)
		fputs(");\n", d->to);
}

static bool is_empty(enum sch_block block, const void *raw)
{
	for (const struct sch_row *row = sch_blocks[block].rows; row->word; row++) {
		if (row->at != SCH_NOWHERE && is_given(row, (const char *)raw + row->at))
			return false;
	}
	return true;
}

static void write_group(struct dump *d, const struct sch_row *row, const void *raw)
{
	if (is_empty(row->sub, raw))
		return;
	d->begun = true;
	indent(d);
	fprintf(d->to, d->native ? "%s = {\n" : "%s {\n", sch_setting(row));
	d->depth++;
	dump_block(d, row->sub, raw);
	d->depth--;
	indent(d);
	fputs(d->native ? "};\n" : "}\n", d->to);
}

static void write_row(struct dump *d, enum sch_block block, const struct sch_row *row,
		      const void *raw)
{
	const char *at = (const char *)raw + row->at;
	const struct raw_list *list = (const void *)at;

	if (row->kind == SCH_GROUP) {
		write_group(d, row, at);
	} else if (row->kind == SCH_NAMED) {
		if (list->n > 0)
			write_named(d, row, list);
	} else if (row->kind == SCH_LINES) {
		if (list->n > 0)
			write_lines(d, row, list);
	} else if (is_given(row, at) && (d->native || !(row->flags & SCH_F_NATIVE))) {
		d->begun = true;
		indent(d);
		if (d->native)
			write_native(d, row, at);
		else
			write_keepalived(d, block, row, raw);
		putc('\n', d->to);
	}
}

void dump_block(struct dump *d, enum sch_block block, const void *raw)
{
	for (const struct sch_row *row = sch_blocks[block].rows; row->word; row++) {
		if (row->at != SCH_NOWHERE && !(row->flags & SCH_F_ALIAS))
			write_row(d, block, row, raw);
	}
}
