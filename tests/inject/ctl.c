/*
 * Why this exists: an answer that is not whole is worse than none. Each request is answered octet
 * by octet as without a refusal, or not at all: then the connection is closed, and the client says
 * so. A watcher that misses an event is told how many it has missed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/render.h"
#include "inject/inject.h"
#include "unit/engine/fake.h"

struct rig {
	struct fake f;
	struct ctl *ctl;
	size_t events;
	uint64_t ticket;
	char last[2048];		/* event that was sent */
};

static bool reload(void *ctx, uint64_t ticket)
{
	((struct rig *)ctx)->ticket = ticket;
	return true;
}

static bool send(void *ctx, void *client, const char *line, size_t len)
{
	struct rig *r = ctx;

	(void)client;
	r->events++;
	snprintf(r->last, sizeof(r->last), "%.*s", (int)len, line);
	return true;
}

static struct ctl_host host_of(struct rig *r)
{
	return (struct ctl_host){
		.ctx = r, .version = "1.2.3", .pid = 1, .log = &r->f.log, .reload = reload,
		.send = send,
	};
}

static void rig_new(struct rig *r)
{
	struct box *b = box_new();

	memset(r, 0, sizeof(*r));
	box_check(b, "chk", 5, 0, 2);
	fake_new(&r->f, b);
	struct ctl_host host = host_of(r);
	r->ctl = ctl_new(r->f.engine, &host);
	if (!r->ctl)
		abort();
	fake_start(&r->f);
	fake_until(&r->f, r->f.now_us + 5 * SECOND);
}

static void rig_free(struct rig *r)
{
	fake_free(&r->f);
	ctl_free(r->ctl);
}

static void start(struct inj *in)
{
	struct rig r = { .events = 0 };
	struct ctl_host host = host_of(&r);

	fake_new(&r.f, box_new());
	inj_arm(in);
	r.ctl = ctl_new(r.f.engine, &host);
	if (!r.ctl && !inj_disarm(in))
		inj_wrong(in, "it does not start");
	inj_disarm(in);
	rig_free(&r);
}

static void ask(struct inj *in)
{
	static struct ctl_reply right;		/* without a refusal */
	const struct ctl_peer peer = { .client = &right };
	const char *line = inj_arg(in);
	struct ctl_reply reply;
	struct rig r;

	rig_new(&r);
	if (!right.line)
		ctl_handle(r.ctl, &peer, line, strlen(line), &right);
	ctl_gone(r.ctl, &right);
	inj_arm(in);
	ctl_handle(r.ctl, &peer, line, strlen(line), &reply);
	bool hit = inj_disarm(in);
	if (!reply.line && !hit)
		inj_wrong(in, "no answer");
	/* jansson says that the text was wrong where it had no memory for a word of it; a refusal
	 * may be without its nearest word. */
	if (reply.line && strcmp(reply.line, right.line) != 0 &&
	    !(hit && (strstr(reply.line, "not one line of JSON") ||
		      (strstr(right.line, "\"ok\":false") && strstr(reply.line, "\"hint\":null")))))
		inj_wrong(in, "another answer: %s", reply.line);
	ctl_reply_free(&reply);
	rig_free(&r);
}

static void watch(struct inj *in)
{
	static const char line[] = "{\"verb\":\"watch\"}";
	struct ctl_reply reply;
	struct rig r;

	rig_new(&r);
	ctl_handle(r.ctl, &(struct ctl_peer){ .client = &r }, line, strlen(line), &reply);
	ctl_reply_free(&reply);
	inj_arm(in);
	fake_link(&r.f, 2, "eth0", false);
	bool hit = inj_disarm(in);
	size_t seen = r.events;
	fake_link(&r.f, 2, "eth0", true);
	if (r.events == seen || (!hit && seen == 0))
		inj_wrong(in, "events do not go on");
	if (!seen && hit && strstr(r.last, "\"suppressed\":0"))
		inj_wrong(in, "an event is missing, and nobody says so: %s", r.last);
	rig_free(&r);
}

/* Who waits for a reload must hear of it. */
static void reload_and_wait(struct inj *in)
{
	static const char line[] = "{\"verb\":\"reload\"}";
	struct ctl_reply reply;
	struct rig r;

	rig_new(&r);
	inj_arm(in);
	ctl_handle(r.ctl, &(struct ctl_peer){ .client = &r }, line, strlen(line), &reply);
	if (reply.later)
		ctl_outcome(r.ctl, REQ_RELOAD, r.ticket, "the file is wrong", NULL);
	bool hit = inj_disarm(in);
	if (reply.later && !strstr(r.last, "the file is wrong") && !strstr(r.last, "no memory"))
		inj_wrong(in, "nothing is heard of the reload but '%s'", r.last);
	if (!reply.later && !hit)
		inj_wrong(in, "no reload: %s", reply.line ? reply.line : "");
	ctl_reply_free(&reply);
	rig_free(&r);
}

/* ---- the other end ---- */

static void render(struct inj *in)
{
	static const char verb[] = "{\"verb\":\"status\"}";
	const struct ren_options options = { .colour = false };
	static char right[16384], text[16384];
	struct ctl_reply reply;
	struct rig r;

	memset(text, 0, sizeof(text));
	rig_new(&r);
	ctl_handle(r.ctl, &(struct ctl_peer){ .client = &r }, verb, strlen(verb), &reply);
	json_t *status = json_loads(reply.line, 0, NULL);
	FILE *to = fmemopen(text, sizeof(text) - 1, "w");
	if (!to || !status)
		abort();
	inj_arm(in);
	ren_overview(status, &options, to);
	ren_instance(status, &options, to);
	bool hit = inj_disarm(in);
	fclose(to);
	if (!hit && !right[0])
		memcpy(right, text, sizeof(right));
	if (strcmp(right, text) != 0)
		inj_wrong(in, "something else is shown");
	json_decref(status);
	ctl_reply_free(&reply);
	rig_free(&r);
}

const struct inj_op inj_ctl[] = {
	{ "ctl: start", start, NULL },
	{ "ctl: status", ask, "{\"verb\":\"status\"}" },
	{ "ctl: status of one", ask, "{\"verb\":\"status\",\"instance\":\"VI_1\"}" },
	{ "ctl: status of none", ask, "{\"verb\":\"status\",\"instance\":\"VI_2\"}" },
	{ "ctl: version", ask, "{\"verb\":\"version\"}" },
	{ "ctl: watch", ask, "{\"verb\":\"watch\"}" },
	{ "ctl: a reload that is refused", reload_and_wait, NULL },
	{ "ctl: an unknown verb", ask, "{\"verb\":\"statsu\"}" },
	{ "ctl: no JSON", ask, "{\"verb\":" },
	{ "ctl: an event", watch, NULL },
	{ "ctl: show status", render, NULL },
	{ 0 },
};
