/*
 * Private to the engine floor: what the engine is made of.
 *
 * Everything that was sized from a configuration lives in one struct gen, which a reload replaces
 * as a whole; what outlives a configuration (the kernel's facts, counts, the log) lives in the
 * engine.
 */
#ifndef ENGINE_PARTS_H
#define ENGINE_PARTS_H

#include "engine/engine.h"
#include "engine/own.h"
#include "engine/world.h"

#define ENG_DETAIL_MAX 160

/* One virtual address of the running configuration. */
struct eng_vip {
	bool held;
	bool asked;			/* what the last operation asked for */
	bool seen;			/* the kernel told it since then */
	bool taken;			/* ... and then told that it is gone */
	bool unsure;			/* what the kernel told meanwhile was lost, or the answer */
	uint16_t pending;		/* operations under way */
	uint32_t lease_s;		/* what was last written */
	int64_t held_us;		/* since when it is held */
	int64_t answered_us;		/* when the last operation was answered */
	int64_t claim_us;		/* when a rival's claim was told last */
	uint8_t wrong;			/* how often it was made anew since it was last right */
	bool foreign, foreign_here;	/* found without our tag: on this host, in its very place */
	bool stays;			/* the host's own, that an owner shares or that must not be
					 * here: nothing is done to it */
	uint32_t round;			/* the world's re-read in which it was last told */
	int error;
};

/* A notify script that runs for long, as the runner has told last. */
struct eng_notify {
	char script[ENG_SCRIPT_MAX];	/* "": there is none */
	int64_t told_us, since_us;
	uint32_t waiting;		/* how many wait for its end */
};

struct eng_inst {
	char why[ENG_WHY_MAX];
	uint32_t notify_failed, notify_overtaken;
	struct eng_notify notify;
	uint32_t send_errors;
	int send_errno;
	size_t vip_base;		/* of its first address in gen.vips */
	bool late;			/* it listens, or did when it was last recorded */
	struct log_limit storms[VR_N_TRACES], rejects[PKT_N_REJECTS], rivals[VR_N_SIGNS], slow;
};

/* Where an address of the configuration is to be found. */
struct gen_place {
	struct ip_addr addr;
	uint16_t inst, vip;
};

struct eng_check {
	int64_t next_us;		/* when it should run next */
	uint32_t job;			/* id of the run under way; 0: none */
	int64_t started_us, ended_us, took_us;
	char detail[ENG_DETAIL_MAX];	/* why it cannot run; "" if it can */
	uint8_t lost;			/* so many runs in a row have ended with their runner */
	struct log_limit idle;		/* "already running" lines */
};

/* A configuration at work. */
struct gen {
	struct cfg *cfg;
	void *node_memory;
	struct vr_node *node;
	uint8_t epoch;
	uint16_t *slots;		/* parallel to vr.ifaces: the world's slot */
	uint16_t *iface_of;		/* by slot: index in vr.ifaces, or VR_NONE */
	size_t n_iface_of;
	struct eng_inst *insts;
	struct eng_vip *vips;
	struct gen_place *places;	/* n_vips, in the order of their addresses */
	size_t n_vips;
	int64_t lease_gap_us;		/* from one turn of renewals to the next, or VR_NEVER */
	struct eng_check *checks;
};

#define ENG_BATCH_PACKETS 64
#define ENG_BATCH_BYTES 16384
#define ENG_BATCH_ADDRS 512

/* What is collected while a step's actions are carried out. */
struct eng_batch {
	struct port_packet packets[ENG_BATCH_PACKETS];
	struct eng_inst *senders[ENG_BATCH_PACKETS];
	uint8_t bytes[ENG_BATCH_BYTES];
	size_t n_packets, n_bytes;
	struct port_addr_op ops[ENG_BATCH_ADDRS];
	size_t n_ops;
	size_t stops;			/* of announcements, in this step */
};

