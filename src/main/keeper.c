/*
 * The keeper.
 *
 * An engine can die of a packet, a configuration or a bug of ours, and none of these may take the
 * address along: a spare engine stands ready, and all that happens between a death and the next
 * advert is one message. A death that repeats itself is the opposite case: an address that comes
 * and goes is worse than one that another host has, so after three in ten seconds the addresses are
 * released in good order and the engine rests.
 */
#include "main/keeper_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/addr.h"
#include "main/crossing.h"
#include "main/engine_process.h"
#include "main/recorder.h"
#include "main/scripts.h"
#include "main/version.h"
#include "sys/logrelay.h"
#include "sys/priv.h"
#include "sys/spawn.h"

#define US_PER_S INT64_C(1000000)
#define DEATHS_WITHIN_US (10 * US_PER_S)	/* KPR_DEATHS_MAX in so long a time are too many */
#define REST_LEAST_US (5 * US_PER_S)
#define REST_MOST_US (60 * US_PER_S)
#define UNTOLD (-1)			/* no status of wait(2) */
#define SPARE_AGAIN_US US_PER_S		/* a spare that could not be made */
#define SPARE_LOG_US (10 * US_PER_S)
#define READY_US (5 * US_PER_S)		/* an engine that is not ready then is ended */
#define READY_MOST_US (60 * US_PER_S)
#define FIRST_TRIES 2			/* at the start, somebody waits */
#define STOP_PATIENCE_US (5 * US_PER_S)
#define RECORD_MOST (32u << 20)	/* of tens of thousands of instances; untouched it costs nothing */
#define SOCKET_LOG_US (60 * US_PER_S)
#define DUMP_LOG_US (60 * US_PER_S)

/* ---- children ---- */

static void forget(struct kpr_child *c)
{
	loop_unwatch(c->watch);
	if (c->channel >= 0)
		close(c->channel);
	*c = (struct kpr_child){ .channel = -1 };
}

static int spawn(struct keeper *k, struct kpr_child *c)
{
	struct rol role = {
		.kind = ROL_ENGINE, .owner = geteuid(), .level = k->log->level,
		.first = !k->lived, .has_user = k->has_user, .uid = k->user.uid, .gid = k->user.gid,
	};
	int ends[2], error = kpw_pair(ends);

	if (error)
		return error;
	snprintf(role.lock, sizeof(role.lock), "%s", k->o->files->lock);
	const int fds[EPR_N_FDS] = {
		[EPR_CHANNEL] = ends[1], [EPR_LOG] = k->log_ends[1],
		[EPR_RUNNER] = k->runner.fd, [EPR_CONTROL] = k->control.fd,
		[EPR_JOURNAL] = k->journal, [EPR_RECORD] = rec_fd(k->record),
		[EPR_CONFIG] = k->config,
	};
	pid_t pid = rol_start(&k->source, &role, fds, EPR_N_FDS);
	error = pid < 0 ? errno : 0;
	close(ends[1]);
	*c = (struct kpr_child){ .pid = pid, .channel = ends[0] };
	if (!error) {
		c->watch = loop_watch_read(k->loop, c->channel, LOOP_URGENT, kpr_on_message, k);
		error = c->watch ? 0 : ENOMEM;
	}
	if (!error)
		return 0;
	forget(c);			/* the end of its channel is a child's end */
	return error;
}

/* Twice as long after each that was late: a host may be slow, or its configuration large. */
static int64_t ready_within(const struct keeper *k)
{
	int64_t within = READY_US << (k->late < 8 ? k->late : 8);

	return within < READY_MOST_US ? within : READY_MOST_US;
}

void kpr_prepare(struct keeper *k)
{
	int error;

	if (k->spare.pid || k->phase == KPR_STOPPING)
		return;
	error = spawn(k, &k->spare);
	if (!error) {
		loop_timer_at(k->ready_timer, loop_now_us() + ready_within(k));
		return;
	}
	log_limited(k->log, &k->spare_limit, loop_now_us(), SPARE_LOG_US, LOG_LVL_ERROR,
		    "cannot start an engine: %s", strerror(error));
	loop_timer_at(k->spare_timer, loop_now_us() + SPARE_AGAIN_US);
}

static void spare_due(void *ctx)
{
	kpr_prepare(ctx);
}

