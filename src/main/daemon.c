/*
 * holdfastd, from its first line to its last.
 *
 * Read main() from top to bottom: that is the order in which the daemon comes to life, and the
 * reverse is the order in which it leaves. What can fail in front of the user, or needs a terminal,
 * happens here; then this process is the keeper (main/keeper.h), and its child is the engine.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "main/check.h"
#include "main/crossing.h"
#include "main/handover.h"
#include "main/keeper.h"
#include "main/live.h"
#include "main/load.h"
#include "main/options.h"
#include "main/prove.h"
#include "main/role.h"
#include "main/runtime_files.h"
#include "main/version.h"
#include "sys/daemonize.h"
#include "sys/limits.h"
#include "sys/logger.h"
#include "sys/runner.h"
#include "sys/script_env.h"

#define EXIT_FATAL 1
#define EXIT_BAD_CONFIG 2
#define EXIT_NO_CONFIG 6
#define LOG_FLUSH_US INT64_C(200000)
#define SENTENCE_MAX 400

struct daemon {
	struct options options;
	struct rtf files;
	struct log log;
	struct lgr *logger;
	struct sdn systemd;
	struct ksd_stored stored;
	int front;			/* to the process that waits in the foreground; -1: none */
	struct runner_handle runner;
	char **argv;			/* a new binary gets it, too */
};

static bool start_logger(struct daemon *d)
{
	const struct options *o = &d->options;
	struct lgr_options options = {
		.to_stderr = o->foreground && o->log_console,
		.to_syslog = !o->no_syslog && !(o->foreground && o->log_console),
		.ident = o->as_keepalived ? "Keepalived" : "holdfastd",
		.facility = o->facility, .file = o->log_file,
	};
	enum log_level level = o->detail >= 2 ? LOG_LVL_DEBUG :
			       o->detail ? LOG_LVL_DETAIL : LOG_LVL_INFO;

	d->logger = lgr_new(&options);
	if (!d->logger)
		return false;
	lgr_log(d->logger, level, &d->log);
	return true;
}

static void greet(const struct daemon *d)
{
	char text[LOG_LINE_MAX];

	log_printf(&d->log, LOG_LVL_INFO, "Starting Holdfast v%s", HOLDFAST_VERSION);
	log_printf(&d->log, LOG_LVL_INFO, "Configuration file %s", opt_config(&d->options));
	if (strcmp(d->files.key, "default"))
		log_printf(&d->log, LOG_LVL_INFO, "This daemon is '%s'", d->files.key);
	if (opt_ignored_text(&d->options, text, sizeof(text))[0])
		log_printf(&d->log, LOG_LVL_INFO, "%s", text);
	for (size_t i = 0; i < d->options.n_stray; i++)
		log_printf(&d->log, LOG_LVL_WARN, "unexpected argument '%s'", d->options.stray[i]);
}

/* How many, and neither which nor what they say: they may be secrets. */
static void tell_environment(const struct log *log)
{
	struct senv e;

	if (!senv_read(&e, environ))
		return;
	if (e.left_out)
		log_printf(log, LOG_LVL_WARN, "%zu variables of the environment are not handed on "
			   "to scripts: they do not fit into %u octets", e.left_out,
			   SENV_OCTETS_MAX);
	senv_free(&e);
}

static bool enter_netns(const char *name, char *why, size_t size)
{
	char path[SENTENCE_MAX];

	if (!name)
		return true;
	snprintf(path, sizeof(path), "/run/netns/%s", name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET) < 0) {
		snprintf(why, size, "cannot enter the network namespace %s: %s", name,
			 strerror(errno));
		if (fd >= 0)
			close(fd);
		return false;
	}
	close(fd);
	return true;
}

/* From here on this process is the keeper. */
static int keep(struct daemon *d, struct cfg *cfg, struct hov *past, const struct ksk *sockets)
{
	int status = kpr_run(&(struct kpr_options){
		.options = &d->options, .files = &d->files, .log = &d->log,
		.logger = d->logger, .argv = d->argv,
		.cfg = cfg, .runner = d->runner, .systemd = &d->systemd, .past = past,
		.stored = past ? NULL : &d->stored,
		.sockets = sockets ? *sockets : (struct ksk){ 0 }, .front = d->front,
	});

	log_printf(&d->log, LOG_LVL_INFO, "Stopped Holdfast v%s", HOLDFAST_VERSION);
	lgr_free(d->logger, LOG_FLUSH_US);
	sdn_close(&d->systemd);
	return status;
}

