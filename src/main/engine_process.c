/*
 * The engine's process.
 *
 * It must be able to begin within a millisecond of its predecessor's death, so all that can be done
 * in advance is done before it waits for GO: the configuration, the memory, the kernel's sockets.
 * What follows GO is what only the living engine may do: watch the kernel, take clients, write the
 * journal.
 */
#include "main/engine_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "ctl/ctl.h"
#include "engine/engine.h"
#include "main/crossing.h"
#include "main/recorder.h"
#include "main/version.h"
#include "sys/ctlsock.h"
#include "sys/daemonize.h"
#include "sys/jobs.h"
#include "sys/keepwire.h"
#include "sys/limits.h"
#include "sys/lockfile.h"
#include "sys/logrelay.h"
#include "sys/loop.h"
#include "sys/port_linux.h"
#include "sys/priv.h"
#include "sys/record.h"
#include "sys/sandbox.h"
#include "sys/script_env.h"
#include "sys/spawn.h"
#include "sys/vrrp_pool.h"

#define FAREWELL_US INT64_C(40000)	/* a stop waits no longer for the kernel's last answers */
#define RECORD_LOG_US INT64_C(60000000)
#define JOURNAL_FLUSH_US INT64_C(200000)
#define SENTENCE_MAX 400
#define CHANNEL_FD 512			/* above what most hosts ever have open */

struct process {
	const struct epr_options *o;
	struct cfg *cfg;		/* what it begins with; NULL: the engine has it */
	int channel;
	struct lrl relay;
	struct log log;
	struct loop *loop;
	struct loop_watch *keeper;
	struct port_events events;
	struct jobs *jobs;
	struct vpl *pool;		/* where VRRP's sockets come from */
	struct plx *port;
	struct engine *engine;
	struct recorder *recorder;
	struct rec *record;
	struct ctl *ctl;
	struct csk *socket;
	struct loop_timer *farewell, *release;
	struct log_limit record_limit;
	enum kpw_start start;
	int null;			/* for the time when files cannot be opened any more */
	bool stopping;
	bool orphan;
	bool let_go;			/* another engine goes on: nothing is said outside */
};

/* ---- reload ---- */

/* The keeper has it read; this process opens no file. */
static bool want_reload(void *ctx, uint64_t ticket)
{
	const struct process *p = ctx;

	return kpw_say(p->channel, KPW_WANT_RELOAD, 0, ticket) == 0;
}

static void refused(struct process *p, uint64_t ticket, const char *why,
		    const struct diag_list *diags)
{
	eng_reload_refused(p->engine, why);
	ctl_outcome(p->ctl, REQ_RELOAD, ticket, why, diags);
}

static bool put_to_work(struct process *p, int fd, struct diag_list *diags, char *why, size_t size)
{
	char wrong[CRS_WHY_MAX];
	struct cfg *cfg;

	if (p->stopping) {
		snprintf(why, size, "the daemon is stopping");
		return false;
	}
	if (!crs_read(fd, &cfg, diags, wrong)) {
		snprintf(why, size, "the configuration cannot be taken over: %s", wrong);
		return false;
	}
	if (!cfg) {
		snprintf(why, size, "there is no configuration to take over");
		return false;
	}
	if (!eng_reload(p->engine, cfg)) {
		cfg_free(cfg);
		snprintf(why, size, "out of memory");
		return false;
	}
	rec_reloaded(p->recorder, p->o->options->journal, cfg, &p->log);
	return true;
}

/* ---- stop ---- */

/* The kernel has answered the last deletion, or its time is over. */
static void after_farewell(void *ctx)
{
	struct process *p = ctx;

	loop_stop(p->loop);
}

static void leave(struct process *p)
{
	if (p->stopping)
		return;
	p->stopping = true;
	eng_stop(p->engine);
	if (eng_idle(p->engine)) {
		loop_stop(p->loop);
		return;
	}
	loop_timer_at(p->farewell, loop_now_us() + FAREWELL_US);
}

/* ---- between the socket and ctl ---- */

static void on_request(void *ctx, struct csk_client *client, const char *line, size_t len)
{
	struct process *p = ctx;
	struct csk_peer who = csk_peer(client);
	struct ctl_peer peer = { .client = client, .uid = who.uid, .pid = who.pid };
	struct ctl_reply reply;

	ctl_handle(p->ctl, &peer, line, len, &reply);
	if (!reply.later && (!reply.line || !csk_send(client, reply.line, reply.len)))
		csk_close(client);
	else if (reply.watching)
		csk_stream(client);
	else if (reply.later)
		csk_await(client);
	ctl_reply_free(&reply);
}

