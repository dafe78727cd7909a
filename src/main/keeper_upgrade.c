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
#include "main/prove.h"
#include "main/version.h"
#include "sys/script_path.h"
#include "sys/spawn.h"

#define PROOF_MOST_US INT64_C(10000000)
#define LOG_FLUSH_US INT64_C(200000)
#define SENTENCE_MAX 400

/* ---- refusing ---- */

static void forget(struct kpr_upgrade *u)
{
	loop_unwatch(u->watch);
	if (u->pipe >= 0)
		close(u->pipe);
	if (u->config >= 0)
		close(u->config);
	loop_timer_at(u->late, VR_NEVER);
	u->binary[0] = '\0';
	u->watch = NULL;
	u->pipe = u->config = -1;
	u->prover = 0;
	u->n_said = 0;
}

static void refuse(struct keeper *k, uint64_t ticket, const char *why)
{
	struct kpw m = { .kind = KPW_REFUSED, .value = ticket };

	snprintf(m.text, sizeof(m.text), "%.*s", (int)sizeof(m.text) - 1, why);
	log_printf(k->log, LOG_LVL_ERROR, "Upgrade refused, the running daemon goes on: %s", why);
	if (k->engine.pid)
		kpw_send(k->engine.channel, &m, NULL, 0);
}

static void give_up(struct keeper *k, const char *why)
{
	char sentence[SENTENCE_MAX + sizeof(k->upgrade.binary) + 2];

	snprintf(sentence, sizeof(sentence), "%s: %s", k->upgrade.binary, why);
	refuse(k, k->upgrade.ticket, sentence);
	forget(&k->upgrade);
}

void kup_failed(struct keeper *k, const char *why)
{
	k->phase = KPR_KEEPING;
	refuse(k, k->upgrade.ticket, why);
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
		},
		.engine = k->engine.pid, .runner = k->runner.pid,
		.control_dev = k->control.dev, .control_ino = k->control.ino,
		.engines = k->engines, .ticket = k->upgrade.ticket,
	};
	memcpy(h->key, k->o->files->key, sizeof(h->key));
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
	log_printf(k->log, LOG_LVL_INFO, "Giving place to %s", k->upgrade.binary);
	lgr_flush(k->o->logger, LOG_FLUSH_US);
	snprintf(number, sizeof(number), "%d", fd);
	setenv(HOV_VARIABLE, number, 1);
	execv(k->upgrade.binary, k->o->argv);
	int error = errno;
	unsetenv(HOV_VARIABLE);
	close(fd);
	hov_cancel(&h, &k->sockets);
	snprintf(why, sizeof(why), "cannot be executed: %s", strerror(error));
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

	kill(k->upgrade.prover, SIGKILL);
	give_up(k, "it did not say in ten seconds that it can take over");
}

/* In the new process. */
static _Noreturn void be_prover(const char *binary, int said)
{
	char *const argv[] = { (char *)binary, (char *)"--prove", NULL };

	dup2(said, STDOUT_FILENO);
	dup2(said, STDERR_FILENO);
	fcntl(PRO_CONFIG, F_SETFD, 0);
	fcntl(PRO_RECORD, F_SETFD, 0);
	signal(SIGPIPE, SIG_DFL);
	execv(binary, argv);
	dprintf(STDOUT_FILENO, "it cannot be executed: %s\n", strerror(errno));
	_exit(EXIT_FAILURE);
}

static int start_proof(struct keeper *k)
{
	struct kpr_upgrade *u = &k->upgrade;
	int ends[2];

	u->config = fcntl(k->config, F_DUPFD_CLOEXEC, 0);
	if (u->config < 0 || pipe2(ends, O_CLOEXEC | O_NONBLOCK))
		return errno;
	int fds[] = { u->config, rec_fd(k->record), ends[1] };
	u->prover = spw_fork(fds, 3, "holdfast:proof");
	if (u->prover == 0)
		be_prover(u->binary, fds[2]);
	int error = u->prover < 0 ? errno : 0;
	close(ends[1]);
	u->pipe = ends[0];
	if (!error) {
		u->watch = loop_watch_read(k->loop, u->pipe, LOOP_NORMAL, on_said, k);
		error = u->watch ? 0 : ENOMEM;
	}
	if (!error)
		loop_timer_at(u->late, loop_now_us() + PROOF_MOST_US);
	return error;
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

/* It is the engine that says whom to become, and it may have been taken over: so what anybody but
 * root can write is out of the question. False: it is refused. */
static bool trusted(struct keeper *k)
{
	const struct user_ids root = { 0 };
	const char *argv[] = { k->upgrade.binary, NULL };
	struct spath_answer a;

	spath_judge(argv, &root, &a);
	if (a.safe)
		return true;		/* or it cannot be executed, which the proof will say */
	give_up(k, a.unsafe);
	return false;
}

void kup_asked(struct keeper *k, const struct kpw_got *got)
{
	struct kpr_upgrade *u = &k->upgrade;
	const char *why = NULL;
	int error;

	if (u->binary[0])
		why = "another upgrade is under way";
	else if (k->loading || k->tried)
		why = "a reload is under way";
	else if (k->phase != KPR_KEEPING)
		why = "the daemon is not in a state for it";
	else if (got->m.text[0] && got->m.text[0] != '/')
		why = "the binary's path does not begin with '/'";
	if (why) {
		refuse(k, got->m.value, why);
		return;
	}
	u->ticket = got->m.value;
	if (got->m.text[0])
		memcpy(u->binary, got->m.text, sizeof(u->binary));
	else
		own_binary(u->binary, sizeof(u->binary));
	log_printf(k->log, LOG_LVL_INFO, "Upgrading to %s", u->binary);
	if (!trusted(k))
		return;
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
	k->upgrade.ticket = past->ticket;
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
	k->upgrade.pipe = k->upgrade.config = -1;
	k->upgrade.late = loop_timer_new(k->loop, LOOP_NORMAL, on_late, k);
	k->clients = calloc(KPR_CLIENTS_MAX, sizeof(*k->clients));
	return k->upgrade.late && k->clients;
}

void kup_free(struct keeper *k)
{
	if (k->upgrade.late)
		forget(&k->upgrade);
	loop_timer_free(k->upgrade.late);
}
