/*
 * Requests as anybody in the group may write them: the parser never reads outside the line, gives
 * either a request or a sentence, and what it took it can write and take again.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/request.h"
#include "ctl/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void round_trip(const struct req *r)
{
	enum req_verb_id verb = req_verb_find(r->verb);
	char why[REQ_WHY_MAX];
	struct req again;
	char *line;

	if (verb == REQ_N_VERBS)
		return;
	line = req_line(verb, r->instance);
	assert(line && req_parse(line, strlen(line), &again, why));
	assert(!strcmp(again.verb, r->verb));
	assert(!again.instance == !r->instance);
	assert(!r->instance || !strcmp(again.instance, r->instance));
	req_free(&again);
	free(line);
}

static void clean(const char *text)
{
	char buf[64];

	txt_clean(text, buf, sizeof(buf));
	assert(txt_is_utf8(buf));
	assert(txt_width(buf, strlen(buf)) < 2 * sizeof(buf));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char why[REQ_WHY_MAX] = "";
	char *text = malloc(size + 1);
	struct req r;

	assert(text);
	memcpy(text, data, size);
	text[size] = '\0';
	clean(text);
	if (req_parse((const char *)data, size, &r, why)) {
		round_trip(&r);
		clean(r.verb);
		req_free(&r);
	} else {
		assert(why[0] && txt_is_utf8(why));
	}
	free(text);
	return 0;
}