static void on_closed(void *ctx, struct csk_client *client)
{
	struct process *p = ctx;

	if (p->ctl)
		ctl_gone(p->ctl, client);
}

static bool send_event(void *ctx, void *client, const char *line, size_t len)
{
	(void)ctx;
	return csk_send(client, line, len);
}

/* ---- between the keeper and the engine ---- */

static void on_reload(struct process *p, struct kpw_got *got)
{
	struct kpw answer = { .kind = KPW_RELOADED };

	struct diag_list diags;

	diag_init(&diags);
	answer.arg = put_to_work(p, got->fds[0], &diags, answer.text, sizeof(answer.text));
	kpw_send(p->channel, &answer, NULL, 0);
	if (answer.arg)
		ctl_outcome(p->ctl, REQ_RELOAD, got->m.value, NULL, &diags);
	else
		refused(p, got->m.value, answer.text, &diags);
	diag_free(&diags);
}

static void on_no_reload(struct process *p, struct kpw_got *got)
{
	char wrong[CRS_WHY_MAX];
	struct diag_list diags;

	diag_init(&diags);
	if (got->n_fds && !crs_read(got->fds[0], NULL, &diags, wrong))
		log_printf(&p->log, LOG_LVL_ERROR, "the diagnoses of a reload are of no use: %s",
			   wrong);
	refused(p, got->m.value, got->m.text, &diags);
	diag_free(&diags);
}

static void on_stop(struct process *p, struct kpw_got *got)
{
	(void)got;
	leave(p);
}

/* The old one's runs are answered as lost. */
static void on_runner(struct process *p, struct kpw_got *got)
{
	int error = jobs_restart(p->jobs, got->fds[0]);

	got->fds[0] = -1;
	if (error)
		log_printf(&p->log, LOG_LVL_ERROR, "the new script runner is of no use: %s",
			   strerror(error));
}

static void on_ping(struct process *p, struct kpw_got *got)
{
	kpw_say(p->channel, KPW_PONG, 0, got->m.value);
}

static void on_sockets(struct process *p, struct kpw_got *got)
{
	for (size_t i = 0; i < got->n_fds; i++)
		vpl_give(p->pool, got->fds[i]);
	got->n_fds = 0;
}

static void want_socket(void *ctx, uint8_t family)
{
	struct process *p = ctx;

	kpw_say(p->channel, KPW_WANT_SOCKET, family, 0);
}

static void socket_closed(void *ctx, uint64_t cookie)
{
	struct process *p = ctx;

	if (!p->let_go)			/* else the next engine goes on with it */
		kpw_say(p->channel, KPW_SOCKET_CLOSED, 0, cookie);
}

/* What it has begun to write and not ended goes along, unless it is longer than fits. */
static void keep_client(void *ctx, const struct csk_client *client, int fd, const char *rest,
			size_t len)
{
	const struct process *p = ctx;
	struct kpw m = { .kind = KPW_CLIENT, .arg = ctl_keepsake(p->ctl, client) };

	if (len < sizeof(m.text) && !memchr(rest ? rest : "", '\0', len)) {
		memcpy(m.text, rest ? rest : "", len);
		kpw_send(p->channel, &m, &fd, 1);
	}
	close(fd);
}

/* Everything is in the record. */
static void on_let_go(struct process *p, struct kpw_got *got)
{
	(void)got;
	p->let_go = true;
	csk_hand_over(p->socket, keep_client, p);
	kpw_say(p->channel, KPW_LEFT, 0, 0);
	loop_stop(p->loop);
}

static void on_take_client(struct process *p, struct kpw_got *got)
{
	struct csk_client *client;
	struct ctl_reply reply;

	client = csk_take(p->socket, got->fds[0], got->m.text, strlen(got->m.text));
	got->n_fds = 0;
	if (!client)
		return;
	ctl_take(p->ctl, client, got->m.arg, &reply);
	if (reply.line)
		csk_send(client, reply.line, reply.len);
	if (reply.watching)
		csk_stream(client);
	ctl_reply_free(&reply);
}

