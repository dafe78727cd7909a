/*
 * The keeper makes place for a new binary.
 *
 * First the new one must prove, in a process of its own, that it can read the configuration and the
 * record. Then this process executes it: children, descriptors, the PID and whatever knows it stay.
 * The old engine goes on meanwhile; only when an engine of the new binary stands ready is it told
 * to let go. At every step before that the old engine is simply kept.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "main/keeper_parts.h"
#include "main/prover.h"
#include "main/version.h"
#include "sys/limits.h"
#include "sys/program.h"

#define PROOF_MOST_US INT64_C(10000000)
#define LOG_FLUSH_US INT64_C(200000)
#define SENTENCE_MAX 400

/* ---- refusing ---- */

static void shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void forget(struct kpr_upgrade *u)
{
	loop_unwatch(u->watch);
	shut(&u->pipe);
	shut(&u->config);
	shut(&u->binary);
	loop_timer_at(u->late, VR_NEVER);
	if (u->prover) {		/* it has nothing more to say, nor have its children */
		kill(-u->prover, SIGKILL);
		kill(u->prover, SIGKILL);	/* it may not lead its group yet */
	}
	u->watch = NULL;
	u->prover = 0;
	u->n_said = 0;
}

static void refuse(struct keeper *k, int asker, const char *why)
{
	log_printf(k->log, LOG_LVL_ERROR, "Upgrade refused, the running daemon goes on: %s", why);
	kus_answer(asker, why);
}

static void give_up(struct keeper *k, const char *why)
{
	struct kpr_upgrade *u = &k->upgrade;
	char sentence[SENTENCE_MAX + sizeof(u->name) + 2];

	snprintf(sentence, sizeof(sentence), "%s: %s", u->name, why);
	refuse(k, u->asker, sentence);
	u->asker = -1;
	forget(u);
}

void kup_failed(struct keeper *k, const char *why)
{
	k->phase = KPR_KEEPING;
	refuse(k, k->upgrade.asker, why);
	k->upgrade.asker = -1;
}

void kup_done(struct keeper *k)
{
	if (k->upgrade.binary >= 0)	/* it is an engine of ours, and the proof goes on */
		return;
	kus_answer(k->upgrade.asker, NULL);
	k->upgrade.asker = -1;
}

/* ---- the place is given ---- */

static void describe(const struct keeper *k, struct hov *h)
{
	*h = (struct hov){
		.fds = {
			[HOV_ENGINE] = k->engine.channel, [HOV_RUNNER] = k->runner.fd,
			[HOV_RUNNER_KEEPER] = k->runner.keeper,
			[HOV_LOCK] = k->lock, [HOV_CONTROL] = k->control.fd,
			[HOV_PID_FILE] = pidf_fd(k->pid_file),
			[HOV_LOG_IN] = k->log_ends[0], [HOV_LOG_OUT] = k->log_ends[1],
			[HOV_JOURNAL] = k->journal, [HOV_RECORD] = rec_fd(k->record),
			[HOV_CONFIG] = k->upgrade.config, [HOV_NOTIFY] = k->o->systemd->fd,
			[HOV_ASKER] = k->upgrade.asker,
		},
		.engine = k->engine.pid, .runner = k->runner.pid,
		.control_dev = k->control.dev, .control_ino = k->control.ino,
		.engines = k->engines,
		.open_files = lim_found().open_files, .timer_slack = lim_found().timer_slack,
	};
	memcpy(h->key, k->o->files->key, sizeof(h->key));
	memcpy(h->directory, k->o->options->directory, sizeof(h->directory));
	kus_describe(k->upgrade_socket, h);
}

