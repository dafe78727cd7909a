/*
 * The invariants: what must be true of any cluster, whatever is done to it.
 *
 * The checker watches a world from outside. Its own model of each virtual router (a seat) is fed
 * with the adverts that arrive and the traces that come out, never with the core's memory, and is
 * written from RFC 3768, RFC 9568 and docs/, so that both would have to be wrong in the same way.
 * The first violation is kept; nothing after it counts.
 */
#ifndef SIM_INV_H
#define SIM_INV_H

#include "sim/inv_seat.h"
#include "sim/world.h"

#define INV_SEATS 8
#define INV_CHECKS 8
#define INV_MS INT64_C(1000)
#define INV_SECOND INT64_C(1000000)

struct inv_failure {
	bool set;
	char rule[32];			/* one word: shrinking keeps it */
	char text[480];
	int64_t at_us;
};

struct inv_run {
	const char *const *argv;	/* a check that runs */
	uint32_t job;
};

struct inv_node {
	struct inv_seat seats[INV_SEATS];
	size_t n;
	bool in_step;
	int64_t touched_world, disturbed_world, robbed_world;	/* last deed on it, on its kernel,
								 * on its addresses */
	int64_t killed_world;		/* when its engine was killed last, or long ago ... */
	int64_t resumed_world;		/* ... and when another one went on */
	bool within;			/* in the middle of something */
	bool asserts;			/* when it has read the kernel it asks for its addresses */
	bool ops_bad, slow_ops, forgets, deaf, mute;	/* faults that last */
	unsigned int robberies;		/* operations on addresses of another program ... */
	int64_t foreign_world;		/* ... which may not have been known before */
	uint32_t kernel_version;	/* when the addresses were compared last */
	int64_t stray_world;		/* since when there is an address too many, or VR_NEVER */
	unsigned int spins;		/* wake-ups in a row after which it was due at once */
	bool was_due, was_busy;		/* before this step: a timer, operations under way */
	bool was_armed;			/* ... the wake-up that it asked for, whatever for */
	struct inv_run runs[INV_CHECKS];
	size_t n_runs;
	bool reloaded;			/* runs of before are not in RUNS */
	int64_t ended_world;		/* when its daemon ended, or VR_NEVER */
	uint32_t lease_s;		/* the longest one that it had */
	uint16_t judged;		/* the check whose result comes in this step, or VR_NONE */
	struct vr_check_view verdict;	/* what it was before */
};

/* Who made a client believe what, on a segment. */
struct inv_client {
	int segment;
	struct ip_addr addr;
	uint8_t node;
	int64_t world;
};

struct inv {
	struct sim *sim;
	const char *ignored;		/* rules between commas, or NULL: they may be broken */
	struct inv_failure failure;
	struct inv_node nodes[SIM_NODES_MAX];
	int64_t path_world[SIM_SEGMENTS_MAX][SIM_NODES_MAX][SIM_NODES_MAX];	/* last touched */
	struct inv_client *clients;
	size_t n_clients;
	size_t stale;			/* clients that nobody could have told better */
	/* Also told of every trace and deed, as text; or NULL. */
	void (*echo)(void *ctx, int64_t at_us, const char *who, const char *text);
	void *echo_ctx;
};

/* C must outlive the world's last event. */
struct sim_watch inv_begin(struct inv *c, struct sim *sim);
void inv_end(struct inv *c);
/* After SIM_QUIET: how long until all must be settled, by the timers in the configurations. */
int64_t inv_settle_us(const struct inv *c);
/* All is settled: one fittest master, equal facts, addresses and clients in place. */
void inv_settled(struct inv *c);
/* Nothing has moved since SINCE. */
void inv_unmoved(struct inv *c, int64_t since_world);

/* ---- private to inv_*.c ---- */

void inv_fail(struct inv *c, const char *rule, size_t node, const struct inv_seat *seat,
	      const char *format, ...) __attribute__((format(printf, 5, 6)));
