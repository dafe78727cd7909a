/*
 * Private to the core: what one instance and one node remember between steps.
 *
 * Everything here is either a fact that was told (interfaces, checks), something derived from facts
 * (faults, effective priority), or a timer. state is written by set_state() in fsm.c only. What is
 * added here must be added to save.c, too.
 */
#ifndef CORE_INST_H
#define CORE_INST_H

#include "core/answer.h"
#include "core/node.h"

struct vr_inst {
	enum vr_state state;
	enum vr_cause cause;
	int64_t since_us;
	int64_t timer_us;	/* MASTER: Adver_Timer, BACKUP: Master_Down_Timer; or VR_NEVER */
	int64_t timer_from_us;	/* BACKUP: when Master_Down_Timer was last started */
	bool timer_is_skew;	/* BACKUP: it runs for Skew_Time only: the master said that it
				 * leaves */
	bool heard_lower;	/* BACKUP: a lower priority was heard since the timer was started;
				 * MASTER: since it listens */
	bool waited;		/* BACKUP: the timer was late and has been prolonged */
	bool listens;		/* MASTER: it was late; nothing is said or announced until
				 * timer_us */
	int64_t preempt_at_us;	/* BACKUP: end of preempt_delay, or VR_NEVER: it does not run */
	int64_t burst_us;	/* MASTER: next delayed announcement, or VR_NEVER */
	uint32_t burst_repeat;
	int64_t refresh_us;	/* MASTER: next periodic announcement, or VR_NEVER */
	int64_t repair_us;	/* MASTER: put lost addresses back then, or VR_NEVER */
	int64_t repaired_us;	/* when that was last done */
	int64_t budget_us;	/* when all that repairs have spent is earned again */
	int64_t taken_us;	/* too many repairs: VR_FAULT_ADDR_TAKEN until then, or VR_NEVER */
	int64_t retry_us;	/* try failed address operations again then, or VR_NEVER */
	struct ans_state answers;
	struct vr_damping damping;
	int64_t missed_us;	/* from then on a peer may have taken over, by its last advert */
	bool cut_off;		/* FAULT: it was master until its own link was lost */
	struct vr_rival rival;	/* MASTER */
	int64_t quiet_us;	/* MASTER: forget it then, or VR_NEVER */
	int64_t lower_us;	/* MASTER: since when one of lower rank advertises ... */
	int64_t lower_last_us;	/* ... and when it did last */
	int64_t refused_us, refused_last_us;	/* MASTER: adverts are refused since; the last */
	int64_t active_int_us;	/* the active master's advertisement interval */
	uint8_t priority;	/* effective */
	uint32_t faults;	/* 1 << enum vr_fault */
	bool untold;		/* FAULT: it waits for a check's first word, no script was told */
	uint32_t told;		/* storm traces already given: 1 << enum vr_trace_kind */
	uint32_t told_rejects;	/* 1 << enum pkt_reject; until state or master changes */
	struct ip_addr master;
	uint8_t master_priority;
	bool plain_sum;		/* learnt: see enum vr_sum */
	int64_t due_us;		/* its next advert must have come by then */
	bool lesser;		/* BACKUP: the last advert came from a master of lower rank: the
				 * timer does not end before DUE_US */
	int64_t last_rx_us;
	uint32_t vip_base;	/* ordinal of its first address in the node */
	struct vr_counters counters;
};

struct vr_iface {
	bool exists, up, rx_ready;
	struct ip_addr primary4, primary6;
};

struct vr_check {
	bool known, good;
	uint32_t run;		/* results in a row against the verdict */
	enum vr_check_result result;
	int32_t code;
};

struct vr_node {
	const struct vr_config *conf;
	bool started;
	uint8_t epoch;
	int64_t now_us;
	struct vr_inst *insts;
	struct vr_iface *ifaces;
	struct vr_check *checks;
	bool *refused;		/* by ordinal of the address: the kernel refused what was asked
				 * last; to be tried again at retry_us */
	bool *claimed;		/* the same: another station claims it; see answer.h */
	bool *lost;		/* the same: somebody took it away; to be put back at repair_us */
	bool *foreign;		/* the same: somebody else has put it on this host */
	uint16_t *by_vrid;	/* [iface][family is IPv6][vrid] -> instance or VR_NONE */
	uint64_t rejects[PKT_N_REJECTS];
};

/* One step's context: where it happens and where its actions go. */
struct vr_ctx {
	struct vr_node *node;
	const struct vr_config *conf;	/* that of NODE */
	uint16_t i;			/* the instance at hand */
	struct vr_inst *inst;
	const struct vr_inst_conf *ic;
	int64_t now_us;
	struct vr_actions *out;
};

