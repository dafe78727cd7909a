/*
 * What holdfastctl does: asks the daemon, and tells people or programs what it said.
 *
 * Its exit status is what scripts live on, so it is decided in one place and documented in the
 * help; when the daemon does not answer, there is a sentence and a status that cannot be taken
 * for a state.
 */
#include "main/command.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "ctl/layout.h"
#include "ctl/mistakes.h"
#include "ctl/render.h"
#include "ctl/request.h"
#include "ctl/text.h"
#include "main/client.h"
#include "main/command_daemon.h"
#include "main/command_help.h"
#include "main/command_line.h"
#include "main/command_lint.h"
#include "main/command_replay.h"
#include "main/command_simulate.h"
#include "main/command_upgrade.h"
#include "main/version.h"

#define US_PER_S 1000000
#define TIMEOUT_S 5
#define STEERING_S 70			/* a file may be read for a minute, no longer */
#define COLUMNS_MOST 10000
#define AGAIN_MS 300			/* between two looks for a daemon that has gone */

struct cli {
	const struct cln *line;
	enum req_verb_id verb;
	const char *instance;		/* or NULL */
	struct ren_options render;
};

/* ---- asking ---- */

static void complain(const char *sentence)
{
	char clean[CLT_WHY_MAX];

	fprintf(stderr, "holdfastctl: %s\n", txt_clean(sentence, clean, sizeof(clean)));
}

/* The next line of the daemon; NULL: WHY says why there is none. */
static json_t *next_line(struct clt *c, char why[static CLT_WHY_MAX])
{
	const char *line = clt_line(c, why);
	json_t *answer = line ? json_loads(line, 0, NULL) : NULL;

	if (!line)
		return NULL;
	if (json_integer_value(json_object_get(answer, "version")) == REQ_VERSION &&
	    json_is_boolean(json_object_get(answer, "ok")))
		return answer;
	snprintf(why, CLT_WHY_MAX, "what answers on %s does not speak version %d of our protocol",
		 c->path, REQ_VERSION);
	json_decref(answer);
	return NULL;
}

static int64_t timeout_of(const struct cli *cli)
{
	const int64_t usual_s = req_verbs[cli->verb].steers ? STEERING_S : TIMEOUT_S;

	return cli->line->timeout_us ? cli->line->timeout_us : usual_s * US_PER_S;
}

/* That no daemon runs is no error to who asks for versions, unless a certain one was meant. */
static bool may_be_absent(const struct cli *cli, const struct clt *c)
{
	return c->absent && cli->verb == REQ_VERSION_OF && !cli->line->socket && !cli->line->daemon;
}

/* Connects, asks and returns the first answer; NULL: WHY says why there is none. */
static json_t *ask(const struct cli *cli, const char *socket, struct clt *c,
		   char why[static CLT_WHY_MAX])
{
	char *line = req_line(cli->verb, cli->instance);
	json_t *answer = NULL;

	snprintf(why, CLT_WHY_MAX, "there is no memory");
	if (line && clt_open(c, socket, timeout_of(cli), why) && clt_send(c, line, why))
		answer = next_line(c, why);
	free(line);
	return answer;
}

static void tell_refusal(const json_t *answer)
{
	const char *sentence = json_string_value(json_object_get(answer, "error"));
	const char *hint = json_string_value(json_object_get(answer, "hint"));
	char text[CLT_WHY_MAX];

	snprintf(text, sizeof(text), "%s%s%s%s", sentence ? sentence : "refused without a reason",
		 hint ? " (did you mean '" : "", hint ? hint : "", hint ? "'?)" : "");
	complain(text);
}

static enum cmd_status refusal_status(const struct cli *cli, const json_t *answer)
{
	const char *reason = json_string_value(json_object_get(answer, "reason"));

	if (reason && !strcmp(reason, "unknown-instance"))
		return CMD_UNKNOWN_INSTANCE;
	return cli->verb == REQ_STATUS ? CMD_NO_ANSWER : CMD_REFUSED;
}

/* ---- telling ---- */

static void local_time(const char *iso, char *buf, size_t size)
{
	struct tm utc = { 0 }, local;
	char text[32];
	time_t t;

	if (strlen(iso) < 23 || !strptime(iso, "%Y-%m-%dT%H:%M:%S", &utc)) {
		snprintf(buf, size, "-");
		return;
	}
	t = timegm(&utc);
	if (!localtime_r(&t, &local) || !strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &local))
		snprintf(buf, size, "-");
	else
		snprintf(buf, size, "%s%.4s", text, iso + 19);
}

/* ASCII only, so that nothing in it can steer a terminal. */
static void put_json(const json_t *answer)
{
	json_dumpf(answer, stdout, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(15));
	putchar('\n');
}

static bool colour_wanted(void)
{
	const char *no = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no && *no) && term && strcmp(term, "dumb");
}

