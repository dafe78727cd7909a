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
#include "sys/limits.h"
#include "sys/logrelay.h"
#include "sys/priv.h"
#include "sys/spawn.h"

#define US_PER_S INT64_C(1000000)
#define DEATHS_WITHIN_US (10 * US_PER_S)	/* KPR_DEATHS_MAX in so long a time are too many */
#define REST_LEAST_US (5 * US_PER_S)
#define REST_MOST_US (60 * US_PER_S)
#define UNTOLD (-1)			/* no status of wait(2) */
#define NONE_US (10 * US_PER_S)		/* so long an engine is waited for that is to release */
#define NONE_KEEPING_US (60 * US_PER_S)	/* and one that is to go on */
#define RECORD_LEAST (32u << 20)	/* for 20,000 instances; untouched it costs nothing */
#define RECORD_EACH 1536u		/* octets of an instance with long reasons */
#define SOCKET_LOG_US (60 * US_PER_S)
#define DUMP_LOG_US (60 * US_PER_S)

/* ---- engines ---- */

/* How an engine begins that is wanted in this phase. */
static const enum kpw_start starts[KPR_N_PHASES] = {
	[KPR_STARTING] = KPW_RESUME, [KPR_KEEPING] = KPW_RESUME, [KPR_TAKING_OVER] = KPW_RESUME,
	[KPR_RELEASING] = KPW_RELEASE, [KPR_RELEASING_ANEW] = KPW_RELEASE,
	[KPR_RESTING] = KPW_FRESH,
	[KPR_STOPPING] = KPW_RELEASE, [KPR_STOPPING_ALONE] = KPW_RELEASE,
};

/* The one that waits becomes the engine. */
static void promote(struct keeper *k)
{
	loop_timer_at(k->none_timer, VR_NEVER);
	k->engine = k->spare;
	k->spare = (struct kpr_child){ .channel = -1 };
	kpr_turn(k, &k->engine, k->next == KPW_RELEASE ? KPR_ENDING : KPR_RUNNING);
	k->held = true;
	k->wanted = k->loading_for = 0;	/* its clients have not asked for anything yet */
	ksk_send(&k->sockets, k->engine.channel);
	kpw_say(k->engine.channel, KPW_GO, k->next, k->engines++);
}