struct inv_seat *inv_seat(struct inv *c, size_t node, uint8_t vrid);	/* or NULL */
void inv_rebind(struct inv *c, size_t node);	/* to the configuration that runs now */
/* W's adverts reach L's kernel and L's daemon hears them. */
bool inv_heard_by(const struct inv *c, size_t w, const struct inv_seat *ws, size_t l);
bool inv_rank_above(const struct inv_seat *a, const struct inv_seat *b);
bool inv_is_deaf(const struct inv_seat *s);	/* an owner who discards what others advertise */

/* ---- inv_timer.c: adverts, timers, changes of state ---- */
int64_t inv_deadline(const struct inv_seat *s);		/* BACKUP: when it must take over */
bool inv_is_plain(const uint8_t *message, size_t len);
void inv_packet(struct inv *c, const struct sim_input *in);
void inv_before(struct inv *c, size_t node, struct inv_seat *s);
void inv_claim(struct inv *c, size_t node, struct inv_seat *s, const struct ip_addr *addr);
void inv_forget_claims(struct inv_seat *s);
void inv_said(struct inv_seat *s, const struct port_packet *p, int64_t now_us);
void inv_state(struct inv *c, size_t node, struct inv_seat *s, const struct vr_trace *t);
void inv_timers(struct inv *c, const struct sim_input *in, struct inv_seat *s);
/* An instance whose part of the configuration is as before does nothing in a reload. */
uint64_t inv_fingerprint(const struct vr_config *conf, uint16_t inst);
void inv_untouched(struct inv *c, const struct sim_input *in, const struct inv_seat *s);
void inv_duties(struct inv *c, const struct sim_input *in, struct inv_seat *s);
/* How many of its addresses have an interface to stand on. */
unsigned int inv_places(const struct inv *c, size_t node, const struct inv_seat *s);
void inv_removed(struct inv *c, size_t node, const struct inv_seat *s);	/* by a reload */

/* ---- inv_damp.c: changes that are too many ---- */
void inv_change(struct inv *c, size_t node, struct inv_seat *s, const struct vr_trace *t);
void inv_said_late(struct inv *c, size_t node, struct inv_seat *s, const struct vr_trace *t);
void inv_damped_over(struct inv *c, size_t node, struct inv_seat *s, const struct vr_trace *t);
/* After a step, which was no mere note that a re-read begins. */
void inv_damping(struct inv *c, size_t node, struct inv_seat *s);
int64_t inv_damped_us(const struct inv *c);	/* how long damping may last from now on */

/* ---- inv_addr.c: what the kernel holds ---- */
void inv_addresses(struct inv *c, size_t node);
void inv_all_gone(struct inv *c, size_t node);		/* after an orderly stop */
void inv_dead(struct inv *c, size_t node);		/* after any other end */
void inv_exact(struct inv *c, size_t node);		/* settled: what is held, and known to be */

/* ---- inv_resume.c: an engine that goes on for another ---- */
void inv_killed(struct inv *c, size_t node, bool within);
void inv_succeeded(struct inv *c, size_t node);
void inv_goes_on(struct inv *c, const struct sim_input *in, struct inv_seat *s);
/* NODE takes over because nobody was heard. */
void inv_usurped(struct inv *c, size_t node, const struct inv_seat *s);

/* ---- inv_fact.c: checks, faults and priorities ---- */
void inv_result_before(struct inv *c, const struct sim_input *in);
void inv_result_after(struct inv *c, const struct sim_input *in);
/* FAULTS of the same seat on a host that is started afresh, without what follows from its holding
 * nothing. */
uint32_t inv_afresh_faults(const struct inv *c, size_t node, const struct inv_seat *s,
			   uint32_t faults);
void inv_facts(struct inv *c, size_t node);		/* settled: derived from outside */

/* ---- inv_elect.c: who is master ---- */
void inv_rivals(struct inv *c, size_t node, const struct inv_seat *s);

#endif
