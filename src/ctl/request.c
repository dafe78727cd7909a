/*
 * Requests, bounded.
 *
 * The control socket is open to every member of a group, so a request is hostile until proven
 * harmless: its length and its depth are checked before the JSON parser sees it, and whatever is
 * in it that this version does not know is a refusal, not a guess.
 */
#include "ctl/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/text.h"

const struct req_verb req_verbs[REQ_N_VERBS] = {
	[REQ_STATUS] = { "status", .takes_instance = true },
	[REQ_WATCH] = { .name = "watch" },
	[REQ_RELOAD] = { "reload", .steers = true },
	[REQ_VERSION_OF] = { .name = "version" },
};

const char *const req_verb_names[REQ_N_VERBS + 1] = {
	"status", "watch", "reload", "version", NULL
};

enum req_verb_id req_verb_find(const char *name)
{
	enum req_verb_id v = 0;

	while (v < REQ_N_VERBS && strcmp(req_verbs[v].name, name))
		v++;
	return v;
}

/* jansson recurses once a bracket; this keeps a line of brackets from deciding how deep. */
static bool too_deep(const char *line, size_t len)
{
	bool quoted = false;
	int depth = 0;

	for (size_t i = 0; i < len; i++) {
		char c = line[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '{' || c == '['))
			depth++;
		else if (!quoted && (c == '}' || c == ']'))
			depth--;
		if (depth > REQ_DEPTH_MAX)
			return true;
	}
	return false;
}

static bool member_known(const char *key, const json_t *value, char *why)
{
	char clean[64];

	txt_clean(key, clean, sizeof(clean));
	if (strcmp(key, "verb") && strcmp(key, "instance")) {
		snprintf(why, REQ_WHY_MAX, "the request has an unknown member '%s'", clean);
		return false;
	}
	if (!json_is_string(value)) {
		snprintf(why, REQ_WHY_MAX, "the member '%s' of the request is not a string", clean);
		return false;
	}
	return true;
}

static bool well_formed(json_t *root, char *why)
{
	const char *key;
	json_t *value;

	if (!json_is_object(root)) {
		snprintf(why, REQ_WHY_MAX, "the request is not a JSON object");
		return false;
	}
	json_object_foreach(root, key, value)
		if (!member_known(key, value, why))
			return false;
	if (!json_object_get(root, "verb")) {
		snprintf(why, REQ_WHY_MAX, "the request has no verb");
		return false;
	}
	return true;
}

static json_t *load(const char *line, size_t len, char *why)
{
	json_error_t error = { .line = 0 };
	json_t *root;

	if (len > REQ_LINE_MAX) {
		snprintf(why, REQ_WHY_MAX, "the request is longer than %d octets", REQ_LINE_MAX);
		return NULL;
	}
	if (too_deep(line, len)) {
		snprintf(why, REQ_WHY_MAX, "the request is nested deeper than %d", REQ_DEPTH_MAX);
		return NULL;
	}
	root = json_loadb(line, len, JSON_REJECT_DUPLICATES, &error);
	if (root)
		return root;
	/* jansson gives a want of memory no code where it has no place in the text to name. */
	switch (json_error_code(&error)) {
	case json_error_unknown:
	case json_error_out_of_memory:
		why[0] = '\0';
		break;
	default:
		snprintf(why, REQ_WHY_MAX, "the request is not one line of JSON (column %d)",
			 error.column);
	}
	return NULL;
}

bool req_parse(const char *line, size_t len, struct req *out, char why[static REQ_WHY_MAX])
{
	*out = (struct req){ .root = load(line, len, why) };
	if (!out->root)
		return false;
	if (!well_formed(out->root, why)) {
		req_free(out);
		return false;
	}
	out->verb = json_string_value(json_object_get(out->root, "verb"));
	out->instance = json_string_value(json_object_get(out->root, "instance"));
	return true;
}

void req_free(struct req *r)
{
	json_decref(r->root);
	*r = (struct req){ 0 };
}

char *req_line(enum req_verb_id verb, const char *instance)
{
	json_t *root = json_pack("{s:s}", "verb", req_verbs[verb].name);
	char *line = NULL;
	size_t len;

	if (root && (!instance || !json_object_set_new(root, "instance", txt_json(instance))))
		line = txt_line(root, &len);
	json_decref(root);
	return line;
}
