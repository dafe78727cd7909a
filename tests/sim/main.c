/*
 * The simulator's command line.
 *
 *	sim --seeds A-B [--minutes M]	each seed, and the ratio of virtual to real time
 *	sim --first A-B			the same up to the first that fails, which is not cut down
 *	sim --seconds N [--from A]	seed after seed until N seconds are over
 *	sim --ignore RULE,... --...	as if these rules were not there
 *	sim --story FILE...		stories that must pass
 *	sim --show FILE|SEED		one of them, with everything that happens
 *
 * A worker process runs the seeds; when it dies by an assertion its seed is known. A failing seed
 * is cut down and printed as a story; the last line is "N passed, N failed".
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sim/shrink.h"

#define FAILURES_MAX 5			/* then there is enough to do */

struct options {
	uint64_t first, last;
	int minutes;
	double seconds;			/* 0: as many as there are */
	struct run_options run;
	bool first_only;		/* one failing seed is enough, and need not be cut down */
};

/* What the worker tells; shared with it. */
struct progress {
	uint64_t seed;			/* at work on this one */
	uint64_t done;
	int64_t virtual_us;
	uint64_t events, stale;
	struct run_result failed;
};

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- seeds ---- */

static void work(const struct options *o, struct progress *p, double end_s)
{
	while (p->seed <= o->last && (o->seconds <= 0 || now_s() < end_s)) {
		struct scenario s;

		scn_random(&s, p->seed, o->minutes);
		run_scenario(&s, &o->run, &p->failed);
		scn_free(&s);
		if (p->failed.failure.set)
			_exit(1);
		p->virtual_us += p->failed.virtual_us;
		p->events += p->failed.events;
		p->stale += p->failed.stale;
		p->done++;
		p->seed++;
	}
	_exit(0);
}

static void mention(const struct progress *p, int status)
{
	if (p->failed.failure.set)
		printf("seed %llu broke the rule '%s': %s\n", (unsigned long long)p->seed,
		       p->failed.failure.rule, p->failed.failure.text);
	else
		printf("seed %llu broke the rule 'died': signal %d\n",
		       (unsigned long long)p->seed, WTERMSIG(status));
}

static void report(uint64_t seed, const struct options *o)
{
	struct scenario s;
	struct run_result r;
	size_t before;

	scn_random(&s, seed, o->minutes);
	shr_try(&s, &o->run, &r);
	if (!r.failure.set) {
		printf("seed %llu failed, but not when it ran alone\n", (unsigned long long)seed);
		return;
	}
	before = s.n_deeds;
	shr_shrink(&s, &o->run, r.failure.rule);
	shr_try(&s, &o->run, &r);
	printf("# seed %llu broke the rule '%s' at %.6f s: %s\n# %zu of %zu deeds are needed:\n",
	       (unsigned long long)seed, r.failure.rule, (double)r.failure.at_us / 1e6,
	       r.failure.text, s.n_deeds, before);
	scn_write(&s, stdout);
	printf("\n");
	scn_free(&s);
}

static int run_seeds(const struct options *o)
{
	struct progress *p = mmap(NULL, sizeof(*p), PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	double begin_s = now_s(), real_s = 0;
	uint64_t failed = 0;
	int status;

	if (p == MAP_FAILED)
		abort();
	p->seed = o->first;
	while (p->seed <= o->last && failed < FAILURES_MAX) {
		double from_s = now_s();

		fflush(NULL);
		pid_t pid = fork();
		if (pid < 0)
			abort();
		if (pid == 0)
			work(o, p, begin_s + o->seconds);
		while (waitpid(pid, &status, 0) < 0)
			;
		real_s += now_s() - from_s;
		if (status == 0)
			break;
		failed++;
		if (o->first_only) {
			mention(p, status);
			break;
		}
		report(p->seed++, o);
	}
	printf("%llu seeds of %d virtual minutes in %.1f s: virtual/real %.0f, %llu events, "
	       "%llu clients misled to the end\n",
	       (unsigned long long)p->done, o->minutes, real_s,
	       (double)p->virtual_us / 1e6 / (real_s > 0 ? real_s : 1),
	       (unsigned long long)p->events, (unsigned long long)p->stale);
	printf("%llu passed, %llu failed\n", (unsigned long long)p->done,
	       (unsigned long long)failed);
	return failed ? 1 : 0;
}

/* ---- stories ---- */

static char *read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;

	if (!f || getdelim(&text, &size, '\0', f) < 0) {
		fprintf(stderr, "sim: %s: %s\n", path, strerror(errno));
		exit(2);
	}
	fclose(f);
	return text;
}

