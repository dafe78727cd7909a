/*
 * Job and result messages: the one place that knows their layout.
 *
 * A job is a fixed head and the words of its command line, each with its NUL. A result is a fixed
 * head and an optional sentence with its NUL. Heads are copied with memcpy, so that a message
 * needs no alignment; they have no padding, through which memory could leak.
 */
#include "sys/runner_wire.h"

#include <errno.h>
#include <string.h>

struct job_head {
	uint32_t id;
	uint32_t kind;
	uint32_t lane;
	uint32_t rank;
	uint32_t change;
	uint32_t uid, gid;
	uint32_t groups;
	uint32_t argc;
	uint32_t text_len;	/* octets of all words with their NULs */
	int64_t timeout_us;
};

enum answer_kind { ANSWER_RESULT = 1, ANSWER_WAIT };

struct answer_head {
	uint32_t kind;
	uint32_t id;		/* of a job, or a lane */
	uint32_t result;
	int32_t code;
	uint32_t waiting;
	uint32_t text_len;	/* with its NUL; 0: none */
	int64_t us;
};

_Static_assert(sizeof(struct job_head) == 10 * 4 + 8, "job_head has padding");
_Static_assert(sizeof(struct answer_head) == 6 * 4 + 8, "answer_head has padding");

/* To setresuid() it means "as it was", which is root: it must never get there. */
static const uint32_t no_id = UINT32_MAX;

static int64_t clamp_timeout(int64_t us)
{
	if (us < 1)
		return 1;
	return us > WIRE_TIMEOUT_MAX_US ? WIRE_TIMEOUT_MAX_US : us;
}

size_t wire_put_job(char buf[static WIRE_JOB_MAX], const struct port_job *job)
{
	struct job_head head = {
		.id = job->id, .kind = job->kind, .lane = job->lane, .rank = job->rank,
		.change = job->change, .uid = job->uid, .gid = job->gid, .groups = job->groups,
		.timeout_us = clamp_timeout(job->timeout_us),
	};
	size_t used = sizeof(head);

	errno = EINVAL;
	if (!job->argv || !job->argv[0] || !job->argv[0][0])
		return 0;
	if (job->uid == no_id || job->gid == no_id)
		return 0;
	for (; job->argv[head.argc]; head.argc++) {
		size_t size = strlen(job->argv[head.argc]) + 1;

		errno = E2BIG;
		if (head.argc == WIRE_ARGC_MAX || size > WIRE_JOB_MAX - used)
			return 0;
		memcpy(buf + used, job->argv[head.argc], size);
		used += size;
	}
	head.text_len = (uint32_t)(used - sizeof(head));
	memcpy(buf, &head, sizeof(head));
	return used;
}

/* Splits LEN octets into exactly ARGC words. */
static bool get_words(const char *text, size_t len, size_t argc, const char **argv)
{
	const char *end = text + len;

	for (size_t i = 0; i < argc; i++) {
		const char *nul = memchr(text, '\0', (size_t)(end - text));

		if (!nul)
			return false;
		argv[i] = text;
		text = nul + 1;
	}
	argv[argc] = NULL;
	return text == end;
}

bool wire_get_job(const char *buf, size_t len, struct port_job *job,
		  const char *argv[static WIRE_ARGC_MAX + 1])
{
	struct job_head head;

	if (len < sizeof(head) || len > WIRE_JOB_MAX)
		return false;
	memcpy(&head, buf, sizeof(head));
	if (head.kind > PORT_JOB_NOTIFY || head.rank > PORT_JOB_LAST || head.groups > 1)
		return false;
	if (head.uid == no_id || head.gid == no_id)
		return false;
	if (head.timeout_us < 1 || head.timeout_us > WIRE_TIMEOUT_MAX_US)
		return false;
	if (head.argc < 1 || head.argc > WIRE_ARGC_MAX || head.text_len != len - sizeof(head))
		return false;
	if (!get_words(buf + sizeof(head), head.text_len, head.argc, argv) || !argv[0][0])
		return false;
	*job = (struct port_job){
		.id = head.id, .kind = head.kind, .lane = head.lane, .argv = argv,
		.rank = head.rank, .change = head.change,
		.uid = head.uid, .gid = head.gid, .groups = head.groups,
		.timeout_us = head.timeout_us,
	};
	return true;
}

/* TEXT may be NULL. */
static size_t put_answer(char buf[static WIRE_RESULT_MAX], struct answer_head *head,
			 const char *text)
{
	size_t text_len = text ? strnlen(text, WIRE_DETAIL_MAX - 1) : 0;

	if (text_len) {
		memcpy(buf + sizeof(*head), text, text_len);
		buf[sizeof(*head) + text_len] = '\0';
		head->text_len = (uint32_t)text_len + 1;
	}
	memcpy(buf, head, sizeof(*head));
	return sizeof(*head) + head->text_len;
}

/* *TEXT becomes NULL where there is none. */
static bool get_answer(const char *buf, size_t len, enum answer_kind kind, struct answer_head *head,
		       const char **text)
{
	*text = NULL;
	if (len < sizeof(*head) || len > WIRE_RESULT_MAX)
		return false;
	memcpy(head, buf, sizeof(*head));
	if (head->kind != kind || head->text_len != len - sizeof(*head) || head->us < 0)
		return false;
	if (!head->text_len)
		return true;
	*text = buf + sizeof(*head);
	return strnlen(*text, head->text_len) == head->text_len - 1;
}

size_t wire_put_result(char buf[static WIRE_RESULT_MAX], const struct port_job_result *r)
{
	struct answer_head head = {
		.kind = ANSWER_RESULT, .id = r->id, .result = r->result, .code = r->code,
		.us = r->took_us,
	};

	return put_answer(buf, &head, r->detail);
}

bool wire_get_result(const char *buf, size_t len, struct port_job_result *r)
{
	struct answer_head head;
	const char *text;

	if (!get_answer(buf, len, ANSWER_RESULT, &head, &text))
		return false;
	if (head.result <= VR_CHECK_NONE || head.result >= VR_N_CHECK_RESULTS)
		return false;
	*r = (struct port_job_result){
		.id = head.id, .result = head.result, .code = head.code, .took_us = head.us,
		.detail = text,
	};
	return true;
}

size_t wire_put_wait(char buf[static WIRE_RESULT_MAX], const struct port_wait *w)
{
	struct answer_head head = {
		.kind = ANSWER_WAIT, .id = w->lane, .waiting = w->waiting, .us = w->running_us,
	};

	return put_answer(buf, &head, w->script);
}

bool wire_get_wait(const char *buf, size_t len, struct port_wait *w)
{
	struct answer_head head;
	const char *text;

	if (!get_answer(buf, len, ANSWER_WAIT, &head, &text))
		return false;
	*w = (struct port_wait){
		.lane = head.id, .waiting = head.waiting, .running_us = head.us, .script = text,
	};
	return true;
}
