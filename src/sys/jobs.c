/*
 * Jobs handed to the runner, and a promise that each is answered once.
 *
 * The engine counts on an answer: a check without one would keep its instance waiting for ever. So
 * what is outstanding is written down here, and whatever happens to the runner, every entry leaves
 * the table through events->job_done, and through nothing else.
 *
 * The runner outlives an engine, and may answer the next one what the last one has asked for. So
 * it is told another number than the caller's, one that no process has given out before: it counts
 * on from the time since the boot, which goes faster than jobs can be asked for.
 */
#include "sys/jobs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/loop.h"
#include "sys/runner_wire.h"

enum {
	/* The runner and the socket together hold far less; untouched pages cost nothing. */
	OUTSTANDING_MAX = 65536,
	NOTIFY_MAX = OUTSTANDING_MAX / 2,	/* the rest is for checks: addresses hang on them */
	RESULTS_AT_ONCE = 64,
	TICKET_US = 64,			/* no tickets come faster; they begin again after 3 days */
};

struct entry {
	uint32_t id, ticket;		/* the caller's number, and the runner's */
	int32_t error;			/* 0: with the runner; else the answer, with WHY */
	const char *why;
};

struct jobs {
	const struct port_events *events;
	const struct log *log;
	int epoll;			/* what jobs_fd() shows: the two below */
	int wake;			/* eventfd: an entry with an error waits to be delivered */
	int sock;			/* -1: the runner is dead */
	uint32_t ticket;		/* the next one */
	uint32_t n, n_refused;
	struct entry *v;		/* OUTSTANDING_MAX of them */
};

static const char runner_dead[] = "the script runner has died";

static int watch(const struct jobs *j, int fd)
{
	struct epoll_event e = { .events = EPOLLIN };

	return epoll_ctl(j->epoll, EPOLL_CTL_ADD, fd, &e) < 0 ? errno : 0;
}

/* The keeper and the spare have the socket too, so closing it does not end the watch on it. */
static void drop_socket(struct jobs *j)
{
	if (j->sock < 0)
		return;
	epoll_ctl(j->epoll, EPOLL_CTL_DEL, j->sock, NULL);
	close(j->sock);
	j->sock = -1;
}

static void refuse(struct jobs *j, struct entry *e, int error, const char *why)
{
	uint64_t one = 1;

	if (!e->error)
		j->n_refused++;
	e->error = error;
	e->why = why;
	/* Fails only when the counter is full, and then it is readable; else whatever comes next
	 * from the runner delivers it. */
	if (write(j->wake, &one, sizeof(one)) < 0)
		return;
}

static void refuse_all(struct jobs *j)
{
	for (uint32_t i = 0; i < j->n; i++)
		if (!j->v[i].error)
			refuse(j, &j->v[i], EPIPE, runner_dead);
}

static void remove_entry(struct jobs *j, uint32_t index)
{
	if (j->v[index].error)
		j->n_refused--;
	j->v[index] = j->v[--j->n];
}

/* Index of the entry with the runner that has TICKET, or j->n. */
static uint32_t find(const struct jobs *j, uint32_t ticket)
{
	uint32_t i = 0;

	while (i < j->n && (j->v[i].ticket != ticket || j->v[i].error))
		i++;
	return i;
}

/* It has closed its socket, which it does by ending only; whose child it was hears of the rest. */
static void bury(struct jobs *j)
{
	drop_socket(j);
	log_printf(j->log, LOG_LVL_ERROR, "The script runner is gone: scripts cannot run");
	refuse_all(j);
}

static void take_answer(struct jobs *j, const char *message, size_t len)
{
	struct port_job_result result;
	struct port_wait wait;
	uint32_t i;

	if (wire_get_wait(message, len, &wait)) {
		j->events->waiting(j->events->ctx, &wait);
		return;
	}
	if (!wire_get_result(message, len, &result))
		return;
	i = find(j, result.id);
	if (i == j->n)
		return;
	result.id = j->v[i].id;
	remove_entry(j, i);
	j->events->job_done(j->events->ctx, &result);
}