static void (*const handlers[KPW_N_KINDS])(struct process *p, struct kpw_got *got) = {
	[KPW_STOP] = on_stop,
	[KPW_RELOAD] = on_reload,
	[KPW_NO_RELOAD] = on_no_reload,
	[KPW_PING] = on_ping,
	[KPW_RUNNER] = on_runner,
	[KPW_SOCKETS] = on_sockets,
	[KPW_LET_GO] = on_let_go,
	[KPW_TAKE_CLIENT] = on_take_client,
};

static void keeper_gone(struct process *p)
{
	loop_unwatch(p->keeper);
	p->keeper = NULL;
	log_printf(&p->log, LOG_LVL_ERROR, "The keeper is gone: leaving");
	p->orphan = true;
	leave(p);
}

static void on_keeper(void *ctx, int fd)
{
	struct process *p = ctx;
	struct kpw_got got;
	enum kpw_result result = kpw_recv(fd, KPW_ENGINE, &got);

	if (result == KPW_END)
		keeper_gone(p);
	if (result != KPW_GOT)
		return;
	if (handlers[got.m.kind])
		handlers[got.m.kind](p, &got);
	kpw_drop(&got);
}

/* One that is only to release has now what it needs for it; but a hook must not call back. */
static void on_started(void *ctx)
{
	struct process *p = ctx;

	kpw_say(p->channel, KPW_STARTED, 0, 0);
	vpl_settle(p->pool);
	if (p->start == KPW_RELEASE)
		loop_timer_at(p->release, loop_now_us());
}

static void release_due(void *ctx)
{
	leave(ctx);
}

/* ---- coming to life ---- */

/* -d: the canonical form, without secrets, a line at a time. */
static void log_config(const struct process *p)
{
	char *text = NULL, *save = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&text, &len);

	bool good = to && cfg_dump(eng_cfg(p->engine), CFG_KEEPALIVED, false, to);
	if (to)
		good = fclose(to) == 0 && good && text;
	if (!good)
		log_printf(&p->log, LOG_LVL_ERROR, "the configuration is not shown: out of memory");
	char *line = good ? strtok_r(text, "\n", &save) : NULL;
	for (; line; line = strtok_r(NULL, "\n", &save))
		log_printf(&p->log, LOG_LVL_INFO, "%s", line);
	free(text);
}

static bool read_config(struct process *p, char *why, size_t size)
{
	int fd = p->o->fds[EPR_CONFIG];
	char wrong[CRS_WHY_MAX] = "there is none";

	bool good = crs_read(fd, &p->cfg, NULL, wrong) && p->cfg;
	close(fd);
	if (!good)
		snprintf(why, size, "cannot read the configuration: %s", wrong);
	return good;
}

/* All that can be done in advance. */
static bool build(struct process *p, char *why, size_t size)
{
	struct plx_options options = { 0 };
	const char *wrong;

	if (!read_config(p, why, size))
		return false;
	snprintf(why, size, "cannot start the event loop");
	p->loop = options.loop = loop_new();
	if (!p->loop) {
		snprintf(why, size, "cannot start the event loop: %s", strerror(errno));
		return false;
	}
	p->farewell = loop_timer_new(p->loop, LOOP_URGENT, after_farewell, p);
	p->release = loop_timer_new(p->loop, LOOP_URGENT, release_due, p);
	p->keeper = loop_watch_read(p->loop, p->channel, LOOP_URGENT, on_keeper, p);
	p->jobs = options.jobs = jobs_open(p->o->fds[EPR_RUNNER], &p->events, &p->log);
	p->pool = options.pool = vpl_new(&(struct vpl_supply){
		.ctx = p, .want = want_socket, .closed = socket_closed,
	});
	if (!p->farewell || !p->release || !p->keeper || !p->jobs || !p->pool)
		return false;
	p->port = plx_new(&options, &p->events, &p->log);
	if (!p->port) {
		snprintf(why, size, "cannot open the kernel's interfaces: %s", strerror(errno));
		return false;
	}
	p->record = rec_over(p->o->fds[EPR_RECORD], &wrong);
	if (!p->record)
		snprintf(why, size, "cannot use the resume record: %s", wrong);
	return p->record;
}