/* Another binary has been this process, and its children live. */
static int take_over(struct daemon *d, int fd)
{
	struct ksk sockets = { 0 };
	char wrong[CRS_WHY_MAX];
	struct cfg *cfg = NULL;
	struct hov past;
	const char *why;

	if (!hov_read(fd, &past, &sockets, &why)) {
		fprintf(stderr, "holdfastd: cannot take over: %s\n", why);
		return EXIT_FATAL;
	}
	if (!rtf_name(&d->files, &d->options, past.key) ||
	    !crs_read(past.fds[HOV_CONFIG], &cfg, NULL, wrong) || !cfg || !start_logger(d)) {
		fprintf(stderr, "holdfastd: cannot take over: %s\n", cfg ? strerror(errno) : wrong);
		return EXIT_FATAL;
	}
	lim_was(&(struct lim){ past.open_files, past.timer_slack });
	memcpy(d->options.directory, past.directory, sizeof(past.directory));
	prctl(PR_SET_NAME, basename(d->argv[0]), 0, 0, 0);	/* exec has named us by the file */
	d->systemd.fd = past.fds[HOV_NOTIFY];
	d->runner = (struct runner_handle){
		.fd = past.fds[HOV_RUNNER], .keeper = past.fds[HOV_RUNNER_KEEPER],
		.pid = past.runner,
	};
	log_printf(&d->log, LOG_LVL_INFO, "Holdfast v%s takes over", HOLDFAST_VERSION);
	return keep(d, cfg, &past, &sockets);
}

/* The configuration may name the daemon, and by its name its files are found. */
static bool name_files(struct daemon *d, const struct cfg *cfg)
{
	char key[RTF_KEY_MAX];

	rtf_key(&d->options, cfg->global.instance, key);
	if (rtf_name(&d->files, &d->options, key))
		return true;
	fprintf(stderr, "holdfastd: the control socket's path is too long: %s\n",
		d->options.control);
	return false;
}

/* What can fail in sight of the user does so here, before the daemon goes into the background. */
static int run(struct daemon *d)
{
	struct runner_options defaults = { 0 };
	struct diag_list diags;
	char why[SENTENCE_MAX];

	if (!enter_netns(d->options.netns, why, sizeof(why))) {
		fprintf(stderr, "holdfastd: %s\n", why);
		return EXIT_FATAL;
	}
	if (d->options.umask >= 0)
		umask((mode_t)d->options.umask);
	diag_init(&diags);
	struct cfg *cfg = lod_load(&d->options, &diags);
	if (!cfg || !(d->options.foreground && d->options.log_console))
		cft_print(&diags, stderr);
	if (!cfg) {
		fprintf(stderr, "holdfastd: %s cannot be run\n", opt_config(&d->options));
		bool there = access(opt_config(&d->options), R_OK) == 0;

		diag_free(&diags);
		return there ? EXIT_BAD_CONFIG : EXIT_NO_CONFIG;
	}
	if (!name_files(d, cfg))
		return EXIT_FATAL;
	sdn_open(&d->systemd);
	ksd_inherited(&d->stored);
	if (!d->options.foreground) {
		d->front = dmz_background();
		if (d->front < 0) {
			fprintf(stderr, "holdfastd: cannot go into the background: %s\n",
				strerror(errno));
			return EXIT_FATAL;
		}
	}
	/* The runner keeps what a script's user needs; the engine gives it up. */
	int error = runner_spawn(&d->runner, &defaults);
	if (error || !start_logger(d)) {
		fprintf(stderr, "holdfastd: cannot start: %s\n", strerror(error ? error : errno));
		return EXIT_FATAL;
	}
	greet(d);
	tell_environment(&d->log);
	lod_log(&d->log, &diags);
	diag_free(&diags);
	int status = keep(d, cfg, NULL, NULL);
	return status;
}

/* --dump-config */
static int dump(const struct options *o)
{
	struct cfg_options options = opt_cfg(o);
	struct diag_list diags;

	diag_init(&diags);
	struct cfg *cfg = cfg_load(opt_config(o), &options, &diags);
	cft_print(&diags, stderr);
	diag_free(&diags);
	if (!cfg)
		return CFT_CANNOT_RUN;
	bool good = cfg_dump(cfg, o->dump_dialect, o->with_secrets, stdout);
	cfg_free(cfg);
	if (!good)
		fprintf(stderr, "holdfastd: the configuration cannot be written: %s\n",
			strerror(errno));
	return good ? 0 : EXIT_FATAL;
}

int main(int argc, char **argv)
{
	lim_fill_standard();
	struct daemon d = { .front = -1, .log = log_null, .systemd.fd = -1 };
	struct cft_system system = liv_system();
	struct rol role;
	enum rol_kind kind = rol_inherited(&role);
	int past = hov_inherited();

	d.argv = argv;
	opt_parse(argc, argv, &d.options);
	FILE *said = d.options.as_keepalived ? stderr : stdout;		/* as keepalived does */
	if (kind != ROL_NONE)
		return kind == ROL_LOST ? EXIT_FATAL : rol_run(&role, &d.options);
	switch (d.options.action) {
	case OPT_RUN:
		return past < 0 ? run(&d) : take_over(&d, past);
	case OPT_TEST:
		return cft_run(&d.options, &system, stderr);
	case OPT_DUMP:
		return dump(&d.options);
	case OPT_PROVE:
		return pro_run();
	case OPT_SCHEMA_MAN:
		cfg_schema_man(stdout);
		return 0;
	case OPT_SIGNUM:
		printf("%d\n", d.options.signum);
		return 0;
	case OPT_VERSION:
		opt_version(&d.options, said);
		return 0;
	case OPT_HELP:
		opt_help(&d.options, said);
		return 0;
	case OPT_BAD:
	default:
		fprintf(stderr, "holdfastd: %s\n", d.options.why);
		return EXIT_FATAL;
	}
}
