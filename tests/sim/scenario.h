/*
 * A scenario: hosts with their configurations, what is done to them when, and a quiet end.
 *
 * It is made from a seed (random.c) or read from a story (story.c), and can be written as a story
 * again, so that what a seed found can be kept, cut down and replayed.
 */
#ifndef SIM_SCENARIO_H
#define SIM_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/deed.h"
#include "sim/world.h"

#define SCN_CONFIGS_MAX 4		/* of a host */
#define SCN_IFACES_MAX 4
#define SCN_SECOND INT64_C(1000000)

struct scn_iface {
	char name[SIM_NAME_MAX];
	char segment[SIM_NAME_MAX];
	struct ip_prefix address;
};

struct scn_host {
	char name[SIM_NAME_MAX];
	struct scn_iface ifaces[SCN_IFACES_MAX];
	size_t n_ifaces;
	char *configs[SCN_CONFIGS_MAX];	/* text, owned; NULL: none */
};

struct scn_segment {
	char name[SIM_NAME_MAX];
	int64_t delay_us, jitter_us;
};

struct scenario {
	uint64_t seed;			/* of the world's dice */
	struct scn_segment segments[SIM_SEGMENTS_MAX];
	size_t n_segments;
	struct scn_host hosts[SIM_NODES_MAX];
	size_t n_hosts;
	struct sim_deed *deeds;		/* in order of time; owned */
	size_t n_deeds;
	int64_t quiet_us;		/* then all that is transient ends ... */
	int64_t end_us;			/* ... and by then all must be settled */
};

void scn_free(struct scenario *s);
void scn_add(struct scenario *s, const struct sim_deed *deed);
void scn_sort(struct scenario *s);		/* by time; equal times keep their order */

/* Everything from the SEED, MINUTES long. */
void scn_random(struct scenario *s, uint64_t seed, int minutes);

/* As text, and back; false when TEXT is not a story: WHY says where. */
void scn_write(const struct scenario *s, FILE *to);
bool scn_read(struct scenario *s, const char *text, char *why, size_t size);

/* The world of S, with all its deeds in line but none done. S must outlive it. Ends the process
 * with a sentence when a configuration of S has mistakes. */
struct sim *scn_build(const struct scenario *s);

#endif