/* Returns only when the kernel refuses. */
static void give_place(struct keeper *k)
{
	char number[16], why[SENTENCE_MAX];
	struct hov h;

	describe(k, &h);
	int fd = hov_write(&h, &k->sockets);
	if (fd < 0) {
		snprintf(why, sizeof(why), "cannot write the hand-over: %s", strerror(errno));
		give_up(k, why);
		return;
	}
	kpr_drop_spare(k);
	log_printf(k->log, LOG_LVL_INFO, "Giving place to %s", k->upgrade.name);
	lgr_flush(k->o->logger, LOG_FLUSH_US);
	snprintf(number, sizeof(number), "%d", fd);
	setenv(HOV_VARIABLE, number, 1);
	int error = prg_execute(k->upgrade.binary, k->o->argv, environ);
	unsetenv(HOV_VARIABLE);
	close(fd);
	hov_cancel(&h, &k->sockets);
	snprintf(why, sizeof(why), "it cannot be executed: %s", strerror(error));
	give_up(k, why);
	kpr_prepare(k);
}

/* ---- the proof ---- */

static void judge(struct keeper *k)
{
	struct kpr_upgrade *u = &k->upgrade;
	char proof[80], said[KPR_SAID_MAX], why[SENTENCE_MAX];

	u->said[u->n_said] = '\0';
	snprintf(proof, sizeof(proof), HOV_PROOF "%d\n", HOV_VERSION);
	if (k->phase != KPR_KEEPING || !k->engine.pid) {
		give_up(k, "the engine has died meanwhile");
	} else if (!strcmp(u->said, proof)) {
		give_place(k);
	} else {
		u->said[strcspn(u->said, "\n")] = '\0';
		snprintf(why, sizeof(why), "%s", u->n_said ?
			 log_clean(u->said, said, sizeof(said)) :
			 "it does not say that it can take over");
		give_up(k, why);
	}
}

static void on_said(void *ctx, int fd)
{
	struct keeper *k = ctx;
	struct kpr_upgrade *u = &k->upgrade;
	ssize_t n = read(fd, u->said + u->n_said, sizeof(u->said) - 1 - u->n_said);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		u->n_said += (size_t)n;
	if (n <= 0 || u->n_said == sizeof(u->said) - 1)
		judge(k);
}

static void on_late(void *ctx)
{
	struct keeper *k = ctx;

	give_up(k, "it did not say in ten seconds that it can take over");
}

void kup_ended(struct keeper *k, pid_t pid)
{
	if (pid == k->upgrade.prover)
		k->upgrade.prover = 0;	/* the number may be another's soon */
}

/* What it proves itself on cannot be the living engine's own: a bad one would write into that. */
static struct rec *copy_record(const struct keeper *k)
{
	struct rec_copy now = { 0 };
	const char *none;
	bool there = rec_get(k->record, &now, &none);
	struct rec *copy = rec_new(now.len + 1);

	if (copy && there) {
		rec_put(copy, now.data, now.len, now.at_us);
		rec_served(copy, now.served_us);
	}
	free(now.data);
	return copy;
}

static int start_prover(struct keeper *k, const struct rec *record, int said)
{
	struct kpr_upgrade *u = &k->upgrade;
	const struct rol role = {
		.kind = ROL_PROVER, .has_user = k->has_user, .uid = k->user.uid, .gid = k->user.gid,
	};
	const int fds[PVR_N_FDS] = {
		[PVR_CONFIG] = u->config, [PVR_RECORD] = rec_fd(record), [PVR_SAID] = said,
		[PVR_BINARY] = u->binary,
	};
	pid_t pid = rol_start(&k->source, &role, fds, PVR_N_FDS);

	u->prover = pid > 0 ? pid : 0;
	return pid < 0 ? errno : 0;
}

static int start_proof(struct keeper *k)
{
	struct kpr_upgrade *u = &k->upgrade;
	struct rec *record;
	int ends[2], error;

	u->config = fcntl(k->config, F_DUPFD_CLOEXEC, 0);
	if (u->config < 0 || pipe2(ends, O_CLOEXEC | O_NONBLOCK))
		return errno;
	u->pipe = ends[0];
	record = copy_record(k);
	error = record ? start_prover(k, record, ends[1]) : ENOMEM;
	rec_free(record);
	close(ends[1]);
	if (error)
		return error;
	u->watch = loop_watch_read(k->loop, u->pipe, LOOP_NORMAL, on_said, k);
	loop_timer_at(u->late, loop_now_us() + PROOF_MOST_US);
	return u->watch ? 0 : ENOMEM;
}

