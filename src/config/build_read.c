/*
 * Why this exists: the walk from the tree to raw structs, with the schema as its only map. What a
 * word without an effect means for the reader is said here, once for each word and file.
 */
#include "config/build.h"

#include <string.h>

/* A word about which there is nothing more to say in this file. */
struct build_said {
	const struct sch_row *row;
	const char *file;
	struct build_said *next;
};

static void read_block(struct build *b, enum sch_block block, const config_setting_t *group,
		       void *raw, bool quiet);

void *bld_alloc(struct build *b, size_t n, size_t size)
{
	void *p = arena_array(b->arena, n, size);

	b->no_memory |= !p;
	return p;
}

char *bld_str(struct build *b, const char *text)
{
	char *copy = arena_str(b->arena, text);

	b->no_memory |= !copy;
	return copy;
}

struct diag_pos bld_keep(struct build *b, struct diag_pos p)
{
	for (size_t i = 0; p.file && b->cfg->files && b->cfg->files[i]; i++) {
		if (strcmp(b->cfg->files[i], p.file) == 0) {
			p.file = b->cfg->files[i];
			return p;
		}
	}
	p.file = p.file ? bld_str(b, p.file) : NULL;
	return p;
}

static bool is_number(const struct sch_row *row)
{
	static const bool numbers[SCH_N_KINDS] = {
		[SCH_FLAG] = true, [SCH_BOOL] = true, [SCH_BARE] = true, [SCH_INT] = true,
		[SCH_SECONDS] = true, [SCH_CHOICE] = true, [SCH_SCOPE] = true,
		[SCH_LIFETIME] = true, [SCH_WEIGHT] = true,
	};

	return numbers[row->kind];
}

void raw_init(enum sch_block block, void *raw)
{
	for (const struct sch_row *row = sch_blocks[block].rows; row->word; row++) {
		char *at;

		if (row->at == SCH_NOWHERE)
			continue;
		at = (char *)raw + row->at;
		if (is_number(row))
			*(int64_t *)(void *)at = RAW_NONE;
		else if (row->kind == SCH_GROUP)
			raw_init(row->sub, at);
	}
}

/* False when ROW has been spoken of in the file of S; from now on it has. */
static bool say_once(struct build *b, const struct sch_row *row, const config_setting_t *s)
{
	const char *file = s->file ? s->file : "";
	struct build_said *said = b->said;

	while (said && (said->row != row || strcmp(said->file, file) != 0))
		said = said->next;
	if (said)
		return false;
	said = arena_alloc(b->scratch, sizeof(*said));
	if (!said) {
		b->no_memory = true;
		return false;
	}
	*said = (struct build_said){ row, file, b->said };
	b->said = said;
	return true;
}

/* True when a switch is switched off, or a list has nothing in it: then nothing is asked for. But
 * for peers: whoever lists none did not ask for multicast. */
static bool asks_nothing(const struct sch_row *row, const config_setting_t *s)
{
	if (row->sub == SCH_PEER)
		return false;
	if (config_setting_is_list(s) || config_setting_is_array(s))
		return config_setting_length(s) == 0;
	return config_setting_type(s) == CONFIG_TYPE_BOOL && !config_setting_get_bool(s);
}

static void say_later(struct build *b, const struct sch_row *row, const config_setting_t *s)
{
	struct diag_pos pos = tree_key(s);
	bool old = row->flags & SCH_F_OLD;

	if (say_once(b, row, s))
		diag_add(b->diags, &pos, DIAG_WARNING, NULL,
			 "'%s' is understood but has no effect in this version%s%s%s", row->word,
			 old ? " (" : "", old ? row->help : "", old ? ")" : "");
}

static void say_inner(struct build *b, const struct sch_row *row, const config_setting_t *s)
{
	static const struct sch_row all_inner = { .word = "inner" };
	struct diag_pos pos = tree_key(s);

	if (say_once(b, &all_inner, s))
		diag_add(b->diags, &pos, DIAG_NOTE, NULL,
			 "'%s' and all other words about keepalived's own processes have no "
			 "effect, and nothing is missed", row->word);
}

static void say_mail(struct build *b, const struct sch_row *row, const config_setting_t *s)
{
	static const struct sch_row all_mail = { .word = "mail" };
	struct diag_pos pos = tree_key(s);

	if (say_once(b, &all_mail, s))
		diag_add(b->diags, &pos, DIAG_WARNING, NULL,
			 "'%s' and all other words about mail have no effect: no mail is sent in "
			 "this version", row->word);
}

static void say_refused(struct build *b, const struct sch_row *row, const config_setting_t *s)
{
	struct diag_pos pos = tree_key(s);
	const char *name = tree_block_name(s);

	if (name)
		diag_add(b->diags, &pos, DIAG_ERROR, NULL,
			 "'%s' is not available in this version (%s), so '%s' is not run",
			 row->word, row->help, name);
	else
		diag_add(b->diags, &pos, DIAG_ERROR, NULL,
			 "'%s' is not available in this version (%s), so nothing is run", row->word,
			 row->help);
}

