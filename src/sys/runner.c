/*
 * The runner's process: one thread, one poll, no shell.
 *
 * Scripts are other people's programs: they hang, fork, ignore TERM, stop the daemon that runs
 * them. They are kept in a process of their own, so that the engine never forks, never waits, and
 * can give its rights up. The loop below does in this order: take note of ended children, take new
 * jobs, act on times that are over, start what may start; so a script that ended in time is never
 * called late.
 */
#include "sys/runner.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sys/runner_child.h"
#include "sys/runner_lanes.h"
#include "sys/runner_tell.h"
#include "sys/runner_wire.h"
#include "sys/script_env.h"

enum {
	JOBS_MAX = 8192,	/* held at once, in whatever place; more stay in the socket */
	RECEIVE_AT_ONCE = 64,	/* then children and times get their turn */
	TELL_AGAIN_US = 1000000,	/* how many wait behind a job that holds its lane */
	LOOK_AGAIN_US = 50000,	/* whether a group without its leader still has members */
	SEND_BUFFER = 4 << 20,	/* the notify scripts of some thousand instances in one burst */
};

/* A result that the socket did not take at once. */
struct answer {
	struct answer *next;
	size_t len;
	char message[WIRE_RESULT_MAX];
};

struct runner {
	struct runner_options opt;
	struct child_sockets sockets;	/* jobs -1: the engine has gone */
	struct rsets allowed;
	struct senv environment;
	int children;			/* signalfd for SIGCHLD */
	int failures[2];		/* pipe of struct child_failure */
	struct rjob **alive;		/* processes, in no order; room for opt.max_running */
	uint32_t n_alive;
	struct rjob_list ready;		/* may start as soon as there is room */
	struct lanes lanes;
	struct answer *answers, *last_answer;
	size_t n_answers;
};

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

/* ---- answers ------------------------------------------------------------------------------- */

static void keep_answer(struct runner *r, const char *message, size_t len)
{
	struct answer *a = malloc(sizeof(*a));

	if (!a)
		_exit(EXIT_FAILURE);	/* the engine sees it, and answers every job itself */
	a->next = NULL;
	a->len = len;
	memcpy(a->message, message, len);
	if (r->last_answer)
		r->last_answer->next = a;
	else
		r->answers = a;
	r->last_answer = a;
	r->n_answers++;
}