/* The one that waits becomes the engine. */
static void promote(struct keeper *k)
{
	k->engine = k->spare;
	k->spare = (struct kpr_child){ .channel = -1 };
	k->engine.ready = false;
	ksk_send(&k->sockets, k->engine.channel);
	kpw_say(k->engine.channel, KPW_GO, k->next, k->engines++);
	if (k->phase == KPR_STOPPING)
		loop_timer_at(k->stop_timer, loop_now_us() + STOP_PATIENCE_US);
}

/* An engine is wanted and there is none. */
static void replace(struct keeper *k)
{
	if (k->spare.ready)
		promote(k);
	else
		kpr_prepare(k);
}

void kpr_drop_spare(struct keeper *k)
{
	if (k->spare.pid)
		kill(k->spare.pid, SIGKILL);
	forget(&k->spare);
}

/* Those of the engine that has let go, to the one that goes on. */
static void give_clients(struct keeper *k)
{
	for (size_t i = 0; i < k->n_clients; i++) {
		if (k->engine.pid)
			kpw_send(k->engine.channel, &k->clients[i].m, &k->clients[i].fd, 1);
		close(k->clients[i].fd);
	}
	k->n_clients = 0;
}

/* ---- the end of an engine ---- */

static void end(struct keeper *k, int status)
{
	k->status = status;
	loop_stop(k->loop);
}

static const char *how_ended(int status, char *buf, size_t size)
{
	if (WIFSIGNALED(status))
		snprintf(buf, size, "died of signal %d (%s)", WTERMSIG(status),
			 strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status) == SPW_NO_EXEC)
		snprintf(buf, size, "could not be executed");
	else
		snprintf(buf, size, "ended with status %d", WEXITSTATUS(status));
	return buf;
}

/* Of what whoever started us is to see. */
static void complain(const struct keeper *k, const char *why)
{
	const struct options *o = k->o->options;

	log_printf(k->log, LOG_LVL_ERROR, "%s", why);
	if (k->front >= 0 || (o->foreground && !o->log_console))
		fprintf(stderr, "holdfastd: %s\n", why);
}

/* Counts a death; true when it was one too many. */
static bool too_many(struct keeper *k, int64_t now_us)
{
	k->deaths[k->n_deaths++ % KPR_DEATHS_MAX] = now_us;
	return k->n_deaths >= KPR_DEATHS_MAX &&
	       now_us - k->deaths[k->n_deaths % KPR_DEATHS_MAX] <= DEATHS_WITHIN_US;
}

static void rest(struct keeper *k)
{
	int64_t longer = 2 * k->rest_us;

	k->phase = KPR_RESTING;
	log_printf(k->log, LOG_LVL_ERROR, "The engine rests for %lld s",
		   (long long)(k->rest_us / US_PER_S));
	loop_timer_at(k->rest_timer, loop_now_us() + k->rest_us);
	k->rest_us = longer < REST_MOST_US ? longer : REST_MOST_US;
}

static void rested(void *ctx)
{
	struct keeper *k = ctx;

	k->phase = KPR_KEEPING;
	k->next = KPW_FRESH;
	k->n_deaths = 0;
	k->distrust = false;
	ksk_free(&k->sockets);		/* what they heard is old */
	rec_clear(k->record);
	log_printf(k->log, LOG_LVL_INFO, "The engine begins again");
	replace(k);
}

static void distrust(struct keeper *k)
{
	k->distrust = true;
	rec_clear(k->record);
}

/* Unasked. */
static void engine_died(struct keeper *k, pid_t pid, int status)
{
	int64_t now = loop_now_us();
	char how[80];

	if (status != UNTOLD)
		log_printf(k->log, LOG_LVL_ERROR, "Engine, PID %d, %s", (int)pid,
			   how_ended(status, how, sizeof(how)));
	if (k->phase == KPR_RELEASING && k->distrust) {
		rest(k);
		return;
	}
	if (!k->lived && WIFEXITED(status)) {	/* it has said why */
		end(k, WEXITSTATUS(status) ? WEXITSTATUS(status) : EXIT_FAILURE);
		return;
	}
	if (k->phase == KPR_STOPPING && k->next == KPW_RELEASE) {
		end(k, EXIT_FAILURE);
		return;
	}
	k->upgrade.let_go = false;
	if (k->phase == KPR_TAKING_OVER)
		k->phase = KPR_KEEPING;
	if (k->phase == KPR_KEEPING && too_many(k, now)) {
		k->phase = KPR_RELEASING;
		log_printf(k->log, LOG_LVL_ERROR, "The engine has died %d times in %lld s: the "
			   "addresses are released", KPR_DEATHS_MAX,
			   (long long)(DEATHS_WITHIN_US / US_PER_S));
	}
	/* what not even a release survives may be the record itself */
	if (k->phase == KPR_RELEASING && k->next == KPW_RELEASE)
		distrust(k);
	k->next = k->phase == KPR_KEEPING ? KPW_RESUME : KPW_RELEASE;
	replace(k);
}

