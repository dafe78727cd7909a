/*
 * The help of holdfastctl.
 *
 * Whoever types --help at night wants the form of the command, what it does to the daemon, and what
 * its exit status means: each verb has these three, within 80 columns. The manual page says more.
 */
#include "main/command_help.h"

#include <stdio.h>

#define ASKS \
	"Options:\n" \
	"  --daemon KEY       which daemon of this host, by its key or process number;\n" \
	"                     without it the only one in this network namespace\n" \
	"  --control SOCKET   where it listens, when it was started with --control\n"
#define STATUS_OF_INSTANCE \
	"Exit status of \"status INSTANCE\":\n" \
	"  0   it is MASTER\n" \
	"  1   it is BACKUP\n" \
	"  2   it is in FAULT\n" \
	"  3   nobody answers, or the instance has no state yet (INIT)\n" \
	"  4   there is no such instance\n" \
	"  5   it is MASTER, but another host claims its addresses, or it lacks one\n"
#define JSON \
	"  --json             the answer as JSON, one line, for programs\n"

const struct hlp_verb hlp_verbs[CLN_N_VERBS] = {
	[CLN_STATUS] = {
		"status", "[INSTANCE]", "who holds which address, since when and why",
		"Without INSTANCE: a line for each instance and each check, and below them what\n"
		"is wrong. With one: all that is known of it. No line is wider than the\n"
		"terminal (80 columns where there is none; COLUMNS=n for another width).\n\n"
		ASKS
		"  --timeout SECONDS  how long to wait for an answer (5)\n"
		JSON "\n"
		STATUS_OF_INSTANCE
		"Of \"status\" alone: 0 answered, 3 nobody answers, 5 that is so of any one." },
	[CLN_WATCH] = {
		"watch", "", "events as they happen, until interrupted",
		"Prints a line for each event: changes of state with the reason, checks, faults,\n"
		"conflicts. When the daemon ends, the next one is watched as soon as it runs.\n\n"
		ASKS
		"  --timeout SECONDS  how long to wait until it begins (5)\n"
		"  --json             each event as JSON, a line each, for programs\n\n"
		"Exit status: 3 nobody answers, 74 nobody reads the output any more." },
	[CLN_RELOAD] = {
		"reload", "", "read the configuration again; a bad one changes nothing",
		"The daemon reads its configuration again, and no address moves by that. What is\n"
		"wrong in the file is printed with file, line and column. A file that cannot be\n"
		"run, or that would take away an address because of an error, changes nothing.\n"
		"For root, and for the user who started the daemon.\n\n"
		ASKS
		"  --timeout SECONDS  how long to wait for the outcome (70)\n"
		JSON "\n"
		"Exit status: 0 done, 1 refused, 3 nobody answers." },
	[CLN_VERSION] = {
		"version", "", "the versions of holdfastctl and of the daemon that runs",
		"Prints the version of holdfastctl, and that of the daemon when one runs. They\n"
		"differ when a new version was installed and the old daemon still runs.\n\n"
		ASKS
		"  --timeout SECONDS  how long to wait for an answer (5)\n"
		JSON "\n"
		"Exit status: 0, also when no daemon runs; 3 when the daemon that --daemon or\n"
		"--control names does not answer, or one that runs does not." },
	[CLN_UPGRADE] = {
		"upgrade", "[BINARY]", "go on with a new binary, without a failover",
		"Puts BINARY into the place of the running daemon; without it the daemon's own\n"
		"file as it is on the disk now. No address is removed and no state changes. A\n"
		"binary that cannot take over is refused, and the daemon goes on as it is. It\n"
		"must belong to root, and nobody else may be able to write it.\n"
		"For root, and for the user who started the daemon.\n\n"
		ASKS
		"  --if-changed       not when it is the program that runs already\n"
		"  --timeout SECONDS  how long to wait for the outcome (30)\n"
		JSON "\n"
		"Exit status: 0 done, 1 refused, 3 nobody answers." },
	[CLN_LINT] = {
		"lint", "FILE...", "what will go wrong with these nodes' configurations",
		"Looks at the configuration files of all nodes of a cluster together, a file\n"
		"each, and says what will go wrong although each can be run: checks that can\n"
		"never move the address, two owners, nobody, passwords that differ. With one file\n"
		"it says what can be said of one. No daemon is asked.\n\n"
		"Options:\n"
		JSON "\n"
		"Exit status: 0 clean, or notes only; 1 a warning or an error; 2 a file that\n"
		"cannot be read, or that holdfastd could not run." },
	[CLN_REPLAY] = {
		"replay", "JOURNAL", "what a daemon did, and why, from the journal that it kept",
		"Gives the events of a journal (holdfastd --journal FILE) to the same code again\n"
		"and prints what it decides, in the words of the log. No daemon is asked.\n\n"
		"Options, behind the verb:\n"
		"  --instance NAME    what concerns this instance alone\n"
		"  --from TIME        what was since then: '2026-11-20 19:30', or '19:30' today\n"
		"  --json             each line as JSON, for programs\n\n"
		"Exit status: 0 proven to be what the daemon did, 1 the daemon did something\n"
		"else, 2 a journal that cannot be read, 4 there is no such instance in it." },
	[CLN_SIMULATE] = {
		"simulate", "FILE...", "who holds the addresses when something fails",
		"Runs the nodes' configurations, a file each, in a simulated cluster. No daemon\n"
		"is asked.\n\n"
		"Without --fail: a table of all single failures and all pairs of them.\n"
		"With it: the timeline of what then happens, in the words of the nodes' logs.\n\n"
		"Options, behind the verb:\n"
		"  --fail EVENT@TIME  what happens, TIME seconds after the start; may stand often\n"
		"  --seconds N        how long the timeline is (600)\n"
		"  --svg FILE         draw the timeline, too\n"
		"  --json             print JSON, one line, for programs\n\n"
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
		"(table); 2 a file that cannot be run; 74 a picture that could not be written." },
	[CLN_HELP] = {
		"help", "[VERB]", "this text, or all about one verb", "" },
};

void hlp_verb(enum cln_verb verb)
{
	const struct hlp_verb *v = &hlp_verbs[verb];

	if (verb == CLN_HELP) {
		hlp_all();
		return;
	}
	printf("Usage: holdfastctl %s%s%s%s\n\n%s\n64 is a wrong command line, 74 an answer that "
	       "could not be written.\n", v->name, " [OPTION]...", *v->arguments ? " " : "",
	       v->arguments, v->text);
}

void hlp_all(void)
{
	puts("Usage: holdfastctl VERB [OPTION]... [INSTANCE | FILE...]\n"
	     "Asks holdfastd who holds which address, and why.\n\n"
	     "Verbs:");
	for (int v = 0; v < CLN_N_VERBS; v++)
		printf("  %-8s %-11s %s\n", hlp_verbs[v].name, hlp_verbs[v].arguments,
		       hlp_verbs[v].summary);
	puts("\n"
	     ASKS
	     "  --timeout SECONDS  how long to wait for an answer (5; to reload 70, to upgrade\n"
	     "                     30)\n"
	     JSON
	     "  -h, --help         this text; behind a verb, all about that verb\n"
	     "  -v, --version      the version of holdfastctl alone\n\n"
	     STATUS_OF_INSTANCE
	     "Of the others: 0 done, 1 refused, 3 nobody answers; lint, replay and simulate\n"
	     "have their own. 64 is a wrong command line, 74 an answer that could not be\n"
	     "written. \"holdfastctl help VERB\" says all about one verb; see also\n"
	     "holdfastctl(8).");
}