/* True: sent, or nobody is there to read it. */
static bool send_answer(const struct runner *r, const char *message, size_t len)
{
	return send(r->sockets.jobs, message, len, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0 ||
	       (errno != EAGAIN && errno != ENOBUFS && errno != ENOMEM && errno != EINTR);
}

static void flush_answers(struct runner *r)
{
	while (r->answers) {
		struct answer *a = r->answers;

		if (r->sockets.jobs >= 0 && !send_answer(r, a->message, a->len))
			return;
		r->answers = a->next;
		if (!a->next)
			r->last_answer = NULL;
		r->n_answers--;
		free(a);
	}
}

static void send_or_keep(struct runner *r, const char *message, size_t len)
{
	if (r->sockets.jobs < 0)
		return;
	if (r->answers || !send_answer(r, message, len))
		keep_answer(r, message, len);
}

static void answer(struct runner *r, const struct port_job_result *result)
{
	char message[WIRE_RESULT_MAX];

	send_or_keep(r, message, wire_put_result(message, result));
}

static void cannot_run(struct runner *r, const struct port_job *job, int error, const char *why)
{
	struct port_job_result result = {
		.id = job->id, .result = VR_CHECK_CANNOT_RUN, .code = error, .detail = why,
	};

	answer(r, &result);
}

/* ---- processes ----------------------------------------------------------------------------- */

static void signal_group(const struct rjob *j, int signo)
{
	kill(-j->pid, signo);
}

static bool draining(const struct runner *r)
{
	return r->sockets.jobs < 0;
}

/* Those of lane NUMBER that have waited for long, and of which a newer one says all. */
static void drop_needless(struct runner *r, uint32_t number)
{
	int64_t before = draining(r) ? INT64_MAX : now_us() - r->opt.overtake_us;
	struct rjob *j;

	while ((j = lanes_needless(&r->lanes, number, before))) {
		cannot_run(r, &j->job, ECANCELED, "overtaken by a newer one");
		free(j);
	}
}

/* Lane and waiting jobs of J, which runs; SCRIPT NULL: no longer. */
static void tell_waiting(struct runner *r, const struct rjob *j, const char *script)
{
	const struct port_wait w = {
		.lane = j->job.lane, .script = script, .waiting = (uint32_t)j->waiting.n,
		.running_us = now_us() - j->started_us,
	};
	char message[WIRE_RESULT_MAX];

	send_or_keep(r, message, wire_put_wait(message, &w));
}

static void leave_lane(struct runner *r, struct rjob *j)
{
	struct rjob *next;

	if (j->told)
		tell_waiting(r, j, NULL);
	j->told = false;
	if (j->holds_lane)
		drop_needless(r, j->job.lane);
	next = lanes_leave(&r->lanes, j);
	if (next)
		rjob_append(&r->ready, next);
}

/* The job at INDEX of alive has no process any more. */
static void forget(struct runner *r, uint32_t index)
{
	struct rjob *j = r->alive[index];

	leave_lane(r, j);
	r->alive[index] = r->alive[--r->n_alive];
	free(j);
}

/* How long J may run, from now or from its start. */
static int64_t time_for(const struct runner *r, const struct rjob *j)
{
	int64_t most = j->waiting.n ? r->opt.hurry_us : r->opt.drain_us;

	return draining(r) && most < j->job.timeout_us ? most : j->job.timeout_us;
}

static void start(struct runner *r, struct rjob *j)
{
	j->started_us = now_us();
	j->pid = child_start(j, &r->environment, r->failures[1], &r->sockets);
	if (j->pid < 0) {
		cannot_run(r, &j->job, errno, "no process could be started for it");
		leave_lane(r, j);
		free(j);
		return;
	}
	j->phase = RJOB_RUNNING;
	j->due_us = j->started_us + time_for(r, j);
	j->tell_us = j->holds_lane ? j->started_us + r->opt.tell_us : INT64_MAX;
	r->alive[r->n_alive++] = j;
}

static void start_ready(struct runner *r)
{
	while (r->ready.n && r->n_alive < r->opt.max_running)
		start(r, rjob_take(&r->ready));
}

static uint32_t index_of(const struct runner *r, pid_t pid)
{
	uint32_t i = 0;

	while (i < r->n_alive && r->alive[i]->pid != pid)
		i++;
	return i;
}

/* A child writes why it failed before it exits: so what there is to read is there now. */
static void read_failures(struct runner *r)
{
	struct child_failure f;

	while (read(r->failures[0], &f, sizeof(f)) == (ssize_t)sizeof(f)) {
		uint32_t i = index_of(r, f.pid);

		if (i == r->n_alive)
			continue;
		r->alive[i]->error = f.error;
		f.detail[sizeof(f.detail) - 1] = '\0';
		memcpy(r->alive[i]->detail, f.detail, sizeof(f.detail));
	}
}

/* Who is told of a notify script's end does not know which one it was. */
static const char *name_of(const struct rjob *j)
{
	return j->job.kind == PORT_JOB_NOTIFY ? j->job.argv[0] : NULL;
}

static void report_end(struct runner *r, const struct rjob *j, const siginfo_t *end)
{
	struct port_job_result result = {
		.id = j->job.id, .code = end->si_status, .took_us = now_us() - j->started_us,
		.detail = name_of(j),
	};

	if (j->error) {
		result.result = VR_CHECK_CANNOT_RUN;
		result.code = j->error;
		result.detail = j->detail;
	} else if (end->si_code != CLD_EXITED) {
		result.result = VR_CHECK_SIGNAL;
	} else {
		result.result = end->si_status ? VR_CHECK_EXIT : VR_CHECK_GOOD;
	}
	answer(r, &result);
}

static void ended(struct runner *r, const siginfo_t *end)
{
	uint32_t i = index_of(r, end->si_pid);
	struct rjob *j;

	if (i == r->n_alive)
		return;
	j = r->alive[i];
	if (j->phase == RJOB_RUNNING) {
		if (end->si_code == CLD_EXITED && end->si_status == CHILD_FAILED)
			read_failures(r);
		report_end(r, j, end);
	} else if (j->phase == RJOB_TERMED && kill(-j->pid, 0) == 0) {
		/*
		 * Its children have got TERM as well, and keep their two seconds. As long as one
		 * lives the group's number is not used again.
		 */
		j->phase = RJOB_LEADERLESS;
		j->kill_us = j->due_us;
		j->due_us = now_us() + LOOK_AGAIN_US;
		return;
	}
	forget(r, i);
}

static void reap(struct runner *r)
{
	struct signalfd_siginfo ignored;

	while (read(r->children, &ignored, sizeof(ignored)) > 0)
		;
	for (;;) {
		siginfo_t end = { 0 };

		if (waitid(P_ALL, 0, &end, WEXITED | WNOHANG) < 0 || end.si_pid == 0)
			return;
		ended(r, &end);
	}
}

/* The time of the job at INDEX is over. True: it is still at INDEX. */
static bool expire(struct runner *r, uint32_t index, int64_t now)
{
	struct rjob *j = r->alive[index];
	struct port_job_result result = {
		.id = j->job.id, .result = VR_CHECK_TIMEOUT, .took_us = now - j->started_us,
		.detail = name_of(j),
	};

	j->due_us = now + r->opt.kill_after_us;
	switch (j->phase) {
	case RJOB_RUNNING:
		answer(r, &result);
		signal_group(j, SIGTERM);
		j->phase = RJOB_TERMED;
		break;
	case RJOB_TERMED:
		signal_group(j, SIGKILL);
		j->phase = RJOB_KILLED;
		break;
	case RJOB_LEADERLESS:
		if (kill(-j->pid, 0) == 0 && now < j->kill_us) {
			j->due_us = now + LOOK_AGAIN_US;
			break;
		}
		signal_group(j, SIGKILL);
		forget(r, index);
		return false;
	case RJOB_KILLED:
		leave_lane(r, j);
		j->phase = RJOB_STUCK;
		j->due_us = INT64_MAX;
		break;
	case RJOB_WAITING:
	case RJOB_STUCK:
		break;
	}
	return true;
}

/* An engine that does not read needs no more of these. */
static void tell_all_waiting(struct runner *r, int64_t now)
{
	for (uint32_t i = 0; i < r->n_alive && !r->answers; i++) {
		struct rjob *j = r->alive[i];

		if (j->tell_us > now || !j->holds_lane)
			continue;
		drop_needless(r, j->job.lane);
		tell_waiting(r, j, j->job.argv[0]);
		j->told = true;
		j->tell_us = now + TELL_AGAIN_US;
	}
}

static void expire_all(struct runner *r)
{
	int64_t now = now_us();

	tell_all_waiting(r, now);

	for (uint32_t i = 0; i < r->n_alive;)
		if (r->alive[i]->due_us > now || expire(r, i, now))
			i++;
}

/* ---- jobs ---------------------------------------------------------------------------------- */

/* Does an earlier run of this check outlive its time? */
static bool still_dying(const struct runner *r, const struct port_job *job)
{
	for (uint32_t i = 0; i < r->n_alive; i++) {
		const struct rjob *j = r->alive[i];

		if (j->phase <= RJOB_RUNNING || j->job.kind != PORT_JOB_CHECK)
			continue;
		if (job->lane ? j->job.lane == job->lane : rjob_same_command(&j->job, job))
			return true;
	}
	return false;
}

static void take_job(struct runner *r, const struct port_job *job, const struct rset_terms *terms)
{
	struct rjob *j, *dropped;

	if (job->kind == PORT_JOB_CHECK && still_dying(r, job)) {
		cannot_run(r, job, EBUSY, "the previous run is still being killed");
		return;
	}
	if (job->kind == PORT_JOB_CHECK && r->n_alive >= r->opt.max_running) {
		cannot_run(r, job, EAGAIN, "too many scripts are running already");
		return;
	}
	j = rjob_new(job, terms);
	if (!j) {
		cannot_run(r, job, ENOMEM, "the runner has no memory for it");
		return;
	}
	j->entered_us = now_us();
	if (lanes_enter(&r->lanes, j)) {
		rjob_append(&r->ready, j);
		return;
	}
	drop_needless(r, job->lane);
	dropped = lanes_overflow(&r->lanes, job->lane, r->opt.lane_depth);
	if (dropped) {
		cannot_run(r, &dropped->job, ECANCELED,
			   "superseded: too many others wait behind the same script");
		free(dropped);
	}
}

/* Only notify jobs stay, wherever they wait. */
static void drop_checks(struct runner *r)
{
	struct rjob_list all = r->ready;
	struct rjob *j;

	while ((j = lanes_drop_check(&r->lanes)))
		free(j);
	r->ready = (struct rjob_list){ 0 };
	while ((j = rjob_take(&all))) {
		if (j->job.kind == PORT_JOB_NOTIFY) {
			rjob_append(&r->ready, j);
			continue;
		}
		leave_lane(r, j);
		free(j);
	}
}

/* From now on: finish, and nobody to tell. */
static void engine_gone(struct runner *r)
{
	int64_t now = now_us();

	close(r->sockets.jobs);
	r->sockets.jobs = -1;
	flush_answers(r);
	drop_checks(r);
	for (uint32_t i = 0; i < r->n_alive; i++) {
		struct rjob *j = r->alive[i];

		if (j->holds_lane)
			drop_needless(r, j->job.lane);
		if (j->phase == RJOB_RUNNING && j->due_us > now + time_for(r, j))
			j->due_us = now + time_for(r, j);
	}
}

static size_t held(const struct runner *r)
{
	return r->n_alive + r->ready.n + r->lanes.waiting + r->n_answers;
}

static bool hear_keeper(struct runner *r)
{
	bool heard = false;

	while (r->sockets.keeper >= 0) {
		enum tell_result result = tell_receive(r->sockets.keeper, &r->allowed);

		heard = heard || result == TELL_HEARD;
		if (result == TELL_NOTHING)
			break;
		if (result == TELL_GONE) {
			close(r->sockets.keeper);
			r->sockets.keeper = -1;
		}
	}
	return heard;
}

/* A set that was sent before the job can be read now at the latest. */
static bool allowed(struct runner *r, const struct port_job *job, struct rset_terms *terms)
{
	return rsets_have(&r->allowed, job, terms) ||
	       (hear_keeper(r) && rsets_have(&r->allowed, job, terms));
}

static void judge_job(struct runner *r, const struct port_job *job)
{
	struct rset_terms terms;

	if (allowed(r, job, &terms))
		take_job(r, job, &terms);
	else
		cannot_run(r, job, EPERM, "the configuration does not name it");
}

static void receive(struct runner *r)
{
	char message[WIRE_JOB_MAX + 1];
	const char *argv[WIRE_ARGC_MAX + 1];
	struct port_job job;

	for (int i = 0; i < RECEIVE_AT_ONCE && held(r) < JOBS_MAX; i++) {
		ssize_t n = recv(r->sockets.jobs, message, sizeof(message),
				 MSG_DONTWAIT | MSG_TRUNC);

		if (n == 0) {
			engine_gone(r);
			return;
		}
		/* ECONNRESET: it left with answers unread; its last jobs can still be read. */
		if (n < 0 && errno == ECONNRESET)
			continue;
		if (n < 0) {
			rsets_sweep(&r->allowed);
			return;
		}
		if (wire_get_job(message, (size_t)n, &job, argv))
			judge_job(r, &job);
	}
}

/* ---- the loop ------------------------------------------------------------------------------ */

/* Nobody is there any more, and nothing is left that can be run or waited for. */
static bool finished(const struct runner *r)
{
	if (!draining(r))
		return false;
	for (uint32_t i = 0; i < r->n_alive; i++)
		if (r->alive[i]->phase != RJOB_STUCK)
			return false;
	return (!r->ready.n && !r->lanes.waiting) || r->n_alive == r->opt.max_running;
}

static struct timespec time_left(const struct runner *r)
{
	int64_t until = INT64_MAX, now = now_us(), left;

	for (uint32_t i = 0; i < r->n_alive; i++) {
		const struct rjob *j = r->alive[i];

		if (j->due_us < until)
			until = j->due_us;
		if (!draining(r) && !r->answers && j->holds_lane && j->tell_us < until)
			until = j->tell_us;
	}
	left = until > now ? until - now : 0;
	return (struct timespec){ left / 1000000, left % 1000000 * 1000 };
}

/* Waits for something to do. True: there may be jobs, or sets to sweep. */
static bool wait_for_work(struct runner *r)
{
	bool room = held(r) < JOBS_MAX;
	struct timespec left = time_left(r);
	struct pollfd fds[] = {
		{ .fd = r->children, .events = POLLIN },
		{ .fd = room || r->answers ? r->sockets.jobs : -1,
		  .events = (room ? POLLIN : 0) | (r->answers ? POLLOUT : 0) },
		{ .fd = r->sockets.keeper, .events = POLLIN },
	};

	if (ppoll(fds, 3, &left, NULL) < 0)
		return false;
	if (fds[2].revents)
		hear_keeper(r);
	return room && r->sockets.jobs >= 0 &&
	       ((fds[1].revents & (POLLIN | POLLHUP | POLLERR)) || fds[2].revents);
}

static _Noreturn void run(struct runner *r)
{
	for (;;) {
		bool jobs = wait_for_work(r);

		reap(r);
		if (jobs)
			receive(r);
		if (r->answers)
			flush_answers(r);
		expire_all(r);
		start_ready(r);
		if (finished(r))
			break;
	}
	for (uint32_t i = 0; i < r->n_alive; i++)
		signal_group(r->alive[i], SIGKILL);
	_exit(EXIT_SUCCESS);
}

static _Noreturn void runner_main(const struct child_sockets *sockets,
				  const struct runner_options *opt)
{
	struct runner r = { .opt = *opt, .sockets = *sockets };
	sigset_t child;

	if (!child_prepare_runner(&r.sockets))
		_exit(EXIT_FAILURE);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	r.children = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	r.alive = calloc(r.opt.max_running, sizeof(struct rjob *));
	if (!senv_read(&r.environment, environ) || r.children < 0 || !r.alive ||
	    pipe2(r.failures, O_CLOEXEC) < 0)
		_exit(EXIT_FAILURE);
	/* Only our end: a child waits until its sentence is written. */
	if (fcntl(r.failures[0], F_SETFL, O_NONBLOCK) < 0)
		_exit(EXIT_FAILURE);
	run(&r);
}

static struct runner_options with_defaults(const struct runner_options *options)
{
	struct runner_options o = *options;

	if (!o.max_running)
		o.max_running = RUNNER_MAX_RUNNING;
	if (!o.lane_depth)
		o.lane_depth = RUNNER_LANE_DEPTH;
	if (!o.kill_after_us)
		o.kill_after_us = RUNNER_KILL_AFTER_US;
	if (!o.overtake_us)
		o.overtake_us = RUNNER_OVERTAKE_US;
	if (!o.tell_us)
		o.tell_us = RUNNER_TELL_US;
	if (!o.hurry_us)
		o.hurry_us = RUNNER_HURRY_US;
	if (!o.drain_us)
		o.drain_us = RUNNER_DRAIN_US;
	return o;
}

/* Best effort: without the right to go beyond the system's limit, up to it. */
static void enlarge(int fd)
{
	int size = SEND_BUFFER;

	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
}

static void close_pair(const int pair[2])
{
	close(pair[0]);
	close(pair[1]);
}

int runner_spawn(struct runner_handle *out, const struct runner_options *options)
{
	const int type = SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK;
	struct runner_options opt = with_defaults(options);
	int jobs[2], keeper[2], error;
	pid_t pid;

	if (socketpair(AF_UNIX, type, 0, jobs) < 0)
		return errno;
	if (socketpair(AF_UNIX, type, 0, keeper) < 0) {
		error = errno;
		close_pair(jobs);
		return error;
	}
	enlarge(jobs[0]);
	pid = opt.start ? opt.start(opt.ctx, jobs[1], keeper[1]) : fork();
	if (pid == 0)
		runner_main(&(struct child_sockets){ jobs[1], keeper[1] }, &opt);
	error = errno;
	if (pid < 0) {
		close_pair(jobs);
		close_pair(keeper);
		return error;
	}
	close(jobs[1]);
	close(keeper[1]);
	*out = (struct runner_handle){ .fd = jobs[0], .keeper = keeper[0], .pid = pid };
	return 0;
}

void runner_run(int jobs, int keeper, const struct runner_options *options)
{
	struct runner_options opt = with_defaults(options);

	runner_main(&(struct child_sockets){ jobs, keeper }, &opt);
}

int runner_allow(const struct runner_handle *runner, const struct rset_command *v, size_t n)
{
	int set = rset_write(v, n), error;

	if (set < 0)
		return errno;
	error = tell_send(runner->keeper, TELL_SET, set);
	close(set);
	return error;
}

int runner_settle(const struct runner_handle *runner, bool newest)
{
	return tell_send(runner->keeper, newest ? TELL_NEWEST : TELL_BACK, -1);
}

int runner_ping(const struct runner_handle *runner)
{
	return tell_send(runner->keeper, TELL_PING, -1);
}

bool runner_answered(const struct runner_handle *runner)
{
	bool any = false;
	char octet;

	while (recv(runner->keeper, &octet, 1, MSG_DONTWAIT) == 1)
		any = true;
	return any;
}