/* ---- action.c: one call an action, appended in order; asserts that there is room ---- */
void act_advert(const struct vr_ctx *x, uint8_t priority);
void act_addr(const struct vr_ctx *x, bool add, uint16_t vip);
void act_addrs(const struct vr_ctx *x, bool add);	/* all; refusals are forgotten */
void act_announce(const struct vr_ctx *x, uint32_t repeat, enum vr_cause cause);
void act_announce_one(const struct vr_ctx *x, uint16_t vip, uint32_t repeat, enum vr_cause cause);
void act_announce_stop(const struct vr_ctx *x);
void act_notify(const struct vr_ctx *x, enum vr_notify what);
void act_trace(const struct vr_ctx *x, const struct vr_trace *trace);

/* ---- fsm.c ---- */
enum fsm_input_type {
	FSM_STARTUP,		/* the daemon starts, or the instance is new after a reload */
	FSM_SHUTDOWN,
	FSM_FAULT,		/* the first fault reason appeared */
	FSM_FIT,		/* the last one went away */
	FSM_TIMER,		/* timer_us has come */
	FSM_ADVERT,		/* an acceptable advert came */
	FSM_RESUME,		/* another process served the instance until now */
	FSM_LATE,		/* nothing was fed for long enough to be late */
	FSM_N_INPUTS
};

struct fsm_input {
	enum fsm_input_type type;
	enum vr_cause cause;		/* FSM_STARTUP only */
	const struct pkt_advert *adv;	/* FSM_ADVERT only */
	struct ip_addr src;		/* FSM_ADVERT only */
	int64_t served_us;		/* FSM_RESUME only: until when */
};

/* Feeds one input to the instance of X. */
void fsm_step(const struct vr_ctx *x, const struct fsm_input *in);

/* FAULT: it has waited for checks only (UNTOLD), and now there is another reason. */
void fsm_tell_unfit(const struct vr_ctx *x);

/* Late by more than this may be late for an instance: the shortest interval there is. */
#define FSM_LATE_US INT64_C(10000)

/* Starts Master_Down_Timer again from where it was started, with the priority of now. */
void fsm_retime(const struct vr_ctx *x);

/* ---- keep.c: a master's addresses ---- */
void kep_begin(const struct vr_ctx *x, enum vr_cause cause);	/* mastership begins */
void kep_end(const struct vr_ctx *x);				/* whatever ends it */

/* A master is silent: nothing is put back or announced. It speaks again: both. */
void kep_listen(const struct vr_ctx *x);
void kep_say_again(const struct vr_ctx *x, enum vr_cause cause);

/* What is due at X->now_us: delayed and periodic announcements, repairs, retries. */
void kep_due(const struct vr_ctx *x);

/* Address VIP was taken away by somebody else; or is not as it should be, or there at all. */
void kep_lost(const struct vr_ctx *x, uint16_t vip);
void kep_wrong(const struct vr_ctx *x, uint16_t vip);

/* The kernel has done (error 0), or refused, what was asked for address VIP. */
void kep_done(const struct vr_ctx *x, uint16_t vip, bool add, int32_t error);
/* Whether it has is not known. */
void kep_unsure(const struct vr_ctx *x, uint16_t vip);

/* An interface that carries the instance's adverts or addresses has come up. */
void kep_link_up(const struct vr_ctx *x, uint16_t iface);

/* ---- track.c: facts to faults and priority ---- */
/* The set of fault reasons of an instance; SUBJECT gets the interface, check or (address-foreign)
 * address of the first of each. */
uint32_t trk_faults(const struct vr_node *node, uint16_t inst, uint16_t subject[VR_N_FAULTS]);
uint8_t trk_priority(const struct vr_node *node, uint16_t inst);
/* True when all its faults say that its own interface carries nothing: nobody would hear it. */
bool trk_cut_off(const struct vr_node *node, uint16_t inst);
struct ip_addr trk_source(const struct vr_node *node, uint16_t inst);

/* Takes in one result; true when the check's verdict changed or became known. */
bool trk_check_result(struct vr_check *check, const struct vr_check_conf *conf,
		      enum vr_check_result result, int32_t code);

/* The first faults and priority of an instance that is about to start; traces the faults. */
void trk_begin(const struct vr_ctx *x, enum vr_cause cause);

/* Derives the instance's faults and priority anew, traces what changed and feeds the FSM. */
void trk_evaluate(const struct vr_ctx *x, enum vr_cause cause, uint16_t subject);

/* ---- receive.c ---- */
void rcv_packet(const struct vr_ctx *x, const struct vr_ev_packet *packet);

/* ---- resume.c ---- */
void rsm_resume(const struct vr_ctx *x, int64_t served_us);
void rsm_assert(const struct vr_ctx *x);

/* ---- adopt.c ---- */
void adp_adopt(const struct vr_ctx *x, struct vr_node *old);

/* The context of instance I of the node of X. */
struct vr_ctx ctx_of(const struct vr_ctx *x, uint16_t i);

#endif
