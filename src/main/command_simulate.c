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

#include "base/diag.h"
#include "base/log.h"
#include "main/command.h"
#include "main/simulate.h"

int csm_main(int n, char **files, const struct csm_options *options)
{
	struct box box;
	int status = CSM_UNUSABLE;

	if (n < 1 || n > SIM_NODES_MAX) {
		fprintf(stderr, "holdfastctl: 'simulate' takes the configuration files of 1 to %d "
			"nodes, not %d; see holdfastctl --help\n", SIM_NODES_MAX, n);
		return CMD_USAGE;
	}
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

static int help(void)
{
	puts("Usage: holdfastctl simulate [OPTION]... FILE...\n"
	     "Runs the nodes' configurations, a file each, in a simulated cluster.\n\n"
	     "Without --fail: a table of all single failures and all pairs of them.\n"
	     "With it: the timeline of what then happens, in the words of the nodes' logs.\n\n"
	     "  --fail EVENT@TIME  what happens, TIME seconds after the start; may stand often\n"
	     "  --seconds N        how long the timeline is (600)\n"
	     "  --svg FILE         draw the timeline, too\n"
	     "  --json             print JSON, one line, for programs\n"
	     "  -h, --help         this text\n\n"
	     "Events, where A and B are nodes:\n"
	     "  A:down             the host loses its power; A:up\n"
	     "  A:stop             holdfastd is stopped in good order; A:up\n"
	     "  A:pause            the virtual machine is paused; A:resume\n"
	     "  A-B:cut            nothing gets from A to B, nor back; A-B:heal\n"
	     "  A>B:cut            nothing gets from A to B; A>B:heal\n"
	     "  A/CHECK:fail       a tracked script fails; A/CHECK:pass\n"
	     "  A/INTERFACE:down   an interface loses its carrier; A/INTERFACE:up\n"
	     "A node's name is its router_id, or else that of its file.\n\n"
	     "Exit status: 0 done; 1 a single failure leaves nobody or two owners at the end\n"
	     "(table); 2 a file that cannot be run; 64 a wrong command line; 74 an output that\n"
	     "could not be written.");
	return CSM_DONE;
}

static int usage(const char *what, const char *word, const char *hint)
{
	char clean[128];

	fprintf(stderr, "holdfastctl: %s '%s'%s%s%s; see holdfastctl simulate --help\n", what,
		log_clean(word, clean, sizeof(clean)), hint ? " (did you mean '" : "",
		hint ? hint : "", hint ? "'?)" : "");
	return CMD_USAGE;
}

static int unknown(const char *word)
{
	static const char *const words[] = {
		"--fail", "--seconds", "--svg", "--json", "--help", NULL,
	};

	return usage("'simulate' has no option", word, word_nearest(word, words));
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
		return help();
	case ':':
		return usage("a value is missing behind", words[optind - 1], NULL);
	default:
		return unknown(words[optind - 1]);
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
