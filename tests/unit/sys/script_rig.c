/*
 * The rig's body. It waits for conditions, never for a length of time, so that a busy machine
 * makes a test slow and not wrong.
 */
#include "script_rig.h"

#include "sys/runner_lanes.h"

int64_t rig_now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SECOND_US + t.tv_nsec / 1000;
}

void rig_sleep_ms(int ms)
{
	poll(NULL, 0, ms);
}

void rig_answered(void *ctx, const struct port_job_result *r)
{
	struct rig *g = ctx;
	struct rig_answer *a = &g->v[g->n++];

	ck_assert_msg(!g->inside_run, "answered from inside jobs_run()");
	ck_assert_uint_lt(g->n, RIG_ANSWERS_MAX);
	a->r = *r;
	if (!r->detail)
		return;
	snprintf(a->detail, sizeof(a->detail), "%s", r->detail);
	a->r.detail = a->detail;
}

void rig_waited(void *ctx, const struct port_wait *wait)
{
	struct rig *g = ctx;

	if (!wait->script && !g->n_overs++)
		g->over = *wait;
	g->n_waits++;
	g->wait = *wait;
	g->wait.script = wait->script ? g->wait_script : NULL;
	snprintf(g->wait_script, sizeof(g->wait_script), "%s", wait->script ? wait->script : "");
}

void rig_logged(void *ctx, enum log_level level, const char *text)
{
	struct rig *g = ctx;

	if (level == LOG_LVL_ERROR)
		g->errors_logged++;
	snprintf(g->last_error, sizeof(g->last_error), "%s", text);
}

void rig_dir(struct rig *g)
{
	strcpy(g->dir, "/tmp/hf-script-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(g->dir));
	ck_assert_int_eq(chmod(g->dir, 0755), 0);
}

void rig_open_with(struct rig *g, const struct runner_options *o)
{
	rig_dir(g);
	ck_assert_int_eq(runner_spawn(&g->runner, o), 0);
	g->events = (struct port_events){
		.ctx = g, .job_done = rig_answered, .waiting = rig_waited,
	};
	g->log = (struct log){ .ctx = g, .line = rig_logged, .level = LOG_LVL_DEBUG };
	g->jobs = jobs_open(g->runner.fd, &g->events, &g->log);
	ck_assert_ptr_nonnull(g->jobs);
}

struct rig *rig_open(const struct runner_options *o)
{
	struct rig *g = calloc(1, sizeof(*g));

	ck_assert_ptr_nonnull(g);
	rig_open_with(g, o);
	return g;
}

void rig_remove_dir(struct rig *g)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", g->dir);
	ck_assert_int_eq(system(command), 0);
}

int rig_wait_runner(const struct rig *g)
{
	int status = -1;

	for (int64_t end = rig_now_us() + RIG_PATIENCE_MS * 1000; rig_now_us() < end;) {
		pid_t pid = waitpid(g->runner.pid, &status, WNOHANG);

		ck_assert_int_ge(pid, 0);
		if (pid)
			return status;
		rig_sleep_ms(2);
	}
	ck_abort_msg("the runner did not end");
}

void rig_forget(struct rig *g)
{
	rig_remove_dir(g);
	for (size_t i = 0; i < g->n_allowed; i++)
		free(g->copies[i]);
	free(g->copies);
	free(g->allowed);
	free(g);
}

void rig_close(struct rig *g)
{
	bool alive = jobs_alive(g->jobs);

	jobs_close(g->jobs);
	if (!alive)
		waitpid(g->runner.pid, NULL, 0);
	else
		ck_assert_int_eq(rig_wait_runner(g), 0);
	rig_forget(g);
}

const char *rig_path(const struct rig *g, const char *name, char buf[static 128])
{
	snprintf(buf, 128, "%s/%s", g->dir, name);
	return buf;
}