/* The reverse of build() and begin(); also after a build that failed half way. */
static void dismantle(struct process *p)
{
	csk_free(p->socket);
	plx_free(p->port);
	vpl_free(p->pool);
	eng_free(p->engine);
	cfg_free(p->cfg);
	if (p->record && p->orphan)
		rec_clear(p->record);	/* systemd may have kept it */
	rec_free(p->record);
	rec_close(p->recorder, JOURNAL_FLUSH_US);
	ctl_free(p->ctl);
	p->ctl = NULL;
	jobs_close(p->jobs);
	loop_unwatch(p->keeper);
	loop_timer_free(p->farewell);
	loop_timer_free(p->release);
	loop_free(p->loop);
}

/* Only the first engine talks of what is the same for all. */
static void settle_rights(struct process *p)
{
	int error;

	error = lck_mark(p->o->lock);
	if (error)
		log_printf(&p->log, LOG_LVL_ERROR, "cannot mark %s, so a later start cannot know "
			   "this engine: %s", p->o->lock, strerror(error));
	p->null = dmz_null();
	lim_bound_files(p->o->fds[EPR_JOURNAL]);
	error = prv_realtime();
	if (error && error != EPERM && p->o->first)	/* EPERM: the keeper has said it */
		log_printf(&p->log, LOG_LVL_INFO, "no real-time scheduling (%s): adverts may be "
			   "late on a busy host", strerror(error));
	error = prv_drop(p->o->user);
	if (error && p->o->first)
		log_printf(&p->log, LOG_LVL_WARN, "the engine cannot give up all rights%s%s: %s",
			   p->o->user ? " and become user " : "",
			   p->o->user ? EPR_USER : "", strerror(error));
	error = sbx_enter();
	if (error && p->o->first)
		log_printf(&p->log, LOG_LVL_WARN, "the engine cannot be confined to the system "
			   "calls that it needs: %s", strerror(error));
}

/* How many sockets of FAMILY the configuration needs, with some for a reload. */
static uint32_t needed(const struct vr_config *vr, uint8_t family)
{
	bool *seen = calloc(vr->n_ifaces + 1u, sizeof(*seen));
	uint32_t n = VPL_RESERVE;

	for (uint16_t i = 0; seen && i < vr->n_insts; i++) {
		const struct vr_inst_conf *inst = &vr->insts[i];

		if (inst->family != family || seen[inst->iface])
			continue;
		seen[inst->iface] = true;
		n++;
	}
	free(seen);
	return n;
}

/* One message to a spare. True: its waiting is over. */
static bool heed(struct process *p, struct kpw_got *got, bool *go)
{
	if (got->m.kind == KPW_SOCKETS)
		on_sockets(p, got);
	if (got->m.kind == KPW_PING)
		on_ping(p, got);
	kpw_drop(got);
	*go = got->m.kind == KPW_GO && got->m.arg < KPW_N_STARTS;
	if (*go)
		p->start = (enum kpw_start)got->m.arg;
	return *go || got->m.kind == KPW_STOP;
}

/* The spare's life: true when it is to begin. Nothing else is watched, for what comes from the
 * runner or the kernel is the living engine's. */
static bool wait_for_go(struct process *p)
{
	struct pollfd channel = { .fd = p->channel, .events = POLLIN };
	const struct vr_config *vr = &p->cfg->vr;
	struct kpw_got got;
	bool go = false;

	kpw_say(p->channel, KPW_READY, needed(vr, IP_V4), needed(vr, IP_V6));
	for (;;) {
		enum kpw_result result = kpw_recv(p->channel, KPW_ENGINE, &got);

		if (result == KPW_END || (result == KPW_GOT && heed(p, &got, &go)))
			return go;
		if (result == KPW_EMPTY)
			poll(&channel, 1, -1);
	}
}

/* As the record has it; NULL: the log says why, and a fresh start is the way. */
static struct engine *resume(struct process *p)
{
	struct engine *engine = NULL;
	struct rec_copy copy;
	const char *why;

	if (rec_get(p->record, &copy, &why)) {
		struct eng_past past = {
			.data = copy.data, .len = copy.len, .served_us = copy.served_us,
		};

		engine = eng_resume(p->cfg, &past, plx_port(p->port), &p->log, &why);
		free(copy.data);
	}
	if (!engine)
		log_printf(&p->log, LOG_LVL_WARN, "The engine starts afresh: %s", why);
	return engine;
}