/* Where our own file is now, or a newer one in its place. */
static void own_binary(char *path, size_t size)
{
	static const char gone[] = " (deleted)";
	ssize_t n = readlink("/proc/self/exe", path, size - 1);

	path[n > 0 ? n : 0] = '\0';
	size_t len = strlen(path), tail = sizeof(gone) - 1;
	if (len > tail && !strcmp(path + len - tail, gone))
		path[len - tail] = '\0';
}

/* Into U: which program, and its name. Returns 0 or a positive errno. */
static int choose(struct kpr_upgrade *u, struct kpw_got *got)
{
	if (got->n_fds) {
		u->binary = got->fds[0];
		got->n_fds = 0;
		log_clean(got->m.text, u->name, sizeof(u->name));
		return 0;
	}
	own_binary(u->name, sizeof(u->name));
	u->binary = open(u->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	return u->binary < 0 ? errno : 0;
}

static const char *not_now(const struct keeper *k)
{
	if (k->upgrade.binary >= 0 || k->upgrade.asker >= 0)
		return "another upgrade is under way";
	if (k->loading || k->tried)
		return "a reload is under way";
	if (k->phase != KPR_KEEPING)
		return "the daemon is not in a state for it";
	return NULL;
}

void kup_asked(struct keeper *k, int asker, struct kpw_got *got)
{
	struct kpr_upgrade *u = &k->upgrade;
	const char *why = not_now(k);
	int error;

	if (why) {
		refuse(k, asker, why);
		return;
	}
	u->asker = asker;
	error = choose(u, got);
	log_printf(k->log, LOG_LVL_INFO, "Upgrading to %s", u->name);
	if (!error)
		error = start_proof(k);
	if (error)
		give_up(k, strerror(error));
}

/* ---- the place is taken ---- */

bool kup_take_over(struct keeper *k, const struct hov *past, const char **why)
{
	kcl_take_over(k, past);
	k->log_ends[0] = past->fds[HOV_LOG_IN];
	k->log_ends[1] = past->fds[HOV_LOG_OUT];
	k->journal = past->fds[HOV_JOURNAL];
	k->sockets = k->o->sockets;
	k->engines = past->engines;
	k->lived = k->held = true;
	k->phase = KPR_TAKING_OVER;
	k->record = rec_over(past->fds[HOV_RECORD], why);
	close(past->fds[HOV_RECORD]);
	close(past->fds[HOV_CONFIG]);
	*why = k->record ? "out of memory" : *why;
	return k->record && k->pid_file;
}

bool kup_take_engine(struct keeper *k, const struct hov *past)
{
	k->engine = (struct kpr_child){ .pid = past->engine, .channel = past->fds[HOV_ENGINE] };
	k->engine.watch = loop_watch_read(k->loop, k->engine.channel, LOOP_URGENT, kpr_on_message,
					  k);
	kpr_turn(k, &k->engine, KPR_RUNNING);
	return k->engine.watch;
}

void kup_ready(struct keeper *k)
{
	k->upgrade.let_go = true;
	kpw_say(k->engine.channel, KPW_LET_GO, 0, 0);
	kpr_turn(k, &k->engine, KPR_LEAVING);
}

/* ---- life ---- */

bool kup_init(struct keeper *k)
{
	k->upgrade.pipe = k->upgrade.config = k->upgrade.binary = -1;
	k->upgrade.asker = k->o->past ? k->o->past->fds[HOV_ASKER] : -1;
	k->upgrade.late = loop_timer_new(k->loop, LOOP_NORMAL, on_late, k);
	k->upgrade_socket = kus_new(k);
	k->clients = calloc(KPR_CLIENTS_MAX, sizeof(*k->clients));
	return k->upgrade.late && k->upgrade_socket && k->clients;
}

void kup_free(struct keeper *k)
{
	if (k->upgrade.late) {
		forget(&k->upgrade);
		shut(&k->upgrade.asker);
	}
	kus_free(k->upgrade_socket);
	loop_timer_free(k->upgrade.late);
}