/* An engine is wanted and there is none. */
static void replace(struct keeper *k)
{
	int64_t most = k->phase == KPR_KEEPING ? NONE_KEEPING_US : NONE_US;

	if (k->spare.pid && k->spare.state == KPR_READY) {
		promote(k);
		return;
	}
	loop_timer_at(k->none_timer, loop_now_us() + most);
	kpr_prepare(k);
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

/* ---- what follows from an event: main/keeper_rules.h ---- */

static void do_nothing(struct keeper *k)
{
	(void)k;
}

static void do_begin(struct keeper *k)
{
	if (!k->lived)
		log_printf(k->log, LOG_LVL_INFO, "Startup complete");
	k->lived = true;
	kup_done(k);
	dmz_ready(k->front, 0);
	k->front = -1;
	sdn_ready(k->o->systemd);
	kpr_prepare(k);
	if (k->reload_first)
		krl_begin(k);
	k->reload_first = false;
}

static void do_replace(struct keeper *k)
{
	k->next = starts[k->phase];
	replace(k);
}

static void do_anew(struct keeper *k)
{
	rec_clear(k->record);
	k->next = k->phase == KPR_KEEPING ? KPW_FRESH : starts[k->phase];
	replace(k);
}

static void do_go_on(struct keeper *k)
{
	log_printf(k->log, LOG_LVL_INFO, "Upgraded to Holdfast v%s", HOLDFAST_VERSION);
	do_replace(k);
	give_clients(k);
	if (k->load_again)
		krl_begin(k);
}

static void do_promote(struct keeper *k)
{
	if (!k->engine.pid)
		promote(k);
}

static void do_stay(struct keeper *k)
{
	kup_failed(k, "the new engine ended before it began");
	kpr_prepare_soon(k);
}

/* One that is being ended already ends by that. */
static void do_tell_stop(struct keeper *k)
{
	if (k->engine.state == KPR_DYING)
		return;
	kpw_say(k->engine.channel, KPW_STOP, 0, 0);
	kpr_turn(k, &k->engine, KPR_ENDING);
}

static void end(struct keeper *k, int status)
{
	k->status = status;
	loop_stop(k->loop);
}

static void do_end(struct keeper *k)
{
	end(k, EXIT_SUCCESS);
}

static void do_end_failed(struct keeper *k)
{
	if (k->held)
		kpr_clear(k);
	end(k, k->said ? k->said : EXIT_FAILURE);
}

static void do_release(struct keeper *k)
{
	if (k->held)
		do_replace(k);
	else
		end(k, EXIT_SUCCESS);
}

static void do_rest(struct keeper *k)
{
	int64_t longer = 2 * k->rest_us;

	loop_timer_at(k->none_timer, VR_NEVER);
	log_printf(k->log, LOG_LVL_ERROR, "The engine rests for %lld s",
		   (long long)(k->rest_us / US_PER_S));
	loop_timer_at(k->rest_timer, loop_now_us() + k->rest_us);
	k->rest_us = longer < REST_MOST_US ? longer : REST_MOST_US;
}

static void do_clear_and_rest(struct keeper *k)
{
	kpr_clear(k);
	do_rest(k);
}

static void happen(struct keeper *k, enum kpr_event event)
{
	static void (*const acts[KPR_N_ACTS])(struct keeper *k) = {
		[KPR_DO_NOTHING] = do_nothing, [KPR_DO_BEGIN] = do_begin,
		[KPR_DO_REPLACE] = do_replace, [KPR_DO_ANEW] = do_anew, [KPR_DO_GO_ON] = do_go_on,
		[KPR_DO_PROMOTE] = do_promote, [KPR_DO_LET_GO] = kup_ready,
		[KPR_DO_TRY_AGAIN] = kpr_prepare_soon, [KPR_DO_STAY] = do_stay,
		[KPR_DO_TELL_STOP] = do_tell_stop, [KPR_DO_RELEASE] = do_release,
		[KPR_DO_CLEAR] = kpr_clear, [KPR_DO_REST] = do_rest,
		[KPR_DO_CLEAR_AND_REST] = do_clear_and_rest, [KPR_DO_END] = do_end,
		[KPR_DO_END_FAILED] = do_end_failed,
	};
	struct kpr_rule rule = kpr_rule(k->phase, event);

	k->phase = rule.next;
	acts[rule.act](k);
}

bool kpr_stops(const struct keeper *k)
{
	return k->phase == KPR_STOPPING || k->phase == KPR_STOPPING_ALONE;
}

/* ---- the end of an engine ---- */

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

void kpr_complain(const struct keeper *k, const char *why)
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

static void rested(void *ctx)
{
	struct keeper *k = ctx;

	if (k->phase != KPR_RESTING)
		return;
	k->n_deaths = 0;
	ksk_free(&k->sockets);		/* what they heard is old */
	log_printf(k->log, LOG_LVL_INFO, "The engine begins again");
	happen(k, KPR_EV_RESTED);
}

static void none_due(void *ctx)
{
	struct keeper *k = ctx;

	if (!k->engine.pid)
		happen(k, KPR_EV_NONE);
}

/* Unasked. */
static enum kpr_event death(struct keeper *k, int status)
{
	if (!k->lived && WIFEXITED(status)) {	/* it has said why */
		k->said = WEXITSTATUS(status);
		return KPR_EV_FAILED;
	}
	if (!too_many(k, loop_now_us()))
		return KPR_EV_DIED;
	if (k->phase == KPR_KEEPING || k->phase == KPR_TAKING_OVER)
		log_printf(k->log, LOG_LVL_ERROR, "The engine has died %d times in %lld s: the "
			   "addresses are released", KPR_DEATHS_MAX,
			   (long long)(DEATHS_WITHIN_US / US_PER_S));
	return KPR_EV_DIED_AGAIN;
}

static void engine_ended(struct keeper *k, pid_t pid, int status)
{
	bool left = status == 0 && k->upgrade.let_go;
	bool ended = status == 0 && !left && k->engine.state == KPR_ENDING;
	char how[80];

	kpr_forget(k, &k->engine);
	k->upgrade.let_go = false;
	if (k->tried)
		krl_give_up(k, "the engine has died of it, or with it");
	if (!left && !ended && status != UNTOLD)
		log_printf(k->log, LOG_LVL_ERROR, "Engine, PID %d, %s", (int)pid,
			   how_ended(status, how, sizeof(how)));
	if (ended)
		k->held = false;
	happen(k, left ? KPR_EV_LEFT : ended ? KPR_EV_ENDED : death(k, status));
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
	bool late = k->spare.late;
	char how[80];

	kpr_forget(k, &k->spare);
	if (status != UNTOLD)
		log_printf(k->log, LOG_LVL_ERROR, "Engine, PID %d, %s before it began", (int)pid,
			   how_ended(status, how, sizeof(how)));
	if (!k->lived && status != UNTOLD && WIFEXITED(status))
		k->said = WEXITSTATUS(status);
	if (!k->lived && k->late >= KPR_FIRST_TRIES)
		late = false;
	happen(k, late ? KPR_EV_SPARE_LATE : KPR_EV_SPARE_ENDED);
}

void kpr_gone(struct keeper *k, struct kpr_child *c)
{
	k->gone = c->pid;
	if (c == &k->engine)
		engine_ended(k, k->gone, UNTOLD);
	else
		spare_ended(k, k->gone, UNTOLD);
}

/* ---- what engines say ---- */

static void on_ready(struct keeper *k, struct kpr_child *from, const struct kpw_got *got)
{
	int error;

	if (from != &k->spare)
		return;
	if (from->state != KPR_MAKING)
		return;
	kpr_turn(k, from, KPR_READY);
	k->late = 0;
	error = ksk_make(&k->sockets, IP_V4, got->m.arg);
	if (!error)
		error = ksk_make(&k->sockets, IP_V6, got->m.value);
	if (error)
		log_printf(k->log, LOG_LVL_ERROR, "cannot make sockets for adverts: %s",
			   strerror(error));
	happen(k, KPR_EV_READY);
}

static void on_started(struct keeper *k, struct kpr_child *from, const struct kpw_got *got)
{
	(void)got;
	if (from == &k->engine)
		happen(k, KPR_EV_STARTED);
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
		    k->spare.state == KPR_READY && !k->upgrade.let_go)
			engine_vanished(k);
		break;
	case KPW_BAD:
		log_printf(k->log, LOG_LVL_ERROR, "Engine, PID %d, says what makes no sense: it is "
			   "ended", (int)from->pid);
		kpr_kill(k, from);
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
		kup_ended(k, pid);
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
	if (kpr_stops(k))
		return;
	sdn_stopping(k->o->systemd);
	log_printf(k->log, LOG_LVL_INFO, "Stopping");
	krl_cancel(k);
	happen(k, k->engine.pid ? KPR_EV_STOP : KPR_EV_STOP_ALONE);
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
	k->rest_timer = loop_timer_new(k->loop, LOOP_NORMAL, rested, k);
	k->none_timer = loop_timer_new(k->loop, LOOP_NORMAL, none_due, k);
	return k->loader && k->log_watch && k->rest_timer && k->none_timer &&
	       kpr_children_init(k) && kup_init(k) && krn_init(k) && ksd_init(k);
}