/* A number of columns that can be worked with, or 0. */
static size_t columns_from(const char *text)
{
	char *end;
	long n = text ? strtol(text, &end, 10) : 0;

	return n >= LAY_COLUMNS_LEAST && n <= COLUMNS_MOST && !*end ? (size_t)n : 0;
}

size_t cmd_columns(void)
{
	size_t columns = columns_from(getenv("COLUMNS"));
	struct winsize size = { 0 };

	if (columns)
		return columns;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		return LAY_COLUMNS;
	return size.ws_col < LAY_COLUMNS_LEAST ? LAY_COLUMNS_LEAST : size.ws_col;
}

/* ---- verbs ---- */

static enum cmd_status state_status(const json_t *answer)
{
	static const struct {
		const char *state;
		enum cmd_status status;
	} table[] = {
		{ "MASTER", CMD_DONE }, { "BACKUP", CMD_BACKUP }, { "FAULT", CMD_FAULT },
	};
	const json_t *instance = json_array_get(json_object_get(answer, "instances"), 0);
	const char *state = json_string_value(json_object_get(instance, "state"));

	for (size_t i = 0; state && i < sizeof(table) / sizeof(table[0]); i++)
		if (!strcmp(state, table[i].state))
			return table[i].status;
	return CMD_NO_ANSWER;
}

static bool in_conflict(const json_t *answer)
{
	const json_t *instance;
	size_t i;

	json_array_foreach(json_object_get(answer, "instances"), i, instance)
		if (json_is_object(json_object_get(instance, "conflict")))
			return true;
	return false;
}

/* A master that lacks an address (no_track does not matter), or has none at all. */
static bool lacks_address(const json_t *instance)
{
	const json_t *addresses = json_object_get(instance, "addresses"), *a;
	const char *state = json_string_value(json_object_get(instance, "state"));
	size_t held = 0, i;

	if (!state || strcmp(state, "MASTER") != 0)
		return false;
	json_array_foreach(addresses, i, a) {
		bool is_held = json_is_true(json_object_get(a, "held"));

		held += is_held;
		if (!is_held && !json_is_false(json_object_get(a, "tracked")))
			return true;
	}
	return json_array_size(addresses) && !held;
}

static bool incomplete(const json_t *answer)
{
	const json_t *instance;
	size_t i;

	json_array_foreach(json_object_get(answer, "instances"), i, instance)
		if (lacks_address(instance))
			return true;
	return false;
}

static enum cmd_status tell_status(const struct cli *cli, struct clt *c, json_t *answer)
{
	(void)c;
	if (cli->line->json)
		put_json(answer);
	else if (cli->instance)
		ren_instance(answer, &cli->render, stdout);
	else
		ren_overview(answer, &cli->render, stdout);
	if (in_conflict(answer) || incomplete(answer))
		return CMD_CONFLICT;
	return cli->instance ? state_status(answer) : CMD_DONE;
}

/* ANSWER says that from here on nothing is missed. */
static void put_beginning(const struct cli *cli, const json_t *answer)
{
	if (cli->line->json)
		put_json(answer);
	else
		printf("watching holdfastd, pid %" JSON_INTEGER_FORMAT "\n",
		       json_integer_value(json_object_get(answer, "pid")));
}

/* Tells events for as long as the daemon has them and somebody reads them. */
static void follow(const struct cli *cli, struct clt *c)
{
	char why[CLT_WHY_MAX];
	json_t *event;

	clt_wait_for_ever(c, STDOUT_FILENO);
	while (!fflush(stdout) && (event = next_line(c, why))) {
		if (cli->line->json)
			put_json(event);
		else
			ren_event(event, &cli->render, stdout);
		json_decref(event);
	}
}

/* Waits for a daemon on the same socket, and asks it; NULL: nobody reads our output any more. */
static json_t *ask_again(const struct cli *cli, struct clt *c)
{
	const char *socket = c->path;
	char why[CLT_WHY_MAX];
	json_t *answer = NULL;

	while (!answer && clt_is_read(STDOUT_FILENO)) {
		poll(NULL, 0, AGAIN_MS);
		clt_close(c);
		answer = ask(cli, socket, c, why);
	}
	return answer;
}

/* A daemon that is started again is watched again: its first line says that there was a gap. */
static enum cmd_status tell_events(const struct cli *cli, struct clt *c, json_t *first)
{
	json_t *answer = json_incref(first);

	while (answer && json_is_true(json_object_get(answer, "ok"))) {
		put_beginning(cli, answer);
		json_decref(answer);
		follow(cli, c);
		if (ferror(stdout) || !clt_is_read(STDOUT_FILENO))
			return CMD_OUTPUT;
		complain("the daemon has closed the connection; waiting for it to come back");
		answer = ask_again(cli, c);
	}
	if (!answer)
		return CMD_OUTPUT;
	tell_refusal(answer);
	json_decref(answer);
	return CMD_NO_ANSWER;
}

