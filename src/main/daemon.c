/*
 * holdfastd, from its first line to its last.
 *
 * Read main() from top to bottom: that is the order in which the daemon comes to life, and the
 * reverse is the order in which it leaves. What needs root, files or a terminal happens before the
 * event loop starts; the loop only sees events. The place between "the runner" and "the loop" is
 * kept for the keeper process, which will hold the sockets over a crash of what follows.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "engine/engine.h"
#include "main/check.h"
#include "main/live.h"
#include "main/options.h"
#include "main/recorder.h"
#include "main/version.h"
#include "sys/ctlsock.h"
#include "sys/daemonize.h"
#include "sys/jobs.h"
#include "sys/logger.h"
#include "sys/loop.h"
#include "sys/pidfile.h"
#include "sys/port_linux.h"
#include "sys/priv.h"
#include "sys/runner.h"

#define EXIT_FATAL 1
#define EXIT_BAD_CONFIG 2
#define EXIT_NO_CONFIG 6
#define FAREWELL_US INT64_C(40000)	/* a stop waits no longer for the kernel's last answers */
#define LOG_FLUSH_US INT64_C(200000)
#define DUMP_LOG_US INT64_C(60000000)
#define SENTENCE_MAX 400

struct daemon {
	struct options options;
	struct log log;
	struct lgr *logger;
	struct sdn systemd;
	int front;			/* to the process that waits in the foreground; -1: none */
	struct runner_handle runner;
	struct pidf *pid_file;
	struct loop *loop;
	struct port_events events;
	struct jobs *jobs;
	struct plx *port;
	struct engine *engine;
	struct recorder *recorder;
	struct ctl *ctl;
	struct csk *socket;
	struct loop_timer *farewell;
	struct log_limit dump_limit;
};

/* ---- configuration ---- */

static struct cfg *load(const struct options *o, struct diag_list *diags)
{
	struct cfg_options options = opt_cfg(o);
	struct cft_system system = liv_system();
	struct cfg *cfg = cfg_load(opt_config(o), &options, diags);

	if (!cfg)
		return NULL;
	liv_resolve(cfg, diags);
	cft_system(cfg, &system, diags);
	diag_sort(diags);
	return cfg;
}

static void log_diags(const struct log *log, const struct diag_list *diags)
{
	static const enum log_level levels[] = {
		[DIAG_NOTE] = LOG_LVL_DETAIL, [DIAG_WARNING] = LOG_LVL_WARN,
		[DIAG_ERROR] = LOG_LVL_ERROR, [DIAG_FATAL] = LOG_LVL_ERROR,
	};
	char text[LOG_LINE_MAX];

	for (size_t i = 0; i < diags->n; i++) {
		diag_text(&diags->v[i], text, sizeof(text));
		log_printf(log, levels[diags->v[i].severity], "%s", text);
	}
	if (diag_lost(diags, text, sizeof(text)))
		log_printf(log, LOG_LVL_WARN, "%s", text);
}

/* ---- reload ---- */

/* Everything is read and checked before anything is touched; a file that cannot be run changes
 * nothing. */
static bool reload(void *ctx, char *why, size_t size)
{
	struct daemon *d = ctx;
	struct diag_list diags;
	char first[LOG_LINE_MAX] = "";

	diag_init(&diags);
	sdn_reloading(&d->systemd);
	log_printf(&d->log, LOG_LVL_INFO, "Reloading");
	struct cfg *cfg = load(&d->options, &diags);
	log_diags(&d->log, &diags);
	for (size_t i = 0; i < diags.n && !cfg && !first[0]; i++)
		if (diags.v[i].severity == DIAG_FATAL)
			diag_text(&diags.v[i], first, sizeof(first));
	if (!cfg && !first[0] && !diag_lost(&diags, first, sizeof(first)))
		snprintf(first, sizeof(first), "the configuration cannot be run");
	if (!cfg)
		snprintf(why, size, "%s", first);
	diag_free(&diags);
	bool done = cfg && eng_reload(d->engine, cfg);
	if (cfg && !done) {
		cfg_free(cfg);
		snprintf(why, size, "out of memory");
	}
	if (!done) {
		eng_reload_refused(d->engine, why);
		log_printf(&d->log, LOG_LVL_ERROR,
			   "Reload refused, the running configuration stays: %s", why);
	} else {
		log_printf(&d->log, LOG_LVL_INFO, "Reload complete");
		rec_reloaded(d->recorder, d->options.journal, cfg, &d->log);
	}
	sdn_ready(&d->systemd);
	return done;
}

