/*
 * The operator's counterpart.
 *
 * keepalived is asked by a signal and answers into a file in /tmp. Here a question has an answer:
 * it comes from the living daemon or not at all, readers and steersmen are told apart by the
 * kernel's word for who they are, and nobody who watches can slow the election down.
 */
#include "ctl/ctl.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/event.h"
#include "ctl/mistakes.h"
#include "ctl/status.h"
#include "ctl/text.h"
#include "engine/trace.h"


/* Events of one kind that the network can provoke: so many a second, the others are counted. */
#define STORM_EVENTS 20
#define STORM_US 1000000

/* Refusals that anybody who may connect can provoke: a line a minute, the others are counted. */
#define DENIED_US INT64_C(60000000)

struct storm {
	int64_t since_us;
	uint32_t events;		/* passed since then */
	uint32_t suppressed;		/* not told yet */
};

/* A client that wants to know what became of what it asked for. */
struct waiter {
	void *client;
	enum req_verb_id verb;
	uint64_t ticket;
};

struct ctl {
	struct engine *engine;
	struct ctl_host host;
	struct sta_daemon daemon;
	struct eng_listener listener;
	void **watchers;
	size_t n_watchers;
	size_t size;
	struct waiter *waiters;
	size_t n_waiters;
	size_t waiters_size;
	uint64_t tickets;
	struct storm storms[VR_N_TRACES];
	struct log_limit denied;
};

struct question {
	struct ctl *c;
	const struct ctl_peer *peer;
	const struct req *req;
	struct ctl_reply *out;
};

static json_t *envelope(const struct ctl *c, bool ok)
{
	return sta_envelope(&c->daemon, ok, eng_now_us(c->engine));
}

/* Takes over ANSWER. */
static void reply(struct ctl_reply *out, json_t *answer)
{
	out->line = answer ? txt_line(answer, &out->len) : NULL;
	json_decref(answer);
}

/* Takes over ANSWER, adds the members of MORE (taken over too), and replies when all is there. */
static void reply_with(struct ctl_reply *out, json_t *answer, json_t *more)
{
	if (answer && more && json_object_update(answer, more) == 0) {
		reply(out, answer);
		answer = NULL;
	}
	json_decref(answer);
	json_decref(more);
}

#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)

const char ctl_busy[] = "{\"ok\": false, \"version\": " TEXT(REQ_VERSION) ", \"error\": "
			"\"too many clients, or too much that they do not read: try again\", "
			"\"reason\": \"busy\", \"hint\": null}\n";

/* Takes over SENTENCE. */
static json_t *refusal(const char *reason, const char *hint, json_t *sentence)
{
	return json_pack("{s:o, s:s, s:o}", "error", sentence, "reason", reason, "hint",
			 txt_json(hint));
}

static void refuse(const struct ctl *c, struct ctl_reply *out, const char *reason,
		   const char *hint, json_t *sentence)
{
	reply_with(out, envelope(c, false), refusal(reason, hint, sentence));
}

/* ---- verbs ---- */

/* True when the name of the request is that of instance INST as `status` shows it. */
static bool is_named(const struct vr_config *conf, uint16_t inst, const char *name)
{
	json_t *shown = txt_json(conf->insts[inst].name);
	/* Without memory: as it is, which for most names is the same. */
	bool same = !strcmp(shown ? json_string_value(shown) : conf->insts[inst].name, name);

	json_decref(shown);
	return same;
}

static void unknown_instance(const struct question *q, const struct vr_config *conf)
{
	const char **names = calloc(conf->n_insts + 1u, sizeof(*names));
	const bool left_out = eng_cfg(q->c->engine)->n_errors > 0;
	const char *hint = NULL;
	char clean[512];

	for (uint16_t i = 0; names && i < conf->n_insts; i++)
		names[i] = conf->insts[i].name;
	if (names)
		hint = word_nearest(q->req->instance, names);
	refuse(q->c, q->out, "unknown-instance", hint,
	       json_sprintf("there is no instance '%s'%s",
			    txt_clean(q->req->instance, clean, sizeof(clean)), left_out ?
			    "; the configuration has errors, and what has one is left out: "
			    "holdfastd -t names it" : ""));
	free(names);
}