/* As it was told to: the next one goes on. */
static void engine_left(struct keeper *k)
{
	k->upgrade.let_go = false;
	k->next = k->phase == KPR_STOPPING ? KPW_RELEASE : KPW_RESUME;
	if (k->phase == KPR_TAKING_OVER)
		k->phase = KPR_KEEPING;
	log_printf(k->log, LOG_LVL_INFO, "Upgraded to Holdfast v%s", HOLDFAST_VERSION);
	replace(k);
	give_clients(k);
	if (k->load_again)
		krl_begin(k);
}

static void engine_ended(struct keeper *k, pid_t pid, int status)
{
	forget(&k->engine);
	loop_timer_at(k->stop_timer, VR_NEVER);
	if (k->tried)
		krl_give_up(k, "the engine has died of it, or with it");
	if (status == 0 && k->upgrade.let_go)
		engine_left(k);
	else if (status == 0 && k->phase == KPR_STOPPING)
		end(k, EXIT_SUCCESS);
	else if (status == 0 && k->phase == KPR_RELEASING)
		rest(k);
	else
		engine_died(k, pid, status);
}

/*
 * Its channel is what the kernel closes first. The sockets behind it may cost tens of milliseconds
 * (packet sockets wait for every processor) before the death itself is told, and at 10 ms adverts a
 * backup does not wait that long.
 */
static void engine_vanished(struct keeper *k)
{
	k->gone = k->engine.pid;
	kill(k->gone, SIGKILL);		/* whatever this was, there will not be two */
	engine_ended(k, k->gone, UNTOLD);
}

static void spare_ended(struct keeper *k, pid_t pid, int status)
{
	char how[80];

	forget(&k->spare);
	log_printf(k->log, LOG_LVL_ERROR, "Engine, PID %d, %s before it began", (int)pid,
		   how_ended(status, how, sizeof(how)));
	if (k->phase == KPR_TAKING_OVER)
		kup_failed(k, "the new engine ended before it began");
	if (k->lived || (k->late && k->late < FIRST_TRIES))
		loop_timer_at(k->spare_timer, loop_now_us() + SPARE_AGAIN_US);
	else
		end(k, WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE);
}

static void ready_late(void *ctx)
{
	struct keeper *k = ctx;
	char why[KPR_SENTENCE_MAX];

	if (!k->spare.pid || k->spare.ready)
		return;
	snprintf(why, sizeof(why), "Engine, PID %d, is not ready after %d s: it is ended",
		 (int)k->spare.pid, (int)(ready_within(k) / US_PER_S));
	k->late++;
	if (k->lived || k->late < FIRST_TRIES)
		log_printf(k->log, LOG_LVL_ERROR, "%s", why);
	else
		complain(k, why);
	kill(k->spare.pid, SIGKILL);
}

/* ---- what engines say ---- */

static void on_ready(struct keeper *k, struct kpr_child *from, const struct kpw_got *got)
{
	int error;

	if (from != &k->spare)
		return;
	from->ready = true;
	k->late = 0;
	loop_timer_at(k->ready_timer, VR_NEVER);
	error = ksk_make(&k->sockets, IP_V4, got->m.arg);
	if (!error)
		error = ksk_make(&k->sockets, IP_V6, got->m.value);
	if (error)
		log_printf(k->log, LOG_LVL_ERROR, "cannot make sockets for adverts: %s",
			   strerror(error));
	if (k->phase == KPR_TAKING_OVER && k->engine.pid)
		kup_ready(k);
	else if (!k->engine.pid && k->phase != KPR_RESTING)
		promote(k);
}

static void on_started(struct keeper *k, struct kpr_child *from, const struct kpw_got *got)
{
	(void)got;
	if (from != &k->engine || k->phase != KPR_KEEPING)
		return;
	if (!k->lived)
		log_printf(k->log, LOG_LVL_INFO, "Startup complete");
	k->lived = true;
	dmz_ready(k->front, 0);
	k->front = -1;
	sdn_ready(k->o->systemd);
	kpr_prepare(k);
	if (k->reload_first)
		krl_begin(k);
	k->reload_first = false;
}

static void on_pong(struct keeper *k, struct kpr_child *from, const struct kpw_got *got)
{
	(void)k;
	(void)got;
	ksd_pong(from);
}

