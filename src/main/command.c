/*
 * What holdfastctl does: asks the daemon, and tells people or programs what it said.
 *
 * Its exit status is what scripts live on, so it is decided in one place and documented in the
 * help; when the daemon does not answer, there is a sentence and a status that cannot be taken
 * for a state.
 */
#include "main/command.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/diag.h"
#include "ctl/layout.h"
#include "ctl/mistakes.h"
#include "ctl/render.h"
#include "ctl/request.h"
#include "ctl/text.h"
#include "main/client.h"
#include "main/command_daemon.h"
#include "main/command_lint.h"
#include "main/command_replay.h"
#include "main/command_simulate.h"
#include "main/command_upgrade.h"
#include "main/version.h"

#define US_PER_S 1000000
#define TIMEOUT_S 5
#define STEERING_S 70			/* a file may be read for a minute, no longer */
#define TIMEOUT_MAX_S 3600
#define COLUMNS_MOST 10000

struct cli {
	const char *socket;		/* NULL: found by DAEMON */
	const char *daemon;		/* its key or PID, or NULL */
	int64_t timeout_us;		/* 0: the verb's own */
	bool json;
	enum req_verb_id verb;
	const char *instance;
	struct ren_options render;
};

/* ---- asking ---- */

static void complain(const char *sentence)
{
	char clean[CLT_WHY_MAX];

	fprintf(stderr, "holdfastctl: %s\n", txt_clean(sentence, clean, sizeof(clean)));
}

/* One line of the daemon; NULL: the error has been told. */
static json_t *receive(struct clt *c)
{
	char why[CLT_WHY_MAX];
	const char *line = clt_line(c, why);
	json_t *answer;

	if (!line) {
		complain(why);
		return NULL;
	}
	answer = json_loads(line, 0, NULL);
	if (json_integer_value(json_object_get(answer, "version")) == REQ_VERSION &&
	    json_is_boolean(json_object_get(answer, "ok")))
		return answer;
	snprintf(why, sizeof(why), "what answers on %s does not speak version %d of our protocol",
		 c->path, REQ_VERSION);
	complain(why);
	json_decref(answer);
	return NULL;
}

static int64_t timeout_of(const struct cli *cli)
{
	const int64_t usual_s = req_verbs[cli->verb].steers ? STEERING_S : TIMEOUT_S;

	return cli->timeout_us ? cli->timeout_us : usual_s * US_PER_S;
}