static void do_status(const struct question *q)
{
	const struct vr_config *conf = &eng_cfg(q->c->engine)->vr;
	uint16_t inst = VR_NONE;
	json_t *answer;

	if (q->req->instance) {
		for (inst = 0; inst < conf->n_insts; inst++)
			if (is_named(conf, inst, q->req->instance))
				break;
		if (inst == conf->n_insts) {
			unknown_instance(q, conf);
			return;
		}
	}
	answer = envelope(q->c, true);
	if (answer && sta_fill(answer, q->c->engine, &q->c->daemon, inst))
		reply(q->out, answer);
	else
		json_decref(answer);
}

static bool add_watcher(struct ctl *c, void *client)
{
	for (size_t i = 0; i < c->n_watchers; i++)
		if (c->watchers[i] == client)
			return true;
	if (c->n_watchers == c->size) {
		size_t size = c->size ? 2 * c->size : 8;
		void **grown = reallocarray(c->watchers, size, sizeof(*grown));

		if (!grown)
			return false;
		c->watchers = grown;
		c->size = size;
	}
	c->watchers[c->n_watchers++] = client;
	return true;
}

static void do_watch(const struct question *q)
{
	if (!add_watcher(q->c, q->peer->client))
		return;
	q->out->watching = true;
	reply_with(q->out, envelope(q->c, true), json_pack("{s:b}", "watching", true));
	if (!q->out->line)
		ctl_gone(q->c, q->peer->client);
}

static bool add_waiter(struct ctl *c, void *client, enum req_verb_id verb)
{
	if (c->n_waiters == c->waiters_size) {
		size_t size = c->waiters_size ? 2 * c->waiters_size : 8;
		struct waiter *grown = reallocarray(c->waiters, size, sizeof(*grown));

		if (!grown)
			return false;
		c->waiters = grown;
		c->waiters_size = size;
	}
	c->waiters[c->n_waiters++] = (struct waiter){ client, verb, ++c->tickets };
	return true;
}

/* The envelope with what was found, where somebody has looked. */
static json_t *envelope_with(const struct ctl *c, bool ok, const struct diag_list *diags)
{
	json_t *answer = envelope(c, ok), *members;

	if (!diags || !answer)
		return answer;
	members = mst_members(diags);
	if (!members || json_object_update(answer, members)) {
		json_decref(answer);
		answer = NULL;
	}
	json_decref(members);
	return answer;
}

static void tell_outcome(const struct ctl *c, struct ctl_reply *out, const char *why,
			 const struct diag_list *diags)
{
	if (why)
		reply_with(out, envelope_with(c, false, diags), refusal("refused", NULL,
									txt_json(why)));
	else
		reply_with(out, envelope_with(c, true, diags),
			   json_pack("{s:b}", "reloaded", true));
}

static void do_reload(const struct question *q)
{
	struct ctl *c = q->c;

	if (!add_waiter(c, q->peer->client, REQ_RELOAD))
		return;
	q->out->later = c->host.reload(c->host.ctx, c->tickets);
	if (q->out->later)
		return;
	c->n_waiters--;
	tell_outcome(c, q->out, "there is no keeper to read the configuration", NULL);
}

static void do_version(const struct question *q)
{
	reply_with(q->out, envelope(q->c, true),
		   json_pack("{s:s}", "daemon_version", q->c->daemon.version));
}

static void (*const handlers[REQ_N_VERBS])(const struct question *q) = {
	[REQ_STATUS] = do_status,
	[REQ_WATCH] = do_watch,
	[REQ_RELOAD] = do_reload,
	[REQ_VERSION_OF] = do_version,
};