static void on_want_socket(struct keeper *k, struct kpr_child *from, const struct kpw_got *got)
{
	uint8_t family = got->m.arg == IP_V6 ? IP_V6 : IP_V4;
	int error = from == &k->engine ? ksk_send_one(&k->sockets, from->channel, family) : 0;

	if (error)
		log_limited(k->log, &k->socket_limit, loop_now_us(), SOCKET_LOG_US, LOG_LVL_ERROR,
			    "cannot make a socket for adverts: %s", strerror(error));
}

static void on_socket_closed(struct keeper *k, struct kpr_child *from, const struct kpw_got *got)
{
	if (from == &k->engine)
		ksk_closed(&k->sockets, got->m.value);
}

static void on_want_reload(struct keeper *k, struct kpr_child *from, const struct kpw_got *got)
{
	if (from != &k->engine)
		return;
	k->wanted = got->m.value;
	krl_begin(k);
}

static void on_reloaded(struct keeper *k, struct kpr_child *from, const struct kpw_got *got)
{
	char why[KPW_TEXT_MAX];

	if (from != &k->engine || !k->tried)
		return;
	if (got->m.arg)
		krl_adopt(k);
	else
		krl_give_up(k, log_clean(got->m.text, why, sizeof(why)));
}

static void on_upgrade(struct keeper *k, struct kpr_child *from, const struct kpw_got *got)
{
	if (from == &k->engine)
		kup_asked(k, got);
}

/* A control connection of the engine that lets go. */
static void on_client(struct keeper *k, struct kpr_child *from, const struct kpw_got *got)
{
	if (from != &k->engine || !k->upgrade.let_go || k->n_clients == KPR_CLIENTS_MAX)
		return;
	int fd = fcntl(got->fds[0], F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return;
	k->clients[k->n_clients] = (struct kpr_client){ .fd = fd, .m = got->m };
	k->clients[k->n_clients++].m.kind = KPW_TAKE_CLIENT;
}

static void (*const handlers[KPW_N_KINDS])(struct keeper *k, struct kpr_child *from,
					   const struct kpw_got *got) = {
	[KPW_READY] = on_ready,
	[KPW_STARTED] = on_started,
	[KPW_PONG] = on_pong,
	[KPW_WANT_RELOAD] = on_want_reload,
	[KPW_WANT_SOCKET] = on_want_socket,
	[KPW_SOCKET_CLOSED] = on_socket_closed,
	[KPW_RELOADED] = on_reloaded,
	[KPW_UPGRADE] = on_upgrade,
	[KPW_CLIENT] = on_client,
};

/* One message; false: there is none. */
static bool hear(struct keeper *k, struct kpr_child *from)
{
	struct kpw_got got;

	switch (kpw_recv(from->channel, KPW_KEEPER, &got)) {
	case KPW_GOT:
		if (handlers[got.m.kind])
			handlers[got.m.kind](k, from, &got);
		kpw_drop(&got);
		return true;
	case KPW_END:			/* its death comes as a signal */
		loop_unwatch(from->watch);
		from->watch = NULL;
		if (from == &k->engine && k->phase == KPR_KEEPING && k->lived &&
		    k->spare.ready && !k->upgrade.let_go)
			engine_vanished(k);
		break;
	case KPW_BAD:
		log_printf(k->log, LOG_LVL_ERROR, "Engine, PID %d, says what makes no sense: it is "
			   "ended", (int)from->pid);
		kill(from->pid, SIGKILL);
		break;
	case KPW_EMPTY:
		break;
	}
	return false;
}

void kpr_on_message(void *ctx, int fd)
{
	struct keeper *k = ctx;

	hear(k, fd == k->engine.channel ? &k->engine : &k->spare);
}

/* What an engine said before it ended. */
static void drain(struct keeper *k)
{
	while (k->engine.watch && k->upgrade.let_go && hear(k, &k->engine))
		;
}

static void on_child(void *ctx, int signo)
{
	struct keeper *k = ctx;
	char how[80];
	int status;
	pid_t pid;

	(void)signo;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		lrl_receive(k->log_ends[0], k->log);	/* its last words come before its end */
		if (pid == k->engine.pid)
			drain(k);
		if (pid == k->engine.pid)
			engine_ended(k, pid, status);
		else if (pid == k->spare.pid)
			spare_ended(k, pid, status);
		else if (pid == k->gone)
			log_printf(k->log, LOG_LVL_ERROR, "Engine, PID %d, %s", (int)pid,
				   how_ended(status, how, sizeof(how)));
		if (pid != k->runner.pid)
			continue;
		log_printf(k->log, LOG_LVL_ERROR, "Script runner, PID %d, %s", (int)pid,
			   how_ended(status, how, sizeof(how)));
		krn_died(k);
	}
}

