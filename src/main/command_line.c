/*
 * From words to what is to be done.
 *
 * A word that means nothing is not passed over: whoever wrote it meant something, and a script
 * that reads the exit status must not take the answer to another question for its own.
 */
#include "main/command_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "ctl/text.h"
#include "lint/lint.h"
#include "main/command.h"
#include "main/command_help.h"
#include "main/version.h"

#define US_PER_S 1000000
#define TIMEOUT_MAX_S 3600
#define WORDS_MAX 40			/* options or verbs to be the nearest of */
#define WORD_SHOWN 256			/* octets of a wrong word */

/* What a verb takes. */
struct form {
	int least, most;		/* words behind it */
	bool asks;			/* a daemon: which one may be said */
	bool own;			/* it has options of its own, behind it */
	const char *missing;		/* when there are fewer words */
};

static const struct form forms[CLN_N_VERBS] = {
	[CLN_STATUS] = { .most = 1, .asks = true },
	[CLN_WATCH] = { .asks = true },
	[CLN_RELOAD] = { .asks = true },
	[CLN_VERSION] = { .asks = true },
	[CLN_UPGRADE] = { .most = 1, .asks = true },
	[CLN_LINT] = { .least = 1, .most = LNT_NODES_MAX,
		       .missing = "the name of a configuration file is missing behind" },
	[CLN_REPLAY] = { .own = true },
	[CLN_SIMULATE] = { .own = true },
	[CLN_HELP] = { .most = 1, .asks = true },
};

/* ---- complaints ---- */

int cln_usage(const char *verb, const char *what, const char *word, const char *hint)
{
	char clean[WORD_SHOWN], right[WORD_SHOWN];

	fprintf(stderr, "holdfastctl: %s '%s'", what, txt_clean(word, clean, sizeof(clean)));
	if (hint)
		fprintf(stderr, " (did you mean '%s'?)", txt_clean(hint, right, sizeof(right)));
	fprintf(stderr, "; see holdfastctl %s%s--help\n", verb ? verb : "", verb ? " " : "");
	return CMD_USAGE;
}

static const char *nearest_option(const char *word, const struct option *options)
{
	static char spelt[WORDS_MAX][WORD_SHOWN];
	const char *words[WORDS_MAX + 1] = { NULL };

	for (size_t i = 0; i < WORDS_MAX && options[i].name; i++) {
		snprintf(spelt[i], sizeof(spelt[i]), "--%s", options[i].name);
		words[i] = spelt[i];
	}
	return word_nearest(word, words);
}

/* "-json" is a row of letters, and was meant to be "--json". */
static int bad_letter(const char *verb, char **argv, const struct option *options)
{
	const char *word = argv[optind] && argv[optind][0] == '-' ? argv[optind] : "-";
	char meant[WORD_SHOWN], letter[] = { '-', (char)optopt, '\0' };

	if (word[1] == '-' || !strchr(word, optopt))
		word = argv[optind - 1];
	if (strlen(word) <= 2)
		return cln_usage(verb, "there is no option", letter, NULL);
	snprintf(meant, sizeof(meant), "-%s", word);
	return cln_usage(verb, "there is no option", word, nearest_option(meant, options));
}

int cln_bad_option(const char *verb, char **argv, const struct option *options)
{
	char word[WORD_SHOWN];

	if (optopt > 0 && optopt < 256 && strchr("hv", optopt) == NULL)
		return bad_letter(verb, argv, options);
	snprintf(word, sizeof(word), "%s", argv[optind - 1]);
	word[strcspn(word, "=")] = '\0';
	if (optopt)
		return cln_usage(verb, "no value belongs to", word, NULL);
	return cln_usage(verb, "there is no option", word, nearest_option(word, options));
}

static const char *nearest_verb(const char *word)
{
	const char *names[CLN_N_VERBS + 1] = { NULL };

	for (int v = 0; v < CLN_N_VERBS; v++)
		names[v] = hlp_verbs[v].name;
	return word_nearest(word, names);
}

static enum cln_verb find_verb(const char *word)
{
	int v = 0;

	while (v < CLN_N_VERBS && strcmp(word, hlp_verbs[v].name) != 0)
		v++;
	return (enum cln_verb)v;
}

static int no_verb(const char *word)
{
	return cln_usage(NULL, "there is no verb", word, nearest_verb(word));
}

/* ---- options ---- */

enum { OPT_CONTROL = 256, OPT_DAEMON, OPT_TIMEOUT, OPT_JSON, OPT_IF_CHANGED };

static const struct option options[] = {
	{ "control", required_argument, NULL, OPT_CONTROL },
	{ "daemon", required_argument, NULL, OPT_DAEMON },
	{ "timeout", required_argument, NULL, OPT_TIMEOUT },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "if-changed", no_argument, NULL, OPT_IF_CHANGED },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'v' },
	{ NULL, 0, NULL, 0 },
};

