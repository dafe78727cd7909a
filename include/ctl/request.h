/*
 * What can be asked, and how a question is written.
 *
 * One request is one line of JSON, {"verb": "status", "instance": "VI_1"}, and one answer is one
 * line. The daemon parses and holdfastctl writes requests through this one module.
 */
#ifndef CTL_REQUEST_H
#define CTL_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#define REQ_VERSION 1			/* of the protocol: "version" of every answer */
#define REQ_LINE_MAX 65536		/* octets of a request, its newline included */
#define REQ_DEPTH_MAX 8			/* brackets within brackets */
#define REQ_WHY_MAX 160			/* octets of a sentence about a bad request */

enum req_verb_id { REQ_STATUS, REQ_WATCH, REQ_RELOAD, REQ_VERSION_OF, REQ_N_VERBS };

struct req_verb {
	const char *name;
	bool steers;			/* changes what the daemon does: not for everybody */
	bool takes_instance;
};

extern const struct req_verb req_verbs[REQ_N_VERBS];

/* The names of the table, NULL-terminated, for word_nearest(). */
extern const char *const req_verb_names[REQ_N_VERBS + 1];

/* The verb of that name, or REQ_N_VERBS. */
enum req_verb_id req_verb_find(const char *name);

struct req {
	json_t *root;			/* owns the strings below */
	const char *verb;
	const char *instance;		/* NULL: not given */
};

/*
 * Parses one line of LEN octets (with or without its newline; no NUL needed). False: WHY is a
 * sentence, or empty without memory. A member that nobody knows is refused: a newer client may rely
 * on it. Free with req_free().
 */
bool req_parse(const char *line, size_t len, struct req *out, char why[static REQ_WHY_MAX]);
void req_free(struct req *r);

/* The line of a request with its newline, for free(); NULL: no memory. INSTANCE may be NULL. */
char *req_line(enum req_verb_id verb, const char *instance);

#endif