static enum cmd_status tell_reload(const struct cli *cli, struct clt *c, json_t *answer)
{
	(void)c;
	if (cli->line->json)
		put_json(answer);
	else if (mst_print(answer, stderr))
		puts("The configuration has been read again, but not all of it runs as written.");
	else
		puts("The configuration has been read again.");
	return CMD_DONE;
}

/* ANSWER: the daemon's, or NULL when none runs. */
static void put_version_json(json_t *answer)
{
	json_t *doc = answer ? json_incref(answer) :
		      json_pack("{s:b, s:i, s:n}", "ok", true, "version", REQ_VERSION,
				"daemon_version");

	if (doc && !json_object_set_new(doc, "holdfastctl_version", json_string(HOLDFAST_VERSION)))
		put_json(doc);
	json_decref(doc);
}

static enum cmd_status tell_version(const struct cli *cli, struct clt *c, json_t *answer)
{
	const char *version = json_string_value(json_object_get(answer, "daemon_version"));
	char clean[64];

	(void)c;
	if (cli->line->json) {
		put_version_json(answer);
		return CMD_DONE;
	}
	printf("holdfastd %s\n", txt_clean(version ? version : "-", clean, sizeof(clean)));
	if (version && strcmp(version, HOLDFAST_VERSION) != 0)
		puts("They differ: another version was installed after the daemon had started. "
		     "'holdfastctl\nupgrade' puts the installed holdfastd to work, without a "
		     "failover.");
	return CMD_DONE;
}

static enum cmd_status tell_absence(const struct cli *cli)
{
	if (cli->line->json)
		put_version_json(NULL);
	else
		puts("holdfastd does not run");
	return CMD_DONE;
}

static enum cmd_status (*const tell[REQ_N_VERBS])(const struct cli *, struct clt *, json_t *) = {
	[REQ_STATUS] = tell_status,
	[REQ_WATCH] = tell_events,
	[REQ_RELOAD] = tell_reload,
	[REQ_VERSION_OF] = tell_version,
};

static enum cmd_status run(const struct cli *cli)
{
	struct clt c = { .fd = -1 };
	enum cmd_status status = CMD_NO_ANSWER;
	char found[RTF_PATH_MAX], why[CLT_WHY_MAX];
	json_t *answer;

	/* Of our own version no daemon need be asked, whatever becomes of the question. */
	if (cli->verb == REQ_VERSION_OF && !cli->line->json) {
		puts("holdfastctl " HOLDFAST_VERSION);
		fflush(stdout);
	}
	if (!cli->line->socket && !cdm_find(cli->line->daemon, req_verbs[cli->verb].name, found))
		return CMD_NO_ANSWER;
	answer = ask(cli, cli->line->socket ? cli->line->socket : found, &c, why);

	if (!answer && may_be_absent(cli, &c)) {
		status = tell_absence(cli);
	} else if (!answer) {
		complain(why);
	} else if (answer && json_is_true(json_object_get(answer, "ok"))) {
		status = tell[cli->verb](cli, &c, answer);
	} else {
		if (cli->line->json && cli->verb == REQ_RELOAD)
			put_json(answer);
		else
			mst_print(answer, stderr);
		tell_refusal(answer);
		status = refusal_status(cli, answer);
	}
	json_decref(answer);
	clt_close(&c);
	return status;
}

/* The keeper is asked, not the engine: see main/command_upgrade.h. */
static int upgrade(const struct cli *cli)
{
	const struct cln *line = cli->line;
	char found[RTF_PATH_MAX];

	if (!line->socket && !cdm_find(line->daemon, CUG_VERB, found))
		return CMD_NO_ANSWER;
	return cug_main(&(struct cug_options){
		.control = line->socket ? line->socket : found,
		.binary = line->n ? line->words[0] : NULL,
		.if_changed = line->if_changed, .json = line->json, .timeout_us = line->timeout_us,
	});
}

static int dispatch(struct cli *cli)
{
	const struct cln *line = cli->line;

	switch (line->verb) {
	case CLN_UPGRADE:
		return upgrade(cli);
	case CLN_LINT:
		return cml_main(line->n, line->words, line->json);
	case CLN_REPLAY:
		return cmr_main(line->n, line->words, line->json);
	case CLN_SIMULATE:
		return csm_command(line->n, line->words, line->json);
	default:
		cli->verb = req_verb_find(hlp_verbs[line->verb].name);
		cli->instance = line->n ? line->words[0] : NULL;
		return run(cli);
	}
}

int cmd_main(int argc, char **argv)
{
	struct cln line;
	struct cli cli = {
		.line = &line,
		.render = { .colour = colour_wanted(), .columns = cmd_columns(),
			    .local_time = local_time },
	};
	int status = cln_parse(argc, argv, &line);

	if (status < 0)
		status = dispatch(&cli);
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	/* Who has stopped reading, as head(1) does, knows that. */
	if (clt_is_read(STDOUT_FILENO))
		complain("the answer could not be written");
	return CMD_OUTPUT;
}
