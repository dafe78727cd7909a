/*
 * Why this exists: libconfig knows the line of a setting but not its column, and nothing of
 * settings that a program has added. A place of our own behind its hook makes both dialects give
 * the same diagnoses.
 */
#include "config/tree.h"

#include <string.h>

/* What a setting may take of the heap: itself, its name, its value or first elements. */
#define SETTING_MAX 384
#define RESERVE_MIN 65536	/* for libconfig's scanner and parser */

void tree_open(struct tree *t, struct arena *arena)
{
	*t = (struct tree){ .arena = arena };
	config_init(&t->config);
}

void tree_close(struct tree *t)
{
	config_destroy(&t->config);
}

bool tree_reserve(struct tree *t, size_t settings, size_t octets)
{
	t->no_memory |= !arena_room(RESERVE_MIN + settings * SETTING_MAX + octets * 4);
	return !t->no_memory;
}

static bool set_place(struct tree *t, config_setting_t *s, const struct diag_pos *key,
		      const struct diag_pos *value)
{
	struct tree_place *place = arena_alloc(t->arena, sizeof(*place));

	if (!place) {
		t->no_memory = true;
		return false;
	}
	*place = (struct tree_place){ .key = *key, .value = *value, .order = ++t->order };
	s->line = key->line;
	s->file = key->file;
	config_setting_set_hook(s, place);
	return true;
}

bool tree_put_place(struct tree *t, config_setting_t *s, const struct diag_pos *key)
{
	return set_place(t, s, key, key);
}

config_setting_t *tree_add(struct tree *t, config_setting_t *parent, const char *name, int type,
			   const struct diag_pos *key, const struct diag_pos *value)
{
	config_setting_t *s;

	if (!parent)
		return NULL;
	s = config_setting_add(parent, name, type);
	if (s)
		set_place(t, s, key, value);
	return s;
}

config_setting_t *tree_add_text(struct tree *t, config_setting_t *parent, const char *name,
				const char *text, const struct diag_pos *key,
				const struct diag_pos *value)
{
	config_setting_t *s = tree_add(t, parent, name, CONFIG_TYPE_STRING, key, value);

	if (s)
		config_setting_set_string(s, text);
	return s;
}

static struct tree_place *place_of(const config_setting_t *s)
{
	return s ? config_setting_get_hook(s) : NULL;
}

void tree_keep_text(config_setting_t *s, const char *text)
{
	struct tree_place *place = place_of(s);

	if (place)
		place->text = text;
}

bool tree_says(const config_setting_t *s, const char *text)
{
	const struct tree_place *place = place_of(s);

	return place && place->text && strcmp(place->text, text) == 0;
}

void tree_tell(config_setting_t *s)
{
	struct tree_place *place = place_of(s);

	if (place)
		place->told = true;
}

bool tree_told(const config_setting_t *s)
{
	const struct tree_place *place = place_of(s);

	return place && place->told;
}

static bool equal_scalars(const config_setting_t *a, const config_setting_t *b)
{
	switch (config_setting_type(a)) {
	case CONFIG_TYPE_STRING:
		return strcmp(config_setting_get_string(a), config_setting_get_string(b)) == 0;
	case CONFIG_TYPE_FLOAT:
		return !(config_setting_get_float(a) < config_setting_get_float(b)) &&
		       !(config_setting_get_float(a) > config_setting_get_float(b));
	case CONFIG_TYPE_BOOL:
		return config_setting_get_bool(a) == config_setting_get_bool(b);
	default:
		return config_setting_get_int64(a) == config_setting_get_int64(b);
	}
}

bool tree_equal(const config_setting_t *a, const config_setting_t *b)
{
	if (config_setting_type(a) != config_setting_type(b))
		return false;
	if (!config_setting_is_aggregate(a))
		return equal_scalars(a, b);
	if (config_setting_length(a) != config_setting_length(b))
		return false;
	for (int i = 0; i < config_setting_length(a); i++) {
		const config_setting_t *x = config_setting_get_elem(a, (unsigned int)i), *y;

		y = config_setting_is_group(a) ?
		    config_setting_get_member(b, config_setting_name(x)) :
		    config_setting_get_elem(b, (unsigned int)i);
		if (!y || !tree_equal(x, y))
			return false;
	}
	return true;
}

struct diag_pos tree_key(const config_setting_t *s)
{
	const struct tree_place *place = place_of(s);

	return place ? place->key : (struct diag_pos){ 0 };
}

struct diag_pos tree_value(const config_setting_t *s)
{
	const struct tree_place *place = place_of(s);

	return place ? place->value : (struct diag_pos){ 0 };
}

uint32_t tree_order(const config_setting_t *s)
{
	const struct tree_place *place = place_of(s);

	return place ? place->order : 0;
}

const char *tree_block_name(const config_setting_t *s)
{
	for (; s; s = config_setting_parent(s)) {
		config_setting_t *name;

		if (!config_setting_is_group(s))
			continue;
		name = config_setting_get_member(s, "name");
		if (name && config_setting_type(name) == CONFIG_TYPE_STRING)
			return config_setting_get_string(name);
	}
	return NULL;
}