void rig_write(const struct rig *g, const char *name, mode_t mode, const char *text)
{
	char path[128];
	FILE *f = fopen(rig_path(g, name, path), "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(chmod(path, mode), 0);
}

void rig_script(const struct rig *g, const char *name, const char *body)
{
	char text[4096];

	snprintf(text, sizeof(text), "#!/bin/sh\nD=%s\n%s\n", g->dir, body);
	rig_write(g, name, 0755, text);
}

const char *rig_read(const struct rig *g, const char *name, char *buf, size_t size)
{
	char path[128];
	FILE *f = fopen(rig_path(g, name, path), "r");
	size_t n = 0;

	if (f) {
		n = fread(buf, 1, size - 1, f);
		fclose(f);
	}
	buf[n] = '\0';
	return buf;
}

bool rig_exists(const struct rig *g, const char *name)
{
	char path[128];

	return access(rig_path(g, name, path), F_OK) == 0;
}

void rig_await_file(const struct rig *g, const char *name)
{
	for (int64_t end = rig_now_us() + RIG_PATIENCE_MS * 1000; !rig_exists(g, name);) {
		ck_assert_msg(rig_now_us() < end, "%s was never written", name);
		rig_sleep_ms(2);
	}
}

static bool is_allowed(const struct rig *g, const struct port_job *job)
{
	for (size_t i = 0; i < g->n_allowed; i++) {
		const struct rset_command *c = &g->allowed[i];
		struct port_job known = {
			.argv = c->argv, .uid = c->uid, .gid = c->gid, .groups = c->groups };

		if (c->kind == job->kind && rjob_same_command(&known, job))
			return true;
	}
	return false;
}

static void tell_runner(struct rig *g)
{
	int error;

	while ((error = runner_allow(&g->runner, g->allowed, g->n_allowed)) == EAGAIN)
		rig_sleep_ms(1);
	while (error == 0 && (error = runner_settle(&g->runner, true)) == EAGAIN)
		rig_sleep_ms(1);
	ck_assert_msg(error == 0 || error == EPIPE, "%s", strerror(error));
}

void rig_allow(struct rig *g, const struct port_job *job)
{
	if (!job) {
		tell_runner(g);
		return;
	}
	if (is_allowed(g, job))
		return;
	struct rjob *copy = rjob_new(job, &g->terms);
	g->allowed = reallocarray(g->allowed, g->n_allowed + 1, sizeof(*g->allowed));
	g->copies = reallocarray(g->copies, g->n_allowed + 1, sizeof(struct rjob *));
	ck_assert(copy && g->allowed && g->copies);
	g->copies[g->n_allowed] = copy;
	g->allowed[g->n_allowed++] = (struct rset_command){
		.kind = job->kind, .argv = copy->job.argv, .uid = job->uid, .gid = job->gid,
		.groups = job->groups, .terms = g->terms,
	};
	tell_runner(g);
}

uint32_t rig_run_job(struct rig *g, struct port_job job)
{
	rig_allow(g, &job);
	return rig_run_unasked(g, job);
}

uint32_t rig_run_unasked(struct rig *g, struct port_job job)
{
	job.id = ++g->next_id;
	g->inside_run = true;
	jobs_run(g->jobs, &job);
	g->inside_run = false;
	return job.id;
}

uint32_t rig_run(struct rig *g, enum port_job_kind kind, uint32_t lane, int64_t timeout_us,
		 const char *name, const char *arg)
{
	char path[128];
	const char *argv[] = { strchr(name, '/') ? name : rig_path(g, name, path), arg, NULL };

	return rig_run_job(g, (struct port_job){
		.kind = kind, .lane = lane, .argv = argv, .timeout_us = timeout_us });
}

uint32_t rig_check(struct rig *g, const char *name, int64_t timeout_us)
{
	return rig_run(g, PORT_JOB_CHECK, 0, timeout_us, name, NULL);
}

void rig_await(struct rig *g, size_t n)
{
	int64_t end = rig_now_us() + RIG_PATIENCE_MS * 1000;

	while (g->n < n) {
		struct pollfd p = { .fd = jobs_fd(g->jobs), .events = POLLIN };

		ck_assert_msg(rig_now_us() < end, "%zu answers of %zu", g->n, n);
		if (poll(&p, 1, 100) > 0)
			jobs_readable(g->jobs);
	}
}

const struct rig_answer *rig_answer(const struct rig *g, uint32_t id)
{
	const struct rig_answer *found = NULL;

	for (size_t i = 0; i < g->n; i++) {
		if (g->v[i].r.id != id)
			continue;
		ck_assert_msg(!found, "job %u was answered twice", id);
		found = &g->v[i];
	}
	ck_assert_msg(found, "job %u was not answered", id);
	return found;
}

void rig_expect(const struct rig *g, uint32_t id, enum vr_check_result result, int32_t code)
{
	const struct rig_answer *a = rig_answer(g, id);

	ck_assert_msg(a->r.result == result && a->r.code == code,
		      "job %u: result %d code %d (%s), expected %d code %d", id, a->r.result,
		      a->r.code, a->detail, result, code);
}

bool rig_alive(pid_t pid)
{
	char path[64], state = '?';
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	f = fopen(path, "r");
	if (!f)
		return false;
	if (fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
		state = 'X';
	fclose(f);
	return state != 'Z' && state != 'X';
}

void rig_await_death(pid_t pid)
{
	for (int64_t end = rig_now_us() + RIG_PATIENCE_MS * 1000; rig_alive(pid);) {
		ck_assert_msg(rig_now_us() < end, "process %d lives on", (int)pid);
		rig_sleep_ms(2);
	}
}

pid_t rig_await_pid(const struct rig *g, const char *name)
{
	char text[32];

	rig_await_file(g, name);
	for (int64_t end = rig_now_us() + RIG_PATIENCE_MS * 1000; rig_now_us() < end;) {
		rig_read(g, name, text, sizeof(text));
		if (strchr(text, '\n'))
			return atoi(text);
		rig_sleep_ms(2);
	}
	ck_abort_msg("%s holds no number", name);
}