static void load_story(const char *path, struct scenario *s)
{
	char *text = read_file(path), why[200];

	if (!scn_read(s, text, why, sizeof(why))) {
		fprintf(stderr, "sim: %s: %s\n", path, why);
		exit(2);
	}
	free(text);
}

static int run_stories(char **paths, const struct options *o)
{
	unsigned int passed = 0, failed = 0;

	for (; *paths; paths++) {
		struct scenario s;
		struct run_result r;

		load_story(*paths, &s);
		shr_try(&s, &o->run, &r);
		if (r.failure.set)
			printf("%s: '%s' at %.6f s: %s\n", *paths, r.failure.rule,
			       (double)r.failure.at_us / 1e6, r.failure.text);
		passed += !r.failure.set;
		failed += r.failure.set;
		scn_free(&s);
	}
	printf("%u passed, %u failed\n", passed, failed);
	return failed ? 1 : 0;
}

static int show(const char *what, struct options *o)
{
	struct scenario s;
	struct run_result r;
	char *end;
	uint64_t seed = strtoull(what, &end, 10);

	if (*what && !*end) {
		scn_random(&s, seed, o->minutes);
		scn_write(&s, stdout);
		printf("\n");
	} else {
		load_story(what, &s);
	}
	o->run.trace = stdout;
	run_scenario(&s, &o->run, &r);
	if (r.failure.set)
		printf("%.6f '%s': %s\n", (double)r.failure.at_us / 1e6, r.failure.rule,
		       r.failure.text);
	scn_free(&s);
	return r.failure.set ? 1 : 0;
}

/* ---- the command line ---- */

static _Noreturn void usage(void)
{
	fprintf(stderr, "usage: sim --seeds|--first A-B [--minutes M] | "
			"--seconds N [--from A] [--minutes M] | --story FILE... | "
			"--show FILE|SEED; before it: --ignore RULE,...\n");
	exit(2);
}

int main(int argc, char **argv)
{
	struct options o = { .first = 1, .last = UINT64_MAX - 1, .minutes = 10 };
	bool any = false;
	unsigned long long a, b;

	/* Every option takes a value. */
	for (int i = 1; i < argc; i += 2) {
		const char *value = i + 1 < argc ? argv[i + 1] : "";

		if (strcmp(argv[i], "--story") == 0 && *value)
			return run_stories(argv + i + 1, &o);
		if (strcmp(argv[i], "--show") == 0 && *value)
			return show(value, &o);
		o.first_only |= strcmp(argv[i], "--first") == 0;
		if ((strcmp(argv[i], "--seeds") == 0 || strcmp(argv[i], "--first") == 0) &&
		    sscanf(value, "%llu-%llu", &a, &b) == 2) {
			o.first = a;
			o.last = b;
			any = true;
		} else if (strcmp(argv[i], "--minutes") == 0 && atoi(value) > 2) {
			o.minutes = atoi(value);
		} else if (strcmp(argv[i], "--seconds") == 0 && atof(value) > 0) {
			o.seconds = atof(value);
			any = true;
		} else if (strcmp(argv[i], "--from") == 0 && *value) {
			o.first = strtoull(value, NULL, 10);
		} else if (strcmp(argv[i], "--ignore") == 0 && *value) {
			o.run.ignored = value;
		} else {
			usage();
		}
	}
	return any ? run_seeds(&o) : (usage(), 2);
}