static void on_hangup(void *ctx, int signo)
{
	char why[SENTENCE_MAX];

	(void)signo;
	reload(ctx, why, sizeof(why));
}

/* ---- stop ---- */

/* The kernel has answered the last deletion, or its time is over. */
static void after_farewell(void *ctx)
{
	struct daemon *d = ctx;

	loop_stop(d->loop);
}

static void on_stop(void *ctx, int signo)
{
	struct daemon *d = ctx;

	if (signo == SIGINT && d->options.ignore_sigint)
		return;
	sdn_stopping(&d->systemd);
	log_printf(&d->log, LOG_LVL_INFO, "Stopping");
	eng_stop(d->engine);
	if (eng_idle(d->engine)) {
		loop_stop(d->loop);
		return;
	}
	loop_timer_at(d->farewell, loop_now_us() + FAREWELL_US);
}

/* ---- between the socket and ctl ---- */

static void on_request(void *ctx, struct csk_client *client, const char *line, size_t len)
{
	struct daemon *d = ctx;
	struct csk_peer who = csk_peer(client);
	struct ctl_peer peer = { .client = client, .uid = who.uid, .pid = who.pid };
	struct ctl_reply reply;

	ctl_handle(d->ctl, &peer, line, len, &reply);
	if (!reply.line || !csk_send(client, reply.line, reply.len))
		csk_close(client);
	else if (reply.watching)
		csk_stream(client);
	ctl_reply_free(&reply);
}

static void on_closed(void *ctx, struct csk_client *client)
{
	struct daemon *d = ctx;

	if (d->ctl)
		ctl_gone(d->ctl, client);
}

static bool send_event(void *ctx, void *client, const char *line, size_t len)
{
	(void)ctx;
	return csk_send(client, line, len);
}

static bool open_control(struct daemon *d, char *why, size_t size)
{
	struct csk_options options = {
		.path = d->options.control, .group = "holdfast", .mode = 0660,
	};
	struct csk_handlers handlers = { .ctx = d, .request = on_request, .closed = on_closed };
	char folder[128];	/* longer than a socket's path may be */
	const char *slash = strrchr(options.path, '/');

	if (slash && slash > options.path) {
		snprintf(folder, sizeof(folder), "%.*s", (int)(slash - options.path), options.path);
		if (mkdir(folder, 0755) < 0 && errno != EEXIST) {
			snprintf(why, size, "cannot make %s: %s", folder, strerror(errno));
			return false;
		}
	}
	d->socket = csk_new(d->loop, &options, &handlers, why, size);
	return d->socket != NULL;
}

/* ---- coming to life ---- */

static void tell_ready(struct daemon *d, int status)
{
	dmz_ready(d->front, status);
	d->front = -1;
	if (status == 0)
		sdn_ready(&d->systemd);
}

static void on_started(void *ctx)
{
	struct daemon *d = ctx;

	log_printf(&d->log, LOG_LVL_INFO, "Startup complete");
	tell_ready(d, 0);
}

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
	if (opt_ignored_text(&d->options, text, sizeof(text))[0])
		log_printf(&d->log, LOG_LVL_INFO, "%s", text);
	for (size_t i = 0; i < d->options.n_stray; i++)
		log_printf(&d->log, LOG_LVL_WARN, "unexpected argument '%s'", d->options.stray[i]);
}

