/*
 * One scenario from its beginning to its verdict.
 *
 * First the faults, then quiet: all that is transient ends, and after the time that the timers in
 * the configurations give, everything must be in order and stay so. Then every host gets its own
 * configuration again, which must do nothing, and is stopped in good order.
 */
#include "sim/run.h"

#include <string.h>

#define SLICE SCN_SECOND		/* how often a failure is asked for */
#define STILL_US (5 * SCN_SECOND)

static void echo(void *to, int64_t us, const char *who, const char *text)
{
	fprintf(to, "%5lld.%06lld %-4s %s\n", (long long)(us / SCN_SECOND),
		(long long)(us % SCN_SECOND), who, text);
}

static bool advance(const struct inv *c, struct sim *sim, int64_t until_us)
{
	while (sim_now_us(sim) < until_us && !c->failure.set) {
		int64_t next_us = sim_now_us(sim) + SLICE;

		sim_run(sim, next_us < until_us ? next_us : until_us);
	}
	return !c->failure.set;
}

static void for_all(struct sim *sim, struct inv *c, enum sim_deed_type type)
{
	for (size_t i = 0; i < sim_n_nodes(sim); i++) {
		sim_do(sim, &(struct sim_deed){
			.type = type, .node = i, .a = sim_which(sim, i),
		});
		advance(c, sim, sim_now_us(sim) + SLICE);
	}
}

static void play(const struct scenario *s, struct sim *sim, struct inv *c)
{
	int64_t since_us;

	if (!advance(c, sim, s->quiet_us))
		return;
	sim_do(sim, &(struct sim_deed){ .type = SIM_QUIET });
	if (!advance(c, sim, s->quiet_us + inv_settle_us(c)))
		return;
	inv_settled(c);
	since_us = sim_now_us(sim);
	advance(c, sim, since_us + STILL_US);
	for_all(sim, c, SIM_RELOAD);
	inv_unmoved(c, since_us);
	advance(c, sim, s->end_us - (int64_t)s->n_hosts * SLICE);
	inv_unmoved(c, since_us);
	for_all(sim, c, SIM_STOP);
}

void run_scenario(const struct scenario *s, const struct run_options *o, struct run_result *out)
{
	struct sim *sim = scn_build(s);
	struct inv checker;
	struct sim_watch watch = inv_begin(&checker, sim);

	checker.ignored = o->ignored;
	checker.echo = o->trace ? echo : NULL;
	checker.echo_ctx = o->trace;
	sim_observe(sim, &watch);
	play(s, sim, &checker);
	*out = (struct run_result){
		.failure = checker.failure, .virtual_us = sim_now_us(sim),
		.events = sim_events(sim), .stale = checker.stale,
	};
	sim_free(sim);
	inv_end(&checker);
}