/* What the options ask for instead of the verb. */
enum instead { NOTHING, HELP, VERSION };

struct parser {
	struct cln *out;
	enum instead instead;
	const char *about_daemon;	/* an option that only a daemon understands, or NULL */
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

/* -1: go on. */
static int take_text(struct parser *p, const char *option, const char **to)
{
	if (!*optarg)
		return cln_usage(NULL, "a value is missing behind", option, NULL);
	p->about_daemon = option;
	*to = optarg;
	return -1;
}

static int take(struct parser *p, int option, char **argv)
{
	switch (option) {
	case OPT_CONTROL:
		return take_text(p, "--control", &p->out->socket);
	case OPT_DAEMON:
		return take_text(p, "--daemon", &p->out->daemon);
	case OPT_TIMEOUT:
		p->about_daemon = "--timeout";
		if (parse_timeout(optarg, &p->out->timeout_us))
			return -1;
		return cln_usage(NULL, "not a number of seconds up to 3600:", optarg, NULL);
	case OPT_JSON:
		p->out->json = true;
		return -1;
	case OPT_IF_CHANGED:
		p->out->if_changed = true;
		return -1;
	case 'h':
		p->instead = HELP;
		return -1;
	case 'v':
		p->instead = VERSION;
		return -1;
	case ':':
		return cln_usage(NULL, "a value is missing behind", argv[optind - 1], NULL);
	default:
		return cln_bad_option(NULL, argv, options);
	}
}

/* LETTERS as for getopt(). -1: go on; else the status to end with. */
static int take_options(struct parser *p, int argc, char **argv, const char *letters)
{
	int o, status;

	optind = 0;			/* GNU: start afresh */
	opterr = 0;
	while ((o = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		status = take(p, o, argv);
		if (status >= 0)
			return status;
	}
	return -1;
}

/* ---- the verb and its words ---- */

/* -1: go on, the verb may be looked at. */
static int do_instead(const struct parser *p, int n, char **words)
{
	enum cln_verb verb = n ? find_verb(words[0]) : CLN_HELP;

	if (p->instead == NOTHING)
		return -1;
	if (p->instead == VERSION && n)
		return cln_usage(NULL, "one word too many:", words[0], NULL);
	if (p->instead == VERSION)
		printf("holdfastctl %s\n", HOLDFAST_VERSION);
	else if (verb == CLN_N_VERBS)
		return no_verb(words[0]);
	else
		hlp_verb(verb);
	return CMD_DONE;
}

static int help(int n, char **words)
{
	enum cln_verb verb = n ? find_verb(words[0]) : CLN_HELP;

	if (verb == CLN_N_VERBS)
		return no_verb(words[0]);
	hlp_verb(verb);
	return CMD_DONE;
}

static int check_words(const struct parser *p)
{
	const struct cln *c = p->out;
	const struct form *f = &forms[c->verb];
	const char *name = hlp_verbs[c->verb].name;

	if (!f->asks && p->about_daemon)
		return cln_usage(name, "this verb asks no daemon, so it has no use for",
				 p->about_daemon, NULL);
	if (c->socket && c->daemon)
		return cln_usage(name, "with --control there is no need for --daemon", c->daemon,
				 NULL);
	if (c->if_changed && c->verb != CLN_UPGRADE)
		return cln_usage(name, "only 'upgrade' has the option", "--if-changed", NULL);
	if (f->own)
		return -1;
	if (c->n < f->least)
		return cln_usage(name, f->missing, name, NULL);
	if (c->n > f->most)
		return cln_usage(name, "one word too many:", c->words[f->most], NULL);
	for (int i = 0; i < c->n; i++)
		if (!*c->words[i])
			return cln_usage(name, "an empty word stands behind", name, NULL);
	return c->verb == CLN_HELP ? help(c->n, c->words) : -1;
}

int cln_parse(int argc, char **argv, struct cln *out)
{
	struct parser p = { .out = out };
	int status;

	*out = (struct cln){ .verb = CLN_N_VERBS };
	/* First those before the verb, which may have its own. */
	status = take_options(&p, argc, argv, "+:hv");
	if (status < 0 && optind < argc)
		out->verb = find_verb(argv[optind]);
	if (status < 0 && (out->verb == CLN_N_VERBS || !forms[out->verb].own))
		status = take_options(&p, argc, argv, ":hv");
	if (status < 0)
		status = do_instead(&p, argc - optind, argv + optind);
	if (status >= 0)
		return status;
	if (optind == argc) {
		fputs("holdfastctl: a verb is missing, as in 'holdfastctl status'; "
		      "see holdfastctl --help\n", stderr);
		return CMD_USAGE;
	}
	out->verb = find_verb(argv[optind]);
	if (out->verb == CLN_N_VERBS)
		return no_verb(argv[optind]);
	out->n = argc - optind - !forms[out->verb].own;
	out->words = argv + optind + !forms[out->verb].own;
	return check_words(&p);
}
