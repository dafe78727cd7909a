/*
 * What can happen to a node, a link, a check or an interface, in the user's words.
 *
 * Everything that can fail has one word, made when the files were read; an event is one of these
 * words, one of the verbs of its kind, and a time. So what is misspelt can be told from what does
 * not exist, and the right word is never far.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/log.h"
#include "main/command_simulate.h"
#include "main/simulate.h"

#define VERBS_MAX 6
#define NO_DEED SIM_N_DEEDS

struct verb {
	const char *word;
	const char *says;		/* behind the subject */
	const char *brief;		/* the same, for a table */
	enum sim_deed_type deed, then;
	int64_t a;
};

/* A node that is down is a host without power: its addresses go with it. */
static const struct verb verbs[BOX_N_KINDS][VERBS_MAX] = {
	[BOX_NODE] = {
		[BEV_FAIL] = { "down", "goes down", "down", SIM_CRASH, SIM_VIP_DELETE, -1 },
		[BEV_UP] = { "up", "starts", "up", SIM_START, NO_DEED, 0 },
		[BEV_STOP] = { "stop", "is stopped in good order", "stopped", SIM_STOP,
			       NO_DEED, 0 },
		[BEV_PAUSE] = { "pause", "is paused, as a virtual machine", "paused",
				SIM_FREEZE, NO_DEED, 0 },
		[BEV_RESUME] = { "resume", "goes on", "resumed", SIM_RESUME, NO_DEED, 0 },
	},
	[BOX_BOTH_WAYS] = {
		{ "cut", "is cut, both ways", "cut", SIM_CUT, NO_DEED, 0 },
		{ "heal", "is whole again", "whole", SIM_HEAL, NO_DEED, 0 },
	},
	[BOX_ONE_WAY] = {
		{ "cut", "is cut, this way only", "cut", SIM_CUT, NO_DEED, 0 },
		{ "heal", "is whole again", "whole", SIM_HEAL, NO_DEED, 0 },
	},
	[BOX_CHECK] = {
		{ "fail", "fails", "fails", SIM_SCRIPT, NO_DEED, SIM_SCRIPT_FAIL },
		{ "pass", "succeeds again", "passes", SIM_SCRIPT, NO_DEED, SIM_SCRIPT_GOOD },
	},
	[BOX_IFACE] = {
		{ "down", "goes down", "down", SIM_LINK_DOWN, NO_DEED, 0 },
		{ "up", "comes up", "up", SIM_LINK_UP, NO_DEED, 0 },
	},
};

static const struct verb *verb_of(const struct box_event *e)
{
	return &verbs[e->on->kind][e->verb];
}

/* ---- reading ---- */

static bool refuse(const char *text, const char *why, const char *word, const char *hint)
{
	char clean[256], what[128];

	fprintf(stderr, "holdfastctl: --fail '%s': %s '%s'%s%s%s\n",
		log_clean(text, clean, sizeof(clean)), why, log_clean(word, what, sizeof(what)),
		hint ? " (did you mean '" : "", hint ? hint : "", hint ? "'?)" : "");
	return false;
}

static bool parse_time(const char *text, int64_t *us)
{
	char *end;
	double s = strtod(text, &end);

	if (end == text || !isfinite(s) || s < 0 || s > CSM_SECONDS_MAX)
		return false;
	*us = llround(s * (double)BOX_SECOND);
	return *end == '\0' || strcmp(end, "s") == 0;
}

static const char *nearest_subject(const struct box *b, const char *word)
{
	const char **words = box_grow(NULL, b->n_subjects + 1, sizeof(*words));
	const char *nearest;

	for (size_t i = 0; i < b->n_subjects; i++)
		words[i] = b->subjects[i].word;
	words[b->n_subjects] = NULL;
	nearest = word_nearest(word, words);
	free(words);
	return nearest ? nearest : b->subjects[0].word;
}

static bool reversed(const struct box *b, const struct box_subject *s, const char *word)
{
	const char *peer;
	size_t len;

	if (s->kind != BOX_BOTH_WAYS)
		return false;
	peer = b->nodes[s->peer].name;
	len = strlen(peer);
	return strncmp(word, peer, len) == 0 && word[len] == '-' &&
	       strcmp(word + len + 1, b->nodes[s->node].name) == 0;
}

/* The same word may name a check and an interface: the verb decides. */
static bool find(const struct box *b, const char *subject, const char *verb, bool *known,
		 struct box_event *out)
{
	for (size_t i = 0; i < b->n_subjects; i++) {
		const struct box_subject *s = &b->subjects[i];

		if (strcmp(s->word, subject) != 0 && !reversed(b, s, subject))
			continue;
		*known = true;
		out->on = s;
		for (int v = 0; v < VERBS_MAX && verbs[s->kind][v].word; v++) {
			out->verb = v;
			if (strcmp(verbs[s->kind][v].word, verb) == 0)
				return true;
		}
	}
	return false;
}