static bool may_steer(const struct ctl *c, const struct ctl_peer *peer)
{
	return peer->uid == 0 || peer->uid == c->host.uid;
}

/* An operator's hand must be found in the log; so must one that was held back. */
static void log_steering(const struct question *q, const char *verb, bool allowed)
{
	const struct log *log = q->c->host.log;

	if (!log)
		return;
	if (allowed)
		log_printf(log, LOG_LVL_INFO, "'%s' was asked for by user %" PRIu32 ", process "
			   "%" PRId32, verb, q->peer->uid, q->peer->pid);
	else
		log_limited(log, &q->c->denied, eng_now_us(q->c->engine), DENIED_US, LOG_LVL_WARN,
			    "'%s' was refused to user %" PRIu32 ", process %" PRId32, verb,
			    q->peer->uid, q->peer->pid);
}

/* False: the answer is a refusal already. */
static bool let_steer(const struct question *q, const struct req_verb *verb)
{
	bool allowed = may_steer(q->c, q->peer);

	log_steering(q, verb->name, allowed);
	if (!allowed)
		refuse(q->c, q->out, "not-allowed", NULL,
		       json_sprintf("'%s' is for root and for the user who started the daemon "
				    "only", verb->name));
	return allowed;
}

static void dispatch(const struct question *q)
{
	enum req_verb_id id = req_verb_find(q->req->verb);
	char clean[64];

	if (id == REQ_N_VERBS) {
		refuse(q->c, q->out, "unknown-verb", word_nearest(q->req->verb, req_verb_names),
		       json_sprintf("there is no verb '%s'",
				    txt_clean(q->req->verb, clean, sizeof(clean))));
		return;
	}
	if (q->req->instance && !req_verbs[id].takes_instance) {
		refuse(q->c, q->out, "bad-request", NULL,
		       json_sprintf("'%s' takes no instance", req_verbs[id].name));
		return;
	}
	if (req_verbs[id].steers && !let_steer(q, &req_verbs[id]))
		return;
	handlers[id](q);
}

void ctl_handle(struct ctl *c, const struct ctl_peer *peer, const char *line, size_t len,
		struct ctl_reply *out)
{
	char why[REQ_WHY_MAX];
	struct req req;
	struct question q = { .c = c, .peer = peer, .req = &req, .out = out };

	*out = (struct ctl_reply){ 0 };
	sta_clock(&c->daemon, c->engine);
	if (!req_parse(line, len, &req, why)) {
		if (why[0])
			refuse(c, out, "bad-request", NULL, txt_json(why));
		return;
	}
	dispatch(&q);
	req_free(&req);
}

void ctl_reply_free(struct ctl_reply *r)
{
	free(r->line);
	*r = (struct ctl_reply){ 0 };
}

/* ---- what takes its time ---- */

/* Who waits must hear something, even where no answer can be made. */
static const char starved[] =
	"{\"ok\":false,\"version\":1,\"error\":\"the daemon has no memory to say what became of "
	"it: see its log\",\"reason\":\"no-memory\",\"hint\":null}\n";

void ctl_outcome(struct ctl *c, enum req_verb_id verb, uint64_t ticket, const char *why,
		 const struct diag_list *diags)
{
	size_t kept = 0;

	sta_clock(&c->daemon, c->engine);
	for (size_t i = 0; i < c->n_waiters; i++) {
		struct ctl_reply line = { 0 };

		if (c->waiters[i].verb != verb || c->waiters[i].ticket > ticket) {
			c->waiters[kept++] = c->waiters[i];
			continue;
		}
		tell_outcome(c, &line, why, diags);
		c->host.send(c->host.ctx, c->waiters[i].client, line.line ? line.line : starved,
			     line.line ? line.len : sizeof(starved) - 1);
		ctl_reply_free(&line);
	}
	c->n_waiters = kept;
}

