/*
 * keepalived's command line.
 *
 * Init scripts, unit files and people's fingers know keepalived's options, so each of them is a
 * row of the table below, and the table is also the help. What has no meaning here is accepted
 * and told, not refused: a host must not lose its address over an option about core dumps.
 */
#include "main/options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <syslog.h>
#include <unistd.h>

#include "main/version.h"

#define KEEPALIVED_CONF "/etc/keepalived/keepalived.conf"
#define HOLDFAST_CONF "/etc/holdfast/holdfast.conf"
#define HOLDFAST_CFG "/etc/holdfast/holdfast.cfg"
/* keepalived's lies in /tmp, where anybody may make it first. */
#define LOG_FILE "/var/log/holdfast.log"

typedef void take_fn(struct options *o, const char *arg);

enum kind {
	IGNORED,		/* remembered in ignored[] */
	FLAG,			/* the bool at OFFSET becomes true */
	STRING,			/* the string at OFFSET becomes the argument */
	PATH,			/* so, and it is a file that the daemon opens, perhaps later */
	ACTION,			/* ACTION is what will be done */
	TAKE,			/* TAKE looks at the argument */
};

struct row {
	const char *name;
	char letter;		/* 0: only the long name */
	int argument;		/* no_argument, ... */
	enum kind kind;
	size_t offset;
	enum opt_action action;
	take_fn *take;
	const char *value;	/* the argument's name in the help */
	const char *help;	/* NULL: not in the help */
};