static void receive(struct jobs *j)
{
	char message[WIRE_RESULT_MAX + 1];

	for (int i = 0; i < RESULTS_AT_ONCE && j->sock >= 0; i++) {
		ssize_t n = recv(j->sock, message, sizeof(message), MSG_DONTWAIT | MSG_TRUNC);

		if (n == 0) {
			bury(j);
			return;
		}
		/* ECONNRESET: it died with jobs unread; its last results can still be read. */
		if (n < 0 && errno == ECONNRESET)
			continue;
		if (n < 0)
			return;
		take_answer(j, message, (size_t)n);
	}
}

/* Those that were there when it began: an answer may make the engine run the next job. */
static void deliver_refused(struct jobs *j)
{
	uint32_t left = j->n_refused, i = 0;
	uint64_t ignored;

	/* Nothing to read: what was refused is in the table all the same. */
	if (read(j->wake, &ignored, sizeof(ignored)) < 0 && !left)
		return;
	while (left && i < j->n) {
		struct entry e = j->v[i];
		struct port_job_result result = {
			.id = e.id, .result = VR_CHECK_CANNOT_RUN, .code = e.error,
			.detail = e.why,
		};

		if (!e.error) {
			i++;
			continue;
		}
		remove_entry(j, i);
		left--;
		j->events->job_done(j->events->ctx, &result);
	}
}

void jobs_readable(struct jobs *j)
{
	receive(j);
	deliver_refused(j);
}

bool jobs_run(struct jobs *j, const struct port_job *job)
{
	char message[WIRE_JOB_MAX];
	struct port_job told = *job;
	struct entry *e;
	size_t len;

	if (j->n >= (job->kind == PORT_JOB_CHECK ? OUTSTANDING_MAX : NOTIFY_MAX))
		return false;
	e = &j->v[j->n++];
	told.id = j->ticket++;
	*e = (struct entry){ .id = job->id, .ticket = told.id };
	len = wire_put_job(message, &told);
	if (!len)
		refuse(j, e, errno, errno == E2BIG ? "its command line is too long" :
						     "it has no command or no user");
	else if (j->sock < 0)
		refuse(j, e, EPIPE, runner_dead);
	else if (send(j->sock, message, len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		refuse(j, e, errno, errno == EPIPE || errno == ECONNRESET ? runner_dead :
				    "the script runner does not keep up");
	return true;
}

struct jobs *jobs_open(int sock, const struct port_events *events, const struct log *log)
{
	struct jobs *j = calloc(1, sizeof(*j));
	int error;

	if (!j) {
		if (sock >= 0)
			close(sock);
		errno = ENOMEM;
		return NULL;
	}
	*j = (struct jobs){
		.events = events, .log = log, .sock = sock,
		.ticket = (uint32_t)(loop_now_us() / TICKET_US),
		.epoll = epoll_create1(EPOLL_CLOEXEC),
		.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
		.v = calloc(OUTSTANDING_MAX, sizeof(struct entry)),
	};
	if (j->epoll >= 0 && j->wake >= 0 && j->v && !watch(j, j->wake) &&
	    (sock < 0 || !watch(j, sock)))
		return j;
	error = errno;
	jobs_close(j);
	errno = error;
	return NULL;
}

void jobs_close(struct jobs *j)
{
	if (!j)
		return;
	if (j->sock >= 0)
		close(j->sock);
	if (j->wake >= 0)
		close(j->wake);
	if (j->epoll >= 0)
		close(j->epoll);
	free(j->v);
	free(j);
}

int jobs_fd(const struct jobs *j)
{
	return j->epoll;
}

bool jobs_alive(const struct jobs *j)
{
	return j->sock >= 0;
}

uint32_t jobs_outstanding(const struct jobs *j)
{
	return j->n;
}

int jobs_restart(struct jobs *j, int sock)
{
	int error = watch(j, sock);

	if (error) {
		close(sock);
		return error;
	}
	drop_socket(j);
	refuse_all(j);
	j->sock = sock;
	return 0;
}