/* ---- from one engine to the next ---- */

enum { WATCHES = 1, AWAITS_RELOAD = 2 };

uint32_t ctl_keepsake(const struct ctl *c, const void *client)
{
	uint32_t keepsake = 0;

	for (size_t i = 0; i < c->n_watchers; i++)
		if (c->watchers[i] == client)
			keepsake |= WATCHES;
	for (size_t i = 0; i < c->n_waiters; i++)
		if (c->waiters[i].client == client)
			keepsake |= AWAITS_RELOAD;
	return keepsake;
}

void ctl_take(struct ctl *c, void *client, uint32_t keepsake, struct ctl_reply *out)
{
	*out = (struct ctl_reply){ 0 };
	sta_clock(&c->daemon, c->engine);
	out->watching = keepsake & WATCHES && add_watcher(c, client);
	if (keepsake & AWAITS_RELOAD)
		tell_outcome(c, out, "the daemon was upgraded meanwhile; ask again", NULL);
}

/* ---- watching ---- */

static void forget_waiter(struct ctl *c, const void *client)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->n_waiters; i++)
		if (c->waiters[i].client != client)
			c->waiters[kept++] = c->waiters[i];
	c->n_waiters = kept;
}

void ctl_gone(struct ctl *c, const void *client)
{
	forget_waiter(c, client);
	for (size_t i = 0; i < c->n_watchers; i++) {
		if (c->watchers[i] != client)
			continue;
		c->watchers[i] = c->watchers[--c->n_watchers];
		return;
	}
}

static bool storm_passes(struct storm *s, int64_t now_us)
{
	if (now_us - s->since_us >= STORM_US || !s->since_us) {
		s->since_us = now_us;
		s->events = 0;
	}
	if (s->events >= STORM_EVENTS) {
		s->suppressed++;
		return false;
	}
	s->events++;
	return true;
}

static void send_to_all(struct ctl *c, const struct ctl_reply *line)
{
	size_t i = 0;

	while (i < c->n_watchers) {
		void *client = c->watchers[i];

		if (c->host.send(c->host.ctx, client, line->line, line->len))
			i++;
		else
			ctl_gone(c, client);
	}
}

static void on_trace(void *ctx, const struct vr_config *conf, const struct vr_trace *trace,
		     const char *text)
{
	struct ctl *c = ctx;
	struct storm *s = &c->storms[trace->kind];
	struct ctl_reply line = { 0 };
	json_t *event, *extra;

	if (!c->n_watchers || (trc_is_storm(trace) && !storm_passes(s, trace->at_us)))
		return;
	sta_clock(&c->daemon, c->engine);
	event = sta_envelope(&c->daemon, true, trace->at_us);
	extra = json_pack("{s:o, s:I}", "time", sta_time(&c->daemon, trace->at_us), "suppressed",
			  (json_int_t)s->suppressed);
	if (event && extra && evt_fill(extra, conf, trace, text))
		reply_with(&line, event, extra);
	else {
		json_decref(event);
		json_decref(extra);
	}
	if (!line.line) {
		s->suppressed++;	/* no memory */
		return;
	}
	s->suppressed = 0;
	send_to_all(c, &line);
	ctl_reply_free(&line);
}

/* ---- life ---- */

struct ctl *ctl_new(struct engine *engine, const struct ctl_host *host)
{
	struct ctl *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->engine = engine;
	c->host = *host;
	c->daemon = (struct sta_daemon){ .version = host->version, .pid = host->pid };
	c->listener = (struct eng_listener){ .ctx = c, .trace = on_trace };
	sta_clock(&c->daemon, engine);
	/* The seed of jansson's hash tables is read now, while files may still be opened. */
	json_object_seed(0);
	eng_listen(engine, &c->listener);
	return c;
}

void ctl_free(struct ctl *c)
{
	if (!c)
		return;
	free(c->watchers);
	free(c->waiters);
	free(c);
}