struct engine {
	const struct port *port;
	const struct log *log;
	const struct eng_listener *listener;
	struct journal *journal;	/* or NULL */
	struct eng_hooks hooks;
	struct world world;
	struct gen *gen;
	struct gen *leaving;		/* during a reload: the one that is being replaced */
	struct vr_actions actions;
	struct eng_batch batch;
	struct port_announce *announces;	/* as many as the longest address list */
	size_t max_announces;
	struct eng_answer *answers;	/* of what was not queued, until the step is over */
	size_t n_answers, max_answers;
	struct eng_stray *strays;	/* left behind by a predecessor or a former configuration */
	size_t n_strays, max_strays;
	uint32_t stray_seq;
	int64_t sweep_us;		/* try again to delete them, or VR_NEVER */
	int64_t reread_us;		/* read everything again, or VR_NEVER */
	int64_t foreign_us;		/* look for foreign addresses again, or VR_NEVER */
	bool adopt;			/* at the start: take over what a keepalived has left */
	struct log_limit complain_limit;
	int64_t lease_us;		/* next turn of renewals, or VR_NEVER */
	int64_t lease_gap_us;		/* from turn to turn, in this round */
	size_t lease_at;		/* where it begins, in the order of gen.places */
	bool lease_found;		/* this round has renewed something */
	struct log_limit lease_limit;
	size_t outstanding;		/* address operations without an answer */
	bool started;
	bool stopped;
	bool draining;			/* inside the loop that carries out steps */
	bool resuming;			/* goes on for another one; the kernel is not yet read */
	bool unrecorded;		/* something has changed that a successor should know */
	int64_t record_us;		/* ... at the latest then, or VR_NEVER */
	uint8_t *record;		/* room for what it should */
	size_t max_record;
	int64_t served_us;		/* resuming: the predecessor has served all until then */
	int64_t started_us;
	int64_t rejoin_us;		/* try the sockets again, or VR_NEVER */
	int64_t armed_us;		/* what wake_at() was last told */
	uint8_t job_seq;
	uint32_t notices;		/* counts the changes that scripts were told of */
	uint32_t reloads;
	char refusal[LOG_LINE_MAX];
	int64_t refused_us;
	struct log_limit send_limit;
};

/* ---- gen.c ---- */
/* NULL when there is no memory; CFG stays the caller's. */
struct gen *gen_new(struct engine *e, struct cfg *cfg, uint8_t epoch);
void gen_free(struct gen *g);		/* frees its cfg as well */
/* The generation that an action speaks of. */
struct gen *gen_of(struct engine *e, const struct vr_config *conf);
/* Carries what the engine knows of equal instances, addresses and checks over to the new one. */
void gen_inherit(struct gen *g, const struct gen *old);
/* Makes room for the actions of a step of G (and OLD, or NULL). False: no memory. */
bool gen_reserve(struct engine *e, const struct gen *g, const struct gen *old);
/* Tells the world which interfaces G wants, beside those that are wanted already. */
void gen_want(struct engine *e, const struct gen *g);
bool gen_is_vip(void *gen, const struct ip_addr *a);
int gen_ifindex(const struct engine *e, const struct gen *g, uint16_t iface);
/* The first place of address A in G->places, which may have several in a row; G->n_vips: none. */
size_t gen_find(const struct gen *g, const struct ip_addr *a);

/* ---- engine.c ---- */
struct engine *eng_alloc(const struct port *port, const struct log *log);
/* Gives it its first gen. False: no memory, CFG stays the caller's. */
bool eng_equip(struct engine *e, struct cfg *cfg, uint8_t epoch);
uint8_t eng_next_epoch(uint8_t epoch);
/* What the port's addr_done() does before the next wake-up is armed. */
void eng_addr_done(struct engine *e, uint32_t token, int error);

/* ---- carry.c: carries out a step's actions ---- */
void car_carry_out(struct engine *e);

/* ---- step.c ---- */
/* One step of the running node and all that follows from it. Not to be called from inside one. */
void stp_step(struct engine *e, struct vr_event *event);
/* Tells the node what the world derived; ALL: whether it changed or not. */
void stp_tell_world(struct engine *e, bool all);
/* Runs what is due now and arms the next wake-up. */
void stp_settle(struct engine *e);

/* ---- check.c ---- */
void chk_start(struct engine *e);	/* every check is due now */
void chk_run_due(struct engine *e, int64_t now_us);
int64_t chk_deadline(const struct engine *e);
void chk_done(struct engine *e, const struct port_job_result *result);

/* ---- notify.c ---- */
#define NTF_JOB_BIT 0x80000000u
void ntf_notify(struct engine *e, struct gen *g, const struct vr_action *action);
void ntf_done(struct engine *e, const struct port_job_result *result);
void ntf_waiting(struct engine *e, const struct port_wait *wait);
void ntf_look(const struct engine *e, uint16_t inst, struct eng_inst_view *out);

#endif