static void bad(struct options *o, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Only the first mistake is told. */
static void bad(struct options *o, const char *format, ...)
{
	va_list args;

	if (o->action == OPT_BAD)
		return;
	o->action = OPT_BAD;
	va_start(args, format);
	vsnprintf(o->why, sizeof(o->why), format, args);
	va_end(args);
}

/* ---- arguments that need a look ---- */

static void take_detail(struct options *o, const char *arg)
{
	(void)arg;
	o->detail++;
}

static void take_log_file(struct options *o, const char *arg)
{
	o->log_file = arg ? arg : LOG_FILE;
}

static void take_test(struct options *o, const char *arg)
{
	o->action = OPT_TEST;
	o->test_log = arg;
}

static void take_dump(struct options *o, const char *arg)
{
	o->action = OPT_DUMP;
	o->dump_dialect = CFG_KEEPALIVED;
	if (arg && !strcmp(arg, "native"))
		o->dump_dialect = CFG_NATIVE;
	else if (arg && strcmp(arg, "keepalived"))
		bad(o, "--dump-config knows 'keepalived' and 'native', not '%s'", arg);
}

/* "0" to "7" and "local0" to "local7", "user", "daemon". */
static void take_facility(struct options *o, const char *arg)
{
	static const int local[] = {
		LOG_LOCAL0, LOG_LOCAL1, LOG_LOCAL2, LOG_LOCAL3,
		LOG_LOCAL4, LOG_LOCAL5, LOG_LOCAL6, LOG_LOCAL7,
	};
	const char *digit = strncasecmp(arg, "local", 5) ? arg : arg + 5;

	if (!strcasecmp(arg, "user"))
		o->facility = LOG_USER;
	else if (!strcasecmp(arg, "daemon"))
		o->facility = LOG_DAEMON;
	else if (*digit >= '0' && *digit <= '7' && !digit[1])
		o->facility = local[*digit - '0'];
	else
		bad(o, "there is no log facility '%s': 0 to 7, local0 to local7, user or daemon",
		    arg);
}

static void take_umask(struct options *o, const char *arg)
{
	char *end;
	long mask = strtol(arg, &end, 0);

	if (!isdigit((unsigned char)*arg) || *end || mask > 0777)
		bad(o, "'%s' is not a umask, as in 0177", arg);
	else
		o->umask = (int)mask;
}

/* The numbers of SIGRTMIN and SIGRTMAX are the C library's, known only at run time. */
static int signal_number(const char *word)
{
	const struct {
		const char *word;
		int number;
	} words[] = {
		{ "STOP", SIGTERM }, { "RELOAD", SIGHUP }, { "DATA", SIGUSR1 },
		{ "STATS", SIGUSR2 }, { "STATS_CLEAR", SIGRTMAX - 1 },
		{ "JSON", SIGRTMIN + 2 }, { "TDUMP", SIGRTMAX }, { "TDATA", SIGRTMAX },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(word, words[i].word))
			return words[i].number;
	return 0;
}

static void take_signum(struct options *o, const char *arg)
{
	static const char *const words[] = {
		"STOP", "RELOAD", "DATA", "STATS", "STATS_CLEAR", "JSON", "TDUMP", NULL
	};
	const char *near = word_nearest(arg, words);

	o->action = OPT_SIGNUM;
	o->signum = signal_number(arg);
	if (!o->signum)
		bad(o, "there is no signal '%s'%s%s%s", arg, near ? " (did you mean '" : "",
		    near ? near : "", near ? "'?)" : "");
}

static void take_genhash(struct options *o, const char *arg)
{
	(void)arg;
	bad(o, "the digest helper genhash is not a part of holdfastd");
}

/* ---- the table ---- */

#define AT(member) offsetof(struct options, member)

static const struct row rows[] = {
	{ "use-file", 'f', required_argument, PATH, AT(config), 0, NULL, "FILE",
	  "the configuration" },
	{ "config-test", 't', optional_argument, TAKE, 0, 0, take_test, "LOG",
	  "check the file: 0 clean, 5 runs, 4 cannot run" },
	{ "lint", 0, no_argument, FLAG, AT(lint), 0, NULL, NULL,
	  "with -t: what will go wrong all the same, too" },
	{ "dump-config", 0, optional_argument, TAKE, 0, 0, take_dump, "DIALECT",
	  "print it as DIALECT: keepalived or native" },
	{ "with-secrets", 0, no_argument, FLAG, AT(with_secrets), 0, NULL, NULL,
	  "passwords too in --dump-config" },
	{ "config-id", 'i', required_argument, STRING, AT(config_id), 0, NULL, "ID",
	  "what lines that begin with @ID are for" },
	{ "all-config", 'e', no_argument, FLAG, AT(strict_includes), 0, NULL, NULL,
	  "a file that cannot be included is fatal" },
	{ "dont-fork", 'n', no_argument, FLAG, AT(foreground), 0, NULL, NULL,
	  "stay in the foreground" },
	{ "pid", 'p', required_argument, PATH, AT(pid_file), 0, NULL, "FILE", "the PID file" },
	{ "control", 0, required_argument, PATH, AT(control), 0, NULL, "SOCKET",
	  "where holdfastctl asks" },
	{ "namespace", 's', required_argument, STRING, AT(netns), 0, NULL, "NAME",
	  "run in this network namespace" },
	{ "adopt-leftovers", 0, no_argument, FLAG, AT(adopt_leftovers), 0, NULL, NULL,
	  "take over what a killed keepalived has left" },
	{ "journal", 0, required_argument, PATH, AT(journal), 0, NULL, "FILE",
	  "keep all events, for holdfastctl replay" },
	{ "log-console", 'l', no_argument, FLAG, AT(log_console), 0, NULL, NULL,
	  "log to standard error too (with -n)" },
	{ "log-detail", 'D', no_argument, TAKE, 0, 0, take_detail, NULL,
	  "log in detail; twice: for debugging" },
	{ "log-facility", 'S', required_argument, TAKE, 0, 0, take_facility, "NAME",
	  "0 to 7, local0 to local7, user or daemon" },
	{ "log-file", 'g', optional_argument, TAKE, 0, 0, take_log_file, "FILE",
	  "log to this file too" },
	{ "flush-log-file", 0, no_argument, FLAG, AT(flush_log), 0, NULL, NULL,
	  "write each line to it at once" },
	{ "no-syslog", 'G', no_argument, FLAG, AT(no_syslog), 0, NULL, NULL,
	  "do not log to syslog" },
	{ "dump-conf", 'd', no_argument, FLAG, AT(log_config), 0, NULL, NULL,
	  "log the configuration at start" },
	{ "umask", 'u', required_argument, TAKE, 0, 0, take_umask, "MASK", "of files made" },
	{ "ignore-sigint", 0, no_argument, FLAG, AT(ignore_sigint), 0, NULL, NULL,
	  "go on after an interrupt" },
	{ "signum", 0, required_argument, TAKE, 0, 0, take_signum, "WORD",
	  "print the signal for STOP, RELOAD, DATA, ..." },
	{ "prove", 0, no_argument, ACTION, 0, OPT_PROVE, NULL, NULL,
	  "for upgrades; of no use by hand" },
	{ "schema-man", 0, no_argument, ACTION, 0, OPT_SCHEMA_MAN, NULL, NULL,
	  "print the tables of holdfast.conf(5)" },
	{ "version", 'v', no_argument, ACTION, 0, OPT_VERSION, NULL, NULL, "print the version" },
	{ "help", 'h', no_argument, ACTION, 0, OPT_HELP, NULL, NULL, "this text" },
	{ "genhash", 'T', no_argument, TAKE, 0, 0, take_genhash, NULL, NULL },
	{ .name = "vrrp", .letter = 'P' },
	{ .name = "check", .letter = 'C' },
	{ .name = "no_bfd", .letter = 'B' },
	{ .name = "all" },
	{ .name = "release-vips", .letter = 'X' },
	{ .name = "dont-release-vrrp", .letter = 'V' },
	{ .name = "dont-release-ipvs", .letter = 'I' },
	{ .name = "dont-respawn", .letter = 'R' },
	{ .name = "vrrp_pid", .letter = 'r', .argument = required_argument },
	{ .name = "checkers_pid", .letter = 'c', .argument = required_argument },
	{ .name = "bfd_pid", .letter = 'b', .argument = required_argument },
	{ .name = "address-monitoring", .letter = 'a' },
	{ .name = "snmp", .letter = 'x' },
	{ .name = "snmp-agent-socket", .letter = 'A', .argument = required_argument },
	{ .name = "core-dump", .letter = 'm' },
	{ .name = "core-dump-pattern", .letter = 'M', .argument = optional_argument },
	{ .name = "perf", .argument = optional_argument },
	{ .name = "debug", .argument = optional_argument },
	{ .name = "no-mem-check" },
	{ .name = "config-fd", .argument = required_argument },
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))
#define LONG_BASE 1000			/* getopt's value of row N is this plus N */