/* -d: the canonical form, without secrets, a line at a time. */
static void log_config(const struct daemon *d)
{
	char *text = NULL, *save = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	bool good = to && cfg_dump(eng_cfg(d->engine), CFG_KEEPALIVED, false, to);
	if (to)
		good = fclose(to) == 0 && good;
	if (!good)
		log_printf(&d->log, LOG_LVL_ERROR, "the configuration is not shown: out of memory");
	char *line = good ? strtok_r(text, "\n", &save) : NULL;
	for (; line; line = strtok_r(NULL, "\n", &save))
		log_printf(&d->log, LOG_LVL_INFO, "%s", line);
	free(text);
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

/* keepalived's dump signals, sent by exporters and old habits: told, not died of. */
static void on_dump(void *ctx, int signo)
{
	struct daemon *d = ctx;

	(void)signo;
	log_limited(&d->log, &d->dump_limit, loop_now_us(), DUMP_LOG_US, LOG_LVL_INFO,
		    "a signal asked for a dump to a file: ask holdfastctl status --json");
}

static bool hook_signals(struct daemon *d)
{
	const int dumps[] = { SIGUSR1, SIGUSR2, SIGRTMIN + 2, SIGRTMAX - 1, SIGRTMAX };

	for (size_t i = 0; i < sizeof(dumps) / sizeof(dumps[0]); i++)
		if (loop_on_signal(d->loop, dumps[i], on_dump, d))
			return false;
	return loop_on_signal(d->loop, SIGTERM, on_stop, d) == 0 &&
	       loop_on_signal(d->loop, SIGINT, on_stop, d) == 0 &&
	       loop_on_signal(d->loop, SIGHUP, on_hangup, d) == 0;
}

/* The engine and what it stands on. Takes over CFG on success. */
static bool build(struct daemon *d, struct cfg *cfg, char *why, size_t size)
{
	struct plx_options options = { 0 };
	struct ctl_host host = {
		.ctx = d, .version = HOLDFAST_VERSION, .pid = getpid(), .uid = geteuid(),
		.log = &d->log, .reload = reload, .send = send_event,
	};	/* ctl_new() copies it */

	snprintf(why, size, "cannot start the event loop");
	d->loop = options.loop = loop_new();
	if (!d->loop || !hook_signals(d))
		return false;
	d->farewell = loop_timer_new(d->loop, LOOP_URGENT, after_farewell, d);
	d->jobs = jobs_open(&d->runner, &d->events, &d->log);
	if (!d->farewell || !d->jobs)
		return false;
	options.jobs = d->jobs;
	d->port = plx_new(&options, &d->events, &d->log);
	if (!d->port) {
		snprintf(why, size, "cannot open the kernel's interfaces: %s", strerror(errno));
		return false;
	}
	snprintf(why, size, "out of memory");
	d->engine = eng_new(cfg, plx_port(d->port), &d->log);
	if (!d->engine)
		return false;
	eng_hook(d->engine, &(struct eng_hooks){
		.ctx = d, .started = on_started, .idle = after_farewell,
	});
	d->events = eng_events(d->engine);
	d->ctl = ctl_new(d->engine, &host);
	if (!d->ctl || !open_control(d, why, size))
		return false;
	d->recorder = rec_open(d->engine, d->options.journal, plx_port(d->port), &d->log);
	return true;
}

/* The reverse of build(); also after a build that failed half way. */
static void dismantle(struct daemon *d)
{
	csk_free(d->socket);
	plx_free(d->port);
	eng_free(d->engine);
	rec_close(d->recorder, LOG_FLUSH_US);
	ctl_free(d->ctl);
	d->ctl = NULL;
	jobs_close(d->jobs);
	loop_timer_free(d->farewell);
	loop_free(d->loop);
}

/* The loop, between the rights that building needs and those that running needs. */
static int serve(struct daemon *d)
{
	int error;

	if (d->options.log_config)
		log_config(d);
	prv_report(&d->log);
	error = prv_realtime();
	if (error)
		log_printf(&d->log, LOG_LVL_INFO, "no real-time scheduling (%s): adverts may be "
			   "late on a busy host", strerror(error));
	error = prv_drop();
	if (error)
		log_printf(&d->log, LOG_LVL_WARN, "cannot give up rights: %s", strerror(error));
	plx_start(d->port);
	error = loop_run(d->loop);
	if (error == 0)
		return 0;
	log_printf(&d->log, LOG_LVL_ERROR, "the event loop failed: %s", strerror(error));
	return EXIT_FATAL;
}

/* Everything that runs needs CFG, a PID file, the loop; a failure is one sentence in the log and
 * in front. */
static int live(struct daemon *d, struct cfg *cfg)
{
	char why[SENTENCE_MAX];
	pid_t holder = 0;
	int status = EXIT_FATAL;

	prv_raise_limits();
	d->pid_file = pidf_new(d->options.pid_file, &holder, why, sizeof(why));
	if (!d->pid_file) {
		cfg_free(cfg);
		log_printf(&d->log, LOG_LVL_ERROR, "%s", why);
	} else if (!build(d, cfg, why, sizeof(why))) {
		if (!d->engine)
			cfg_free(cfg);
		log_printf(&d->log, LOG_LVL_ERROR, "%s", why);
	} else {
		status = serve(d);
	}
	if (status && d->front >= 0 && !(d->options.foreground && d->options.log_console))
		fprintf(stderr, "holdfastd: %s\n", why);
	dismantle(d);
	pidf_free(d->pid_file);
	log_printf(&d->log, LOG_LVL_INFO, "Stopped Holdfast v%s", HOLDFAST_VERSION);
	tell_ready(d, status ? status : EXIT_FATAL);
	return status;
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
	struct cfg *cfg = load(&d->options, &diags);
	if (!cfg || !(d->options.foreground && d->options.log_console))
		cft_print(&diags, stderr);
	if (!cfg) {
		fprintf(stderr, "holdfastd: %s cannot be run\n", opt_config(&d->options));
		bool there = access(opt_config(&d->options), R_OK) == 0;

		diag_free(&diags);
		return there ? EXIT_BAD_CONFIG : EXIT_NO_CONFIG;
	}
	sdn_open(&d->systemd);
	if (!d->options.foreground) {
		d->front = dmz_background();
		if (d->front < 0) {
			fprintf(stderr, "holdfastd: cannot go into the background: %s\n",
				strerror(errno));
			return EXIT_FATAL;
		}
	}
	/* The runner keeps what a script's user needs; everything below gives it up. */
	int error = runner_spawn(&d->runner, &defaults);
	if (error || !start_logger(d)) {
		fprintf(stderr, "holdfastd: cannot start: %s\n", strerror(error ? error : errno));
		return EXIT_FATAL;
	}
	greet(d);
	log_diags(&d->log, &diags);
	diag_free(&diags);
	int status = live(d, cfg);
	lgr_free(d->logger, LOG_FLUSH_US);
	sdn_close(&d->systemd);
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
	struct daemon d = { .front = -1, .log = log_null };
	struct cft_system system = liv_system();

	opt_parse(argc, argv, &d.options);
	switch (d.options.action) {
	case OPT_RUN:
		return run(&d);
	case OPT_TEST:
		return cft_run(&d.options, &system, stderr);
	case OPT_DUMP:
		return dump(&d.options);
	case OPT_SCHEMA_MAN:
		cfg_schema_man(stdout);
		return 0;
	case OPT_SIGNUM:
		printf("%d\n", d.options.signum);
		return 0;
	case OPT_VERSION:
		printf("Holdfast v%s\n", HOLDFAST_VERSION);
		return 0;
	case OPT_HELP:
		opt_help(stdout);
		return 0;
	case OPT_BAD:
	default:
		fprintf(stderr, "holdfastd: %s\n", d.options.why);
		return EXIT_FATAL;
	}
}