/* Connects, asks and returns the first answer; NULL: the error has been told. */
static json_t *ask(const struct cli *cli, const char *socket, struct clt *c)
{
	char *line = req_line(cli->verb, cli->instance);
	char why[CLT_WHY_MAX] = "there is no memory";
	json_t *answer = NULL;

	if (line && clt_open(c, socket, timeout_of(cli), why) && clt_send(c, line, why))
		answer = receive(c);
	else
		complain(why);
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

/* As $COLUMNS says, else the terminal; where there is none, as most are. */
static size_t columns_wanted(void)
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

static enum cmd_status tell_status(const struct cli *cli, struct clt *c, const json_t *answer)
{
	(void)c;
	if (cli->json)
		put_json(answer);
	else if (cli->instance)
		ren_instance(answer, &cli->render, stdout);
	else
		ren_overview(answer, &cli->render, stdout);
	if (in_conflict(answer) || incomplete(answer))
		return CMD_CONFLICT;
	return cli->instance ? state_status(answer) : CMD_DONE;
}

static enum cmd_status tell_events(const struct cli *cli, struct clt *c, const json_t *answer)
{
	json_t *event;

	/* The first line says that from here on nothing is missed. */
	if (cli->json)
		put_json(answer);
	else
		printf("watching holdfastd, pid %" JSON_INTEGER_FORMAT "\n",
		       json_integer_value(json_object_get(answer, "pid")));
	if (fflush(stdout))
		return CMD_OUTPUT;
	clt_wait_for_ever(c);
	while ((event = receive(c))) {
		if (cli->json)
			put_json(event);
		else
			ren_event(event, &cli->render, stdout);
		json_decref(event);
		if (fflush(stdout))
			return CMD_OUTPUT;
	}
	return CMD_NO_ANSWER;
}

static enum cmd_status tell_reload(const struct cli *cli, struct clt *c, const json_t *answer)
{
	(void)c;
	if (cli->json)
		put_json(answer);
	else if (mst_print(answer, stderr))
		puts("The configuration has been read again, without what has an error.");
	else
		puts("The configuration has been read again.");
	return CMD_DONE;
}

static enum cmd_status tell_version(const struct cli *cli, struct clt *c, const json_t *answer)
{
	const char *version = json_string_value(json_object_get(answer, "daemon_version"));
	char clean[64];

	(void)c;
	if (cli->json)
		put_json(answer);
	else
		printf("holdfastctl %s\nholdfastd %s\n", HOLDFAST_VERSION,
		       txt_clean(version ? version : "-", clean, sizeof(clean)));
	return CMD_DONE;
}

static enum cmd_status (*const tell[REQ_N_VERBS])(const struct cli *, struct clt *,
						   const json_t *) = {
	[REQ_STATUS] = tell_status,
	[REQ_WATCH] = tell_events,
	[REQ_RELOAD] = tell_reload,
	[REQ_VERSION_OF] = tell_version,
};

static enum cmd_status run(const struct cli *cli)
{
	struct clt c = { .fd = -1 };
	enum cmd_status status = CMD_NO_ANSWER;
	char found[RTF_PATH_MAX];
	json_t *answer;

	if (!cli->socket && !cdm_find(cli->daemon, req_verbs[cli->verb].name, found))
		return CMD_NO_ANSWER;
	answer = ask(cli, cli->socket ? cli->socket : found, &c);

	if (answer && json_is_true(json_object_get(answer, "ok"))) {
		status = tell[cli->verb](cli, &c, answer);
	} else if (answer) {
		if (cli->json && cli->verb == REQ_RELOAD)
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

/* ---- verbs that ask no daemon ---- */

static const struct offline {
	const char *name;
	const char *arguments;
	const char *help;
	int (*run)(int n, char **words, bool json);	/* the words behind the verb */
	bool own;		/* it has options of its own: all words from the verb on */
} offline[] = {
	{ "lint", "FILE...", "what will go wrong with these nodes' configurations", cml_main,
	  false },
	{ "replay", "JOURNAL", "what a daemon did, and why, from the journal that it kept",
	  cmr_main, true },
	{ "simulate", "FILE...", "who holds the addresses when something fails", csm_command,
	  true },
};

#define N_OFFLINE (sizeof(offline) / sizeof(offline[0]))

static const struct offline *find_offline(const char *word)
{
	for (size_t i = 0; i < N_OFFLINE; i++)
		if (!strcmp(word, offline[i].name))
			return &offline[i];
	return NULL;
}

/* -1: go on, it is another verb. */
static int run_own(const struct cli *cli, int n, char **words)
{
	const struct offline *verb = n > 0 ? find_offline(words[0]) : NULL;

	return verb && verb->own ? verb->run(n, words, cli->json) : -1;
}

/* The verb that WORD may have been meant to be, or NULL. */
static const char *nearest_verb(const char *word)
{
	const char *names[REQ_N_VERBS + N_OFFLINE + 2] = { NULL };

	for (size_t i = 0; i < REQ_N_VERBS; i++)
		names[i] = req_verbs[i].name;
	for (size_t i = 0; i < N_OFFLINE; i++)
		names[REQ_N_VERBS + i] = offline[i].name;
	names[REQ_N_VERBS + N_OFFLINE] = CUG_VERB;
	return word_nearest(word, names);
}

/* ---- arguments ---- */

static void help(void)
{
	puts("Usage: holdfastctl [OPTION]... VERB [INSTANCE | FILE...]\n"
	     "Asks holdfastd who holds which address, and why.\n\n"
	     "Verbs:");
	for (int v = 0; v < REQ_N_VERBS; v++)
		printf("  %-8s %-11s %s%s\n", req_verbs[v].name, req_verbs[v].arguments,
		       req_verbs[v].help, req_verbs[v].steers ? " (root)" : "");
	printf("  %-8s %-11s %s\n", CUG_VERB, CUG_ARGUMENTS, CUG_HELP);
	for (size_t i = 0; i < N_OFFLINE; i++)
		printf("  %-8s %-11s %s\n", offline[i].name, offline[i].arguments,
		       offline[i].help);
	printf("  %-8s %-11s %s\n\n", "help", "", "this text");
	puts("Options of replay, behind it:\n"
	     "  --instance NAME    what concerns this instance alone\n"
	     "  --from TIME        what was since then: '2026-11-20 19:30:00', or '19:30' today\n");
	printf("Options:\n"
	       "  --daemon KEY       which daemon, by its key or PID; without it the only\n"
	       "                     one in this network namespace\n"
	       "  --control SOCKET   where it listens, when it was started with --control\n"
	       "  --timeout SECONDS  how long to wait for an answer (%d; to\n"
	       "                     reload %d, to upgrade 30)\n"
	       "  --json             the answer as JSON, one line, for programs\n"
	       "  -h, --help         this text\n"
	       "  -v, --version      the version of holdfastctl alone\n\n", TIMEOUT_S,
	       STEERING_S);
	puts("Exit status of \"status INSTANCE\":\n"
	     "  0   it is MASTER\n"
	     "  1   it is BACKUP\n"
	     "  2   it is in FAULT\n"
	     "  3   nobody answers, or the instance has no state yet (INIT)\n"
	     "  4   there is no such instance\n"
	     "  5   it is MASTER, but another host claims its addresses, or it lacks one\n"
	     "\"status\" alone: 0 answered, 3 nobody answers, 5 that is so of any instance.\n"
	     "Other verbs: 0 done, 1 refused, 3 nobody answers.\n"
	     "\"lint\": 0 clean, 1 a warning or worse, 2 a file that cannot be run.\n"
	     "\"replay\": 0 proven to be what the daemon did, 1 the daemon did something else,\n"
	     "2 a journal that cannot be read, 4 there is no such instance in it.\n"
	     "\"simulate\": 0 done, 1 a single failure leaves nobody or two owners at the end,\n"
	     "2 a file that cannot be run.\n"
	     "64 is a wrong command line, 74 an answer that could not be written.");
}

static int usage(const char *what, const char *word, const char *hint)
{
	char clean[128];

	fprintf(stderr, "holdfastctl: %s '%s'", what, txt_clean(word, clean, sizeof(clean)));
	if (hint)
		fprintf(stderr, " (did you mean '%s'?)", hint);
	fprintf(stderr, "; see holdfastctl --help\n");
	return CMD_USAGE;
}

enum { OPT_CONTROL = 256, OPT_DAEMON, OPT_TIMEOUT, OPT_JSON };

static const struct option options[] = {
	{ "control", required_argument, NULL, OPT_CONTROL },
	{ "daemon", required_argument, NULL, OPT_DAEMON },
	{ "timeout", required_argument, NULL, OPT_TIMEOUT },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'v' },
	{ NULL, 0, NULL, 0 },
};

static bool parse_timeout(const char *text, int64_t *us)
{
	char *end;
	double s = strtod(text, &end);

	if (end == text || *end || !(s > 0 && s <= TIMEOUT_MAX_S))
		return false;
	*us = (int64_t)(s * US_PER_S);
	return true;
}

static int unknown_option(char **argv)
{
	char letter[] = { '-', (char)optopt, '\0' };

	return usage("there is no option", optopt ? letter : argv[optind - 1], NULL);
}

/* Takes the options, LETTERS as for getopt(); -1: go on, else the status to end with. */
static int parse_options(struct cli *cli, int argc, char **argv, const char *letters)
{
	int o;

	optind = 0;			/* GNU: start afresh */
	opterr = 0;
	while ((o = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		switch (o) {
		case OPT_CONTROL:
			cli->socket = optarg;
			break;
		case OPT_DAEMON:
			cli->daemon = optarg;
			break;
		case OPT_TIMEOUT:
			if (!parse_timeout(optarg, &cli->timeout_us))
				return usage("not a number of seconds up to 3600:", optarg, NULL);
			break;
		case OPT_JSON:
			cli->json = true;
			break;
		case 'h':
			help();
			return CMD_DONE;
		case 'v':
			printf("holdfastctl %s\n", HOLDFAST_VERSION);
			return CMD_DONE;
		case ':':
			return usage("a value is missing behind", argv[optind - 1], NULL);
		default:
			return unknown_option(argv);
		}
	}
	return -1;
}

/* The keeper is asked, not the engine: see main/command_upgrade.h. */
static int upgrade(const struct cli *cli, int n, char **words)
{
	char found[RTF_PATH_MAX];

	if (n > 1)
		return usage("one word too many:", words[1], NULL);
	if (!cli->socket && !cdm_find(cli->daemon, CUG_VERB, found))
		return CMD_NO_ANSWER;
	return cug_main(&(struct cug_options){
		.control = cli->socket ? cli->socket : found, .binary = n ? words[0] : NULL,
		.json = cli->json, .timeout_us = cli->timeout_us,
	});
}

/* Takes the verb and the instance; -1: go on, else the status to end with. */
static int parse_verb(struct cli *cli, int n, char **words)
{
	const struct offline *verb = n > 0 ? find_offline(words[0]) : NULL;

	if (verb)
		return verb->run(n - 1, words + 1, cli->json);
	if (n == 0) {
		fputs("holdfastctl: a verb is missing, as in 'holdfastctl status'; "
		      "see holdfastctl --help\n", stderr);
		return CMD_USAGE;
	}
	if (!strcmp(words[0], "help")) {
		help();
		return CMD_DONE;
	}
	if (!strcmp(words[0], CUG_VERB))
		return upgrade(cli, n - 1, words + 1);
	cli->verb = req_verb_find(words[0]);
	if (cli->verb == REQ_N_VERBS)
		return usage("there is no verb", words[0], nearest_verb(words[0]));
	if (n > 1 && req_verbs[cli->verb].takes_instance)
		cli->instance = words[1];
	const int taken = cli->instance ? 2 : 1;
	if (n > taken)
		return usage("one word too many:", words[taken], NULL);
	if (cli->socket && cli->daemon)
		return usage("with --control there is no need for --daemon", cli->daemon, NULL);
	return -1;
}

int cmd_main(int argc, char **argv)
{
	struct cli cli = {
		.render = { .colour = colour_wanted(), .columns = columns_wanted(),
			    .local_time = local_time },
	};
	/* First those before the verb, which may have its own. */
	int status = parse_options(&cli, argc, argv, "+:hv");

	if (status < 0)
		status = run_own(&cli, argc - optind, argv + optind);
	if (status < 0)
		status = parse_options(&cli, argc, argv, ":hv");
	if (status < 0)
		status = parse_verb(&cli, argc - optind, argv + optind);
	if (status < 0)
		status = run(&cli);
	if (fflush(stdout) || ferror(stdout)) {
		complain("the answer could not be written");
		return CMD_OUTPUT;
	}
	return status;
}