static void on_record(void *ctx, const void *data, size_t len)
{
	struct process *p = ctx;

	if (rec_put(p->record, data, len, loop_now_us()))
		return;
	rec_clear(p->record);		/* what stands there is not true any more */
	log_limited(&p->log, &p->record_limit, loop_now_us(), RECORD_LOG_US, LOG_LVL_ERROR,
		    "the state of all instances has no room in the resume record: if the engine "
		    "dies, the next one starts afresh");
}

static void on_served(void *ctx, int64_t at_us)
{
	struct process *p = ctx;

	rec_served(p->record, at_us);
}

static bool make_engine(struct process *p)
{
	struct ctl_host host = {
		.ctx = p, .version = HOLDFAST_VERSION, .pid = p->o->keeper, .uid = p->o->owner,
		.log = &p->log, .reload = want_reload, .send = send_event,
	};	/* ctl_new() copies it */
	bool resumed;

	if (p->start != KPW_FRESH)
		p->engine = resume(p);
	resumed = p->engine;
	if (!p->engine)
		p->engine = eng_new(p->cfg, plx_port(p->port), &p->log);
	if (!p->engine)
		return false;
	p->cfg = NULL;
	if (!resumed && p->o->options->adopt_leftovers)
		eng_adopt_leftovers(p->engine);
	eng_hook(p->engine, &(struct eng_hooks){
		.ctx = p, .started = on_started, .idle = after_farewell, .record = on_record,
		.served = on_served,
	});
	p->events = eng_events(p->engine);
	p->ctl = ctl_new(p->engine, &host);
	p->recorder = rec_open(p->o->fds[EPR_JOURNAL], p->engine, p->o->options->journal,
			       plx_port(p->port), &p->log);
	if (p->ctl && resumed)
		eng_go_on(p->engine);
	return p->ctl;
}

static bool begin(struct process *p, char *why, size_t size)
{
	struct csk_options options = {
		.fd = p->o->fds[EPR_CONTROL], .owner = p->o->owner, .busy = ctl_busy,
		.log = &p->log,
	};
	struct csk_handlers on = { .ctx = p, .request = on_request, .closed = on_closed };

	snprintf(why, size, "out of memory");
	if (!make_engine(p))
		return false;
	prctl(PR_SET_NAME, EPR_ENGINE_NAME, 0, 0, 0);
	if (!p->o->options->foreground)
		dmz_leave_terminal(p->null);
	if (p->o->first && p->o->options->log_config)
		log_config(p);
	plx_start(p->port);
	p->socket = csk_new(p->loop, &options, &on);
	if (!p->socket)
		snprintf(why, size, "cannot take control connections: %s", strerror(errno));
	return p->socket;
}

static int serve(struct process *p, char *why, size_t size)
{
	if (!begin(p, why, size))
		return EXIT_FAILURE;
	int error = loop_run(p->loop);
	if (error == 0)
		return EXIT_SUCCESS;
	snprintf(why, size, "the event loop failed: %s", strerror(error));
	return EXIT_FAILURE;
}

/* A signal to the whole group is the keeper's to answer: it says what is to be done. */
static void ignore_signals(void)
{
	const int ignored[] = { SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGUSR2, SIGPIPE, SIGRTMIN + 2,
				SIGRTMAX - 1, SIGRTMAX };

	for (size_t i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], SIG_IGN);
}

static void complain(const struct process *p, const char *why)
{
	const struct options *o = p->o->options;

	log_printf(&p->log, LOG_LVL_ERROR, "%s", why);
	if (p->o->first && !(o->foreground && o->log_console))
		fprintf(stderr, "holdfastd: %s\n", why);
}

/* Last come, first closed: the keeper hears of our death before the kernel takes the rest. */
static int lift_channel(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, CHANNEL_FD);

	if (high < 0)
		return fd;
	close(fd);
	return high;
}

int epr_run(const struct epr_options *options)
{
	struct process p = { .o = options, .channel = lift_channel(options->fds[EPR_CHANNEL]) };
	char why[SENTENCE_MAX] = "";
	int status = EXIT_SUCCESS;

	senv_wipe(environ);
	ignore_signals();
	spw_settle(EPR_SPARE_NAME);
	lrl_log(&p.relay, options->fds[EPR_LOG], options->level, &p.log);
	if (!build(&p, why, sizeof(why))) {
		status = EXIT_FAILURE;
	} else {
		settle_rights(&p);
		if (wait_for_go(&p))
			status = serve(&p, why, sizeof(why));
	}
	if (status)
		complain(&p, why);
	dismantle(&p);
	return status;
}