/* keepalived copies some globals when an instance begins. */
static void say_order(struct build *b, const struct sch_row *row, const config_setting_t *s)
{
	static const struct sch_row all_defaults = { .word = "defaults" };
	struct diag_pos pos = tree_key(s);

	if (b->dialect == CFG_NATIVE || b->first_instance == 0 || tree_order(s) < b->first_instance)
		return;
	if (say_once(b, &all_defaults, s))
		diag_add(b->diags, &pos, DIAG_NOTE, NULL,
			 "keepalived applies '%s' and the defaults behind it only to instances "
			 "that stand below; here they apply to all", row->word);
}

/* What is to be said about the mere presence of a word. */
static void note_word(struct build *b, const struct sch_row *row, const config_setting_t *s,
		      struct raw_head *head, bool quiet)
{
	if (quiet || asks_nothing(row, s))
		return;
	if (row->flags & SCH_F_LATER)
		say_later(b, row, s);
	if (row->flags & SCH_F_INNER)
		say_inner(b, row, s);
	if (row->flags & SCH_F_MAIL)
		say_mail(b, row, s);
	if (row->flags & SCH_F_ORDERED)
		say_order(b, row, s);
	if (row->flags & SCH_F_REFUSE) {
		say_refused(b, row, s);
		head->refused = s;
	}
}

/* The host may run keepalived again, or its pair does. */
static void say_zero(struct build *b, const struct sch_row *row, const config_setting_t *s,
		     const void *number)
{
	struct diag_pos pos = tree_key(s);

	if (b->dialect == CFG_KEEPALIVED && *(const int64_t *)number == 0)
		diag_add(b->diags, &pos, DIAG_NOTE, NULL,
			 "keepalived calls 0 invalid for '%s'; without the line it means the same "
			 "in both", row->word);
}

/* True when the first word of an entry has been read into ELEMENT. */
static bool has_first(const struct sch_row *first, const void *element)
{
	const char *at = (const char *)element + first->at;

	if (first->kind == SCH_PREFIX)
		return ((const struct ip_prefix *)(const void *)at)->addr.family != IP_NONE;
	return *(const char *const *)(const void *)at != NULL;
}

/* One entry of a list of lines; false when it is unusable. */
static bool read_line(struct build *b, const struct sch_row *row, const config_setting_t *e,
		      void *element, bool quiet)
{
	const struct sch_row *first = sch_first(row->sub);
	struct raw_head *head = element;
	const config_setting_t *s;
	struct diag_pos pos = tree_key(e);

	raw_init(row->sub, element);
	head->setting = e;
	/* An entry of which the dialect has spoken. */
	if (b->dialect == CFG_KEEPALIVED && config_setting_type(e) == CONFIG_TYPE_BOOL)
		return false;
	if (!config_setting_is_group(e))
		return bld_value(b, first, e, (char *)element + first->at);
	s = config_setting_get_member(e, sch_setting(first));
	if (!s) {
		diag_add(b->diags, &pos, DIAG_MISTAKE, NULL, "'%s' is missing in an entry of '%s'",
			 sch_setting(first), row->word);
		return false;
	}
	read_block(b, row->sub, e, element, quiet);
	return has_first(first, element) && !head->useless;
}

static void read_list(struct build *b, const struct sch_row *row, const config_setting_t *s,
		      struct raw_head *head, struct raw_list *list, bool quiet)
{
	size_t size = sch_blocks[row->sub].raw_size, n = (size_t)config_setting_length(s);
	bool lines = row->kind == SCH_LINES || row->kind == SCH_NAMES;
	char *v = list->v = bld_alloc(b, n ? n : 1, size);

	for (size_t i = 0; v && i < n; i++) {
		const config_setting_t *e = config_setting_get_elem(s, (unsigned int)i);
		struct raw_head *element = (struct raw_head *)(void *)(v + list->n * size);
		struct diag_pos pos = tree_key(e);

		if (lines && !read_line(b, row, e, element, quiet)) {
			memset(element, 0, size);
			continue;
		}
		if (!lines && !config_setting_is_group(e)) {
			diag_add(b->diags, &pos, DIAG_MISTAKE, NULL,
				 "an element of '%s' must be a group { }", row->word);
			continue;
		}
		if (!lines)
			read_block(b, row->sub, e, element, quiet);
		if (lines && element->refused)
			head->refused = element->refused;
		list->n++;
	}
}