static void on_log(void *ctx, int fd)
{
	struct keeper *k = ctx;

	lrl_receive(fd, k->log);
}

/* ---- what the operator wants ---- */

static void on_stop(void *ctx, int signo)
{
	struct keeper *k = ctx;

	if (signo == SIGINT && k->o->options->ignore_sigint)
		return;
	if (k->phase == KPR_STOPPING)
		return;
	sdn_stopping(k->o->systemd);
	log_printf(k->log, LOG_LVL_INFO, "Stopping");
	k->phase = KPR_STOPPING;
	if (!k->engine.pid) {
		end(k, EXIT_SUCCESS);
		return;
	}
	kpw_say(k->engine.channel, KPW_STOP, 0, 0);
	loop_timer_at(k->stop_timer, loop_now_us() + STOP_PATIENCE_US);
}

/* It does not stop: the spare releases what it held. */
static void stop_late(void *ctx)
{
	struct keeper *k = ctx;

	log_printf(k->log, LOG_LVL_ERROR, "Engine, PID %d, does not stop: it is ended",
		   (int)k->engine.pid);
	kill(k->engine.pid, SIGKILL);
}

static void on_hangup(void *ctx, int signo)
{
	struct keeper *k = ctx;

	(void)signo;
	krl_begin(k);
}

/* keepalived's dump signals, sent by exporters and old habits: told, not died of. */
static void on_dump(void *ctx, int signo)
{
	struct keeper *k = ctx;

	(void)signo;
	log_limited(k->log, &k->dump_limit, loop_now_us(), DUMP_LOG_US, LOG_LVL_INFO,
		    "a signal asked for a dump to a file: ask holdfastctl status --json");
}

static bool hook_signals(struct keeper *k)
{
	const int dumps[] = { SIGUSR1, SIGUSR2, SIGRTMIN + 2, SIGRTMAX - 1, SIGRTMAX };

	for (size_t i = 0; i < sizeof(dumps) / sizeof(dumps[0]); i++)
		if (loop_on_signal(k->loop, dumps[i], on_dump, k))
			return false;
	return loop_on_signal(k->loop, SIGTERM, on_stop, k) == 0 &&
	       loop_on_signal(k->loop, SIGINT, on_stop, k) == 0 &&
	       loop_on_signal(k->loop, SIGHUP, on_hangup, k) == 0 &&
	       loop_on_signal(k->loop, SIGCHLD, on_child, k) == 0;
}

/* ---- life ---- */

/* Asked once: a directory server must not hold up the engine after a crash. */
static void find_user(struct keeper *k)
{
	char why[USERS_WHY_MAX];

	k->has_user = geteuid() == 0 &&
		      users_resolve(EPR_USER, NULL, &k->user, why, sizeof(why));
	if (!k->has_user && geteuid() == 0)
		log_printf(k->log, LOG_LVL_WARN, "%s: the engine stays root, with fewer rights; "
			   "scripts/install and systemd-sysusers make that user", why);
}

/* Before there is an engine. */
static bool allow_scripts(const struct keeper *k, char *why, size_t size)
{
	int error = scr_allow(&k->runner, k->cfg);

	if (!error)
		error = runner_settle(&k->runner, true);
	snprintf(why, size, "cannot tell the runner what it may run: %s", strerror(error));
	return error == 0;
}

static bool open_loop(struct keeper *k)
{
	const struct ldr_handlers loaded = { .ctx = k, .loaded = krl_loaded };

	k->loop = loop_new();
	if (!k->loop || !hook_signals(k))
		return false;
	k->loader = ldr_new(k->loop, &k->source, k->o->options, k->log, &loaded);
	k->log_watch = loop_watch_read(k->loop, k->log_ends[0], LOOP_NORMAL, on_log, k);
	k->spare_timer = loop_timer_new(k->loop, LOOP_NORMAL, spare_due, k);
	k->ready_timer = loop_timer_new(k->loop, LOOP_NORMAL, ready_late, k);
	k->rest_timer = loop_timer_new(k->loop, LOOP_NORMAL, rested, k);
	k->stop_timer = loop_timer_new(k->loop, LOOP_NORMAL, stop_late, k);
	return k->loader && k->log_watch && k->spare_timer && k->ready_timer && k->rest_timer &&
	       k->stop_timer && kup_init(k) && krn_init(k) && ksd_init(k);
}