static void getopt_tables(struct option longs[static N_ROWS + 1],
			  char shorts[static 3 * N_ROWS + 2])
{
	char *s = shorts;

	*s++ = ':';
	for (size_t i = 0; i < N_ROWS; i++) {
		longs[i] = (struct option){ rows[i].name, rows[i].argument, NULL,
					    (int)(LONG_BASE + i) };
		if (!rows[i].letter)
			continue;
		*s++ = rows[i].letter;
		for (int colons = rows[i].argument; colons > 0; colons--)
			*s++ = ':';
	}
	longs[N_ROWS] = (struct option){ 0 };
	*s = '\0';
}

static const struct row *row_of(int got)
{
	if (got >= LONG_BASE)
		return &rows[got - LONG_BASE];
	for (size_t i = 0; i < N_ROWS; i++)
		if (rows[i].letter == got)
			return &rows[i];
	return NULL;
}

static void remember(const char **list, size_t *n, const char *word)
{
	if (*n < OPT_LIST_MAX)
		list[(*n)++] = word;
}

static void take(struct options *o, const struct row *row, const char *arg)
{
	char *at = (char *)o + row->offset;

	switch (row->kind) {
	case IGNORED:
		remember(o->ignored, &o->n_ignored, row->name);
		break;
	case FLAG:
		*(bool *)at = true;
		break;
	case STRING:
	case PATH:
		*(const char **)at = arg;
		break;
	case ACTION:
		o->action = row->action;
		break;
	case TAKE:
		row->take(o, arg);
		break;
	}
}

static void unknown(struct options *o, const char *word)
{
	const char *names[N_ROWS + 1] = { NULL };
	char name[64];
	const char *near;

	if (optopt > 0 && optopt < LONG_BASE) {
		bad(o, "there is no option -%c; see --help", optopt);
		return;
	}
	for (size_t i = 0; i < N_ROWS; i++)
		names[i] = rows[i].name;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word + 2, "="), word + 2);
	near = word_nearest(name, names);
	if (near)
		bad(o, "there is no option --%s (did you mean '--%s'?)", name, near);
	else
		bad(o, "there is no option --%s; see --help", name);
}

/*
 * Writes the path of the option at hand into ARGV as it is from anywhere, against the directory of
 * this process. What belongs to it ends in the word before the next one, whether it is a word of
 * its own or stands behind "-f" or "--use-file=".
 */
static void make_absolute(struct options *o, char **argv)
{
	char **word = &argv[optind - 1];
	char *cwd, *whole;

	if (!optarg || *optarg == '/')
		return;
	cwd = getcwd(NULL, 0);
	int before = (int)(strlen(*word) - strlen(optarg));
	if (!cwd || asprintf(&whole, "%.*s%s/%s", before, *word, cwd, optarg) < 0) {
		bad(o, "'%s' cannot be found from this directory: %s", optarg, strerror(errno));
		free(cwd);
		return;
	}
	*word = whole;			/* lives as long as we do */
	optarg = whole + before;
	free(cwd);
}

static void parse_one(struct options *o, int got, char **argv, bool absolute)
{
	const struct row *row = got == ':' || got == '?' ? NULL : row_of(got);

	if (row && (row->kind == PATH || row->take == take_log_file) && absolute)
		make_absolute(o, argv);
	if (got == ':')
		bad(o, "a value is missing behind %s", argv[optind - 1]);
	else if (got == '?' && optopt >= LONG_BASE)
		bad(o, "--%s takes no value", rows[optopt - LONG_BASE].name);
	else if (got == '?')
		unknown(o, argv[optind - 1]);
	else if (o->action != OPT_BAD)
		take(o, row, optarg);
}

