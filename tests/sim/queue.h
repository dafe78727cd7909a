/*
 * Private to the world: what will happen, in order of time.
 */
#ifndef SIM_QUEUE_H
#define SIM_QUEUE_H

#include "sim/world.h"

#define SIM_IFNAME_MAX 16

/* calloc() and reallocarray() that end the process by sim_no_memory(). */
void *sim_calloc(size_t n, size_t size);
void *sim_grow(void *v, size_t n, size_t size);

enum simq_type {
	SIMQ_FREE,
	SIMQ_PACKET, SIMQ_GARP, SIMQ_CLAIM, SIMQ_LINK, SIMQ_ADDR, SIMQ_RESYNC, SIMQ_SYNCED,
	SIMQ_OP_DO, SIMQ_OP_ANSWER, SIMQ_JOB, SIMQ_ANNOUNCE, SIMQ_HOST_ADDR, SIMQ_LEASE,
	SIMQ_BEGIN, SIMQ_GO_ON, SIMQ_EXIT, SIMQ_DEED
};

/* A frame on a segment; shared by all who will hear it. */
struct sim_frame {
	uint32_t refs;
	uint8_t from;
	int8_t segment;
	uint8_t family;
	struct pkt_meta meta;
	size_t len;
	uint8_t data[];			/* IPv4: with its header */
};

struct simq_garp {			/* SIMQ_CLAIM: the same, heard by another host */
	int8_t segment;
	uint8_t from;
	struct ip_addr addr;
};

struct simq_link {
	int ifindex;
	char name[SIM_IFNAME_MAX];
	bool gone, up;
};

struct simq_job {
	uint32_t id;
	enum vr_check_result result;
	int32_t code;
	int64_t took_us;
};

struct simq_event {
	enum simq_type type;
	uint8_t node;
	uint32_t life;			/* of the daemon that it concerns; 0: whichever runs */
	uint32_t next;			/* in an inbox, or among the free ones */
	union {
		struct sim_frame *frame;
		struct simq_garp garp;
		struct simq_link link;
		struct port_addr addr;	/* SIMQ_ADDR, SIMQ_LEASE */
		struct simq_job job;
		uint32_t owner;		/* SIMQ_ANNOUNCE */
		char name[SIM_IFNAME_MAX];	/* SIMQ_HOST_ADDR */
		struct sim_deed deed;
	};
};

struct simq_entry {
	int64_t at_us;
	uint64_t order;			/* equal times: first come, first served */
	uint32_t event;
};

struct simq {
	struct simq_entry *heap;
	size_t n, max;
	struct simq_event *pool;
	uint32_t free, n_pool, max_pool;	/* event 0 is never used */
	uint64_t order;
};

void simq_free(struct simq *q);
void simq_push(struct simq *q, const struct simq_event *e, int64_t at_us);	/* copied */
int64_t simq_next_us(const struct simq *q);		/* VR_NEVER: nothing */
uint32_t simq_pop(struct simq *q);			/* 0: nothing */
void simq_done(struct simq *q, uint32_t event);		/* back to the free ones */
bool simq_full(const struct simq *q);

#endif