static bool refuse_verb(const char *text, const char *verb, const struct box_subject *s)
{
	const char *words[VERBS_MAX + 1] = { NULL };
	const char *nearest;

	for (int v = 0; v < VERBS_MAX && verbs[s->kind][v].word; v++)
		words[v] = verbs[s->kind][v].word;
	nearest = word_nearest(verb, words);
	if (nearest)
		return refuse(text, "this cannot happen:", verb, nearest);
	fprintf(stderr, "holdfastctl: --fail: what can happen to '%s':", s->word);
	for (int v = 0; words[v]; v++)
		fprintf(stderr, " %s", words[v]);
	fputc('\n', stderr);
	return false;
}

bool bev_parse(const struct box *b, const char *text, struct box_event *out)
{
	char copy[BOX_LABEL_MAX], *at, *colon;
	bool known = false;

	if ((size_t)snprintf(copy, sizeof(copy), "%s", text) >= sizeof(copy))
		return refuse(text, "too long:", "", NULL);
	at = strrchr(copy, '@');
	if (!at || !parse_time(at + 1, &out->at_us))
		return refuse(text, "a time in seconds must follow, as in",
			      "NODE:down@60", NULL);
	*at = '\0';
	colon = strrchr(copy, ':');
	if (!colon)
		return refuse(text, "what happens must follow a ':', as in", "NODE:down@60", NULL);
	*colon = '\0';
	if (find(b, copy, colon + 1, &known, out))
		return true;
	if (!known)
		return refuse(text, "there is no", copy, nearest_subject(b, copy));
	return refuse_verb(text, colon + 1, out->on);
}

/* ---- telling and doing ---- */

const char *bev_brief(const struct box *b, const struct box_event *e, char *buf, size_t size)
{
	const struct box_subject *s = e->on;
	const char *node = b->nodes[s->node].name;

	if (s->kind == BOX_CHECK)
		snprintf(buf, size, "%s %s on %s", s->name, verb_of(e)->brief, node);
	else if (s->kind == BOX_IFACE)
		snprintf(buf, size, "%s of %s %s", s->name, node, verb_of(e)->brief);
	else
		snprintf(buf, size, "%s %s%s", s->word, verb_of(e)->brief,
			 s->kind == BOX_ONE_WAY ? " (one way)" : "");
	return buf;
}

const char *bev_text(const struct box *b, const struct box_event *e, char *buf, size_t size)
{
	const struct box_subject *s = e->on;
	const char *node = b->nodes[s->node].name;
	const char *peer = s->peer == SIM_ALL ? "" : b->nodes[s->peer].name;
	const char *says = verb_of(e)->says;

	switch (s->kind) {
	case BOX_BOTH_WAYS:
		snprintf(buf, size, "the link %s - %s %s", node, peer, says);
		break;
	case BOX_ONE_WAY:
		snprintf(buf, size, "the link %s > %s %s", node, peer, says);
		break;
	case BOX_CHECK:
		snprintf(buf, size, "check %s on %s %s", s->name, node, says);
		break;
	case BOX_IFACE:
		snprintf(buf, size, "interface %s of %s %s", s->name, node, says);
		break;
	default:
		snprintf(buf, size, "%s %s", node, says);
		break;
	}
	return buf;
}

void bev_do(struct sim *s, const struct box_event *e)
{
	const struct box_subject *on = e->on;
	const struct verb *v = verb_of(e);
	struct sim_deed deed = { .type = v->deed, .node = on->node, .peer = on->peer, .a = v->a };

	snprintf(deed.name, sizeof(deed.name), "%.*s", SIM_NAME_MAX - 1, on->name ? on->name : "*");
	sim_do(s, &deed);
	if (v->then != NO_DEED) {
		deed.type = v->then;
		sim_do(s, &deed);
	}
	if (on->kind == BOX_BOTH_WAYS) {
		deed.node = on->peer;
		deed.peer = on->node;
		sim_do(s, &deed);
	}
}

bool bev_freezes(const struct box_event *e)
{
	return verb_of(e)->deed == SIM_FREEZE;
}

bool bev_thaws(const struct box_event *e)
{
	enum sim_deed_type deed = verb_of(e)->deed;

	return deed == SIM_RESUME || deed == SIM_STOP || deed == SIM_CRASH;
}