/* keepalived goes on, and so does whoever is called by its name; a word of ours has a meaning. */
static void stray(struct options *o, const char *word)
{
	if (o->as_keepalived)
		remember(o->stray, &o->n_stray, word);
	else
		bad(o, "'%s' belongs to no option (a configuration file is given by -f); see "
		    "--help", word);
}

static void parse(int argc, char **argv, struct options *out, bool absolute)
{
	const char *called = argc > 0 && argv[0] ? argv[0] : "holdfastd";
	const char *slash = strrchr(called, '/');
	bool as_keepalived = !strcmp(slash ? slash + 1 : called, "keepalived");
	struct option longs[N_ROWS + 1];
	char shorts[3 * N_ROWS + 2];
	int got;

	*out = (struct options){
		.as_keepalived = as_keepalived,
		.adopt_leftovers = as_keepalived,
		.facility = LOG_DAEMON,
		.umask = -1,
	};
	if (!getcwd(out->directory, sizeof(out->directory)) || out->directory[0] != '/')
		out->directory[0] = '\0';	/* deleted, or beyond the root */
	getopt_tables(longs, shorts);
	optind = 0;			/* GNU: start afresh */
	opterr = 0;
	while ((got = getopt_long(argc, argv, shorts, longs, NULL)) != -1 && out->action != OPT_BAD)
		parse_one(out, got, argv, absolute);
	if (out->lint && out->action == OPT_RUN)
		bad(out, "--lint goes with -t, as in 'holdfastd -t --lint'");
	for (int i = optind; i < argc; i++)
		stray(out, argv[i]);
}

void opt_parse(int argc, char **argv, struct options *out)
{
	parse(argc, argv, out, false);
	if (out->action == OPT_RUN)
		parse(argc, argv, out, true);
}

const char *opt_config(const struct options *o)
{
	if (o->config)
		return o->config;
	if (o->as_keepalived)
		return KEEPALIVED_CONF;
	if (access(HOLDFAST_CONF, F_OK) != 0 && access(HOLDFAST_CFG, F_OK) == 0)
		return HOLDFAST_CFG;
	return HOLDFAST_CONF;
}

struct cfg_options opt_cfg(const struct options *o)
{
	return (struct cfg_options){
		.dialect = CFG_BY_NAME, .config_id = o->config_id,
		.strict_includes = o->strict_includes,
	};
}

const char *opt_ignored_text(const struct options *o, char *buf, size_t size)
{
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < o->n_ignored && used < size; i++)
		used += (size_t)snprintf(buf + used, size - used, "%s--%s",
					 i ? ", " : "options accepted without effect: ",
					 o->ignored[i]);
	return buf;
}

static void help_row(const struct row *row, FILE *to)
{
	bool optional = row->argument == optional_argument;
	char letter[] = { '-', row->letter, ',', '\0' };
	char name[64];

	snprintf(name, sizeof(name), "--%s%s%s%s%s", row->name, optional ? "[" : "",
		 row->value ? "=" : "", row->value ? row->value : "", optional ? "]" : "");
	fprintf(to, "  %-3s %-25s %s\n", row->letter ? letter : "", name, row->help);
}

void opt_version(const struct options *o, FILE *to)
{
	if (!o->as_keepalived) {
		fprintf(to, "Holdfast v%s\n", HOLDFAST_VERSION);
		return;
	}
	/* One word in the parentheses: a known expression ends the version at the last blank. */
	fprintf(to, "Keepalived v%s (%s)\n\n"
		"This is Holdfast v%s in keepalived's place, see holdfastd(8).\n\n"
		"configure options: --enable-json\n",
		KEEPALIVED_VERSION, KEEPALIVED_DATE, HOLDFAST_VERSION);
}

void opt_help(const struct options *o, FILE *to)
{
	fprintf(to, "Usage: %s [OPTION]...\n"
		"Keeps addresses alive with VRRP.\n\n",
		o->as_keepalived ? "keepalived" : "holdfastd");
	for (size_t i = 0; i < N_ROWS; i++)
		if (rows[i].help)
			help_row(&rows[i], to);
	fputs("\nAccepted for keepalived's sake, without effect:\n ", to);
	for (size_t i = 0, column = 1; i < N_ROWS; i++) {
		if (rows[i].kind != IGNORED)
			continue;
		column += strlen(rows[i].name) + 3;
		if (column > 80) {
			fputs("\n ", to);
			column = strlen(rows[i].name) + 4;
		}
		fprintf(to, " --%s", rows[i].name);
	}
	fputc('\n', to);
}