/* Every process maps it: under a limit of address space (RLIMIT_AS) more would be in the way. */
static size_t record_size(const struct cfg *cfg)
{
	size_t all = (size_t)cfg->vr.n_insts * RECORD_EACH;

	return all > RECORD_LEAST ? all : RECORD_LEAST;
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
		k->record = rec_new(record_size(k->cfg));
	snprintf(why, size, "cannot make the resume record: %s", strerror(errno));
	k->held = k->next == KPW_RESUME;
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
	kpr_forget(k, &k->engine);
	krn_free(k);
	kup_free(k);
	give_clients(k);
	free(k->clients);
	ldr_free(k->loader);
	if (k->log_watch)
		lrl_receive(k->log_ends[0], k->log);
	loop_unwatch(k->log_watch);
	close_some(k->log_ends, 2);
	close_some(&k->journal, 1);
	if (k->record && kpr_stops(k))
		rec_clear(k->record);	/* somebody may have kept it */
	rec_free(k->record);
	ksk_free(&k->sockets);
	loop_timer_free(k->child_timer);
	loop_timer_free(k->spare_timer);
	loop_timer_free(k->rest_timer);
	loop_timer_free(k->none_timer);
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
		.status = EXIT_FAILURE, .children = { &k.engine, &k.spare },
	};
	char why[KPR_SENTENCE_MAX] = "";
	int error;

	signal(SIGPIPE, SIG_IGN);	/* of the log's thread */
	lim_raise();
	if (!build(&k, why, sizeof(why))) {
		kpr_complain(&k, why);
	} else {
		prv_realtime();		/* an engine that cannot have it says so */
		kpr_prepare(&k);	/* at the start, once: whoever started us waits */
		bool there = k.spare.pid || k.engine.pid;
		if (!there)
			kpr_complain(&k, "there is no engine, so there is nothing to keep");
		error = there ? loop_run(k.loop) : 0;
		if (error)
			log_printf(k.log, LOG_LVL_ERROR, "the event loop failed: %s",
				   strerror(error));
	}
	dismantle(&k);
	dmz_ready(k.front, k.status ? k.status : EXIT_FAILURE);
	return k.status;
}