/* What another start would find taken. */
static bool claim(struct keeper *k, char *why, size_t size)
{
	if (!kcl_claim(k, why, size) || !allow_scripts(k, why, size))
		return false;
	prv_report(k->log);
	k->journal = rec_file(k->o->options->journal, k->cfg, k->log);
	ksd_resume(k, k->o->stored);
	if (!k->record)
		k->record = rec_new(RECORD_MOST);
	snprintf(why, size, "cannot make the resume record: %s", strerror(errno));
	return k->record && !lrl_pair(k->log_ends);
}

/* What every engine is started with. */
static bool find_program(struct keeper *k, char *why, size_t size)
{
	struct diag_list none;

	diag_init(&none);
	k->source = (struct rol_source){ .exe = spw_self(), .argv = k->o->argv };
	k->config = k->source.exe < 0 ? -1 : crs_write(k->cfg, &none);
	snprintf(why, size, "cannot %s: %s", k->source.exe < 0 ? "find the program's own file" :
		 "write the configuration down", strerror(errno));
	return k->config >= 0;
}

static bool build(struct keeper *k, char *why, size_t size)
{
	const struct hov *past = k->o->past;
	const char *wrong = "";

	if (past && !kup_take_over(k, past, &wrong)) {
		snprintf(why, size, "cannot take over: %s", wrong);
		return false;
	}
	if (!past && !claim(k, why, size))
		return false;
	if (!find_program(k, why, size))
		return false;
	find_user(k);
	if (!open_loop(k) || (past && !kup_take_engine(k, past))) {
		snprintf(why, size, "cannot start the event loop: %s", strerror(errno));
		return false;
	}
	if (!past)
		ksd_store(k);
	return true;
}

static void close_some(const int *fds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

/* The reverse of build(); also after a build that failed half way. */
static void dismantle(struct keeper *k)
{
	pid_t spare = k->spare.pid;

	kpr_drop_spare(k);
	if (spare)
		waitpid(spare, NULL, 0);
	forget(&k->engine);
	krn_free(k);
	kup_free(k);
	give_clients(k);
	ldr_free(k->loader);
	if (k->log_watch)
		lrl_receive(k->log_ends[0], k->log);
	loop_unwatch(k->log_watch);
	close_some(k->log_ends, 2);
	close_some(&k->journal, 1);
	if (k->record && k->phase == KPR_STOPPING)
		rec_clear(k->record);	/* somebody may have kept it */
	rec_free(k->record);
	ksk_free(&k->sockets);
	loop_timer_free(k->spare_timer);
	loop_timer_free(k->ready_timer);
	loop_timer_free(k->rest_timer);
	loop_timer_free(k->stop_timer);
	loop_timer_free(k->tick_timer);
	loop_free(k->loop);
	if (k->tried)
		close(k->tried_config);
	close_some(&k->config, 1);
	close_some(&k->source.exe, 1);
	cfg_free(k->tried);
	cfg_free(k->cfg);
	kcl_release(k);
}

int kpr_run(const struct kpr_options *options)
{
	struct keeper k = {
		.o = options, .log = options->log, .runner = options->runner,
		.cfg = options->cfg, .front = options->front,
		.lock = -1, .control.fd = -1, .log_ends = { -1, -1 }, .journal = -1,
		.config = -1, .source.exe = -1, .engine.channel = -1, .spare.channel = -1,
		.next = KPW_FRESH, .rest_us = REST_LEAST_US,
		.status = EXIT_FAILURE,
	};
	char why[KPR_SENTENCE_MAX] = "";
	int error;

	signal(SIGPIPE, SIG_IGN);	/* of the log's thread */
	prv_raise_limits();
	if (!build(&k, why, sizeof(why))) {
		complain(&k, why);
	} else {
		prv_realtime();		/* an engine that cannot have it says so */
		kpr_prepare(&k);	/* at the start, once: whoever started us waits */
		bool there = k.spare.pid || k.engine.pid;
		if (!there)
			complain(&k, "there is no engine, so there is nothing to keep");
		error = there ? loop_run(k.loop) : 0;
		if (error)
			log_printf(k.log, LOG_LVL_ERROR, "the event loop failed: %s",
				   strerror(error));
	}
	dismantle(&k);
	dmz_ready(k.front, k.status ? k.status : EXIT_FAILURE);
	return k.status;
}
