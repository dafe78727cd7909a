/*
 * Why this exists: "cannot happen" is where daemons die. Every request for memory on the way of an
 * operation fails once here, and what must be true afterwards is looked at.
 *
 *	inject			all operations; the last line is "N passed, N failed"
 *	inject NAME		those whose name begins so
 *	inject NAME AT		the request AT alone, and where it comes from
 */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inject/alloc.h"
#include "inject/inject.h"

#define HANG_S 60
#define WRONG_MAX 5		/* then the rest of an operation is not tried */
#define LASTING_POINTS 100	/* of the second kind; the first is tried at every request */

struct inj {
	const struct inj_op *op;
	long at;
	bool lasting, hit;
	/* Shared with the parent. */
	struct progress {
		long at, points, wrong;
		bool lasting, done, none;
	} *progress;
};

void inj_arm(struct inj *in)
{
	alc_arm(in->at, in->lasting);
}

bool inj_disarm(struct inj *in)
{
	in->hit = alc_disarm();
	return in->hit;
}

void inj_disarm_none(struct inj *in)
{
	in->progress->none = true;
	if (inj_disarm(in))
		inj_wrong(in, "it must not need memory");
}

const char *inj_arg(const struct inj *in)
{
	return in->op->arg;
}

void inj_wrong(struct inj *in, const char *format, ...)
{
	va_list args;

	in->progress->wrong++;
	printf("%s: request %ld%s refused: ", in->op->name, in->at,
	       in->lasting ? " and all behind it" : "");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

void inj_sentence(struct inj *in, const char *said)
{
	if (!said || !strstr(said, "memory"))
		inj_wrong(in, "nothing is said of memory but '%s'", said ? said : "");
}

/* One trial; false when no request was refused. */
static bool try(struct inj *in, long at)
{
	long before = alc_live();

	in->at = in->progress->at = at;
	in->hit = false;
	in->op->run(in);
	if (at >= 0 && alc_live() != before)
		inj_wrong(in, "%ld blocks are lost", alc_live() - before);
	in->progress->points += in->hit;
	return in->hit;
}

static void work(struct inj *in)
{
	long total, step;

	try(in, -1);			/* what is made once and kept; it is freed by nobody */
	total = alc_count();
	for (long at = 0; try(in, at) && in->progress->wrong < WRONG_MAX;)
		at++;
	in->lasting = in->progress->lasting = true;
	step = total / LASTING_POINTS + 1;
	for (long at = 0; in->progress->wrong < WRONG_MAX && try(in, at);)
		at += step;
	in->progress->done = true;
}

/* True when the child has done its work and all was well. */
static bool judge(const struct inj *in, int status)
{
	const struct progress *p = in->progress;

	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		printf("%s: request %ld%s refused: it hangs\n", in->op->name, p->at,
		       p->lasting ? " and all behind it" : "");
	else if (status)
		printf("%s: request %ld%s refused: it dies, status %#x\n", in->op->name, p->at,
		       p->lasting ? " and all behind it" : "", (unsigned int)status);
	else if (!p->done || (p->points == 0) != p->none)
		printf("%s: did not come to its end\n", in->op->name);
	else
		return p->wrong == 0;
	return false;
}

/* All requests of one operation, or the one of number AT; its points, or -1 when it failed. */
static long run(const struct inj_op *op, long at, struct progress *progress)
{
	struct inj in = { .op = op, .progress = progress };
	int status = 0;

	*progress = (struct progress){ 0 };
	fflush(stdout);
	pid_t pid = fork();
	if (pid < 0) {
		perror("fork");
		exit(2);
	}
	if (pid == 0) {
		alarm(HANG_S);
		if (at >= 0) {
			try(&in, -1);
			alc_show();
			try(&in, at);
			progress->done = true;
		} else {
			work(&in);
		}
		exit(0);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return judge(&in, status) ? progress->points : -1;
}

int main(int argc, char **argv)
{
	static const struct inj_op *const tables[] = {
		inj_config, inj_lint, inj_engine, inj_ctl, inj_crossing, inj_sys,
	};
	static char line[BUFSIZ];	/* else the first complaint would look like a leak */
	const char *name = argc > 1 ? argv[1] : "";
	long at = argc > 2 ? atol(argv[2]) : -1, passed = 0, failed = 0, points = 0;
	struct progress *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	setvbuf(stdout, line, _IOLBF, sizeof(line));
	if (shared == MAP_FAILED) {
		perror("mmap");
		return 2;
	}
	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++) {
		for (const struct inj_op *op = tables[t]; op->name; op++) {
			if (strncmp(op->name, name, strlen(name)) != 0)
				continue;
			long n = run(op, at, shared);

			passed += n >= 0;
			failed += n < 0;
			points += n > 0 ? n : 0;
			if (n >= 0)
				printf("%-48s %5ld refusals\n", op->name, n);
		}
	}
	printf("%ld requests for memory were refused\n", points);
	printf("%ld passed, %ld failed\n", passed, failed);
	return failed || !passed ? 1 : 0;
}
