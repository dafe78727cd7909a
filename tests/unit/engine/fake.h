/*
 * A world for the engine's tests: a port that writes down what it is asked, answers when the test
 * says so, and speaks back with the kernel's voice; and configurations made by hand.
 */
#ifndef TESTS_UNIT_ENGINE_FAKE_H
#define TESTS_UNIT_ENGINE_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/cfg.h"
#include "core/port.h"
#include "engine/engine.h"

#define FAKE_CALLS 256
#define FAKE_TEXT 192
#define FAKE_JOBS 32
#define FAKE_LINES 256
#define SECOND INT64_C(1000000)

/* ---- configurations ---- */

#define BOX_MAX 4

/* A configuration with all that it points to, in the arena that cfg_free() frees. */
struct box {
	struct cfg cfg;
	struct vr_iface_conf ifaces[BOX_MAX];
	struct vr_check_conf checks[BOX_MAX];
	struct vr_inst_conf insts[BOX_MAX];
	struct vr_vip vips[BOX_MAX][BOX_MAX];
	struct vr_ref track_ifaces[BOX_MAX][BOX_MAX], track_checks[BOX_MAX][BOX_MAX];
	struct cfg_check cfg_checks[BOX_MAX];
	struct cfg_inst cfg_insts[BOX_MAX];
};

/* One instance "VI_1" on eth0: VRRPv2, VRID 51, priority 100, 192.0.2.100/24. */
struct box *box_new(void);
/* Another one: VI_<N>, VRID, the interface of this index. */
struct vr_inst_conf *box_inst(struct box *b, uint8_t vrid, uint16_t iface);
void box_vip(struct box *b, uint16_t inst, const char *prefix);
uint16_t box_iface(struct box *b, const char *name);
/* A check that runs "/bin/NAME now" every SECONDS; the instance tracks it with WEIGHT. */
uint16_t box_check(struct box *b, const char *name, int seconds, uint16_t inst, int16_t weight);
/* The script PATH with one argument "arg". */
void box_notify(struct box *b, uint16_t inst, enum cfg_notify_slot slot, const char *path);

/* ---- the world ---- */

struct fake_job {
	uint32_t id;
	enum port_job_rank rank;
	uint32_t change, lane;
	char text[FAKE_TEXT];		/* "check lane uid:gid timeout argv..." */
};

struct fake {
	struct port port;
	struct log log;
	struct port_events up;
	struct engine *engine;
	int64_t now_us;
	int64_t wake_us;		/* what wake_at() asked for last */
	char calls[FAKE_CALLS][FAKE_TEXT];
	size_t n_calls;
	uint32_t ops[FAKE_CALLS];	/* tokens that wait for an answer */
	size_t n_ops;
	struct fake_job jobs[FAKE_JOBS];	/* that have not ended */
	size_t n_jobs;
	size_t rereads;
	char lines[FAKE_LINES][512];	/* of the log */
	size_t n_lines;
	struct port_vrids heard[8];	/* by slot: what hear() said for IPv4 */
	unsigned int batches;		/* calls of send() */
	int join_error;
	int send_error;
	bool no_queue;			/* address operations are done at once, with ADDR_ERROR */
	int addr_error;
	bool jobs_full;			/* no job is taken */
	uint8_t record[65536];		/* what the engine leaves to a successor, ... */
	struct eng_past past;		/* ... and until when it had done all */
	unsigned int n_records;
};

/* Starts an engine with B; nothing is told yet. */
void fake_new(struct fake *f, struct box *b);
void fake_free(struct fake *f);
/* F goes on, with B, 5 ms after KILLED has ended. NULL, or why it cannot (F has no engine then). */
const char *fake_resume(struct fake *f, const struct fake *killed, struct box *b);

/* The kernel speaks. PROTO 112 is our own tag; SECONDARY and the rest are not set. */
void fake_link(struct fake *f, int ifindex, const char *name, bool up);
void fake_unlink(struct fake *f, int ifindex, const char *name);
void fake_addr(struct fake *f, int ifindex, const char *prefix, uint8_t proto);
void fake_unaddr(struct fake *f, int ifindex, const char *prefix);
void fake_sync(struct fake *f);
/* All at once: eth0 is number 2 with 192.0.2.1/24, synced, and all answers given. */
void fake_start(struct fake *f);

/* Answers every address operation with ERROR. */
void fake_answer(struct fake *f, int error);
/* Ends the oldest job. */
void fake_end(struct fake *f, enum vr_check_result result, int32_t code);
void fake_end_id(struct fake *f, uint32_t id, enum vr_check_result result, int32_t code);
/* Time goes on; the engine is woken as it asked, address operations are answered. */
void fake_until(struct fake *f, int64_t us);
/* The advert of instance I of B with PRIORITY from SRC comes in on SLOT. */
void fake_hear(struct fake *f, const struct box *b, uint16_t i, uint16_t slot, uint8_t priority,
	       const char *src);

/* Exactly these calls were made since the last time, in this order; NULL ends the list. */
void fake_expect(struct fake *f, const char *first, ...) __attribute__((sentinel));
/* None at all. */
void fake_quiet(struct fake *f);
void fake_forget(struct fake *f);
/* Where in the calls since the last fake_expect() this text stands, or -1. */
int fake_find(const struct fake *f, const char *text);
/* How often it stands there, and in the log. */
size_t fake_count(const struct fake *f, const char *text);
size_t fake_logged(const struct fake *f, const char *text);

enum vr_state fake_state(const struct fake *f, uint16_t inst);

#endif