/* Words inside a block that is not kept: only their names are looked at. */
static void read_skipped(struct build *b, const struct sch_row *row, const config_setting_t *s)
{
	bool keywords = row->kind == SCH_GROUP || row->kind == SCH_NAMED || row->kind == SCH_REPEAT;

	if (!keywords || sch_blocks[row->sub].free)
		return;
	if (config_setting_is_group(s)) {
		read_block(b, row->sub, s, NULL, true);
		return;
	}
	for (int i = 0; config_setting_is_list(s) && i < config_setting_length(s); i++) {
		const config_setting_t *e = config_setting_get_elem(s, (unsigned int)i);

		if (config_setting_is_group(e))
			read_block(b, row->sub, e, NULL, true);
	}
}

static void read_inner(struct build *b, const struct sch_row *row, const config_setting_t *s,
		       void *raw, bool quiet)
{
	bool list = row->kind != SCH_GROUP;
	struct diag_pos pos = tree_key(s);
	char *at;

	quiet |= (row->flags & (SCH_F_LATER | SCH_F_REFUSE | SCH_F_ACCEPT)) != 0;
	if (!raw || row->at == SCH_NOWHERE) {
		read_skipped(b, row, s);
		return;
	}
	at = (char *)raw + row->at;
	if (list ? !config_setting_is_list(s) && !config_setting_is_array(s) :
		   !config_setting_is_group(s)) {
		diag_add(b->diags, &pos, DIAG_MISTAKE, NULL, "'%s' takes %s", row->word,
			 list ? "a list ( ) of entries" : "a group { }");
		return;
	}
	if (list)
		read_list(b, row, s, raw, (struct raw_list *)(void *)at, quiet);
	else
		read_block(b, row->sub, s, at, quiet);
}

static void unknown(struct build *b, enum sch_block block, const config_setting_t *s)
{
	const char *name = config_setting_name(s);
	struct diag_pos pos = tree_key(s);
	enum sch_block home;

	if (sch_home(block, name, NULL, 0, &home))
		diag_add(b->diags, &pos, DIAG_MISTAKE, sch_nearest(block, name),
			 "'%s' is not a setting of %s, but of %s", name, sch_blocks[block].name,
			 sch_blocks[home].name);
	else
		diag_add(b->diags, &pos, DIAG_MISTAKE, sch_nearest(block, name),
			 "unknown setting '%s' in %s", name, sch_blocks[block].name);
}

static void read_value(struct build *b, const struct sch_row *row, const config_setting_t *s,
		       void *raw)
{
	struct raw_head *head = raw;
	void *target = (char *)raw + row->at;

	if (!bld_value(b, row, s, target))
		head->useless |= (row->flags & SCH_F_PLACE) != 0;
	else if (row->flags & SCH_F_ABOVE_0)
		say_zero(b, row, s, target);
}

static void read_block(struct build *b, enum sch_block block, const config_setting_t *group,
		       void *raw, bool quiet)
{
	struct raw_head *head = raw;

	if (raw) {
		raw_init(block, raw);
		head->setting = group;
	}
	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *s = config_setting_get_elem(group, (unsigned int)i);
		const char *name = config_setting_name(s);
		const struct sch_row *row = sch_find_setting(block, name);

		if (!row) {
			/* A block without a struct has no row for its name. */
			if (raw || strcmp(name, "name") != 0)
				unknown(b, block, s);
			continue;
		}
		note_word(b, row, s, head, quiet);
		if (sch_is_block(row))
			read_inner(b, row, s, raw, quiet);
		else if (raw && row->at != SCH_NOWHERE)
			read_value(b, row, s, raw);
	}
}

void bld_read(struct build *b, const config_setting_t *root)
{
	const config_setting_t *insts = config_setting_get_member(root, "vrrp_instance");

	if (insts && config_setting_is_list(insts) && config_setting_length(insts) > 0)
		b->first_instance = tree_order(config_setting_get_elem(insts, 0));
	read_block(b, SCH_ROOT, root, &b->raw, false);
}

static const config_setting_t *member_of(const void *raw, const char *name)
{
	const struct raw_head *head = raw;

	return config_setting_is_group(head->setting) ?
	       config_setting_get_member(head->setting, name) : NULL;
}

struct diag_pos bld_at(const void *raw, const char *name)
{
	const config_setting_t *member = member_of(raw, name);

	return member ? tree_key(member) : tree_value(((const struct raw_head *)raw)->setting);
}

struct diag_pos bld_value_at(const void *raw, const char *name)
{
	const config_setting_t *member = member_of(raw, name);

	return member ? tree_value(member) : tree_value(((const struct raw_head *)raw)->setting);
}

bool bld_has(const void *raw, const char *name)
{
	const struct raw_head *head = raw;

	return head->setting && config_setting_is_group(head->setting) &&
	       config_setting_get_member(head->setting, name);
}

int64_t bld_or(int64_t raw, int64_t dflt)
{
	return raw == RAW_NONE ? dflt : raw;
}

bool bld_on(int64_t raw)
{
	return raw == 1;
}
