/*
 * Delta debugging (Zeller, Hildebrandt 2002) over the list of deeds.
 *
 * Any subset of a scenario's deeds is a scenario: all that is transient ends by itself at the quiet
 * time. So a failing one can be cut in halves, quarters and so on, keeping whatever still breaks
 * the same rule.
 */
#include "sim/shrink.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRIES_MAX 3000

void shr_try(const struct scenario *s, const struct run_options *o, struct run_result *out)
{
	struct run_result *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
					 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = 0;
	pid_t pid;

	if (shared == MAP_FAILED)
		abort();
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		abort();
	if (pid == 0) {
		run_scenario(s, o, shared);
		_exit(0);
	}
	while (waitpid(pid, &status, 0) < 0)
		;
	*out = *shared;
	if (status != 0) {
		out->failure.set = true;
		snprintf(out->failure.rule, sizeof(out->failure.rule), "died");
		snprintf(out->failure.text, sizeof(out->failure.text), "it ended by signal %d, %s",
			 WTERMSIG(status), strsignal(WTERMSIG(status)));
	}
	munmap(shared, sizeof(*shared));
}

struct cutter {
	struct scenario *s;
	const struct run_options *options;
	const char *rule;
	int tries;
};

/* Does it still fail without the deeds from FIRST to FIRST + N? Then they are left out for good. */
static bool cut(struct cutter *c, size_t first, size_t n)
{
	struct scenario *s = c->s, part = *s;
	struct run_result result;

	if (n > s->n_deeds - first)
		n = s->n_deeds - first;
	part.n_deeds = s->n_deeds - n;
	part.deeds = malloc((part.n_deeds + 1) * sizeof(*part.deeds));
	if (!part.deeds)
		abort();
	memcpy(part.deeds, s->deeds, first * sizeof(*s->deeds));
	memcpy(part.deeds + first, s->deeds + first + n,
	       (s->n_deeds - first - n) * sizeof(*s->deeds));
	c->tries++;
	shr_try(&part, c->options, &result);
	bool fails = result.failure.set && strcmp(result.failure.rule, c->rule) == 0;
	if (fails) {
		memcpy(s->deeds, part.deeds, part.n_deeds * sizeof(*s->deeds));
		s->n_deeds = part.n_deeds;
	}
	free(part.deeds);
	return fails;
}

void shr_shrink(struct scenario *s, const struct run_options *o, const char *rule)
{
	struct cutter c = { .s = s, .options = o, .rule = rule };
	size_t n = s->n_deeds / 2 ? s->n_deeds / 2 : 1;

	while (c.tries < TRIES_MAX) {
		bool any = false;

		for (size_t first = 0; first < s->n_deeds && c.tries < TRIES_MAX;) {
			if (cut(&c, first, n))
				any = true;
			else
				first += n;
		}
		if (n == 1 && !any)
			return;
		if (n > 1)
			n /= 2;
	}
}
