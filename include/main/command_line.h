/*
 * The command line of holdfastctl: options, verbs, and what stands behind them.
 *
 * One table of the verbs says how many words each takes and which options mean something to it;
 * everything else is refused with the nearest right word, before anybody is asked. A verb with
 * options of its own (replay, simulate) reads them itself, by the same words of complaint.
 */
#ifndef MAIN_COMMAND_LINE_H
#define MAIN_COMMAND_LINE_H

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>

/* In the order of the help. The first four are those of ctl/request.h. */
enum cln_verb {
	CLN_STATUS, CLN_WATCH, CLN_RELOAD, CLN_VERSION, CLN_UPGRADE, CLN_LINT, CLN_REPLAY,
	CLN_SIMULATE, CLN_HELP, CLN_N_VERBS
};

struct cln {
	enum cln_verb verb;
	const char *socket;		/* NULL: found by DAEMON */
	const char *daemon;		/* its key or PID, or NULL */
	int64_t timeout_us;		/* 0: the verb's own */
	bool json;
	bool if_changed;		/* of upgrade */
	int n;				/* the words behind the verb, as many as it takes */
	char **words;
};

/*
 * Reads ARGV, which getopt may put into another order. -1: OUT says what is to be done; else the
 * status to end with, and all has been said. Of a verb with options of its own, WORDS begins with
 * the verb, and N counts all words.
 */
int cln_parse(int argc, char **argv, struct cln *out);

/*
 * "holdfastctl: WHAT 'WORD' (did you mean 'HINT'?); see holdfastctl VERB --help" on standard error;
 * HINT and VERB may be NULL. Returns CMD_USAGE.
 */
int cln_usage(const char *verb, const char *what, const char *word, const char *hint);

/* The same for what getopt_long() refused with '?': an option that OPTIONS does not have, or that
 * takes no value. */
int cln_bad_option(const char *verb, char **argv, const struct option *options);

#endif
