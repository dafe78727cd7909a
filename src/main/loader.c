/*
 * The child that reads, and the end that hears of it.
 *
 * The child has the keeper's rights, working directory and options: those of the start. It says one
 * message and ends; one that says none within LOAD_MOST_US is ended, for a reload that hangs must
 * not stand in the way of the next one.
 */
#include "main/loader.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "core/node.h"
#include "main/crossing.h"
#include "main/live.h"
#include "main/load.h"
#include "sys/keepwire.h"
#include "sys/spawn.h"

/*
 * The longest that a reading may take which ends by itself: clients of a directory server give one
 * that is down up to 30 s, and have two. Who asked by holdfastctl waits for 70 s.
 */
#define LOAD_MOST_US INT64_C(60000000)
#define LOAD_SLOW_US INT64_C(10000000)	/* by then it is said */
#define NAME "holdfast:load"
#define SENTENCE_MAX 400

struct ldr {
	struct loop *loop;
	const struct rol_source *source;
	const struct options *options;
	const struct log *log;
	struct ldr_handlers handlers;
	const struct cfg *runs;		/* what a load is to take the place of */
	struct loop_timer *late;
	bool said;			/* that it takes long */
	struct loop_watch *watch;
	int channel;			/* -1: no load is under way */
	pid_t pid;
};

/* ---- the child ---- */

int ldr_run(const struct options *options, int channel)
{
	const struct kpw loaded = { .kind = KPW_LOADED };
	struct diag_list diags;
	struct cfg *cfg;
	int fd, status;

	spw_settle(NAME);
	diag_init(&diags);
	cfg = lod_load(options, &diags);
	fd = crs_write(cfg, &diags);
	status = fd < 0 || kpw_send(channel, &loaded, &fd, 1) ? EXIT_FAILURE : EXIT_SUCCESS;
	cfg_free(cfg);
	diag_free(&diags);
	return status;
}

/* ---- the end of a load ---- */

static void stop(struct ldr *l)
{
	loop_timer_at(l->late, VR_NEVER);
	loop_unwatch(l->watch);
	l->watch = NULL;
	if (l->channel >= 0)
		close(l->channel);
	l->channel = -1;
}

static void fail(struct ldr *l, const char *why)
{
	stop(l);
	l->handlers.loaded(l->handlers.ctx, NULL, -1, why);
}

static void take(struct ldr *l, int fd)
{
	char why[CRS_WHY_MAX], sentence[SENTENCE_MAX];
	const struct cft_system system = liv_system();
	struct diag_list diags;
	struct cfg *cfg;

	diag_init(&diags);
	bool good = crs_read(fd, &cfg, &diags, why);
	lod_log(l->log, &diags);
	if (!good) {
		snprintf(sentence, sizeof(sentence), "what was read is of no use: %s", why);
	} else if (!cfg) {
		lod_refusal(&diags, sentence, sizeof(sentence));
	} else if (lod_takes_away(l->runs, cfg, &diags, &system, sentence,
				  sizeof(sentence))) {
		cfg_free(cfg);
		cfg = NULL;
	}
	diag_free(&diags);
	stop(l);
	l->handlers.loaded(l->handlers.ctx, cfg, good ? fd : -1, cfg ? NULL : sentence);
}

static void on_message(void *ctx, int channel)
{
	struct ldr *l = ctx;
	struct kpw_got got;

	switch (kpw_recv(channel, KPW_READER, &got)) {
	case KPW_EMPTY:
		return;
	case KPW_GOT:
		if (got.m.kind == KPW_LOADED)
			take(l, got.fds[0]);
		else
			fail(l, "the process that reads the configuration makes no sense");
		kpw_drop(&got);
		return;
	case KPW_END:
	case KPW_BAD:
	default:
		fail(l, "the process that reads the configuration has died");
		return;
	}
}

static void too_late(void *ctx)
{
	struct ldr *l = ctx;

	if (!l->said) {
		l->said = true;
		log_printf(l->log, LOG_LVL_WARN, "The configuration is still being read after "
			   "%d s: a file system or a directory of users does not answer; it is "
			   "given up after %d s", (int)(LOAD_SLOW_US / 1000000),
			   (int)(LOAD_MOST_US / 1000000));
		loop_timer_at(l->late, loop_now_us() + LOAD_MOST_US - LOAD_SLOW_US);
		return;
	}
	kill(l->pid, SIGKILL);
	fail(l, "the configuration could not be read within a minute");
}

/* ---- life ---- */

struct ldr *ldr_new(struct loop *loop, const struct rol_source *source,
		    const struct options *options, const struct log *log,
		    const struct ldr_handlers *handlers)
{
	struct ldr *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	*l = (struct ldr){
		.loop = loop, .source = source, .options = options, .log = log,
		.handlers = *handlers, .channel = -1,
	};
	l->late = loop_timer_new(loop, LOOP_NORMAL, too_late, l);
	if (l->late)
		return l;
	free(l);
	return NULL;
}

void ldr_stop(struct ldr *l)
{
	if (l->channel >= 0)
		kill(l->pid, SIGKILL);
	stop(l);
}

void ldr_free(struct ldr *l)
{
	if (!l)
		return;
	ldr_stop(l);
	loop_timer_free(l->late);
	free(l);
}

int ldr_start(struct ldr *l, const struct cfg *runs)
{
	const char *file = l->options->config ? l->options->config : "";
	struct rol role = { .kind = ROL_LOADER };
	int ends[2], error;

	if (l->channel >= 0)
		return EALREADY;
	if (strlen(file) >= sizeof(role.config))
		return ENAMETOOLONG;
	strcpy(role.config, file);
	memcpy(role.directory, l->options->directory, sizeof(role.directory));
	error = kpw_pair(ends);
	if (error)
		return error;
	l->runs = runs;
	l->pid = rol_start(l->source, &role, &ends[1], 1);
	error = l->pid < 0 ? errno : 0;
	close(ends[1]);
	l->channel = ends[0];
	if (!error) {
		l->watch = loop_watch_read(l->loop, l->channel, LOOP_NORMAL, on_message, l);
		error = l->watch ? 0 : ENOMEM;
	}
	l->said = false;
	if (error)
		stop(l);
	else
		loop_timer_at(l->late, loop_now_us() + LOAD_SLOW_US);
	return error;
}
