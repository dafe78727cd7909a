/*
 * "Who will own the address if this fails?", answered before it fails.
 *
 * The real configurations run in the real engine; only the hosts and the network between them are
 * made up. So the answer is not a second opinion about the election but the election itself.
 */
#include "main/command_simulate.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "main/command.h"
#include "main/command_help.h"
#include "main/command_line.h"
#include "main/simulate.h"

int csm_main(int n, char **files, const struct csm_options *options)
{
	struct box box;
	int status = CSM_UNUSABLE;

	if (n < 1)
		return cln_usage("simulate", "the name of a configuration file is missing behind",
				 "simulate", NULL);
	if (n > SIM_NODES_MAX)
		return cln_usage("simulate", "one file more than can be simulated:",
				 files[SIM_NODES_MAX], NULL);
	if (options->n_fails == 0 && (options->svg || options->seconds)) {
		fputs("holdfastctl: --svg and --seconds are for one timeline: say what happens, "
		      "as in --fail NODE:down@60\n", stderr);
		return CMD_USAGE;
	}
	if (box_load(&box, n, files))
		status = options->n_fails ? tml_run(&box, options) : tab_run(&box, options->json);
	box_free(&box);
	return status;
}

/* ---- its words ---- */

enum { OPT_FAIL = 256, OPT_SECONDS, OPT_SVG, OPT_JSON };

static const struct option options[] = {
	{ "fail", required_argument, NULL, OPT_FAIL },
	{ "seconds", required_argument, NULL, OPT_SECONDS },
	{ "svg", required_argument, NULL, OPT_SVG },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static int usage(const char *what, const char *word, const char *hint)
{
	return cln_usage("simulate", what, word, hint);
}

static bool parse_seconds(const char *text, int *seconds)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || *end || n < 1 || n > CSM_SECONDS_MAX)
		return false;
	*seconds = (int)n;
	return true;
}

/* -1: go on, else the status to end with. */
static int take(struct csm_options *o, int option, char **words)
{
	switch (option) {
	case OPT_FAIL:
		if (o->n_fails == CSM_FAILS_MAX)
			return usage("one event too many:", optarg, NULL);
		o->fails[o->n_fails++] = optarg;
		return -1;
	case OPT_SECONDS:
		if (!parse_seconds(optarg, &o->seconds))
			return usage("not a number of seconds up to 86400:", optarg, NULL);
		return -1;
	case OPT_SVG:
		o->svg = optarg;
		return -1;
	case OPT_JSON:
		o->json = true;
		return -1;
	case 'h':
		hlp_verb(CLN_SIMULATE);
		return CSM_DONE;
	case ':':
		return usage("a value is missing behind", words[optind - 1], NULL);
	default:
		return cln_bad_option("simulate", words, options);
	}
}

int csm_command(int n, char **words, bool json)
{
	struct csm_options o = { .json = json };
	int option, status;

	optind = 0;			/* GNU: start afresh */
	opterr = 0;
	while ((option = getopt_long(n, words, ":h", options, NULL)) != -1) {
		status = take(&o, option, words);
		if (status >= 0)
			return status;
	}
	return csm_main(n - optind, words + optind, &o);
}
